//! `--scan` in all its forms.

use super::session::{Session, found};

#[test]
fn a_named_file_is_shown_by_the_name_that_was_given() {
    let session = Session::new();
    session.write("d/a b", "fine\n@todo this\nis forbidden, right?\r\n");
    let path = session.dir.join("d/a b");
    let path = path.to_str().expect("test directories are UTF-8");
    let lines = [format!("{path}:2:@todo this"), format!("{path}:3:is forbidden, right?\r")];
    session.secrets(["--scan", path]).status(1).stdout_is("").stderr_is(found(&[&lines[0], &lines[1]]));
    session.secrets(["--scan", "./d/a b"]).status(1).stderr_has("./d/a b:2:@todo this\n");
}

#[test]
fn clean_files_print_nothing() {
    let session = Session::new();
    session.write("clean", "forbiddenness is a word of its own\n");
    session.secrets(["--scan", "clean"]).status(0).stdout_is("").stderr_is("");
}

#[test]
fn a_file_that_is_missing_is_said_beside_what_was_found_elsewhere() {
    let session = Session::new();
    session.write("bad", "forbidden\n");
    let missing = "git-secrets: /no/such/file: No such file or directory (os error 2)\n";
    session.secrets(["--scan", "/no/such/file"]).status(2).stderr_is(missing);
    session.secrets(["--scan", "/no/such/file", "bad"]).status(2).stderr_has(missing).stderr_has("bad:1:forbidden\n");
}

#[test]
fn standard_input_is_a_file() {
    let session = Session::new();
    session.direct("", "--scan -", b"fine\n").status(0).stderr_is("");
    let lines = found(&["(standard input):2:forbidden"]);
    session.direct("", "--scan -", b"fine\nforbidden").status(1).stderr_is(lines);
}

#[test]
fn a_directory_is_searched_only_if_that_is_asked_for() {
    let session = Session::new();
    session.write("d/z", "forbidden\n").write("d/deep/a", "forbidden\n").write("d/b", "fine\n");
    session.secrets(["--scan", "d"]).status(0);
    session.secrets(["--scan", "-r", "d"]).status(1).stderr_is(found(&["d/deep/a:1:forbidden", "d/z:1:forbidden"]));
    session.secrets(["--scan", "-r", "d/"]).status(1).stderr_has("d/z:1:forbidden\n");
}

#[test]
fn without_files_it_is_the_tracked_ones_as_they_are_on_disk() {
    let session = Session::new();
    session
        .write("b", "forbidden\n")
        .write("a/x", "forbidden\n")
        .write("untracked", "forbidden\n")
        .write("gone", "x\n");
    session.git("add a b gone").status(0);
    session.write("b", "fine now\n").write("a/x", "also\nforbidden\n");
    std::fs::remove_file(session.dir.join("gone")).expect("it is there");
    session.secrets(["--scan"]).status(1).stderr_is(found(&["a/x:2:forbidden"]));
    session.secrets(["--scan", "-r"]).status(1).stderr_is(found(&["a/x:2:forbidden"]));
    session.secrets(["--scan", "--cached"]).status(1).stderr_is(found(&["a/x:1:forbidden", "b:1:forbidden"]));
    session.direct("a", "--scan", b"").status(1).stderr_is(found(&["x:2:forbidden"]));
    session.direct("a", "--scan --cached ../b", b"").status(1).stderr_is(found(&["../b:1:forbidden"]));
}

#[test]
fn pathspecs_choose_among_what_git_tracks() {
    let session = Session::new();
    session.write("a.rs", "forbidden\n").write("d/b.rs", "forbidden\n").write("d/c.txt", "forbidden\n");
    session.git("add .").status(0);
    let cached = |spec: &str, lines: &[&str]| {
        session.secrets(["--scan", "--cached", spec]).status(1).stderr_is(found(lines));
    };
    cached("d", &["d/b.rs:1:forbidden", "d/c.txt:1:forbidden"]);
    cached("*.rs", &["a.rs:1:forbidden", "d/b.rs:1:forbidden"]);
    cached(":(exclude)*.rs", &["d/c.txt:1:forbidden"]);
    session.secrets(["--scan", "--cached", "nothing"]).status(0);
    session.secrets(["--scan", "--cached", ":(attr:x)d"]).status(128).stderr_has("this magic is not supported");
}

#[test]
fn untracked_and_ignored_files_are_searched_if_asked_for() {
    let session = Session::new();
    session.write(".gitignore", "*.log\n").write("new", "forbidden\n").write("x.log", "forbidden\n");
    session.write("old.log", "forbidden\n").git("add -f .gitignore old.log").status(0);
    let (new, old, ignored) = ("new:1:forbidden", "old.log:1:forbidden", "x.log:1:forbidden");
    session.secrets(["--scan"]).status(1).stderr_is(found(&[old]));
    session.secrets(["--scan", "--untracked"]).status(1).stderr_is(found(&[new, old]));
    session.secrets(["--scan", "--no-index"]).status(1).stderr_is(found(&[new, old, ignored]));
    session.secrets(["--scan", "--no-index", "new"]).status(1).stderr_is(found(&[new]));
}

