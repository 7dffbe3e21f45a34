//! Known values in documents: how they are chosen, where they are found, and what becomes of other matches there. That the
//! fast search equals the oracle is tested with the engine's own rules, in `engine/tests.rs`.

use std::sync::Arc;

use super::*;
use crate::engine::{Match, Options, Scanner, reference};
use crate::model::{Encoding, Mask, Span};
use crate::rules::RuleSet;

/// Forty characters of base64, as AWS makes its secrets.
const KEY: &str = concat!("8xPz/T3v+Lq0WmYc5hGd", "2Fs8JuQe9kZt7w1Lr4Xk");
const ID: &str = concat!("AKIA", "RZPUZDIKPHOMTE4W");

fn held(value: &str, from: &str) -> Held {
    Held { secret: Secret::new(value.as_bytes()), from: from.to_owned(), severity: None, setting: None }
}

fn setting(name: &str, value: &str) -> Held {
    Held { setting: Some(name.as_bytes().into()), ..held(value, ".env") }
}

fn scanner(held: impl IntoIterator<Item = Held>) -> Scanner {
    Scanner::new(RuleSet::builtin(), Options::default()).with_known(Arc::new(Known::new(held)))
}

/// What is found, which is what the oracle finds.
fn matches(scanner: &Scanner, text: &[u8]) -> Vec<Match> {
    let found = scanner.scan(&mut scanner.scratch(), text, KindSet::ALL).matches;
    assert_eq!(found, reference::scan(scanner, text, KindSet::ALL));
    found
}

