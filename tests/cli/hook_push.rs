//! Pushes that are refused where they begin, by real git with the pre-push hook; and by the pre-commit framework's way to
//! tell what is pushed.
#![cfg(unix)]

use crate::support::secrets::Maker;
use crate::support::{Dir, Outcome};

/// A repository with the hook, one commit, and a bare remote that has nothing yet.
fn hooked() -> Dir {
    let dir = Dir::repository();
    dir.git(["init", "--quiet", "--bare", "remote.git"]);
    dir.git(["remote", "add", "origin", "./remote.git"]);
    dir.write(".gitignore", "remote.git\nhooked\n").commit_all("first");
    dir.keysieve(["hook", "install", "pre-push"]).run().status(0);
    dir
}

fn token(seed: u64) -> String {
    Maker::new(seed).github_token()
}

fn push<'a>(dir: &Dir, args: impl IntoIterator<Item = &'a str>) -> Outcome {
    dir.try_git(["push", "--quiet"].into_iter().chain(args)).run()
}

#[test]
fn a_push_with_a_key_is_refused_with_the_commit_that_has_it() {
    let (dir, token) = (hooked(), token(430));
    push(&dir, ["origin", "main"]).status(0).stderr_is("");
    dir.write("leak", &token).commit_all("with a key");
    dir.write("leak", "").commit_all("without it");
    let id = dir.git(["rev-parse", "HEAD~1"]);
    let refused = push(&dir, ["origin", "main"]).status(1).never_prints(&token);
    refused
        .stdout_has("leak:1:1: github-")
        .stderr_has(format!("came in with commit {} of 2024-05-02, \"with a key\"\n", &id[..12]))
        .stderr_has("keysieve: refused: the push would bring in a secret, see above\n")
        .stderr_has("keysieve: note: KEYSIEVE_SKIP='the reason' in the environment lets it pass, and is logged\n");
    assert_eq!(dir.git(["ls-remote", "origin"]).lines().count(), 1, "nothing has arrived");
    let bypass = dir.try_git(["push", "--quiet", "origin", "main"]).env("KEYSIEVE_SKIP", "revoked").run().status(0);
    bypass.stderr_has("keysieve: warning: pre-push has looked at nothing: KEYSIEVE_SKIP says: revoked\n");
    assert!(dir.read(".git/keysieve/bypass.log").contains("\tpre-push\trevoked\n"));
}

#[test]
fn the_first_push_is_looked_at_as_a_whole() {
    let dir = hooked();
    dir.write("leak", token(431)).commit_all("leak");
    dir.write("leak", "").commit_all("gone");
    push(&dir, ["origin", "main"]).status(1).stdout_has("leak:1:1: github-");
    push(&dir, ["./remote.git", "main"]).status(1).stdout_has("leak:1:1: github-");
    push(&dir, ["origin", "HEAD~2:refs/heads/main"]).status(0);
}

#[test]
fn the_name_of_a_new_branch_is_looked_at() {
    let (dir, token) = (hooked(), token(439));
    dir.write("a", "fine").commit_all("fine");
    push(&dir, ["origin", "main"]).status(0);
    let refused = push(&dir, ["origin", &format!("main:refs/heads/fix-{token}")]).status(1);
    refused.stdout_has(" (a ref's name): github-").stderr_has("keysieve: refused: the push would bring in a secret");
    dir.git(["push", "--quiet", "--no-verify", "origin", &format!("main:refs/heads/fix-{token}")]);
    dir.write("a", "fine too").commit_all("more");
    push(&dir, ["origin", &format!("main:refs/heads/fix-{token}")]).status(0);
    push(&dir, ["origin", "--delete", &format!("fix-{token}")]).status(0);
}

#[test]
fn what_the_remote_has_is_not_looked_at_again() {
    let dir = hooked();
    dir.write("leak", token(432)).commit_all("leak");
    dir.try_git(["push", "--quiet", "--no-verify", "origin", "main"]).run().status(0);
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("leak", "").commit_all("gone");
    push(&dir, ["origin", "side"]).status(0);
    push(&dir, ["origin", "side:other"]).status(0);
    push(&dir, ["origin", "--delete", "other"]).status(0);
    push(&dir, ["origin", "main:again", ":side"]).status(0);
    push(&dir, ["origin", "main"]).status(0).stderr_is("");
    // Another remote has none of it.
    dir.git(["init", "--quiet", "--bare", "hooked"]);
    dir.git(["remote", "add", "other", "./hooked"]);
    push(&dir, ["other", "side"]).status(1).stdout_has("leak:1:1: github-");
}

#[test]
fn tags_and_what_they_are_for_are_looked_at() {
    let (dir, mut maker) = (hooked(), Maker::new(433));
    push(&dir, ["origin", "main"]).status(0);
    dir.git(["tag", "-m", "fine", "v1"]);
    push(&dir, ["origin", "v1"]).status(0);
    dir.git(["tag", "-m", &format!("key {}", maker.github_token()), "v2"]);
    let id = dir.git(["rev-parse", "v2"]);
    push(&dir, ["origin", "v2"]).status(1).stdout_has(format!("tag {}:6:5: github-", &id[..12]));
    dir.write("leak", maker.github_token()).git(["add", "leak"]);
    let blob = dir.git(["rev-parse", ":leak"]);
    dir.git(["tag", "blob", blob.trim()]);
    push(&dir, ["origin", "blob"]).status(1).stdout_has("refs/tags/blob:1:1: github-");
    let tree = dir.git(["write-tree"]);
    dir.git(["tag", "tree", tree.trim()]);
    push(&dir, ["origin", "tree"]).status(1).stdout_has("leak:1:1: github-");
    push(&dir, ["origin", "--all"]).status(0);
    push(&dir, ["origin", "--mirror"]).status(1);
}

