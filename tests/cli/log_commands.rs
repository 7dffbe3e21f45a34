//! Names and contents that are commands of a CI system's log: no line of a report or of standard error is one.
#![cfg(unix)]

use crate::support::secrets::Maker;
use crate::support::{Dir, Outcome};

/// The names of files: a command at the beginning of a line, two that count anywhere, one behind blanks, one behind a line end.
const NAMES: [&str; 5] = [
    "::stop-commands::x",
    "##vso[task.setvariable variable=PATH]x",
    "a##[set-output name=x]y",
    "  ::error::x",
    "b\n::add-mask::x",
];

/// What GitHub and Azure Pipelines would obey; `own` are the commands that the format itself consists of.
fn commands(text: &str, own: &[&str]) -> Vec<String> {
    let obeys = |line: &&str| {
        let begins = line.trim_start();
        let is_own = own.iter().any(|own| begins.starts_with(own));
        begins.starts_with("::") && !is_own
            || ["##vso[", "##["].iter().any(|command| line.to_lowercase().contains(command) && !is_own)
    };
    text.lines().filter(obeys).map(str::to_owned).collect()
}

#[track_caller]
fn obeys_nothing(outcome: &Outcome, own: &[&str]) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let commands = commands(text, own);
        assert!(commands.is_empty(), "{commands:#?}");
    }
}

fn hostile(seed: u64) -> Dir {
    let mut maker = Maker::new(seed);
    let dir = Dir::repository();
    for name in NAMES {
        let line = format!("##vso[task.complete result=Succeeded] {}\n", maker.github_token());
        dir.write(name, line);
    }
    dir
}

#[test]
fn no_report_holds_a_command() {
    let dir = hostile(480);
    dir.git(["add", "--all"]);
    for format in
        ["text", "jsonl", "sarif", "gitlab", "github", "markdown", "junit", "csv", "asff", "gitleaks-json", "html"]
    {
        let own: &[&str] = if format == "github" { &["::error ", "::warning ", "::notice "] } else { &[] };
        for verb in ["scan", "staged"] {
            let outcome = dir.keysieve([verb, "-v", "-f", format]);
            let outcome = outcome.arg("--asff-account=123456789012").arg("--asff-region=eu-central-1").run().status(1);
            assert!(outcome.stdout.contains("stop-commands"), "{format}: {}", outcome.stdout);
            obeys_nothing(&outcome, own);
        }
    }
}

#[test]
fn no_report_of_a_history_holds_a_command() {
    let dir = hostile(481);
    dir.commit_all("##[error]subject");
    for verb in [&["history"][..], &["history", "main"], &["diff", "4b825dc642cb6eb9a060e54bf8d69288fbee4904"]] {
        obeys_nothing(&dir.keysieve(verb.iter().copied()).arg("-v").run(), &[]);
    }
}

#[test]
fn no_part_that_was_not_read_is_a_command() {
    let dir = hostile(482);
    let big = "x".repeat(2000);
    for name in NAMES {
        dir.write(name, &big);
    }
    for format in ["text", "junit", "markdown"] {
        obeys_nothing(&dir.keysieve(["scan", "--max-size=1000", "-f", format]).run().status(3), &[]);
        obeys_nothing(&dir.keysieve(["scan", "-q", "--max-size=1000", "-f", format]).run().status(3), &[]);
    }
}

#[test]
fn no_error_and_no_explanation_is_a_command() {
    let dir = hostile(483);
    for name in NAMES {
        obeys_nothing(&dir.keysieve(["explain"]).arg(format!("{name}:1")).run().status(0), &[]);
        obeys_nothing(&dir.keysieve(["explain"]).arg(format!("{name}:9")).run().status(2), &[]);
        obeys_nothing(&dir.keysieve(["scan"]).arg(format!("{name}-missing")).run().status(2), &[]);
        obeys_nothing(&dir.keysieve(["scan"]).arg(format!("--{name}")).run().status(2), &[]);
        obeys_nothing(&dir.keysieve(["hook", "run"]).arg(name).run().status(2), &[]);
        obeys_nothing(&dir.keysieve(["scan", "--config"]).arg(name).run(), &[]);
        obeys_nothing(&dir.keysieve(["report", "convert", "-f", "text"]).arg(name).run().status(2), &[]);
        obeys_nothing(&dir.keysieve(["rules", "test"]).arg(name).run(), &[]);
    }
}

#[test]
fn no_hook_prints_a_command() {
    let dir = hostile(484);
    dir.git(["add", "--all"]);
    obeys_nothing(&dir.keysieve(["hook", "run", "pre-commit"]).run().status(1), &[]);
    dir.write("message", format!("::stop-commands::x {}\n", Maker::new(485).github_token()));
    obeys_nothing(&dir.keysieve(["hook", "run", "commit-msg", "message"]).run().status(1), &[]);
}
