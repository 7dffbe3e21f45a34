//! Whose configuration counts: that of whoever works in a repository, and for a change that comes from outside that of its base.

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve, Outcome};

const FILE: &str = ".keysieve.toml";
const OFF: &str = "[rules]\noff = [\"github\"]\n";
const ADDED: &str = "keysieve-suppression-added (low, certain: configuration)";

fn token(seed: u64) -> String {
    Maker::new(seed).github_token()
}

/// A repository whose branch `main` has this configuration, if any, and whose branch `side`, with a key, has another.
fn pull_request(seed: u64, base: Option<&str>, change: &str) -> Dir {
    let dir = Dir::repository();
    dir.write("a", "nothing here\n");
    if let Some(base) = base {
        dir.write(FILE, base);
    }
    dir.commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("key", token(seed)).write(FILE, change).commit_all("second");
    dir
}

/// A run as in a pull request of GitLab's, made to `main`.
fn in_pull_request(dir: &Dir, args: &[&str]) -> Outcome {
    let base = dir.git(["rev-parse", "main"]);
    dir.keysieve(args.iter().copied()).env("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.trim()).run()
}

#[test]
fn a_change_that_edits_the_configuration_is_caught_and_reported() {
    for (change, says) in [
        (OFF, "turns off github"),
        ("[[allow]]\npaths = [\"key\"]\n", "allows by path"),
        ("[[allow]]\nregexes = [\"^gh\"]\n", "allows by value"),
        ("fail-on = \"never\"\n", "lets more pass by fail-on"),
        ("[rules.severity]\ngithub-pat = \"info\"\n", "lowers the severity of github-pat to info"),
        ("min-confidence = \"high\"\n[[directory]]\npath = \"x\"\noff = [\"jwt\"]\n", "raises min-confidence"),
    ] {
        for base in [None, Some(""), Some("[limits]\nthreads = 1\n")] {
            let dir = pull_request(730, base, change);
            let outcome = dir.keysieve(["diff", "main"]).run().status(1).stdout_has("key:1:1: github-");
            let what = if says.starts_with("raises") { "2 entries" } else { says };
            outcome.stdout_has(format!("{FILE}:")).stdout_has(format!("{ADDED} {what}\n"));
            let json = dir.keysieve(["diff", "main", "-f", "jsonl"]).run().status(1).stdout;
            assert!(json.contains(&format!(r#"{{"key":"adds","value":"{says}"}}"#)), "{change}: {json}");
            for args in [&["scan"][..], &["staged"], &["history"]] {
                let scanned = in_pull_request(&dir, args);
                scanned.stderr_has(if base.is_some() { "counts as its base " } else { "since its base " });
            }
            in_pull_request(&dir, &["scan"]).status(1).stdout_has("key:1:1: github-").stdout_has(ADDED);
            in_pull_request(&dir, &["history"]).status(1).stdout_has("key:1:1: github-");
        }
    }
}

#[test]
fn the_configuration_of_the_base_counts() {
    let dir = pull_request(731, Some(OFF), "");
    dir.keysieve(["diff", "main"]).run().status(0).stdout_is("");
    in_pull_request(&dir, &["scan"]).status(0).stdout_is("");
    // What the base allows already may stay, and be narrowed.
    let dir = pull_request(
        732,
        Some("[[allow]]\npaths = [\"key\", \"b\"]\n"),
        "[[allow]]\npaths = [\"key\"]\nreason = \"x\"\n",
    );
    dir.keysieve(["diff", "main"]).run().status(0).stdout_is("").stderr_has("1 suppressed");
}

#[test]
fn to_add_a_suppression_fails_if_that_is_asked_for() {
    let dir = Dir::repository();
    dir.write("a", "").commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write(FILE, OFF).commit_all("second");
    dir.keysieve(["diff", "main"]).run().status(0).stdout_has(format!("{FILE}:2:8: {ADDED}"));
    dir.keysieve(["diff", "main", "--strict-suppressions"]).run().status(1).stdout_has(ADDED);
    // The base can ask for it.
    let dir = pull_request(733, Some("strict-suppressions = true\n"), &format!("strict-suppressions = true\n{OFF}"));
    dir.git(["rm", "--quiet", "key"]);
    dir.git(["commit", "--quiet", "--amend", "--no-edit"]);
    dir.keysieve(["diff", "main"]).run().status(1).stdout_has(ADDED);
    in_pull_request(&dir, &["scan"]).status(1).stdout_has(ADDED);
}

#[test]
fn every_system_says_that_it_is_a_pull_request() {
    let dir = pull_request(734, None, OFF);
    for variables in [
        &[("GITHUB_BASE_REF", "main")][..],
        &[("GITHUB_EVENT_NAME", "pull_request_target")],
        &[("CI_MERGE_REQUEST_IID", "7")],
        &[("SYSTEM_PULLREQUEST_PULLREQUESTID", "7")],
        &[("BITBUCKET_PR_ID", "7")],
        &[("CIRCLE_PULL_REQUEST", "https://example.com/7")],
        &[("CHANGE_ID", "7")],
    ] {
        let keysieve =
            variables.iter().fold(dir.keysieve(["scan"]), |keysieve, (name, value)| keysieve.env(name, value));
        let outcome = keysieve.run().status(1).stdout_has("key:1:1: github-").stdout_has(ADDED);
        outcome.stderr_has(
            "this is a pull request: .keysieve.toml does not count, since its base is not here: fetch it before",
        );
    }
    // A push is one's own work.
    let head = dir.git(["rev-parse", "HEAD"]);
    dir.keysieve(["scan"]).env("CI_COMMIT_BEFORE_SHA", head.trim()).env("CI_COMMIT_SHA", head.trim()).run().status(0);
    dir.keysieve(["scan"]).run().status(0).stderr_has("complete");
}

#[test]
fn a_file_of_the_change_does_not_count_by_being_named() {
    let dir = pull_request(735, None, OFF);
    for named in [".keysieve.toml", "./.keysieve.toml"] {
        let outcome = dir.keysieve(["diff", "main", "--config", named]).run().status(1).stdout_has("key:1:1: github-");
        outcome.stderr_has("does not count: it is the change's own, and its base has none");
    }
    let outside = Dir::new();
    outside.write("c.toml", OFF);
    let named = outside.join("c.toml");
    dir.keysieve(["diff", "main"]).env("KEYSIEVE_CONFIG", named.to_str().expect("it is UTF-8")).run().status(0);
}

#[test]
fn rules_of_the_repository_are_those_of_the_base() {
    let rule = |letters: &str| {
        format!(
            "[[rule]]\nid = \"acme-token\"\ndescription = \"Acme token\"\nseverity = \"high\"\nconfidence = \"medium\"\n\
             anchors = [\"acme_\"]\nregex = '(?<secret>acme_[{letters}]{{20}})'\n\
             examples = [\"acme_<+>{}\"]\ncounterexamples = [\"acme_x1\"]\n",
            if letters == "a-z" { "abcdefghijklmnopqrst" } else { "01234567890123456789" }
        )
    };
    let dir = Dir::repository();
    dir.write(FILE, "[rules]\nfiles = [\"./rules/acme.toml\"]\n")
        .write("rules/acme.toml", rule("a-z"))
        .commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("key", format!("acme_{}", "abcdefghijklmnopqrst"))
        .write("rules/acme.toml", rule("0-9"))
        .commit_all("second");
    dir.keysieve(["diff", "main"]).run().status(1).stdout_has("key:1:1: acme-token");
    in_pull_request(&dir, &["scan"]).status(1).stdout_has("key:1:1: acme-token");
    dir.keysieve(["scan"]).run().status(0);
    dir.write(FILE, "").commit_all("third");
    let outcome = dir.keysieve(["diff", "main"]).run().status(1).stdout_has("key:1:1: acme-token");
    outcome.stdout_has(format!("{FILE}:1:1: {ADDED}"));
}

#[test]
fn a_configuration_that_is_wrong_spares_nothing() {
    // Of the change: it is told.
    let dir = pull_request(736, Some(""), "fail_on = \"never\"\n");
    let outcome = dir.keysieve(["diff", "main"]).run().status(1).stdout_has("key:1:1: github-");
    outcome.stderr_has("warning: of the change: .keysieve.toml:1: unknown key `fail_on`; did you mean `fail-on`?");
    // Of the base: the change may be what mends it.
    let dir = pull_request(737, Some("fail_on = \"never\"\n"), "fail-on = \"never\"\n");
    let outcome = dir.keysieve(["diff", "main"]).run().status(1).stdout_has("key:1:1: github-").stdout_has(ADDED);
    outcome.stderr_has("the configuration of the base is wrong, and does not count");
    #[cfg(unix)]
    {
        let dir = pull_request(738, None, "");
        std::fs::remove_file(dir.join(FILE)).expect("it is there");
        std::os::unix::fs::symlink("/etc/passwd", dir.join(FILE)).expect("it can be made");
        dir.commit_all("a link");
        let outcome = dir.keysieve(["diff", "main"]).run().status(1).stdout_has("key:1:1: github-");
        outcome.stderr_has("it is no file, but a link").never_prints("root:");
        in_pull_request(&dir, &["scan"]).status(1).never_prints("root:");
    }
}

/// Pushes to a bare repository with its hook, by real git.
#[cfg(unix)]
mod push {
    use super::*;

    fn session() -> Dir {
        let dir = Dir::new();
        dir.git(["init", "--quiet", "--initial-branch=main", "--bare", "server.git"]);
        dir.git(["init", "--quiet", "--initial-branch=main", "work"]);
        dir.git(["-C", "work", "remote", "add", "origin", "../server.git"]);
        dir
    }

    fn commit(dir: &Dir, path: &str, content: &str) {
        dir.write(format!("work/{path}"), content);
        dir.git(["-C", "work", "add", "--all"]);
        dir.git(["-C", "work", "commit", "--quiet", "-m", "a change"]);
    }

    fn push(dir: &Dir, refs: &[&str]) -> Outcome {
        dir.try_git(["-C", "work", "push", "--quiet", "origin"].into_iter().chain(refs.iter().copied())).run()
    }

    #[test]
    fn a_push_that_brings_its_own_configuration_is_judged_by_the_base() {
        for hook in ["pre-receive", "update"] {
            let dir = session();
            Keysieve::new(&dir.join("server.git"), ["hook", "install", hook]).run().status(0);
            commit(&dir, "a", "fine\n");
            push(&dir, &["main"]).status(0).stderr_is("");
            commit(&dir, FILE, OFF);
            commit(&dir, "key", &token(740));
            let refused = push(&dir, &["main"]).status(1);
            refused.stderr_has("remote: key:1:1: github-").stderr_has(format!("remote: {FILE}:2:8: {ADDED}"));
            // By itself it passes, and counts from then on.
            push(&dir, &["HEAD~1:main"]).status(0).stderr_has(ADDED);
            push(&dir, &["main"]).status(0).stderr_is("");
            // Also for new branches, which the main branch judges.
            dir.git(["-C", "work", "checkout", "--quiet", "-b", "side"]);
            commit(&dir, "other", &token(741));
            push(&dir, &["side"]).status(0).stderr_is("");
        }
    }

    #[test]
    fn the_first_push_is_judged_by_what_is_built_in() {
        let dir = session();
        Keysieve::new(&dir.join("server.git"), ["hook", "install", "pre-receive"]).run().status(0);
        commit(&dir, FILE, OFF);
        commit(&dir, "key", &token(742));
        push(&dir, &["main"]).status(1).stderr_has("remote: key:1:1: github-").stderr_has(ADDED);
    }

    #[test]
    fn branches_with_different_configurations_are_judged_by_none_of_them() {
        let dir = session();
        commit(&dir, "a", "fine\n");
        dir.git(["-C", "work", "branch", "other"]);
        commit(&dir, FILE, OFF);
        push(&dir, &["main", "other"]).status(0);
        Keysieve::new(&dir.join("server.git"), ["hook", "install", "pre-receive"]).run().status(0);
        commit(&dir, "key", &token(743));
        dir.git(["-C", "work", "checkout", "--quiet", "other"]);
        commit(&dir, "b", "fine\n");
        let refused = push(&dir, &["main", "other"]).status(1).stderr_has("remote: key:1:1: github-");
        refused.stderr_has("does not count: the branches that are changed have different ones: change them one by one");
        push(&dir, &["other"]).status(0);
        push(&dir, &["main"]).status(0);
    }
}

#[test]
fn the_allow_file_that_the_base_names_is_read_from_the_base() {
    let dir = Dir::repository();
    dir.write(FILE, "allow-file = \"./ci/allowed\"\n").write("a", "").commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("key", token(744));
    let json = dir.keysieve(["scan", "-f", "jsonl"]).run().status(1).stdout;
    let finding: serde_json::Value =
        serde_json::from_str(json.lines().next().expect("there is one")).expect("it is JSON");
    let entry = format!("{} reason=mine\n", finding["fingerprint"].as_str().expect("it has one"));
    dir.write("ci/allowed", &entry).commit_all("second");
    dir.keysieve(["scan"]).run().status(0).stderr_has("1 suppressed");
    let outcome = dir.keysieve(["diff", "main"]).run().status(1).stdout_has("key:1:1: github-");
    outcome.stdout_has("ci/allowed:1:1: keysieve-suppression-added (low, certain: allow)");
    in_pull_request(&dir, &["scan"]).status(1).stdout_has("key:1:1: github-");
    // Once the base has it, it counts.
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("ci/allowed", &entry).commit_all("allow");
    dir.git(["checkout", "--quiet", "side"]);
    dir.keysieve(["diff", "main"]).run().status(0).stdout_is("");
    in_pull_request(&dir, &["scan"]).status(0);
}
