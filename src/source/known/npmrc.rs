//! `~/.npmrc`: settings, of which those for a registry begin with its address: `//registry.npmjs.org/:_authToken=...`.
//! `_password` is a password in base64, and `_auth` a user and a password; the passwords themselves are taken, too.

use bstr::ByteSlice;
use data_encoding::BASE64;

use super::Value;

/// The secrets in `text`. A value with a variable in it (`${NPM_TOKEN}`) is kept elsewhere.
pub(super) fn values(text: &[u8]) -> Vec<Value> {
    text.lines().flat_map(of_line).map(|bytes| Value { setting: None, bytes }).collect()
}

fn of_line(line: &[u8]) -> Vec<Vec<u8>> {
    let Some((name, value)) = line.split_once_str("=") else { return Vec::new() };
    let name = unquoted(name);
    let name = name.rsplit(|&byte| byte == b':').next().unwrap_or_default();
    let value = unquoted(value);
    if value.contains_str("${") {
        return Vec::new();
    }
    let decoded = BASE64.decode(&value).ok().filter(|decoded| std::str::from_utf8(decoded).is_ok());
    let inner = match name {
        b"_authToken" => None,
        b"_password" => decoded,
        b"_auth" => decoded.and_then(|login| Some(login.split_once_str(":")?.1.to_vec())),
        _ => return Vec::new(),
    };
    [value].into_iter().chain(inner).collect()
}

/// A name or value as the `ini` package reads it: quotes are JSON's or single ones, and without these a comment may follow.
fn unquoted(text: &[u8]) -> Vec<u8> {
    let text = text.trim();
    match text {
        [b'"', .., b'"'] => {
            let parsed = serde_json::from_slice::<String>(text).map(String::into_bytes);
            parsed.unwrap_or_else(|_| text[1..text.len() - 1].to_vec())
        }
        [b'\'', inner @ .., b'\''] => inner.to_vec(),
        _ => without_comment(text),
    }
}

fn without_comment(text: &[u8]) -> Vec<u8> {
    let mut value = Vec::new();
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        match (byte, rest.as_slice().first()) {
            (b';' | b'#', _) => break,
            (b'\\', Some(&escaped @ (b'\\' | b';' | b'#'))) => {
                value.push(escaped);
                rest.next();
            }
            _ => value.push(byte),
        }
    }
    value.trim_end().to_vec()
}
