//! What one thread reuses from document to document: buffers, and the caches of regexes.

use regex_automata::hybrid::dfa::Cache;
use regex_automata::meta::{self, Regex};
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::{Anchored, Input, Match, PatternID};

use super::anchors::Lead;
use super::confirm::Matched;
use super::structures::NamesSeen;
use super::trace::Pieces;
use super::verdicts::Verdicts;
use super::walk::Walker;
use crate::model::Span;

/// Buffers and regex caches of one thread.
#[derive(Debug, Default)]
pub struct Scratch {
    /// One per layer of decoding, the document's own first.
    pub(crate) layers: Vec<Layer>,
    /// By rule; made when first needed. Each in a box, since they are large, and most are never made.
    pub(crate) caches: Vec<CacheSlot>,
    /// What a stream was read into.
    pub(crate) buffer: Vec<u8>,
    /// Whether the document is one that known values come from.
    pub(crate) at_home: bool,
    /// Bytes of matches that were judged so far.
    pub(crate) judged: usize,
    /// What is new in a text that is traced.
    pub(crate) pieces: Pieces,
    /// What is known of names.
    pub(in crate::engine) names: NamesSeen,
    /// What validators said of values.
    pub(crate) verdicts: Verdicts,
}

impl Scratch {
    /// Says of the documents that follow whether known values come from them. In such a one they are no leak: it is
    /// judged by the other rules alone. Nothing of these values is shown in any case.
    pub fn set_at_home(&mut self, at_home: bool) {
        self.at_home = at_home;
    }

    /// How much work the regexes of all rules and what judges their matches had so far: the bytes that they read, each as
    /// often as it was read.
    #[cfg(test)]
    pub(crate) fn work(&self) -> usize {
        let of_rule = |cache: &RuleCache| {
            cache.read
                + cache.walker.as_ref().map_or(0, |walker| walker.read)
                + cache.regex.as_ref().map_or(0, |regex| regex.read)
        };
        self.judged + self.caches.iter().flatten().map(|cache| of_rule(cache)).sum::<usize>()
    }
}

/// Buffers for one text: the document, or a decoded part of it.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    /// Anchor occurrences by rule, sorted by start.
    pub hits: Vec<Vec<Span>>,
    /// The rules that have hits.
    pub touched: Vec<usize>,
    /// What leads to encoded text, and where it stands.
    pub wrapped: Vec<(usize, Lead)>,
}

impl Layer {
    #[inline]
    pub(crate) fn push(&mut self, rule: usize, hit: Span) {
        let hits = &mut self.hits[rule];
        if hits.is_empty() {
            self.touched.push(rule);
        }
        hits.push(hit);
    }

    /// Puts hits in order; they come in a few ordered runs.
    pub(crate) fn sort(&mut self) {
        self.wrapped.sort();
        self.wrapped.dedup();
        for &rule in &self.touched {
            self.hits[rule].sort();
            self.hits[rule].dedup();
        }
    }

    pub(crate) fn clear(&mut self) {
        self.touched.drain(..).for_each(|rule| self.hits[rule].clear());
        self.wrapped.clear();
    }
}

/// A regex with the number of its group `secret`.
#[derive(Debug)]
pub(crate) struct SecretRegex {
    regex: Regex,
    group: usize,
}

impl SecretRegex {
    /// The largest NFA, in bytes; the loader of rules refuses larger ones too.
    const SIZE_LIMIT: usize = 1 << 20;

    /// Compiles a pattern that the loader of rules has checked.
    ///
    /// # Panics
    /// If the pattern was not checked: it does not compile, or has no group `secret`.
    pub(crate) fn new(pattern: &str) -> Self {
        let config = Regex::config().utf8_empty(false).nfa_size_limit(Some(Self::SIZE_LIMIT));
        let syntax = regex_automata::util::syntax::Config::new().unicode(false).utf8(false);
        let regex = Regex::builder().configure(config).syntax(syntax).build(pattern);
        let regex = regex.expect("the pattern of a rule was checked when the rule was loaded");
        let group = regex.group_info().to_index(PatternID::ZERO, "secret");
        Self { group: group.expect("a rule's regex has a group named secret"), regex }
    }

    pub(crate) fn cache(&self) -> RegexCache {
        RegexCache { cache: self.regex.create_cache(), slots: vec![None; self.regex.group_info().slot_len()], read: 0 }
    }
}

/// The caches of a rule's regex, once one was needed: to make it, and the regex, costs more than many documents do.
pub(crate) type CacheSlot = Option<Box<RuleCache>>;

/// What a thread keeps of the regex of one rule, both parts made when first needed.
#[derive(Debug, Default)]
pub(crate) struct RuleCache {
    /// Of its automaton, by which a match is found.
    pub walker: Option<Walker>,
    /// Of what stands before the secret, by which it is found in most matches.
    pub head: Option<Cache>,
    /// Of the regex with its groups, by which it is found in any.
    pub regex: Option<RegexCache>,
    /// Bytes that were read to find the secret without the groups.
    pub read: usize,
    /// The text that the groups were asked of last, and where in it the secret is.
    pub told: Option<(Vec<u8>, Span)>,
}

/// The mutable part of a regex search.
#[derive(Debug)]
pub(crate) struct RegexCache {
    cache: meta::Cache,
    slots: Vec<Option<NonMaxUsize>>,
    /// Bytes that were read so far.
    read: usize,
}

impl RegexCache {
    /// The start of the leftmost match.
    pub(crate) fn start(&mut self, regex: &SecretRegex, input: &Input<'_>) -> Option<usize> {
        let found = regex.regex.search_with(&mut self.cache, input);
        self.read += found.as_ref().map_or(input.end(), Match::end) - input.start();
        found.map(|found| found.start())
    }

    /// The leftmost-first match of an anchored search.
    pub(crate) fn captures(&mut self, regex: &SecretRegex, input: &Input<'_>) -> Option<Matched> {
        debug_assert_eq!(input.get_anchored(), Anchored::Yes);
        self.read += input.get_range().len();
        regex.regex.search_slots_with(&mut self.cache, input, &mut self.slots)?;
        let span = |group: usize| {
            let at = |slot: usize| self.slots[slot].map(NonMaxUsize::get);
            Some(Span::new(at(2 * group)?, at(2 * group + 1)?))
        };
        Some(Matched { whole: span(0)?, secret: span(regex.group)? })
    }
}
