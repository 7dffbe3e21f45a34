//! Text that repeats itself: of a stretch that is the one before, some bytes further, all is known that is known of that one. Speed
//! only: what is a match is decided by the matchers.

use std::ops::Range;

use crate::model::Span;

/// A stretch of a text of which each byte is the one that stands `period` before it.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    known: Span,
    period: usize,
}

impl Repeats {
    /// Whether each byte of `range` stands `period` before as well. What is known of it is not compared again.
    pub(super) fn holds(&mut self, bytes: &[u8], range: Range<usize>, period: usize) -> bool {
        if range.start < period || range.end > bytes.len() {
            return false;
        }
        let mut known = Span::new(range.start, range.start);
        if self.period == period && self.known.start <= range.start && range.start <= self.known.end {
            known = self.known;
        }
        let new = known.end.min(range.end)..range.end;
        let holds = bytes[new.clone()] == bytes[new.start - period..new.end - period];
        if holds {
            *self = Self { known: Span::new(known.start, known.end.max(range.end)), period };
        }
        holds
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_remembered_is_what_would_be_compared(
            text in "(ab|abc|a){0,60}",
            asked in prop::collection::vec((0..100usize, 0..40usize, 0..8usize), 1..40),
        ) {
            let text = text.as_bytes();
            let mut repeats = Repeats::default();
            for (start, len, period) in asked {
                let range = start..start + len;
                let compared = start.checked_sub(period).and_then(|before| text.get(before..before + len));
                let expected = compared.is_some_and(|before| text.get(range.clone()) == Some(before));
                prop_assert_eq!(repeats.holds(text, range, period), expected);
            }
        }
    }
}
