//! Where a name ends, begins, and has a value. This file finds the name around an anchor and says what a value is; what
//! follows the name is read by `reader.rs`, and fields of one record by `record.rs`.
//!
//! It knows nothing of what makes a name or a value a credential's.

use super::byte_at;
use super::cursor::{is_blank, is_quote};
use super::reader::{Reader, may_be_given_before};
use crate::engine::ahead::Next;
use crate::model::{KindSet, Span};

/// A value, and what the text around it says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value {
    /// Without its quotes.
    pub span: Span,
    /// The kinds of file in which what was written is a value and no expression.
    pub kinds: KindSet,
    /// What is done with it.
    pub role: Role,
}

/// What the text does with a name and a value. Not all of it says that the value belongs to the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is the name's.
    Assigned,
    /// It is given to what has the name: `name("value")`.
    Argument,
    /// It is compared with the name's, or follows without an operator: `name == "value"`, `NAME 'value'`.
    Beside,
}

pub(super) const LONGEST_NAME: usize = 80;
const SHORTEST_VALUE: usize = 4;
pub(super) const LONGEST_VALUE: usize = 512;

/// A literal says what it is, wherever it stands.
pub(super) const QUOTED: KindSet = KindSet::ALL.without(KindSet::LOCK).without(KindSet::GENERATED);
/// Without quotes a program's right-hand side is an expression, and so is a shell's if there are blanks beside the `=`.
pub(super) const LOOSE: KindSet =
    KindSet::DATA.union(KindSet::MARKUP).union(KindSet::PROSE).union(KindSet::I18N).union(KindSet::OTHER);
pub(super) const TIGHT: KindSet = LOOSE.union(KindSet::SHELL);

/// What a literal may be wrapped in without becoming another value: `Some("value")`, `[]byte("value")`.
const WRAPPERS: [&str; 33] = [
    "GetBytes",
    "MD5",
    "NewSecret",
    "Optional",
    "PASSWORD",
    "Password",
    "QStringLiteral",
    "Secret",
    "SecretStr",
    "SecretString",
    "SecureString",
    "Sensitive",
    "Some",
    "String",
    "StringVal",
    "b64decode",
    "bcrypt",
    "byte",
    "bytes",
    "encode",
    "from",
    "hmacShaKeyFor",
    "make",
    "md5",
    "parse",
    "secret",
    "sha1",
    "str",
    "string",
    "toBytes",
    "unhexlify",
    "useState",
    "valueOf",
];

/// Whether a call of this name, which is the last of its path, gives back the literal that it is given, or its bytes.
pub(super) fn is_wrapper(called: &[u8]) -> bool {
    WRAPPERS.iter().any(|wrapper| wrapper.as_bytes() == called)
}

/// The name that `hit` is in, and its value.
pub(super) fn around(text: &[u8], hit: Span) -> Option<(Span, Value)> {
    let name = name_at(text, hit)?;
    let value = Reader::new(text, name)?.value()?;
    (SHORTEST_VALUE..=LONGEST_VALUE).contains(&value.span.len()).then_some((name, value))
}

/// The literals of a list behind `first`, which is the first of the name's, wherever the list's lines end.
pub(super) fn further_items(text: &[u8], name: Span, first: Span) -> Vec<Value> {
    const MOST: usize = 50;
    let between = text.get(name.end..first.start).unwrap_or_default();
    let opens = between.iter().rposition(|&byte| matches!(byte, b'[' | b'{' | b'('));
    let is_list = opens.is_some_and(|at| {
        between[at + 1..].iter().all(|&byte| byte.is_ascii_whitespace() || is_quote(byte) || byte == b'@')
            && between[..at].iter().all(|byte| byte.is_ascii_whitespace() || b"=:>\"'".contains(byte))
    });
    let mut items = Vec::new();
    let mut end = if is_list { Some(first.end) } else { None };
    while let Some(value) = end.and_then(|end| Reader::item_behind(text, name, end)).filter(|_| items.len() < MOST) {
        end = Some(value.span.end);
        if (SHORTEST_VALUE..=LONGEST_VALUE).contains(&value.span.len()) {
            items.push(value);
        }
    }
    items
}

