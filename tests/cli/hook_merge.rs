//! Merges that are refused for what their commits hold, by real git with the prepare-commit-msg hook.
#![cfg(unix)]

use crate::support::secrets::Maker;
use crate::support::{Dir, Outcome};

/// A repository with the hook, and `side`, whose first commit has a key that the second takes away.
fn hooked() -> (Dir, String) {
    let (dir, token) = (Dir::repository(), Maker::new(450).github_token());
    dir.write("a", "").commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("leak", &token).commit_all("with a key");
    dir.write("leak", "").commit_all("without");
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("b", "").commit_all("on main");
    dir.keysieve(["hook", "install", "prepare-commit-msg"]).run().status(0);
    (dir, token)
}

fn merge<'a>(dir: &Dir, args: impl IntoIterator<Item = &'a str>) -> Outcome {
    dir.try_git(["merge", "--quiet", "--no-edit"].into_iter().chain(args)).run()
}

#[test]
fn a_key_in_the_middle_of_a_branch_keeps_it_from_being_merged() {
    let (dir, token) = hooked();
    merge(&dir, ["side"])
        .status(1)
        .never_prints(&token)
        .stderr_has("leak:1:1: github-")
        .stderr_has("\"with a key\"\n")
        .stderr_has("keysieve: refused: the merge would bring in a secret, see above\n");
    assert_eq!(dir.git(["rev-list", "--count", "main"]).trim(), "2");
    let conclude = || dir.try_git(["commit", "--quiet", "--no-edit"]);
    conclude().run().status(1).stderr_has("leak:1:1: github-");
    conclude().env("KEYSIEVE_SKIP", "revoked").run().status(0).stderr_has("prepare-commit-msg has looked at nothing");
}

#[test]
fn a_detached_head_and_several_heads_are_looked_at() {
    let (dir, _) = hooked();
    dir.git(["checkout", "--quiet", "-b", "fine", "main~1"]);
    dir.write("c", "").commit_all("fine");
    dir.git(["checkout", "--quiet", "--detach", "main"]);
    merge(&dir, ["fine"]).status(0).stderr_is("");
    merge(&dir, ["side"]).status(1).stderr_has("leak:1:1: github-");
    dir.git(["merge", "--abort"]);
    dir.git(["checkout", "--quiet", "main"]);
    merge(&dir, ["fine", "side"]).status(1).stderr_has("leak:1:1: github-");
}

#[test]
fn what_is_here_already_and_what_is_taken_away_is_not_held_against_a_merge() {
    let (dir, token) = (Dir::repository(), Maker::new(451).github_token());
    dir.write("old", format!("{token}\nline\n")).commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("old", format!("{token}\nanother line\n")).commit_all("an edit beside a key");
    dir.write("old", "line\n").commit_all("the key is taken away");
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("b", "").commit_all("on main");
    dir.keysieve(["hook", "install", "prepare-commit-msg"]).run().status(0);
    merge(&dir, ["side"]).status(0).stderr_is("");
}

#[test]
fn a_message_of_the_branch_and_a_conflict_that_is_resolved_are_looked_at() {
    let (dir, token) = (Dir::repository(), Maker::new(452).github_token());
    dir.write("a", "1\n").commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("a", "2\n").commit_all(&format!("use {token}"));
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("a", "3\n").commit_all("on main");
    dir.keysieve(["hook", "install", "prepare-commit-msg"]).run().status(0);
    merge(&dir, ["side"]).status(1);
    dir.write("a", "4\n").git(["add", "a"]);
    dir.try_git(["commit", "--quiet", "--no-edit"]).run().status(1).stderr_has(":6:5: github-");
}

#[test]
fn other_commits_are_not_its_business() {
    let (dir, token) = hooked();
    dir.write("b", &token).git(["add", "b"]);
    dir.try_git(["commit", "--quiet", "-m", "other"]).run().status(0).stderr_is("");
    dir.try_git(["commit", "--quiet", "--amend", "--no-edit"]).run().status(0).stderr_is("");
    dir.try_git(["cherry-pick", "side~1"]).run().status(0);
}

/// The people who work here may allow what they say.
#[test]
fn a_comment_counts() {
    let (dir, token) = (Dir::repository(), Maker::new(453).github_token());
    dir.write("a", "").commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("leak", format!("{token} # keysieve:allow")).commit_all("allowed");
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("b", "").commit_all("on main");
    dir.keysieve(["hook", "install", "prepare-commit-msg"]).run().status(0);
    merge(&dir, ["side"]).status(0).stderr_is("");
}
