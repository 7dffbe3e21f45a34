//! Where a match must end that stands in a long row of bytes of one set: most tokens are a prefix and then as many letters and
//! digits as there are, up to a limit. So a row that is longer is dismissed by a look at the byte behind the limit, and the
//! regex is not asked about each place in it. Speed only: what is a match is decided by the regex.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::rule::Greedy;
use super::run::bytes_of;

/// What takes fewer bytes is no row, but a part of what stands before one.
const SHORTEST: usize = 8;

/// What all matches of `hir` consist of, if they are of that kind.
pub(super) fn of(hir: &Hir) -> Option<Greedy> {
    let parts = parts(hir);
    let is_long = |row: Row| row.most.is_none_or(|most| most >= SHORTEST);
    let first = parts.iter().position(|part| row(part).is_some_and(is_long))?;
    let (head, behind) = (&parts[..first], &parts[first + 1..]);
    let Row { bytes, least, most } = row(parts[first])?;
    let is_apart = |part: &&Hir| {
        let begins_elsewhere =
            bytes_of(part).is_some_and(|other| (0..bytes.len()).all(|at| bytes[at] & other[at] == 0));
        part.properties().minimum_len() == Some(0) && begins_elsewhere
    };
    behind.iter().all(is_apart).then_some(())?;
    let shortest = head.iter().map(|part| part.properties().minimum_len()).sum::<Option<usize>>()?;
    let head = longest(head)?;
    let is_fixed = shortest == head;
    // All ways through what stands before it must be in the row before one can be behind it.
    (is_fixed || most.is_none() && head - shortest < least).then_some(())?;
    Some(Greedy { head, is_fixed, bytes, least, most, tail: longest(behind)? })
}

fn longest(parts: &[&Hir]) -> Option<usize> {
    parts.iter().map(|part| part.properties().maximum_len()).sum()
}

/// What `hir` matches one after the other, groups or not.
pub(super) fn parts(hir: &Hir) -> Vec<&Hir> {
    match hir.kind() {
        HirKind::Capture(capture) => parts(&capture.sub),
        HirKind::Concat(all) => all.iter().flat_map(parts).collect(),
        _ => vec![hir],
    }
}

/// So many bytes of a set, as many as there are.
struct Row {
    bytes: [u64; 4],
    least: usize,
    most: Option<usize>,
}

/// The row that `hir` is, if it is one.
fn row(hir: &Hir) -> Option<Row> {
    let HirKind::Repetition(repetition) = hir.kind() else { return None };
    let HirKind::Class(Class::Bytes(_) | Class::Unicode(_)) = repetition.sub.kind() else { return None };
    let most = repetition.max.map(|most| most as usize);
    let bytes = bytes_of(&repetition.sub)?;
    repetition.greedy.then_some(Row { bytes, least: repetition.min as usize, most })
}

/// Whether `hir` is such a row, each byte of which is one of its set.
pub(super) fn is_row(hir: &Hir) -> bool {
    row(hir).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn greedy(pattern: &str) -> Option<(usize, String, Option<usize>)> {
        let greedy = parsed(pattern)?;
        Some((greedy.head, (0..=255u8).filter(|&byte| greedy.holds(byte)).map(char::from).collect(), greedy.most))
    }

    fn parsed(pattern: &str) -> Option<Greedy> {
        let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).expect(pattern);
        of(&hir)
    }

    #[test]
    fn a_prefix_and_a_row() {
        assert_eq!(greedy("(?<secret>tk_[a-c]{20})"), Some((3, "abc".to_owned(), Some(20))));
        assert_eq!(greedy("(?:tk|sk)_(?<secret>[a-c]{20,40}={0,2})"), Some((3, "abc".to_owned(), Some(40))));
        assert_eq!(greedy("(?<secret>tk_[a-c]{20,})"), Some((3, "abc".to_owned(), None)));
        assert_eq!(greedy("(?i)tk_(?<secret>[0-9]{20})"), Some((3, "0123456789".to_owned(), Some(20))));
        let Some(Greedy { head: 4, is_fixed: false, least: 20, most: None, tail: 2, .. }) =
            parsed("(?<secret>tk[ab]?_[a-c]{20,}={0,2})")
        else {
            panic!("a row of any length may stand behind more or less");
        };
    }

    #[test]
    fn others() {
        for pattern in [
            "(?<secret>tk_[a-c]{20}d)",
            "(?<secret>tk_[a-c]{20,30}a?)",
            "(?<secret>tk_[a-c]{20,30}?)",
            "(?<secret>tk[a-z]?_[a-c]{20,30})",
            "(?<secret>tk_(?:[a-c]|%2F){20,30})",
            "(?<secret>tk_[a-c]{20}|sk_[a-c]{20})",
            "(?<secret>tk(?:[a-c]{1,9})?_[a-c]{8,})",
        ] {
            assert_eq!(greedy(pattern), None, "{pattern}");
        }
    }
}
