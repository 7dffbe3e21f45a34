//! The oracle: what [`Scanner::scan`] must find, computed the slow and obvious way. No automaton, no grouping of hits,
//! no pieces, no limits on decoded text: every rule, every anchor, every place, every start. It shares with the engine
//! what is a pure function of a place (edges, structures, validators) and `resolve`. Not for use: it is quadratic.

use std::borrow::Cow;

use super::anchors::Lead;
use super::candidate::Candidate;
use super::confirm::{self, Matched};
use super::decode::{self, NEAR_IMAGE, View};
use super::scanner::Compiled;
use super::structures::Found;
use super::verdicts::Verdicts;
use super::{Match, Scanner, Scratch, directive, known, resolve, structures};
use crate::model::{KindSet, Span};
use crate::rules::Matcher;

/// The matches of a document.
pub fn scan(scanner: &Scanner, bytes: &[u8], kinds: KindSet) -> Vec<Match> {
    let mut scratch = scanner.scratch();
    let mut candidates = text(scanner, &mut scratch, bytes, scanner.options.decode, &|_| true);
    for candidate in &mut candidates {
        let id = &scanner.rules.rules()[candidate.rule].id;
        candidate.directive = directive::beside(bytes, candidate.span, id, &scanner.markers);
    }
    candidates.retain(|candidate| candidate.kinds.intersects(kinds));
    candidates.iter_mut().for_each(|candidate| candidate.settle_utf16(bytes.len()));
    resolve::resolve(&scanner.rules, candidates)
}

/// The candidates of all hits for which `owned` holds.
fn text(
    scanner: &Scanner,
    scratch: &mut Scratch,
    bytes: &[u8],
    depth: u8,
    owned: &dyn Fn(usize) -> bool,
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let places = Places::of(bytes);
    for rule in 0..scanner.rules.rules().len() {
        for hit in occurrences(scanner, rule, &places).into_iter().filter(|hit| owned(hit.start)) {
            candidates.extend(confirm_one(scanner, scratch, rule, bytes, hit));
        }
    }
    candidates.extend(neighbours(scanner, scratch, bytes, &candidates));
    candidates.extend(known_values(scanner, &places, owned));
    if depth > 0 {
        candidates.extend(decoded(scanner, scratch, &places, depth, owned));
    }
    candidates
}

/// All places of a text, by the bytes that stand there: each literal is compared where its first four bytes do, and not
/// everywhere.
struct Places<'a> {
    bytes: &'a [u8],
    /// Each with the four bytes that stand there, in lower case (NUL behind the end), sorted.
    sorted: Vec<(u32, usize)>,
}

impl<'a> Places<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let byte = |at: usize| bytes.get(at).map_or(0, u8::to_ascii_lowercase);
        let four = |at: usize| u32::from_be_bytes(std::array::from_fn(|i| byte(at + i)));
        let mut sorted: Vec<_> = (0..bytes.len()).map(|at| (four(at), at)).collect();
        sorted.sort_unstable();
        Self { bytes, sorted }
    }

    /// Where `literal` stands, in order; its case matters, or it does not.
    fn spans(&self, literal: &[u8], ignore_case: bool) -> Vec<Span> {
        let byte = |at: usize, none: u8| literal.get(at).map_or(none, u8::to_ascii_lowercase);
        let four = |none: u8| u32::from_be_bytes(std::array::from_fn(|at| byte(at, none)));
        let from = self.sorted.partition_point(|(text, _)| *text < four(0));
        let alike = self.sorted[from..].iter().take_while(|(text, _)| *text <= four(u8::MAX));
        let is_at = |&at: &usize| {
            self.bytes[at..].get(..literal.len()).is_some_and(|text| match ignore_case {
                true => text.eq_ignore_ascii_case(literal),
                false => text == literal,
            })
        };
        let starts = alike.map(|&(_, at)| at).filter(is_at);
        let mut spans: Vec<Span> = starts.map(|at| Span::new(at, at + literal.len())).collect();
        spans.sort_unstable();
        spans
    }
}

fn occurrences(scanner: &Scanner, rule: usize, places: &Places<'_>) -> Vec<Span> {
    let rule = &scanner.rules.rules()[rule];
    if matches!(rule.matcher, Matcher::File(_) | Matcher::Known) {
        return Vec::new();
    }
    let of_anchor = |anchor: &Cow<'_, str>| places.spans(anchor.as_bytes(), rule.ignore_case);
    let mut hits: Vec<Span> = rule.anchors.iter().flat_map(of_anchor).collect();
    hits.sort_by_key(|hit| hit.start);
    hits
}

/// Every known value around every occurrence of its anchor.
fn known_values(scanner: &Scanner, places: &Places<'_>, owned: &dyn Fn(usize) -> bool) -> Vec<Candidate> {
    let Some((rule, known)) = &scanner.known else { return Vec::new() };
    let mut found = Vec::new();
    for (literal, _) in known.literals().iter().filter(|(_, meaning)| *meaning == known::Use::Anchor) {
        let hits = places.spans(literal, false).into_iter().filter(|hit| owned(hit.start));
        found.extend(hits.filter_map(|hit| known.candidate(*rule, places.bytes, hit)));
    }
    found
}

