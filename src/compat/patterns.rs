//! What is prohibited and what is allowed: the patterns of git's configuration, of providers and of `.gitallowed`, each
//! list made into one automaton.

use std::{io::ErrorKind, path::Path};

use aho_corasick::packed::Searcher;
use bstr::ByteSlice;
use regex_automata::{meta, nfa::thompson::WhichCaptures};
use regex_syntax::hir::{Hir, Look};

use super::{EreError, Error, builtin::Builtin, ere, literals, provider};
use crate::git::porcelain::Settings;

/// The section of git's configuration that is ours.
pub(super) const SECTION: &str = "secrets";
/// The file of allowed patterns at the top of a work tree.
const GITALLOWED: &str = ".gitallowed";
/// An automaton of more memory than this is no longer built; the patterns for AWS take 1/100 of it.
const MOST_MEMORY: usize = 64 << 20;

/// A pattern, and where it comes from.
pub(super) struct Pattern {
    text: Vec<u8>,
    /// For a person. It does not quote what a provider said.
    place: String,
}

impl Pattern {
    #[cfg(test)]
    pub(super) fn given(text: &[u8]) -> Self {
        Self { text: text.to_vec(), place: "a test".to_owned() }
    }

    /// Where it comes from, for a person.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// The patterns in a value of git's configuration: one on each line, since a newline ends a pattern for grep.
    fn of_value(key: &str, value: &[u8]) -> Vec<Self> {
        let place = |text: &[u8]| format!("the pattern '{}' of {SECTION}.{key}", text.as_bstr());
        patterns(value).map(|text| Self { text: text.to_vec(), place: place(text) }).collect()
    }

    /// The patterns that a provider printed.
    fn of_provider(command: &[u8], output: &[u8]) -> Vec<Self> {
        let place = |nth: usize| format!("line {} of the provider '{}'", nth + 1, command.as_bstr());
        let lines = output.lines().enumerate().filter(|(_, line)| !line.is_empty());
        lines.map(|(nth, line)| Self { text: line.to_vec(), place: place(nth) }).collect()
    }
}

/// Empty ones would match everything.
fn patterns(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.lines().filter(|line| !line.is_empty())
}

/// Reads what is prohibited; runs the providers for it.
pub(super) fn prohibited(settings: &Settings) -> Result<Vec<Pattern>, Error> {
    let values = settings.values(SECTION, "patterns");
    let mut prohibited: Vec<_> = values.iter().flat_map(|value| Pattern::of_value("patterns", value)).collect();
    for value in settings.values(SECTION, "providers") {
        for command in value.lines().map(<[u8]>::trim_ascii).filter(|command| !command.is_empty()) {
            prohibited.extend(Pattern::of_provider(command, &provider::run(command)?));
        }
    }
    Ok(prohibited)
}

/// Reads what is allowed: the configuration, and the file at the top of the work tree.
pub(super) fn allowed(settings: &Settings, top: Option<&Path>) -> Result<Vec<Pattern>, Error> {
    let values = settings.values(SECTION, "allowed");
    let mut allowed: Vec<_> = values.iter().flat_map(|value| Pattern::of_value("allowed", value)).collect();
    let Some(path) = top.map(|top| top.join(GITALLOWED)) else { return Ok(allowed) };
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(source) => return Err(Error::File { doing: "reading", path, source }),
    };
    for (nth, line) in text.lines().enumerate() {
        if !line.trim_ascii_start().starts_with(b"#") && !line.trim_ascii().is_empty() {
            let place = format!("line {} of {GITALLOWED}, '{}'", nth + 1, line.as_bstr());
            allowed.push(Pattern { text: line.to_vec(), place });
        }
    }
    Ok(allowed)
}

/// What is looked for.
pub(super) struct Wanted {
    pub(super) patterns: Option<Matcher>,
    pub(super) builtin: Option<Builtin>,
}

/// All patterns of a list at once.
pub(super) struct Matcher {
    regex: meta::Regex,
    literals: Option<Searcher>,
}

/// A pattern that cannot be used: where it comes from, and why.
pub(super) struct Unusable {
    pub(super) place: String,
    pub(super) reason: EreError,
}

impl Matcher {
    /// Matches where grep's `-w` would: neither the byte before the match nor the one after it belongs to a word. Of all
    /// that a pattern can match from a place on, any such match counts, which is what grep comes to by trying shorter
    /// ones. None if there are no patterns.
    pub(super) fn of_words(patterns: &[Pattern]) -> Result<Option<Self>, Unusable> {
        Self::new(patterns, |pattern| {
            Hir::concat(vec![Hir::look(Look::WordStartHalfAscii), pattern, Hir::look(Look::WordEndHalfAscii)])
        })
    }

    /// Matches anywhere in a line.
    pub(super) fn anywhere(patterns: &[Pattern]) -> Result<Option<Self>, Unusable> {
        Self::new(patterns, |pattern| pattern)
    }

    fn new(patterns: &[Pattern], between: fn(Hir) -> Hir) -> Result<Option<Self>, Unusable> {
        if patterns.is_empty() {
            return Ok(None);
        }
        let mut alternatives = Vec::with_capacity(patterns.len());
        for Pattern { text, place } in patterns {
            let unusable = |reason| Unusable { place: place.clone(), reason };
            alternatives.push(ere::parse(text).map_err(unusable)?);
        }
        let all = Hir::alternation(alternatives);
        let literals = literals::searcher(&all);
        match compile(&between(all)) {
            Some(regex) => Ok(Some(Self { regex, literals })),
            None => Err(Self::the_one_too_big(patterns, between)),
        }
    }

    /// Which of the patterns it is that cannot be compiled.
    fn the_one_too_big(patterns: &[Pattern], between: fn(Hir) -> Hir) -> Unusable {
        let compiles = |text: &[u8]| ere::parse(text).is_ok_and(|hir| compile(&between(hir)).is_some());
        let culprit = patterns.iter().find(|pattern| !compiles(&pattern.text));
        let place = culprit.map_or_else(|| "the patterns together".to_owned(), |pattern| pattern.place.clone());
        Unusable { place, reason: EreError::TooBig }
    }

    pub(super) fn regex(&self) -> &meta::Regex {
        &self.regex
    }

    /// The literals of which each match contains one, if it takes less time to look for these first.
    pub(super) fn literals(&self) -> Option<&Searcher> {
        self.literals.as_ref()
    }

    /// Whether it matches in `text`.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        self.regex.is_match(text)
    }
}

fn compile(hir: &Hir) -> Option<meta::Regex> {
    let config =
        meta::Config::new().utf8_empty(false).which_captures(WhichCaptures::Implicit).nfa_size_limit(Some(MOST_MEMORY));
    meta::Builder::new().configure(config).build_from_hir(hir).ok()
}
