//! What is new in a range is what git lists, in histories made by chance; and what becomes of objects that are odd.
#![allow(clippy::disallowed_methods, reason = "what is tested is that we agree with git, so git is run")]

use std::{collections::BTreeSet, fs};

use super::*;
use crate::{
    git::tests::{Place, git_in},
    source::recorder::Recorder,
};

/// `SplitMix64`, so that a failure comes again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    /// A path whose names sort differently as files and as directories.
    fn path(&mut self) -> String {
        const NAMES: [&str; 5] = ["a", "a.c", "a-b", "a0", "b"];
        let depth = 1 + self.below(3);
        let names: Vec<_> = (0..depth).map(|_| NAMES[self.below(NAMES.len() as u64) as usize]).collect();
        names.join("/")
    }

    fn edit(&mut self, place: &Place) {
        for _ in 0..1 + self.below(6) {
            let path = self.path();
            let file = place.top.join(&path);
            let parents: Vec<_> = file.ancestors().skip(1).take_while(|parent| *parent != place.top).collect();
            if let Some(in_the_way) = parents.iter().rev().find(|parent| parent.is_file()) {
                fs::remove_file(in_the_way).expect("it is there");
            }
            if file.is_dir() {
                fs::remove_dir_all(&file).expect("it is there");
            } else if file.exists() && self.below(3) == 0 {
                fs::remove_file(&file).expect("it is there");
                continue;
            }
            place.write(&path, &self.below(40).to_string());
        }
    }

    /// A history of branches and merges, whose clocks go as they like.
    fn history(&mut self) -> Place {
        let place = Place::repository();
        for round in 0..14 {
            let branch = format!("branch{}", self.below(3));
            let date = format!("{} +0000", 1_700_000_000 + self.below(100) * 1000);
            let git = |args: &[&str]| {
                let dates = [("GIT_COMMITTER_DATE", &date), ("GIT_AUTHOR_DATE", &date)];
                git_in(&place.top).envs(dates).args(args).output().expect("git runs")
            };
            if !git(&["checkout", "-q", &branch]).status.success() {
                git(&["checkout", "-q", "-b", &branch]);
            }
            if self.below(3) == 0 {
                let other = format!("branch{}", self.below(3));
                git(&["merge", "-q", "--no-ff", "-s", "recursive", "-X", "ours", "--no-commit", &other]);
            }
            self.edit(&place);
            git(&["add", "--all"]);
            let made = git(&["commit", "-qm", &round.to_string(), "--allow-empty"]);
            assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        }
        place
    }
}

fn range(place: &Place, base: Option<&str>, head: &str) -> Range {
    let repository = place.discover("").expect("there is a repository");
    let ends = repository.between(base, head).expect("there are such revisions");
    repository.range(ends, None).expect("there are objects")
}

