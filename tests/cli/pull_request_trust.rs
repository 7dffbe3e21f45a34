//! A pull request cannot silence itself, whatever is run in it: each verb that a CI system runs, against a change that edits the
//! configuration, adds comments, entries and attributes.

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve, Outcome};

const BY_COMMENT: &str = "keysieve-suppression-added (low, certain: comment)";
const BY_CONFIGURATION: &str = ".keysieve.toml:2:8: keysieve-suppression-added (low, certain: configuration)";
const BY_ENTRY: &str = ".keysieve-allow:1:1: keysieve-suppression-added (low, certain: allow)";

/// The main branch allows a key by a comment, and used to allow another one. The branch `side`, with a key of its own, does
/// all that could silence that one. It is committed but for what is left to `staged`.
struct Session {
    dir: Dir,
    key: String,
    marked: String,
}

impl Session {
    fn new(seed: u64) -> Self {
        let (dir, mut maker) = (Dir::repository(), Maker::new(seed));
        let [old, gone, key, marked, accepted] = std::array::from_fn(|_| maker.github_token());
        dir.write(".keysieve.toml", "allow-markers = [\"gitleaks:allow\"]\n");
        dir.write("gone", format!("{gone} # keysieve:allow was revoked in spring\n")).commit_all("first");
        dir.git(["rm", "--quiet", "gone"]);
        dir.write("old", format!("{old} # keysieve:allow a revoked key\n")).commit_all("second");
        dir.git(["update-ref", "refs/remotes/origin/main", "HEAD"]);
        dir.git(["checkout", "--quiet", "-b", "side"]);
        dir.write("key", format!("{key} # keysieve:allow trust me\n"));
        dir.write("marked", format!("{marked} # gitleaks:allow\n"));
        dir.write("accepted", &accepted);
        let report = dir.keysieve(["scan", "accepted", "-f", "jsonl"]).run().stdout;
        let fingerprint = report.split('"').nth(7).expect("the finding has one");
        dir.write(".keysieve-allow", format!("{fingerprint} reason=mine\n"));
        dir.write(".keysieve.toml", "[rules]\noff = [\"github\"]\n");
        dir.write(".gitattributes", "* binary -diff export-ignore linguist-generated filter=none merge=ours\n");
        dir.write(".gitignore", "key\nmarked\naccepted\n");
        dir.git(["add", "--all", "--force"]);
        Self { dir, key, marked }
    }

    fn committed(seed: u64) -> Self {
        let session = Self::new(seed);
        session.dir.commit_all("third");
        session
    }

    /// As in a pull request of Jenkins's, made to `main`.
    fn run(&self, args: &[&str]) -> Keysieve {
        self.dir.keysieve(args.iter().copied()).env("CHANGE_TARGET", "main")
    }
}

/// Everything is caught, and everything that would have hidden it is reported; and nothing else is.
#[track_caller]
fn is_caught(outcome: Outcome) {
    let mut outcome = outcome.status(1);
    for path in ["key", "marked"] {
        outcome = outcome.stdout_has(format!("{path}:1:1: github-")).stdout_has(format!("{path}:1:1: {BY_COMMENT}"));
    }
    let outcome = outcome.stdout_has("accepted:1:1: github-").stdout_has(BY_CONFIGURATION).stdout_has(BY_ENTRY);
    outcome.never_prints("old:").never_prints("gone:").stderr_has("7 findings in ");
}

#[test]
fn scan_is_not_silenced() {
    let session = Session::committed(760);
    is_caught(session.run(&["scan"]).run());
    is_caught(session.run(&["scan", "."]).run());
    session.dir.keysieve(["scan"]).run().status(0).stderr_has("no findings");
    let outcome = session.run(&["scan", "key"]).run().status(1).stdout_has("key:1:1: github-");
    outcome.stdout_has(format!("key:1:1: {BY_COMMENT}")).stdout_has(BY_CONFIGURATION).stdout_has(BY_ENTRY);
    // On standard input, too.
    let input = format!("{} keysieve:allow", session.key);
    let outcome = session.run(&["scan", "-"]).stdin(input.clone()).run().status(1);
    outcome.stdout_has("github-").stdout_has(BY_COMMENT).stdout_has(BY_CONFIGURATION);
    session.dir.keysieve(["scan", "-"]).stdin(input).run().status(0);
}

