//! A finding as a SARIF result: its first place is the location, since readers use only that one; the other parts of
//! the credential and its other places are related locations.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use serde_sarif::sarif;

use super::{
    bag, int,
    message::{literal, quoted},
    rules::{Rules, level},
    uri,
};
use crate::model::{
    Confidence, Finding, Introduction, Location, Occurrence, Origin, RunInfo, Span, Suppression, SuppressionKind, Text,
    is_absolute,
};
use crate::report::{line_hash, listed, place, shown};

/// GitHub takes 1,000 locations of a result; one of them is the first place.
const MOST_RELATED: usize = 999;
/// Our name for the fingerprint, with its version.
const FINGERPRINT: &str = "keysieve/v1";
/// The one partial fingerprint that GitHub uses.
const LINE_HASH: &str = "primaryLocationLineHash";

/// The places of a finding that a log tells, the first one first.
pub(super) struct Places<'a>(Vec<&'a Occurrence>);

impl<'a> Places<'a> {
    /// Those of a report; for services that know no suppressions, those that nothing suppresses in files of the repository.
    pub(super) fn of(finding: &'a Finding, in_files: bool) -> Self {
        if !in_files {
            return Self(listed(finding).collect());
        }
        let is_in_file = |place: &&Occurrence| place::file(&place.origin, &place.path).is_some();
        Self(shown(finding).filter(is_in_file).collect())
    }

    /// Whether some place is outside the root of the run.
    pub(super) fn are_outside(&self) -> bool {
        self.0.iter().any(|place| place.origin == Origin::Stdin || is_absolute(place.path.as_str()))
    }
}

/// The result; None if there is no place to tell.
pub(super) fn result(
    finding: &Finding,
    places: &Places<'_>,
    rules: &Rules<'_>,
    info: &RunInfo,
) -> Option<sarif::Result> {
    let (first, others) = places.0.split_first()?;
    let count = places.0.len();
    let mut result = sarif::Result::builder()
        .rule_id(&*finding.rule)
        .kind(sarif::ResultKind::Fail)
        .level(level(finding.severity))
        .rank(rank(finding.confidence))
        .message(sarif::Message::from(&message(finding, first, count, rules)))
        .locations(vec![location(&first.origin, &first.path, regions(first, finding))])
        .fingerprints(BTreeMap::from([(FINGERPRINT.to_owned(), finding.fingerprint.to_string())]))
        .occurrence_count(int(count))
        .properties(bag(properties(finding, first)))
        .build();
    result.suppressions = finding.is_suppressed().then(|| suppressions(finding));
    result.rule_index = rules.index(&finding.rule);
    result.partial_fingerprints =
        first.location.as_ref().and_then(line_hash).map(|hash| BTreeMap::from([(LINE_HASH.to_owned(), hash)]));
    result.related_locations = Some(related_locations(finding, first, others)).filter(|related| !related.is_empty());
    result.hosted_viewer_uri = viewer_uri(finding, first, info);
    Some(result)
}

/// Where the code host shows it: in the commit that brought it in, or in the one that was scanned.
fn viewer_uri(finding: &Finding, first: &Occurrence, info: &RunInfo) -> Option<String> {
    let vcs = info.vcs.as_ref()?;
    let commit = finding.introduction.as_ref().map(|it| it.commit.as_str()).or(vcs.revision.as_deref())?;
    let is_committed = !matches!(first.origin, Origin::Staged(_));
    let path = place::file(&first.origin, &first.path).filter(|_| is_committed)?;
    place::permalink(vcs, commit, &uri::encoded(path), place::line(first).map(|at| at.start_line))
}

/// Each thing that accepts a place of it, once.
fn suppressions(finding: &Finding) -> Vec<sarif::Suppression> {
    let mut all: Vec<&Suppression> = Vec::new();
    for suppression in finding.occurrences.iter().filter_map(|occurrence| occurrence.suppression.as_ref()) {
        if !all.contains(&suppression) {
            all.push(suppression);
        }
    }
    let suppression = |suppression: &&Suppression| {
        let kind = if suppression.kind == SuppressionKind::Inline { "inSource" } else { "external" };
        let reason = suppression.reason.as_ref().map(Text::as_str);
        let reason = reason.map_or_else(|| format!("Accepted by {}.", suppression.kind.describe()), str::to_owned);
        sarif::Suppression::builder().kind(json!(kind)).status(json!("accepted")).justification(reason).build()
    };
    all.iter().map(suppression).collect()
}

/// SARIF's rank goes from 0 to 100.
fn rank(confidence: Confidence) -> f64 {
    match confidence {
        Confidence::High => 90.0,
        Confidence::Medium => 60.0,
        Confidence::Low => 30.0,
    }
}

