//! How far the scan has come, on standard error, for one that takes longer than a second. Scanning threads only add to
//! two counters; a thread of its own draws. It is gone before the report is printed.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{DecimalBytes, HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use keysieve::model::{Finding, RunInfo, Summary, Unit};
use keysieve::pipeline::Progress;
use keysieve::report::Reporter;

use super::console::Console;
use super::values::When;

/// Shorter work needs no progress; drawing it would only flicker.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two drawings on a terminal: often enough to look alive.
const ON_TERMINAL: Duration = Duration::from_millis(100);
/// Between two lines in a log: seldom enough not to fill it.
const IN_LOG: Duration = Duration::from_secs(10);

/// The part of the work that says how long the rest takes.
const ENOUGH: f64 = 0.05;

/// Counts what is scanned, and shows it.
#[derive(Debug)]
pub(crate) struct Meter {
    counts: Arc<Counts>,
    drawing: Mutex<Option<Drawing>>,
}

/// The thread that draws, and what ends it when it is dropped.
type Drawing = (mpsc::Sender<()>, JoinHandle<()>);

#[derive(Debug, Default)]
struct Counts {
    unit: Unit,
    documents: AtomicU64,
    bytes: AtomicU64,
    /// What there is to go through, and how much of it was; 0 if nobody knows.
    expected: AtomicU64,
    passed: AtomicU64,
    /// Whether all was scanned, and it is looked for where what was found comes from.
    is_scanned: AtomicBool,
}

impl Progress for Meter {
    fn scanned(&self, bytes: u64) {
        self.counts.documents.fetch_add(1, Ordering::Relaxed);
        self.counts.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn expects(&self, amount: u64) {
        self.counts.expected.fetch_add(amount, Ordering::Relaxed);
    }

    fn went_through(&self, amount: u64) {
        self.counts.passed.fetch_add(amount, Ordering::Relaxed);
    }
}

impl Meter {
    /// Starts to count documents of this kind, and to draw where `when` allows it.
    pub(crate) fn start(when: When, unit: Unit) -> Self {
        let is_terminal = io::stderr().is_terminal();
        let draw = match when {
            When::Auto => is_terminal,
            When::Always => true,
            When::Never => false,
        };
        let counts = Arc::new(Counts { unit, ..Counts::default() });
        let drawing = draw.then(|| start_drawing(Arc::clone(&counts), is_terminal)).flatten();
        Self { counts, drawing: Mutex::new(drawing) }
    }

    /// All was scanned: what follows is to find out where it comes from.
    pub(crate) fn scanned_all(&self) {
        self.counts.is_scanned.store(true, Ordering::Relaxed);
    }

    /// Takes the drawing away; returns when it is gone.
    pub(crate) fn finish(&self) {
        let drawing = self.drawing.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((stop, thread)) = drawing {
            drop(stop);
            // A drawing that panicked is no reason to lose the report.
            let _ = thread.join();
        }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.finish();
    }
}

/// As the first of the reporters, it makes room for what the others print.
impl Reporter for &Meter {
    fn begin(&mut self, _: &RunInfo) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, _: &Finding) -> io::Result<()> {
        Meter::finish(self);
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        Meter::finish(self);
        Ok(())
    }
}

/// No thread, no drawing: progress is not worth an error.
fn start_drawing(counts: Arc<Counts>, is_terminal: bool) -> Option<Drawing> {
    let (stop, stopped) = mpsc::channel();
    let draw = move || {
        let begun = Instant::now();
        if !waited(&stopped, PATIENCE) {
        } else if is_terminal {
            draw_on_terminal(&counts, &stopped, begun);
        } else {
            write_to_log(&counts, &stopped, begun);
        }
    };
    thread::Builder::new().name("progress".to_owned()).spawn(draw).ok().map(|thread| (stop, thread))
}

fn draw_on_terminal(counts: &Counts, stopped: &mpsc::Receiver<()>, begun: Instant) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("the template is a constant"));
    loop {
        bar.set_message(counts.describe(begun.elapsed()));
        bar.tick();
        if !waited(stopped, ON_TERMINAL) {
            break bar.finish_and_clear();
        }
    }
}

fn write_to_log(counts: &Counts, stopped: &mpsc::Receiver<()>, begun: Instant) {
    let console = Console::new(When::Never);
    loop {
        console.line("progress", &counts.describe(begun.elapsed()));
        if !waited(stopped, IN_LOG) {
            break;
        }
    }
}

/// Waits that long; false if the work was over first.
fn waited(stopped: &mpsc::Receiver<()>, time: Duration) -> bool {
    stopped.recv_timeout(time) == Err(mpsc::RecvTimeoutError::Timeout)
}

impl Counts {
    fn describe(&self, elapsed: Duration) -> String {
        let (documents, bytes) = (self.documents.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed));
        let rate = bytes as f64 / elapsed.as_secs_f64().max(f64::EPSILON);
        let (documents, unit) = (HumanCount(documents), self.unit.as_str());
        if self.is_scanned.load(Ordering::Relaxed) {
            return format!("scanned {documents} {unit}s, {}; looking for their commits", DecimalBytes(bytes));
        }
        let (bytes, rate) = (DecimalBytes(bytes), DecimalBytes(rate as u64));
        format!("scanning: {documents} {unit}s, {bytes}, {rate}/s{}", self.estimate(elapsed))
    }

    /// How much of what there is was gone through, and how long the rest takes if it goes on like that: nothing before there
    /// is enough to go by.
    fn estimate(&self, elapsed: Duration) -> String {
        let (expected, passed) = (self.expected.load(Ordering::Relaxed), self.passed.load(Ordering::Relaxed));
        if expected == 0 {
            return String::new();
        }
        let part = (passed as f64 / expected as f64).min(1.0);
        let percent = (part * 100.0) as u64;
        if part < ENOUGH {
            return format!(", {percent} %");
        }
        let left = elapsed.as_secs_f64() * (1.0 - part) / part;
        format!(", {percent} %, about {} left", HumanDuration(Duration::from_secs(left.ceil() as u64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_it_is_told() {
        let meter = Meter::start(When::Never, Unit::File);
        meter.scanned(1000);
        meter.scanned(24);
        assert_eq!(meter.counts.describe(Duration::from_secs(1)), "scanning: 2 files, 1.02 kB, 1.02 kB/s");
    }

    #[test]
    fn tells_how_long_it_takes_when_that_is_known() {
        let meter = Meter::start(When::Never, Unit::Object);
        let describe = || meter.counts.describe(Duration::from_secs(10));
        meter.scanned(5000);
        meter.expects(1000);
        meter.went_through(49);
        assert_eq!(describe(), "scanning: 1 objects, 5.00 kB, 500 B/s, 4 %");
        meter.went_through(201);
        assert_eq!(describe(), "scanning: 1 objects, 5.00 kB, 500 B/s, 25 %, about 30 seconds left");
        meter.went_through(2000);
        assert_eq!(describe(), "scanning: 1 objects, 5.00 kB, 500 B/s, 100 %, about 0 seconds left");
        meter.scanned_all();
        assert_eq!(describe(), "scanned 1 objects, 5.00 kB; looking for their commits");
    }

    #[test]
    fn short_work_draws_nothing_and_ends_at_once() {
        let begun = Instant::now();
        drop(Meter::start(When::Always, Unit::File));
        assert!(begun.elapsed() < PATIENCE);
    }
}
