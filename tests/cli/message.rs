//! `keysieve message`: what git will strip is left out, everything else is searched, and what is in doubt too. The
//! sessions with git show that the two agree on what is left of a message.

use crate::support::secrets::Maker;
use crate::support::{Dir, Outcome};

const SCISSORS: &str = "# ------------------------ >8 ------------------------\n\
                        # Do not modify or remove the line above.\n\
                        # Everything below it will be ignored.\n";

fn key() -> String {
    Maker::new(70).aws_key_id()
}

/// `keysieve message` on this text, with an editor or without.
fn message(text: &str, editor: &str) -> Outcome {
    let dir = Dir::repository();
    dir.write("msg", text).keysieve(["message", "msg"]).env("GIT_EDITOR", editor).run()
}

#[test]
fn a_key_in_a_message_is_found() {
    let key = key();
    message(&format!("subject\n\nthe key is {key}\n"), "vi")
        .status(1)
        .stdout_has("msg:3:12: aws-access-key-id (medium, probable")
        .stderr_is("1 finding in 1 file | 1 file, 41 B, TIME | complete\n")
        .never_prints(&key);
    message("subject\n", "vi").status(0).stdout_is("").stderr_is("no findings | 1 file, 8 B, TIME | complete\n");
}

#[test]
fn comments_are_left_out_if_an_editor_ran() {
    let text = format!("subject\n# {}\n", key());
    message(&text, "vi").status(0).stdout_is("");
    message(&text, ":").status(1).stderr_has(
        "keysieve: note: line 2 looks like a comment, but git keeps comments of a message that no editor was run for\n",
    );
    let dir = Dir::repository();
    dir.write("msg", &text);
    dir.keysieve(["message", "msg"]).run().status(1).stdout_has("msg:2:3: ");
    dir.keysieve(["message", "msg"]).env("GIT_INDEX_FILE", ".git/index").run().status(0);
}

#[test]
fn comments_are_searched_if_git_keeps_them() {
    let dir = Dir::repository();
    dir.write("msg", format!("subject\n# {}\n", key()));
    let run = |dir: &Dir| dir.keysieve(["message", "msg"]).env("GIT_EDITOR", "vi").run();
    for cleanup in ["whitespace", "verbatim", "scissors", "nonsense"] {
        dir.git(["config", "commit.cleanup", cleanup]);
        run(&dir).status(1).stderr_has("commit.cleanup has git keep comments");
    }
    for cleanup in ["strip", "default"] {
        dir.git(["config", "commit.cleanup", cleanup]);
        run(&dir).status(0);
    }
    let parameters = "'commit.cleanup'='verbatim'";
    dir.keysieve(["message", "msg"]).env("GIT_EDITOR", "vi").env("GIT_CONFIG_PARAMETERS", parameters).run().status(1);
}

#[test]
fn comments_begin_with_what_git_is_told() {
    let key = key();
    let dir = Dir::repository();
    let searched = |dir: &Dir, text: &str| {
        dir.write("msg", text).keysieve(["message", "msg"]).env("GIT_EDITOR", "vi").run().status
    };
    dir.git(["config", "core.commentChar", ";"]);
    assert_eq!(searched(&dir, &format!("subject\n; {key}\n")), Some(0));
    assert_eq!(searched(&dir, &format!("subject\n# {key}\n")), Some(1));
    dir.git(["config", "core.commentString", "//"]);
    assert_eq!(searched(&dir, &format!("subject\n// {key}\n")), Some(0), "the last one counts");
    assert_eq!(searched(&dir, &format!("subject\n; {key}\n")), Some(1));
    dir.git(["config", "core.commentString", "auto"]);
    assert_eq!(searched(&dir, &format!("subject\n# {key}\n")), Some(1), "git may have chosen another");
    assert_eq!(searched(&dir, &format!("subject\n# {key}\n# with '#' will be ignored\n")), Some(0));
}

#[test]
fn what_is_below_the_scissors_is_left_out() {
    let (key, diff) = (key(), "diff --git a/x b/x\n");
    message(&format!("subject\n{SCISSORS}{diff}-{key}\n"), "vi").status(0);
    message(&format!("subject\n{SCISSORS}{diff}-{key}\n"), ":").status(1).stdout_has("msg:6:2: ");
    message(&format!("subject\n{SCISSORS}{key}\n"), "vi").status(1);
}

