//! Which findings to keep, and which of these fail the run. A reason not to report that lies in a value belongs to the
//! rules; one that lies in a level, a path, a commit or a baseline belongs here.
//!
//! What is known and accepted is in [`Suppressions`]; allow files and baselines are read and written here, as bytes and
//! text. Nothing here opens a file.
//!
//! Layer 2.

mod allow;
mod allowlist;
mod baseline;
mod fail_on;
mod lines;
mod scope;
mod section;
mod sheet;
mod suppressions;
mod trial;

pub use self::allow::{Allowed, end_of_day};
pub use self::allowlist::{Allowance, AllowedBy};
pub use self::baseline::Baselined;
pub use self::fail_on::FailOn;
pub use self::lines::{Entry, EntryError, Placed};
pub use self::scope::Scope;
pub use self::section::Section;
pub use self::sheet::Sheet;
pub use self::suppressions::{Accepted, Permission, Place, Suppressions};

use std::collections::BTreeMap;

use crate::model::{Confidence, Fact, Finding, Moment, Name, Origin, Severity};

/// Every path of a document.
type Paths<'p> = &'p dyn Fn(&Origin) -> Vec<Name>;

/// How findings are judged.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Findings below either level are not reported.
    pub report: Levels,
    /// Findings at or above both levels fail the run; None never fails.
    pub fail: Option<Levels>,
    /// When it is: a credential that says it has ended by then is mere information. None if that shall not count.
    pub now: Option<Moment>,
    /// Severities of rules by their ids, where they are not to be the rules' own.
    pub severities: BTreeMap<String, Severity>,
    /// What holds in parts of the tree; the last that holds a finding counts.
    pub sections: Vec<Section>,
}

impl Policy {
    /// Says how severe findings are where their places or they themselves tell, drops what is not reported, and marks what
    /// fails. A tripwire is of low severity, what has ended is information.
    pub fn judge(&self, findings: &mut Vec<Finding>) {
        self.judge_at(findings, &|origin| origin.path().into_iter().cloned().collect());
    }

    /// The same, where a document may have more paths than its origin tells.
    pub fn judge_at(&self, findings: &mut Vec<Finding>, paths: Paths<'_>) {
        for finding in &mut *findings {
            if let Some(severity) = self.severity_of(finding, paths) {
                finding.severity = severity;
            }
            if finding.facts.iter().any(Fact::is_canary) {
                finding.severity = finding.severity.min(Severity::Low);
            }
            if self.now.is_some_and(|now| finding.facts.iter().any(|fact| fact.is_end_before(now))) {
                finding.severity = Severity::Info;
            } else {
                trial::judge(finding);
            }
        }
        findings.retain(|finding| self.reported(finding, paths).reached_by(finding));
        for finding in findings {
            let fails = self.failing(finding, paths).is_some_and(|levels| levels.reached_by(finding));
            finding.fails = fails && !finding.is_suppressed();
        }
    }

    /// The last word of the sections that hold a finding.
    fn of_section<T>(&self, finding: &Finding, paths: Paths<'_>, said: impl Fn(&Section) -> Option<T>) -> Option<T> {
        self.sections.iter().rev().filter(|section| section.holds(finding, paths)).find_map(said)
    }

    fn severity_of(&self, finding: &Finding, paths: Paths<'_>) -> Option<Severity> {
        let said = |severities: &BTreeMap<String, Severity>| severities.get(&*finding.rule).copied();
        self.of_section(finding, paths, |section| said(&section.severities)).or_else(|| said(&self.severities))
    }

    fn reported(&self, finding: &Finding, paths: Paths<'_>) -> Levels {
        let confidence = self.of_section(finding, paths, |section| section.confidence);
        Levels { confidence: confidence.unwrap_or(self.report.confidence), ..self.report }
    }

    fn failing(&self, finding: &Finding, paths: Paths<'_>) -> Option<Levels> {
        self.of_section(finding, paths, |section| section.fail).unwrap_or(self.fail)
    }
}

