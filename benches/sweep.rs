//! A search of a history beside the bare decode of its objects, over and over in one process, so that the two can be
//! compared: `KEYSIEVE_BENCH_REPOSITORY=DIR cargo bench --bench sweep`. Without the variable there is nothing to do.
//!
//! Prints the fastest of a few runs of each, in turn, the ratios, and what was found: first of the sweep alone, which leaves
//! trees out, then of all that leads to paths and commits. Every run opens the packs anew.

#![allow(clippy::print_stdout, reason = "what a bench is for")]

use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use std::{env, fmt, fs};

use keysieve::engine::{Options, Scanner};
use keysieve::git::{Repository, Suspects};
use keysieve::model::{ObjectKind, ObjectName, UnreadReason};
use keysieve::pipeline::{Sifted, Sifter, Silent};
use keysieve::rules::RuleSet;
use keysieve::source::{Object, Sieve};

/// Runs of each.
const RUNS: usize = 3;

/// Keeps nothing and looks at nothing: what is left is the decode, of trees if they are wanted.
struct Bare {
    trees: bool,
}

impl Sieve for Bare {
    type Kept = ();
    type Local = u64;

    fn local(&self) -> u64 {
        0
    }

    fn wants(&self, kind: ObjectKind) -> bool {
        self.trees || kind != ObjectKind::Tree
    }

    fn object(&self, bytes: &mut u64, object: Object<'_>, (): &()) {
        *bytes += object.bytes.len() as u64;
    }

    fn unread(&self, _: &mut u64, _: Option<ObjectName>, _: UnreadReason) {}

    fn stopped(&self) -> bool {
        false
    }
}

fn main() {
    let Some(directory) = env::var_os("KEYSIEVE_BENCH_REPOSITORY") else {
        println!("KEYSIEVE_BENCH_REPOSITORY names no repository: nothing to measure");
        return;
    };
    let repository = Repository::discover(Path::new(&directory)).expect("the repository can be opened");
    let repository = repository.expect("there is a repository");
    let sweep = || repository.sweep().expect("its objects can be opened");
    let bare = |trees| sweep().push(&Bare { trees }).into_iter().sum::<u64>();
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let never = AtomicBool::new(false);
    let sifter = Sifter::new(&scanner, &Silent, &never);

    compare("objects but trees", || bare(false), || Sifted::of(sweep().push(&sifter)));
    compare("all objects", || bare(true), || attributed(&repository, &sifter));
}

/// What the sweep of a repository finds, and where that comes from.
fn attributed(repository: &Repository, sifter: &Sifter<'_>) -> Sifted {
    let sweep = repository.sweep().expect("its objects can be opened");
    let (sifted, noted) = sweep.push_and_note(sifter);
    let sifted = Sifted::of(sifted);
    let suspects = Suspects {
        holding: &sifted.holding,
        unread: &sifted.unread,
        name: &|name| sifter.wants_file(name),
        name_holds: &|name| sifter.holds_something(name),
        connectivity: false,
        max_size: None,
    };
    black_box(repository.history(&noted, suspects, &|| false).expect("its objects can be attributed"));
    sifted
}

/// Prints the least that some runs of each took, in turn.
fn compare(what: &str, mut bare: impl FnMut() -> u64, mut search: impl FnMut() -> Sifted) {
    let (mut of_bare, mut of_search) = (Took::MOST, Took::MOST);
    let (mut bytes, mut found) = (0, Sifted::default());
    for _ in 0..RUNS {
        bytes = of_bare.at_most(&mut bare);
        found = of_search.at_most(&mut search);
    }
    println!("{what}");
    println!("  bare decode  {of_bare}, {bytes} bytes");
    println!("  search       {of_search}, {} of {} objects hold something", found.holding.len(), found.objects);
    let (time, processor) = of_search.times(&of_bare);
    println!("  ratio        {time:.2}, {processor:.2}");
}

/// The time that passed, and that of the processor in hundredths of a second, which is not told everywhere.
struct Took {
    time: Duration,
    processor: u64,
}

impl Took {
    const MOST: Self = Self { time: Duration::MAX, processor: u64::MAX };

    fn at_most<T>(&mut self, run: &mut impl FnMut() -> T) -> T {
        let (started, before) = (Instant::now(), processor_time());
        let result = run();
        self.time = self.time.min(started.elapsed());
        self.processor = self.processor.min(processor_time() - before);
        result
    }

    fn times(&self, other: &Self) -> (f64, f64) {
        (self.time.as_secs_f64() / other.time.as_secs_f64(), self.processor as f64 / other.processor as f64)
    }
}

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ({:.2} s of the processor)", self.time, self.processor as f64 / 100.0)
    }
}

/// What Linux says of this process, which is less noisy beside other work: fields 14 and 15 of
/// <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>.
fn processor_time() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    behind_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum()
}