/// The rules that match, why, and where the secrets are kept.
fn told(scanner: &Scanner, text: &str) -> Vec<String> {
    let from = |found: &Match| {
        found
            .facts
            .iter()
            .filter(|fact| fact.key == Fact::KNOWN_FROM)
            .map(|fact| fact.value.clone())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let tell = |found: Match| format!("{} {} <{}>", scanner.rules().rules()[found.rule].id, found.why, from(&found));
    matches(scanner, text.as_bytes()).into_iter().map(tell).collect()
}

#[test]
fn what_is_short_or_a_placeholder_or_no_secret_is_left_out() {
    let known = Known::new([
        held("x7Kq2mPz9Vb", "a"),
        held("changeme-changeme", "b"),
        held(concat!("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"), "c"),
        held(&"x7Kq2mPz9VbT".repeat(2000), "d"),
        held(KEY, "e"),
        setting("APP_NAME", "some-name-of-an-app"),
        setting("DB_PASSWORD", "${OTHER_PASSWORD}"),
    ]);
    let reasons: Vec<_> = known.left_out().iter().map(|left| format!("{} {}", left.from, left.reason)).collect();
    assert_eq!(
        reasons,
        [
            "a shorter than 12 bytes",
            "b a placeholder",
            "c a placeholder",
            "d longer than 16 KiB",
            ".env not named as a secret",
            ".env not named as a secret",
        ]
    );
    assert_eq!((known.len(), known.is_empty()), (1, false));
    assert_eq!(format!("{known:?}"), "Known([1 values])");
}

#[test]
fn of_settings_secrets_and_passwords_in_urls_are_taken() {
    let (password, random) = (concat!("kW9#m", "Pz2!vQx"), concat!("x7Kq2m", "Pz9VbT4wLr8s"));
    let url = format!("postgres://app:{random}@db.corp.net/app");
    let scanner = scanner([setting("DB_PASSWORD", password), setting("DATABASE_URL", &url)]);
    assert_eq!(told(&scanner, &format!("print({password})")), ["known-secret known <.env>"]);
    assert_eq!(told(&scanner, &format!("print({random})")), ["known-secret known <.env>"]);
    assert_eq!(told(&scanner, "print(app@db.corp.net/app)"), [""; 0]);
    let local = url.replace("db.corp.net", "localhost");
    assert_eq!(Known::new([setting("DATABASE_URL", &local)]).len(), 0, "a database of the developer's own");
}

#[test]
fn every_encoding_is_found_at_its_place() {
    let scanner = scanner([held(KEY, "~/.aws/credentials")]);
    let utf16: Vec<u8> = KEY.bytes().flat_map(|byte| [byte, 0]).collect();
    let percent = KEY.replace('/', "%2F").replace('+', "%2b");
    let json = KEY.replace('/', "\\/").replace('+', "\\u002B");
    for (text, encodings) in [
        (KEY.as_bytes().to_vec(), vec![]),
        (percent.into_bytes(), vec![]),
        (json.into_bytes(), vec![]),
        (utf16, vec![Encoding::Utf16Le]),
    ] {
        let text = [b"\n\n".as_slice(), &text, b"\n\n"].concat();
        let found = matches(&scanner, &text);
        assert_eq!(found.len(), 1, "{}", text.escape_ascii());
        assert_eq!((found[0].span, &found[0].encodings), (Span::new(2, text.len() - 2), &encodings));
        assert_eq!(found[0].secret.expose(), KEY.as_bytes());
    }
    assert_eq!(told(&scanner, &KEY.to_ascii_lowercase()), [""; 0]);
    assert_eq!(told(&scanner, &KEY[1..]), [""; 0]);
}

#[test]
fn base64_is_found_at_any_phase_and_over_any_line_end() {
    for value in [KEY, concat!("x7Kq2m", "Pz9VbT"), concat!("p@ss/w?rd", ">>>~~~#1")] {
        let scanner = scanner([held(value, "a")]);
        for lead in 0..80 {
            let plain = format!("{}\n{value}\n{}", "z".repeat(lead), "tail ".repeat(20));
            for alphabet in [data_encoding::BASE64, data_encoding::BASE64URL_NOPAD] {
                let encoded = alphabet.encode(plain.as_bytes());
                let lines: Vec<_> = encoded.as_bytes().chunks(64).map(|line| line.escape_ascii().to_string()).collect();
                for text in [format!("key: {encoded}\n"), format!("key: |\n  {}\n", lines.join("\n  "))] {
                    let found = matches(&scanner, text.as_bytes());
                    assert_eq!(found.len(), 1, "{lead} {text}");
                    assert_eq!(found[0].encodings, [Encoding::Base64]);
                }
            }
        }
    }
}

#[test]
fn a_value_of_signs_alone_is_found_as_it_is() {
    let scanner = scanner([held("!@#$%^&*()_+|}{", "a")]);
    assert_eq!(told(&scanner, "password '!@#$%^&*()_+|}{'"), ["known-secret known <a>"]);
}

#[test]
fn a_certain_match_stays_and_is_told_where_its_secret_is_kept() {
    let scanner = scanner([held(KEY, "~/.aws/credentials"), held(KEY, ".env")]);
    let both = "<.env, ~/.aws/credentials>";
    assert_eq!(
        told(&scanner, &format!("{ID} aws_secret_access_key = {KEY}")),
        [format!("aws-secret-access-key paired {both}")]
    );
    assert_eq!(told(&scanner, &format!("connect('{ID}', '{KEY}')")), [format!("aws-secret-access-key paired {both}")]);
    assert_eq!(told(&scanner, &format!("aws_secret_access_key = {KEY}")), [format!("known-secret known {both}")]);
    assert_eq!(told(&scanner, &format!("password = '{KEY}'")), [format!("known-secret known {both}")]);
    assert_eq!(told(&scanner, &format!("{ID}\n{}{KEY}", "far away\n".repeat(400))).len(), 2);
}

#[test]
fn of_two_values_the_longer_is_found() {
    let scanner = scanner([held(KEY, "whole"), held(&KEY[10..30], "part")]);
    assert_eq!(told(&scanner, KEY), ["known-secret known <part, whole>"]);
    assert_eq!(told(&scanner, &KEY[5..35]), ["known-secret known <part>"]);
}

#[test]
fn a_directive_for_another_rule_does_not_allow_it() {
    let scanner = scanner([held(KEY, "a")]);
    let suppressed = |text: &str| {
        let found = matches(&scanner, text.as_bytes());
        found
            .iter()
            .map(|found| (scanner.rules().rules()[found.rule].id.to_string(), found.suppressed.is_some()))
            .collect::<Vec<_>>()
    };
    let pair = format!("{ID} aws_secret_access_key = {KEY} # keysieve:allow");
    let key = |id: &str, suppressed| vec![(id.to_owned(), suppressed)];
    assert_eq!(suppressed(&pair), [key("aws-access-key-id", true), key("known-secret", true)].concat());
    assert_eq!(
        suppressed(&format!("password = '{KEY}' # keysieve:allow generic-secret mine")),
        key("known-secret", false)
    );
    assert_eq!(
        suppressed(&format!("password = '{KEY}' # keysieve:allow known-secret mine")),
        key("known-secret", true)
    );
}

#[test]
fn at_home_a_value_is_no_leak_and_is_hidden_all_the_same() {
    let scanner = scanner([held(concat!("x7Kq2m", "Pz9VbT"), "a"), held(KEY, "b")]);
    let text = format!("one {} two {ID} {KEY}", concat!("x7Kq2m", "Pz9VbT"));
    let mut scratch = scanner.scratch();
    scratch.set_at_home(true);
    let scanned = scanner.scan(&mut scratch, text.as_bytes(), KindSet::ALL);
    let found: Vec<_> = scanned
        .matches
        .iter()
        .map(|found| (found.why, found.facts.iter().filter(|fact| fact.key == Fact::KNOWN_FROM).count()))
        .collect();
    assert_eq!(found, [("paired", 0)]);
    assert!(scanned.hidden.contains(&Span::new(4, 16)));
    assert_eq!(scanner.hidden(text.as_bytes()), scanned.hidden);
}

#[test]
fn without_the_rule_nothing_is_known() {
    let rules = RuleSet::builtin().select(&[], &["known-secret".to_owned()]).expect("there is such a rule");
    let scanner = Scanner::new(rules, Options::default()).with_known(Arc::new(Known::new([held(KEY, "a")])));
    assert_eq!(told(&scanner, KEY), [""; 0]);
}

#[test]
fn many_values_are_found_as_few_are() {
    let value = |n: usize| format!("{:04}{}", n, &KEY[n % 20..n % 20 + 12]);
    let scanner = scanner((0..3000).map(|n| held(&value(n), "list")));
    let text: String = (0..3000).step_by(7).map(|n| format!("{}\n", value(n))).collect();
    let found = scanner.scan(&mut scanner.scratch(), text.as_bytes(), KindSet::ALL).matches;
    assert_eq!(found.len(), 3000_usize.div_ceil(7));
}
