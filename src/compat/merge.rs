//! What a merge would bring in: the lines that its commits added, and their messages. A line that was there before, or that
//! a commit only takes away, is not held against it.

use std::collections::BTreeSet;

use super::{
    Error,
    grep::{Binary, Grep, Line},
    history::message_of,
    scan::Scan,
};
use crate::git::porcelain::{Commit, Id, Place, Reader, c_quoted};

impl Scan<'_, '_> {
    /// Searches the commits that the merge which is being made brings to HEAD.
    pub(super) fn merge(&mut self) -> Result<(), Error> {
        let place = self.place.ok_or(Error::NoRepository)?;
        let reader = place.objects()?.reader();
        for commit in place.merged(&reader)? {
            self.additions(&reader, &commit)?;
            self.text(&format!("{}:", commit.id), &message_of(&commit))?;
        }
        Ok(())
    }

    fn additions(&mut self, reader: &Reader, commit: &Commit) -> Result<(), Error> {
        let mut grep = Grep::new(self.wanted);
        let changes = reader.changes_of(commit)?;
        let mut old = BTreeSet::new();
        for blob in changes.iter().flat_map(|change| &change.before) {
            old.extend(lines(&mut grep, reader, *blob)?.into_iter().map(|line| line.text));
        }
        let quotes = self.place.is_none_or(Place::quotes_beyond_ascii);
        for change in &changes {
            let Some(blob) = change.now else { continue };
            let mut new = lines(&mut grep, reader, blob)?;
            new.retain(|line| !old.contains(&line.text));
            self.report.lines(format!("{}:", commit.id).as_bytes(), &c_quoted(&change.path, quotes), &new)?;
        }
        Ok(())
    }
}

fn lines(grep: &mut Grep<'_>, reader: &Reader, blob: Id) -> Result<Vec<Line>, Error> {
    let bytes = reader.blob(blob)?;
    Ok(grep.lines(&bytes[..], Binary::Skip).expect("reading from memory does not fail"))
}
