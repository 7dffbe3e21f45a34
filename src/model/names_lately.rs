//! What was decided of names that were met lately: a program and a tree have few names, and use them often.

/// Names that are at hand. Each has a place, and gives it up to the next that has the same.
const AT_HAND: usize = 1 << 12;
/// A longer name is not among these, in bytes.
const LONGEST: usize = 29;

/// What is known of short names, for one thread. Speed only: of any name it may have nothing to tell.
#[derive(Debug)]
pub(crate) struct NamesLately<T>(Vec<Option<Decided<T>>>);

#[derive(Clone, Copy, Debug)]
struct Decided<T> {
    name: [u8; LONGEST],
    len: u8,
    what: T,
}

impl<T> Default for NamesLately<T> {
    /// It takes memory only when it is first told something.
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> NamesLately<T> {
    pub(crate) fn get(&self, name: &[u8]) -> Option<T> {
        let decided = self.0.get(place(name))?.as_ref()?;
        (decided.name.get(..usize::from(decided.len)) == Some(name)).then_some(decided.what)
    }

    pub(crate) fn set(&mut self, name: &[u8], what: T) {
        if name.len() > LONGEST {
            return;
        }
        self.0.resize(AT_HAND, None);
        let mut decided = Decided { name: [0; LONGEST], len: name.len() as u8, what };
        decided.name[..name.len()].copy_from_slice(name);
        self.0[place(name)] = Some(decided);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_decided_of_a_name_is_told_of_no_other() {
        let mut lately = NamesLately::default();
        let name = |number: usize| ["n".repeat(number % (2 * LONGEST)), number.to_string()].concat();
        assert_eq!(lately.get(b""), None);
        for number in 0..2 * AT_HAND {
            lately.set(name(number).as_bytes(), number);
            let is_short = name(number).len() <= LONGEST;
            assert_eq!(lately.get(name(number).as_bytes()), is_short.then_some(number));
        }
        let told = |number: usize| lately.get(name(number).as_bytes());
        assert!((0..3 * AT_HAND).all(|number| told(number).is_none_or(|known| known == number)));
        assert!((0..3 * AT_HAND).filter(|&number| told(number).is_some()).count() > AT_HAND / 4);
    }
}
