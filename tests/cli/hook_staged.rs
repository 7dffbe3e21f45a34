//! Commits and merges that are refused for what is staged, by real git with all hooks installed.
#![cfg(unix)]

use crate::support::secrets::Maker;
use crate::support::{Dir, Outcome};

fn hooked() -> Dir {
    let dir = Dir::repository();
    dir.write("README", "text\n").commit_all("first");
    dir.keysieve(["hook", "install"]).run().status(0);
    dir
}

fn key() -> String {
    Maker::new(77).aws_key_id()
}

fn commit<'a>(dir: &Dir, args: impl IntoIterator<Item = &'a str>) -> Outcome {
    dir.try_git(["commit", "--quiet", "-m", "message"].into_iter().chain(args)).run()
}

#[test]
fn a_commit_with_a_key_is_refused() {
    let (dir, key) = (hooked(), key());
    dir.write("a file", format!("key = {key}\n")).git(["add", "."]);
    commit(&dir, [])
        .status(1)
        .stderr_has("a file:1:7: aws-access-key-id (medium, probable: prefix) ")
        .stderr_has("keysieve: refused: the commit would bring in a secret, see above\n")
        .stderr_has("keysieve: note: KEYSIEVE_SKIP='the reason' in the environment lets it pass, and is logged\n")
        .never_prints(&key);
    assert_eq!(dir.git(["rev-list", "--count", "HEAD"]).trim(), "1");
    dir.write("a file", "no key\n").git(["add", "."]);
    commit(&dir, []).status(0).stderr_is("");
}

#[test]
fn every_way_to_commit_is_looked_at() {
    let (dir, leak) = (hooked(), format!("key = {}\n", key()));
    dir.write("README", &leak);
    commit(&dir, ["--all"]).status(1);
    commit(&dir, ["README"]).status(1);
    commit(&dir, ["--only", "README"]).status(1);
    commit(&dir, ["--amend", "--all"]).status(1);
    commit(&dir, ["--allow-empty"]).status(0);
}

#[test]
fn a_commit_from_a_linked_work_tree_is_looked_at() {
    let dir = hooked();
    dir.git(["worktree", "add", "--quiet", "linked"]);
    dir.write("linked/leak", key()).git(["-C", "linked", "add", "leak"]);
    dir.try_git(["-C", "linked", "commit", "-qm", "message"]).run().status(1).stderr_has("leak:1:1: ");
}

#[test]
fn a_merge_that_brings_in_a_key_is_refused() {
    let dir = hooked();
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("leak", key()).git(["add", "leak"]);
    dir.git(["commit", "--quiet", "--no-verify", "-m", "leak"]);
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("other", "").git(["add", "other"]);
    commit(&dir, []).status(0);
    dir.try_git(["merge", "--quiet", "--no-edit", "side"])
        .run()
        .status(1)
        .stderr_has("leak:1:1: aws-access-key-id")
        .stderr_has("keysieve: refused: the merge would bring in a secret, see above\n");
    assert_eq!(dir.git(["rev-list", "--count", "main"]).trim(), "2");
}

#[test]
fn a_bypass_lets_a_commit_pass() {
    let dir = hooked();
    dir.write("leak", key()).git(["add", "leak"]);
    let bypass = dir.try_git(["commit", "-qm", "message"]).env("KEYSIEVE_SKIP", "a test key").run().status(0);
    bypass.stderr_has("pre-commit has looked at nothing: KEYSIEVE_SKIP says: a test key");
    assert_eq!(dir.read(".git/keysieve/bypass.log").lines().count(), 2, "pre-commit and commit-msg");
}
