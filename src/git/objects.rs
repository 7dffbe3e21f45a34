//! The object database, as git sees it: the repository's own directory or the one that `GIT_OBJECT_DIRECTORY` names, the
//! alternates of the environment and of `objects/info/alternates`, and the quarantine of a push. An object is what its id
//! says: neither replace refs nor grafts put another one in its place.
//!
//! What an object means (a tree's entries, a blob's path) is not decided here.

use std::{
    env,
    path::{Path, PathBuf},
    sync::Arc,
};

use gix::{
    ObjectId,
    bstr::{BStr, ByteSlice},
    hash::{self, oid},
    objs::{CommitRefIter, Exists, Find, FindHeader, Kind},
    odb,
};

use super::{
    delta_cache::DeltaCache,
    repository::{failed, reason},
};
use crate::source::SourceError;

/// What is between two directories in `GIT_ALTERNATE_OBJECT_DIRECTORIES`.
const SEPARATOR: u8 = if cfg!(windows) { b';' } else { b':' };

/// All object directories of a repository; shared by threads.
pub(super) struct Objects {
    stores: Vec<Arc<odb::Store>>,
    hash: hash::Kind,
}

/// One thread's access to the objects.
pub(super) struct ObjectReader {
    handles: Vec<odb::HandleArc>,
    hash: hash::Kind,
}

/// Why an object could not be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ObjectError {
    /// No object directory has it.
    #[error("object {0} is missing")]
    Missing(ObjectId),
    /// It is there, and not what it should be.
    #[error("object {id} is a {is}, not a {wanted}")]
    Kind { id: ObjectId, is: Kind, wanted: Kind },
    /// It is there, and broken.
    #[error("object {id}: {reason}")]
    Broken { id: ObjectId, reason: String },
}

/// More than one object has an id that begins so.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("several objects have an id that begins so")]
pub(super) struct SeveralObjects;

impl Objects {
    /// Opens the first of `directories`, which must exist, and those of the others that do, as git does.
    pub(super) fn open(directories: &[PathBuf], hash: hash::Kind) -> Result<Self, SourceError> {
        let (mut stores, mut skipped) = (Vec::new(), 0);
        for (nth, directory) in directories.iter().enumerate() {
            if nth > 0 && !directory.is_dir() {
                skipped += 1;
                continue;
            }
            let store = odb::Store::at_opts(
                directory.clone(),
                hash,
                &mut std::iter::empty(),
                odb::store::init::Options::default(),
            );
            let store =
                store.map_err(|error| failed(format!("opening the objects in {}", directory.display()), error))?;
            stores.push(Arc::new(store));
        }
        log::debug!("{} object directories, {skipped} that do not exist", stores.len());
        Ok(Self { stores, hash })
    }

    /// A handle for one thread that reads many objects, versions of the same files and directories in order.
    pub(super) fn reader_in_order(&self) -> ObjectReader {
        let mut reader = self.reader();
        reader.handles.iter_mut().for_each(|handle| handle.set_pack_cache(|| Box::new(DeltaCache::new())));
        reader
    }

    /// A handle for one thread that asks for many objects which are not there: it does not look for new packs each time.
    pub(super) fn reader_as_it_is(&self) -> ObjectReader {
        let mut reader = self.reader();
        reader.handles.iter_mut().for_each(|handle| handle.refresh_never());
        reader
    }

    /// A handle for one thread.
    pub(super) fn reader(&self) -> ObjectReader {
        ObjectReader { handles: self.stores.iter().map(odb::Store::to_cache_arc).collect(), hash: self.hash }
    }
}

impl ObjectReader {
    /// What kind of ids the objects have.
    pub(super) fn hash(&self) -> hash::Kind {
        self.hash
    }

