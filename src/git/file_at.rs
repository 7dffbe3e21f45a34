//! One file as a revision has it: what configures keysieve is read so, where the files on disk are not to be trusted.

use gix::{bstr::ByteSlice, objs::Kind as ObjectKind};

use super::{
    objects::ObjectError,
    range::peel,
    repository::{Repository, failed},
    tree::{self, Kind},
};
use crate::source::SourceError;

/// Larger files are not read, in bytes: nothing that a person or a program writes for keysieve comes near it.
const LARGEST: u64 = 16 << 20;

/// A file of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileAt {
    /// The id of its blob, in hexadecimal.
    pub id: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl Repository {
    /// The file with this path, of names between slashes, in the revision with this name; none if there is no such file.
    ///
    /// # Errors
    /// If there is no such revision, the file or a directory on the way cannot be read, it is larger than 16 MiB, or it is
    /// no file but a directory, a submodule or a link, which may lead anywhere.
    pub fn file_at(&self, revision: &str, path: &str) -> Result<Option<FileAt>, SourceError> {
        let cannot = |reason: String| failed(format!("reading {path} of the revision '{revision}'"), reason);
        let broken = |error: ObjectError| cannot(error.to_string());
        let reader = self.objects()?.reader();
        let (_, commit) = peel(&reader, self.revision(&reader, revision)?);
        let mut id = reader.tree_of(&commit).map_err(broken)?;
        let mut buffer = Vec::new();
        let mut names = path.split('/').peekable();
        while let Some(name) = names.next() {
            let entries = tree::entries(&reader, &id, &mut buffer).map_err(broken)?;
            let Some(entry) = entries.iter().find(|entry| entry.name.as_bytes() == name.as_bytes()) else {
                return Ok(None);
            };
            match (entry.kind, names.peek()) {
                (Kind::Directory, Some(_)) | (Kind::File, None) => id = entry.id.into(),
                (_, Some(_)) => return Ok(None),
                (Kind::Directory, None) => return Err(cannot("it is a directory".to_owned())),
                (Kind::Link | Kind::Submodule, None) => return Err(cannot("it is no file, but a link".to_owned())),
            }
        }
        let size = reader.size(&id).map_err(broken)?;
        if size > LARGEST {
            return Err(cannot(format!("its {size} bytes are more than {LARGEST}")));
        }
        reader.read(&id, ObjectKind::Blob, &mut buffer).map_err(broken)?;
        Ok(Some(FileAt { id: id.to_string(), bytes: buffer }))
    }
}
