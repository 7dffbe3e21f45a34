//! Where reports go: files that appear whole or not at all, and a pipe that may break.

use std::fs;
use std::io::{BufRead, BufReader};

use crate::support::Dir;

#[test]
fn a_report_replaces_the_file_and_leaves_nothing_else() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n").write("report", "the last one");
    dir.keysieve(["scan", "clean.txt", "--format=jsonl", "--output=report"]).run().status(0).stdout_is("");
    assert_ne!(dir.read("report"), "the last one");
    assert_eq!(dir.names(), ["clean.txt", "report"]);
}

#[test]
fn a_run_that_fails_leaves_the_last_report_alone() {
    let dir = Dir::new();
    dir.write("report", "the last one");
    dir.keysieve(["scan", "missing", "-o", "report"]).run().status(2);
    assert_eq!(dir.read("report"), "the last one");
    assert_eq!(dir.names(), ["report"]);
}

#[test]
fn a_directory_that_is_missing_is_named() {
    let dir = Dir::new();
    dir.keysieve(["scan", "-o", "no/such/report.txt"])
        .run()
        .status(2)
        .stdout_is("")
        .stderr_is("keysieve: error: cannot write a report to no/such/report.txt: there is no directory no/such\n");
    dir.keysieve(["scan", "--format=sarif=no/report"]).run().status(2).stderr_has("there is no directory no\n");
    assert_eq!(dir.names(), [""; 0]);
}

#[test]
fn a_directory_is_no_report() {
    let dir = Dir::new();
    dir.write("there/file", "");
    dir.keysieve(["scan", "-o", "there"])
        .run()
        .status(2)
        .stderr_is("keysieve: error: cannot write a report to there: it is a directory\n");
}

#[test]
fn several_reports_need_places_of_their_own() {
    let dir = Dir::new();
    for (args, message) in [
        (&["-f", "text", "-f", "sarif"][..], "only one report fits on standard output"),
        (&["-f", "text", "-f", "sarif", "-o", "a"], "--output is for a single report"),
        (&["-f", "sarif=b", "-o", "a"], "--output names a file, but each --format has one of its own"),
        (&["-f", "text=a", "-f", "sarif=a"], "two reports would be written to a"),
        (&["-f", "text=-", "-f", "sarif=-"], "two reports would be written to standard output"),
    ] {
        dir.keysieve(["scan"].into_iter().chain(args.iter().copied())).run().status(2).stderr_has(message);
    }
    assert_eq!(dir.names(), [""; 0]);
}

#[test]
fn one_run_writes_many_reports() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    dir.keysieve(["scan", "clean.txt", "-f", "sarif=x.sarif", "-f", "text", "-f", "jsonl=x.jsonl"]).run().status(0);
    assert_eq!(dir.names(), ["clean.txt", "x.jsonl", "x.sarif"]);
}

#[test]
fn the_environment_names_format_and_file() {
    let dir = Dir::new();
    dir.write("clean.txt", "nothing here\n");
    dir.keysieve(["scan"])
        .env("KEYSIEVE_FORMAT", "sarif")
        .env("KEYSIEVE_OUTPUT", "x.sarif")
        .run()
        .status(0)
        .stdout_is("");
    assert_eq!(dir.names(), ["clean.txt", "x.sarif"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_and_a_device_is_written_to() {
    let dir = Dir::new();
    dir.write("real", "the last one");
    std::os::unix::fs::symlink("real", dir.join("link")).unwrap();
    dir.keysieve(["scan", "real", "-f", "jsonl", "-o", "link"]).run().status(0);
    assert!(dir.join("link").is_symlink());
    assert_ne!(dir.read("real"), "the last one");
    dir.keysieve(["scan", "real", "-o", "/dev/null"]).run().status(0);
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}

/// What lies in a checkout of a pull request is the work of whoever made that.
#[cfg(unix)]
#[test]
fn a_link_of_a_pull_request_does_not_lead_a_report_elsewhere() {
    let (dir, outside) = (Dir::new(), Dir::new());
    outside.write(".bashrc", "mine");
    for leads_to in [".bashrc", "new"] {
        let _ = fs::remove_file(dir.join("keysieve.sarif"));
        std::os::unix::fs::symlink(outside.join(leads_to), dir.join("keysieve.sarif")).unwrap();
        let scan = dir.keysieve(["scan", ".", "-f", "sarif=keysieve.sarif", "-f", "jsonl=/dev/null"]);
        scan.env("CHANGE_ID", "7").run().status(0);
        assert!(dir.join("keysieve.sarif").is_file() && !dir.join("keysieve.sarif").is_symlink());
        assert_eq!((outside.names(), outside.read(".bashrc").as_str()), (vec![".bashrc".to_owned()], "mine"));
    }
}

#[cfg(unix)]
#[test]
fn a_report_has_the_permissions_of_any_file_unless_it_shows_secrets() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Dir::new();
    let mode = |name| fs::metadata(dir.join(name)).unwrap().permissions().mode() & 0o777;
    dir.write("plain", "");
    dir.keysieve(["scan", "plain", "-o", "masked"]).run().status(0);
    dir.keysieve(["scan", "plain", "-o", "clear", "--show-secrets"]).run().status(0);
    assert_eq!(mode("masked"), mode("plain"));
    assert_eq!(mode("clear"), 0o600);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let dir = Dir::new();
    dir.keysieve(["man"]).run().status(0);
    dir.write("clean.txt", "nothing here\n");
    dir.keysieve(["scan", "clean.txt", "-f", "jsonl", "-o", "/dev/full"])
        .run()
        .status(2)
        .stderr_has("keysieve: error: writing the report to /dev/full: No space left on device");
}

#[test]
fn a_broken_pipe_is_no_error() {
    let dir = Dir::new();
    let mut child = dir.keysieve(["man"]).start();
    let mut first = String::new();
    // Reads one line and closes the pipe, as `head -1` does.
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
