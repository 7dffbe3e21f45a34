//! The engine on one core: bytes a second, with the number of findings asserted, since a fast wrong answer is wrong.
//!
//! - `scan/source`: the built-in rules over source text, and beside it a plain Aho-Corasick DFA of the same anchors.
//! - `scan/stream`: the same text read in pieces.
//! - `worst/RULE`: for each rule, the slowest of the texts that its anchors and the beginnings of its examples can be made
//!   into: all work, no finding. Below 20 MB/s is a defect of the rule.
//! - `dense/RULE`: nothing but the rule's examples, a finding in every line.
//!
//! `KEYSIEVE_BENCH_FILE=path` measures a file of yours in the place of the generated text.

#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]
#![allow(clippy::print_stdout, reason = "a bench reports there")]

#[path = "text.rs"]
mod text;

use std::hint::black_box;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keysieve::engine::{Options, Scanner};
use keysieve::model::KindSet;
use keysieve::rules::{Rule, RuleSet};

const LEN: usize = 16 << 20;

fn source() -> Vec<u8> {
    match std::env::var_os("KEYSIEVE_BENCH_FILE") {
        Some(path) => std::fs::read(path).expect("the file named by KEYSIEVE_BENCH_FILE can be read"),
        None => text::source_text(LEN, 1),
    }
}

fn scan(criterion: &mut Criterion) {
    let text = source();
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut scratch = scanner.scratch();
    let expected = scanner.scan(&mut scratch, &text, KindSet::PROGRAM).matches.len();
    let mut group = criterion.benchmark_group("scan");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(10);
    group.bench_function("source", |bencher| {
        bencher.iter(|| {
            assert_eq!(scanner.scan(&mut scratch, black_box(&text), KindSet::PROGRAM).matches.len(), expected);
        });
    });
    group.bench_function("stream", |bencher| {
        bencher.iter(|| {
            let scanned = scanner.scan_stream(&mut scratch, &mut black_box(&text[..]), KindSet::PROGRAM);
            assert_eq!(scanned.0.matches.len(), expected);
        });
    });
    let anchors: Vec<_> = RuleSet::builtin().rules().iter().flat_map(|rule| rule.anchors.to_vec()).collect();
    let dfa = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(anchors.iter().map(|anchor| anchor.as_bytes()));
    let dfa = dfa.expect("the anchors are few");
    let hits = dfa.find_iter(&text).count();
    group.bench_function("plain automaton of the anchors", |bencher| {
        bencher.iter(|| assert_eq!(dfa.find_iter(black_box(&text)).count(), hits));
    });
    group.finish();
}

/// Texts that make a rule work for nothing: its anchors and the beginnings of its examples, over and over.
fn worst_texts(rule: &Rule) -> Vec<Vec<u8>> {
    let mut units: Vec<Vec<u8>> = Vec::new();
    for anchor in rule.anchors.iter() {
        for separator in ["", " ", "=", ".", "\"", "_", "\n", " = \"", ": "] {
            units.push(format!("{anchor}{separator}").into_bytes());
        }
        units.push(format!("{anchor}{}", "A".repeat(60)).into_bytes());
        units.push(format!("{}{anchor}", "a_".repeat(30)).into_bytes());
    }
    for example in rule.examples.iter().map(|example| example.as_bytes()) {
        for cut in [1, 2] {
            units.push(example[..example.len() * cut / 3].to_vec());
        }
    }
    repeated(units)
}

/// Nothing but credentials.
fn dense_texts(rule: &Rule) -> Vec<Vec<u8>> {
    repeated(rule.examples.iter().map(|example| format!("{example}\n").into_bytes()).collect())
}

fn repeated(mut units: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    const LEN: usize = 1 << 20;
    units.retain(|unit| !unit.is_empty());
    units.into_iter().map(|unit| unit.iter().copied().cycle().take(LEN).collect()).collect()
}

fn worst(criterion: &mut Criterion) {
    slowest_of(criterion, "worst", worst_texts);
}

fn dense(criterion: &mut Criterion) {
    slowest_of(criterion, "dense", dense_texts);
}

fn slowest_of(criterion: &mut Criterion, name: &str, texts: impl Fn(&Rule) -> Vec<Vec<u8>>) {
    let rules = RuleSet::builtin();
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut scratch = scanner.scratch();
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).measurement_time(Duration::from_millis(500)).warm_up_time(Duration::from_millis(100));
    for rule in rules.rules() {
        let mut time = |text: &Vec<u8>| {
            let start = Instant::now();
            black_box(scanner.scan(&mut scratch, text, KindSet::ALL));
            start.elapsed()
        };
        let Some(slowest) = texts(rule).into_iter().max_by_key(|text| time(text)) else { continue };
        let unit = String::from_utf8_lossy(&slowest[..slowest.len().min(48)]).escape_debug().to_string();
        let rate = slowest.len() as f64 / time(&slowest).as_secs_f64() / 1e6;
        println!("{name}/{}: {rate:.0} MB/s on {unit:?} ...", rule.id);
        group.throughput(Throughput::Bytes(slowest.len() as u64));
        group.bench_function(&*rule.id, |bencher| {
            bencher.iter(|| black_box(scanner.scan(&mut scratch, black_box(&slowest), KindSet::ALL)));
        });
    }
    group.finish();
}

criterion_group!(benches, scan, worst, dense);
criterion_main!(benches);
