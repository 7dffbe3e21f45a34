//! A hook file of ours: its text, how it is told from others', and the names under which others' files are put aside.
//! It is written as a whole, beside its place and then renamed, so that git never runs half of one.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Kind;

/// Ends the name of a hook that was there before and runs first.
const CHAINED: &str = ".keysieve-chained";
/// Ends the name of a hook that was there before and was replaced.
const BACKUP: &str = ".keysieve-backup";
/// Begins the line that tells our files from others'.
const MARK: &str = "# keysieve-hook: ";
/// The line that is to name the program ...
const PROGRAM: &str = "installed=''";
/// ... and the one that is to name what ran before.
const PREVIOUS: &str = "previous=$0.keysieve-chained";
/// What runs before a hook that serves all repositories: the repository's own.
const PREVIOUS_OF_REPOSITORY: &str = "previous=$(git rev-parse --git-common-dir)/hooks/${0##*/} || exit";
/// The test that goes with it: a repository may have linked its hooks to these very files.
const IS_OTHER: &str = "if [ -f \"$previous\" ] && [ -x \"$previous\" ]";

/// What a hook file of ours does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Looks, after what was in its place before.
    Local(Kind),
    /// Looks, after the repository's own hook.
    Global(Kind),
    /// Only runs the repository's own hook.
    Forward,
}

impl Role {
    /// The text of the file, with the place of the program in it.
    pub(super) fn text(self, program: &str) -> String {
        let (text, kind) = match self {
            Self::Forward => return include_str!("../../../hooks/forward").replace('\r', ""),
            Self::Local(kind) | Self::Global(kind) => (template(kind), kind),
        };
        debug_assert!(text.contains(PROGRAM) && text.contains(PREVIOUS) && text.contains(IS_OTHER), "{kind:?}");
        let text = text.replace('\r', "").replacen(PROGRAM, &format!("installed={}", quoted(program)), 1);
        match self {
            Self::Global(_) => {
                let is_other = format!("{IS_OTHER} && ! [ \"$previous\" -ef \"$0\" ]");
                text.replacen(PREVIOUS, PREVIOUS_OF_REPOSITORY, 1).replacen(IS_OTHER, &is_other, 1)
            }
            _ => text,
        }
    }
}

fn template(kind: Kind) -> &'static str {
    match kind {
        Kind::PreCommit => include_str!("../../../hooks/pre-commit"),
        Kind::PreMergeCommit => include_str!("../../../hooks/pre-merge-commit"),
        Kind::PrepareCommitMsg => include_str!("../../../hooks/prepare-commit-msg"),
        Kind::CommitMsg => include_str!("../../../hooks/commit-msg"),
        Kind::PrePush => include_str!("../../../hooks/pre-push"),
        Kind::PreReceive => include_str!("../../../hooks/pre-receive"),
        Kind::Update => include_str!("../../../hooks/update"),
    }
}

/// What is in the place of a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// A file of ours that looks, with the program that it falls back to.
    Ours(String),
    /// A file of ours that only runs the repository's own.
    Forward,
    /// Someone else's file or link.
    Theirs {
        /// Where the link leads, if it is one.
        link: Option<PathBuf>,
        /// As far as it is text.
        text: String,
    },
}

/// Looks at the place of a hook. A link is never ours, and never followed to be written to.
pub(super) fn look_at(path: &Path) -> Result<Found> {
    let metadata = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        metadata => metadata.with_context(|| format!("looking at {}", path.display()))?,
    };
    if metadata.is_dir() {
        bail!("{} is a directory", path.display());
    }
    let link = metadata.is_symlink().then(|| fs::read_link(path)).transpose();
    let link = link.with_context(|| format!("reading the link {}", path.display()))?;
    // A link may lead nowhere; what it leads to is read to know what it does, as git would.
    let text = fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = if link.is_some() {
        text.unwrap_or_default()
    } else {
        text.with_context(|| format!("reading {}", path.display()))?
    };
    let mark = text.lines().find_map(|line| line.strip_prefix(MARK)).filter(|_| link.is_none());
    Ok(match mark {
        None => Found::Theirs { link, text },
        Some("forward") => Found::Forward,
        Some(_) => Found::Ours(program_of(&text)),
    })
}

