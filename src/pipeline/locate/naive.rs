//! The oracle of `locate`: the same definitions over a document held whole, character by character, with no buffers, no
//! cursors and nothing shared with the real one but the constants of an excerpt's length.

use super::{CUT, Charset, SHOWN_BEFORE, SHOWN_FROM_START, Target};
use crate::model::{Encoding, Location, Span, Text};

/// `locate`, slow and plain.
pub(super) fn locate(document: &[u8], targets: &[Target<'_>], hidden: &[Span]) -> Vec<Option<Location>> {
    let charset = charset(document, targets);
    let columns = columns(document, charset);
    let whole = Whole { document, charset, columns, line_hashes: line_hashes(document), hidden };
    targets.iter().map(|target| whole.locate(target)).collect()
}

/// A document and all that is known of it.
struct Whole<'a> {
    document: &'a [u8],
    charset: Charset,
    columns: Vec<Column>,
    /// Where each line starts, as GitHub counts lines, and its hash.
    line_hashes: Vec<(usize, u64)>,
    hidden: &'a [Span],
}

impl Whole<'_> {
    fn locate(&self, target: &Target<'_>) -> Option<Location> {
        let Span { start, end } = target.span;
        if end > self.document.len() {
            return None;
        }
        if let Some(secret) = target.secret {
            let seen = secret.len().min(SHOWN_FROM_START);
            if self.document.get(start..start + seen) != Some(&secret.expose()[..seen]) {
                return None;
            }
        }
        let at_end = self.columns.last().expect("the last one is the end");
        let first = self.columns.iter().find(|column| start < column.bytes.end).unwrap_or(at_end);
        let last = self.columns.iter().find(|column| end <= column.bytes.start).unwrap_or(at_end);
        let nth = self.line_hashes.iter().rposition(|(from, _)| *from <= start).expect("the first line starts at 0");
        let hash = self.line_hashes[nth].1;
        let count = self.line_hashes[..=nth].iter().filter(|(_, other)| *other == hash).count();
        Some(Location {
            start_line: first.line,
            start_column: first.column,
            end_line: last.line,
            end_column: last.column,
            snippet: self.snippet(start, first.line),
            line_hash: Some((hash, u32::try_from(count).expect("small documents"))),
        })
    }

    /// What is shown of `line` around `start`: its whole characters between two offsets.
    fn snippet(&self, start: usize, line: usize) -> Text {
        let (from, to) = (start.saturating_sub(SHOWN_BEFORE), start + SHOWN_FROM_START);
        let of_line: Vec<&Column> = self.columns.iter().filter(|column| column.line == line).collect();
        let mut chars: Vec<(Span, &str)> = of_line
            .chunk_by(|a, b| a.char == b.char)
            .map(|char| (Span::new(char[0].bytes.start, char[char.len() - 1].bytes.end), char[0].text.as_str()))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        if chars.pop_if(|(_, text)| *text == "\n").is_some() {
            chars.pop_if(|(_, text)| *text == "\r");
        }
        let is_cut = chars.first().is_some_and(|(bytes, _)| bytes.start < from);
        let mut shown = if is_cut { CUT.as_bytes().to_vec() } else { Vec::new() };
        let mut blanks = Vec::new();
        let rest = chars.iter().skip_while(|(bytes, _)| bytes.start < from);
        for (bytes, text) in rest.skip_while(|(bytes, _)| is_cut && self.may_be_rest(from, bytes.start)) {
            if bytes.end > to {
                shown.extend_from_slice(CUT.as_bytes());
                break;
            }
            let before = shown.len();
            shown.extend_from_slice(text.as_bytes());
            if self.hidden.iter().any(|span| span.overlaps(*bytes)) {
                blanks.push(Span::new(before, shown.len()));
            }
        }
        Text::blanked(&shown, &blanks)
    }

    /// Whether what stands at `at`, right after a cut at `from`, looks like the rest of a character that was cut, be it
    /// one or not.
    fn may_be_rest(&self, from: usize, at: usize) -> bool {
        let byte = |offset: usize| self.document.get(offset).copied().unwrap_or_default();
        match self.charset {
            Charset::Utf8 => at < from + 3 && (0x80..0xc0).contains(&byte(at)),
            Charset::Utf16Le => at < from + 2 && (0xdc..0xe0).contains(&byte(at + 1)),
            Charset::Utf16Be => at < from + 2 && (0xdc..0xe0).contains(&byte(at)),
        }
    }
}

