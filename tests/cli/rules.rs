//! `keysieve rules list|show|test`.

use crate::support::Dir;
use crate::support::secrets::{Maker, masked};

#[test]
fn list_has_a_line_for_each_rule() {
    let outcome = Dir::new().keysieve(["rules", "list"]).run().status(0).stderr_is("");
    assert!(outcome.stdout.lines().count() >= 10, "{}", outcome.stdout);
    let ids: Vec<_> = outcome.stdout.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert!(ids.is_sorted(), "{ids:?}");
    outcome.stdout_has("aws-access-key-id").stdout_has("AWS access key ID");
}

#[test]
fn list_follows_the_flags_of_a_scan() {
    let dir = Dir::new();
    let count = |args: &[&str]| {
        let args = ["rules", "list"].into_iter().chain(args.iter().copied());
        dir.keysieve(args).run().status(0).stdout.lines().count()
    };
    let (all, some) = (count(&[]), count(&["--rule", "github"]));
    assert!(0 < some && some < all, "{some} of {all}");
    assert_eq!(count(&["--skip-rule", "github"]), all - some);
    assert_eq!(count(&["--rule=github", "--skip-rule=github-app-token"]), some - 1);
    assert_eq!(count(&["--rule", "aws-access-key-id,jwt"]), 2);
}

#[test]
fn list_as_json_is_an_object_a_line() {
    let outcome = Dir::new().keysieve(["rules", "list", "--json"]).run().status(0).stderr_is("");
    for line in outcome.stdout.lines() {
        let rule: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        for key in ["id", "description", "severity", "confidence"] {
            assert!(rule[key].as_str().is_some_and(|value| !value.is_empty()), "{key} of {line}");
        }
    }
    outcome.stdout_has("\"id\":\"aws-access-key-id\"");
}

#[test]
fn show_says_what_to_know_of_a_rule() {
    let outcome = Dir::new().keysieve(["rules", "show", "aws-access-key-id"]).run().status(0).stderr_is("");
    for part in [
        "aws-access-key-id: AWS access key ID",
        "What it matches:",
        "How a match is checked:",
        "Examples, masked:",
        "When it has leaked:",
        "References:",
    ] {
        assert!(outcome.stdout.contains(part), "no {part:?} in\n{}", outcome.stdout);
    }
}

#[test]
fn show_says_how_a_value_is_named_and_checked_and_what_to_do() {
    let dir = Dir::new();
    let page = dir.keysieve(["rules", "show", "aws-cognito-client-secret"]).run().status(0).stderr_is("");
    for line in [
        "aws-cognito-client-secret: Amazon Cognito app client secret",
        "high severity, probable; tags: aws, cognito",
        "    a value that fits [a-z0-9]{48,64}",
        "    given to a name that fits (?:client[_-]?secret|cognito[_-]?secret), in upper or lower case and in whatever \
         syntax",
        "What stands beside it:",
        "    only within 300 bytes of one of: cognito userpool user_pool user-pool",
        "How a match is checked:",
        "    not just after a letter or digit",
        "    at least 4.2 bits of entropy a character",
        "    no placeholder such as xxxx or abcdef",
        "    not one of 1 values that are known to be no secrets",
        "When it has leaked:",
    ] {
        assert!(page.stdout.lines().any(|other| other == line), "no {line:?} in\n{}", page.stdout);
    }
    page.stdout_has("aws cognito-idp delete-user-pool-client");
}

#[test]
fn show_names_neighbours_and_first_bytes() {
    let dir = Dir::new();
    let of = |id: &str| dir.keysieve(["rules", "show", id]).run().status(0);
    of("s3-compatible-key-pair").stdout_has(
        "    within 1500 bytes of a match of s3-compatible-access-key-id it is certain, of high severity\n",
    );
    of("s3-compatible-access-key-id")
        .stdout_has("    one credential with the nearest match of aws-rootkey-legacy, s3-compatible-key-pair\n");
    of("pkcs12-file").stdout_has("    a file that begins with the bytes 30 82 ?? ?? 02 01 03\n");
    of("aws-secret-candidate").stdout_has("    reported as aws-secret-access-key\n");
    of("aws-secret-access-key").stdout_has("    in base64 too\n").stdout_has("    decoded first: %2F is /\n");
}

#[test]
fn show_prints_no_example_in_clear() {
    let dir = Dir::new();
    let list = dir.keysieve(["rules", "list"]).run().status(0).stdout;
    for id in list.lines().filter_map(|line| line.split_whitespace().next()) {
        let page = dir.keysieve(["rules", "show", id]).run().status(0).stdout;
        let (_, examples) = page.split_once("Examples, masked:").unwrap_or_default();
        let (examples, _) = examples.split_once("\n\n").unwrap_or((examples, ""));
        let outcome = dir.keysieve(["scan", "-", "--min-confidence=medium"]).stdin(examples).run();
        assert_eq!(outcome.status, Some(0), "the page of {id} holds a secret\n{outcome:?}");
    }
}