    /// Reads an object of this kind: afterwards `buffer` holds its bytes and nothing else.
    pub(super) fn read(&self, id: &oid, wanted: Kind, buffer: &mut Vec<u8>) -> Result<(), ObjectError> {
        if self.is_empty_by_definition(id, wanted) {
            buffer.clear();
            return Ok(());
        }
        let found = self.first(id, |handle| {
            let found = handle.try_find(id, buffer)?;
            Ok(found.map(|object| (object.kind, object.data.len())))
        });
        let (is, len) = found?;
        debug_assert_eq!(len, buffer.len(), "an object fills the buffer");
        if is == wanted { Ok(()) } else { Err(ObjectError::Kind { id: id.into(), is, wanted }) }
    }

    /// Reads an object of whatever kind: afterwards `buffer` holds its bytes and nothing else.
    pub(super) fn read_any(&self, id: &oid, buffer: &mut Vec<u8>) -> Result<Kind, ObjectError> {
        self.first(id, |handle| Ok(handle.try_find(id, buffer)?.map(|object| object.kind)))
    }

    /// How many bytes an object has, without reading it.
    pub(super) fn size(&self, id: &oid) -> Result<u64, ObjectError> {
        if id == ObjectId::empty_blob(self.hash) {
            return Ok(0);
        }
        self.first(id, |handle| Ok(handle.try_header(id)?.map(|header| header.size)))
    }

    /// Whether some directory has an object.
    pub(super) fn has(&self, id: &oid) -> bool {
        id == ObjectId::empty_blob(self.hash) || self.handles.iter().any(|handle| handle.exists(id))
    }

    /// The ids of all objects, in no particular order; one that is stored twice is told twice.
    pub(super) fn ids(&self) -> Result<Vec<ObjectId>, String> {
        let mut ids = Vec::new();
        for handle in &self.handles {
            let all = handle.iter().map_err(|error| error.to_string())?;
            for id in all {
                ids.push(id.map_err(|error| error.to_string())?);
            }
        }
        Ok(ids)
    }

    /// What an object is, without reading it.
    pub(super) fn kind(&self, id: &oid) -> Result<Kind, ObjectError> {
        self.first(id, |handle| Ok(handle.try_header(id)?.map(|header| header.kind)))
    }

    /// The object whose id begins with these hexadecimal digits: one id, or the `Err` of several that do.
    pub(super) fn with_prefix(&self, digits: &str) -> Result<Option<ObjectId>, SeveralObjects> {
        let padded = format!("{digits:0<width$}", width = self.hash.len_in_hex());
        let prefix = ObjectId::from_hex(padded.as_bytes()).and_then(|id| hash::Prefix::new(&id, digits.len()));
        let Ok(prefix) = prefix else { return Ok(None) };
        let mut found = None;
        for handle in &self.handles {
            match handle.lookup_prefix(prefix, None) {
                Ok(Some(Err(()))) => return Err(SeveralObjects),
                Ok(Some(Ok(id))) if found.is_some_and(|known| known != id) => return Err(SeveralObjects),
                Ok(Some(Ok(id))) => found = Some(id),
                // A directory that cannot be listed has nothing to offer.
                Ok(None) | Err(_) => {}
            }
        }
        Ok(found)
    }

    /// The tree of a commit.
    pub(super) fn tree_of(&self, commit: &oid) -> Result<ObjectId, ObjectError> {
        let mut buffer = Vec::new();
        self.read(commit, Kind::Commit, &mut buffer)?;
        let tree = CommitRefIter::from_bytes(&buffer, self.hash).tree_id();
        tree.map_err(|error| ObjectError::Broken { id: commit.into(), reason: reason(&error) })
    }

    /// The answer of the first directory that has the object. A broken copy in one does not hide a good one in another.
    fn first<T>(
        &self,
        id: &oid,
        mut ask: impl FnMut(&odb::HandleArc) -> gix::Result<Option<T>>,
    ) -> Result<T, ObjectError> {
        let mut broken = None;
        for handle in &self.handles {
            match ask(handle) {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) => {}
                Err(error) => broken = Some(reason(&error)),
            }
        }
        Err(match broken {
            Some(reason) => ObjectError::Broken { id: id.into(), reason },
            None => ObjectError::Missing(id.into()),
        })
    }

    /// The empty blob and the empty tree exist though nobody has written them.
    fn is_empty_by_definition(&self, id: &oid, wanted: Kind) -> bool {
        match wanted {
            Kind::Blob => id == ObjectId::empty_blob(self.hash),
            Kind::Tree => id == ObjectId::empty_tree(self.hash),
            Kind::Commit | Kind::Tag => false,
        }
    }
}

