//! `keysieve hook install`, `uninstall` and `status`: what becomes of the hooks that are there already.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::Dir;
use crate::support::secrets::Maker;

const HOOK: &str = ".git/hooks/commit-msg";
const CHAINED: &str = ".git/hooks/commit-msg.keysieve-chained";
const BACKUP: &str = ".git/hooks/commit-msg.keysieve-backup";
const EMPTY: [&str; 4] = ["commit", "--quiet", "--allow-empty", "--message"];

/// The names and contents of the hooks, links by what they lead to, without the samples of git.
fn hooks(dir: &Dir) -> Vec<(String, u32, String)> {
    let entries =
        fs::read_dir(dir.join(".git/hooks")).expect("git made it").map(|entry| entry.expect("an entry").path());
    let mut hooks: Vec<_> = entries
        .filter(|path| path.extension().is_none_or(|extension| extension != "sample"))
        .map(|path| {
            let mode = path.symlink_metadata().expect("it is there").permissions().mode();
            let link = fs::read_link(&path).map(|link| format!("-> {}", link.display()));
            let content = link.unwrap_or_else(|_| fs::read_to_string(&path).expect("a hook is text"));
            (path.file_name().expect("it has a name").to_string_lossy().into_owned(), mode, content)
        })
        .collect();
    hooks.sort();
    hooks
}

fn commit(dir: &Dir, message: &str) -> crate::support::Outcome {
    dir.try_git(EMPTY.into_iter().chain([message])).run()
}

#[test]
fn all_hooks_are_installed_and_uninstalled() {
    let dir = Dir::repository();
    let before = hooks(&dir);
    let top = dunce::canonicalize(dir.path()).unwrap();
    let at = |name: &str| top.join(".git/hooks").join(name).display().to_string();
    dir.keysieve(["hook", "status"]).run().status(1).stdout_has(format!(
        "git looks for hooks in {}\npre-commit: does not run: there is no {}\n",
        top.join(".git/hooks").display(),
        at("pre-commit")
    ));
    dir.keysieve(["hook", "install"]).run().status(0).stderr_is("").stdout_is(format!(
        "installed {}\ninstalled {}\ninstalled {}\ninstalled {}\ninstalled {}\n",
        at("pre-commit"),
        at("pre-merge-commit"),
        at("prepare-commit-msg"),
        at("commit-msg"),
        at("pre-push")
    ));
    let installed = hooks(&dir);
    assert!(installed.len() == 5 && installed.iter().all(|(_, mode, _)| mode & 0o777 == 0o755), "{installed:?}");
    dir.keysieve(["hook", "status"]).run().status(0).stdout_has(format!("\ncommit-msg: runs: {}\n", at("commit-msg")));

    dir.keysieve(["hook", "install"]).run().status(0).stdout_has("commit-msg again\n");
    assert_eq!(hooks(&dir), installed, "installing again changes nothing");
    dir.keysieve(["hook", "uninstall"]).run().status(0).stdout_has(format!("removed {}\n", at("commit-msg")));
    assert_eq!(hooks(&dir), before);
    dir.keysieve(["hook", "uninstall"]).run().status(0).stdout_has("commit-msg is not there\n");
}

#[test]
fn a_hook_that_is_there_runs_first_and_comes_back() {
    let dir = Dir::repository();
    dir.script(HOOK, "echo \"theirs: $1\" >&2; echo 'and more' >>\"$1\"");
    let before = hooks(&dir);
    dir.keysieve(["hook", "install", "commit-msg"])
        .run()
        .status(0)
        .stdout_has(format!("after {}", dir_path(&dir, CHAINED)));
    dir.keysieve(["hook", "status", "commit-msg"]).run().status(0).stdout_has(", after ");
    commit(&dir, "fine").status(0).stderr_is("theirs: .git/COMMIT_EDITMSG\n");
    assert_eq!(dir.git(["log", "-1", "--format=%B"]).trim(), "fine\nand more");

    dir.keysieve(["hook", "install", "commit-msg"]).run().status(0);
    commit(&dir, "once more").status(0).stderr_is("theirs: .git/COMMIT_EDITMSG\n");
    dir.keysieve(["hook", "uninstall"]).run().status(0).stdout_has("and put back what was there before");
    assert_eq!(hooks(&dir), before);
}

#[test]
fn what_the_first_hook_adds_is_looked_at() {
    let dir = Dir::repository();
    let key = Maker::new(72).aws_key_id();
    dir.script(HOOK, &format!("echo {key} >>\"$1\""));
    dir.keysieve(["hook", "install", "commit-msg"]).run().status(0);
    commit(&dir, "fine").status(1).stderr_has("COMMIT_EDITMSG:2:1: aws-access-key-id");
}

#[test]
fn the_first_hook_decides_too_and_reads_standard_input() {
    let dir = Dir::repository();
    dir.script(HOOK, "cat; echo theirs; exit 42");
    dir.write("msg", "fine").keysieve(["hook", "install", "commit-msg"]).run().status(0);
    let run = Sh::run(&dir, ".git/hooks/commit-msg msg", "input\n");
    assert_eq!(run, (Some(42), "input\ntheirs\n".to_owned()));
}

