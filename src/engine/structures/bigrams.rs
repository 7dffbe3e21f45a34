//! How unlike text that people write a value is: the cost, in bits, of each pair of neighbouring characters under a model
//! of names. This file holds what a model is and how it scores; the trained tables are in `random_model.rs`, which
//! `examples/train_random.rs` writes (it includes this file, so that training and use cannot differ). What follows from
//! a score is decided in `random.rs`.

/// The letters in one case, all digits, and everything else.
pub(crate) const SYMBOLS: usize = 28;
/// Upper case, lower case, digit, other.
pub(crate) const KINDS: usize = 4;
/// Costs are kept in sixteenths of a bit, so that one fits into a byte: 15.9 bits is more than any pair costs.
pub(crate) const UNIT: f32 = 16.0;
/// Of a longer value the most unlikely part of so many characters counts, so that a prefix made of words hides nothing.
pub(crate) const WINDOW: usize = 16;

/// Negative logarithms of probabilities, by first and second character of a pair.
#[derive(Debug)]
pub(crate) struct Model {
    pub symbols: [[u8; SYMBOLS]; SYMBOLS],
    pub kinds: [[u8; KINDS]; KINDS],
}

impl Model {
    /// The mean cost of a pair of characters of `text`, in bits; of a long text, in its most unlikely window.
    pub(crate) fn score(&self, text: &[u8]) -> f32 {
        let pairs = WINDOW.min(text.len()).saturating_sub(1);
        let (mut sum, mut most) = (0, 0);
        for at in 1..text.len() {
            sum += self.cost(text[at - 1], text[at]);
            if at > pairs {
                sum -= self.cost(text[at - pairs - 1], text[at - pairs]);
            }
            if at >= pairs {
                most = most.max(sum);
            }
        }
        most as f32 / (UNIT * pairs.max(1) as f32)
    }

    fn cost(&self, first: u8, second: u8) -> u32 {
        u32::from(self.symbols[symbol(first)][symbol(second)]) + u32::from(self.kinds[kind(first)][kind(second)])
    }
}

/// The row or column of a byte among the symbols.
pub(crate) fn symbol(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a'),
        b'A'..=b'Z' => usize::from(byte - b'A'),
        b'0'..=b'9' => 26,
        _ => 27,
    }
}

/// The row or column of a byte among the kinds.
pub(crate) fn kind(byte: u8) -> usize {
    match byte {
        b'A'..=b'Z' => 0,
        b'a'..=b'z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    }
}
