//! What of a text is known from one anchor occurrence to the next, by which an occurrence is dismissed that a matcher would
//! dismiss only after reading the text around it anew. Speed only: what is a match is decided by the matchers.

use super::{assignment, call, columns, connection, form, near};
use crate::engine::ahead::Next;
use crate::engine::repeats::Repeats;
use crate::model::Span;
use crate::rules::Shape;

/// What is known of one text, for one shape.
#[derive(Debug, Default)]
pub(in crate::engine) struct Seen {
    /// The name that had no match last: each anchor in it says the same.
    refused: Option<Span>,
    line: Line,
    /// Where a value may end.
    ends: Next,
    /// Commas and quotation marks.
    commas: Next,
    quotes: Next,
    line_end: LineEnd,
    alike: Alike,
}

impl Seen {
    /// Takes note that `shape` has no match around `hit`, if the next occurrence may be in the same name.
    pub(in crate::engine) fn refuse(&mut self, shape: Shape, bytes: &[u8], hit: Span, next: Option<Span>) {
        if shape == Shape::Assignment && next.is_some_and(|next| form::may_share_name(bytes, hit, next)) {
            self.refused = form::name_at(bytes, hit);
        }
        self.alike.refuse(bytes, hit);
    }

    /// Whether it is known that `shape` has no match around `hit`.
    pub(in crate::engine) fn rules_out(&mut self, shape: Shape, bytes: &[u8], hit: Span) -> bool {
        let is_ruled_out = match shape {
            Shape::Assignment => {
                self.refused.is_some_and(|name| name.contains(hit))
                    || form::is_valueless(bytes, hit, &mut self.ends)
                    || self.line.is_long(bytes, hit)
            }
            Shape::Connection => connection::is_too_long(bytes, hit, &mut self.ends),
            Shape::Call => !call::may_be_given(bytes, hit, &mut self.commas, &mut self.quotes),
            Shape::Columns => self.line_end.is_further_before(bytes, hit, columns::LONGEST_HEADING),
            _ => false,
        };
        // That a line is too long has been seen.
        is_ruled_out || self.alike.is_refused(bytes, hit, near(shape))
    }
}

/// Occurrences that had no match, by what stands right beside them. In a text that repeats itself most have the same around them
/// as one before, as far as any of it counts.
#[derive(Debug, Default)]
struct Alike {
    /// By [`slot`](Self::slot); made when there are many.
    places: Vec<Span>,
    count: usize,
    repeats: Repeats,
}

impl Alike {
    /// So many without a match are no sign of a text that repeats itself.
    const FEW: usize = 32;
    /// So many are known at once.
    const PLACES: usize = 64;
    /// What stands this far from an occurrence is compared first, in bytes.
    const BESIDE: usize = 16;
    /// What counts from further away takes as long to compare as to read.
    const FARTHEST: usize = 4096;

    fn refuse(&mut self, bytes: &[u8], hit: Span) {
        self.count += 1;
        if self.count > Self::FEW
            && let Some(slot) = Self::slot(bytes, hit)
        {
            self.places.resize(Self::PLACES, Span::default());
            self.places[slot] = hit;
        }
    }

    /// Whether all that is `near` the occurrence, in bytes, is the same as with an earlier one that had no match.
    fn is_refused(&mut self, bytes: &[u8], hit: Span, near: usize) -> bool {
        let Some(slot) = Self::slot(bytes, hit).filter(|_| near <= Self::FARTHEST) else { return false };
        let other = self.places.get(slot).filter(|other| other.len() == hit.len());
        let Some(period) = other.and_then(|other| hit.start.checked_sub(other.start)) else { return false };
        let mut repeats = |far: usize| {
            let start = hit.start.checked_sub(far).filter(|start| *start >= period);
            start.is_some_and(|start| self.repeats.holds(bytes, start..hit.end + far, period))
        };
        let is_refused = repeats(Self::BESIDE) && repeats(near);
        if is_refused {
            self.places[slot] = hit;
        }
        is_refused
    }

    /// By the bytes where it ends.
    fn slot(bytes: &[u8], hit: Span) -> Option<usize> {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let end = bytes.get(hit.end.checked_sub(3)?..)?.first_chunk()?;
        Some((u64::from_le_bytes(*end).wrapping_mul(ODD) >> 58) as usize % Self::PLACES)
    }
}

/// The last line end before an occurrence.
#[derive(Debug, Default)]
struct LineEnd {
    last: Option<usize>,
    /// It was looked for up to here.
    searched: usize,
}

impl LineEnd {
    /// Whether neither a line end nor the beginning of the text is `far` or less before `hit`.
    fn is_further_before(&mut self, bytes: &[u8], hit: Span, far: usize) -> bool {
        if hit.start < self.searched {
            *self = Self::default();
        }
        let earliest = hit.start.saturating_sub(far);
        let from = self.searched.max(earliest);
        let found = memchr::memrchr(b'\n', &bytes[from..hit.start]);
        self.last = found.map(|at| from + at).or(self.last);
        self.searched = hit.start;
        earliest > 0 && self.last.is_none_or(|last| last < earliest)
    }
}

