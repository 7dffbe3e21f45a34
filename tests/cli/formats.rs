//! The formats as files that other programs read: each parses, and they agree with each other.

use serde_json::Value;

use crate::support::Dir;
use crate::support::secrets::Maker;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

#[test]
fn one_run_reports_the_same_findings_in_every_format() {
    let mut maker = Maker::new(51);
    let dir = Dir::new();
    dir.write("a.txt", format!("{}\n", maker.github_token())).write("b.txt", format!("{}\n", maker.jwt()));
    let outcome = dir.keysieve(["scan", "-f", "text", "-f", "sarif=x.sarif", "-f", "jsonl=x.jsonl"]).run().status(1);
    let sarif = json(&dir.read("x.sarif"));
    let results = sarif["runs"][0]["results"].as_array().expect("results are a list");
    let findings = dir.read("x.jsonl").lines().map(json).filter(|line| line["type"] == "finding").count();
    let lines = outcome.stdout.lines().filter(|line| line.starts_with("a.txt:1:1:") || line.starts_with("b.txt:1:1:"));
    assert_eq!((results.len(), findings, lines.count()), (2, 2, 2), "{}", outcome.stdout);
}

#[test]
fn sarif_of_a_clean_tree_is_whole() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    dir.keysieve(["scan", "-f", "sarif", "-o", "x.sarif"]).run().status(0).stdout_is("");
    let sarif = json(&dir.read("x.sarif"));
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["name"], "keysieve");
    assert_eq!(sarif["runs"][0]["results"], Value::Array(Vec::new()));
}

#[test]
fn jsonl_ends_with_the_summary() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    let outcome = dir.keysieve(["scan", "-f", "jsonl"]).run().status(0);
    let last = json(outcome.stdout.lines().last().expect("a line at least"));
    assert_eq!(last["type"], "summary");
}
