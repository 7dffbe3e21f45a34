//! The flags of `keysieve import` and its verbs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

/// Carry over the settings of another scanner.
///
/// Its rules become a rule file, what it allows a piece of .keysieve.toml. What cannot be carried over is printed on standard
/// error, each with the reason, and so is what holds in more places than before.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    pub(crate) verb: ImportVerb,
}

/// Whose settings.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportVerb {
    Gitleaks(ImportGitleaksArgs),
    GitSecrets(ImportOutputArgs),
}

/// From gitleaks: .gitleaks.toml, or .gitleaksignore.
///
/// A file whose name ends in ignore is a list of ignored findings: the places that it names are searched, and what is found
/// there becomes entries of an allow file.
#[derive(Debug, Args)]
pub(crate) struct ImportGitleaksArgs {
    /// The configuration, or the list of ignored findings.
    ///
    /// Paths in a list are seen from the current directory. Nothing but this file and those that the list names is read.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) output: ImportOutputArgs,
}

/// From git-secrets: git's configuration here, and .gitallowed.
///
/// Patterns, and those in files that a provider prints with cat. Nothing is run.
#[derive(Debug, Args)]
pub(crate) struct ImportOutputArgs {
    /// Write the rules (or allow entries) to this file.
    ///
    /// The piece of .keysieve.toml is printed alone then, and names the file. Without it everything is printed.
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}
