//! Plants synthetic credentials, by a seed, into files as they are in real projects, and counts how many are found: one of each
//! rule in each syntax. Their formats are those that vendors document or that are observed (`formats.tsv`), and not read off the
//! rules; those of rules that need more than a format are the rules' own examples, put into a file.

#[path = "checksum.rs"]
mod checksum;
#[path = "format.rs"]
pub(crate) mod format;
#[path = "syntaxes.rs"]
mod syntaxes;

use std::collections::BTreeMap;

use keysieve::engine::{Options, Scanner, Scratch};
use keysieve::model::KindSet;
use keysieve::rules::{Matcher, Rule, RuleSet};

use self::format::{Dice, make};
use self::syntaxes::{OF_PASSWORDS, OF_TOKENS, Syntax};

const FORMATS: &str = include_str!("formats.tsv");

/// What a machine makes, as passwords and as keys, under names that no vendor's rule knows. Of passwords that people choose:
/// a word with digits, words strung together with a digit or symbol.
const GENERIC: &[(&str, &str, &str)] = &[
    ("password made by a machine", "db_password", "[A-HJ-NP-Z][a-km-z]{2}[2-9][A-Za-z2-9]{8}[!#%*+][a-z2-9]{3}"),
    (
        "password that a person chose",
        "smtp_password",
        "(Sunset|Maple|Harbour|Falcon|Copper)(River|Stone|Train|Cloud)[0-9]{2}[!#]",
    ),
    ("short password", "admin_passwd", "[b-df-hj-np-tv-z]{4}[0-9]{3}[!#%]"),
    ("key in base62", "api_key", "[A-Za-z0-9]{32}"),
    ("key in hexadecimal", "client_secret", "[0-9a-f]{32}"),
    ("token", "access_token", "[A-Za-z0-9_]{12}[A-Za-z0-9]{28}"),
    ("key in base64", "encryption_key", "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="),
    ("secret in one case", "signing_secret", "[a-z0-9]{28}"),
];

/// How many of one kind were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) planted: usize,
    pub(crate) found: usize,
}

impl Count {
    fn add(&mut self, found: bool) {
        self.planted += 1;
        self.found += usize::from(found);
    }

