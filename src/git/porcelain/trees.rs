//! What a commit changes: path by path, the blob that is there now and those that its parents have. A path counts as changed
//! if it differs from all of them, so that of a merge only what it brought in itself is told.

use std::collections::BTreeMap;

use gix::bstr::BString;

use super::reader::{Commit, Id, Reader, unreadable};
use crate::{
    git::{objects::ObjectError, range::changes},
    source::SourceError,
};

/// A path at which a commit differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Below the top, with `/` between its parts.
    pub path: BString,
    /// The blob that is there now; none if the path is gone.
    pub now: Option<Id>,
    /// The blobs that were there.
    pub before: Vec<Id>,
}

impl Reader {
    /// Where a commit differs from all of its parents, sorted by path. Parents that are not there, as in a shallow clone,
    /// do not count.
    pub fn changes_of(&self, commit: &Commit) -> Result<Vec<Change>, SourceError> {
        let mut trees = Vec::new();
        for parent in &commit.parents {
            match self.0.tree_of(parent) {
                Err(ObjectError::Missing(_)) => {}
                tree => trees.push(tree.map_err(unreadable)?),
            }
        }
        let mut changes = changes(&self.0, commit.tree, &trees);
        if let Some(failed) = changes.failed.pop() {
            return Err(unreadable(failed.error));
        }
        let mut paths: BTreeMap<BString, (Option<Id>, Vec<Id>)> = BTreeMap::new();
        for old in changes.old.into_iter().filter(|old| old.kind.is_blob()) {
            paths.entry(old.path).or_default().1.push(Id(old.id));
        }
        for new in changes.new.into_iter().filter(|new| new.kind.is_blob()) {
            paths.entry(new.path).or_default().0 = Some(Id(new.id));
        }
        Ok(paths.into_iter().map(|(path, (now, before))| Change { path, now, before }).collect())
    }
}
