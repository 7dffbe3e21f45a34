//! Findings from end to end: what is found is reported at its place, masked everywhere, and can be suppressed.

use crate::support::Dir;
use crate::support::secrets::{Maker, masked};

#[test]
fn a_finding_is_a_clickable_line() {
    let token = Maker::new(31).github_token();
    let dir = Dir::new();
    dir.write("src/deploy.sh", format!("#!/bin/sh\nexport TOKEN={token}\n"));
    let outcome = dir.keysieve(["scan"]).run().status(1);
    let line = outcome.stdout.lines().next().unwrap_or_default();
    assert!(line.starts_with("src/deploy.sh:2:14: github-"), "{line}");
    assert!(line.contains("certain: checksum"), "{line}");
    assert!(line.ends_with(&masked(&token)), "{line}");
}

#[test]
fn a_key_and_its_secret_are_one_certain_finding() {
    let mut maker = Maker::new(32);
    let (id, secret) = (maker.aws_key_id(), maker.aws_secret_key());
    let dir = Dir::new();
    dir.write(".aws/credentials", format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"));
    let outcome = dir.keysieve(["scan"]).run().status(1).never_prints(&secret);
    outcome.stdout_has(".aws/credentials:3:25: aws-secret-access-key (critical, certain: paired)");
}

#[test]
fn a_wrong_checksum_is_no_finding() {
    let dir = Dir::new();
    dir.write("docs.txt", Maker::new(33).github_token_that_is_none());
    dir.keysieve(["scan"]).run().status(0).stdout_is("");
}

#[test]
fn no_format_prints_a_secret_unless_asked_to() {
    let mut maker = Maker::new(34);
    let secrets = [maker.github_token(), maker.jwt(), maker.aws_secret_key()];
    let id = maker.aws_key_id();
    let dir = Dir::new();
    // One line with everything, so that each snippet has neighbours to mask; and a file name that is a secret.
    dir.write("all.env", format!("A={} B={} id={id} aws_secret_access_key={}\n", secrets[0], secrets[1], secrets[2]));
    dir.write(&secrets[0], "a file named like a token\n");
    for format in ["text", "jsonl", "sarif"] {
        let outcome = dir.keysieve(["scan", "-v", "--stats", "--format", format]).run().status(1);
        for secret in &secrets {
            assert!(!outcome.stdout.contains(secret.as_str()), "{format}: {}", outcome.stdout);
            assert!(!outcome.stderr.contains(secret.as_str()), "{format}: {}", outcome.stderr);
        }
        dir.keysieve(["scan", "--show-secrets", "-f", format]).run().status(1).stdout_has(&secrets[0]);
    }
}

#[test]
fn a_private_key_is_found_and_no_line_of_it_is_printed() {
    let pem = Maker::new(35).pem();
    let dir = Dir::new();
    dir.write("deploy.pem", &pem);
    let outcome = dir.keysieve(["scan", "-f", "jsonl"]).run().status(1).stdout_has("deploy.pem");
    for line in pem.lines().filter(|line| !line.starts_with("-----")) {
        assert!(!outcome.stdout.contains(line), "{line} was printed");
    }
}

#[test]
fn a_secret_in_base64_is_found_as_deep_as_asked() {
    let key = Maker::new(36).aws_key_id();
    let once = data_encoding::BASE64.encode(format!("{{\"key\": \"{key}\"}}").as_bytes());
    let dir = Dir::new();
    dir.write("config.yml", format!("data: {once}\n"));
    dir.keysieve(["scan"]).run().status(1).stdout_has("config.yml:1:19:");
    dir.keysieve(["scan", "--decode=0"]).run().status(0).stdout_is("");
    dir.keysieve(["scan"]).env("KEYSIEVE_DECODE", "0").run().status(0);
}

#[test]
fn a_comment_suppresses_a_finding_and_is_counted() {
    let token = Maker::new(37).github_token();
    let dir = Dir::new();
    dir.write("fixture.sh", format!("TOKEN={token}  # keysieve:allow a token of the test suite\n"));
    dir.keysieve(["scan"]).run().status(0).stdout_is("").stderr_has("1 suppressed");
}

#[test]
fn two_runs_print_the_same_bytes() {
    let mut maker = Maker::new(38);
    let dir = Dir::new();
    for i in 0..20 {
        dir.write(format!("{i}.txt"), format!("{} {}\n", maker.github_token(), maker.jwt()));
    }
    for format in ["text", "jsonl", "sarif"] {
        let run = || dir.keysieve(["scan", "-f", format]).run().status(1).stdout;
        assert_eq!(run(), run(), "{format}");
    }
}

#[test]
fn a_broken_pipe_does_not_hide_findings() {
    let mut maker = Maker::new(39);
    let dir = Dir::new();
    let lines: String = (0..5000).map(|_| format!("{}\n", maker.github_token())).collect();
    dir.write("many.txt", lines);
    let mut child = dir.keysieve(["scan"]).start();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(!stderr.contains("error"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_hostile_file_name_cannot_drive_the_terminal() {
    let dir = Dir::new();
    dir.write("a\u{1b}[2J\nb.txt", Maker::new(40).github_token());
    dir.keysieve(["scan"]).run().status(1).never_prints("\u{1b}").stdout_has("\\x1b[2J");
}

/// An allowed look-alike took the key id's partner away, and the real pair with it.
#[test]
fn what_is_allowed_takes_no_part_in_a_pair() {
    let mut maker = Maker::new(75);
    let (id, digest, key) = (maker.aws_key_id(), maker.aws_secret_key(), maker.aws_secret_key());
    let dir = Dir::new();
    let allow = "# keysieve:allow aws-secret-access-key a digest";
    dir.write("f", format!("id={id} sha={digest} {allow}\nsecret: {key}\n"));
    let outcome = dir.keysieve(["scan", "--show-secrets"]).run().status(1);
    outcome.stdout_has("aws-secret-access-key (critical, certain: paired)").stdout_has(&key).never_prints(&digest);
}

/// The key id of a pair was reported a second time, as a generic secret.
#[test]
fn a_part_of_a_pair_is_not_reported_again() {
    let mut maker = Maker::new(76);
    let (id, key) = (maker.aws_key_id(), maker.aws_secret_key());
    let dir = Dir::new();
    dir.write("main.tfvars", format!("access_key = \"{id}\"\nsecret_key = \"{key}\"\n"));
    let outcome = dir.keysieve(["scan"]).run().status(1);
    assert_eq!(outcome.stdout.lines().count(), 1, "{}", outcome.stdout);
}

/// The `m` that ends a terminal's colour was taken for a letter of the token.
#[test]
fn a_token_in_colour_is_found() {
    let token = Maker::new(77).github_token();
    let dir = Dir::new();
    dir.write("ci.log", format!("token: \u{1b}[33m{token}\u{1b}[0m\n"));
    dir.keysieve(["scan"]).run().status(1).stdout_has("ci.log:1:13: github-pat");
}

/// .NET writes `+` as `\u002B`, PHP writes `/` as `\/`.
#[test]
fn a_key_in_escaped_json_is_found() {
    let mut maker = Maker::new(78);
    let (id, key) = (maker.aws_key_id(), maker.aws_secret_key());
    let dir = Dir::new();
    let escaped = key.replace('+', "\\u002B").replace('/', "\\/");
    dir.write("a.json", format!("{{\"SecretAccessKey\":\"{escaped}\"}}"));
    dir.write("b.json", format!("[\"{id}\",\"{escaped}\"]"));
    let outcome = dir.keysieve(["scan", "--show-secrets"]).run().status(1).stdout_has(&key);
    outcome.stdout_has("paired");
}

/// UTF-16 that PowerShell appended to an ASCII file made the whole file count as UTF-16.
#[test]
fn lines_before_appended_utf16_are_counted() {
    let token = Maker::new(79).github_token();
    let mut text = "an ASCII line\n".repeat(100).into_bytes();
    text.extend(format!("x{token}x").replace('x', " ").bytes().flat_map(|byte| [byte, 0]));
    let dir = Dir::new();
    dir.write("log.txt", text);
    dir.keysieve(["scan"]).run().status(1).stdout_has("log.txt:101:");
}

/// Any identifier of forty letters beside a key id was its secret, with certainty.
#[test]
fn the_name_of_a_function_is_no_secret_key() {
    let id = Maker::new(80).aws_key_id();
    let dir = Dir::new();
    dir.write("T.java", format!("// {id}\nassertThat(thisIsACamelCaseFunctionName4TestingAWS1)\n"));
    dir.keysieve(["scan"]).run().status(1).stdout_has("T.java:1:4: aws-access-key-id");
}
