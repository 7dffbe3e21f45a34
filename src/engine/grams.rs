//! One pass that finds hundreds of literals at a cost that hardly grows with their number: every second place of the text
//! is asked whether the four bytes there, a *gram*, are ones that some literal has.
//!
//! Of each literal a few bytes in it count, its *key*. A key of five bytes has two grams, and wherever it stands one of
//! the two starts at an even place. Of a shorter literal all is key, and a gram that goes beyond it is asked for with
//! whatever may stand there; to make these few, of a gram's last byte three bits count alone. The question is one look
//! into a table by a hash of the gram, in any case of letters. One place in twenty answers yes, and is asked which *roles* its
//! gram has, that is where from it a key begins, and whether there is a key with what stands there; what is left is looked up.
//! Tables are sparse and fit into the caches; hardly a branch of the two questions depends on the text: a no is written over.
//!
//! build.rs makes the tables of the built-in rules with this file.

#[cfg(target_arch = "x86_64")]
mod wide;

use std::borrow::Cow;
use std::ops::Range;

use super::structures::bigrams::symbol;
use super::structures::random_model::MODEL;

/// The shortest literal.
const SHORTEST: usize = 3;
/// Length of a gram, in bytes.
const GRAM: usize = 4;
/// Every so many bytes the text is looked at.
const STRIDE: usize = 2;
/// Bytes that are looked at before the answers are: one bit for each second one.
const CHUNK: usize = STRIDE * u32::BITS as usize;
/// Bytes that the grams of a chunk lie in.
const SPAN: usize = CHUNK + GRAM - STRIDE;
/// Chunks that are looked at in one go.
const CHUNKS: usize = 32;
/// Places of a chunk that are noted without asking how many there are; few chunks have more.
const AT_ONCE: usize = 4;

/// Upper and lower case of a letter differ in this bit; of two other bytes that do, either is taken for the other.
const CASE: u32 = 0x2020_2020;
/// The bits of a gram that count.
const COUNTED: u32 = 0x07ff_ffff;
/// What [`COUNTED`] leaves of the last byte.
const LAST: u8 = 0x07;
/// A key of three bytes: those that count.
const THREE: u32 = 0x00ff_ffff;

/// Binary logarithm of the bytes in the table.
const TABLE: u32 = 15;
/// Binary logarithm of the bytes that tell the roles of grams.
const ROLES: u32 = 15;
/// Binary logarithm of the number of buckets that keys are sorted into.
const BUCKETS: u32 = 11;
/// Binary logarithm of the number of words whose bits tell whether there is a key.
const FILTER: u32 = 10;

type Table = [u8; 1 << TABLE];
type Roles = [u8; 1 << ROLES];
type Filter = [u64; 1 << FILTER];

/// Where from a gram a key begins, and how much of it counts.
#[derive(Clone, Copy)]
struct Role {
    /// From one byte before the gram on, in bytes.
    from: u32,
    /// The bytes that count.
    mask: u32,
}

/// What a gram may be of a key: the second one of a key, the first, all of a key of three bytes and what stands behind it,
/// what stands before such a key and all of it. Each has a bit, by its place here.
const EACH_ROLE: [Role; 4] = [
    Role { from: 0, mask: u32::MAX },
    Role { from: 1, mask: u32::MAX },
    Role { from: 1, mask: THREE },
    Role { from: 2, mask: THREE },
];
const SECOND: u8 = 1;
const FIRST: u8 = 1 << 1;
const THREE_HERE: u8 = 1 << 2;
const THREE_BEHIND: u8 = 1 << 3;

/// By roles, the one if it is one; the key of no role is one that no literal has.
const ONLY_ROLE: [Role; 1 << EACH_ROLE.len()] = {
    let mut only = [Role { from: 0, mask: 0 }; 1 << EACH_ROLE.len()];
    let mut role = 0;
    while role < EACH_ROLE.len() {
        only[1 << role] = EACH_ROLE[role];
        role += 1;
    }
    only
};

/// Literals by their grams.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Grams {
    /// By hash of a gram, the [`PATTERNS`] of all grams with it.
    pub table: Cow<'static, [u8]>,
    /// By another hash of a gram, the roles that it has.
    pub roles: Cow<'static, [u8]>,
    /// By hash of a key's first bytes, two bits of a word: whether there is such a key.
    pub filter: Cow<'static, [u64]>,
    /// By bucket, where its members begin; one more for the end.
    pub buckets: Cow<'static, [u16]>,
    /// By bucket, and there in the order of the literals.
    pub members: Cow<'static, [Member]>,
}

