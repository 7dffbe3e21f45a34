//! `keysieve import`: from another scanner's settings to files that keysieve takes.

use crate::support::Dir;
use crate::support::secrets::Maker;

const GITLEAKS: &str = r"
[[rules]]
id = 'acme-token'
description = 'Acme token'
regex = '''\b(acme_[0-9a-f]{24})\b'''
keywords = ['acme_']

[[rules]]
id = 'hex'
regex = '''[0-9a-f]{32}'''

[[rules.allowlists]]
paths = ['''\.lock$''']
";

#[test]
fn rules_of_gitleaks_go_to_a_file_and_find_what_they_found() {
    let dir = Dir::new();
    dir.write(".gitleaks.toml", GITLEAKS);
    let outcome = dir.keysieve(["import", "gitleaks", ".gitleaks.toml", "--output", "rules.toml"]).run().status(0);
    assert_eq!(outcome.stdout, "# .keysieve.toml\n\n[rules]\nfiles = [\"rules.toml\"]\n\n");
    outcome.stderr_has("not carried over: hex: no literal of 3 bytes or more stands in every match").stderr_has(
        "1 of 2 rules carried over, 0 of them with a difference | 0 allow entries | 1 things not carried over",
    );
    dir.keysieve(["rules", "test", "--rules", "rules.toml", "--rule", "acme-token"]).run().status(0);
    dir.write("a.txt", format!("acme_{}\n", Maker::new(1).hex(24)));
    dir.keysieve(["scan", "a.txt", "--rules", "rules.toml"]).run().status(1).stdout_has("acme-token");
}

#[test]
fn without_a_file_all_is_printed() {
    let dir = Dir::repository();
    dir.write("g.toml", format!("{GITLEAKS}\n[[allowlists]]\npaths = ['''^vendor/''']\n"));
    let outcome = dir.keysieve(["import", "gitleaks", "g.toml"]).run().status(0);
    outcome.stdout_has("# imported-rules.toml\n\n[[rule]]\nid = \"acme-token\"\n").stdout_has(
        "# .keysieve.toml\n\n[rules]\nfiles = [\"imported-rules.toml\"]\n\n[[allow]]\npaths = [\"/vendor/**\"]\n",
    );
}

#[test]
fn what_is_written_is_a_configuration_and_counts() {
    let dir = Dir::repository();
    let allow = "[[allowlists]]\ndescription = 'dummies'\npaths = ['''(?:^|/)vendor/''']\nstopwords = ['000000']\n";
    dir.write("g.toml", format!("{GITLEAKS}\n{allow}"));
    let written = dir.keysieve(["import", "gitleaks", "g.toml", "-o", "rules.toml"]).run().status(0).stdout;
    dir.write(".keysieve.toml", written);
    dir.keysieve(["config", "check"]).run().status(0);
    let mut maker = Maker::new(4);
    dir.write("a.txt", format!("acme_{}\n", maker.hex(24))).write("b.txt", format!("acme_000000{}\n", maker.hex(18)));
    dir.write("vendor/a.txt", format!("acme_{}\n", maker.hex(24)));
    let report = dir.keysieve(["scan"]).run().status(1);
    assert!(report.stdout.contains("a.txt:1:1: acme-token"), "{}", report.stdout);
    assert!(!report.stdout.contains("b.txt:") && !report.stdout.contains("vendor/"), "{}", report.stdout);
    dir.keysieve(["explain", "a.txt:1"]).run().status(0).stdout_has("a.txt:1:1: acme-token: reported (high");
}

#[test]
fn what_is_no_configuration_is_an_error() {
    let dir = Dir::new();
    dir.write("g.toml", "title = 1\n[[rules]\n");
    dir.keysieve(["import", "gitleaks", "g.toml"]).run().status(2).stdout_is("").stderr_has("g.toml: line 2: ");
    dir.keysieve(["import", "gitleaks", "none.toml"]).run().status(2).stderr_has("reading none.toml");
}

#[test]
fn ignored_findings_become_entries_by_fingerprint() {
    let dir = Dir::new();
    let token = Maker::new(2).github_token();
    dir.write("a.txt", format!("one\ntoken {token}\n"));
    dir.write(".gitleaksignore", "a.txt:github-pat:2\na.txt:github-pat:1\nodd\nb.txt:jwt:1\n");
    let outcome =
        dir.keysieve(["import", "gitleaks", ".gitleaksignore", "-o", "allowed"]).run().status(0).stdout_is("");
    let line = dir.read("allowed");
    let (print, rest) = line.split_once(' ').expect("there is an entry");
    assert!(print.len() == 32 && print.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
    assert_eq!(rest, "reason=\"ignored in .gitleaksignore\" path=\"/a.txt\"\n");
    let report = dir.keysieve(["scan", "a.txt", "-f", "jsonl"]).run().status(1).stdout;
    assert!(report.contains(print), "{report}");
    outcome
        .stderr_has("not carried over: line 3: it is not [COMMIT:]FILE:RULE:LINE")
        .stderr_has("not carried over: a.txt:1: nothing is found in this line by now")
        .stderr_has("not carried over: b.txt:1: the file cannot be read")
        .stderr_has("1 allow entries from 3 | 3 not carried over");
}

#[test]
fn settings_of_git_secrets_are_read_from_git() {
    let dir = Dir::repository();
    for (key, value) in [
        ("secrets.providers", "git secrets --aws-provider"),
        ("secrets.providers", "cat patterns.txt"),
        ("secrets.providers", "./run-me.sh"),
        ("secrets.patterns", "acme-[0-9]{8}"),
        ("secrets.allowed", "acme-00000000"),
    ] {
        dir.git(["config", "--add", key, value]);
    }
    dir.script("run-me.sh", "touch it-ran")
        .write("patterns.txt", "emca-[a-f]{8}\n\n")
        .write(".gitallowed", "# c\nemca-aaaa\n");
    let outcome = dir.keysieve(["import", "git-secrets"]).run().status(0);
    outcome
        .stdout_has("id = \"git-secrets-1\"")
        .stdout_has("id = \"git-secrets-2\"")
        .stdout_has("emca")
        .stderr_has("not carried over: the provider ./run-me.sh: keysieve runs no program")
        .stderr_has("2 of 2 rules carried over");
    assert!(!dir.names().contains(&"it-ran".to_owned()));
}

#[test]
fn a_value_that_is_allowed_is_no_reason_to_print_it() {
    let dir = Dir::new();
    let token = Maker::new(3).github_token();
    dir.write("g.toml", format!("[[allowlists]]\npaths = ['''a.*{token}.*b''']\n"));
    let outcome = dir.keysieve(["import", "gitleaks", "g.toml"]).run().status(0).stderr_has("not carried over");
    assert!(!outcome.stderr.contains(&token), "{}", outcome.stderr);
}
