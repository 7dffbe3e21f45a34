//! The only place where input meets output: a source pushes documents, the scanner finds matches (`collect.rs`), what of
//! these is news (`news.rs`) becomes findings (`assemble.rs`), triage keeps some, the documents of those are opened again
//! for line and column (`materialise.rs`, `locate.rs`), reporters print.
//!
//! Layer 5. It knows sources and reporters by their traits alone.

mod archive;
mod assemble;
mod collect;
pub mod locate;
mod materialise;
mod news;
mod sift;

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use self::collect::Collector;
use crate::engine::Scanner;
use crate::model::{Excluded, Finding, Mask, NoMask, Occurrence, Origin, RunInfo, Span, Summary, Unit};
use crate::report::Reporter;
use crate::source::{Source, SourceError};
use crate::triage::{Policy, Suppressions};

pub use self::assemble::judged;
pub use self::sift::{Sifted, Sifter, Sifting};

/// A run: what to scan, with what, and how to judge it.
pub struct Run<'a> {
    /// Where the documents come from.
    pub source: &'a dyn Source,
    /// What was there before: a secret that also stands in one of these documents is not new, and not reported. Read
    /// only if something was found.
    pub before: Option<&'a dyn Source>,
    /// Which comments allow a secret.
    pub directives: Directives<'a>,
    /// What else accepts secrets.
    pub accepted: Accepted<'a>,
    /// What looks at them.
    pub scanner: &'a Scanner,
    /// What decides which text must not be shown: with all rules, also those that are not asked for. The scanner itself,
    /// if these are the same.
    pub masker: &'a Scanner,
    /// Documents that known values come from: there they are no leak.
    pub at_home: &'a BTreeSet<Origin>,
    /// What reports begin with.
    pub info: RunInfo,
    /// What was looked at before the documents of the source were chosen, if they were.
    pub first_pass: Option<FirstPass<'a>>,
    /// Which findings are kept and which fail.
    pub policy: Policy,
    /// Set to end the run early with what has been found by then.
    pub interrupted: &'a AtomicBool,
    /// Told of the work as it goes.
    pub progress: &'a dyn Progress,
}

/// What is accepted by fingerprint or path.
#[derive(Clone, Copy, Debug)]
pub struct Accepted<'a> {
    /// What says so.
    pub suppressions: &'a Suppressions,
    /// What a change adds to the files that say so.
    pub added: &'a [AddedEntries],
    /// Whether what is accepted is reported as such, by comments too; if not it is counted.
    pub are_shown: bool,
}

/// What a change that comes from outside adds to an allow file or a baseline. It does not count, and is reported.
#[derive(Clone, Debug)]
pub struct AddedEntries {
    /// The file. It need not be a document of the run's source.
    pub origin: Origin,
    /// What is in it.
    pub content: Arc<[u8]>,
    /// The lines: where they are, and what they say.
    pub lines: Vec<(Span, Vec<u8>)>,
    /// What kind of file it is, in a word.
    pub kind: &'static str,
    /// What each of them comes to, if that can be said without quoting it.
    pub says: Vec<String>,
    /// Whether that makes the run fail.
    pub strict: bool,
}

/// A pass over everything, of which the documents of a run are what was found suspect.
#[derive(Clone, Copy, Debug)]
pub struct FirstPass<'a> {
    /// What it saw.
    pub sifted: &'a Sifted,
    /// When it began.
    pub started: Instant,
}

/// Which comments allow the secret beside them.
#[derive(Clone, Copy)]
pub enum Directives<'a> {
    /// All: what is scanned is the work of those who run this.
    Count,
    /// None, and none is reported. Goes with a scanner that is [distrusting](crate::engine::Scanner::distrusting).
    Ignore,
    /// Those that allow what is allowed in the base as well: a change that comes from outside must not silence itself.
    /// The others do not count, and are reported. Goes with a scanner that is
    /// [distrusting](crate::engine::Scanner::distrusting).
    CountIfIn {
        /// All that was there before the change. Read only if the change has comments that allow something.
        base: &'a dyn Source,
        /// Whether to add such a comment makes the run fail.
        strict: bool,
    },
}

/// Told of the work as it goes, by several threads.
pub trait Progress: Sync {
    /// One more document of this many bytes was scanned.
    fn scanned(&self, bytes: u64);

    /// There is so much to go through in all, by a measure of its own.
    fn expects(&self, _amount: u64) {}

    /// So much more of that was gone through.
    fn went_through(&self, _amount: u64) {}
}

/// No one is told.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn scanned(&self, _bytes: u64) {}
}

/// Why a run came to no result.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Nothing could be scanned.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A report could not be written.
    #[error("writing the report: {0}")]
    Report(#[from] io::Error),
}

