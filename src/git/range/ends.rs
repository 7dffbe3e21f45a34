//! Between what and what a range is: the heads that bring something, and the bases that have it already. Each use has
//! its own: two revisions, what git tells its hooks of a push, on this side and on the other, and the heads of a merge.

use std::{env, fs, io};

use gix::{ObjectId, bstr::ByteSlice};

use super::selection::Limit;
use crate::{
    git::repository::{Repository, failed},
    model::Name,
    source::SourceError,
};

/// How git calls the variable that names a head of a merge, before its id.
const GITHEAD: &str = "GITHEAD_";
/// Where the branches of a remote are, as far as they are known.
const REMOTES: &str = "refs/remotes/";

/// Between what and what a range is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    pub(super) heads: Vec<Head>,
    /// Names of refs that are not there yet.
    pub(super) new_names: Vec<Name>,
    /// What is reachable from these is not new.
    pub(super) bases: Vec<ObjectId>,
    /// Those of the bases that the change is made to. Their trees are what it is judged by.
    pub(super) tips: Vec<ObjectId>,
    /// Whether it is an error if a tip is not there: someone has named it.
    pub(super) needs_tips: bool,
    /// Which of the commits count.
    pub(super) limit: Limit,
    /// What the change is judged by if it has no tips: where most changes of the repository end up.
    pub(super) mainline: Option<ObjectId>,
}

/// Where a range leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) id: ObjectId,
    /// The ref that gets it; empty if that is of no matter.
    pub(super) name: Name,
}

/// A ref that is to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefUpdate {
    name: Name,
    /// What it was; none of a new one.
    old: Option<ObjectId>,
    /// What it is to be; none if it is deleted.
    new: Option<ObjectId>,
}

impl RefUpdate {
    /// Reads a line of what git tells its pre-push hook: `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID`. The first can be an
    /// expression with blanks in it.
    pub fn of_pre_push(line: &[u8]) -> Option<Self> {
        let mut words = line.rsplitn(4, |byte| *byte == b' ');
        let (old, name, new, _local) = (words.next()?, words.next()?, words.next()?, words.next()?);
        Self::new(name, old, new)
    }

    /// Reads a line of what git tells its pre-receive hook: `OLD-ID NEW-ID REF`.
    pub fn of_pre_receive(line: &[u8]) -> Option<Self> {
        let mut words = line.splitn(3, |byte| *byte == b' ');
        let (old, new, name) = (words.next()?, words.next()?, words.next()?);
        Self::new(name, old, new)
    }

    /// Of a ref by its name and ids in hexadecimal, as git tells its update hook. An id of zeros is none.
    pub fn new(name: &[u8], old: &[u8], new: &[u8]) -> Option<Self> {
        let id = |hex: &[u8]| ObjectId::from_hex(hex).ok().map(|id| Some(id).filter(|id| !id.is_null()));
        let update = Self { name: Name::new(name), old: id(old)?, new: id(new)? };
        (!name.is_empty()).then_some(update)
    }
}

impl Repository {
    /// What `head` has and `base` has not; both are names of revisions. Without a base, all that `head` has.
    ///
    /// # Errors
    /// If there are no such revisions.
    pub fn between(&self, base: Option<&str>, head: &str) -> Result<Ends, SourceError> {
        let objects = self.objects()?;
        let reader = objects.reader();
        let bases: Vec<ObjectId> = base.map(|base| self.revision(&reader, base)).transpose()?.into_iter().collect();
        let head = Head::new(self.revision(&reader, head)?);
        Ok(Ends { heads: vec![head], tips: bases.clone(), bases, needs_tips: true, ..Ends::default() })
    }

    /// The id, in hexadecimal, of the revision with this name, if it is here.
    pub fn id_of(&self, name: &str) -> Option<String> {
        let reader = self.objects().ok()?.reader();
        let id = self.revision(&reader, name).ok()?;
        reader.kind(&id).is_ok().then(|| id.to_string())
    }

