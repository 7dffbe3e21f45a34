//! JSON Lines, the lossless form: an object for each finding, for each thing that was not read, and a last one for the
//! summary, told apart by `type`. The structs here are the wire format, field by field as docs/OUTPUT.md has it; the
//! model may change without it. No time enters it, so that two runs write the same bytes.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::Serialize;

use super::{Reporter, description, json};
use crate::model::{self, RunInfo, Summary};
use crate::rules::RuleSet;

/// Writes JSON Lines.
pub(super) struct JsonlReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    mode: &'static str,
}

impl<'a> JsonlReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet) -> Self {
        Self { out, rules, mode: "" }
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        json::write(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }
}

impl Reporter for JsonlReport<'_> {
    fn begin(&mut self, info: &RunInfo) -> io::Result<()> {
        self.mode = info.mode;
        Ok(())
    }

    fn finding(&mut self, finding: &model::Finding) -> io::Result<()> {
        self.line(&Line::Finding(Finding::new(finding, self.rules)))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        for unread in &summary.unread {
            self.line(&Line::Unread(Unread::new(unread)))?;
        }
        self.line(&Line::Summary(Totals::new(summary, self.mode)))?;
        self.out.flush()
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Finding(Finding<'a>),
    Unread(Unread<'a>),
    Summary(Totals),
}

#[derive(Serialize)]
struct Finding<'a> {
    fingerprint: String,
    rule: &'a str,
    description: &'a str,
    severity: &'static str,
    confidence: &'static str,
    why: &'static str,
    secret: &'a str,
    fails: bool,
    facts: Vec<Fact<'a>>,
    occurrences: Vec<Occurrence<'a>>,
    introduction: Option<Introduction<'a>>,
}

#[derive(Serialize)]
struct Fact<'a> {
    key: &'static str,
    value: &'a str,
}

#[derive(Serialize)]
struct Occurrence<'a> {
    origin: &'static str,
    object: Option<&'a str>,
    path: Option<&'a str>,
    bytes: Bytes,
    encodings: Vec<&'static str>,
    location: Option<Location<'a>>,
    related: Vec<Related<'a>>,
    suppression: Option<Suppression<'a>>,
}

#[derive(Serialize)]
struct Bytes {
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Location<'a> {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    snippet: &'a str,
    line_hash: Option<String>,
}

#[derive(Serialize)]
struct Related<'a> {
    rule: &'a str,
    description: &'a str,
    secret: String,
    bytes: Bytes,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    reason: Option<&'a str>,
    owner: Option<&'a str>,
    until: Option<&'a str>,
}

#[derive(Serialize)]
struct Introduction<'a> {
    commit: &'a str,
    author: &'a str,
    date: &'a str,
    summary: &'a str,
    in_head: bool,
    unreachable: bool,
    last_commit: Option<&'a str>,
    paths: Vec<&'a str>,
    refs: Vec<&'a str>,
    more_refs: usize,
}

#[derive(Serialize)]
struct Unread<'a> {
    origin: &'static str,
    object: Option<&'a str>,
    path: Option<&'a str>,
    kind: &'static str,
    reason: String,
}

#[derive(Serialize)]
struct Totals {
    tool: &'static str,
    version: &'static str,
    mode: &'static str,
    rules: usize,
    documents: u64,
    bytes: u64,
    findings: usize,
    failing: usize,
    finding_documents: usize,
    suppressed: usize,
    suppressed_by: BTreeMap<&'static str, usize>,
    excluded: BTreeMap<&'static str, u64>,
    unread: usize,
    interrupted: bool,
    complete: bool,
}

impl<'a> Finding<'a> {
    fn new(finding: &'a model::Finding, rules: &'a RuleSet) -> Self {
        Self {
            fingerprint: finding.fingerprint.to_string(),
            rule: &finding.rule,
            description: description(rules, &finding.rule),
            severity: finding.severity.as_str(),
            confidence: finding.confidence.as_str(),
            why: finding.why,
            secret: finding.shown.as_str(),
            fails: finding.fails,
            facts: finding.facts.iter().map(|fact| Fact { key: fact.key, value: &fact.value }).collect(),
            occurrences: finding.occurrences.iter().map(Occurrence::new).collect(),
            introduction: finding.introduction.as_ref().map(Introduction::new),
        }
    }
}

impl<'a> Occurrence<'a> {
    fn new(occurrence: &'a model::Occurrence) -> Self {
        Self {
            origin: occurrence.origin.kind(),
            object: occurrence.origin.object(),
            path: path(&occurrence.origin, &occurrence.path),
            bytes: Bytes::new(occurrence.span),
            encodings: occurrence.encodings.iter().map(|encoding| encoding.as_str()).collect(),
            location: occurrence.location.as_ref().map(Location::new),
            related: occurrence.related.iter().map(Related::new).collect(),
            suppression: occurrence.suppression.as_ref().map(Suppression::new),
        }
    }
}

impl Bytes {
    fn new(span: model::Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

impl<'a> Location<'a> {
    fn new(location: &'a model::Location) -> Self {
        Self {
            start_line: location.start_line,
            start_column: location.start_column,
            end_line: location.end_line,
            end_column: location.end_column,
            snippet: location.snippet.as_str(),
            line_hash: super::line_hash(location),
        }
    }
}

impl<'a> Related<'a> {
    fn new(related: &'a model::Related) -> Self {
        Self {
            rule: &related.rule,
            description: &related.description,
            secret: related.secret.masked(),
            bytes: Bytes::new(related.span),
            location: related.location.as_ref().map(Location::new),
        }
    }
}

impl<'a> Suppression<'a> {
    fn new(suppression: &'a model::Suppression) -> Self {
        Self {
            kind: suppression.kind.as_str(),
            reason: suppression.reason.as_ref().map(model::Text::as_str),
            owner: suppression.owner.as_ref().map(model::Text::as_str),
            until: suppression.until.as_deref(),
        }
    }
}

impl<'a> Introduction<'a> {
    fn new(introduction: &'a model::Introduction) -> Self {
        Self {
            commit: &introduction.commit,
            author: introduction.author.as_str(),
            date: &introduction.date,
            summary: introduction.summary.as_str(),
            in_head: introduction.in_head,
            unreachable: introduction.unreachable,
            last_commit: introduction.last_commit.as_deref(),
            paths: introduction.paths.iter().map(model::Text::as_str).collect(),
            refs: introduction.refs.iter().map(model::Text::as_str).collect(),
            more_refs: introduction.more_refs,
        }
    }
}

impl<'a> Unread<'a> {
    fn new(unread: &'a model::Unread) -> Self {
        Self {
            origin: unread.origin.kind(),
            object: unread.origin.object(),
            path: path(&unread.origin, &unread.path),
            kind: unread.reason.kind(),
            reason: unread.reason.to_string(),
        }
    }
}

impl Totals {
    fn new(summary: &Summary, mode: &'static str) -> Self {
        Self {
            tool: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            mode,
            rules: summary.rules,
            documents: summary.documents,
            bytes: summary.bytes,
            findings: summary.findings,
            failing: summary.failing,
            finding_documents: summary.finding_documents,
            suppressed: summary.suppressed,
            suppressed_by: summary.suppressed_by.iter().map(|(kind, count)| (kind.as_str(), *count)).collect(),
            excluded: summary.excluded.iter().map(|(what, count)| (what.key(), *count)).collect(),
            unread: summary.unread.len(),
            interrupted: summary.interrupted,
            complete: summary.complete(),
        }
    }
}

fn path<'a>(origin: &model::Origin, path: &'a model::Text) -> Option<&'a str> {
    origin.path().map(|_| path.as_str())
}
