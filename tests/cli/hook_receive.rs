//! Pushes that are refused where they arrive: a bare repository with the hooks pre-receive or update, by real git.
#![cfg(unix)]

use std::fs;

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve, Outcome};

/// A work place, and beside it a bare repository with one of the hooks.
struct Session {
    dir: Dir,
}

impl Session {
    fn new(hook: &str) -> Self {
        Self::with(hook, &[])
    }

    fn with(hook: &str, init: &[&str]) -> Self {
        let dir = Dir::new();
        let init = |more: &[&str]| {
            dir.git(["init", "--quiet", "--initial-branch=main"].iter().chain(init).chain(more).copied());
        };
        init(&["--bare", "server.git"]);
        init(&["work"]);
        dir.git(["-C", "work", "remote", "add", "origin", "../server.git"]);
        Keysieve::new(&dir.join("server.git"), ["hook", "install", hook]).run().status(0);
        Self { dir }
    }

    fn git<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> String {
        self.dir.git(["-C", "work"].into_iter().chain(args))
    }

    fn commit(&self, path: &str, content: &str, message: &str) -> &Self {
        self.dir.write(format!("work/{path}"), content);
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "-m", message]);
        self
    }

    fn push<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Outcome {
        self.dir.try_git(["-C", "work", "push", "--quiet", "origin"].into_iter().chain(args)).run()
    }

    /// The refs of the server.
    fn refs(&self) -> String {
        self.dir.git(["-C", "server.git", "for-each-ref", "--format=%(refname)"]).trim().replace('\n', " ")
    }
}

fn token(seed: u64) -> String {
    Maker::new(seed).github_token()
}

#[test]
fn the_first_push_is_judged() {
    for (hook, init) in [("pre-receive", &[][..]), ("update", &[]), ("pre-receive", &["--object-format=sha256"])] {
        let (session, token) = (Session::with(hook, init), token(440));
        session.commit("a", "fine", "first").commit("leak", &token, "with a key").commit("leak", "", "without");
        let id = session.git(["rev-parse", "HEAD~1"]);
        let refused = session.push(["main"]).status(1).never_prints(&token);
        refused
            .stderr_has("remote: leak:1:1: github-")
            .stderr_has(format!("came in with commit {} of 2024-05-02, \"with a key\"", &id[..12]))
            .stderr_has("remote: keysieve: refused: the push would bring in a secret, see above")
            .stderr_has("remote: keysieve: note: take it out of the commits that are named");
        assert_eq!(session.refs(), "", "{hook}");
        session.push(["HEAD~2:refs/heads/main"]).status(0).stderr_is("");
        assert_eq!(session.refs(), "refs/heads/main", "{hook}");
    }
}

#[test]
fn the_name_of_a_new_ref_is_judged() {
    for hook in ["pre-receive", "update"] {
        let (session, token) = (Session::new(hook), token(449));
        session.commit("a", "fine", "first").push(["main"]).status(0);
        session.git(["tag", &format!("v1-{token}")]);
        let refused = session.push(["--tags"]).status(1).stderr_has(" (a ref's name): github-");
        refused.stderr_has("remote: keysieve: refused: the push would bring in a secret, see above");
        assert_eq!(session.refs(), "refs/heads/main", "{hook}");
    }
}

#[test]
fn what_is_there_already_is_not_judged_again() {
    for hook in ["pre-receive", "update"] {
        let session = Session::new(hook);
        session.commit("leak", &token(441), "leak");
        fs::rename(session.dir.join("server.git/hooks"), session.dir.join("hooks")).unwrap();
        session.push(["main"]).status(0);
        fs::rename(session.dir.join("hooks"), session.dir.join("server.git/hooks")).unwrap();
        session.commit("leak", "", "gone");
        session.push(["main", "main~1:refs/heads/old"]).status(0).stderr_is("");
        session.push([":old"]).status(0).stderr_is("");
        session.push(["--force", "main~1:main"]).status(0).stderr_is("");
    }
}

#[test]
fn every_ref_of_a_push_is_judged() {
    let (session, mut maker) = (Session::new("pre-receive"), Maker::new(442));
    session.commit("a", "", "first").push(["main"]).status(0);
    session.git(["checkout", "--quiet", "-b", "side"]);
    session.commit("leak", &maker.github_token(), "leak");
    session.git(["tag", "-m", &format!("use {}", maker.github_token()), "v1", "main"]);
    session.push(["side", "main:fine"]).status(1).stderr_has("leak:1:1: github-");
    session.push(["v1", "main:fine"]).status(1).stderr_has(":6:5: github-");
    assert_eq!(session.refs(), "refs/heads/main");
    let update = Session::new("update");
    update.commit("a", "", "first").push(["main"]).status(0);
    update.git(["checkout", "--quiet", "-b", "side"]);
    update.commit("leak", &maker.github_token(), "leak");
    update.push(["side", "main:fine"]).status(1).stderr_has("leak:1:1: github-");
    assert_eq!(update.refs(), "refs/heads/fine refs/heads/main", "the update hook judges each by itself");
}

#[test]
fn a_merge_is_judged_by_what_it_brings() {
    let session = Session::new("pre-receive");
    session.commit("a", "", "first").push(["main"]).status(0);
    session.git(["checkout", "--quiet", "-b", "side"]);
    session.commit("b", "", "second");
    session.git(["checkout", "--quiet", "main"]);
    session.git(["merge", "--quiet", "--no-commit", "--no-ff", "side"]);
    session.commit("a", &token(443), "merge");
    session.push(["main"]).status(1).stderr_has("a:1:1: github-");
}