    /// What a push brings to the remote with this name, as far as is known of what the remote has.
    ///
    /// # Errors
    /// If the refs of the repository cannot be read.
    pub fn pushed(&self, updates: &[RefUpdate], remote: &str) -> Result<Ends, SourceError> {
        let tips: Vec<ObjectId> = updates.iter().filter_map(|update| update.old).collect();
        let tracked = if is_name(remote) {
            self.references(Some(&format!("{REMOTES}{remote}/")))?
        } else {
            // It is a URL: nothing is known of what is there.
            Vec::new()
        };
        let mainline = is_name(remote).then(|| self.reference(&format!("{REMOTES}{remote}/HEAD")).ok().flatten());
        let mainline = mainline.flatten();
        Ok(Ends { bases: [&tips[..], &tracked].concat(), tips, mainline, ..Ends::of_updates(updates) })
    }

    /// What is between two revisions, and new to the remote with this name, as far as is known of what it has.
    ///
    /// # Errors
    /// If there are no such revisions, or the refs of the repository cannot be read.
    pub fn pushed_between(&self, base: Option<&str>, head: &str, remote: &str) -> Result<Ends, SourceError> {
        let ends = self.between(base, head)?;
        let known = self.pushed(&[], remote)?;
        Ok(Ends { bases: [ends.bases, known.bases].concat(), mainline: known.mainline, ..ends })
    }

    /// What a push brings to this repository, whose refs are still the old ones.
    ///
    /// # Errors
    /// If the refs of the repository cannot be read.
    pub fn received(&self, updates: &[RefUpdate]) -> Result<Ends, SourceError> {
        let bases = self.references(None)?;
        // That a ref was what it is said to have been is believed only if some ref is.
        let is_there = |old: &ObjectId| bases.binary_search(old).is_ok();
        let tips = updates.iter().filter_map(|update| update.old).filter(is_there).collect();
        let mainline = self.head()?;
        Ok(Ends { bases, tips, mainline, ..Ends::of_updates(updates) })
    }

    /// What the merge brings to HEAD that is being made; none if none is. Its heads are those that git has noted, in a
    /// file and in the environment.
    ///
    /// # Errors
    /// If HEAD or the heads of the merge cannot be read.
    pub fn merged(&self) -> Result<Option<Ends>, SourceError> {
        let heads = self.heads_of_merge()?;
        if heads.is_empty() {
            return Ok(None);
        }
        let bases: Vec<ObjectId> = self.head()?.into_iter().collect();
        let heads = heads.into_iter().map(Head::new).collect();
        Ok(Some(Ends { heads, tips: bases.clone(), bases, needs_tips: true, ..Ends::default() }))
    }

    /// The heads that are being merged, each once: those that git has noted, in a file and in the environment.
    pub(in crate::git) fn heads_of_merge(&self) -> Result<Vec<ObjectId>, SourceError> {
        let mut heads = self.noted_heads_of_merge()?;
        let noted = env::vars_os().filter_map(|(name, _)| name.to_str()?.strip_prefix(GITHEAD).map(str::to_owned));
        heads.extend(noted.filter_map(|hex| ObjectId::from_hex(hex.as_bytes()).ok()));
        heads.retain(|id| id.kind() == self.hash());
        heads.sort_unstable();
        heads.dedup();
        Ok(heads)
    }

    /// Those in the file, in its order; they become parents of the next commit.
    pub(in crate::git) fn noted_heads_of_merge(&self) -> Result<Vec<ObjectId>, SourceError> {
        let path = self.git_dir().join("MERGE_HEAD");
        let failed = |reason: String| failed(format!("reading {}", path.display()), reason);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error.to_string())),
        };
        let id = |line: &[u8]| ObjectId::from_hex(line.trim()).ok().filter(|id| id.kind() == self.hash());
        let id = |line| id(line).ok_or_else(|| failed("a line of it is not the id of a commit".to_owned()));
        text.lines().map(id).collect()
    }
}

