//! What differs between platforms: how to open a file of a directory that is not trusted, and how to read at an offset.
//! The only place of the sources with a `cfg` for that.

use std::path::Path;

pub(super) use imp::{is_fifo, open, read_at};

/// Whether a symbolic link in the last place of a path is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    /// To what it names: the user named the link.
    Follow,
    /// No: opening it fails.
    Refuse,
}

/// Whether a path names an open file of this process, as a shell's `<(command)` does.
pub(super) fn is_descriptor(path: &Path) -> bool {
    ["/dev/fd", "/dev/stdin", "/proc/self/fd"].iter().any(|place| path.starts_with(place))
}

#[cfg(unix)]
mod imp {
    use std::{
        fs::{File, FileType, OpenOptions},
        io,
        os::unix::fs::{FileExt, FileTypeExt, OpenOptionsExt},
        path::Path,
    };

    use super::Links;

    /// Opens for reading and never waits: a file that has become a FIFO since it was listed has no writer to wait for.
    pub(in crate::source) fn open(path: &Path, links: Links) -> io::Result<File> {
        let no_follow = if links == Links::Refuse { libc::O_NOFOLLOW } else { 0 };
        OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | no_follow).open(path)
    }

    /// Reads at an offset without moving the file's own.
    pub(in crate::source) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        file.read_at(buffer, offset)
    }

    /// Whether it is a named pipe.
    pub(in crate::source) fn is_fifo(kind: FileType) -> bool {
        kind.is_fifo()
    }
}

#[cfg(windows)]
mod imp {
    use std::{
        fs::{File, FileType},
        io,
        os::windows::fs::FileExt,
        path::Path,
    };

    use super::Links;

    /// Opens for reading. A link that has replaced a listed file is told by its metadata.
    pub(in crate::source) fn open(path: &Path, links: Links) -> io::Result<File> {
        if links == Links::Refuse && path.symlink_metadata()?.is_symlink() {
            return Err(io::Error::other("it has become a symbolic link"));
        }
        File::open(path)
    }

    /// Reads at an offset. Moves the file's own, which nothing here relies on.
    pub(in crate::source) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        file.seek_read(buffer, offset)
    }

    /// There are none in the file system.
    pub(in crate::source) fn is_fifo(_: FileType) -> bool {
        false
    }
}
