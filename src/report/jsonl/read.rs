//! JSON Lines read again. They come from a file that anyone may have written: every line is checked, nothing is assumed,
//! and an error names the line. What the lines say is believed: a report that was made by hand says what it says.

use std::borrow::Cow;
use std::io::{self, BufRead};

use serde::Deserialize;
use serde_json::Value;

use super::wire::{self, Line};
use crate::model::{
    Confidence, Encoding, Excluded, Fact, Finding, Fingerprint, Introduction, Location, Mask, Name, Occurrence, Origin,
    Related, RunInfo, Secret, Severity, Span, Summary, Suppression, SuppressionKind, Text, Unit, Unread, UnreadReason,
    Vcs,
};
use crate::report::Log;
use crate::rules::{Rule, SUPPRESSION_ADDED};

/// Why a report could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A line is not what it should be.
    #[error("line {line}: {what}")]
    Line {
        /// Which one, from 1 on.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// It does not end with a summary.
    #[error("it has no summary, which is the last line of a report: it was cut off, or is something else")]
    CutOff,
    /// Lines are missing.
    #[error("the summary counts {told} {what}, and there are {found}: lines are missing")]
    Missing {
        /// What is counted.
        what: &'static str,
        /// How many the summary counts.
        told: usize,
        /// How many there are.
        found: usize,
    },
    /// The operating system's answer.
    #[error(transparent)]
    Io(#[from] io::Error),
}

type Checked<T> = Result<T, String>;

/// Reads a whole report; in memory it takes a small multiple of the size of the text.
pub(in crate::report) fn read(input: &mut dyn BufRead, mask: &dyn Mask) -> Result<Log, ReadError> {
    let mut log = Log::default();
    let mut totals = None;
    let mut text = Vec::new();
    for line in 1.. {
        text.clear();
        if input.read_until(b'\n', &mut text)? == 0 {
            break;
        }
        let wrong = |what: String| ReadError::Line { line, what };
        if totals.is_some() {
            return Err(wrong("it follows the summary, which is the last line of a report".to_owned()));
        }
        // The error's own line is always the first one here; its column says where.
        let parsed = serde_json::from_slice(&text).map(|value| clean(value, mask)).and_then(Line::deserialize);
        totals = take(parsed.map_err(|error| wrong(error.to_string()))?, &mut log).map_err(wrong)?;
    }
    finish(log, &totals.ok_or(ReadError::CutOff)?)
}

/// A line as it may be shown. Nearly all are clean as they are, which one look at their texts together tells.
fn clean(line: Value, mask: &dyn Mask) -> Value {
    let mut texts = String::new();
    push_texts(&line, &mut texts);
    if mask.hidden(texts.as_bytes()).is_empty() { line } else { masked(line, mask) }
}

fn push_texts(value: &Value, texts: &mut String) {
    match value {
        Value::String(text) => {
            texts.push_str(text);
            texts.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|value| push_texts(value, texts)),
        Value::Object(members) => members.values().for_each(|value| push_texts(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// All texts as they may be shown; the names of members are ours.
fn masked(value: Value, mask: &dyn Mask) -> Value {
    match value {
        Value::String(text) => Value::String(Text::new(text.as_bytes(), mask).as_str().to_owned()),
        Value::Array(values) => values.into_iter().map(|value| masked(value, mask)).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, masked(value, mask))).collect(),
        value => value,
    }
}

/// Puts a line where it belongs; the last one is given back.
fn take(line: Line<'static>, log: &mut Log) -> Checked<Option<wire::Totals<'static>>> {
    match line {
        Line::Finding(finding) => log.findings.push(finding.try_into()?),
        Line::Unread(unread) => log.summary.unread.push(unread.try_into()?),
        Line::Rule(rule) => log.rules.push(rule.try_into()?),
        Line::Summary(totals) => {
            fill_in(&totals, log)?;
            return Ok(Some(totals));
        }
    }
    Ok(None)
}

fn fill_in(totals: &wire::Totals<'static>, log: &mut Log) -> Checked<()> {
    let of_key = |(key, count): (&Cow<'static, str>, &u64)| {
        let excluded = Excluded::ALL.into_iter().find(|excluded| excluded.key() == key);
        excluded.map(|excluded| (excluded, *count)).ok_or_else(|| unknown("reason to leave something out", key))
    };
    let of_kind = |(kind, count): (&Cow<'static, str>, &usize)| Ok((suppression_kind(kind)?, *count));
    log.info = info(totals);
    log.summary = Summary {
        documents: totals.documents,
        bytes: totals.bytes,
        unit: word([Unit::File, Unit::Object], Unit::as_str, "unit", &totals.unit)?,
        findings: totals.findings,
        failing: totals.failing,
        finding_documents: totals.finding_documents,
        suppressed: totals.suppressed,
        suppressed_by: totals.suppressed_by.iter().map(of_kind).collect::<Checked<_>>()?,
        excluded: totals.excluded.iter().map(of_key).collect::<Checked<_>>()?,
        unread: std::mem::take(&mut log.summary.unread),
        rules: totals.rules,
        interrupted: totals.interrupted,
        ..Summary::default()
    };
    Ok(())
}

fn info(totals: &wire::Totals<'_>) -> RunInfo {
    let text = |text: &Option<Cow<'_, str>>| text.as_deref().map(Text::own);
    let vcs = Vcs {
        repository_uri: text(&totals.repository),
        revision: totals.revision.as_deref().map(str::to_owned),
        branch: text(&totals.branch),
    };
    let is_known = vcs.repository_uri.is_some() || vcs.revision.is_some() || vcs.branch.is_some();
    RunInfo {
        mode: totals.mode.clone().into_owned().into(),
        vcs: Some(vcs).filter(|_| is_known),
        show_secrets: totals.shows_secrets,
        ..RunInfo::default()
    }
}

/// Nothing may be taken for clean because lines were lost on the way.
fn finish(log: Log, totals: &wire::Totals<'_>) -> Result<Log, ReadError> {
    let missing = |what, told, found| ReadError::Missing { what, told, found };
    if log.findings.len() < totals.findings {
        return Err(missing("findings", totals.findings, log.findings.len()));
    }
    if log.summary.unread.len() != totals.unread {
        return Err(missing("unread parts", totals.unread, log.summary.unread.len()));
    }
    Ok(log)
}

impl TryFrom<wire::Finding<'static>> for Finding {
    type Error = String;

    fn try_from(finding: wire::Finding<'static>) -> Checked<Self> {
        if finding.occurrences.is_empty() {
            return Err("a finding has a place at least".to_owned());
        }
        Ok(Self {
            rule: finding.rule,
            severity: severity(&finding.severity)?,
            confidence: confidence(&finding.confidence)?,
            why: finding.why,
            secret: untold(),
            shown: own(finding.secret),
            fingerprint: fingerprint(&finding.fingerprint)?,
            facts: finding.facts.into_iter().map(Into::into).collect(),
            occurrences: finding.occurrences.into_iter().map(TryInto::try_into).collect::<Checked<_>>()?,
            introduction: finding.introduction.map(Into::into),
            fails: finding.fails,
        })
    }
}

impl From<wire::Fact<'static>> for Fact {
    fn from(fact: wire::Fact<'static>) -> Self {
        Self { key: fact.key, value: fact.value.into_owned() }
    }
}

impl TryFrom<wire::Occurrence<'static>> for Occurrence {
    type Error = String;

    fn try_from(occurrence: wire::Occurrence<'static>) -> Checked<Self> {
        let encoding = |name: Cow<'_, str>| word(Encoding::ALL, Encoding::as_str, "encoding", &name);
        Ok(Self {
            origin: origin(&occurrence.origin, occurrence.object, occurrence.path.as_deref())?,
            span: span(occurrence.bytes)?,
            encodings: occurrence.encodings.into_iter().map(encoding).collect::<Checked<_>>()?,
            related: occurrence.related.into_iter().map(TryInto::try_into).collect::<Checked<_>>()?,
            suppression: occurrence.suppression.map(TryInto::try_into).transpose()?,
            path: own(occurrence.path.unwrap_or_default()),
            location: occurrence.location.map(TryInto::try_into).transpose()?,
        })
    }
}

impl TryFrom<wire::Suppression<'static>> for Suppression {
    type Error = String;

    fn try_from(given: wire::Suppression<'static>) -> Checked<Self> {
        Ok(Self {
            kind: suppression_kind(&given.kind)?,
            reason: given.reason.map(own),
            owner: given.owner.map(own),
            until: given.until.map(Cow::into_owned),
        })
    }
}

fn fingerprint(text: &str) -> Checked<Fingerprint> {
    text.parse().map_err(|error| format!("fingerprint: {error}"))
}

impl TryFrom<wire::Related<'static>> for Related {
    type Error = String;

    fn try_from(related: wire::Related<'static>) -> Checked<Self> {
        Ok(Self {
            rule: related.rule,
            description: related.description,
            span: span(related.bytes)?,
            shown: own(related.secret),
            fingerprint: fingerprint(&related.fingerprint)?,
            secret: untold(),
            location: related.location.map(TryInto::try_into).transpose()?,
        })
    }
}

