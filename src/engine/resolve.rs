//! From the candidates of a document to its matches: pairs are joined, one match is kept where several overlap. It
//! depends on the whole document and is cheap, since candidates are few.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::candidate::Candidate;
use super::{Match, RelatedMatch, known, validators};
use crate::model::{Confidence, Fact, Secret, Severity, Span};
use crate::rules::{Matcher, Pair, RuleSet, Specificity};

/// The matches that `candidates`, in any order, amount to.
///
/// The order, which docs/ARCHITECTURE.md documents too:
/// 1. The same secret at the same place by the same rule is one candidate.
/// 2. Where candidates overlap, those that a checksum or structure proves take the place.
/// 3. Parts of a composite credential are joined: nearest first, each part once, with one of the nearest ids. What a
///    directive allows is joined with nothing. A part that counts only together with its neighbour and has none is
///    dropped; if a directive allows it, it keeps its place, so that no other rule takes that.
/// 4. What overlaps a part that was joined is dropped with it. Of what still overlaps, the better stays: specific before
///    generic, then the surer, the joined, the longer, the severer, the first.
/// 5. Values that are known have no part in that. Where one stands in a match of a specific rule that is certain, or in a
///    part that was joined, that match stays, and is told where the value is kept. Any other match gives way to it.
pub(crate) fn resolve(rules: &RuleSet, candidates: Vec<Candidate>) -> Vec<Match> {
    observed(rules, candidates, &mut |_| {})
}

/// Why a candidate is no match of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// What this rule found at its place is proven.
    ToProof(usize),
    /// What this rule found at its place is better.
    ToBetter(usize),
    /// It overlaps a part of a credential whose parts were joined.
    ToPart,
    /// It counts only joined with another part, and there is none.
    Alone,
}

/// A candidate that is no match of its own.
pub(crate) struct Lost<'a> {
    pub rule: usize,
    pub span: Span,
    pub secret: &'a Secret,
    pub why: Loss,
}

impl<'a> Lost<'a> {
    fn candidate(candidate: &'a Candidate, why: Loss) -> Self {
        Self { rule: candidate.rule, span: candidate.span, secret: &candidate.secret, why }
    }

    fn found(found: &'a Match, why: Loss) -> Self {
        Self { rule: found.rule, span: found.span, secret: &found.secret, why }
    }
}

