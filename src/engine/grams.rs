//! One pass that finds hundreds of literals at a cost that does not grow with their number: every second place of the
//! text is asked whether the three bytes there, a *gram*, are ones that some literal holds.
//!
//! A literal of four bytes or more has two grams side by side, and wherever it stands one of the two starts at an even
//! place. The question is one look into a table by a hash of the gram; what is answered with yes is compared with the
//! literals that have such a gram. The table is sparse and fits into the first-level cache, the loop has no branch but
//! one in 48 bytes, and nothing here depends on the processor.
//!
//! build.rs makes the tables of the built-in rules with this file.

use std::borrow::Cow;

/// The shortest literal that has two grams.
pub(super) const SHORTEST: usize = 4;

/// Length of a gram, in bytes.
const GRAM: usize = 3;
/// Every so many bytes the text is looked at.
const STRIDE: usize = 2;
/// Bytes that are read at a time: a register.
const WORD: usize = 8;
/// Bytes by which words are apart, such that three grams lie in each.
const STEP: usize = 3 * STRIDE;
/// Words that are looked at before the answers are.
const WORDS: usize = 8;
/// Bytes that are looked at before the answers are: one bit for each second one.
const CHUNK: usize = WORDS * STEP;
/// Binary logarithm of the number of bits in the table: 32 KiB.
const TABLE: u32 = 18;
/// Binary logarithm of the number of buckets that literals are sorted into by their grams.
const BUCKETS: u32 = 12;

/// What [`Grams::find`] needs behind the text: bytes of no meaning.
pub(super) const PADDING: usize = CHUNK + WORD - STEP;

/// Literals by their grams.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Grams {
    /// By hash, a bit for each gram that some literal has: of the hash, the lowest three bits number the bit in its byte.
    pub table: Cow<'static, [u8]>,
    /// By bucket, where its members begin; one more for the end.
    pub buckets: Cow<'static, [u32]>,
    /// By bucket, and there in the order of the literals.
    pub members: Cow<'static, [Member]>,
}

/// A literal and one of its grams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub gram: u32,
    pub literal: u32,
    /// Where in the literal the gram stands.
    pub offset: u32,
    /// The literal's first bytes as a number, and the bits of it that count.
    pub head: u64,
    pub mask: u64,
}

impl Grams {
    /// Of those `literals`, given with their indices, that are at least [`SHORTEST`] bytes long.
    pub(crate) fn of<'l>(literals: impl Iterator<Item = (usize, &'l [u8])>) -> Self {
        let literals = literals.filter(|(_, literal)| literal.len() >= SHORTEST);
        let mut members: Vec<Member> = literals.flat_map(|(index, literal)| members_of(index, literal)).collect();
        members.sort_by_key(|member| bucket(hash(member.gram)));
        let mut buckets = vec![0; (1 << BUCKETS) + 1];
        members.iter().for_each(|member| buckets[bucket(hash(member.gram)) + 1] += 1);
        (0..1 << BUCKETS).for_each(|at| buckets[at + 1] += buckets[at]);
        let mut table = vec![0_u8; 1 << (TABLE - 3)];
        members.iter().for_each(|member| table[hash(member.gram) >> 3] |= 1 << (hash(member.gram) & 7));
        Self { table: table.into(), buckets: buckets.into(), members: members.into() }
    }

    /// Calls `found(start, literal)` for every place where a literal may stand, that is where its first bytes do; the text
    /// may differ from the literal behind these. No place is missed, and none
    /// is told twice. Behind the `len` bytes of text there are at least [`PADDING`] more.
    pub(super) fn find(&self, padded: &[u8], len: usize, mut found: impl FnMut(usize, usize)) {
        for start in (0..len).step_by(CHUNK) {
            let chunk = padded[start..].first_chunk().expect("the text is padded by more than a chunk");
            let mut places = self.places(chunk);
            while places != 0 {
                let at = start + STRIDE * places.trailing_zeros() as usize;
                places &= places - 1;
                self.literals_at(padded, at, &mut found);
            }
        }
    }

    /// A bit for each second place of the chunk: whether a gram of some literal stands there, in all likelihood.
    fn places(&self, chunk: &[u8; PADDING]) -> u32 {
        let table: &[u8; 1 << (TABLE - 3)] = (&*self.table).try_into().expect("the table was made of this length");
        let answer = |word: u64| u32::from(table[hash(word as u32) >> 3] >> (hash(word as u32) & 7) & 1);
        (0..WORDS).fold(0, |places, index| {
            let word = chunk[STEP * index..].first_chunk().expect("the padding holds the last word too");
            let word = u64::from_le_bytes(*word);
            let three = answer(word) | answer(word >> 16) << 1 | answer(word >> 32) << 2;
            places | three << (3 * index)
        })
    }

    fn literals_at(&self, padded: &[u8], at: usize, found: &mut impl FnMut(usize, usize)) {
        let gram = gram([padded[at], padded[at + 1], padded[at + 2]]);
        let bucket = bucket(hash(gram));
        let (from, to) = (self.buckets[bucket], self.buckets[bucket + 1]);
        for member in &self.members[from as usize..to as usize] {
            if member.gram == gram
                && let Some(start) = at.checked_sub(member.offset as usize)
                && padded[start..]
                    .first_chunk()
                    .is_some_and(|head| u64::from_le_bytes(*head) & member.mask == member.head)
            {
                found(start, member.literal as usize);
            }
        }
    }
}

