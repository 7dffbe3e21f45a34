//! `history`: everything that a repository ever held, in repositories that git makes, each test a session with real git.

use serde_json::Value;

use crate::support::secrets::Maker;
use crate::support::{Dir, Outcome};

fn token(seed: u64) -> String {
    Maker::new(seed).github_token()
}

/// A repository with a commit that holds nothing.
fn repository() -> Dir {
    let dir = Dir::repository();
    dir.write("README", "nothing here\n").commit_all("first");
    dir
}

fn history(dir: &Dir) -> Outcome {
    dir.keysieve(["history"]).run()
}

/// The only finding, in JSON.
#[track_caller]
fn finding(dir: &Dir) -> Value {
    let stdout = dir.keysieve(["history", "--format", "jsonl"]).run().status(1).stdout;
    let lines: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let findings: Vec<&Value> = lines.iter().filter(|line| line["type"] == "finding").collect();
    assert_eq!(findings.len(), 1, "{stdout}");
    findings[0].clone()
}

fn id(dir: &Dir, revision: &str) -> String {
    dir.git(["rev-parse", revision]).trim().to_owned()
}

#[test]
fn what_was_taken_away_is_found_with_its_commit() {
    let (dir, token) = (repository(), token(501));
    dir.write("src/deploy.sh", format!("#!/bin/sh\nexport TOKEN={token}\n")).commit_all("deploy script");
    dir.write("src/deploy.sh", format!("#!/bin/sh\nexport TOKEN={token}\nset -x\n")).commit_all("show what is done");
    dir.write("src/deploy.sh", "#!/bin/sh\n").commit_all("take it away");
    let found = history(&dir).status(1).never_prints(&token);
    found.stdout_has("src/deploy.sh:2:14: github-").stderr_has("1 finding in 2 objects | 8 objects,");
    let finding = finding(&dir);
    let introduction = &finding["introduction"];
    assert_eq!(introduction["commit"], id(&dir, "HEAD~2"));
    assert_eq!(introduction["summary"], "deploy script");
    assert_eq!(introduction["author"], "A. Author");
    assert_eq!(introduction["date"], "2024-05-02");
    assert_eq!(introduction["last_commit"], id(&dir, "HEAD~1"));
    assert_eq!(introduction["refs"], serde_json::json!(["refs/heads/main"]));
    assert_eq!((&introduction["in_head"], &introduction["unreachable"]), (&Value::from(false), &Value::from(false)));
    let objects: Vec<&Value> =
        finding["occurrences"].as_array().expect("a list").iter().map(|place| &place["object"]).collect();
    let versions = ["HEAD~2:src/deploy.sh", "HEAD~1:src/deploy.sh"].map(|version| id(&dir, version));
    assert_eq!(objects, versions.iter().collect::<Vec<_>>(), "the first version comes first");
}

#[test]
fn a_clean_history_is_complete() {
    let dir = Dir::repository();
    history(&dir).status(0).stdout_is("").stderr_is("nothing was scanned: no input\n");
    dir.write("a", "nothing\n").commit_all("first");
    history(&dir).status(0).stdout_is("").stderr_is("no findings | 2 objects, 180 B, TIME | complete\n");
}

#[test]
fn archives_in_a_history_are_told_once_whatever_they_hold() {
    let dir = repository();
    let archive = format!("PK\x03\x04\x14\0\0\0\0\0{}\n", "stored, not compressed\n".repeat(40));
    dir.write("one.zip", &archive).write("again.zip", &archive).commit_all("an archive");
    dir.write("one.zip", format!("{archive}TOKEN={}\n", token(519))).commit_all("another");
    history(&dir).status(1).stderr_has("| complete, 2 archives not opened");
    dir.git(["repack", "-adfq"]);
    history(&dir).status(1).stderr_has("| complete, 2 archives not opened");
}

#[test]
fn what_no_file_holds_is_found() {
    let (dir, tokens) = (repository(), [511, 512, 513, 514].map(token));
    dir.git(["commit", "--quiet", "--allow-empty", "--message", &format!("use {}", tokens[0])]);
    dir.git(["tag", "--annotate", "v1", "--message", &format!("made with {}", tokens[1])]);
    dir.git(["notes", "add", "--message", &format!("see {}", tokens[2])]);
    dir.git(["branch", &format!("try/{}", tokens[3])]);
    let found = tokens.iter().fold(history(&dir).status(1), |found, token| found.never_prints(token));
    let commit = id(&dir, "HEAD~0");
    found
        .stdout_has(format!("commit {}:", &commit[..12]))
        .stdout_has(format!("tag {}:", &id(&dir, "v1^{tag}")[..12]))
        .stdout_has("(a ref's name): github-")
        .stdout_has(format!("{commit}:1:5: github-"))
        .stderr_has("4 findings in 4 objects");
}

