//! The parser: alternatives of sequences of repeated atoms. Bracket expressions are in `bracket.rs`.

use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, Hir, Look, Repetition};

use super::{EreError, bracket};

/// The largest count in an interval, as `RE_DUP_MAX` of POSIX has it in GNU programs.
const MOST_REPEATS: u32 = 0x7fff;
/// Groups and repetitions within one another. A person writes five; the compiler recurses once for each.
const DEEPEST: usize = 200;

/// The tree of `pattern`.
pub(in crate::compat) fn parse(pattern: &[u8]) -> Result<Hir, EreError> {
    let mut parser = Parser { rest: pattern, open: 0 };
    let hir = parser.alternatives()?.hir;
    debug_assert!(parser.rest.is_empty(), "a `)` outside of a group is an ordinary character");
    Ok(hir)
}

/// What matches any of `ranges`.
pub(super) fn class(ranges: ClassBytes) -> Hir {
    Hir::class(Class::Bytes(ranges))
}

struct Parser<'p> {
    rest: &'p [u8],
    /// Groups that are not closed yet.
    open: usize,
}

/// A part of the tree, and how deep it is.
struct Part {
    hir: Hir,
    depth: usize,
}

impl Part {
    fn leaf(hir: Hir) -> Self {
        Self { hir, depth: 0 }
    }

    /// Several parts as one; of a single part that is the part itself.
    fn join(mut parts: Vec<Self>, join: fn(Vec<Hir>) -> Hir) -> Result<Self, EreError> {
        match parts.pop() {
            Some(only) if parts.is_empty() => Ok(only),
            last => {
                parts.extend(last);
                let depth = parts.iter().map(|part| part.depth).max().unwrap_or_default();
                Self { hir: join(parts.into_iter().map(|part| part.hir).collect()), depth }.deeper()
            }
        }
    }

    fn repeat(self, min: u32, max: Option<u32>) -> Result<Self, EreError> {
        let sub = Box::new(self.hir);
        let hir = Hir::repetition(Repetition { min, max, greedy: true, sub });
        Self { hir, depth: self.depth }.deeper()
    }

    fn deeper(self) -> Result<Self, EreError> {
        if self.depth == DEEPEST { Err(EreError::TooBig) } else { Ok(Self { depth: self.depth + 1, ..self }) }
    }
}

