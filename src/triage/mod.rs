//! Which findings to keep, and which of these fail the run. A reason not to report that lies in a value belongs to the
//! rules; one that lies in a level, a path, a commit or a baseline belongs here.
//!
//! Layer 2.

use crate::model::{Confidence, Finding, Severity};

/// How findings are judged.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Findings below either level are not reported.
    pub report: Levels,
    /// Findings at or above both levels fail the run; None never fails.
    pub fail: Option<Levels>,
}

impl Policy {
    /// Drops what is not reported, and marks what fails.
    pub fn judge(&self, findings: &mut Vec<Finding>) {
        findings.retain(|finding| self.report.reached_by(finding));
        for finding in findings {
            finding.fails = self.fail.is_some_and(|levels| levels.reached_by(finding));
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
        }
    }
}
