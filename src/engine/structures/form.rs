//! Where a name's value stands. One reader for the forms in which programs, settings, markup and commands write a pair:
//!
//! - `name = value`, with `:`, `=>`, `:=` or `?=`; the name bare, in quotes, in brackets, or in escaped quotes
//! - `name: Type = "value"`, `char name[] = "value"`, `name string = "value"`
//! - `"name", "value"`; `--name value`
//! - `<name>value</name>`
//! - `name: NAME` or `key="NAME"`, and beside it `value: value`; `<name>NAME</name><value>value</value>`
//!
//! It knows nothing of what makes a name or a value a credential's.

use super::byte_at;
use crate::model::{KindSet, Span};

/// A value, and the kinds of file in which what was written is a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// Without its quotes.
    pub span: Span,
    /// Where it would be an expression, it does not hold.
    pub kinds: KindSet,
}

const LONGEST_NAME: usize = 80;
const SHORTEST_VALUE: usize = 4;
const LONGEST_VALUE: usize = 512;
/// Blanks that line up columns.
const MOST_BLANKS: usize = 40;
/// Bytes between two fields of one record.
const LONGEST_GAP: usize = 80;
/// Length of a declared type, or of an element's attributes.
const LONGEST_ASIDE: usize = 120;
/// Text in a text, in a text: `\\\"`.
const MOST_SLASHES: usize = 3;

/// A literal says what it is, wherever it stands.
const QUOTED: KindSet = KindSet::ALL.without(KindSet::LOCK).without(KindSet::I18N).without(KindSet::GENERATED);
/// Without quotes a program's right-hand side is an expression, and so is a shell's if there are blanks beside the `=`.
const LOOSE: KindSet = KindSet::DATA.union(KindSet::MARKUP).union(KindSet::PROSE).union(KindSet::OTHER);
const TIGHT: KindSet = LOOSE.union(KindSet::SHELL);

/// The name that `hit` is in, and its value.
pub(super) fn around(text: &[u8], hit: Span) -> Option<(Span, Value)> {
    let end = name_end(text, hit)?;
    let name = Span::new(name_start(text, hit, end)?, end);
    let value = Reader::new(text, name)?.value()?;
    (SHORTEST_VALUE..=LONGEST_VALUE).contains(&value.span.len()).then_some((name, value))
}

/// None if what follows ends no name or begins no pair: the way out for nearly every occurrence.
fn name_end(text: &[u8], hit: Span) -> Option<usize> {
    let rest = &text[hit.end..text.len().min(hit.end + LONGEST_NAME)];
    let end = hit.end + rest.iter().position(|&byte| CLASS[usize::from(byte)] & NAME == 0).unwrap_or(rest.len());
    let can_follow = CLASS[usize::from(byte_at(text, end))] & AFTER_NAME != 0;
    let is_whole = !matches!(byte_before(text, end), b'-' | b'.' | b'@' | b'$');
    (can_follow && is_whole).then_some(end)
}

/// Without the dashes of an option, the `$` of a variable and the like.
fn name_start(text: &[u8], hit: Span, end: usize) -> Option<usize> {
    let earliest = end.saturating_sub(LONGEST_NAME + 1);
    let before = text.get(earliest..hit.start)?;
    let start =
        before.iter().rposition(|&byte| CLASS[usize::from(byte)] & NAME == 0).map_or(earliest, |at| earliest + at + 1);
    let marks = text[start..hit.start].iter().take_while(|&&byte| matches!(byte, b'-' | b'.' | b'@' | b'$')).count();
    (end - start <= LONGEST_NAME).then_some(start + marks)
}

/// Classes of bytes.
const NAME: u8 = 1;
/// What may stand right after a name that has a value.
const AFTER_NAME: u8 = 1 << 1;
/// What ends a value without quotes.
const ENDS_VALUE: u8 = 1 << 2;

const CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        if b.is_ascii_alphanumeric() || !b.is_ascii() || matches!(b, b'_' | b'$' | b'@' | b'.' | b'-') {
            table[byte] |= NAME;
        }
        if matches!(
            b,
            b' ' | b'\t' | b'\r' | b'\n' | b'=' | b':' | b'?' | b'"' | b'\'' | b'`' | b'\\' | b'[' | b']' | b'<' | b'>'
        ) {
            table[byte] |= AFTER_NAME;
        }
        if b <= b' ' || matches!(b, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | 0x7f) {
            table[byte] |= ENDS_VALUE;
        }
        byte += 1;
    }
    table
};

/// A quotation mark, with the backslashes that escape it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    byte: u8,
    slashes: usize,
}

impl Mark {
    fn at(text: &[u8], at: usize) -> Option<Self> {
        let slashes = (0..MOST_SLASHES).take_while(|&n| byte_at(text, at + n) == b'\\').count();
        let byte = byte_at(text, at + slashes);
        is_quote(byte).then_some(Self { byte, slashes })
    }