impl Parser<'_> {
    fn alternatives(&mut self) -> Result<Part, EreError> {
        let mut alternatives = vec![self.sequence()?];
        while self.eat(b'|') {
            alternatives.push(self.sequence()?);
        }
        Part::join(alternatives, Hir::alternation)
    }

    fn sequence(&mut self) -> Result<Part, EreError> {
        let mut parts = Vec::new();
        while let Some(&next) = self.rest.first() {
            if next == b'|' || (next == b')' && self.open > 0) {
                break;
            }
            parts.push(self.repeated()?);
        }
        Part::join(parts, Hir::concat)
    }

    /// An atom and the operators after it. Operators that have nothing to repeat repeat nothing, as grep has it.
    fn repeated(&mut self) -> Result<Part, EreError> {
        let mut part = if self.peek_operator()? { Part::leaf(Hir::empty()) } else { self.atom()? };
        while let Some((min, max)) = self.operator()? {
            part = part.repeat(min, max)?;
        }
        Ok(part)
    }

    fn peek_operator(&self) -> Result<bool, EreError> {
        Ok(Parser { rest: self.rest, open: self.open }.operator()?.is_some())
    }

    /// `*`, `+`, `?` or an interval, as least and greatest count.
    fn operator(&mut self) -> Result<Option<(u32, Option<u32>)>, EreError> {
        let counts = match self.rest.first() {
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'?') => (0, Some(1)),
            Some(b'{') => return self.interval(),
            _ => return Ok(None),
        };
        self.skip(1);
        Ok(Some(counts))
    }

    /// `{2}`, `{2,}`, `{,3}`, `{2,3}`; a brace that starts none of these is an ordinary character.
    fn interval(&mut self) -> Result<Option<(u32, Option<u32>)>, EreError> {
        let Some(close) = self.rest.iter().position(|&byte| byte == b'}') else { return Ok(None) };
        let content = &self.rest[1..close];
        let (least, most) = match content.iter().position(|&byte| byte == b',') {
            Some(comma) => (&content[..comma], Some(&content[comma + 1..])),
            None => (content, None),
        };
        let are_digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
        if !are_digits(least) || !most.is_none_or(are_digits) {
            return Ok(None);
        }
        if content.is_empty() {
            return Err(EreError::Interval);
        }
        let min = number(least)?.unwrap_or(0);
        let max = match most {
            Some(most) => number(most)?,
            None => Some(min),
        };
        if max.is_some_and(|max| max < min) {
            return Err(EreError::Interval);
        }
        self.skip(close + 1);
        Ok(Some((min, max)))
    }

    fn atom(&mut self) -> Result<Part, EreError> {
        let byte = self.rest[0];
        self.skip(1);
        let hir = match byte {
            b'(' => return self.group(),
            b'[' => {
                let (set, length) = bracket::parse(self.rest)?;
                self.skip(length);
                class(set)
            }
            b'.' => class(all_but_newline()),
            b'^' => Hir::look(Look::StartLF),
            b'$' => Hir::look(Look::EndLF),
            b'\\' => self.escape()?,
            _ => Hir::literal([byte]),
        };
        Ok(Part::leaf(hir))
    }

    /// Past the opening parenthesis.
    fn group(&mut self) -> Result<Part, EreError> {
        if self.rest.first() == Some(&b'?') {
            return Err(EreError::ForeignGroup);
        }
        self.open += 1;
        if self.open > DEEPEST {
            return Err(EreError::TooBig);
        }
        let content = self.alternatives()?;
        if !self.eat(b')') {
            return Err(EreError::UnmatchedParenthesis);
        }
        self.open -= 1;
        Ok(content)
    }

    /// Past the backslash.
    fn escape(&mut self) -> Result<Hir, EreError> {
        let &byte = self.rest.first().ok_or(EreError::TrailingBackslash)?;
        self.skip(1);
        Ok(match byte {
            b'w' => class(word()),
            b'W' => class(without(word())),
            b's' => class(space()),
            b'S' => class(without(space())),
            b'b' => Hir::look(Look::WordAscii),
            b'B' => Hir::look(Look::WordAsciiNegate),
            b'<' => Hir::look(Look::WordStartAscii),
            b'>' => Hir::look(Look::WordEndAscii),
            // The ends of the buffer, which for a program that looks at lines is the line.
            b'`' => Hir::look(Look::StartLF),
            b'\'' => Hir::look(Look::EndLF),
            b'1'..=b'9' => return Err(EreError::BackReference(char::from(byte))),
            _ => Hir::literal([byte]),
        })
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.rest.first() == Some(&byte);
        self.skip(usize::from(found));
        found
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }
}

/// A count; none if there are no digits.
fn number(digits: &[u8]) -> Result<Option<u32>, EreError> {
    let mut value = 0;
    for digit in digits {
        value = value * 10 + u32::from(digit - b'0');
        if value > MOST_REPEATS {
            return Err(EreError::TooBig);
        }
    }
    Ok((!digits.is_empty()).then_some(value))
}

fn word() -> ClassBytes {
    ranges(&[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')])
}

/// A newline is white space, but no line holds one.
fn space() -> ClassBytes {
    ranges(&[(b'\t', b'\t'), (0x0b, b'\r'), (b' ', b' ')])
}

fn all_but_newline() -> ClassBytes {
    without(ClassBytes::empty())
}

/// All that is not in `set`, nor a newline.
pub(super) fn without(mut set: ClassBytes) -> ClassBytes {
    set.push(ClassBytesRange::new(b'\n', b'\n'));
    set.negate();
    set
}

pub(super) fn ranges(of: &[(u8, u8)]) -> ClassBytes {
    ClassBytes::new(of.iter().map(|&(first, last)| ClassBytesRange::new(first, last)))
}
