//! Names of revisions, as people and CI systems give them: ids, whole or their beginnings, refs by git's rules of
//! abbreviation, and the ancestors of what these name (`~`, `^`). And refs as they stand in the repository.
//!
//! Dates, searches and reflogs (`@{...}`, `:/...`) are not understood, and said not to be.

use gix::{ObjectId, objs::Kind, refs::Target};

use crate::{
    git::{
        header,
        objects::ObjectReader,
        repository::{Repository, failed},
    },
    source::SourceError,
};

/// Refs that lead to refs: more steps than this are a circle.
const MOST_STEPS: usize = 16;
/// Fewer digits than this are no abbreviation of an id.
const FEWEST_DIGITS: usize = 4;

impl Repository {
    /// The object that `name` names. A whole id is taken as it is, whether there is such an object or not.
    pub(in crate::git) fn revision(&self, reader: &ObjectReader, name: &str) -> Result<ObjectId, SourceError> {
        let cannot = |reason: &str| failed(format!("looking for the revision '{name}'"), reason);
        let end = name.find(['~', '^']).unwrap_or(name.len());
        let (base, steps) = name.split_at(end);
        if name.contains("@{") || name.contains(":") {
            return Err(cannot("an id, or the name of a branch or tag, is what is understood here"));
        }
        let id = match self.named(reader, base) {
            Ok(Some(id)) => id,
            Ok(None) => return Err(cannot("there is no such branch, tag or commit here")),
            Err(reason) => return Err(cannot(&reason)),
        };
        follow(reader, id, steps).map_err(|reason| cannot(&reason))
    }

    /// What a ref leads to; none if there is no such ref.
    pub(super) fn reference(&self, name: &str) -> Result<Option<ObjectId>, String> {
        let mut name = name.to_owned();
        for _ in 0..MOST_STEPS {
            let found = self.inner().try_find_reference(name.as_str());
            let Some(found) = found.map_err(|error| format!("{error:#}"))? else { return Ok(None) };
            match found.inner.target {
                Target::Object(id) => return Ok(Some(id)),
                Target::Symbolic(next) => name = next.as_bstr().to_string(),
            }
        }
        Err("it leads to refs without end".to_owned())
    }

    /// What all refs below `prefix`, such as `refs/heads/`, lead to; without any, all refs. One that is broken leads to
    /// nothing. Sorted, each once.
    pub(super) fn references(&self, prefix: Option<&str>) -> Result<Vec<ObjectId>, SourceError> {
        let failed = |error: gix::Error| failed(format!("reading the refs of {}", self.git_dir().display()), error);
        let platform = self.inner().references().map_err(failed)?;
        let refs = match prefix {
            Some(prefix) => platform.prefixed(prefix.as_bytes()),
            None => platform.all(),
        };
        // A symbolic ref leads to one that is among them, or to nothing.
        let ids = refs.map_err(failed)?.filter_map(|found| found.ok()?.inner.target.try_into_id().ok());
        let mut ids: Vec<ObjectId> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    fn named(&self, reader: &ObjectReader, name: &str) -> Result<Option<ObjectId>, String> {
        let is_hex = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hex && name.len() == self.hash().len_in_hex() {
            return Ok(ObjectId::from_hex(name.as_bytes()).ok());
        }
        let name = if name == "@" { "HEAD" } else { name };
        // What cannot be the name of a ref is none.
        let found = match self.reference(name) {
            Err(_) if is_hex => None,
            found => found?,
        };
        if found.is_some() || !is_hex || name.len() < FEWEST_DIGITS || name.len() > self.hash().len_in_hex() {
            return Ok(found);
        }
        reader.with_prefix(&name.to_ascii_lowercase()).map_err(|error| error.to_string())
    }
}

/// The tags that lead from `id` to what is no tag, and that. One that cannot be read is told as the end.
pub(in crate::git) fn peel(reader: &ObjectReader, mut id: ObjectId) -> (Vec<ObjectId>, ObjectId) {
    let (mut tags, mut buffer) = (Vec::new(), Vec::new());
    while let Ok(Kind::Tag) = reader.kind(&id) {
        let Ok(next) = header::tagged(reader, &id, &mut buffer) else { break };
        tags.push(id);
        id = next;
    }
    (tags, id)
}

/// Goes the way that `~N`, `^N`, `^{...}` describe.
fn follow(reader: &ObjectReader, mut id: ObjectId, mut steps: &str) -> Result<ObjectId, String> {
    while let Some(step) = steps.chars().next() {
        steps = &steps[1..];
        if let Some(rest) = steps.strip_prefix("{}").or_else(|| steps.strip_prefix("{commit}")).filter(|_| step == '^')
        {
            (id, steps) = (peel(reader, id).1, rest);
            continue;
        }
        let digits = steps.find(|char: char| !char.is_ascii_digit()).unwrap_or(steps.len());
        let (number, rest) = steps.split_at(digits);
        let number: usize = if number.is_empty() { 1 } else { number.parse().map_err(|_| "a number is too large")? };
        (id, steps) = (ancestor(reader, id, step, number)?, rest);
        if !steps.starts_with(['~', '^']) && !steps.is_empty() {
            return Err("what follows its '~' or '^' is not understood".to_owned());
        }
    }
    Ok(id)
}

fn ancestor(reader: &ObjectReader, id: ObjectId, step: char, number: usize) -> Result<ObjectId, String> {
    let mut id = peel(reader, id).1;
    let (generations, parent) =
        if step == '~' { (number, 0) } else { (usize::from(number > 0), number.wrapping_sub(1)) };
    let mut buffer = Vec::new();
    for _ in 0..generations {
        let commit = header::commit(reader, &id, &mut buffer).map_err(|error| error.to_string())?;
        id = *commit.parents.get(parent).ok_or_else(|| format!("the commit {id} has no such parent"))?;
    }
    Ok(id)
}
