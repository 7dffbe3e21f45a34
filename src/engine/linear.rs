//! That no rule can be made quadratic: whatever text is made of its anchors and of the beginnings of its examples, the rule
//! reads each byte of it a bounded number of times. Bytes are counted and not seconds, so that the answer is the same on any
//! machine.

use super::{Options, Scanner};
use crate::model::KindSet;
use crate::rules::{Matcher, Rule, RuleSet};

/// A text is so many times as long as a match of the rule can be, and not shorter than this, in bytes.
const LONGEST_MATCHES: usize = 3;
const SHORTEST: usize = 4 * 1024;
/// How often a byte may be read.
const MOST: usize = 400;

/// Texts that make a rule work for nothing.
fn texts(rule: &Rule, longest: usize) -> impl Iterator<Item = Vec<u8>> {
    let separators = ["", "_", "=", ".", ": \"", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"];
    let anchored = rule.anchors.iter().take(2).flat_map(move |anchor| separators.map(|it| format!("{anchor}{it}")));
    let parts = rule.examples.iter().take(2).flat_map(|example| {
        let third = example.len() / 3;
        [third, 2 * third].map(|cut| String::from_utf8_lossy(&example.as_bytes()[..cut]).into_owned())
    });
    let units: Vec<String> = anchored.chain(parts).filter(|unit| !unit.is_empty()).collect();
    let len = (LONGEST_MATCHES * longest).max(SHORTEST);
    units.into_iter().map(move |unit| unit.bytes().cycle().take(len).collect())
}

/// The most that a byte of one of its texts is read, and of which.
fn worst(rule: &Rule) -> Option<(usize, String)> {
    let Matcher::Regex { bounds, .. } = rule.matcher else { return None };
    let scanner =
        Scanner::new(RuleSet::new(vec![Rule { near: None, pair: None, ..rule.clone() }]), Options { decode: 0 });
    let work = |text: Vec<u8>| {
        let mut scratch = scanner.scratch();
        scanner.scan(&mut scratch, &text, KindSet::ALL);
        (scratch.work() / text.len(), String::from_utf8_lossy(&text[..60]).into_owned())
    };
    texts(rule, bounds.longest).map(work).max()
}

#[test]
fn no_rule_can_be_made_quadratic() {
    let rules = RuleSet::builtin();
    let slow: Vec<String> = rules
        .rules()
        .iter()
        .filter_map(|rule| Some((rule, worst(rule)?)))
        .filter(|(_, (reads, _))| *reads > MOST)
        .map(|(rule, (reads, text))| format!("{}: {reads} times on {text:?}", rule.id))
        .collect();
    assert!(slow.is_empty(), "these read each byte more than {MOST} times:\n{}", slow.join("\n"));
}
