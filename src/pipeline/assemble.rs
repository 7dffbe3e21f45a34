//! From the matches of many documents to findings: one per rule and secret, with every place where it stands, and with what
//! accepts it there. What is accepted is counted, and leaves the findings unless it is to be shown.

use std::collections::BTreeMap;

use super::collect::Hit;
use super::news::Addition;
use super::{AddedEntries, Directives, Run};
use crate::engine::{Match, RelatedMatch};
use crate::model::{
    Confidence, Fact, Finding, Fingerprint, Mask, Moment, Name, Occurrence, Origin, Related, Secret, Severity,
    Suppression, SuppressionKind, Text,
};
use crate::rules::{Rule, RuleSet, SUPPRESSION_ADDED};
use crate::triage;

/// The findings, and how many places are accepted, by what accepts them.
#[derive(Debug, Default)]
pub(super) struct Assembled {
    pub findings: Vec<Finding>,
    pub suppressed: BTreeMap<SuppressionKind, usize>,
}

/// A match and the document it stands in.
type Found<'a> = (&'a Origin, &'a Match);

/// A place of a finding.
struct Place<'a> {
    found: Found<'a>,
    suppression: Option<Suppression>,
    /// The last day on which it was accepted.
    ended: Option<Moment>,
}

/// What is one finding: a secret that a dictionary could find has a fingerprint for each name of a field.
type Key<'a> = (usize, &'a Secret, Fingerprint);

/// Groups all matches by rule and secret.
pub(super) fn findings(run: &Run<'_>, hits: &[Hit], mask: &dyn Mask) -> Assembled {
    let rules = run.scanner.rules();
    let mut assembled = Assembled::default();
    let mut groups: BTreeMap<Key<'_>, Vec<Place<'_>>> = BTreeMap::new();
    for (origin, found) in hits.iter().flat_map(|hit| hit.matches.iter().map(|found| (&hit.origin, found))) {
        let fingerprint = found.fingerprint(&rules.rules()[found.rule]);
        let place = place(run, fingerprint, (origin, found), mask);
        if let Some(suppression) = &place.suppression {
            *assembled.suppressed.entry(suppression.kind).or_default() += 1;
        }
        if run.accepted.are_shown || place.suppression.is_none() {
            groups.entry((found.rule, &found.secret, fingerprint)).or_default().push(place);
        }
    }
    let shown = run.info.show_secrets;
    assembled.findings = groups.into_iter().map(|(key, places)| finding(rules, key.2, places, shown)).collect();
    assembled
}

/// A match with this fingerprint as those see it who accept findings; `paths` are all of its document's.
pub fn judged<'a>(fingerprint: Fingerprint, rule: &'a Rule, found: &'a Match, paths: &'a [Name]) -> triage::Place<'a> {
    triage::Place { fingerprint, rule, value: found.secret.expose(), paths }
}

/// Whether something accepts a secret where it was found, and what.
fn place<'a>(run: &Run<'_>, fingerprint: Fingerprint, found: Found<'a>, mask: &dyn Mask) -> Place<'a> {
    let (origin, Match { rule, suppressed, .. }) = found;
    let text = |text: &[u8]| run.accepted.are_shown.then(|| Text::new(text, mask));
    if let Some(directive) = suppressed {
        let reason = directive.reason.as_deref().and_then(text);
        let suppression = Some(Suppression { reason, ..Suppression::new(SuppressionKind::Inline) });
        return Place { found, suppression, ended: None };
    }
    let suppressions = run.accepted.suppressions;
    if suppressions.is_empty() {
        return Place { found, suppression: None, ended: None };
    }
    let paths = paths(run, origin);
    let rule = &run.scanner.rules().rules()[*rule];
    let at = judged(fingerprint, rule, found.1, &paths);
    let suppression = suppressions.of(&at).map(|accepted| Suppression {
        kind: accepted.kind,
        reason: accepted.reason.and_then(|reason| text(reason.as_bytes())),
        owner: accepted.owner.and_then(|owner| text(owner.as_bytes())),
        until: accepted.until.map(Moment::day),
    });
    let ended = if suppression.is_none() { suppressions.ended(&at) } else { None };
    Place { found, suppression, ended }
}

/// Every path of a document that patterns of paths are for.
pub(super) fn paths(run: &Run<'_>, origin: &Origin) -> Vec<Name> {
    match origin {
        Origin::Ref(_) | Origin::MessageFile(_) => Vec::new(),
        _ => run.source.paths(origin),
    }
}

/// A finding for each secret that a change allows itself. No level keeps these from being reported.
pub(super) fn additions(run: &Run<'_>, additions: &[Addition], mask: &dyn Mask) -> Vec<Finding> {
    let rules = run.scanner.rules();
    let mut groups: BTreeMap<(usize, &Secret), Vec<Found<'_>>> = BTreeMap::new();
    for Addition { origin, found } in additions {
        groups.entry((found.rule, &found.secret)).or_default().push((origin, found));
    }
    let strict = matches!(run.directives, Directives::CountIfIn { strict: true, .. });
    let notice = |places: Vec<Found<'_>>| {
        let facts = facts_of_addition(rules, &places, mask);
        let (rule, secret) = (&rules.rules()[places[0].1.rule].id, &places[0].1.secret);
        let fingerprint = Fingerprint::new(&SUPPRESSION_ADDED.id, secret, Some(rule.as_bytes()));
        let live = |found| Place { found, suppression: None, ended: None };
        let finding = finding(rules, fingerprint, places.into_iter().map(live).collect(), run.info.show_secrets);
        Finding {
            rule: SUPPRESSION_ADDED.id.clone(),
            severity: SUPPRESSION_ADDED.severity,
            confidence: SUPPRESSION_ADDED.confidence,
            why: "comment".into(),
            facts,
            fails: strict,
            ..finding
        }
    };
    groups.into_values().map(notice).collect()
}

