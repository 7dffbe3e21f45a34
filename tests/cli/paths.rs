//! What `scan` looks at: paths, lists of paths, ignore files, standard input, and what is said when that is nothing.

use crate::support::Dir;
use crate::support::secrets::Maker;

#[test]
fn an_empty_directory_is_said_to_be_empty() {
    Dir::new().keysieve(["scan"]).run().status(0).stdout_is("").stderr_is("nothing was scanned: no input\n");
}

#[test]
fn a_path_that_is_missing_is_an_error() {
    Dir::new()
        .keysieve(["scan", "no/such/file"])
        .run()
        .status(2)
        .stdout_is("")
        .stderr_is("keysieve: error: no/such/file: No such file or directory (os error 2)\n");
}

#[test]
fn standard_input_is_a_document() {
    let token = Maker::new(11).github_token();
    let dir = Dir::new();
    dir.keysieve(["scan", "-"]).stdin(format!("token = {token}\n")).run().status(1).stdout_has("github-");
    dir.keysieve(["scan", "-"]).stdin("nothing here\n").run().status(0).stdout_is("");
}

#[test]
fn files_that_are_ignored_are_left_out_unless_asked_for() {
    let token = Maker::new(12).github_token();
    let dir = Dir::repository();
    dir.write(".gitignore", "*.log\n").write("build.log", &token).write("clean.txt", "nothing here\n");
    dir.commit_all("add clean files");
    dir.keysieve(["scan"]).run().status(0).stdout_is("");
    dir.keysieve(["scan", "--no-ignore"]).run().status(1).stdout_has("build.log:1:1:");
    dir.keysieve(["scan", "build.log"]).run().status(1).stdout_has("build.log:1:1:");
}

#[test]
fn a_tracked_file_is_searched_though_an_ignore_file_names_it() {
    let token = Maker::new(13).github_token();
    let dir = Dir::repository();
    dir.write("build.log", &token);
    dir.commit_all("add the log");
    dir.write(".gitignore", "*.log\n");
    dir.keysieve(["scan"]).run().status(1).stdout_has("build.log:1:1:");
}

#[test]
fn paths_come_from_a_list() {
    let mut maker = Maker::new(14);
    let dir = Dir::new();
    dir.write("a.txt", maker.github_token())
        .write("b c.txt", maker.github_token())
        .write("d.txt", maker.github_token());
    let lines = "a.txt\nb c.txt\n";
    dir.write("list", lines).write("list0", lines.replace('\n', "\0"));
    for outcome in [
        dir.keysieve(["scan", "--files-from", "list"]).run(),
        dir.keysieve(["scan", "--files-from=-"]).stdin(lines).run(),
        dir.keysieve(["scan", "--files-from=list0", "--null"]).run(),
        dir.keysieve(["scan", "--files-from=list0", "-0"]).run(),
    ] {
        outcome.status(1).stdout_has("a.txt:1:1:").stdout_has("b c.txt:1:1:").never_prints("d.txt");
    }
    dir.keysieve(["scan", "--files-from=list", "d.txt"])
        .run()
        .status(1)
        .stdout_has("a.txt:1:1:")
        .stdout_has("d.txt:1:1:");
}

#[test]
fn an_empty_list_searches_nothing_and_says_so() {
    let dir = Dir::new();
    dir.write("token.txt", Maker::new(15).github_token());
    dir.keysieve(["scan", "--files-from=-"]).run().status(0).stderr_is("nothing was scanned: no input\n");
}

#[test]
fn a_list_that_cannot_be_read_is_an_error() {
    let dir = Dir::new();
    dir.keysieve(["scan", "--files-from=missing"]).run().status(2).stderr_has("reading the list of paths in missing: ");
    dir.keysieve(["scan", "--files-from=-"]).stdin("a\0b\0").run().status(2).stderr_has("--null");
}

#[test]
fn a_file_above_the_limit_is_not_read_and_that_is_said() {
    let dir = Dir::new();
    dir.write("large.txt", "x\n".repeat(4096)).write("small.txt", "x\n");
    dir.keysieve(["scan", "--max-size=8K"]).run().status(0);
    let outcome = dir.keysieve(["scan", "--max-size", "4K"]).run().status(3).stderr_has("INCOMPLETE");
    assert!(format!("{}{}", outcome.stdout, outcome.stderr).contains("large.txt"), "{outcome:?}");
}
