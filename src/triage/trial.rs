//! What stands among tests and examples. People put real credentials there, so nothing is left out; but without proof such
//! a finding is one step less severe, and a finding with a place elsewhere is as severe as ever. Of a private key among
//! tests it is only possible that it is somebody's, so that it does not fail a run by default.

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

/// Rules that find keys as such. Libraries keep hundreds of them for their tests on purpose, and a key does not tell
/// whether it opens anything.
const KEYS: &[&str] = &[
    "private-key-pem",
    "private-key-pgp",
    "private-key-putty",
    "jwk-private-key",
    "pkcs12-base64",
    "pkcs12-file",
    "key-store-file",
    "der-key-file",
    "gpg-secret-keyring-file",
    "keytab-file",
];

/// What stands among tests alone: without proof it is a step less severe, and a key is, too. That it is a key is certain;
/// that it is anybody's credential is then no more than possible.
pub(super) fn judge(finding: &mut Finding) {
    let is_key = KEYS.contains(&&*finding.rule);
    let is_among_tests = !finding.occurrences.is_empty() && finding.occurrences.iter().all(is_one);
    if is_among_tests && (is_key || finding.confidence < Confidence::High) {
        finding.severity = lowered(finding.severity);
    }
    if is_among_tests && is_key {
        finding.confidence = Confidence::Low;
        finding.why = "key among tests".into();
    }
}

/// A path that is not below the root of what is scanned says more of the machine than of the file.
fn is_one(occurrence: &Occurrence) -> bool {
    occurrence.origin.path().is_some_and(|path| !path.is_absolute() && path.has_word(WORDS))
}

/// One step down, and never to where nothing fails any more.
fn lowered(severity: Severity) -> Severity {
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
        judged("some-rule", paths, confidence, severity).severity
    }

    fn judged(rule: &'static str, paths: &[&str], confidence: Confidence, severity: Severity) -> Finding {
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
        let mut findings =
            vec![Finding { rule: rule.into(), occurrences, confidence, severity, ..finding(Vec::new()) }];
        Policy::default().judge(&mut findings);
        findings.remove(0)
    }

    #[test]
    fn a_key_among_tests_is_reported_and_does_not_fail() {
        let key = |paths: &[&str]| judged("private-key-pem", paths, Confidence::High, Severity::Critical);
        let test = key(&["src/test/resources/server.key"]);
        assert_eq!((test.severity, test.confidence, test.fails), (Severity::High, Confidence::Low, false));
        for paths in [&["deploy/server.key"][..], &["deploy/server.key", "tests/server.key"], &["/home/joe/test/a.key"]]
        {
            let key = key(paths);
            assert_eq!((key.severity, key.confidence, key.fails), (Severity::Critical, Confidence::High, true));
        }
    }

    #[test]
    fn every_key_is_a_rules() {
        let rules = crate::rules::RuleSet::builtin();
        assert!(KEYS.iter().all(|id| rules.rules().iter().any(|rule| rule.id == *id)));
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
