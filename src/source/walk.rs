//! One walk over directories, by several threads: which entries are scanned, which are left out and counted as what, and
//! what becomes of those that cannot be read. How a file is read is `file.rs`'s business, and what git ignores
//! `filter.rs`'s.

use std::{
    fs, io, mem,
    num::NonZero,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use ignore::{DirEntry, WalkBuilder, WalkState};

use super::{
    Content, Discover, Document, Sink, Worker,
    checkout::{self, Checkout, Holding},
    file::{FileReader, unread},
    filter::{Filter, Rules},
    platform::Links,
    roots::Roots,
};
use crate::model::{Excluded, KindSet, Name, Origin, UnreadReason};

/// What the threads of a walk share.
pub(super) struct Walk<'a> {
    pub(super) roots: &'a Roots,
    /// For each directory of `roots`, the index in `checkouts` of the work tree it is in.
    pub(super) checkout_of: Vec<Option<usize>>,
    pub(super) checkouts: Vec<Checkout>,
    /// None if nothing is ignored.
    pub(super) filter: Option<Filter>,
    /// Looks into repositories that the walk comes to.
    pub(super) discover: Option<&'a dyn Discover>,
    /// The tops of these, in no order.
    pub(super) nested: Mutex<Vec<PathBuf>>,
    /// 0 is one for each processor.
    pub(super) threads: usize,
    /// Larger files are not read.
    pub(super) max_size: Option<u64>,
    pub(super) sink: &'a dyn Sink,
}

impl Walk<'_> {
    /// Scans the files that were named.
    pub(super) fn named(&self) {
        let files = self.roots.files.iter().map(|path| (path, Links::Follow));
        let links = self.roots.links.iter().map(|path| (path, Links::Refuse));
        let all: Vec<_> = files.chain(links).collect();
        self.each(&all, |visitor, (path, links)| visitor.named(path, *links));
    }

    /// Walks the directories.
    pub(super) fn directories(&self) {
        let Some((first, others)) = self.roots.directories.split_first() else { return };
        let mut walk = WalkBuilder::new(first);
        others.iter().for_each(|other| _ = walk.add(other));
        // What git ignores is decided entry by entry, in `Visitor::is_ignored`.
        walk.standard_filters(false).follow_links(false).threads(self.threads());
        walk.build_parallel().run(|| {
            let mut visitor = Visitor::new(self);
            Box::new(move |entry| visitor.visit(entry))
        });
    }

    /// Accounts for what is tracked in the directories and was not met there.
    pub(super) fn not_met(&self) {
        for (root, checkout) in self.roots.directories.iter().zip(&self.checkout_of) {
            let Some(checkout) = checkout.map(|index| &self.checkouts[index]) else { continue };
            let below = self.roots.name(root);
            let mut worker = self.sink.worker();
            checkout.submodules(below.expose()).for_each(|_| worker.excluded(Excluded::Submodule));
            drop(worker);
            let files: Vec<Name> = checkout.not_met(below.expose()).collect();
            self.each(&files, |visitor, name: &Name| visitor.tracked(name));
        }
    }

    /// Scans what is tracked in repositories within the directories, and ignored by their own rules: the walk, which
    /// did not know these repositories, has left it out.
    pub(super) fn nested(&self) {
        let (Some(filter), Some(discover)) = (&self.filter, self.discover) else { return };
        let mut tops = mem::take(&mut *self.nested.lock().unwrap_or_else(PoisonError::into_inner));
        tops.sort_unstable();
        for top in tops {
            let tracked = match discover.at(&top) {
                Ok(Some(names)) => names.tracked(),
                Ok(None) => continue,
                Err(error) => Err(error),
            };
            let tracked = tracked.unwrap_or_else(|error| {
                let origin = Origin::File(self.roots.name(&top.join(".git")));
                self.sink.worker().unread(origin, UnreadReason::Io(error.to_string()));
                Vec::new()
            });
            let files = tracked.iter().filter(|tracked| !tracked.submodule).map(|tracked| tracked.path.to_path());
            let left_out: Vec<Name> = files
                .filter(|path| checkout::is_plain(path))
                .map(|path| top.join(path))
                .filter(|path| path.parent().is_some_and(|parent| filter.rules(parent).ignore(path, false)))
                .map(|path| self.roots.name(&path))
                .collect();
            self.each(&left_out, |visitor, name: &Name| visitor.tracked(name));
        }
    }

    /// Remembers a repository that is none of those that hold the roots.
    fn meet_repository(&self, top: &Path) {
        if self.discover.is_some() && !self.filter.as_ref().is_some_and(|filter| filter.knows(top)) {
            self.nested.lock().unwrap_or_else(PoisonError::into_inner).push(top.to_path_buf());
        }
    }

    /// Calls `scan` with each of `items`, on as many threads as there are.
    fn each<T: Sync>(&self, items: &[T], scan: impl Fn(&mut Visitor<'_>, &T) + Sync) {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut visitor = Visitor::new(self);
            while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                if visitor.worker.stopped() {
                    return;
                }
                scan(&mut visitor, item);
            }
        };
        match self.threads().min(items.len()) {
            0 => {}
            1 => work(),
            threads => thread::scope(|scope| (0..threads).for_each(|_| _ = scope.spawn(work))),
        }
    }

    fn threads(&self) -> usize {
        if self.threads > 0 { self.threads } else { thread::available_parallelism().map_or(1, NonZero::get) }
    }

    fn checkout_at(&self, entry: &DirEntry) -> Option<&Checkout> {
        let root = match &*self.roots.directories {
            [_] => 0,
            several => {
                let root = entry.path().ancestors().nth(entry.depth())?;
                several.binary_search_by(|known| known.as_path().cmp(root)).ok()?
            }
        };
        self.checkout_of[root].map(|index| &self.checkouts[index])
    }
}