#[test]
fn names_of_files_and_directories_are_content() {
    let (dir, tokens) = (repository(), [515, 516].map(token));
    let [file, directory] = [format!("backup/{}.txt", tokens[0]), format!("of/{}", tokens[1])];
    dir.write(&file, "nothing\n").write(format!("{directory}/deep/er"), "nothing either\n").commit_all("odd names");
    dir.write(format!("{directory}/deep/er"), "nothing new\n").commit_all("another version");
    dir.git(["rm", "--quiet", "-r", "backup", "of"]);
    dir.commit_all("take them away");
    let found = tokens.iter().fold(history(&dir).status(1), |found, token| found.never_prints(token));
    found
        .stdout_has("backup/****")
        .stdout_has(".txt (its name): github-")
        .stdout_has("of/****")
        .stdout_has("(its name): github-")
        .stderr_has("2 findings in 2 objects");
    let stdout = dir.keysieve(["history", "--format", "jsonl"]).run().status(1).stdout;
    let lines: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    for finding in lines.iter().filter(|line| line["type"] == "finding") {
        let introduction = &finding["introduction"];
        assert_eq!(introduction["commit"], id(&dir, "HEAD~2"));
        assert_eq!(introduction["last_commit"], id(&dir, "HEAD~1"));
        assert_eq!(introduction["in_head"], false);
        assert_eq!(finding["occurrences"].as_array().expect("a list").len(), 1, "one for all versions");
    }
}

#[test]
fn a_name_that_is_packed_as_a_difference_is_content() {
    let (dir, token) = (repository(), token(517));
    let name = |number: i32| format!("many/file{number}");
    for number in 0..200 {
        dir.write(name(number), format!("{number}\n"));
    }
    dir.commit_all("many");
    dir.write(format!("many/{token}"), "odd\n").commit_all("odd name");
    dir.write(name(7), "changed\n").commit_all("go on");
    dir.git(["repack", "-adf", "--quiet"]);
    let introduction = &finding(&dir)["introduction"];
    assert_eq!((&introduction["commit"], &introduction["in_head"]), (&id(&dir, "HEAD~1").into(), &true.into()));
}

#[test]
fn what_no_branch_leads_to_is_found() {
    let (dir, tokens) = (repository(), [521, 522, 523].map(token));
    dir.write("stashed", &tokens[0]).git(["add", "--all"]);
    dir.git(["stash", "--quiet"]);
    dir.write("undone", &tokens[1]).commit_all("to be undone");
    dir.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    dir.write("staged", &tokens[2]).git(["add", "staged"]);
    let staged = id(&dir, ":staged");
    dir.git(["rm", "--quiet", "--cached", "staged"]);
    let found = history(&dir).status(1).stderr_has("3 findings").stderr_has("complete");
    found
        .stdout_has("stashed:1:1: github-")
        .stdout_has("undone:1:1: github-")
        .stdout_has(format!("object {}:1:1: github-", &staged[..12]));
}

#[test]
fn a_commit_that_nothing_leads_to_is_named_as_such() {
    let dir = repository();
    dir.write("lost", token(531)).commit_all("to be lost");
    let lost = id(&dir, "HEAD");
    dir.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    assert_eq!(finding(&dir)["introduction"]["unreachable"], false, "the reflog leads there");
    dir.git(["reflog", "expire", "--expire=all", "--all"]);
    dir.git(["update-ref", "-d", "ORIG_HEAD"]);
    let introduction = &finding(&dir)["introduction"];
    assert_eq!((&introduction["unreachable"], &introduction["commit"]), (&true.into(), &lost.into()));
    assert_eq!(introduction["refs"], serde_json::json!([]));
}

#[test]
fn a_merge_that_brings_in_what_no_parent_has_is_the_one() {
    let dir = repository();
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("side", "on the side\n").commit_all("side");
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("main", "on main\n").commit_all("main");
    dir.git(["merge", "--quiet", "--no-commit", "side"]);
    dir.write("evil", token(541)).git(["add", "evil"]);
    dir.git(["commit", "--quiet", "--message", "merge"]);
    let introduction = &finding(&dir)["introduction"];
    assert_eq!((&introduction["commit"], &introduction["in_head"]), (&id(&dir, "HEAD").into(), &true.into()));
}