/// The same, and `lost` is told of each candidate that is no match of its own.
pub(crate) fn observed(rules: &RuleSet, mut candidates: Vec<Candidate>, lost: &mut dyn FnMut(Lost<'_>)) -> Vec<Match> {
    deduplicate(&mut candidates);
    let is_known = |candidate: &Candidate| matches!(rules.rules()[candidate.rule].matcher, Matcher::Known);
    let (known, mut candidates): (Vec<_>, Vec<_>) = candidates.into_iter().partition(is_known);
    keep_proven(&mut candidates, lost);
    let groups = join(rules, &candidates);
    let is_allowed = |index: usize| candidates[index].directive.is_some();
    let is_lone_half =
        |index: &usize| candidates[*index].needs_pair && !groups.is_member(*index) && !is_allowed(*index);
    let leaders = (0..candidates.len()).filter(|index| !groups.is_absorbed(*index) && !is_lone_half(index));
    (0..candidates.len()).filter(is_lone_half).for_each(|index| lost(Lost::candidate(&candidates[index], Loss::Alone)));
    let matches: Vec<(Match, Rank)> = leaders.map(|index| compose(rules, &candidates, &groups, index)).collect();
    let absorbed = groups.leader.keys().map(|&index| candidates[index].place);
    let matches = without_overlaps(matches, absorbed.collect(), lost);
    known::settle(rules, matches, known, &mut |found, rule| lost(Lost::found(found, Loss::ToBetter(rule))))
}

/// One candidate per rule, secret and place; the one with a field name is kept, since it says more.
pub(crate) fn deduplicate(candidates: &mut Vec<Candidate>) {
    candidates.sort_by(Candidate::order);
    candidates.dedup_by(|later, first| {
        let same = later.same_as(first);
        if same && first.field.is_none() {
            first.field = later.field.take();
        }
        same
    });
}

fn keep_proven(candidates: &mut Vec<Candidate>, lost: &mut dyn FnMut(Lost<'_>)) {
    let proven: Vec<(Span, usize)> = candidates.iter().filter(|c| c.proven).map(|c| (c.place, c.rule)).collect();
    let longest = proven.iter().map(|(place, _)| place.len()).max().unwrap_or(0);
    candidates.retain(|candidate| {
        let from = proven.partition_point(|(place, _)| place.start + longest < candidate.place.start);
        let mut nearby = proven[from..].iter().take_while(|(place, _)| place.start < candidate.place.end);
        let is_in_place = |(place, rule): &&(Span, usize)| place.overlaps(candidate.place) && *rule != candidate.rule;
        let winner = if candidate.proven { None } else { nearby.find(is_in_place) };
        winner.iter().for_each(|(_, rule)| lost(Lost::candidate(candidate, Loss::ToProof(*rule))));
        winner.is_none()
    });
}

/// Which candidates belong together.
#[derive(Debug, Default)]
struct Groups {
    /// From the leader to what it absorbs.
    parts: BTreeMap<usize, Vec<usize>>,
    /// From each absorbed candidate to its leader.
    leader: BTreeMap<usize, usize>,
}

impl Groups {
    fn is_absorbed(&self, index: usize) -> bool {
        self.leader.contains_key(&index)
    }

    fn is_member(&self, index: usize) -> bool {
        self.is_absorbed(index) || self.parts.contains_key(&index)
    }
}

/// A possible pair: a key id and another part of its credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    /// A rule that gives way to others does so here, too.
    gives_way: bool,
    /// A part found by its name comes before one found by its neighbourhood alone.
    needs_pair: bool,
    distance: usize,
    /// Of the two joined; the higher comes first.
    severity: Reverse<Severity>,
    part: usize,
    id: usize,
}

/// Joins each id with at most one part of each rule, the nearest pairs first. Of several parts at one place one is
/// joined: the others are the same thing, and would be dropped with it.
fn join(rules: &RuleSet, candidates: &[Candidate]) -> Groups {
    let mut edges: Vec<Edge> = (0..candidates.len()).flat_map(|part| edges_of(rules, candidates, part)).collect();
    edges.sort_unstable();
    let mut part_of: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let mut joined: BTreeMap<usize, usize> = BTreeMap::new();
    for edge in edges {
        let slot = (edge.id, candidates[edge.part].rule);
        let place = candidates[edge.part].place;
        let is_taken = joined.range(..place.end).next_back().is_some_and(|(_, &end)| end > place.start);
        if !is_taken && !part_of.contains_key(&slot) {
            joined.insert(place.start, place.end);
            part_of.insert(slot, edge.part);
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    part_of.into_iter().for_each(|((id, _), part)| members.entry(id).or_default().push(part));
    lead(rules, candidates, members)
}

fn pair_of<'a>(rules: &'a RuleSet, candidate: &Candidate) -> Option<&'a Pair> {
    rules.rules()[candidate.rule].pair.as_ref()
}

fn edges_of(rules: &RuleSet, candidates: &[Candidate], part: usize) -> Vec<Edge> {
    let this = &candidates[part];
    let Some(pair) = pair_of(rules, this).filter(|_| this.directive.is_none()) else { return Vec::new() };
    let place = |other: usize| candidates[other].place;
    let distance = |other: usize| this.place.distance(place(other));
    let is_partner = |&other: &usize| {
        let is_near = distance(other) <= pair.within && !this.place.overlaps(place(other));
        let is_id = pair.with.contains(&rules.rules()[candidates[other].rule].id);
        is_near && is_id && candidates[other].directive.is_none()
    };
    let is_within = |&other: &usize| this.place.start - place(other).start <= REACH + pair.within;
    let before = (0..part).rev().take_while(is_within).filter(is_partner).take(MOST_PARTNERS);
    let after = (part + 1..candidates.len()).take_while(|&other| distance(other) <= pair.within);
    let after = after.filter(is_partner).take(MOST_PARTNERS);
    let severity = Reverse(pair.severity);
    let is_generic = |index: usize| rules.rules()[candidates[index].rule].generic;
    let edge = |id| Edge {
        gives_way: is_generic(part) || is_generic(id),
        needs_pair: this.needs_pair,
        distance: distance(id),
        severity,
        part,
        id,
    };
    before.chain(after).map(edge).collect()
}

/// Ids on each side of a part that it may be joined with: a list of keys has its secrets in step with its ids.
const MOST_PARTNERS: usize = 8;
/// Ids are short: one that starts further away than this (and the pair's own distance) does not end near.
const REACH: usize = 1024;

/// Chooses the leader of each group: the part whose joined severity is highest.
fn lead(rules: &RuleSet, candidates: &[Candidate], members: BTreeMap<usize, Vec<usize>>) -> Groups {
    let mut groups = Groups::default();
    for (id, parts) in members {
        let severity = |&part: &usize| pair_of(rules, &candidates[part]).map(|pair| pair.severity);
        let Some(leader) = parts.iter().copied().rev().max_by_key(severity) else { continue };
        let rest: Vec<usize> = std::iter::once(id).chain(parts.into_iter().filter(|&part| part != leader)).collect();
        groups.leader.extend(rest.iter().map(|&part| (part, leader)));
        groups.parts.insert(leader, rest);
    }
    groups
}

/// What decides between overlapping matches; the greater stays.
type Rank = (Specificity, Confidence, bool, usize, Severity, Reverse<usize>);

fn compose(rules: &RuleSet, candidates: &[Candidate], groups: &Groups, index: usize) -> (Match, Rank) {
    let candidate = &candidates[index];
    let parts = groups.parts.get(&index);
    let pair = parts.and_then(|_| pair_of(rules, candidate));
    let mut facts = candidate.facts.clone();
    let mut related = Vec::new();
    for part in parts.into_iter().flatten().map(|&part| &candidates[part]) {
        facts.extend(part.facts.iter().cloned());
        related.push(RelatedMatch { rule: part.rule, span: part.span, secret: part.secret.clone() });
    }
    let all: Vec<&Candidate> = parts.into_iter().flatten().chain([&index]).map(|&part| &candidates[part]).collect();
    facts.extend(told_together(rules, &all));
    facts.sort();
    facts.dedup();
    let confidence = if pair.is_some() { Confidence::High } else { candidate.confidence };
    let severity = pair.map_or(candidate.severity, |pair| pair.severity.max(candidate.severity));
    let specific = rules.rules()[candidate.rule].specificity();
    let rank = (specific, confidence, pair.is_some(), candidate.place.len(), severity, Reverse(index));
    let found = Match {
        rule: candidate.rule,
        span: candidate.span,
        place: candidate.place,
        secret: candidate.secret.clone(),
        field: candidate.field.clone(),
        severity,
        confidence,
        why: if pair.is_some() { "paired" } else { candidate.why },
        facts,
        encodings: candidate.encodings.clone(),
        related,
        suppressed: candidate.directive.clone(),
    };
    (found, rank)
}

/// What the parts of a credential tell only together. They are few: an id, and one part of each rule.
fn told_together(rules: &RuleSet, parts: &[&Candidate]) -> Vec<Fact> {
    let validators = |part: &Candidate| &*rules.rules()[part.rule].validators;
    let pairs = parts.iter().flat_map(|one| parts.iter().map(move |other| (one, other)));
    pairs
        .filter_map(|(one, other)| {
            validators::together((validators(one), one.secret.expose()), (validators(other), other.secret.expose()))
        })
        .collect()
}

fn without_overlaps(
    mut matches: Vec<(Match, Rank)>,
    absorbed: Vec<Span>,
    lost: &mut dyn FnMut(Lost<'_>),
) -> Vec<Match> {
    matches.sort_by(|(_, a), (_, b)| b.cmp(a));
    let taken = united(absorbed);
    let mut kept: BTreeMap<usize, Match> = BTreeMap::new();
    for (found, _) in matches {
        let first = taken.partition_point(|place| place.end <= found.place.start);
        if taken.get(first).is_some_and(|place| place.overlaps(found.place)) {
            lost(Lost::found(&found, Loss::ToPart));
            continue;
        }
        let before = kept.range(..found.place.end).next_back();
        match before.filter(|(_, other)| other.place.overlaps(found.place)) {
            Some((_, other)) => lost(Lost::found(&found, Loss::ToBetter(other.rule))),
            None => drop(kept.insert(found.place.start, found)),
        }
    }
    kept.into_values().collect()
}

/// The same bytes as disjoint spans in order.
fn united(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut united: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match united.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => united.push(span),
        }
    }
    united
}
