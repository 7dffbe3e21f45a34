//! Every object of an object database, each once: those of all packs, family by family, and those that stand alone. What
//! is in no ref, no reflog and no index is there too. What is broken is told, and the rest goes on.

mod check;
pub mod delta;
mod family;
mod forest;
mod packs;
mod ranks;
mod stream;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::{fs, io};

use gix::{
    hash::{self, ObjectId, oid},
    objs::Kind,
    odb::{self, loose},
};
use rayon::prelude::*;

pub(super) use self::packs::Packs;

use self::family::{Sweeping, Threads};
use self::forest::Forest;
pub(super) use self::stream::LONG;
use super::objects::{ObjectError, ObjectReader, Objects};
use super::repository::{Repository, failed};
use crate::model::{ObjectKind, ObjectName, UnreadReason};
use crate::source::{Object, Sieve, SourceError};

/// The longest object that is held in memory, in bytes: longer ones are told as unread.
const LARGEST: u64 = 1 << 30;

/// What an object counts for that has a file of its own, in bytes of a pack: to open a file takes about as long.
const LOOSE: u64 = 4096;

/// The object database of a repository, to be swept.
pub struct Sweep {
    directories: Vec<PathBuf>,
    objects: Objects,
    hash: hash::Kind,
    checks_ids: bool,
    /// The packs, once they were opened, and what of the directories could not be listed.
    packs: OnceLock<(Packs, Vec<UnreadReason>)>,
    /// The forest of each pack, from the first push on.
    forests: Mutex<Option<Arc<Vec<Grown>>>>,
}

/// A forest, and the objects of which not even the header could be read.
type Grown = (Forest, Vec<ObjectError>);

impl Repository {
    /// All its objects.
    ///
    /// # Errors
    /// If its object directories cannot be opened.
    pub fn sweep(&self) -> Result<Sweep, SourceError> {
        let mut directories = Vec::new();
        for directory in self.object_directories() {
            let alternates = odb::alternate::resolve(directory.clone(), self.current_dir());
            let doing = || format!("reading the alternates of {}", directory.display());
            let alternates = alternates.map_err(|error| failed(doing(), error))?;
            let all = std::iter::once(directory.clone()).chain(alternates);
            let new: Vec<PathBuf> = all.filter(|directory| !directories.contains(directory)).collect();
            directories.extend(new);
        }
        Ok(Sweep {
            directories,
            objects: self.objects()?,
            hash: self.hash(),
            checks_ids: false,
            packs: OnceLock::new(),
            forests: Mutex::default(),
        })
    }
}

impl Sweep {
    /// The same, and if `checks` says so, what is stored under an id that its content has not is told as unread. Of
    /// objects that have a file of their own that is always so; of a packed one it takes as long as all else that a sweep does,
    /// and each has a checksum of its bytes as they are stored.
    pub fn checking_ids(self, checks: bool) -> Self {
        Self { checks_ids: checks, ..self }
    }

    /// Where the objects are: the directories of the repository and all their alternates.
    pub(super) fn directories(&self) -> &[PathBuf] {
        &self.directories
    }

    /// What kind of ids the objects have.
    pub(super) fn hash(&self) -> hash::Kind {
        self.hash
    }

    /// Its packs, opened when first asked for.
    pub(super) fn packs(&self) -> &Packs {
        &self.opened().0
    }

