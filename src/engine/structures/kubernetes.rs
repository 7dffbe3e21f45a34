//! Values of a Kubernetes Secret, in YAML or JSON: those under `data` are decoded, those under `stringData` stand as they
//! are. The anchor is the manifest's `kind: Secret`, in its spellings; a hit yields every value that looks like a secret.
//!
//! `SealedSecret` and `ExternalSecret` are other kinds. Of encoded values of several lines (a PEM file, a configuration) it is
//! asked only whether a URL with a password is in them: what else is, other rules find.

use data_encoding::BASE64;
use memchr::memmem;

use super::cursor::Cursor;
use super::{Found, byte_at, name, url, verdict};
use crate::model::{Confidence, KindSet, Span};

/// How far to either side of its kind a manifest is looked at.
pub(super) const REACH: usize = 16 * 1024;
/// A longer value is a file.
const LONGEST_VALUE: usize = 1024;
const LONGEST_NAME: usize = 253;
/// Bytes of a key that is no text.
const SHORTEST_KEY: usize = 16;
const LONGEST_KEY: usize = 512;
/// Behind which a connection string or a URL has its secret, in lower case.
const KEYS: [&[u8]; 7] = [b"accountkey=", b"sharedaccesskey=", b"password=", b"pwd=", b";secret=", b"&sig=", b"token="];

/// The values of the Secret whose kind is at `hit`.
pub(super) fn find(text: &[u8], hit: Span) -> Vec<Found> {
    if byte_at(text, hit.end).is_ascii_alphanumeric() {
        return Vec::new();
    }
    let entries = if byte_at(text, hit.start) == b'"' { json(text, hit) } else { yaml(text, hit) };
    entries.into_iter().filter_map(|entry| entry.judge(text)).collect()
}

/// The bytes of a value under `data`; of one that is no base64 of a text, None.
pub(super) fn canonical(secret: &[u8]) -> Option<Vec<u8>> {
    BASE64.decode(secret).ok().filter(|bytes| is_text(bytes))
}

/// A field of `data` or `stringData`.
struct Entry {
    name: Span,
    value: Span,
    is_encoded: bool,
}

impl Entry {
    fn judge(self, text: &[u8]) -> Option<Found> {
        let value = &text[self.value.range()];
        let decoded = if self.is_encoded { BASE64.decode(value).ok()? } else { value.to_vec() };
        let confidence = confidence(&text[self.name.range()], &decoded);
        // In what stands as it is, the rules for URLs find them.
        let confidence = confidence.or_else(|| password_in_url(&decoded).filter(|_| self.is_encoded))?;
        Some(Found {
            secret: self.value,
            field: Some(self.name),
            kinds: KindSet::ALL,
            severity: None,
            confidence: Some(confidence),
            why: Some("Kubernetes Secret"),
        })
    }
}

/// None if it is no secret, or one that other rules find in the decoded text.
fn confidence(name: &[u8], value: &[u8]) -> Option<Confidence> {
    if !is_text(value) {
        let is_key = (SHORTEST_KEY..=LONGEST_KEY).contains(&value.len()) && std::str::from_utf8(value).is_err();
        return is_key.then_some(Confidence::Medium);
    }
    // Tools write a line end that they did not mean.
    let value = value.trim_ascii();
    if name.ends_with(b"dockerconfigjson") || name.ends_with(b"dockercfg") {
        let has_login = memmem::find(value, b"\"auth\"").is_some() || memmem::find(value, b"\"password\"").is_some();
        return has_login.then_some(Confidence::Medium);
    }
    if value.contains(&b'\n') {
        return None;
    }
    let judged = match name::classify(name) {
        Some(_) => verdict::password(value),
        None => verdict::password(value).filter(|_| verdict::is_token(value)),
    };
    judged.or_else(|| holds_credential(value).then_some(Confidence::Medium))
}

/// The confidence in a password that stands in a URL.
fn password_in_url(value: &[u8]) -> Option<Confidence> {
    let places = memmem::find_iter(value, b"://").map(|at| Span::new(at, at + 3));
    places.filter_map(|place| url::find(value, place).or_else(|| url::find_database(value, place))?.confidence).max()
}

/// Whether a value that itself is no secret has one in it, as connection strings and signed URLs do.
fn holds_credential(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    KEYS.iter().any(|key| {
        memmem::find(&lower, key).is_some_and(|at| {
            let rest = &value[at + key.len()..];
            let end =
                rest.iter().position(|byte| matches!(byte, b';' | b'&' | b' ' | b'"' | b'\'')).unwrap_or(rest.len());
            verdict::password(&rest[..end]) == Some(Confidence::Medium)
        })
    })
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(|c| c.is_control() && !c.is_ascii_whitespace()))
}