    fn before(text: &[u8], end: usize) -> Option<Self> {
        let byte = byte_before(text, end);
        let slashes = (1..=MOST_SLASHES).take_while(|&n| byte_before(text, end.saturating_sub(n)) == b'\\').count();
        is_quote(byte).then_some(Self { byte, slashes })
    }

    fn len(self) -> usize {
        self.slashes + 1
    }
}

/// What stands between a name and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    /// `=` without blanks.
    Tight,
    /// `=` with blanks.
    Loose,
    Colon,
    /// `=>`
    Arrow,
    Comma,
}

/// Reads what follows a name.
struct Reader<'a> {
    text: &'a [u8],
    name: Span,
    /// Where the name begins with its dashes.
    outer: usize,
    is_quoted: bool,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8], name: Span) -> Option<Self> {
        let dashes = (0..2).take_while(|&n| byte_before(text, name.start - n) == b'-').count();
        let outer = name.start - dashes;
        let (is_quoted, at) = match Mark::at(text, name.end) {
            Some(mark) if Mark::before(text, outer) == Some(mark) => (true, name.end + mark.len()),
            Some(_) => return None,
            None => (false, name.end),
        };
        Some(Self { text, name, outer, is_quoted, at })
    }

    fn value(mut self) -> Option<Value> {
        if !self.is_quoted && self.is_element() {
            return self.element();
        }
        match self.peek() {
            b'<' => return self.sibling_element(),
            b']' => self.at += 1,
            b'[' if !self.is_quoted => return self.array(),
            _ => {}
        }
        let before = self.skip_blanks();
        match self.operator(before) {
            Some(Operator::Comma) if self.is_first_field() => self.sibling_field(),
            Some(operator) => self.right_hand_side(operator),
            None if self.is_option() => self.argument(),
            None if self.is_first_field() => self.sibling_field(),
            None if !self.is_quoted && self.rest().starts_with(b"string") => self.typed(),
            None => None,
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> u8 {
        byte_at(self.text, self.at)
    }

    fn skip_blanks(&mut self) -> usize {
        let blanks = self.rest().iter().take(MOST_BLANKS).take_while(|&&byte| is_blank(byte)).count();
        self.at += blanks;
        blanks
    }

    /// Steps over an operator and the blanks after it.
    fn operator(&mut self, blanks: usize) -> Option<Operator> {
        let (operator, length) = match (self.peek(), byte_at(self.text, self.at + 1)) {
            (b'=', b'=' | b'~') | (b':', b':') => return None,
            (b'=', b'>') => (Operator::Arrow, 2),
            (b'=', _) => (Operator::Loose, 1),
            (b':' | b'?', b'=') => (Operator::Loose, 2),
            (b'?', b':') => (Operator::Colon, 2),
            (b':', _) => (Operator::Colon, 1),
            (b',', _) if self.is_quoted => (Operator::Comma, 1),
            _ => return None,
        };
        self.at += length;
        let is_tight = blanks + self.skip_blanks() == 0;
        Some(if operator == Operator::Loose && is_tight { Operator::Tight } else { operator })
    }

    fn right_hand_side(self, operator: Operator) -> Option<Value> {
        if let Some((start, mark)) = self.opening() {
            return self.literal(start, mark, operator != Operator::Comma);
        }
        match operator {
            Operator::Tight => self.bare(TIGHT, operator),
            Operator::Loose => self.bare(LOOSE, operator),
            Operator::Colon => self.typed().or_else(|| self.bare(LOOSE, operator)),
            Operator::Arrow | Operator::Comma => None,
        }
    }

    /// The quotation mark that begins a literal here, and where its text starts. Letters before it (`b"`, `r#"`, `@"`)
    /// do not change what kind of value it is.
    fn opening(&self) -> Option<(usize, Mark)> {
        let is_prefix = |byte: u8| matches!(byte, b'b' | b'B' | b'r' | b'R' | b'u' | b'U' | b'f' | b'L' | b'@' | b'#');
        let prefix = (0..2).take_while(|&n| is_prefix(byte_at(self.text, self.at + n))).count();
        let at = self.at + prefix;
        Mark::at(self.text, at).map(|mark| (at + mark.len(), mark))
    }

    /// Up to the closing quotation mark. With blanks, other quotes or escapes in it (but for JSON's `\/`) it is text.
    fn literal(&self, start: usize, mark: Mark, may_continue: bool) -> Option<Value> {
        let within = &self.text[start.min(self.text.len())..self.text.len().min(start + LONGEST_VALUE + 1)];
        let mut end = 0;
        loop {
            match *within.get(end)? {
                b'\\' if mark.slashes == 0 && within.get(end + 1) == Some(&b'/') => end += 2,
                byte if byte == mark.byte || byte == b'\\' => break,
                byte if byte <= b' ' || is_quote(byte) => return None,
                _ => end += 1,
            }
        }
        let end = start + end;
        let is_closed = Mark::at(self.text, end) == Some(mark);
        let is_whole = is_closed && !(may_continue && continues(self.text, end + mark.len()));
        is_whole.then_some(Value { span: Span::new(start, end), kinds: QUOTED })
    }

    /// A value without quotes.
    fn bare(&self, kinds: KindSet, operator: Operator) -> Option<Value> {
        let within = self.rest();
        let within = &within[..within.len().min(LONGEST_VALUE + 1)];
        let (whole, is_glued) = bare_end(within);
        let seen = &within[..within.len().min(whole + usize::from(is_glued))];
        let end = parameter_end(seen, byte_before(self.text, self.outer)).min(whole);
        if is_glued && end == whole {
            return None;
        }
        let value = trim_closers(&within[..end]);
        let is_expression = memchr::memchr(b'(', value).is_some();
        let ends = operator == Operator::Tight || value.len() < end || ends_line(&within[end..]);
        let span = Span::new(self.at, self.at + value.len());
        (!is_expression && ends && !is_escape_or_glued(&within[end..])).then_some(Value { span, kinds })
    }

    /// `name: Type = "value"`: always a literal, or it would be an expression.
    fn typed(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let is_type = |byte: u8| byte.is_ascii_alphanumeric() || b" _&'<>[]|.,?*:".contains(&byte);
        let equals = within.iter().position(|&byte| !is_type(byte)).filter(|&at| within[at] == b'=')?;
        let mut reader = Self { at: self.at + equals + 1, ..*self };
        reader.skip_blanks();
        let (start, mark) = reader.opening()?;
        reader.literal(start, mark, true)
    }

    /// `name[32] = "value"`.
    fn array(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let close = memchr::memchr(b']', within)?;
        within[1..close].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').then_some(())?;
        let mut reader = Self { at: self.at + close + 1, ..*self };
        let before = reader.skip_blanks();
        matches!(reader.operator(before)?, Operator::Tight | Operator::Loose).then_some(())?;
        let (start, mark) = reader.opening()?;
        reader.literal(start, mark, true)
    }

    /// Whether the name is an option of a command: `--name`.
    fn is_option(&self) -> bool {
        self.outer < self.name.start
            && !self.is_quoted
            && matches!(byte_before(self.text, self.outer), 0..=b' ' | b'"' | b'\'' | b'`')
    }

    /// The word after an option.
    fn argument(&self) -> Option<Value> {
        if let Some((start, mark)) = self.opening() {
            return self.literal(start, mark, true);
        }
        if matches!(self.peek(), b'-' | b'\r' | b'\n' | b'|' | b'>' | b'&' | b';') {
            return None;
        }
        self.bare(TIGHT, Operator::Tight)
    }

    /// Whether the name is an element's: `<name>`, `<prefix:name>`.
    fn is_element(&self) -> bool {
        if byte_before(self.text, self.name.start) == b':' {
            let prefix = &self.text[..self.name.start - 1];
            let letters =
                prefix.iter().rev().take(LONGEST_NAME).take_while(|byte| byte.is_ascii_alphanumeric()).count();
            return letters > 0 && byte_before(prefix, prefix.len() - letters) == b'<';
        }
        byte_before(self.text, self.name.start) == b'<'
    }

    fn element(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let close = memchr::memchr2(b'>', b'\n', within).filter(|&at| within[at] == b'>')?;
        let is_open = close == 0 || is_blank(within[0]) && within[close - 1] != b'/';
        if is_open { self.content(self.at + close + 1) } else { None }
    }

    /// Text up to the closing tag.
    fn content(&self, start: usize) -> Option<Value> {
        let within = &self.text[start.min(self.text.len())..self.text.len().min(start + LONGEST_VALUE + 1)];
        let end = within.iter().position(|&byte| byte == b'<' || byte <= b' ')?;
        let span = Span::new(start, start + end);
        within[end..].starts_with(b"</").then_some(Value { span, kinds: TIGHT })
    }

    /// `<name>NAME</name> <value>value</value>`.
    fn sibling_element(&self) -> Option<Value> {
        const NAME: &[u8] = b"<name>";
        const VALUE: &[u8] = b"<value>";
        self.text[..self.outer].ends_with(NAME).then_some(())?;
        let rest = self.rest().strip_prefix(b"</name>")?;
        let gap = rest.iter().take(LONGEST_GAP).take_while(|byte| byte.is_ascii_whitespace()).count();
        rest[gap..].starts_with(VALUE).then_some(())?;
        self.content(self.at + b"</name>".len() + gap + VALUE.len())
    }

    /// Whether the name is itself the value of a field that holds names: `name: NAME`, `key="NAME"`.
    fn is_first_field(&self) -> bool {
        const FIELDS: [&[u8]; 5] = [b"name", b"key", b"parameterkey", b"optionname", b"variable"];
        let mark = if self.is_quoted { Mark::before(self.text, self.outer).map_or(0, Mark::len) } else { 0 };
        let before = trim_blanks_end(&self.text[..self.outer.saturating_sub(mark)]);
        let Some(before) = before.strip_suffix(b":").or_else(|| before.strip_suffix(b"=")) else { return false };
        let before = trim_blanks_end(before);
        let before = Mark::before(before, before.len()).map_or(before, |mark| &before[..before.len() - mark.len()]);
        FIELDS.iter().any(|field| {
            before.len() >= field.len()
                && before[before.len() - field.len()..].eq_ignore_ascii_case(field)
                && !byte_before(before, before.len() - field.len()).is_ascii_alphanumeric()
        })
    }

    /// The field with the value, beside the one with the name.
    fn sibling_field(mut self) -> Option<Value> {
        const FIELDS: [&[u8]; 3] = [b"value", b"parametervalue", b"defaultvalue"];
        let is_gap = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'-');
        self.at += self.rest().iter().take(LONGEST_GAP).take_while(|&&byte| is_gap(byte)).count();
        let opened = Mark::at(self.text, self.at);
        self.at += opened.map_or(0, Mark::len);
        let field = FIELDS
            .iter()
            .find(|field| self.rest().get(..field.len()).is_some_and(|start| start.eq_ignore_ascii_case(field)))?;
        self.at += field.len();
        if opened.is_some() {
            (Mark::at(self.text, self.at) == opened).then_some(())?;
            self.at += opened.map_or(0, Mark::len);
        }
        let before = self.skip_blanks();
        let operator = self.operator(before)?;
        self.right_hand_side(operator)
    }
}

