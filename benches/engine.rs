//! The engine on one core: bytes a second, with the number of findings asserted, since a fast wrong answer is wrong.
//!
//! - `scan/source`: the built-in rules over source text, and beside it a plain Aho-Corasick DFA of the same anchors.
//! - `scan/stream`: the same text read in pieces.
//! - `worst/RULE`: for each rule, the slowest of the texts that its anchors and the beginnings of its examples can be made
//!   into, one that holds findings and one that holds none. Below 20 MB/s is a defect; a summary counts those.
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
    const LEN: usize = 256 << 10;
    units.retain(|unit| !unit.is_empty());
    units.into_iter().map(|unit| unit.iter().copied().cycle().take(LEN).collect()).collect()
}

fn worst(criterion: &mut Criterion) {
    slowest_of(criterion, "worst", worst_texts);
}

fn dense(criterion: &mut Criterion) {
    slowest_of(criterion, "dense", dense_texts);
}

/// The slowest text of a rule.
struct Slowest {
    text: Vec<u8>,
    /// In megabytes a second.
    rate: f64,
    findings: usize,
}

/// Measures every text of every rule once, and the ten slowest as criterion does. A text that is nothing but credentials has
/// its findings kept, sorted and joined, which no rule can help: so those without a finding are counted by themselves.
fn slowest_of(criterion: &mut Criterion, name: &str, texts: impl Fn(&Rule) -> Vec<Vec<u8>>) {
    let rules = RuleSet::builtin();
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut scratch = scanner.scratch();
    let mut measure = |text: Vec<u8>| {
        let time = |scratch: &mut _| {
            let start = Instant::now();
            let findings = black_box(scanner.scan(scratch, &text, KindSet::ALL)).matches.len();
            (start.elapsed(), findings)
        };
        let (elapsed, findings) = time(&mut scratch).min(time(&mut scratch));
        Slowest { rate: text.len() as f64 / elapsed.as_secs_f64() / 1e6, findings, text }
    };
    let mut slowest: Vec<(&Rule, Slowest)> = Vec::new();
    for rule in rules.rules() {
        let (quiet, found): (Vec<_>, Vec<_>) =
            texts(rule).into_iter().map(&mut measure).partition(|it| it.findings == 0);
        for of_kind in [quiet, found] {
            slowest.extend(of_kind.into_iter().min_by(|a, b| a.rate.total_cmp(&b.rate)).map(|it| (rule, it)));
        }
    }
    slowest.sort_by(|(_, a), (_, b)| a.rate.total_cmp(&b.rate));
    for (rule, Slowest { text, rate, findings }) in &slowest {
        let unit = String::from_utf8_lossy(&text[..48]).escape_debug().to_string();
        println!("{name}/{}: {rate:.1} MB/s, {findings} findings, on {unit:?} ...", rule.id);
    }
    for (kind, is_of_kind) in [("without", (|found| found == 0) as fn(usize) -> bool), ("with", |found| found > 0)] {
        let of_kind: Vec<f64> =
            slowest.iter().filter(|(_, it)| is_of_kind(it.findings)).map(|(_, it)| it.rate).collect();
        let below = |least: f64| of_kind.iter().filter(|rate| **rate < least).count();
        let (all, below_20, below_5) = (of_kind.len(), below(20.0), below(5.0));
        println!(
            "{name}: of {all} rules the slowest text {kind} findings is below 20 MB/s for {below_20}, below 5 for {below_5}"
        );
    }
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).measurement_time(Duration::from_millis(500)).warm_up_time(Duration::from_millis(100));
    for (rule, Slowest { text, .. }) in slowest.iter().take(10) {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(&*rule.id, |bencher| {
            bencher.iter(|| black_box(scanner.scan(&mut scratch, black_box(text), KindSet::ALL)));
        });
    }
    group.finish();
}

criterion_group!(benches, scan, worst, dense);
criterion_main!(benches);
