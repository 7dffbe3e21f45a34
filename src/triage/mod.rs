//! Which findings to keep, and which of these fail the run. A reason not to report that lies in a value belongs to the
//! rules; one that lies in a level, a path, a commit or a baseline belongs here.
//!
//! What is known and accepted is in [`Suppressions`]; allow files and baselines are read and written here, as bytes and
//! text. Nothing here opens a file.
//!
//! Layer 2.

mod allow;
mod baseline;
mod lines;
mod scope;
mod sheet;
mod suppressions;
mod trial;

pub use self::allow::{ALLOW_FILE, Allowed, end_of_day};
pub use self::baseline::{BASELINE_FILE, Baselined};
pub use self::lines::{EntryError, Placed};
pub use self::scope::Scope;
pub use self::sheet::Sheet;
pub use self::suppressions::{Accepted, PathRule, Permission, Place, Suppressions};

use crate::model::{Confidence, Fact, Finding, Moment, Severity};

/// How findings are judged.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Findings below either level are not reported.
    pub report: Levels,
    /// Findings at or above both levels fail the run; None never fails.
    pub fail: Option<Levels>,
    /// When it is: a credential that says it has ended by then is mere information. None if that shall not count.
    pub now: Option<Moment>,
}

impl Policy {
    /// Says how severe findings are where their places or they themselves tell, drops what is not reported, and marks what
    /// fails. A tripwire is of low severity, what has ended is information.
    pub fn judge(&self, findings: &mut Vec<Finding>) {
        for finding in &mut *findings {
            if finding.facts.iter().any(Fact::is_canary) {
                finding.severity = finding.severity.min(Severity::Low);
            }
            if self.now.is_some_and(|now| finding.facts.iter().any(|fact| fact.is_end_before(now))) {
                finding.severity = Severity::Info;
            } else {
                trial::judge(finding);
            }
        }
        findings.retain(|finding| self.report.reached_by(finding));
        for finding in findings {
            finding.fails = !finding.is_suppressed() && self.fail.is_some_and(|levels| levels.reached_by(finding));
        }
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fingerprint, Secret, Text};

    pub(super) fn finding(facts: Vec<Fact>) -> Finding {
        let secret = Secret::new(b"a secret".to_vec());
        Finding {
            rule: "some-rule".into(),
            severity: Severity::High,
            confidence: Confidence::High,
            why: "structure",
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
}
