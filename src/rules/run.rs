//! The run of bytes that every match of a regex must hold: forty characters of base64, say. A window of text without
//! such a run is dismissed by looking at a byte of it here and there, before the regex is asked. Speed only: what is a
//! match is decided by the regex.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::rule::Run;

/// A shorter run is too common to be worth looking for.
const SHORTEST: usize = 16;
/// The same of one that is not so rare, in bits: sixteen bytes of a set of 128 have as many.
const RAREST_COMMON: usize = 16;

/// The run that every text matched by `hir` holds, if there is one worth looking for: of several the rarest in text whose
/// bytes are all as likely.
pub(super) fn necessary(hir: &Hir) -> Option<Run> {
    runs(hir).into_iter().max_by_key(rarity)
}

fn runs(hir: &Hir) -> Vec<Run> {
    match hir.kind() {
        HirKind::Capture(capture) => runs(&capture.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(runs).chain(in_a_row(parts)).collect(),
        HirKind::Repetition(_) => in_a_row(std::slice::from_ref(hir)),
        _ => Vec::new(),
    }
}

/// What some of these parts, which follow each other, hold together. None begins with a literal: that is an anchor mostly,
/// and found already.
fn in_a_row(parts: &[Hir]) -> Vec<Run> {
    let mut runs = Vec::new();
    for first in (0..parts.len()).filter(|&first| !matches!(parts[first].kind(), HirKind::Literal(_))) {
        let mut run = Run { least: 0, bytes: [0; 4] };
        for part in &parts[first..] {
            let (Some(bytes), Some(least)) = (bytes_of(part), part.properties().minimum_len()) else { break };
            run = Run { least: run.least + least, bytes: union(run.bytes, bytes) };
            if run.least >= SHORTEST && rarity(&run) >= RAREST_COMMON {
                runs.push(run);
            }
        }
    }
    runs
}

/// How rare a run is, in bits.
fn rarity(run: &Run) -> usize {
    let size: u32 = run.bytes.iter().map(|word| word.count_ones()).sum();
    (run.least as f32 * (256.0 / size.max(1) as f32).log2()) as usize
}

/// Every byte that a text matched by `hir` can hold, as a set of bits.
pub(super) fn bytes_of(hir: &Hir) -> Option<[u64; 4]> {
    match hir.kind() {
        HirKind::Empty => Some([0; 4]),
        HirKind::Literal(literal) => Some(set(literal.0.iter().copied())),
        HirKind::Class(Class::Bytes(class)) => {
            Some(set(class.ranges().iter().flat_map(|range| range.start()..=range.end())))
        }
        HirKind::Class(Class::Unicode(class)) => {
            let ascii = class.is_ascii().then_some(class)?;
            Some(set(ascii.ranges().iter().flat_map(|range| range.start()..=range.end()).map(|char| char as u8)))
        }
        HirKind::Look(_) => None,
        HirKind::Repetition(_) | HirKind::Capture(_) | HirKind::Concat(_) | HirKind::Alternation(_) => {
            hir.kind().subs().iter().try_fold([0; 4], |all, sub| Some(union(all, bytes_of(sub)?)))
        }
    }
}

fn set(bytes: impl Iterator<Item = u8>) -> [u64; 4] {
    bytes.fold([0; 4], |mut set, byte| {
        set[usize::from(byte / 64)] |= 1 << (byte % 64);
        set
    })
}

fn union(one: [u64; 4], other: [u64; 4]) -> [u64; 4] {
    std::array::from_fn(|word| one[word] | other[word])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_of(pattern: &str) -> Option<(usize, String)> {
        let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).expect(pattern);
        let run = necessary(&hir)?;
        Some((run.least, (0..=255u8).filter(|&byte| run.holds(byte)).map(char::from).collect()))
    }

    #[test]
    fn is_found_where_every_match_has_it() {
        let run = |least, bytes: &str| Some((least, bytes.to_owned()));
        assert_eq!(run_of("key=(?<secret>[a-c]{20})"), run(20, "abc"));
        assert_eq!(run_of("key=(?<secret>(?:[ab]|%2[Ff]){20,30}=?)"), run(20, "%2Fabf"));
        assert_eq!(run_of("(?<secret>[ab]{16}-[cd]{18})"), run(35, "-abcd"));
        assert_eq!(run_of("(?<secret>[ab]{2}-[cd]{18})"), run(18, "cd"));
        assert_eq!(run_of("[a-z]{0,9}(?<secret>[0-9a]{8}(?:-[0-9a]{4}){3}-[0-9a]{12})"), run(36, "-0123456789a"));
        assert_eq!(run_of("(?<secret>(?:ab){9})"), run(18, "ab"));
        assert_eq!(run_of("(?<secret>[ab]{15})"), None);
        assert_eq!(run_of("(?<secret>[ab]{20}|[cd]{30})"), None);
        assert_eq!(run_of("(?<secret>abcd)[ab]{0,20}"), None);
    }
}