    /// Of a hundred, how many were found.
    pub(crate) fn percent(self) -> f64 {
        100.0 * self.found as f64 / self.planted.max(1) as f64
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// By rule: those with a format of their own, and those planted by their examples.
    pub(crate) rules: BTreeMap<String, Count>,
    /// Generic secrets, by what they are.
    pub(crate) generic: BTreeMap<String, Count>,
    /// All of both, by the name of the file they stood in.
    pub(crate) syntaxes: BTreeMap<String, Count>,
    /// What was not found: of what kind, where, and the text.
    pub(crate) missed: Vec<(String, &'static str, String)>,
}

impl Report {
    /// All rules together.
    pub(crate) fn specific(&self) -> Count {
        total(&self.rules)
    }

    /// All generic secrets together.
    pub(crate) fn generic(&self) -> Count {
        total(&self.generic)
    }
}

fn total(counts: &BTreeMap<String, Count>) -> Count {
    let sum = |of: fn(&Count) -> usize| counts.values().map(of).sum();
    Count { planted: sum(|count| count.planted), found: sum(|count| count.found) }
}

/// Plants `rounds` credentials of each kind in each syntax.
pub(crate) fn plant(seed: u64, rounds: usize) -> Report {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut planter =
        Planter { scratch: scanner.scratch(), scanner: &scanner, dice: Dice::new(seed), report: Report::default() };
    for _ in 0..rounds {
        planter.by_format();
        planter.by_example();
        planter.generic();
    }
    planter.report
}

struct Planter<'a> {
    scanner: &'a Scanner,
    scratch: Scratch,
    dice: Dice,
    report: Report,
}

impl Planter<'_> {
    fn by_format(&mut self) {
        for line in FORMATS.lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [rule, name, format, check] = fields[..] else { panic!("not four fields: {line}") };
            for syntax in OF_TOKENS {
                let value = checksum::complete(check, &make(format, &mut self.dice));
                let text = written(syntax.1, name, &value);
                let found = self.finds(syntax, &text, |id, secret| id == rule && secret == value.as_bytes());
                self.report.rules.entry(rule.to_owned()).or_default().add(found);
                self.count(rule, syntax, &text, found);
            }
        }
    }

    /// Examples are whole texts, so that their syntax is theirs.
    fn by_example(&mut self) {
        const SYNTAX: Syntax = ("example", "");
        let scanner = self.scanner;
        let with_format = |rule: &Rule| FORMATS.lines().any(|line| line.split('\t').next() == Some(&*rule.id));
        let is_text = |rule: &Rule| !matches!(rule.matcher, Matcher::File(_) | Matcher::Known);
        for rule in scanner.rules().rules().iter().filter(|rule| is_text(rule) && !with_format(rule)) {
            let id = rule.near.as_ref().map(|near| &*near.report_as).filter(|id| !id.is_empty()).unwrap_or(&rule.id);
            for example in rule.examples.iter() {
                let text = format!("# a file of settings\n\n{example}\n\n# its end\n");
                let found = self.finds(&SYNTAX, &text, |found, _| found == id);
                self.report.rules.entry(rule.id.to_string()).or_default().add(found);
                self.count(&rule.id, &SYNTAX, &text, found);
            }
        }
    }

    fn generic(&mut self) {
        for (kind, name, format) in GENERIC {
            let is_password = name.contains("passw");
            for syntax in OF_TOKENS.iter().chain(OF_PASSWORDS.iter().filter(|_| is_password)) {
                let value = make(format, &mut self.dice);
                let text = written(syntax.1, name, &value);
                let found = self.finds(syntax, &text, |_, secret| secret == value.as_bytes());
                self.report.generic.entry((*kind).to_owned()).or_default().add(found);
                self.count(kind, syntax, &text, found);
            }
        }
    }

    fn finds(&mut self, syntax: &Syntax, text: &str, is_it: impl Fn(&str, &[u8]) -> bool) -> bool {
        let kinds = if syntax.1.is_empty() { KindSet::ALL } else { KindSet::of_path(syntax.0.as_bytes()) };
        let rules = self.scanner.rules().rules();
        let scanned = self.scanner.scan(&mut self.scratch, text.as_bytes(), kinds);
        scanned.matches.iter().any(|found| {
            let rule = &rules[found.rule];
            let id = rule.near.as_ref().map(|near| &*near.report_as).filter(|id| !id.is_empty()).unwrap_or(&rule.id);
            is_it(id, found.secret.expose())
        })
    }

    fn count(&mut self, kind: &str, syntax: &Syntax, text: &str, found: bool) {
        self.report.syntaxes.entry(syntax.0.to_owned()).or_default().add(found);
        if !found {
            self.report.missed.push((kind.to_owned(), syntax.0, text.to_owned()));
        }
    }
}

/// The template filled in.
fn written(template: &str, name: &str, value: &str) -> String {
    let capital = |word: &str| format!("{}{}", word[..1].to_ascii_uppercase(), &word[1..]);
    let words: Vec<&str> = name.split('_').collect();
    let camel: String =
        words.iter().enumerate().map(|(at, word)| if at == 0 { (*word).to_owned() } else { capital(word) }).collect();
    let named = template
        .replace("{NAME}", &name.to_ascii_uppercase())
        .replace("{name}", name)
        .replace("{kebab}", &name.replace('_', "-"))
        .replace("{camel}", &camel);
    named.replace("{}", value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many as the issue asks for; the seed is fixed, so that a failure can be looked at.
    #[test]
    fn what_is_planted_is_found() {
        let report = plant(2026, 1);
        let missed = || {
            report.missed.iter().map(|(kind, syntax, text)| format!("{kind} in {syntax}: {text}")).collect::<Vec<_>>()
        };
        assert!(report.specific().percent() >= 99.0, "{:?}\n{}", report.specific(), missed().join("\n"));
        assert!(report.generic().percent() >= 90.0, "{:?}\n{}", report.generic(), missed().join("\n"));
    }

    #[test]
    fn a_seed_plants_the_same_each_time() {
        let value = |seed| make("a(?:b|c)[0-9]{8}\\.[x-z]?", &mut Dice::new(seed));
        assert_eq!(value(1), value(1));
        assert_ne!(value(1), value(2));
        assert!(value(3).starts_with('a') && value(3).contains('.'));
    }
}
