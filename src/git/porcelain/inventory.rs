//! Everything in the object database, whether a ref leads to it or not: stashes, what reflogs remember, and what nothing
//! remembers until it is collected.

use std::collections::BTreeSet;

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
        for id in commits {
            inventory.commits.push(reader.known_commit(id)?);
        }
        inventory.commits.sort_by_key(|commit| (commit.time, commit.id));
        inventory.tags = tags.into_iter().collect();
        Ok(inventory)
    }
}

fn listing(error: &dyn std::fmt::Display) -> SourceError {
    failed("listing the objects of the repository".to_owned(), error)
}