#[test]
fn names_are_quoted_as_git_does_it_and_never_lost() {
    let session = Session::new();
    for name in ["caf\u{e9}", "a\tb", "q\"q", "n\nn", "back\\slash", ":x", ":(x", "-dash", " s p "] {
        session.write(name, "forbidden\n");
    }
    session.git("add --all").status(0);
    let mut lines = [
        "\"caf\\303\\251\":1:forbidden",
        "\"a\\tb\":1:forbidden",
        "\"q\\\"q\":1:forbidden",
        "\"n\\nn\":1:forbidden",
        "\"back\\\\slash\":1:forbidden",
        ":x:1:forbidden",
        ":(x:1:forbidden",
        "-dash:1:forbidden",
        " s p :1:forbidden",
    ];
    lines.sort_by_key(|line| line.trim_start_matches('"').replace("\\t", "\t").replace("\\n", "\n"));
    session.secrets(["--scan"]).status(1).stderr_is(found(&lines));
    session.git("config core.quotePath false").status(0);
    session.secrets(["--scan"]).status(1).stderr_has("caf\u{e9}:1:forbidden\n");
}

#[test]
fn binary_files_are_left_out_and_text_in_utf_16_is_not() {
    let session = Session::new();
    let utf16 = "fine\nforbidden \u{e9}\n".encode_utf16().flat_map(u16::to_le_bytes);
    session.write("binary", b"forbidden\n\0").write("late", [&b"x\n".repeat(4000)[..], b"\0\nforbidden\n"].concat());
    session.write("wide", [0xff, 0xfe].into_iter().chain(utf16).collect::<Vec<u8>>());
    session.git("add .").status(0);
    let lines = found(&["late:4002:forbidden", "wide:2:forbidden \u{e9}"]);
    session.secrets(["--scan"]).status(1).stderr_is(&lines);
    session.secrets(["--scan", "binary", "late", "wide"]).status(1).stderr_is(&lines);
}

#[test]
fn attributes_of_the_repository_hide_nothing() {
    let session = Session::new();
    session.write(".gitattributes", "* -diff -text binary filter=x\n").write("bad", "forbidden\n");
    session.git("add .").status(0);
    session.secrets(["--scan"]).status(1).stderr_is(found(&["bad:1:forbidden"]));
    session.secrets(["--scan", "--cached"]).status(1).stderr_is(found(&["bad:1:forbidden"]));
}

#[test]
fn programs_that_the_repository_names_are_not_run() {
    let session = Session::new();
    session.write(".gitattributes", "* filter=x diff=x merge=x\n").write("bad", "forbidden\n").git("add .").status(0);
    session.git("commit --quiet -m start").status(0);
    session.write("bad", "forbidden again\n").git("add .").status(0);
    for key in ["core.fsmonitor", "core.pager", "core.editor", "diff.x.textconv", "diff.x.command", "diff.external"] {
        session.run("git", ["config", key, "touch was-run"]).status(0);
    }
    for key in ["filter.x.clean", "filter.x.smudge", "filter.x.process", "merge.x.driver", "core.sshCommand"] {
        session.run("git", ["config", key, "touch was-run"]).status(0);
    }
    for mode in ["--scan", "--scan --cached", "--scan --untracked", "--scan-history", "--pre_commit_hook"] {
        session.direct("", mode, b"").status(1).stderr_has("bad:1:forbidden");
    }
    assert!(!session.dir.join("was-run").exists());
}

#[test]
fn links_are_not_searched() {
    let session = Session::new();
    session.write("outside/bad", "forbidden\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("outside/bad", session.dir.join("link")).expect("links can be made");
    session.git("add link").status(0);
    session.secrets(["--scan"]).status(0);
}

#[test]
fn a_line_of_any_length_and_any_bytes_is_printed_whole() {
    let session = Session::new();
    let long = [&b"x ".repeat(400_000)[..], b"forbidden"].concat();
    session.write("long", [&long[..], b"\n\nforbidden"].concat());
    let outcome = session.secrets(["--scan", "long"]).status(1).stderr_has("\nlong:3:forbidden\n");
    assert!(outcome.stderr.starts_with(&format!("long:1:{}\n", String::from_utf8_lossy(&long))));
}

#[test]
fn many_files_are_told_in_their_order() {
    let session = Session::new();
    let names: Vec<String> = (0..100).map(|n| format!("f{n:03}")).collect();
    for name in &names {
        session.write(name, "forbidden\n");
    }
    session.git("add .").status(0);
    let lines: Vec<String> = names.iter().map(|name| format!("{name}:1:forbidden")).collect();
    let lines = found(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    session.secrets(["--scan"]).status(1).stderr_is(&lines);
    session.secrets(["--scan", "--cached"]).status(1).stderr_is(&lines);
    session.secrets(["--scan", "--untracked"]).status(1).stderr_is(&lines);
}

#[test]
fn outside_of_a_repository_files_can_be_searched_and_nothing_else() {
    let session = Session::new();
    session.home.write(".gitconfig", "[secrets]\n\tpatterns = forbidden\n").write("bad", "forbidden\n");
    let program = super::session::program();
    let run = |arguments: &[&str]| {
        let mut command = session.command(program.as_os_str(), session.home.path());
        command.args(arguments);
        super::session::finish(command, format!("git-secrets {arguments:?}"), b"")
    };
    run(&["--scan", "bad"]).status(1).stderr_is(found(&["bad:1:forbidden"]));
    run(&["--scan", "--no-index", "b*"]).status(1).stderr_is(found(&["bad:1:forbidden"]));
    for arguments in [&["--scan"][..], &["--scan", "--cached"], &["--scan-history"], &["--pre_commit_hook"]] {
        run(arguments).status(128).stderr_has("fatal: not a git repository");
    }
}
