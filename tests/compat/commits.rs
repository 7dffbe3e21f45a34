//! Commits and merges, made by git, with the hooks installed.

use super::session::{Session, found};

#[test]
fn a_commit_with_a_prohibited_word_does_not_happen() {
    let session = Session::with_hooks();
    session.write("data.txt", "@todo more\n").write("fine.txt", "fine\n").write("z/bad", "so forbidden\n");
    session.git("add .").status(0);
    session.git("commit -m message").status(1).stderr_is(found(&["data.txt:1:@todo more", "z/bad:1:so forbidden"]));
    session.git("rev-parse --verify --quiet HEAD").status(1);
}

#[test]
fn names_of_every_kind_are_looked_at() {
    let names = ["a b", "caf\u{e9}", "tab\there", "qu\"ote", "new\nline", "back\\slash", ":x", ":(x", "-dash", "*"];
    for name in names {
        let session = Session::with_hooks();
        session.write(name, "forbidden\n").git("add --all").status(0);
        session.git("commit -m message").status(1).stderr_has(":1:forbidden\n");
    }
}

#[test]
fn what_is_staged_counts_and_not_what_is_on_disk() {
    let session = Session::with_hooks();
    session.write("f", "forbidden\n").git("add f").status(0);
    session.write("f", "fine on disk\n");
    session.git("commit -m message").status(1).stderr_is(found(&["f:1:forbidden"]));
    session.git("add f").status(0);
    session.write("f", "forbidden on disk\n");
    session.git("commit --quiet -m message").status(0);
}

#[test]
fn files_that_the_commit_does_not_touch_do_not_count() {
    let session = Session::with_hooks();
    session.write("old", "forbidden\n").write("d/e/old", "forbidden\n").write("gone", "fine\n");
    session.git("add .").status(0);
    session.git("commit --quiet --no-verify -m old").status(0);
    session.write("d/e/new", "fine\n").git("add .").status(0);
    session.git("commit --quiet -m new").status(0);
    session.git("commit --quiet --allow-empty -m empty").status(0);
    session.git("rm --quiet gone").status(0);
    session.git("commit --quiet -m removed").status(0);
    session.write("old", "forbidden\nand an edit elsewhere\n");
    session.git("commit -am edit").status(1).stderr_is(found(&["old:1:forbidden"]));
}

#[test]
fn every_way_to_commit_is_covered() {
    let session = Session::with_hooks();
    session.write("f", "fine\n").write("g", "fine\n").git("add .").status(0);
    session.git("commit --quiet -m start").status(0);
    session.write("f", "forbidden\n");
    session.git("commit -a -m all").status(1).stderr_is(found(&["f:1:forbidden"]));
    session.git("commit -m path f").status(1).stderr_is(found(&["f:1:forbidden"]));
    session.git("add f").status(0);
    session.git("commit --amend --no-edit").status(1).stderr_is(found(&["f:1:forbidden"]));
    session.write("g", "fine, too\n").git("add g").status(0);
    session.git("commit --quiet -m other g").status(0);
}

#[cfg(unix)]
#[test]
fn a_link_that_becomes_a_file_is_looked_at() {
    let session = Session::with_hooks();
    std::os::unix::fs::symlink("nowhere", session.dir.join("f")).expect("links can be made");
    session.git("add f").status(0);
    session.git("commit --quiet -m link").status(0);
    std::fs::remove_file(session.dir.join("f")).expect("it is there");
    session.write("f", "forbidden\n").git("add f").status(0);
    session.git("commit -m file").status(1).stderr_is(found(&["f:1:forbidden"]));
}

#[test]
fn a_renamed_file_and_a_file_in_the_place_of_a_directory_are_looked_at() {
    let session = Session::with_hooks();
    session.write("d/f", "forbidden\n").git("add .").status(0);
    session.git("commit --quiet --no-verify -m start").status(0);
    session.git("mv d/f moved").status(0);
    session.git("commit -m moved").status(1).stderr_is(found(&["moved:1:forbidden"]));
    std::fs::remove_dir(session.dir.join("d")).expect("git has left it there, empty");
    session.git("mv moved d").status(0);
    session.git("commit -m file").status(1).stderr_is(found(&["d:1:forbidden"]));
}

#[test]
fn a_repository_with_long_ids_and_one_with_submodules_work() {
    let session = Session::with_hooks();
    session.run("git", ["init", "--quiet", "--object-format=sha256", "long"]).status(0);
    session.run("git", ["-C", "long", "config", "secrets.patterns", "forbidden"]).status(0);
    session.secrets(["--install", "long"]).status(0);
    session.write("long/f", "forbidden\n").git("-C long add f").status(0);
    session.git("-C long commit -m message").status(1).stderr_is(found(&["f:1:forbidden"]));
    session.git("-C long commit --quiet --no-verify -m message").status(0);
    session.git("-C long commit --quiet --allow-empty -m message").status(0);
    session.git("add long").status(0);
    session.git("commit --quiet -m submodule").status(0);
}

