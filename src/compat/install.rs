//! `--install`: three hooks of two lines each, where git will look for them.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use bstr::ByteSlice;

use super::{Error, Streams};
use crate::git::porcelain::Place;

/// The hooks, and what each of them calls.
const HOOKS: [(&str, &str); 3] = [
    ("commit-msg", "--commit_msg_hook"),
    ("pre-commit", "--pre_commit_hook"),
    ("prepare-commit-msg", "--prepare_commit_msg_hook"),
];

/// Programs that write hooks of their own: how their directory or their hooks are known, and what to do there instead.
const MANAGERS: [(&str, &str, &str); 3] = [
    (".husky", "husky", "call git secrets --pre_commit_hook in .husky/pre-commit, and its like in the other two"),
    ("lefthook", "lefthook", "call git secrets --pre_commit_hook in lefthook.yml, and its like for the other two"),
    ("pre-commit.com", "pre-commit", "add the hook 'git-secrets' to .pre-commit-config.yaml"),
];

/// What `--install` was asked for.
pub(super) struct Install<'a> {
    pub(super) directory: Option<&'a [u8]>,
    pub(super) force: bool,
}

impl Install<'_> {
    /// Writes the hooks; none of them if one is in the way.
    pub(super) fn run(&self, place: Option<&Place>, streams: &mut Streams<'_>) -> Result<u8, Error> {
        let hooks = self.hooks(place)?;
        if let Err(error) = fs::create_dir_all(&hooks) {
            let above = hooks.parent().unwrap_or(&hooks);
            return Err(Error::Usage(format!("Could not create dir: {}: {error}", above.display())));
        }
        if !self.force {
            refuse_managed(&hooks)?;
            let taken = HOOKS.iter().map(|(hook, _)| destination(&hooks, hook)).find(|path| is_taken(path));
            if let Some(taken) = taken {
                return Err(Error::Usage(format!("{} already exists. Use -f to force", taken.display())));
            }
        }
        for (hook, call) in HOOKS {
            let path = destination(&hooks, hook);
            write(&path, call).map_err(|source| Error::File { doing: "writing", path: path.clone(), source })?;
            let tick = if streams.is_terminal { "\x1b[32m\u{2713}\x1b[0m " } else { "" };
            let _ = writeln!(streams.output, "{tick}Installed {hook} hook to {}", path.display());
        }
        Ok(0)
    }

    /// The directory for hooks: of this repository, of the one that was named, or in a template.
    fn hooks(&self, place: Option<&Place>) -> Result<PathBuf, Error> {
        let Some(directory) = self.directory else {
            let place = place.ok_or_else(|| Error::Usage("Not in a Git repository".to_owned()))?;
            let here = std::env::current_dir().and_then(dunce::canonicalize).unwrap_or_default();
            return Ok(as_seen_from(&here, place.hooks()?, Path::new("")));
        };
        let directory = directory.to_path_lossy();
        if !directory.join(".git").exists() {
            return Ok(directory.join("hooks"));
        }
        let real = dunce::canonicalize(&directory).unwrap_or_else(|_| directory.to_path_buf());
        Ok(as_seen_from(&real, Place::with_top(&directory)?.hooks()?, &directory))
    }
}

/// `path` as the user would write it: below `named`, if it is below what that really is.
fn as_seen_from(real: &Path, path: PathBuf, named: &Path) -> PathBuf {
    let resolved = path.parent().and_then(|above| dunce::canonicalize(above).ok()).zip(path.file_name());
    let resolved = resolved.map_or_else(|| path.clone(), |(above, name)| above.join(name));
    resolved.strip_prefix(real).map_or(path, |below| named.join(below))
}

/// Debian's way has a directory for each hook.
fn destination(hooks: &Path, hook: &str) -> PathBuf {
    let directory = hooks.join(format!("{hook}.d"));
    if directory.is_dir() { directory.join("git-secrets") } else { hooks.join(hook) }
}

/// A link is in the way even if it leads nowhere.
fn is_taken(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file() || metadata.is_symlink())
}

/// Hooks that another program writes would be overwritten by it, or never run.
fn refuse_managed(hooks: &Path) -> Result<(), Error> {
    for (mark, name, advice) in MANAGERS {
        let owns_directory = hooks.iter().any(|part| part == mark);
        let owns_hook = || HOOKS.iter().any(|(hook, _)| is_written_by(&hooks.join(hook), mark));
        if owns_directory || owns_hook() {
            let hooks = hooks.display();
            return Err(Error::Usage(format!("The hooks in {hooks} belong to {name}: {advice}, or use -f to force")));
        }
    }
    Ok(())
}

fn is_written_by(hook: &Path, mark: &str) -> bool {
    fs::read(hook).is_ok_and(|text| text.contains_str(mark))
}

/// In one step, so that git never runs half a hook, and a link is replaced, not what it leads to.
fn write(path: &Path, call: &str) -> std::io::Result<()> {
    let above = path.parent().expect("a hook is in a directory");
    let mut file = tempfile::Builder::new().prefix(".git-secrets-").tempfile_in(above)?;
    writeln!(file, "#!/usr/bin/env bash\ngit secrets {call} -- \"$@\"")?;
    make_executable(file.as_file())?;
    file.persist(path)?;
    Ok(())
}

#[cfg(unix)]
fn make_executable(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_executable(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}
