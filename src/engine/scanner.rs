//! The scanner: a rule set compiled, and the three steps in order, over a whole document or piece by piece. What each
//! step does is in `prefilter.rs`, `confirm.rs` and `resolve.rs`.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::anchors::{Lead, Literals, Use};
use super::candidate::Candidate;
use super::context::{self, Nearby, Words};
use super::decode::{self, View};
use super::head::Head;
use super::known::{self, Known};
use super::prefilter::Prefilter;
use super::reach;
use super::scratch::{CacheSlot, Layer, RegexCache, RuleCache, Scratch, SecretRegex};
use super::structures::{self, Found, NamesSeen};
use super::walk::{Ends, Walker};
use super::{Directive, Marker, Options, Refusal, Scanned, confirm, directive, resolve};
use crate::model::{Finding, KindSet, Mask, Severity, Span};
use crate::rules::{Bounds, Matcher, Rule, RuleSet};

/// Bytes of a document that are looked at in one go; more only if the reach of the rules asks for it.
pub(super) const PIECE: usize = 1 << 20;
/// More candidates than this are not kept of one document.
pub(super) const MOST_CANDIDATES: usize = 200_000;

/// Of decoded base64, as many bytes are looked at first around what an image may lead to: more than most rules see. The rules
/// of tests see less.
const NARROW: usize = if cfg!(test) { 128 } else { 2048 };
/// An image with none this close to it, in bytes, stands alone. Where they stand closer, one text decoded as far as any rule
/// sees serves many.
const ALONE: usize = if cfg!(test) { 32 } else { 2048 };

/// The rules compiled for scanning; shared by all threads.
#[derive(Debug)]
pub struct Scanner {
    pub(super) rules: RuleSet,
    pub(super) options: Options,
    prefilter: Prefilter,
    /// By rule; built when first needed.
    regexes: Vec<Regexes>,
    /// By rule; built when first needed.
    words: Vec<OnceLock<Words>>,
    /// By rule: the rule its matches are reported as.
    reported_as: Vec<usize>,
    /// By rule: the rules that are looked for around its matches.
    neighbours: Vec<Vec<usize>>,
    /// No match is shorter, in bytes.
    shortest: usize,
    /// By layers of decoding that are left: how far from a hit anything is read.
    reach: Vec<usize>,
    /// By rule: how far from a hit the verdict on it depends on the text, in bytes.
    pub(super) windows: Vec<usize>,
    /// By rule: the same of a hit around which nothing is, if what is near it is why.
    pub(super) near_windows: Vec<usize>,
    /// By rule: the same, if what stands right beside it is why.
    pub(super) windows_at: Vec<usize>,
    /// Bytes of a document that are looked at in one go.
    pub(super) piece: usize,
    distrusts: bool,
    /// Directives of other scanners that count.
    pub(super) markers: Vec<Marker>,
    /// The values that are known, and the rule that finds them.
    pub(super) known: Option<(KnownRule, Arc<Known>)>,
}

/// The rule for known values.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownRule {
    pub index: usize,
    /// How severe a match is, unless the value tells.
    pub severity: Severity,
}

/// The regex of a rule as an automaton, that of what stands before its secret, and the regex with its groups.
#[derive(Debug, Default)]
pub(super) struct Regexes {
    ends: OnceLock<Ends>,
    head: OnceLock<Option<Head>>,
    groups: OnceLock<SecretRegex>,
}

/// A rule with what is derived from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compiled<'a> {
    pub rule: &'a Rule,
    pub regexes: &'a Regexes,
    pub words: &'a OnceLock<Words>,
    pub reported_as: usize,
    pub bounds: &'a Bounds,
}

/// Occurrences of the anchors of a rule, sorted by start.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuleHits<'a> {
    pub rule: usize,
    pub hits: &'a [Span],
    /// Where others start by which a match may begin that covers one of them.
    pub others: &'a [usize],
    /// All that start here or behind are among the two; of those before, some may not be.
    pub since: usize,
}

