//! The flags of `keysieve config` and its verbs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

use super::ConfigArgs;

/// See what the configuration says, and check it.
///
/// Settings come from files of the system, the user and the repository, from variables of the environment and from flags; the
/// later outrank the earlier. docs/CONFIGURATION.md describes them all.
#[derive(Debug, Args)]
pub(crate) struct ConfigurationArgs {
    #[command(subcommand)]
    pub(crate) verb: ConfigVerb,
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    Show(ConfigShowArgs),
    Check(ConfigCheckArgs),
}

/// Show the settings that hold here, as a configuration file has them.
///
/// Values that are to be allowed are masked.
#[derive(Debug, Args)]
pub(crate) struct ConfigShowArgs {
    /// Say of each value where it comes from.
    ///
    /// A file and its line, a variable of the environment, or built-in; as a comment behind the value.
    #[arg(long)]
    pub(crate) origin: bool,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// Check configuration files: their keys, types, and the rules that they name.
///
/// Everything that is wrong is told with file and line, and the status is 2.
#[derive(Debug, Args)]
pub(crate) struct ConfigCheckArgs {
    /// The files [default: those that hold here].
    ///
    /// Each is checked by itself, with the rules that it names.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}
