//! How the run went: what it was ([`RunInfo`]), how much was looked at, what was left out by design ([`Excluded`]) and
//! what was asked for but could not be read ([`Unread`]). "Clean" is only said when the last list is empty.

use std::{borrow::Cow, collections::BTreeMap, path::PathBuf, time::Duration};

use super::{Origin, SuppressionKind, Text, is_absolute};

/// Left out by design. Counted, and never changes the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Excluded {
    /// The inside of a `.git` directory, or a `.git` file.
    GitDir,
    /// An untracked file, or a directory of these, that a rule of git's names.
    Ignored,
    /// A FIFO, a socket or a device.
    Special,
    /// What is packed in an archive or a compressed file, whose bytes are searched as they are.
    Packed,
    /// A submodule's content: it is a repository of its own.
    Submodule,
    /// A tracked file that is not in the work tree: deleted, or outside a sparse checkout.
    NotInWorkTree,
    /// A file that is to be added with a later content (`git add --intent-to-add`): there is nothing to commit yet.
    IntentToAdd,
    /// A line of a commit message that git takes out before it uses the message.
    Stripped,
}

impl Excluded {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::GitDir,
        Self::Ignored,
        Self::Special,
        Self::Packed,
        Self::Submodule,
        Self::NotInWorkTree,
        Self::IntentToAdd,
        Self::Stripped,
    ];

    /// What it is, for a person, in the plural.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::GitDir => ".git directories",
            Self::Ignored => "ignored files and directories",
            Self::Special => "FIFOs, sockets and devices",
            Self::Packed => "contents of archives",
            Self::Submodule => "submodules",
            Self::NotInWorkTree => "tracked files not in the work tree",
            Self::IntentToAdd => "files that are only intended to be added",
            Self::Stripped => "lines of the message that git strips",
        }
    }

    /// The word used in machine-readable reports.
    pub const fn key(self) -> &'static str {
        match self {
            Self::GitDir => "git-dir",
            Self::Ignored => "ignored",
            Self::Special => "special",
            Self::Packed => "packed",
            Self::Submodule => "submodule",
            Self::NotInWorkTree => "not-in-work-tree",
            Self::IntentToAdd => "intent-to-add",
            Self::Stripped => "stripped",
        }
    }
}

/// Asked for, and not read whole.
#[derive(Clone, Debug)]
pub struct Unread {
    /// What it was.
    pub origin: Origin,
    /// Why not.
    pub reason: UnreadReason,
    /// Its masked path; filled with the locations of the findings.
    pub path: Text,
}

/// Why something was not read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadReason {
    /// The operating system's answer.
    Io(String),
    /// A limit that was asked for was reached: which, and what came of it.
    Limit(String),
    /// It changed between the scan and the report.
    Changed,
}

impl UnreadReason {
    /// The word used in machine-readable reports.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Io(_) => "io",
            Self::Limit(_) => "limit",
            Self::Changed => "changed",
        }
    }
}

impl std::fmt::Display for UnreadReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io(message) | Self::Limit(message) => f.write_str(message),
            Self::Changed => f.write_str("changed while it was being scanned"),
        }
    }
}

/// What is known before the first finding.
#[derive(Clone, Debug, Default)]
pub struct RunInfo {
    /// What is scanned, as SARIF's category has it: `tree`, `stdin`, `staged`, `history`.
    pub mode: Cow<'static, str>,
    /// The directory that reported paths are relative to; none for standard input.
    pub root: Option<PathBuf>,
    /// From the current directory to `root`, with a trailing `/` or empty; absolute if neither holds the other.
    pub from_here: Option<Text>,
    /// From `root` to the current directory, with a trailing `/` or empty; none if it is not below `root`.
    pub here: Option<Text>,
    /// The repository that `root` is the top of.
    pub vcs: Option<Vcs>,
    /// Whether secrets are printed in clear.
    pub show_secrets: bool,
}

impl RunInfo {
    /// A path as a person in the current directory would type it; `path` is relative to [`root`](Self::root), or
    /// absolute.
    pub fn display_path(&self, path: &str) -> String {
        if is_absolute(path) {
            return path.to_owned();
        }
        match (&self.here, &self.from_here) {
            (Some(here), _) => relative(here.as_str(), path),
            (None, Some(prefix)) => format!("{prefix}{path}"),
            (None, None) => path.to_owned(),
        }
    }
}

/// The way from the directory `here` (empty, or ending in `/`) to `path`, both seen from the same directory.
fn relative(here: &str, path: &str) -> String {
    let shared = here.split_inclusive('/').zip(path.split_inclusive('/')).take_while(|(a, b)| a == b);
    let shared = shared.map(|(component, _)| component.len()).sum();
    let up = here[shared..].matches('/').count();
    format!("{}{}", "../".repeat(up), &path[shared..])
}

/// The repository and revision that was scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vcs {
    /// Where it was cloned from, without credentials; only if that is a URL.
    pub repository_uri: Option<Text>,
    /// HEAD's commit id in hexadecimal.
    pub revision: Option<String>,
    /// The branch HEAD names.
    pub branch: Option<Text>,
}

/// What the documents of a run are, for a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Files, or what is not worth a word of its own.
    #[default]
    File,
    /// Objects of a version control system.
    Object,
}

impl Unit {
    /// The noun for one.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Object => "object",
        }
    }
}

/// What is known after the last finding.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Documents looked at.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What a document is, for a person.
    pub unit: Unit,
    /// Findings reported.
    pub findings: usize,
    /// Of these, how many make the run fail.
    pub failing: usize,
    /// Documents with a finding that is reported.
    pub finding_documents: usize,
    /// Occurrences that something accepts: a comment, an allow file, a baseline.
    pub suppressed: usize,
    /// The same, by what accepts them.
    pub suppressed_by: BTreeMap<SuppressionKind, usize>,
    /// Left out by design.
    pub excluded: BTreeMap<Excluded, u64>,
    /// Asked for and not read whole; sorted by origin.
    pub unread: Vec<Unread>,
    /// Rules that were looked for.
    pub rules: usize,
    /// Whether the run was interrupted.
    pub interrupted: bool,
    /// Wall time. Never part of a report that is compared byte by byte.
    pub elapsed: Duration,
}

impl Summary {
    /// Whether all that was asked for was looked at.
    pub fn complete(&self) -> bool {
        self.unread.is_empty() && !self.interrupted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(here: Option<&str>, from_here: Option<&str>) -> RunInfo {
        RunInfo { here: here.map(Text::own), from_here: from_here.map(Text::own), ..RunInfo::default() }
    }

    #[test]
    fn a_path_is_shown_as_it_would_be_typed() {
        let top = at(Some(""), Some(""));
        assert_eq!(top.display_path("src/a.rs"), "src/a.rs");

        let below = at(Some("src/bin/"), Some("../../"));
        assert_eq!(below.display_path("src/bin/a.rs"), "a.rs");
        assert_eq!(below.display_path("src/bin/x/a.rs"), "x/a.rs");
        assert_eq!(below.display_path("src/b.rs"), "../b.rs");
        assert_eq!(below.display_path("src/binary"), "../binary");
        assert_eq!(below.display_path("README.md"), "../../README.md");

        let above = at(None, Some("sub/repo/"));
        assert_eq!(above.display_path("a.rs"), "sub/repo/a.rs");
        assert_eq!(at(None, None).display_path("a.rs"), "a.rs");
    }

    #[test]
    fn an_absolute_path_stays_as_it_is() {
        assert_eq!(at(Some("src/"), Some("../")).display_path("/dev/fd/63"), "/dev/fd/63");
    }
}
