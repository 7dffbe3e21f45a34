//! What a sweep of the object database found suspect, as something to scan: blobs under the names that they have, commits
//! and tags as they are stored; and names, of files and directories and of refs. Which these are was decided by looking at
//! each one; here they get their kinds of file, their paths and the commits that brought them in.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read},
};

use gix::{ObjectId, date::time::format::SHORT, objs::Kind};

use super::{
    attribution::{Asked, Attributed, Attribution, Noted},
    documents::{self, DocumentReader},
    header::{self, Authorship},
    objects::Objects,
    repository::Repository,
    sweep::{LONG, Sweep},
};
use crate::{
    model::{Introduction, KindSet, Mask, Name, ObjectKind, ObjectName, Origin, Text, UnreadReason},
    source::{Content, Document, Reopen, Sink, Source, SourceError},
};

/// Refs that are named; of others only the number is told.
const NAMED_REFS: usize = 3;

/// What was found suspect.
pub struct History {
    objects: Objects,
    /// Where long objects are read from.
    sweep: Sweep,
    documents: Vec<Suspect>,
    /// Names of files and directories, each by the first path that ends in it.
    names: Vec<Name>,
    refs: Vec<Name>,
    attribution: Attribution,
    unread: Vec<(Origin, UnreadReason)>,
    max_size: Option<u64>,
}

/// What a sweep came to, and what else is to be looked at.
#[derive(Clone, Copy)]
pub struct Suspects<'a> {
    /// Objects that hold something, whatever kind of file they are.
    pub holding: &'a [(ObjectName, ObjectKind)],
    /// Objects, or parts of the database, that could not be read.
    pub unread: &'a [(Option<ObjectName>, UnreadReason)],
    /// Whether a file with this name is suspect whatever it holds.
    pub name: &'a (dyn Fn(&[u8]) -> bool + Sync),
    /// Whether the name of a file or directory holds something itself.
    pub name_holds: &'a (dyn Fn(&[u8]) -> bool + Sync),
    /// Whether to make sure that every blob is there that something leads to.
    pub connectivity: bool,
    /// Longer objects, in bytes, are not read.
    pub max_size: Option<u64>,
}

/// An object to be scanned.
struct Suspect {
    id: ObjectId,
    kind: Kind,
    kinds: KindSet,
    origin: Origin,
}

