//! A sink for tests that writes down what a source pushes, sorted, so that runs of any number of threads compare.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
};

use bstr::ByteSlice;

use super::{Content, Document, Sink, Worker};
use crate::model::{Excluded, Origin, UnreadReason};

/// What was pushed.
#[derive(Default)]
pub(crate) struct Recorder {
    record: Mutex<Record>,
    /// Says "stop" after this many documents; 0 is never.
    stop_after: usize,
    seen: AtomicUsize,
}

#[derive(Default)]
struct Record {
    documents: Vec<(Origin, Vec<u8>)>,
    streams: usize,
    excluded: BTreeMap<Excluded, u64>,
    unread: Vec<String>,
}

impl Recorder {
    /// One that says "stop" after `documents`.
    pub(crate) fn stopping_after(documents: usize) -> Self {
        Self { stop_after: documents, ..Self::default() }
    }

    /// `kind path: content` of every document, sorted; file names are left out.
    pub(crate) fn documents(&self) -> Vec<String> {
        let is_name = |origin: &Origin| matches!(origin, Origin::FileName(_));
        let record = self.lock();
        let documents = record.documents.iter().filter(|(origin, _)| !is_name(origin));
        let mut lines: Vec<_> =
            documents.map(|(origin, bytes)| format!("{}: {}", describe(origin), bytes.as_bstr())).collect();
        lines.sort();
        lines
    }

    /// The paths of all files, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        self.paths(|origin| matches!(origin, Origin::File(_)))
    }

    /// The paths whose names were scanned, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        self.paths(|origin| matches!(origin, Origin::FileName(_)))
    }

    fn paths(&self, wanted: impl Fn(&Origin) -> bool) -> Vec<String> {
        let record = self.lock();
        let wanted = record.documents.iter().filter(|(origin, _)| wanted(origin));
        let mut paths: Vec<_> =
            wanted.filter_map(|(origin, _)| origin.path().map(|name| name.expose().to_string())).collect();
        paths.sort();
        paths
    }

    /// How many documents were streams.
    pub(crate) fn streams(&self) -> usize {
        self.lock().streams
    }

    /// How often this was left out.
    pub(crate) fn excluded(&self, what: Excluded) -> u64 {
        self.lock().excluded.get(&what).copied().unwrap_or_default()
    }

    /// `kind path: reason` of what could not be read, sorted.
    pub(crate) fn unread(&self) -> Vec<String> {
        let mut unread = self.lock().unread.clone();
        unread.sort();
        unread
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().expect("no test goes on after a panic")
    }
}

fn describe(origin: &Origin) -> String {
    origin.path().map_or_else(|| origin.kind().to_owned(), |name| format!("{} {}", origin.kind(), name.expose()))
}

impl Sink for Recorder {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(self)
    }
}

impl Worker for &Recorder {
    fn document(&mut self, document: Document<'_>) {
        let (bytes, streamed) = match document.content {
            Content::Bytes(bytes) => (bytes.to_vec(), false),
            Content::Stream(stream) => {
                let mut bytes = Vec::new();
                stream.read_to_end(&mut bytes).expect("tests read what can be read");
                (bytes, true)
            }
        };
        self.seen.fetch_add(1, Ordering::Relaxed);
        let mut record = self.lock();
        record.streams += usize::from(streamed);
        record.documents.push((document.origin, bytes));
    }

    fn excluded(&mut self, what: Excluded) {
        *self.lock().excluded.entry(what).or_default() += 1;
    }

    fn unread(&mut self, origin: Origin, reason: UnreadReason) {
        self.lock().unread.push(format!("{}: {reason}", describe(&origin)));
    }

    fn stopped(&self) -> bool {
        self.stop_after > 0 && self.seen.load(Ordering::Relaxed) >= self.stop_after
    }
}
