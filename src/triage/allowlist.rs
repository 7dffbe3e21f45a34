//! What the configuration allows: places, values, or values at places, each for all rules or for some. What is allowed in a
//! file of its own, secret by secret, is not meant here.

use super::scope::Scope;
use crate::model::Name;
use crate::rules::{self, Known, Rule};

/// The rule for secrets that the user holds: to be in a certain file makes none of them less secret.
const KNOWN_SECRET: &str = "known-secret";

/// Something that is allowed: where the paths fit and the value is known, as far as these are given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Allowance {
    /// Patterns of paths, of which one has to fit; any place if there are none.
    pub paths: Vec<Scope>,
    /// A pattern of paths that has to fit as well: the directory for which this is said.
    pub within: Option<Scope>,
    /// What the value has to be among; any value if it is empty.
    pub content: rules::Allowlist,
    /// Ids and tags of the rules for which this holds; for all if there are none.
    pub rules: Vec<String>,
    /// Why. Text of a file: it is shown through a mask.
    pub reason: Option<String>,
}

/// Why something is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedBy {
    /// By where it is.
    Path,
    /// By what it is.
    Value,
    /// By an expression that fits it.
    Regex,
}

impl Allowance {
    /// Whether it allows a value that was found by a rule in a document with these paths. A pattern of paths counts only if
    /// it fits all paths of the document, and there are some. What the user holds is allowed by its value, and by an
    /// expression that is given for the rule by its id; by a path never.
    pub fn allows(&self, rule: &Rule, value: &[u8], paths: &[Name]) -> Option<AllowedBy> {
        let is_named = self.rules.iter().any(|word| rule.is_named(word));
        if !(is_named || self.rules.is_empty()) || !self.holds_at(paths) {
            return None;
        }
        let is_held = rule.id == KNOWN_SECRET;
        if self.content.is_empty() {
            return (self.has_paths() && !is_held).then_some(AllowedBy::Path);
        }
        match self.content.knows(value)? {
            Known::ByValue => Some(AllowedBy::Value),
            Known::ByPattern if is_held && !self.rules.iter().any(|word| word == KNOWN_SECRET) => None,
            Known::ByPattern => Some(AllowedBy::Regex),
        }
    }

    /// Whether `other` allows all that this one does, as far as their words tell.
    pub fn is_within(&self, other: &Self) -> bool {
        let is_subset =
            |ours: &[Scope], theirs: &[Scope]| !ours.is_empty() && ours.iter().all(|it| theirs.contains(it));
        let rules =
            other.rules.is_empty() || (!self.rules.is_empty() && self.rules.iter().all(|it| other.rules.contains(it)));
        let paths = other.paths.is_empty() || is_subset(&self.paths, &other.paths);
        let within = other.within.is_none() || self.within == other.within;
        let content = other.content.is_empty() || (!self.content.is_empty() && self.content.is_within(&other.content));
        rules && paths && within && content
    }

    fn has_paths(&self) -> bool {
        !self.paths.is_empty() || self.within.is_some()
    }