/// A floor on both scales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// The least severity.
    pub severity: Severity,
    /// The least confidence.
    pub confidence: Confidence,
}

impl Levels {
    /// Whether a finding reaches both.
    pub fn reached_by(&self, finding: &Finding) -> bool {
        finding.severity >= self.severity && finding.confidence >= self.confidence
    }
}

impl Default for Policy {
    /// Everything is reported; what is at least probable fails, unless it is mere information.
    fn default() -> Self {
        Self {
            report: Levels { severity: Severity::Info, confidence: Confidence::Low },
            fail: Some(Levels { severity: Severity::Low, confidence: Confidence::Medium }),
            now: None,
            severities: BTreeMap::new(),
            sections: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fingerprint, Occurrence, Secret, Span, Text};

    pub(super) fn finding(facts: Vec<Fact>) -> Finding {
        let secret = Secret::new(b"a secret".to_vec());
        Finding {
            rule: "some-rule".into(),
            severity: Severity::High,
            confidence: Confidence::High,
            why: "structure".into(),
            fingerprint: Fingerprint::new("some-rule", &secret, None),
            secret,
            shown: Text::default(),
            facts,
            occurrences: Vec::new(),
            introduction: None,
            fails: false,
        }
    }

    #[test]
    fn a_tripwire_is_of_little_weight() {
        let mut findings = vec![finding(vec![Fact::canary("canarytokens.org")]), finding(Vec::new())];
        Policy::default().judge(&mut findings);
        assert_eq!((findings[0].severity, findings[0].fails), (Severity::Low, true));
        assert_eq!(findings[1].severity, Severity::High);
    }

    #[test]
    fn what_has_ended_is_information() {
        let ends = Moment::from_seconds(1_800_000_000).expect("it is before the year 9999");
        for (now, severity, fails) in [
            (None, Severity::High, true),
            (Some(ends), Severity::High, true),
            (Some(ends.plus(1)), Severity::Info, false),
        ] {
            let mut findings = vec![finding(vec![Fact::expires(ends)])];
            Policy { now, ..Policy::default() }.judge(&mut findings);
            assert_eq!((findings[0].severity, findings[0].fails), (severity, fails), "{now:?}");
        }
    }

    fn at(path: &str) -> Occurrence {
        Occurrence {
            origin: Origin::File(Name::new(path)),
            span: Span::new(0, 8),
            encodings: Vec::new(),
            related: Vec::new(),
            suppression: None,
            path: Text::default(),
            location: None,
        }
    }

    #[test]
    fn a_section_judges_what_stands_in_it_alone() {
        let section = Section {
            scope: Scope::new("/a/").expect("it is a pattern"),
            severities: BTreeMap::from([("some-rule".to_owned(), Severity::Low)]),
            fail: Some(None),
            confidence: None,
        };
        let policy = Policy {
            severities: BTreeMap::from([("some-rule".to_owned(), Severity::Critical)]),
            sections: vec![section],
            ..Policy::default()
        };
        for (paths, severity, fails) in [
            (&["a/x", "a/b/y"][..], Severity::Low, false),
            (&["a/x", "b/y"], Severity::Critical, true),
            (&["b/y"], Severity::Critical, true),
            (&[], Severity::Critical, true),
        ] {
            let occurrences = paths.iter().map(|path| at(path)).collect();
            let mut findings = vec![Finding { occurrences, ..finding(Vec::new()) }];
            policy.judge(&mut findings);
            assert_eq!((findings[0].severity, findings[0].fails), (severity, fails), "{paths:?}");
        }
        // A document that has another path elsewhere.
        let mut findings = vec![Finding { occurrences: vec![at("a/x")], ..finding(Vec::new()) }];
        policy.judge_at(&mut findings, &|_| vec![Name::new("a/x"), Name::new("b/x")]);
        assert_eq!(findings[0].severity, Severity::Critical);
    }
}
