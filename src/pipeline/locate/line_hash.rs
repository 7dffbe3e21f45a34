//! GitHub's `primaryLocationLineHash`: a rolling hash of the 100 UTF-16 code units that follow the start of a line, by
//! which code scanning knows an alert again after its line has moved. Blanks and tabs do not count, every line end
//! counts as one LF, the text is closed by one unit of its own and zeros. It must agree with what the upload action
//! computes, odd corners included: a blank between CR and LF makes two line ends of them.

/// Units in a hash.
const WINDOW: usize = 100;
/// The base of the polynomial.
const BASE: u64 = 37;
/// What a unit is worth when it leaves the window.
const LEAVING: u64 = BASE.wrapping_pow(WINDOW as u32);
/// Follows the last unit of the text.
const END: u16 = u16::MAX;

/// A line and its hash; lines count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineHash {
    pub(super) line: usize,
    pub(super) hash: u64,
}

/// Hashes the lines of a text, unit by unit.
pub(super) struct LineHasher {
    /// The last units, and for each the line that starts there.
    window: [(u16, Option<usize>); WINDOW],
    oldest: usize,
    hash: u64,
    line_ends: usize,
    at_line_start: bool,
    after_cr: bool,
}

impl LineHasher {
    pub(super) fn new() -> Self {
        let window = [(0, None); WINDOW];
        Self { window, oldest: 0, hash: 0, line_ends: 0, at_line_start: true, after_cr: false }
    }

    /// The line that the next unit belongs to.
    pub(super) fn line(&self) -> usize {
        self.line_ends + 1
    }

    /// Takes a character (None: an invalid sequence) and tells of a line whose hash is complete by it.
    pub(super) fn push(&mut self, char: Option<char>, done: &mut dyn FnMut(LineHash)) {
        let char = char.unwrap_or(char::REPLACEMENT_CHARACTER);
        for unit in char.encode_utf16(&mut [0; 2]) {
            self.push_unit(*unit, done);
        }
    }

    /// Takes the end of the text and tells of the lines whose hashes are still open.
    pub(super) fn finish(&mut self, done: &mut dyn FnMut(LineHash)) {
        self.push_unit(END, done);
        (0..WINDOW).for_each(|_| self.roll(0, None, done));
    }

    fn push_unit(&mut self, unit: u16, done: &mut dyn FnMut(LineHash)) {
        const BLANK: u16 = b' ' as u16;
        const TAB: u16 = b'\t' as u16;
        const LF: u16 = b'\n' as u16;
        const CR: u16 = b'\r' as u16;
        let second_half_of_crlf = self.after_cr && unit == LF;
        self.after_cr = unit == CR;
        if unit == BLANK || unit == TAB || second_half_of_crlf {
            return;
        }
        let unit = if unit == CR { LF } else { unit };
        let starts = self.at_line_start.then(|| self.line());
        self.roll(unit, starts, done);
        self.at_line_start = unit == LF;
        self.line_ends += usize::from(unit == LF);
    }

    fn roll(&mut self, unit: u16, starts: Option<usize>, done: &mut dyn FnMut(LineHash)) {
        let (leaving, line) = std::mem::replace(&mut self.window[self.oldest], (unit, starts));
        if let Some(line) = line {
            done(LineHash { line, hash: self.hash });
        }
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(LEAVING.wrapping_mul(u64::from(leaving)));
        self.oldest = (self.oldest + 1) % WINDOW;
    }
}