#[test]
fn a_hook_that_git_passes_over_still_does_not_run() {
    let dir = Dir::repository();
    dir.write(HOOK, "#!/bin/sh\nexit 1\n");
    let before = hooks(&dir);
    dir.keysieve(["hook", "install", "commit-msg"]).run().status(0);
    dir.keysieve(["hook", "status", "commit-msg"]).run().status(0).stdout_has("is not executable, and does not run");
    commit(&dir, "fine").status(0);
    dir.keysieve(["hook", "uninstall"]).run().status(0);
    assert_eq!(hooks(&dir), before);
}

#[test]
fn force_replaces_a_hook_and_keeps_it() {
    let dir = Dir::repository();
    dir.script(HOOK, "exit 1");
    let before = hooks(&dir);
    let force = || dir.keysieve(["hook", "install", "--force", "commit-msg"]).run();
    force().status(0).stdout_has(format!("in place of what is now {}", dir_path(&dir, BACKUP)));
    commit(&dir, "theirs does not run").status(0);
    force().status(0);
    dir.keysieve(["hook", "uninstall"]).run().status(0);
    assert_eq!(hooks(&dir), before);

    dir.keysieve(["hook", "install", "commit-msg"]).run().status(0);
    commit(&dir, "theirs runs").status(1);
    force().status(0);
    commit(&dir, "theirs does not run").status(0);
    dir.keysieve(["hook", "uninstall"]).run().status(0);
    assert_eq!(hooks(&dir), before);
}

#[test]
fn what_was_put_aside_is_never_overwritten() {
    let dir = Dir::repository();
    dir.script(HOOK, "echo first");
    dir.keysieve(["hook", "install", "commit-msg"]).run().status(0);
    dir.script(HOOK, "echo second");
    let before = hooks(&dir);
    dir.keysieve(["hook", "install", "commit-msg"]).run().status(2).stderr_has("is in the way: ");
    dir.keysieve(["hook", "uninstall"]).run().status(0).stdout_has("is not keysieve's, and stays");
    dir.keysieve(["hook", "status", "commit-msg"]).run().status(1).stdout_has("is another program's");
    assert_eq!(hooks(&dir), before);
}

#[test]
fn a_link_is_kept_and_what_it_leads_to_is_left_alone() {
    let dir = Dir::repository();
    dir.script("their hook", "echo theirs >&2");
    symlink("../../their hook", dir.join(HOOK)).unwrap();
    let (before, target) = (hooks(&dir), dir.read("their hook"));
    let installed = dir.keysieve(["hook", "install", "commit-msg"]).run();
    installed.status(0).stdout_has("is a link to ../../their hook, which is left as it is");
    assert_eq!(dir.read("their hook"), target);
    commit(&dir, "fine").status(0).stderr_is("theirs\n");
    dir.keysieve(["hook", "uninstall"]).run().status(0);
    assert_eq!(hooks(&dir), before);

    fs::remove_file(dir.join("their hook")).unwrap();
    dir.keysieve(["hook", "install", "commit-msg"]).run().status(0);
    commit(&dir, "a link that leads nowhere is no hook").status(0);
}

#[test]
fn a_directory_of_hooks_gets_one_more() {
    let dir = Dir::repository();
    dir.script(HOOK, "for hook in \"$0\".d/*; do \"$hook\" \"$@\" || exit; done");
    dir.script(".git/hooks/commit-msg.d/10-first", "echo first >&2");
    let before = dir.read(HOOK);
    dir.keysieve(["hook", "install", "commit-msg"]).run().status(0).stdout_has("commit-msg.d/keysieve, which ");
    assert_eq!(dir.read(HOOK), before);
    dir.keysieve(["hook", "status", "commit-msg"]).run().status(0).stdout_has("commit-msg.d/keysieve, by ");
    commit(&dir, "fine").status(0).stderr_is("first\n");
    commit(&dir, &Maker::new(73).aws_key_id()).status(1).stderr_has("first\n.git/COMMIT_EDITMSG:1:1: ");
    dir.keysieve(["hook", "uninstall"]).run().status(0).stdout_has("commit-msg.d/keysieve\n");
    assert!(!dir.join(".git/hooks/commit-msg.d/keysieve").exists());
}

/// Nothing runs what is in it, so that a file in there would do nothing.
#[test]
fn a_directory_that_no_hook_runs_is_of_no_use() {
    let dir = Dir::repository();
    dir.write(".git/hooks/commit-msg.d/other", "");
    dir.keysieve(["hook", "install", "commit-msg"]).run().status(0);
    commit(&dir, &Maker::new(74).aws_key_id()).status(1);
}

#[test]
fn a_hook_that_cannot_be_written_leaves_what_was_there() {
    let dir = Dir::repository();
    fs::create_dir_all(dir.join(HOOK)).unwrap();
    dir.keysieve(["hook", "install", "commit-msg"]).run().status(2).stderr_has("commit-msg is a directory");
}

fn dir_path(dir: &Dir, path: &str) -> String {
    dunce::canonicalize(dir.path()).expect("it is there").join(path).display().to_string()
}

/// A shell, for what git does not do.
struct Sh;

impl Sh {
    #[expect(clippy::disallowed_methods, reason = "git gives most hooks no input, so that a shell has to")]
    fn run(dir: &Dir, script: &str, input: &str) -> (Option<i32>, String) {
        dir.write("input", input);
        let stdin = fs::File::open(dir.join("input")).expect("it was just written");
        let mut shell = std::process::Command::new("sh");
        let output = shell.current_dir(dir.path()).args(["-c", script]).stdin(stdin).output().expect("a shell runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