/// The fields of the mapping in which the line of `hit` stands.
fn yaml(text: &[u8], hit: Span) -> Vec<Entry> {
    // `- kind: Secret` begins an item of a list.
    let indent = text[..hit.start].iter().rev().take_while(|byte| matches!(byte, b' ' | b'-')).count();
    let start = hit.start - indent;
    if start > 0 && text[start - 1] != b'\n' {
        return Vec::new();
    }
    let mapping = mapping(text, start, indent);
    let mut entries = Vec::new();
    let mut section = None;
    for line in Lines::new(text, mapping) {
        if line.indent <= indent {
            section = match field(text, &line) {
                Some((name, value)) if value.is_empty() => match &text[name.range()] {
                    b"data" => Some((true, None)),
                    b"stringData" => Some((false, None)),
                    _ => None,
                },
                _ => None,
            };
        } else if let Some((is_encoded, first)) = &mut section {
            let at = *first.get_or_insert(line.indent);
            if let Some((name, value)) = field(text, &line).filter(|_| line.indent == at) {
                entries.push(Entry { name, value, is_encoded: *is_encoded });
            }
        }
    }
    entries
}

/// The lines around the one at `start` that belong to the same mapping: not indented less, up to the document's end or
/// another object's kind.
fn mapping(text: &[u8], start: usize, indent: usize) -> Span {
    let is_outside = |line: &Line| {
        let content = &text[line.content.range()];
        !content.is_empty()
            && (line.indent < indent
                || content.starts_with(b"---")
                || line.indent == indent && (content.starts_with(b"kind:") || content.starts_with(b"- ")))
    };
    let mut first = start;
    while first > 0 {
        let before = line_start(text, first - 1);
        let line = Line::at(text, before);
        if is_outside(&line) {
            break;
        }
        first = before;
    }
    let next = |at: usize| memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |end| at + end + 1);
    let mut end = next(start);
    while end < text.len() {
        if is_outside(&Line::at(text, end)) {
            break;
        }
        end = next(end);
    }
    Span::new(first, end)
}

/// `name: value`, without the quotes around either.
fn field(text: &[u8], line: &Line) -> Option<(Span, Span)> {
    let mut cursor = Cursor::new(text, line.content.start);
    let mark = cursor.quote();
    let name = cursor.take_while(LONGEST_NAME, |byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if mark.is_some() {
        cursor.quote();
    }
    cursor.eat(b":").then_some(())?;
    cursor.skip_blanks();
    let mark = cursor.quote();
    let value = match mark {
        Some(mark) => cursor.until(mark, LONGEST_VALUE)?,
        None => cursor.take_while(LONGEST_VALUE, |byte| !byte.is_ascii_whitespace()),
    };
    let is_template = memmem::find(&text[value.range()], b"{{").is_some();
    (!name.is_empty() && !is_template && value.end <= line.content.end).then_some((name, value))
}

fn line_start(text: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1)
}

/// A line, its indent and what stands behind that. The dash of a list's item is part of the indent.
struct Line {
    indent: usize,
    content: Span,
}

impl Line {
    fn at(text: &[u8], start: usize) -> Self {
        let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |end| start + end);
        let indent = text[start..end].iter().take_while(|&&byte| byte == b' ').count();
        let content = text[start + indent..end].trim_ascii_end();
        Self { indent, content: Span::new(start + indent, start + indent + content.len()) }
    }
}

/// The lines of a part of the text that are neither empty nor comments.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a [u8], span: Span) -> Self {
        Self { text, at: span.start, end: span.end }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        while self.at < self.end {
            let line = Line::at(self.text, self.at);
            self.at = memchr::memchr(b'\n', &self.text[self.at..]).map_or(self.end, |end| self.at + end + 1);
            if !matches!(byte_at(&self.text[line.content.range()], 0), 0 | b'#') {
                return Some(line);
            }
        }
        None
    }
}

/// The fields of `"data": {...}` and `"stringData": {...}` between this object's kind and those of its neighbours.
fn json(text: &[u8], hit: Span) -> Vec<Entry> {
    const KIND: &[u8] = b"\"kind\"";
    let start = memmem::rfind(&text[..hit.start], KIND).map_or(0, |at| at + KIND.len());
    let end = memmem::find(&text[hit.end..], KIND).map_or(text.len(), |at| hit.end + at);
    let mut entries = Vec::new();
    for (section, is_encoded) in [(b"\"data\"".as_slice(), true), (b"\"stringData\"", false)] {
        let places = memmem::find_iter(&text[start..end], section);
        for at in places.map(|at| start + at + section.len()) {
            // What stands before this object's kind may belong to the object before; its end lies between.
            object(text, Span::new(at, end), is_encoded, &mut entries);
        }
    }
    entries
}

/// `: { "name": "value", ... }`.
fn object(text: &[u8], within: Span, is_encoded: bool, entries: &mut Vec<Entry>) {
    let mut cursor = Cursor::new(text, within.start);
    let is_gap = |byte: u8| byte.is_ascii_whitespace() || byte == b',';
    cursor.skip_while(8, |byte| byte.is_ascii_whitespace() || byte == b':');
    if !cursor.eat(b"{") {
        return;
    }
    while cursor.at < within.end {
        cursor.skip_while(64, is_gap);
        let Some(name) = string(&mut cursor) else { return };
        cursor.skip_while(8, |byte| byte.is_ascii_whitespace() || byte == b':');
        let Some(value) = string(&mut cursor) else { return };
        if value.len() <= LONGEST_VALUE {
            entries.push(Entry { name, value, is_encoded });
        }
    }
}

