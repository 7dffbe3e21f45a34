//! The rules of a run: the built-in ones, a user's own beside them, and of these the ones that were asked for.

use std::borrow::Cow;
use std::fmt;

use super::check::Standard;
use super::error::Faults;
use super::load::{RuleFile, load};
use super::nearest::nearest;
use super::rule::{Near, Pair, Rule, Str};

/// The rules of a run.
#[derive(Clone, Debug)]
pub struct RuleSet {
    rules: Cow<'static, [Rule]>,
}

/// A word that selects no rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRule {
    /// The word.
    pub given: String,
    /// The id or tag that was probably meant.
    pub suggestion: Option<String>,
}

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no rule has the id or tag '{}'", self.given)?;
        self.suggestion.as_ref().map_or(Ok(()), |word| write!(f, "; did you mean '{word}'?"))
    }
}

impl std::error::Error for UnknownRule {}

impl RuleSet {
    /// The built-in rules; costs nothing.
    pub fn builtin() -> Self {
        Self { rules: Cow::Borrowed(super::builtin::RULES) }
    }

    /// A set of these rules.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules: Cow::Owned(rules) }
    }

    /// These rules and those of a user's files (`--rules`), checked as the built-in ones are. They may refer to rules of
    /// this set and to each other; an id that is taken is an error, since a report must not mean two things by it.
    pub fn with_user_rules(self, files: &[RuleFile<'_>]) -> Result<Self, Faults> {
        let mut rules = load(files, Standard::User, &self.rules)?;
        rules.extend(self.rules.into_owned());
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Self::new(rules))
    }

    /// The rules with an id or tag in `only` (all, if it is empty) and none in `skip`.
    ///
    /// A rule that reports its matches as another's goes where that one goes. References to rules that are left out
    /// are dropped, and with the last of its neighbours a rule that is found only beside them.
    pub fn select(self, only: &[String], skip: &[String]) -> Result<Self, UnknownRule> {
        only.iter().chain(skip).try_for_each(|word| self.check_known(word))?;
        if only.is_empty() && skip.is_empty() {
            return Ok(self);
        }
        let chosen = |rule: &Rule| {
            let target = rule.near.as_ref().and_then(|near| self.get(&near.report_as));
            let named = |words: &[String]| {
                words.iter().any(|word| rule.is_named(word) || target.is_some_and(|target| target.is_named(word)))
            };
            (only.is_empty() || named(only)) && !named(skip)
        };
        let mut rules: Vec<Rule> = self.rules.iter().filter(|rule| chosen(rule)).cloned().collect();
        drop_dangling(&mut rules);
        Ok(Self::new(rules))
    }

    /// Whether these are the built-in rules, all of them and no others.
    pub(crate) fn is_builtin(&self) -> bool {
        matches!(self.rules, Cow::Borrowed(_))
    }

    /// The rules, in the order of their indices.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule with this id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Makes sure that a word is the id or a tag of some rule.
    ///
    /// # Errors
    /// If it is not; with the one that was probably meant.
    pub fn check_known(&self, word: &str) -> Result<(), UnknownRule> {
        if self.rules.iter().any(|rule| rule.is_named(word)) {
            return Ok(());
        }
        let names = self.rules.iter().flat_map(|rule| std::iter::once(&rule.id).chain(rule.tags.iter()));
        let suggestion = nearest(word, names.map(AsRef::as_ref)).map(str::to_owned);
        Err(UnknownRule { given: word.to_owned(), suggestion })
    }
}

/// Takes out what refers to rules that are not among `rules`.
fn drop_dangling(rules: &mut Vec<Rule>) {
    let mut ids: Vec<Str> = rules.iter().map(|rule| rule.id.clone()).collect();
    ids.sort_unstable();
    let there = |id: &Str| ids.binary_search(id).is_ok();
    for rule in rules.iter_mut() {
        rule.near.iter_mut().for_each(|Near { rules, .. }| rules.to_mut().retain(there));
        rule.pair.iter_mut().for_each(|Pair { with, .. }| with.to_mut().retain(there));
        rule.pair.take_if(|pair| pair.with.is_empty());
    }
    rules.retain(|rule| rule.near.as_ref().is_none_or(|near| !near.rules.is_empty()));
}
