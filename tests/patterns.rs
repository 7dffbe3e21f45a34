//! Every built-in rule does what its own examples say: they match, with this rule and no other, and its counterexamples
//! do not. What it is to be a rule (anchors, limits, words) is checked by the build.

use keysieve::engine::{Match, Options, Scanner};
use keysieve::model::KindSet;
use keysieve::rules::{Matcher, Rule, RuleSet};

/// The rules that can be tried on a text.
fn tried_on_text(rules: &RuleSet) -> impl Iterator<Item = &Rule> {
    rules.rules().iter().filter(|rule| !matches!(rule.matcher, Matcher::File(_) | Matcher::Known))
}

/// Every match in `text`, with the id of the rule it is reported as.
fn scan(scanner: &Scanner, text: &str) -> Vec<(String, Match)> {
    let scanned = scanner.scan(&mut scanner.scratch(), text.as_bytes(), KindSet::ALL);
    assert!(!scanned.overflow, "{text}");
    let rules = scanner.rules().rules();
    scanned.matches.into_iter().map(|found| (reported_as(&rules[found.rule]).to_owned(), found)).collect()
}

/// The id under which a rule's matches are reported.
fn reported_as(rule: &Rule) -> &str {
    rule.near.as_ref().map(|near| &*near.report_as).filter(|id| !id.is_empty()).unwrap_or(&rule.id)
}

/// Whether the two rules find parts of one credential, so that an example of one may hold the other.
fn belong_together(rules: &RuleSet, a: &str, b: &str) -> bool {
    let names = |from: &str, to: &str| {
        rules.rules().iter().filter(|rule| reported_as(rule) == from).any(|rule| {
            let near = rule.near.iter().flat_map(|near| near.rules.iter());
            let pair = rule.pair.iter().flat_map(|pair| pair.with.iter());
            near.chain(pair).any(|id| id == to)
        })
    };
    names(a, b) || names(b, a)
}

fn ids(found: &[(String, Match)]) -> Vec<&str> {
    found.iter().map(|(id, _)| id.as_str()).collect()
}

#[test]
fn every_example_matches_with_its_rule_and_no_other() {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut wrong = Vec::new();
    for rule in tried_on_text(scanner.rules()) {
        let expected = reported_as(rule);
        for example in rule.examples.iter() {
            let found = scan(&scanner, example);
            if !found.iter().any(|(id, _)| id == expected) {
                wrong.push(format!("{}: not found (but {:?}) in {example}", rule.id, ids(&found)));
            }
            let thieves =
                found.iter().filter(|(id, _)| id != expected && !belong_together(scanner.rules(), id, expected));
            wrong.extend(thieves.map(|(id, found)| format!("{}: {id} found {:?} in {example}", rule.id, found.span)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_counterexample_matches_with_its_rule() {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut wrong = Vec::new();
    for rule in tried_on_text(scanner.rules()) {
        for counterexample in rule.counterexamples.iter() {
            let found = scan(&scanner, counterexample);
            if found.iter().any(|(id, _)| id == reported_as(rule)) {
                wrong.push(format!("{}: found in {counterexample}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The samples of a file rule are paths; its magic is tried on a head made from it.
#[test]
fn file_rules_know_their_files() {
    let rules = RuleSet::builtin();
    let mut tried = 0;
    for rule in rules.rules() {
        let Matcher::File(file) = &rule.matcher else { continue };
        for magic in file.magic.iter() {
            let head: Vec<u8> = magic.iter().map(|byte| byte.unwrap_or(0x5a)).collect();
            for example in rule.examples.iter() {
                assert!(file.matches(example.as_bytes(), &head), "{}: {example}", rule.id);
                assert!(
                    !file.matches(example.as_bytes(), &head[..head.len() - 1]),
                    "{}: {example}, cut short",
                    rule.id
                );
                assert!(!file.matches(example.as_bytes(), b"-----BEGIN CERTIFICATE-----"), "{}: {example}", rule.id);
                tried += 1;
            }
            for counterexample in rule.counterexamples.iter() {
                assert!(!file.matches(counterexample.as_bytes(), &head), "{}: {counterexample}", rule.id);
            }
        }
    }
    assert!(tried > 0, "no file rule with a magic is built in");
}

#[test]
fn every_rule_is_found_in_the_middle_of_a_long_text() {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let filler = "The quick brown fox jumps over the lazy dog.\n".repeat(2000);
    for rule in tried_on_text(scanner.rules()) {
        let example = &rule.examples[0];
        let alone = scan(&scanner, example);
        assert!(!alone.is_empty(), "{}", rule.id);
        let amid = scan(&scanner, &format!("{filler}{example}\n{filler}"));
        assert_eq!(ids(&amid), ids(&alone), "{}", rule.id);
        for ((_, amid), (_, alone)) in amid.iter().zip(&alone) {
            assert_eq!(amid.span, alone.span.shifted(filler.len()), "{}", rule.id);
            assert_eq!(amid.secret, alone.secret, "{}", rule.id);
        }
    }
}

/// A token that is known by its beginning is one wherever it stands: three syntaxes at least, whatever the rule's examples show.
#[test]
fn tokens_are_found_in_every_syntax() {
    const SYNTAXES: [&str; 6] = [
        "VALUE={}\n",
        "{\"value\": \"{}\"}",
        "value: {}\n",
        "<value>{}</value>",
        "app --value '{}' start",
        "see https://corp.io/x?value={}&y=1",
    ];
    // A token of this one is base64 that counts in the URL of its service alone.
    const IN_PLACE: &str = "aws-codepipeline-webhook";
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let (mut wrong, mut tried) = (Vec::new(), 0);
    let is_alone =
        |rule: &&Rule| rule.near.is_none() && rule.pair.is_none() && rule.context.is_none() && rule.id != IN_PLACE;
    for rule in tried_on_text(scanner.rules()).filter(is_alone) {
        let of_rule = |text: &str| scan(&scanner, text).into_iter().find(|(id, _)| *id == rule.id);
        let example = &rule.examples[0];
        let Some((_, found)) = of_rule(example) else { continue };
        let secret = &example[found.span.range()];
        if secret.contains(char::is_whitespace) || !rule.anchors.iter().any(|anchor| secret.starts_with(&**anchor)) {
            continue;
        }
        tried += 1;
        let missed = SYNTAXES.iter().filter(|syntax| of_rule(&syntax.replace("{}", secret)).is_none());
        wrong.extend(missed.map(|syntax| format!("{}: not found in {syntax}", rule.id)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 150, "{tried} rules know their tokens by how these begin");
}
