//! JSON without hostile characters: what would act on a terminal, or be a command of a CI system's log, is written as `\u....`,
//! which every JSON reader turns back, so that `cat report.jsonl` is as safe as the text report and nothing is lost.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::model::{begins_command, is_hostile};

/// Writes `value` as compact JSON.
pub(super) fn write(out: &mut (impl Write + ?Sized), value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Harmless)).map_err(io::Error::from)
}

/// `value` as compact JSON.
pub(super) fn to_bytes(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write(&mut bytes, value)?;
    Ok(bytes)
}

struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, hostile)) = rest.char_indices().find(|&(at, char)| is_to_be_escaped(char, &rest[at..])) {
            let (before, from) = rest.split_at(at);
            write!(writer, "{before}\\u{:04x}", u32::from(hostile))?;
            rest = &from[hostile.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// `from` begins with `char`.
fn is_to_be_escaped(char: char, from: &str) -> bool {
    is_hostile(char) || char == '#' && begins_command(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_are_escaped_and_come_back() {
        let text = "a\u{1b}[1m \u{9b}\u{7f}\"\u{202e}\n\u{1f511} ##vso[x]";
        let json = String::from_utf8(to_bytes(&text).expect("writing to memory")).expect("JSON is UTF-8");
        assert_eq!(json, "\"a\\u001b[1m \\u009b\\u007f\\\"\\u202e\\n\u{1f511} \\u0023#vso[x]\"");
        assert_eq!(serde_json::from_str::<String>(&json).expect("it is JSON"), text);
    }
}
