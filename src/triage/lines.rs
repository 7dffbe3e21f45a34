//! What files of entries have in common, be it an allow file or a baseline: an entry a line, in UTF-8; empty lines and
//! those that begin with `#` say nothing. What an entry means is up to `allow.rs` and `baseline.rs`.

use std::fmt;

use crate::model::Span;

/// Longer lines are no entries, in bytes: a reason is a sentence, not a text.
const LONGEST: usize = 4096;
/// How git begins the lines with which it marks what it could not merge.
const CONFLICT: [&str; 3] = ["<<<<<<<", "=======", ">>>>>>>"];
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// An entry and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// What it says.
    pub entry: T,
    /// Its line, counted from one.
    pub line: usize,
    /// Its bytes in the file, without the line's end.
    pub span: Span,
}

/// Why a line is no entry. It quotes nothing of it, for a line may hold anything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct EntryError {
    /// The file's name, as the caller gave it.
    pub file: String,
    /// The line, counted from one.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// The entries of a file, in its order, each with what `parse` makes of it. Lines that say nothing are left out.
pub(super) fn each<'a, T>(
    bytes: &'a [u8],
    parse: impl Fn(&str) -> Result<T, String> + 'a,
) -> impl Iterator<Item = Placed<Result<T, String>>> + 'a {
    let mut start = 0;
    let lines = bytes.split(|byte| *byte == b'\n').enumerate().map(move |(index, line)| {
        let at = start;
        start += line.len() + 1;
        (index + 1, at, line)
    });
    lines.filter_map(move |(number, at, line)| {
        let unmarked = if number == 1 { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
        let text = unmarked.trim_ascii();
        let start = at + (line.len() - line.trim_ascii_start().len()).max(line.len() - unmarked.len());
        let says_nothing = text.is_empty() || text.starts_with(b"#");
        let placed = || Placed { entry: read(text, &parse), line: number, span: Span::new(start, start + text.len()) };
        (!says_nothing).then(placed)
    })
}

/// All entries, or the first line that is none. `file` is what the error calls the file.
pub(super) fn all<T>(
    file: &str,
    entries: impl Iterator<Item = Placed<Result<T, String>>>,
) -> Result<Vec<Placed<T>>, EntryError> {
    let whole = |Placed { entry, line, span }: Placed<Result<T, String>>| match entry {
        Ok(entry) => Ok(Placed { entry, line, span }),
        Err(reason) => Err(EntryError { file: file.to_owned(), line, reason }),
    };
    entries.map(whole).collect()
}

fn read<T>(line: &[u8], parse: &impl Fn(&str) -> Result<T, String>) -> Result<T, String> {
    if line.len() > LONGEST {
        return Err(format!("the line is longer than {LONGEST} bytes"));
    }
    let text = std::str::from_utf8(line).map_err(|_| "the line is not UTF-8".to_owned())?;
    if CONFLICT.iter().any(|mark| text.starts_with(mark)) {
        return Err("a conflict of a merge that is not resolved: keep the lines of both sides".to_owned());
    }
    if text.chars().any(|char| char.is_control() && char != '\t') {
        return Err("the line holds control characters".to_owned());
    }
    parse(text)
}

/// The first word of a line as a fingerprint, and what follows it.
pub(super) fn fingerprint(line: &str) -> Result<(crate::model::Fingerprint, &str), String> {
    let (word, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let fingerprint = word.parse().map_err(|error: crate::model::NotAFingerprint| {
        format!("an entry begins with the fingerprint of a finding, and {error}")
    })?;
    Ok((fingerprint, rest.trim_start()))
}

/// A value as it is written after `key=`: in quotes, if it would not be one word.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_word =
            !self.0.is_empty() && !self.0.contains(|char: char| char.is_whitespace() || "\"\\".contains(char));
        if is_word {
            return f.write_str(self.0);
        }
        f.write_str("\"")?;
        for char in self.0.chars() {
            if matches!(char, '"' | '\\') {
                f.write_str("\\")?;
            }
            write!(f, "{char}")?;
        }
        f.write_str("\"")
    }
}

/// Takes `key=value` off the front of `text`.
pub(super) fn field(text: &str) -> Result<(&str, String, &str), String> {
    let (key, rest) = text.split_once('=').filter(|(key, _)| is_key(key)).ok_or_else(|| {
        "after the fingerprint come fields, as in reason=\"the key of the test server\" until=2030-12-31".to_owned()
    })?;
    let Some(quoted) = rest.strip_prefix('"') else {
        let (value, rest) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
        if value.contains('"') {
            return Err(format!(
                "the value of {key} has a quote within: put all of it in quotes, and \\ before that one"
            ));
        }
        return Ok((key, value.to_owned(), rest.trim_start()));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => {
                let rest = &quoted[at + 1..];
                if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
                    return Err(format!("a blank has to follow the value of {key}"));
                }
                return Ok((key, value, rest.trim_start()));
            }
            '\\' => match chars.next() {
                Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                _ => return Err(format!("in the value of {key} a \\ stands before neither \\ nor a quote")),
            },
            _ => value.push(char),
        }
    }
    Err(format!("the value of {key} has a quote that is not closed"))
}

fn is_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