/// One thread of a walk.
struct Visitor<'a> {
    walk: &'a Walk<'a>,
    worker: Box<dyn Worker + 'a>,
    reader: FileReader,
    /// The rules of the directory that was asked about last.
    rules: Option<(PathBuf, Arc<Rules>)>,
}

impl<'a> Visitor<'a> {
    fn new(walk: &'a Walk<'a>) -> Self {
        Self { walk, worker: walk.sink.worker(), reader: FileReader::new(walk.max_size), rules: None }
    }

    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        if self.worker.stopped() {
            return WalkState::Quit;
        }
        match entry {
            Ok(entry) if entry.depth() == 0 => WalkState::Continue,
            Ok(entry) => self.entry(&entry),
            Err(error) => {
                self.failed(None, error);
                WalkState::Continue
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry) -> WalkState {
        if entry.file_name() == ".git" {
            self.worker.excluded(Excluded::GitDir);
            entry.path().parent().into_iter().for_each(|top| self.walk.meet_repository(top));
            return WalkState::Skip;
        }
        let kind = entry.file_type().expect("standard input alone has no type, and is no root");
        let name = self.walk.roots.name(entry.path());
        let checkout = self.walk.checkout_at(entry);
        if kind.is_dir() {
            return self.directory(entry.path(), name, checkout);
        }
        let holding = checkout.map_or(Holding::Nothing, |checkout| checkout.meet_file(name.expose()));
        if holding == Holding::Nothing && self.is_ignored(entry.path(), false) {
            self.worker.excluded(Excluded::Ignored);
        } else if !self.was_named(entry.path()) {
            self.scan(entry.path(), name, kind);
        }
        WalkState::Continue
    }

    fn directory(&mut self, path: &Path, name: Name, checkout: Option<&Checkout>) -> WalkState {
        if self.walk.roots.directories.len() > 1 && self.walk.roots.directories.iter().any(|root| root == path) {
            return WalkState::Skip;
        }
        let holding = checkout.map_or(Holding::Nothing, |checkout| checkout.meet_directory(name.expose()));
        match holding {
            Holding::Submodule => return WalkState::Skip,
            Holding::Nothing if self.is_ignored(path, true) => {
                self.worker.excluded(Excluded::Ignored);
                return WalkState::Skip;
            }
            Holding::Nothing | Holding::Files => {}
        }
        self.file_name(name);
        WalkState::Continue
    }

    /// A file that was named on the command line.
    fn named(&mut self, path: &Path, links: Links) {
        let name = self.walk.roots.name(path);
        let kind = match path.symlink_metadata() {
            Ok(metadata) => metadata.file_type(),
            Err(error) => return unread(&mut *self.worker, &name, "opening", &error),
        };
        if kind.is_symlink() && links == Links::Follow {
            self.reader.scan(path, links, &name, &mut *self.worker);
        }
        self.scan(path, name, kind);
    }

    /// A tracked file that the walk has not met.
    fn tracked(&mut self, name: &Name) {
        let below = name.to_path();
        if !checkout::is_plain(&below) {
            let error = io::Error::other("the index names a path outside the work tree");
            return unread(&mut *self.worker, name, "opening", &error);
        }
        let path = self.walk.roots.top.join(below);
        if self.was_named(&path) {
            return;
        }
        match path.symlink_metadata() {
            Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                unread(&mut *self.worker, name, "opening", &error);
            }
            Ok(metadata) if !metadata.is_dir() && checkout::is_reached_without_links(&self.walk.roots.top, &path) => {
                self.scan(&path, name.clone(), metadata.file_type());
            }
            _ => self.worker.excluded(Excluded::NotInWorkTree),
        }
    }

