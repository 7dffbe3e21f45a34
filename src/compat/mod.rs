//! git-secrets: a program that takes the place of the shell script of that name, with its arguments, its configuration
//! in git, its output and its exit statuses. It looks for the patterns that its user has configured, and for rules of
//! this crate only if it is told to. Unlike everything else here it prints what it finds in the clear, since that is what it is known for, and
//! runs programs: the providers that git's configuration names.
//!
//! docs/GIT-SECRETS.md says where it differs from the script. Layer 6.

mod allowance;
mod arguments;
mod aws;
mod builtin;
mod command;
mod ere;
mod error;
mod grep;
mod history;
mod hooks;
mod install;
mod literals;
mod merge;
mod patterns;
mod provider;
mod report;
mod scan;
mod settings;
mod untracked;
mod usage;

pub use allowance::{Allowance, allowances};
pub use command::run;
pub use ere::EreError;
pub use error::Error;

use std::io::{Read, Write};

use regex_syntax::hir::Hir;

/// The syntax tree of a pattern that is prohibited or allowed.
pub(crate) fn parse_pattern(pattern: &[u8]) -> Result<Hir, EreError> {
    ere::parse(pattern)
}

/// Whether `--register-aws` prohibits it.
pub(crate) fn is_pattern_of_aws(pattern: &[u8]) -> bool {
    aws::PATTERNS.iter().any(|known| known.as_bytes() == pattern)
}

/// Whether `--register-aws` allows it.
pub(crate) fn is_allowed_by_aws(pattern: &[u8]) -> bool {
    aws::ALLOWED.iter().any(|known| known.as_bytes() == pattern)
}

/// What the program talks to.
pub struct Streams<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output.
    pub output: &'a mut dyn Write,
    /// Standard error, which is where matches go.
    pub errors: &'a mut dyn Write,
    /// Whether standard output is a terminal.
    pub is_terminal: bool,
}

impl std::fmt::Debug for Streams<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streams").field("is_terminal", &self.is_terminal).finish_non_exhaustive()
    }
}
