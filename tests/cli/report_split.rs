//! SARIF for GitHub of more than it takes at once: in runs of 5,000, and in further files.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::Dir;
use crate::support::secrets::Maker;

/// A report of so many findings, in files whose names have so many random digits.
fn report(dir: &Dir, seed: u64, findings: u64, digits: usize) {
    dir.write("a", Maker::new(seed).github_token());
    let one = dir.keysieve(["scan", "a", "-f", "jsonl"]).run().status(1).stdout;
    let (finding, summary) = one.trim_end().split_once('\n').expect("a finding and a summary");
    let (mut finding, mut summary): (Value, Value) =
        (serde_json::from_str(finding).expect("it is JSON"), serde_json::from_str(summary).expect("it is JSON"));
    let mut state = seed;
    let mut digit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b"0123456789abcdef"[usize::try_from(state >> 60).expect("it is below 16")])
    };
    summary["findings"] = json!(findings);
    let mut lines = String::new();
    for nth in 0..findings {
        finding["fingerprint"] = json!(format!("{nth:032x}"));
        finding["severity"] = json!(if nth % 1000 == 999 { "critical" } else { "low" });
        finding["occurrences"][0]["path"] = json!((0..digits).map(|_| digit()).collect::<String>());
        lines += &format!("{finding}\n");
    }
    dir.write("report.jsonl", format!("{lines}{summary}\n"));
}

/// Of each run of a log its category, and the fingerprints of its results.
fn runs(log: &str) -> Vec<(String, Vec<String>)> {
    let log: Value = serde_json::from_str(log).expect("a log is JSON");
    let text = |value: &Value| value.as_str().expect("it is a text").to_owned();
    let fingerprints = |run: &Value| {
        let results = run["results"].as_array().expect("there are results");
        results.iter().map(|result| text(&result["fingerprints"]["keysieve/v1"])).collect()
    };
    let runs = log["runs"].as_array().expect("there are runs");
    runs.iter().map(|run| (text(&run["automationDetails"]["id"]), fingerprints(run))).collect()
}

#[test]
fn thirty_thousand_findings_are_six_runs_of_one_file() {
    let dir = Dir::new();
    report(&dir, 820, 30_000, 8);
    let convert = dir.keysieve(["report", "convert", "report.jsonl", "-f", "sarif=a.sarif", "--sarif-github"]);
    convert.run().status(0).stderr_is("");
    assert_eq!(dir.names(), ["a", "a.sarif", "report.jsonl"]);
    let runs = runs(&dir.read("a.sarif"));
    let shape: Vec<_> = runs.iter().map(|(id, results)| (id.as_str(), results.len())).collect();
    let ids = ["tree", "tree-2", "tree-3", "tree-4", "tree-5", "tree-6"].map(|mode| format!("keysieve/{mode}/"));
    assert_eq!(shape, ids.iter().map(|id| (id.as_str(), 5000)).collect::<Vec<_>>());
    let all: BTreeSet<&String> = runs.iter().flat_map(|(_, results)| results).collect();
    assert_eq!(all.len(), 30_000);
    // The worst come first.
    assert!(
        runs[0].1[..30]
            .iter()
            .all(|fingerprint| { u64::from_str_radix(fingerprint, 16).expect("it is hexadecimal") % 1000 == 999 })
    );
}

#[test]
fn what_is_too_long_for_an_upload_goes_on_in_further_files() {
    let dir = Dir::new();
    report(&dir, 821, 330, 60_000);
    let convert = |to: &str| dir.keysieve(["report", "convert", "report.jsonl", "-f", to, "--sarif-github"]).run();
    let outcome = convert("sarif=a.sarif").status(0).stdout_is("");
    outcome.stderr_is(
        "keysieve: warning: the report is more than GitHub takes at once: it goes on in a.2.sarif; upload each by itself\n",
    );
    assert_eq!(dir.names(), ["a", "a.2.sarif", "a.sarif", "report.jsonl"]);
    let (first, second) = (runs(&dir.read("a.sarif")), runs(&dir.read("a.2.sarif")));
    let all: Vec<_> = first.iter().chain(&second).collect();
    let categories: BTreeSet<_> = all.iter().map(|(id, _)| id).collect();
    let fingerprints: BTreeSet<_> = all.iter().flat_map(|(_, results)| results).collect();
    assert_eq!((categories.len(), fingerprints.len()), (all.len(), 330));
    let printed = convert("sarif").status(0);
    assert_eq!(printed.stdout, [dir.read("a.sarif"), dir.read("a.2.sarif")].concat());
    printed.stderr_has("standard output has 2 logs, one a line, and each is to be uploaded by itself");

    // A later report that is shorter takes away what does not belong to it.
    dir.keysieve(["scan", "a", "-f", "sarif=a.sarif", "--sarif-github"]).run().status(1);
    assert_eq!(dir.names(), ["a", "a.sarif", "report.jsonl"]);
}
