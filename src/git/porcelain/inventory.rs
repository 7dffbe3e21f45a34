//! Everything in the object database, whether a ref leads to it or not: stashes, what reflogs remember, and what nothing
//! remembers until it is collected.

use std::collections::{BTreeMap, BTreeSet};

use gix::{ObjectId, objs::Kind};

use super::{
    place::Place,
    reader::{Commit, Id, Reader, unreadable},
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
        let ids = reader.0.ids();
        for id in ids.map_err(|error| failed("listing the objects of the repository".to_owned(), error))? {
            match reader.0.kind(&id).map_err(unreadable)? {
                Kind::Commit => _ = commits.insert(id),
                Kind::Tag => _ = tags.insert(Id(id)),
                Kind::Blob => _ = inventory.blobs.insert(Id(id)),
                Kind::Tree => {}
            }
        }
        let commits: Result<Vec<_>, _> = commits.into_iter().map(|id| reader.commit(id)).collect();
        inventory.commits = oldest_first(commits.map_err(unreadable)?);
        inventory.tags = tags.into_iter().collect();
        Ok(inventory)
    }
}

/// By date, but never a commit before its parents, whatever their clocks said.
fn oldest_first(mut commits: Vec<Commit>) -> Vec<Commit> {
    commits.sort_by_key(|commit| (commit.time, commit.id));
    let order: Vec<ObjectId> = commits.iter().map(|commit| commit.id.0).collect();
    let mut waiting: BTreeMap<ObjectId, Commit> = commits.into_iter().map(|commit| (commit.id.0, commit)).collect();
    let mut sorted = Vec::with_capacity(order.len());
    for id in order {
        let mut pending = vec![id];
        while let Some(next) = pending.last().and_then(|id| waiting.get(id)) {
            let parents = next.parents.iter().filter(|parent| waiting.contains_key(*parent));
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
