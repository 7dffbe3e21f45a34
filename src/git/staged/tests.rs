//! What is new to the index, and what is old, equals what git lists, in repositories made by chance.
#![allow(clippy::disallowed_methods, reason = "what is tested is that we agree with git, so git is run")]

use std::{collections::BTreeSet, fs};

use super::*;
use crate::git::tests::{Place, git_in};

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
        const NAMES: [&str; 7] = ["a", "a.c", "a-b", "a0", "b", "b c", "Z"];
        let depth = 1 + self.below(3);
        let names: Vec<_> = (0..depth).map(|_| NAMES[self.below(NAMES.len() as u64) as usize]).collect();
        names.join("/")
    }

    /// Writes, changes and deletes some files. A file stands in the way of a directory of its name, and gives way.
    fn edit(&mut self, place: &Place) {
        for _ in 0..1 + self.below(12) {
            let path = self.path();
            let file = place.top.join(&path);
            let mut parents: Vec<_> = file.ancestors().skip(1).take_while(|parent| *parent != place.top).collect();
            parents.reverse();
            if let Some(in_the_way) = parents.iter().find(|parent| parent.is_file()) {
                fs::remove_file(in_the_way).expect("it is there");
            }
            if file.is_dir() {
                fs::remove_dir_all(&file).expect("it is there");
            } else if file.exists() && self.below(3) == 0 {
                fs::remove_file(&file).expect("it is there");
                continue;
            }
            place.write(&path, &self.below(5).to_string());
        }
    }
}

/// `path id`, a line for each.
type Listed = BTreeSet<String>;

/// What git lists as different between the index and HEAD, by content: new and old.
fn listed(place: &Place) -> (Listed, Listed) {
    let raw = place.git("diff-index --cached --raw --no-abbrev --no-renames -z HEAD");
    let (mut new, mut old) = (Listed::new(), Listed::new());
    let mut fields = raw.split_terminator('\0');
    while let (Some(difference), Some(path)) = (fields.next(), fields.next()) {
        let words: Vec<&str> = difference.split(' ').collect();
        for (id, side) in [(words[2], &mut old), (words[3], &mut new)] {
            if id.bytes().any(|digit| digit != b'0') {
                side.insert(format!("{path} {id}"));
            }
        }
    }
    (new, old)
}

/// The same, as we see it.
fn seen(place: &Place) -> (Listed, Listed) {
    let staged = place.discover("").expect("there is a repository").staged(None).expect("nothing is missing");
    let reader = staged.objects.reader();
    let new = staged.new.iter().map(|new| format!("{} {}", new.path, new.id)).collect();
    let mut old = Listed::new();
    for gone in &staged.old {
        if gone.kind == Kind::Directory {
            let (below, failed) = tree::below(&reader, gone.path.as_bstr(), &gone.id);
            assert!(failed.is_none(), "{failed:?}");
            old.extend(below.iter().map(|file| format!("{} {}", file.path, file.id)));
        } else {
            old.insert(format!("{} {}", gone.path, gone.id));
        }
    }
    (new, old)
}

#[test]
fn changes_are_what_git_says_they_are() {
    let mut differences = 0;
    for seed in 0..12 {
        let mut chance = Chance(seed);
        let place = Place::repository();
        for round in 0..4 {
            chance.edit(&place);
            place.git("add --all");
            place.git(&format!("commit -qm {round} --allow-empty"));
            chance.edit(&place);
            place.git("add --all");
            match chance.below(4) {
                // An index without any cache of trees, with a whole one, and with one of which parts are known.
                0 => drop(place.git("read-tree --empty")),
                1 => drop(place.git("write-tree")),
                _ => {}
            }
            if chance.below(4) == 0 {
                place.git("add --all");
            }
            let (listed, seen) = (listed(&place), seen(&place));
            differences += listed.0.len() + listed.1.len();
            assert_eq!(seen, listed, "seed {seed}, round {round}");
            assert!(git_in(&place.top).args(["add", "--all"]).status().expect("git runs").success());
        }
    }
    assert!(differences > 200, "chance has made too little: {differences}");
}

#[test]
fn an_index_without_a_cache_of_trees_is_compared_entry_by_entry() {
    let place = Place::repository();
    place.write("a/b/c", "1").write("a/d", "1").write("e", "1").git("add .");
    place.git("commit -qm one");
    place.git("read-tree --empty");
    place.write("a/b/c", "2").git("add .");
    let index = read_index(&place.top.join(".git/index"), gix::hash::Kind::Sha1, Checksum::Verify);
    let index = index.expect("git has written it");
    assert!(index.tree().is_none_or(|root| root.num_entries.is_none()), "nothing is known of its trees");
    assert_eq!(seen(&place), listed(&place));
    assert_eq!(seen(&place).0.len(), 1);
}
