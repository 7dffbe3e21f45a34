//! Trains the model that tells random values from names: writes `src/engine/structures/random_model.rs`, and prints the
//! tables of `docs/RANDOMNESS.md`. Further trees are judged by too.
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
mod measure;

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
            let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
            let path = root.join("src/engine/structures/random_model.rs");
            match std::fs::write(&path, measure::source(&model, &cuts)) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => fail(&format!("writing {}: {error}", path.display())),
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
