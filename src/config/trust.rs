//! What a change lets through by its configuration that what it is made to does not: rules off, allowances, lower severities,
//! higher levels, lower limits. A change is judged by the configuration that it is made to; this tells what it would have
//! been spared by its own.

use std::collections::BTreeSet;

use super::file::{At, Directory, File, RuleSeverity};
use super::layers;
use crate::model::{Confidence, Severity, Span};
use crate::rules::RuleSet;
use crate::triage::{Allowance, FailOn};

/// Layers of encoding that are undone if no file says how many.
const DECODE: u8 = 2;

/// Something that a change lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widening {
    /// Where the file says so.
    pub span: Span,
    /// What it does, as a person would say it; no value is quoted.
    pub what: String,
}

/// What `change` lets through and `base`, the file that it takes the place of, does not; in the order of the file.
pub fn widened(base: &File, change: &File, rules: &RuleSet) -> Vec<Widening> {
    let mut found = Found { widenings: Vec::new() };
    found.rules(base, change, rules);
    found.allowances(base, change);
    found.levels(base, change);
    found.limits(base, change);
    found.files(base, change);
    found.directories(base, change, rules);
    found.widenings.sort_by(|a, b| a.span.cmp(&b.span).then_with(|| a.what.cmp(&b.what)));
    found.widenings.dedup();
    found.widenings
}

struct Found {
    widenings: Vec<Widening>,
}

impl Found {
    fn add(&mut self, span: Span, what: impl Into<String>) {
        self.widenings.push(Widening { span, what: what.into() });
    }

    fn rules(&mut self, base: &File, change: &File, rules: &RuleSet) {
        let off_by = |file: &File| {
            let mut off = BTreeSet::new();
            layers::apply(file, rules, &mut off);
            off
        };
        let (before, now) = (off_by(base), off_by(change));
        for word in &change.off {
            let rules = rules.rules().iter().filter(|rule| rule.is_named(&word.value));
            if rules.into_iter().any(|rule| now.contains(&*rule.id) && !before.contains(&*rule.id)) {
                self.add(word.span, format!("turns off {}", word.value));
            }
        }
        self.severities(&base.severities, &change.severities, rules);
    }

    fn severities(&mut self, base: &[At<RuleSeverity>], change: &[At<RuleSeverity>], rules: &RuleSet) {
        for At { value: RuleSeverity { rule, severity }, span, .. } in change {
            let said = base.iter().rev().find(|said| said.value.rule == *rule).map(|said| said.value.severity);
            let before = said.or_else(|| rules.get(rule).map(|rule| rule.severity));
            if before.is_some_and(|before| *severity < before) {
                self.add(*span, format!("lowers the severity of {rule} to {severity}"));
            }
        }
        for At { value: RuleSeverity { rule, severity }, .. } in base {
            let is_said = change.iter().any(|said| said.value.rule == *rule);
            if !is_said && rules.get(rule).is_some_and(|rule| rule.severity < *severity) {
                self.add(Span::new(0, 0), format!("lowers the severity of {rule}"));
            }
        }
    }

    fn allowances(&mut self, base: &File, change: &File) {
        let before = layers::allowances(base);
        for At { value, span, .. } in layers::allowances(change) {
            if !before.iter().any(|allowed| value.is_within(&allowed.value)) {
                self.add(span, describe(&value));
            }
        }
    }

    fn levels(&mut self, base: &File, change: &File) {
        self.fail_on(base.fail_on.as_ref(), change.fail_on.as_ref(), FailOn::default());
        self.raised("min-confidence", base.min_confidence.as_ref(), change.min_confidence.as_ref(), Confidence::Low);
        self.raised("severity", base.severity.as_ref(), change.severity.as_ref(), Severity::Info);
        if base.strict_suppressions.as_ref().is_some_and(|strict| strict.value)
            && !change.strict_suppressions.as_ref().is_some_and(|strict| strict.value)
        {
            let span = change.strict_suppressions.as_ref().map_or(Span::new(0, 0), |strict| strict.span);
            self.add(span, "turns off strict-suppressions");
        }
    }

    fn fail_on(&mut self, base: Option<&At<FailOn>>, change: Option<&At<FailOn>>, usual: FailOn) {
        let value = |levels: Option<&At<FailOn>>| levels.map_or(usual, |levels| levels.value);
        if !value(base).is_within(value(change)) {
            self.add(place(change), "lets more pass by fail-on");
        }
    }

