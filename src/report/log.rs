//! A whole report as data: what JSON Lines hold, to be reported again in any format, alone or together with others.

use std::collections::BTreeMap;
use std::io::{self, BufRead};

use super::{ReadError, Reporter, jsonl};
use crate::model::{Finding, Introduction, Mask, Occurrence, Origin, RunInfo, Span, Summary, Unit};
use crate::rules::{Rule, RuleSet};

/// The mode of a report that was made of reports of different modes.
const MERGED: &str = "merged";

/// A run that was reported.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// What it was.
    pub info: RunInfo,
    /// Rules that were looked for and are not built in, as far as reports tell of them.
    pub rules: Vec<Rule>,
    /// What was found, in the order of the report.
    pub findings: Vec<Finding>,
    /// How it went.
    pub summary: Summary,
}

impl Log {
    /// Reads JSON Lines. Whoever wrote them, `mask` hides in every text of them what must not be shown.
    ///
    /// # Errors
    /// If that is not a whole report in JSON Lines.
    pub fn read(input: &mut dyn BufRead, mask: &dyn Mask) -> Result<Self, ReadError> {
        jsonl::read(input, mask)
    }

    /// The rules to report it with: `known` ones, and those that only it knows.
    pub fn rules_with(&self, known: &RuleSet) -> RuleSet {
        let own = self.rules.iter().filter(|rule| known.get(&rule.id).is_none());
        let mut rules: Vec<Rule> = known.rules().iter().chain(own).cloned().collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        rules.dedup_by(|a, b| a.id == b.id);
        RuleSet::new(rules)
    }

    /// Reports it again.
    ///
    /// # Errors
    /// If the report could not be written.
    pub fn report(&self, reporter: &mut dyn Reporter) -> io::Result<()> {
        reporter.begin(&self.info)?;
        self.findings.iter().try_for_each(|finding| reporter.finding(finding))?;
        reporter.finish(&self.summary)
    }

    /// One report of several: a secret that was found by the same rule in more than one of them is one finding, with all
    /// its places. What one run did not read stays unread, whatever the others read. Sorted as the report of a run is.
    pub fn merge(logs: Vec<Self>) -> Self {
        let info = merged_info(&logs);
        let mut merged = Self { info, ..Self::default() };
        let mut index: BTreeMap<(String, String), usize> = BTreeMap::new();
        for (nth, log) in logs.into_iter().enumerate() {
            for finding in log.findings {
                let key = (finding.fingerprint.to_string(), finding.rule.to_string());
                match index.get(&key) {
                    Some(&at) => unite(&mut merged.findings[at], finding),
                    None => {
                        index.insert(key, merged.findings.len());
                        merged.findings.push(finding);
                    }
                }
            }
            merged.rules.extend(log.rules);
            add(&mut merged.summary, log.summary, nth == 0);
        }
        merged.findings.sort_by(|a, b| place(a).cmp(&place(b)));
        count(&mut merged);
        merged
    }
}

/// What all of them say; nothing where they differ.
fn merged_info(logs: &[Log]) -> RunInfo {
    let Some(first) = logs.first().map(|log| &log.info) else { return RunInfo::default() };
    let is_shared = |same: &dyn Fn(&RunInfo) -> bool| logs.iter().all(|log| same(&log.info));
    RunInfo {
        mode: if is_shared(&|info| info.mode == first.mode) { first.mode.clone() } else { MERGED.into() },
        vcs: first.vcs.clone().filter(|_| is_shared(&|info| info.vcs == first.vcs)),
        show_secrets: logs.iter().any(|log| log.info.show_secrets),
        ..RunInfo::default()
    }
}

/// The same secret, found by another run: as severe and as sure as the better of both, with the places of both.
fn unite(one: &mut Finding, other: Finding) {
    if other.confidence > one.confidence {
        (one.confidence, one.why) = (other.confidence, other.why);
    }
    one.severity = one.severity.max(other.severity);
    one.fails |= other.fails;
    one.facts.extend(other.facts);
    one.facts.sort();
    one.facts.dedup();
    let places = one.occurrences.iter().enumerate();
    let places: BTreeMap<(Origin, Span), usize> =
        places.map(|(at, known)| ((known.origin.clone(), known.span), at)).collect();
    for occurrence in other.occurrences {
        match places.get(&(occurrence.origin.clone(), occurrence.span)) {
            Some(&at) => unite_places(&mut one.occurrences[at], occurrence),
            None => one.occurrences.push(occurrence),
        }
    }
    one.introduction = match (one.introduction.take(), other.introduction) {
        (Some(one), Some(other)) => Some(if knowledge(&other) > knowledge(&one) { other } else { one }),
        (one, other) => one.or(other),
    };
}

/// A place that is suppressed for one run only is reported, and one that only one of them could tell is told.
fn unite_places(one: &mut Occurrence, other: Occurrence) {
    let suppression = one.suppression.take().filter(|_| other.suppression.is_some());
    if one.location.is_none() {
        *one = other;
    }
    one.suppression = suppression;
}

/// A sweep of the whole history knows more than a range of commits does; of two that know as much, the earlier is first.
fn knowledge(introduction: &Introduction) -> (bool, std::cmp::Reverse<&str>) {
    (introduction.last_commit.is_some(), std::cmp::Reverse(&introduction.date))
}

fn add(sum: &mut Summary, other: Summary, is_first: bool) {
    sum.unit = if is_first || sum.unit == other.unit { other.unit } else { Unit::File };
    sum.documents = sum.documents.saturating_add(other.documents);
    sum.bytes = sum.bytes.saturating_add(other.bytes);
    sum.suppressed = sum.suppressed.saturating_add(other.suppressed);
    sum.rules = sum.rules.max(other.rules);
    sum.interrupted |= other.interrupted;
    for (kind, number) in other.suppressed_by {
        let known = sum.suppressed_by.entry(kind).or_default();
        *known = known.saturating_add(number);
    }
    for (what, number) in other.excluded {
        let known = sum.excluded.entry(what).or_default();
        *known = known.saturating_add(number);
    }
    sum.unread.extend(other.unread);
}

fn count(log: &mut Log) {
    log.rules.sort_by(|a, b| a.id.cmp(&b.id));
    log.rules.dedup_by(|a, b| a.id == b.id);
    log.summary.unread.sort_by_cached_key(|unread| (unread.origin.clone(), unread.reason.to_string()));
    log.summary.unread.dedup_by(|a, b| (&a.origin, &a.reason) == (&b.origin, &b.reason));
    let shown: Vec<&Finding> = log.findings.iter().filter(|finding| super::shown(finding).next().is_some()).collect();
    log.summary.findings = shown.len();
    log.summary.failing = shown.iter().filter(|finding| finding.fails).count();
    let mut documents: Vec<_> =
        shown.iter().flat_map(|finding| super::shown(finding)).map(|occurrence| &occurrence.origin).collect();
    documents.sort_unstable();
    documents.dedup();
    log.summary.finding_documents = documents.len();
}

/// What findings are sorted by.
fn place(finding: &Finding) -> (&str, usize, usize, usize, &str) {
    let Some(first) = finding.occurrences.first() else { return ("", 0, 0, 0, &finding.rule) };
    let (line, column) = first.location.as_ref().map_or((0, 0), |at| (at.start_line, at.start_column));
    (first.path.as_str(), line, column, first.span.start, &finding.rule)
}
