//! Findings that are known and accepted: baselines, allow files and comments, in repositories that git makes. A day in the
//! life of each, and what a change from outside can not do with them.

use crate::support::secrets::Maker;
use crate::support::{Dir, Outcome};

/// The fingerprints that a scan reports, in its order.
fn fingerprints(dir: &Dir) -> Vec<String> {
    let report = dir.keysieve(["scan", "--no-allow", "-f", "jsonl"]).run().stdout;
    let findings = report.lines().filter_map(|line| line.strip_prefix(r#"{"type":"finding","fingerprint":""#));
    findings.map(|rest| rest[..32].to_owned()).collect()
}

/// Nothing was found but what is accepted, so many times.
#[track_caller]
fn is_quiet(outcome: Outcome, suppressed: usize) {
    outcome.status(0).stdout_is("").stderr_has(format!("no findings, {suppressed} suppressed"));
}

fn entries(dir: &Dir, file: &str) -> Vec<String> {
    dir.read(file).lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn a_day_in_the_life_of_a_baseline() {
    let (dir, mut maker) = (Dir::repository(), Maker::new(501));
    let (old, weak, new) = (maker.github_token(), concat!("kW9#mP", "z2!vQx"), maker.github_token());
    dir.write("src/a.env", format!("TOKEN={old}\ndb_password = \"{weak}\"\n")).commit_all("first");
    dir.keysieve(["scan"]).run().status(1);

    let made = dir.keysieve(["baseline", "create"]).run().status(0).never_prints(&old).never_prints(weak);
    made.stdout_is("").stderr_has("2 entries added to .keysieve-baseline\n");
    let baseline = dir.read(".keysieve-baseline");
    assert!(!baseline.contains(weak) && !baseline.contains(&old) && !baseline.contains("a.env"), "{baseline}");
    is_quiet(dir.keysieve(["scan"]).run(), 2);
    dir.keysieve(["baseline", "create"]).run().status(2).stderr_has("there is a baseline already");
    dir.keysieve(["baseline", "diff"]).run().status(0).stdout_is("");

    // Lines that move, a file that is renamed, a history that is rewritten.
    dir.write("src/a.env", format!("# a line\n\ndb_password = \"{weak}\"\n\nTOKEN={old}\n")).commit_all("lines move");
    is_quiet(dir.keysieve(["scan"]).run(), 2);
    dir.git(["mv", "src/a.env", "b.env"]);
    is_quiet(dir.keysieve(["staged", "--whole-files"]).run(), 2);
    dir.commit_all("a file is renamed");
    is_quiet(dir.keysieve(["scan"]).run(), 2);
    dir.git(["checkout", "--quiet", "-b", "side", "HEAD~2"]);
    dir.write("other", "").commit_all("another root for the rest");
    dir.git(["rebase", "--quiet", "side", "main"]);
    is_quiet(dir.keysieve(["scan"]).run(), 2);
    let history = dir.keysieve(["history"]).run().status(0).stdout_is("");
    history.stderr_has("no findings, ").stderr_has(" suppressed");

    // A new secret on a line that has an accepted one.
    dir.write("b.env", format!("TOKEN={old} OTHER={new}\ndb_password = \"{weak}\"\n"));
    dir.keysieve(["scan"]).run().status(1).stdout_has("b.env:1:").stderr_has("1 finding in 1 file, 2 suppressed");
    dir.git(["add", "."]);
    dir.keysieve(["staged"]).run().status(1).stderr_has("1 finding in 1 file");
    dir.keysieve(["hook", "run", "pre-commit"]).run().status(1);
    assert_eq!(dir.read(".keysieve-baseline"), baseline, "a hook writes no file");
    let differs = dir.keysieve(["baseline", "diff"]).run().status(1);
    assert!(differs.stdout.starts_with("+ ") && differs.stdout.lines().count() == 1, "{}", differs.stdout);
    dir.keysieve(["baseline", "update"]).run().status(0).stderr_has("1 entry added to .keysieve-baseline\n");
    is_quiet(dir.keysieve(["scan"]).run(), 3);

    // What is gone is named, and goes.
    dir.write("b.env", format!("OTHER={new}\n"));
    let differs = dir.keysieve(["baseline", "diff"]).run().status(1);
    assert!(differs.stdout.starts_with("- ") && differs.stdout.lines().count() == 2, "{}", differs.stdout);
    dir.keysieve(["baseline", "prune"]).run().status(0).stderr_has("2 entries taken out of .keysieve-baseline\n");
    assert_eq!(entries(&dir, ".keysieve-baseline").len(), 1);
    is_quiet(dir.keysieve(["scan"]).run(), 1);
}

#[test]
fn a_baseline_is_made_of_what_any_verb_finds() {
    let (dir, mut maker) = (Dir::repository(), Maker::new(502));
    let (gone, there) = (maker.github_token(), maker.github_token());
    dir.write("a", &gone).commit_all("first");
    dir.write("a", &there).commit_all("second");
    let report = dir.keysieve(["history", "-f", "jsonl"]).run().status(1).stdout;
    let from =
        |report: &str| dir.keysieve(["baseline", "create", "--baseline", "b", "--from", "-"]).stdin(report).run();
    from(&report).status(0).stderr_has("2 entries added to b\n");
    is_quiet(dir.keysieve(["history", "--baseline", "b"]).run(), 2);
    is_quiet(dir.keysieve(["scan", "a"]).env("KEYSIEVE_BASELINE", "b").run(), 1);
    std::fs::remove_file(dir.join("b")).expect("it was made");
    from(report.lines().next().expect("a finding")).status(2).stderr_has("it was cut off");
    from("x").status(2).stderr_has("line 1 is no JSON");
    dir.keysieve(["baseline", "create", "--baseline", "b", "--history"]).run().status(0);
    assert_eq!(entries(&dir, "b").len(), 2);
    dir.keysieve(["baseline", "prune", "--baseline", "b"]).run().status(0).stderr_has("1 entry taken out of b\n");
    dir.keysieve(["baseline", "update", "--baseline", "c"]).run().status(2).stderr_has("there is no baseline c");
    Dir::new().keysieve(["baseline", "create"]).run().status(2).stderr_has("there is no work tree");
}

/// Makes the same file on main, and lets two branches add entries to it, by these lines of the files that they add.
fn merged(seed: u64, ours: &[String], theirs: &[String], attributes: bool) -> (Dir, Outcome) {
    let (dir, mut maker) = (Dir::repository(), Maker::new(seed));
    if attributes {
        dir.write(".gitattributes", ".keysieve-* merge=union\n");
    }
    dir.write("old", maker.github_token()).keysieve(["baseline", "create"]).run().status(0);
    dir.commit_all("first");
    for (branch, keys) in [("ours", ours), ("theirs", theirs)] {
        dir.git(["checkout", "--quiet", "-b", branch, "main"]);
        for (nth, key) in keys.iter().enumerate() {
            dir.write(format!("{branch}/{nth}"), key);
        }
        dir.keysieve(["baseline", "update"]).run().status(0);
        dir.commit_all(branch);
    }
    let merge = dir.try_git(["merge", "--quiet", "--no-edit", "ours"]).run();
    (dir, merge)
}

#[test]
fn branches_that_add_to_a_baseline_are_merged_by_git() {
    let mut maker = Maker::new(503);
    let keys: Vec<String> = (0..4).map(|_| maker.github_token()).collect();
    let (dir, merge) = merged(504, &keys[..2], &keys[2..], false);
    merge.status(0);
    is_quiet(dir.keysieve(["scan"]).run(), 5);
    let lines = entries(&dir, ".keysieve-baseline");
    assert!(lines.len() == 5 && lines.is_sorted(), "{lines:?}");
    // The same entry on both sides is one.
    let (dir, merge) = merged(505, &keys[..2], &keys[1..3], false);
    merge.status(0);
    assert_eq!(entries(&dir, ".keysieve-baseline").len(), 4);
}

/// Entries with the same first byte, between the same neighbours, are what git alone cannot merge.
#[test]
fn the_driver_union_merges_what_git_alone_cannot() {
    let mut maker = Maker::new(506);
    let mut by_byte = std::collections::BTreeMap::<String, Vec<String>>::new();
    let dir = Dir::repository();
    // Of more than 256 keys two have the same first byte.
    let keys: Vec<String> = (0..60).map(|_| maker.github_token()).collect();
    for key in &keys {
        dir.write("key", key);
        by_byte.entry(fingerprints(&dir)[0][..2].to_owned()).or_default().push(key.clone());
    }
    let two = by_byte.into_values().find(|keys| keys.len() > 1).expect("sixty keys are enough for this seed");
    let (_, merge) = merged(507, &two[..1], &two[1..2], false);
    merge.status(1);
    let (dir, merge) = merged(507, &two[..1], &two[1..2], true);
    merge.status(0);
    is_quiet(dir.keysieve(["scan"]).run(), 3);
}

#[test]
fn a_conflict_that_is_not_resolved_is_an_error() {
    let dir = Dir::repository();
    dir.write(".keysieve-baseline", "# 00\n<<<<<<< HEAD\n").write("a", "");
    let outcome = dir.keysieve(["scan"]).run().status(2);
    outcome.stderr_has(".keysieve-baseline:2: a conflict of a merge that is not resolved");
    dir.write(".keysieve-baseline", "").write(".keysieve-allow", "x\n");
    dir.keysieve(["staged"]).run().status(2).stderr_has(".keysieve-allow:1: an entry begins with the fingerprint");
    dir.keysieve(["scan", "--no-allow"]).run().status(0);
    dir.keysieve(["scan", "--allow-file", "nowhere"]).run().status(2).stderr_has("reading nowhere");
}

#[cfg(unix)]
#[test]
fn a_link_says_nothing_of_what_is_accepted() {
    let dir = Dir::repository();
    dir.write("a", "");
    std::os::unix::fs::symlink("a", dir.join(".keysieve-allow")).expect("links can be made");
    dir.keysieve(["scan"]).run().status(2).stderr_has(".keysieve-allow is no file");
}

#[test]
fn a_day_in_the_life_of_an_allow_file() {
    let (dir, mut maker) = (Dir::repository(), Maker::new(508));
    let (one, two) = (maker.github_token(), maker.github_token());
    dir.write("tests/a.env", format!("A={one}\n")).commit_all("first");
    let print = &fingerprints(&dir)[0];
    let add =
        |more: &[&str]| dir.keysieve([&["allow", "add", print, "--reason", "a \"test\" key"], more].concat()).run();
    add(&[]).status(0).stdout_is("").stderr_is(format!("{print} added to .keysieve-allow\n"));
    is_quiet(dir.keysieve(["scan"]).run(), 1);
    dir.keysieve(["allow", "list"]).run().status(0).stdout_is(format!("{print} reason=\"a \\\"test\\\" key\"\n"));
    dir.keysieve(["allow", "check"]).run().status(0).stdout_is("");

    // A second value beside it.
    dir.write("tests/a.env", format!("A={one} B={two}\n"));
    dir.keysieve(["scan"])
        .run()
        .status(1)
        .stdout_has("tests/a.env:1:46: ")
        .stderr_has("1 finding in 1 file, 1 suppressed");

    // Only where it is said, and as long as it is said.
    dir.write("tests/a.env", format!("A={one}\n"));
    add(&["--path", "tests/", "--owner", "the team", "--until", "2999-12-31"]).status(0);
    assert_eq!(entries(&dir, ".keysieve-allow").len(), 2, "an entry for another path is another entry");
    let lines = dir.read(".keysieve-allow");
    let everywhere =
        lines.lines().find(|line| line.starts_with(print.as_str()) && !line.contains("path=")).expect("it is there");
    dir.write(".keysieve-allow", lines.replace(&format!("{everywhere}\n"), ""));
    is_quiet(dir.keysieve(["scan"]).run(), 1);
    let shown = dir.keysieve(["scan", "--show-suppressed", "-f", "jsonl"]).run().status(0).stdout;
    let suppression =
        r#""suppression":{"kind":"allow","reason":"a \"test\" key","owner":"the team","until":"2999-12-31"}"#;
    assert!(shown.contains(suppression) && shown.contains(r#""suppressed_by":{"allow":1}"#), "{shown}");
    dir.write("src/a.env", format!("A={one}\n"));
    dir.keysieve(["scan"]).run().status(1).stdout_has("src/a.env:1:3: ").never_prints("tests/a.env");
    dir.commit_all("a copy");
    // One object under both paths: not allowed.
    dir.keysieve(["history"]).run().status(1).stderr_has("1 finding in 1 object");
    std::fs::remove_dir_all(dir.join("src")).expect("it was made");
    dir.write("tests/a.env", "");
    dir.keysieve(["allow", "check"]).run().status(1).stdout_has(".keysieve-allow:").stdout_has("matches nothing: ");
    dir.write("tests/a.env", format!("A={one}\n"));
    dir.write(".keysieve-allow", format!("{print} reason=old until=2020-01-31\n"));
    dir.keysieve(["scan", "-f", "jsonl"]).run().status(1).stdout_has(r#"{"key":"allowed-until","value":"2020-01-31"}"#);
    dir.keysieve(["allow", "check", "--history"])
        .run()
        .status(1)
        .stdout_is(format!(".keysieve-allow:1: has come to its end: {print} reason=old until=2020-01-31\n"));
    dir.keysieve(["allow", "list"]).run().status(0).stdout_has("# has come to its end");
}

/// The same fingerprint holds for every verb, also for what has no path.
#[test]
fn an_entry_holds_in_messages_and_on_standard_input() {
    let (dir, token) = (Dir::repository(), Maker::new(518).github_token());
    dir.write("a", &token).keysieve(["baseline", "create"]).run().status(0);
    dir.write("message", format!("use {token}\n"));
    is_quiet(dir.keysieve(["message", "message"]).run(), 1);
    dir.keysieve(["hook", "run", "commit-msg", "message"]).run().status(0).stdout_is("");
    is_quiet(dir.keysieve(["scan", "-"]).stdin(token.as_str()).run(), 1);
    dir.keysieve(["message", "message", "--no-allow"]).run().status(1);
    let print = fingerprints(&dir).remove(0);
    dir.write(".keysieve-baseline", "").write(".keysieve-allow", format!("{print} reason=why path=message\n"));
    dir.keysieve(["message", "message"]).run().status(1).stdout_has("message:1:5: github-pat");
}

#[test]
fn an_entry_that_would_be_none_is_not_written() {
    let (dir, token) = (Dir::repository(), Maker::new(509).github_token());
    let print = "0".repeat(32);
    let add = |args: &[&str]| dir.keysieve([&["allow", "add"], args].concat()).run().status(2);
    add(&[&print]).stderr_has("--reason");
    add(&["abc", "--reason", "a"]).stderr_has("32 lower-case hexadecimal digits");
    add(&[&print, "--reason", " "]).stderr_has("there is no reason");
    add(&[&print, "--reason", "a\nb"]).stderr_has("on one line");
    add(&[&print, "--reason", "a", "--until", "2020-02-30"]).stderr_has("until is no day");
    add(&[&print, "--reason", "a", "--until", "2020-01-01"]).stderr_has("that day is over");
    add(&[&print, "--reason", "a", "--path", "!b"]).stderr_has("no pattern of paths");
    add(&[&print, "--reason", &token]).stderr_has("looks like a secret itself").never_prints(&token);
    assert_eq!(dir.names(), [".git"]);
    dir.keysieve(["allow", "add", &print, "--reason", "a", "--allow-file", "b"]).run().status(0);
    dir.keysieve(["allow", "add", &print, "--reason", "c", "--allow-file", "b"])
        .run()
        .status(0)
        .stderr_has("replaced in b");
    assert_eq!(entries(&dir, "b"), [format!("{print} reason=c")]);
}

#[test]
fn comments_of_other_scanners_count_only_if_they_are_listed() {
    let (dir, mut maker) = (Dir::repository(), Maker::new(510));
    let markers = [
        "gitleaks:allow",
        "betterleaks:allow",
        "pragma: allowlist secret",
        "trufflehog:ignore",
        "ggignore",
        "kingfisher:ignore",
    ];
    for (nth, marker) in markers.iter().enumerate() {
        dir.write(format!("{nth}"), format!("a = {} # {marker}\n", maker.github_token()));
    }
    dir.write("next", format!("# keysieve:allow-next-line\na = {}\n", maker.github_token()));
    dir.write("pragma", format!("# pragma: allowlist nextline secret\na = {}\n", maker.github_token()));
    dir.keysieve(["scan"]).run().status(1).stderr_has("7 findings in 7 files, 1 suppressed");
    let some = dir.keysieve(["scan", "--allow-markers", "gitleaks:allow,pragma: allowlist secret"]).run().status(1);
    some.stderr_has("4 findings in 4 files, 4 suppressed");
    is_quiet(dir.keysieve(["scan"]).env("KEYSIEVE_ALLOW_MARKERS", &markers.join(",")).run(), 8);
    let refused = dir.keysieve(["scan", "--allow-markers", "nosec"]).run().status(2);
    refused.stderr_has("it is none of 'gitleaks:allow'");
    dir.keysieve(["scan", "--no-allow"]).run().status(1).stderr_has("8 findings in 8 files | ");
}

#[test]
fn what_is_accepted_is_shown_if_asked_for_and_never_fails() {
    let (dir, mut maker) = (Dir::repository(), Maker::new(511));
    let (one, two) = (maker.github_token(), maker.github_token());
    dir.write("a", format!("{two}\n")).keysieve(["baseline", "create"]).run().status(0);
    dir.write("b", format!("{one} # keysieve:allow made up\n"));
    let text =
        dir.keysieve(["scan", "--show-suppressed", "--stats"]).run().status(0).never_prints(&one).never_prints(&two);
    let text = text.stdout_has("a:1:1: github-pat (accepted by a baseline) ghp_");
    let text = text
        .stdout_has("b:1:1: github-pat (accepted by a comment: made up) ghp_")
        .stderr_has("no findings, 2 suppressed");
    text.stderr_has("1 of them accepted by a comment").stderr_has("1 of them accepted by a baseline");
    let sarif = dir.keysieve(["scan", "-f", "sarif"]).env("KEYSIEVE_SHOW_SUPPRESSED", "1").run().status(0).stdout;
    for suppression in [
        r#""suppressions":[{"justification":"Accepted by a baseline.","kind":"external","status":"accepted"}]"#,
        r#""suppressions":[{"justification":"made up","kind":"inSource","status":"accepted"}]"#,
    ] {
        assert!(sarif.contains(suppression), "{sarif}");
    }
    dir.keysieve(["scan", "-f", "sarif"]).run().status(0).never_prints("suppressions");
    dir.keysieve(["scan", "-f", "jsonl"]).run().status(0).never_prints(r#""type":"finding""#);
}

#[test]
fn a_change_from_outside_is_judged_by_the_files_of_its_base() {
    let (dir, mut maker) = (Dir::repository(), Maker::new(512));
    let (old, new) = (maker.github_token(), maker.github_token());
    dir.write("old", format!("{old}\n")).keysieve(["baseline", "create"]).run().status(0);
    dir.commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    // What the base accepts is accepted in a new place.
    dir.write("new", format!("{old}\n")).commit_all("a copy");
    let diff = || dir.keysieve(["diff", "main"]).run();
    is_quiet(diff(), 1);
    // What the change accepts itself is not, and is told.
    dir.write("new", format!("{new}\n")).keysieve(["baseline", "update"]).run().status(0);
    dir.commit_all("a secret with its entry");
    is_quiet(dir.keysieve(["scan"]).run(), 2);
    let told = ".keysieve-baseline:";
    let outcome = diff().status(1).stdout_has("new:1:1: github-pat").stdout_has(told).never_prints(&new);
    outcome
        .stdout_has("keysieve-suppression-added (low, certain: baseline) 1 entry")
        .stderr_has("2 findings in 2 files");
    dir.keysieve(["diff", "main", "--no-allow"]).run().status(1).never_prints("keysieve-suppression-added");
    // Nor is it if a flag names the file.
    let named = dir.keysieve(["diff", "main", "--baseline", ".keysieve-baseline"]).run().status(1);
    named.stdout_has("new:1:1: github-pat").stdout_has("keysieve-suppression-added");
    // Outside of the work tree no change can come near it.
    let outside = Dir::new();
    outside.write("baseline", dir.read(".keysieve-baseline"));
    let path = outside.join("baseline").display().to_string();
    let trusted = dir.keysieve(["diff", "main", "--baseline", &path]).run().status(0);
    trusted.stdout_is("").stderr_has("no findings, 2 suppressed");
}

#[test]
fn a_change_that_widens_what_is_accepted_is_told_of() {
    let (dir, token) = (Dir::repository(), Maker::new(513).github_token());
    dir.write("tests/a", format!("{token}\n"));
    let print = fingerprints(&dir).remove(0);
    let entry = |fields: &str| format!("{print} reason=why {fields}\n");
    dir.write(".keysieve-allow", entry("path=tests/ until=2999-06-30")).commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    let change = |fields: &str| {
        dir.write(".keysieve-allow", format!("# edited\n{}", entry(fields))).commit_all("a change");
        dir.keysieve(["diff", "main"]).run().status(0)
    };
    for narrower in ["path=tests/ until=2999-06-29", "path=tests/ until=2999-06-30 owner=me"] {
        change(narrower).stdout_is("");
    }
    for wider in ["path=tests/", "until=2999-06-30", "path=tests/ until=2999-07-01", "path=src/ until=2999-06-30"] {
        let told = ".keysieve-allow:2:1: keysieve-suppression-added (low, certain: allow) 1 entry\n";
        change(wider).stdout_is(told).stderr_has("1 finding in 1 file");
    }
    dir.keysieve(["diff", "main", "--strict-suppressions"]).run().status(1);
    dir.keysieve(["hook", "run", "pre-push", "origin", "url"])
        .env("KEYSIEVE_STRICT_SUPPRESSIONS", "1")
        .stdin(format!(
            "refs/heads/side {} refs/heads/main {}\n",
            dir.git(["rev-parse", "side"]).trim(),
            dir.git(["rev-parse", "main"]).trim()
        ))
        .run()
        .status(1)
        .stdout_has("keysieve-suppression-added");
    let sarif = dir.keysieve(["diff", "main", "-f", "sarif"]).run().status(0).stdout;
    assert!(sarif.contains(r#""uri":".keysieve-allow""#), "{sarif}");
    // A secret that only the reason holds is masked like any other.
    let other = Maker::new(514).github_token();
    dir.write(".keysieve-allow", format!("{print} reason=\"as {other}\"\n")).commit_all("a secret in a reason");
    dir.keysieve(["diff", "main", "-f", "jsonl"]).run().status(1).never_prints(&other);
}

/// A branch that is new is judged by where most changes end up; with nothing to judge it by, nothing is accepted.
#[test]
fn a_new_branch_is_judged_by_the_main_branch() {
    let (server, dir, mut maker) = (Dir::new(), Dir::repository(), Maker::new(515));
    server.git(["init", "--quiet", "--bare", "--initial-branch=main"]);
    let (known, new) = (maker.github_token(), maker.github_token());
    dir.write("a", &known).keysieve(["baseline", "create"]).run().status(0);
    dir.commit_all("first");
    let id = dir.git(["rev-parse", "HEAD"]);
    let zeros = "0".repeat(40);
    server.git(["fetch", "--quiet", &dir.path().display().to_string(), &format!("{}:refs/incoming", id.trim())]);
    let receive = |new: &str, name: &str| {
        let line = format!("{zeros} {} {name}\n", new.trim());
        server.keysieve(["hook", "run", "pre-receive"]).stdin(line).run()
    };
    server.git(["update-ref", "-d", "refs/incoming"]);
    receive(&id, "refs/heads/main").status(1).stdout_has("a:1:1: github-pat").stdout_has("keysieve-suppression-added");
    server.git(["update-ref", "refs/heads/main", id.trim()]);
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("b", format!("{known}\n")).commit_all("the same elsewhere");
    let push = |dir: &Dir| {
        let id = dir.git(["rev-parse", "HEAD"]);
        server.git(["fetch", "--quiet", &dir.path().display().to_string(), &format!("{}:refs/incoming", id.trim())]);
        server.git(["update-ref", "-d", "refs/incoming"]);
        receive(&id, "refs/heads/side")
    };
    push(&dir).status(0);
    dir.write("b", format!("{new}\n")).keysieve(["baseline", "update"]).run().status(0);
    dir.commit_all("a new secret with its entry");
    push(&dir).status(1).stdout_has("b:1:1: github-pat").stdout_has(".keysieve-baseline:");
}

/// What the base has is read line by line: one that is broken does not keep the change from being judged.
#[test]
fn a_broken_file_of_the_base_is_told_of() {
    let (dir, token) = (Dir::repository(), Maker::new(516).github_token());
    dir.write("a", &token);
    let print = fingerprints(&dir).remove(0);
    dir.write(".keysieve-allow", format!("nonsense\n{print} reason=why\n")).commit_all("first");
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write(".keysieve-allow", format!("{print} reason=why\n")).write("b", format!("{token}\n")).commit_all("mended");
    let outcome = dir.keysieve(["diff", "main"]).run().status(0).stdout_is("");
    outcome.stderr_has(".keysieve-allow:1 of the base does not count: an entry begins");
}

/// Where a CI system says that this is a pull request, the files on disk are the change's.
#[test]
fn in_a_pull_request_every_verb_reads_the_base() {
    let (dir, mut maker) = (Dir::repository(), Maker::new(517));
    dir.write("a", maker.github_token()).keysieve(["baseline", "create"]).run().status(0);
    dir.commit_all("first");
    dir.git(["update-ref", "refs/remotes/origin/main", "HEAD"]);
    dir.write("b", maker.github_token()).keysieve(["baseline", "update"]).run().status(0);
    is_quiet(dir.keysieve(["scan"]).run(), 2);
    let request = |verb: &str| dir.keysieve([verb]).env("GITHUB_BASE_REF", "main").run();
    let scanned =
        request("scan").status(1).stdout_has("b:1:1: github-pat").stderr_has("2 findings in 2 files, 1 suppressed");
    scanned.stdout_has("keysieve-suppression-added (low, certain: baseline)");
    dir.git(["add", "."]);
    request("staged").status(1).stdout_has("b:1:1: github-pat");
    let unknown = dir.keysieve(["scan"]).env("CHANGE_TARGET", "elsewhere").run().status(1);
    unknown.stdout_has("a:1:1: github-pat").stderr_has("what its base accepts is not known here");
}
