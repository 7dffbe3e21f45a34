//! The sink of a run: each worker scans with buffers of its own and keeps what it found until it is done; then all is
//! put together. Documents without a match leave nothing behind but a count.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::{Progress, archive};
use crate::engine::{Held, Match, Scanned, Scanner, Scratch};
use crate::model::{Excluded, KindSet, Origin, Secret, Span, Text, Unread, UnreadReason};
use crate::rules::{FileMatch, Matcher};
use crate::source::{Content, Document, Sink, Worker};

/// A document that holds something.
#[derive(Debug)]
pub(super) struct Hit {
    pub origin: Origin,
    pub matches: Vec<Match>,
    /// Everything in it that may not be shown; sorted.
    pub hidden: Vec<Span>,
}

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub hits: Vec<Hit>,
    pub documents: u64,
    pub bytes: u64,
    pub excluded: BTreeMap<Excluded, u64>,
    pub unread: Vec<Unread>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.hits.extend(other.hits);
        self.documents += other.documents;
        self.bytes += other.bytes;
        self.unread.extend(other.unread);
        for (what, count) in other.excluded {
            *self.excluded.entry(what).or_default() += count;
        }
    }

    pub(super) fn unread(&mut self, origin: Origin, reason: UnreadReason) {
        self.unread.push(Unread { origin, reason, path: Text::default() });
    }
}

/// Hands out workers and gathers their tallies.
pub(super) struct Collector<'a> {
    scanner: &'a Scanner,
    file_rules: Vec<(usize, &'a FileMatch)>,
    at_home: &'a BTreeSet<Origin>,
    /// What is known of objects, by id.
    held: Option<&'a BTreeMap<String, Held>>,
    progress: &'a dyn Progress,
    interrupted: &'a AtomicBool,
    total: Mutex<Tally>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        scanner: &'a Scanner,
        at_home: &'a BTreeSet<Origin>,
        progress: &'a dyn Progress,
        interrupted: &'a AtomicBool,
    ) -> Self {
        let file_rules = scanner.rules().rules().iter().enumerate().filter_map(|(index, rule)| match &rule.matcher {
            Matcher::File(file) => Some((index, file)),
            Matcher::Regex { .. } | Matcher::Structure(_) | Matcher::Known => None,
        });
        Self {
            scanner,
            file_rules: file_rules.collect(),
            at_home,
            held: None,
            progress,
            interrupted,
            total: Mutex::default(),
        }
    }

    /// The same, and of these objects it is known what they hold.
    pub(super) fn knowing(self, held: Option<&'a BTreeMap<String, Held>>) -> Self {
        Self { held, ..self }
    }

    /// What all workers saw; hits and unread are in no particular order.
    pub(super) fn into_tally(self) -> Tally {
        self.total.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Collector<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Scanning { collector: self, scratch: self.scanner.scratch(), tally: Tally::default() })
    }
}

/// One thread's work.
struct Scanning<'a> {
    collector: &'a Collector<'a>,
    scratch: Scratch,
    tally: Tally,
}

impl Drop for Scanning<'_> {
    fn drop(&mut self) {
        let tally = std::mem::take(&mut self.tally);
        self.collector.total.lock().unwrap_or_else(PoisonError::into_inner).add(tally);
    }
}

impl Worker for Scanning<'_> {
    fn document(&mut self, document: Document<'_>) {
        let Document { origin, kinds, content } = document;
        let files: Vec<(usize, &FileMatch)> = self.files_named(&origin);
        self.scratch.set_at_home(self.collector.at_home.contains(&origin));
        let (scanned, whole, read) = self.scan(content, kinds, &files);
        if let Err(error) = read {
            self.unread(origin.clone(), UnreadReason::Io(format!("reading: {error}")));
        }
        self.note(origin, scanned, whole);
    }

    fn knows(&mut self, object: &Origin, kinds: KindSet) -> bool {
        let held = self.collector.held.zip(object.object()).and_then(|(held, id)| held.get(id));
        let Some(held) = held.filter(|_| self.files_named(object).is_empty()) else { return false };
        self.scratch.set_at_home(self.collector.at_home.contains(object));
        let scanned = self.collector.scanner.settle(&self.scratch, held.clone(), kinds);
        self.note(object.clone(), scanned, None);
        true
    }

    fn excluded(&mut self, what: Excluded) {
        *self.tally.excluded.entry(what).or_default() += 1;
    }

    fn unread(&mut self, origin: Origin, reason: UnreadReason) {
        self.tally.unread(origin, reason);
    }

    fn stopped(&self) -> bool {
        self.collector.interrupted.load(Ordering::Relaxed)
    }
}