    /// Lets go of what is needed to push once more, which is a good part of a sweep's memory.
    pub(super) fn forget_forests(&self) {
        *self.forests.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn forests(&self) -> Arc<Vec<Grown>> {
        let mut forests = self.forests.lock().unwrap_or_else(PoisonError::into_inner);
        let grow = || self.packs().packs.iter().map(|pack| Forest::new(&pack.data, &pack.index)).collect();
        Arc::clone(forests.get_or_insert_with(|| Arc::new(grow())))
    }

    fn opened(&self) -> &(Packs, Vec<UnreadReason>) {
        self.packs.get_or_init(|| {
            let mut unlisted = Vec::new();
            let indices = self.pack_indices(|reason| unlisted.push(reason));
            (Packs::open(&indices, self.hash), unlisted)
        })
    }

    /// Pushes every object once, on all threads of the current pool; gives back the buffers of each.
    pub fn push<S: Sieve>(&self, sieve: &S) -> Vec<S::Local> {
        let threads = Threads::new();
        let (packs, unlisted) = self.opened();
        let forests = self.forests();
        threads.with(sieve, |thread| {
            let reasons = unlisted.iter().cloned().chain(packs.broken.iter().cloned().map(UnreadReason::Io));
            reasons.for_each(|reason| sieve.unread(&mut thread.local, None, reason));
            let broken = forests.iter().flat_map(|(_, broken)| broken);
            broken.for_each(|error| unread(sieve, &mut thread.local, error));
        });
        let loose =
            self.loose_ids(packs, |reason| threads.with(sieve, |thread| sieve.unread(&mut thread.local, None, reason)));
        let packed: u64 = packs.packs.iter().map(|pack| pack.data.data_len() as u64).sum();
        sieve.expects(packed + loose.len() as u64 * LOOSE);
        for (pack, (forest, _)) in packs.packs.iter().zip(&*forests) {
            let outside = || self.objects.reader();
            let checks_ids = self.checks_ids;
            Sweeping { packs, pack, forest, outside: &outside, sieve, threads: &threads, checks_ids }.all();
        }
        self.push_loose(&loose, sieve, &threads);
        threads.into_locals().collect()
    }

    /// The ids of all objects that have a file of their own and are in no pack; sorted.
    fn loose_ids(&self, packs: &Packs, mut unread: impl FnMut(UnreadReason)) -> Vec<ObjectId> {
        let is_packed = |id: &oid| packs.number(id).is_some();
        let mut ids = Vec::new();
        for directory in &self.directories {
            for id in loose::Store::at(directory.clone(), self.hash).iter() {
                match id {
                    Ok(id) if is_packed(&id) => {}
                    Ok(id) => ids.push(id),
                    Err(error) => {
                        unread(UnreadReason::Io(format!("listing the objects in {}: {error}", directory.display())));
                    }
                }
            }
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Pushes these objects, each of which has a file of its own.
    fn push_loose<S: Sieve>(&self, ids: &[ObjectId], sieve: &S, threads: &Threads<S>) {
        ids.par_iter().for_each_init(
            || (self.objects.reader(), Vec::new()),
            |(reader, bytes), id| {
                if sieve.stopped() {
                    return;
                }
                threads.with(sieve, |thread| {
                    if let Err(error) = self.push_one(reader, id, bytes, sieve, &mut thread.local) {
                        unread(sieve, &mut thread.local, &error);
                    }
                });
                sieve.went_through(LOOSE);
            },
        );
    }

    /// Pushes an object that has a file of its own.
    fn push_one<S: Sieve>(
        &self,
        reader: &ObjectReader,
        id: &oid,
        bytes: &mut Vec<u8>,
        sieve: &S,
        local: &mut S::Local,
    ) -> Result<(), ObjectError> {
        let broken = |reason: String| ObjectError::Broken { id: id.into(), reason };
        let kind = reader.kind(id)?;
        if !sieve.wants(kind_of(kind)) {
            return Ok(());
        }
        let size = reader.size(id)?;
        if kind == Kind::Blob && size > LONG {
            return self.push_long(id, sieve, local).map_err(|error| broken(error.to_string()));
        }
        if size > LARGEST {
            return Err(broken(too_long(size)));
        }
        reader.read_any(id, bytes)?;
        check::id(id, kind, bytes).map_err(broken)?;
        let (id, kind) = (id.as_bytes(), kind_of(kind));
        let object = Object { id, number: None, kind, bytes, segments: &[], is_repeated: false };
        sieve.object(local, object, &S::Kept::default());
        Ok(())
    }

    fn push_long<S: Sieve>(&self, id: &oid, sieve: &S, local: &mut S::Local) -> io::Result<()> {
        let open = || self.loose_blob(id)?.ok_or_else(|| io::Error::other("it is there no longer"));
        sieve.stream(local, name_of(id), &mut open()?.1)?;
        let (len, mut content) = open()?;
        stream::check_id(id, len, &mut content)
    }

    /// The indices of all packs, each object directory's in the order of their names.
    fn pack_indices(&self, mut unread: impl FnMut(UnreadReason)) -> Vec<PathBuf> {
        let mut all = Vec::new();
        for directory in &self.directories {
            let directory = directory.join("pack");
            match files(&directory) {
                Ok(mut files) => {
                    files.retain(|path| path.extension().is_some_and(|extension| extension == "idx"));
                    files.sort();
                    all.append(&mut files);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => unread(UnreadReason::Io(format!("listing {}: {error}", directory.display()))),
            }
        }
        all
    }
}

fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(directory)?.map(|entry| Ok(entry?.path())).collect()
}

/// Tells of an object that is not there or broken.
fn unread<S: Sieve>(sieve: &S, local: &mut S::Local, error: &ObjectError) {
    let (ObjectError::Missing(id) | ObjectError::Kind { id, .. } | ObjectError::Broken { id, .. }) = error;
    sieve.unread(local, Some(name_of(id)), UnreadReason::Io(error.to_string()));
}

fn name_of(id: &oid) -> ObjectName {
    ObjectName::new(id.as_bytes())
}

const fn kind_of(kind: Kind) -> ObjectKind {
    match kind {
        Kind::Blob => ObjectKind::Blob,
        Kind::Tree => ObjectKind::Tree,
        Kind::Commit => ObjectKind::Commit,
        Kind::Tag => ObjectKind::Tag,
    }
}

fn too_long(size: u64) -> String {
    format!("it has {size} bytes, more than the {LARGEST} that are held")
}