    /// Scans what is not a directory, and its name.
    fn scan(&mut self, path: &Path, name: Name, kind: fs::FileType) {
        if kind.is_file() {
            self.reader.scan(path, Links::Refuse, &name, &mut *self.worker);
        } else if kind.is_symlink() {
            self.link(path, &name);
        } else {
            self.worker.excluded(Excluded::Special);
        }
        self.file_name(name);
    }

    fn link(&mut self, path: &Path, name: &Name) {
        match fs::read_link(path) {
            Err(error) => unread(&mut *self.worker, name, "reading the link", &error),
            Ok(target) => {
                let target = Name::from_path(&target);
                let content = Content::Bytes(target.expose());
                self.worker.document(Document {
                    origin: Origin::LinkTarget(name.clone()),
                    kinds: KindSet::ALL,
                    content,
                });
            }
        }
    }

    fn file_name(&mut self, name: Name) {
        let bytes = name.clone();
        let content = Content::Bytes(bytes.expose());
        self.worker.document(Document { origin: Origin::FileName(name), kinds: KindSet::ALL, content });
    }

    fn is_ignored(&mut self, path: &Path, is_dir: bool) -> bool {
        let (Some(filter), Some(directory)) = (&self.walk.filter, path.parent()) else { return false };
        if self.was_named(path) {
            return false;
        }
        let rules = match &self.rules {
            Some((known, rules)) if known == directory => rules,
            _ => &self.rules.insert((directory.to_path_buf(), filter.rules(directory))).1,
        };
        rules.ignore(path, is_dir)
    }

    /// Whether a file that the walk comes to was named too, hence is scanned as such.
    fn was_named(&self, path: &Path) -> bool {
        let lists = [&self.walk.roots.files, &self.walk.roots.links];
        lists.iter().any(|list| list.binary_search_by(|named| named.as_path().cmp(path)).is_ok())
    }

    /// Notes what the walker could not read: most often a directory.
    fn failed(&mut self, path: Option<&Path>, error: ignore::Error) {
        match error {
            ignore::Error::Partial(errors) => errors.into_iter().for_each(|error| self.failed(path, error)),
            ignore::Error::WithPath { path, err } => self.failed(Some(&path), *err),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => self.failed(path, *err),
            error => {
                let name = self.walk.roots.name(path.unwrap_or(&self.walk.roots.top));
                let error = match error {
                    ignore::Error::Io(error) => error,
                    other => io::Error::other(other),
                };
                unread(&mut *self.worker, &name, "reading the directory", &error);
            }
        }
    }
}