impl Repository {
    /// Its suspect objects, of a sweep that noted all commits. Once `stopped` says so they have neither paths nor commits.
    ///
    /// # Errors
    /// If object directories or refs cannot be listed.
    pub fn history(
        &self,
        noted: &Noted<'_>,
        suspects: Suspects<'_>,
        stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<History, SourceError> {
        let broken: BTreeSet<ObjectName> = suspects.unread.iter().filter_map(|(id, _)| *id).collect();
        let holding = suspects.holding.iter().map(|(id, _)| *id);
        let objects: BTreeSet<ObjectName> = holding.chain(broken.iter().copied()).collect();
        let Suspects { name, name_holds: holds, connectivity: every_blob, .. } = suspects;
        let asked = Asked { objects: &objects, broken: &broken, name, holds, every_blob };
        let attribution = self.attribute(noted, asked, stopped)?;
        let named = attribution.named().iter().map(|id| (*id, ObjectKind::Blob));
        let holding = suspects.holding.iter().copied().chain(named);
        let documents = holding.flat_map(|(id, kind)| documents_of(id, kind, &attribution, suspects.name)).collect();
        let unread = unread(suspects.unread, &attribution);
        let (objects, refs, max_size) = (self.objects()?, self.ref_names()?, suspects.max_size);
        let names = attribution.names().filter_map(path_of_name).cloned().collect();
        Ok(History { objects, sweep: self.sweep()?, documents, names, refs, attribution, unread, max_size })
    }
}

/// An object as a document: under its first path, and if it has more names than one that make it suspect, under the first
/// path with each of these.
fn documents_of(
    id: ObjectName,
    kind: ObjectKind,
    attribution: &Attribution,
    is_suspect: &dyn Fn(&[u8]) -> bool,
) -> Vec<Suspect> {
    let Some(object) = object_id(&id) else { return Vec::new() };
    let suspect = |kind, kinds, origin| Suspect { id: object, kind, kinds, origin };
    match kind {
        ObjectKind::Commit => vec![suspect(Kind::Commit, KindSet::PROSE, Origin::Commit(id.to_string()))],
        ObjectKind::Tag => vec![suspect(Kind::Tag, KindSet::PROSE, Origin::Tag(id.to_string()))],
        ObjectKind::Blob | ObjectKind::Tree => {
            let attributed = attribution.of(&id);
            let kinds = attributed.map_or(KindSet::ALL, kinds);
            let origin = |path: &Name| match path.expose().is_empty() {
                true => Origin::Object(id.to_string()),
                false => Origin::Blob { id: id.to_string(), path: path.clone() },
            };
            let mut paths = attributed.map(|attributed| paths(attributed, is_suspect)).unwrap_or_default();
            if paths.is_empty() {
                paths.push(Name::new(""));
            }
            paths.iter().map(|path| suspect(Kind::Blob, kinds, origin(path))).collect()
        }
    }
}

/// The kinds of file that a blob was, by all its names.
fn kinds(attributed: &Attributed) -> KindSet {
    let kinds = attributed.names.iter().map(|name| KindSet::of_path(name.expose()));
    let all = kinds.reduce(KindSet::union).unwrap_or(KindSet::ALL);
    if attributed.is_link { KindSet::ALL } else { all }
}

/// The first path, and the first with each name that makes the blob suspect.
fn paths(attributed: &Attributed, is_suspect: &dyn Fn(&[u8]) -> bool) -> Vec<Name> {
    let mut by_name = BTreeMap::new();
    let places = || attributed.places.iter().map(|place| &place.path);
    // Of a blob that only trees have which nothing leads to, no more than names are known.
    for path in places().chain(&attributed.names).filter(|path| is_suspect(file_name(path))) {
        by_name.entry(file_name(path)).or_insert(path);
    }
    let first = places().chain(&attributed.names).next();
    let others = by_name.into_values().filter(|path| Some(*path) != first);
    first.into_iter().chain(others).cloned().collect()
}

/// Where a name was first; of one that only trees have which nothing leads to, no more is known than itself.
fn path_of_name(attributed: &Attributed) -> Option<&Name> {
    attributed.places.iter().map(|place| &place.path).chain(&attributed.names).next()
}

fn file_name(path: &Name) -> &[u8] {
    let path: &[u8] = path.expose();
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}

/// What could not be read, each once; of an object that has a name, under that.
fn unread(of_sweep: &[(Option<ObjectName>, UnreadReason)], attribution: &Attribution) -> Vec<(Origin, UnreadReason)> {
    let origin = |id: &Option<ObjectName>| id.map_or(Origin::Database, |id| Origin::Object(id.to_string()));
    let of_sweep = of_sweep.iter().map(|(id, reason)| (origin(id), reason.clone()));
    let all = of_sweep.chain(attribution.unread().iter().cloned());
    let mut unread: Vec<_> = all.map(|(origin, reason)| (named(origin, attribution), reason)).collect();
    unread.sort_by_cached_key(|(origin, reason)| (origin.clone(), reason.to_string()));
    unread.dedup();
    unread
}

/// An object under its first path, if it has one.
fn named(origin: Origin, attribution: &Attribution) -> Origin {
    let Origin::Object(id) = &origin else { return origin };
    let name = ObjectId::from_hex(id.as_bytes()).ok().map(|id| ObjectName::new(id.as_bytes()));
    let attributed = name.and_then(|name| attribution.of(&name));
    match attributed.and_then(|attributed| attributed.places.first()) {
        Some(place) if !place.path.expose().is_empty() => Origin::Blob { id: id.clone(), path: place.path.clone() },
        _ => origin,
    }
}

fn object_id(name: &ObjectName) -> Option<ObjectId> {
    ObjectId::try_from(name.as_bytes()).ok()
}

impl History {
    /// The content of a blob that is too long to be held, if it is to be read and can be read otherwise.
    fn long(&self, suspect: &Suspect, reader: &DocumentReader<'_>) -> Option<Box<dyn Read + Send + '_>> {
        let size = reader.size(&suspect.id).filter(|size| suspect.kind == Kind::Blob && *size > LONG)?;
        if self.max_size.is_some_and(|limit| size > limit) {
            return None;
        }
        self.sweep.stream(&suspect.id).ok().flatten()
    }

    /// Where the object comes from that a document is.
    fn attributed(&self, origin: &Origin) -> Option<&Attributed> {
        if let Origin::FileName(path) = origin {
            return self.attribution.of_name(file_name(path));
        }
        let id = ObjectId::from_hex(origin.object()?.as_bytes()).ok()?;
        self.attribution.of(&ObjectName::new(id.as_bytes()))
    }
}

impl Source for History {
    /// All is pushed though the run was interrupted: what was found suspect by then is what there is to be reported.
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let mut worker = sink.worker();
        self.unread.iter().for_each(|(origin, reason)| worker.unread(origin.clone(), reason.clone()));
        self.refs.iter().for_each(|name| documents::push_ref(name, &mut *worker));
        for path in &self.names {
            let (origin, content) = (Origin::FileName(path.clone()), Content::Bytes(file_name(path)));
            worker.document(Document { origin, kinds: KindSet::ALL, content });
        }
        drop(worker);
        documents::each_to_the_end(sink, &self.objects, &self.documents, |suspect, reader| {
            match self.long(suspect, reader) {
                Some(mut content) => reader.stream(suspect.origin.clone(), suspect.kinds, &mut *content),
                None => {
                    reader.push(suspect.origin.clone(), suspect.kinds, (&suspect.id, suspect.kind), self.max_size);
                }
            }
        });
        Ok(())
    }

