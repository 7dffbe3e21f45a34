//! For each rule the slowest text that its anchors and the beginnings of its examples can be made into, on one thread. Below
//! 20 MB/s is a defect.
//!
//! `cargo bench --bench worst -- WORD...` measures the rules whose ids hold one of the words; without words, all. `dense` among
//! them measures text of nothing but the examples instead, a finding in every line.
//!
//! Of the texts without a finding and of those with findings, the slowest are chosen by a short piece and measured by a long
//! one. Megabytes are those of a second of processor time, where the system tells it: other work beside hardly counts.

#![allow(clippy::print_stdout, reason = "what a bench is for")]

use std::collections::HashMap;
use std::env;
use std::hint::black_box;
use std::time::Duration;

use keysieve::engine::{Options, Scanner, Scratch};
use keysieve::model::KindSet;
use keysieve::rules::{Rule, RuleSet};

/// Bytes of a text that is measured, and of the piece by which it is chosen.
const LEN: usize = 256 << 10;
const PIECE: usize = 48 << 10;
/// Some rules count nothing in long lines: a text is also measured in lines of so many bytes.
const LINE: usize = 4000;
/// So many texts of a rule are chosen, with findings and without.
const CHOSEN: usize = 3;
/// A text is scanned so often, and no further once it took so long.
const RUNS: usize = 3;
const LONG_ENOUGH: Duration = Duration::from_millis(40);
/// What no rule should fall below, in megabytes a second.
const LEAST: f64 = 20.0;
/// Bytes of a text that are shown.
const SHOWN: usize = 48;

/// What a text is made of, over and over.
type Unit = Vec<u8>;

/// Texts that make a rule work for nothing: its anchors and the beginnings of its examples.
fn worst(rule: &Rule) -> Vec<Unit> {
    const BEHIND: [&str; 11] = ["", " ", "=", ".", "\"", "_", "\n", " = \"", ": ", "=a", "(\""];
    let mut units = Vec::new();
    for anchor in rule.anchors.iter() {
        units.extend(BEHIND.map(|behind| format!("{anchor}{behind}").into_bytes()));
        units.push(format!("{anchor}{}", "A".repeat(60)).into_bytes());
        units.push(format!("{}{anchor}", "a_".repeat(30)).into_bytes());
    }
    for example in rule.examples.iter().map(|example| example.as_bytes()) {
        units.extend([1, 2].map(|cut| example[..example.len() * cut / 3].to_vec()));
    }
    units.retain(|unit| !unit.is_empty());
    units
}

/// Nothing but credentials.
fn dense(rule: &Rule) -> Vec<Unit> {
    rule.examples.iter().map(|example| format!("{example}\n").into_bytes()).collect()
}

/// How fast a text is scanned.
#[derive(Clone, Copy, Debug)]
struct Measured {
    /// In megabytes a second.
    rate: f64,
    findings: usize,
}

/// Measures texts, each once.
struct Bench {
    scanner: Scanner,
    scratch: Scratch,
    pieces: HashMap<Unit, Measured>,
    texts: HashMap<Unit, Measured>,
}

impl Bench {
    fn new() -> Self {
        let scanner = Scanner::new(RuleSet::builtin(), Options::default());
        Self { scratch: scanner.scratch(), scanner, pieces: HashMap::new(), texts: HashMap::new() }
    }

    /// The slowest of `units` without a finding, and that with findings.
    fn slowest(&mut self, units: Vec<Unit>) -> Vec<(Unit, Measured)> {
        let (mut quiet, mut found) = (Vec::new(), Vec::new());
        for unit in units {
            let piece = self.piece(&unit);
            if piece.findings == 0 { &mut quiet } else { &mut found }.push((unit, piece));
        }
        let of_class = |mut class: Vec<(Unit, Measured)>| {
            class.sort_by(|(_, a), (_, b)| a.rate.total_cmp(&b.rate));
            let chosen = class.into_iter().take(CHOSEN).map(|(unit, _)| (self.text(&unit), unit));
            chosen.min_by(|(a, _), (b, _)| a.rate.total_cmp(&b.rate)).map(|(measured, unit)| (unit, measured))
        };
        [quiet, found].into_iter().filter_map(of_class).collect()
    }

