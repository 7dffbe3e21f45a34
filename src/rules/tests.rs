//! Rule files from their text to the rule or the error; every message in full. The proof of anchors and the checks of
//! a regex have their own tables beside them, in `proof.rs` and `pattern.rs`.

use std::fmt::Write as _;

use proptest::prelude::*;
use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use serde::Deserialize;

use super::check::{SPLICE, Standard};
use super::file::{KEYS, RawRule};
use super::load::{RuleFile, load};
use super::*;
use crate::model::{Confidence, KindSet, Severity};

/// Every key of a `[[rule]]` that most rules have, one a line; the id stands on line 2.
const PLAIN: &[(&str, &str)] = &[
    ("id", r#""acme-token""#),
    ("description", r#""Acme token""#),
    ("severity", r#""high""#),
    ("confidence", r#""medium""#),
    ("anchors", r#"["acme_"]"#),
    ("regex", "'(?<secret>acme_[0-9a-f]{32})'"),
    ("examples", r#"["acme_<+>0123456789abcdef0123456789abcdef"]"#),
];

/// A rule with the keys of [`PLAIN`], of which `changes` replaces or takes out (by an empty value) some; further keys
/// come after them.
fn rule(changes: &[(&str, &str)]) -> String {
    let changed = |key: &str| changes.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    let mut text = String::from("[[rule]]\n");
    let more =
        changes.iter().filter(|(key, _)| !PLAIN.iter().any(|(plain, _)| plain == key)).map(|&(key, _)| (key, ""));
    for (key, value) in PLAIN.iter().copied().chain(more) {
        match changed(key).unwrap_or(value) {
            "" => text.push_str("#\n"),
            value => writeln!(text, "{key} = {value}").expect("a String can always be written to"),
        }
    }
    text
}

fn load_one(text: &str) -> Result<Vec<Rule>, Faults> {
    load(&[RuleFile { name: "my.toml", text }], Standard::User, &[])
}

fn errors(text: &str) -> String {
    load_one(text).expect_err(text).to_string()
}

#[test]
fn a_rule_is_read() {
    let rules = load_one(&rule(&[
        ("tags", r#"["acme", "ci"]"#),
        ("ignore-case", "true"),
        ("regex", "'''(?i)acme[_-]key=(?<secret>[0-9a-f]{32}(?:\\r?\\n)?)'''"),
        ("anchors", r#"["acme_key", "acme-key"]"#),
        ("multiline", "true"),
        ("edges", r#"{ left = "none", right = "base64" }"#),
        ("kinds", r#"["data", "shell"]"#),
        ("unescape", r#"["slash", "percent"]"#),
        ("validators", r#"["entropy>=3.25", "no-mask"]"#),
        ("wrapped", "true"),
        ("generic", "true"),
        ("allow", r#"{ values = ["0123<+>4567"] }"#),
        ("counterexamples", r#"["acme"]"#),
        ("remediation", r#""Tell Acme.\n""#),
        ("references", r#"["https://acme.example/tokens"]"#),
    ]))
    .expect("every key is right");
    let [rule] = &rules[..] else { panic!("one rule, not {}", rules.len()) };
    assert_eq!((&*rule.id, &*rule.description), ("acme-token", "Acme token"));
    assert_eq!((rule.severity, rule.confidence), (Severity::High, Confidence::Medium));
    assert_eq!(*rule.tags, ["acme", "ci"]);
    assert_eq!(*rule.anchors, ["acme_key", "acme-key"]);
    assert!(rule.ignore_case && rule.wrapped && rule.generic);
    assert!(
        matches!(rule.matcher, Matcher::Regex { multiline: true, bounds: Bounds { longest: 43, lead: 0, .. }, .. }),
        "{rule:?}"
    );
    assert_eq!(rule.edges, Edges { left: Edge::None, right: Edge::Base64 });
    assert_eq!(rule.kinds, KindSet::DATA.union(KindSet::SHELL));
    assert_eq!(*rule.unescape, [Unescape::Slash, Unescape::Percent]);
    assert_eq!(*rule.validators, [Validator::Entropy(3.25), Validator::NoMask]);
    assert_eq!(*rule.allow_values, ["01234567"]);
    assert_eq!(*rule.examples, [concat!("acme_", "0123456789abcdef0123456789abcdef")]);
    assert_eq!(*rule.counterexamples, ["acme"]);
    assert_eq!(rule.remediation, "Tell Acme.");
    assert_eq!(*rule.references, ["https://acme.example/tokens"]);
}

#[test]
fn most_keys_can_be_left_out() {
    let rules = load_one(&rule(&[])).expect("the least rule");
    let rule = &rules[0];
    assert_eq!(rule.edges, Edges { left: Edge::Alnum, right: Edge::Alnum });
    assert_eq!(rule.kinds, KindSet::ALL);
    assert!(
        matches!(rule.matcher, Matcher::Regex { multiline: false, bounds: Bounds { longest: 37, lead: 0, .. }, .. }),
        "{rule:?}"
    );
    assert!(!(rule.ignore_case || rule.wrapped || rule.generic));
    assert!(rule.near.is_none() && rule.pair.is_none());
    assert!(rule.tags.is_empty() && rule.validators.is_empty() && rule.references.is_empty());
}

#[test]
fn of_long_anchors_the_beginning_is_looked_for() {
    let anchors = r#"["acme_secret_key_of_service_one_", "acme_secret_key_of_service_two_"]"#;
    let regex = r#"'(?<secret>acme_secret_key_of_service_(?:one|two)_[0-9a-z]{32})'"#;
    let example = r#"["acme_secret_key_of_service_two_<+>0123456789abcdef0123456789abcdef"]"#;
    let rules = load_one(&rule(&[("anchors", anchors), ("regex", regex), ("examples", example)])).expect("a rule");
    assert_eq!(*rules[0].anchors, ["acme_secret_key_of_servi"]);
}

#[test]
fn a_file_rule_is_read() {
    let file = ("file", r#"{ names = [".p12", "id_rsa"], except = ["*trust.p12"], magic = ["30 82 ?? fF"] }"#);
    let rules = load_one(&rule(&[("anchors", ""), ("regex", ""), file])).expect("a file rule");
    let Matcher::File(file) = &rules[0].matcher else { panic!("{:?}", rules[0]) };
    assert!(file.matches(b"a/KEY.p12", &[0x30, 0x82, 0x01, 0xff, 0x00]));
    assert!(file.matches(b"id_rsa", &[0x30, 0x82, 0x01, 0xff]));
    assert!(!file.matches(b"id_rsa", &[0x30, 0x82, 0x01]));
    assert!(!file.matches(b"a/OurTrust.p12", &[0x30, 0x82, 0x01, 0xff]));
    assert!(!file.matches(b".p12", &[0x30, 0x82, 0x01, 0xff]));
}

#[test]
fn neighbours_are_read() {
    let near = ("near", r#"{ rules = ["acme-token"], within = 100, report-as = "acme-token" }"#);
    let candidate = rule(&[("id", r#""acme-candidate""#), ("anchors", ""), near]);
    let pair = ("pair", r#"{ with = ["acme-token"], within = 16384, severity = "critical" }"#);
    let other = rule(&[("id", r#""acme-pair""#), pair]);
    let rules = load_one(&[rule(&[]), candidate, other].concat()).expect("three rules");
    let ids: Vec<&str> = rules.iter().map(|rule| &*rule.id).collect();
    assert_eq!(ids, ["acme-candidate", "acme-pair", "acme-token"]);
    let near = rules[0].near.as_ref().expect("it has neighbours");
    assert_eq!((&*near.rules, near.within, &*near.report_as), (&["acme-token".into()][..], 100, "acme-token"));
    let pair = rules[1].pair.as_ref().expect("it has a partner");
    assert_eq!((&*pair.with, pair.within, pair.severity), (&["acme-token".into()][..], 16384, Severity::Critical));
}

#[test]
fn what_is_no_rule_file() {
    for (text, said) in [
        ("", "my.toml:1: the file has no rule: write one, beginning with [[rule]]"),
        ("# nothing\n", "my.toml:1: the file has no rule: write one, beginning with [[rule]]"),
        ("[rule]\nid = \"x\"\n", "my.toml:1: a rule starts with [[rule]], in double brackets"),
        ("rule = [1]\n", "my.toml:1: a rule starts with [[rule]], in double brackets"),
        (
            "\n\n[[rules]]\n",
            "my.toml:3: unknown key `rules`: a rule file holds nothing but [[rule]]; did you mean `rule`?",
        ),
        ("version = 1\n", "my.toml:1: unknown key `version`: a rule file holds nothing but [[rule]]"),
        ("[[rule]]\nid = \"a\n", "my.toml:2: invalid basic string, expected `\"`"),
        ("[[rule]]\nid = \"a\"\nid = \"b\"\n", "my.toml:3: duplicate key"),
        ("[[rule]]\nid = \"acme\"\n", "my.toml:1: rule acme: missing field `description`"),
        ("\u{0}", "my.toml:1: key with no value, expected `=`"),
    ] {
        assert_eq!(errors(text), said, "{text}");
    }
}

/// One rule that is right but for one key, and what is said of it.
#[test]
fn what_is_wrong_in_a_rule() {
    for (changes, said) in [
        (&[("anchor", r#"["acme_"]"#)][..], "9: unknown key `anchor`; did you mean `anchors`?"),
        (&[("colour", "1")], "9: unknown key `colour`"),
        (&[("edges", r#"{ lef = "none" }"#)], "9: unknown key `lef` in `edges`; did you mean `left`?"),
        (&[("severity", "3")], "4: invalid type: integer `3`, expected a string"),
        (&[("examples", r#""hush""#)], "8: invalid type: a string, expected a sequence"),
        (&[("severity", r#""grave""#)], "4: `severity`: 'grave' is not one of critical, high, medium, low, info"),
        (&[("confidence", r#""info""#)], "5: `confidence`: 'info' is not one of high, medium, low"),
        (&[("description", r#""""#)], "3: `description` is one line: the name that a person would say"),
        (
            &[("tags", r#"["CI"]"#)],
            "9: `tags`: `CI` is not in kebab case, as aws-access-key-id is, or over 64 characters",
        ),
        (&[("regex", "")], "1: a rule has one of `regex`, `name` with `value`, `structure` and `file`, and one only"),
        (
            &[("structure", r#""pem""#)],
            "1: a rule has one of `regex`, `name` with `value`, `structure` and `file`, and one only",
        ),
        (
            &[("regex", ""), ("structure", r#""pam""#)],
            "9: `structure`: `pam` is not one of pem, pgp, putty, jwk, kubernetes-secret, assignment, url, database-url, authorization, \
             command, connection, netrc, pgpass, secure-string, call, insert, columns; did you mean `pem`?",
        ),
        (&[("anchors", "")], "1: `anchors` is missing: literals of which every match contains one"),
        (&[("anchors", "[]")], "6: `anchors` is missing: literals of which every match contains one"),
        (&[("anchors", r#"["ac"]"#)], "6: the anchor `ac` is not 3 to 64 bytes long"),
        (&[("anchors", r#"["acmé"]"#)], "6: the anchor `acmé` is not ASCII"),
        (
            &[("anchors", r#"["acme_", "acme_0"]"#)],
            "6: the anchor `acme_0` is not needed: it contains the anchor `acme_`",
        ),
        (
            &[("anchors", r#"["acme_", "acme_"]"#)],
            "6: the anchor `acme_` is not needed: it contains the anchor `acme_`",
        ),
        (
            &[("anchors", r#"["acme_", "emca"]"#)],
            "6: the anchor `emca` is not needed: every match contains another one",
        ),
        (
            &[("ignore-case", "true"), ("anchors", r#"["Acme_"]"#)],
            "6: the anchor `Acme_` has a capital: with `ignore-case` anchors are written in lower case",
        ),
        (
            &[("regex", "'(?<secret>(?:acme_|acne)[0-9]{4})'")],
            "7: the regex matches `acne0000`, which contains none of the anchors",
        ),
        (
            &[("regex", "'acme_[0-9]{4}'")],
            "7: the regex has no group named `secret`: put (?<secret>...) around the credential",
        ),
        (
            &[("edges", r#"{ left = "alphanum" }"#)],
            "9: `edges`: `alphanum` is not one of none, alnum, token, base64, dotted, word, delimiter",
        ),
        (
            &[("kinds", r#"["programs"]"#)],
            "9: `kinds`: `programs` is not one of program, shell, data, markup, prose, lock, i18n, generated, other; did you mean \
             `program`?",
        ),
        (&[("kinds", "[]")], "9: `kinds` is empty: leave it out if the rule holds everywhere"),
        (&[("unescape", r#"["url"]"#)], "9: `unescape`: `url` is not one of percent, slash, unicode"),
        (
            &[("validators", r#"["jwtt"]"#)],
            "9: `validators`: `jwtt` is none that there is, they are in patterns/README.md; did you mean `jwt`?",
        ),
        (
            &[("validators", r#"["entropy>=many"]"#)],
            "9: `entropy>=` takes bits per character, from 0 to 8, as in `entropy>=4.2`",
        ),
        (
            &[("validators", r#"["entropy>=nan"]"#)],
            "9: `entropy>=` takes bits per character, from 0 to 8, as in `entropy>=4.2`",
        ),
        (&[("near", r#"{ rules = ["other"], within = 9 }"#)], "6: `anchors` is of no use in a rule with `near`"),
        (
            &[("near", r#"{ rules = [], within = 9 }"#), ("anchors", "")],
            "9: `near.rules` is empty: name at least one rule",
        ),
        (
            &[("name", r#""acme""#)],
            "1: a rule has one of `regex`, `name` with `value`, `structure` and `file`, and one only",
        ),
        (&[("regex", ""), ("name", r#""acme""#)], "9: `name` and `value` go together: one of them is missing"),
        (
            &[("regex", ""), ("name", r#""acme_key""#), ("value", r#""[0-9]{4}""#), ("multiline", "true")],
            "11: `multiline` is of no use in a rule with `name` and `value`",
        ),
        (
            &[("regex", ""), ("name", r#""acne_key""#), ("value", r#""[0-9]{4}""#)],
            r"9: the regex matches `ACNE_KEY\\t0000`, which contains none of the anchors",
        ),
        (&[("context", "{ words = [], within = 9 }")], "9: `context.words` is empty: name at least one"),
        (
            &[("context", r#"{ words = ["Acme"], within = 9 }"#)],
            "9: the word `Acme` is not 3 to 64 bytes of ASCII in lower case",
        ),
        (&[("context", r#"{ words = ["acme"], within = 16385 }"#)], "9: `within` is a number of bytes from 1 to 16384"),
        (
            &[("pair", r#"{ with = ["acme-token"], within = 9, severity = "low" }"#)],
            "9: `pair.with` names the rule itself",
        ),
        (
            &[("pair", r#"{ with = ["other"], within = 0, severity = "low" }"#)],
            "9: `within` is a number of bytes from 1 to 16384",
        ),
        (
            &[("pair", r#"{ with = ["other"], within = 9, severity = "low" }"#)],
            "9: `pair.with`: there is no rule `other`",
        ),
        (
            &[("pair", r#"{ with = ["acme-tokn"], within = 9, severity = "low" }"#)],
            "9: `pair.with`: there is no rule `acme-tokn`; did you mean `acme-token`?",
        ),
        (&[("allow", r#"{ values = ["<+>"] }"#)], "9: `allow.values` has an empty text"),
        (&[("examples", r#"["a", "<+>a"]"#)], "8: `examples` has the same text twice"),
        (&[("examples", "[]")], "8: `examples` has 0 of at least 1"),
        (&[("examples", "")], "1: `examples` has 0 of at least 1"),
        (&[("references", r#"["http://acme.example"]"#)], "9: `references`: `http://acme.example` is no https:// URL"),
        (&[("regex", ""), ("file", r#"{ names = [".p12"] }"#)], "6: `anchors` is of no use in a rule with `file`"),
        (
            &[("regex", ""), ("anchors", ""), ("file", r#"{ names = [] }"#)],
            "9: `names` is empty: endings as `.p12`, or whole names as `id_rsa`",
        ),
        (
            &[("regex", ""), ("anchors", ""), ("file", r#"{ names = ["a/b"] }"#)],
            "9: `a/b` is not the ending (`.p12`, `*trust.p12`), the whole (`id_rsa`) or both ends (`pk-*.pem`) of a file name in lower case",
        ),
        (
            &[("regex", ""), ("anchors", ""), ("file", r#"{ names = ["a*b*.p12"] }"#)],
            "9: `a*b*.p12` is not the ending (`.p12`, `*trust.p12`), the whole (`id_rsa`) or both ends (`pk-*.pem`) of a file name in lower case",
        ),
        (
            &[("regex", ""), ("anchors", ""), ("file", r#"{ names = [".p12"], magic = ["3082"] }"#)],
            "9: `3082` is not up to 64 bytes in hexadecimal, as in `30 82 ?? ??`",
        ),
    ] {
        assert_eq!(
            errors(&rule(changes)),
            said.replacen(": ", ": rule acme-token: ", 1).replacen("", "my.toml:", 1),
            "{changes:?}"
        );
    }
}

#[test]
fn ids_are_words() {
    let long = format!("a{}", "-b".repeat(32));
    for id in ["", "AWS", "aws_key", "-aws", "aws-", "aws--key", "1password", "aws key", "clé", &long] {
        let said = format!(
            "my.toml:2: rule {id}: `{id}` is not in kebab case, as aws-access-key-id is, or over 64 characters"
        );
        let said = said.replace(&long, &format!("{}...", &long[..60]));
        assert_eq!(errors(&rule(&[("id", &format!("\"{id}\""))])), said);
    }
    assert!(load_one(&rule(&[("id", "\"a1-2b\"")])).is_ok());
}

#[test]
fn an_id_names_one_rule() {
    let (one, two) = (rule(&[]), rule(&[("tags", "[\"acme\"]")]));
    assert_eq!(
        errors(&[one.as_str(), &two].concat()),
        "my.toml:10: rule acme-token: the id is taken by the rule at my.toml:2: choose another"
    );
    let files = [RuleFile { name: "a.toml", text: &one }, RuleFile { name: "b.toml", text: &two }];
    assert_eq!(
        load(&files, Standard::User, &[]).expect_err("the id is there twice").to_string(),
        "b.toml:2: rule acme-token: the id is taken by the rule at a.toml:2: choose another"
    );
    let jwt = rule(&[("id", "\"jwt\"")]);
    let error = RuleSet::builtin().with_user_rules(&[RuleFile { name: "my.toml", text: &jwt }]).expect_err("built in");
    assert_eq!(error.to_string(), "my.toml:2: rule jwt: the id is taken by a built-in rule: choose another");
}

#[test]
fn a_neighbour_has_matches_of_its_own() {
    let near = |rules| format!("{{ rules = [\"{rules}\"], within = 9 }}");
    let a = rule(&[("id", "\"a\""), ("anchors", ""), ("near", &near("acme-token"))]);
    let b = rule(&[("id", "\"b\""), ("anchors", ""), ("near", &near("a"))]);
    assert_eq!(
        errors(&[rule(&[]), a, b].concat()),
        "my.toml:26: rule b: `near.rules`: the rule `a` is itself found beside others only"
    );
    let file = rule(&[("id", "\"f\""), ("anchors", ""), ("regex", ""), ("file", "{ names = [\".p12\"] }")]);
    let c = rule(&[("id", "\"c\""), ("anchors", ""), ("near", &near("f"))]);
    assert_eq!(
        errors(&[file, c].concat()),
        "my.toml:18: rule c: `near.rules`: the rule `f` finds whole files, which have no neighbours"
    );
}

#[test]
fn every_fault_is_named() {
    let first = rule(&[("severity", "\"grave\""), ("colour", "1"), ("anchors", "[\"x\"]")]);
    let second = rule(&[("severity", "\"grave\""), ("anchors", "[\"x\"]"), ("kinds", "[\"odd\", \"data\", \"even\"]")]);
    let text = [first, second].concat();
    let kinds = "program, shell, data, markup, prose, lock, i18n, generated, other";
    assert_eq!(
        errors(&text),
        format!(
            "my.toml:9: rule acme-token: unknown key `colour`\n\
             my.toml:13: rule acme-token: `severity`: 'grave' is not one of critical, high, medium, low, info\n\
             my.toml:15: rule acme-token: the anchor `x` is not 3 to 64 bytes long\n\
             my.toml:18: rule acme-token: `kinds`: `odd` is not one of {kinds}\n\
             my.toml:18: rule acme-token: `kinds`: `even` is not one of {kinds}"
        )
    );
}

#[test]
fn a_built_in_rule_says_more_of_itself() {
    let text = rule(&[]);
    let files = [RuleFile { name: "patterns/acme.toml", text: &text }];
    assert_eq!(
        load(&files, Standard::BuiltIn, &[]).expect_err("it lacks much").to_string(),
        "patterns/acme.toml:1: rule acme-token: `counterexamples` has 0 of at least 3\n\
         patterns/acme.toml:1: rule acme-token: `tags` has 0 of at least 1\n\
         patterns/acme.toml:1: rule acme-token: `references` has 0 of at least 1\n\
         patterns/acme.toml:1: rule acme-token: `remediation` is missing: what to do when it has leaked\n\
         patterns/acme.toml:8: rule acme-token: `examples` has 1 of at least 3"
    );
}

#[test]
fn an_error_quotes_no_example() {
    let said = errors(&rule(&[("examples", r#""hunter2", expected a sequence""#), ("counterexamples", "\"hunter2\"")]));
    assert!(!said.contains("hunter2"), "{said}");
    let said = errors(&rule(&[("counterexamples", "\"hunter2\\\", expected \"")]));
    assert_eq!(said, "my.toml:9: rule acme-token: invalid type: a string, expected a sequence");
}

/// The rules that docs/RULES.md shows are rules, and the error it shows is the one that comes.
#[test]
fn the_guide_is_right() {
    let guide = include_str!("../../docs/RULES.md");
    let rules: Vec<&str> = guide.split("```toml\n").skip(1).filter_map(|part| part.split("```").next()).collect();
    assert_eq!(rules.len(), 2);
    let loaded = load_one(&rules.concat()).expect("both are right");
    for rule in &loaded {
        let regex = regex(rule).expect("a rule with a regex");
        assert!(rule.examples.iter().all(|example| regex.is_match(example.as_bytes())), "{}", rule.id);
    }
    let text = rules[0].replace("acme_[0-9a-f]{32})'", "(?:acme|akme)_[0-9a-f]{32})'");
    let error =
        load(&[RuleFile { name: "acme.toml", text: &text }], Standard::User, &[]).expect_err("akme_").to_string();
    assert!(guide.contains(&error), "{error}");
}

proptest! {
    /// Whatever is done to a rule file, it is read or refused with at least one line that names it.
    #[test]
    fn no_text_is_too_broken(at: prop::sample::Index, len in 0..40usize, put in r#"[\[\]{}()"'=.\\?*+|a-z0-9,\n \x00é]{0,8}"#) {
        let text = include_str!("../../patterns/jwt.toml");
        assert!(text.is_ascii(), "any byte of it is a place to cut");
        let start = at.index(text.len());
        let end = (start + len).min(text.len());
        let broken = [&text[..start], &put, &text[end..]].concat();
        if let Err(errors) = load_one(&broken) {
            prop_assert!(errors.iter().len() > 0);
            prop_assert!(errors.to_string().lines().all(|line| line.starts_with("my.toml:")), "{errors}");
        }
    }
}

#[test]
fn keys_are_those_of_the_structs() {
    let fields_of = |table: &str| {
        let text = if table == "rule" { "x-y = 1".to_owned() } else { format!("{table} = {{ x-y = 1 }}") };
        let error =
            RawRule::deserialize(toml::Deserializer::parse(&text).expect("it is TOML")).expect_err("no such key");
        let words: Vec<String> = error.message().split('`').skip(1).step_by(2).skip(1).map(str::to_owned).collect();
        words
    };
    for (table, keys) in KEYS {
        assert_eq!(fields_of(table), *keys, "{table}");
    }
}

#[test]
fn the_readme_documents_every_key_and_word() {
    let readme = include_str!("../../patterns/README.md");
    let documented = |word: &str| readme.contains(&format!("`{word}`"));
    for (table, keys) in KEYS {
        for key in *keys {
            let key = if *table == "rule" { (*key).to_owned() } else { format!("{table}.{key}") };
            assert!(documented(&key), "patterns/README.md does not document the key `{key}`");
        }
    }
    for word in values::words() {
        assert!(documented(word), "patterns/README.md does not document the word `{word}`");
    }
}

fn regex(rule: &Rule) -> Option<Regex> {
    let Matcher::Regex { pattern, .. } = &rule.matcher else { return None };
    let syntax = syntax::Config::new().unicode(false).utf8(false);
    Some(Regex::builder().syntax(syntax).build(pattern).expect("a rule that was loaded"))
}

/// In the place of the secret in one of the rule's examples.
#[test]
fn allowed_values_are_values_that_could_match() {
    for rule in RuleSet::builtin().rules() {
        let Some(regex) = regex(rule) else { continue };
        let secret_in = |text: &str| {
            let secret = regex.group_info().to_index(regex_automata::PatternID::ZERO, "secret").expect("checked");
            let mut groups = regex.create_captures();
            regex.captures(text, &mut groups);
            groups.get_group(secret)
        };
        for value in rule.allow_values.iter() {
            let written =
                if rule.unescape.contains(&Unescape::Percent) { percent_encoded(value) } else { value.to_string() };
            let could_match = rule.examples.iter().any(|example| {
                let Some(secret) = secret_in(example) else { return false };
                let text = format!("{}{written}{}", &example[..secret.start], &example[secret.end..]);
                secret_in(&text).is_some_and(|found| text[found.range()] == written)
            });
            assert!(could_match, "{}: {value} cannot match", rule.id);
        }
    }
}

/// The three characters of base64 that a URL writes in another way.
fn percent_encoded(value: &str) -> String {
    value.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

/// Not whether the rule finds it (edges, validators and neighbours speak too), but a slip in a regex shows here.
#[test]
fn a_regex_matches_the_examples_of_its_rule() {
    for rule in RuleSet::builtin().rules() {
        let Some(regex) = regex(rule) else { continue };
        for example in rule.examples.iter() {
            let wrapped = rule.wrapped
                && !rule.anchors.iter().any(|anchor| example.to_lowercase().contains(&anchor.to_lowercase()));
            assert!(wrapped || regex.is_match(example.as_bytes()), "{}: {example}", rule.id);
        }
    }
}

#[test]
fn built_in_rules_are_sorted_and_carry_no_splice_mark() {
    let set = RuleSet::builtin();
    assert!(set.rules().is_sorted_by(|a, b| a.id < b.id));
    assert!(set.rules().len() > 10, "{}", set.rules().len());
    for rule in set.rules() {
        let texts = rule.examples.iter().chain(rule.counterexamples.iter()).chain(rule.allow_values.iter());
        assert_eq!(texts.filter(|text| text.contains(SPLICE)).count(), 0, "{}", rule.id);
    }
}

fn ids(set: &RuleSet) -> Vec<&str> {
    set.rules().iter().map(|rule| &*rule.id).collect()
}

fn select(only: &[&str], skip: &[&str]) -> Result<RuleSet, UnknownRule> {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    RuleSet::builtin().select(&owned(only), &owned(skip))
}

#[test]
fn rules_are_selected_by_id_and_tag() {
    assert_eq!(ids(&select(&[], &[]).expect("nothing unknown")), ids(&RuleSet::builtin()));
    assert_eq!(ids(&select(&["github-pat"], &[]).expect("an id")), ["github-pat"]);
    let tagged = |tag: &str| {
        let all = RuleSet::builtin();
        let tagged = all.rules().iter().filter(|rule| rule.tags.iter().any(|other| other == tag));
        tagged.map(|rule| rule.id.to_string()).collect::<Vec<_>>()
    };
    assert!(tagged("key").len() > 1, "several rules have the tag");
    let mut both = [tagged("key"), vec!["jwt".to_owned()]].concat();
    both.sort();
    assert_eq!(ids(&select(&["key", "jwt"], &[]).expect("a tag and an id")), both);
    both.retain(|id| id != "pkcs12-file" && id != "jwt");
    assert_eq!(ids(&select(&["key"], &["pkcs12-file"]).expect("both")), both);
    assert_eq!(ids(&select(&["key"], &["key"]).expect("none is left")), [""; 0]);
    let without = select(&[], &["generic"]).expect("a tag");
    assert!(ids(&without).iter().all(|id| !["generic-secret", "url-credentials"].contains(id)));
}

#[test]
fn an_unknown_rule_is_named() {
    let said = |only, skip| select(only, skip).expect_err("unknown").to_string();
    assert_eq!(said(&["jwtt"], &[]), "no rule has the id or tag 'jwtt'; did you mean 'jwt'?");
    assert_eq!(said(&[], &["githup"]), "no rule has the id or tag 'githup'; did you mean 'github'?");
    assert_eq!(said(&["nothing-of-the-kind"], &[]), "no rule has the id or tag 'nothing-of-the-kind'");
}

#[test]
fn what_is_left_out_is_not_referred_to() {
    let set = select(&[], &["aws-access-key-id"]).expect("an id");
    let candidate = set.get("aws-secret-candidate").expect("it has another neighbour");
    assert_eq!(candidate.near.as_ref().map(|near| &*near.rules), Some(&["aws-temporary-access-key-id".into()][..]));
    let set = select(&["aws-secret-access-key"], &[]).expect("an id");
    assert_eq!(ids(&set), ["aws-secret-access-key"]);
    assert!(set.rules()[0].pair.is_none());
    let set = select(&["aws"], &["aws-secret-access-key"]).expect("an id");
    assert!(set.get("aws-secret-candidate").is_none(), "it reports as a rule that is left out");
}

#[test]
fn a_users_rules_stand_among_the_built_in_ones() {
    let pair = ("pair", r#"{ with = ["aws-access-key-id"], within = 100, severity = "critical" }"#);
    let text = rule(&[pair]);
    let set = RuleSet::builtin().with_user_rules(&[RuleFile { name: "my.toml", text: &text }]).expect("a rule");
    assert_eq!(set.rules().len(), RuleSet::builtin().rules().len() + 1);
    assert_eq!(ids(&set)[0], "acme-token");
}