#[test]
fn show_suggests_what_was_meant() {
    let dir = Dir::new();
    dir.keysieve(["rules", "show", "aws-acces-key-id"]).run().status(2).stdout_is("").stderr_is(
        "keysieve: error: no rule has the id or tag 'aws-acces-key-id'; did you mean 'aws-access-key-id'?\n",
    );
    dir.keysieve(["rules", "show", "aws"]).run().status(2).stderr_has("'aws' is a tag");
}

#[test]
fn test_runs_the_examples_of_every_rule() {
    Dir::new().keysieve(["rules", "test"]).run().status(0).stdout_is("").stderr_has("0 failed\n");
}

#[test]
fn test_of_a_text_names_the_rules_and_masks_the_secret() {
    let token = Maker::new(3).github_token();
    let dir = Dir::new();
    for outcome in [
        dir.keysieve(["rules", "test"]).arg(format!("token = {token}")).run(),
        dir.keysieve(["rules", "test", "-"]).stdin(format!("token = {token}\n")).run(),
    ] {
        outcome.status(0).stdout_has("github-").stdout_has(masked(&token)).never_prints(&token);
    }
    dir.keysieve(["rules", "test", "nothing here"]).run().status(1).stdout_is("").stderr_has("rules matches\n");
}

#[test]
fn test_can_be_limited_to_rules() {
    let token = Maker::new(3).github_token();
    Dir::new().keysieve(["rules", "test", "--rule=aws"]).arg(&token).run().status(1).stdout_is("");
}

#[test]
fn an_unknown_rule_or_tag_is_an_error_everywhere() {
    let dir = Dir::new();
    for verb in [&["scan"][..], &["rules", "list"], &["rules", "test"]] {
        for flag in ["--rule", "--skip-rule"] {
            let args = verb.iter().copied().chain([flag, "no-such-rule"]);
            dir.keysieve(args).run().status(2).stdout_is("").stderr_has("no-such-rule");
        }
    }
}

/// A rule file with one rule that finds `acme_` and eight digits.
const ACME: &str = r#"
[[rule]]
id = "acme-token"
description = "Acme token"
severity = "high"
confidence = "medium"
tags = ["acme"]
anchors = ["acme_"]
regex = '''(?<secret>acme_[0-9]{8})'''
examples = ["token = acme_<+>31415926"]
counterexamples = ["token = acme_3141"]
remediation = "Tell Acme."
references = ["https://acme.example/tokens"]
"#;

#[test]
fn rules_of_a_file_join_the_built_in_ones() {
    let dir = Dir::new();
    dir.write("acme.toml", ACME).write("app.conf", concat!("token = acme_", "27182818\n"));
    dir.keysieve(["rules", "list", "--rules", "acme.toml"]).run().status(0).stdout_has("acme-token").stdout_has("aws-");
    dir.keysieve(["rules", "show", "acme-token", "--rules=acme.toml"]).run().status(0).stdout_has("Tell Acme.");
    dir.keysieve(["rules", "test", "--rules=acme.toml", "--rule=acme-token"])
        .run()
        .status(0)
        .stderr_has("1 rules, 1 examples");
    dir.keysieve(["scan", "--rules=acme.toml", "app.conf"]).run().status(1).stdout_has("acme-token");
    dir.keysieve(["scan", "app.conf"]).env("KEYSIEVE_RULES", "acme.toml").run().status(1).stdout_has("acme-token");
    dir.keysieve(["scan", "app.conf"]).run().status(0).never_prints("acme-token");
}

#[test]
fn an_example_that_does_not_match_fails_the_test() {
    let dir = Dir::new();
    dir.write("acme.toml", ACME.replace("acme_<+>31415926", "acme_<+>314"));
    dir.keysieve(["rules", "test", "--rules=acme.toml", "--rule=acme"])
        .run()
        .status(1)
        .stdout_is("acme-token: an example does not match: token = acme_314\n")
        .stderr_has("1 failed\n");
}

#[test]
fn a_rule_file_that_is_wrong_is_an_error_with_its_name() {
    let dir = Dir::new();
    dir.write("bad.toml", ACME.replace("severity = \"high\"", "severity = \"grave\""));
    for file in ["bad.toml", "missing.toml"] {
        dir.keysieve(["scan"]).arg(format!("--rules={file}")).run().status(2).stdout_is("").stderr_has(file);
    }
}
