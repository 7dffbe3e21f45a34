//! Byte offsets to places for people: line, column, a masked excerpt and GitHub's line hash, for the few documents that
//! are reported. A pure function of a reader that can be had again; memory is bounded by the number of targets, not by
//! the document or its lines. It masks what it is told to and decides nothing.
//!
//! What counts as a line. LF ends a line, and so CRLF does; a lone CR does not. That is how git, diffs and code hosts
//! count, and SARIF's default (`newlineSequences`). GitHub's line hash alone also ends a line at a lone CR; the hash
//! given here is that of the hash's own line around the target, so that it depends on content as it is meant to.
//! Columns count code points of the text as it is encoded: UTF-8, or UTF-16 where the document says so by a byte order
//! mark, or begins like it and all targets were found in UTF-16. A byte order mark takes no column.

mod chars;
mod line_hash;
mod walk;

use std::io::{self, Read};

use crate::model::{Encoding, Location, Secret, Span, Text};
use chars::{Char, Charset, LONGEST_CHAR};
use walk::{Capture, Counts, Hashes, Place, Places, Window, walk};

/// Bytes shown of the line before a target ...
const SHOWN_BEFORE: usize = 80;
/// ... and from its start on: together some 200, a line of a wide terminal or of a code host.
const SHOWN_FROM_START: usize = 120;
/// Stands for what was cut from a line.
const CUT: &str = "…";

/// What to locate in a document.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Its bytes.
    pub span: Span,
    /// The outermost encoding that was undone to find it.
    pub encoding: Option<Encoding>,
    /// The secret, if it stands in the document as it is: where other bytes stand now, the document has changed.
    pub secret: Option<&'a Secret>,
}

/// The place of each of `targets`, in their order; None for one that is no longer there, because the document changed
/// since it was scanned. `open` gives the document from its first byte and is called up to three times. Everything in
/// `hidden` is blanked in snippets; to show secrets in clear, hide nothing.
pub fn locate<'r>(
    open: &mut dyn FnMut() -> io::Result<Box<dyn Read + 'r>>,
    targets: &[Target<'_>],
    hidden: &[Span],
) -> io::Result<Vec<Option<Location>>> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let mut order: Vec<usize> = (0..targets.len()).collect();
    order.sort_by_key(|&index| targets[index].span);
    let sorted: Vec<Target<'_>> = order.iter().map(|&index| targets[index]).collect();
    let mut located = vec![None; targets.len()];
    for (index, location) in order.into_iter().zip(locate_sorted(open, &sorted, &disjoint(hidden))?) {
        located[index] = location;
    }
    Ok(located)
}

fn locate_sorted<'r>(
    open: &mut dyn FnMut() -> io::Result<Box<dyn Read + 'r>>,
    targets: &[Target<'_>],
    hidden: &[Span],
) -> io::Result<Vec<Option<Location>>> {
    let starts: Vec<usize> = targets.iter().map(|target| target.span.start).collect();
    let mut places = Places::new(&starts, targets.iter().map(|target| target.span.end));
    let mut hashes = Hashes::new(&starts);

    // First reading: where targets start and end, and the hashes of their lines. The hash is defined on UTF-8, whatever
    // the document is, since that is how GitHub's own code reads every file.
    let mut input = open()?;
    let (charset, head) = charset_of(&mut input, targets)?;
    let mut input = head.chain(input);
    if charset == Charset::Utf8 {
        walk(&mut input, charset, &mut (&mut places, &mut hashes))?;
    } else {
        walk(&mut input, charset, &mut places)?;
        walk(&mut open()?, Charset::Utf8, &mut hashes)?;
    }

    // Second reading: excerpts, and how many lines up to a target's own have the same hash.
    let excerpts = (0..targets.len()).map(|nth| {
        let place = places.start(nth)?;
        Some(Window::new(first_shown(starts[nth], place, charset), starts[nth] + SHOWN_FROM_START + LONGEST_CHAR))
    });
    let mut input = Capture::new(open()?, excerpts.map(Option::unwrap_or_default).collect());
    let mut counts = Counts::new(hashes.found());
    walk(&mut input, Charset::Utf8, &mut counts)?;
    let windows = input.finish()?;

    Ok(targets
        .iter()
        .enumerate()
        .map(|(nth, target)| {
            let (start, end) = (places.start(nth)?, places.end(nth)?);
            let (hash, window) = (hashes.hash(nth)?, &windows[nth]);
            if !holds(window, target) {
                return None;
            }
            Some(Location {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
                snippet: Excerpt { window, place: start, target: target.span, charset, hidden }.text(),
                line_hash: Some((hash, counts.count(nth)?)),
            })
        })
        .collect())
}