/// A finding for each file whose entries a change adds to, or widens.
pub(super) fn added_entries(added: &[AddedEntries]) -> Vec<Finding> {
    let notice = |AddedEntries { origin, lines, kind, says, strict, .. }: &AddedEntries| {
        let secret = Secret::new(lines.iter().flat_map(|(_, line)| line.iter().copied()).collect::<Vec<u8>>());
        let entries = if lines.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", lines.len()) };
        let fact = |value: &String| Fact { key: "adds".into(), value: value.clone() };
        let facts = if says.is_empty() { vec![fact(&entries)] } else { says.iter().map(fact).collect() };
        let shown = if let [only] = &says[..] { only.clone() } else { entries };
        Finding {
            rule: SUPPRESSION_ADDED.id.clone(),
            severity: SUPPRESSION_ADDED.severity,
            confidence: SUPPRESSION_ADDED.confidence,
            why: (*kind).into(),
            fingerprint: Fingerprint::new(&SUPPRESSION_ADDED.id, &secret, Some(kind.as_bytes())),
            secret,
            shown: Text::own(shown),
            facts,
            occurrences: lines.iter().map(|(span, _)| bare(origin, *span)).collect(),
            introduction: None,
            fails: *strict,
        }
    };
    added.iter().map(notice).collect()
}

/// A place of which nothing else is known.
fn bare(origin: &Origin, span: crate::model::Span) -> Occurrence {
    Occurrence {
        origin: origin.clone(),
        span,
        encodings: Vec::new(),
        related: Vec::new(),
        suppression: None,
        path: Text::default(),
        location: None,
    }
}

/// What is allowed, and the reasons that are given for it.
fn facts_of_addition(rules: &RuleSet, places: &[Found<'_>], mask: &dyn Mask) -> Vec<Fact> {
    let reasons = places.iter().filter_map(|(_, found)| found.suppressed.as_ref()?.reason.as_deref());
    let reasons =
        reasons.map(|reason| Fact { key: "reason".into(), value: Text::new(reason, mask).as_str().to_owned() });
    let allowed = Fact { key: "allows".into(), value: rules.rules()[places[0].1.rule].id.to_string() };
    let mut facts: Vec<Fact> = reasons.chain([allowed]).collect();
    facts.sort();
    facts.dedup();
    facts
}

/// The finding that stands at `places`: as severe and as sure as the best of them that nothing accepts, if there are some.
fn finding(rules: &RuleSet, fingerprint: Fingerprint, mut places: Vec<Place<'_>>, show_secrets: bool) -> Finding {
    places.sort_by_key(|place| (place.found.0, place.found.1.span));
    let is_accepted = places.iter().all(|place| place.suppression.is_some());
    let counting = || places.iter().filter(|place| is_accepted || place.suppression.is_none());
    let best = |found: &Match| (found.confidence, found.severity);
    let (mut confidence, mut severity) = (Confidence::Low, Severity::Info);
    let mut first = counting().next().expect("a finding has a place").found.1;
    for found in counting().map(|place| place.found.1) {
        confidence = confidence.max(found.confidence);
        severity = severity.max(found.severity);
        if best(found) > best(first) {
            first = found;
        }
    }
    let ended = counting().filter_map(|place| place.ended).max();
    let ended = ended.map(|day| Fact { key: Fact::ALLOWED_UNTIL.into(), value: day.day() });
    let mut facts: Vec<_> = counting().flat_map(|place| place.found.1.facts.iter().cloned()).chain(ended).collect();
    facts.sort();
    facts.dedup();
    let rule = &rules.rules()[first.rule];
    let shown =
        if show_secrets { String::from_utf8_lossy(first.secret.expose()).into() } else { first.secret.masked() };
    Finding {
        rule: rule.id.clone(),
        severity,
        confidence,
        why: first.why.into(),
        secret: first.secret.clone(),
        shown: Text::own(shown),
        fingerprint,
        facts,
        occurrences: places.into_iter().map(|place| occurrence(rules, place)).collect(),
        introduction: None,
        fails: false,
    }
}

fn occurrence(rules: &RuleSet, place: Place<'_>) -> Occurrence {
    let (origin, found) = place.found;
    Occurrence {
        encodings: found.encodings.clone(),
        related: found.related.iter().map(|part| related(rules, part)).collect(),
        suppression: place.suppression,
        ..bare(origin, found.span)
    }
}

fn related(rules: &RuleSet, part: &RelatedMatch) -> Related {
    let rule = &rules.rules()[part.rule];
    Related {
        rule: rule.id.clone(),
        description: rule.description.clone(),
        span: part.span,
        shown: Text::own(part.secret.masked()),
        fingerprint: Fingerprint::new(&rule.id, &part.secret, None),
        secret: part.secret.clone(),
        location: None,
    }
}