impl TryFrom<wire::Location<'static>> for Location {
    type Error = String;

    fn try_from(location: wire::Location<'static>) -> Checked<Self> {
        let wire::Location { start_line, start_column, end_line, end_column, .. } = location;
        if start_line == 0 || start_column == 0 {
            return Err("lines and columns start at 1".to_owned());
        }
        if (end_line, end_column) < (start_line, start_column) {
            return Err("a location ends before it starts".to_owned());
        }
        let snippet = own(location.snippet);
        let line_hash = location.line_hash.map(|hash| line_hash(&hash)).transpose()?;
        Ok(Self { start_line, start_column, end_line, end_column, snippet, line_hash })
    }
}

impl From<wire::Introduction<'static>> for Introduction {
    fn from(introduction: wire::Introduction<'static>) -> Self {
        Self {
            commit: introduction.commit.into_owned(),
            author: own(introduction.author),
            date: introduction.date.into_owned(),
            summary: own(introduction.summary),
            path: Name::default(),
            in_head: introduction.in_head,
            unreachable: introduction.unreachable,
            last_commit: introduction.last_commit.map(Cow::into_owned),
            paths: introduction.paths.into_iter().map(own).collect(),
            refs: introduction.refs.into_iter().map(own).collect(),
            more_refs: introduction.more_refs,
        }
    }
}

