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
        let (first, second) = (PLACES[usize::from(first)], PLACES[usize::from(second)]);
        let symbols = self.symbols[usize::from(first.symbol)][usize::from(second.symbol)];
        u32::from(symbols) + u32::from(self.kinds[usize::from(first.kind)][usize::from(second.kind)])
    }
}

/// The rows or columns of a byte.
#[derive(Clone, Copy)]
struct Place {
    symbol: u8,
    kind: u8,
}

const PLACES: [Place; 256] = {
    let mut places = [Place { symbol: 0, kind: 0 }; 256];
    let mut byte = 0;
    while byte < 256 {
        places[byte] = Place { symbol: symbol(byte as u8) as u8, kind: kind(byte as u8) as u8 };
        byte += 1;
    }
    places
};

/// The row or column of a byte among the symbols.
pub(crate) const fn symbol(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => (byte - b'a') as usize,
        b'A'..=b'Z' => (byte - b'A') as usize,
        b'0'..=b'9' => 26,
        _ => 27,
    }
}

/// The row or column of a byte among the kinds.
pub(crate) const fn kind(byte: u8) -> usize {
    match byte {
        b'A'..=b'Z' => 0,
        b'a'..=b'z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    }
}
