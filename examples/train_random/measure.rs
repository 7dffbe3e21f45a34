//! Sets the cuts on random values, measures them on names that were not learnt from, and writes both down.

use std::collections::BTreeSet;

use crate::bigrams::Model;
use crate::corpus::Corpus;
use crate::trigrams::{Trigrams, least};

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
    let counts = [corpus.trained.len(), corpus.words.len(), corpus.held_out.len(), corpus.elsewhere.len()];
    let [trained, words, held_out, elsewhere] = counts;
    let head = format!("{trained} names and {words} words learnt; {held_out} names held out, {elsewhere} elsewhere\n");
    let tables = (0..ALPHABETS.len()).map(|alphabet| table(model, cuts, corpus, alphabet));
    std::iter::once(head).chain(tables).collect()
}

fn table(model: &Model, cuts: &Cuts, corpus: &Corpus, alphabet: usize) -> String {
    let (name, bytes) = ALPHABETS[alphabet];
    let head = format!(
        "\n| {name}, length | cut | random, found | held out | taken for random | elsewhere | taken for random |\n\
         |---|---|---|---|---|---|---|\n"
    );
    let rows = cuts.iter().enumerate().map(|(index, &(length, here))| {
        let longer = cuts.get(index + 1).map_or(usize::MAX, |(next, _)| *next);
        let values = random_values(bytes, length);
        let found = values.iter().filter(|value| model.score(value) >= here[alphabet]).count();
        let wrong = |names: &BTreeSet<String>| {
            let like =
                |name: &&String| (length..longer).contains(&name.len()) && alphabet_of(name.as_bytes()) == alphabet;
            let scored = |name: &&String| model.score(name.as_bytes()) >= cut_of(cuts, name.len(), alphabet);
            let all = names.iter().filter(like).count();
            let share = percent(names.iter().filter(like).filter(scored).count(), all);
            format!("{all} | {share}")
        };
        let (found, cut) = (percent(found, SAMPLES), here[alphabet]);
        format!("| {length} | {cut:.2} | {found} | {} | {} |\n", wrong(&corpus.held_out), wrong(&corpus.elsewhere))
    });
    std::iter::once(head).chain(rows).collect()
}

fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.2} %", part as f32 * 100.0 / whole as f32) }
}

/// How many random letters, and how many words of other trees, are no word for the other model.
pub(crate) fn report_letters(model: &Trigrams, corpus: &Corpus) -> String {
    let head =
        "| letters | least | random, found | words elsewhere | taken for random |\n|---|---|---|---|---|\n".to_owned();
    let is_none = |word: &[u8]| model.cost(word) >= least(word.len()) * (word.len() + 1) as f32;
    let rows = [4, 5, 6, 7, 8, 10, 12].map(|length| {
        let random = random_values(ALPHABETS[2].1, length);
        let found = percent(random.iter().filter(|word| is_none(word)).count(), SAMPLES);
        let words = || corpus.letters_elsewhere.iter().filter(|(word, files)| word.len() == length && **files > 1);
        let wrong = words().filter(|(word, _)| is_none(word.as_bytes())).count();
        let all = words().count();
        format!("| {length} | {:.2} | {found} | {all} | {} |\n", least(length), percent(wrong, all))
    });
    std::iter::once(head).chain(rows).collect()
}

/// The text of `random_model.rs`.
pub(crate) fn source(model: &Model, cuts: &Cuts) -> String {
    format!(
        "//! Written by `examples/train_random`, not by hand: the costs of pairs of characters in names, and the scores that random\n\
         //! values reach. How they were made and what they are worth is in docs/RANDOMNESS.md.\n\n\
         use super::bigrams::Model;\n\n\
         /// Lengths, and the score that all but {LOST} % of random values of that length reach: of letters in both\n\
         /// cases and digits, of letters in one case and digits, of letters in one case, of all printable characters.\n\
         pub(crate) const CUTS: [(usize, [f32; 4]); {}] = [\n{}];\n\n\
         /// In sixteenths of a bit.\n\
         #[rustfmt::skip]\n\
         pub(crate) const MODEL: Model = Model {{\n    symbols: [\n{}    ],\n    kinds: [\n{}    ],\n}};\n",
        cuts.len(),
        cuts.iter().map(|(length, cuts)| format!("    ({length}, {cuts:?}),\n")).collect::<String>(),
        rows(&model.symbols),
        rows(&model.kinds),
    )
}

fn rows<const N: usize>(table: &[[u8; N]]) -> String {
    table.iter().map(|row| format!("        {row:?},\n")).collect()
}
