//! Values that the layout of a text gives to a name: below it, indented, or in the next column.

use super::{LONGEST_ASIDE, Mark, Operator, Reader};
use crate::engine::structures::byte_at;
use crate::engine::structures::cursor::is_blank;
use crate::engine::structures::form::{LONGEST_NAME, LONGEST_VALUE, LOOSE, Role, Value, ends_value};
use crate::engine::structures::random::is_random_password;
use crate::model::{KindSet, Span};

impl Reader<'_> {
    /// `[name] => value`, `["name"]=> string(5) "value"`, as PHP prints arrays.
    pub(super) fn dumped(&self) -> Option<Value> {
        const STRING: &[u8] = b"string(";
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let blanks = within.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if within[blanks..].starts_with(STRING) {
            let close = blanks + memchr::memchr(b')', &within[blanks..])?;
            return self.literal_at(self.at + close + 1);
        }
        if self.is_quoted { None } else { self.bare(LOOSE, Operator::Loose) }
    }

    /// A block of YAML with one line: `name: |`, and the value indented below.
    pub(super) fn block(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_VALUE + LONGEST_ASIDE)];
        let head = within
            .iter()
            .position(|&byte| !matches!(byte, b'|' | b'>' | b'+' | b'-' | b'0'..=b'9'))
            .filter(|&at| at > 0)?;
        let begins = matches!(within[0], b'|' | b'>');
        let mut lines = within[head..].split(|&byte| byte == b'\n');
        let is_head = lines.next()?.iter().all(u8::is_ascii_whitespace);
        let line = lines.next()?;
        let indent = line.iter().take_while(|&&byte| is_blank(byte)).count();
        let next_indent = lines.next().map_or(0, |next| next.iter().take_while(|&&byte| is_blank(byte)).count());
        let value = line[indent..].trim_ascii_end();
        let start = self.at + within[head..].iter().position(|&byte| byte == b'\n')? + head + 1 + indent;
        let holds =
            begins && is_head && indent > 0 && next_indent < indent && !value.iter().any(|&byte| ends_value(byte));
        holds.then_some(Value {
            span: Span::new(start, start + value.len()),
            kinds: KindSet::DATA,
            role: Role::Assigned,
        })
    }

    /// A value in quotes in the next line: `"name":`, and the value below.
    pub(super) fn next_line(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let blanks = within.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let begins = self.is_quoted && within[..blanks].contains(&b'\n');
        if begins { self.literal_at(self.at + blanks) } else { None }
    }

    /// A literal in the next line, `name =`, `name = (`, or the first of a list, `name = [`; no name of another pair.
    pub(super) fn on_next_line(&self) -> Option<Value> {
        let opens = usize::from(matches!(self.peek(), b'[' | b'(' | b'{' | b'\\'));
        let mut reader = Self { at: self.at + opens, ..*self };
        reader.skip_space();
        let is_indented = self.text[self.at..reader.at].contains(&b'\n') && is_blank(byte_at(self.text, reader.at - 1));
        let is_list = matches!(self.peek(), b'[' | b'{');
        let is_next = is_indented || self.peek() == b'{';
        let (start, mark) = reader.opening().filter(|_| is_next)?;
        let value = reader.literal(start, mark, true)?;
        reader.at = value.span.end + mark.len();
        reader.skip_space();
        let is_word = self.text[value.span.range()].iter().all(u8::is_ascii_alphabetic);
        let role = if is_list { Role::Beside } else { value.role };
        (!(matches!(reader.peek(), b':' | b'=') || is_list && is_word)).then_some(Value { role, ..value })
    }

    /// The next literal of a list behind the one that ends at `end`.
    pub(in crate::engine::structures) fn item_behind(text: &[u8], name: Span, end: usize) -> Option<Value> {
        let mark = Mark::at(text, end)?;
        let mut reader = Reader { text, name, outer: name.start, is_quoted: false, at: end + mark.len() };
        reader.skip_space();
        (reader.peek() == b',').then_some(())?;
        reader.at += 1;
        reader.skip_space();
        let (start, mark) = reader.opening()?;
        let value = reader.literal(start, mark, true)?;
        let behind = byte_at(text, value.span.end + mark.len());
        (!matches!(behind, b':' | b'=')).then_some(Value { role: Role::Beside, ..value })
    }

    /// `| name | value |`: the next cell of a table in Markdown.
    pub(super) fn cell(&self) -> Option<Value> {
        let cell = Self { at: self.at + 1, ..*self };
        let within = &cell.rest()[..cell.rest().len().min(LONGEST_VALUE)];
        let line = &within[..memchr::memchr(b'\n', within).unwrap_or(within.len())];
        let text = &line[..memchr::memchr(b'|', line).filter(|&at| at > 1 && is_blank(line[at - 1]))?];
        let start = text.iter().position(|&byte| !is_blank(byte) && !matches!(byte, b'`' | b'*'))?;
        let end = text.iter().rposition(|&byte| !is_blank(byte) && !matches!(byte, b'`' | b'*'))? + 1;
        let span = Span::new(cell.at + start, cell.at + end);
        let line_start = &self.text[self.outer.saturating_sub(LONGEST_VALUE)..self.outer];
        let line_start = &line_start[memchr::memrchr(b'\n', line_start).map_or(0, |at| at + 1)..];
        // Or it is a value that goes through a pipe: `{{ .name | quote | ...`.
        let is_table = memchr::memchr(b'|', line_start).is_some() || line_start.trim_ascii().is_empty();
        let is_one_word = is_table && start < end && !text[start..end].iter().any(|&byte| ends_value(byte));
        let kinds = KindSet::PROSE.union(KindSet::OTHER);
        is_one_word.then_some(Value { span, kinds, role: Role::Beside })
    }

    /// The first of several values in YAML: `names:`, and below it `- value`.
    pub(super) fn first_item(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let line = within.iter().position(|byte| !matches!(byte, b' ' | b'\r'))?;
        (within[line] == b'\n').then_some(())?;
        let indent = within[line + 1..].iter().take_while(|&&byte| byte == b' ').count();
        let mut item = Self { at: self.at + line + 1 + indent, ..*self };
        item.rest().starts_with(b"- ").then_some(())?;
        item.at += 2;
        match item.opening() {
            Some((start, mark)) => item.literal(start, mark, true),
            None => item.bare(KindSet::DATA, Operator::Loose),
        }
    }

    /// A value in a line of its own, below a line that holds the name and nothing else, as notes and mails have it; one that no
    /// person would have chosen.
    pub(super) fn below(&self) -> Option<Value> {
        const LEAST_DIGITS: usize = 1;
        let head = &self.text[self.outer.saturating_sub(LONGEST_NAME)..self.outer];
        let head = &head[memchr::memrchr(b'\n', head).map_or(0, |at| at + 1)..];
        let is_label = head.iter().all(|&byte| byte.is_ascii_alphabetic() || is_blank(byte) || b"#*>".contains(&byte));
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let gap = within.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b'`').count();
        let lines = memchr::memchr_iter(b'\n', &within[..gap]).count();
        let line = &within[gap..];
        let value = &line[..line.iter().position(|&byte| ends_value(byte))?];
        let is_alone = line[value.len()..]
            .iter()
            .find(|&&byte| !is_blank(byte) && byte != b'`')
            .is_some_and(|&byte| matches!(byte, b'\r' | b'\n'));
        // `my-secret` in a line of its own is itself a value.
        let is_label = is_label && !self.text[self.name.range()].contains(&b'-');
        let holds = is_label
            && !self.is_quoted
            && (1..=2).contains(&lines)
            && is_alone
            && value.iter().filter(|byte| byte.is_ascii_digit()).count() >= LEAST_DIGITS
            && is_random_password(value);
        let span = Span::new(self.at + gap, self.at + gap + value.len());
        holds.then_some(Value { span, kinds: KindSet::PROSE.union(KindSet::OTHER), role: Role::Beside })
    }

    /// `${NAME}    value` of Robot Framework: two blanks or more part its columns.
    pub(super) fn robot_variable(&self) -> Option<Value> {
        let mut reader = Self { at: self.at + 1, ..*self };
        let blanks = reader.skip_blanks();
        let before = &self.text[..self.outer - b"${".len()];
        let begins_line = before.last().is_none_or(|&byte| byte == b'\n');
        if blanks < 2 || !begins_line {
            return None;
        }
        reader.bare(LOOSE, Operator::Loose).map(|value| Value { role: Role::Beside, ..value })
    }
}