#[test]
fn a_message_can_come_by_standard_input() {
    let dir = Dir::new();
    dir.keysieve(["message", "-"]).stdin(format!("a\nb {}", key())).run().status(1).stdout_has("<stdin>:2:3: ");
    dir.keysieve(["message", "-"]).run().status(0);
}

#[test]
fn reports_tell_that_it_was_a_message() {
    let dir = Dir::new();
    dir.write("msg", key());
    dir.keysieve(["message", "-f", "jsonl", "msg"])
        .run()
        .status(1)
        .stdout_has("\"origin\":\"message-file\"")
        .stdout_has("\"mode\":\"message\"");
}

#[test]
fn flags_of_every_search_hold_for_messages() {
    let dir = Dir::new();
    dir.write("msg", format!("a key: {}\n", key()));
    dir.keysieve(["message", "-q", "msg"]).run().status(1).stdout_is("").stderr_is("");
    dir.keysieve(["message", "--severity=critical", "msg"]).run().status(0).stdout_is("");
    dir.keysieve(["message", "--show-secrets", "msg"]).run().status(1).stdout_has(key());
    let large = dir.keysieve(["message", "--max-size", "4", "msg"]).run().status(3);
    large.stdout_has("msg: not read: its 28 bytes are more than the limit of 4");
}

#[test]
fn a_message_that_is_not_there_is_an_error() {
    let dir = Dir::new();
    dir.keysieve(["message", "no such"]).run().status(2).stderr_has("keysieve: error: no such: ");
    dir.keysieve(["message"]).run().status(2);
}

/// A repository whose commit-msg hook is ours and that has something staged.
fn hooked() -> Dir {
    let dir = Dir::repository();
    dir.keysieve(["hook", "install", "commit-msg"]).run().status(0);
    dir.write("file", "content\n").git(["add", "file"]);
    dir
}

/// An editor that puts `text` before what git wrote.
fn editor(dir: &Dir, text: &str) -> String {
    dir.write(".git/typed", text);
    dir.script(".git/editor", "cat .git/typed \"$1\" >.git/edited && cp .git/edited \"$1\"");
    dir.join(".git/editor").to_string_lossy().into_owned()
}

fn commits(dir: &Dir) -> usize {
    dir.try_git(["rev-list", "--count", "--all"]).run().status(0).stdout.trim().parse().expect("a number")
}

#[cfg(unix)]
#[test]
fn git_refuses_a_message_with_a_key() {
    let (dir, key) = (hooked(), key());
    let subject = format!("use {key}");
    dir.try_git(["commit", "--quiet", "--message", &subject]).run().status(1).stderr_is(format!(
        ".git/COMMIT_EDITMSG:1:5: aws-access-key-id (medium, probable: prefix) {}***************{}\n\
         1 finding in 1 file | 1 file, 25 B, TIME | complete\n\
         keysieve: refused: the message of the commit holds a secret, see above; \
         what was written is still in .git/COMMIT_EDITMSG\n\
         keysieve: note: KEYSIEVE_SKIP='the reason' in the environment lets it pass, and is logged\n",
        &key[..4],
        &key[19..],
    ));
    assert_eq!(commits(&dir), 0);
    dir.try_git(["commit", "--quiet", "--message", "clean"]).run().status(0).stderr_is("");
    dir.try_git(["commit", "--quiet", "--amend", "--message", &subject]).run().status(1);
    dir.write("msg", format!("from a file\n\n{key}\n"));
    dir.try_git(["commit", "--quiet", "--allow-empty", "--file", "msg"]).run().status(1);
    assert_eq!(commits(&dir), 1);
}

#[cfg(unix)]
#[test]
fn git_keeps_a_comment_of_a_message_that_is_given() {
    let (dir, text) = (hooked(), format!("subject\n\n# {}", key()));
    dir.try_git(["commit", "--quiet", "-m", &text]).run().status(1).stderr_has("line 3 looks like a comment, but git");
    dir.try_git(["commit", "--quiet", "--no-verify", "-m", &text]).run().status(0);
    assert!(dir.git(["log", "-1", "--format=%B"]).contains(&key()), "git kept it, so that it had to be refused");
}