impl<'a> Scanning<'a> {
    /// The rules for files that this one's name fits.
    fn files_named(&self, origin: &Origin) -> Vec<(usize, &'a FileMatch)> {
        let (Origin::File(name) | Origin::Staged(name) | Origin::Blob { path: name, .. }) = origin else {
            return Vec::new();
        };
        let rules = self.collector.file_rules.iter().copied();
        rules.filter(|(_, file)| file.matches_name(name.expose())).collect()
    }

    /// What the engine finds in the content, the match of a rule for whole files, and whether all could be read.
    fn scan(
        &mut self,
        content: Content<'_>,
        kinds: KindSet,
        files: &[(usize, &FileMatch)],
    ) -> (Scanned, Option<Match>, io::Result<()>) {
        let scanner = self.collector.scanner;
        let input = match content {
            Content::Bytes(bytes) => {
                self.count_packed(bytes);
                let scanned = scanner.scan(&mut self.scratch, bytes, kinds);
                return (scanned, self.whole_file(files, bytes), Ok(()));
            }
            Content::Stream(input) => input,
        };
        let wanted = if files.is_empty() { archive::HEAD } else { FILE_HEAD };
        let mut head = Vec::new();
        let head_read = Read::take(&mut *input, wanted as u64).read_to_end(&mut head);
        self.count_packed(&head);
        let rest: &mut dyn Read = if head_read.is_ok() { input } else { &mut io::empty() };
        let (scanned, read) = scanner.scan_stream(&mut self.scratch, &mut head.chain(rest), kinds);
        (scanned, self.whole_file(files, &head), head_read.and(read))
    }

    fn count_packed(&mut self, head: &[u8]) {
        if archive::is_packed(head) {
            self.excluded(Excluded::Packed);
        }
    }

    fn whole_file(&self, files: &[(usize, &FileMatch)], head: &[u8]) -> Option<Match> {
        let &(rule, _) = files.iter().find(|(_, file)| file.fits_content(head))?;
        let rules = self.collector.scanner.rules().rules();
        let head = &head[..head.len().min(FILE_HEAD)];
        let span = Span::new(0, head.len().min(1));
        Some(Match {
            rule,
            span,
            place: span,
            secret: Secret::new(Sha256::digest(head).to_vec()),
            field: None,
            severity: rules[rule].severity,
            confidence: rules[rule].confidence,
            why: "file name and content",
            facts: Vec::new(),
            encodings: Vec::new(),
            related: Vec::new(),
            suppressed: None,
        })
    }

    fn note(&mut self, origin: Origin, scanned: Scanned, whole: Option<Match>) {
        // A name is looked at along with its file, which is what a person counts.
        if !matches!(origin, Origin::FileName(_) | Origin::Ref(_)) {
            self.tally.documents += 1;
            self.tally.bytes += scanned.bytes;
            self.collector.progress.scanned(scanned.bytes);
        }
        if scanned.overflow {
            let reason = "more than can be kept was found; what follows in it is not in the report";
            self.tally.unread(origin.clone(), UnreadReason::Limit(reason.to_owned()));
        }
        let matches: Vec<Match> = whole.into_iter().chain(scanned.matches).collect();
        if !matches.is_empty() {
            self.tally.hits.push(Hit { origin, matches, hidden: scanned.hidden });
        }
    }
}

/// The part of a file that stands for the whole in a rule for files, in bytes.
const FILE_HEAD: usize = 64 * 1024;
