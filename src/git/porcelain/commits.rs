//! The commits that a merge brings in.

use super::{
    place::Place,
    reader::{Commit, Reader, unreadable},
};
use crate::{
    git::{objects::ObjectError, range::walk},
    source::SourceError,
};

impl Place {
    /// The commits that the heads that are being merged lead to and HEAD does not, children before their parents. With
    /// clocks that went wrong, an older commit may be among them; never is one left out.
    pub fn merged(&self, reader: &Reader) -> Result<Vec<Commit>, SourceError> {
        let heads = self.repository().heads_of_merge()?;
        let bases: Vec<_> = self.repository().head()?.into_iter().collect();
        let walked = walk(&reader.0, &heads, &bases, &|| false);
        // Beyond the edge of a shallow clone there is nothing to see.
        let is_broken = |error: &ObjectError| !matches!(error, ObjectError::Missing(_));
        if let Some(missing) = walked.missing.into_iter().find(|missing| is_broken(&missing.error)) {
            return Err(unreadable(missing.error));
        }
        walked.commits.into_iter().rev().map(|(id, _)| reader.commit(id).map_err(unreadable)).collect()
    }
}
