//! What was asked for, sorted by what it is on disk, and the directory that reported paths are relative to. Links are
//! resolved here once: a directory that was named through a link is walked under its real path, which is the one that
//! a repository knows it by.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Place, SourceError, platform};
use crate::model::Name;

/// Where to start, by absolute paths; each list is sorted and names nothing twice.
#[derive(Debug, Default)]
pub(super) struct Roots {
    /// Reported paths are relative to this directory.
    pub(super) top: PathBuf,
    /// The current directory.
    here: PathBuf,
    /// To be walked.
    pub(super) directories: Vec<PathBuf>,
    /// To be read, and followed if they are links.
    pub(super) files: Vec<PathBuf>,
    /// Links of which only the text is scanned: listed ones, and those that lead nowhere.
    pub(super) links: Vec<PathBuf>,
    /// FIFOs, which can be read once.
    pub(super) pipes: Vec<PathBuf>,
    /// What cannot be read, and why.
    pub(super) unreadable: Vec<(PathBuf, String)>,
}

impl Roots {
    /// Resolves paths seen from `here`. Of `named` ones each must exist; a `listed` one that does not is unreadable, and
    /// a listed link is not followed: a list is made by a program, from an index say.
    pub(super) fn resolve(here: &Path, named: &[PathBuf], listed: &[PathBuf]) -> Result<Self, SourceError> {
        let failed = |path: &Path, source| SourceError::Path { path: path.to_path_buf(), source };
        let mut roots =
            Self { here: dunce::canonicalize(here).map_err(|source| failed(here, source))?, ..Self::default() };
        for path in named {
            roots.add_named(path).map_err(|source| failed(path, source))?;
        }
        for path in listed {
            if let Err(error) = roots.add_listed(path) {
                roots.unreadable.push((roots.here.join(path), format!("opening: {error}")));
            }
        }
        for list in [&mut roots.directories, &mut roots.files, &mut roots.links, &mut roots.pipes] {
            list.sort_unstable();
            list.dedup();
        }
        Ok(roots)
    }

    /// Chooses [`top`](Self::top): the work tree that holds everything, else the current directory if that does, else
    /// the deepest directory that does.
    pub(super) fn choose_top<'p>(&mut self, work_trees: impl Iterator<Item = &'p Path>) {
        let all = || self.directories.iter().chain(&self.files).chain(&self.links);
        let holds_all = |top: &Path| all().all(|path| path.starts_with(top));
        let work_tree = work_trees.filter(|top| holds_all(top)).max_by_key(|top| top.as_os_str().len());
        self.top = match work_tree {
            Some(top) if all().next().is_some() => top.to_path_buf(),
            _ if holds_all(&self.here) => self.here.clone(),
            _ => {
                let parents = self.files.iter().chain(&self.links).filter_map(|path| path.parent());
                let directories = self.directories.iter().map(PathBuf::as_path).chain(parents);
                directories.map(Path::to_path_buf).reduce(|a, b| common(&a, &b)).expect("here holds nothing at all")
            }
        };
    }

    /// A path as reports have it: relative to the top, or absolute if it is elsewhere.
    pub(super) fn name(&self, path: &Path) -> Name {
        Name::from_path(path.strip_prefix(&self.top).unwrap_or(path))
    }

    /// The current directory and the top.
    pub(super) fn place(&self) -> Place<'_> {
        Place { here: &self.here, top: &self.top }
    }

    fn add_named(&mut self, path: &Path) -> io::Result<()> {
        let path = self.absolute(path)?;
        match path.metadata() {
            Ok(metadata) => self.add(&path, &metadata),
            Err(_) if path.symlink_metadata()?.is_symlink() => self.links.push(located(&path)?),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn add_listed(&mut self, path: &Path) -> io::Result<()> {
        let path = self.absolute(path)?;
        let metadata = path.symlink_metadata()?;
        if metadata.is_symlink() {
            self.links.push(located(&path)?);
        } else {
            self.add(&path, &metadata);
        }
        Ok(())
    }

    /// The empty path is not the current directory.
    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        if path.as_os_str().is_empty() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "an empty path"));
        }
        Ok(self.here.join(path))
    }

    fn add(&mut self, path: &Path, metadata: &fs::Metadata) {
        let kind = metadata.file_type();
        let resolved = if kind.is_dir() { dunce::canonicalize(path) } else { located(path) };
        match resolved {
            Err(error) => self.unreadable.push((path.to_path_buf(), format!("resolving: {error}"))),
            Ok(directory) if kind.is_dir() => self.directories.push(directory),
            Ok(file) if kind.is_file() => self.files.push(file),
            Ok(_) if platform::is_fifo(kind) => self.pipes.push(path.to_path_buf()),
            Ok(_) => self.unreadable.push((path.to_path_buf(), "a socket or a device is not read".to_owned())),
        }
    }
}

/// The path of a file with all links resolved but the file itself.
fn located(path: &Path) -> io::Result<PathBuf> {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => Ok(dunce::canonicalize(parent)?.join(name)),
        _ => dunce::canonicalize(path),
    }
}

/// The deepest directory that holds both.
fn common(a: &Path, b: &Path) -> PathBuf {
    a.components().zip(b.components()).take_while(|(a, b)| a == b).map(|(component, _)| component).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn placed(
        here: &str,
        directories: &[&str],
        files: &[&str],
        work_trees: &[&str],
    ) -> (String, Option<String>, String) {
        let mut roots = Roots {
            here: here.into(),
            directories: directories.iter().map(PathBuf::from).collect(),
            files: files.iter().map(PathBuf::from).collect(),
            ..Roots::default()
        };
        roots.choose_top(work_trees.iter().map(Path::new));
        let text = |name: Name| name.expose().to_string();
        (text(Name::from_path(&roots.top)), roots.place().here().map(text), text(roots.place().prefix_from_here()))
    }

    #[test]
    fn the_top_holds_everything_and_is_near() {
        let is = |top: &str, here: Option<&str>, from: &str| (top.to_owned(), here.map(str::to_owned), from.to_owned());
        assert_eq!(placed("/w/repo/src", &["/w/repo/src"], &[], &["/w/repo"]), is("/w/repo", Some("src/"), "../"));
        assert_eq!(placed("/w/repo", &[], &["/w/repo/a"], &["/w/repo"]), is("/w/repo", Some(""), ""));
        assert_eq!(placed("/w", &["/w/repo/src"], &[], &["/w/repo"]), is("/w/repo", None, "repo/"));
        assert_eq!(placed("/w", &["/w/a", "/w/b"], &[], &["/w/a", "/w/b"]), is("/w", Some(""), ""));
        assert_eq!(placed("/w", &["/w/a/in"], &[], &["/w/a", "/w/a/in"]), is("/w/a/in", None, "a/in/"));
        assert_eq!(placed("/home", &["/data/x", "/data/y"], &["/data/z/f"], &[]), is("/data", None, "/data/"));
        assert_eq!(placed("/home", &[], &["/data/z/f"], &[]), is("/data/z", None, "/data/z/"));
        assert_eq!(placed("/home", &["/data", "/usr"], &[], &[]), is("/", Some("home/"), "../"));
        assert_eq!(placed("/home", &[], &[], &["/w"]), is("/home", Some(""), ""));
    }
}