    fn rank(&self, origin: &Origin) -> u32 {
        let first = self.attributed(origin).and_then(|attributed| attributed.places.first());
        first.map_or(u32::MAX, |place| place.rank)
    }

    fn paths(&self, origin: &Origin) -> Vec<Name> {
        let attributed = self.attributed(origin).into_iter().flat_map(|one| &one.places).map(|place| &place.path);
        attributed.chain(origin.path()).filter(|path| !path.expose().is_empty()).cloned().collect()
    }

    fn introduction(&self, origins: &[&Origin], mask: &dyn Mask) -> Option<Introduction> {
        let all: Vec<&Attributed> = origins.iter().filter_map(|origin| self.attributed(origin)).collect();
        let first = all.iter().filter(|one| one.places.first().is_some_and(|place| place.commit.is_some()));
        let first = first.min_by_key(|one| (one.places[0].rank, &one.places[0].path))?;
        let place = &first.places[0];
        let commit = place.commit?;
        let last = all.iter().filter(|one| one.unreachable == first.unreachable).filter_map(|one| one.last);
        let mut bytes = Vec::new();
        self.objects.reader().read(&object_id(&commit)?, Kind::Commit, &mut bytes).ok()?;
        let Authorship { author, time: (seconds, offset), summary } = header::authorship(&bytes);
        Some(Introduction {
            commit: commit.to_string(),
            author: Text::new(author, mask),
            date: gix::date::Time::new(seconds, offset).format_or_unix(SHORT),
            summary: Text::new(summary, mask),
            path: place.path.clone(),
            in_head: all.iter().any(|one| one.in_head),
            unreachable: first.unreachable,
            last_commit: last.max_by_key(|last| last.rank).map(|last| last.commit.to_string()),
            paths: all_paths(&all).into_iter().map(|path| path.masked(mask)).collect(),
            refs: first.refs.iter().take(NAMED_REFS).map(|name| name.masked(mask)).collect(),
            more_refs: first.refs.len().saturating_sub(NAMED_REFS),
        })
    }
}

/// Every path that some of these had, in the order in which they were there first.
fn all_paths<'a>(all: &[&'a Attributed]) -> Vec<&'a Name> {
    let mut first: BTreeMap<&Name, u32> = BTreeMap::new();
    for place in all.iter().flat_map(|one| &one.places).filter(|place| !place.path.expose().is_empty()) {
        let rank = first.entry(&place.path).or_insert(place.rank);
        *rank = place.rank.min(*rank);
    }
    let mut paths: Vec<(u32, &Name)> = first.into_iter().map(|(path, rank)| (rank, path)).collect();
    paths.sort_unstable();
    paths.into_iter().map(|(_, path)| path).collect()
}

impl Reopen for History {
    fn reopen(&self, origin: &Origin) -> io::Result<Box<dyn Read + '_>> {
        let kind = match origin {
            Origin::Ref(name) => return Ok(documents::of_name(name)),
            Origin::FileName(path) => return Ok(documents::of_name(&Name::new(file_name(path)))),
            Origin::Commit(_) => Kind::Commit,
            Origin::Tag(_) => Kind::Tag,
            _ => Kind::Blob,
        };
        let id = origin.object().and_then(|id| ObjectId::from_hex(id.as_bytes()).ok());
        let id = id.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "it is no object"))?;
        let is_long = kind == Kind::Blob && self.objects.reader().size(&id).is_ok_and(|size| size > LONG);
        match is_long.then(|| self.sweep.stream(&id)).transpose()?.flatten() {
            Some(content) => Ok(content),
            None => documents::of_object(&self.objects, &id, kind),
        }
    }
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History").field("documents", &self.documents.len()).finish_non_exhaustive()
    }
}