/// A literal and what it is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// The literal from its key on, eight bytes at most, and the bits of them that count: of a letter that may be in either
    /// case, all but one.
    pub text: u64,
    pub mask: u64,
    pub literal: u16,
    /// Where in the literal the key stands.
    pub offset: u16,
}

impl Grams {
    /// Of `literals` in lower case, given with their indices; `spelled` tells of each the byte at a place, unless it is a
    /// letter that counts in either case.
    ///
    /// # Panics
    /// If one is shorter than three bytes, or there are more than 65,536.
    pub(crate) fn of<'l>(
        literals: impl Iterator<Item = (usize, &'l [u8])>,
        spelled: impl Fn(usize, usize) -> Option<u8>,
    ) -> Self {
        let (mut members, mut table, mut roles) = (Vec::new(), vec![0; 1 << TABLE], vec![0; 1 << ROLES]);
        for (index, literal) in literals {
            let offset = rarest(literal);
            let text = &literal[offset..];
            for (gram, role) in grams(text) {
                table[slot(hash(gram))] |= pattern(hash(gram));
                roles[role_slot(gram)] |= role;
            }
            members.push(Member::new(index, offset, text, |at| spelled(index, offset + at)));
        }
        members.sort_by_key(|member| bucket(member.key()));
        let mut buckets = vec![0; (1 << BUCKETS) + 1];
        members.iter().for_each(|member| buckets[bucket(member.key()) + 1] += 1);
        (0..1 << BUCKETS).for_each(|at| buckets[at + 1] += buckets[at]);
        let mut filter = vec![0; 1 << FILTER];
        members.iter().for_each(|member| filter[word(member.key())] |= bits(member.key()));
        Self {
            table: table.into(),
            roles: roles.into(),
            filter: filter.into(),
            buckets: buckets.into(),
            members: members.into(),
        }
    }

    /// Calls `found(start, literal)` for every place where a literal may stand that has its key in `range`, that is where
    /// its key does, in the case that counts; what is around the key may differ. No such place is missed, and none is told
    /// twice; some outside of the range are told, too.
    pub(crate) fn find(&self, bytes: &[u8], range: Range<usize>, mut found: impl FnMut(usize, usize)) {
        let table: &Table = (&*self.table).try_into().expect("the table was made of this length");
        let mut places = Places::NONE;
        let mut at = range.start;
        while at < range.end {
            let text = &bytes[at..];
            let whole = text.len().saturating_sub(SPAN - CHUNK) / CHUNK;
            let chunks = whole.min(CHUNKS).min((range.end - at).div_ceil(CHUNK));
            places.count = 0;
            if chunks > 0 {
                places_of_all(table, &text[..CHUNK * chunks + SPAN - CHUNK], &mut places);
            } else {
                let mut padded = [0; SPAN];
                let len = text.len().min(SPAN);
                padded[..len].copy_from_slice(&text[..len]);
                places.note(0, self::places(table, &padded));
            }
            self.keep_keys(bytes, at, &mut places);
            for &place in places.all() {
                self.keys_at(bytes, at + usize::from(place), &mut found);
            }
            at += CHUNK * chunks.max(1);
        }
    }

    /// Keeps of the places in the text from `from` on those at which there is a key, in all likelihood.
    fn keep_keys(&self, bytes: &[u8], from: usize, places: &mut Places) {
        let each_roles: &Roles = (&*self.roles).try_into().expect("the roles were made of this length");
        let filter: &Filter = (&*self.filter).try_into().expect("the filter was made of this length");
        let mut kept = 0;
        for index in 0..places.count {
            let place = places.at[index];
            let text = word_before(bytes, from + usize::from(place));
            let roles = each_roles[role_slot((text >> 8) as u32)];
            let key = ONLY_ROLE[usize::from(roles) % ONLY_ROLE.len()].key(text);
            let is_there = filter[word(key)] & bits(key) == bits(key);
            places.at[kept] = place;
            kept += usize::from(is_there | (roles & roles.wrapping_sub(1) != 0));
        }
        places.count = kept;
    }

    /// The literals whose key has its gram at `at`.
    fn keys_at(&self, bytes: &[u8], at: usize, found: &mut impl FnMut(usize, usize)) {
        let text = word_before(bytes, at);
        let mut roles = self.roles[role_slot((text >> 8) as u32)];
        while roles != 0 {
            let role = EACH_ROLE[roles.trailing_zeros() as usize % EACH_ROLE.len()];
            self.literals_by(bytes, role.key(text), (at + role.from as usize).wrapping_sub(1), found);
            roles &= roles - 1;
        }
    }

