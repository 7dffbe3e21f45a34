//! An object that is too long to be held, as a stream: one of a pack if it is stored as it is, and one that has a file of
//! its own. What is stored as a difference to another object cannot be had in this way.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

use gix::{
    hash::{self, oid},
    zlib::{Decompress, FlushDecompress, Status},
};

use super::{Sweep, check::other_id, packs::Pack};

/// A blob with more bytes than this is streamed, if it can be and nothing is made of it.
pub(in crate::git) const LONG: u64 = 16 << 20;
/// The header of an object that has a file of its own: the longest kind, a blank, twenty digits and a NUL.
const LONGEST_HEADER: usize = 32;

/// The bytes of a zlib stream, as many as it should make: more or fewer are an error.
pub(super) struct Inflated<R> {
    input: R,
    state: Decompress,
    left: u64,
    is_over: bool,
}

impl<R: BufRead> Inflated<R> {
    pub(super) fn new(input: R, len: u64) -> Self {
        Self { input, state: Decompress::new(), left: len, is_over: false }
    }

    fn inflate(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let input = self.input.fill_buf()?;
            let is_at_end = input.is_empty();
            let (read, written) = (self.state.total_in(), self.state.total_out());
            let status = self.state.decompress(input, out, FlushDecompress::None);
            let status = status.map_err(|_| broken("its compressed bytes are broken"))?;
            let read = (self.state.total_in() - read) as usize;
            let written = (self.state.total_out() - written) as usize;
            self.input.consume(read);
            self.is_over = matches!(status, Status::StreamEnd);
            if written > 0 || self.is_over {
                return Ok(written);
            }
            if is_at_end || read == 0 {
                return Err(broken("its compressed bytes are cut short"));
            }
        }
    }
}

impl<R: BufRead> Read for Inflated<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let wanted = out.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if out.is_empty() || self.is_over {
            return if out.is_empty() || self.left == 0 { Ok(0) } else { Err(broken("it is shorter than it says")) };
        }
        if wanted == 0 {
            // What is left are the checksum and the end.
            return match self.inflate(&mut [0])? {
                0 => Ok(0),
                _ => Err(broken("it is longer than it says")),
            };
        }
        let written = self.inflate(&mut out[..wanted])?;
        self.left -= written as u64;
        if written == 0 { self.read(out) } else { Ok(written) }
    }
}

impl Sweep {
    /// A blob as a stream; none if it is not there as such.
    pub(in crate::git) fn stream(&self, id: &oid) -> io::Result<Option<Box<dyn Read + Send + '_>>> {
        if let Some((_, stream)) = self.loose_blob(id)? {
            return Ok(Some(Box::new(stream)));
        }
        let mut packs = self.packs().packs.iter();
        let stream = packs.find_map(|Pack { data, index, .. }| {
            let entry = data.entry(index.pack_offset_at_index(index.lookup(id)?)).ok()?;
            let stored = data.entry_slice(entry.data_offset..data.pack_end() as u64)?;
            entry.header.is_base().then(|| Inflated::new(stored, entry.decompressed_size))
        });
        Ok(stream.map(|stream| Box::new(stream) as Box<dyn Read + Send>))
    }

    /// A blob that has a file of its own: its length, and its bytes.
    pub(super) fn loose_blob(&self, id: &oid) -> io::Result<Option<(u64, Inflated<BufReader<File>>)>> {
        let hex = id.to_hex().to_string();
        let paths = self.directories().iter().map(|directory| -> PathBuf { directory.join(&hex[..2]).join(&hex[2..]) });
        let Some(file) = paths.map(File::open).find_map(Result::ok) else { return Ok(None) };
        let mut stream = Inflated::new(BufReader::new(file), u64::MAX);
        let mut header = Vec::new();
        while header.last() != Some(&0) && header.len() < LONGEST_HEADER {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            header.extend(byte);
        }
        let size = header.strip_prefix(b"blob ").and_then(|rest| rest.strip_suffix(b"\0"));
        let size = size.and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
        stream.left = size.ok_or_else(|| broken("its header is that of no blob"))?;
        Ok(Some((stream.left, stream)))
    }
}

/// Reads all that a blob's stream holds, to see whether its content has the id.
pub(super) fn check_id(id: &oid, len: u64, stream: &mut dyn Read) -> io::Result<()> {
    let mut hasher = hash::hasher(id.kind());
    hasher.update(format!("blob {len}\0").as_bytes());
    let mut buffer = vec![0; 1 << 16];
    loop {
        match stream.read(&mut buffer)? {
            0 => break,
            read => hasher.update(&buffer[..read]),
        }
    }
    let is = hasher.try_finalize().map_err(io::Error::other)?;
    if is == id { Ok(()) } else { Err(io::Error::other(other_id(&is))) }
}

fn broken(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A zlib stream whose one block is stored as it is, with its checksum.
    fn zlib(content: &[u8]) -> Vec<u8> {
        let (a, b) = content.iter().fold((1_u32, 0_u32), |(a, b), byte| {
            let a = (a + u32::from(*byte)) % 65521;
            (a, (b + a) % 65521)
        });
        let len = content.len() as u16;
        [&[0x78, 1, 1][..], &len.to_le_bytes(), &(!len).to_le_bytes(), content, &(b << 16 | a).to_be_bytes()].concat()
    }

    fn read(stored: &[u8], len: u64, at_once: usize) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        let mut stream = Inflated::new(BufReader::with_capacity(3, stored), len);
        let mut buffer = vec![0; at_once];
        loop {
            match stream.read(&mut buffer)? {
                0 => return Ok(all),
                read => all.extend_from_slice(&buffer[..read]),
            }
        }
    }

    #[test]
    fn a_stream_gives_all_of_it_and_says_if_that_is_not_what_it_should_be() {
        let content: Vec<u8> = (0..1000_u32).map(|number| number as u8).collect();
        let stored = zlib(&content);
        for at_once in [1, 7, 1000, 4096] {
            assert_eq!(read(&stored, 1000, at_once).expect("it is whole"), content);
            assert_eq!(read(&zlib(b""), 0, at_once).expect("it is empty"), b"");
            for (stored, len, reason) in [
                (&stored[..], 999, "longer"),
                (&stored[..], 1001, "shorter"),
                (&stored[..500], 1000, "cut short"),
                (&stored[..stored.len() - 1], 1000, "cut short"),
                (b"", 0, "cut short"),
                (b"no zlib", 10, "broken"),
                (&[&stored[..stored.len() - 1], &[!stored[stored.len() - 1]]].concat()[..], 1000, "broken"),
            ] {
                let error = read(stored, len, at_once).expect_err(reason).to_string();
                assert!(error.contains(reason), "{error}: {reason}");
            }
        }
    }
}
