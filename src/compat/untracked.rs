//! Files on disk that git need not know of, found by the walk that `keysieve scan` uses: all below a directory, or those
//! that git does not ignore. Links are not followed, and neither their text nor any name is searched.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    Error,
    grep::{Binary, Grep, Line},
    patterns::Wanted,
};
use crate::{
    git,
    model::{Excluded, Origin, UnreadReason},
    source::{Content, Document, Names, Options, Sink, Source, Worker, Worktree},
};

/// What was found, by path below the directory, sorted.
pub(super) struct Found {
    pub(super) lines: Vec<(Vec<u8>, Vec<Line>)>,
    pub(super) unread: Vec<(Vec<u8>, String)>,
}

/// Searches the files below `top`; what git ignores there only if it is not to be `ignoring`.
pub(super) fn files(wanted: &Wanted, top: &Path, ignoring: bool) -> Result<Found, Error> {
    let paths = [top.to_path_buf()];
    let repositories = if ignoring { git::repositories(top, &paths)? } else { Vec::new() };
    let trees: Vec<_> = repositories.iter().filter_map(git::Repository::work_tree).collect();
    let names: Vec<&dyn Names> = trees.iter().map(|tree| tree as &dyn Names).collect();
    let options = Options { here: top.to_path_buf(), no_ignore: !ignoring, ..Options::default() };
    let collector = Collector { wanted, found: Mutex::new(Found { lines: Vec::new(), unread: Vec::new() }) };
    Worktree::new(&options, &names)?.push(&collector)?;
    let mut found = collector.found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.lines.sort_by(|a, b| a.0.cmp(&b.0));
    found.unread.sort();
    Ok(found)
}

struct Collector<'m> {
    wanted: &'m Wanted,
    found: Mutex<Found>,
}

impl Collector<'_> {
    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Collector<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Searching { collector: self, grep: Grep::new(self.wanted) })
    }
}

struct Searching<'c> {
    collector: &'c Collector<'c>,
    grep: Grep<'c>,
}

impl Worker for Searching<'_> {
    fn document(&mut self, document: Document<'_>) {
        let Origin::File(name) = &document.origin else { return };
        let path = name.expose().to_vec();
        let lines = match document.content {
            Content::Bytes(bytes) => self.grep.lines(bytes, Binary::Skip),
            Content::Stream(stream) => self.grep.lines(stream, Binary::Skip),
        };
        match lines {
            Ok(lines) if lines.is_empty() => {}
            Ok(lines) => self.collector.found().lines.push((path, lines)),
            Err(error) => self.collector.found().unread.push((path, error.to_string())),
        }
    }

    fn excluded(&mut self, _: Excluded) {}

    fn unread(&mut self, origin: Origin, reason: UnreadReason) {
        let path = origin.path().map(|name| name.expose().to_vec()).unwrap_or_default();
        self.collector.found().unread.push((path, reason.to_string()));
    }

    fn stopped(&self) -> bool {
        false
    }
}
