//! Lines of text in which a pattern matches, as grep and git grep would tell them, of a file of any size. Binary files are
//! those with a NUL in their first bytes; text in UTF-16, which both take for binary, is decoded and searched.

use std::{
    io::{self, Read},
    mem,
    ops::Range,
};

use regex_automata::{Input, meta::Cache};

use super::{
    builtin::Builtin,
    patterns::{Matcher, Wanted},
};
use crate::engine::Scratch;

/// A NUL within this many bytes makes a file binary, as in git.
const BINARY_WITHIN: usize = 8000;
/// Read at once; a longer line is held whole.
const CHUNK: usize = 256 << 10;

/// What is done with a binary file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    /// It is left out, as grep's `-I` has it.
    Skip,
    /// It is searched like any other.
    Search,
}

/// A line with a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: u64,
    /// Without its newline.
    pub(super) text: Vec<u8>,
    /// Whether it is not fit to be shown.
    pub(super) is_binary: bool,
}

/// Searches one input after the other, with buffers of its own.
pub(super) struct Grep<'m> {
    patterns: Option<(&'m Matcher, Cache)>,
    builtin: Option<(&'m Builtin, Scratch)>,
    buffer: Vec<u8>,
}

impl<'m> Grep<'m> {
    pub(super) fn new(wanted: &'m Wanted) -> Self {
        let patterns = wanted.patterns.as_ref().map(|matcher| (matcher, matcher.regex().create_cache()));
        let builtin = wanted.builtin.as_ref().map(|builtin| (builtin, builtin.scratch()));
        Self { patterns, builtin, buffer: Vec::new() }
    }

    /// The matching lines of an input.
    pub(super) fn lines(&mut self, mut input: impl Read, binary: Binary) -> io::Result<Vec<Line>> {
        let mut buffer = mem::take(&mut self.buffer);
        buffer.clear();
        let result = self.lines_by(&mut buffer, &mut input, binary);
        self.buffer = buffer;
        result
    }

    fn lines_by(&mut self, buffer: &mut Vec<u8>, input: &mut dyn Read, binary: Binary) -> io::Result<Vec<Line>> {
        // What a rule finds may go over several lines.
        let at_once = if self.builtin.is_some() { usize::MAX } else { CHUNK };
        let mut at_end = fill(buffer, input, at_once)?;
        if let Some(decode) = utf16(buffer) {
            input.read_to_end(buffer)?;
            let (text, mut lines) = (decode(&buffer[2..]), Vec::new());
            self.search(&text, 1, &mut lines);
            self.add_builtin(&text, &mut lines);
            return Ok(lines);
        }
        let is_binary = is_binary(buffer);
        if is_binary && binary == Binary::Skip {
            return Ok(Vec::new());
        }
        let (mut lines, mut number) = (Vec::new(), 1);
        loop {
            let newline = memchr::memrchr(b'\n', buffer);
            let whole = if at_end { buffer.len() } else { newline.map_or(0, |newline| newline + 1) };
            number = self.search(&buffer[..whole], number, &mut lines);
            if at_end {
                self.add_builtin(buffer, &mut lines);
                break;
            }
            buffer.drain(..whole);
            let wanted = buffer.len() * 2 + CHUNK;
            at_end = fill(buffer, input, wanted)?;
        }
        lines.iter_mut().for_each(|line| line.is_binary = is_binary);
        Ok(lines)
    }

    /// Whole lines, of which the first has the number `first`; returns that of the line after them.
    fn search(&mut self, text: &[u8], first: u64, lines: &mut Vec<Line>) -> u64 {
        let newlines = |text: &[u8]| memchr::memchr_iter(b'\n', text).count() as u64;
        let (mut number, mut at) = (first, 0);
        while let Some((start, end)) = self.next_line(text, at) {
            number += newlines(&text[at..start]);
            lines.push(Line { number, text: text[start..end].to_vec(), is_binary: false });
            at = (end + 1).min(text.len());
            number += u64::from(end < text.len());
        }
        number + newlines(&text[at..])
    }

    /// The next line with a match, from the start of a line on.
    fn next_line(&mut self, text: &[u8], mut at: usize) -> Option<(usize, usize)> {
        let (matcher, cache) = self.patterns.as_mut()?;
        let Some(literals) = matcher.literals() else {
            let (start, end) = line_around(text, at, end_of_match(matcher, cache, text, at..text.len())?);
            return (start < text.len()).then_some((start, end));
        };
        loop {
            let literal = literals.find_in(text, (at..text.len()).into())?;
            let (start, end) = line_around(text, at, literal.start());
            if end_of_match(matcher, cache, text, start..end).is_some() {
                return Some((start, end));
            }
            at = (end + 1).min(text.len());
        }
    }

    /// Adds the lines of a whole document that the rules of keysieve find something in.
    fn add_builtin(&mut self, text: &[u8], lines: &mut Vec<Line>) {
        let Some((builtin, scratch)) = &mut self.builtin else { return };
        for place in builtin.places(scratch, text) {
            let (start, end) = line_around(text, 0, place);
            let number = 1 + memchr::memchr_iter(b'\n', &text[..start]).count() as u64;
            lines.push(Line { number, text: text[start..end].to_vec(), is_binary: false });
        }
        lines.sort_by_key(|line| line.number);
        lines.dedup_by_key(|line| line.number);
    }
}

/// Where some match ends. A match holds no newline, so that it ends on the line that it is on.
fn end_of_match(matcher: &Matcher, cache: &mut Cache, text: &[u8], span: Range<usize>) -> Option<usize> {
    let input = Input::new(text).span(span).earliest(true);
    matcher.regex().search_half_with(cache, &input).map(|found| found.offset())
}

/// Whether git would take a file that begins so for binary.
pub(super) fn is_binary(text: &[u8]) -> bool {
    memchr::memchr(0, &text[..text.len().min(BINARY_WITHIN)]).is_some()
}

/// The line that holds `place`, in text of which `from` starts a line.
fn line_around(text: &[u8], from: usize, place: usize) -> (usize, usize) {
    let start = memchr::memrchr(b'\n', &text[from..place]).map_or(from, |newline| from + newline + 1);
    let end = memchr::memchr(b'\n', &text[place..]).map_or(text.len(), |newline| place + newline);
    (start, end)
}

/// Reads until there are `wanted` bytes; whether the input has ended.
fn fill(buffer: &mut Vec<u8>, input: &mut dyn Read, wanted: usize) -> io::Result<bool> {
    let missing = wanted.saturating_sub(buffer.len());
    Ok(input.take(missing as u64).read_to_end(buffer)? < missing)
}

type Decode = fn(&[u8]) -> Vec<u8>;

/// How to decode a text that starts with a byte order mark of UTF-16.
fn utf16(text: &[u8]) -> Option<Decode> {
    match text {
        [0xff, 0xfe, ..] => Some(|text| decode(text, u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Some(|text| decode(text, u16::from_be_bytes)),
        _ => None,
    }
}

fn decode(text: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = text.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let characters = char::decode_utf16(units).map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER));
    characters.collect::<String>().into_bytes()
}
