//! What standard error says: the summary, numbers, decisions, and when it is silent or coloured.

use crate::support::Dir;

#[test]
fn quiet_prints_nothing_but_errors() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    dir.keysieve(["scan", "--quiet", "clean.txt"]).run().status(0).stdout_is("").stderr_is("");
    dir.keysieve(["scan", "-q", "-f", "jsonl", "clean.txt"]).run().status(0).stdout_is("").stderr_is("");
    dir.keysieve(["scan", "-q", "--no-such-flag"]).run().status(2).stderr_has("--no-such-flag");
}

#[test]
fn quiet_still_writes_files() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    dir.keysieve(["scan", "-q", "-f", "jsonl=x.jsonl", "clean.txt"]).run().status(0).stdout_is("").stderr_is("");
    assert_eq!(dir.names(), ["clean.txt", "x.jsonl"]);
}

#[test]
fn stats_are_lines_of_numbers() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    let outcome = dir.keysieve(["scan", "--stats", "clean.txt"]).run().status(0);
    for what in ["rules", "files", "bytes", "findings reported", "findings that fail", "suppressed", "not read"] {
        assert!(outcome.stderr.contains(what), "no {what:?} in {}", outcome.stderr);
    }
}

#[test]
fn color_is_used_when_asked_for() {
    let dir = Dir::new();
    let red = "\x1b[1m\x1b[31merror:\x1b[0m";
    dir.keysieve(["scan", "missing", "--color=always"]).run().status(2).stderr_has(red);
    dir.keysieve(["scan", "missing"]).env("CLICOLOR_FORCE", "1").run().status(2).stderr_has(red);
    dir.keysieve(["scan", "missing"]).env("KEYSIEVE_COLOR", "always").run().status(2).stderr_has(red);
}

#[test]
fn color_is_not_used_off_a_terminal_or_against_no_color() {
    let dir = Dir::new();
    for (args, variable, value) in [
        (&["scan", "missing"][..], "TERM", "xterm"),
        (&["scan", "missing", "--color=never"], "CLICOLOR_FORCE", "1"),
        (&["--color", "auto", "scan", "missing"], "NO_COLOR", "1"),
    ] {
        dir.keysieve(args.iter().copied()).env(variable, value).run().status(2).never_prints("\x1b");
    }
}

#[test]
fn verbose_tells_of_decisions() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    dir.keysieve(["scan", "clean.txt"]).run().status(0).never_prints("debug:");
    for flag in ["-v", "--verbose"] {
        dir.keysieve(["scan", "clean.txt", flag]).run().status(0).stderr_has("keysieve: debug: ");
    }
}

#[test]
fn progress_stays_out_of_short_work_and_of_standard_output() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    for when in ["auto", "always", "never"] {
        dir.keysieve(["scan", "clean.txt", "--progress", when]).run().status(0).stdout_is("").never_prints("scanning:");
    }
}

#[cfg(unix)]
#[test]
fn an_error_cannot_drive_the_terminal() {
    let dir = Dir::new();
    dir.keysieve(["scan"])
        .arg("no\u{1b}[2Jfile\u{202e}")
        .run()
        .status(2)
        .never_prints("\u{1b}")
        .never_prints("\u{202e}");
}
