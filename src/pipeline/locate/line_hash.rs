//! GitHub's `primaryLocationLineHash`: a rolling hash of the 100 UTF-16 code units that follow the start of a line, by
//! which code scanning knows an alert again after its line has moved. Blanks and tabs do not count, every line end
//! counts as one LF, the text is closed by one unit of its own and zeros. It must agree with what the upload action
//! computes, odd corners included: a blank between CR and LF makes two line ends of them.

use std::collections::VecDeque;

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
    /// The last units, the oldest at its own index.
    window: [u16; WINDOW],
    oldest: usize,
    /// Units so far.
    units: usize,
    hash: u64,
    line_ends: usize,
    /// Lines whose hash is not complete, and after how many units it will be.
    open: VecDeque<(usize, usize)>,
    /// The first of these numbers of units.
    complete_at: usize,
    at_line_start: bool,
    after_cr: bool,
}

impl LineHasher {
    pub(super) fn new() -> Self {
        Self {
            window: [0; WINDOW],
            oldest: 0,
            units: 0,
            hash: 0,
            line_ends: 0,
            open: VecDeque::new(),
            complete_at: usize::MAX,
            at_line_start: true,
            after_cr: false,
        }
    }

    /// The line that the next unit belongs to.
    pub(super) fn line(&self) -> usize {
        self.line_ends + 1
    }

    /// Takes a character (None: an invalid sequence) and tells of a line whose hash is complete by it.
    #[inline]
    pub(super) fn push(&mut self, char: Option<char>, mut done: impl FnMut(LineHash)) {
        let char = char.unwrap_or(char::REPLACEMENT_CHARACTER);
        if let Ok(unit) = u16::try_from(u32::from(char)) {
            return self.push_unit(unit, &mut done);
        }
        for unit in char.encode_utf16(&mut [0; 2]) {
            self.push_unit(*unit, &mut done);
        }
    }

    /// Takes the end of the text and tells of the lines whose hashes are still open.
    pub(super) fn finish(&mut self, mut done: impl FnMut(LineHash)) {
        self.push_unit(END, &mut done);
        (0..WINDOW).for_each(|_| self.roll(0, &mut done));
    }

    #[inline]
    fn push_unit(&mut self, unit: u16, done: &mut impl FnMut(LineHash)) {
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
        if self.at_line_start {
            self.open.push_back((self.line(), self.units + WINDOW));
            self.complete_at = self.open[0].1;
        }
        self.roll(unit, done);
        self.at_line_start = unit == LF;
        self.line_ends += usize::from(unit == LF);
    }

    #[inline]
    fn roll(&mut self, unit: u16, done: &mut impl FnMut(LineHash)) {
        if self.units == self.complete_at {
            self.complete(done);
        }
        let leaving = std::mem::replace(&mut self.window[self.oldest], unit);
        self.hash = self
            .hash
            .wrapping_mul(BASE)
            .wrapping_add(u64::from(unit))
            .wrapping_sub(LEAVING.wrapping_mul(u64::from(leaving)));
        self.units += 1;
        self.oldest = if self.oldest + 1 == WINDOW { 0 } else { self.oldest + 1 };
    }

    fn complete(&mut self, done: &mut impl FnMut(LineHash)) {
        let (line, _) = self.open.pop_front().expect("complete_at is that of an open line");
        done(LineHash { line, hash: self.hash });
        self.complete_at = self.open.front().map_or(usize::MAX, |next| next.1);
    }
}
