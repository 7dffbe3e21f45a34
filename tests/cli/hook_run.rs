//! `keysieve hook run` and the hook files themselves: what they refuse, what they say, and the way past them.
#![cfg(unix)]

use std::fs;

use crate::support::secrets::Maker;
use crate::support::{Dir, program};

fn key() -> String {
    Maker::new(71).aws_key_id()
}

fn hooked() -> Dir {
    let dir = Dir::repository();
    dir.keysieve(["hook", "install", "commit-msg"]).run().status(0);
    dir
}

const EMPTY: [&str; 4] = ["commit", "--quiet", "--allow-empty", "--message"];

#[test]
fn a_message_is_refused_by_the_status_that_the_verb_has() {
    let dir = Dir::repository();
    dir.write("leak", key()).write("fine", "text");
    dir.keysieve(["hook", "run", "commit-msg", "fine"]).run().status(0).stdout_is("").stderr_is("");
    dir.keysieve(["hook", "run", "commit-msg", "leak"])
        .run()
        .status(1)
        .stdout_has("leak:1:1: aws-access-key-id")
        .stderr_has("keysieve: refused: the message of the commit holds a secret, see above; what was written is still in leak\n");
    dir.keysieve(["hook", "run", "commit-msg", "gone"])
        .run()
        .status(2)
        .stderr_has("keysieve: error: gone: ")
        .stderr_has("keysieve: refused: the message of the commit was not looked at, because of the error above\n");
}

#[test]
fn a_hook_that_is_called_wrongly_refuses() {
    let dir = Dir::repository();
    for args in [
        &["commit-msg"][..],
        &["commit-msg", "a", "b"],
        &["pre-commit", "a"],
        &["pre-merge-commit", "a"],
        &["prepare-commit-msg", "a", "b", "c", "d"],
        &["pre-push"],
        &["pre-push", "origin"],
        &["pre-receive", "a"],
        &["pre-receive"],
        &["update", "refs/heads/main", "0", "0"],
        &["update", "refs/heads/main"],
    ] {
        let run = dir.keysieve(["hook", "run"].into_iter().chain(args.iter().copied())).run();
        run.status(2).stderr_has("keysieve: refused: ");
    }
    dir.keysieve(["hook", "run", "post-commit"]).run().status(2);
}

#[test]
fn variables_of_the_environment_set_its_flags() {
    let dir = Dir::repository();
    dir.write("leak", key());
    let run = || dir.keysieve(["hook", "run", "commit-msg", "leak"]);
    run().env("KEYSIEVE_FAIL_ON", "critical").run().status(0).stdout_has("leak:1:1: ");
    run().env("KEYSIEVE_FAIL_ON", "nonsense").run().status(2).stderr_has("refused: the message of the commit was not");
}

#[test]
fn a_bypass_is_said_aloud_and_logged() {
    let (dir, key) = (hooked(), key());
    let message = format!("key {key}");
    let commit = || dir.try_git(EMPTY.into_iter().chain([message.as_str()]));
    let reason = format!("a test key\n{key}");
    commit()
        .env("KEYSIEVE_SKIP", reason)
        .run()
        .status(0)
        .never_prints(&key)
        .stderr_has("keysieve: warning: commit-msg has looked at nothing: KEYSIEVE_SKIP says: a test key");
    let log = dir.read(".git/keysieve/bypass.log");
    assert!(log.lines().count() == 1 && log.contains("\tcommit-msg\ta test key ") && !log.contains(&key), "{log}");
    for reason in ["", " "] {
        commit().env("KEYSIEVE_SKIP", reason).run().status(1).stderr_is(
            "keysieve: error: KEYSIEVE_SKIP is set, but gives no reason\n\
             keysieve: refused: the message of the commit was not looked at, because of the error above\n",
        );
    }
}

#[test]
fn without_keysieve_a_hook_refuses_and_says_what_to_do() {
    let dir = Dir::repository();
    fs::create_dir(dir.join("bin")).unwrap();
    fs::copy(program(), dir.join("bin/keysieve")).unwrap();
    let place = dir.join("bin/keysieve");
    let (place, path) = (place.to_str().unwrap(), std::env::var("PATH").unwrap());
    let installed = dir.try_git(["-c", "alias.k=!bin/keysieve hook install commit-msg", "k"]).run();
    installed.status(0).stdout_has("commit-msg");
    dir.try_git(EMPTY.into_iter().chain(["by the place that it was at"])).run().status(0);

    fs::rename(place, dir.join("bin/other")).unwrap();
    dir.try_git(EMPTY.into_iter().chain(["gone"])).run().status(1).stderr_is(format!(
        "keysieve: refused: nothing has looked at this message, since keysieve is not in PATH, nor at {place} any more\n\
         keysieve: note: install keysieve again; or go without it once, by git commit --no-verify; \
         or for good, by removing this hook: .git/hooks/commit-msg\n"
    ));
    dir.keysieve(["hook", "status", "commit-msg"]).run().status(1).stdout_has("refuses everything");

    fs::create_dir(dir.join("path")).unwrap();
    fs::rename(dir.join("bin/other"), dir.join("path/keysieve")).unwrap();
    let with = format!("{}:{path}", dir.join("path").display());
    dir.try_git(EMPTY.into_iter().chain(["by PATH"])).env("PATH", with).run().status(0);
}

/// The files as they are in the source, under every shell that is there.
#[test]
#[expect(clippy::disallowed_methods, reason = "a hook is a script, and has to be run by a shell")]
fn hooks_speak_the_language_of_every_shell() {
    let dir = Dir::new();
    let hooks = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("hooks");
    dir.script("bin/keysieve", "echo \"$@\"; case $3 in pre-*) cat;; esac");
    let path = format!("{}:/usr/bin:/bin", dir.join("bin").display());
    for shell in ["sh", "dash", "bash", "ksh", "busybox"] {
        dir.write("updates", "a b\n\nc\\n%s");
        let updates = || fs::File::open(dir.join("updates")).expect("it was just written");
        for (kind, input) in
            [("commit-msg", ""), ("update", ""), ("pre-push", "a b\n\nc\\n%s"), ("pre-receive", "a b\n\nc\\n%s")]
        {
            let mut command = std::process::Command::new(shell);
            command.args((shell == "busybox").then_some("sh")).arg(hooks.join(kind)).arg("a 'b' \"c\"");
            // Only sh has to be there.
            let Ok(output) = command.env("PATH", &path).stdin(updates()).output() else {
                assert_ne!(shell, "sh");
                continue;
            };
            let printed = String::from_utf8_lossy(&output.stdout);
            let expected = format!("hook run {kind} a 'b' \"c\"\n{input}");
            assert_eq!(printed, expected, "{shell}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
