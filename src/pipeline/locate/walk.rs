//! Readings of a document, and what is gathered on the way: places of offsets, hashes of lines, counts of equal hashes,
//! excerpts. Each part knows when it has seen enough, so that a reading ends after the last target.

use std::{
    collections::BTreeMap,
    io::{self, ErrorKind, Read},
};

use super::{
    chars::{Char, Charset, Pieces},
    line_hash::{LineHash, LineHasher},
};

/// Gathers something from the characters of a document.
pub(super) trait Gather {
    /// Takes the next character, which starts at this offset.
    fn char(&mut self, start: usize, char: Char);
    /// Takes the end of the document, at this offset.
    fn end(&mut self, offset: usize);
    /// Whether nothing more is needed; more may come nevertheless.
    fn is_done(&self) -> bool;
}

/// Reads `input` until nothing more is needed or it ends.
pub(super) fn walk(input: impl Read, charset: Charset, gather: &mut impl Gather) -> io::Result<()> {
    let mut pieces = Pieces::new(input);
    let mut offset = 0;
    while !gather.is_done() {
        let (bytes, whole) = pieces.peek()?;
        let mut at = 0;
        while at < whole
            && let Some(char) = charset.decode(&bytes[at..])
        {
            gather.char(offset + at, char);
            at += char.len;
        }
        if at == 0 {
            gather.end(offset);
            break;
        }
        pieces.take(at);
        offset += at;
    }
    Ok(())
}

impl<A: Gather, B: Gather> Gather for (&mut A, &mut B) {
    #[inline]
    fn char(&mut self, start: usize, char: Char) {
        self.0.char(start, char);
        self.1.char(start, char);
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
    /// Nothing starts or ends before this offset, beyond what is known.
    quiet_until: usize,
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
        while self.next().is_some_and(&is_reached) {
            self.places.push(place);
        }
    }

    fn get(&self, nth: usize) -> Option<Place> {
        self.places.get(self.order[nth]).copied()
    }

    fn next(&self) -> Option<usize> {
        self.sorted.get(self.places.len()).copied()
    }
}

impl Places {
    pub(super) fn new(starts: &[usize], ends: impl Iterator<Item = usize>) -> Self {
        let now = Place { line: 1, column: 1, line_start: 0 };
        let ends: Vec<usize> = ends.collect();
        Self { starts: Offsets::new(starts), ends: Offsets::new(&ends), now, quiet_until: 0 }
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
        if start + len <= self.quiet_until {
            return;
        }
        let now = self.now;
        self.starts.reach(now, |offset| offset < start + len);
        self.ends.reach(now, |offset| offset <= start);
        let next = |offsets: &Offsets| offsets.next().unwrap_or(usize::MAX);
        self.quiet_until = next(&self.starts).min(next(&self.ends));
    }
}

impl Gather for Places {
    #[inline]
    fn char(&mut self, start: usize, char: Char) {
        let after = start + char.len;
        if char.value == Some('\u{feff}') && start == 0 {
            self.now.line_start = after;
            self.reach(0, char.len);
            return;
        }
        if char.columns == 1 {
            self.reach(start, char.len);
            self.now.column += 1;
        } else {
            for nth in 0..char.columns {
                self.reach(start + nth, 1);
                self.now.column += 1;
            }
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
        self.quiet_until == usize::MAX
    }
}

/// Hashes the lines in which targets start.
pub(super) struct Hashes {
    hasher: LineHasher,
    wanted: Wanted,
}

/// The targets of [`Hashes`], in ascending order, as far as they are known.
struct Wanted {
    starts: Vec<usize>,
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
        let wanted = Wanted { starts: starts.to_vec(), lines: Vec::new(), found: Vec::new(), last: None };
        Self { hasher: LineHasher::new(), wanted }
    }

    /// The hash of the nth target's line.
    pub(super) fn hash(&self, nth: usize) -> Option<u64> {
        self.wanted.found.get(nth).map(|found| found.hash)
    }

    /// Line and hash of each target for which they are known.
    pub(super) fn found(&self) -> &[LineHash] {
        &self.wanted.found
    }
}

impl Gather for Hashes {
    #[inline]
    fn char(&mut self, start: usize, char: Char) {
        self.wanted.start_before(start + char.len, self.hasher.line());
        self.hasher.push(char.value, |hash| self.wanted.complete(hash));
    }

    fn end(&mut self, offset: usize) {
        self.wanted.start_before(offset + 1, self.hasher.line());
        self.hasher.finish(|hash| self.wanted.complete(hash));
    }

    #[inline]
    fn is_done(&self) -> bool {
        self.wanted.found.len() == self.wanted.starts.len()
    }
}

impl Wanted {
    /// Puts the targets before `offset` that have no line yet in `line`.
    #[inline]
    fn start_before(&mut self, offset: usize, line: usize) {
        while self.starts.get(self.lines.len()).is_some_and(|&start| start < offset) {
            self.lines.push(line);
            self.settle();
        }
    }

    fn complete(&mut self, hash: LineHash) {
        self.last = Some(hash);
        self.settle();
    }

    fn settle(&mut self) {
        let Some(last) = self.last else { return };
        while self.lines.get(self.found.len()) == Some(&last.line) {
            self.found.push(last);
        }
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
    #[inline]
    fn char(&mut self, _start: usize, char: Char) {
        let Self { wanted, hasher, seen, counts } = self;
        hasher.push(char.value, |hash| tally(hash, wanted, seen, counts));
    }

    fn end(&mut self, _offset: usize) {
        let Self { wanted, hasher, seen, counts } = self;
        hasher.finish(|hash| tally(hash, wanted, seen, counts));
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