impl Ends {
    /// The commits, in hexadecimal, whose files say how the change is judged: what it is made to, or else the main branch of
    /// where it goes. There may be none.
    pub fn judges(&self) -> Vec<String> {
        let mainline = self.mainline.iter().filter(|_| self.tips.is_empty());
        self.tips.iter().chain(mainline).map(ToString::to_string).collect()
    }

    /// What the change leads to, in hexadecimal.
    pub fn heads(&self) -> Vec<String> {
        self.heads.iter().map(|head| head.id.to_string()).collect()
    }

    fn of_updates(updates: &[RefUpdate]) -> Self {
        let head = |update: &RefUpdate| Some(Head { id: update.new?, name: update.name.clone() });
        let is_new = |update: &&RefUpdate| update.old.is_none() && update.new.is_some();
        let new_names = updates.iter().filter(is_new).map(|update| update.name.clone()).collect();
        Self { heads: updates.iter().filter_map(head).collect(), new_names, ..Self::default() }
    }
}

impl Head {
    pub(super) fn new(id: ObjectId) -> Self {
        Self { id, name: Name::new("") }
    }
}

/// Whether a remote is told by its name, which is a part of the names of refs.
fn is_name(remote: &str) -> bool {
    !remote.is_empty()
        && !remote.contains("..")
        && !remote.starts_with(['.', '/', '-'])
        && !remote.ends_with('/')
        && remote.chars().all(|char| char.is_alphanumeric() || "._-/@+".contains(char))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111";
    const NONE: &str = "0000000000000000000000000000000000000000";

    fn update(name: &str, old: Option<&str>, new: Option<&str>) -> Option<RefUpdate> {
        let id = |hex: &str| ObjectId::from_hex(hex.as_bytes()).unwrap();
        Some(RefUpdate { name: Name::new(name), old: old.map(id), new: new.map(id) })
    }

    #[test]
    fn what_git_tells_of_a_push_is_understood() {
        let line = |line: String| RefUpdate::of_pre_push(line.as_bytes());
        assert_eq!(line(format!("refs/heads/a {ONE} refs/heads/b {NONE}")), update("refs/heads/b", None, Some(ONE)));
        assert_eq!(line(format!("(delete) {NONE} refs/heads/b {ONE}")), update("refs/heads/b", Some(ONE), None));
        assert_eq!(
            line(format!("HEAD^{{/fix a bug}} {ONE} refs/heads/b {ONE}")),
            update("refs/heads/b", Some(ONE), Some(ONE))
        );
        let zeros = "0".repeat(64);
        assert_eq!(line(format!("x {ONE} refs/heads/b {zeros}")), update("refs/heads/b", None, Some(ONE)));
        for wrong in ["", "a b c", &format!("{ONE} refs/heads/b {NONE}"), &format!("x {ONE} refs/heads/b 0")] {
            assert_eq!(RefUpdate::of_pre_push(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn what_git_tells_of_what_it_receives_is_understood() {
        let line = format!("{NONE} {ONE} refs/heads/b");
        assert_eq!(RefUpdate::of_pre_receive(line.as_bytes()), update("refs/heads/b", None, Some(ONE)));
        for wrong in ["", ONE, &format!("{ONE} {ONE}"), &format!("{ONE} {ONE} "), &format!("{ONE} x refs/heads/b")] {
            assert_eq!(RefUpdate::of_pre_receive(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_url_is_no_name_of_a_remote() {
        for name in ["origin", "up-stream", "a/b", "über"] {
            assert!(is_name(name), "{name}");
        }
        for url in ["", "https://example.com/a", "../a", "/srv/a", "a:b", "host:", "a/", "C:\\a", "a b"] {
            assert!(!is_name(url), "{url}");
        }
    }
}
