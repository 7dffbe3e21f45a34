//! Files on disk: the tracked ones and the untracked ones that are not ignored below some directories, and files that
//! were named. Hidden files are included, `.git` is not, links are not followed but their text is scanned, and so is
//! every name. FIFOs, sockets and devices are not opened unless they were named.
//!
//! What git tracks is told by [`Names`]; without them, as outside a repository, ignore rules alone decide.

use std::{
    fs::File,
    io::{self, Cursor, Read},
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock},
    thread,
    time::Duration,
};

use super::{
    Discover, Document, Names, Reopen, Sink, Source, SourceError, Worker,
    checkout::Checkout,
    file::unread,
    filter::Filter,
    platform::{self, Links},
    roots::Roots,
    spool::Spool,
    walk::Walk,
};
use crate::model::{KindSet, Name, Origin, UnreadReason};

/// Between two looks at a pipe that has nothing yet; short for a person, long for a processor.
const PIPE_PAUSE: Duration = Duration::from_millis(2);

/// What to scan.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The current directory, which the other paths are seen from.
    pub here: PathBuf,
    /// Paths that a person named: each must exist, and links among them are followed.
    pub paths: Vec<PathBuf>,
    /// Paths of a list (`--files-from`): what is missing is unread, and links are not followed.
    pub listed: Option<Vec<PathBuf>>,
    /// Scan what git ignores, too.
    pub no_ignore: bool,
    /// Files of more bytes are not read, and told as such.
    pub max_size: Option<u64>,
    /// Threads to use; 0 is one for each processor.
    pub threads: usize,
}

/// Files on disk.
pub struct Worktree<'n> {
    roots: Roots,
    /// With the real path of the top of each.
    names: Vec<&'n dyn Names>,
    discover: Option<&'n dyn Discover>,
    /// What the pipes among the roots gave, in their order.
    pipes: Vec<OnceLock<Spool>>,
    no_ignore: bool,
    max_size: Option<u64>,
    threads: usize,
}

impl<'n> Worktree<'n> {
    /// Resolves what was asked for; with no path and no list that is the current directory. `names` are the
    /// repositories that hold any of it, at most one for each work tree.
    pub fn new(options: &Options, names: &[&'n dyn Names]) -> Result<Self, SourceError> {
        let listed = options.listed.as_deref();
        let default = [options.here.clone()];
        let named = if options.paths.is_empty() && listed.is_none() { &default[..] } else { &options.paths };
        let mut roots = Roots::resolve(&options.here, named, listed.unwrap_or_default())?;
        roots.choose_top(names.iter().map(|names| names.work_tree()));
        let pipes = roots.pipes.iter().map(|_| OnceLock::new()).collect();
        Ok(Self {
            roots,
            names: names.to_vec(),
            discover: None,
            pipes,
            no_ignore: options.no_ignore,
            max_size: options.max_size,
            threads: options.threads,
        })
    }

    /// Looks for what is tracked in repositories within those directories, too.
    #[must_use]
    pub fn discovering(mut self, discover: &'n dyn Discover) -> Self {
        self.discover = Some(discover);
        self
    }

    /// The directory that the paths of documents are relative to: the top of the work tree, if one holds everything
    /// that was asked for.
    pub fn root(&self) -> &Path {
        &self.roots.top
    }

    /// From the root to the current directory, as [`RunInfo::here`](crate::model::RunInfo::here) has it.
    pub fn here(&self) -> Option<Name> {
        self.roots.place().here()
    }

    /// From the current directory to the root, as [`RunInfo::from_here`](crate::model::RunInfo::from_here) has it.
    pub fn prefix_from_here(&self) -> Name {
        self.roots.place().prefix_from_here()
    }

    /// What is tracked matters for directories alone: what was named is scanned anyway.
    fn walk<'s>(&'s self, sink: &'s dyn Sink) -> Result<Walk<'s>, SourceError> {
        let mut walk = Walk {
            roots: &self.roots,
            checkout_of: Vec::new(),
            checkouts: Vec::new(),
            filter: (!self.no_ignore).then(|| Filter::new(&self.roots.directories, &self.names)),
            discover: self.discover,
            nested: Mutex::default(),
            threads: self.threads,
            max_size: self.max_size,
            sink,
        };
        let mut read: Vec<&Path> = Vec::new();
        for root in &self.roots.directories {
            let holding = self.names.iter().filter(|names| root.starts_with(names.work_tree()));
            let Some(names) = holding.max_by_key(|names| names.work_tree().as_os_str().len()) else {
                walk.checkout_of.push(None);
                continue;
            };
            let known = read.iter().position(|top| *top == names.work_tree());
            if known.is_none() {
                read.push(names.work_tree());
                walk.checkouts.push(Checkout::read(*names, self.prefix(names.work_tree()))?);
            }
            walk.checkout_of.push(Some(known.unwrap_or(read.len() - 1)));
        }
        Ok(walk)
    }

    /// From the root to `top`, which is at or below it.
    fn prefix(&self, top: &Path) -> Vec<u8> {
        let mut prefix = self.roots.name(top).expose().to_vec();
        if !prefix.is_empty() {
            prefix.push(b'/');
        }
        prefix
    }

    fn push_pipes(&self, sink: &dyn Sink) {
        for (path, kept) in self.roots.pipes.iter().zip(&self.pipes) {
            let (mut worker, watch) = (sink.worker(), sink.worker());
            let name = self.roots.name(path);
            let result = Pipe::open(path, &*watch).and_then(|mut pipe| {
                let origin = Origin::File(name.clone());
                let (spool, result) = Spool::fill(&mut pipe, &mut |content| {
                    worker.document(Document { origin: origin.clone(), kinds: KindSet::ALL, content });
                });
                kept.set(spool).expect("a source is pushed once");
                result
            });
            if let Err(error) = result {
                unread(&mut *worker, &name, "reading", &error);
            }
        }
    }

    fn open(&self, name: &Name) -> io::Result<Box<dyn Read + '_>> {
        let path = self.roots.top.join(name.to_path());
        if let Ok(pipe) = self.roots.pipes.binary_search(&path) {
            let spool = self.pipes[pipe].get().ok_or(io::ErrorKind::NotFound)?;
            return Ok(spool.reopen());
        }
        let links = if self.roots.files.binary_search(&path).is_ok() { Links::Follow } else { Links::Refuse };
        let file = platform::open(&path, links)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is not a file any more"));
        }
        Ok(Box::new(file))
    }
}