    fn holds_at(&self, paths: &[Name]) -> bool {
        let fits = |path: &Name| {
            let here = self.within.as_ref().is_none_or(|directory| directory.holds(path));
            here && (self.paths.is_empty() || self.paths.iter().any(|scope| scope.holds(path)))
        };
        !self.has_paths() || (!paths.is_empty() && paths.iter().all(fits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{RuleSet, ValuePattern};

    fn scopes(texts: &[&str]) -> Vec<Scope> {
        texts.iter().map(|text| Scope::new(text).expect("it is a pattern")).collect()
    }

    fn allowed(allowance: &Allowance, rule: &str, value: &str, paths: &[&str]) -> Option<AllowedBy> {
        let rules = RuleSet::builtin();
        let paths: Vec<Name> = paths.iter().map(|path| Name::new(*path)).collect();
        allowance.allows(rules.get(rule).expect("there is such a rule"), value.as_bytes(), &paths)
    }

    fn of_values(values: &[&str], patterns: &[&str]) -> rules::Allowlist {
        let patterns = patterns.iter().map(|text| ValuePattern::new(text).expect("it is one")).collect();
        rules::Allowlist::new(values.iter().copied(), patterns)
    }

    #[test]
    fn every_path_of_a_document_has_to_be_allowed() {
        let tests = Allowance { paths: scopes(&["tests/**", "*.md"]), ..Allowance::default() };
        let by_path = Some(AllowedBy::Path);
        assert_eq!(allowed(&tests, "github-pat", "x", &["tests/a", "doc/b.md"]), by_path);
        assert_eq!(allowed(&tests, "github-pat", "x", &["tests/a", "src/b"]), None);
        assert_eq!(allowed(&tests, "github-pat", "x", &[]), None);
        let inside = Allowance { within: scopes(&["/services/a/"]).pop(), ..tests };
        assert_eq!(allowed(&inside, "github-pat", "x", &["services/a/tests/x", "services/a/b.md"]), None);
        assert_eq!(allowed(&inside, "github-pat", "x", &["services/a/x.md"]), by_path);
        assert_eq!(allowed(&inside, "github-pat", "x", &["services/b/x.md"]), None);
    }

    #[test]
    fn path_and_value_both_have_to_fit() {
        let both =
            Allowance { paths: scopes(&["tests/**"]), content: of_values(&["v"], &["^w"]), ..Allowance::default() };
        assert_eq!(allowed(&both, "github-pat", "v", &["tests/a"]), Some(AllowedBy::Value));
        assert_eq!(allowed(&both, "github-pat", "w1", &["tests/a"]), Some(AllowedBy::Regex));
        assert_eq!(allowed(&both, "github-pat", "x", &["tests/a"]), None);
        assert_eq!(allowed(&both, "github-pat", "v", &["src/a"]), None);
    }

    #[test]
    fn an_allowance_is_for_its_rules() {
        let some =
            |word: &str| Allowance { paths: scopes(&["a"]), rules: vec![word.to_owned()], ..Allowance::default() };
        assert_eq!(allowed(&some("github-pat"), "github-pat", "x", &["a"]), Some(AllowedBy::Path));
        assert_eq!(allowed(&some("github"), "github-pat", "x", &["a"]), Some(AllowedBy::Path));
        assert_eq!(allowed(&some("github-pat"), "jwt", "x", &["a"]), None);
    }

    #[test]
    fn no_path_hides_what_the_user_holds() {
        let by_path = Allowance { paths: scopes(&["a"]), rules: vec![KNOWN_SECRET.to_owned()], ..Allowance::default() };
        assert_eq!(allowed(&by_path, KNOWN_SECRET, "x", &["a"]), None);
        let by_pattern = Allowance { content: of_values(&[], &["."]), ..Allowance::default() };
        assert_eq!(allowed(&by_pattern, KNOWN_SECRET, "x", &["a"]), None);
        assert_eq!(allowed(&by_pattern, "jwt", "x", &["a"]), Some(AllowedBy::Regex));
        let named = Allowance { rules: vec![KNOWN_SECRET.to_owned()], ..by_pattern };
        assert_eq!(allowed(&named, KNOWN_SECRET, "x", &["a"]), Some(AllowedBy::Regex));
        let by_value = Allowance { content: of_values(&["x"], &[]), ..Allowance::default() };
        assert_eq!(allowed(&by_value, KNOWN_SECRET, "x", &["a"]), Some(AllowedBy::Value));
    }

    #[test]
    fn what_allows_more_is_not_within_what_allows_less() {
        let base = Allowance {
            paths: scopes(&["a", "b"]),
            content: of_values(&["v", "w"], &[]),
            rules: vec!["jwt".to_owned(), "github".to_owned()],
            ..Allowance::default()
        };
        let narrower = Allowance { paths: scopes(&["a"]), reason: Some("other".to_owned()), ..base.clone() };
        assert!(base.is_within(&base) && narrower.is_within(&base) && !base.is_within(&narrower));
        let fewer = Allowance { content: of_values(&["v"], &[]), rules: vec!["jwt".to_owned()], ..base.clone() };
        assert!(fewer.is_within(&base));
        for wider in [
            Allowance { paths: Vec::new(), ..base.clone() },
            Allowance { paths: scopes(&["a", "c"]), ..base.clone() },
            Allowance { content: rules::Allowlist::default(), ..base.clone() },
            Allowance { content: of_values(&["v"], &["x"]), ..base.clone() },
            Allowance { rules: Vec::new(), ..base.clone() },
        ] {
            assert!(!wider.is_within(&base), "{wider:?}");
        }
    }
}