    /// The literals whose key begins with `key`, which stands at `start`. Nearly always there is none.
    fn literals_by(&self, bytes: &[u8], key: u32, start: usize, found: &mut impl FnMut(usize, usize)) {
        if self.filter[word(key)] & bits(key) != bits(key) {
            return;
        }
        let members = usize::from(self.buckets[bucket(key)])..usize::from(self.buckets[bucket(key) + 1]);
        let text = word_before(bytes, start.wrapping_add(1));
        for member in self.members[members].iter().filter(|member| text & member.mask == member.text) {
            if member.key() == key
                && let Some(start) = start.checked_sub(usize::from(member.offset))
            {
                found(start, usize::from(member.literal));
            }
        }
    }
}

impl Member {
    fn new(literal: usize, offset: usize, text: &[u8], spelled: impl Fn(usize) -> Option<u8>) -> Self {
        let (mut bytes, mut mask) = ([0; size_of::<u64>()], [0; size_of::<u64>()]);
        for (at, &byte) in text.iter().take(size_of::<u64>()).enumerate() {
            mask[at] = if spelled(at).is_some() { u8::MAX } else { !(CASE as u8) };
            bytes[at] = spelled(at).unwrap_or(byte) & mask[at];
        }
        let literal = u16::try_from(literal).expect("rules have some thousands of literals at most");
        Self { text: u64::from_le_bytes(bytes), mask: u64::from_le_bytes(mask), literal, offset: offset as u16 }
    }

    /// The first bytes, folded: four, or all of a literal of three.
    const fn key(&self) -> u32 {
        let key = folded(self.text as u32);
        if self.mask as u32 > THREE { key } else { key & THREE }
    }
}

/// Places in a text that answer yes, in order.
struct Places {
    at: [u16; u32::BITS as usize * CHUNKS],
    count: usize,
}

impl Places {
    const NONE: Self = Self { at: [0; u32::BITS as usize * CHUNKS], count: 0 };

    fn all(&self) -> &[u16] {
        &self.at[..self.count]
    }

    /// Notes those of the chunk with this index, of each second place a bit.
    #[inline(always)]
    fn note(&mut self, chunk: usize, answer: u32) {
        let (next, mut left) = (self.count, answer);
        let free = &mut self.at[next..next + u32::BITS as usize];
        for at in &mut free[..AT_ONCE] {
            *at = (CHUNK * chunk) as u16 + (STRIDE as u32 * left.trailing_zeros()) as u16;
            left &= left.wrapping_sub(1);
        }
        let mut at = AT_ONCE;
        while left != 0 {
            free[at % u32::BITS as usize] = (CHUNK * chunk) as u16 + (STRIDE as u32 * left.trailing_zeros()) as u16;
            left &= left - 1;
            at += 1;
        }
        self.count = next + answer.count_ones() as usize;
    }
}

impl Role {
    /// The key in a text that starts one byte before the gram.
    const fn key(self, text: u64) -> u32 {
        folded((text >> (8 * self.from)) as u32) & self.mask
    }
}

/// Eight bytes, the first of them the one before `at`; NULs where there are none.
fn word_before(bytes: &[u8], at: usize) -> u64 {
    let word = at.checked_sub(1).and_then(|before| bytes.get(before..)?.first_chunk());
    let byte = |index: usize| (at + index).checked_sub(1).and_then(|at| bytes.get(at)).copied().unwrap_or(0);
    u64::from_le_bytes(word.copied().unwrap_or_else(|| std::array::from_fn(byte)))
}

/// Notes the places of a text at which a gram of some literal stands, in all likelihood.
fn places_of_all(table: &Table, text: &[u8], all: &mut Places) {
    #[cfg(target_arch = "x86_64")]
    if wide::places_of_all(table, text, all) {
        return;
    }
    for (index, chunk) in chunks(text).enumerate() {
        all.note(index, places(table, chunk));
    }
}

/// The chunks of a text, each with the last of its grams.
fn chunks(text: &[u8]) -> impl Iterator<Item = &[u8; SPAN]> {
    (0..text.len()).step_by(CHUNK).map_while(|at| text[at..].first_chunk())
}

/// Of a chunk, a bit for each second place of it: whether a gram of some literal stands there, in all likelihood.
fn places(table: &Table, chunk: &[u8; SPAN]) -> u32 {
    (0..u32::BITS as usize).fold(0, |places, index| {
        let gram = chunk[STRIDE * index..].first_chunk().expect("the chunk has the last gram, too");
        let hash = hash(u32::from_le_bytes(*gram));
        let is_there = table[slot(hash)] & pattern(hash) == pattern(hash);
        places | u32::from(is_there) << index
    })
}

