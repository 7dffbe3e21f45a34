//! Which commits of a whole history are asked for: by revisions, by the names of refs, by date and by number. What of these
//! is new is then found as in any range.

use std::collections::BTreeSet;

use gix::{ObjectId, bstr::BStr, date, glob::wildmatch};

use super::{
    ends::{Ends, Head},
    walk::Walked,
};
use crate::{
    git::{
        header::Commit,
        repository::{Repository, failed, reason},
    },
    model::Name,
    source::SourceError,
};

/// What stands between the two revisions of a range.
const SEPARATOR: &str = "..";
/// What an end is that is not named.
const HEAD: &str = "HEAD";
/// What may be left out of the name of a ref.
const PREFIXES: [&str; 5] = ["", "refs/", "refs/heads/", "refs/tags/", "refs/remotes/"];

/// What is asked for. Without revisions and refs, all refs and HEAD are meant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Selection<'a> {
    /// Revisions, and `A..B` for what B has and A has not; `^A` for what A has not.
    pub ranges: &'a [String],
    /// Revisions whose commits do not count.
    pub not: &'a [String],
    /// All refs and HEAD.
    pub all: bool,
    /// Refs whose names fit this pattern.
    pub refs: Option<&'a str>,
    /// Commits since then count.
    pub since: Option<&'a str>,
    /// The newest commits count, so many.
    pub most: Option<usize>,
}

/// Which commits of a range count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Limit {
    /// Those with a date of the committer at or after this one, in seconds since 1970.
    since: Option<i64>,
    /// The newest, so many.
    most: Option<usize>,
}

impl Repository {
    /// What is asked for, as a range.
    ///
    /// # Errors
    /// If there is no such revision or date, no ref fits, or the refs cannot be read.
    pub fn selected(&self, selection: &Selection<'_>) -> Result<Ends, SourceError> {
        let objects = self.objects()?;
        let reader = objects.reader();
        let revision = |name: &str| self.revision(&reader, if name.is_empty() { HEAD } else { name });
        let (mut heads, mut bases) = (Vec::new(), Vec::new());
        for range in selection.ranges {
            if let Some((base, head)) = range.split_once(SEPARATOR) {
                if head.starts_with('.') {
                    let reason = "what two branches do not share is not understood here: give 'A..B'";
                    return Err(failed(format!("looking for the revisions '{range}'"), reason));
                }
                bases.push(revision(base)?);
                heads.push(Head::new(revision(head)?));
            } else if let Some(base) = range.strip_prefix('^') {
                bases.push(revision(base)?);
            } else {
                heads.push(Head::new(revision(range)?));
            }
        }
        for base in selection.not {
            bases.push(revision(base)?);
        }
        heads.extend(selection.refs.map(|pattern| self.refs_like(pattern)).transpose()?.into_iter().flatten());
        if selection.all || heads.is_empty() {
            let ids = self.references(None)?.into_iter().chain(self.head()?);
            heads.extend(ids.map(Head::new));
        }
        let limit = Limit { since: selection.since.map(seconds).transpose()?, most: selection.most };
        Ok(Ends { heads, tips: bases.clone(), bases, needs_tips: true, limit, ..Ends::default() })
    }

    fn refs_like(&self, pattern: &str) -> Result<Vec<Head>, SourceError> {
        let looking = || format!("looking for refs like '{pattern}'");
        let failed_to_list = |error: gix::Error| failed(looking(), reason(&error));
        let platform = self.inner().references().map_err(failed_to_list)?;
        let mut heads = Vec::new();
        for found in platform.all().map_err(failed_to_list)? {
            let found = found.map_err(|error| failed(looking(), reason(&error)))?;
            let name = found.name().as_bstr().to_owned();
            if let Some(id) = found.inner.target.try_into_id().ok().filter(|_| fits(&name, pattern)) {
                heads.push(Head { id, name: Name::new(name) });
            }
        }
        if heads.is_empty() { Err(failed(looking(), "there are none")) } else { Ok(heads) }
    }
}

/// Whether a ref has a name like this, whole or without its beginning.
fn fits(name: &[u8], pattern: &str) -> bool {
    PREFIXES.iter().any(|prefix| {
        let pattern = format!("{prefix}{pattern}");
        wildmatch(BStr::new(&pattern), BStr::new(name), wildmatch::Mode::empty())
    })
}

fn seconds(date: &str) -> Result<i64, SourceError> {
    let time = date::parse(date, Some(date::Zoned::now()));
    let reason = "a date is written as 2024-05-02, 2024-05-02T12:00:00Z or 3 weeks ago";
    time.map(|time| time.seconds).map_err(|_| failed(format!("reading the date '{date}'"), reason))
}

impl Limit {
    /// Leaves of what a walk came to only what counts. Parents that do not count are where the rest begins.
    pub(super) fn apply(self, walked: Walked) -> Walked {
        if self == Self::default() {
            return walked;
        }
        let Walked { commits, mut boundary, mut missing } = walked;
        let counts = self.counting(&commits);
        let (commits, others): (Vec<_>, Vec<_>) = commits.into_iter().partition(|(id, _)| counts.contains(id));
        boundary.extend(others.into_iter().map(|(id, commit)| (id, commit.tree)));
        let parents: BTreeSet<ObjectId> =
            commits.iter().flat_map(|(_, commit)| commit.parents.iter().copied()).collect();
        boundary.retain(|id, _| parents.contains(id));
        missing.retain(|missing| missing.child.is_none_or(|child| counts.contains(&child)));
        Walked { commits, boundary, missing }
    }

    fn counting(self, commits: &[(ObjectId, Commit)]) -> BTreeSet<ObjectId> {
        let since = self.since.unwrap_or(i64::MIN);
        let by_age = commits.iter().map(|(id, commit)| (commit.time, *id)).filter(|(time, _)| *time >= since);
        let mut by_age: Vec<(i64, ObjectId)> = by_age.collect();
        by_age.sort_unstable_by(|a, b| b.cmp(a));
        by_age.into_iter().take(self.most.unwrap_or(usize::MAX)).map(|(_, id)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_need_not_have_the_whole_name() {
        for (name, pattern, expected) in [
            ("refs/heads/main", "main", true),
            ("refs/heads/main", "refs/heads/*", true),
            ("refs/heads/fix/a", "fix/*", true),
            ("refs/tags/v1.0", "v*", true),
            ("refs/remotes/origin/main", "origin/*", true),
            ("refs/remotes/origin/main", "main", false),
            ("refs/notes/commits", "notes/*", true),
            ("refs/heads/main", "mai", false),
        ] {
            assert_eq!(fits(name.as_bytes(), pattern), expected, "{name} {pattern}");
        }
    }

    #[test]
    fn dates_are_read() {
        assert_eq!(seconds("@1714608000").ok(), Some(1_714_608_000));
        assert_eq!(seconds("2024-05-02").ok(), Some(1_714_608_000));
        assert!(seconds("3 weeks ago").is_ok());
        assert!(seconds("the day after").is_err());
    }
}
