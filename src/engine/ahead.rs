//! Questions about the text ahead of a place, asked from left to right: what was looked through for one place is not looked
//! through again for the next. Without it a text that repeats an anchor is read once for each anchor in it.

use std::ops::Range;

/// The next place that has something, whatever it is.
#[derive(Debug, Default)]
pub(crate) struct Next {
    /// No place in it has it.
    none: Range<usize>,
}

impl Next {
    /// Whether a place in `range` has it, as `has` says of each, which must say the same each time.
    pub(crate) fn is_in(&mut self, range: Range<usize>, has: impl Fn(usize) -> bool) -> bool {
        if range.start < self.none.start || range.start > self.none.end {
            self.none = range.start..range.start;
        }
        while self.none.end < range.end {
            if has(self.none.end) {
                return true;
            }
            self.none.end += 1;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_asked_before_changes_nothing(
            places in prop::collection::btree_set(0usize..100, 0..20),
            ranges in prop::collection::vec((0usize..100, 0usize..30), 1..40),
        ) {
            let mut next = Next::default();
            for (start, len) in ranges {
                let range = start..start + len;
                let expected = places.range(range.clone()).next().is_some();
                prop_assert_eq!(next.is_in(range, |place| places.contains(&place)), expected);
            }
        }
    }

    #[test]
    fn a_place_is_asked_about_once() {
        let asked = Cell::new(0);
        let mut next = Next::default();
        for start in 0..1000 {
            let has = |_| {
                asked.set(asked.get() + 1);
                false
            };
            assert!(!next.is_in(start..start + 200, has));
        }
        assert_eq!(asked.get(), 1199);
    }
}
