//! What ends a run before its verdict, and the exit status that the script would have had: 2 where grep would have
//! complained, 128 where git would have, 1 where the script itself would. Never 0.

use std::path::PathBuf;

use super::ere::EreError;
use crate::source::SourceError;

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An option of another mode, an argument that is missing, and the like.
    #[error("{0}")]
    Usage(String),
    /// A prohibited pattern cannot be used.
    #[error("{place}: {reason}")]
    Prohibited {
        /// Which pattern it is. One of a provider is not shown, since it may be a secret.
        place: String,
        /// What is wrong with it.
        reason: EreError,
        /// Whether git would have read it, and not grep.
        by_git: bool,
    },
    /// An allowed pattern cannot be used.
    #[error("{place}: {reason}")]
    Allowed {
        /// Which one it is.
        place: String,
        /// What is wrong with it.
        reason: EreError,
    },
    /// A provider could not be run, or failed. Its patterns are not known, so nothing can be called clean.
    #[error("the provider '{command}' {reason}")]
    Provider {
        /// As configured.
        command: String,
        /// What happened.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("{doing} {}: {source}", path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// A setting that is on or off is neither.
    #[error("fatal: bad boolean config value for '{0}'")]
    Boolean(String),
    /// There is no repository here.
    #[error("fatal: not a git repository (or any of the parent directories): .git")]
    NoRepository,
    /// There is one, without files.
    #[error("fatal: this operation must be run in a work tree")]
    NoWorkTree,
    /// Something of a repository could not be read or written.
    #[error("fatal: {0}")]
    Git(#[from] SourceError),
}

impl Error {
    /// The exit status.
    pub fn status(&self) -> u8 {
        match self {
            Self::Usage(_) => 1,
            Self::Prohibited { by_git: true, .. }
            | Self::Boolean(_)
            | Self::NoRepository
            | Self::NoWorkTree
            | Self::Git(_) => 128,
            Self::Prohibited { .. } | Self::Allowed { .. } | Self::Provider { .. } | Self::File { .. } => 2,
        }
    }
}