    fn raised<T: PartialOrd + Copy>(&mut self, key: &str, base: Option<&At<T>>, change: Option<&At<T>>, usual: T) {
        let value = |level: Option<&At<T>>| level.map_or(usual, |level| level.value);
        if value(change) > value(base) {
            self.add(place(change), format!("raises {key}"));
        }
    }

    fn limits(&mut self, base: &File, change: &File) {
        let least = |value: Option<&At<u64>>| value.map_or(u64::MAX, |value| value.value);
        if least(change.max_size.as_ref()) < least(base.max_size.as_ref()) {
            self.add(place(change.max_size.as_ref()), "lowers limits.max-size");
        }
        let decode = |file: &File| file.decode.as_ref().map_or(DECODE, |depth| depth.value);
        if decode(change) < decode(base) {
            self.add(place(change.decode.as_ref()), "lowers limits.decode");
        }
        let timeout = |file: &File| file.timeout.as_ref().map(|timeout| timeout.value);
        if timeout(change).is_some_and(|now| timeout(base).is_none_or(|before| now < before)) {
            self.add(place(change.timeout.as_ref()), "lowers limits.timeout");
        }
    }

    /// Files that the configuration names. What is in them is compared by whoever reads them.
    fn files(&mut self, base: &File, change: &File) {
        for gone in &base.rule_files {
            if !change.rule_files.iter().any(|named| named.value == gone.value) {
                self.add(Span::new(0, 0), format!("no longer uses the rules in {}", gone.value));
            }
        }
        for (key, before, now) in
            [("baseline", &base.baseline, &change.baseline), ("allow-file", &base.allow_file, &change.allow_file)]
        {
            if let Some(named) = now.as_ref().filter(|named| before.as_ref().is_none_or(|it| it.value != named.value)) {
                self.add(named.span, format!("names another {key}"));
            }
        }
        let marks = |file: &File| file.allow_markers.as_ref().map(|marks| marks.value.clone()).unwrap_or_default();
        if let Some(now) = &change.allow_markers
            && now.value.iter().any(|mark| !marks(base).contains(mark))
        {
            self.add(now.span, "adds to allow-markers");
        }
    }

    fn directories(&mut self, base: &File, change: &File, rules: &RuleSet) {
        let same = |file: &File, path: &str| -> Option<Directory> {
            file.directories.iter().map(|at| &at.value).find(|directory| directory.path == path).cloned()
        };
        let top = |file: &File| file.fail_on.as_ref().map_or(FailOn::default(), |levels| levels.value);
        let least = |file: &File| file.min_confidence.as_ref().map_or(Confidence::Low, |level| level.value);
        for At { value: directory, .. } in &change.directories {
            let before = same(base, &directory.path);
            let severities = before.as_ref().map_or(&base.severities[..], |before| &before.severities);
            self.severities(severities, &directory.severities, rules);
            if directory.fail_on.is_some() {
                self.fail_on(before.as_ref().and_then(|it| it.fail_on.as_ref()), directory.fail_on.as_ref(), top(base));
            }
            if directory.min_confidence.is_some() {
                let before = before.as_ref().and_then(|it| it.min_confidence.as_ref());
                self.raised("min-confidence", before, directory.min_confidence.as_ref(), least(base));
            }
        }
        for At { value: gone, .. } in &base.directories {
            let is_strict = !gone.severities.is_empty() || gone.fail_on.is_some() || gone.min_confidence.is_some();
            if is_strict && same(change, &gone.path).is_none() {
                self.add(Span::new(0, 0), format!("takes out what holds in {}", gone.path));
            }
        }
    }
}

/// Where something is said; the beginning of the file, if it is no more.
fn place<T>(said: Option<&At<T>>) -> Span {
    said.map_or(Span::new(0, 0), |said| said.span)
}