#[test]
fn a_large_index_is_read_where_it_changed() {
    let session = Session::with_hooks();
    for n in 0..300 {
        session.write(format!("d{}/e{}/f{n}", n % 7, n % 5), format!("fine {n}\n"));
    }
    session.git("add .").status(0);
    session.git("commit --quiet -m start").status(0);
    session.write("d3/e2/f17", "forbidden\n").write("d3/e2/new", "forbidden\n").write("d9/f", "forbidden\n");
    session.git("add .").status(0);
    let lines = ["d3/e2/f17:1:forbidden", "d3/e2/new:1:forbidden", "d9/f:1:forbidden"];
    session.git("commit -m message").status(1).stderr_is(found(&lines));
}

#[test]
fn a_message_is_looked_at_as_it_is() {
    let session = Session::with_hooks();
    session.write("f", "fine\n").git("add f").status(0);
    let line = ".git/COMMIT_EDITMSG:1:@todo in the message";
    session.run("git", ["commit", "-m", "@todo in the message"]).status(1).stderr_is(found(&[line]));
    let line = ".git/COMMIT_EDITMSG:2:# forbidden";
    session.run("git", ["commit", "-m", "fine\n# forbidden"]).status(1).stderr_is(found(&[line]));
    session.run("git", ["commit", "--quiet", "-m", "fine"]).status(0);
    session.direct("", "--commit_msg_hook missing", b"").status(2).stderr_has("No such file");
}

/// A branch `feature` beside `main`, with a commit that a hook would have refused.
fn with_a_bad_branch(first: &str, then: &str) -> Session {
    let session = Session::with_hooks();
    session.write("f", "fine\n").git("add .").status(0);
    session.git("commit --quiet -m start").status(0);
    session.git("checkout --quiet -b feature").status(0);
    session.write("f", first).git("commit --quiet --no-verify -am first").status(0);
    session.write("f", then).git("commit --quiet --no-verify -am then").status(0);
    session.git("checkout --quiet main").status(0);
    session
}

#[test]
fn a_merge_that_brings_in_a_prohibited_word_is_refused() {
    let session = with_a_bad_branch("forbidden\n", "fine again\n");
    let id = session.git("rev-parse feature~1").stdout;
    let line = format!("{}:f:1:forbidden\n", id.trim());
    session.git("merge --no-ff feature").status(1).stderr_has(line).stderr_has(super::session::ADVICE);
    session.git("log --format=%s").stdout_is("start\n");
    let session = with_a_bad_branch("fine too\n", "fine again\n");
    session.git("merge --no-ff --quiet feature").status(0);
}

#[test]
fn a_merge_that_takes_a_prohibited_word_away_is_not() {
    let session = Session::with_hooks();
    session.write("f", "forbidden\nline\n").git("add .").status(0);
    session.git("commit --quiet --no-verify -m start").status(0);
    session.git("checkout --quiet -b feature").status(0);
    session.write("f", "forbidden\nother line\n").git("commit --quiet --no-verify -am edit").status(0);
    session.write("f", "other line\n").git("commit --quiet --no-verify -am remove").status(0);
    session.git("checkout --quiet main").status(0);
    session.git("merge --no-ff --quiet feature").status(0);
}

#[test]
fn every_head_of_a_merge_is_looked_at_and_head_may_be_detached() {
    let session = with_a_bad_branch("fine too\n", "fine again\n");
    session.git("checkout --quiet -b other").status(0);
    session.write("g", "forbidden\n").git("add .").status(0);
    session.git("commit --quiet --no-verify -m other").status(0);
    session.git("checkout --quiet --detach main").status(0);
    session.git("merge --no-ff feature other").status(1).stderr_has(":g:1:forbidden\n").never_prints("fatal");
}

#[test]
fn a_message_on_the_branch_is_looked_at() {
    let session = with_a_bad_branch("fine too\n", "fine again\n");
    session.git("checkout --quiet feature").status(0);
    session.run("git", ["commit", "--quiet", "--no-verify", "--allow-empty", "-m", "a forbidden message"]).status(0);
    session.git("checkout --quiet main").status(0);
    session.git("merge --no-ff feature").status(1).stderr_has(":(message):2:a forbidden message\n");
}

#[test]
fn what_main_has_already_is_not_held_against_a_merge() {
    let session = Session::with_hooks();
    session.write("f", "forbidden\n").git("add .").status(0);
    session.git("commit --quiet --no-verify -m start").status(0);
    session.git("checkout --quiet -b feature").status(0);
    session.write("g", "fine\n").git("add g").status(0);
    session.git("commit --quiet -m feature").status(0);
    session.git("checkout --quiet main").status(0);
    session.git("merge --no-ff --quiet feature").status(0);
}

#[test]
fn other_kinds_of_messages_are_not_prepared() {
    let session = with_a_bad_branch("forbidden\n", "fine\n");
    for arguments in ["file", "file message", "file merge HEAD", "file commit HEAD"] {
        session.direct("", &format!("--prepare_commit_msg_hook -- {arguments}"), b"").status(0).stderr_is("");
    }
}