/// Ids, each on a line, as git prints them.
fn ids(lines: &str) -> BTreeSet<String> {
    lines.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn what_is_new_is_what_git_lists() {
    let (mut commits, mut blobs) = (0, 0);
    for seed in 0..20 {
        let place = Chance(seed).history();
        let branches = place.git("for-each-ref --format=%(refname:short)");
        let branches: Vec<&str> = branches.lines().collect();
        for (base, head) in branches.iter().flat_map(|base| branches.iter().map(move |head| (base, head))) {
            let range = range(&place, Some(base), head);
            let found = range.found(&|| false);
            let new: BTreeSet<String> = found.commits.iter().map(ToString::to_string).collect();
            assert_eq!(new, ids(&place.git(&format!("rev-list {head} ^{base}"))), "seed {seed}, {base}..{head}");
            commits += new.len();

            let new: BTreeSet<String> = found.blobs.iter().map(|blob| blob.id.to_string()).collect();
            let listed = place.git(&format!("rev-list --objects --filter=object:type=blob {head} ^{base}"));
            let listed: BTreeSet<_> =
                ids(&listed).difference(&ids(&place.git(&format!("rev-list {head}")))).cloned().collect();
            let left_out: Vec<_> = listed.difference(&new).collect();
            assert!(left_out.is_empty(), "seed {seed}, {base}..{head}: {left_out:?}");
            let changed = place.git(&format!("log --format= --raw -m --root --no-abbrev --no-renames {head} ^{base}"));
            let changed: BTreeSet<_> = changed.lines().filter_map(|line| line.split(' ').nth(3)).collect();
            let invented: Vec<_> = new.iter().filter(|id| !changed.contains(id.as_str())).collect();
            assert!(invented.is_empty(), "seed {seed}, {base}..{head}: {invented:?}");
            blobs += new.len();
            assert!(found.unread.is_empty(), "{:?}", found.unread);
        }
    }
    assert!(commits > 200 && blobs > 200, "chance has made too little: {commits}, {blobs}");
}

/// The documents of a range, sorted; messages by their last line.
fn scanned(range: &Range) -> Vec<String> {
    let recorder = Recorder::default();
    range.push(&recorder).expect("it can be read");
    assert_eq!(recorder.unread(), [""; 0]);
    let last_line = |text: String| match text.strip_prefix("commit: ").or(text.strip_prefix("tag: ")) {
        Some(object) => object.trim_end().lines().last().unwrap_or_default().to_owned(),
        None => text,
    };
    let mut documents: Vec<_> = recorder.documents().into_iter().map(last_line).collect();
    documents.sort();
    documents
}

#[test]
fn every_version_of_a_file_is_new_and_what_comes_back_is_not() {
    let place = Place::repository();
    place.write("stays", "1").write("goes", "2").git("add .");
    place.git("commit -qm one");
    place.git("tag base");
    place.write("new", "3").git("add .");
    place.git("commit -qm two");
    place.write("new", "4").git("rm -q goes");
    place.git("commit -qam three");
    place.write("goes", "2").git("add .");
    place.git("commit -qm four");
    let whole = range(&place, Some("base"), "HEAD");
    assert_eq!(scanned(&whole), ["blob new: 3", "blob new: 4", "four", "three", "two"]);
    let recorder = Recorder::default();
    whole.before().push(&recorder).expect("it can be read");
    assert_eq!(recorder.documents(), ["blob goes: 2"]);
    let recorder = Recorder::default();
    whole.base().push(&recorder).expect("it can be read");
    assert_eq!(recorder.documents(), ["blob goes: 2", "blob stays: 1"]);

    assert_eq!(scanned(&range(&place, Some("HEAD"), "HEAD")), [""; 0]);
    assert_eq!(scanned(&range(&place, None, "base")), ["blob goes: 2", "blob stays: 1", "one"]);
}

#[test]
fn a_file_that_gets_the_name_of_another_kind_is_looked_at_again() {
    let place = Place::repository();
    place.write("a", "1").write("d/b", "2").git("add .");
    place.git("commit -qm one");
    place.git("tag base");
    place.git("mv a a.env");
    place.git("mv d e");
    place.git("commit -qm two");
    assert_eq!(scanned(&range(&place, Some("base"), "HEAD")), ["blob a.env: 1", "two"]);
}

#[test]
fn tags_are_new_if_no_base_has_them() {
    let place = Place::repository();
    place.write("a", "1").git("add .");
    place.git("commit -qm one");
    place.git("tag -m inner inner");
    place.git("tag -m outer outer inner");
    assert_eq!(scanned(&range(&place, Some("HEAD"), "outer")), ["inner", "outer"]);
    assert_eq!(scanned(&range(&place, Some("inner"), "outer")), ["outer"]);
    assert_eq!(scanned(&range(&place, Some("outer"), "outer")), [""; 0]);
    place.git("tag -m tree tree HEAD^{tree}");
    place.git("tag -m blob blob HEAD:a");
    assert_eq!(scanned(&range(&place, None, "tree")), ["blob a: 1", "tree"]);
    assert_eq!(scanned(&range(&place, None, "blob")), ["blob", "blob : 1"]);
}

#[test]
fn revisions_are_found_by_their_names() {
    let place = Place::repository();
    for round in ["one", "two", "three"] {
        place.git(&format!("commit -q --allow-empty -m {round}"));
    }
    place.git("checkout -q -b side HEAD~1");
    place.git("commit -q --allow-empty -m four");
    place.git("merge -q --no-ff -m five main");
    place.git("tag -m tag v1");
    place.git("update-ref refs/remotes/origin/main HEAD~1");
    let id = place.git("rev-parse HEAD");
    let repository = place.discover("").expect("there is a repository");
    let objects = repository.objects().expect("there are objects");
    let found = |name: &str| repository.revision(&objects.reader(), name).map(|id| id.to_string());
    for name in [
        "HEAD",
        "@",
        "side",
        "refs/heads/side",
        "heads/side",
        "v1",
        "v1^{}",
        "v1^{commit}",
        "v1~2",
        "HEAD^2",
        "HEAD^",
        "side^2~1",
        "HEAD~1^1",
        "origin/main",
        "@^0",
        "HEAD~0",
        "main~~",
        id.trim(),
        &id[..9],
        &id[..4].to_uppercase(),
    ] {
        assert_eq!(found(name).expect(name), place.git(&format!("rev-parse {name}")).trim(), "{name}");
    }
    for name in
        ["", "nowhere", "HEAD^3", "HEAD~9", "main@{1}", "HEAD:a", "HEAD^{tree}", "HEAD~x", "a b", "../x", "0000", "~"]
    {
        let error = found(name).expect_err(name).to_string();
        assert!(error.starts_with(&format!("looking for the revision '{name}': ")), "{error}");
    }
}
