//! The sweep of an object database beside the bare decode of its objects, over and over in one process, so that the two can
//! be compared: `KEYSIEVE_BENCH_REPOSITORY=DIR cargo bench --bench sweep`. Without the variable there is nothing to do.
//!
//! Prints the fastest of a few runs of each, the ratio, and what was found beside it.

#![allow(clippy::print_stdout, reason = "what a bench is for")]

use std::env;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use keysieve::engine::{Options, Scanner};
use keysieve::git::{Repository, Sweep};
use keysieve::model::{ObjectKind, ObjectName, UnreadReason};
use keysieve::pipeline::{Sifted, Sifter, Silent};
use keysieve::rules::RuleSet;
use keysieve::source::{Object, Sieve};

/// Runs of each.
const RUNS: usize = 3;

/// Keeps nothing and looks at nothing: what is left is the decode.
struct Bare;

impl Sieve for Bare {
    type Kept = ();
    type Local = u64;

    fn local(&self) -> u64 {
        0
    }

    fn wants(&self, kind: ObjectKind) -> bool {
        kind != ObjectKind::Tree
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
    let sweep = repository.expect("there is a repository").sweep().expect("its objects can be opened");
    let (bare, bytes) = fastest(|| sweep.push(&Bare).into_iter().sum::<u64>());
    let (sifted, found) = fastest(|| sift(&sweep));
    println!("bare decode  {bare:?}, {bytes} bytes");
    println!("sweep        {sifted:?}, {} of {} objects hold something", found.holding.len(), found.objects);
    println!("ratio        {:.2}", sifted.as_secs_f64() / bare.as_secs_f64());
}

fn sift(sweep: &Sweep) -> Sifted {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let never = AtomicBool::new(false);
    Sifted::of(sweep.push(&Sifter::new(&scanner, &Silent, &never)))
}

/// The shortest time of a few runs, and what the last one came to.
fn fastest<T>(mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut timed = || {
        let started = Instant::now();
        let result = run();
        (started.elapsed(), result)
    };
    let (mut best, mut result) = timed();
    for _ in 1..RUNS {
        let (time, again) = timed();
        (best, result) = (best.min(time), again);
    }
    (best, result)
}