/// Whether it is soon known that the name which `hit` is in has no value: it ends where none may follow, or what follows its `=`
/// goes on for longer than any value, without a quotation mark.
pub(super) fn is_valueless(text: &[u8], hit: Span, ends: &mut Next) -> bool {
    let Some(end) = name_part(text, hit).and_then(|at| name_end(text, at)) else { return true };
    let start = end + 1;
    // `=~` is no operator, and an expansion ends where no other value does.
    byte_at(text, end) == b'='
        && !matches!(byte_at(text, start), b'~' | b'$')
        && !ends.is_in(start..start + LONGEST_VALUE + 2, |at| text.get(at).is_none_or(|&byte| ends_value(byte)))
}

/// The colon of Chinese and Japanese texts.
pub(super) const FULL_WIDTH_COLON: &[u8] = "\u{ff1a}".as_bytes();

/// How far to either side of an anchor [`name_at`] looks, in bytes.
pub(super) const NAME_REACH: usize = LONGEST_NAME + LONGEST_PATH + 20;
/// What leads to a name, `$this->config->`, in bytes.
pub(super) const LONGEST_PATH: usize = 40;

/// The name that `hit` is in, if what follows it may be its value.
pub(super) fn name_at(text: &[u8], hit: Span) -> Option<Span> {
    let at = name_part(text, hit)?;
    let end = name_end(text, at)?;
    Some(Span::new(name_start(text, at, end)?, end))
}

/// Whether two occurrences of anchors, sorted by start, may be in one name: nothing that ends a name stands between them.
pub(super) fn may_share_name(text: &[u8], hit: Span, next: Span) -> bool {
    let between = text.get(hit.end.min(next.start)..next.start).unwrap_or_default();
    between.len() <= LONGEST_NAME && between.iter().all(|&byte| CLASS[usize::from(byte)] & NAME != 0)
}

/// Where in the anchor the name is. Names too short to be anchors have what stands beside them for a part: `pw=`, `"pw"`.
fn name_part(text: &[u8], hit: Span) -> Option<usize> {
    text.get(hit.range())?.iter().position(|&byte| CLASS[usize::from(byte)] & NAME != 0).map(|first| hit.start + first)
}

/// None if what follows ends no name or begins no pair: the way out for nearly every occurrence.
fn name_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..text.len().min(at + LONGEST_NAME + 1)];
    let end = rest.iter().position(|&byte| CLASS[usize::from(byte)] & NAME == 0).unwrap_or(rest.len());
    let colon =
        memchr::memchr(FULL_WIDTH_COLON[0], &rest[..end]).filter(|&at| rest[at..].starts_with(FULL_WIDTH_COLON));
    let end = at + colon.unwrap_or(end);
    let can_follow = colon.is_some() || CLASS[usize::from(byte_at(text, end))] & AFTER_NAME != 0;
    let is_whole = !matches!(byte_before(text, end), b'-' | b'.' | b'@' | b'$');
    // Of nearly all calls the argument is no literal.
    let may_have_value = match byte_at(text, end) {
        b'(' if byte_at(text, end + 1) == b')' => is_compared(&text[end..]) || is_given_before(text, at, end),
        b'(' if matches!(byte_at(text, end + 1), b'\r' | b'\n') => is_quote(byte_behind_space(text, end + 1)),
        b'(' | b',' => is_literal_start(byte_at(text, end + 1)),
        // A variable of Robot Framework, and a field of Perl.
        b'}' => is_blank(byte_at(text, end + 1)) && matches!(byte_at(text, end + 2), b' ' | b'\t' | b'='),
        b'{' => is_quote(byte_at(text, end + 1)),
        b')' => says_what(&text[end..]).is_some() || is_given_before(text, at, end),
        _ => true,
    };
    (can_follow && is_whole && may_have_value).then(|| without_comparison(text, at, end))
}

/// What a test says of the value that a call gives back: `assertThat(getName()).isEqualTo("value")`.
pub(super) const COMPARISONS: [&[u8]; 7] =
    [b"()).isEqualTo(", b"()).thenReturn(", b"()).toBe(", b"()).toEqual(", b"()).to.equal(", b"().equals(", b"() == "];

/// The same of an argument by itself: `assertThat(getName(), is("value"))`.
pub(super) const MATCHERS: [&[u8]; 2] = [b"(), is(", b"(), equalTo("];