/// Where the rarest key begins. It decides the speed only.
fn rarest(literal: &[u8]) -> usize {
    assert!(literal.len() >= SHORTEST, "a literal has three bytes or more");
    // Of the two grams of a key the commoner one counts.
    let rarity = |key: &[u8]| key.windows(key.len().min(GRAM)).map(rarity).min();
    let keys = literal.windows(literal.len().min(GRAM + 1)).enumerate();
    keys.max_by_key(|(offset, key)| (rarity(key), usize::MAX - offset)).map_or(0, |(offset, _)| offset)
}

/// How rare a gram is in source text, in sixteenths of a bit: by its first byte, and by the model of pairs of characters
/// that tells names from random text.
fn rarity(gram: &[u8]) -> u32 {
    // The model is of names: what stands in data, as `": "` and `AAAA`, is common too.
    let pair = |pair: &[u8]| match [symbol(pair[0]), symbol(pair[1])] {
        [first, second] if first == second => 8,
        [first, second] => u32::from(MODEL.symbols[first][second]),
    };
    8 * (16 - commonness(gram[0])) + gram.windows(2).map(pair).sum::<u32>()
}

/// Every gram that can stand at an even place where a key, the beginning of `text`, is; and its role.
fn grams(text: &[u8]) -> impl Iterator<Item = (u32, u8)> {
    let whole = text.windows(GRAM).zip([FIRST, SECOND]);
    let whole = whole.map(|(gram, role)| ([gram[0], gram[1], gram[2], gram[3]], role));
    // Behind a shorter key, anything goes on: at an odd place behind one of four bytes, at an even one of three.
    let behind = (text.len() <= GRAM).then(|| &text[text.len() - SHORTEST..]);
    let role = if text.len() == SHORTEST { THREE_HERE } else { SECOND };
    let behind = behind.into_iter().flat_map(|end| (0..=LAST).map(|last| [end[0], end[1], end[2], last]));
    let behind = behind.map(move |gram| (gram, role));
    // At an odd place, what stands before a key of three.
    let before = (text.len() == SHORTEST).then_some(text);
    let before = before.into_iter().flat_map(|text| (0..=u8::MAX).map(|first| [first, text[0], text[1], text[2]]));
    let before = before.map(|gram| (gram, THREE_BEHIND));
    whole.chain(behind).chain(before).map(|(gram, role)| (u32::from_le_bytes(gram), role))
}

const fn folded(text: u32) -> u32 {
    text | CASE
}

/// Multiplicative hashing (Knuth, The Art of Computer Programming, volume 3, 6.4): the upper bits of a product with the
/// golden ratio.
const fn hash(gram: u32) -> u32 {
    (folded(gram) & COUNTED).wrapping_mul(RATIO)
}

const RATIO: u32 = 0x9e37_79b1;
/// Bits of a hash that number a pattern, below those that number a slot.
const PATTERN: u32 = 4;
/// What of the table stands for a gram: two bits of the byte in its slot. A filter of this kind is a blocked Bloom filter.
const PATTERNS: [u8; 1 << PATTERN] = {
    let mut patterns = [0; 1 << PATTERN];
    let mut index = 0;
    while index < patterns.len() {
        let bits: u8 = if index < 8 { 0b11 } else { 0b1001 };
        patterns[index] = bits.rotate_left(index as u32 % 8);
        index += 1;
    }
    patterns
};

const fn slot(hash: u32) -> usize {
    (hash >> (u32::BITS - TABLE)) as usize
}

const fn pattern(hash: u32) -> u8 {
    PATTERNS[(hash >> (u32::BITS - TABLE - PATTERN)) as usize % PATTERNS.len()]
}

const fn bucket(key: u32) -> usize {
    (key.wrapping_mul(RATIO) >> (u32::BITS - BUCKETS)) as usize
}

/// The golden ratio in 64 bits.
const LONG_RATIO: u64 = 0x9e37_79b9_7f4a_7c15;

const fn role_slot(gram: u32) -> usize {
    (((folded(gram) & COUNTED) as u64).wrapping_mul(LONG_RATIO) >> (u64::BITS - ROLES)) as usize
}

const fn word(key: u32) -> usize {
    ((key as u64).wrapping_mul(LONG_RATIO) >> (u64::BITS - FILTER)) as usize
}

const fn bits(key: u32) -> u64 {
    let hash = (key as u64).wrapping_mul(LONG_RATIO) << FILTER;
    1 << (hash >> (u64::BITS - 6)) | 1 << (hash << 6 >> (u64::BITS - 6))
}

