//! Commits of every shape, by real git with the hook installed: odd names, halves of a file, moves, links, other kinds of
//! repositories.
#![cfg(unix)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve, Outcome};

fn hooked() -> Dir {
    let dir = Dir::repository();
    dir.write("old", "one\ntwo\nthree\n").commit_all("first");
    dir.keysieve(["hook", "install", "pre-commit"]).run().status(0);
    dir
}

fn token(seed: u64) -> String {
    Maker::new(seed).github_token()
}

fn commit(dir: &Dir) -> Outcome {
    dir.try_git(["commit", "--quiet", "-m", "message"]).run()
}

/// The commit is refused for what is found at `place`, and does not happen.
#[track_caller]
fn refused(dir: &Dir, place: &str) {
    let commits = dir.git(["rev-list", "--all"]);
    commit(dir)
        .status(1)
        .stderr_has(place)
        .stderr_has("keysieve: refused: the commit would bring in a secret, see above\n");
    assert_eq!(dir.git(["rev-list", "--all"]), commits);
}

#[test]
fn a_name_can_be_anything() {
    let dir = hooked();
    let names: [(&[u8], &str); 9] = [
        (b"with a space", "with a space:1:1: github-pat"),
        (b"\"quoted\"", "\"quoted\":1:1: github-pat"),
        (b"it's", "it's:1:1: github-pat"),
        (b"new\nline", "new\\nline:1:1: github-pat"),
        ("n\u{f6}n-\u{e9}".as_bytes(), "n\u{f6}n-\u{e9}:1:1: github-pat"),
        (b"latin\xe9", ":1:1: github-pat"),
        (b":colon", ":colon:1:1: github-pat"),
        (b":(top)magic", ":(top)magic:1:1: github-pat"),
        (b"--all", "--all:1:1: github-pat"),
    ];
    for (seed, (name, place)) in names.into_iter().enumerate() {
        dir.write(OsStr::from_bytes(name), token(seed as u64)).git(["add", "--all"]);
        refused(&dir, place);
        dir.git(["rm", "--quiet", "-r", "--force", "."]);
        dir.git(["reset", "--quiet", "--hard"]);
    }
}

#[test]
fn what_is_staged_of_a_file_counts() {
    let (dir, leak) = (hooked(), format!("one\n{}\nthree\n", token(20)));
    dir.write("old", &leak).git(["add", "old"]);
    dir.write("old", "one\ntwo\nthree\n");
    refused(&dir, "old:2:1: github-pat");
    dir.write("old", "one\ntwo\nthree\nfour\n").git(["add", "old"]);
    dir.write("old", &leak);
    commit(&dir).status(0).stderr_is("");
}

#[test]
fn a_rename_with_an_edit_is_judged_by_the_edit() {
    let (dir, known) = (hooked(), token(21));
    dir.write("old", format!("one\n{known}\nthree\n")).git(["add", "old"]);
    dir.git(["commit", "--quiet", "--no-verify", "-m", "known"]);
    dir.git(["mv", "old", "new"]);
    dir.write("new", format!("one\n{known}\nfour\n")).git(["add", "new"]);
    commit(&dir).status(0).stderr_is("");
    dir.git(["mv", "new", "newer"]);
    dir.write("newer", format!("one\n{known}\n{}\n", token(22))).git(["add", "newer"]);
    refused(&dir, "newer:3:1: github-pat");
}

#[test]
fn a_link_that_becomes_a_file_is_looked_at() {
    let dir = hooked();
    symlink("old", dir.join("link")).unwrap();
    dir.git(["add", "link"]);
    commit(&dir).status(0);
    fs::remove_file(dir.join("link")).unwrap();
    dir.write("link", token(23)).git(["add", "link"]);
    refused(&dir, "link:1:1: github-pat");
}

#[test]
fn to_delete_and_to_change_nothing_is_fine() {
    let dir = hooked();
    dir.write("leak", token(24)).git(["add", "leak"]);
    dir.git(["commit", "--quiet", "--no-verify", "-m", "leak"]);
    dir.try_git(["commit", "--quiet", "--allow-empty", "-m", "empty"]).run().status(0).stderr_is("");
    dir.git(["rm", "--quiet", "old"]);
    commit(&dir).status(0).stderr_is("");
    dir.git(["rm", "--quiet", "leak"]);
    commit(&dir).status(0).stderr_is("");
}

#[test]
fn ids_can_be_of_sha256() {
    let dir = Dir::new();
    dir.git(["init", "--quiet", "--object-format=sha256", "--initial-branch=main"]);
    dir.keysieve(["hook", "install", "pre-commit"]).run().status(0);
    dir.write("leak", token(25)).git(["add", "leak"]);
    refused(&dir, "leak:1:1: github-pat");
    dir.write("leak", "none\n").git(["add", "leak"]);
    commit(&dir).status(0);
    dir.write("leak", token(26)).git(["add", "leak"]);
    refused(&dir, "leak:1:1: github-pat");
}

#[test]
fn a_submodule_has_a_hook_of_its_own_and_its_commit_is_none_of_ours() {
    let dir = hooked();
    dir.git(["init", "--quiet", "lib"]);
    dir.write("lib/leak", token(27)).git(["-C", "lib", "add", "."]);
    dir.git(["-C", "lib", "commit", "--quiet", "-m", "lib"]);
    dir.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./lib", "sub"]);
    commit(&dir).status(0).stderr_is("");

    Keysieve::new(&dir.join("sub"), ["hook", "install", "pre-commit"]).run().status(0);
    dir.write("sub/other", token(28)).git(["-C", "sub", "add", "other"]);
    let refused = dir.try_git(["-C", "sub", "commit", "--quiet", "-m", "message"]).run().status(1);
    refused.stderr_has("other:1:1: github-pat");
}

#[test]
fn a_pointer_to_a_large_file_passes_unless_it_holds_a_key() {
    let dir = hooked();
    let pointer = |rest: &str| {
        let id = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{id}\nsize 12345\n{rest}")
    };
    dir.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
    dir.write("model.bin", pointer("")).git(["add", "."]);
    commit(&dir).status(0).stderr_is("");
    dir.write("model.bin", pointer(&format!("ext-0-note {}\n", token(29)))).git(["add", "."]);
    refused(&dir, "model.bin:4:12: github-pat");
}

#[test]
fn attributes_and_drivers_of_the_repository_hide_nothing() {
    let dir = hooked();
    dir.script("evil", "touch \"$(dirname \"$0\")/mark\"; echo nothing");
    let evil = dir.join("evil").display().to_string();
    dir.write(
        ".git/more",
        format!("[diff \"evil\"]\n\ttextconv = {evil}\n\tcommand = {evil}\n[core]\n\tpager = {evil}\n"),
    );
    dir.git(["config", "include.path", "more"]);
    dir.write(".gitattributes", "* -diff binary diff=evil\n").git(["add", ".gitattributes"]);
    commit(&dir).status(0).stderr_is("");
    dir.write("leak", token(30)).git(["add", "leak"]);
    refused(&dir, "leak:1:1: github-pat");
    assert!(!dir.join("mark").exists());
}
