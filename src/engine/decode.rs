//! Views: text that stands encoded inside other text, decoded, with the way back to the outer bytes.
//!
//! A view never depends on how far its run of encoded text goes on. A run may be cut anywhere beyond the reach of what
//! is looked for inside it, so that a document can be scanned in pieces. UTF-16 is looked for wherever a NUL stands
//! between two characters; base64 only around the image of an anchor, which also tells the phase. Of escapes and of literals that
//! are joined, whole lines are decoded that are not too long.

mod escapes;
mod splice;

use std::ops::Range;

use memchr::memchr;

use super::anchors::Lead;
use crate::model::{Encoding, Span};

/// In a decoded base64 text, an anchor counts if it stands this close to the one whose image was found, in bytes.
pub(crate) const NEAR_IMAGE: usize = 2048;
/// Fewer characters in a row are not taken for UTF-16.
const SHORTEST_UTF16: usize = 8;
/// Base64 goes on in the next line if this many of its characters stand before the line end: encoders wrap at 64 and 76.
const WRAPPED_LINE: usize = 60;
/// Blanks that may start such a line.
const INDENT: usize = 40;
/// A view is made this much longer than its first anchor needs, so that the next ones share it: about as much as it needs.
const SPARE: usize = 256 * 1024;

/// Decoded text.
#[derive(Debug)]
pub(crate) struct View {
    /// The text.
    pub text: Vec<u8>,
    /// Where in it anchors are looked for; sorted and disjoint.
    pub owned: Vec<Range<usize>>,
    /// What was undone.
    pub encoding: Encoding,
    map: Map,
}

#[derive(Debug)]
enum Map {
    /// Character i stands at `first + 2 * i`.
    Utf16 { first: usize },
    /// Character i of the encoded text, which starts with a whole group, stands at `chars[i]`.
    Base64 { chars: Vec<usize> },
    /// What character i stands for, stands from its first number to its second.
    Each { places: Vec<(usize, usize)> },
}

impl View {
    /// The outer bytes of an inner span: everything that carries a part of it.
    pub(crate) fn outer(&self, span: Span) -> Span {
        let end = match &self.map {
            Map::Base64 { chars } => chars[first_char(span.end - 1) + 1] + 1,
            Map::Each { places } => places[span.end - 1].1,
            Map::Utf16 { .. } => self.begin(span.end - 1) + 1,
        };
        Span::new(self.begin(span.start), end)
    }

    /// The outer bytes of an inner span, such that disjoint spans stay disjoint.
    pub(crate) fn outer_disjoint(&self, span: Span) -> Span {
        if matches!(self.map, Map::Each { .. }) { self.outer(span) } else { self.outer_but_for_shared(span) }
    }

    fn outer_but_for_shared(&self, span: Span) -> Span {
        Span::new(self.begin(span.start), self.begin(span.end - 1) + 1)
    }

    fn begin(&self, at: usize) -> usize {
        match &self.map {
            Map::Utf16 { first } => first + 2 * at,
            Map::Base64 { chars } => chars[first_char(at)],
            Map::Each { places } => places[at].0,
        }
    }
}

/// Whether something that leads to encoded text really does: what ends a literal leads to nothing if no other is joined to it.
pub(crate) fn leads(bytes: &[u8], at: usize, lead: Lead) -> bool {
    lead != Lead::Splice || splice::joint(bytes, at).is_some()
}