/// The line of the last occurrence, or as much of it as had to be looked at.
#[derive(Debug, Default)]
struct Line {
    known: Span,
}

impl Line {
    /// Whether `hit` is on a line where no assignment counts.
    fn is_long(&mut self, bytes: &[u8], hit: Span) -> bool {
        if !self.known.contains(hit) {
            self.known = assignment::line_around(bytes, hit);
        }
        self.known.len() > assignment::LONGEST_LINE
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::structures::{find, tests::hits};

    const ANCHORS: &[&str] = &["password", "pass", "word", "pwd", "key", "login(", "btoa(", "networkcred"];

    /// What stands before an anchor, between it and a value, and in the value.
    fn text() -> impl Strategy<Value = String> {
        let unit = prop::sample::select(vec![
            "password",
            "key",
            "pwd",
            "login(",
            "btoa(",
            "networkcredential(",
            "name=",
            "value=",
            "--",
            "=",
            "==",
            "=~",
            "${",
            "}",
            "\"",
            "'",
            " ",
            ": ",
            ";",
            ",",
            "(",
            ")",
            "\n",
            "<",
            ">",
            "\\",
            "host=db",
            "x7Kq2mPz9VbT4wLr",
            "name,password\njoe,x7Kq2mPz9VbT4wLr\n",
        ]);
        let pieces = prop::collection::vec(unit, 0..12).prop_map(|units| units.concat());
        let run = prop_oneof![
            Just(String::new()),
            "[a-z$~=(,;{}]{0,40}",
            "[a-z0-9]{100,140}",
            "[a-z,]{370,400}",
            "[a-z0-9=]{500,640}",
            "[a-z =]{4900,5100}"
        ];
        prop::collection::vec((pieces, run), 1..5)
            .prop_map(|parts| parts.into_iter().map(|(pieces, run)| [pieces, run].concat()).collect())
    }

    proptest! {
        #[test]
        fn what_is_ruled_out_is_no_match(text in text()) {
            for shape in [Shape::Assignment, Shape::Connection, Shape::Call, Shape::Columns] {
                let mut seen = Seen::default();
                let hits = hits(ANCHORS, text.as_bytes());
                for (index, &hit) in hits.iter().enumerate() {
                    let found = find(shape, text.as_bytes(), hit);
                    if seen.rules_out(shape, text.as_bytes(), hit) {
                        prop_assert_eq!(found, None, "{:?} at {:?}", shape, hit);
                    } else if found.is_none() {
                        seen.refuse(shape, text.as_bytes(), hit, hits.get(index + 1).copied());
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_ruled_out_for_being_alike_is_no_match(
            unit in prop_oneof!["(password|key|login\\(|pwd)[ =:\"]{1,3}[a-z_\"]{0,3}", "[a-z= ]{0,8}(word|key|btoa\\()[=\", ]{1,4}"],
            changes in prop::collection::vec((any::<prop::sample::Index>(), "[ -~\n]"), 0..4),
        ) {
            let mut text = unit.repeat(9000 / unit.len()).into_bytes();
            for (at, byte) in changes {
                let at = at.index(text.len());
                text[at] = byte.as_bytes()[0];
            }
            for shape in [Shape::Assignment, Shape::Connection, Shape::Call, Shape::Columns] {
                let mut seen = Seen::default();
                let hits = hits(ANCHORS, &text);
                for (index, &hit) in hits.iter().enumerate() {
                    if seen.rules_out(shape, &text, hit) {
                        prop_assert_eq!(find(shape, &text, hit), None, "{:?} at {:?}", shape, hit);
                    } else if find(shape, &text, hit).is_none() {
                        seen.refuse(shape, &text, hit, hits.get(index + 1).copied());
                    }
                }
            }
        }
    }

    #[test]
    fn what_stands_in_a_text_that_repeats_itself_is_ruled_out() {
        let text = ["pwd =_".repeat(600), "pwd =_".repeat(600)].join("\n");
        let mut seen = Seen::default();
        let mut read = 0;
        for hit in hits(&["pwd"], text.as_bytes()) {
            if !seen.rules_out(Shape::Assignment, text.as_bytes(), hit) {
                assert_eq!(find(Shape::Assignment, text.as_bytes(), hit), None);
                seen.refuse(Shape::Assignment, text.as_bytes(), hit, None);
                read += 1;
            }
        }
        assert!((300..900).contains(&read), "{read} of 1200");
    }

    #[test]
    fn a_text_that_repeats_a_name_is_ruled_out() {
        for (shape, anchor, unit) in [
            (Shape::Assignment, "password", "password="),
            (Shape::Connection, "password", "password="),
            (Shape::Call, "login(", "login("),
        ] {
            let text = unit.repeat(400);
            let mut seen = Seen::default();
            let hits = hits(&[anchor], text.as_bytes());
            let ruled_out = hits.iter().filter(|hit| seen.rules_out(shape, text.as_bytes(), **hit)).count();
            assert!(ruled_out > 250, "{shape:?}: {ruled_out}");
        }
    }
}
