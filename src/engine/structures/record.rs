//! Names and values that stand in two fields of one record, or in elements:
//!
//! - `<name>value</name>`, `<name>NAME</name><value>value</value>`, `<entry key="NAME">value</entry>`
//! - `name: NAME` or `key="NAME"`, and before or after it in the same object `value: value`
//! - `variable "NAME" { default = "value" }`

use memchr::memmem;

use super::byte_at;
use super::cursor::is_blank;
use super::form::{LONGEST_NAME, LONGEST_VALUE, QUOTED, Role, TIGHT, Value, byte_before};
use super::reader::{LONGEST_ASIDE, Mark, Reader, trim_blanks_end};
use crate::model::Span;

/// Bytes from one field of a record to the other.
const LONGEST_RECORD: usize = 400;
/// What the names of fields that hold a value have in them, in whatever case they begin.
const VALUE: &[u8] = b"alue";
/// Bytes between two elements.
const LONGEST_GAP: usize = 80;

impl Reader<'_> {
    /// Whether the name is an element's: `<name>`, `<prefix:name>`.
    pub(super) fn is_element(&self) -> bool {
        if byte_before(self.text, self.name.start) == b':' {
            let prefix = &self.text[..self.name.start - 1];
            let letters =
                prefix.iter().rev().take(LONGEST_NAME).take_while(|byte| byte.is_ascii_alphanumeric()).count();
            return letters > 0 && byte_before(prefix, prefix.len() - letters) == b'<';
        }
        byte_before(self.text, self.name.start) == b'<'
    }

    pub(super) fn element(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let close = memchr::memchr2(b'>', b'\n', within).filter(|&at| within[at] == b'>')?;
        let is_open = close == 0 || is_blank(within[0]) && within[close - 1] != b'/';
        let content = if is_open { self.content(self.at + close + 1) } else { None };
        // In a program it is text, if the element ends as it began.
        let content = content.map(|value| match self.text[value.span.end..].strip_prefix(b"</") {
            Some(rest) if rest.starts_with(&self.text[self.name.range()]) => Value { kinds: QUOTED, ..value },
            _ => value,
        });
        content.or_else(|| self.value_attribute(close))
    }

    /// `<name value="value"/>`.
    fn value_attribute(&self, close: usize) -> Option<Value> {
        let at = value_field(&self.rest()[..close])?;
        Reader { at: self.at + at, is_quoted: false, ..*self }.field()
    }

    /// `name: { type: ..., value: "value" }`: the name is that of the object.
    pub(super) fn object(&self) -> Option<Value> {
        let body = self.rest().strip_prefix(b"{")?;
        let within = &body[..body.len().min(LONGEST_RECORD)];
        let within = &within[..memchr::memchr2(b'}', b'{', within).unwrap_or(within.len())];
        let at = value_field(within).or_else(|| default_field(within))?;
        Reader { at: self.at + 1 + at, ..*self }.field()
    }

    /// `name: <b>value</b>`: text in an element of HTML.
    pub(super) fn tagged(&self) -> Option<Value> {
        const TAGS: [&[u8]; 6] = [b"<b>", b"<i>", b"<code>", b"<strong>", b"<em>", b"<kbd>"];
        let tag = TAGS.into_iter().find(|tag| self.rest().starts_with(tag))?;
        self.content(self.at + tag.len())
    }

    /// Text up to the closing tag, with blanks and line ends around it; also that of an element for the value in it.
    fn content(&self, start: usize) -> Option<Value> {
        const CDATA: &[u8] = b"<![CDATA[";
        let start = start.min(self.text.len());
        let is_cdata = self.text[start..].starts_with(CDATA);
        let start = start + if is_cdata { CDATA.len() } else { 0 };
        let rest = &self.text[start..];
        let start = start + rest.iter().take(LONGEST_GAP).take_while(|byte| byte.is_ascii_whitespace()).count();
        let value = [b"<value>".as_slice(), b"<Value>"].into_iter().find(|tag| self.text[start..].starts_with(tag));
        let start = start + value.map_or(0, <[u8]>::len);
        let within = &self.text[start..self.text.len().min(start + LONGEST_VALUE + 1)];
        let end = within.iter().position(|&byte| byte == b'<' || byte <= b' ' || is_cdata && byte == b']')?;
        let closing: &[u8] = if is_cdata { b"]]></" } else { b"</" };
        let span = Span::new(start, start + end);
        let gap = within[end..].iter().take(LONGEST_GAP).take_while(|byte| byte.is_ascii_whitespace()).count();
        within[end + gap..].starts_with(closing).then_some(Value { span, kinds: TIGHT, role: Role::Assigned })
    }

    /// `<name>NAME</name> <value>value</value>`, `<key>NAME</key> <string>value</string>`.
    pub(super) fn sibling_element(&self) -> Option<Value> {
        const NAMES: [&[u8]; 7] = [b"name", b"key", b"param-name", b"id", b"td", b"th", b"dt"];
        const VALUES: [&[u8]; 6] = [b"value", b"string", b"param-value", b"data", b"td", b"dd"];
        let before = self.text[..self.outer].strip_suffix(b">")?;
        if before.ends_with(b".name\"") {
            return self.sibling_of_test();
        }
        let tag = NAMES.into_iter().find(|tag| before.strip_suffix(*tag).is_some_and(|rest| rest.ends_with(b"<")))?;
        let rest = self.rest().strip_prefix(b"</")?.strip_prefix(tag)?.strip_prefix(b">")?;
        let gap = rest.iter().take(LONGEST_GAP).take_while(|byte| byte.is_ascii_whitespace()).count();
        let after = rest[gap..].strip_prefix(b"<")?;
        let value =
            VALUES.into_iter().find(|value| after.strip_prefix(*value).is_some_and(|rest| rest.starts_with(b">")))?;
        self.content(self.at + tag.len() + 3 + gap + value.len() + 2)
    }

    /// `<stringProp name="Argument.name">NAME</stringProp> <stringProp name="Argument.value">value</stringProp>`, as the plans of
    /// `JMeter` have it.
    fn sibling_of_test(&self) -> Option<Value> {
        let rest = self.rest().strip_prefix(b"</stringProp>")?;
        let gap = rest.iter().take(LONGEST_GAP).take_while(|byte| byte.is_ascii_whitespace()).count();
        let after = rest[gap..].strip_prefix(b"<stringProp name=\"")?;
        let close = memchr::memchr(b'>', &after[..after.len().min(LONGEST_GAP)])?;
        let is_value = after[..close].ends_with(b".value\"");
        is_value.then(|| self.content(self.text.len() - after.len() + close + 1))?
    }

    /// Whether the name is itself the value of a field that holds names: `name: NAME`, `key="NAME"`.
    pub(super) fn is_first_field(&self) -> bool {
        const FIELDS: [&[u8]; 9] =
            [b"name", b"key", b"parameterkey", b"optionname", b"variable", b"property", b"id", b"field", b"type"];
        let before = trim_blanks_end(&self.text[..self.outer_with_quote()]);
        let Some(before) = before.strip_suffix(b":").or_else(|| before.strip_suffix(b"=")) else { return false };
        let before = trim_blanks_end(before);
        let before = Mark::before(before, before.len()).map_or(before, |mark| &before[..before.len() - mark.len()]);
        FIELDS.iter().any(|field| ends_with_word(before, field))
    }

    pub(super) fn outer_with_quote(&self) -> usize {
        let mark = if self.is_quoted { Mark::before(self.text, self.outer).map_or(0, Mark::len) } else { 0 };
        self.outer.saturating_sub(mark)
    }

    /// The field with the value, after the one with the name or before it; or the text of the element.
    pub(super) fn sibling_field(&self) -> Option<Value> {
        self.field_after().or_else(|| self.field_before()).or_else(|| self.element_text())
    }

    fn field_after(&self) -> Option<Value> {
        let rest = self.rest();
        let within = &rest[..rest.len().min(LONGEST_RECORD)];
        let at = value_field(within)?;
        let is_inside = record_end(&within[..at]) == at;
        Reader { at: self.at + at, ..*self }.field().filter(|_| is_inside)
    }

    fn field_before(&self) -> Option<Value> {
        let end = self.outer_with_quote();
        let start = end.saturating_sub(LONGEST_RECORD);
        // Most records have none, which is soon known.
        memmem::rfind(&self.text[start..end], VALUE)?;
        let within = &self.text[start..end];
        let begin = within.iter().rposition(|&byte| matches!(byte, b'{' | b'}' | b'<' | b'>')).map_or(0, |at| at + 1);
        let begin = begin.max(item_start(within));
        let at = value_field(&within[begin..])?;
        let value = Reader { at: start + begin + at, ..*self }.field()?;
        (value.span.end <= self.outer).then_some(value)
    }

    /// `<entry key="NAME" type="text">value</entry>`.
    fn element_text(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let close = memchr::memchr3(b'>', b'<', b'\n', within).filter(|&at| within[at] == b'>')?;
        let is_open = self.is_quoted && !within[..close].ends_with(b"/");
        let start = self.at + close + 1;
        is_open.then(|| {
            let value = self.content(start).or_else(|| self.value_element(start));
            value.or_else(|| self.argument_of_test(start))
        })?
    }

    /// `<elementProp name="NAME" ...> ... <stringProp name="Argument.value">value</stringProp>`, as the plans of `JMeter` have it.
    fn argument_of_test(&self, start: usize) -> Option<Value> {
        const ARGUMENT: &[u8] = b"\"Argument.value\">";
        let rest = self.text.get(start..)?;
        let within = &rest[..rest.len().min(LONGEST_RECORD)];
        let within = &within[..memmem::find(within, b"</elementProp>").unwrap_or(within.len())];
        let at = memmem::find(within, ARGUMENT)?;
        self.content(start + at + ARGUMENT.len())
    }

    /// `<property name="NAME"> <value>value</value>`.
    fn value_element(&self, start: usize) -> Option<Value> {
        let rest = self.text.get(start..)?;
        let gap = rest.iter().take(LONGEST_GAP).take_while(|byte| byte.is_ascii_whitespace()).count();
        rest[gap..].starts_with(b"<value>").then(|| self.content(start + gap + b"<value>".len()))?
    }

    /// `variable "NAME" { default = "value" }`.
    pub(super) fn declared_default(&self) -> Option<Value> {
        let before = trim_blanks_end(&self.text[..self.outer_with_quote()]);
        let body = self.rest().strip_prefix(b"{")?;
        let within = &body[..body.len().min(LONGEST_RECORD)];
        let within = &within[..memchr::memchr(b'}', within).unwrap_or(within.len())];
        let at = memmem::find(within, b"default").filter(|_| ends_with_word(before, b"variable"))?;
        Reader { at: self.at + 1 + at + b"default".len(), ..*self }.field()
    }
}

