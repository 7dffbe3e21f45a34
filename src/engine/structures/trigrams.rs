//! How unlike a word a run of letters is: the cost, in bits, of each letter behind the two before it, under a model of the
//! words that names and comments are made of. Pairs of letters (`bigrams.rs`) do not tell six random letters from a word.
//! The trained table is in `word_model.rs`, which `examples/train_random` writes; what follows from a cost is decided in
//! `random.rs`.

/// The letters in one case, and the edge of a word.
pub(crate) const LETTERS: usize = 27;
pub(crate) const EDGE: usize = 26;
/// Costs are kept in fifths of a bit, from this character on, so that the table is text.
pub(crate) const UNIT: f32 = 5.0;
pub(crate) const ZERO: u8 = b'!';

/// Negative logarithms of probabilities, by the letter and the two before it.
#[derive(Debug)]
pub(crate) struct Trigrams {
    pub costs: [u8; LETTERS * LETTERS * LETTERS],
}

impl Trigrams {
    /// What all letters of a word cost, and that it ends behind them.
    pub(crate) fn cost(&self, word: &[u8]) -> f32 {
        let mut before = (EDGE, EDGE);
        let edge = std::iter::once(EDGE);
        let sum: u32 = word
            .iter()
            .map(|&byte| letter(byte))
            .chain(edge)
            .map(|next| {
                let cost = self.costs[place(before.0, before.1, next)] - ZERO;
                before = (before.1, next);
                u32::from(cost)
            })
            .sum();
        sum as f32 / UNIT
    }
}

/// The mean cost of a letter from which on a word of this length is none. Of four letters a quarter of all random ones are
/// taken for a word.
pub(crate) fn least(length: usize) -> f32 {
    match length {
        0..=4 => 5.75,
        5 => 5.25,
        _ => 4.75,
    }
}

/// Where the table has the cost of `next`.
pub(crate) const fn place(before: usize, last: usize, next: usize) -> usize {
    (before * LETTERS + last) * LETTERS + next
}

/// The number of a letter; what is none is an edge.
pub(crate) fn letter(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        b'A'..=b'Z' => usize::from(byte - b'A'),
        _ => EDGE,
    }
}
