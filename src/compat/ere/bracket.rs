//! Bracket expressions: `[abc]`, `[^a-z]`, `[]x]`, `[[:digit:]_]`, `[[.-.]]`, `[[=a=]]`. A backslash is an ordinary
//! character in them. Ranges go by the value of bytes, as in the C locale.

use regex_syntax::hir::{ClassBytes, ClassBytesRange};

use super::{
    EreError,
    parse::{ranges, without},
};

/// The set that starts after a `[`, and the length of its text, with the closing bracket.
pub(super) fn parse(text: &[u8]) -> Result<(ClassBytes, usize), EreError> {
    let negated = text.first() == Some(&b'^');
    let mut reader = Reader { text, at: usize::from(negated) };
    let set = reader.set()?;
    Ok((if negated { without(set) } else { set }, reader.at))
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

/// One thing between the brackets.
enum Element {
    Byte(u8),
    Class(ClassBytes),
}

impl Reader<'_> {
    fn set(&mut self) -> Result<ClassBytes, EreError> {
        let mut set = ClassBytes::empty();
        let first = self.at;
        loop {
            let is_first = self.at == first;
            if self.peek(0)? == b']' && !is_first {
                self.at += 1;
                return Ok(set);
            }
            self.refuse_stray_hyphen(is_first)?;
            match (self.element()?, self.range_end()?) {
                (Element::Byte(low), Some(Element::Byte(high))) if low <= high => {
                    set.push(ClassBytesRange::new(low, high));
                }
                (Element::Byte(byte), None) => set.push(ClassBytesRange::new(byte, byte)),
                (Element::Class(class), None) => set.union(&class),
                _ => return Err(EreError::Range),
            }
        }
    }

    /// A hyphen that neither comes first or last nor makes a range has no meaning: `[a-c-e]`.
    fn refuse_stray_hyphen(&self, is_first: bool) -> Result<(), EreError> {
        let stray = !is_first && self.peek(0)? == b'-' && self.peek(1)? != b']';
        if stray { Err(EreError::Range) } else { Ok(()) }
    }

    /// What a range that starts with the last element ends with, if this is a range.
    fn range_end(&mut self) -> Result<Option<Element>, EreError> {
        if self.peek(0)? != b'-' || self.peek(1)? == b']' {
            return Ok(None);
        }
        self.at += 1;
        self.element().map(Some)
    }

    fn element(&mut self) -> Result<Element, EreError> {
        let byte = self.peek(0)?;
        self.at += 1;
        match (byte, self.text.get(self.at)) {
            (b'[', Some(&kind @ (b':' | b'.' | b'='))) => {
                self.at += 1;
                let name = self.name(kind)?;
                match kind {
                    b':' => named_class(name).map(Element::Class),
                    // What is equivalent to a character has no place in an order of characters.
                    b'=' => collating(name).map(|byte| Element::Class(ranges(&[(byte, byte)]))),
                    _ => collating(name).map(Element::Byte),
                }
            }
            _ => Ok(Element::Byte(byte)),
        }
    }

    /// The name before `:]`, `.]` or `=]`.
    fn name(&mut self, kind: u8) -> Result<&[u8], EreError> {
        let rest = &self.text[self.at..];
        let end = rest.windows(2).position(|pair| pair == [kind, b']']).ok_or(EreError::UnmatchedBracket)?;
        self.at += end + 2;
        Ok(&rest[..end])
    }

    fn peek(&self, ahead: usize) -> Result<u8, EreError> {
        self.text.get(self.at + ahead).copied().ok_or(EreError::UnmatchedBracket)
    }
}

/// In the C locale each character collates by itself, and no name stands for another.
fn collating(name: &[u8]) -> Result<u8, EreError> {
    match name {
        [byte] => Ok(*byte),
        _ => Err(EreError::Collation),
    }
}

fn named_class(name: &[u8]) -> Result<ClassBytes, EreError> {
    let of: &[(u8, u8)] = match name {
        b"alpha" => &[(b'A', b'Z'), (b'a', b'z')],
        b"digit" => &[(b'0', b'9')],
        b"alnum" => &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')],
        b"upper" => &[(b'A', b'Z')],
        b"lower" => &[(b'a', b'z')],
        b"space" => &[(b'\t', b'\t'), (0x0b, b'\r'), (b' ', b' ')],
        b"blank" => &[(b'\t', b'\t'), (b' ', b' ')],
        b"punct" => &[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')],
        b"print" => &[(b' ', b'~')],
        b"graph" => &[(b'!', b'~')],
        b"cntrl" => &[(0, b'\t'), (0x0b, 0x1f), (0x7f, 0x7f)],
        b"xdigit" => &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')],
        _ => return Err(EreError::ClassName),
    };
    Ok(ranges(of))
}
