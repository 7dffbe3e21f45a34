//! `history` against what git says of every commit: which blobs hold something, which commit brought it in, which one has it
//! last, under which paths, and whether HEAD has it. And the same however git stores the objects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::Dir;
use crate::support::history::{Told, Truth, import};

/// Commits of a history that is made by chance.
const COMMITS: usize = 40;

/// The report in JSON Lines of everything in a repository.
fn report(dir: &Dir) -> String {
    dir.keysieve(["history", "--format", "jsonl"]).run().status(1).stderr_has("complete").stdout
}

/// By secret, as far as it is shown: the blobs that it stands in, and what is said of it.
fn findings(report: &str) -> Vec<(BTreeSet<String>, Told)> {
    let lines = report.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    lines.filter(|line| line["type"] == "finding").map(|finding| (blobs(&finding), told(&finding))).collect()
}

fn blobs(finding: &Value) -> BTreeSet<String> {
    let occurrences = finding["occurrences"].as_array().expect("a list");
    occurrences.iter().map(|occurrence| text(&occurrence["object"])).collect()
}

fn told(finding: &Value) -> Told {
    let introduction = &finding["introduction"];
    Told {
        commit: text(&introduction["commit"]),
        last_commit: text(&introduction["last_commit"]),
        paths: introduction["paths"].as_array().expect("a list").iter().map(text).collect(),
        in_head: introduction["in_head"] == true,
        unreachable: introduction["unreachable"] == true,
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Every finding is as git has it, and there is one for every token.
fn agrees(dir: &Dir) {
    let truth = Truth::of(dir);
    let mut tokens: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (blob, content) in &truth.blobs {
        if let Some(start) = content.find(concat!("gh", "p_")) {
            tokens.entry(&content[start..start + 40]).or_default().insert(blob.clone());
        }
    }
    let findings = findings(&report(dir));
    let found: BTreeSet<&BTreeSet<String>> = findings.iter().map(|(blobs, _)| blobs).collect();
    assert_eq!(found, tokens.values().collect(), "every token stands in these blobs");
    for (blobs, told) in &findings {
        assert_eq!(Some(told), truth.of_blobs(blobs).as_ref(), "{blobs:?}");
        let log = dir.git(["log", "--all", "-m", "--format=%H", &format!("--find-object={}", first(dir, told, blobs))]);
        assert!(told.unreachable || log.contains(&told.commit), "git log does not name {}", told.commit);
    }
}

/// The blob that the first commit has.
fn first(dir: &Dir, told: &Told, blobs: &BTreeSet<String>) -> String {
    let id = dir.git(["rev-parse", &format!("{}:{}", told.commit, told.paths[0])]).trim().to_owned();
    assert!(blobs.contains(&id), "{id} is none of {blobs:?}");
    id
}

#[test]
fn histories_made_by_chance_are_told_as_git_has_them() {
    for seed in 1..=6 {
        let dir = Dir::repository();
        import(&dir, seed, COMMITS);
        agrees(&dir);
    }
}

#[test]
fn so_is_one_with_long_ids() {
    let dir = Dir::new();
    dir.git(["init", "--quiet", "--object-format=sha256", "--initial-branch=main"]);
    import(&dir, 7, COMMITS);
    agrees(&dir);
}

#[test]
fn it_does_not_matter_how_objects_are_stored() {
    let dir = Dir::repository();
    import(&dir, 8, COMMITS);
    let expected = report(&dir);
    let same = |what: &str| assert_eq!(report(&dir), expected, "{what}");

    dir.git(["repack", "-adfk", "--depth=250", "--window=50"]);
    same("long chains of deltas");

    let pack = dir.git(["rev-parse", "--git-path", "objects/pack"]).trim().to_owned();
    let packs = dir.join(&pack);
    unpack(&dir, &pack);
    same("loose objects");

    let ids = dir.git(["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
    for part in ["0", "5", "a"] {
        let some: String =
            ids.lines().filter(|id| id.starts_with(part) || id.ends_with(part)).map(|id| format!("{id}\n")).collect();
        dir.git_with(&[], ["pack-objects", "--quiet", &format!("{pack}/pack")], &some);
    }
    same("several packs, and loose objects that are in them");
    dir.git(["prune-packed"]);
    assert!(std::fs::read_dir(packs).expect("there are packs").count() >= 6, "three packs with their indices");
    same("several packs, and other loose objects");
}

/// Makes a file of every object of the only pack, which is deleted.
fn unpack(dir: &Dir, pack: &str) {
    let name = |end: &str| {
        let files = std::fs::read_dir(dir.join(pack)).expect("there is a pack");
        files.map(|file| file.expect("a file").path()).find(|path| path.extension().is_some_and(|it| it == end))
    };
    let moved = dir.join("moved.pack");
    std::fs::rename(name("pack").expect("there is a pack"), &moved).expect("it can be moved");
    for end in ["idx", "rev", "mtimes"] {
        name(end).into_iter().for_each(|path| std::fs::remove_file(path).expect("it can be deleted"));
    }
    dir.git(["config", "core.looseCompression", "0"]);
    let unpacked = dir.script("unpack", "git unpack-objects -q < moved.pack");
    unpacked.git(["-c", "alias.x=!./unpack", "x"]);
}

/// A report without what its summary says of the place: where it was cloned from, and its branch.
fn objects(report: &str) -> String {
    let (findings, summary) = report.trim_end().rsplit_once('\n').expect("there is more than a summary");
    let mut summary: Value = serde_json::from_str(summary).expect("it is JSON");
    let members = summary.as_object_mut().expect("it is an object");
    ["repository", "branch"].iter().for_each(|key| drop(members.remove(*key).expect("it is always there")));
    format!("{findings}\n{summary}")
}

#[test]
fn other_places_have_the_same_objects() {
    let dir = Dir::repository();
    import(&dir, 9, COMMITS);
    let expected = objects(&report(&dir));
    let outside = Dir::new();
    let path = dir.path().to_str().expect("UTF-8");

    let history = |repo: &str| outside.keysieve(["history", "--format=jsonl", "--repo", repo]).run().status(1).stdout;
    let history = |repo: &str| objects(&history(repo));
    assert_eq!(history(path), expected, "--repo");
    dir.git(["worktree", "add", "--quiet", "--detach", outside.join("linked").to_str().expect("UTF-8")]);
    assert_eq!(history("linked"), expected, "a linked work tree");

    // What nothing leads to is in the alternate, too.
    outside.git(["clone", "--quiet", "--mirror", "--shared", path, "bare.git"]);
    assert_eq!(history("bare.git"), expected, "a bare repository whose objects are elsewhere");
    let environment = outside.keysieve(["history", "--format=jsonl"]).env("GIT_DIR", "bare.git").run().status(1);
    assert_eq!(objects(&environment.stdout), expected, "by the environment");
}