fn charset(document: &[u8], targets: &[Target<'_>]) -> Charset {
    let all = |encoding| targets.iter().all(|target| target.encoding == Some(encoding) && target.span.start % 2 == 0);
    match document {
        [0xff, 0xfe, ..] => Charset::Utf16Le,
        [0xfe, 0xff, ..] => Charset::Utf16Be,
        [_, 0, ..] if all(Encoding::Utf16Le) => Charset::Utf16Le,
        [0, _, ..] if all(Encoding::Utf16Be) => Charset::Utf16Be,
        _ => Charset::Utf8,
    }
}

/// One column of the document, and at its end an empty one for the end itself.
struct Column {
    bytes: Span,
    line: usize,
    column: usize,
    text: String,
    /// Number of the character it belongs to: the bytes of an invalid sequence are columns of one character.
    char: usize,
}

fn columns(document: &[u8], charset: Charset) -> Vec<Column> {
    let mut columns = Vec::new();
    let (mut line, mut column, mut at) = (1, 1, 0);
    for (char, (parts, mut text)) in chars(document, charset).into_iter().enumerate() {
        let is_mark = char == 0 && text == "\u{feff}";
        if is_mark {
            text.clear();
        }
        for len in parts {
            columns.push(Column { bytes: Span::new(at, at + len), line, column, text: text.clone(), char });
            at += len;
            column += usize::from(!is_mark);
        }
        if text == "\n" {
            (line, column) = (line + 1, 1);
        }
    }
    columns.push(Column { bytes: Span::new(at, at), line, column, text: String::new(), char: usize::MAX });
    columns
}

/// For each character the lengths of its columns in bytes, and what it is.
fn chars(document: &[u8], charset: Charset) -> Vec<(Vec<usize>, String)> {
    let unit = match charset {
        Charset::Utf8 => return utf8_chars(document),
        Charset::Utf16Le => u16::from_le_bytes,
        Charset::Utf16Be => u16::from_be_bytes,
    };
    let units = document.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let chars = char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER));
    let mut chars: Vec<_> = chars.map(|char| (vec![2 * char.len_utf16()], char.to_string())).collect();
    if document.len() % 2 == 1 {
        chars.push((vec![1], "\u{fffd}".to_owned()));
    }
    chars
}

fn utf8_chars(document: &[u8]) -> Vec<(Vec<usize>, String)> {
    let mut chars = Vec::new();
    for chunk in document.utf8_chunks() {
        chars.extend(chunk.valid().chars().map(|char| (vec![char.len_utf8()], char.to_string())));
        if !chunk.invalid().is_empty() {
            chars.push((vec![1; chunk.invalid().len()], "\u{fffd}".to_owned()));
        }
    }
    chars
}

/// Where each line starts, as GitHub counts lines, and its hash: the polynomial written out over the units from there.
fn line_hashes(document: &[u8]) -> Vec<(usize, u64)> {
    // Kept units with the offset just past the character they come from.
    let mut units: Vec<(usize, u16)> = Vec::new();
    let (mut at, mut after_cr) = (0, false);
    for chunk in document.utf8_chunks() {
        let invalid = (!chunk.invalid().is_empty()).then_some(('\u{fffd}', chunk.invalid().len()));
        for (char, len) in chunk.valid().chars().map(|char| (char, char.len_utf8())).chain(invalid) {
            at += len;
            match char {
                ' ' | '\t' => after_cr = false,
                '\n' if after_cr => after_cr = false,
                '\r' | '\n' => {
                    after_cr = char == '\r';
                    units.push((at, u16::from(b'\n')));
                }
                _ => {
                    after_cr = false;
                    units.extend(char.encode_utf16(&mut [0; 2]).iter().map(|unit| (at, *unit)));
                }
            }
        }
    }
    units.push((at, 65535));
    let line_ends = units.iter().enumerate().filter(|(_, (_, unit))| *unit == u16::from(b'\n'));
    let starts = [(0, 0)].into_iter().chain(line_ends.map(|(nth, (after, _))| (*after, nth + 1)));
    starts
        .map(|(offset, first)| {
            let window = (first..first + 100).map(|nth| units.get(nth).map_or(0, |(_, unit)| *unit));
            (offset, window.fold(0u64, |hash, unit| hash.wrapping_mul(37).wrapping_add(u64::from(unit))))
        })
        .collect()
}
