//! The rarest piece of a fixed length that every match of a regex holds behind a part of varying length: `=[0-9A-F]{3}` of
//! `tk[a-z]{100,200}=[0-9A-F]{8}`. Where a text repeats what matches begin with, the regex is asked only if the piece stands
//! where it would in a match. Speed only: what is a match is decided by the regex.

use regex_syntax::hir::{Hir, HirKind};

use super::rule::{ANY, PIECE, Piece};
use super::run::bytes_of;

/// A piece that begins sooner is told by the regex as fast.
const SOONEST: usize = 12;
/// A byte of a larger set says little, and one of the piece's must not be of such a one.
const LARGEST_SET: u32 = 16;
/// A longer repetition is not written out.
const MOST_REPEATED: u32 = 256;
/// More bytes than any text has, and far less than can be counted.
const ENDLESS: usize = usize::MAX / 4;

/// What the texts that a part of a regex matches look like.
enum Item {
    /// One byte of a set.
    Byte([u64; 4]),
    /// So many bytes of any kind, and so many more.
    Gap(usize, usize),
}

/// The piece that every text matched by `hir` holds, if there is one worth looking for.
pub(super) fn necessary(hir: &Hir) -> Option<Piece> {
    let mut items = Vec::new();
    // Where it ends before the regex does, what comes before it holds.
    let _ = flatten(hir, &mut items);
    let (mut from, mut to) = (0_usize, 0_usize);
    let mut best: Option<(u32, Piece)> = None;
    for (index, item) in items.iter().enumerate() {
        if let Item::Gap(least, more) = item {
            (from, to) = (from + least, to.saturating_add(least + more));
            continue;
        }
        let piece = Piece { from, to, bytes: window(&items[index..]) };
        let (rarity, smallest) = (rarity(&piece), piece.bytes.iter().map(size).min().unwrap_or(0));
        let is_rarer = best.as_ref().is_none_or(|(most, _)| rarity > *most);
        if to >= SOONEST && from < to && smallest <= LARGEST_SET && is_rarer {
            best = Some((rarity, piece));
        }
        (from, to) = (from + 1, to.saturating_add(1));
    }
    best.map(|(_, piece)| piece)
}

/// The bytes at the beginning of `items`; behind them, any.
fn window(items: &[Item]) -> [[u64; 4]; PIECE] {
    let mut bytes = [ANY; PIECE];
    for (set, item) in bytes.iter_mut().zip(items) {
        let Item::Byte(known) = item else { break };
        *set = *known;
    }
    bytes
}

fn size(set: &[u64; 4]) -> u32 {
    set.iter().map(|word| word.count_ones()).sum()
}

/// In tenths of a bit.
fn rarity(piece: &Piece) -> u32 {
    piece.bytes.iter().map(|set| (10.0 * (256.0 / size(set).max(1) as f32).log2()) as u32).sum()
}

/// None if `hir` has parts that are not understood; what was noted so far holds.
fn flatten(hir: &Hir, items: &mut Vec<Item>) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Literal(literal) => {
            items.extend(literal.0.iter().map(|&byte| {
                let mut set = [0; 4];
                set[usize::from(byte / 64)] |= 1 << (byte % 64);
                Item::Byte(set)
            }));
        }
        HirKind::Capture(capture) => flatten(&capture.sub, items)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| flatten(part, items))?,
        HirKind::Repetition(repetition) if repetition.min <= MOST_REPEATED => {
            (0..repetition.min).try_for_each(|_| flatten(&repetition.sub, items))?;
            let most = repetition.sub.properties().maximum_len()?;
            let more = repetition.max.map_or(ENDLESS, |max| (max - repetition.min) as usize * most);
            items.extend((more > 0).then_some(Item::Gap(0, more)));
        }
        HirKind::Class(_) if hir.properties().maximum_len() == Some(1) => items.push(Item::Byte(bytes_of(hir)?)),
        _ => {
            let (least, most) = (hir.properties().minimum_len()?, hir.properties().maximum_len()?);
            items.push(Item::Gap(least, most - least));
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(pattern: &str) -> Option<(usize, usize, Vec<String>)> {
        let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern).expect(pattern);
        let piece = necessary(&hir)?;
        let sets = piece.bytes.iter().filter(|set| size(set) < 256);
        let text = |set: &[u64; 4]| {
            let is_in = |byte: &u8| set[usize::from(byte / 64)] >> (byte % 64) & 1 == 1;
            (0..=255u8).filter(is_in).map(char::from).collect()
        };
        Some((piece.from, piece.to, sets.map(text).collect()))
    }

    #[test]
    fn the_rarest_one_behind_what_varies() {
        let sets = |sets: &[&str]| sets.iter().map(|set| (*set).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            piece("(?<secret>tk[a-z]{100,200}=[0-9]{8})"),
            Some((102, 202, sets(&["=", "0123456789", "0123456789", "0123456789", "0123456789", "0123456789"])))
        );
        assert_eq!(
            piece("(?i:a|bc)(?s:.){0,60}?(?<secret>0[.]-x{8})"),
            Some((1, 62, sets(&["0", ".", "-", "x", "x", "x"])))
        );
        assert_eq!(piece("(?<secret>tk[a-z]{10,20}[.]?_)"), Some((12, 23, sets(&["_"]))));
        assert_eq!(
            piece("(?<secret>ey[a-z]{10,}[.]ey[a-z]+)").map(|(from, _, bytes)| (from, bytes.len())),
            Some((12, 4))
        );
    }

    #[test]
    fn others_have_none() {
        for pattern in [
            "(?<secret>tk_[a-z]{20})",
            "(?<secret>tk_[a-z]{20,30})",
            "(?<secret>tk[a-z]?_[a-z]{20,30})",
            "(?<secret>tk[a-z]{2,4}_[a-z]{20,30})",
            "tk[ ]{0,20}(?<secret>[a-z0-9]{4})",
        ] {
            assert_eq!(piece(pattern), None, "{pattern}");
        }
    }
}
