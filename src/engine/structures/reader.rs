//! Reads what follows a name, for the forms in which programs, settings and commands write a pair:
//!
//! - `name = value`, with `:`, `=>`, `:=` or `?=`; the name bare, in quotes, in brackets, or in escaped quotes
//! - `name: Type = "value"`, `char name[] = "value"`, `name string = "value"`, `name = String::from("value")`
//! - `setName("value")`, `name == "value"`, `NAME 'value'`, `"name", "value"`
//! - `--name value`, `ENV NAME value`; a line `name value` of a configuration
//! - `{name, "value"}`, `strcpy(name, "value")`
//!
//! What holds if a name has no value of its own is in `reader/fallback.rs`, values before a name in `reader/given.rs`, below it and in
//! the next column in `reader/layout.rs`, what a test types into a field in `reader/typed_in.rs`, and where a value without quotes
//! ends in `reader/bare.rs`. Elements and fields of one record are in `record.rs`.

mod bare;
mod fallback;
mod given;
mod layout;
mod typed_in;

use super::byte_at;
use super::cursor::{is_blank, is_quote};
use super::form::{
    COMPARISONS, FULL_WIDTH_COLON, LONGEST_NAME, LONGEST_VALUE, LOOSE, MATCHERS, QUOTED, Role, TIGHT, Value,
    byte_before, ends_value, is_wrapper, says_what,
};
use super::random::is_random_password;
use crate::model::{KindSet, Span};

pub(super) use given::may_be_given_before;

/// Blanks that line up columns.
const MOST_BLANKS: usize = 40;
/// Length of a declared type, or of an element's attributes.
pub(super) const LONGEST_ASIDE: usize = 120;
/// Length of what is called with a literal: `String::from(`.
const LONGEST_WRAPPER: usize = 48;
/// Names that are settings without an operator.
const SETTINGS: [&str; 3] = ["requirepass", "masterauth", "rootpw"];
/// What may be done with a literal that only changes its type.
const CONVERSIONS: [&str; 7] =
    [".into()", ".to_string()", ".to_owned()", ".toCharArray()", ".getBytes()", ".encode()", ".ToCharArray()"];
/// Text in a text, in a text: `\\\"`.
const MOST_SLASHES: usize = 3;
/// Blanks, letters and backslashes before the quotation mark that opens a literal, and the mark.
const LONGEST_OPENING: usize = MOST_BLANKS + 2 + MOST_SLASHES + 1;

/// A quotation mark, with the backslashes that escape it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    byte: u8,
    slashes: usize,
}

impl Mark {
    pub(super) fn at(text: &[u8], at: usize) -> Option<Self> {
        let slashes = (0..MOST_SLASHES).take_while(|&n| byte_at(text, at + n) == b'\\').count();
        let byte = byte_at(text, at + slashes);
        is_quote(byte).then_some(Self { byte, slashes })
    }

    pub(super) fn before(text: &[u8], end: usize) -> Option<Self> {
        let byte = byte_before(text, end);
        let slashes = (1..=MOST_SLASHES).take_while(|&n| byte_before(text, end.saturating_sub(n)) == b'\\').count();
        is_quote(byte).then_some(Self { byte, slashes })
    }

