//! The promise that no output holds a secret: not raw, not in an encoding that a format or a reader would undo, not of a
//! neighbour, not of a finding that is suppressed or below the level that is reported.

use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER, HEXUPPER};

use crate::support::Dir;
use crate::support::secrets::Maker;

/// Texts that give a secret away: itself, the insides of its three base64 images, its hexadecimal forms, and the form in
/// which percent or JSON escapes leave it.
pub(super) fn images(secret: &str) -> Vec<String> {
    let inside = |skipped: usize| {
        let encoded = BASE64_NOPAD.encode(format!("{}{secret}", "\0".repeat(skipped)).as_bytes());
        encoded[4..encoded.len() - 4].to_owned()
    };
    let percent = secret.replace('/', "%2F").replace('+', "%2B");
    let json = secret.replace('/', "\\/");
    let hex = [HEXLOWER.encode(secret.as_bytes()), HEXUPPER.encode(secret.as_bytes())];
    let wide: String = secret.chars().flat_map(|char| [char, '\0']).collect();
    let plain = [secret.to_owned(), percent, json, wide].into_iter();
    plain.chain((0..3).map(inside)).chain(hex).collect()
}

pub(super) const FORMATS: [&str; 11] =
    ["text", "jsonl", "sarif", "gitlab", "github", "markdown", "junit", "csv", "asff", "gitleaks-json", "html"];

/// A directory with everything that could leak, and what must not.
pub(super) fn leaky(maker: &mut Maker) -> (Dir, Vec<String>) {
    let dir = Dir::new();
    let [in_name, suppressed, shown, wrapped, wide]: [String; 5] = std::array::from_fn(|_| maker.github_token());
    let (id, key, other_key) = (maker.aws_key_id(), maker.aws_secret_key(), maker.aws_secret_key());
    let password = concat!("Tr0ub4d", "or&3x!Q").to_owned();
    dir.write(&in_name, "a file named like a token\n");
    dir.write("two.txt", format!("first {suppressed} second {shown} on one line\n"));
    dir.write("beside.txt", format!("A={suppressed} # keysieve:allow known as {shown}\nB={shown}\n"));
    dir.write("pair.ini", format!("aws_access_key_id = {id}\naws_secret_access_key = {key}\n"));
    dir.write("call.py", format!("connect('{id}', '{other_key}') # {shown}\n"));
    dir.write("low.ini", format!("db_password = \"{password}\" # not {shown}\n"));
    dir.write("wrapped.yml", format!("data: {} {shown}\n", BASE64.encode(format!("aws: {id} {wrapped}").as_bytes())));
    let text = format!("token = {wide}\r\n");
    dir.write("wide.txt", text.bytes().flat_map(|byte| [byte, 0]).collect::<Vec<u8>>());
    (dir, vec![in_name, suppressed, shown, wrapped, wide, id, key, other_key, password])
}

#[test]
fn no_output_holds_a_secret_raw_or_encoded() {
    let (dir, secrets) = leaky(&mut Maker::new(71));
    for format in FORMATS {
        for levels in [["--severity", "info"], ["--severity", "critical"]] {
            let outcome = dir.keysieve(["scan", "-v", "--stats", "-f", format]).arg(levels[0]).arg(levels[1]);
            let outcome = outcome.arg("--asff-account=123456789012").arg("--asff-region=eu-central-1").run();
            let outcome = outcome.status(1);
            for secret in &secrets {
                for image in images(secret) {
                    assert!(!outcome.stdout.contains(&image), "{format} {levels:?}: {image}\n{}", outcome.stdout);
                    assert!(!outcome.stderr.contains(&image), "{format} {levels:?}: {image}\n{}", outcome.stderr);
                }
            }
        }
    }
}

#[test]
fn every_secret_is_shown_if_asked_for() {
    let (dir, secrets) = leaky(&mut Maker::new(72));
    let mut outcome = dir.keysieve(["scan", "--show-secrets"]).run().status(1);
    // The key id is part of the findings of its keys, which are what is shown.
    for secret in secrets.iter().filter(|secret| **secret != secrets[5]) {
        outcome = outcome.stdout_has(secret);
    }
}

#[test]
fn every_place_of_the_directory_is_found() {
    let (dir, _) = leaky(&mut Maker::new(73));
    let outcome = dir.keysieve(["scan", "-f", "jsonl"]).run().status(1);
    for file in ["two.txt", "beside.txt", "pair.ini", "call.py", "low.ini", "wrapped.yml", "wide.txt"] {
        assert!(outcome.stdout.contains(file), "{file} is in none of\n{}", outcome.stdout);
    }
}

#[test]
fn narrowed_rules_show_nothing_of_what_the_others_find() {
    let mut maker = Maker::new(74);
    let (id, key, token) = (maker.aws_key_id(), maker.aws_secret_key(), maker.github_token());
    let dir = Dir::new();
    dir.write("pair.json", format!("{{\"id\": \"{id}\", \"s\": \"{key}\", \"t\": \"{token}\"}}\n"));
    for format in ["text", "jsonl", "sarif"] {
        for narrowed in ["--rule=aws-access-key-id", "--skip-rule=github", "--skip-rule=aws-secret-access-key"] {
            let outcome = dir.keysieve(["scan", narrowed, "-f", format]).run().status(1);
            outcome.never_prints(&id).never_prints(&key).never_prints(&token);
        }
    }
}

#[test]
fn names_and_messages_of_a_history_tell_nothing_in_any_format() {
    let mut maker = Maker::new(75);
    let secrets: [String; 5] = std::array::from_fn(|_| maker.github_token());
    let [subject, tag, branch, file, in_tag] = &secrets;
    let dir = Dir::repository();
    dir.write(file, "a file named like a token\n").write("a.txt", format!("{subject}\n"));
    dir.commit_all(&format!("use {subject} for {branch}"));
    dir.git(["tag", "-a", tag, "-m", &format!("with {in_tag}")]);
    dir.git(["branch", branch]);
    for format in FORMATS {
        let outcome = dir.keysieve(["history", "-v", "--stats", "-f", format]);
        let outcome = outcome.arg("--asff-account=123456789012").arg("--asff-region=eu-central-1").run().status(1);
        for image in secrets.iter().flat_map(|secret| images(secret)) {
            assert!(!outcome.stdout.contains(&image), "{format}: {image}\n{}", outcome.stdout);
            assert!(!outcome.stderr.contains(&image), "{format}: {image}\n{}", outcome.stderr);
        }
    }
}