#[test]
fn what_was_put_back_is_still_there_and_came_with_the_first() {
    let dir = repository();
    dir.write("key", token(551)).commit_all("add");
    dir.git(["revert", "--no-edit", "HEAD"]);
    assert_eq!(finding(&dir)["introduction"]["in_head"], false);
    dir.git(["revert", "--no-edit", "HEAD"]);
    let introduction = &finding(&dir)["introduction"];
    assert_eq!((&introduction["commit"], &introduction["in_head"]), (&id(&dir, "HEAD~2").into(), &true.into()));
}

#[test]
fn every_path_is_told() {
    let dir = repository();
    dir.write("b/key", token(561)).commit_all("add");
    dir.git(["mv", "b", "a"]);
    dir.commit_all("move the directory");
    dir.write("copy", dir.read("a/key")).commit_all("copy");
    assert_eq!(finding(&dir)["introduction"]["paths"], serde_json::json!(["b/key", "a/key", "copy"]));
}

#[test]
fn a_file_that_only_a_tag_stands_for_is_found() {
    let dir = repository();
    let blob = dir.git_with(&[], ["hash-object", "-w", "--stdin"], &token(571));
    dir.git(["tag", "key", blob.trim()]);
    let finding = finding(&dir);
    let place = &finding["occurrences"][0];
    assert_eq!((&finding["introduction"], &place["path"]), (&Value::Null, &Value::Null));
    assert_eq!((&place["origin"], &place["object"]), (&"object".into(), &blob.trim().into()));
}

#[test]
fn a_key_store_is_known_by_its_name() {
    let dir = repository();
    // A sequence, version 3, as the format begins.
    dir.write("keys/store.p12", b"\x30\x82\x0a\x00\x02\x01\x03\x30\x82").commit_all("add");
    dir.git(["rm", "--quiet", "keys/store.p12"]);
    dir.commit_all("delete");
    let finding = finding(&dir);
    assert_eq!(finding["occurrences"][0]["path"], "keys/store.p12");
    assert_eq!(finding["introduction"]["commit"], id(&dir, "HEAD~1"));
}

#[test]
fn kinds_of_file_count_as_in_a_work_tree() {
    let (dir, password) = (repository(), "correct-horse-battery-9");
    let text = format!("password = {password}\n");
    dir.write("settings.ini", &text).write("notes.po", &text).commit_all("add");
    let scanned = dir.keysieve(["scan"]).run().stdout;
    let swept = history(&dir).stdout;
    assert_eq!(swept.lines().count(), scanned.lines().count(), "{swept}\n{scanned}");
}

#[test]
fn neither_replacements_nor_grafts_hide_anything() {
    let dir = repository();
    dir.write("key", token(581)).commit_all("add");
    let bad = id(&dir, "HEAD");
    let (key, readme) = (id(&dir, "HEAD:key"), id(&dir, "HEAD:README"));
    dir.git(["replace", &bad, "HEAD~1"]);
    dir.git(["replace", &key, &readme]);
    assert_eq!(finding(&dir)["introduction"]["commit"], bad);
}

#[test]
fn sarif_has_a_category_and_the_commit() {
    let dir = repository();
    dir.write("key", token(591)).commit_all("add");
    dir.git(["rm", "--quiet", "key"]);
    dir.commit_all("delete");
    dir.git(["commit", "--quiet", "--allow-empty", "--message", &token(592)]);
    let log = dir.keysieve(["history", "--format=sarif"]).run().status(1).stdout;
    let log: Value = serde_json::from_str(&log).expect("a log is JSON");
    let run = &log["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "keysieve/history/");
    let results = run["results"].as_array().expect("a list");
    let of = |uri: &str| {
        let uri_of = |result: &Value| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].clone();
        results.iter().find(|result| uri_of(result) == uri).unwrap_or_else(|| panic!("no {uri} in {results:?}"))
    };
    let properties = &of("key")["properties"];
    assert_eq!(properties["commit"], id(&dir, "HEAD~2"));
    assert_eq!(properties["lastCommit"], id(&dir, "HEAD~2"));
    assert_eq!((&properties["stillPresent"], &properties["paths"][0]), (&false.into(), &"key".into()));
    assert!(of("key")["partialFingerprints"]["primaryLocationLineHash"].is_string());
    let message = of(&format!("commit/{}", id(&dir, "HEAD")));
    assert_eq!(message["properties"]["stillPresent"], true);
    assert_eq!(message["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"], Value::Null);
}

#[test]
fn it_needs_a_repository() {
    let dir = Dir::new();
    history(&dir).status(2).stderr_has("there is no git repository here");
    dir.keysieve(["history", "--repo", "nowhere"]).run().status(2).stderr_has("there is no such directory");
}

