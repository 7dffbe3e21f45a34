//! Wrong usage: status 2, one clear account on standard error, nothing on standard output.

use crate::support::Dir;

#[test]
fn without_a_verb_help_is_shown_and_it_is_an_error() {
    Dir::new().keysieve([]).run().status(2).stdout_is("").stderr_has("Usage: keysieve [OPTIONS] <COMMAND>");
}

#[test]
fn an_unknown_flag_is_named() {
    Dir::new().keysieve(["scan", "--colour=never"]).run().status(2).stdout_is("").stderr_is(
        "keysieve: error: unexpected argument '--colour' found

  tip: a similar argument exists: '--color'

Usage: keysieve scan --color <WHEN> [PATH]...

For more information, try '--help'.
",
    );
}

#[test]
fn an_unknown_verb_is_named() {
    Dir::new().keysieve(["scna"]).run().status(2).stderr_has("keysieve: error: unrecognized subcommand 'scna'");
}

#[test]
fn an_invalid_value_says_what_is_valid() {
    let cases: &[(&[&str], &str)] = &[
        (&["scan", "--fail-on", "urgent"], "'urgent' is neither 'never', nor a severity"),
        (&["scan", "--format", "xml"], "xml"),
        (&["scan", "--format", "sarif="], "no path follows 'sarif='"),
        (&["scan", "--min-confidence", "certain"], "[possible values: low, medium, high]"),
        (&["scan", "--severity", "urgent"], "[possible values: info, low, medium, high, critical]"),
        (&["scan", "--max-size", "10Q"], "expected a whole number of bytes"),
        (&["scan", "--decode", "256"], "--decode"),
        (&["scan", "--threads", "many"], "--threads"),
        (&["scan", "--timeout", "0"], "no time at all"),
        (&["scan", "--exit-code", "0"], "--exit-code"),
        (&["scan", "--exit-code", "256"], "--exit-code"),
        (&["scan", "--color", "sometimes"], "[possible values: auto, always, never]"),
        (&["scan", "--progress", "sometimes"], "[possible values: auto, always, never]"),
        (&["completions", "tcsh"], "tcsh"),
    ];
    for (args, message) in cases {
        Dir::new().keysieve(args.iter().copied()).run().status(2).stdout_is("").stderr_has(message);
    }
}

#[test]
fn flags_that_contradict_each_other_are_refused() {
    let cases: &[(&[&str], &str)] = &[
        (&["scan", "--exit-zero", "--exit-code", "4"], "cannot be used with"),
        (&["scan", "--null"], "--files-from"),
        (&["scan", "-", "src"], "searched alone"),
        (&["scan", "-", "--files-from", "list"], "searched alone"),
    ];
    for (args, message) in cases {
        Dir::new().keysieve(args.iter().copied()).run().status(2).stdout_is("").stderr_has(message);
    }
}

#[test]
fn a_secret_in_the_arguments_is_not_repeated() {
    let token = crate::support::secrets::Maker::new(1).github_token();
    let outcome = Dir::new().keysieve(["scan", "--no-such-flag"]).arg(format!("--{token}")).run();
    outcome.status(2).never_prints(&token);
    Dir::new().keysieve(["scan"]).arg(&token).run().status(2).never_prints(&token);
}

#[test]
fn help_is_a_success_and_has_both_lengths() {
    let dir = Dir::new();
    for verb in [&["scan"][..], &["rules"], &["rules", "list"], &["rules", "show"], &["rules", "test"], &["man"]] {
        let short = dir.keysieve(verb.iter().copied()).arg("-h").run().status(0).stderr_is("");
        let long = dir.keysieve(verb.iter().copied()).arg("--help").run().status(0).stderr_is("");
        assert!(short.stdout.contains("Usage: keysieve"), "{}", short.stdout);
        assert!(long.stdout.len() > short.stdout.len(), "{verb:?}: --help says no more than -h");
    }
}

#[test]
fn version_is_a_success() {
    let expected = format!("keysieve {}\n", env!("CARGO_PKG_VERSION"));
    Dir::new().keysieve(["--version"]).run().status(0).stdout_is(&expected).stderr_is("");
    Dir::new().keysieve(["-V"]).run().status(0).stdout_is(&expected);
}

#[test]
fn the_environment_sets_flags_and_is_checked_like_them() {
    let dir = Dir::new();
    dir.keysieve(["scan"]).env("KEYSIEVE_FORMAT", "xml").run().status(2).stderr_has("xml");
    dir.keysieve(["scan"]).env("KEYSIEVE_THREADS", "many").run().status(2).stderr_has("many");
    dir.keysieve(["scan"]).env("KEYSIEVE_FAIL_ON", "urgent").run().status(2).stderr_has("urgent");
    dir.keysieve(["scan", "--threads=1"]).env("KEYSIEVE_THREADS", "many").run().status(0);
    dir.keysieve(["scan"]).env("KEYSIEVE_THREADS", "").env("KEYSIEVE_OUTPUT", "").run().status(0);
}