#[test]
fn a_branch_that_was_rewritten_is_looked_at() {
    let dir = hooked();
    dir.write("a", "").commit_all("second");
    push(&dir, ["origin", "main"]).status(0);
    dir.write("a", token(434)).git(["commit", "--quiet", "--amend", "--all", "-m", "rewritten"]);
    push(&dir, ["--force", "origin", "main"]).status(1).stdout_has("a:1:1: github-");
    push(&dir, ["--force", "origin", "HEAD^{/first}:refs/heads/main"]).status(0);
}

/// Both read from standard input what is pushed.
#[test]
fn a_hook_that_is_there_is_told_what_is_pushed() {
    let dir = hooked();
    dir.keysieve(["hook", "uninstall", "pre-push"]).run().status(0);
    dir.script(".git/hooks/pre-push", "echo \"theirs: $1 $2\" >&2; cat >seen");
    dir.keysieve(["hook", "install", "pre-push"]).run().status(0).stdout_has("which was there before");
    dir.write("leak", token(435)).git(["add", "leak"]);
    dir.git(["commit", "--quiet", "-m", "leak"]);
    push(&dir, ["origin", "main"]).status(1).stderr_has("theirs: origin ./remote.git\n").stdout_has("leak:1:1: ");
    let id = dir.git(["rev-parse", "HEAD"]);
    assert_eq!(dir.read("seen"), format!("refs/heads/main {} refs/heads/main {}\n", id.trim(), "0".repeat(40)));
    dir.script(".git/hooks/pre-push.keysieve-chained", "exit 9");
    push(&dir, ["origin", "HEAD~1:refs/heads/main"]).status(1).stdout_is("");
}

#[test]
fn objects_of_sha256_are_pushed() {
    let dir = Dir::new();
    dir.git(["init", "--quiet", "--initial-branch=main", "--object-format=sha256"]);
    dir.git(["init", "--quiet", "--bare", "--object-format=sha256", "remote.git"]);
    dir.write(".gitignore", "remote.git\n").commit_all("first");
    dir.keysieve(["hook", "install", "pre-push"]).run().status(0);
    push(&dir, ["./remote.git", "main"]).status(0);
    dir.write("leak", token(436)).commit_all("leak");
    push(&dir, ["./remote.git", "main:new"]).status(1).stdout_has("leak:1:1: github-");
    push(&dir, ["./remote.git", ":main", "HEAD~1:refs/heads/other"]).status(0);
}

#[test]
fn the_pre_commit_framework_tells_by_variables() {
    let dir = hooked();
    push(&dir, ["origin", "main"]).status(0);
    dir.write("leak", token(437)).commit_all("leak");
    dir.write("leak", "").commit_all("gone");
    let id = |name: &str| dir.git(["rev-parse", name]).trim().to_owned();
    let run = |variables: &[(&str, &str)]| {
        let hook = dir.keysieve(["hook", "run", "pre-push"]);
        variables.iter().fold(hook, |hook, (name, value)| hook.env(name, value)).run()
    };
    let (from, to) = (id("HEAD~2"), id("HEAD"));
    run(&[("PRE_COMMIT_FROM_REF", &from), ("PRE_COMMIT_TO_REF", &to)]).status(1).stdout_has("leak:1:1: github-");
    run(&[("PRE_COMMIT_FROM_REF", &to), ("PRE_COMMIT_TO_REF", &to)]).status(0);
    let branch = ("PRE_COMMIT_LOCAL_BRANCH", "refs/heads/main");
    run(&[branch, ("PRE_COMMIT_REMOTE_NAME", "other")]).status(1).stdout_has("leak:1:1: github-");
    dir.try_git(["push", "--quiet", "--no-verify", "origin", "main"]).run().status(0);
    run(&[branch, ("PRE_COMMIT_REMOTE_NAME", "origin")]).status(0);
}

#[test]
fn a_comment_of_the_push_itself_does_not_count() {
    let (dir, mut maker) = (hooked(), Maker::new(438));
    let (old, new) = (maker.github_token(), maker.github_token());
    dir.write("a", format!("{old} # keysieve:allow revoked\n")).commit_all("allowed");
    dir.try_git(["push", "--quiet", "--no-verify", "origin", "main"]).run().status(0);
    dir.write("a", format!("an edit\n{old} # keysieve:allow revoked\n")).commit_all("edit");
    push(&dir, ["origin", "main"]).status(0);
    dir.write("b", format!("{new} # keysieve:allow trust me\n")).commit_all("new");
    push(&dir, ["origin", "main"])
        .status(1)
        .stdout_has("b:1:1: github-")
        .stdout_has("b:1:1: keysieve-suppression-added");
}