fn describe(allowance: &Allowance) -> String {
    let by_path = !allowance.paths.is_empty() || allowance.within.is_some();
    match (by_path, allowance.content.is_empty()) {
        (true, true) => "allows by path".to_owned(),
        (true, false) => "allows by path and value".to_owned(),
        (false, _) => "allows by value".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(base: &str, change: &str) -> Vec<String> {
        let file = |text: &str| File::parse("c", text).expect("it is right");
        let found = widened(&file(base), &file(change), &RuleSet::builtin());
        found.into_iter().map(|widening| widening.what).collect()
    }

    #[test]
    fn every_way_to_let_more_pass_is_seen() {
        for (base, change, expected) in [
            ("", "[rules]\noff = [\"jwt\"]", "turns off jwt"),
            ("[rules]\noff = [\"github-pat\"]", "[rules]\noff = [\"github\"]", "turns off github"),
            ("[rules]\noff = [\"jwt\"]\non = [\"jwt\"]", "[rules]\noff = [\"jwt\"]", "turns off jwt"),
            ("", "[rules.severity]\ngithub-pat = \"info\"", "lowers the severity of github-pat to info"),
            ("[rules.severity]\njwt = \"critical\"", "", "lowers the severity of jwt"),
            ("", "[[allow]]\npaths = [\"a\"]", "allows by path"),
            ("", "[[allow]]\nvalues = [\"a\"]", "allows by value"),
            ("[[allow]]\nvalues = [\"a\"]", "[[allow]]\nvalues = [\"a\", \"b\"]", "allows by value"),
            ("[[allow]]\npaths = [\"a\"]\nrules = [\"jwt\"]", "[[allow]]\npaths = [\"a\"]", "allows by path"),
            ("", "[[directory]]\npath = \"a\"\noff = [\"jwt\"]", "allows by path"),
            ("", "[[directory]]\npath = \"a\"\nfail-on = \"high\"", "lets more pass by fail-on"),
            ("", "[[directory]]\npath = \"a\"\nmin-confidence = \"high\"", "raises min-confidence"),
            (
                "",
                "[[directory]]\npath = \"a\"\nseverity.github-pat = \"low\"",
                "lowers the severity of github-pat to low",
            ),
            ("[[directory]]\npath = \"a\"\nfail-on = \"info\"", "", "takes out what holds in a"),
            ("", "fail-on = \"high\"", "lets more pass by fail-on"),
            ("fail-on = \"info,possible\"", "", "lets more pass by fail-on"),
            ("", "fail-on = \"never\"", "lets more pass by fail-on"),
            ("", "min-confidence = \"medium\"", "raises min-confidence"),
            ("", "severity = \"low\"", "raises severity"),
            ("strict-suppressions = true", "", "turns off strict-suppressions"),
            ("", "[limits]\nmax-size = 10", "lowers limits.max-size"),
            ("", "[limits]\ndecode = 1", "lowers limits.decode"),
            ("[limits]\ndecode = 3", "", "lowers limits.decode"),
            ("[limits]\ntimeout = 10", "[limits]\ntimeout = 9", "lowers limits.timeout"),
            ("[rules]\nfiles = [\"a\"]", "", "no longer uses the rules in a"),
            ("", "baseline = \"a\"", "names another baseline"),
            ("allow-file = \"a\"", "allow-file = \"b\"", "names another allow-file"),
            ("", "allow-markers = [\"gitleaks:allow\"]", "adds to allow-markers"),
        ] {
            assert_eq!(told(base, change), [expected], "{base:?} -> {change:?}");
        }
    }

    #[test]
    fn what_lets_less_pass_is_no_news() {
        for (base, change) in [
            ("[rules]\noff = [\"github\"]", "[rules]\noff = [\"github-pat\"]"),
            ("[rules]\noff = [\"jwt\"]", ""),
            ("[rules]\noff = [\"jwt\"]", "[rules]\noff = [\"jwt\", \"github\"]\non = [\"github\"]"),
            ("", "[rules]\nfiles = [\"a\"]\nseverity.jwt = \"critical\""),
            ("[[allow]]\npaths = [\"a\", \"b\"]", "[[allow]]\npaths = [\"b\"]\nreason = \"why\""),
            ("fail-on = \"never\"", "fail-on = \"low\""),
            ("[limits]\nmax-size = 10\ndecode = 1\ntimeout = 1", "[limits]\ndecode = 3"),
            ("[[directory]]\npath = \"a\"\noff = [\"jwt\"]", "[rules]\noff = []"),
            ("", "format = \"sarif\"\nstrict-suppressions = true\n[limits]\nthreads = 1"),
        ] {
            assert_eq!(told(base, change), [""; 0], "{base:?} -> {change:?}");
        }
    }
}
