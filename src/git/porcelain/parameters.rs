//! What `git -c name=value` hands down to the programs that it runs: `GIT_CONFIG_PARAMETERS`, a list of words that are
//! quoted as for a shell, each `'name=value'`, or `'name'='value'` since git 2.31.

use crate::{git::repository::failed, source::SourceError};

/// A key and its value.
pub(super) type Entry = (Vec<u8>, Vec<u8>);

/// The keys, as git spells them, and their values; a key without a value is on.
pub(super) fn parse(list: &[u8]) -> Result<Vec<Entry>, SourceError> {
    let broken = || failed("reading GIT_CONFIG_PARAMETERS".to_owned(), "it is not as git writes it");
    let mut rest = list.trim_ascii();
    let mut entries = Vec::new();
    while !rest.is_empty() {
        let word = unquote(&mut rest).ok_or_else(broken)?;
        let (key, value) = match rest.strip_prefix(b"=") {
            Some(after) => {
                rest = after;
                let is_bare = rest.first().is_none_or(u8::is_ascii_whitespace);
                (word, if is_bare { Vec::new() } else { unquote(&mut rest).ok_or_else(broken)? })
            }
            None => {
                let equals = word.iter().position(|&byte| byte == b'=').unwrap_or(word.len());
                (word[..equals].to_vec(), word.get(equals + 1..).unwrap_or_default().to_vec())
            }
        };
        if !rest.first().is_none_or(u8::is_ascii_whitespace) {
            return Err(broken());
        }
        rest = rest.trim_ascii_start();
        entries.push((canonical(key), value));
    }
    Ok(entries)
}

/// Takes a word between single quotes, with `'\''` and `'\!'` in it, from the start of `rest`.
fn unquote(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let mut word = Vec::new();
    *rest = rest.strip_prefix(b"'")?;
    loop {
        let end = rest.iter().position(|&byte| byte == b'\'')?;
        word.extend_from_slice(&rest[..end]);
        *rest = &rest[end + 1..];
        match rest {
            [b'\\', escaped @ (b'\'' | b'!'), b'\'', after @ ..] => {
                word.push(*escaped);
                *rest = after;
            }
            _ => return Some(word),
        }
    }
}

/// Section and name have no case; what is between them has.
fn canonical(mut key: Vec<u8>) -> Vec<u8> {
    let first = key.iter().position(|&byte| byte == b'.').unwrap_or(key.len());
    let last = key.iter().rposition(|&byte| byte == b'.').unwrap_or(0);
    key[..first].make_ascii_lowercase();
    key[last..].make_ascii_lowercase();
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let read = |list: &str| {
            let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the input is UTF-8");
            let entries = parse(list.as_bytes()).ok()?;
            Some(entries.into_iter().map(|(key, value)| (text(key), text(value))).collect::<Vec<_>>())
        };
        let entry = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(read(""), Some(vec![]));
        assert_eq!(read("'Secrets.Patterns=a b'"), Some(vec![entry("secrets.patterns", "a b")]));
        assert_eq!(
            read("'secrets.patterns'='it'\\''s=1' 'a.B.C'="),
            Some(vec![entry("secrets.patterns", "it's=1"), entry("a.B.c", "")])
        );
        assert_eq!(read("'key.on'"), Some(vec![entry("key.on", "")]));
        for broken in ["x", "'x", "'a.b'='c'd", "'a.b'=c"] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
