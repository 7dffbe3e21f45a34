//! The body of an armoured block: base64 in lines, with real line breaks or escaped ones, indented, commented, quoted line
//! by line, in a patch, on one line. What the lines before and after it say, and what its bytes are, is for the structures
//! that read one: `pem.rs`, `pgp.rs`.

use data_encoding::{BASE64_NOPAD, Encoding};
use memchr::memmem;

use super::byte_at;

/// A header of RFC 1421 is one line of at most so many bytes.
const LONGEST_HEADER: usize = 200;
/// What stands before each line of a block: an indent, a comment, a patch's mark.
const LONGEST_PREFIX: usize = 40;
/// Bodies that were cut on purpose say so.
const REDACTIONS: [&[u8]; 8] =
    [b"...", b"omitted", b"OMITTED", b"EXAMPLE", b"redacted", b"REDACTED", b"snip", "\u{2026}".as_bytes()];

/// Line ends in an attribute of XML, and in text of HTML.
const LINE_ENDS_OF_XML: [&[u8]; 6] = [b"&#10;", b"&#13;", b"&#xA;", b"&#xD;", b"&#xa;", b"&#xd;"];
const LINE_ENDS_OF_HTML: [&[u8]; 3] = [b"<br>", b"<br/>", b"<br />"];

/// Whether a body was cut on purpose.
pub(super) fn is_redacted(body: &[u8]) -> bool {
    REDACTIONS.iter().any(|mark| memmem::find(body, mark).is_some())
}

/// The bytes that `characters` encode; those of a body that was cut lose what makes no whole byte.
pub(super) fn decode(mut characters: Vec<u8>) -> Option<Vec<u8>> {
    if characters.len() % 4 == 1 {
        characters.pop();
    }
    lenient().decode(&characters).ok()
}

/// The last character of a body that was cut may have spare bits set.
fn lenient() -> Encoding {
    let mut specification = BASE64_NOPAD.specification();
    specification.check_trailing_bits = false;
    specification.encoding().expect("dropping a check keeps an encoding valid")
}

/// Yields the characters of base64 and steps over all that merely writes them down.
pub(super) struct Reader<'a> {
    text: &'a [u8],
    /// Just past the last character.
    pub at: usize,
    /// What stands before the last line, and so before each.
    prefix: &'a [u8],
    /// Whether a header may begin here.
    at_line_start: bool,
    in_headers: bool,
    /// Whether a header says that a password protects the body.
    pub is_encrypted: bool,
    /// The quotation mark that closed a line's literal, until the next opens.
    outside: Option<u8>,
}

impl<'a> Reader<'a> {
    /// Of a body; `is_closed` if a last line follows it.
    pub(super) fn new(text: &'a [u8], is_closed: bool) -> Self {
        let prefix = if is_closed { line_prefix(text) } else { b"" };
        Self { text, at: 0, prefix, at_line_start: false, in_headers: true, is_encrypted: false, outside: None }
    }

    fn skip_line_start(&mut self) {
        self.at_line_start = false;
        if !self.prefix.is_empty() && self.text[self.at..].starts_with(self.prefix) {
            self.at += self.prefix.len();
        }
        while matches!(byte_at(self.text, self.at), b' ' | b'\t') {
            self.at += 1;
        }
        if self.in_headers && self.outside.is_none() {
            self.skip_header();
        }
    }

    /// `Proc-Type: 4,ENCRYPTED`, up to its line's end, real or escaped.
    fn skip_header(&mut self) {
        let rest = &self.text[self.at..self.text.len().min(self.at + LONGEST_HEADER)];
        let end = memchr::memchr3(b'\n', b'\\', b'&', rest).unwrap_or(rest.len());
        if memchr::memchr(b':', &rest[..end]).is_some() {
            self.is_encrypted |= rest.starts_with(b"DEK-Info") || memmem::find(&rest[..end], b"ENCRYPTED").is_some();
            self.at += end;
        }
    }

    /// Steps over what stands at `at`, if it is no character of the body but may stand between two.
    fn skip(&mut self) -> bool {
        match byte_at(self.text, self.at) {
            b'\n' => self.at_line_start = true,
            b' ' | b'\t' | b'\r' => {}
            b'=' if !self.in_headers => {}
            b'\\' => return self.skip_escape(),
            b'&' if self.outside.is_none() => return self.skip_any(&LINE_ENDS_OF_XML),
            b'<' => return self.skip_any(&LINE_ENDS_OF_HTML),
            mark @ (b'"' | b'\'' | b'`') => {
                self.outside = match self.outside {
                    None => Some(mark),
                    Some(open) if open == mark => None,
                    Some(_) => return false,
                };
                self.at_line_start = self.outside.is_none();
            }
            b'+' | b'.' | b',' | b'&' | b'_' if self.outside.is_some() => {}
            _ => return false,
        }
        self.at += 1;
        true
    }

    /// Steps over one of these line ends.
    fn skip_any(&mut self, line_ends: &[&[u8]]) -> bool {
        let rest = &self.text[self.at..];
        let Some(line_end) = line_ends.iter().find(|line_end| rest.starts_with(line_end)) else { return false };
        self.at += line_end.len();
        self.at_line_start = true;
        true
    }

    /// `\n`, `\r`, `\t`, with one backslash or more, and a backslash that continues a line.
    fn skip_escape(&mut self) -> bool {
        let slashes = self.text[self.at..].iter().take_while(|&&byte| byte == b'\\').count();
        match byte_at(self.text, self.at + slashes) {
            b'n' => self.at_line_start = true,
            b'r' | b't' => {}
            b'"' | b'\'' | b'/' | b'\n' | b'\r' => {
                self.at += slashes;
                return true;
            }
            _ => return false,
        }
        self.at += slashes + 1;
        true
    }
}

/// What stands before the last line, if it can stand before every line.
fn line_prefix(body: &[u8]) -> &[u8] {
    let line = memchr::memrchr(b'\n', body).map_or(body.len(), |at| at + 1);
    let prefix = body[line..].trim_ascii_end();
    let is_text = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'\'' | b'`' | b'=' | b'\\');
    if prefix.len() > LONGEST_PREFIX || prefix.iter().any(is_text) { b"" } else { prefix }
}

impl Iterator for Reader<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        while self.at < self.text.len() {
            if self.at_line_start {
                self.skip_line_start();
            }
            let byte = byte_at(self.text, self.at);
            if self.outside.is_none() && (byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')) {
                self.at += 1;
                self.in_headers = false;
                return Some(byte);
            }
            if !self.skip() {
                return None;
            }
        }
        None
    }
}
