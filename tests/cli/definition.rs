//! Tests about the tests: what the program can do, as it says itself, has a case here.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::Dir;

#[test]
fn every_flag_has_a_case() {
    let sources = sources();
    let missing: Vec<_> = flags().into_iter().filter(|flag| !is_used(&sources, flag)).collect();
    assert!(missing.is_empty(), "flags without a case in tests/cli: {missing:?}");
}

#[test]
fn every_flag_is_in_the_manual_page_and_in_help() {
    let dir = Dir::new();
    let help: String = [
        &["scan"][..],
        &["staged"],
        &["diff"],
        &["history"],
        &["message"],
        &["rules", "list"],
        &["rules", "show"],
        &["rules", "test"],
        &["hook", "install"],
        &["baseline", "create"],
        &["allow", "add"],
        &["allow", "check"],
        &["config", "show"],
        &["report", "convert"],
        &["report", "merge"],
        &["man"],
    ]
    .iter()
    .map(|verb| dir.keysieve(verb.iter().copied()).arg("--help").run().stdout)
    .collect();
    let flags = flags();
    assert!(flags.len() > 20, "the page was not understood: {flags:?}");
    for flag in flags.iter().filter(|flag| *flag != "--version") {
        assert!(help.contains(flag.as_str()), "{flag} is not in --help");
    }
    for word in help.split_whitespace().filter(|word| word.starts_with("--")) {
        let flag: String = word.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        assert!(flags.contains(&flag), "{flag} is not in the manual page");
    }
}

/// Every long flag, as the manual page has it.
fn flags() -> BTreeSet<String> {
    let page = Dir::new().keysieve(["man"]).run().status(0).stdout.replace("\\-", "-").replace("\\fB", " ");
    page.split(|character: char| character.is_whitespace() || "[]\\,=".contains(character))
        .map(|word| word.trim_end_matches(['.', ';', ':', ')']))
        .filter(|word| word.len() > 3 && word.starts_with("--"))
        .map(str::to_owned)
        .collect()
}

/// Whether a test has the flag as an argument: in quotes, with or without a value.
fn is_used(sources: &str, flag: &str) -> bool {
    sources.contains(&format!("\"{flag}\"")) || sources.contains(&format!("\"{flag}="))
}

fn sources() -> String {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let files = directory.read_dir().expect("tests/cli is there").map(|entry| entry.expect("an entry").path());
    files.map(|file| std::fs::read_to_string(file).expect("a test is text")).collect()
}