/// The texts to which `leads` lead, but for those shorter than `least`; leads are sorted by position.
pub(crate) fn views(bytes: &[u8], leads: &[(usize, Lead)], inner_reach: usize, least: usize) -> Vec<View> {
    let images = leads.iter().filter_map(|&(at, lead)| match lead {
        Lead::Base64(phase) => Some((at, usize::from(phase))),
        _ => None,
    });
    let mut views = base64_views(bytes, &images.collect::<Vec<_>>(), inner_reach, least);
    // By kind of encoding, and of hexadecimal by where octets begin, what has been looked at.
    let mut seen = vec![0..0; usize::from(Lead::COUNT) + 1];
    for &(at, lead) in leads.iter().filter(|(_, lead)| !matches!(lead, Lead::Base64(_))) {
        let slot = if lead == Lead::Hex && at % 2 == 1 { Lead::COUNT } else { lead.number() };
        let seen = &mut seen[usize::from(slot)];
        if seen.contains(&at) || !self::leads(bytes, at, lead) {
            continue;
        }
        let stretch = if lead == Lead::Splice { splice::stretch(bytes, at) } else { escapes::stretch(bytes, at, lead) };
        let range = stretch.range.clone();
        let is_splice = lead == Lead::Splice;
        // What is decoded to itself was looked at before.
        if stretch.is_whole && (is_splice || escapes::spells_out(&bytes[range.clone()], lead)) {
            let view = if is_splice { splice::view(bytes, range) } else { escapes::view(bytes, range, at, lead) };
            views.extend(Some(view).filter(|view| view.text.len() >= least));
        }
        *seen = stretch.range;
    }
    views
}

/// The encoded character in which the decoded byte `at` begins.
fn first_char(at: usize) -> usize {
    at / 3 * 4 + at % 3
}

/// How far on either side of an owned byte a view may read, if what looks inside it reaches `inner` bytes.
pub(crate) const fn reach(inner: usize) -> usize {
    2 * (inner + NEAR_IMAGE) + 4096
}

/// The UTF-16 texts (of ASCII characters) with a character in `owned`.
pub(crate) fn utf16_views(bytes: &[u8], owned: Range<usize>, inner_reach: usize) -> Vec<View> {
    let mut views = Vec::new();
    let mut at = owned.start.saturating_sub(1);
    let mut done = owned.start;
    let end = bytes.len().min(owned.end + 1);
    while let Some(nul) = memchr(0, &bytes[at.min(end)..end]).map(|found| at + found) {
        if !is_joint(bytes, nul) {
            at = nul + leading_nuls(&bytes[nul..end]);
            continue;
        }
        let run = utf16_run(bytes, nul, 2 * inner_reach);
        let is_cut = is_joint(bytes, run.end);
        at = if is_cut { run.end - 2 * inner_reach } else { run.end };
        if run.len() > 2 * (SHORTEST_UTF16 - 1) {
            views.extend(utf16_view(bytes, run, done..owned.end.min(at)));
            done = done.max(at);
        }
    }
    views
}

/// Binary files have long stretches of these; they are passed by whole blocks.
fn leading_nuls(bytes: &[u8]) -> usize {
    const BLOCK: usize = 64;
    let blocks = bytes.chunks_exact(BLOCK).take_while(|block| **block == [0; BLOCK]).count() * BLOCK;
    blocks + bytes[blocks..].iter().take_while(|&&byte| byte == 0).count()
}

/// Whether the NUL at `at` stands between two characters of a text.
fn is_joint(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at.saturating_sub(1)..at + 2), Some(&[before, 0, after]) if is_text(before) && is_text(after))
}

fn is_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')
}

/// From the first to the last character around the joint at `nul`, at most `limit` bytes to the left, and `SPARE` more
/// than that to the right.
fn utf16_run(bytes: &[u8], nul: usize, limit: usize) -> Range<usize> {
    let mut start = nul - 1;
    while nul - start < limit && start >= 2 && is_joint(bytes, start - 1) {
        start -= 2;
    }
    let mut end = nul + 2;
    while end - nul < limit + SPARE && is_joint(bytes, end) {
        end += 2;
    }
    start..end
}

fn utf16_view(bytes: &[u8], run: Range<usize>, owned: Range<usize>) -> Option<View> {
    let text = bytes[run.clone()].iter().step_by(2).copied().collect();
    let index = |at: usize| at.clamp(run.start, run.end + 1).saturating_sub(run.start).div_ceil(2);
    let inner = index(owned.start)..index(owned.end);
    let view = View {
        text,
        owned: vec![inner.clone()],
        encoding: utf16_order(run.start),
        map: Map::Utf16 { first: run.start },
    };
    (!inner.is_empty()).then_some(view)
}