/// Scans, and reports to each of `reporters`.
///
/// # Errors
/// If nothing could be scanned or a report could not be written. What could not be read of a source is no error: it is
/// in the summary.
pub fn run(run: &Run<'_>, reporters: &mut [Box<dyn Reporter + '_>]) -> Result<Summary, RunError> {
    let started = run.first_pass.map_or_else(Instant::now, |first| first.started);
    let held = run.first_pass.map(|first| &first.sifted.held);
    let collector = Collector::new(run.scanner, run.at_home, run.progress, run.interrupted).knowing(held);
    run.source.push(&collector)?;
    let mut tally = collector.into_tally();
    log::debug!("scanned {} documents, {} bytes in {:?}", tally.documents, tally.bytes, started.elapsed());

    let mask: &dyn Mask = if run.info.show_secrets { &NoMask } else { run.masker };
    let mut hits = std::mem::take(&mut tally.hits);
    let additions = news::sort_out(run, &mut hits)?;
    let mut assembled = assemble::findings(run, &hits, mask);
    run.policy.judge_at(&mut assembled.findings, &|origin| assemble::paths(run, origin));
    assembled.findings.extend(assemble::additions(run, &additions, mask));
    assembled.findings.extend(assemble::added_entries(run.accepted.added));
    let gone = materialise::fill_in(run, &hits, &mut assembled.findings, mask);
    gone.into_iter().for_each(|(origin, reason)| tally.unread(origin, reason));
    assembled.findings.iter_mut().for_each(|finding| introduce(run.source, finding, mask));
    assembled.findings.sort_by(|a, b| place(a).cmp(&place(b)));

    tally.unread.iter_mut().for_each(|unread| unread.path = materialise::path(&unread.origin, mask));
    tally.unread.sort_by(|a, b| a.origin.cmp(&b.origin));
    let sifted = run.first_pass.map(|first| first.sifted);
    if let Some(sifted) = sifted {
        // All were counted there, and not only those that were read again.
        tally.excluded.remove(&Excluded::Packed);
        tally.excluded.extend((sifted.archives > 0).then_some((Excluded::Packed, sifted.archives)));
    }
    let summary = Summary {
        documents: sifted.map_or(tally.documents, |sifted| sifted.objects),
        bytes: sifted.map_or(tally.bytes, |sifted| sifted.bytes),
        unit: if sifted.is_some() { Unit::Object } else { Unit::File },
        findings: assembled.findings.iter().filter(|finding| !finding.is_suppressed()).count(),
        failing: assembled.findings.iter().filter(|finding| finding.fails).count(),
        finding_documents: documents(&assembled.findings),
        suppressed: assembled.suppressed.values().sum(),
        suppressed_by: assembled.suppressed,
        excluded: tally.excluded,
        unread: tally.unread,
        rules: run.scanner.rules().rules().len(),
        interrupted: run.interrupted.load(Ordering::Relaxed),
        elapsed: started.elapsed(),
    };
    report(&run.info, &assembled.findings, &summary, reporters)?;
    log::debug!("reported {} findings after {:?}", summary.findings, started.elapsed());
    Ok(summary)
}

fn introduce(source: &dyn Source, finding: &mut Finding, mask: &dyn Mask) {
    let is_suppressed = finding.is_suppressed();
    let told = finding.occurrences.iter().filter(|occurrence| is_suppressed || occurrence.suppression.is_none());
    let origins: Vec<_> = told.map(|occurrence| &occurrence.origin).collect();
    finding.introduction = source.introduction(&origins, mask);
    finding.occurrences.sort_by_key(|occurrence| source.rank(&occurrence.origin));
}

/// What findings are sorted by.
fn place(finding: &Finding) -> (&str, usize, usize, usize, &str) {
    let is_live = |occurrence: &&Occurrence| occurrence.suppression.is_none();
    let first = finding.occurrences.iter().find(is_live).unwrap_or(&finding.occurrences[0]);
    let (line, column) = first.location.as_ref().map_or((0, 0), |at| (at.start_line, at.start_column));
    (first.path.as_str(), line, column, first.span.start, &finding.rule)
}

fn documents(findings: &[Finding]) -> usize {
    let places = findings.iter().flat_map(|finding| &finding.occurrences);
    let live = places.filter(|occurrence| occurrence.suppression.is_none());
    let mut origins: Vec<_> = live.map(|occurrence| &occurrence.origin).collect();
    origins.sort_unstable();
    origins.dedup();
    origins.len()
}

fn report(
    info: &RunInfo,
    findings: &[Finding],
    summary: &Summary,
    reporters: &mut [Box<dyn Reporter + '_>],
) -> io::Result<()> {
    for reporter in reporters {
        reporter.begin(info)?;
        findings.iter().try_for_each(|finding| reporter.finding(finding))?;
        reporter.finish(summary)?;
    }
    Ok(())
}
