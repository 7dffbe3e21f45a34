//! `history` of what is not whole: each thing that is missing or broken is told, the rest is searched, and the status is
//! never that of a clean history.

use std::fs;
use std::path::PathBuf;

use crate::support::secrets::Maker;
use crate::support::{Dir, Outcome};

fn token(seed: u64) -> String {
    Maker::new(seed).github_token()
}

/// A repository with two commits and nothing to be found.
fn repository() -> Dir {
    let dir = Dir::repository();
    dir.write("a", "first\n").commit_all("first");
    dir.write("src/b", "second\n").commit_all("second");
    dir
}

fn history(dir: &Dir) -> Outcome {
    dir.keysieve(["history"]).run()
}

fn id(dir: &Dir, revision: &str) -> String {
    dir.git(["rev-parse", revision]).trim().to_owned()
}

/// The file of a loose object.
fn loose(dir: &Dir, revision: &str) -> PathBuf {
    let id = id(dir, revision);
    dir.join(format!(".git/objects/{}/{}", &id[..2], &id[2..]))
}

/// Puts this in place of a file that can only be read.
fn overwrite(path: &PathBuf, content: &[u8]) {
    fs::remove_file(path).expect("it is there");
    fs::write(path, content).expect("it can be written");
}

/// The only pack of a repository.
fn pack(dir: &Dir) -> PathBuf {
    let files = fs::read_dir(dir.join(".git/objects/pack")).expect("there are packs");
    let mut packs =
        files.map(|file| file.expect("a file").path()).filter(|path| path.extension().is_some_and(|it| it == "pack"));
    packs.next().expect("there is a pack")
}

#[test]
fn a_shallow_history_is_not_complete() {
    let (dir, outside) = (repository(), Dir::new());
    let url = format!("file://{}", dir.path().display());
    outside.git(["clone", "--quiet", "--depth=1", &url, "clone"]);
    let found = outside.keysieve(["history", "--repo=clone"]).run().status(3);
    found
        .stdout_has(format!("commit {}: not read: object {}", &id(&dir, "HEAD~1")[..12], id(&dir, "HEAD~1")))
        .stdout_has("the history is shallow")
        .stderr_has("INCOMPLETE: 1 not read");
}

#[test]
fn a_partial_clone_lacks_what_was_not_fetched() {
    let (dir, outside) = (repository(), Dir::new());
    dir.git(["rm", "--quiet", "a"]);
    dir.commit_all("third");
    dir.git(["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", dir.path().display());
    outside.git(["clone", "--quiet", "--filter=blob:none", &url, "clone"]);
    let found = outside.keysieve(["history", "--repo=clone"]).run().status(3);
    found.stdout_has("a: not read: object").stdout_has("the clone is partial").stderr_has("INCOMPLETE: 1 not read");
}

#[test]
fn a_file_that_is_missing_is_looked_for_if_that_is_asked() {
    let dir = repository();
    history(&dir).status(0).stderr_has("complete");
    fs::remove_file(loose(&dir, "HEAD:src/b")).expect("it is there");
    let found = dir.keysieve(["history", "--connectivity"]).run().status(3);
    found.stdout_has("src/b: not read: object").stdout_has("is missing");
    dir.keysieve(["history", "--connectivity", "--allow-incomplete"]).run().status(0);
}

#[test]
fn what_leads_on_has_to_be_there() {
    for (what, told) in [("HEAD:src", "object"), ("HEAD~1", "commit"), ("HEAD^{tree}", "object")] {
        let dir = repository();
        let missing = id(&dir, what);
        fs::remove_file(loose(&dir, what)).expect("it is there");
        history(&dir).status(3).stdout_has(format!("{told} {}: not read: object {missing} is missing", &missing[..12]));
    }
}

#[test]
fn what_nothing_leads_to_need_not_be_whole() {
    let dir = repository();
    let tree = loose(&dir, "HEAD:src");
    dir.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    dir.git(["reflog", "expire", "--expire=all", "--all"]);
    dir.git(["update-ref", "-d", "ORIG_HEAD"]);
    fs::remove_file(tree).expect("it is there");
    history(&dir).status(0).stderr_has("complete");
}

#[test]
fn a_ref_that_leads_nowhere_is_told() {
    let dir = repository();
    dir.write(".git/refs/heads/broken", format!("{}\n", "1".repeat(40)));
    history(&dir).status(3).stdout_has("refs/heads/broken: not read: reading a ref:");
    dir.write(".git/refs/heads/broken", "what is no id\n");
    history(&dir).status(3).stdout_has("not read: reading a ref:");
}

#[test]
fn a_broken_object_hides_no_other() {
    let (dir, token) = (repository(), token(701));
    dir.write("key", token).commit_all("key");
    overwrite(&loose(&dir, "HEAD:src/b"), b"what is no object");
    let found = history(&dir).status(1).stdout_has("key:1:1: github-").stderr_has("INCOMPLETE: 1 not read");
    found.stdout_has("src/b: not read: object");
    overwrite(&loose(&dir, "HEAD:key"), b"");
    history(&dir).status(3).stdout_has("key: not read: object");
}

#[test]
fn of_a_pack_that_is_cut_short_the_rest_is_searched() {
    let dir = Dir::repository();
    for seed in 710..760 {
        dir.write(format!("f{seed}"), token(seed)).git(["add", "--all"]);
    }
    dir.commit_all("many");
    dir.git(["repack", "-ad", "--quiet"]);
    let whole = history(&dir).status(1).stdout.lines().count();
    let pack = pack(&dir);
    let bytes = fs::read(&pack).expect("it can be read");
    overwrite(&pack, &bytes[..bytes.len() * 2 / 3]);
    let found = history(&dir).status(1).stderr_has("INCOMPLETE").stdout_has("not read");
    let findings = found.stdout.lines().filter(|line| !line.contains("not read")).count();
    assert!((1..whole).contains(&findings), "{findings} of {whole}");
    overwrite(&pack, &bytes[..20]);
    history(&dir).status(3).stderr_has("INCOMPLETE");
    overwrite(&pack, b"");
    history(&dir).status(3).stdout_has("the object database: not read").stderr_has("INCOMPLETE");
}

#[test]
fn an_index_without_its_pack_is_told() {
    let dir = repository();
    dir.git(["repack", "-ad", "--quiet"]);
    fs::remove_file(pack(&dir)).expect("it is there");
    history(&dir).status(3).stdout_has("the object database: not read");
}
