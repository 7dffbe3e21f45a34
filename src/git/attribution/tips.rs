//! What leads into the history of a repository: its refs, the heads of its work trees and of what is under way in them
//! (`MERGE_HEAD` and its like), and its reflogs. The commits that these name are not read here.

use std::{fs, io, path::Path};

use gix::{ObjectId, bstr::ByteSlice, hash, objs::Kind};

use crate::{
    git::{
        header,
        objects::ObjectReader,
        repository::{Repository, failed, reason},
    },
    model::Name,
    source::SourceError,
};

/// Tags that are for tags: more steps than this are not followed.
const MOST_STEPS: usize = 64;
/// A file with more bytes than this is no ref.
const LONGEST_HEAD: u64 = 1 << 20;

/// What leads into a history.
#[derive(Debug, Default)]
pub(super) struct Tips {
    /// In the order in which they are told: branches, then branches of remotes, then all others, each by name.
    pub(super) refs: Vec<Tip>,
    /// The commit that is checked out.
    pub(super) head: Option<ObjectId>,
    /// What heads of work trees and reflogs name; some more than once, and some that is no more.
    pub(super) others: Vec<ObjectId>,
    /// Refs that could not be read, and why.
    pub(super) broken: Vec<(Option<Name>, String)>,
}

/// A ref, and the object that it names; none if that is another ref.
type Found = (Name, Option<ObjectId>);

/// Where a ref leads to.
#[derive(Debug)]
pub(super) struct Tip {
    pub(super) name: Name,
    /// What is no tag.
    pub(super) id: ObjectId,
    pub(super) kind: Kind,
    /// The tags that lead there from the ref.
    pub(super) tags: Vec<ObjectId>,
}

impl Tips {
    /// What all of these name.
    pub(super) fn all(&self) -> impl Iterator<Item = ObjectId> {
        self.refs.iter().map(|tip| tip.id).chain(self.head).chain(self.others.iter().copied())
    }
}

impl Repository {
    /// The names of all its refs, sorted.
    ///
    /// # Errors
    /// If its refs cannot be listed.
    pub fn ref_names(&self) -> Result<Vec<Name>, SourceError> {
        let mut names = Vec::new();
        self.each_ref(&mut |found| {
            if let Ok((name, _)) = found {
                names.push(name);
            }
        })?;
        names.sort_unstable();
        Ok(names)
    }

    /// What leads into its history.
    pub(super) fn tips(&self, reader: &ObjectReader) -> Result<Tips, SourceError> {
        let mut tips = Tips { head: self.head()?, ..Tips::default() };
        let mut buffer = Vec::new();
        self.each_ref(&mut |found| match found {
            // A symbolic ref leads to one that is among the others, or to nothing.
            Ok((_, None)) => {}
            Ok((name, Some(id))) => match end_of_tags(reader, id, &mut buffer) {
                Ok((tags, id, kind)) => tips.refs.push(Tip { name, id, kind, tags }),
                Err(reason) => tips.broken.push((Some(name), reason)),
            },
            Err(reason) => tips.broken.push((None, reason)),
        })?;
        tips.refs.sort_by(|a, b| (rank(&a.name), &a.name).cmp(&(rank(&b.name), &b.name)));
        let worktrees = self.common_dir().join("worktrees");
        let worktrees = directories(&worktrees).map_err(|error| cannot_list(&worktrees, &error))?;
        for directory in std::iter::once(self.common_dir().to_owned()).chain(worktrees) {
            heads(&directory, self.hash(), &mut tips.others).map_err(|error| cannot_list(&directory, &error))?;
            for logs in ["logs", "refs"] {
                let logs = directory.join(logs);
                ids_below(&logs, self.hash(), &mut tips.others).map_err(|error| cannot_list(&logs, &error))?;
            }
        }
        tips.others.sort_unstable();
        tips.others.dedup();
        Ok(tips)
    }

