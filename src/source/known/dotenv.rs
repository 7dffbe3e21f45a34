//! `.env` files: `NAME=value` with or without `export`, quoted or not, as the many readers of such files agree. These files
//! hold settings of all kinds, so each value goes with its name; which of them are secrets is not known here.

use bstr::ByteSlice;

use super::Value;

/// Every setting in `text`.
pub(super) fn values(text: &[u8]) -> Vec<Value> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (value, after) = setting(rest);
        found.extend(value);
        rest = after;
    }
    found
}

/// The setting that the first line of `text` begins, if it does, and what follows it.
fn setting(text: &[u8]) -> (Option<Value>, &[u8]) {
    let (line, after) = first_line(text);
    let Some((name, value)) = line.split_once_str("=") else { return (None, after) };
    let name = name.trim();
    let name = name.strip_prefix(b"export").filter(|rest| rest.starts_with(b" ")).unwrap_or(name).trim();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    if name.is_empty() || !name.iter().all(is_name) {
        return (None, after);
    }
    let value = value.trim_start();
    // A quoted value may go on for several lines.
    let quoted = value.first().filter(|byte| b"\"'`".contains(byte)).and_then(|&quote| {
        let start = line.len() - value.len() + 1;
        quoted(&text[start..], quote).map(|(bytes, len)| (bytes, first_line(&text[start + len..]).1))
    });
    let (bytes, after) = quoted.unwrap_or_else(|| (without_comment(value), after));
    (Some(Value { setting: Some(name.into()), bytes }), after)
}

fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.find_byte(b'\n').map_or(text.len(), |end| end + 1);
    text.split_at(end)
}

/// The text up to `quote`, and how long it is as it is written. Double quotes alone know escapes.
fn quoted(text: &[u8], quote: u8) -> Option<(Vec<u8>, usize)> {
    let mut value = Vec::new();
    let mut bytes = text.iter().enumerate();
    while let Some((at, &byte)) = bytes.next() {
        match byte {
            _ if byte == quote => return Some((value, at + 1)),
            b'\\' if quote == b'"' => value.extend(bytes.next().map(|(_, &escaped)| match escaped {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                other => other,
            })),
            _ => value.push(byte),
        }
    }
    None
}

fn without_comment(value: &[u8]) -> Vec<u8> {
    let end = [" #", "\t#"].iter().filter_map(|mark| value.find(mark)).min().unwrap_or(value.len());
    value[..end].trim_end().to_vec()
}
