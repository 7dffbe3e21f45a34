//! `--scan-history`: what is found in it, and how often it is told.

use super::session::{Session, found};

#[test]
fn what_is_staged_before_the_first_commit_is_found() {
    let session = Session::new();
    session.write("f", "forbidden\n").git("add f").status(0);
    session.secrets(["--scan-history"]).status(1).stderr_has("f:1:forbidden\n");
}

#[test]
fn an_empty_history_and_a_clean_one_are_clean() {
    let session = Session::new();
    session.secrets(["--scan-history"]).status(0).stderr_is("");
    session.write("f", "fine\n").git("add f").status(0);
    session.git("commit --quiet -m fine").status(0);
    session.secrets(["--scan-history"]).status(0).stderr_is("");
}

/// Commits `text` as the file and with the message of this name.
fn commit(session: &Session, name: &str, text: &str) -> String {
    session.write(name, text).git("add --all").status(0);
    session.git(&format!("commit --quiet --message {name}")).status(0);
    session.git("rev-parse HEAD").stdout.trim().to_owned()
}

#[test]
fn a_line_is_told_once_by_the_commit_that_brought_it() {
    let session = Session::new();
    let first = commit(&session, "f", "forbidden\n");
    commit(&session, "g", "fine\n");
    commit(&session, "f", "moved down\nforbidden\n");
    commit(&session, "f", "fine\n");
    session.secrets(["--scan"]).status(0);
    session.secrets(["--scan-history"]).status(1).stderr_is(found(&[&format!("{first}:f:1:forbidden")]));
}

#[test]
fn every_path_of_a_content_is_told_and_allowed_by_itself() {
    let session = Session::new();
    let first = commit(&session, "tests/f", "forbidden\n");
    session.git("config secrets.allowed ^[0-9a-f]*:tests/").status(0);
    session.secrets(["--scan-history"]).status(1).stderr_is(found(&["tests/f:1:forbidden"]));
    session.git("config secrets.allowed tests/").status(0);
    session.secrets(["--scan-history"]).status(0);
    let second = commit(&session, "src/f", "forbidden\n");
    let line = format!("{second}:src/f:1:forbidden");
    session.secrets(["--scan-history"]).status(1).stderr_is(found(&[&line])).never_prints(first);
}

#[test]
fn other_branches_stashes_and_what_no_branch_has_are_looked_at() {
    let session = Session::new();
    commit(&session, "start", "fine\n");
    session.git("checkout --quiet -b other").status(0);
    commit(&session, "branch", "forbidden branch\n");
    session.git("checkout --quiet main").status(0);
    session.write("start", "forbidden stash\n").git("stash --quiet").status(0);
    commit(&session, "lost", "forbidden lost\n");
    session.git("reset --quiet --hard HEAD~1").status(0);
    let outcome = session.secrets(["--scan-history"]).status(1);
    for text in ["branch:1:forbidden branch", "start:1:forbidden stash", "lost:1:forbidden lost"] {
        assert!(outcome.stderr.contains(&format!(":{text}\n")), "{text}: {}", outcome.stderr);
    }
}

#[test]
fn what_a_merge_brought_in_by_itself_is_found() {
    let session = Session::new();
    commit(&session, "start", "fine\n");
    session.git("checkout --quiet -b other").status(0);
    commit(&session, "f", "fine\n");
    session.git("checkout --quiet main").status(0);
    commit(&session, "g", "fine\n");
    session.git("merge --quiet --no-ff --no-commit other").status(0);
    let merge = commit(&session, "evil", "forbidden\n");
    session.secrets(["--scan-history"]).status(1).stderr_is(found(&[&format!("{merge}:evil:1:forbidden")]));
}

#[test]
fn messages_of_commits_and_tags_are_looked_at() {
    let session = Session::new();
    session.run("git", ["commit", "--quiet", "--allow-empty", "-m", "fine\n\nforbidden body"]).status(0);
    session.run("git", ["tag", "-a", "v1", "-m", "a forbidden tag"]).status(0);
    let (commit, tag) = (session.git("rev-parse HEAD").stdout, session.git("rev-parse v1").stdout);
    let lines = [
        format!("{}:(message):4:forbidden body", commit.trim()),
        format!("{}:(message):2:a forbidden tag", tag.trim()),
    ];
    session.secrets(["--scan-history"]).status(1).stderr_is(found(&[&lines[0], &lines[1]]));
}

#[test]
fn binary_files_text_in_utf_16_and_attributes_hide_nothing() {
    let session = Session::new();
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("forbidden".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    session
        .write(".gitattributes", "* -diff\n")
        .write("binary", b"\0\nforbidden\nforbidden \x1b\n")
        .write("wide", wide);
    let commit = commit(&session, "plain", "forbidden\n");
    let lines = [
        format!("{commit}:binary: binary file matches"),
        format!("{commit}:plain:1:forbidden"),
        format!("{commit}:wide:1:forbidden"),
    ];
    session.secrets(["--scan-history"]).status(1).stderr_is(found(&[&lines[0], &lines[1], &lines[2]]));
}

#[test]
fn packed_objects_and_bare_repositories_are_read() {
    let session = Session::new();
    let first = commit(&session, "f", "forbidden\n");
    commit(&session, "f", "fine\n");
    session.git("gc --quiet").status(0);
    let line = format!("{first}:f:1:forbidden");
    session.secrets(["--scan-history"]).status(1).stderr_is(found(&[&line]));
    session.git("clone --quiet --bare . bare").status(0);
    session.git("-C bare config secrets.patterns forbidden").status(0);
    session.git("-C bare secrets --scan-history").status(1).stderr_is(found(&[&line]));
    session.git("-C bare secrets --scan").status(128).stderr_is("fatal: this operation must be run in a work tree\n");
}

#[test]
fn what_was_only_ever_staged_is_found() {
    let session = Session::new();
    commit(&session, "f", "fine\n");
    session.write("f", "forbidden\n").git("add f").status(0);
    let blob = session.git("rev-parse :f").stdout;
    session.write("f", "fine\n").git("add f").status(0);
    let line = format!("{}:(in no commit):1:forbidden", blob.trim());
    session.secrets(["--scan-history"]).status(1).stderr_is(found(&[&line]));
}

#[test]
fn replacements_hide_nothing() {
    let session = Session::new();
    let bad = commit(&session, "f", "forbidden\n");
    let fine = commit(&session, "f", "fine\n");
    session.git(&format!("replace {bad} {fine}")).status(0);
    session.secrets(["--scan-history"]).status(1).stderr_has(format!("{bad}:f:1:forbidden\n"));
}