#[cfg(unix)]
#[test]
fn git_strips_a_comment_of_a_message_that_is_edited() {
    let (dir, key) = (hooked(), key());
    let editor = editor(&dir, &format!("subject\n# {key}\n"));
    dir.try_git(["commit", "--quiet"]).env("GIT_EDITOR", &editor).run().status(0);
    assert!(!dir.git(["log", "-1", "--format=%B"]).contains(&key));
    for cleanup in ["scissors", "whitespace"] {
        let setting = format!("commit.cleanup={cleanup}");
        let amend = ["-c", setting.as_str(), "commit", "--quiet", "--amend", "--allow-empty"];
        dir.try_git(amend)
            .env("GIT_EDITOR", &editor)
            .run()
            .status(1)
            .stderr_has("commit.cleanup has git keep comments");
        dir.try_git(amend.into_iter().chain(["--no-verify"])).env("GIT_EDITOR", &editor).run().status(0);
        assert!(dir.git(["log", "-1", "--format=%B"]).contains(&key), "git kept it: {cleanup}");
    }
}

#[cfg(unix)]
#[test]
fn git_cuts_off_the_diff_that_it_shows() {
    let (dir, key) = (hooked(), key());
    dir.write("file", &key).git(["add", "file"]);
    let plain = editor(&dir, "subject\n");
    for flag in ["-v", "-vv"] {
        dir.write("file", format!("{key} changed")).write("other", flag).git(["add", "other"]);
        dir.try_git(["commit", "--quiet", flag]).env("GIT_EDITOR", &plain).run().status(0);
        assert_eq!(dir.git(["log", "-1", "--format=%B"]).trim(), "subject");
    }
    dir.write("third", "").git(["add", "third"]);
    let leaky = editor(&dir, &format!("subject {key}\n"));
    dir.try_git(["commit", "--quiet", "-v"]).env("GIT_EDITOR", leaky).run().status(1);
}

/// A message with its diff that is used once more: git does not cut it without `-v`.
#[cfg(unix)]
#[test]
fn git_keeps_the_diff_of_a_saved_message() {
    let (dir, key) = (hooked(), key());
    dir.write("saved", format!("subject\n{SCISSORS}diff --git a/x b/x\n+{key}\n"));
    let editor = editor(&dir, "");
    let commit = ["commit", "--quiet", "--edit", "--file", "saved"];
    dir.try_git(commit).env("GIT_EDITOR", &editor).run().status(1).stderr_has("COMMIT_EDITMSG:6:2: ");
    dir.try_git(commit.into_iter().chain(["--no-verify"])).env("GIT_EDITOR", &editor).run().status(0);
    assert!(dir.git(["log", "-1", "--format=%B"]).contains(&key), "git kept it");
}

#[cfg(unix)]
#[test]
fn git_chooses_a_character_for_comments() {
    let (dir, key) = (hooked(), key());
    dir.git(["config", "core.commentChar", "auto"]);
    let by_editor = editor(&dir, "");
    dir.write("template", format!("#1 is the subject\n\n{}\n", "more"));
    let commit = ["commit", "--quiet", "--edit", "--file", "template"];
    dir.try_git(commit).env("GIT_EDITOR", by_editor).run().status(0);
    assert_eq!(dir.git(["log", "-1", "--format=%s"]).trim(), "#1 is the subject");
    let leaky = editor(&dir, &format!("# {key}\n"));
    let amend = ["commit", "--quiet", "--amend", "--allow-empty"];
    dir.try_git(amend).env("GIT_EDITOR", &leaky).run().status(1).stderr_has("COMMIT_EDITMSG:1:3: ");
    dir.try_git(amend.into_iter().chain(["--no-verify"])).env("GIT_EDITOR", &leaky).run().status(0);
    assert!(dir.git(["log", "-1", "--format=%B"]).contains(&key), "git chose another character, and kept it");
}
