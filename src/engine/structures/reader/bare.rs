//! A value without quotes: where it ends, and whether it is one and no expression.

use super::{MOST_BLANKS, Operator, Reader, colour, trim_blanks_end};
use crate::engine::structures::byte_at;
use crate::engine::structures::cursor::{is_blank, is_quote};
use crate::engine::structures::form::{LONGEST_NAME, LONGEST_VALUE, QUOTED, Role, Value, byte_before, ends_value};
use crate::model::{KindSet, Span};

impl Reader<'_> {
    /// A value without quotes.
    pub(super) fn bare(&self, kinds: KindSet, operator: Operator) -> Option<Value> {
        let within = self.rest();
        let within = &within[..within.len().min(LONGEST_VALUE + 1)];
        let (whole, is_glued) = bare_end(within)?;
        let seen = &within[..within.len().min(whole + usize::from(is_glued))];
        let end = parameter_end(seen, byte_before(self.text, self.outer)).min(whole);
        if is_glued && end == whole {
            return None;
        }
        let value = trim_closers(&within[..end]);
        let is_literal = match operator {
            Operator::Tight => self.is_in_literal(within, value.len()),
            Operator::Colon => self.is_header(within, value.len()),
            _ => false,
        };
        let kinds = if is_literal {
            QUOTED
        } else if self.is_in_comment() && is_no_code(value) {
            kinds.union(KindSet::PROGRAM).union(KindSet::SHELL)
        } else {
            kinds
        };
        let before_value = byte_before(self.text, self.at);
        let is_expression = memchr::memchr(b'(', value).is_some()
            // `group:artifact:version`, `@secret:name@`
            || operator == Operator::Colon && before_value == b':' && memchr::memchr(b':', value).is_some()
            || byte_before(self.text, self.name.start) == b'@' && value.ends_with(b"@");
        let kinds = if operator == Operator::Tight && !is_literal && begins_sentence(&within[end..]) {
            kinds.intersection(KindSet::SHELL)
        } else {
            kinds
        };
        let ends = operator == Operator::Tight || value.len() < end || ends_line(&within[end..]);
        let span = Span::new(self.at, self.at + value.len());
        let holds = !is_expression && ends && !is_escape_or_glued(&within[end..]);
        holds.then_some(Value { span, kinds, role: Role::Assigned })
    }

    /// Whether a pair written without blanks is a parameter in a literal: `"name=value"`, `"...;name=value;..."`. `within`
    /// begins with the value.
    fn is_in_literal(&self, within: &[u8], length: usize) -> bool {
        let before = trim_blanks_end(&self.text[..self.outer]);
        let is_edge = |byte: u8| is_quote(byte) || matches!(byte, b';' | b'&');
        before.last().is_some_and(|&byte| is_edge(byte) || byte == b'?')
            && within.get(length).is_some_and(|&byte| is_edge(byte) || byte == b'\\')
    }

    /// Whether the line begins as a comment does.
    fn is_in_comment(&self) -> bool {
        const MARKS: [&[u8]; 7] = [b"#", b"//", b"* ", b"/*", b"--", b";", b"<!--"];
        let before = &self.text[self.outer.saturating_sub(LONGEST_NAME)..self.outer];
        let line = memchr::memrchr(b'\n', before).map_or(before, |at| &before[at + 1..]).trim_ascii_start();
        MARKS.iter().any(|mark| line.starts_with(mark))
    }

    /// `"name: value"`: a header as a literal.
    fn is_header(&self, within: &[u8], length: usize) -> bool {
        let quote = byte_before(self.text, self.outer);
        is_quote(quote) && within.get(length) == Some(&quote)
    }
}

/// The end of a value; None if it is too long. Most that are looked at are parts of a long run, and so a block is first
/// asked as a whole whether there is an end in it, which the compiler makes vector code of.
fn value_end(within: &[u8]) -> Option<usize> {
    const BLOCK: usize = 32;
    let may_end = |block: &[u8]| {
        block.iter().fold(false, |ends, &byte| {
            ends | (byte <= b' ')
                | (byte == b'"')
                | (byte == b'\'')
                | (byte == b'`')
                | (byte == b'<')
                | (byte == b'>')
                | (byte == b'\\')
                | (byte == 0x7f)
        })
    };
    let blocks = within.chunks(BLOCK).take_while(|block| !may_end(block)).count();
    let from = within.len().min(blocks * BLOCK);
    let end = within[from..].iter().position(|&byte| ends_value(byte)).map_or(within.len(), |at| from + at);
    (end <= LONGEST_VALUE).then_some(end)
}

