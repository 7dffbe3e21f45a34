//! Everything in the object database, whether a ref leads to it or not: stashes, what reflogs remember, and what nothing
//! remembers until it is collected.

use std::collections::{BTreeMap, BTreeSet};

use gix::objs::Kind;

use super::{
    commits::Commit,
    place::Place,
    reader::{Id, Reader},
};
use crate::{git::repository::failed, source::SourceError};

/// The objects that have text of their own.
#[derive(Debug)]
pub struct Inventory {
    /// Every commit, oldest first.
    pub commits: Vec<Commit>,
    /// Every tag object.
    pub tags: Vec<Id>,
    /// Every blob.
    pub blobs: BTreeSet<Id>,
}

impl Place {
    /// Lists all objects.
    pub fn inventory(&self, reader: &Reader) -> Result<Inventory, SourceError> {
        let mut inventory = Inventory { commits: Vec::new(), tags: Vec::new(), blobs: BTreeSet::new() };
        let (mut commits, mut tags) = (BTreeSet::new(), BTreeSet::new());
        for id in reader.handle.iter().map_err(|error| listing(&error))? {
            let id = Id(id.map_err(|error| listing(&error))?);
            match reader.kind(id)? {
                Kind::Commit => _ = commits.insert(id),
                Kind::Tag => _ = tags.insert(id),
                Kind::Blob => _ = inventory.blobs.insert(id),
                Kind::Tree => {}
            }
        }
        let commits: Result<Vec<_>, _> = commits.into_iter().map(|id| reader.known_commit(id)).collect();
        inventory.commits = oldest_first(commits?);
        inventory.tags = tags.into_iter().collect();
        Ok(inventory)
    }
}

/// By date, but never a commit before its parents, whatever their clocks said.
fn oldest_first(mut commits: Vec<Commit>) -> Vec<Commit> {
    commits.sort_by_key(|commit| (commit.time, commit.id));
    let order: Vec<Id> = commits.iter().map(|commit| commit.id).collect();
    let mut waiting: BTreeMap<Id, Commit> = commits.into_iter().map(|commit| (commit.id, commit)).collect();
    let mut sorted = Vec::with_capacity(order.len());
    for id in order {
        let mut pending = vec![id];
        while let Some(next) = pending.last().and_then(|id| waiting.get(id)) {
            let parents = next.parents().iter().filter(|parent| waiting.contains_key(parent));
            let before = pending.len();
            pending.extend(parents.copied().collect::<Vec<_>>());
            if pending.len() == before {
                sorted.extend(pending.pop().and_then(|id| waiting.remove(&id)));
            }
            while pending.last().is_some_and(|id| !waiting.contains_key(id)) {
                pending.pop();
            }
        }
    }
    sorted
}

fn listing(error: &dyn std::fmt::Display) -> SourceError {
    failed("listing the objects of the repository".to_owned(), error)
}
