//! `diff`: what the commits of a range add, in repositories that git makes, each test a session with real git.

use std::fs;

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve, Outcome};

/// A repository whose branch `main` has a file without a secret, and with `side` checked out.
fn repository() -> Dir {
    let dir = Dir::repository();
    dir.write("old.txt", "nothing here\n").commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir
}

fn diff(dir: &Dir) -> Keysieve {
    dir.keysieve(["diff", "main"])
}

fn token(seed: u64) -> String {
    Maker::new(seed).github_token()
}

/// Nothing was found, and everything was read.
#[track_caller]
fn is_silent(dir: &Dir) {
    diff(dir).run().status(0).stdout_is("").stderr_has("complete");
}

#[test]
fn what_a_branch_adds_is_found() {
    let (dir, token) = (repository(), token(401));
    diff(&dir).run().status(0).stderr_is("nothing was scanned: no input\n");
    dir.write("src/deploy.sh", format!("#!/bin/sh\nexport TOKEN={token}\n")).commit_all("deploy");
    let found = || diff(&dir).run().status(1).never_prints(&token);
    found().stdout_has("src/deploy.sh:2:14: github-").stderr_has("1 finding in 1 file | 2 files,");
    for range in ["main..", "main..side", "main...HEAD", "HEAD~1"] {
        dir.keysieve(["diff", range]).run().status(1).stdout_has("src/deploy.sh:2:14: github-");
    }
    dir.keysieve(["diff", "side..main"]).run().status(0).stderr_is("nothing was scanned: no input\n");
    dir.write("src/below/x", "");
    let below = Keysieve::new(&dir.join("src/below"), ["diff", "main"]).run().status(1);
    below.stdout_has("../deploy.sh:2:14: github-");
}

