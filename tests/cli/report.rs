//! `keysieve report`, and what the formats need of the command line: files, variables and flags.

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve};

/// A clock that stands still, so that two reports can be compared.
const EPOCH: (&str, &str) = ("SOURCE_DATE_EPOCH", "0");
const ASFF: [&str; 4] = ["--asff-account", "123456789012", "--asff-region", "eu-central-1"];

fn leak(dir: &Dir, seed: u64) {
    let mut maker = Maker::new(seed);
    dir.write(format!("{seed}.ini"), format!("t = {}\nj = {}\n", maker.github_token(), maker.jwt()));
}

#[test]
fn convert_writes_what_the_search_would_have_written() {
    let dir = Dir::new();
    leak(&dir, 801);
    dir.keysieve(["scan", "-f", "jsonl", "-o", "x.jsonl"]).run().status(1);
    for format in ["jsonl", "gitlab", "github", "markdown", "junit", "csv", "asff", "gitleaks-json", "html", "sarif"] {
        let direct = dir.keysieve(["scan", "801.ini", "-f", format]).env(EPOCH.0, EPOCH.1);
        let direct = ASFF.iter().fold(direct, Keysieve::arg).run().status(1);
        let again = dir.keysieve(["report", "convert", "x.jsonl", "-f", format]).env(EPOCH.0, EPOCH.1);
        ASFF.iter().fold(again, Keysieve::arg).run().status(0).stdout_is(direct.stdout);
    }
}

#[test]
fn merge_puts_reports_together_and_judge_says_what_they_say() {
    let dir = Dir::new();
    leak(&dir, 802);
    leak(&dir, 803);
    dir.keysieve(["scan", "802.ini", "-f", "jsonl=a.jsonl"]).run().status(1);
    dir.keysieve(["scan", "802.ini", "803.ini", "-f", "jsonl=b.jsonl"]).run().status(1);
    let merged = dir.keysieve(["report", "merge", "a.jsonl", "b.jsonl", "-f", "csv"]).run().status(0);
    assert_eq!(merged.stdout.matches("\"finding\"").count(), 4, "{}", merged.stdout);
    dir.keysieve(["report", "merge", "a.jsonl", "b.jsonl", "--judge"]).run().status(1);
    dir.keysieve(["report", "merge", "-", "b.jsonl"]).stdin(dir.read("a.jsonl")).run().status(0);
    dir.keysieve(["report", "merge", "-", "-"]).run().status(2).stderr_has("once only");
}

#[test]
fn a_report_that_is_incomplete_stays_so() {
    let dir = Dir::new();
    dir.write("big.txt", "nothing to be found here\n");
    dir.keysieve(["scan", "--max-size", "3", "-f", "jsonl=x.jsonl"]).run().status(3);
    dir.keysieve(["report", "convert", "x.jsonl", "--judge"]).run().status(3).stdout_has("big.txt: not read");
    for format in ["gitlab", "github", "markdown", "junit", "csv", "html", "sarif"] {
        dir.keysieve(["report", "convert", "x.jsonl", "-f", format]).run().status(0).stdout_has("big.txt");
    }
}

#[test]
fn what_is_no_report_is_an_error_that_names_the_line() {
    let dir = Dir::new();
    leak(&dir, 804);
    dir.keysieve(["scan", "-f", "jsonl", "-o", "x.jsonl"]).run().status(1);
    let whole = dir.read("x.jsonl");
    let first = whole.lines().next().expect("a line at least").to_owned();
    dir.write("cut.jsonl", &first).write("bad.jsonl", format!("{first}\n{{\n")).write("bytes.jsonl", b"\xff\xfe\n");
    dir.keysieve(["report", "convert", "cut.jsonl"]).run().status(2).stderr_has("cut off");
    dir.keysieve(["report", "convert", "bad.jsonl"]).run().status(2).stderr_has("line 2: ");
    dir.keysieve(["report", "convert", "bytes.jsonl"]).run().status(2).stderr_has("line 1: ");
    dir.keysieve(["report", "convert", "none.jsonl"]).run().status(2).stderr_has("none.jsonl");
}