impl std::fmt::Debug for Worktree<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worktree").field("root", &self.roots.top).finish_non_exhaustive()
    }
}

impl Source for Worktree<'_> {
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let walk = self.walk(sink)?;
        let mut worker = sink.worker();
        for (path, reason) in &self.roots.unreadable {
            worker.unread(Origin::File(self.roots.name(path)), UnreadReason::Io(reason.clone()));
        }
        self.push_pipes(sink);
        walk.named();
        walk.directories();
        if !worker.stopped() {
            walk.not_met();
            walk.nested();
        }
        Ok(())
    }
}

impl Reopen for Worktree<'_> {
    fn reopen(&self, origin: &Origin) -> io::Result<Box<dyn Read + '_>> {
        match origin {
            Origin::File(name) => self.open(name),
            Origin::FileName(name) => Ok(Box::new(Cursor::new(name.expose().to_vec()))),
            Origin::LinkTarget(name) => {
                let target = self.roots.top.join(name.to_path()).read_link()?;
                Ok(Box::new(Cursor::new(Name::from_path(&target).expose().to_vec())))
            }
            _ => Err(io::Error::new(io::ErrorKind::NotFound, "not a file on disk")),
        }
    }
}

/// A FIFO that was named, or a pipe behind `/dev/fd`. It is opened without waiting, since nobody may ever write to it,
/// and looked at until its writers are gone or the run is interrupted.
struct Pipe<'a> {
    file: File,
    watch: &'a dyn Worker,
    /// The first bytes, read to see whether there is a writer.
    first: Option<u8>,
}

impl<'a> Pipe<'a> {
    fn open(path: &Path, watch: &'a dyn Worker) -> io::Result<Self> {
        let mut pipe = Self { file: platform::open(path, Links::Follow)?, watch, first: None };
        let mut byte = [0];
        if pipe.read(&mut byte)? == 1 {
            pipe.first = Some(byte[0]);
        } else if !platform::is_descriptor(path) {
            return Err(io::Error::other("nothing writes to this FIFO"));
        }
        Ok(pipe)
    }
}

impl Read for Pipe<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let (Some(first), [place, ..]) = (self.first, &mut *buffer) {
            *place = first;
            self.first = None;
            return Ok(1);
        }
        loop {
            match self.file.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => thread::sleep(PIPE_PAUSE),
                result => return result,
            }
            if self.watch.stopped() {
                return Err(io::Error::other("interrupted"));
            }
        }
    }
}
