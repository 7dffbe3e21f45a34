//! What of a text is known from one anchor occurrence to the next, by which an occurrence is dismissed that a matcher would
//! dismiss only after reading the text around it anew. Speed only: what is a match is decided by the matchers.

use super::{assignment, call, connection, form};
use crate::engine::ahead::Next;
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
}

impl Seen {
    /// Takes note that `shape` has no match around `hit`, if the next occurrence may be in the same name.
    pub(in crate::engine) fn refuse(&mut self, shape: Shape, bytes: &[u8], hit: Span, next: Option<Span>) {
        if shape == Shape::Assignment && next.is_some_and(|next| form::may_share_name(bytes, hit, next)) {
            self.refused = form::name_at(bytes, hit);
        }
    }

    /// Whether it is known that `shape` has no match around `hit`.
    pub(in crate::engine) fn rules_out(&mut self, shape: Shape, bytes: &[u8], hit: Span) -> bool {
        match shape {
            Shape::Assignment => {
                self.refused.is_some_and(|name| name.contains(hit))
                    || form::is_valueless(bytes, hit, &mut self.ends)
                    || self.line.is_long(bytes, hit)
            }
            Shape::Connection => connection::is_too_long(bytes, hit, &mut self.ends),
            Shape::Call => !call::may_be_given(bytes, hit, &mut self.commas, &mut self.quotes),
            _ => false,
        }
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
        ]);
        let pieces = prop::collection::vec(unit, 0..12).prop_map(|units| units.concat());
        let run = prop_oneof![
            Just(String::new()),
            "[a-z$~=(,;{}]{0,40}",
            "[a-z0-9]{100,140}",
            "[a-z0-9=]{500,640}",
            "[a-z =]{4900,5100}"
        ];
        prop::collection::vec((pieces, run), 1..5)
            .prop_map(|parts| parts.into_iter().map(|(pieces, run)| [pieces, run].concat()).collect())
    }

    proptest! {
        #[test]
        fn what_is_ruled_out_is_no_match(text in text()) {
            for shape in [Shape::Assignment, Shape::Connection, Shape::Call] {
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
