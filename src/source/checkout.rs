//! What a version control system tracks of one work tree, and which of it a walk has met. What is tracked is scanned
//! whatever an ignore rule says; what the walk has not met is not on disk, or is in a directory that cannot be read.

use std::{
    ops::Range,
    path::{Component, Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use bstr::ByteSlice;

use super::{Names, SourceError, Tracked};
use crate::model::Name;

/// The tracked names of a work tree.
pub(super) struct Checkout {
    /// From the source's root to the top of the work tree: empty, or ending in `/`.
    prefix: Vec<u8>,
    /// Sorted by path.
    tracked: Vec<Tracked>,
    /// For each of `tracked`, whether the walk has met it.
    met: Vec<AtomicBool>,
}

/// What is tracked under a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holding {
    /// Nothing.
    Nothing,
    /// A file, or files below it.
    Files,
    /// A submodule.
    Submodule,
}

impl Checkout {
    /// Asks `names` what is tracked. Its top is at or below the source's root; `prefix` is the way there.
    pub(super) fn read(names: &dyn Names, prefix: Vec<u8>) -> Result<Self, SourceError> {
        let tracked = names.tracked()?;
        debug_assert!(tracked.is_sorted_by(|a, b| a.path < b.path), "tracked() is sorted, and names nothing twice");
        let met = tracked.iter().map(|_| AtomicBool::new(false)).collect();
        Ok(Self { prefix, tracked, met })
    }

    /// What is tracked under the name of a file, which counts as met from now on.
    pub(super) fn meet_file(&self, path: &[u8]) -> Holding {
        let found = self.below_top(path).and_then(|path| self.find(path));
        found.map_or(Holding::Nothing, |index| {
            self.met[index].store(true, Ordering::Relaxed);
            if self.tracked[index].submodule { Holding::Submodule } else { Holding::Files }
        })
    }

    /// What is tracked under the name of a directory.
    pub(super) fn meet_directory(&self, path: &[u8]) -> Holding {
        let Some(path) = self.below_top(path) else { return Holding::Nothing };
        if self.find(path).is_some_and(|index| self.tracked[index].submodule) {
            return Holding::Submodule;
        }
        if self.range_below(path).is_empty() { Holding::Nothing } else { Holding::Files }
    }

    /// The tracked files at or below `path` that no one has met.
    pub(super) fn not_met(&self, path: &[u8]) -> impl Iterator<Item = Name> {
        self.range_below(self.below_top(path).unwrap_or_default())
            .filter(|&index| !self.tracked[index].submodule && !self.met[index].load(Ordering::Relaxed))
            .map(|index| self.seen_from_root(&self.tracked[index].path))
    }

    /// The submodules below `path`.
    pub(super) fn submodules(&self, path: &[u8]) -> impl Iterator<Item = Name> {
        self.range_below(self.below_top(path).unwrap_or_default())
            .filter(|&index| self.tracked[index].submodule)
            .map(|index| self.seen_from_root(&self.tracked[index].path))
    }

    fn seen_from_root(&self, path: &Name) -> Name {
        Name::new([self.prefix.as_slice(), path.expose()].concat())
    }

    /// `path`, given from the source's root, as the version control system has it; none if it is not below the top.
    fn below_top<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        path.strip_prefix(self.prefix.as_slice())
    }

    fn find(&self, path: &[u8]) -> Option<usize> {
        self.tracked.binary_search_by(|tracked| tracked.path.expose().as_bytes().cmp(path)).ok()
    }

    /// The entries below the directory `path`, all of them if it is empty. They are neighbours, since all that starts
    /// with `path/` sorts together.
    fn range_below(&self, path: &[u8]) -> Range<usize> {
        if path.is_empty() {
            return 0..self.tracked.len();
        }
        let is_before = |tracked: &Tracked, last: u8| {
            let name = tracked.path.expose().as_bytes();
            let shared = name.len().min(path.len());
            name[..shared].cmp(path).then_with(|| name.get(path.len()).map_or(0, |&next| next).cmp(&last)).is_lt()
        };
        let start = self.tracked.partition_point(|tracked| is_before(tracked, b'/'));
        let end = self.tracked.partition_point(|tracked| is_before(tracked, b'/' + 1));
        start..end
    }
}

/// Whether a tracked path leads to a place below the top and nowhere else: an index can be made by anyone.
pub(super) fn is_plain(path: &Path) -> bool {
    let mut components = path.components().peekable();
    components.peek().is_some() && components.all(|component| matches!(component, Component::Normal(_)))
}

/// Whether `path`, below `root`, is reached through directories alone: what stands behind a symbolic link is not the
/// tracked file.
pub(super) fn is_reached_without_links(root: &Path, path: &Path) -> bool {
    let parents: Vec<PathBuf> =
        path.ancestors().skip(1).take_while(|parent| *parent != root).map(Path::to_path_buf).collect();
    parents.iter().all(|parent| parent.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Listed(Vec<Tracked>);

    impl Names for Listed {
        fn work_tree(&self) -> &Path {
            Path::new("/")
        }

        fn tracked(&self) -> Result<Vec<Tracked>, SourceError> {
            Ok(self.0.clone())
        }
    }

    fn checkout(prefix: &str, paths: &[&str]) -> Checkout {
        let tracked = paths
            .iter()
            .map(|path| Tracked { path: Name::new(path.trim_end_matches('@')), submodule: path.ends_with('@') });
        Checkout::read(&Listed(tracked.collect()), prefix.into()).expect("a list can be read")
    }

    fn names(names: impl Iterator<Item = Name>) -> Vec<String> {
        names.map(|name| name.expose().to_string()).collect()
    }

    #[test]
    fn directories_hold_what_is_below_them_and_nothing_beside() {
        let checkout = checkout("", &["a-b/x", "a.c", "a/x", "a/y/z", "a0/x", "ab", "lib@", "z/w"]);
        assert_eq!(names(checkout.not_met(b"a")), ["a/x", "a/y/z"]);
        assert_eq!(names(checkout.not_met(b"a/y")), ["a/y/z"]);
        assert_eq!(names(checkout.not_met(b"")), ["a-b/x", "a.c", "a/x", "a/y/z", "a0/x", "ab", "z/w"]);
        assert_eq!(names(checkout.submodules(b"")), ["lib"]);
        for (path, holding) in [
            ("a", Holding::Files),
            ("a/y", Holding::Files),
            ("lib", Holding::Submodule),
            ("ab", Holding::Nothing),
            ("b", Holding::Nothing),
            ("zz", Holding::Nothing),
            ("", Holding::Files),
        ] {
            assert_eq!(checkout.meet_directory(path.as_bytes()), holding, "{path}");
        }
    }

    #[test]
    fn a_file_is_met_once_and_for_all() {
        let checkout = checkout("sub/repo/", &["a", "b"]);
        assert_eq!(checkout.meet_file(b"sub/repo/b"), Holding::Files);
        assert_eq!(checkout.meet_file(b"b"), Holding::Nothing);
        assert_eq!(checkout.meet_file(b"sub/repo/c"), Holding::Nothing);
        assert_eq!(names(checkout.not_met(b"sub/repo/")), ["sub/repo/a"]);
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_not_plain() {
        for path in ["", "..", "../a", "a/../../b", "/etc/passwd", "./a/.."] {
            assert!(!is_plain(Path::new(path)), "{path}");
        }
        assert!(is_plain(Path::new("a/b")));
    }
}
