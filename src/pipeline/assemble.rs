//! From the matches of many documents to findings: one per rule and secret, with every place where it stands.

use std::collections::BTreeMap;

use super::collect::Hit;
use super::news::Addition;
use super::{Directives, Run};
use crate::engine::{Match, RelatedMatch};
use crate::model::{Confidence, Fact, Finding, Fingerprint, Mask, Occurrence, Origin, Related, Secret, Severity, Text};
use crate::rules::{RuleSet, SUPPRESSION_ADDED};

/// The findings, and how many places an inline directive took out of them.
#[derive(Debug)]
pub(super) struct Assembled {
    pub findings: Vec<Finding>,
    pub suppressed: usize,
}

/// A match and the document it stands in.
type Found<'a> = (&'a Origin, &'a Match);

/// Groups all matches by rule and secret; `show_secrets` decides what is shown of these.
pub(super) fn findings(rules: &RuleSet, hits: &[Hit], show_secrets: bool) -> Assembled {
    let all = hits.iter().flat_map(|hit| hit.matches.iter().map(|found| (&hit.origin, found)));
    let (live, allowed): (Vec<Found<'_>>, Vec<Found<'_>>) = all.partition(|(_, found)| found.suppressed.is_none());
    let mut groups: BTreeMap<(usize, &Secret), Vec<Found<'_>>> = BTreeMap::new();
    for found in live {
        groups.entry((found.1.rule, &found.1.secret)).or_default().push(found);
    }
    let findings = groups.into_values().map(|places| finding(rules, places, show_secrets)).collect();
    Assembled { findings, suppressed: allowed.len() }
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
        let finding = finding(rules, places, run.info.show_secrets);
        Finding {
            fingerprint: Fingerprint::new(&SUPPRESSION_ADDED.id, &finding.secret, Some(finding.rule.as_bytes())),
            rule: SUPPRESSION_ADDED.id.clone(),
            severity: SUPPRESSION_ADDED.severity,
            confidence: SUPPRESSION_ADDED.confidence,
            why: "comment",
            facts,
            fails: strict,
            ..finding
        }
    };
    groups.into_values().map(notice).collect()
}

/// What is allowed, and the reasons that are given for it.
fn facts_of_addition(rules: &RuleSet, places: &[Found<'_>], mask: &dyn Mask) -> Vec<Fact> {
    let reasons = places.iter().filter_map(|(_, found)| found.suppressed.as_ref()?.reason.as_deref());
    let reasons = reasons.map(|reason| Fact { key: "reason", value: Text::new(reason, mask).as_str().to_owned() });
    let allowed = Fact { key: "allows", value: rules.rules()[places[0].1.rule].id.to_string() };
    let mut facts: Vec<Fact> = reasons.chain([allowed]).collect();
    facts.sort();
    facts.dedup();
    facts
}

/// The finding that stands at `places`: as severe and as sure as the best of them.
fn finding(rules: &RuleSet, mut places: Vec<Found<'_>>, show_secrets: bool) -> Finding {
    places.sort_by_key(|(origin, found)| (*origin, found.span));
    let best = |found: &Match| (found.confidence, found.severity);
    let (mut confidence, mut severity) = (Confidence::Low, Severity::Info);
    let mut first = places[0].1;
    for (_, found) in &places {
        confidence = confidence.max(found.confidence);
        severity = severity.max(found.severity);
        if best(found) > best(first) {
            first = found;
        }
    }
    let mut facts: Vec<_> = places.iter().flat_map(|(_, found)| found.facts.iter().cloned()).collect();
    facts.sort();
    facts.dedup();
    let rule = &rules.rules()[first.rule];
    let shown =
        if show_secrets { String::from_utf8_lossy(first.secret.expose()).into() } else { first.secret.masked() };
    Finding {
        rule: rule.id.clone(),
        severity,
        confidence,
        why: first.why,
        secret: first.secret.clone(),
        shown: Text::own(shown),
        fingerprint: Fingerprint::new(&rule.id, &first.secret, places[0].1.field.as_deref()),
        facts,
        occurrences: places.into_iter().map(|found| occurrence(rules, found)).collect(),
        introduction: None,
        fails: false,
    }
}

fn occurrence(rules: &RuleSet, (origin, found): Found<'_>) -> Occurrence {
    Occurrence {
        origin: origin.clone(),
        span: found.span,
        encodings: found.encodings.clone(),
        related: found.related.iter().map(|part| related(rules, part)).collect(),
        suppression: None,
        path: Text::default(),
        location: None,
    }
}

fn related(rules: &RuleSet, part: &RelatedMatch) -> Related {
    let rule = &rules.rules()[part.rule];
    Related {
        rule: rule.id.clone(),
        description: rule.description.clone(),
        span: part.span,
        secret: part.secret.clone(),
        location: None,
    }
}