/// How common a byte is in folded source text, in twice the binary logarithm of its frequency, roughly.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(literals: &[&[u8]], text: &[u8]) -> Vec<(usize, usize)> {
        let grams = Grams::of(literals.iter().copied().enumerate(), |_, _| None);
        let mut found = Vec::new();
        grams.find(text, 0..text.len(), |start, literal| {
            let end = start.saturating_add(literals[literal].len());
            if text.get(start..end).is_some_and(|text| text.eq_ignore_ascii_case(literals[literal])) {
                found.push((start, literal));
            }
        });
        found.sort_unstable();
        found
    }

    /// The end of a text is looked at with NULs behind it, which in any case of letters are blanks.
    #[test]
    fn a_literal_of_blanks_is_looked_for_in_the_text_alone() {
        for literals in [&[&b"   "[..]][..], &[b"    ", b"  key"], &[b"\0\0\0\0", b"\0\0\0x"]] {
            for len in 0..200 {
                let text = [&b"x".repeat(len)[..], literals[0]].concat();
                assert_eq!(all(literals, &text[..len]), [], "{literals:?} {len}");
                assert_eq!(all(literals, &text), [(len, 0)], "{literals:?} {len}");
            }
        }
    }

    #[test]
    fn a_letter_that_counts_in_one_case_is_told_in_that_alone() {
        let literals = [&b"akia"[..], b"key"];
        let grams = Grams::of(literals.into_iter().enumerate(), |literal, at| (literal == 0).then(|| b"AKIa"[at]));
        let told = |text: &[u8]| {
            let mut told = Vec::new();
            grams.find(text, 0..text.len(), |start, literal| told.push((start, literal)));
            told
        };
        assert_eq!(told(b"AKIa akia AKIA KEY key Key"), [(0, 0), (15, 1), (19, 1), (23, 1)]);
        assert_eq!(told(b" AKIa aKIa"), [(1, 0)]);
    }

    proptest! {
        #[test]
        fn every_literal_is_found_once_wherever_it_stands(
            text in "[a-cA-C]{0,300}",
            literals in prop::collection::vec("[a-c]{3,7}", 0..40),
        ) {
            let text = text.as_bytes();
            let mut literals: Vec<&[u8]> = literals.iter().map(String::as_bytes).collect();
            literals.sort_unstable();
            literals.dedup();
            let occurs = |&(start, literal): &(usize, usize)| {
                text.get(start..start + literals[literal].len())
                    .is_some_and(|text| text.eq_ignore_ascii_case(literals[literal]))
            };
            let places = (0..text.len()).flat_map(|start| (0..literals.len()).map(move |literal| (start, literal)));
            let expected: Vec<_> = places.filter(occurs).collect();
            prop_assert_eq!(all(&literals, text), expected);
        }

        #[test]
        fn any_byte_may_be_in_a_literal_and_beside_it(
            before in prop::collection::vec(any::<u8>(), 0..150),
            literal in prop::collection::vec(any::<u8>(), 3..8),
            after in prop::collection::vec(any::<u8>(), 0..150),
        ) {
            let literal = literal.to_ascii_lowercase();
            let text = [&before[..], &literal.to_ascii_uppercase(), &after].concat();
            prop_assert!(all(&[&literal], &text).contains(&(before.len(), 0)));
        }

        #[test]
        fn chunks_are_answered_as_places_are(text in prop::collection::vec(any::<u8>(), 2 * CHUNK + SPAN)) {
            let literals: [&[u8]; 3] = [b"\0\0\0", b"abc", b"\xff\x80"];
            let grams = Grams::of(literals[..2].iter().copied().enumerate(), |_, _| None);
            let mut table: Table = (&*grams.table).try_into().expect("it has this length");
            table.iter_mut().enumerate().for_each(|(at, byte)| *byte |= (at as u8).wrapping_mul(37));
            let mut all = Places::NONE;
            places_of_all(&table, &text, &mut all);
            let of_chunk = |(index, chunk): (usize, &[u8; SPAN])| {
                let answer = places(&table, chunk);
                let bits = (0..u32::BITS as usize).filter(move |bit| answer >> bit & 1 != 0);
                bits.map(move |bit| (CHUNK * index + STRIDE * bit) as u16)
            };
            let expected: Vec<u16> = chunks(&text).enumerate().flat_map(of_chunk).collect();
            prop_assert_eq!(chunks(&text).count(), 3);
            prop_assert_eq!(all.all(), expected);
        }
    }
}
