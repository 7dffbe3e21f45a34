//! Arguments that are no mode, that are wrong, or that are shortened.

use super::session::Session;

/// The start of the usage text, which scripts look for.
const USAGE: &str = "usage: git secrets --scan [-r|--recursive] [--cached] [--no-index] [--untracked] [<files>...]\n";

#[test]
fn nothing_to_do_is_answered_with_the_usage() {
    let session = Session::new();
    session.secrets([]).status(0).stdout_has(USAGE).stderr_is("");
    session.direct("", "", b"").status(0).stdout_has(USAGE);
    session.direct("", "scan", b"").status(0).stdout_has(USAGE);
}

#[test]
fn help_has_the_status_that_git_gives_it() {
    let session = Session::new();
    for arguments in ["-h", "--help", "--scan -h", "--scan -rh"] {
        session.direct("", arguments, b"").status(129).stdout_has(USAGE).stderr_is("");
    }
}

#[test]
fn the_usage_lists_every_option_but_those_of_hooks() {
    let usage = Session::new().secrets(["-h"]).stdout;
    for option in ["--[no-]scan ", "-r, --[no-]recursive  ", "--no-index  ", "opposite of --no-index", "--[no-]global "]
    {
        assert!(usage.contains(option), "{option} is not in\n{usage}");
    }
    assert!(!usage.contains("_hook"), "{usage}");
}

#[test]
fn what_is_wrong_is_said_on_standard_error_with_the_usage() {
    let session = Session::new();
    for (arguments, why) in [
        ("--foo", "error: unknown option `foo'\n"),
        ("--foo=bar", "error: unknown option `foo=bar'\n"),
        ("-x", "error: unknown switch `x'\n"),
        ("--sc", "error: ambiguous option: sc (could be --scan or --scan-history)\n"),
        ("--scan=3", "error: option `scan' takes no value\n"),
        ("--add -----BEGIN", "error: unknown option `---BEGIN'\n"),
    ] {
        session.direct("", arguments, b"").status(129).stdout_is("").stderr_has(why).stderr_has(USAGE);
    }
}

#[test]
fn options_are_shortened_bundled_negated_and_moved() {
    let session = Session::new();
    session.write("d/f", "forbidden\n").write("clean", "fine\n");
    session.direct("", "--sca d", b"").status(129);
    session.direct("", "--scan --rec d", b"").status(1).stderr_has("d/f:1:forbidden\n");
    session.direct("", "d --scan -r", b"").status(1).stderr_has("d/f:1:forbidden\n");
    session.direct("", "--scan --no-recursive d", b"").status(0);
    session.direct("", "--scan -- d/f", b"").status(1);
    session.direct("", "--add -al x.y", b"").status(0);
    session.git("config --get-all secrets.allowed").stdout_is("x\\.y\n");
}

#[test]
fn a_first_option_that_is_no_mode_does_nothing() {
    let session = Session::new();
    session.write("f", "forbidden\n");
    for (arguments, mode) in [("-r --scan f", "-r"), ("--no-scan f", "--no-scan"), ("--global --list", "--global")] {
        session.direct("", arguments, b"").status(129).stdout_has(format!("Unknown option: {mode}\n{USAGE}"));
    }
}

#[test]
fn options_of_another_mode_are_refused() {
    let session = Session::new();
    for (arguments, option, mode) in [
        ("--list -r", "-r|--recursive", "--scan"),
        ("--scan -f", "-f|--force", "--install"),
        ("--scan --force", "-f|--force", "--install"),
        ("--scan -a", "-a|--allowed", "--add"),
        ("--scan -l", "-l|--literal", "--add"),
        ("--list --cached", "--cached", "--scan"),
        ("--list --no-index", "--no-index", "--scan"),
        ("--list --untracked", "--untracked", "--scan"),
        ("--scan-history --cached", "--cached", "--scan"),
    ] {
        let why = format!("{option} can only be supplied with the {mode} subcommand\n");
        session.direct("", arguments, b"").status(1).stdout_is("").stderr_is(why);
    }
    let why = "-r|--recursive cannot be supplied with --cached, --no-index, or --untracked\n";
    for other in ["--cached", "--no-index", "--untracked"] {
        session.direct("", &format!("--scan -r {other}"), b"").status(1).stderr_is(why);
    }
}
