//! What holds if a name has no value of its own: `lookup(NAME) || "value"`, `${NAME:-value}`, `var("NAME").unwrap_or("value")`,
//! `"--name", default="value"`, `is_set ? "value" : other`, and below a parameter of a template `Default: value`.

use memchr::memmem;

use super::{LONGEST_ASIDE, LONGEST_OPENING, Reader};
use crate::engine::structures::byte_at;
use crate::engine::structures::cursor::is_quote;
use crate::engine::structures::form::{LONGEST_NAME, LONGEST_VALUE, QUOTED, Role, Value, ends_value};
use crate::model::Span;

/// Length of what is said of a parameter, in bytes.
const LONGEST_PARAMETER: usize = 320;

/// By byte, whether it may stand in the lookup of a name, or in what joins that with another value.
const LOOKUP: [bool; 256] = {
    let mut lookup = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        lookup[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let others = b"_.()[]\"':$-> |?";
    let mut other = 0;
    while other < others.len() {
        lookup[others[other] as usize] = true;
        other += 1;
    }
    lookup
};

impl Reader<'_> {
    /// `${1:-value}`: what a shell takes if there is no argument.
    pub(super) fn expansion(&self) -> Option<Value> {
        let name = self.rest().strip_prefix(b"${")?;
        let length =
            name.iter().take(LONGEST_NAME).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        Self { at: self.at + 2 + length, ..*self }.shell_default().filter(|_| byte_at(name, length) == b':')
    }

    /// `lookup(name) || "value"`, `os.environ.get("X") or "value"`: what holds if there is no other.
    pub(super) fn fallback(&self) -> Option<Value> {
        let reach = &self.rest()[..self.rest().len().min(LONGEST_ASIDE + LONGEST_OPENING)];
        memchr::memchr3(b'"', b'\'', b'`', reach)?;
        let within = &reach[..reach.len().min(LONGEST_ASIDE)];
        let within = &within[..memchr::memchr2(b'\n', b';', within).unwrap_or(within.len())];
        let lookup = within.iter().position(|&byte| !LOOKUP[usize::from(byte)]).unwrap_or(within.len());
        // Of what stands behind the lookup it is asked only if there is a reason to.
        if behind_join(&within[..lookup]).is_none() {
            return self.conditional(within).filter(|_| behind_join(within).is_none());
        }
        let join = behind_join(within)?;
        (join <= lookup).then_some(())?;
        self.literal_at(self.at + join)
    }

    /// `is_set ? "value" : other`, `other if is_set else "value"`: of two literals the longer one.
    fn conditional(&self, within: &[u8]) -> Option<Value> {
        const THEN: &[u8] = b" ? ";
        const OTHERWISE: &[u8] = b" : ";
        const ELSE: &[u8] = b" else ";
        let literal_behind = |at: usize, word: &[u8]| self.literal_at(self.at + at + word.len());
        let Some(condition) = memmem::find(within, THEN) else {
            return literal_behind(
                memmem::find(within, ELSE).filter(|_| memmem::find(within, b" if ").is_some())?,
                ELSE,
            );
        };
        let other =
            memmem::find(&within[condition..], OTHERWISE).and_then(|at| literal_behind(condition + at, OTHERWISE));
        literal_behind(condition, THEN).into_iter().chain(other).max_by_key(|value| value.span.len())
    }

    /// `${NAME:-value}`, `${NAME:value}`.
    pub(super) fn shell_default(&self) -> Option<Value> {
        let start = self.at + 1 + usize::from(matches!(byte_at(self.text, self.at + 1), b'-' | b'='));
        let start = start + usize::from(is_quote(byte_at(self.text, start)));
        let within = &self.text[start.min(self.text.len())..self.text.len().min(start + LONGEST_VALUE)];
        let end = within.iter().position(|&byte| byte == b'}' || ends_value(byte))?;
        let span = Span::new(start, start + end);
        let closes = within[end + usize::from(is_quote(within[end]))..].first() == Some(&b'}');
        closes.then_some(Value { span, kinds: QUOTED, role: Role::Assigned })
    }

    /// `var("NAME").unwrap_or("value")`: what holds if there is no value of that name.
    pub(super) fn unwrapped(&self) -> Option<Value> {
        const CALLS: [&[u8]; 7] = [
            b" { ",
            b".unwrap_or(",
            b".unwrap_or_else(|_| ",
            b".orElse(",
            b".getOrElse(",
            b".or_else(|| ",
            b".ok().unwrap_or(",
        ];
        let call = CALLS.into_iter().find(|call| self.is_quoted && self.rest().starts_with(call))?;
        let reader = Self { at: self.at + call.len(), ..*self };
        reader.literal_at(reader.at).or_else(|| reader.wrapped())
    }

    /// `add_argument("--name", default="value")`; `patch("name", return_value="value")` of a test.
    pub(super) fn default_argument(&self) -> Option<Value> {
        const RETURN: &[u8] = b"return_value=";
        let argument = if self.is_option_in_quotes() { b"default=".as_slice() } else { RETURN };
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let within = &within[..memchr::memchr(b')', within).unwrap_or(within.len())];
        let at = memmem::find(within, argument)?;
        self.literal_at(self.at + at + argument.len())
    }

    /// `name: str = Field(default="value")`, `name = config("name", default="value")`: what a call gives if there is no other.
    pub(super) fn defaulted(&self) -> Option<Value> {
        const DEFAULT: &[u8] = b"default=";
        let within = &self.rest()[..self.rest().len().min(LONGEST_ASIDE)];
        let within = &within[..memchr::memchr2(b')', b'\n', within).unwrap_or(within.len())];
        let open = memchr::memchr(b'(', within)?;
        let is_path = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
        within[..open].iter().all(is_path).then_some(())?;
        self.literal_at(self.at + memmem::find(within, DEFAULT)? + DEFAULT.len())
    }

    fn is_option_in_quotes(&self) -> bool {
        byte_at(self.text, self.outer) == b'-'
    }

    /// A parameter of a template, with what holds if it is not given: `name:`, and below it, indented, `Default: value`.
    pub(super) fn parameter(&self) -> Option<Value> {
        let within = &self.rest()[..self.rest().len().min(LONGEST_PARAMETER)];
        let body = within.iter().position(|byte| !matches!(byte, b' ' | b'\r'))?;
        (within[body] == b'\n').then_some(())?;
        let line_start = memchr::memrchr(b'\n', &self.text[..self.outer]).map_or(0, |at| at + 1);
        let indent = |line: &[u8]| line.iter().take_while(|&&byte| byte == b' ').count();
        let own = indent(&self.text[line_start..self.outer]);
        let mut at = body + 1;
        for line in within[body + 1..].split(|&byte| byte == b'\n') {
            if indent(line) <= own {
                return None;
            }
            let field = &line[indent(line)..];
            if let Some(name) =
                [b"Default:".as_slice(), b"default:", b"value:"].into_iter().find(|name| field.starts_with(name))
            {
                return Self { at: self.at + at + indent(line) + name.len() - 1, is_quoted: false, ..*self }.field();
            }
            at += line.len() + 1;
        }
        None
    }
}

/// Behind the first of the words that join a value with what holds if there is none; of different words, the one named first.
/// All begin with a blank and one of three bytes, which are few, so that one pass does for all.
fn behind_join(within: &[u8]) -> Option<usize> {
    const JOINS: [&[u8]; 4] = [b" || ", b" or ", b" ?? ", b" ?: "];
    let may_join = |(_, pair): &(usize, &[u8])| pair[0] == b' ' && matches!(pair[1], b'|' | b'o' | b'?');
    let joins = within.windows(2).enumerate().filter(may_join).filter_map(|(at, _)| {
        let which = JOINS.iter().position(|join| within[at..].starts_with(join))?;
        Some((which, at + JOINS[which].len()))
    });
    joins.min().map(|(_, behind)| behind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn joins_are_those_that_a_search_for_each_finds(text in "(?: |o|r|\\||\\?|:| or | \\?\\? |a){0,30}") {
            let text = text.as_bytes();
            let search = |join: &&[u8]| Some(memmem::find(text, join)? + join.len());
            let expected = [b" || ".as_slice(), b" or ", b" ?? ", b" ?: "].iter().find_map(search);
            prop_assert_eq!(behind_join(text), expected);
        }
    }
}