/// The byte order of UTF-16 text that has a character's own byte at `at`, given that texts start at even offsets.
pub(crate) fn utf16_order(at: usize) -> Encoding {
    if at.is_multiple_of(2) { Encoding::Utf16Le } else { Encoding::Utf16Be }
}

/// The base64 texts around the images found at `hits` (position, and place in its group of four); sorted by position.
fn base64_views(bytes: &[u8], hits: &[(usize, usize)], inner_reach: usize, least: usize) -> Vec<View> {
    let mut views = Vec::new();
    let mut done = vec![false; hits.len()];
    for first in 0..hits.len() {
        if done[first] || is_short_run(bytes, hits[first].0, least) {
            continue;
        }
        let Some(mut view) = base64_around(bytes, hits[first], inner_reach, SPARE) else { continue };
        let Map::Base64 { chars } = &view.map else { continue };
        let covered = view.text.len() - (NEAR_IMAGE + inner_reach).min(view.text.len());
        for (other, &(at, phase)) in hits.iter().enumerate().skip(first) {
            let Some(index) = index_of(chars, at) else {
                if chars.last().is_some_and(|&last| at > last) {
                    break;
                }
                continue;
            };
            let inner = index / 4 * 3;
            let whole = other == first || inner <= covered || ends_run(bytes, chars);
            if index % 4 == phase && whole && !done[other] {
                done[other] = true;
                push_merged(&mut view.owned, inner.saturating_sub(NEAR_IMAGE)..view.text.len().min(inner + NEAR_IMAGE));
            }
        }
        views.push(view);
    }
    views
}

/// Which of the characters stands at `at`. Most follow each other.
fn index_of(chars: &[usize], at: usize) -> Option<usize> {
    let guess = at.checked_sub(*chars.first()?)?;
    if chars.get(guess) == Some(&at) { Some(guess) } else { chars.binary_search(&at).ok() }
}

/// Whether all of the base64 around the character at `at` holds fewer than `least` bytes.
fn is_short_run(bytes: &[u8], at: usize, least: usize) -> bool {
    let most = least.div_ceil(3) * 4;
    if bytes[at..].get(..most).is_some_and(|run| run.iter().all(|&byte| sextet(byte).is_some())) {
        return false;
    }
    let behind = std::iter::successors(Some(at), |&at| next_char(bytes, at)).take(most).count();
    let before = std::iter::successors(Some(at), |&at| previous_char(bytes, at)).take(most).count();
    (before + behind - 1) * 3 / 4 < least
}

/// Whether the run was followed to its end, and not cut by a limit.
fn ends_run(bytes: &[u8], chars: &[usize]) -> bool {
    chars.last().is_some_and(|&last| next_char(bytes, last).is_none())
}

fn push_merged(ranges: &mut Vec<Range<usize>>, range: Range<usize>) {
    match ranges.last_mut() {
        Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
        _ => ranges.push(range),
    }
}

/// The base64 text around one image, and no more of it than what looks inside reaches.
pub(crate) fn base64_view(bytes: &[u8], hit: (usize, usize), inner_reach: usize) -> Option<View> {
    let mut view = base64_around(bytes, hit, inner_reach, 0)?;
    let Map::Base64 { chars } = &view.map else { return None };
    let inner = chars.binary_search(&hit.0).ok()? / 4 * 3;
    view.owned.push(inner.saturating_sub(NEAR_IMAGE)..view.text.len().min(inner + NEAR_IMAGE));
    Some(view)
}

