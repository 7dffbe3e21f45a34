//! The lines of JSON Lines, field by field as docs/OUTPUT.md has them; the model may change without it. How they are made
//! of the model is told here, the way back in `read.rs`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{self, RunInfo, Summary};
use crate::report::{description, line_hash};
use crate::rules::{self, RuleSet};

type Str<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Line<'a> {
    Finding(Finding<'a>),
    Unread(Unread<'a>),
    Rule(Rule<'a>),
    Summary(Totals<'a>),
}

#[derive(Serialize, Deserialize)]
pub(super) struct Finding<'a> {
    pub(super) fingerprint: String,
    pub(super) rule: Str<'a>,
    pub(super) description: Str<'a>,
    pub(super) severity: Str<'a>,
    pub(super) confidence: Str<'a>,
    pub(super) why: Str<'a>,
    pub(super) secret: Str<'a>,
    pub(super) fails: bool,
    pub(super) facts: Vec<Fact<'a>>,
    pub(super) occurrences: Vec<Occurrence<'a>>,
    pub(super) introduction: Option<Introduction<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Fact<'a> {
    pub(super) key: Str<'a>,
    pub(super) value: Str<'a>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Occurrence<'a> {
    pub(super) origin: Str<'a>,
    pub(super) object: Option<Str<'a>>,
    pub(super) path: Option<Str<'a>>,
    pub(super) bytes: Bytes,
    pub(super) encodings: Vec<Str<'a>>,
    pub(super) location: Option<Location<'a>>,
    pub(super) related: Vec<Related<'a>>,
    pub(super) suppression: Option<Suppression<'a>>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Bytes {
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Location<'a> {
    pub(super) start_line: usize,
    pub(super) start_column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
    pub(super) snippet: Str<'a>,
    pub(super) line_hash: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Related<'a> {
    pub(super) fingerprint: String,
    pub(super) rule: Str<'a>,
    pub(super) description: Str<'a>,
    pub(super) secret: Str<'a>,
    pub(super) bytes: Bytes,
    pub(super) location: Option<Location<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Suppression<'a> {
    pub(super) kind: Str<'a>,
    pub(super) reason: Option<Str<'a>>,
    pub(super) owner: Option<Str<'a>>,
    pub(super) until: Option<Str<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Introduction<'a> {
    pub(super) commit: Str<'a>,
    pub(super) author: Str<'a>,
    pub(super) date: Str<'a>,
    pub(super) summary: Str<'a>,
    pub(super) in_head: bool,
    pub(super) unreachable: bool,
    pub(super) last_commit: Option<Str<'a>>,
    pub(super) paths: Vec<Str<'a>>,
    pub(super) refs: Vec<Str<'a>>,
    pub(super) more_refs: usize,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Unread<'a> {
    pub(super) origin: Str<'a>,
    pub(super) object: Option<Str<'a>>,
    pub(super) path: Option<Str<'a>>,
    pub(super) kind: Str<'a>,
    pub(super) reason: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Rule<'a> {
    pub(super) id: Str<'a>,
    pub(super) description: Str<'a>,
    pub(super) severity: Str<'a>,
    pub(super) confidence: Str<'a>,
    pub(super) tags: Vec<Str<'a>>,
    pub(super) remediation: Str<'a>,
    pub(super) references: Vec<Str<'a>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Totals<'a> {
    pub(super) tool: Str<'a>,
    pub(super) version: Str<'a>,
    pub(super) mode: Str<'a>,
    pub(super) repository: Option<Str<'a>>,
    pub(super) revision: Option<Str<'a>>,
    pub(super) branch: Option<Str<'a>>,
    pub(super) shows_secrets: bool,
    pub(super) rules: usize,
    pub(super) documents: u64,
    pub(super) unit: Str<'a>,
    pub(super) bytes: u64,
    pub(super) findings: usize,
    pub(super) failing: usize,
    pub(super) finding_documents: usize,
    pub(super) suppressed: usize,
    pub(super) suppressed_by: BTreeMap<Str<'a>, usize>,
    pub(super) excluded: BTreeMap<Str<'a>, u64>,
    pub(super) unread: usize,
    pub(super) interrupted: bool,
    pub(super) complete: bool,
}

impl<'a> Finding<'a> {
    pub(super) fn new(finding: &'a model::Finding, rules: &'a RuleSet) -> Self {
        Self {
            fingerprint: finding.fingerprint.to_string(),
            rule: (*finding.rule).into(),
            description: description(rules, &finding.rule).into(),
            severity: finding.severity.as_str().into(),
            confidence: finding.confidence.as_str().into(),
            why: (*finding.why).into(),
            secret: finding.shown.as_str().into(),
            fails: finding.fails,
            facts: finding.facts.iter().map(Fact::new).collect(),
            occurrences: finding.occurrences.iter().map(Occurrence::new).collect(),
            introduction: finding.introduction.as_ref().map(Introduction::new),
        }
    }
}

impl<'a> Fact<'a> {
    fn new(fact: &'a model::Fact) -> Self {
        Self { key: (*fact.key).into(), value: (*fact.value).into() }
    }
}

impl<'a> Occurrence<'a> {
    fn new(occurrence: &'a model::Occurrence) -> Self {
        Self {
            origin: occurrence.origin.kind().into(),
            object: occurrence.origin.object().map(Cow::Borrowed),
            path: path(&occurrence.origin, &occurrence.path),
            bytes: Bytes::new(occurrence.span),
            encodings: occurrence.encodings.iter().map(|encoding| encoding.as_str().into()).collect(),
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
            snippet: location.snippet.as_str().into(),
            line_hash: line_hash(location),
        }
    }
}

impl<'a> Related<'a> {
    fn new(related: &'a model::Related) -> Self {
        Self {
            fingerprint: related.fingerprint.to_string(),
            rule: (*related.rule).into(),
            description: (*related.description).into(),
            secret: related.shown.as_str().into(),
            bytes: Bytes::new(related.span),
            location: related.location.as_ref().map(Location::new),
        }
    }
}

impl<'a> Suppression<'a> {
    fn new(suppression: &'a model::Suppression) -> Self {
        Self {
            kind: suppression.kind.as_str().into(),
            reason: suppression.reason.as_ref().map(text),
            owner: suppression.owner.as_ref().map(text),
            until: suppression.until.as_deref().map(Cow::Borrowed),
        }
    }
}

impl<'a> Introduction<'a> {
    fn new(introduction: &'a model::Introduction) -> Self {
        Self {
            commit: (*introduction.commit).into(),
            author: text(&introduction.author),
            date: (*introduction.date).into(),
            summary: text(&introduction.summary),
            in_head: introduction.in_head,
            unreachable: introduction.unreachable,
            last_commit: introduction.last_commit.as_deref().map(Cow::Borrowed),
            paths: introduction.paths.iter().map(text).collect(),
            refs: introduction.refs.iter().map(text).collect(),
            more_refs: introduction.more_refs,
        }
    }
}

impl<'a> Unread<'a> {
    pub(super) fn new(unread: &'a model::Unread) -> Self {
        Self {
            origin: unread.origin.kind().into(),
            object: unread.origin.object().map(Cow::Borrowed),
            path: path(&unread.origin, &unread.path),
            kind: unread.reason.kind().into(),
            reason: unread.reason.to_string(),
        }
    }
}

impl<'a> Rule<'a> {
    pub(super) fn new(rule: &'a rules::Rule) -> Self {
        Self {
            id: (*rule.id).into(),
            description: (*rule.description).into(),
            severity: rule.severity.as_str().into(),
            confidence: rule.confidence.as_str().into(),
            tags: rule.tags.iter().map(|tag| (**tag).into()).collect(),
            remediation: (*rule.remediation).into(),
            references: rule.references.iter().map(|reference| (**reference).into()).collect(),
        }
    }
}

impl<'a> Totals<'a> {
    pub(super) fn new(summary: &Summary, info: &'a RunInfo) -> Self {
        let vcs = info.vcs.as_ref();
        Self {
            tool: env!("CARGO_PKG_NAME").into(),
            version: env!("CARGO_PKG_VERSION").into(),
            mode: (*info.mode).into(),
            repository: vcs.and_then(|vcs| vcs.repository_uri.as_ref()).map(text),
            revision: vcs.and_then(|vcs| vcs.revision.as_deref()).map(Cow::Borrowed),
            branch: vcs.and_then(|vcs| vcs.branch.as_ref()).map(text),
            shows_secrets: info.show_secrets,
            rules: summary.rules,
            documents: summary.documents,
            unit: summary.unit.as_str().into(),
            bytes: summary.bytes,
            findings: summary.findings,
            failing: summary.failing,
            finding_documents: summary.finding_documents,
            suppressed: summary.suppressed,
            suppressed_by: summary.suppressed_by.iter().map(|(kind, count)| (kind.as_str().into(), *count)).collect(),
            excluded: summary.excluded.iter().map(|(what, count)| (what.key().into(), *count)).collect(),
            unread: summary.unread.len(),
            interrupted: summary.interrupted,
            complete: summary.complete(),
        }
    }
}

fn path<'a>(origin: &model::Origin, path: &'a model::Text) -> Option<Str<'a>> {
    origin.path().map(|_| text(path))
}

fn text(text: &model::Text) -> Str<'_> {
    text.as_str().into()
}
