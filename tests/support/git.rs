//! Runs of git that may fail, as in a session: with hooks, an editor, variables of their own. The configuration of this
//! machine does not count, and keysieve is not in `PATH`, so that hooks have to know where it is.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Outcome;
use super::dir::GIT_ENVIRONMENT;

/// A run of git that is being put together.
pub(crate) struct Git {
    command: Command,
    line: String,
}

impl Git {
    /// git with these arguments, in this directory.
    #[expect(clippy::disallowed_methods, reason = "what is tested is what git does with our hooks")]
    pub(crate) fn new<'a>(dir: &Path, args: impl IntoIterator<Item = &'a str>) -> Self {
        let args: Vec<_> = args.into_iter().collect();
        let mut command = Command::new("git");
        command.current_dir(dir).args(&args).env_clear().env("HOME", dir).stdin(Stdio::null());
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.envs(GIT_ENVIRONMENT.iter().copied()).env("GIT_ADVICE", "0");
        Self { command, line: format!("git {}", args.join(" ")) }
    }

    /// A variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it to its end.
    #[must_use = "a run that nobody looks at tests nothing"]
    pub(crate) fn run(mut self) -> Outcome {
        let output = self.command.output().unwrap_or_else(|error| panic!("{}: {error}", self.line));
        Outcome::new(self.line, &output)
    }
}
