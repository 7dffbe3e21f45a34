//! Readings of a document, and what is gathered on the way: places of offsets, hashes of lines, counts of equal hashes,
//! excerpts. Each part knows when it has seen enough, so that a reading ends after the last target.

use std::{
    collections::BTreeMap,
    io::{self, ErrorKind, Read},
};

use super::{
    chars::{Char, Chars, Charset},
    line_hash::{LineHash, LineHasher},
};

/// Gathers something from the characters of a document.
pub(super) trait Gather {
    /// Takes the next character.
    fn char(&mut self, char: Char);
    /// Takes the end of the document, at this offset.
    fn end(&mut self, offset: usize);
    /// Whether nothing more is needed.
    fn is_done(&self) -> bool;
}

/// Reads `input` until nothing more is needed or it ends.
pub(super) fn walk(input: &mut dyn Read, charset: Charset, gather: &mut dyn Gather) -> io::Result<()> {
    let mut chars = Chars::new(input, charset);
    while !gather.is_done() {
        let Some(char) = chars.next()? else {
            gather.end(chars.offset());
            break;
        };
        gather.char(char);
    }
    Ok(())
}

impl<A: Gather, B: Gather> Gather for (&mut A, &mut B) {
    fn char(&mut self, char: Char) {
        self.0.char(char);
        self.1.char(char);
    }

    fn end(&mut self, offset: usize) {
        self.0.end(offset);
        self.1.end(offset);
    }

    fn is_done(&self) -> bool {
        self.0.is_done() && self.1.is_done()
    }
}

/// Where an offset is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
    /// Offset of the line's first character.
    pub(super) line_start: usize,
}

/// Finds the places where targets start and end. A start within a character is that character's place, an end within
/// one is the place after it.
pub(super) struct Places {
    starts: Offsets,
    ends: Offsets,
    now: Place,
}

/// Offsets and their places, which become known in order of the offsets.
struct Offsets {
    sorted: Vec<usize>,
    /// Where in `sorted` the offset of the nth target is.
    order: Vec<usize>,
    places: Vec<Place>,
}

impl Offsets {
    fn new(offsets: &[usize]) -> Self {
        let mut by_offset: Vec<usize> = (0..offsets.len()).collect();
        by_offset.sort_by_key(|&nth| offsets[nth]);
        let mut order = vec![0; offsets.len()];
        by_offset.iter().enumerate().for_each(|(rank, &nth)| order[nth] = rank);
        let sorted = by_offset.into_iter().map(|nth| offsets[nth]).collect();
        Self { sorted, order, places: Vec::new() }
    }

    fn reach(&mut self, place: Place, is_reached: impl Fn(usize) -> bool) {
        while self.sorted.get(self.places.len()).is_some_and(|&offset| is_reached(offset)) {
            self.places.push(place);
        }
    }

    fn get(&self, nth: usize) -> Option<Place> {
        self.places.get(self.order[nth]).copied()
    }

    fn is_done(&self) -> bool {
        self.places.len() == self.sorted.len()
    }
}

impl Places {
    pub(super) fn new(starts: &[usize], ends: impl Iterator<Item = usize>) -> Self {
        let now = Place { line: 1, column: 1, line_start: 0 };
        let ends: Vec<usize> = ends.collect();
        Self { starts: Offsets::new(starts), ends: Offsets::new(&ends), now }
    }

    /// Where the nth target starts; None if the document is shorter.
    pub(super) fn start(&self, nth: usize) -> Option<Place> {
        self.starts.get(nth)
    }

    /// Where the nth target ends; None if the document is shorter.
    pub(super) fn end(&self, nth: usize) -> Option<Place> {
        self.ends.get(nth)
    }

    fn reach(&mut self, start: usize, len: usize) {
        let now = self.now;
        self.starts.reach(now, |offset| offset < start + len);
        self.ends.reach(now, |offset| offset <= start);
    }
}

impl Gather for Places {
    fn char(&mut self, char: Char) {
        let after = char.start + char.len;
        if char.value == Some('\u{feff}') && char.start == 0 {
            self.now.line_start = after;
            self.reach(0, char.len);
            return;
        }
        let len = char.len / char.columns;
        for nth in 0..char.columns {
            self.reach(char.start + nth * len, len);
            self.now.column += 1;
        }
        if char.value == Some('\n') {
            self.now = Place { line: self.now.line + 1, column: 1, line_start: after };
        }
    }

    fn end(&mut self, offset: usize) {
        let now = self.now;
        self.starts.reach(now, |start| start <= offset);
        self.ends.reach(now, |end| end <= offset);
    }

    fn is_done(&self) -> bool {
        self.starts.is_done() && self.ends.is_done()
    }
}

/// Hashes the lines in which targets start.
pub(super) struct Hashes {
    starts: Vec<usize>,
    hasher: LineHasher,
    /// The line of the nth target, as the hash counts lines.
    lines: Vec<usize>,
    /// The hash of the nth target's line.
    found: Vec<LineHash>,
    /// The last hash that was completed. Of a long line it is known before a target far to the right is reached.
    last: Option<LineHash>,
}