/// Larger pushes stay in a pack, which the quarantine has.
#[test]
fn objects_in_quarantine_are_read_from_packs_too() {
    let session = Session::new("pre-receive");
    session.dir.git(["-C", "server.git", "config", "receive.unpackLimit", "1"]);
    session.commit("leak", &token(444), "leak");
    session.push(["main"]).status(1).stderr_has("leak:1:1: github-");
    session.git(["commit", "--quiet", "--amend", "--allow-empty", "-m", "rewritten"]);
    session.dir.write("work/leak", "");
    session.git(["commit", "--quiet", "--amend", "--all", "-m", "rewritten"]);
    session.push(["main"]).status(0);
    session.commit("more", "text", "more").push(["main"]).status(0);
}

#[test]
fn a_push_cannot_silence_itself() {
    let (session, mut maker) = (Session::new("pre-receive"), Maker::new(445));
    let (one, two) = (maker.github_token(), maker.github_token());
    session.commit("a", &format!("{one} # keysieve:allow\n"), "first");
    let refused = session.push(["main"]).status(1);
    refused.stderr_has("a:1:1: github-").stderr_has("a:1:1: keysieve-suppression-added");
    session.dir.write("work/.keysieve.toml", "allow = [\"*\"]\n").write("work/.gitattributes", "* -diff binary\n");
    session.commit("b", &two, "second");
    session.push(["main"]).status(1).stderr_has("b:1:1: github-");
    // What the repository has let in is its base from then on.
    fs::rename(session.dir.join("server.git/hooks"), session.dir.join("hooks")).unwrap();
    session.push(["HEAD~1:refs/heads/main"]).status(0);
    fs::rename(session.dir.join("hooks"), session.dir.join("server.git/hooks")).unwrap();
    session.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    session.commit("a", &format!("an edit\n{one} # keysieve:allow\n"), "third").push(["main"]).status(0);
}

#[test]
fn whoever_runs_the_server_can_let_a_push_pass() {
    let session = Session::new("pre-receive");
    session.commit("leak", &token(446), "leak");
    let push = session.dir.try_git(["-C", "work", "push", "--quiet", "origin", "main"]);
    let pass = push.env("KEYSIEVE_SKIP", "a drill").run().status(0);
    pass.stderr_has("remote: keysieve: warning: pre-receive has looked at nothing: KEYSIEVE_SKIP says: a drill");
    assert!(session.dir.read("server.git/keysieve/bypass.log").contains("\tpre-receive\ta drill\n"));
}

#[test]
fn a_push_from_a_shallow_clone_is_judged_by_what_it_has() {
    let session = Session::new("pre-receive");
    session.commit("a", "1", "one").commit("a", "2", "two").commit("a", "3", "three").push(["main"]).status(0);
    let url = format!("file://{}", session.dir.join("server.git").display());
    session.dir.git(["clone", "--quiet", "--depth=1", &url, "shallow"]);
    session.dir.write("shallow/leak", token(447)).git(["-C", "shallow", "add", "leak"]);
    session.dir.git(["-C", "shallow", "commit", "--quiet", "-m", "leak"]);
    let push = || session.dir.try_git(["-C", "shallow", "push", "--quiet", "origin", "main"]).run();
    push().status(1).stderr_has("leak:1:1: github-");
    session.dir.write("shallow/leak", "").git(["-C", "shallow", "commit", "--quiet", "--amend", "--all", "-m", "fine"]);
    push().status(0).stderr_is("");
}

/// Whoever can push could otherwise ask what the server holds.
#[test]
fn what_the_server_holds_is_not_compared_with() {
    let (session, secret) = (Session::new("pre-receive"), "correct-horse-battery-staple");
    session.dir.write(".netrc", format!("machine example.com login me password {secret}\n"));
    session.commit("a", secret, "a guess").push(["main"]).status(0).stderr_is("");
    // Where it is pushed from, it is.
    let (head, zeros) = (session.git(["rev-parse", "HEAD"]), "0".repeat(40));
    let push = Keysieve::new(&session.dir.join("work"), ["hook", "run", "pre-push", "url", "url"]);
    let push = push.stdin(format!("refs/heads/main {} refs/heads/main {zeros}\n", head.trim()));
    let home = session.dir.path().to_str().expect("a test's path is UTF-8");
    push.env("HOME", home).run().status(1).stdout_has("a:1:1: known-secret");
}

#[test]
fn a_server_without_keysieve_refuses() {
    let session = Session::new("pre-receive");
    session.commit("a", "", "first");
    let hook = session.dir.join("server.git/hooks/pre-receive");
    let text = fs::read_to_string(&hook).unwrap();
    let line = text.lines().find(|line| line.starts_with("installed=")).unwrap().to_owned();
    fs::write(&hook, text.replace(&line, "installed='/nowhere/keysieve'")).unwrap();
    let refused = session.push(["main"]).status(1);
    refused.stderr_has("remote: keysieve: refused: nothing has looked at this push, since keysieve is not in PATH");
}

#[test]
fn a_hook_that_was_there_before_reads_standard_input_too() {
    let session = Session::new("update");
    session.dir.script("server.git/hooks/pre-receive", "cat >&2");
    Keysieve::new(&session.dir.join("server.git"), ["hook", "install", "pre-receive"]).run().status(0);
    session.commit("a", &token(448), "leak");
    session.push(["main"]).status(1).stderr_has("remote: 0000000000").stderr_has("a:1:1: github-");
    let uninstall = Keysieve::new(&session.dir.join("server.git"), ["hook", "uninstall"]).run().status(0);
    uninstall.stdout_has("pre-receive, and put back what was there before").stdout_has("removed ");
    session.push(["main"]).status(0);
}
