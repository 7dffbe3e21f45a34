//! `keysieve explain PATH:LINE`: one line for each step that can drop a match.

use crate::support::Dir;
use crate::support::secrets::{Maker, masked};

/// A rule with something for each step to find fault with.
const RULES: &str = r#"
[[rule]]
id = "acme-token"
description = "Acme API token"
severity = "high"
confidence = "medium"
anchors = ["acme_"]
regex = '(?<secret>acme_[0-9a-f]{16})'
validators = ["entropy>=3.0"]
context = { words = ["account"], within = 40 }
kinds = ["data", "prose"]
allow = { values = ["acme_<+>0123456789abcdef"] }
examples = ["account acme_<+>0123456789abcde0"]
"#;

fn explained(file: &str, text: &str, line: usize) -> String {
    let dir = Dir::new();
    dir.write("acme.toml", RULES).write(file, text);
    let place = format!("{file}:{line}");
    let args = ["explain", &place, "--rules", "acme.toml", "--rule", "acme-token"];
    dir.keysieve(args).run().status(0).stdout
}

#[test]
fn no_anchor() {
    let dir = Dir::new();
    dir.write("a.txt", "nothing\nat all\n");
    let outcome = dir.keysieve(["explain", "a.txt:2"]).run().status(0).stdout_is("");
    outcome.stderr_has("has an anchor in this line");
}

#[test]
fn the_regex() {
    assert_eq!(
        explained("a.txt", "account acme_0123\n", 1),
        "a.txt:1:9: acme-token: dropped by its regex: the anchor is there, and nothing of its form around it\n"
    );
}

#[test]
fn the_edges() {
    let text = format!("account acme_{}zz\n", Maker::new(1).hex(16));
    assert_eq!(
        masked_out(&explained("a.txt", &text, 1)),
        "a.txt:1:9: acme-token: dropped by its edges: it may not stand just after a letter or digit or just before a \
         letter or digit: ***\n"
    );
}

#[test]
fn the_allow_list() {
    let told = explained("a.txt", "account acme_0123456789abcdef\n", 1);
    assert!(told.contains("dropped by its allow list: the value is documented as an example"), "{told}");
}

#[test]
fn a_validator_and_its_measure() {
    let told = explained("a.txt", "account acme_aaaaaaaaaaaaaaaa\n", 1);
    assert!(told.contains("dropped by its validator entropy>=3: it has 1.08 bits a character"), "{told}");
}

#[test]
fn a_validator_by_its_words() {
    let token = Maker::new(2).github_token_that_is_none();
    let dir = Dir::new();
    dir.write("a.txt", format!("\ntoken {token}\n"));
    let told = dir.keysieve(["explain", "a.txt:2", "--rule", "github"]).run().status(0).stdout;
    assert!(told.contains("dropped by its validator: it is to be GitHub's checksum"), "{told}");
    assert!(!told.contains(&token), "{told}");
}

#[test]
fn the_context() {
    let told = explained("a.txt", &format!("acme_{}\n", Maker::new(3).hex(16)), 1);
    assert!(told.contains("dropped by its context: none of these words stands within 40 bytes: account"), "{told}");
}

#[test]
fn the_kind_of_file() {
    let told = explained("a.rs", &format!("// account acme_{}\n", Maker::new(4).hex(16)), 1);
    assert!(told.contains("dropped by the kind of file: it holds in these only: data, prose"), "{told}");
}

#[test]
fn a_comment() {
    let text = format!("account acme_{} # keysieve:allow revoked\n", Maker::new(5).hex(16));
    let told = explained("a.txt", &text, 1);
    assert!(told.contains("acme-token: allowed by a comment, \"revoked\" (high, probable: prefix): "), "{told}");
}

#[test]
fn an_overlap() {
    let dir = Dir::new();
    let token = Maker::new(6).github_token();
    dir.write("settings.env", format!("PASSWORD={token}\n"));
    let told = dir.keysieve(["explain", "settings.env:1"]).run().status(0).stdout;
    let lost = |line: &&str| line.contains("dropped by an overlap: what github-") && line.contains(" finds here ");
    assert!(told.lines().any(|line| lost(&line)), "{told}");
    assert!(!told.contains(&token), "{told}");
}

#[test]
fn a_part_that_stands_alone_and_one_that_does_not() {
    let mut maker = Maker::new(7);
    let (id, secret) = (maker.aws_key_id(), maker.aws_secret_key());
    let dir = Dir::new();
    dir.write("a.txt", format!("{id}\n{secret}\n"));
    let told = dir.keysieve(["explain", "a.txt:1"]).run().status(0).stdout;
    assert!(told.contains("aws-access-key-id: a part of what is reported as aws-secret-access-key: "), "{told}");
    let told = dir.keysieve(["explain", "a.txt:2"]).run().status(0).stdout;
    assert!(told.contains("aws-secret-access-key: reported (critical, certain: paired): "), "{told}");
    assert!(told.contains(&masked(&secret)) && !told.contains(&secret), "{told}");
}