#[test]
fn a_report_that_shows_secrets_is_not_passed_on_by_accident() {
    let dir = Dir::new();
    let token = Maker::new(805).github_token();
    dir.write("a", format!("{token}\n"));
    dir.keysieve(["scan", "a", "--show-secrets", "-f", "jsonl=x.jsonl"]).run().status(1);
    dir.keysieve(["report", "convert", "x.jsonl"]).run().status(2).stderr_has("in clear").never_prints(&token);
    dir.keysieve(["report", "convert", "x.jsonl", "--show-secrets"]).run().status(0).stdout_has(&token);
}

#[test]
fn own_rules_are_described_in_the_report_itself() {
    let dir = Dir::new();
    let rule = "[[rule]]\nid = \"acme-key\"\ndescription = \"Acme key\"\nseverity = \"high\"\nconfidence = \"medium\"\n\
                anchors = [\"acme_\"]\nregex = '(?<secret>acme_[a-z0-9]{20})'\nremediation = \"Ask Acme.\"\n\
                examples = [\"acme<+>_0a1b2c3d4e5f6g7h8i9j\"]\ncounterexamples = [\"acme_short\"]\n";
    dir.write("own.toml", rule).write("a", concat!("acme", "_9z8y7x6w5v4u3t2s1r0q\n"));
    dir.keysieve(["scan", "a", "--rules", "own.toml", "-f", "jsonl=x.jsonl"]).run().status(1);
    let page = dir.keysieve(["report", "convert", "x.jsonl", "-f", "junit"]).run().status(0);
    page.stdout_has("Acme key").stdout_has("Ask Acme.");
}

#[test]
fn annotations_come_with_a_job_summary() {
    let dir = Dir::new();
    leak(&dir, 806);
    dir.write("summary.md", "before\n");
    let summary = dir.join("summary.md").display().to_string();
    let scan = dir.keysieve(["scan", "806.ini", "-f", "github"]).env("GITHUB_STEP_SUMMARY", &summary);
    scan.run().status(1).stdout_has("::error title=keysieve::2 findings").stdout_has("::error file=806.ini,line=1,");
    let added = dir.read("summary.md");
    assert!(added.starts_with("before\n## keysieve: 2 findings in 1 file"), "{added}");
}

#[test]
fn asff_is_a_file_for_each_batch_and_asks_for_its_account() {
    let dir = Dir::new();
    leak(&dir, 807);
    dir.keysieve(["scan", "807.ini", "-f", "asff"]).run().status(2).stderr_has("--asff-account");
    dir.keysieve(["scan", "807.ini", "-f", "asff", "--asff-account=1"]).run().status(2);
    let scan = dir.keysieve(["scan", "807.ini", "-f", "asff=out.json", "--asff-partition=aws"]);
    ASFF.iter().fold(scan, Keysieve::arg).env("AWS_REGION", "us-east-1").run().status(1);
    assert_eq!(dir.names(), ["807.ini", "out-0001.json"]);
    assert!(
        dir.read("out-0001.json")
            .contains("arn:aws:securityhub:eu-central-1:123456789012:product/123456789012/default")
    );
}

#[test]
fn sarif_for_github_and_for_azure() {
    let dir = Dir::new();
    dir.write("a", "");
    let token = Maker::new(808).github_token();
    let scan = dir.keysieve(["scan", "-", "-f", "sarif", "--sarif-github"]).stdin(format!("{token}\n"));
    scan.run().status(1).stdout_has("Left out: 1 of the findings").stdout_has("\"results\":[]");
    dir.keysieve(["scan", "a", "-f", "sarif", "--sarif-azure"]).run().status(2).stderr_has("SYSTEM_COLLECTIONURI");
    let names =
        ["SYSTEM_TEAMPROJECT", "SYSTEM_DEFINITIONID", "BUILD_DEFINITIONNAME", "SYSTEM_PHASEID", "SYSTEM_PHASENAME"];
    let names = names.iter().chain(&["BUILD_SOURCEBRANCH", "BUILD_BUILDID"]);
    let scan = dir.keysieve(["scan", "a", "-f", "sarif", "--sarif-azure"]);
    let scan = scan.env("SYSTEM_COLLECTIONURI", "https://dev.azure.com/org/");
    let scan = names.fold(scan, |scan, name| scan.env(name, "7"));
    scan.run().status(0).stdout_has("azuredevops/pipeline/build/org/7/7/7/7/7");
}