/// Where an unquoted value ends, and whether that is at the `=` of another pair. Padding belongs to the value, and so does
/// an `=` that no name stands before. None if it is too long.
fn bare_end(within: &[u8]) -> Option<(usize, bool)> {
    let end = value_end(within)?;
    let Some(equals) = memchr::memchr(b'=', &within[..end]) else { return Some((end, false)) };
    let before = &within[..equals];
    let name = &before[before.iter().rposition(|byte| b";&,".contains(byte)).map_or(0, |found| found + 1)..];
    let is_name = name.iter().all(|byte| byte.is_ascii_alphabetic() || b"_-.".contains(byte));
    let is_pair = !name.is_empty() && is_name && within[equals..end].iter().any(|&byte| byte != b'=');
    Some(if is_pair { (equals, true) } else { (end, false) })
}

/// Of several parameters (of a query, of a connection string, of a list), where the first ends: before a separator
/// that also stands before the name, or that the next `name=` follows.
fn parameter_end(value: &[u8], before_name: u8) -> usize {
    let is_own = |byte: u8| match before_name {
        b'?' | b'&' => matches!(byte, b'&' | b'#'),
        b';' | b',' => byte == before_name,
        _ => false,
    };
    let begins_pair = |rest: &[u8]| {
        let name = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
        name > 0 && byte_at(rest, name) == b'='
    };
    let ends =
        |at: usize| is_own(value[at]) || matches!(value[at], b'&' | b';' | b',') && begins_pair(&value[at + 1..]);
    (0..value.len()).find(|&at| ends(at)).unwrap_or(value.len())
}

/// Drops what closes the record, the list or the sentence around a bare value.
fn trim_closers(mut value: &[u8]) -> &[u8] {
    while let [rest @ .., last] = value {
        let opener = match last {
            b',' | b';' => 0,
            b')' => b'(',
            b']' => b'[',
            b'}' => b'{',
            _ => break,
        };
        if opener != 0 && memchr::memchr(opener, rest).is_some() {
            break;
        }
        value = rest;
    }
    value
}

/// Whether a value without quotes in a program's comment is none of its expressions: it has letters and digits, and no dots.
fn is_no_code(value: &[u8]) -> bool {
    const SHORTEST: usize = 6;
    let has = |is: fn(&u8) -> bool| value.iter().any(is);
    value.len() >= SHORTEST
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && !value.iter().any(|byte| b"._()[]{}<>,;$*".contains(byte))
}

/// Whether nothing but a comment or the end of the text around it follows a bare value.
fn ends_line(rest: &[u8]) -> bool {
    let rest = &rest[colour(rest).unwrap_or(0)..];
    let blanks = rest.iter().take(MOST_BLANKS).take_while(|&&byte| is_blank(byte)).count();
    match &rest[blanks..] {
        [] | [b'\n' | b'\r' | 0 | b'"' | b'\'' | b'`' | b'\\' | b'<', ..] => true,
        [b'#' | b';' | b'}' | b']' | b',', ..] | [b'/' | b'*', b'/', ..] | [b'-', b'-', b'>', ..] => blanks > 0,
        _ => false,
    }
}

/// Whether words follow a bare value, as in a translation: `password.hint=Enter it twice please`. A command has options and
/// names of files, too.
fn begins_sentence(rest: &[u8]) -> bool {
    const FEWEST_WORDS: usize = 3;
    let line = &rest[..rest.len().min(LONGEST_VALUE)];
    let line = &line[..memchr::memchr2(b'\n', b'"', line).unwrap_or(line.len())];
    let is_word = |word: &[u8]| {
        let word = word.strip_suffix(b",").or_else(|| word.strip_suffix(b".")).unwrap_or(word);
        !word.is_empty() && word.iter().all(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
    };
    line.first() == Some(&b' ') && {
        let mut words = line[1..].split(|&byte| byte == b' ').map(<[u8]>::trim_ascii);
        (0..FEWEST_WORDS).all(|_| words.next().is_some_and(is_word))
    }
}

/// Whether a bare value ends in the middle of something: `a\x`, `a"b`, `a>b`.
fn is_escape_or_glued(rest: &[u8]) -> bool {
    match rest {
        [b'\\', b'n' | b'r' | b't' | b'"' | b'\'' | b'\n' | b'\r' | b'\\', ..] => false,
        // The mark that splits what rule files have for examples.
        [b'\\' | b'>', ..] | [b'<', b'+', b'>', ..] => true,
        [b'"' | b'\'' | b'`', next, ..] => next.is_ascii_alphanumeric() || matches!(next, b'$' | b'{' | b'_'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn blocks_end_where_bytes_end(text in "[a-z]{0,600}[ -~]{0,4}[a-z]{0,40}") {
            let end = text.bytes().position(ends_value).unwrap_or(text.len());
            prop_assert_eq!(value_end(text.as_bytes()), (end <= LONGEST_VALUE).then_some(end));
        }

        #[test]
        fn every_byte_that_ends_a_value_ends_its_block(byte in any::<u8>(), before in 0usize..70) {
            let text = [vec![b'a'; before], vec![byte; usize::from(ends_value(byte))], vec![b'a'; 40]].concat();
            let end = text.iter().position(|&byte| ends_value(byte)).unwrap_or(text.len());
            prop_assert_eq!(value_end(&text), Some(end));
        }
    }
}