/// Writes a hook file that git will run.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    let directory = path.parent().expect("a hook is in a directory");
    let put = || -> io::Result<()> {
        fs::create_dir_all(directory)?;
        let mut file = tempfile::Builder::new().prefix(".keysieve-").tempfile_in(directory)?;
        file.write_all(text.as_bytes())?;
        make_executable(file.as_file())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    put().with_context(|| format!("writing the hook {}", path.display()))
}

/// Renames what is in a hook's place. What is under the other name already is not given up.
pub(super) fn move_aside(path: &Path, aside: &Path) -> Result<()> {
    if fs::symlink_metadata(aside).is_ok() {
        bail!(
            "{0} is in the way: it was put aside before, and what is now in {1} is another program's; remove one of them",
            aside.display(),
            path.display()
        );
    }
    rename(path, aside)
}

pub(super) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).with_context(|| format!("renaming {} to {}", from.display(), to.display()))
}

/// The name under which a hook is kept that runs first.
pub(super) fn chained(path: &Path) -> PathBuf {
    with_ending(path, CHAINED)
}

/// The name under which a hook is kept that was replaced.
pub(super) fn backup(path: &Path) -> PathBuf {
    with_ending(path, BACKUP)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

/// Whether git runs a file, or passes over it.
pub(super) fn is_executable(path: &Path) -> bool {
    let metadata = fs::metadata(path);
    #[cfg(unix)]
    let is_executable = |metadata: &fs::Metadata| {
        use std::os::unix::fs::PermissionsExt;
        metadata.permissions().mode() & 0o111 != 0
    };
    #[cfg(not(unix))]
    let is_executable = |_: &fs::Metadata| true;
    metadata.is_ok_and(|metadata| metadata.is_file() && is_executable(&metadata))
}

fn make_executable(file: &fs::File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As the hooks of git's own template.
        file.set_permissions(fs::Permissions::from_mode(0o755))?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// A word of the shell that means these characters and nothing else.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The program that a hook of ours falls back to.
fn program_of(text: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix("installed='")).unwrap_or_default();
    line.strip_suffix('\'').unwrap_or_default().replace(r"'\''", "'")
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn the_program_can_be_anywhere() {
        for program in ["/usr/bin/keysieve", "/a b/it's/\"$x\" `y`\\/keysieve", "/'", ""] {
            for kind in Kind::value_variants() {
                for role in [Role::Local(*kind), Role::Global(*kind)] {
                    assert_eq!(program_of(&role.text(program)), program, "{role:?}");
                }
            }
        }
    }

    #[test]
    fn a_global_hook_runs_the_one_of_the_repository() {
        let text = Role::Global(Kind::PreCommit).text("/x");
        assert!(text.contains(PREVIOUS_OF_REPOSITORY) && text.contains("-ef") && !text.contains(PREVIOUS));
    }

    /// Whoever mends one of them has to mend all. Two are told on standard input what is pushed.
    #[test]
    fn hooks_differ_in_words_only() {
        let code = |kind: Kind| {
            let code: Vec<_> = template(kind).lines().filter(|line| !line.starts_with(['#', 'k'])).collect();
            code.join("\n").replace(&format!(" {} ", kind.name()), " KIND ")
        };
        for kind in Kind::value_variants() {
            let reads = matches!(kind, Kind::PrePush | Kind::PreReceive);
            let first = code(if reads { Kind::PrePush } else { Kind::PreCommit });
            assert!(first.contains("hook run KIND \"$@\"") && first.contains("updates=") == reads);
            assert_eq!(code(*kind), first, "{kind:?}");
            assert!(template(*kind).contains(&format!("\n{MARK}{}\n", kind.name())), "{kind:?}");
        }
    }
}
