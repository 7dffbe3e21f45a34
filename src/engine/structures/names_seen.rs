//! Names of which it is known whether a secret may stand under them: a program has few names and uses them often. Speed only:
//! what a name says is decided in `name.rs`.

use super::name;

/// Names that are at hand. Each has a place, and gives it up to the next that has the same.
const AT_HAND: usize = 1 << 12;
/// A longer name is not among these, in bytes.
const LONGEST: usize = 30;

/// What one thread knows of names.
#[derive(Debug, Default)]
pub(in crate::engine) struct NamesSeen(Vec<Name>);

#[derive(Clone, Copy, Debug)]
struct Name {
    bytes: [u8; LONGEST],
    len: u8,
    is_credential: bool,
}

impl NamesSeen {
    /// Whether a secret may stand under `name`.
    pub(super) fn is_credential(&mut self, name: &[u8]) -> bool {
        let is_credential = || name::classify(name).is_some();
        if name.is_empty() || name.len() > LONGEST {
            return is_credential();
        }
        if self.0.is_empty() {
            self.0 = vec![Name { bytes: [0; LONGEST], len: 0, is_credential: false }; AT_HAND];
        }
        let known = &mut self.0[place(name)];
        if known.bytes.get(..usize::from(known.len)) != Some(name) {
            known.bytes[..name.len()].copy_from_slice(name);
            (known.len, known.is_credential) = (name.len() as u8, is_credential());
        }
        known.is_credential
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
    fn what_is_known_of_a_name_is_told_of_no_other() {
        let mut seen = NamesSeen::default();
        let words = ["password", "key", "api_key", "x", "length", "token", "of", "secret", "pw", ""];
        let names = || words.iter().flat_map(|one| words.iter().map(move |other| format!("{one}_{other}")));
        let numbered = (0..2 * AT_HAND).map(|number| format!("password{}{number}", "_x".repeat(number % 13)));
        let all: Vec<String> = names().chain(numbered).chain(names()).chain([String::new(), "p".repeat(99)]).collect();
        for name in all.iter().flat_map(|name| [name, name]) {
            let expected = name::classify(name.as_bytes()).is_some();
            assert_eq!(seen.is_credential(name.as_bytes()), expected, "{name}");
        }
    }
}
