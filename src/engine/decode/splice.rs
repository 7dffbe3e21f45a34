//! Literals that a program joins, as people split what they do not want to be found: `"AKIA" + "..."`, with the operators of
//! many languages, or two literals one behind the other over a line end. The lines that such joints connect are one text,
//! without the joints.
//!
//! Most joints are between words of a sentence. Those count alone where on both sides something stands that may be part of
//! a secret.

use std::ops::Range;

use super::escapes::{LONGEST, Stretch};
use super::{Map, View};
use crate::model::Encoding;

/// Blanks and line ends on either side of an operator, in bytes.
const MOST_BLANKS: usize = 80;
/// What joins two literals, the longer before what it begins with: in Perl, PHP, Lua, Elixir, Haskell, SQL, Visual Basic.
const OPERATORS: [&[u8]; 9] = [b"++", b"+", b"..", b".", b"<>", b"||", b"& _", b"&", b"\\"];

/// Behind the quotation mark that opens the next literal, if the mark at `at` closes one that is joined with it.
pub(super) fn joint(bytes: &[u8], at: usize) -> Option<usize> {
    let mark = *bytes.get(at)?;
    let before = *bytes.get(at.checked_sub(1)?)?;
    if !matches!(mark, b'"' | b'\'') || !is_of_secret(before) {
        return None;
    }
    let blanks = skip_blanks(bytes, at + 1);
    let operator = OPERATORS.iter().find(|operator| bytes[blanks..].starts_with(operator));
    let open = skip_blanks(bytes, blanks + operator.map_or(0, |operator| operator.len()));
    let is_joined = operator.is_some() || bytes[at..blanks].contains(&b'\n');
    let opens = bytes.get(open) == Some(&mark) && bytes.get(open + 1).copied().is_some_and(is_of_secret);
    (is_joined && opens).then_some(open + 1)
}

fn skip_blanks(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take(MOST_BLANKS).take_while(|byte| byte.is_ascii_whitespace()).count()
}

fn is_of_secret(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_-.!@#$%^&*~:".contains(&byte)
}

/// The lines that joints connect with the one at `at`.
pub(super) fn stretch(bytes: &[u8], at: usize) -> Stretch {
    let (mut start, mut end) = (line_start(bytes, at), line_end(bytes, at));
    while end - start < LONGEST
        && let Some(next) = joint_of_line(bytes, start.max(line_start(bytes, end))..end).filter(|&next| next > end)
    {
        end = line_end(bytes, next);
    }
    while end - start < LONGEST && start > 0 {
        let before = line_start(bytes, start - 1)..start - 1;
        if joint_of_line(bytes, before.clone()).is_none_or(|next| next < start) {
            break;
        }
        start = before.start;
    }
    Stretch { range: start..end, is_whole: end - start < LONGEST }
}

/// Where the next literal begins that the last one of a line is joined with.
fn joint_of_line(bytes: &[u8], line: Range<usize>) -> Option<usize> {
    let last = memchr::memrchr2(b'"', b'\'', &bytes[line.clone()])?;
    joint(bytes, line.start + last)
}

/// At most as far away as is looked at.
fn line_start(bytes: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(LONGEST);
    memchr::memrchr(b'\n', &bytes[from..at]).map_or(from, |found| from + found + 1)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    let until = bytes.len().min(at + LONGEST);
    memchr::memchr(b'\n', &bytes[at..until]).map_or(until, |found| at + found)
}

/// What stands in `range`, without the joints.
pub(super) fn view(bytes: &[u8], range: Range<usize>) -> View {
    let (mut text, mut places) = (Vec::with_capacity(range.len()), Vec::with_capacity(range.len()));
    let mut at = range.start;
    while at < range.end {
        match joint(bytes, at).filter(|&next| next <= range.end) {
            Some(next) => at = next,
            None => {
                text.push(bytes[at]);
                places.push((at, at + 1));
                at += 1;
            }
        }
    }
    let whole = 0..text.len();
    View { text, owned: vec![whole], encoding: Encoding::Splice, map: Map::Each { places } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        let at = (0..text.len()).find(|&at| joint(text.as_bytes(), at).is_some()).unwrap_or(0);
        let stretch = stretch(text.as_bytes(), at);
        assert!(stretch.is_whole);
        String::from_utf8(view(text.as_bytes(), stretch.range).text).expect("the texts are ASCII")
    }

    #[test]
    fn literals_are_joined() {
        for (text, expected) in [
            (r#"key = "ab" + "cd""#, r#"key = "abcd""#),
            ("x\nkey = 'ab'.'cd' . 'ef';\ny", "key = 'abcdef';"),
            ("key = \"ab\" & _\n  \"cd\"\ny", "key = \"abcd\""),
            ("y\nkey = (\"ab\"\n       \"cd\"\r\n       \"ef\")\ny", "key = (\"abcdef\")"),
            ("String key = \"ab\"\n    + \"cd\";", "String key = \"abcd\";"),
            ("key = \"ab\" \\\n  \"cd\"", "key = \"abcd\""),
            (r#"key = "ab" <> "cd""#, r#"key = "abcd""#),
            (r#"key = "ab" .. "cd""#, r#"key = "abcd""#),
        ] {
            assert_eq!(joined(text), expected, "{text}");
        }
    }

    #[test]
    fn others_are_not() {
        for text in [
            r#""ab" + x + "cd""#,
            r#""ab " + "cd""#,
            r#""ab" + 'cd'"#,
            r#"["ab", "cd"]"#,
            r#""ab" "cd""#,
            r#"" + ""#,
            r#""ab" + ""#,
            "\"ab\"\n  cd",
        ] {
            assert!((0..text.len()).all(|at| joint(text.as_bytes(), at).is_none()), "{text}");
        }
    }
}