#[test]
fn two_runs_print_the_same_with_any_number_of_threads() {
    let dir = repository();
    for seed in 600..640 {
        dir.write(format!("d{}/f{seed}", seed % 3), token(seed)).git(["add", "--all"]);
    }
    dir.commit_all("many");
    dir.git(["mv", "d1", "e"]);
    dir.commit_all("move");
    let run = |threads: &str| dir.keysieve(["history", "--format=jsonl", "--threads", threads]).run().status(1).stdout;
    assert_eq!(run("1"), run("4"));
}

/// A repository with a token in each of four commits, of which the last two are on `side`: A, B; C, D.
fn four() -> (Dir, [String; 4]) {
    let (dir, tokens) = (Dir::repository(), [611, 612, 613, 614].map(token));
    for (nth, token) in tokens.iter().enumerate() {
        if nth == 2 {
            dir.git(["checkout", "--quiet", "-b", "side"]);
        }
        dir.write(format!("{}.txt", ["a", "b", "c", "d"][nth]), token).git(["add", "--all"]);
        let date = format!("2024-0{}-01T12:00:00Z", nth + 1);
        dir.git_with(&[("GIT_COMMITTER_DATE", &date)], ["commit", "--quiet", "--message", "one more"], "");
    }
    (dir, tokens)
}

#[test]
fn some_commits_are_searched_for_what_they_add() {
    let (dir, _) = four();
    for (args, expected) in [
        (&["main..side"][..], "c d"),
        (&["main.."], "c d"),
        (&["side", "^main"], "c d"),
        (&["main"], "a b"),
        (&["HEAD~2..HEAD~1"], "c"),
        (&["--all", "--not", "main"], "c d"),
        (&["--all"], "a b c d"),
        (&["--refs", "refs/heads/m*"], "a b"),
        (&["--refs=side"], "a b c d"),
        (&["--since", "2024-02-01"], "b c d"),
        (&["--since", "2024-03-01T12:00:01Z"], "d"),
        (&["--max-commits", "1"], "d"),
        (&["--max-commits=3", "main"], "a b"),
        (&["--max-commits=1", "main"], "b"),
    ] {
        let found = dir.keysieve(["history"].into_iter().chain(args.iter().copied())).run().status(1);
        let names: Vec<&str> = found.stdout.lines().filter_map(|line| line.split('.').next()).collect();
        assert_eq!(names.join(" "), expected, "{args:?}");
    }
    dir.keysieve(["history", "side..main"]).run().status(0);
    dir.keysieve(["history", "--max-commits=0"]).run().status(0).stderr_has("nothing was scanned");
}

#[test]
fn commits_that_cannot_be_meant_are_refused() {
    let (dir, _) = four();
    for (args, reason) in [
        (&["nowhere"][..], "looking for the revision 'nowhere'"),
        (&["main...side"], "give 'A..B'"),
        (&["--refs=release/*"], "there are none"),
        (&["--since=soon"], "a date is written as"),
        (&["--connectivity", "main"], "cannot be used with"),
    ] {
        dir.keysieve(["history"].into_iter().chain(args.iter().copied())).run().status(2).stderr_has(reason);
    }
}

#[test]
fn a_range_tells_its_mode_and_commits() {
    let (dir, _) = four();
    let report = dir.keysieve(["history", "--format=jsonl", "--max-commits=1"]).run().status(1).stdout;
    let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    assert_eq!(lines[0]["introduction"]["commit"], id(&dir, "HEAD"));
    assert_eq!(lines[1]["mode"], "history");
}

#[test]
fn paths_without_number_are_not_followed_one_by_one() {
    let dir = repository();
    let blob = dir.git_with(&[], ["hash-object", "-w", "--stdin"], &token(621));
    let mut tree = dir.git_with(&[], ["mktree"], &format!("100644 blob {}\tkey\n", blob.trim()));
    for _ in 0..12 {
        let entries: String = (0..10).map(|name| format!("040000 tree {}\t{name}\n", tree.trim())).collect();
        tree = dir.git_with(&[], ["mktree"], &entries);
    }
    let commit = dir.git(["commit-tree", tree.trim(), "-m", "ten to the twelfth"]);
    dir.git(["update-ref", "refs/heads/many", commit.trim()]);
    let introduction = &finding(&dir)["introduction"];
    assert_eq!(introduction["commit"], commit.trim());
    let paths = introduction["paths"].as_array().expect("a list").len();
    assert!((2..100_000).contains(&paths), "{paths} paths");
}