/// What became of a match around a hit.
#[derive(Clone, Copy, Debug)]
pub(super) enum Verdict {
    /// It is the candidate with this index.
    Candidate(usize),
    /// It is none.
    Refused { secret: Span, why: Refusal },
}

impl<'a> Compiled<'a> {
    fn pattern(&self) -> &'a str {
        match &self.rule.matcher {
            Matcher::Regex { pattern, .. } => pattern,
            Matcher::Structure(_) | Matcher::File(_) | Matcher::Known => {
                unreachable!("asked of rules with a regex only")
            }
        }
    }

    /// What finds the secret in a match, and what this thread keeps of it in `slot`; made if this is the first time.
    pub(super) fn regex(self, slot: &mut CacheSlot) -> (&'a SecretRegex, &mut RegexCache) {
        let regex = self.regexes.groups.get_or_init(|| SecretRegex::new(self.pattern()));
        (regex, slot.get_or_insert_default().regex.get_or_insert_with(|| regex.cache()))
    }

    /// What finds where a match ends, likewise.
    pub(super) fn walker(self, slot: &mut CacheSlot) -> (&'a Ends, &mut Walker) {
        let ends = self.regexes.ends.get_or_init(|| Ends::new(self.pattern()));
        (ends, slot.get_or_insert_default().walker.get_or_insert_with(|| Walker::new(ends)))
    }

    /// The secret of the match `whole`, if what stands before it leaves but one place for it.
    pub(super) fn only_secret(self, slot: &mut CacheSlot, bytes: &[u8], whole: Span) -> Option<Span> {
        let head = self.regexes.head.get_or_init(|| Head::new(self.pattern())).as_ref()?;
        let RuleCache { head: cache, read, .. } = &mut **slot.get_or_insert_default();
        head.only_secret(cache.get_or_insert_with(|| head.cache()), bytes, whole, read)
    }

    /// The words that must stand near a match.
    pub(super) fn words(&self) -> Option<&'a Words> {
        let context = self.rule.context.as_ref()?;
        Some(self.words.get_or_init(|| Words::new(context)))
    }

    /// Why a match is as sure as the rule says, if nothing better is known.
    pub(super) fn usual_reason(&self) -> &'static str {
        match self.rule.matcher {
            Matcher::Regex { bounds: Bounds { lead: 0, .. }, .. } => "prefix",
            Matcher::Regex { .. } if self.rule.near.is_some() => "neighbour",
            Matcher::Regex { .. } => "keyword",
            Matcher::Structure(_) => "structure",
            Matcher::File(_) => "file name",
            Matcher::Known => Finding::KNOWN,
        }
    }
}

impl Scanner {
    /// Compiles `rules`. Cheap: regexes are built when first needed.
    pub fn new(rules: RuleSet, options: Options) -> Self {
        let options = Options { decode: options.decode.min(Options::DEEPEST) };
        let count = rules.rules().len();
        let index_of = |id: &str| rules.rules().iter().position(|rule| rule.id == id);
        let mut reported_as: Vec<usize> = (0..count).collect();
        let mut neighbours = vec![Vec::new(); count];
        for (index, rule) in rules.rules().iter().enumerate() {
            let Some(near) = &rule.near else { continue };
            reported_as[index] = index_of(&near.report_as).unwrap_or(index);
            near.rules.iter().filter_map(|id| index_of(id)).for_each(|partner| neighbours[partner].push(index));
        }
        Self {
            prefilter: prefilter(&rules, options),
            regexes: (0..count).map(|_| Regexes::default()).collect(),
            words: (0..count).map(|_| OnceLock::new()).collect(),
            reported_as,
            neighbours,
            shortest: reach::shortest(&rules),
            reach: reach::by_depth(&rules, options.decode, 0),
            windows: rules.rules().iter().map(|rule| reach::window(rule, structures::reach)).collect(),
            near_windows: rules.rules().iter().map(reach::near_window).collect(),
            windows_at: rules.rules().iter().map(|rule| reach::window(rule, structures::at)).collect(),
            piece: PIECE,
            known: None,
            distrusts: false,
            markers: Vec::new(),
            options,
            rules,
        }
    }

