//! Texts that an expression matches, made at random from its syntax tree: examples for a rule that came without. Look-around
//! is not minded, so what is made has to be tried.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A source of chance that gives the same for the same seed (splitmix64,
/// <https://prng.di.unimi.it/splitmix64.c>).
#[derive(Clone, Debug)]
pub(super) struct Chance(pub u64);

impl Chance {
    /// A number below `bound`, which is not 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// More bytes than this are not made.
const LONGEST: usize = 8 * 1024;
/// So many more than it must does a repetition repeat, at most.
const EXTRA: usize = 12;

/// A text that `hir` matches, unless it is cut for its length.
pub(super) fn text(hir: &Hir, chance: &mut Chance) -> Vec<u8> {
    let mut out = Vec::new();
    write(hir, chance, &mut out);
    out
}

fn write(hir: &Hir, chance: &mut Chance, out: &mut Vec<u8>) {
    if out.len() > LONGEST {
        return;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.extend_from_slice(&literal.0),
        HirKind::Class(class) => out.extend(member(class, chance)),
        HirKind::Capture(capture) => write(&capture.sub, chance, out),
        HirKind::Repetition(repetition) => {
            let least = repetition.min as usize;
            let most = repetition.max.map_or(least + EXTRA, |max| (max as usize).min(least + EXTRA));
            for _ in 0..least + chance.below(most.saturating_sub(least) + 1) {
                if out.len() > LONGEST {
                    return;
                }
                write(&repetition.sub, chance, out);
            }
        }
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, chance, out)),
        HirKind::Alternation(parts) => write(&parts[chance.below(parts.len())], chance, out),
    }
}

/// One member of a class, printable if there is one that is.
fn member(class: &Class, chance: &mut Chance) -> Vec<u8> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Bytes(class) => class.ranges().iter().map(|it| (it.start().into(), it.end().into())).collect(),
        Class::Unicode(class) => class.ranges().iter().map(|it| (it.start().into(), it.end().into())).collect(),
    };
    let clipped = ranges.iter().map(|&(start, end)| (start.max(0x20), end.min(0x7e)));
    let printable: Vec<(u32, u32)> = clipped.filter(|(start, end)| start <= end).collect();
    let ranges = if printable.is_empty() { ranges } else { printable };
    let total: usize = ranges.iter().map(|(start, end)| (end - start + 1) as usize).sum();
    if total == 0 {
        return Vec::new();
    }
    let mut nth = chance.below(total) as u32;
    for (start, end) in ranges {
        if nth <= end - start {
            return match (class, char::from_u32(start + nth)) {
                (Class::Unicode(_), Some(character)) => character.to_string().into_bytes(),
                _ => vec![(start + nth) as u8],
            };
        }
        nth -= end - start + 1;
    }
    Vec::new()
}