#[test]
fn what_is_taken_away_again_is_found_with_its_commit() {
    let (dir, token) = (repository(), token(402));
    dir.write("config", &token).commit_all("add a key");
    dir.write("config", "none\n").commit_all("take it away");
    let json = dir.keysieve(["diff", "main", "-f", "jsonl"]).run().status(1).stdout;
    let finding = json.lines().next().expect("there is a finding");
    let id = dir.git(["rev-parse", "HEAD~1"]);
    for field in [
        format!(r#""introduction":{{"commit":"{}","author":"A. Author","date":"2024-05-02""#, id.trim()),
        r#""summary":"add a key","in_head":false"#.to_owned(),
        format!(r#""origin":"blob","object":"{}","path":"config""#, dir.git(["rev-parse", "HEAD~1:config"]).trim()),
    ] {
        assert!(finding.contains(&field), "no {field} in {finding}");
    }
}

#[test]
fn a_message_with_a_key_is_found() {
    let (dir, token) = (repository(), token(403));
    dir.git(["commit", "--quiet", "--allow-empty", "-m", &format!("use {token}")]);
    let id = dir.git(["rev-parse", "HEAD"]);
    let outcome = diff(&dir).run().status(1).never_prints(&token);
    outcome.stdout_has(format!("commit {}:6:5: github-", &id[..12]));
    let sarif = dir.keysieve(["diff", "main", "-f", "sarif"]).run().status(1).stdout;
    assert!(sarif.contains(&format!(r#""uri":"commit/{}""#, id.trim())), "{sarif}");
}

#[test]
fn a_secret_that_only_moves_or_comes_back_is_no_news() {
    let (dir, token) = (Dir::repository(), token(404));
    let lines = "some lines that stay\n".repeat(20);
    dir.write("from.txt", format!("{lines}{token}\n")).commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.git(["mv", "from.txt", "to.txt"]);
    dir.write("to.txt", format!("{lines}an edit\n{token}\n")).commit_all("move");
    is_silent(&dir);
    dir.git(["rm", "--quiet", "to.txt"]);
    dir.commit_all("remove");
    dir.git(["revert", "--no-edit", "HEAD"]);
    is_silent(&dir);
    dir.write("copy.txt", &token).commit_all("copy to a file of another kind");
    is_silent(&dir);
}

#[test]
fn a_secret_that_the_base_got_rid_of_is_news_when_it_comes_back() {
    let (dir, token) = (Dir::repository(), token(405));
    dir.write("key", &token).write("other", "").commit_all("first");
    dir.git(["rm", "--quiet", "key"]);
    dir.commit_all("remove");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.git(["revert", "--no-edit", "HEAD"]);
    diff(&dir).run().status(1).stdout_has("key:1:1: github-");
}

#[test]
fn of_a_merge_only_what_it_brings_counts() {
    let mut maker = Maker::new(406);
    let (theirs, ours) = (maker.github_token(), maker.github_token());
    let dir = repository();
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("theirs", &theirs).commit_all("theirs");
    dir.git(["checkout", "--quiet", "side"]);
    dir.write("mine", "").commit_all("mine");
    dir.git(["merge", "--quiet", "--no-commit", "main"]);
    dir.write("old.txt", "merged\n").git(["add", "."]);
    dir.git(["commit", "--quiet", "-m", "merge"]);
    is_silent(&dir);

    dir.git(["checkout", "--quiet", "-b", "other", "main"]);
    dir.write("other", "").commit_all("other");
    dir.git(["checkout", "--quiet", "side"]);
    dir.git(["merge", "--quiet", "--no-commit", "other"]);
    dir.write("old.txt", &ours).git(["add", "."]);
    dir.git(["commit", "--quiet", "-m", "an evil merge"]);
    diff(&dir).run().status(1).stdout_has("old.txt:1:1: github-").never_prints("theirs:1:1");
}

#[test]
fn a_base_that_went_on_is_compared_from_where_the_branch_began() {
    let mut maker = Maker::new(407);
    let (picked, new) = (maker.github_token(), maker.github_token());
    let dir = repository();
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("picked", &picked).commit_all("on main");
    dir.git(["checkout", "--quiet", "side"]);
    dir.write("mine", "").commit_all("mine");
    is_silent(&dir);
    dir.git(["cherry-pick", "main"]);
    is_silent(&dir);
    dir.write("new", &new).commit_all("new");
    diff(&dir).run().status(1).stdout_has("new:1:1: github-").never_prints("picked:1:1");
}

#[test]
fn odd_files_are_looked_at() {
    let (dir, mut maker) = (repository(), Maker::new(408));
    let names = ["with space", "with\nline", "\"quoted\"", "über/ö", ":colon", "-dash", "*"];
    let tokens: Vec<String> = names.iter().map(|_| maker.github_token()).collect();
    for (name, token) in names.iter().zip(&tokens) {
        dir.write(name, token);
    }
    dir.write(format!("named-{}", maker.github_token()), "x").commit_all("odd");
    #[cfg(unix)]
    std::os::unix::fs::symlink(maker.github_token(), dir.join("link")).unwrap();
    dir.commit_all("link");
    let outcome = diff(&dir).run().status(1);
    for place in
        ["with space:1:1", "with\\nline:1:1", "\"quoted\":1:1", "über/ö:1:1", ":colon:1:1", "-dash:1:1", "*:1:1"]
    {
        assert!(outcome.stdout.contains(place), "no {place} in {}", outcome.stdout);
    }
    outcome.stdout_has(" (its name): github-").stdout_has("link:1:1: github-");
}

#[test]
fn a_submodule_is_left_out_and_told() {
    let dir = repository();
    dir.git(["init", "--quiet", "lib"]);
    dir.git(["-C", "lib", "commit", "--quiet", "--allow-empty", "-m", "lib"]);
    dir.git(["add", "lib"]);
    dir.git(["commit", "--quiet", "-m", "with a submodule"]);
    dir.keysieve(["diff", "main", "--stats"]).run().status(0).stderr_has("1 submodules left out");
}

#[test]
fn a_shallow_clone_is_not_called_clean() {
    let (dir, there) = (repository(), Dir::new());
    let base = dir.git(["rev-parse", "main"]);
    for round in ["one", "two", "three"] {
        dir.write(round, "").commit_all(round);
    }
    let url = format!("file://{}", dir.path().display());
    there.git(["clone", "--quiet", "--depth=2", "--branch=side", &url, "clone"]);
    let run = |range: &str| Keysieve::new(&there.join("clone"), ["diff", range]).run();
    let outcome = run(base.trim()).status(3).stdout_has(format!("commit {}: not read: ", &base[..12]));
    outcome.stdout_has("; the clone is shallow: git fetch --unshallow").stderr_has("INCOMPLETE");
    run("main").status(2).stderr_has("looking for the revision 'main': there is no such branch, tag or commit here");
    run("HEAD~1").status(0).stderr_has("complete");
}

#[test]
fn objects_that_are_missing_are_told() {
    let dir = repository();
    dir.write("d/new", "new").write("e", "there").commit_all("new");
    let gone = |object: &str| {
        let id = dir.git(["rev-parse", object]);
        let file = dir.join(format!(".git/objects/{}/{}", &id[..2], id[2..].trim()));
        let bytes = fs::read(&file).expect("it is loose");
        fs::remove_file(&file).expect("it is there");
        (id.trim().to_owned(), file, bytes)
    };
    let missing = |object: &str, expected: &str| {
        let (id, file, bytes) = gone(object);
        let outcome = diff(&dir).run().status(3).stderr_has("INCOMPLETE: 1 not read");
        outcome.stdout_has(expected.replace("ID", &id));
        fs::write(file, bytes).expect("it can be written");
    };
    missing("HEAD:d/new", "d/new: not read: object ID is missing\n");
    missing("HEAD:d", "d/: not read: object ID is missing, so that it is not known what commit ");
    missing("HEAD^{tree}", ".: not read: object ID is missing, so that it is not known what commit ");
    dir.write("f", "").commit_all("one more");
    missing("HEAD~1", "not read: object ID is missing, which is a parent of commit ");
    diff(&dir).run().status(0).stderr_has("complete");
}

#[test]
fn limits_are_told() {
    let dir = repository();
    dir.write("big", "x".repeat(2000)).commit_all("big");
    let outcome = dir.keysieve(["diff", "main", "--max-size", "1K"]).run().status(3);
    outcome.stdout_has("big: not read: its 2000 bytes are more than the limit of 1024\n");
}

#[test]
fn wrong_usage_is_told() {
    let dir = repository();
    dir.keysieve(["diff"]).run().status(2).stderr_has("<BASE[..HEAD]>");
    dir.keysieve(["diff", "main", "--pr"]).run().status(2).stderr_has("cannot be used with");
    dir.keysieve(["diff", "nowhere"]).run().status(2).stderr_has("looking for the revision 'nowhere'");
    Dir::new().keysieve(["diff", "main"]).run().status(2).stderr_has("there is no git repository here");
}

#[test]
fn objects_of_sha256_are_read() {
    let dir = Dir::new();
    dir.git(["init", "--quiet", "--initial-branch=main", "--object-format=sha256"]);
    dir.write("a", "").commit_all("first");
    dir.write("b", token(409)).commit_all("second");
    let base = dir.git(["rev-parse", "HEAD~1"]);
    dir.keysieve(["diff", base.trim()]).run().status(1).stdout_has("b:1:1: github-");
    dir.keysieve(["diff", &base[..9]]).run().status(1);
}

/// A change with an allowed key, beside one that the base allows already.
fn allowed(maker: &mut Maker) -> (Dir, String) {
    let (old, new) = (maker.github_token(), maker.github_token());
    let dir = Dir::repository();
    dir.write("old", format!("{old} # keysieve:allow a revoked key\n")).commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("new", format!("{new} # keysieve:allow trust me\n")).commit_all("second");
    (dir, old)
}

#[test]
fn a_change_cannot_silence_itself() {
    let (dir, old) = allowed(&mut Maker::new(410));
    let both = "new:1:1: keysieve-suppression-added (low, certain: comment) ";
    diff(&dir).run().status(1).stdout_has("new:1:1: github-").stdout_has(both).stderr_has("2 findings in 1 file | ");
    dir.keysieve(["scan"]).run().status(0).stderr_has("2 suppressed");
    let json = dir.keysieve(["diff", "main", "-f", "jsonl"]).run().status(1).stdout;
    assert!(json.contains(r#""facts":[{"key":"allows","value":"github-"#), "{json}");
    assert!(json.contains(r#"{"key":"reason","value":"trust me"}]"#), "{json}");
    let sarif = dir.keysieve(["diff", "main", "-f", "sarif"]).run().status(1).stdout;
    assert!(sarif.contains(r#""ruleId":"keysieve-suppression-added","ruleIndex":"#), "{sarif}");

    // What the base allows may be edited, and copied along with its comment.
    dir.git(["checkout", "--quiet", "main"]);
    dir.git(["checkout", "--quiet", "-B", "side"]);
    dir.write("old", format!("an edit\n{old} # keysieve:allow a revoked key\n")).commit_all("edit");
    diff(&dir).run().status(0).stdout_is("");
    dir.write("copy", format!("{old} # keysieve:allow a revoked key\n")).commit_all("copy");
    diff(&dir).run().status(0).stdout_is("");
    dir.git(["checkout", "--quiet", "-B", "side", "main"]);
    dir.write("copy", format!("{old} # keysieve:allow a revoked key\n")).commit_all("copy alone");
    diff(&dir).run().status(0).stdout_is("").stderr_has("1 suppressed");
}

#[test]
fn a_comment_on_an_old_secret_is_reported_and_fails_only_if_asked_to() {
    let (dir, token) = (Dir::repository(), token(411));
    dir.write("old", &token).commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("old", format!("{token} # keysieve:allow")).commit_all("second");
    let only = |outcome: Outcome| outcome.stdout_has("old:1:1: keysieve-suppression-added").never_prints("github-");
    only(diff(&dir).run().status(0));
    only(dir.keysieve(["diff", "main", "--strict-suppressions"]).run().status(1));
    only(diff(&dir).env("KEYSIEVE_STRICT_SUPPRESSIONS", "1").run().status(1));
    only(diff(&dir).env("KEYSIEVE_STRICT_SUPPRESSIONS", "0").run().status(0));
}

/// Half of a credential is found by its other half only.
#[test]
fn a_comment_does_not_part_what_belongs_together() {
    let (dir, mut maker) = (repository(), Maker::new(412));
    let (id, secret) = (maker.aws_key_id(), maker.aws_secret_key());
    dir.write("keys", format!("{id}\n{secret} # keysieve:allow\n")).commit_all("keys");
    diff(&dir).run().status(1).stdout_has("keys:2:1: aws-secret-access-key (critical, certain: paired)");
}

#[test]
fn a_message_cannot_silence_itself() {
    let (dir, token) = (repository(), token(413));
    dir.git(["commit", "--quiet", "--allow-empty", "-m", &format!("{token} keysieve:allow")]);
    diff(&dir).run().status(1).stdout_has(":6:1: github-").stdout_has(":6:1: keysieve-suppression-added");
}