/// The first sentence is the title of an alert. It names no line, so that the title stays when the secret moves.
fn message(finding: &Finding, first: &Occurrence, places: usize, rules: &Rules<'_>) -> String {
    let what = literal(rules.description(&finding.rule));
    let where_else = match first.origin {
        Origin::FileName(_) => " in a file name",
        Origin::LinkTarget(_) => " in the target of a symbolic link",
        Origin::Commit(_) => " in a commit message",
        Origin::Tag(_) => " in the message of a tag",
        Origin::Ref(_) => " in the name of a ref",
        _ => "",
    };
    let sure = finding.confidence.spoken();
    let why = if finding.why.is_empty() { String::new() } else { format!(": {}", literal(&finding.why)) };
    let mut message = format!("{what} {}{where_else} ({sure}{why}).", quoted(finding.shown.as_str()));
    for (nth, part) in first.related.iter().take(MOST_RELATED).enumerate() {
        message += &format!(" Together with [{}]({}).", literal(&part.description), nth + 1);
    }
    if first.location.is_none() {
        message += " Its line is not known, since its document could not be read again.";
    }
    match places {
        0 | 1 => {}
        2 => message += " In 1 other place too.",
        places => message += &format!(" In {} other places too.", places - 1),
    }
    message
}

/// Parts of the credential come first: the message links to them by their number.
fn related_locations(finding: &Finding, first: &Occurrence, others: &[&Occurrence]) -> Vec<sarif::Location> {
    let parts = first.related.iter().map(|part| {
        let regions = region(&first.origin, part.span, part.location.as_ref(), part.shown.as_str());
        let mut location = location(&first.origin, &first.path, regions);
        location.message = Some(sarif::Message::from(&format!("{}.", literal(&part.description))));
        location
    });
    let others = others.iter().map(|other| {
        let mut location = location(&other.origin, &other.path, regions(other, finding));
        location.message = Some(sarif::Message::from("The same secret."));
        location
    });
    let numbered = (1..).zip(parts.chain(others).take(MOST_RELATED));
    numbered.map(|(id, location)| sarif::Location { id: Some(id), ..location }).collect()
}

type Regions = (sarif::Region, Option<sarif::Region>);

fn location(origin: &Origin, path: &Text, (region, context): Regions) -> sarif::Location {
    let mut physical =
        sarif::PhysicalLocation::builder().artifact_location(uri::artifact(origin, path)).region(region).build();
    physical.context_region = context;
    sarif::Location::builder().physical_location(physical).build()
}

fn regions(occurrence: &Occurrence, finding: &Finding) -> Regions {
    region(&occurrence.origin, occurrence.span, occurrence.location.as_ref(), finding.shown.as_str())
}

/// The secret's own region with what is shown of it, and the line around it, masked. Offsets in a name are none in the
/// file, and a document that has changed has no known place: GitHub wants lines and columns nevertheless, so that these
/// are placed at the file's beginning.
fn region(origin: &Origin, span: Span, location: Option<&Location>, shown: &str) -> Regions {
    let location = location.filter(|_| !matches!(origin, Origin::FileName(_) | Origin::Ref(_)));
    let Some(location) = location else { return (lines(1, 1, 1, 1), None) };
    let region = lines(location.start_line, location.start_column, location.end_line, location.end_column);
    let region = sarif::Region {
        byte_offset: Some(int(span.start)),
        byte_length: Some(int(span.len())),
        snippet: Some(content(shown)),
        ..region
    };
    let context = sarif::Region::builder()
        .start_line(int(location.start_line))
        .end_line(int(location.end_line))
        .snippet(content(location.snippet.as_str()))
        .build();
    (region, Some(context))
}

fn lines(start_line: usize, start_column: usize, end_line: usize, end_column: usize) -> sarif::Region {
    sarif::Region::builder()
        .start_line(int(start_line))
        .start_column(int(start_column))
        .end_line(int(end_line))
        .end_column(int(end_column))
        .build()
}

fn content(text: &str) -> sarif::ArtifactContent {
    sarif::ArtifactContent::builder().text(text).build()
}

fn properties(finding: &Finding, first: &Occurrence) -> BTreeMap<String, Value> {
    let facts: Vec<Value> = finding.facts.iter().map(|fact| json!({ "key": fact.key, "value": fact.value })).collect();
    let encodings: Vec<&str> = first.encodings.iter().map(|encoding| encoding.as_str()).collect();
    let properties = [
        ("confidence", json!(finding.confidence.as_str())),
        ("encodings", json!(encodings)),
        ("facts", json!(facts)),
        ("fails", json!(finding.fails)),
        ("origin", json!(first.origin.kind())),
        ("severity", json!(finding.severity.as_str())),
        ("why", json!(finding.why)),
    ];
    let of_commit = finding.introduction.iter().flat_map(introduced);
    properties.into_iter().chain(of_commit).map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What is known of the commit that brought a finding in. No author, whose name is no one's business here.
fn introduced(introduction: &Introduction) -> Vec<(&'static str, Value)> {
    let texts = |texts: &[Text]| json!(texts.iter().map(Text::as_str).collect::<Vec<_>>());
    let Introduction { commit, date, summary, in_head, unreachable, last_commit, paths, refs, more_refs, .. } =
        introduction;
    let mut properties = vec![
        ("commit", json!(commit)),
        ("commitDate", json!(date)),
        ("commitSummary", json!(summary.as_str())),
        ("firstCommit", json!(commit)),
        ("stillPresent", json!(in_head)),
        ("unreachable", json!(unreachable)),
    ];
    if let Some(last) = last_commit {
        let more = [("lastCommit", json!(last)), ("moreRefs", json!(more_refs))];
        properties.extend(more.into_iter().chain([("paths", texts(paths)), ("refs", texts(refs))]));
    }
    properties
}