    pub(super) fn len(self) -> usize {
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
    /// `=>`, and what joins a value that holds if there is no other: `||`, `??`, `?:`, `or`.
    Arrow,
    Comma,
    /// `==`, `===`, `!=`, `.equals(`
    Compares,
}

/// Reads what follows a name.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a [u8],
    pub(super) name: Span,
    /// Where the name begins with its dashes.
    pub(super) outer: usize,
    pub(super) is_quoted: bool,
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a [u8], name: Span) -> Option<Self> {
        let dashes = (0..2).take_while(|&n| byte_before(text, name.start - n) == b'-').count();
        // `"#name"`, as style sheets select by.
        let selects = usize::from(dashes == 0 && byte_before(text, name.start) == b'#');
        let outer = name.start - dashes - selects;
        let (is_quoted, at) = match Mark::at(text, name.end) {
            Some(mark) if Mark::before(text, outer) == Some(mark) => (true, name.end + mark.len()),
            Some(_) => return None,
            None => (false, name.end),
        };
        Some(Self { text, name, outer, is_quoted, at })
    }

    pub(super) fn value(self) -> Option<Value> {
        self.value_behind().or_else(|| if self.peek() == b'=' { None } else { self.given_before() })
    }

    /// The value that follows the name.
    fn value_behind(mut self) -> Option<Value> {
        if !self.is_quoted && self.is_element() {
            return self.element();
        }
        match self.peek() {
            b'<' => return self.sibling_element(),
            b'(' => return self.called(),
            b'.' => return self.compared(),
            b']' => {
                if let Some(value) = self.selected() {
                    return Some(value);
                }
            }
            b')' if !self.is_quoted => return self.said(),
            b'{' if !self.is_quoted => return self.braced(),
            b'}' if self.text[..self.outer].ends_with(b"${") => return self.robot_variable(),
            // `$ENV{name} = "value"`
            b'}' if !self.is_quoted && byte_before(self.text, self.outer) == b'{' => {
                self.at += 1;
                let before = self.skip_blanks();
                return self
                    .operator(before)
                    .filter(|it| *it == Operator::Loose)
                    .and_then(|_| self.literal_at(self.at));
            }
            b'[' if !self.is_quoted => return self.array(),
            b':' if self.text[..self.outer].ends_with(b"${") => return self.shell_default(),
            // `arn:aws:secretsmanager:region:account:secret:name`
            b':' if !self.is_quoted && byte_before(self.text, self.outer) == b':' => return None,
            _ => {}
        }
        self.skip_closers();
        if let Some(value) = self.unwrapped() {
            return Some(value);
        }
        let before = self.skip_blanks();
        if self.peek() == b'|' && before > 0 && byte_at(self.text, self.at + 1) != b'|' {
            return self.cell();
        }
        match self.operator(before) {
            Some(Operator::Comma) if self.is_first_field() => self.sibling_field(),
            Some(Operator::Comma) if self.is_quoted => {
                // `"--name", "-n", default="value"`
                let value = self.right_hand_side(Operator::Comma);
                let value = value.filter(|value| self.text[value.span.start] != b'-' && !self.is_among_names(value));
                value.or_else(|| self.filled_in()).or_else(|| self.default_argument())
            }
            Some(Operator::Comma) if !self.is_copied() => {
                let name = Self { at: self.name.end, ..self };
                name.compared_with_next().or_else(|| self.filled_in())
            }
            Some(operator) => self.right_hand_side(operator),
            None if self.is_option() => self.argument(),
            None if self.is_first_field() => self.sibling_field(),
            None if self.is_quoted => self.declared_default().or_else(|| self.typed_in()).or_else(|| self.filled_in()),
            None if self.rest().starts_with(b"string") || self.rest().starts_with(b"As ") => self.typed(),
            None if self.peek() == b'{' => self.property(),
            None if matches!(self.peek(), b'\r' | b'\n') => self.below(),
            None if before > 0 => self.beside(),
            None => None,
        }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> u8 {
        byte_at(self.text, self.at)
    }

    pub(super) fn skip_blanks(&mut self) -> usize {
        let start = self.at;
        loop {
            self.at += self.rest().iter().take(MOST_BLANKS).take_while(|&&byte| is_blank(byte)).count();
            match colour(self.rest()) {
                Some(length) => self.at += length,
                None => return self.at - start,
            }
        }
    }

    /// `config["name"]`, `getenv("name")`, `**name**` in Markdown.
    fn skip_closers(&mut self) {
        let most = if self.is_quoted || self.peek() == b'*' { 2 } else { 1 };
        let is_closer = |byte: u8| matches!(byte, b']' | b'*') || byte == b')' && self.is_quoted;
        self.at += self.rest().iter().take(most).take_while(|&&byte| is_closer(byte)).count();
    }

    /// Steps over blanks and line ends.
    pub(super) fn skip_space(&mut self) {
        self.at += self.rest().iter().take(LONGEST_ASIDE).take_while(|byte| byte.is_ascii_whitespace()).count();
    }

    /// Steps over an operator and the blanks after it.
    fn operator(&mut self, blanks: usize) -> Option<Operator> {
        let (operator, length) = match (self.peek(), byte_at(self.text, self.at + 1)) {
            (b'-', b'>') if !self.is_quoted => return None,
            (b'=' | b'!', b'=') => (Operator::Compares, 2 + usize::from(byte_at(self.text, self.at + 2) == b'=')),
            (b'=', b'~') | (b':', b':') => return None,
            // `secrets://name`
            (b':', b'/') if byte_at(self.text, self.at + 2) == b'/' => return None,
            (b'|', b'|') | (b'?', b'?') => (Operator::Arrow, 2 + usize::from(byte_at(self.text, self.at + 2) == b'=')),
            (b'=' | b'-', b'>') | (b'<', b'-') => (Operator::Arrow, 2),
            (b'o', b'r') | (b't', b'o') if self.is_quoted && byte_at(self.text, self.at + 2) == b' ' => {
                (Operator::Arrow, 2)
            }
            (b'=', _) => (Operator::Loose, 1),
            (b':' | b'?', b'=') => (Operator::Loose, 2),
            (b'?' | b'!', b':') => (Operator::Colon, 2),
            (b':', _) => (Operator::Colon, 1),
            _ if self.rest().starts_with(FULL_WIDTH_COLON) => (Operator::Colon, FULL_WIDTH_COLON.len()),
            (b',', _) => (Operator::Comma, 1),
            _ => return None,
        };
        self.at += length;
        // `**name:** value` in Markdown.
        self.at += if self.rest().starts_with(b"** ") { b"**".len() } else { 0 };
        let is_tight = blanks + self.skip_blanks() == 0;
        Some(if operator == Operator::Loose && is_tight { Operator::Tight } else { operator })
    }

    fn right_hand_side(self, operator: Operator) -> Option<Value> {
        let role = if operator == Operator::Compares { Role::Beside } else { Role::Assigned };
        let names = if operator == Operator::Loose { self.names_before() } else { 0 };
        if names > 0 {
            return self.literal_behind(names);
        }
        if let Some((start, mark)) = self.opening() {
            return self.literal(start, mark, operator != Operator::Comma).map(|value| Value { role, ..value });
        }
        if !matches!(operator, Operator::Comma | Operator::Compares)
            && let Some(value) = self.on_next_line()
        {
            return Some(value);
        }
        if self.peek() == b'('
            && let Some(value) = self.pair()
        {
            return Some(value);
        }
        match operator {
            Operator::Tight => {
                let value = self.wrapped().or_else(|| self.defaulted()).or_else(|| self.expansion());
                let value = value.or_else(|| self.fallback());
                value.or_else(|| self.bare(TIGHT, operator))
            }
            Operator::Loose => {
                let value = self.wrapped().or_else(|| self.defaulted()).or_else(|| self.fallback());
                // In a Makefile.
                let before = trim_blanks_end(&self.text[..self.at]);
                let is_made = before.ends_with(b":=") || before.ends_with(b"?=");
                value.or_else(|| self.bare(if is_made { TIGHT } else { LOOSE }, operator))
            }
            Operator::Colon => {
                let value = self.wrapped().or_else(|| self.typed()).or_else(|| self.block());
                let value = value.or_else(|| self.next_line()).or_else(|| self.object());
                let value = value.or_else(|| self.parameter()).or_else(|| self.first_item()).or_else(|| self.below());
                let value = value.or_else(|| self.tagged()).or_else(|| self.fallback());
                value.or_else(|| self.bare(LOOSE, operator))
            }
            Operator::Arrow if byte_before(self.text, self.outer_with_quote()) == b'[' => self.dumped(),
            Operator::Arrow => self.wrapped(),
            Operator::Comma | Operator::Compares => None,
        }
    }

    /// `{"name", "user", "host"}`: whether the value is one of the names in a list, where no random one is. In parentheses stand
    /// arguments and the columns of a row.
    fn is_among_names(&self, value: &Value) -> bool {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let is_name = |text: &[u8]| {
            text.first().is_some_and(u8::is_ascii_alphabetic) && text.iter().all(is_part) && !is_random_password(text)
        };
        let before = &self.text[self.outer.saturating_sub(LONGEST_VALUE)..self.outer_with_quote()];
        let bracket = before.iter().rposition(|byte| b"([{)]}".contains(byte)).map(|at| before[at]);
        let next = || Self::item_behind(self.text, self.name, value.span.end);
        matches!(bracket, Some(b'[' | b'{'))
            && matches!(before.trim_ascii_end().last(), Some(b'[' | b'{' | b','))
            && is_name(&self.text[value.span.range()])
            && next().is_some_and(|next| is_name(&self.text[next.span.range()]))
    }

    /// `credentials = ("joe", "value")`.
    fn pair(&self) -> Option<Value> {
        let value = Self { at: self.at + 1, ..*self }.literal_behind(1)?;
        let mark = Mark::at(self.text, value.span.end)?;
        (byte_at(self.text, value.span.end + mark.len()) == b')').then_some(value)
    }

    /// `user, password = "joe", "value"`: how many names stand before this one.
    fn names_before(&self) -> usize {
        let from = self.outer.saturating_sub(LONGEST_NAME);
        let before = &self.text[from..self.outer];
        let line = &before[memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..];
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b',' | b' ' | b'$');
        let is_list = line.trim_ascii_end().ends_with(b",") && line.iter().all(is_name) && !self.is_quoted;
        if is_list { memchr::memchr_iter(b',', line).count() } else { 0 }
    }

    /// The literal behind so many others.
    fn literal_behind(mut self, others: usize) -> Option<Value> {
        for _ in 0..others {
            self.skip_blanks();
            let (start, mark) = self.opening()?;
            let within = self.text.get(start..)?;
            let within = &within[..within.len().min(LONGEST_VALUE)];
            let other = memchr::memchr2(mark.byte, b'\n', within)?;
            self.at = start + other + 1;
            self.skip_blanks();
            (self.peek() == b',').then_some(())?;
            self.at += 1;
        }
        self.literal_at(self.at)
    }

    /// What a field of a record that was found has after its operator.
    pub(super) fn field(mut self) -> Option<Value> {
        let before = self.skip_blanks();
        let operator = self.operator(before)?;
        self.right_hand_side(operator)
    }

    /// The quotation mark that begins a literal here, and where its text starts. Letters before it (`b"`, `r#"`, `@"`)
    /// do not change what kind of value it is.
    fn opening(&self) -> Option<(usize, Mark)> {
        let is_prefix = |byte: u8| b"bBrRuUfLNE@#".contains(&byte);
        let prefix = (0..2).take_while(|&n| is_prefix(byte_at(self.text, self.at + n))).count();
        // A binary of Erlang.
        let prefix = if self.rest().starts_with(b"<<") { 2 } else { prefix };
        let at = self.at + prefix;
        let mark = Mark::at(self.text, at)?;
        let start = at + mark.len();
        let is_triple = mark.slashes == 0 && self.text[start..].starts_with(&[mark.byte; 2]);
        if is_triple && mark.byte != b'`' {
            return Some((start + 2, mark));
        }
        // A literal that holds a literal, `"\\"value\\""`, and literal text of reStructuredText.
        let inner = Mark::at(self.text, start).filter(|inner| match mark.byte {
            b'`' => mark.slashes == 0 && inner.byte == b'`' && inner.slashes == 0,
            _ => inner.slashes == mark.slashes + 1,
        });
        Some(inner.map_or((start, mark), |inner| (start + inner.len(), inner)))
    }

    /// Up to the closing quotation mark. With blanks or quotes at its ends or escapes in it (but for those of symbols) it
    /// is text.
    fn literal(&self, start: usize, mark: Mark, may_continue: bool) -> Option<Value> {
        let within = &self.text[start.min(self.text.len())..self.text.len().min(start + LONGEST_VALUE + 1)];
        let is_escaped = |at: usize| within.get(at).is_some_and(|byte| byte.is_ascii_punctuation() && !is_quote(*byte));
        let mut end = 0;
        loop {
            match *within.get(end)? {
                b'\\' if mark.slashes == 0 && is_escaped(end + 1) => end += 2,
                byte if byte == mark.byte || byte == b'\\' => break,
                byte if byte <= b' ' || is_quote(byte) && (end == 0 || mark.slashes > 0) => return None,
                _ => end += 1,
            }
        }
        let is_closed = Mark::at(within, end) == Some(mark) && !is_quote(byte_before(within, end));
        let is_triple = mark.slashes == 0 && within[end..].starts_with(&[mark.byte; 3]);
        let end = start + end;
        let is_whole = is_closed && (is_triple || !(may_continue && continues(self.text, end + mark.len())));
        is_whole.then_some(Value { span: Span::new(start, end), kinds: QUOTED, role: Role::Assigned })
    }

    /// `String::from("value")`, `["value"]`: what only changes the type of a literal.
    fn wrapped(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_WRAPPER)];
        let quote = memchr::memchr3(b'"', b'\'', b'`', within)?;
        memchr::memchr(b'\n', &within[..quote]).is_none().then_some(())?;
        let open = within[..quote].iter().rposition(|&byte| matches!(byte, b'(' | b'['))?;
        let called = within[..open].rsplit(|byte| !byte.is_ascii_alphanumeric()).next()?;
        let is_wrapper = matches!(byte_at(within, open), b'(' | b'[') && (open == 0 || is_wrapper(called));
        let reader = Self { at: self.at + open + 1, ..*self };
        let (start, mark) = reader.opening().filter(|_| is_wrapper)?;
        let value = reader.literal(start, mark, true)?;
        let after = &self.text[value.span.end + mark.len()..];
        let conversion = CONVERSIONS.iter().find(|method| after.starts_with(method.as_bytes())).map_or(0, |m| m.len());
        let is_alone = matches!(byte_at(after, conversion), b')' | b']') || within[open] == b'[';
        is_alone.then_some(value)
    }

    /// `name: Type = "value"`: always a literal, or it would be an expression.
    fn typed(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let is_type = |byte: u8| byte.is_ascii_alphanumeric() || b" _&'<>[]|.,?*:".contains(&byte);
        let equals = memchr::memchr(b'=', within).filter(|&at| within[..at].iter().copied().all(is_type))?;
        let mut reader = Self { at: self.at + equals + 1, ..*self };
        reader.skip_blanks();
        reader.literal_at(reader.at).or_else(|| reader.defaulted())
    }

    /// `name[32] = "value"`.
    fn array(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let close = memchr::memchr(b']', within)?;
        within[1..close].iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').then_some(())?;
        let mut reader = Self { at: self.at + close + 1, ..*self };
        let before = reader.skip_blanks();
        matches!(reader.operator(before)?, Operator::Tight | Operator::Loose).then_some(())?;
        reader.literal_at(reader.at)
    }

    /// The literal after blanks at `at`, and nothing else.
    fn literal_at(&self, at: usize) -> Option<Value> {
        let mut reader = Self { at, ..*self };
        reader.skip_blanks();
        let (start, mark) = reader.opening()?;
        reader.literal(start, mark, true)
    }

    /// `setName("value")`, up to the end of the argument.
    fn called(&self) -> Option<Value> {
        if let Some(comparison) = COMPARISONS.into_iter().find(|comparison| self.rest().starts_with(comparison)) {
            let value = self.literal_at(self.at + comparison.len())?;
            return Some(Value { role: Role::Beside, ..value });
        }
        if self.rest().starts_with(b"()") {
            return self.compared_with_next().or_else(|| self.asserted());
        }
        let mut argument = Self { at: self.at + 1, ..*self };
        argument.skip_space();
        let value = argument.literal_at(argument.at).or_else(|| argument.wrapped())?;
        let closes = |byte: u8| is_quote(byte) || matches!(byte, b'\\' | b'#' | b'\r' | b'\n') || is_blank(byte);
        let after = self.text[value.span.end..].iter().take(MOST_BLANKS).position(|&byte| !closes(byte))?;
        let ends = matches!(self.text[value.span.end + after], b')' | b',');
        ends.then_some(Value { role: Role::Argument, ..value })
    }

    /// `assertThat(getName(), is("value"))`.
    fn asserted(&self) -> Option<Value> {
        let matcher = MATCHERS.into_iter().find(|matcher| self.rest().starts_with(matcher))?;
        self.literal_at(self.at + matcher.len()).map(|value| Value { role: Role::Beside, ..value })
    }

    /// `expect(name).to eq("value")`, `let(:name) { "value" }`.
    fn said(&self) -> Option<Value> {
        let behind = says_what(self.rest())?;
        let is_block = self.rest().starts_with(b") {");
        let is_let = [b"let(:".as_slice(), b"let!(:"].iter().any(|call| self.text[..self.outer].ends_with(call));
        let value = self.literal_at(self.at + behind).filter(|_| !is_block || is_let)?;
        Some(if is_block { value } else { Value { role: Role::Beside, ..value } })
    }

    /// `std::string name{"value"}`.
    fn braced(&self) -> Option<Value> {
        let value = self.literal_at(self.at + 1)?;
        let mark = Mark::at(self.text, value.span.end)?;
        (byte_at(self.text, value.span.end + mark.len()) == b'}').then_some(value)
    }

    /// `name.equals("value")`.
    fn compared(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_WRAPPER)];
        let open = memchr::memchr(b'(', within)?;
        self.literal_at(self.at + open + 1).map(|value| Value { role: Role::Beside, ..value })
    }

    /// `NAME 'value'` in SQL and in languages that call without parentheses; `ENV NAME value`; *the name is value*.
    fn beside(mut self) -> Option<Value> {
        if let Some(rest) = self.rest().strip_prefix(b"BY ").or_else(|| self.rest().strip_prefix(b"by ")) {
            self.at = self.text.len() - rest.len();
            return self
                .literal_at(self.at)
                .or_else(|| self.identifier())
                .or_else(|| self.bare(QUOTED, Operator::Loose))
                .filter(|value| !matches!(self.text[value.span.start], b'{' | b'[' | b'<'));
        }
        if let Some(rest) = self.rest().strip_prefix(b"is ").or_else(|| self.rest().strip_prefix(b"is: ")) {
            self.at = self.text.len() - rest.len();
            let value = self.opening().map_or_else(
                || self.bare(KindSet::PROSE, Operator::Loose),
                |(start, mark)| self.literal(start, mark, true),
            );
            return value.map(|value| Value { role: Role::Beside, ..self.without_full_stop(value) });
        }
        if let Some(rest) = self.rest().strip_prefix(b"- ") {
            // A list of things to know: `password - value`.
            self.at = self.text.len() - rest.len();
            let before = trim_blanks_end(&self.text[self.outer.saturating_sub(LONGEST_NAME)..self.outer]);
            let begins_line = before.last().is_none_or(|&byte| byte == b'\n');
            let value = self.bare(KindSet::PROSE.union(KindSet::OTHER), Operator::Loose).filter(|_| begins_line)?;
            return Some(Value { role: Role::Beside, ..value });
        }
        if let Some((start, mark)) = self.opening() {
            return self.literal(start, mark, true).map(|value| Value { role: Role::Beside, ..value });
        }
        // `debconf` wants the type of a setting before its value.
        if let Some(rest) = self.rest().strip_prefix(b"password ") {
            self.at = self.text.len() - rest.len();
            return self.bare(TIGHT, Operator::Loose);
        }
        // The settings of Redis have no operator, nor have those of an unattended installation.
        if SETTINGS.iter().any(|known| known.as_bytes() == &self.text[self.name.range()]) {
            self.at += if self.rest().starts_with(b"--plaintext ") { b"--plaintext ".len() } else { 0 };
            return self.bare(LOOSE, Operator::Loose);
        }
        let line = &self.text[self.outer.saturating_sub(LONGEST_NAME)..self.outer];
        let before = trim_blanks_end(line);
        if before.is_empty() || before.ends_with(b"\n") {
            let kinds = KindSet::DATA.union(KindSet::PROSE).union(KindSet::OTHER);
            let value = self.bare(kinds, Operator::Loose);
            return value.map(|value| Value { role: Role::Beside, ..value });
        }
        let sets = [b"env".as_slice(), b"setenv", b"set"].into_iter().any(|word| {
            let (head, tail) = before.split_at(before.len().saturating_sub(word.len()));
            tail.eq_ignore_ascii_case(word) && head.last().is_none_or(|byte| !byte.is_ascii_alphanumeric())
        });
        if sets && before.len() < line.len() { self.bare(TIGHT, Operator::Loose) } else { self.in_words() }
    }

    /// `with the name value` in a text: a word that no person would have chosen.
    fn in_words(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_VALUE)];
        let word = &within[..within.iter().position(|&byte| ends_value(byte)).unwrap_or(within.len())];
        let word = word.trim_ascii_end();
        let word = word.strip_suffix(b".").or_else(|| word.strip_suffix(b",")).unwrap_or(word);
        let has_digit = word.iter().any(u8::is_ascii_digit);
        let span = Span::new(self.at, self.at + word.len());
        // `pass --ipv4 on`: it names an option.
        let holds = has_digit && !word.starts_with(b"-") && is_random_password(word);
        holds.then_some(Value { span, kinds: KindSet::PROSE, role: Role::Beside })
    }

    /// What SQL identifies a user by, without quotes, if the statement goes on.
    fn identifier(&self) -> Option<Value> {
        const NEXT: [&[u8]; 7] = [b"USING", b"DEFAULT", b"TEMPORARY", b"ACCOUNT", b"QUOTA", b"PROFILE", b"REPLACE"];
        let value = self.bare(QUOTED, Operator::Tight)?;
        let rest = self.text[value.span.end..].strip_prefix(b" ")?;
        NEXT.iter()
            .any(|word| rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word))
            .then_some(value)
    }

    /// `The name is value.`
    fn without_full_stop(&self, value: Value) -> Value {
        let stops = usize::from(self.text[value.span.range()].ends_with(b"."));
        Value { span: Span::new(value.span.start, value.span.end - stops), ..value }
    }

    /// `name { get; set; } = "value"`.
    fn property(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let close = memchr::memchr(b'}', within)?;
        let is_property = memchr::memmem::find(&within[..close], b"get;").is_some();
        let mut reader = Self { at: self.at + close + 1, ..*self };
        reader.skip_blanks();
        (is_property && reader.peek() == b'=').then(|| reader.literal_at(reader.at + 1))?
    }

    /// `{name, "value"}`, `strcpy(name, "value")`: whether a comma may part the name from its value.
    fn is_copied(&self) -> bool {
        const COPIES: [&str; 17] = [
            "strcpy",
            "strncpy",
            "strcat",
            "strlcpy",
            "strcmp",
            "strncmp",
            "setenv",
            ".put",
            "Property",
            ".set",
            ".add",
            ".append",
            "Header",
            "assertEquals",
            "assertSame",
            "assert_eq!",
            "Equal",
        ];
        let before = &self.text[..self.outer];
        let before = match before.strip_suffix(b":") {
            // Of a task runner in Ruby.
            Some(before) if before.ends_with(b"set ") => return true,
            Some(before) => before,
            None => before,
        };
        match before.split_last() {
            Some((b'{', _)) => true,
            Some((b'(', call)) => COPIES.iter().any(|copy| call.ends_with(copy.as_bytes())),
            _ => false,
        }
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
}

/// How long the code is by which a terminal is told a colour (ECMA-48, SGR), if one begins here: `ESC [ 1 ; 32 m`.
fn colour(text: &[u8]) -> Option<usize> {
    const LONGEST: usize = 16;
    let rest = text.strip_prefix(b"\x1b[")?;
    let digits = rest.iter().take(LONGEST).take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    (rest.get(digits) == Some(&b'm')).then_some(digits + 3)
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

pub(super) fn trim_blanks_end(text: &[u8]) -> &[u8] {
    let blanks = text.iter().rev().take(MOST_BLANKS).take_while(|&&byte| is_blank(byte)).count();
    &text[..text.len() - blanks]
}
