//! A repository that is out to run programs and to hide what it holds: nothing of it is run, and nothing is hidden.
#![cfg(unix)]

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve};

/// Settings of git's that name a program, for a driver or filter called `evil` where they need one.
const PROGRAMS: [&str; 18] = [
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.sshCommand",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "merge.evil.driver",
    "credential.helper",
    "gpg.program",
    "uploadpack.packObjectsHook",
    "sequence.editor",
];

/// A repository with a key in a branch, in the index and in a message, that does what it can.
fn hostile(token: &str) -> Dir {
    let dir = Dir::repository();
    dir.write("a", "").commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("leak", format!("{token}\n"));
    dir.write(".gitattributes", "* -diff -text binary filter=evil diff=evil merge=evil export-ignore\n");
    dir.write(".gitignore", "*\n").write(".keysieve.toml", "severity = \"info\"\n").write(".gitallowed", ".*\n");
    dir.git(["add", "--force", "."]);
    dir.git(["commit", "--quiet", "-m", &format!("use {token}")]);

    dir.script("evil", &format!("touch '{}'; cat", dir.join("mark").display()));
    let evil = dir.join("evil").display().to_string();
    let settings = |programs: &[&str]| -> String {
        let line = |name: &&str| {
            let (section, key) = name.rsplit_once('.').expect("it has a section");
            let section = section.replacen(".evil", " \"evil\"", 1);
            format!("[{section}]\n\t{key} = {evil}\n")
        };
        programs.iter().map(line).collect()
    };
    let (own, included) = PROGRAMS.split_at(PROGRAMS.len() / 2);
    dir.write(".git/more", settings(included)).write(".git/info/attributes", "* -diff binary filter=evil diff=evil\n");
    let more = "[core]\n\thooksPath = .git/evil-hooks\n\tuntrackedCache = true\n[include]\n\tpath = more\n";
    let config = dir.read(".git/config");
    dir.write(".git/config", format!("{config}{}{more}", settings(own)));
    for hook in ["pre-commit", "post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman"] {
        dir.script(format!(".git/evil-hooks/{hook}"), &evil);
    }
    dir
}

/// Another history and another content in the place of the real ones, as far as git is asked.
fn replaced(dir: &Dir) -> &Dir {
    let plain =
        |args: &[&str]| dir.git(["-c", "core.hooksPath=/dev/null"].iter().chain(args).copied()).trim().to_owned();
    let blob = plain(&["rev-parse", "side:leak"]);
    let empty = plain(&["rev-parse", "side:a"]);
    dir.git(["-c", "core.hooksPath=/dev/null", "update-ref", &format!("refs/replace/{blob}"), &empty]);
    let (commit, base) = (plain(&["rev-parse", "side"]), plain(&["rev-parse", "main"]));
    dir.git(["-c", "core.hooksPath=/dev/null", "update-ref", &format!("refs/replace/{commit}"), &base]);
    dir.write(".git/info/grafts", format!("{commit}\n"));
    dir
}

#[test]
fn nothing_is_run_and_nothing_is_hidden() {
    let token = Maker::new(460).github_token();
    let dir = hostile(&token);
    let id = |name: &str| dir.git(["rev-parse", name]).trim().to_owned();
    let (side, main) = (id("side"), id("main"));
    replaced(&dir);
    let _ = std::fs::remove_file(dir.join("mark"));
    let found = |keysieve: Keysieve| {
        let outcome = keysieve.run().status(1).never_prints(&token).stdout_has("leak:1:1: github-");
        assert!(!dir.join("mark").exists(), "a program was run: {outcome:?}");
        outcome
    };
    let zeros = "0".repeat(40);
    found(dir.keysieve(["diff", "main"]));
    let json = dir.keysieve(["diff", "main", "-f", "jsonl"]).run().status(1).stdout;
    assert!(json.contains(&format!(r#""origin":"commit","object":"{side}""#)), "the message is hidden: {json}");
    found(dir.keysieve(["diff", &format!("{main}..{side}")]));
    found(dir.keysieve(["scan"]));
    let line = format!("refs/heads/side {side} refs/heads/side {zeros}\n");
    found(dir.keysieve(["hook", "run", "pre-push", "origin", "url"]).stdin(line));
    dir.git(["-c", "core.hooksPath=/dev/null", "update-ref", "-d", "refs/heads/side"]);
    dir.write(".git/HEAD", "ref: refs/heads/main\n");
    found(dir.keysieve(["staged"]));
    // The traps are set well: git falls into one.
    let _ = dir.try_git(["status"]).run();
    assert!(dir.join("mark").exists());
}

/// What an attacker pushes is judged where it arrives, by nothing that came along.
#[test]
fn a_server_is_not_talked_into_anything() {
    let token = Maker::new(461).github_token();
    let dir = hostile(&token);
    let side = dir.git(["rev-parse", "side"]).trim().to_owned();
    dir.git(["-c", "core.hooksPath=/dev/null", "checkout", "--quiet", "--detach", "main"]);
    dir.git(["-c", "core.hooksPath=/dev/null", "update-ref", "-d", "refs/heads/side"]);
    let _ = std::fs::remove_file(dir.join("mark"));
    let zeros = "0".repeat(40);
    let receive = dir.keysieve(["hook", "run", "pre-receive"]).stdin(format!("{zeros} {side} refs/heads/x\n"));
    receive.run().status(1).stdout_has("leak:1:1: github-");
    let update = dir.keysieve(["hook", "run", "update", "refs/heads/x", &zeros, &side]);
    update.run().status(1).stdout_has("leak:1:1: github-");
    // An old id that is the new one: only refs that are there are proof of what is there.
    let lie = dir.keysieve(["hook", "run", "pre-receive"]).stdin(format!("{side} {side} refs/heads/x\n"));
    lie.run().status(1).stdout_has("leak:1:1: github-");
    assert!(!dir.join("mark").exists());
}