/// Where the last item of a YAML list begins.
fn item_start(within: &[u8]) -> usize {
    let mut end = within.len();
    loop {
        let start = memchr::memrchr(b'\n', &within[..end]).map_or(0, |at| at + 1);
        if start == 0 || within[start..].trim_ascii_start().starts_with(b"- ") {
            return start;
        }
        end = start - 1;
    }
}

/// Where the object ends that a field is in.
fn record_end(within: &[u8]) -> usize {
    let bracket = within.iter().position(|&byte| matches!(byte, b'{' | b'}' | b'<' | b'>')).unwrap_or(within.len());
    // An item of a YAML list; the lines of one are indented further.
    let item = memmem::find(&within[..bracket], b"- ")
        .filter(|&at| within[..at].ends_with(b" ") || within[..at].ends_with(b"\n"));
    item.unwrap_or(bracket)
}

/// Behind the name of the field that holds the value, and its quotation mark.
fn value_field(within: &[u8]) -> Option<usize> {
    const FIELDS: [&[u8]; 3] = [b"value", b"parametervalue", b"defaultvalue"];
    let ends = memmem::find_iter(within, VALUE).map(|at| at + VALUE.len());
    ends.map(|end| (end, &within[..end])).find_map(|(end, before)| {
        let field = FIELDS.into_iter().find(|field| ends_with_word(before, field))?;
        let opened = Mark::before(before, before.len() - field.len());
        let closed = Mark::at(within, end);
        (opened == closed).then(|| end + closed.map_or(0, Mark::len))
    })
}

/// The same of the field that holds what is taken if there is no value.
fn default_field(within: &[u8]) -> Option<usize> {
    let at = memmem::find(within, b"efault")?;
    let end = at + b"efault".len();
    let start = at.checked_sub(1).filter(|&start| matches!(within[start], b'D' | b'd'))?;
    let (opened, closed) = (Mark::before(within, start), Mark::at(within, end));
    let is_field = opened == closed && matches!(byte_at(within, end + closed.map_or(0, Mark::len)), b':' | b' ');
    is_field.then(|| end + closed.map_or(0, Mark::len))
}

/// Whether `text` ends in `word`, in any case, and the word in nothing longer.
fn ends_with_word(text: &[u8], word: &[u8]) -> bool {
    let (head, tail) = text.split_at(text.len().saturating_sub(word.len()));
    tail.eq_ignore_ascii_case(word) && head.last().is_none_or(|byte| !byte.is_ascii_alphanumeric())
}