    /// The same, and it looks for these values, too; unless the rule for them is not among the rules.
    #[must_use]
    pub fn with_known(mut self, known: Arc<Known>) -> Self {
        let index = self.rules.rules().iter().position(|rule| matches!(rule.matcher, Matcher::Known));
        if let Some(index) = index.filter(|_| !known.is_empty()) {
            self.shortest = self.shortest.min(known.shortest());
            self.reach = reach::by_depth(&self.rules, self.options.decode, known.reach());
            self.windows[index] = known.reach();
            self.near_windows[index] = known.reach();
            self.windows_at[index] = known.reach();
            self.known = Some((KnownRule { index, severity: self.rules.rules()[index].severity }, known));
        }
        self
    }

    /// The same scanner for a change that comes from outside: what a directive allows is found like anything else, be it
    /// a part of a credential or the whole. The directive is told with the match.
    pub fn distrusting(self) -> Self {
        Self { distrusts: true, ..self }
    }

    /// The same, and these directives of other scanners count as its own do.
    #[must_use]
    pub fn with_markers(self, markers: &[Marker]) -> Self {
        Self { markers: markers.to_vec(), ..self }
    }

    /// The rules that matches index.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// How far from an anchor occurrence anything is read, in bytes.
    pub fn reach(&self) -> usize {
        self.reach[usize::from(self.options.decode)]
    }

    /// Buffers for one thread.
    pub fn scratch(&self) -> Scratch {
        let count = self.rules.rules().len();
        let layer = || Layer { hits: vec![Vec::new(); count], ..Layer::default() };
        Scratch {
            layers: (0..=self.options.decode).map(|_| layer()).collect(),
            caches: (0..count).map(|_| None).collect(),
            ..Scratch::default()
        }
    }

    /// Scans a whole document.
    pub fn scan(&self, scratch: &mut Scratch, bytes: &[u8], kinds: KindSet) -> Scanned {
        let candidates = self.candidates(scratch, bytes, kinds);
        self.finish(scratch, candidates, bytes.len())
    }

