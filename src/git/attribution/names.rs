//! What is known of the names in trees: a number for each, and whether it is looked for. There are a few thousand, and
//! millions of entries.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Names that a thread has at hand.
const AT_HAND: usize = 1 << 12;
/// A longer name is not among these, in bytes.
const LONGEST_KNOWN: usize = 29;

/// Numbers for names, given out by all threads of a sweep: what one of them keeps of a tree another one may take over.
#[derive(Default)]
pub(super) struct Names(Mutex<HashMap<Vec<u8>, u32>>);

impl Names {
    /// The number of a name.
    pub(super) fn number(&self, name: &[u8]) -> u32 {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = numbers.get(name) {
            return *number;
        }
        let next = numbers.len() as u32;
        numbers.insert(name.to_vec(), next);
        next
    }

    /// The names by their numbers.
    pub(super) fn into_list(self) -> Vec<Vec<u8>> {
        let numbers = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<(Vec<u8>, u32)> = numbers.into_iter().collect();
        names.sort_unstable_by_key(|(_, number)| *number);
        names.into_iter().map(|(name, _)| name).collect()
    }
}

/// What is looked for of what has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WantedName {
    /// The blob that has it.
    pub(super) blob: bool,
    /// The name itself.
    pub(super) name: bool,
}

/// What was decided of names that were met lately.
pub(super) struct NamesLately(Vec<KnownName>);

/// A name in its place, which it gives up to the next that has the same.
#[derive(Clone, Copy)]
struct KnownName {
    name: [u8; LONGEST_KNOWN],
    len: u8,
    wanted: WantedName,
}

impl Default for NamesLately {
    fn default() -> Self {
        // An empty name is not looked up.
        let none = KnownName { name: [0; LONGEST_KNOWN], len: 0, wanted: WantedName { blob: true, name: true } };
        Self(vec![none; AT_HAND])
    }
}

impl NamesLately {
    pub(super) fn get(&self, name: &[u8]) -> Option<WantedName> {
        let known = &self.0[Self::place(name)];
        (!name.is_empty() && known.name.get(..usize::from(known.len)) == Some(name)).then_some(known.wanted)
    }

    pub(super) fn set(&mut self, name: &[u8], wanted: WantedName) {
        if name.len() <= LONGEST_KNOWN {
            let known = &mut self.0[Self::place(name)];
            known.name[..name.len()].copy_from_slice(name);
            *known = KnownName { len: name.len() as u8, wanted, ..*known };
        }
    }

    /// By multiplication with the golden ratio (Knuth, The Art of Computer Programming, volume 3, 6.4).
    fn place(name: &[u8]) -> usize {
        let words = name.chunks(size_of::<u64>()).map(|chunk| {
            let mut word = [0; size_of::<u64>()];
            word[..chunk.len()].copy_from_slice(chunk);
            u64::from_le_bytes(word)
        });
        let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (words.fold(0, mix) >> (u64::BITS - AT_HAND.ilog2())) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_number_each() {
        let names = Names::default();
        let given = [b"a".as_slice(), b"b", b"a", b"", b"b"].map(|name| names.number(name));
        assert_eq!(given, [0, 1, 0, 2, 1]);
        assert_eq!(names.into_list(), [b"a".as_slice(), b"b", b""]);
    }

    #[test]
    fn what_was_decided_of_a_name_is_told_of_no_other() {
        let mut lately = NamesLately::default();
        let wanted = |number: usize| WantedName { blob: number.is_multiple_of(2), name: number.is_multiple_of(3) };
        let name = |number: usize| ["n".repeat(number % (2 * LONGEST_KNOWN)), number.to_string()].concat();
        assert_eq!(lately.get(b""), None);
        for number in 0..2 * AT_HAND {
            lately.set(name(number).as_bytes(), wanted(number));
            let known = name(number).len() <= LONGEST_KNOWN;
            assert_eq!(lately.get(name(number).as_bytes()), known.then(|| wanted(number)));
        }
        let all = 0..3 * AT_HAND;
        let kept =
            all.filter(|number| lately.get(name(*number).as_bytes()).is_some_and(|known| known == wanted(*number)));
        assert!(kept.count() > AT_HAND / 4);
        let others = 0..3 * AT_HAND;
        assert!(
            others
                .into_iter()
                .all(|number| lately.get(name(number).as_bytes()).is_none_or(|known| known == wanted(number)))
        );
    }
}
