//! `diff --pr`: base and head by the variables of CI systems.

use crate::support::secrets::Maker;
use crate::support::{Dir, Outcome};

/// A clone as CI systems make one, at a commit that adds a key; with the ids of base and head.
fn checkout() -> (Dir, String, String) {
    let dir = Dir::repository();
    dir.write("a", "").commit_all("first");
    dir.git(["update-ref", "refs/remotes/origin/main", "HEAD"]);
    dir.git(["checkout", "--quiet", "--detach"]);
    dir.write("leak", Maker::new(420).github_token()).commit_all("second");
    let id = |name: &str| dir.git(["rev-parse", name]).trim().to_owned();
    let (base, head) = (id("HEAD~1"), id("HEAD"));
    dir.git(["branch", "--delete", "--force", "main"]);
    (dir, base, head)
}

fn run(dir: &Dir, variables: &[(&str, &str)]) -> Outcome {
    let keysieve = dir.keysieve(["diff", "--pr"]);
    variables.iter().fold(keysieve, |keysieve, (name, value)| keysieve.env(name, value)).run()
}

#[test]
fn every_system_tells_what_is_to_be_compared() {
    let (dir, base, head) = checkout();
    for variables in [
        &[("GITHUB_BASE_REF", "main"), ("GITHUB_SHA", head.as_str())][..],
        &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", &base), ("CI_COMMIT_SHA", &head)],
        &[("CI_COMMIT_BEFORE_SHA", &base), ("CI_COMMIT_SHA", &head)],
        &[("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main")],
        &[("BITBUCKET_PR_DESTINATION_COMMIT", &base[..12]), ("BITBUCKET_COMMIT", &head)],
        &[("CIRCLE_BASE_REVISION", &base), ("CIRCLE_SHA1", &head)],
        &[("CHANGE_TARGET", "main"), ("GIT_COMMIT", &head)],
        &[("GIT_PREVIOUS_SUCCESSFUL_COMMIT", &base)],
    ] {
        run(&dir, variables).status(1).stdout_has("leak:1:1: github-").stderr_has("| 2 files,");
    }
}

#[test]
fn an_event_of_github_is_read() {
    let (dir, base, head) = checkout();
    let event = dir.join("event.json");
    let event = event.to_str().unwrap();
    let pull = format!(r#"{{"pull_request": {{"base": {{"sha": "{base}"}}, "head": {{"sha": "{head}"}}}}}}"#);
    let push = format!(r#"{{"ref": "refs/heads/x", "before": "{base}", "after": "{head}"}}"#);
    let first = format!(
        r#"{{"ref": "refs/heads/x", "before": "{}", "after": "{head}", "repository": {{"default_branch": "main"}}}}"#,
        "0".repeat(40)
    );
    for text in [pull, push, first] {
        dir.write("event.json", text);
        run(&dir, &[("GITHUB_EVENT_PATH", event)]).status(1).stderr_has("| 2 files,");
    }
    let deleted = format!(r#"{{"before": "{base}", "after": "{}"}}"#, "0".repeat(40));
    dir.write("event.json", deleted);
    run(&dir, &[("GITHUB_EVENT_PATH", event)]).status(0).stderr_is("nothing was scanned: no input\n");

    dir.write("event.json", "{");
    run(&dir, &[("GITHUB_EVENT_PATH", event)]).status(2).stderr_has("understanding GITHUB_EVENT_PATH, ");
    dir.write("event.json", "{}");
    run(&dir, &[("GITHUB_EVENT_PATH", event)]).status(2).stderr_has("is no pull request, merge group or push");
}

/// What was not fetched is no reason to call a pull request clean.
#[test]
fn a_base_that_was_not_fetched_is_told() {
    let (dir, _, head) = checkout();
    let base = "1".repeat(40);
    let variables = [("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.as_str()), ("CI_COMMIT_SHA", &head)];
    run(&dir, &variables).status(1).stdout_has("commit 111111111111: not read: ").stderr_has("INCOMPLETE");
    run(&dir, &[("CHANGE_TARGET", "other")]).status(2).stderr_has("is not here, as refs/remotes/origin/other");
}

#[test]
fn without_a_system_it_is_said_what_was_looked_for() {
    let (dir, ..) = checkout();
    let outcome = run(&dir, &[("GITHUB_BASE_REF", ""), ("CHANGE_TARGET", " ")]).status(2);
    outcome.stderr_has("--pr: no variable of a CI system").stderr_has("CI_MERGE_REQUEST_DIFF_BASE_SHA");
}