#[test]
fn what_is_reported_and_nothing_of_other_lines() {
    let mut maker = Maker::new(8);
    let (one, other) = (format!("acme_{}", maker.hex(16)), format!("acme_{}", maker.hex(16)));
    let told = explained("a.txt", &format!("account {one}\naccount {other}\n"), 2);
    assert_eq!(masked_out(&told), "a.txt:2:9: acme-token: reported (high, probable: prefix): ***\n");
    assert!(!told.contains(&other), "{told}");
}

#[test]
fn inside_an_encoding() {
    let dir = Dir::new();
    let mut maker = Maker::new(9);
    let text = data_encoding::BASE64.encode(format!("aws id {} and more\n", maker.aws_key_id()).as_bytes());
    dir.write("a.txt", format!("{text}\n"));
    let told = dir.keysieve(["explain", "a.txt:1"]).run().status(0).stdout;
    assert!(told.contains("aws-access-key-id: reported (") && told.trim_end().ends_with(", in base64"), "{told}");
}

#[test]
fn a_file_as_a_whole() {
    let dir = Dir::new();
    dir.write("id_rsa.p12", [0x30, 0x82, 0x04, 0xa4, 0x02, 0x01, 0x03, 0x0a]);
    let told = dir.keysieve(["explain", "id_rsa.p12:1"]).run().status(0).stdout;
    assert!(told.contains(": the file as a whole\n"), "{told}");
}

#[test]
fn a_place_that_is_none() {
    let dir = Dir::new();
    dir.write("a.txt", "one\n");
    for (place, reason) in [
        ("a.txt", "is not [REV:]PATH:LINE"),
        ("a.txt:0", "is not [REV:]PATH:LINE"),
        ("a.txt:2", "a.txt has no line 2"),
        ("b.txt:1", "reading b.txt"),
    ] {
        dir.keysieve(["explain", place]).run().status(2).stdout_is("").stderr_has(reason);
    }
}

/// The text without the masked secret at its end.
fn masked_out(told: &str) -> String {
    let (words, _) = told.rsplit_once(": ").expect("a secret is told");
    format!("{words}: ***\n")
}

/// A repository with a token in `a.txt`, and what explains its line.
fn accepted(seed: u64) -> (Dir, String) {
    let dir = Dir::repository();
    let token = Maker::new(seed).github_token();
    dir.write("a.txt", format!("t = {token}\n"));
    (dir, masked(&token))
}

#[track_caller]
fn is_told(dir: &Dir, what: &str) {
    let outcome = dir.keysieve(["explain", "a.txt:1"]).run().status(0);
    assert!(outcome.stdout.contains(what), "{what}: {}", outcome.stdout);
}

#[test]
fn an_allow_file_and_a_baseline() {
    let (dir, _) = accepted(261);
    is_told(&dir, "github-pat: reported (critical, certain: checksum)");
    dir.keysieve(["baseline", "create"]).run().status(0);
    is_told(&dir, "github-pat: accepted by a baseline (critical, certain: checksum)");
    let baseline = dir.read(".keysieve-baseline");
    let entry = baseline.lines().find(|line| line.ends_with(" github-pat")).expect("the baseline has an entry");
    let fingerprint = entry.split(' ').next().expect("it begins with the fingerprint");
    dir.keysieve(["allow", "add", fingerprint, "--reason", "made up"]).run().status(0);
    is_told(&dir, "github-pat: accepted by an allow file, \"made up\" (critical, certain: checksum)");
    dir.keysieve(["allow", "add", fingerprint, "--reason", "made up", "--path", "/b.txt"]).run().status(0);
    dir.write(".keysieve-baseline", "");
    dir.write(".keysieve-allow", format!("{fingerprint} reason=gone until=2020-01-31\n"));
    is_told(&dir, "reported (critical, certain: checksum), no more accepted by the allow file: its entry has ended");
}

#[test]
fn what_the_configuration_allows() {
    let (dir, _) = accepted(262);
    dir.write(".keysieve.toml", "[[allow]]\npaths = [\"/a.txt\"]\nreason = \"a sample\"\n");
    is_told(&dir, "github-pat: accepted by its path, \"a sample\" (critical, certain: checksum)");
    dir.write(".keysieve.toml", "[[allow]]\npaths = [\"/b.txt\"]\nreason = \"a sample\"\n");
    is_told(&dir, "github-pat: reported (critical, certain: checksum)");
}

#[test]
fn the_line_of_a_revision() {
    let (dir, masked) = accepted(263);
    dir.commit_all("add");
    dir.write("a.txt", "nothing\n").write("sub/b.txt", "").commit_all("remove");
    let told = dir.keysieve(["explain", "main~1:a.txt:1"]).run().status(0);
    told.stdout_has("main~1:a.txt:1:5: github-pat: reported").stdout_has(&masked);
    dir.keysieve(["explain", "main:a.txt:1"]).run().status(0).stdout_is("");
    dir.keysieve(["explain", "main:gone.txt:1"]).run().status(2).stderr_has("main has no file gone.txt");
    dir.keysieve(["explain", "nowhere:a.txt:1"]).run().status(2).stderr_has("nowhere");
    dir.keysieve(["explain", "gone.txt:1"]).run().status(2).stderr_has("reading gone.txt");
}