impl TryFrom<wire::Unread<'static>> for Unread {
    type Error = String;

    fn try_from(unread: wire::Unread<'static>) -> Checked<Self> {
        let reason = match &*unread.kind {
            "io" => UnreadReason::Io(unread.reason),
            "limit" => UnreadReason::Limit(unread.reason),
            "changed" => UnreadReason::Changed,
            kind => return Err(unknown("kind of unread part", kind)),
        };
        let origin = origin(&unread.origin, unread.object, unread.path.as_deref())?;
        Ok(Self { origin, reason, path: own(unread.path.unwrap_or_default()) })
    }
}

impl TryFrom<wire::Rule<'static>> for Rule {
    type Error = String;

    /// What reports tell of a rule; what it matches is not told.
    fn try_from(rule: wire::Rule<'static>) -> Checked<Self> {
        Ok(Self {
            id: rule.id,
            description: rule.description,
            severity: severity(&rule.severity)?,
            confidence: confidence(&rule.confidence)?,
            tags: rule.tags.into(),
            remediation: rule.remediation,
            references: rule.references.into(),
            ..SUPPRESSION_ADDED.clone()
        })
    }
}

/// The opposite of [`Origin::kind`], [`Origin::object`] and [`Origin::path`]. The path is the masked one.
fn origin(kind: &str, object: Option<Cow<'_, str>>, path: Option<&str>) -> Checked<Origin> {
    let name = || path.map(Name::new).ok_or_else(|| format!("a place of the kind '{kind}' has a path"));
    let id = || object.map(Cow::into_owned).ok_or_else(|| format!("a place of the kind '{kind}' has an object"));
    Ok(match kind {
        "file" => Origin::File(name()?),
        "file-name" => Origin::FileName(name()?),
        "link-target" => Origin::LinkTarget(name()?),
        "stdin" => Origin::Stdin,
        "staged" => Origin::Staged(name()?),
        "message-file" => Origin::MessageFile(name()?),
        "blob" => Origin::Blob { path: name()?, id: id()? },
        "commit" => Origin::Commit(id()?),
        "tag" => Origin::Tag(id()?),
        "object" => Origin::Object(id()?),
        "object-database" => Origin::Database,
        "ref" => Origin::Ref(name()?),
        _ => return Err(unknown("origin", kind)),
    })
}

fn suppression_kind(given: &str) -> Checked<SuppressionKind> {
    word(SuppressionKind::ALL, SuppressionKind::as_str, "kind of suppression", given)
}

fn severity(given: &str) -> Checked<Severity> {
    given.parse().map_err(|error| format!("severity: {error}"))
}

fn confidence(given: &str) -> Checked<Confidence> {
    given.parse().map_err(|error| format!("confidence: {error}"))
}

fn span(bytes: wire::Bytes) -> Checked<Span> {
    let wire::Bytes { start, end } = bytes;
    if start <= end { Ok(Span::new(start, end)) } else { Err("bytes: they end before they start".to_owned()) }
}

/// The opposite of the writing of [`Location::line_hash`]: `1a2b:1`.
fn line_hash(given: &str) -> Checked<(u64, u32)> {
    let parts = given.split_once(':').and_then(|(hash, count)| {
        Some((u64::from_str_radix(hash, 16).ok()?, count.parse().ok()?)).filter(|_| !hash.starts_with('+'))
    });
    parts.ok_or_else(|| format!("line_hash: '{given}' is not a hash and a count"))
}

/// The one of `all` with this name.
fn word<T: Copy>(
    all: impl IntoIterator<Item = T>,
    name: impl Fn(T) -> &'static str,
    what: &str,
    given: &str,
) -> Checked<T> {
    all.into_iter().find(|one| name(*one) == given).ok_or_else(|| unknown(what, given))
}

fn unknown(what: &str, given: &str) -> String {
    format!("'{given}' is no {what} that keysieve {} knows", env!("CARGO_PKG_VERSION"))
}

fn untold() -> Secret {
    Secret::new([])
}

fn own(text: Cow<'_, str>) -> Text {
    Text::own(text)
}