    /// The candidates of a whole document; not all, if these are too many.
    pub(super) fn candidates(&self, scratch: &mut Scratch, bytes: &[u8], kinds: KindSet) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for start in (0..bytes.len()).step_by(self.piece) {
            self.piece(scratch, bytes, start..bytes.len().min(start + self.piece), kinds, &mut candidates);
            if candidates.len() > MOST_CANDIDATES {
                break;
            }
        }
        candidates
    }

    /// Scans a document of any length in bounded memory; equal to [`scan`](Self::scan) over all its bytes. If reading
    /// fails, over those that could be read.
    pub fn scan_stream(
        &self,
        scratch: &mut Scratch,
        input: &mut dyn Read,
        kinds: KindSet,
    ) -> (Scanned, io::Result<()>) {
        let mut buffer = std::mem::take(&mut scratch.buffer);
        buffer.clear();
        let scanned = self.scan_buffered(scratch, &mut buffer, input, kinds);
        scratch.buffer = buffer;
        scanned
    }

    fn scan_buffered(
        &self,
        scratch: &mut Scratch,
        buffer: &mut Vec<u8>,
        input: &mut dyn Read,
        kinds: KindSet,
    ) -> (Scanned, io::Result<()>) {
        let reach = self.reach();
        let mut candidates = Vec::new();
        let (mut base, mut next) = (0, 0);
        loop {
            let missing = (next + self.piece + reach).saturating_sub(buffer.len());
            let read = Read::take(&mut *input, missing as u64).read_to_end(buffer);
            let is_last = read.as_ref().map_or(true, |&read| read < missing);
            let owned = next..if is_last { buffer.len() } else { next + self.piece };
            let before = candidates.len();
            self.piece(scratch, buffer, owned.clone(), kinds, &mut candidates);
            candidates[before..].iter_mut().for_each(|candidate: &mut Candidate| {
                candidate.span = candidate.span.shifted(base);
                candidate.place = candidate.place.shifted(base);
            });
            if is_last || candidates.len() > MOST_CANDIDATES {
                return (self.finish(scratch, candidates, base + buffer.len()), read.map(drop));
            }
            let behind = owned.end.saturating_sub(reach);
            buffer.drain(..behind);
            base += behind;
            next = owned.end - behind;
        }
    }

    pub(super) fn finish(&self, scratch: &Scratch, mut candidates: Vec<Candidate>, bytes: usize) -> Scanned {
        let overflow = candidates.len() > MOST_CANDIDATES;
        candidates.truncate(MOST_CANDIDATES);
        candidates.iter_mut().for_each(|candidate| candidate.settle_utf16(bytes));
        let mut hidden: Vec<Span> = candidates.iter().map(|candidate| candidate.span).collect();
        // What lies inside of another says nothing, and is found or not by where a document was cut.
        hidden.sort_unstable_by_key(|span| (span.start, Reverse(span.end)));
        hidden.dedup_by(|later, before| before.contains(*later));
        if let Some((known, _)) = self.known.as_ref().filter(|_| scratch.at_home) {
            candidates.retain(|candidate| candidate.rule != known.index);
        }
        let directives = if self.distrusts { take_directives(&mut candidates) } else { BTreeMap::new() };
        let mut matches = resolve::resolve(&self.rules, candidates);
        for found in matches.iter_mut().filter(|_| self.distrusts) {
            found.suppressed = directives.get(&(found.rule, found.span)).cloned();
        }
        Scanned { matches, hidden, bytes: bytes as u64, overflow }
    }

    /// The candidates of the hits that start in `owned`, in a text that goes on around it for as far as it matters.
    fn piece(
        &self,
        scratch: &mut Scratch,
        bytes: &[u8],
        owned: Range<usize>,
        kinds: KindSet,
        candidates: &mut Vec<Candidate>,
    ) {
        let before = candidates.len();
        self.layer(scratch, bytes, &[owned], self.options.decode, candidates);
        self.allow(bytes, kinds, before, candidates);
    }

    /// Notes the directives beside the candidates from `before` on, and drops those of other kinds of file.
    pub(super) fn allow(&self, bytes: &[u8], kinds: KindSet, before: usize, candidates: &mut Vec<Candidate>) {
        candidates[before..].iter_mut().for_each(|candidate| {
            let id = &self.rules.rules()[candidate.rule].id;
            candidate.directive = directive::beside(bytes, candidate.span, id, &self.markers);
        });
        let mut at = 0;
        candidates.retain(|candidate| {
            at += 1;
            at <= before || candidate.kinds.intersects(kinds)
        });
    }

    /// The same for a text with `depth` layers of encoding left to undo.
    fn layer(
        &self,
        scratch: &mut Scratch,
        bytes: &[u8],
        owned: &[Range<usize>],
        depth: u8,
        candidates: &mut Vec<Candidate>,
    ) {
        let mut layer = std::mem::take(&mut scratch.layers[usize::from(depth)]);
        let before = candidates.len();
        owned.iter().for_each(|range| self.hits(&mut layer, bytes, range.clone()));
        layer.sort();
        let since = all_since(owned, bytes.len());
        for &rule in &layer.touched {
            let is_all = !self.retain_hits(bytes, rule, &mut layer.hits[rule]);
            let since = if is_all { since } else { bytes.len() };
            let hits = RuleHits { rule, hits: &layer.hits[rule], others: &[], since };
            self.confirm(scratch, bytes, hits, candidates, |_, _| {});
        }
        self.confirm_neighbours(scratch, bytes, before, candidates);
        let wrapped = self.promising(scratch, bytes, &layer.wrapped, depth);
        for view in self.views(bytes, owned, &wrapped, depth) {
            self.view(scratch, &view, depth - 1, candidates);
        }
        layer.clear();
        scratch.layers[usize::from(depth)] = layer;
    }

    /// The first step: all anchor occurrences that start in `owned`.
    pub(super) fn hits(&self, layer: &mut Layer, bytes: &[u8], owned: Range<usize>) {
        self.occurrences(bytes, owned, |span, meaning| match *meaning {
            Use::Rule(rule) => layer.push(rule, span),
            Use::Wrapped(lead) if !decode::leads(bytes, span.start, lead) => {}
            Use::Wrapped(lead) => layer.wrapped.push((span.start, lead)),
        });
    }

    /// Every occurrence of a literal that starts in `range`, with each of its meanings, in no particular order.
    pub(super) fn occurrences(&self, bytes: &[u8], range: Range<usize>, mut found: impl FnMut(Span, &Use)) {
        self.prefilter.find(bytes, range.clone(), |start, literal| {
            for (meaning, len) in self.literals().uses_at(literal, &bytes[start..]) {
                found(Span::new(start, start + len), meaning);
            }
        });
        if let Some((rule, known)) = &self.known {
            known.find(bytes, range, |span, meaning| match meaning {
                known::Use::Anchor => found(span, &Use::Rule(rule.index)),
                known::Use::Wrapped(phase) => found(span, &Use::Wrapped(Lead::Base64(phase as u8))),
            });
        }
    }

    /// What the rules are known by.
    pub(super) fn literals(&self) -> &Literals {
        self.prefilter.literals()
    }

    /// The length of the longest literal, in bytes.
    pub(super) fn longest_literal(&self) -> usize {
        let of_known = self.known.as_ref().map_or(0, |(_, known)| known.longest_literal());
        self.literals().longest.max(of_known)
    }

    /// Of hits that come close together drops those around which no match counts for want of a word near it. Says whether it did.
    fn retain_hits(&self, bytes: &[u8], rule: usize, hits: &mut Vec<Span>) -> bool {
        let compiled = self.compiled(rule);
        let (Matcher::Regex { bounds, .. }, Some(context)) = (&compiled.rule.matcher, &compiled.rule.context) else {
            return false;
        };
        let count = hits.len();
        if context::are_close(hits, bounds.longest + context.within)
            && let Some(words) = compiled.words()
        {
            words.retain_hits(bytes, bounds.longest, hits);
        }
        hits.len() < count
    }

    /// The second step, for all hits of one rule. `verdict` is told, for each hit around which there is a match, the index of
    /// the hit and what became of the match.
    pub(super) fn confirm(
        &self,
        scratch: &mut Scratch,
        bytes: &[u8],
        RuleHits { rule, hits, others, since }: RuleHits<'_>,
        candidates: &mut Vec<Candidate>,
        mut verdict: impl FnMut(usize, Verdict),
    ) {
        let compiled = self.compiled(rule);
        let mut nearby = Nearby::new(compiled.words());
        let Scratch { judged, verdicts, caches, .. } = scratch;
        let mut candidate = |secret: Span, found: Option<&Found>| {
            let is_close = nearby.comes_close(secret);
            if is_close && !nearby.holds(bytes, secret) {
                return Verdict::Refused { secret, why: Refusal::Context };
            }
            *judged += secret.len();
            match confirm::candidate(compiled, verdicts, bytes, (secret, found)) {
                Ok(candidate) if is_close || nearby.holds(bytes, secret) => {
                    candidates.push(candidate);
                    Verdict::Candidate(candidates.len() - 1)
                }
                Ok(_) => Verdict::Refused { secret, why: Refusal::Context },
                Err(why) => Verdict::Refused { secret, why },
            }
        };
        match &compiled.rule.matcher {
            Matcher::Regex { .. } => {
                let mut last = None;
                confirm::regex(compiled, &mut caches[rule], bytes, (hits, others, since), |hit, matched| {
                    let known = last.filter(|(before, _)| *before == matched);
                    let (_, of_match) =
                        *last.insert(known.unwrap_or_else(|| (matched, candidate(matched.secret, None))));
                    verdict(hit, of_match);
                });
            }
            Matcher::Structure(shape) => {
                let mut last: Option<(Found, Verdict)> = None;
                confirm::structure(*shape, bytes, hits, |hit, found| {
                    let known = last.take().filter(|(before, _)| before == found);
                    let (_, of_match) =
                        last.insert(known.unwrap_or_else(|| (found.clone(), candidate(found.secret, Some(found)))));
                    verdict(hit, *of_match);
                });
            }
            Matcher::Known => {
                let Some((rule, known)) = &self.known else { return };
                for (hit, span) in hits.iter().enumerate() {
                    if let Some(candidate) = known.candidate(*rule, bytes, *span) {
                        candidates.push(candidate);
                        verdict(hit, Verdict::Candidate(candidates.len() - 1));
                    }
                }
            }
            Matcher::File(_) => {}
        }
    }

    /// The second step for rules that have no anchors but a neighbour: around each candidate from `from` on.
    pub(super) fn confirm_neighbours(
        &self,
        scratch: &mut Scratch,
        bytes: &[u8],
        from: usize,
        candidates: &mut Vec<Candidate>,
    ) {
        let mut windows: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
        for candidate in &candidates[from..] {
            for &neighbour in &self.neighbours[candidate.rule] {
                let within = self.rules.rules()[neighbour].near.as_ref().map_or(0, |near| near.within);
                let (start, end) = (candidate.place.start, candidate.place.end);
                let window = Span::new(start.saturating_sub(within), bytes.len().min(end + within));
                windows.entry(neighbour).or_default().push(window);
            }
        }
        for (rule, mut windows) in windows {
            windows.sort_unstable();
            let compiled = self.compiled(rule);
            let mut nearby = Nearby::new(compiled.words());
            let Scratch { verdicts, caches, .. } = scratch;
            confirm::near(compiled, &mut caches[rule], bytes, &windows, |matched| {
                let candidate = confirm::candidate(compiled, verdicts, bytes, (matched.secret, None));
                candidates.extend(candidate.ok().filter(|_| nearby.holds(bytes, matched.secret)));
            });
        }
    }

    /// What the text holds encoded, with `depth` layers left: around `wrapped`, and in the UTF-16 that starts in `owned`.
    pub(super) fn views(
        &self,
        bytes: &[u8],
        owned: &[Range<usize>],
        wrapped: &[(usize, Lead)],
        depth: u8,
    ) -> Vec<View> {
        let Some(inner) = usize::from(depth).checked_sub(1) else { return Vec::new() };
        let mut views = decode::views(bytes, wrapped, self.reach[inner], self.shortest);
        owned.iter().for_each(|range| views.extend(decode::utf16_views(bytes, range.clone(), self.reach[inner])));
        views
    }

    /// Those of the images in base64 (sorted by start) that may lead to something, with `depth` layers left. In a picture of a
    /// megabyte some dozens stand by chance, and to decode as much around each as could matter takes longer than all the rest.
    /// So an image that stands alone is first decoded as far as most rules see.
    pub(super) fn promising(
        &self,
        scratch: &mut Scratch,
        bytes: &[u8],
        wrapped: &[(usize, Lead)],
        depth: u8,
    ) -> Vec<(usize, Lead)> {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        let images = wrapped.iter().filter(|(_, lead)| matches!(lead, Lead::Base64(_)));
        let images: Vec<usize> = images.map(|&(at, _)| at).collect();
        let is_alone = |at: usize| {
            let (before, behind) = (images.partition_point(|&other| other + ALONE <= at), at + ALONE);
            images[before..].iter().take_while(|&&other| other < behind).nth(1).is_none()
        };
        let promises = |&(at, lead): &(usize, Lead)| match lead {
            Lead::Base64(phase) if is_alone(at) => {
                self.may_hold_something(scratch, bytes, (at, usize::from(phase)), depth)
            }
            _ => true,
        };
        wrapped.iter().copied().filter(promises).collect()
    }

    /// Whether the base64 text around an image of an anchor may hold something, with `depth` layers left in it. False only
    /// if it holds nothing.
    fn may_hold_something(&self, scratch: &mut Scratch, bytes: &[u8], image: (usize, usize), depth: u8) -> bool {
        let Some(View { text, owned, .. }) = decode::base64_view(bytes, image, NARROW) else { return false };
        let mut layer = std::mem::take(&mut scratch.layers[usize::from(depth)]);
        owned.iter().for_each(|range| self.hits(&mut layer, &text, range.clone()));
        layer.sort();
        let sees_more = |&rule: &usize| self.windows[rule] + self.longest_literal() > NARROW;
        let is_nested = |range: &Range<usize>| !decode::utf16_views(&text, range.clone(), NARROW).is_empty();
        let mut may = layer.touched.iter().any(sees_more)
            || depth > 0 && (!layer.wrapped.is_empty() || owned.iter().any(is_nested));
        if !may {
            let mut candidates = Vec::new();
            let since = all_since(&owned, text.len());
            for &rule in &layer.touched {
                let hits = RuleHits { rule, hits: &layer.hits[rule], others: &[], since };
                self.confirm(scratch, &text, hits, &mut candidates, |_, _| {});
            }
            may = !candidates.is_empty();
        }
        layer.clear();
        scratch.layers[usize::from(depth)] = layer;
        may
    }

    /// The candidates of a decoded text, with their places in the outer one.
    pub(super) fn view(&self, scratch: &mut Scratch, view: &View, depth: u8, candidates: &mut Vec<Candidate>) {
        let before = candidates.len();
        self.layer(scratch, &view.text, &view.owned, depth, candidates);
        candidates[before..].iter_mut().for_each(|candidate| candidate.move_out_of(view));
    }

    /// Whether a hit around which nothing is has nothing for what is near it.
    pub(super) fn is_none_nearby(&self, rule: usize, bytes: &[u8], hit: Span) -> bool {
        match self.rules.rules()[rule].matcher {
            Matcher::Structure(shape) => structures::is_none_nearby(shape, bytes, hit),
            Matcher::Regex { .. } | Matcher::File(_) | Matcher::Known => true,
        }
    }

    /// Whether a hit of this rule has no match for what stands within its [window](Self::windows_at).
    pub(super) fn is_none_at(&self, rule: usize, bytes: &[u8], hit: Span, names: &mut NamesSeen) -> bool {
        match self.rules.rules()[rule].matcher {
            Matcher::Structure(shape) => structures::is_none_at(shape, bytes, hit, names),
            Matcher::Regex { .. } | Matcher::File(_) | Matcher::Known => false,
        }
    }

    pub(super) fn compiled(&self, rule: usize) -> Compiled<'_> {
        let (regexes, words, reported_as) = (&self.regexes[rule], &self.words[rule], self.reported_as[rule]);
        let rule = &self.rules.rules()[rule];
        let bounds = match &rule.matcher {
            Matcher::Regex { bounds, .. } => bounds,
            Matcher::Structure(_) | Matcher::File(_) | Matcher::Known => &Bounds::NOTHING,
        };
        Compiled { rule, regexes, words, reported_as, bounds }
    }
}

/// What finds the literals of these rules. Those of the built-in ones are ready.
fn prefilter(rules: &RuleSet, options: Options) -> Prefilter {
    if rules.is_builtin() && options.decode > 0 {
        return Prefilter::builtin();
    }
    Prefilter::new(Literals::of(rules.rules(), options.decode > 0))
}

/// From where on all occurrences in a text of this length are known if those in `owned` are.
fn all_since(owned: &[Range<usize>], len: usize) -> usize {
    owned.iter().map(|range| range.start).max().unwrap_or(len)
}

/// By rule and place.
fn take_directives(candidates: &mut [Candidate]) -> BTreeMap<(usize, Span), Directive> {
    let mut taken = BTreeMap::new();
    for candidate in candidates {
        taken.extend(candidate.directive.take().map(|directive| ((candidate.rule, candidate.span), directive)));
    }
    taken
}

impl Mask for Scanner {
    fn hidden(&self, bytes: &[u8]) -> Vec<Span> {
        self.scan(&mut self.scratch(), bytes, KindSet::ALL).hidden
    }
}