fn base64_around(bytes: &[u8], (at, phase): (usize, usize), inner_reach: usize, spare: usize) -> Option<View> {
    let limit = (inner_reach + NEAR_IMAGE).div_ceil(3) * 4;
    let mut before: Vec<usize> = Vec::new();
    let mut first = at;
    while before.len() < limit + phase
        && let Some(previous) = previous_char(bytes, first)
    {
        before.push(previous);
        first = previous;
    }
    let whole_groups = before.len().checked_sub(phase)? / 4 * 4 + phase;
    before.truncate(whole_groups);
    before.reverse();
    let mut chars = before;
    chars.push(at);
    let mut last = at;
    let most = whole_groups + limit + spare;
    while chars.len() < most {
        let row =
            bytes[last + 1..].iter().take(most - chars.len()).take_while(|&&byte| SEXTETS[usize::from(byte)] < 64);
        let row = row.count();
        chars.extend(last + 1..last + 1 + row);
        last += row;
        if chars.len() == most {
            break;
        }
        let Some(next) = next_char(bytes, last) else { break };
        chars.push(next);
        last = next;
    }
    let text = decode(bytes, &chars);
    Some(View { text, owned: Vec::new(), encoding: Encoding::Base64, map: Map::Base64 { chars } })
}

/// The value of a base64 character, of either alphabet of RFC 4648.
fn sextet(byte: u8) -> Option<u8> {
    let value = SEXTETS[usize::from(byte)];
    (value < 64).then_some(value)
}

/// By byte; of what is no such character, a larger one.
const SEXTETS: [u8; 256] = {
    let mut sextets = [u8::MAX; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < alphabet.len() {
        sextets[alphabet[value] as usize] = value as u8;
        value += 1;
    }
    sextets[b'-' as usize] = 62;
    sextets[b'_' as usize] = 63;
    sextets
};

fn decode(bytes: &[u8], chars: &[usize]) -> Vec<u8> {
    let mut text = Vec::with_capacity(chars.len() / 4 * 3 + 2);
    for group in chars.chunks(4) {
        let bits = group.iter().fold(0u32, |bits, &at| bits << 6 | u32::from(sextet(bytes[at]).unwrap_or(0)));
        let bits = bits << (6 * (4 - group.len()) + 8);
        text.extend_from_slice(&bits.to_be_bytes()[..group.len() * 6 / 8]);
    }
    text
}

/// The base64 character after the one at `at`, over a line end if the line is a wrapped one. In a JSON string a line end and a
/// slash may be escaped.
fn next_char(bytes: &[u8], at: usize) -> Option<usize> {
    let next = at + 1;
    if bytes.get(next).copied().and_then(sextet).is_some() {
        return Some(next);
    }
    if bytes[next..].starts_with(b"\\/") {
        return Some(next + 1);
    }
    let line = next + line_end(&bytes[next..])?;
    let indent = bytes[line..].iter().take(INDENT).take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    let first = line + indent;
    (bytes.get(first).copied().and_then(sextet).is_some() && is_wrapped_line(bytes, at)).then_some(first)
}

/// The base64 character before the one at `at`: the inverse of [`next_char`].
fn previous_char(bytes: &[u8], at: usize) -> Option<usize> {
    let before = &bytes[..at];
    // Neither of them ends what is escaped.
    if bytes[at] != b'/' && before.last().is_some_and(|&byte| byte != b'n' && sextet(byte).is_some()) {
        return Some(at - 1);
    }
    let before = if bytes[at] == b'/' { before.strip_suffix(b"\\").unwrap_or(before) } else { before };
    let is_behind_escape = without_escaped_line_end(before).is_some();
    if !is_behind_escape && before.last().copied().and_then(sextet).is_some() {
        return Some(before.len() - 1);
    }
    let indent = before.iter().rev().take(INDENT).take_while(|&&byte| byte == b' ' || byte == b'\t').count();
    let before = &before[..before.len() - indent];
    let line = without_escaped_line_end(before).or_else(|| {
        let line = before.strip_suffix(b"\n")?;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    })?;
    let last = line.len().checked_sub(1)?;
    (sextet(line[last]).is_some() && is_wrapped_line(bytes, last)).then_some(last)
}

fn line_end(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] | [b'\\', b'n', ..] => Some(2),
        [b'\\', b'r', b'\\', b'n', ..] => Some(4),
        _ => None,
    }
}

/// What stands before `\n` or `\r\n`, spelled out, at the end of `text`.
fn without_escaped_line_end(text: &[u8]) -> Option<&[u8]> {
    let text = text.strip_suffix(b"\\n")?;
    Some(text.strip_suffix(b"\\r").unwrap_or(text))
}

