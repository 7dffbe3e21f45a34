//! Reads one file after the other into the same buffer: most files are smaller than it and are scanned where they lie;
//! of a larger one the buffer is the head of a stream. Reading goes on to the file's end, whatever its size was said to
//! be, but not for ever behind a file that grows.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use super::{
    Content, Document, Worker,
    platform::{self, Links},
};
use crate::model::{Excluded, KindSet, Name, Origin, UnreadReason};

/// A file up to this size is held whole. One buffer of it per thread keeps a run below any memory limit, and it takes
/// up no more memory than the largest file so far had bytes.
const WHOLE: usize = 4 << 20;

/// Reading ends this far beyond the size that a file had when it was opened: it is being written to as fast as it is
/// read.
const GROWTH: u64 = 64 << 20;

/// The buffer.
pub(super) struct FileReader {
    buffer: Box<[u8]>,
    /// Larger files are not read.
    max_size: Option<u64>,
}

impl FileReader {
    pub(super) fn new(max_size: Option<u64>) -> Self {
        Self { max_size, ..Self::with_buffer(WHOLE) }
    }

    fn with_buffer(bytes: usize) -> Self {
        Self { buffer: vec![0; bytes].into_boxed_slice(), max_size: None }
    }

    /// Scans the content of the file at `path`.
    pub(super) fn scan(&mut self, path: &Path, links: Links, name: &Name, worker: &mut dyn Worker) {
        let kinds = KindSet::of_path(name.expose());
        let opened = platform::open(path, links).and_then(|file| Ok((file.metadata()?, file)));
        let (metadata, file) = match opened {
            Ok(opened) => opened,
            Err(error) => return unread(worker, name, "opening", &error),
        };
        if !metadata.is_file() {
            return worker.excluded(Excluded::Special);
        }
        if let Some(limit) = self.max_size.filter(|&limit| metadata.len() > limit) {
            let reason = format!("its {} bytes are more than the limit of {limit}", metadata.len());
            return worker.unread(Origin::File(name.clone()), UnreadReason::Limit(reason));
        }
        let (filled, result) = fill(&mut self.buffer, &file);
        let head = &self.buffer[..filled];
        let origin = Origin::File(name.clone());
        if filled < self.buffer.len() {
            worker.document(Document { origin, kinds, content: Content::Bytes(head) });
            return result.unwrap_or_else(|error| unread(worker, name, "reading", &error));
        }
        let left = metadata.len().saturating_sub(filled as u64).saturating_add(GROWTH);
        let mut tail = Tail { file: &file, left, grows: false };
        worker.document(Document { origin, kinds, content: Content::Stream(&mut head.chain(&mut tail)) });
        if tail.grows {
            worker.unread(Origin::File(name.clone()), UnreadReason::Changed);
        }
    }
}

/// Notes that a file could not be read.
pub(super) fn unread(worker: &mut dyn Worker, name: &Name, doing: &str, error: &io::Error) {
    worker.unread(Origin::File(name.clone()), UnreadReason::Io(format!("{doing}: {error}")));
}

/// Reads until the buffer is full, the file ends or an error comes.
fn fill(buffer: &mut [u8], mut file: &File) -> (usize, io::Result<()>) {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Err(error)),
        }
    }
    (filled, Ok(()))
}

/// The rest of a large file.
struct Tail<'a> {
    file: &'a File,
    left: u64,
    /// It did not end when it should have.
    grows: bool,
}

impl Read for Tail<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        if n as u64 > self.left {
            self.grows = true;
            return Ok(0);
        }
        self.left -= n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write};

    use super::*;
    use crate::source::{Sink, recorder::Recorder};

    fn scan(reader: &mut FileReader, path: &Path) -> Recorder {
        let recorder = Recorder::default();
        reader.scan(path, Links::Refuse, &Name::new("f"), &mut *recorder.worker());
        recorder
    }

    #[test]
    fn every_size_around_the_buffers_is_read_whole() {
        let dir = tempfile::tempdir().expect("a directory can be made");
        let path = dir.path().join("f");
        let mut reader = FileReader::with_buffer(8);
        for text in ["", "1234567", "12345678", "123456789", "12345678901234567890", "1"] {
            fs::write(&path, text).expect("a file can be written");
            let recorder = scan(&mut reader, &path);
            assert_eq!(recorder.documents(), [format!("file f: {text}")]);
            assert_eq!(recorder.streams(), usize::from(text.len() >= 8), "{text}");
            assert!(recorder.unread().is_empty());
        }
    }

    #[test]
    fn a_file_that_grows_is_read_to_its_new_end() {
        /// Appends to the file three times while it reads it.
        struct Appending<'a>(&'a Path, usize);
        impl Worker for Appending<'_> {
            fn document(&mut self, document: Document<'_>) {
                let Content::Stream(stream) = document.content else { panic!("it is larger than the buffer") };
                let mut appended = 0;
                while let Ok(n @ 1..) = stream.read(&mut [0; 8]) {
                    self.1 += n;
                    if appended < 3 {
                        let mut file = File::options().append(true).open(self.0).expect("the file is there");
                        file.write_all(b"0123456789").expect("a file can be written");
                        appended += 1;
                    }
                }
            }
            fn excluded(&mut self, what: Excluded) {
                panic!("{what:?}");
            }
            fn unread(&mut self, _: Origin, reason: UnreadReason) {
                panic!("{reason}");
            }
            fn stopped(&self) -> bool {
                false
            }
        }
        let dir = tempfile::tempdir().expect("a directory can be made");
        let path = dir.path().join("f");
        fs::write(&path, [b'x'; 20]).expect("a file can be written");
        let mut worker = Appending(&path, 0);
        FileReader::with_buffer(8).scan(&path, Links::Refuse, &Name::new("f"), &mut worker);
        assert_eq!(worker.1, 50);
    }

    #[test]
    fn a_file_above_the_limit_is_told_and_not_read() {
        let dir = tempfile::tempdir().expect("a directory can be made");
        let path = dir.path().join("f");
        let mut reader = FileReader { max_size: Some(5), ..FileReader::with_buffer(8) };
        fs::write(&path, "12345").expect("a file can be written");
        assert_eq!(scan(&mut reader, &path).documents(), ["file f: 12345"]);
        fs::write(&path, "123456").expect("a file can be written");
        let recorder = scan(&mut reader, &path);
        assert_eq!(recorder.documents(), [""; 0]);
        assert_eq!(recorder.unread(), ["file f: its 6 bytes are more than the limit of 5"]);
    }

    #[test]
    fn a_file_that_never_ends_is_left() {
        let dir = tempfile::tempdir().expect("a directory can be made");
        let path = dir.path().join("f");
        fs::write(&path, [b'x'; 5000]).expect("a file can be written");
        let file = File::open(&path).expect("the file was just written");
        let mut tail = Tail { file: &file, left: 4096, grows: false };
        let mut chunk = [0; 1024];
        let mut total = 0;
        while let Ok(n @ 1..) = tail.read(&mut chunk) {
            total += n;
        }
        assert_eq!((total, tail.grows), (4096, true));
    }

    #[test]
    fn what_is_missing_is_told() {
        let recorder = scan(&mut FileReader::with_buffer(8), Path::new("/no/such/file"));
        assert_eq!(recorder.documents(), [""; 0]);
        assert!(recorder.unread()[0].starts_with("file f: opening: "), "{:?}", recorder.unread());
    }
}