/// The two neighbouring grams of a literal that are the rarest together.
fn members_of(index: usize, literal: &[u8]) -> [Member; 2] {
    let pairs = literal.windows(GRAM + 1).enumerate();
    let cost = |pair: &[u8]| pair.iter().map(|&byte| commonness(byte)).sum::<u32>();
    let (offset, pair) = pairs.min_by_key(|(_, pair)| cost(pair)).expect("a literal has two grams");
    let mut head = [0; WORD];
    let len = literal.len().min(WORD);
    head[..len].copy_from_slice(&literal[..len]);
    let mask = u64::MAX >> (u64::BITS as usize - 8 * len);
    [0, 1].map(|step| Member {
        gram: gram([pair[step], pair[step + 1], pair[step + 2]]),
        literal: index as u32,
        offset: (offset + step) as u32,
        head: u64::from_le_bytes(head),
        mask,
    })
}

/// How common a byte is in folded source text, in twice the binary logarithm of its frequency, roughly. It decides by
/// which of its grams a literal is known, and so the speed only.
fn commonness(byte: u8) -> u32 {
    match byte {
        b' ' | b'e' | b't' => 14,
        b'a' | b'i' | b'n' | b'o' | b'r' | b's' => 13,
        b'c' | b'd' | b'l' | b'u' => 11,
        b'f' | b'h' | b'm' | b'p' | b'_' | b'-' => 10,
        b'b' | b'g' | b'.' | b'y' | b'/' | b'"' | b'0' => 9,
        b'k' | b'v' | b'w' | b'x' | b'1'..=b'9' => 7,
        _ => 4,
    }
}

fn gram([a, b, c]: [u8; GRAM]) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

/// Multiplicative hashing (Knuth, The Art of Computer Programming, volume 3, 6.4): the upper bits of a product with the
/// golden ratio. The fourth byte takes no part in it.
fn hash(gram: u32) -> usize {
    ((gram << 8).wrapping_mul(0x9e37_79b1) >> (u32::BITS - TABLE)) as usize
}

fn bucket(hash: usize) -> usize {
    hash >> (TABLE - BUCKETS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(literals: &[&[u8]], text: &[u8]) -> Vec<(usize, usize)> {
        let grams = Grams::of(literals.iter().copied().enumerate());
        let padded = [text, &[0; PADDING]].concat();
        let mut found = Vec::new();
        grams.find(&padded, text.len(), |start, literal| {
            if text.get(start..).is_some_and(|text| text.starts_with(literals[literal])) {
                found.push((start, literal));
            }
        });
        found.sort_unstable();
        found
    }

    proptest! {
        #[test]
        fn every_literal_is_found_once_wherever_it_stands(
            text in "[a-c]{0,300}",
            literals in prop::collection::vec("[a-c]{4,7}", 0..40),
        ) {
            let text = text.as_bytes();
            let mut literals: Vec<&[u8]> = literals.iter().map(String::as_bytes).collect();
            literals.sort_unstable();
            literals.dedup();
            let occurs = |&(start, literal): &(usize, usize)| text[start..].starts_with(literals[literal]);
            let places = (0..text.len()).flat_map(|start| (0..literals.len()).map(move |literal| (start, literal)));
            let expected: Vec<_> = places.filter(occurs).collect();
            prop_assert_eq!(all(&literals, text), expected);
        }

        #[test]
        fn no_bytes_panic(text in prop::collection::vec(any::<u8>(), 0..300)) {
            all(&[b"akia", b"\0\0\0\0", b"\xff\xff\xff\xff\xff"], &text);
        }
    }
}
