//! What is known and accepted, put together from allow files, baselines and the configuration; and what a change adds to
//! that. Where these are read from, and whether they are to be trusted, is decided by the caller. Comments beside a secret
//! are the engine's.

use std::collections::{BTreeMap, BTreeSet};

use super::allow::Allowed;
use super::allowlist::{Allowance, AllowedBy};
use super::baseline::Baselined;
use super::scope::Scope;
use crate::model::{Fingerprint, Moment, Name, SuppressionKind};
use crate::rules::Rule;

/// What is accepted. Without anything in it, nothing is.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    allowed: BTreeMap<Fingerprint, Vec<Allowed>>,
    baseline: BTreeSet<Fingerprint>,
    configured: Vec<Allowance>,
    now: Option<Moment>,
}

/// A place of a secret, as suppressions see it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The finding's fingerprint.
    pub fingerprint: Fingerprint,
    /// Its rule.
    pub rule: &'a Rule,
    /// The decoded secret.
    pub value: &'a [u8],
    /// Every path of the document. A pattern of paths holds for it only if it fits all of them, and there are some.
    pub paths: &'a [Name],
}

/// What accepts a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted<'a> {
    /// Where that is said.
    pub kind: SuppressionKind,
    /// Why.
    pub reason: Option<&'a str>,
    /// Who answers for it.
    pub owner: Option<&'a str>,
    /// The end of its last day.
    pub until: Option<Moment>,
}

/// That a secret is accepted, as far as one entry says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The finding's fingerprint.
    pub fingerprint: Fingerprint,
    /// Where.
    pub path: Option<Scope>,
    /// The end of its last day.
    pub until: Option<Moment>,
}

impl Suppressions {
    /// None yet. What has an end does not count after `now`; without that, it counts for ever.
    pub fn at(now: Option<Moment>) -> Self {
        Self { now, ..Self::default() }
    }

    /// Whether nothing is accepted.
    pub fn is_empty(&self) -> bool {
        self.allowed.is_empty() && self.baseline.is_empty() && self.configured.is_empty()
    }

    /// With what an allow file accepts.
    pub fn allow(&mut self, entries: impl IntoIterator<Item = Allowed>) {
        entries.into_iter().for_each(|entry| self.allowed.entry(entry.fingerprint).or_default().push(entry));
    }

    /// With what a baseline accepts.
    pub fn baseline(&mut self, entries: impl IntoIterator<Item = Baselined>) {
        self.baseline.extend(entries.into_iter().map(|entry| entry.fingerprint));
    }

    /// With what the configuration allows.
    pub fn configured(&mut self, allowances: impl IntoIterator<Item = Allowance>) {
        self.configured.extend(allowances);
    }

