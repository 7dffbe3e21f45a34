//! Where a document came from, as plain data, and names as git knows them: bytes.

use std::{borrow::Cow, fmt, path::Path};

use bstr::{BStr, BString, ByteSlice};

use super::{Mask, Text};

/// A path or ref name: bytes of the repository. It does not print itself, since a name can hold a secret too; a
/// report shows the masked [`Text`](super::Text) made from it.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(BString);

impl Name {
    /// A name from its bytes; separators are `/` on every platform.
    pub fn new(bytes: impl Into<BString>) -> Self {
        Self(bytes.into())
    }

    /// A path's bytes, exact on Unix; elsewhere with `/` between components.
    pub fn from_path(path: &Path) -> Self {
        let bytes = <[u8]>::from_path(path)
            .map_or_else(|| Cow::Owned(path.to_string_lossy().into_owned().into_bytes()), Cow::Borrowed);
        Self(if cfg!(windows) { bytes.replace("\\", "/").into() } else { bytes.into_owned().into() })
    }

    /// The clear bytes.
    pub fn expose(&self) -> &BStr {
        self.0.as_bstr()
    }

    /// The name as it may be shown.
    pub fn masked(&self, mask: &dyn Mask) -> Text {
        Text::new(&self.0, mask)
    }

    /// Whether one of `words`, in lower case, stands in it: between separators of any kind, or as `Word` in `someWord`.
    pub fn has_word(&self, words: &[&str]) -> bool {
        let turns = |pair: &[u8]| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase();
        self.0.split(|byte| !byte.is_ascii_alphanumeric()).any(|part| {
            let mut rest = part;
            while !rest.is_empty() {
                let end = rest.windows(2).position(turns).map_or(rest.len(), |at| at + 1);
                if words.iter().any(|word| rest[..end].eq_ignore_ascii_case(word.as_bytes())) {
                    return true;
                }
                rest = &rest[end..];
            }
            false
        })
    }

    /// Whether it is no path below a source's root, but one of the machine.
    pub fn is_absolute(&self) -> bool {
        is_absolute(&self.0)
    }

    /// The name as a path of this platform.
    pub fn to_path(&self) -> Cow<'_, Path> {
        self.0.to_path_lossy()
    }
}

/// Whether a path with `/` between its components is not relative to the root of a run. On Windows a drive may come first; one
/// without a drive is absolute there, too, as it is to git.
pub(crate) fn is_absolute(path: impl AsRef<[u8]>) -> bool {
    let path = path.as_ref();
    let has_drive = || matches!(path, [drive, b':', b'/', ..] if drive.is_ascii_alphabetic());
    path.starts_with(b"/") || cfg!(windows) && has_drive()
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name([{} bytes])", self.0.len())
    }
}

/// Where a document came from. Paths are relative to the source's root (the top of the work tree, if there is one) and
/// separated by `/`; a file outside that root has its absolute path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The content of a file on disk.
    File(Name),
    /// The name of a file or directory, scanned as text.
    FileName(Name),
    /// The text of a symbolic link.
    LinkTarget(Name),
    /// Standard input.
    Stdin,
    /// What the index holds under a path: the next commit's content.
    Staged(Name),
    /// The file that holds a commit message which is about to be used.
    MessageFile(Name),
    /// A blob of the object database, by its id in hexadecimal and the path it was found under.
    Blob {
        /// The object's id.
        id: String,
        /// Where a commit has it.
        path: Name,
    },
    /// A commit object, message and headers, by its id in hexadecimal.
    Commit(String),
    /// An annotated tag, message and headers, by its id in hexadecimal.
    Tag(String),
    /// A blob that has no path, or an object of which is not known what it is; by its id in hexadecimal.
    Object(String),
    /// The object database, or a part of it.
    Database,
    /// The name of a ref, scanned as text.
    Ref(Name),
}

impl Origin {
    /// The path, for an origin that has one.
    pub fn path(&self) -> Option<&Name> {
        match self {
            Self::File(name)
            | Self::FileName(name)
            | Self::LinkTarget(name)
            | Self::Staged(name)
            | Self::MessageFile(name)
            | Self::Ref(name)
            | Self::Blob { path: name, .. } => Some(name),
            Self::Stdin | Self::Commit(_) | Self::Tag(_) | Self::Object(_) | Self::Database => None,
        }
    }

    /// The word used in machine-readable reports.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::FileName(_) => "file-name",
            Self::LinkTarget(_) => "link-target",
            Self::Stdin => "stdin",
            Self::Staged(_) => "staged",
            Self::MessageFile(_) => "message-file",
            Self::Blob { .. } => "blob",
            Self::Commit(_) => "commit",
            Self::Tag(_) => "tag",
            Self::Object(_) => "object",
            Self::Database => "object-database",
            Self::Ref(_) => "ref",
        }
    }

    /// The id of the object that it is, in hexadecimal, for an origin in an object database.
    pub fn object(&self) -> Option<&str> {
        match self {
            Self::Blob { id, .. } | Self::Commit(id) | Self::Tag(id) | Self::Object(id) => Some(id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_path() {
        let has = |path: &str| Name::new(path).has_word(&["test", "tests"]);
        for path in ["src/tests/a.rs", "test_a.py", "a.test.js", "UserTest.java", "src/__tests__/a", "userTestData.cs"]
        {
            assert!(has(path), "{path}");
        }
        for path in ["", "latest/a.rs", "contest.py", "attestation/testament.go"] {
            assert!(!has(path), "{path}");
        }
    }
}