impl Hashes {
    /// For targets with these starts, in ascending order.
    pub(super) fn new(starts: &[usize]) -> Self {
        let hasher = LineHasher::new();
        Self { starts: starts.to_vec(), hasher, lines: Vec::new(), found: Vec::new(), last: None }
    }

    /// The hash of the nth target's line.
    pub(super) fn hash(&self, nth: usize) -> Option<u64> {
        self.found.get(nth).map(|found| found.hash)
    }

    /// Line and hash of each target for which they are known.
    pub(super) fn found(&self) -> &[LineHash] {
        &self.found
    }

    fn start_before(&mut self, offset: usize) {
        while self.starts.get(self.lines.len()).is_some_and(|&start| start < offset) {
            self.lines.push(self.hasher.line());
        }
        self.settle();
    }

    fn settle(&mut self) {
        let Self { lines, found, last, .. } = self;
        let Some(last) = *last else { return };
        while lines.get(found.len()) == Some(&last.line) {
            found.push(last);
        }
    }

    fn hash_with(&mut self, feed: impl FnOnce(&mut LineHasher, &mut dyn FnMut(LineHash))) {
        let mut completed = Vec::new();
        feed(&mut self.hasher, &mut |hash| completed.push(hash));
        for hash in completed {
            self.last = Some(hash);
            self.settle();
        }
    }
}

impl Gather for Hashes {
    fn char(&mut self, char: Char) {
        self.start_before(char.start + char.len);
        self.hash_with(|hasher, done| hasher.push(char.value, done));
    }

    fn end(&mut self, offset: usize) {
        self.start_before(offset + 1);
        self.hash_with(|hasher, done| hasher.finish(done));
    }

    fn is_done(&self) -> bool {
        self.found.len() == self.starts.len()
    }
}

/// Counts the lines up to a target's own that have the same hash.
pub(super) struct Counts {
    wanted: Vec<LineHash>,
    hasher: LineHasher,
    seen: BTreeMap<u64, u32>,
    counts: Vec<u32>,
}

impl Counts {
    /// For these lines, in ascending order.
    pub(super) fn new(wanted: &[LineHash]) -> Self {
        let seen = wanted.iter().map(|wanted| (wanted.hash, 0)).collect();
        Self { wanted: wanted.to_vec(), hasher: LineHasher::new(), seen, counts: Vec::new() }
    }

    /// The count for the nth line; None if it has another hash now.
    pub(super) fn count(&self, nth: usize) -> Option<u32> {
        self.counts.get(nth).copied()
    }
}

impl Gather for Counts {
    fn char(&mut self, char: Char) {
        let Self { wanted, hasher, seen, counts } = self;
        hasher.push(char.value, &mut |hash| tally(hash, wanted, seen, counts));
    }

    fn end(&mut self, _offset: usize) {
        let Self { wanted, hasher, seen, counts } = self;
        hasher.finish(&mut |hash| tally(hash, wanted, seen, counts));
    }

    fn is_done(&self) -> bool {
        self.counts.len() == self.wanted.len()
    }
}

fn tally(line: LineHash, wanted: &[LineHash], seen: &mut BTreeMap<u64, u32>, counts: &mut Vec<u32>) {
    let Some(count) = seen.get_mut(&line.hash) else { return };
    *count += 1;
    while wanted.get(counts.len()) == Some(&line) {
        counts.push(*count);
    }
}

/// A part of the document that is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    start: usize,
    end: usize,
    bytes: Vec<u8>,
}

impl Window {
    /// The part `start..end`, still empty.
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start, end, bytes: Vec::new() }
    }

    /// Offset of its first byte.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Its bytes from this offset of the document on; none if it has none there.
    pub(super) fn from(&self, offset: usize) -> &[u8] {
        offset.checked_sub(self.start).and_then(|from| self.bytes.get(from..)).unwrap_or_default()
    }
}

/// A reader that keeps parts of what is read through it.
pub(super) struct Capture<R> {
    input: R,
    offset: usize,
    windows: Vec<Window>,
    /// Windows before this one are full.
    open: usize,
}

impl<R: Read> Capture<R> {
    /// `windows` are in ascending order of start and of end, but for empty ones.
    pub(super) fn new(input: R, windows: Vec<Window>) -> Self {
        Self { input, offset: 0, windows, open: 0 }
    }

    /// Reads on until every window is full or the input ends.
    pub(super) fn finish(mut self) -> io::Result<Vec<Window>> {
        let mut rest = [0; 4096];
        while self.open < self.windows.len() {
            match self.read(&mut rest) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.windows)
    }

    fn keep(&mut self, bytes: &[u8]) {
        let end = self.offset + bytes.len();
        for window in self.windows[self.open..].iter_mut().take_while(|window| window.start < end) {
            let from = window.start.max(self.offset);
            let to = window.end.min(end);
            if from < to {
                window.bytes.extend_from_slice(&bytes[from - self.offset..to - self.offset]);
            }
        }
        self.offset = end;
        self.open += self.windows[self.open..].iter().take_while(|window| window.end <= end).count();
    }
}

impl<R: Read> Read for Capture<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.keep(&buffer[..read]);
        Ok(read)
    }
}
