//! `--scan-history`: everything in the object database, which is more than the commits that a ref leads to. Each line of a
//! path is told once, by the oldest commit that has it. Commit and tag messages are looked at too.

use std::collections::{BTreeMap, BTreeSet};

use bstr::BString;
use rayon::prelude::*;

use super::{
    Error,
    grep::{Binary, Grep, Line},
    patterns::Wanted,
    scan::Scan,
};
use crate::{
    git::porcelain::{Commit, Id, Inventory, Place, Reader, Share, c_quoted},
    source::SourceError,
};

/// What a message is called in the place of a path.
pub(super) const MESSAGE: &[u8] = b"(message)";
/// What a blob is called that no commit has.
const IN_NO_COMMIT: &[u8] = b"(in no commit)";

impl Scan<'_, '_> {
    /// Searches the history, and the files on disk if nothing is found there.
    pub(super) fn history(&mut self) -> Result<(), Error> {
        let place = self.place.ok_or(Error::NoRepository)?;
        let share = place.objects()?;
        let Inventory { commits, tags, blobs } = place.inventory(&share.reader())?;
        let changes = changes(&share, &commits)?;
        let hits = hits(&share, self.wanted, &blobs)?;
        self.report.once();
        let mut in_commits = BTreeSet::new();
        for (commit, changes) in commits.iter().zip(changes) {
            let prefix = format!("{}:", commit.id);
            for (path, blob) in changes {
                in_commits.insert(blob);
                if let Some(lines) = hits.get(&blob) {
                    self.report.lines(prefix.as_bytes(), &c_quoted(&path, place.quotes_beyond_ascii()), lines)?;
                }
            }
            self.text(&prefix, &message_of(commit))?;
        }
        for tag in tags {
            self.text(&format!("{tag}:"), &share.reader().tag_text(tag)?)?;
        }
        if !self.report.found() && place.top().is_some() {
            self.tracked(&[b":/".to_vec()])?;
        }
        self.leftovers(place, &hits, &in_commits)
    }

    /// Blobs that were staged once, or whose commit is gone; not those that are staged now and seen on disk already.
    fn leftovers(
        &mut self,
        place: &Place,
        hits: &BTreeMap<Id, Vec<Line>>,
        in_commits: &BTreeSet<Id>,
    ) -> Result<(), Error> {
        let staged = place.tracked(&place.objects()?.reader(), &|_| true)?;
        let of_index: BTreeSet<Id> = staged.iter().map(|entry| entry.id).collect();
        let staged: Vec<_> = staged.into_iter().filter(|entry| !in_commits.contains(&entry.id)).collect();
        self.entries(&staged)?;
        for (blob, lines) in hits.iter().filter(|(blob, _)| !in_commits.contains(blob) && !of_index.contains(blob)) {
            self.report.lines(format!("{blob}:").as_bytes(), IN_NO_COMMIT, lines)?;
        }
        Ok(())
    }

    /// Searches the text of a commit or of a tag.
    pub(super) fn text(&mut self, prefix: &str, text: &[u8]) -> Result<(), Error> {
        let lines = Grep::new(self.wanted).lines(text, Binary::Search);
        self.report.lines(prefix.as_bytes(), MESSAGE, &lines.expect("reading from memory does not fail"))
    }
}

/// Who wrote a commit, and its message, as `git log` shows them.
pub(super) fn message_of(commit: &Commit) -> Vec<u8> {
    [&commit.author[..], b"\n", &commit.message].concat()
}

/// The paths that each commit changed, with their new blobs.
fn changes(share: &Share, commits: &[Commit]) -> Result<Vec<Vec<(BString, Id)>>, SourceError> {
    let of_commit = |reader: &mut Reader, commit: &Commit| {
        let changes = reader.changes_of(commit)?;
        Ok(changes.into_iter().filter_map(|change| Some((change.path, change.now?))).collect())
    };
    commits.par_iter().map_init(|| share.reader(), of_commit).collect()
}

/// The blobs with matches, and their lines.
fn hits(share: &Share, wanted: &Wanted, blobs: &BTreeSet<Id>) -> Result<BTreeMap<Id, Vec<Line>>, SourceError> {
    let blobs: Vec<Id> = blobs.iter().copied().collect();
    let start = || (Grep::new(wanted), share.reader());
    let found = blobs.par_iter().map_init(start, |(grep, reader), blob| {
        let bytes = reader.blob(*blob)?;
        let lines = grep.lines(&bytes[..], Binary::Search).expect("reading from memory does not fail");
        Ok((!lines.is_empty()).then_some((*blob, lines)))
    });
    found.filter_map(Result::transpose).collect()
}
