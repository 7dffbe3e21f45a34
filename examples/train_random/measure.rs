//! Sets the cuts on random values, measures them on names that were not learnt from, and writes both down.

use std::fmt::Write as _;

use crate::bigrams::{Model, WINDOW};
use crate::corpus::Corpus;

/// Lengths that have a cut of their own; between two of these it is interpolated.
const LENGTHS: [usize; 9] = [6, 8, 10, 12, 16, 20, 24, 32, 64];
/// Random values of each length and alphabet.
const SAMPLES: usize = 20_000;
/// Share of random values that a cut may lose, in percent.
const LOST: usize = 1;
/// The alphabets: letters of both cases, letters of one and digits, letters alone, and all that a keyboard has.
pub(crate) const ALPHABETS: [(&str, &[u8]); 4] = [
    ("base62", b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
    ("base36", b"0123456789abcdefghijklmnopqrstuvwxyz"),
    ("letters", b"abcdefghijklmnopqrstuvwxyz"),
    ("printable", b"!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"),
];

/// By length and alphabet: a value that scores less is taken for a name.
pub(crate) type Cuts = [(usize, [f32; 4]); LENGTHS.len()];

/// The quantiles of the scores of random values.
pub(crate) fn cuts(model: &Model) -> Cuts {
    LENGTHS.map(|length| (length, ALPHABETS.map(|(_, alphabet)| cut(model, alphabet, length))))
}

fn cut(model: &Model, alphabet: &[u8], length: usize) -> f32 {
    let mut scores: Vec<f32> = random_values(alphabet, length).iter().map(|value| model.score(value)).collect();
    scores.sort_by(f32::total_cmp);
    // Rounded down, so that what is written is what is meant.
    (scores[SAMPLES * LOST / 100] * 100.0).floor() / 100.0
}

/// The same values in every run.
fn random_values(alphabet: &[u8], length: usize) -> Vec<Vec<u8>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        alphabet[(state >> 32) as usize % alphabet.len()]
    };
    (0..SAMPLES).map(|_| (0..length).map(|_| next()).collect()).collect()
}

/// The cut for a value of this length.
fn cut_of(cuts: &Cuts, length: usize, alphabet: usize) -> f32 {
    let after = cuts.iter().position(|(at, _)| *at >= length).unwrap_or(cuts.len() - 1);
    let (low, high) = (cuts[after.saturating_sub(1)], cuts[after]);
    if length >= high.0 || low.0 == high.0 {
        return high.1[alphabet];
    }
    let share = (length - low.0) as f32 / (high.0 - low.0) as f32;
    low.1[alphabet] + share * (high.1[alphabet] - low.1[alphabet])
}

/// The alphabet that a name could be random text of.
fn alphabet_of(name: &[u8]) -> usize {
    let has = |is: fn(&u8) -> bool| name.iter().any(is);
    match (has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase), has(u8::is_ascii_digit)) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// The tables of docs/RANDOMNESS.md.
pub(crate) fn report(model: &Model, cuts: &Cuts, corpus: &Corpus) -> String {
    let mut page = format!(
        "learnt from {} names and {} words, judged by {} other names\n",
        corpus.trained.len(),
        corpus.words.len(),
        corpus.held_out.len()
    );
    for (alphabet, (name, bytes)) in ALPHABETS.iter().enumerate() {
        writeln!(page, "\n| {name}: length | cut | recall | names | taken for random |\n|---|---|---|---|---|")
            .expect("a string takes all");
        for (index, &(length, cuts_here)) in cuts.iter().enumerate() {
            let longest = cuts.get(index + 1).map_or(usize::MAX, |(next, _)| *next);
            let names: Vec<&String> = corpus
                .held_out
                .iter()
                .filter(|name| (length..longest).contains(&name.len()) && alphabet_of(name.as_bytes()) == alphabet)
                .collect();
            let wrong: Vec<_> = names
                .iter()
                .filter(|name| model.score(name.as_bytes()) >= cut_of(cuts, name.len(), alphabet))
                .collect();
            let values = random_values(bytes, length);
            let found = values.iter().filter(|value| model.score(value) >= cuts_here[alphabet]).count();
            writeln!(
                page,
                "| {length} | {:.2} | {:.1} % | {} | {:.2} % |",
                cuts_here[alphabet],
                found as f32 * 100.0 / SAMPLES as f32,
                names.len(),
                wrong.len() as f32 * 100.0 / names.len().max(1) as f32
            )
            .expect("a string takes all");
            if std::env::var_os("SHOW").is_some() {
                for w in wrong.iter().take(25) {
                    writeln!(page, "    {w}").unwrap();
                }
            }
        }
    }
    let _ = WINDOW;
    page
}

/// The text of `random_model.rs`.
pub(crate) fn source(model: &Model, cuts: &Cuts) -> String {
    format!(
        "//! Written by `examples/train_random`, not by hand: the costs of pairs of characters in names, and the scores that random\n\
         //! values reach. How they were made and what they are worth is in docs/RANDOMNESS.md.\n\n\
         use super::bigrams::Model;\n\n\
         /// Lengths, and the score that all but {LOST} % of random values of that length reach: of letters in both\n\
         /// cases and digits, of letters in one case and digits, of letters in one case, of all printable characters.\n\
         pub(super) const CUTS: [(usize, [f32; 4]); {}] = [\n{}];\n\n\
         /// In sixteenths of a bit.\n\
         #[rustfmt::skip]\n\
         pub(super) const MODEL: Model = Model {{\n    symbols: [\n{}    ],\n    kinds: [\n{}    ],\n}};\n",
        cuts.len(),
        cuts.iter().map(|(length, cuts)| format!("    ({length}, {cuts:?}),\n")).collect::<String>(),
        rows(&model.symbols),
        rows(&model.kinds),
    )
}

fn rows<const N: usize>(table: &[[u8; N]]) -> String {
    table.iter().map(|row| format!("        {row:?},\n")).collect()
}