    /// What accepts a place: an entry that gives a reason before one that gives none.
    pub fn of(&self, place: &Place<'_>) -> Option<Accepted<'_>> {
        self.by_entry(place).or_else(|| self.by_baseline(place)).or_else(|| self.by_configuration(place))
    }

    /// The last day on which a place was accepted that is so no more.
    pub fn ended(&self, place: &Place<'_>) -> Option<Moment> {
        let entries = self.allowed.get(&place.fingerprint).into_iter().flatten();
        entries.filter(|entry| self.has_ended(entry) && holds(entry.path.as_ref(), place)).filter_map(|e| e.until).max()
    }

    fn has_ended(&self, entry: &Allowed) -> bool {
        self.now.is_some_and(|now| entry.has_ended(now))
    }

    fn by_entry(&self, place: &Place<'_>) -> Option<Accepted<'_>> {
        let mut entries = self.allowed.get(&place.fingerprint)?.iter();
        let entry = entries.find(|entry| !self.has_ended(entry) && holds(entry.path.as_ref(), place))?;
        Some(Accepted {
            kind: SuppressionKind::Allow,
            reason: Some(&entry.reason),
            owner: entry.owner.as_deref(),
            until: entry.until,
        })
    }

    fn by_baseline(&self, place: &Place<'_>) -> Option<Accepted<'_>> {
        let accepted = Accepted { kind: SuppressionKind::Baseline, reason: None, owner: None, until: None };
        self.baseline.contains(&place.fingerprint).then_some(accepted)
    }

    fn by_configuration(&self, place: &Place<'_>) -> Option<Accepted<'_>> {
        let allows = |allowance: &Allowance| allowance.allows(place.rule, place.value, place.paths);
        let (allowance, by) = self.configured.iter().find_map(|allowance| Some((allowance, allows(allowance)?)))?;
        let kind = match by {
            AllowedBy::Path => SuppressionKind::Path,
            AllowedBy::Value => SuppressionKind::Value,
            AllowedBy::Regex => SuppressionKind::Regex,
        };
        Some(Accepted { kind, reason: allowance.reason.as_deref(), owner: None, until: None })
    }
}

fn holds(scope: Option<&Scope>, place: &Place<'_>) -> bool {
    scope.is_none_or(|scope| !place.paths.is_empty() && place.paths.iter().all(|path| scope.holds(path)))
}

impl Permission {
    /// Whether one of `others` accepts all that this one does.
    pub fn is_within(&self, others: &[Self]) -> bool {
        others.iter().any(|other| {
            other.fingerprint == self.fingerprint
                && (other.path.is_none() || other.path == self.path)
                && other.until.is_none_or(|end| self.until.is_some_and(|until| until <= end))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::Entry;
    use super::*;
    use crate::model::Secret;
    use crate::rules::SUPPRESSION_ADDED;

    fn print(secret: &str) -> Fingerprint {
        Fingerprint::new("a-rule", &Secret::new(secret.as_bytes()), None)
    }

    fn entry(fields: &str) -> Allowed {
        let line = format!("{} reason=why {fields}", print("one"));
        Allowed::parse("a", line.as_bytes()).expect("it is an entry").remove(0).entry
    }

    fn day(text: &str) -> Moment {
        Moment::end_of_day(text).expect("there is such a day")
    }

    fn kind(suppressions: &Suppressions, secret: &str, paths: &[&str]) -> Option<SuppressionKind> {
        let paths: Vec<Name> = paths.iter().map(|path| Name::new(*path)).collect();
        let place = Place { fingerprint: print(secret), rule: &SUPPRESSION_ADDED, value: b"v", paths: &paths };
        suppressions.of(&place).map(|accepted| accepted.kind)
    }

    #[test]
    fn a_second_value_beside_an_allowed_one_is_not_accepted() {
        let mut suppressions = Suppressions::at(None);
        assert!(suppressions.is_empty());
        suppressions.allow([entry("")]);
        assert_eq!(kind(&suppressions, "one", &["a"]), Some(SuppressionKind::Allow));
        assert_eq!(kind(&suppressions, "one", &[]), Some(SuppressionKind::Allow));
        assert_eq!(kind(&suppressions, "two", &["a"]), None);
    }

    #[test]
    fn a_path_has_to_fit_all_paths_of_a_document() {
        let mut suppressions = Suppressions::at(None);
        suppressions.allow([entry("path=tests/")]);
        assert_eq!(kind(&suppressions, "one", &["tests/a", "tests/b"]), Some(SuppressionKind::Allow));
        assert_eq!(kind(&suppressions, "one", &["tests/a", "src/b"]), None);
        assert_eq!(kind(&suppressions, "one", &[]), None);
        let scope = Scope::new("*.md").expect("it is a pattern");
        let rules = vec![SUPPRESSION_ADDED.id.to_string()];
        suppressions.configured([Allowance { paths: vec![scope], rules, ..Allowance::default() }]);
        assert_eq!(kind(&suppressions, "two", &["a.md"]), Some(SuppressionKind::Path));
        assert_eq!(kind(&suppressions, "two", &["a.md", "b"]), None);
    }

    #[test]
    fn what_has_ended_does_not_count_and_is_known() {
        let mut suppressions = Suppressions::at(Some(day("2030-06-01")));
        suppressions.allow([entry("until=2030-05-31")]);
        let place = Place { fingerprint: print("one"), rule: &SUPPRESSION_ADDED, value: b"v", paths: &[] };
        assert_eq!((suppressions.of(&place), suppressions.ended(&place)), (None, Some(day("2030-05-31"))));
        suppressions.allow([entry("until=2030-06-01")]);
        assert_eq!(suppressions.of(&place).and_then(|accepted| accepted.until), Some(day("2030-06-01")));
    }

    #[test]
    fn what_widens_a_permission_is_not_within_it() {
        let permission = |fields: &str| entry(fields).permission();
        let narrow = permission("path=tests/ until=2030-05-31");
        for (wider, expected) in [
            ("path=tests/ until=2030-05-31 owner=another", true),
            ("path=tests/ until=2030-05-30", true),
            ("path=tests/ until=2030-06-01", false),
            ("path=tests/", false),
            ("until=2030-05-31", false),
            ("path=src/ until=2030-05-31", false),
        ] {
            assert_eq!(permission(wider).is_within(std::slice::from_ref(&narrow)), expected, "{wider}");
        }
        assert!(narrow.is_within(&[permission("")]));
    }
}
