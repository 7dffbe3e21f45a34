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

/// Where the index of the only pack has an object's id, and how many objects it has; after the table of 256 counts come all
/// ids, then all checksums.
fn place_in_index(index: &[u8], id: &str) -> (usize, usize) {
    let ids = 8 + 4 * 256;
    let count = u32::from_be_bytes(index[ids - 4..ids].try_into().expect("four bytes")) as usize;
    let hex = |id: &[u8]| id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let place = index[ids..].chunks(20).take(count).position(|one| hex(one) == id).expect("the object is packed");
    (ids + 20 * place, ids + 20 * count + 4 * place)
}

#[test]
fn an_entry_that_is_not_as_it_was_written_is_told_and_looked_at() {
    let (dir, token) = (repository(), token(721));
    dir.write("key", &token).commit_all("key");
    dir.git(["repack", "-adq"]);
    let index = pack(&dir).with_extension("idx");
    let mut bytes = fs::read(&index).expect("it can be read");
    let (_, checksum) = place_in_index(&bytes, &id(&dir, "HEAD:key"));
    bytes[checksum] ^= 1;
    overwrite(&index, &bytes);
    let found = history(&dir).status(1).stdout_has("key:1:1: github-").stderr_has("INCOMPLETE: 1 not read");
    found.stdout_has("key: not read: object").stdout_has("its bytes are not those that the pack was written with");
}

#[test]
fn content_that_has_another_id_is_told() {
    let dir = repository();
    fs::remove_file(loose(&dir, "HEAD:src/b")).expect("it is there");
    fs::copy(loose(&dir, "HEAD:a"), loose(&dir, "HEAD:src/b")).expect("it can be copied");
    let told = format!("what is stored has another id, {}", id(&dir, "HEAD:a"));
    history(&dir).status(3).stdout_has("src/b: not read: object").stdout_has(told);
}

#[test]
fn content_in_a_pack_that_has_another_id_is_told_if_that_is_asked() {
    let dir = repository();
    dir.git(["repack", "-adq"]);
    let (index, blob) = (pack(&dir).with_extension("idx"), id(&dir, "HEAD:a"));
    let mut bytes = fs::read(&index).expect("it can be read");
    let (place, _) = place_in_index(&bytes, &blob);
    bytes[place + 19] ^= 1;
    overwrite(&index, &bytes);
    let told = format!("what is stored has another id, {blob}");
    dir.keysieve(["history", "--connectivity"]).run().status(3).stdout_has(told).stdout_has("a: not read: object");
}

#[test]
fn a_blob_that_is_not_held_is_searched_alone_and_in_a_pack() {
    let (dir, token) = (repository(), token(723));
    // Twice as long as what is scanned at once, and longer than what is held.
    let content = format!("{}{token}\n", "nothing in this line, and nothing in the next\n".repeat(400_000));
    dir.write("long", content).commit_all("long");
    history(&dir)
        .status(1)
        .stdout_has("long:400001:1: github-")
        .stderr_has("1 finding in 1 object")
        .stderr_has("complete");
    dir.git(["repack", "-adq"]);
    history(&dir)
        .status(1)
        .stdout_has("long:400001:1: github-")
        .stderr_has("1 finding in 1 object")
        .stderr_has("complete");
    let pack = pack(&dir);
    let mut bytes = fs::read(&pack).expect("it can be read");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0x55);
    overwrite(&pack, &bytes);
    history(&dir).status(3).stdout_has("long: not read: object").stdout_has("its compressed bytes are broken");
}
