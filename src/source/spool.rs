//! Keeps what can be read only once, a pipe's bytes, so that the lines of its findings can be looked up later. Up to 16
//! MiB are kept in memory; what is longer goes to a temporary file while it is being scanned, so that memory stays
//! bounded. That file has no name from the start and is readable by its owner alone, since it may hold secrets.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use super::{Content, platform};

/// Kept in memory up to this many bytes: a large diff fits, and so does every memory limit.
const IN_MEMORY: usize = 16 << 20;

/// What a pipe gave.
#[derive(Debug)]
pub(super) enum Spool {
    /// All of it, in memory.
    Memory(Vec<u8>),
    /// All of it, in a file without a name.
    File(File),
}

impl Spool {
    /// Reads `input` to its end, gives it to `scan`, and keeps it. Of an error, in reading or in keeping, the part that
    /// was read has been scanned.
    pub(super) fn fill(input: &mut dyn Read, scan: &mut dyn FnMut(Content<'_>)) -> (Self, io::Result<()>) {
        Self::fill_beyond(IN_MEMORY, input, scan)
    }

    fn fill_beyond(limit: usize, input: &mut dyn Read, scan: &mut dyn FnMut(Content<'_>)) -> (Self, io::Result<()>) {
        let mut head = Vec::new();
        let read = input.take(limit as u64).read_to_end(&mut head);
        if read.is_err() || head.len() < limit {
            scan(Content::Bytes(&head));
            return (Self::Memory(head), read.map(|_| ()));
        }
        let file = match tempfile::tempfile() {
            Ok(file) => file,
            Err(error) => return Self::scan_unkept(head, input, scan, &error),
        };
        let mut copy = Copying { input: (&*head).chain(input), file: &file, failed: None };
        scan(Content::Stream(&mut copy));
        let result = copy.failed.map_or(Ok(()), Err);
        (Self::File(file), result)
    }

    /// There is no room for a copy: all is scanned nevertheless, but only its head can be read again.
    fn scan_unkept(
        head: Vec<u8>,
        input: &mut dyn Read,
        scan: &mut dyn FnMut(Content<'_>),
        error: &io::Error,
    ) -> (Self, io::Result<()>) {
        scan(Content::Stream(&mut (&*head).chain(input)));
        (Self::Memory(head), Err(not_kept(error)))
    }

    /// The bytes from the first.
    pub(super) fn reopen(&self) -> Box<dyn Read + '_> {
        match self {
            Self::Memory(bytes) => Box::new(&**bytes),
            Self::File(file) => Box::new(FromStart { file, offset: 0 }),
        }
    }
}

fn not_kept(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("keeping a copy in a temporary file: {error}"))
}

/// Copies to a file what passes through. If the copy fails the reading goes on: scanning comes first.
struct Copying<'a, R> {
    input: R,
    file: &'a File,
    failed: Option<io::Error>,
}

impl<R: Read> Read for Copying<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        if self.failed.is_none() {
            self.failed = (&*self.file).write_all(&buffer[..n]).err().map(|error| not_kept(&error));
        }
        Ok(n)
    }
}

/// Reads a file from its start, whoever else reads it.
struct FromStart<'a> {
    file: &'a File,
    offset: u64,
}

impl Read for FromStart<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = platform::read_at(self.file, buffer, self.offset)?;
        self.offset += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(limit: usize, mut input: &[u8]) -> (Spool, Vec<u8>, bool) {
        let (mut scanned, mut streamed) = (Vec::new(), false);
        let (spool, result) = Spool::fill_beyond(limit, &mut input, &mut |content| match content {
            Content::Bytes(bytes) => scanned.extend_from_slice(bytes),
            Content::Stream(stream) => {
                streamed = true;
                stream.read_to_end(&mut scanned).expect("a slice can be read");
            }
        });
        result.expect("there is room for a temporary file");
        (spool, scanned, streamed)
    }

    fn read(spool: &Spool) -> Vec<u8> {
        let mut bytes = Vec::new();
        spool.reopen().read_to_end(&mut bytes).expect("what was kept can be read");
        bytes
    }

    #[test]
    fn is_scanned_whole_and_can_be_read_again_on_both_sides_of_the_limit() {
        for (len, expect_stream) in [(0, false), (99, false), (100, true), (101, true), (5000, true)] {
            let input: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
            let (spool, scanned, streamed) = fill(100, &input);
            assert!(scanned == input && streamed == expect_stream, "{len}");
            assert!(read(&spool) == input && read(&spool) == input, "{len}: twice");
        }
    }

    #[test]
    fn two_readers_do_not_disturb_each_other() {
        let (spool, ..) = fill(4, b"abcdefgh");
        let (mut one, mut two) = (spool.reopen(), spool.reopen());
        let mut buffer = [0; 2];
        one.read_exact(&mut buffer).expect("8 bytes were kept");
        two.read_exact(&mut buffer).expect("8 bytes were kept");
        assert_eq!(&buffer, b"ab");
    }

    #[test]
    fn of_a_broken_pipe_the_part_that_came_is_scanned() {
        struct Breaks;
        impl Read for Breaks {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let mut scanned = Vec::new();
        let (_, result) = Spool::fill_beyond(100, &mut (&b"abc"[..]).chain(Breaks), &mut |content| {
            let Content::Bytes(bytes) = content else { panic!("three bytes are not streamed") };
            scanned.extend_from_slice(bytes);
        });
        assert_eq!((scanned.as_slice(), result.is_err()), (&b"abc"[..], true));
    }
}
