//! The engine on one core: bytes a second, with the number of findings asserted, since a fast wrong answer is wrong.
//!
//! - `scan/source`: the built-in rules over source text, and beside it a plain Aho-Corasick DFA of the same anchors.
//! - `scan/stream`: the same text read in pieces.
//!
//! `KEYSIEVE_BENCH_FILE=path` measures a file of yours in the place of the generated text. What text costs that was made to be
//! slow is measured by `worst.rs`.

#![allow(missing_docs, reason = "criterion's macros make undocumented functions")]

#[path = "text.rs"]
mod text;

use std::hint::black_box;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keysieve::engine::{Options, Scanner};
use keysieve::model::KindSet;
use keysieve::rules::RuleSet;

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

criterion_group!(benches, scan);
criterion_main!(benches);