    /// Tells of each ref its name and the object that it names; none of a symbolic ref.
    fn each_ref(&self, tell: &mut dyn FnMut(Result<Found, String>)) -> Result<(), SourceError> {
        let failed = |error: gix::Error| failed(format!("reading the refs of {}", self.git_dir().display()), error);
        let platform = self.inner().references().map_err(failed)?;
        for found in platform.all().map_err(failed)? {
            tell(match found {
                Ok(found) => Ok((Name::new(found.name().as_bstr()), found.inner.target.try_into_id().ok())),
                Err(error) => Err(reason(&error)),
            });
        }
        Ok(())
    }
}

/// Branches come first, then those of remotes.
fn rank(name: &Name) -> usize {
    let prefixes: [&[u8]; 2] = [b"refs/heads/", b"refs/remotes/"];
    prefixes.iter().position(|prefix| name.expose().starts_with(prefix)).unwrap_or(prefixes.len())
}

/// The tags that lead from an object to what is no tag, and that.
fn end_of_tags(
    reader: &ObjectReader,
    mut id: ObjectId,
    buffer: &mut Vec<u8>,
) -> Result<(Vec<ObjectId>, ObjectId, Kind), String> {
    let mut tags = Vec::new();
    while tags.len() < MOST_STEPS {
        let kind = reader.kind(&id).map_err(|error| error.to_string())?;
        if kind != Kind::Tag {
            return Ok((tags, id, kind));
        }
        tags.push(id);
        id = header::tagged(reader, &id, buffer).map_err(|error| error.to_string())?;
    }
    Err("it leads to tags without end".to_owned())
}

/// What the files in a repository's directory name that are called `HEAD`, `MERGE_HEAD` and so on.
fn heads(directory: &Path, hash: hash::Kind, ids: &mut Vec<ObjectId>) -> io::Result<()> {
    for found in fs::read_dir(directory)? {
        let found = found?;
        let is_head = found.file_name().to_string_lossy().ends_with("HEAD");
        if is_head && found.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LONGEST_HEAD) {
            ids.extend(ids_in(&fs::read(found.path())?, hash));
        }
    }
    Ok(())
}

/// What the files below a directory name at the beginnings of their lines: reflogs, and refs of a single work tree.
fn ids_below(directory: &Path, hash: hash::Kind, ids: &mut Vec<ObjectId>) -> io::Result<()> {
    let mut pending = vec![directory.to_owned()];
    while let Some(directory) = pending.pop() {
        let listed = match fs::read_dir(&directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            listed => listed?,
        };
        for found in listed {
            let found = found?;
            let kind = found.file_type()?;
            if kind.is_dir() {
                pending.push(found.path());
            } else if kind.is_file() {
                ids.extend(ids_in(&fs::read(found.path())?, hash));
            }
        }
    }
    Ok(())
}

/// The ids that the lines of a file begin with: one, or two in a reflog.
fn ids_in(content: &[u8], hash: hash::Kind) -> impl Iterator<Item = ObjectId> {
    let words = content.lines().flat_map(|line| line.splitn(3, |byte| matches!(byte, b' ' | b'\t')).take(2));
    words.filter_map(move |word| ObjectId::from_hex(word).ok()).filter(move |id| id.kind() == hash && !id.is_null())
}

/// The directories in a directory; none if there is no such thing.
fn directories(directory: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let listed = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed?,
    };
    let paths: io::Result<Vec<_>> = listed.map(|found| Ok(found?.path())).collect();
    Ok(paths?.into_iter().filter(|path| path.is_dir()).collect())
}

fn cannot_list(directory: &Path, error: &io::Error) -> SourceError {
    failed(format!("listing {}", directory.display()), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_at_the_beginnings_of_lines() {
        let (a, b, none) = ("a".repeat(40), "b".repeat(40), "0".repeat(40));
        let content =
            format!("{none} {a} A U <a@b> 1 +0000\tcommit: {b}\n{b}\tnot-for-merge\tbranch\nref: refs/heads/main\n");
        let ids: Vec<String> = ids_in(content.as_bytes(), hash::Kind::Sha1).map(|id| id.to_string()).collect();
        assert_eq!(ids, [a, b]);
    }

    #[test]
    fn branches_come_first() {
        let names = ["refs/heads/z", "refs/remotes/a/b", "refs/notes/commits", "refs/tags/a"].map(Name::new);
        assert_eq!(names.each_ref().map(rank), [0, 1, 2, 2]);
    }
}
