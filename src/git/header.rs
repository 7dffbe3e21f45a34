//! The headers of commits and tags, as far as the way from one object to the next goes. They are read with forbearance:
//! whoever made an object may have put anything into it, and a parent that is overlooked is a history that is not looked
//! at. Messages are not read here; an object is scanned as a whole.

use gix::{
    ObjectId,
    bstr::ByteSlice,
    hash::{self, oid},
    objs::Kind,
};

use crate::git::objects::{ObjectError, ObjectReader};

/// What a commit leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Commit {
    pub(super) tree: ObjectId,
    pub(super) parents: Vec<ObjectId>,
    /// Seconds since 1970, by the clock of the committer; 0 if that cannot be read. It only orders a walk.
    pub(super) time: i64,
}

/// Reads a commit.
pub(super) fn commit(reader: &ObjectReader, id: &oid, buffer: &mut Vec<u8>) -> Result<Commit, ObjectError> {
    reader.read(id, Kind::Commit, buffer)?;
    parse_commit(buffer, reader.hash()).ok_or_else(|| broken(id, "it names no tree"))
}

/// The object that a tag is for.
pub(super) fn tagged(reader: &ObjectReader, id: &oid, buffer: &mut Vec<u8>) -> Result<ObjectId, ObjectError> {
    reader.read(id, Kind::Tag, buffer)?;
    let object = values(buffer, b"object ").next().and_then(|hex| parse_id(hex, reader.hash()));
    object.ok_or_else(|| broken(id, "it names no object"))
}

/// Author, time and message of a commit, for a person.
pub(super) struct Authorship<'c> {
    pub(super) author: &'c [u8],
    /// Seconds since 1970, and the offset from UTC in seconds.
    pub(super) time: (i64, i32),
    pub(super) summary: &'c [u8],
}

/// Who wrote a commit and what its first line says.
pub(super) fn authorship(commit: &[u8]) -> Authorship<'_> {
    let line = values(commit, b"author ").next().unwrap_or_default();
    let message = commit.find(b"\n\n").map_or(&b""[..], |at| &commit[at + 2..]);
    Authorship {
        author: line.find(b" <").map_or(line, |end| &line[..end]),
        time: time_of(line),
        summary: message.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim(),
    }
}

pub(super) fn parse_commit(bytes: &[u8], hash: hash::Kind) -> Option<Commit> {
    let (mut tree, mut parents, mut time) = (None, Vec::new(), None);
    for line in headers(bytes) {
        if let Some(hex) = line.strip_prefix(b"parent ") {
            parents.extend(parse_id(hex, hash));
        } else if let Some(hex) = line.strip_prefix(b"tree ").filter(|_| tree.is_none()) {
            tree = Some(parse_id(hex, hash)?);
        } else if let Some(committer) = line.strip_prefix(b"committer ").filter(|_| time.is_none()) {
            time = Some(time_of(committer).0);
        }
    }
    Some(Commit { tree: tree?, parents, time: time.unwrap_or(0) })
}

/// What follows `key` on the header lines that begin with it.
fn values<'b>(bytes: &'b [u8], key: &'static [u8]) -> impl Iterator<Item = &'b [u8]> {
    headers(bytes).filter_map(move |line| line.strip_prefix(key))
}

/// The lines before the first empty one.
fn headers(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest);
        let (line, behind) = end.map_or((rest, &[][..]), |end| (&rest[..end], &rest[end + 1..]));
        let is_over = rest.is_empty();
        rest = if behind.starts_with(b"\n") { &[] } else { behind };
        (!is_over).then(|| line.strip_suffix(b"\r").unwrap_or(line))
    })
}

fn parse_id(hex: &[u8], hash: hash::Kind) -> Option<ObjectId> {
    ObjectId::from_hex(hex.trim()).ok().filter(|id| id.kind() == hash)
}

/// `NAME <EMAIL> SECONDS +HHMM`, from its end.
fn time_of(line: &[u8]) -> (i64, i32) {
    let mut words = line.rsplitn(3, |byte| *byte == b' ').map(|word| word.to_str().unwrap_or_default());
    let zone = words.next().and_then(|zone| zone.parse::<i32>().ok()).unwrap_or(0);
    let seconds = words.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
    (seconds, (zone / 100 * 60 + zone % 100).saturating_mul(60))
}

fn broken(id: &oid, reason: &str) -> ObjectError {
    ObjectError::Broken { id: id.into(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789012345678901234567890123456789";

    #[test]
    fn a_commit_is_read_as_far_as_it_goes() {
        let id = ObjectId::from_hex(ID.as_bytes()).unwrap();
        let whole = format!(
            "tree {ID}\nparent {ID}\nparent {ID}\nauthor A U <a@b> 5 -0130\ncommitter C <c@d> 7 +0000\n\n\n Do \nparent {ID}\n"
        );
        let parsed = parse_commit(whole.as_bytes(), hash::Kind::Sha1);
        assert_eq!(parsed, Some(Commit { tree: id, parents: vec![id, id], time: 7 }));
        let Authorship { author, time, summary } = authorship(whole.as_bytes());
        assert_eq!((author, time, summary), (&b"A U"[..], (5, -5400), &b"Do"[..]));
    }

    #[test]
    fn an_odd_commit_hides_no_parent() {
        let odd = format!("x y\ntree {ID}\nauthor\ntree 0123\nparent {ID}\ncommitter C\nparent {ID} ");
        let parsed = parse_commit(odd.as_bytes(), hash::Kind::Sha1).unwrap();
        assert_eq!((parsed.parents.len(), parsed.time), (2, 0));
        for none in ["", "\n\n", "tree 0123", &format!("parent {ID}\n\ntree {ID}"), &format!("tree {ID}0")] {
            assert_eq!(parse_commit(none.as_bytes(), hash::Kind::Sha1), None, "{none}");
        }
        authorship(b"");
        authorship(b"author <\n\n");
    }
}