/// Where the objects of a repository are; the first is where new ones are written. `of_environment` are git's variables,
/// if they speak of this repository.
pub(super) fn directories(common_dir: &Path, of_environment: Option<&Variables>) -> Vec<PathBuf> {
    let own = || common_dir.join("objects");
    let Some(variables) = of_environment else { return vec![own()] };
    let mut all = vec![variables.directory.clone().unwrap_or_else(own)];
    all.extend(variables.quarantine.iter().chain(&variables.alternates).cloned());
    let mut known: Vec<PathBuf> = Vec::new();
    all.retain(|directory| {
        !known.contains(directory) && {
            known.push(directory.clone());
            true
        }
    });
    all
}

/// The variables that name object directories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Variables {
    directory: Option<PathBuf>,
    quarantine: Option<PathBuf>,
    alternates: Vec<PathBuf>,
}

impl Variables {
    /// Those of this process. Relative ones are seen from `base`, where git goes before it looks at them.
    pub(super) fn of_process(base: &Path) -> Self {
        let named = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let below = |path: PathBuf| base.join(path);
        let alternates = named("GIT_ALTERNATE_OBJECT_DIRECTORIES");
        let alternates = alternates.as_deref().and_then(<[u8]>::from_path).map(alternates_in).unwrap_or_default();
        Self {
            directory: named("GIT_OBJECT_DIRECTORY").map(below),
            quarantine: named("GIT_QUARANTINE_PATH").map(below),
            alternates: alternates.into_iter().map(below).collect(),
        }
    }
}

/// The directories in a list. One that begins with a quote is quoted as in C, since its name may hold the separator.
fn alternates_in(mut list: &[u8]) -> Vec<PathBuf> {
    let mut directories = Vec::new();
    while !list.is_empty() {
        let unquoted = list.starts_with(b"\"").then(|| gix::quote::ansi_c::undo(BStr::new(list)).ok()).flatten();
        let (directory, len) = unquoted.unwrap_or_else(|| {
            let end = list.find_byte(SEPARATOR).unwrap_or(list.len());
            (list[..end].as_bstr().into(), end)
        });
        if !directory.is_empty() {
            directories.push(directory.to_path_lossy().into_owned());
        }
        list = list.get(len + 1..).unwrap_or_default();
    }
    directories
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_list_of_directories_is_taken_apart() {
        let parts = |list: &str| {
            let parts = alternates_in(list.as_bytes());
            parts.iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(parts(""), [""; 0]);
        assert_eq!(parts("/a"), ["/a"]);
        assert_eq!(parts("/a::b/c:"), ["/a", "b/c"]);
        assert_eq!(parts(r#""/with:colon\"and quote":/b"#), ["/with:colon\"and quote", "/b"]);
        assert_eq!(parts(r#""/never:closed"#), ["\"/never", "closed"]);
    }

    #[test]
    fn directories_are_named_once_and_the_one_to_write_to_is_first() {
        let path = PathBuf::from;
        assert_eq!(directories(Path::new("/r"), None), [path("/r/objects")]);
        assert_eq!(directories(Path::new("/r"), Some(&Variables::default())), [path("/r/objects")]);
        let pushed = Variables {
            directory: Some(path("/r/objects/incoming")),
            quarantine: Some(path("/r/objects/incoming")),
            alternates: vec![path("/r/objects"), path("/other")],
        };
        let expect = [path("/r/objects/incoming"), path("/r/objects"), path("/other")];
        assert_eq!(directories(Path::new("/r"), Some(&pushed)), expect);
    }
}
