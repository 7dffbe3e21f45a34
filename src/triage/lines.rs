//! What files of entries have in common, be it an allow file or a baseline: an entry a line, in UTF-8; empty lines and
//! those that begin with `#` say nothing. What a line says is up to `allow.rs` and `baseline.rs`.

use std::fmt;

use super::suppressions::Permission;
use crate::model::{Fingerprint, NotAFingerprint, Span, SuppressionKind};

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

/// An entry of an allow file or a baseline.
pub trait Entry: Sized + fmt::Display {
    /// What kind of file has such entries.
    const KIND: SuppressionKind;
    /// The usual name of that file, at the top of a work tree.
    const FILE: &'static str;

    /// What a line says, that is neither empty nor a comment.
    ///
    /// # Errors
    /// If it is no entry: why.
    fn of_line(line: &str) -> Result<Self, String>;

    /// The fingerprint that it is about.
    fn fingerprint(&self) -> Fingerprint;

    /// What it accepts.
    fn permission(&self) -> Permission;

    /// The entries of a file, in its order, and of lines that are none why not. Lines that say nothing are left out.
    fn each(bytes: &[u8]) -> Vec<Placed<Result<Self, String>>> {
        let mut start = 0;
        let lines = bytes.split(|byte| *byte == b'\n').enumerate().map(|(index, line)| {
            let at = start;
            start += line.len() + 1;
            (index + 1, at, line)
        });
        lines.filter_map(|(number, at, line)| placed(number, at, line)).collect()
    }

    /// The entries of a file. `file` is what an error calls it.
    ///
    /// # Errors
    /// If a line is no entry: the first.
    fn parse(file: &str, bytes: &[u8]) -> Result<Vec<Placed<Self>>, EntryError> {
        let whole = |Placed { entry, line, span }: Placed<Result<Self, String>>| match entry {
            Ok(entry) => Ok(Placed { entry, line, span }),
            Err(reason) => Err(EntryError { file: file.to_owned(), line, reason }),
        };
        Self::each(bytes).into_iter().map(whole).collect()
    }
}

/// What the line says that begins at this byte of a file; none if it is empty or a comment.
fn placed<T: Entry>(number: usize, at: usize, line: &[u8]) -> Option<Placed<Result<T, String>>> {
    let unmarked = if number == 1 { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
    let text = unmarked.trim_ascii();
    if text.is_empty() || text.starts_with(b"#") {
        return None;
    }
    let start = at + line.len() - unmarked.trim_ascii_start().len();
    Some(Placed { entry: read(text), line: number, span: Span::new(start, start + text.len()) })
}

fn read<T: Entry>(line: &[u8]) -> Result<T, String> {
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
    T::of_line(text)
}

/// The first word of a line as a fingerprint, and what follows it.
pub(super) fn fingerprint(line: &str) -> Result<(Fingerprint, &str), String> {
    let (word, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let fingerprint = word
        .parse()
        .map_err(|error: NotAFingerprint| format!("an entry begins with the fingerprint of a finding, and {error}"))?;
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
