//! Plants synthetic credentials of every rule into files of many kinds, scans them, and prints how many were found, by rule and by
//! syntax: `cargo run --release --example plant -- [SEED [ROUNDS]]`. What it plants and where is in `tests/planting`.

#![allow(clippy::print_stdout, reason = "it is a program that prints a table")]

#[path = "../../tests/planting/mod.rs"]
mod planting;

use planting::{Count, plant};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().expect("a number"));
    let (seed, rounds) = (arguments.next().unwrap_or(1), arguments.next().unwrap_or(1));
    let report = plant(seed, rounds as usize);
    let line =
        |what: &str, count: Count| println!("{what}\t{}\t{}\t{:.1} %", count.planted, count.found, count.percent());
    println!("what\tplanted\tfound\t");
    report.rules.iter().for_each(|(rule, count)| line(rule, *count));
    report.generic.iter().for_each(|(kind, count)| line(kind, *count));
    report.syntaxes.iter().for_each(|(syntax, count)| line(syntax, *count));
    report.missed.iter().for_each(|(kind, syntax, text)| println!("missed {kind} in {syntax}: {text:?}"));
    line("all rules", report.specific());
    line("generic", report.generic());
}