fn string(cursor: &mut Cursor<'_>) -> Option<Span> {
    cursor.eat(b"\"").then_some(())?;
    cursor.until(b"\"", REACH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::structures::find_all;
    use crate::engine::structures::tests::hits;
    use crate::rules::Shape;

    const PASSWORD: &str = concat!("kW9#mP", "z2!vQx");

    fn found(text: &str) -> Vec<String> {
        let text = text.replace("{P}", PASSWORD).replace("{B}", &BASE64.encode(PASSWORD.as_bytes()));
        let hits = hits(&["kind: Secret", "\"kind\": \"Secret\"", "\"kind\":\"Secret\""], text.as_bytes());
        let found = hits.into_iter().flat_map(|hit| find_all(Shape::KubernetesSecret, text.as_bytes(), hit));
        let secret = |found: Found| {
            let value = text[found.secret.range()].as_bytes();
            String::from_utf8(canonical(value).unwrap_or_else(|| value.to_vec())).expect("the secrets here are text")
        };
        found.map(secret).collect()
    }

    #[test]
    fn manifests() {
        for text in [
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  username: YXBw\n  password: {B}\n",
            "data:\n  password: \"{B}\"\nkind: Secret\napiVersion: v1\n",
            "kind: Secret\nstringData:\n  # of the database\n  db-password: {P}\n  host: db.corp.io\n",
            "items:\n- apiVersion: v1\n  data:\n    password: {B}\n  kind: Secret\n- apiVersion: v1\n  kind: ConfigMap\n",
            "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"data\": {\"user\": \"YXBw\", \"password\": \"{B}\"}}",
            "{\"data\":{\"password\":\"{B}\"},\"kind\":\"Secret\"}",
        ] {
            assert_eq!(found(text), [PASSWORD], "{text}");
        }
    }

    #[test]
    fn a_manifest_of_two_passwords() {
        assert_eq!(found("kind: Secret\ndata:\n  root-password: {B}\n  password: {B}\n").len(), 2);
    }

    #[test]
    fn names_that_say_nothing_hold_what_is_random() {
        let text = format!(
            "kind: Secret\nstringData:\n  value: {}\n  word: {PASSWORD}\n",
            concat!("x7Kq2mPz9V", "bT4wLr8sQ1hN6c")
        );
        assert_eq!(found(&text).len(), 1);
    }

    #[test]
    fn values_with_a_secret_in_them() {
        for value in [
            concat!(
                "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=",
                "n3MGL+3G2sPxN7ZtP3c5ePKKh04GE21I2+jnu2XH99o="
            ),
            concat!(
                "https://acme.blob.core.windows.net/c?sv=2022-11-02&sp=rl&se=2099-01-01&sig=",
                "PiPwno9uyb24FNoNcc2wU4OCBuBdfa3xK7qLmZ0t"
            ),
            concat!("mongodb+srv://app:", "Kw415zBnfrtDDN", "@c0.x1y2.mongodb.net/db"),
            concat!("https://app:", "Kw415zBnfrtDDN", "@ci.acme.io/hook"),
        ] {
            let text = format!("kind: Secret\ndata:\n  CONN: {}\n", BASE64.encode(value.as_bytes()));
            assert_eq!(found(&text), [value], "{text}");
        }
        for value in [
            "Endpoint=sb://acme.net/;SharedAccessKey=${KEY}",
            "https://acme.corp.io/c?sp=rl&sig=changeme",
            "mongodb://app:${PASSWORD}@db.acme.io/app",
            "https://acme.corp.io/a@b:c",
        ] {
            let text = format!("kind: Secret\ndata:\n  CONN: {}\n", BASE64.encode(value.as_bytes()));
            assert_eq!(found(&text), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn no_secrets() {
        for text in [
            "kind: SealedSecret\nspec:\n  encryptedData:\n    password: {B}\n",
            "kind: ExternalSecret\ndata:\n  password: {B}\n",
            "kind: SecretStore\ndata:\n  password: {B}\n",
            "kind: Secret\ndata:\n  password: {{ .Values.password | b64enc }}\n",
            "kind: Secret\ndata:\n  password: Y2hhbmdlbWU=\n",
            "kind: Secret\nstringData:\n  password: ${PASSWORD}\n",
            "kind: Secret\nmetadata:\n  name: db\n---\nkind: ConfigMap\ndata:\n  password: {P}\n",
            "kind: ConfigMap\ndata:\n  password: {B}\n---\nkind: Secret\n",
            "ref:\n  kind: Secret\n  name: db\ndata:\n  password: {B}\n",
            "# kind: Secret\ndata:\n  password: {B}\n",
            "kind: Secret",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