fn is_given_before(text: &[u8], at: usize, end: usize) -> bool {
    name_start(text, at, end).is_some_and(|start| may_be_given_before(text, start))
}

fn is_compared(call: &[u8]) -> bool {
    const LITERALS: [&[u8]; 2] = [b"(), \"", b"(), '"];
    LITERALS.iter().chain(&MATCHERS).chain(&COMPARISONS).any(|comparison| call.starts_with(comparison))
}

/// What a test says of a name that is an argument by itself: `expect(user.name).to eq("value")`, `let(:name) { "value" }`.
const SAYINGS: [&[u8]; 9] = [
    b").to eq(",
    b").to eq ",
    b").toBe(",
    b").toEqual(",
    b").to.equal(",
    b").to.eq(",
    b").to.be.equal(",
    b").isEqualTo(",
    b") { ",
];

/// How long that is.
pub(super) fn says_what(rest: &[u8]) -> Option<usize> {
    SAYINGS.iter().find(|saying| rest.starts_with(saying)).map(|saying| saying.len())
}

/// The first byte behind blanks and line ends.
fn byte_behind_space(text: &[u8], at: usize) -> u8 {
    const LONGEST: usize = 60;
    let blanks = text[at.min(text.len())..].iter().take(LONGEST).take_while(|byte| byte.is_ascii_whitespace()).count();
    byte_at(text, at + blanks)
}

fn is_literal_start(byte: u8) -> bool {
    is_quote(byte) || matches!(byte, b' ' | b'@' | b'\\' | b'b' | b'r' | b'u')
}

/// `password.equals("...")`, `password.setText("...")`: the method is no part of the name.
fn without_comparison(text: &[u8], start: usize, end: usize) -> usize {
    #[rustfmt::skip]
    const METHODS: [&[u8]; 8] = [
        b".equals", b".Equals", b".equalsIgnoreCase", b".setText", b".setValue", b".sendKeys", b".send_keys", b".fill",
    ];
    let method = METHODS.into_iter().find(|method| byte_at(text, end) == b'(' && text[start..end].ends_with(method));
    end - method.map_or(0, <[u8]>::len)
}

/// Without the dashes of an option, the `$` of a variable and the like.
fn name_start(text: &[u8], at: usize, end: usize) -> Option<usize> {
    let earliest = end.saturating_sub(LONGEST_NAME + 1);
    let before = text.get(earliest..at)?;
    let start = before
        .iter()
        .rposition(|&byte| CLASS[usize::from(byte)] & NAME == 0)
        .map_or(earliest, |found| earliest + found + 1);
    let start = start + colour_before(text, start, at);
    let marks = text[start..at].iter().take_while(|&&byte| matches!(byte, b'-' | b'.' | b'@' | b'$')).count();
    (end - start <= LONGEST_NAME).then_some(start + marks)
}

/// How much of what stands before the name belongs to the code of a colour, as terminals have it: the `36m` of `ESC [ 36 m`.
fn colour_before(text: &[u8], start: usize, at: usize) -> usize {
    const LONGEST: usize = 12;
    let digits = text[start..at].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if byte_at(text, start + digits) != b'm' || !matches!(byte_before(text, start), b'[' | b';') {
        return 0;
    }
    let before = &text[start.saturating_sub(LONGEST)..start];
    let code = before.iter().rposition(|byte| !byte.is_ascii_digit() && *byte != b';');
    let is_colour = code.is_some_and(|bracket| before[..=bracket].ends_with(b"\x1b[")) && start + digits < at;
    if is_colour { digits + 1 } else { 0 }
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
        if matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b':' | b'?' | b'"' | b'\'' | b'`' | b'\\')
            || matches!(b, 0x1b | b'[' | b']' | b'<' | b'>' | b'(' | b')' | b'|' | b'!' | b'*' | b',' | b'}' | b'{')
        {
            table[byte] |= AFTER_NAME;
        }
        if b <= b' ' || matches!(b, b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | 0x7f) {
            table[byte] |= ENDS_VALUE;
        }
        byte += 1;
    }
    table
};

#[inline]
pub(super) fn ends_value(byte: u8) -> bool {
    CLASS[usize::from(byte)] & ENDS_VALUE != 0
}

#[inline]
pub(super) fn byte_before(text: &[u8], at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |before| byte_at(text, before))
}
