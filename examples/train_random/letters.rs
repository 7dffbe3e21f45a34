//! Trains the model that tells random letters from words, and writes it down.

use std::collections::BTreeMap;

use crate::trigrams::{EDGE, LETTERS, Trigrams, UNIT, ZERO, letter, place};

/// How often a word of `words.txt` counts: those of other languages are few.
const WEIGHT_OF_WORDS: f32 = 20.0;
/// What stands in so few files may be a key, a digest or a mistake.
const FEWEST_FILES: u32 = 2;
/// How many observations a shorter context is worth.
const TRUST: f32 = 5.0;

/// Counts letters behind two, behind one and at all, and lets each longer context fall back on the shorter one.
#[expect(clippy::large_stack_arrays, reason = "twenty kilobytes, once")]
pub(crate) fn train(seen: &BTreeMap<String, u32>, words: impl Iterator<Item = String>) -> Trigrams {
    let mut alone = [1.0_f32; LETTERS];
    let mut behind_one = vec![[0.0_f32; LETTERS]; LETTERS];
    let mut behind_two = vec![[0.0_f32; LETTERS]; LETTERS * LETTERS];
    let seen = seen.iter().filter(|(_, files)| **files >= FEWEST_FILES).map(|(word, _)| (word.clone(), 1.0));
    for (word, weight) in seen.chain(words.map(|word| (word, WEIGHT_OF_WORDS))) {
        let (mut before, mut last) = (EDGE, EDGE);
        for next in word.bytes().map(letter).chain([EDGE]) {
            alone[next] += weight;
            behind_one[last][next] += weight;
            behind_two[before * LETTERS + last][next] += weight;
            (before, last) = (last, next);
        }
    }
    let mut costs = [0; LETTERS * LETTERS * LETTERS];
    let all: f32 = alone.iter().sum();
    let share = |counts: &[f32; LETTERS], next: usize, shorter: f32| {
        (counts[next] + TRUST * shorter) / (counts.iter().sum::<f32>() + TRUST)
    };
    for before in 0..LETTERS {
        for last in 0..LETTERS {
            for next in 0..LETTERS {
                let shorter = share(&behind_one[last], next, alone[next] / all);
                let probability = share(&behind_two[before * LETTERS + last], next, shorter);
                let cost = (-probability.log2() * UNIT).round().min(f32::from(b'~' - ZERO));
                costs[place(before, last, next)] = ZERO + cost as u8;
            }
        }
    }
    Trigrams { costs }
}

/// The text of `word_model.rs`.
pub(crate) fn source(model: &Trigrams) -> String {
    const IN_A_ROW: usize = 4 * LETTERS;
    let rows = model.costs.chunks(IN_A_ROW).map(|row| {
        let text: String = row.iter().map(|&byte| char::from(byte)).collect();
        format!("    {}\\\n", text.replace('\\', "\\\\").replace('"', "\\\""))
    });
    format!(
        "//! Written by `examples/train_random`, not by hand: the costs of letters in words. How they were made and what they are\n\
         //! worth is in docs/RANDOMNESS.md.\n\n\
         use super::trigrams::Trigrams;\n\n\
         /// In fifths of a bit, from `!` on.\n\
         #[rustfmt::skip]\n\
         pub(crate) const WORDS: Trigrams = Trigrams {{\n    costs: *b\"\\\n{}\",\n}};\n",
        rows.collect::<String>()
    )
}