/// The definition of `confirm.rs`, word for word.
fn confirm_one(scanner: &Scanner, scratch: &mut Scratch, rule: usize, bytes: &[u8], hit: Span) -> Vec<Candidate> {
    let compiled = scanner.compiled(rule);
    let confirmed = |secret: Span, found: Option<&Found>| {
        in_context(
            compiled,
            bytes,
            confirm::candidate(compiled, &mut Verdicts::default(), bytes, (secret, found)).ok()?,
        )
    };
    match compiled.rule.matcher {
        Matcher::Regex { bounds, .. } => {
            let covers = |matched: &Matched| matched.whole.contains(hit);
            let mut starts = hit.end.saturating_sub(bounds.longest)..=hit.start;
            let matched = starts.find_map(|start| match_at(scanner, scratch, rule, bytes, start).filter(covers));
            matched.and_then(|matched| confirmed(matched.secret, None)).into_iter().collect()
        }
        Matcher::Structure(shape) => {
            let found = structures::find_all(shape, bytes, hit);
            found.iter().filter_map(|found| confirmed(found.secret, Some(found))).collect()
        }
        Matcher::File(_) | Matcher::Known => Vec::new(),
    }
}

/// The candidate, if the words that its rule asks for stand near it.
fn in_context(compiled: Compiled<'_>, bytes: &[u8], candidate: Candidate) -> Option<Candidate> {
    let Some(context) = &compiled.rule.context else { return Some(candidate) };
    let Span { start, end } = candidate.span;
    let window = &bytes[start.saturating_sub(context.within)..bytes.len().min(end + context.within)];
    let window = window.to_ascii_lowercase();
    let is_in = |word: &str| window.windows(word.len()).any(|text| text == word.as_bytes());
    context.words.iter().any(|word| is_in(word)).then_some(candidate)
}

fn match_at(scanner: &Scanner, scratch: &mut Scratch, rule: usize, bytes: &[u8], start: usize) -> Option<Matched> {
    let compiled = scanner.compiled(rule);
    let end = bytes.len().min(start + compiled.bounds.longest);
    confirm::match_at_any(compiled, &mut scratch.caches[rule], bytes, start, end)
}

/// Every match of a rule without anchors within reach of a candidate of its partner.
fn neighbours(scanner: &Scanner, scratch: &mut Scratch, bytes: &[u8], candidates: &[Candidate]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (rule, near) in scanner.rules.rules().iter().enumerate().filter_map(|(i, rule)| Some((i, rule.near.as_ref()?)))
    {
        for partner in candidates.iter().filter(|c| near.rules.contains(&scanner.rules.rules()[c.rule].id)) {
            let window = Span::new(
                partner.place.start.saturating_sub(near.within),
                bytes.len().min(partner.place.end + near.within),
            );
            for start in window.range() {
                let matched = match_at(scanner, scratch, rule, bytes, start);
                let matched = matched.filter(|matched| matched.whole.end <= window.end);
                let compiled = scanner.compiled(rule);
                let candidate = matched
                    .and_then(|m| confirm::candidate(compiled, &mut Verdicts::default(), bytes, (m.secret, None)).ok());
                found.extend(candidate.and_then(|candidate| in_context(compiled, bytes, candidate)));
            }
        }
    }
    found
}

fn decoded(
    scanner: &Scanner,
    scratch: &mut Scratch,
    places: &Places<'_>,
    depth: u8,
    owned: &dyn Fn(usize) -> bool,
) -> Vec<Candidate> {
    let (bytes, mut found) = (places.bytes, Vec::new());
    for view in decode::utf16_views(bytes, 0..bytes.len(), bytes.len()) {
        let is_owned = |at: usize| owned(view.outer(Span::new(at, at + 1)).start);
        found.extend(inside(scanner, scratch, &view, depth, &is_owned));
    }
    let hits = leads(scanner, places);
    for &hit in hits.iter().filter(|(at, _)| owned(*at)) {
        for view in decode::views(bytes, &[hit], bytes.len(), 0) {
            let is_owned = |at: usize| view.owned.iter().any(|range| range.contains(&at));
            debug_assert!(view.owned.iter().all(|range| range.len() <= 2 * NEAR_IMAGE));
            found.extend(inside(scanner, scratch, &view, depth, &is_owned));
        }
    }
    found
}

fn inside(
    scanner: &Scanner,
    scratch: &mut Scratch,
    view: &View,
    depth: u8,
    owned: &dyn Fn(usize) -> bool,
) -> Vec<Candidate> {
    let mut found = text(scanner, scratch, &view.text, depth - 1, owned);
    found.iter_mut().for_each(|candidate| candidate.move_out_of(view));
    found
}

/// Everything that leads to encoded text, and where it stands.
fn leads(scanner: &Scanner, places: &Places<'_>) -> Vec<(usize, Lead)> {
    let known = scanner.known.as_ref().map(|(_, known)| known.literals()).unwrap_or_default();
    let of_known = known.iter().filter_map(|(text, meaning)| match meaning {
        known::Use::Wrapped(phase) => Some((&text[..], Lead::Base64(*phase as u8))),
        known::Use::Anchor => None,
    });
    let leads: Vec<(&[u8], Lead)> = scanner.literals().leads().chain(of_known).collect();
    let of_lead = |&(text, lead): &(&[u8], Lead)| {
        let spans = places.spans(text, false);
        spans.into_iter().map(|span| (span.start, lead)).collect::<Vec<_>>()
    };
    let mut hits: Vec<(usize, Lead)> = leads.iter().flat_map(of_lead).collect();
    hits.sort_by_key(|(at, _)| *at);
    hits
}
