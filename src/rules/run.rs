//! The run of bytes that every match of a regex must hold: forty characters of base64, say. A window of text without
//! such a run is dismissed by looking at a byte of it here and there, before the regex is asked. Speed only: what is a
//! match is decided by the regex.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::rule::Run;

/// A shorter run is too common to be worth looking for.
const SHORTEST: usize = 16;

/// The longest run that every text matched by `hir` holds, if there is one worth looking for.
pub(super) fn necessary(hir: &Hir) -> Option<Run> {
    match hir.kind() {
        HirKind::Capture(capture) => necessary(&capture.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(necessary).max_by_key(|run| run.least),
        HirKind::Repetition(repetition) => {
            let least = repetition.min as usize * repetition.sub.properties().minimum_len()?;
            let bytes = bytes_of(&repetition.sub)?;
            (least >= SHORTEST).then_some(Run { least, bytes })
        }
        _ => None,
    }
}

/// Every byte that a text matched by `hir` can hold, as a set of bits.
fn bytes_of(hir: &Hir) -> Option<[u64; 4]> {
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
        assert_eq!(run_of("(?<secret>[ab]{16}-[cd]{18})"), run(18, "cd"));
        assert_eq!(run_of("(?<secret>(?:ab){9})"), run(18, "ab"));
        assert_eq!(run_of("(?<secret>[ab]{15})"), None);
        assert_eq!(run_of("(?<secret>[ab]{20}|[cd]{30})"), None);
        assert_eq!(run_of("(?<secret>abcd)[ab]{0,20}"), None);
    }
}
