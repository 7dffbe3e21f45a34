//! What stands among tests and examples. People put real credentials there, so nothing is left out; but without proof such
//! a finding is one step less severe, and a finding with a place elsewhere is as severe as ever.

use crate::model::{Confidence, Finding, Occurrence, Severity};

/// Words of such a path.
const WORDS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "testdata",
    "testcase",
    "testcases",
    "spec",
    "specs",
    "fixture",
    "fixtures",
    "mock",
    "mocks",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "snapshot",
    "snapshots",
];

/// Whether all places of an unproven finding are such.
pub(super) fn is_all_of_it(finding: &Finding) -> bool {
    finding.confidence < Confidence::High && finding.occurrences.iter().all(is_one) && !finding.occurrences.is_empty()
}

/// A path that is not below the root of what is scanned says more of the machine than of the file.
fn is_one(occurrence: &Occurrence) -> bool {
    occurrence.origin.path().is_some_and(|path| !path.is_absolute() && path.has_word(WORDS))
}

/// One step down, and never to where nothing fails any more.
pub(super) fn lowered(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium | Severity::Low => Severity::Low,
        Severity::Info => Severity::Info,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Policy, tests::finding};
    use super::*;
    use crate::model::{Name, Origin, Span, Text};

    fn at(paths: &[&str], confidence: Confidence, severity: Severity) -> Severity {
        let place = |path: &&str| Occurrence {
            origin: Origin::File(Name::new(*path)),
            span: Span::new(0, 8),
            encodings: Vec::new(),
            related: Vec::new(),
            suppression: None,
            path: Text::default(),
            location: None,
        };
        let occurrences = paths.iter().map(place).collect();
        let mut findings = vec![Finding { occurrences, confidence, severity, ..finding(Vec::new()) }];
        Policy::default().judge(&mut findings);
        findings[0].severity
    }

    #[test]
    fn a_place_among_tests_is_a_step_less_severe() {
        use Confidence::{High, Medium};
        assert_eq!(at(&["src/app.py"], Medium, Severity::High), Severity::High);
        assert_eq!(at(&["tests/app.py"], Medium, Severity::High), Severity::Medium);
        assert_eq!(at(&["a/fixtures/k.json", "web/login.spec.ts"], Medium, Severity::Critical), Severity::High);
        assert_eq!(at(&["tests/app.py"], Medium, Severity::Low), Severity::Low);
        // Proof, a place elsewhere, and a path of the machine.
        assert_eq!(at(&["tests/app.py"], High, Severity::High), Severity::High);
        assert_eq!(at(&["src/app.py", "tests/app.py"], Medium, Severity::High), Severity::High);
        assert_eq!(at(&["/home/joe/tests/app.py"], Medium, Severity::High), Severity::High);
    }
}