    fn piece(&mut self, unit: &Unit) -> Measured {
        if let Some(known) = self.pieces.get(unit) {
            return *known;
        }
        // What is made when first needed is no part of what a text costs.
        self.scan(unit, PIECE / 16, PIECE);
        let measured = self.scan(unit, PIECE, LINE);
        self.pieces.insert(unit.clone(), measured);
        measured
    }

    fn text(&mut self, unit: &Unit) -> Measured {
        if let Some(known) = self.texts.get(unit) {
            return *known;
        }
        let (in_one, in_lines) = (self.fastest(unit, LEN), self.fastest(unit, LINE));
        let slower = if in_one.rate < in_lines.rate { in_one } else { in_lines };
        self.texts.insert(unit.clone(), slower);
        slower
    }

    /// The fastest of some scans of a text in lines of this length.
    fn fastest(&mut self, unit: &Unit, line: usize) -> Measured {
        let started = processor_time();
        let mut best = self.scan(unit, LEN, line);
        for _ in 1..RUNS {
            if processor_time() - started > LONG_ENOUGH {
                break;
            }
            best.rate = best.rate.max(self.scan(unit, LEN, line).rate);
        }
        best
    }

    fn scan(&mut self, unit: &Unit, len: usize, line: usize) -> Measured {
        let mut text: Vec<u8> = unit.iter().copied().cycle().take(len).collect();
        text.iter_mut().skip(line).step_by(line).for_each(|byte| *byte = b'\n');
        let started = processor_time();
        let findings = black_box(self.scanner.scan(&mut self.scratch, &text, KindSet::ALL)).matches.len();
        let took = processor_time() - started;
        Measured { rate: len as f64 / took.as_secs_f64() / 1e6, findings }
    }
}

fn main() {
    let mut words: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let is_dense = words.iter().any(|word| word == "dense");
    words.retain(|word| !["dense", "worst"].contains(&word.as_str()));
    let units = if is_dense { dense } else { worst };
    let rules = RuleSet::builtin();
    let is_wanted = |rule: &&Rule| words.is_empty() || words.iter().any(|word| rule.id.contains(word.as_str()));
    let mut bench = Bench::new();
    let mut all = Vec::new();
    for rule in rules.rules().iter().filter(is_wanted) {
        for (unit, measured) in bench.slowest(units(rule)) {
            println!("{}: {}", rule.id, line(&unit, measured));
            all.push((unit, measured));
        }
    }
    summarize(all);
}

fn line(unit: &[u8], Measured { rate, findings }: Measured) -> String {
    let shown = String::from_utf8_lossy(&unit[..unit.len().min(SHOWN)]).escape_debug().to_string();
    format!("{rate:.1} MB/s, {findings} findings, on {shown:?} ...")
}

/// How many rules are too slow, and on which texts.
fn summarize(mut slowest: Vec<(Unit, Measured)>) {
    for (kind, has_findings) in [("without", false), ("with", true)] {
        let of_kind = slowest.iter().filter(|(_, measured)| (measured.findings > 0) == has_findings);
        let rates: Vec<f64> = of_kind.map(|(_, measured)| measured.rate).collect();
        let below = |least: f64| rates.iter().filter(|rate| **rate < least).count();
        println!(
            "\nof {} rules the slowest text {kind} findings is below {LEAST} MB/s for {}, below 10 for {}, below 5 for {}",
            rates.len(),
            below(LEAST),
            below(10.0),
            below(5.0)
        );
    }
    slowest.sort_by(|(a_unit, a), (b_unit, b)| a.rate.total_cmp(&b.rate).then_with(|| a_unit.cmp(b_unit)));
    slowest.dedup_by(|(a, _), (b, _)| a == b);
    slowest.retain(|(_, measured)| measured.rate < LEAST);
    println!("\nthe texts below {LEAST} MB/s, {} of them:", slowest.len());
    slowest.iter().for_each(|(unit, measured)| println!("{}", line(unit, *measured)));
}

/// Of this thread.
#[cfg(unix)]
fn processor_time() -> Duration {
    use rustix::time::{ClockId, clock_gettime};

    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Where it is not told, the time that passed.
#[cfg(not(unix))]
fn processor_time() -> Duration {
    use std::sync::OnceLock;
    use std::time::Instant;

    static STARTED: OnceLock<Instant> = OnceLock::new();
    STARTED.get_or_init(Instant::now).elapsed()
}
