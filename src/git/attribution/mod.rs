//! Which commits brought blobs in: for each blob that is asked for, the names and paths that it ever had, the first commit
//! and the last one that have it, and whether something still leads there. Commits are not compared with their parents.
//! All trees are read once, as differences to one another (`gather.rs`); the way goes from the oldest commit to the newest,
//! and down from each only where no earlier one has been (`descent.rs`) and something is to be found (`leading.rs`).
//!
//! What a blob holds is not looked at here, and no message is read.

mod commits;
mod descent;
mod entries;
mod gather;
mod leading;
mod names;
mod noting;
mod numbers;
mod search;
mod tips;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    time::Instant,
};

use gix::hash::oid;

pub use self::noting::Noted;
use self::{
    commits::Commits,
    gather::{Gather, Gathered, Wanted},
    names::Names,
    numbers::Numbers,
    search::{Ids, Search},
};

use super::repository::Repository;
use crate::{
    model::{Name, ObjectName, Origin, UnreadReason},
    source::SourceError,
};

/// Where objects come from.
#[derive(Debug, Default)]
pub struct Attribution {
    objects: BTreeMap<ObjectName, Attributed>,
    named: Vec<ObjectName>,
    names: Vec<ObjectName>,
    unread: Vec<(Origin, UnreadReason)>,
}

/// Where a blob comes from, or a commit or tag itself: that one has no name, no path and no last commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributed {
    /// The names of files that it had, sorted; of one that was only asked for by name, these names alone.
    pub names: Vec<Name>,
    /// Every path that it had, each with the first commit that has it there; in the order of these commits.
    pub places: Vec<Place>,
    /// The last commit that has it: one that something leads to, if there is one.
    pub last: Option<Last>,
    /// Whether the commit that is checked out has it.
    pub in_head: bool,
    /// The refs that lead to the first commit that has it; branches first.
    pub refs: Vec<Name>,
    /// Whether neither a ref nor a reflog leads to it.
    pub unreachable: bool,
    /// Whether some tree has it as the target of a link.
    pub is_link: bool,
    /// Whether it is no object but a name, be it that of a file or of a directory.
    pub is_name: bool,
}

/// The last commit that has a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Last {
    /// Its id.
    pub commit: ObjectName,
    /// Where it stands in the order of all: the greater, the later.
    pub rank: u32,
}

/// A path that a blob had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path; empty of a blob that a ref stands for, and of a commit.
    pub path: Name,
    /// The first commit that has it there; none if a ref leads to it past all commits.
    pub commit: Option<ObjectName>,
    /// Where that commit stands in the order of all: the lesser, the earlier.
    pub rank: u32,
}

impl Attribution {
    /// Where an object comes from; none if it was not asked for, or nothing tells.
    pub fn of(&self, object: &ObjectName) -> Option<&Attributed> {
        self.objects.get(object)
    }

    /// Blobs that were not asked for by their ids but have a name that was; sorted.
    pub fn named(&self) -> &[ObjectName] {
        &self.named
    }

    /// The names that were asked for themselves.
    pub fn names(&self) -> impl Iterator<Item = &Attributed> {
        self.names.iter().filter_map(|id| self.objects.get(id))
    }

    /// Where a name comes from that was asked for itself.
    pub fn of_name(&self, name: &[u8]) -> Option<&Attributed> {
        self.objects.get(&gather::id_of_name(name))
    }

    /// What could not be read on the way.
    pub fn unread(&self) -> &[(Origin, UnreadReason)] {
        &self.unread
    }
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// Blobs, commits and tags.
    pub objects: &'a BTreeSet<ObjectName>,
    /// Those of them that are known to be unreadable.
    pub broken: &'a BTreeSet<ObjectName>,
    /// Whether a blob is asked for since it has this name.
    pub name: &'a (dyn Fn(&[u8]) -> bool + Sync),
    /// Whether a name is asked for itself, of a file or of a directory.
    pub holds: &'a (dyn Fn(&[u8]) -> bool + Sync),
    /// Whether to make sure that every blob is there that something leads to. Commits and directories always have to be; and
    /// so have blobs in a partial clone, of which that cannot be taken for granted.
    pub every_blob: bool,
}

impl Repository {
    /// Where objects come from, of a sweep that noted all commits. Once `stopped` says so the answer is that nothing is
    /// known.
    ///
    /// # Errors
    /// If object directories or refs cannot be listed.
    pub fn attribute(
        &self,
        noted: &Noted<'_>,
        asked: Asked<'_>,
        stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<Attribution, SourceError> {
        let Asked { objects, broken, name: wants_name, holds, every_blob } = asked;
        let database = self.objects()?;
        let tips = self.tips(&database.reader())?;
        let is_partial = is_partial(noted.sweep.directories());
        let blobs = Numbers::default();
        objects.iter().for_each(|id| _ = blobs.number(*id));
        let started = Instant::now();
        let names = Names::default();
        let gather = Gather {
            trees: &noted.numbers,
            blobs: &blobs,
            names: &names,
            wanted: &Wanted::new(objects),
            wants_name,
            holds,
            stopped,
            hash: self.hash(),
            all: (every_blob || is_partial).then_some(&database),
        };
        let roots: Vec<u32> = tips.all().filter_map(|id| noted.numbers.known(&id)).collect();
        // Commits are put in order by one thread.
        let (order, locals) = rayon::join(|| Commits::new(noted, &roots), || noted.sweep.push(&gather));
        noted.sweep.forget_forests();
        if stopped() {
            return Ok(Attribution::default());
        }
        let gathered = Gathered::of(locals, names, noted.numbers.end(), &noted.broken);
        log::debug!("read all trees of {} commits in {:?}", noted.commits.len(), started.elapsed());
        let numbers = Ids { all: &noted.numbers, blobs: &blobs };
        let why_missing = match () {
            () if is_partial => " (the clone is partial: it was not fetched)",
            () if self.is_shallow() => " (the history is shallow: it was not fetched)",
            () => "",
        };
        let search =
            Search { objects, gathered: &gathered, commits: &order, broken, numbers, tips: &tips, why_missing };
        let attribution = search.attribution();
        log::debug!("{} objects are attributed after {:?}", attribution.objects.len(), started.elapsed());
        Ok(attribution)
    }
}

/// Whether some packs were fetched without everything that their objects lead to.
fn is_partial(directories: &[PathBuf]) -> bool {
    let packs = directories.iter().filter_map(|directory| fs::read_dir(directory.join("pack")).ok());
    let mut files = packs.flatten().filter_map(|file| Some(file.ok()?.path()));
    files.any(|path| path.extension().is_some_and(|extension| extension == "promisor"))
}

fn name_of(id: &oid) -> ObjectName {
    ObjectName::new(id.as_bytes())
}