/// Whether the literal that ends at `at` is part of a longer expression: `"a" + b`, `"a" % b`, `"a"$b`, `"a" "b"`.
fn continues(text: &[u8], at: usize) -> bool {
    let rest = &text[at.min(text.len())..];
    let blanks = rest.iter().take(MOST_BLANKS).take_while(|&&byte| is_blank(byte)).count();
    let next = &rest[blanks..];
    let is_method = [b".format(".as_slice(), b".join(", b".repeat(", b".replace(", b". ", b".$", b".."]
        .iter()
        .any(|method| next.starts_with(method));
    is_method
        || matches!(next, [b'+' | b'%' | b'*', ..])
        || matches!(next, [quote @ (b'"' | b'\''), ..] if blanks > 0 || *quote == byte_before(text, at))
        || blanks == 0 && matches!(next, [b'$' | b'_' | b'{' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z', ..])
}

/// Where an unquoted value ends, and whether that is at the `=` of another pair. Padding belongs to the value.
fn bare_end(within: &[u8]) -> (usize, bool) {
    let ends = |byte: u8| CLASS[usize::from(byte)] & ENDS_VALUE != 0;
    let end = within.iter().position(|&byte| byte == b'=' || ends(byte)).unwrap_or(within.len());
    let padding = within[end..].iter().take_while(|&&byte| byte == b'=').count();
    let is_pair = padding > 0 && within.get(end + padding).is_some_and(|&byte| !ends(byte));
    (if is_pair { end } else { end + padding }, is_pair)
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

/// Whether nothing but a comment or the end of the text around it follows a bare value.
fn ends_line(rest: &[u8]) -> bool {
    let blanks = rest.iter().take(MOST_BLANKS).take_while(|&&byte| is_blank(byte)).count();
    match &rest[blanks..] {
        [] | [b'\n' | b'\r' | 0 | b'"' | b'\'' | b'`' | b'\\' | b'<', ..] => true,
        [b'#' | b';' | b'}' | b']' | b',', ..] | [b'/', b'/', ..] => blanks > 0,
        _ => false,
    }
}

/// Whether a bare value ends in the middle of something: `a\x`, `a"b`, `a>b`.
fn is_escape_or_glued(rest: &[u8]) -> bool {
    match rest {
        [b'\\', b'n' | b'r' | b't' | b'"' | b'\'' | b'\n' | b'\r' | b'\\', ..] => false,
        [b'\\' | b'>', ..] => true,
        [b'"' | b'\'' | b'`', next, ..] => next.is_ascii_alphanumeric() || matches!(next, b'$' | b'{' | b'_'),
        _ => false,
    }
}

fn trim_blanks_end(text: &[u8]) -> &[u8] {
    let blanks = text.iter().rev().take(MOST_BLANKS).take_while(|&&byte| is_blank(byte)).count();
    &text[..text.len() - blanks]
}

fn byte_before(text: &[u8], at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |before| byte_at(text, before))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}
