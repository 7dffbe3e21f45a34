//! Whether there may be a match of a rule ahead of a place: whether what every match holds stands there, and a place at which
//! one may end. Behind most hits something is missing, and then the regex is not asked, nor even compiled. What was looked
//! through for one place is not looked through again for the next. Speed only: what is a match is decided by the regex.

use std::ops::{Range, RangeInclusive};

use super::ahead::Next;
use super::edge;
use super::scanner::Compiled;
use crate::model::Span;
use crate::rules::{Edge, Matcher, Run};

/// Places no further apart than this come close together, in bytes.
const CLOSE: usize = 256;

/// What is known of the text ahead of the last place at which a match of one rule might begin.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    /// Bytes that are all in the run's set. No run begins before them, from the last hit on.
    run: Span,
    /// Where matches may end.
    end: Next,
    /// Where a row of what a match goes on with ends.
    row_end: Next,
    /// No line end stands before this place, from the last hit on.
    line: usize,
    /// Whether one stands there.
    line_ends: bool,
    /// Where the rare piece of a match stands.
    piece: Next,
    /// The place that was asked about last.
    asked: Option<usize>,
}

impl Ahead {
    /// Whether there may be a match that begins at one of these places, which lie on one line if matches do. They come in order.
    pub(crate) fn may_match(&mut self, rule: Compiled<'_>, bytes: &[u8], starts: RangeInclusive<usize>) -> bool {
        let (first, last) = starts.into_inner();
        let end = bytes.len().min(last + rule.bounds.longest);
        let end = if spans_no_line_end(rule) { self.line_end(bytes, &(last..end)) } else { end };
        let window = first..end;
        let may_end = first < last || !self.ends_amiss(rule, bytes, &window) && self.may_end(rule, bytes, &window);
        may_end
            && self.may_hold_piece(rule, bytes, &window, last)
            && rule.bounds.run.is_none_or(|run| self.holds_run(run, bytes, &window))
    }

    /// Whether the row of bytes that a match would take is so long that its end is known, and nothing ends there.
    fn ends_amiss(&mut self, rule: Compiled<'_>, bytes: &[u8], window: &Range<usize>) -> bool {
        let Some(greedy) = &rule.bounds.greedy else { return false };
        let row = window.start + greedy.head;
        let end = greedy.most.map_or(window.start + rule.bounds.longest, |most| row + most);
        let goes_on = greedy.most.is_some();
        if end + usize::from(goes_on) > bytes.len()
            || self.row_end.is_in(row..end + usize::from(goes_on), |at| !greedy.holds(bytes[at]))
        {
            return false;
        }
        !goes_on || rule.bounds.secret_last && !edge::fits_right(rule.rule.edges.right, &bytes[end..])
    }

    /// Whether the edge lets a match end somewhere in the window.
    fn may_end(&mut self, rule: Compiled<'_>, bytes: &[u8], window: &Range<usize>) -> bool {
        let edge = rule.rule.edges.right;
        if !rule.bounds.secret_last || edge == Edge::None {
            return true;
        }
        let ends = window.start + rule.bounds.shortest..window.end + 1;
        self.end.is_in(ends, |place| edge::fits_right(edge, &bytes[place..]))
    }

    /// Whether the piece stands where it does in a match. Most text has it nowhere near, but the regex sees that as soon: so it
    /// is asked for only where places come close together.
    fn may_hold_piece(&mut self, rule: Compiled<'_>, bytes: &[u8], window: &Range<usize>, last: usize) -> bool {
        let Some(piece) = &rule.bounds.piece else { return true };
        let before = self.asked.replace(window.start);
        if before.is_none_or(|before| before + piece.to.min(CLOSE) < window.start) {
            return true;
        }
        let end = window.end.min(last.saturating_add(piece.to + 1));
        self.piece.is_in(window.start + piece.from..end, |at| piece.begins(&bytes[at..]))
    }

    /// Whether the run is in the window. Looks from the end of where it would be, so that of text without one most is not read.
    fn holds_run(&mut self, run: Run, bytes: &[u8], window: &Range<usize>) -> bool {
        if self.run.start < window.start {
            self.run = Span::new(window.start, self.run.end.max(window.start));
        }
        while self.run.start + run.least <= window.end {
            let end = self.run.start + run.least;
            let Some(unknown) = bytes.get(self.run.end..end) else { return true };
            let Some(gap) = unknown.iter().rposition(|&byte| !run.holds(byte)) else {
                self.run.end = end;
                return true;
            };
            self.run = Span::new(self.run.end + gap + 1, end);
        }
        false
    }

    /// Where the window ends, or before that its first line.
    fn line_end(&mut self, bytes: &[u8], window: &Range<usize>) -> usize {
        if self.line < window.start {
            (self.line, self.line_ends) = (window.start, false);
        }
        if !self.line_ends && self.line < window.end {
            let found = memchr::memchr2(b'\n', b'\r', &bytes[self.line..window.end]);
            self.line = found.map_or(window.end, |at| self.line + at);
            self.line_ends = found.is_some();
        }
        self.line.min(window.end)
    }
}

/// Of a rule whose matches lie in one line.
pub(crate) fn spans_no_line_end(rule: Compiled<'_>) -> bool {
    matches!(rule.rule.matcher, Matcher::Regex { multiline: false, .. })
}