#[test]
fn staged_is_not_silenced() {
    let session = Session::new(761);
    is_caught(session.run(&["staged"]).run());
    is_caught(session.run(&["hook", "run", "pre-commit"]).run());
    session.dir.keysieve(["staged"]).run().status(0);
}

#[test]
fn history_is_not_silenced() {
    let session = Session::committed(762);
    // What the main branch once allowed is no work of whoever made the request.
    is_caught(session.run(&["history"]).run());
    is_caught(session.run(&["history", "main..side"]).run());
    session.dir.keysieve(["history"]).run().status(0);
}

#[test]
fn diff_is_not_silenced() {
    let session = Session::committed(763);
    is_caught(session.run(&["diff", "--pr"]).run());
    is_caught(session.dir.keysieve(["diff", "main"]).run());
}

#[test]
fn a_message_is_not_silenced() {
    let session = Session::committed(764);
    let Session { dir, key, marked } = &session;
    dir.write("message", format!("use {key} keysieve:allow\n\n{marked} gitleaks:allow\n"));
    for args in [&["message", "message"][..], &["hook", "run", "commit-msg", "message"]] {
        let outcome = session.run(args).run().status(1).stdout_has("message:1:5: github-");
        let outcome = outcome.stdout_has("message:3:1: github-").stdout_has(format!("message:3:1: {BY_COMMENT}"));
        outcome.stdout_has(format!("message:1:5: {BY_COMMENT}")).stdout_has(BY_CONFIGURATION).stdout_has(BY_ENTRY);
        dir.keysieve(args.iter().copied()).run().status(0);
    }
}

#[test]
fn pushes_are_not_silenced() {
    let session = Session::committed(765);
    let id = |name: &str| session.dir.git(["rev-parse", name]).trim().to_owned();
    let (old, new) = (id("main"), id("side"));
    let push = format!("refs/heads/side {new} refs/heads/main {old}\n");
    is_caught(session.run(&["hook", "run", "pre-push", "origin", "url"]).stdin(push).run());
    let received = format!("{old} {new} refs/heads/main\n");
    session.dir.git(["checkout", "--quiet", "--detach", "side"]);
    session.dir.git(["branch", "--quiet", "--delete", "--force", "side"]);
    is_caught(session.run(&["hook", "run", "pre-receive"]).stdin(received).run());
    is_caught(session.run(&["hook", "run", "update", "refs/heads/main", &old, &new]).run());
}

#[test]
fn every_verb_can_be_told_to_fail_for_what_would_silence_it() {
    let (dir, token) = (Dir::repository(), Maker::new(766).github_token());
    dir.write("old", &token).commit_all("first");
    dir.git(["update-ref", "refs/remotes/origin/main", "HEAD"]);
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write(".keysieve.toml", "fail-on = \"never\"\n").write("message", "fine\n");
    dir.git(["add", ".keysieve.toml"]);
    for args in [&["scan", "message"][..], &["staged"], &["message", "message"], &["history", "main..HEAD"]] {
        let run = |strict: &[&str]| {
            let args = args.iter().chain(strict).copied();
            dir.keysieve(args).env("CHANGE_TARGET", "main")
        };
        let reported = ".keysieve.toml:1:11: keysieve-suppression-added";
        run(&[]).run().status(0).stdout_has(reported);
        run(&["--strict-suppressions"]).run().status(1).stdout_has(reported);
        run(&[]).env("KEYSIEVE_STRICT_SUPPRESSIONS", "1").run().status(1);
    }
}

/// Then there is nothing that could have allowed it before.
#[test]
fn without_a_base_no_comment_counts() {
    let session = Session::committed(767);
    session.dir.git(["update-ref", "-d", "refs/remotes/origin/main"]);
    for verb in ["scan", "history"] {
        let outcome = session.run(&[verb]).run().status(1).stdout_has(format!("old:1:1: {BY_COMMENT}"));
        let outcome = outcome.stdout_has("key:1:1: github-").stderr_has("its base is not here: fetch it before");
        outcome.stderr_has("so no comment, allow file or baseline counts: fetch it before");
    }
    // Outside of a repository, neither.
    let outside = Dir::new();
    outside.write("key", format!("{} # keysieve:allow", session.key));
    let outcome = outside.keysieve(["scan"]).env("CHANGE_TARGET", "main").run().status(1);
    outcome.stdout_has("key:1:1: github-").stdout_has(BY_COMMENT);
    outside.keysieve(["scan"]).run().status(0);
}
