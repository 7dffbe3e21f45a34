//! `~/.netrc`: logins for hosts, as words. A macro (`macdef`) goes on to the next blank line and holds no logins. A
//! password may be quoted, with backslashes before quotes; without quotes it is all bytes up to the next blank.

use super::Value;

/// The passwords in `text`.
pub(super) fn values(text: &[u8]) -> Vec<Value> {
    let mut found = Vec::new();
    let mut rest = Words(text);
    while let Some(word) = rest.next() {
        match &*word {
            b"macdef" => rest.skip_macro(),
            b"password" | b"passwd" => {
                found.extend(rest.next().map(|bytes| Value { setting: None, bytes }));
            }
            b"machine" | b"login" | b"account" => drop(rest.next()),
            comment if comment.starts_with(b"#") => rest.skip_line(),
            _ => {}
        }
    }
    found
}

/// What is left of the text.
struct Words<'t>(&'t [u8]);

impl<'t> Words<'t> {
    fn next(&mut self) -> Option<Vec<u8>> {
        let text = self.0.trim_ascii_start();
        match text.split_first()? {
            (b'"', quoted) if quoted.contains(&b'"') => Some(self.quoted(quoted)),
            _ => {
                let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
                self.0 = &text[end..];
                Some(text[..end].to_vec())
            }
        }
    }

    /// Up to the closing quote.
    fn quoted(&mut self, text: &'t [u8]) -> Vec<u8> {
        let mut word = Vec::new();
        let mut rest = text;
        while let Some((&first, after)) = rest.split_first() {
            rest = after;
            match (first, after.split_first()) {
                (b'"', _) => break,
                (b'\\', Some((&escaped, after))) => {
                    word.push(match escaped {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        other => other,
                    });
                    rest = after;
                }
                _ => word.push(first),
            }
        }
        self.0 = rest;
        word
    }

    fn skip_line(&mut self) {
        let end = self.0.iter().position(|&byte| byte == b'\n').unwrap_or(self.0.len());
        self.0 = &self.0[end..];
    }

    /// To the next blank line.
    fn skip_macro(&mut self) {
        self.skip_line();
        while let Some(rest) = self.0.strip_prefix(b"\n") {
            self.0 = rest;
            self.skip_line();
            if rest[..rest.len() - self.0.len()].trim_ascii().is_empty() {
                return;
            }
        }
    }
}
