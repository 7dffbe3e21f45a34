//! Trains the models that tell random values from names and random letters from words: writes `random_model.rs` and
//! `word_model.rs` in `src/engine/structures`, and prints the tables of `docs/RANDOMNESS.md`. Further trees are judged by too.
//!
//!     cargo run --release --example train_random -- ~/.cargo/registry/src/index.crates.io-* [TREE...]
//!
//! It learns from the sources of a fixed list of dependencies (Cargo.lock fixes their versions) and from `words.txt`, and
//! judges by those of another fixed list, so the same lock file gives the same bytes. This repository's own sources are
//! not learnt from: they change with every commit, and the model would with them.

#![allow(clippy::print_stdout, reason = "a program for the developer, who reads it there")]

#[path = "../../src/engine/structures/bigrams.rs"]
mod bigrams;
mod corpus;
mod letters;
mod measure;
#[path = "../../src/engine/structures/trigrams.rs"]
mod trigrams;

use std::path::PathBuf;
use std::process::ExitCode;

use bigrams::{KINDS, Model, SYMBOLS, UNIT, kind, symbol};

/// How often a word of `words.txt` counts: there are some hundred times as many names in the sources.
const WEIGHT_OF_WORDS: u32 = 20;

fn main() -> ExitCode {
    let directories: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [registry, trees @ ..] = &directories[..] else {
        println!("usage: train_random REGISTRY [TREE...], REGISTRY being where the sources of the dependencies are");
        return ExitCode::from(2);
    };
    match corpus::Corpus::read(registry, trees) {
        Ok(corpus) => {
            let model = train(&corpus);
            let cuts = measure::cuts(&model);
            println!("{}", measure::report(&model, &cuts, &corpus));
            let of_words = letters::train(&corpus.letters, corpus.words_of_letters());
            println!("{}", measure::report_letters(&of_words, &corpus));
            let files =
                [("random_model.rs", measure::source(&model, &cuts)), ("word_model.rs", letters::source(&of_words))];
            let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/engine/structures");
            match files.iter().try_for_each(|(name, text)| std::fs::write(directory.join(name), text)) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => fail(&format!("writing to {}: {error}", directory.display())),
            }
        }
        Err(error) => fail(&error),
    }
}

fn fail(reason: &str) -> ExitCode {
    println!("{reason}");
    ExitCode::FAILURE
}

/// Counts pairs, adds one to each count, and takes logarithms of the shares by row.
fn train(corpus: &corpus::Corpus) -> Model {
    let mut symbols = [[1_u32; SYMBOLS]; SYMBOLS];
    let mut kinds = [[1_u32; KINDS]; KINDS];
    let words = corpus.words.iter().map(|word| (word, WEIGHT_OF_WORDS));
    for (name, weight) in corpus.trained.iter().map(|name| (name, 1)).chain(words) {
        for pair in name.as_bytes().windows(2) {
            symbols[symbol(pair[0])][symbol(pair[1])] += weight;
            kinds[kind(pair[0])][kind(pair[1])] += weight;
        }
    }
    Model { symbols: symbols.map(costs), kinds: kinds.map(costs) }
}

fn costs<const N: usize>(counts: [u32; N]) -> [u8; N] {
    let total: u32 = counts.iter().sum();
    counts.map(|count| (-(count as f32 / total as f32).log2() * UNIT).round().min(255.0) as u8)
}
