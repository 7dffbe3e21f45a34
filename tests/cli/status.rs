//! The exit status of whole runs. docs/EXIT-CODES.md is the prose; the table of all cases is a unit test.

use std::io::Write;
use std::process::{Child, ChildStdin, Command};

use crate::support::Dir;
use crate::support::secrets::Maker;

/// A directory with a finding of medium severity that is probable: a key id without its secret.
fn leaky() -> Dir {
    let dir = Dir::new();
    dir.write("key.txt", format!("key id: {}\n", Maker::new(21).aws_key_id()));
    dir
}

#[test]
fn clean_is_0_and_findings_are_1() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    dir.keysieve(["scan"]).run().status(0).stdout_is("").stderr_has("complete");
    leaky().keysieve(["scan"]).run().status(1).stdout_has("key.txt:1:9:").stderr_has("complete");
}

#[test]
fn archives_that_were_not_opened_are_told() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    dir.write("release.zip", "PK\x03\x04\x14\0\0\0\x08\0");
    dir.keysieve(["scan"]).run().status(0).stderr_has("| complete, 1 archive not opened");
    dir.keysieve(["scan", "-"]).stdin("\x1f\x08 is text").run().status(0).stderr_has("| complete\n");
    dir.git(["init", "-q"]);
    dir.git(["add", "."]);
    dir.keysieve(["staged", "--stats"]).run().status(0).stderr_has("1 contents of archives left out");
}

#[test]
fn findings_can_be_given_another_status_or_none() {
    leaky().keysieve(["scan", "--exit-code", "42"]).run().status(42);
    leaky().keysieve(["scan", "--exit-zero"]).run().status(0).stdout_has("key.txt:1:9:");
}

#[test]
fn fail_on_sets_the_level() {
    let table = [
        ("low", 1),
        ("medium", 1),
        ("high", 0),
        ("possible", 1),
        ("probable", 1),
        ("certain", 0),
        ("medium,probable", 1),
        ("medium,certain", 0),
        ("info,possible", 1),
        ("never", 0),
    ];
    for (level, status) in table {
        leaky().keysieve(["scan", "--fail-on", level]).run().status(status).stdout_has("key.txt:1:9:");
    }
    leaky().keysieve(["scan"]).env("KEYSIEVE_FAIL_ON", "never").run().status(0);
}

#[test]
fn what_is_not_reported_does_not_fail() {
    for (args, status) in [
        (&["--severity", "medium"][..], 1),
        (&["--severity", "high"], 0),
        (&["--min-confidence", "medium"], 1),
        (&["--min-confidence", "high"], 0),
        (&["--rule=aws"], 1),
        (&["--rule=github"], 0),
    ] {
        let outcome = leaky().keysieve(["scan"].into_iter().chain(args.iter().copied())).run().status(status);
        assert_eq!(outcome.stdout.is_empty(), status == 0, "{outcome:?}");
    }
    leaky().keysieve(["scan"]).env("KEYSIEVE_SEVERITY", "high").run().status(0);
    leaky().keysieve(["scan"]).env("KEYSIEVE_MIN_CONFIDENCE", "high").run().status(0);
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_read_is_3_unless_allowed() {
    // The one file whose first byte nobody may read, not even the superuser: address 0 is not mapped.
    let unreadable = "/proc/self/mem";
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    dir.keysieve(["scan", "clean.txt", unreadable]).run().status(3).stderr_has("INCOMPLETE");
    dir.keysieve(["scan", "clean.txt", unreadable, "--allow-incomplete"]).run().status(0).stderr_has("INCOMPLETE");
}

#[test]
fn an_incomplete_run_with_findings_is_1_and_says_both() {
    let dir = leaky();
    dir.write("large.txt", "x\n".repeat(4096));
    dir.keysieve(["scan", "--max-size=1K"]).run().status(1).stderr_has("INCOMPLETE");
    dir.keysieve(["scan", "--max-size=1K", "--exit-zero"]).run().status(3);
    dir.keysieve(["scan", "--max-size=1K", "--exit-zero", "--allow-incomplete"]).run().status(0);
}

/// Starts to scan standard input, gives it a key and much else, and leaves it open: the run cannot come to its end.
/// More is written than a pipe holds, so the key was read when this returns.
fn endless(args: &[&str]) -> (Child, ChildStdin) {
    let mut child = Dir::new().keysieve(["scan", "-"].into_iter().chain(args.iter().copied())).start();
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let text = format!("key id: {}\n{}", Maker::new(23).aws_key_id(), "nothing here\n".repeat(100_000));
    stdin.write_all(text.as_bytes()).expect("the program reads");
    (child, stdin)
}

fn end_of(child: Child) -> (Option<i32>, String, String) {
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_run_that_takes_too_long_ends_with_what_was_found() {
    let (child, _stdin) = endless(&["--timeout", "2.5"]);
    let (status, stdout, stderr) = end_of(child);
    assert_eq!(status, Some(1), "{stderr}");
    assert!(stdout.contains("<stdin>:1:9: aws-access-key-id"), "{stdout}");
    assert!(stderr.contains("--timeout") && stderr.contains("INCOMPLETE"), "{stderr}");
}

#[test]
fn a_run_that_takes_too_long_and_found_nothing_is_3() {
    let (child, _stdin) = endless(&["--timeout=2.5", "--rule=github"]);
    assert_eq!(end_of(child).0, Some(3));
    leaky().keysieve(["scan"]).env("KEYSIEVE_TIMEOUT", "600").run().status(1).stderr_has("complete");
}

#[cfg(unix)]
#[test]
fn ctrl_c_is_130_and_what_was_found_is_reported() {
    let (child, _stdin) = endless(&[]);
    #[expect(clippy::disallowed_methods, reason = "the one way to send a signal without unsafe code")]
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let (status, stdout, stderr) = end_of(child);
    assert_eq!(status, Some(130), "{stderr}");
    assert!(stdout.contains("<stdin>:1:9: aws-access-key-id"), "{stdout}");
    assert!(stderr.contains("interrupted") && stderr.contains("INCOMPLETE"), "{stderr}");
}

#[test]
fn threads_change_nothing_in_a_report() {
    let mut maker = Maker::new(22);
    let dir = Dir::new();
    for i in 0..40 {
        dir.write(format!("{}/{i}.txt", i % 7), format!("{}\n{}\n", maker.github_token(), maker.aws_key_id()));
    }
    let one = dir.keysieve(["scan", "-f", "jsonl", "-j", "1"]).run().status(1).stdout;
    assert_eq!(one, dir.keysieve(["scan", "-f", "jsonl", "--threads", "4"]).run().status(1).stdout);
    assert_eq!(one, dir.keysieve(["scan", "-f", "jsonl"]).env("KEYSIEVE_THREADS", "2").run().status(1).stdout);
}