fn is_wrapped_line(bytes: &[u8], last: usize) -> bool {
    let start = (last + 1).saturating_sub(WRAPPED_LINE);
    last + 1 >= WRAPPED_LINE && bytes[start..=last].iter().all(|&byte| sextet(byte).is_some())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::images::base64_images;
    use super::*;

    fn view_of(outer: &[u8], word: &[u8]) -> View {
        let hits: Vec<(usize, usize)> = base64_images(word)
            .iter()
            .flat_map(|(image, phase)| {
                memchr::memmem::find_iter(outer, &image[..]).map(|at| (at, *phase)).collect::<Vec<_>>()
            })
            .collect();
        base64_views(outer, &hits, 100, 0).pop().expect("the word's image is in the text")
    }

    #[test]
    fn base64_over_wrapped_lines() {
        let inner = format!("{}the_secret_word{}", "x".repeat(70), "y".repeat(70));
        let line = data_encoding::BASE64.encode(inner.as_bytes());
        let outer = format!("data: |\n  {}\r\n  {}\nend: 1", &line[..76], &line[76..]);
        let view = view_of(outer.as_bytes(), b"secret_word");
        assert_eq!(String::from_utf8_lossy(&view.text), inner);
        assert_eq!(view.outer(Span::new(0, inner.len())).start, 10);
    }

    #[test]
    fn base64_in_a_json_string() {
        let inner = format!("{}the_secret_word{}", "x".repeat(70), "?>".repeat(35));
        let line = data_encoding::BASE64.encode(inner.as_bytes()).replace('/', "\\/");
        for end in ["\\n", "\\r\\n"] {
            let outer = format!("\"{}{end}{}\"", &line[..76], &line[76..]);
            assert_eq!(String::from_utf8_lossy(&view_of(outer.as_bytes(), b"secret_word").text), inner);
        }
    }

    proptest! {
        #[test]
        fn base64_at_any_phase(before in "[a-z]{0,9}", after in "[a-z]{0,9}", lead in "[ =,:\"]{0,3}") {
            let inner = format!("{before}the_secret_word{after}");
            let outer = format!("{lead}{}", data_encoding::BASE64.encode(inner.as_bytes()));
            let view = view_of(outer.as_bytes(), b"secret_word");
            prop_assert_eq!(&view.text, inner.as_bytes());
            let at = before.len() + 4;
            let span = view.outer(Span::new(at, at + 11));
            prop_assert!(span.start == lead.len() + at * 4 / 3 && span.end == lead.len() + ((at + 11) * 4).div_ceil(3));
        }

        #[test]
        fn previous_is_the_inverse_of_next(
            text in "[A-Za-z0-9 /\\\\\r\n=]{0,40}([A-Za-z0-9/]{58,64}(\r?\n|\\\\n|\\\\r\\\\n) {0,3}){0,3}[A-Za-z]{0,8}"
        ) {
            let bytes = text.as_bytes();
            let is_escape = |at: usize| at > 0 && bytes[at - 1] == b'\\' && matches!(bytes[at], b'n' | b'r');
            for at in (0..bytes.len()).filter(|&at| sextet(bytes[at]).is_some() && !is_escape(at)) {
                if let Some(next) = next_char(bytes, at) {
                    prop_assert_eq!(previous_char(bytes, next), Some(at));
                }
            }
        }

        #[test]
        fn utf16_either_way(text in "[ -~]{8,60}", before in "[^ -~\t\r\n]{0,3}", big in any::<bool>()) {
            let mut outer = before.into_bytes();
            outer.extend(text.bytes().flat_map(|byte| if big { [0, byte] } else { [byte, 0] }));
            let views = utf16_views(&outer, 0..outer.len(), 100);
            prop_assert_eq!(views.len(), 1);
            prop_assert_eq!(&views[0].text, text.as_bytes());
            let span = views[0].outer(Span::new(2, 5));
            prop_assert_eq!(&outer[span.start..span.end], &[text.as_bytes()[2], 0, text.as_bytes()[3], 0, text.as_bytes()[4]]);
        }
    }
}