/// How the document is encoded, and the bytes that were read to know it.
fn charset_of(input: &mut dyn Read, targets: &[Target<'_>]) -> io::Result<(Charset, io::Cursor<Vec<u8>>)> {
    let mut head = Vec::new();
    input.take(2).read_to_end(&mut head)?;
    let all_are =
        |encoding| targets.iter().all(|target| target.encoding == Some(encoding) && target.span.start % 2 == 0);
    let charset = match head[..] {
        [0xff, 0xfe] => Charset::Utf16Le,
        [0xfe, 0xff] => Charset::Utf16Be,
        [_, 0] if all_are(Encoding::Utf16Le) => Charset::Utf16Le,
        [0, _] if all_are(Encoding::Utf16Be) => Charset::Utf16Be,
        _ => Charset::Utf8,
    };
    Ok((charset, io::Cursor::new(head)))
}

/// Offset of the first byte that is shown of the line of a target that starts at `start`.
fn first_shown(start: usize, place: Place, charset: Charset) -> usize {
    let first = start.saturating_sub(SHOWN_BEFORE).max(place.line_start);
    if charset == Charset::Utf8 { first } else { first.next_multiple_of(2) }
}

/// Whether the secret still stands where it stood, as far as the window shows it.
fn holds(window: &Window, target: &Target<'_>) -> bool {
    let Some(secret) = target.secret else { return true };
    let now = window.from(target.span.start);
    let secret = secret.expose();
    let seen = secret.len().min(SHOWN_FROM_START);
    now.len() >= seen && now[..seen] == secret[..seen]
}

/// `spans` sorted, with overlapping ones joined.
fn disjoint(spans: &[Span]) -> Vec<Span> {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

/// The part of a line around a target.
struct Excerpt<'a> {
    window: &'a Window,
    place: Place,
    target: Span,
    charset: Charset,
    hidden: &'a [Span],
}

impl Excerpt<'_> {
    /// Masked, in UTF-8, with a mark where it was cut.
    fn text(&self) -> Text {
        let mut shown = Vec::new();
        let mut blanks = Vec::new();
        let mut at = self.window.start();
        if at > self.place.line_start {
            shown.extend_from_slice(CUT.as_bytes());
            at += self.charset.torn(self.window.from(at));
        }
        let limit = self.target.start + SHOWN_FROM_START;
        while let Some(next) = self.charset.decode(self.window.from(at))
            && !self.is_line_end(at, next)
        {
            if at + next.len > limit {
                shown.extend_from_slice(CUT.as_bytes());
                break;
            }
            let before = shown.len();
            let char = next.value.unwrap_or(char::REPLACEMENT_CHARACTER);
            shown.extend_from_slice(char.encode_utf8(&mut [0; LONGEST_CHAR]).as_bytes());
            if self.is_hidden(Span::new(at, at + next.len)) {
                blanks.push(Span::new(before, shown.len()));
            }
            at += next.len;
        }
        Text::blanked(&shown, &blanks)
    }

    /// Whether a line end starts at `at`, where `char` stands: LF, or CR and LF. The window reaches far enough past
    /// what is shown to tell.
    fn is_line_end(&self, at: usize, char: Char) -> bool {
        let next = || self.charset.decode(self.window.from(at + char.len)).and_then(|next| next.value);
        char.value == Some('\n') || char.value == Some('\r') && next() == Some('\n')
    }

    fn is_hidden(&self, bytes: Span) -> bool {
        let next = self.hidden.partition_point(|span| span.end <= bytes.start);
        self.hidden.get(next).is_some_and(|span| span.overlaps(bytes))
    }
}

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;
