//! `staged`: what the next commit would add, in the repositories that git makes, each test a session with real git.

use std::fs;

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve, program};

/// A repository whose one commit has a file without a secret.
fn repository() -> Dir {
    let dir = Dir::repository();
    dir.write("old.txt", "nothing here\n");
    dir.commit_all("first");
    dir
}

fn staged(dir: &Dir) -> Keysieve {
    dir.keysieve(["staged"])
}

/// Nothing was found, and everything was read.
#[track_caller]
fn is_silent(dir: &Dir) {
    staged(dir).run().status(0).stdout_is("").stderr_has("complete");
}

fn token(seed: u64) -> String {
    Maker::new(seed).github_token()
}

#[test]
fn a_key_that_is_added_is_found() {
    let (dir, token) = (repository(), token(301));
    dir.write("src/deploy.sh", format!("#!/bin/sh\nexport TOKEN={token}\n"));
    staged(&dir).run().status(0).stderr_is("nothing was scanned: no input\n");
    dir.git(["add", "src/deploy.sh"]);
    let outcome = staged(&dir).run().status(1).never_prints(&token);
    outcome.stdout_has("src/deploy.sh:2:14: github-").stderr_has("1 finding in 1 file | 1 file,");
    dir.git(["commit", "--quiet", "--message=second"]);
    staged(&dir).run().status(0).stderr_is("nothing was scanned: no input\n");
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let dir = Dir::repository();
    staged(&dir).run().status(0).stderr_is("nothing was scanned: no input\n");
    dir.write("a/b.txt", token(302)).write("c.txt", "nothing here\n");
    dir.git(["add", "."]);
    staged(&dir).run().status(1).stdout_has("a/b.txt:1:1:").stderr_has("2 files");
}

#[test]
fn what_is_staged_counts_and_not_what_is_on_disk() {
    let (dir, token) = (repository(), token(303));
    dir.write("old.txt", format!("nothing here\n{token}\n"));
    dir.git(["add", "old.txt"]);
    dir.write("old.txt", "edited away\n");
    staged(&dir).run().status(1).stdout_has("old.txt:2:1:");
    fs::remove_file(dir.join("old.txt")).unwrap();
    staged(&dir).run().status(1).stdout_has("old.txt:2:1:");

    dir.write("old.txt", "nothing here\nstaged\n");
    dir.git(["add", "old.txt"]);
    dir.write("old.txt", &token);
    is_silent(&dir);
}

#[test]
fn a_secret_that_only_moves_is_no_news() {
    let (dir, token) = (Dir::repository(), token(304));
    let lines = "some lines that stay\n".repeat(20);
    dir.write("from.txt", format!("{lines}{token}\n"));
    dir.commit_all("first");
    dir.git(["mv", "from.txt", "to.txt"]);
    dir.write("to.txt", format!("{lines}an edit\n{token}\n"));
    dir.git(["add", "to.txt"]);
    is_silent(&dir);
    dir.keysieve(["staged", "--whole-files"]).run().status(1).stdout_has("to.txt:22:1:");
}

#[test]
fn a_secret_that_is_copied_is_reported() {
    let (dir, token) = (Dir::repository(), token(305));
    dir.write("from.txt", &token);
    dir.commit_all("first");
    dir.write("to.txt", &token);
    dir.git(["add", "."]);
    staged(&dir).run().status(1).stdout_has("to.txt:1:1:").never_prints("from.txt");
}

#[test]
fn an_old_secret_in_a_file_that_changes_is_no_news_and_a_new_one_beside_it_is() {
    let mut maker = Maker::new(306);
    let (old, new) = (maker.github_token(), maker.github_token());
    let dir = Dir::repository();
    dir.write("a.txt", format!("{old}\n")).write("b/c.txt", "nothing here\n");
    dir.commit_all("first");
    dir.write("a.txt", format!("an edit\n{old}\n"));
    dir.git(["add", "."]);
    is_silent(&dir);
    dir.keysieve(["staged", "--whole-files"]).run().status(1).stdout_has("a.txt:2:1:");

    dir.write("a.txt", format!("{new}\n{old}\n"));
    dir.git(["add", "."]);
    staged(&dir).run().status(1).stdout_has("a.txt:1:1:").never_prints("a.txt:2:1:");
}

#[test]
fn deleting_and_nothing_at_all_are_fine() {
    let dir = Dir::repository();
    dir.write("a/b/token.txt", token(307)).write("clean.txt", "nothing here\n");
    dir.commit_all("first");
    staged(&dir).run().status(0).stderr_is("nothing was scanned: no input\n");
    dir.git(["rm", "--quiet", "a/b/token.txt"]);
    staged(&dir).run().status(0).stdout_is("");
    dir.git(["commit", "--quiet", "--message=second"]);
    dir.git(["commit", "--quiet", "--allow-empty", "--message=third"]);
    staged(&dir).run().status(0).stderr_is("nothing was scanned: no input\n");
}

#[test]
fn a_directory_that_moves_takes_its_secrets_along() {
    let (dir, token) = (Dir::repository(), token(308));
    dir.write("from/deep/a.txt", &token).write("from/b.txt", "nothing here\n");
    dir.commit_all("first");
    dir.git(["mv", "from", "to"]);
    is_silent(&dir);
    dir.write("new/a.txt", "nothing here\n").write(format!("new/{token}"), "a name\n");
    dir.git(["add", "."]);
    is_silent(&dir);
    dir.git(["commit", "--quiet", "--message=second"]);
    dir.write("other.txt", &token);
    dir.git(["add", "."]);
    staged(&dir).run().status(1).stdout_has("other.txt:1:1:");
}

#[test]
fn a_name_is_searched_while_it_is_new() {
    let (dir, token) = (repository(), token(309));
    dir.write(format!("keys/{token}.txt"), "nothing here\n");
    dir.git(["add", "."]);
    staged(&dir).run().status(1).stdout_has("(its name)").never_prints(&token);
    dir.git(["commit", "--quiet", "--message=second"]);
    dir.write(format!("keys/{token}.txt"), "an edit\n");
    dir.git(["add", "."]);
    is_silent(&dir);
    dir.git(["mv", "keys", "other"]);
    is_silent(&dir);
}

#[cfg(unix)]
#[test]
fn a_link_is_its_text_and_a_file_that_takes_its_place_is_searched() {
    use std::os::unix::fs::symlink;
    let mut maker = Maker::new(310);
    let (first, second, third) = (maker.github_token(), maker.github_token(), maker.github_token());
    let dir = repository();
    symlink(format!("/nowhere/{first}"), dir.join("link")).unwrap();
    symlink("old.txt", dir.join("harmless")).unwrap();
    dir.git(["add", "."]);
    staged(&dir).run().status(1).stdout_has("link (the link's target)").never_prints("harmless");
    dir.git(["commit", "--quiet", "--message=second"]);

    for name in ["link", "harmless", "old.txt"] {
        fs::remove_file(dir.join(name)).unwrap();
    }
    dir.write("harmless", &second);
    symlink(format!("/nowhere/{third}"), dir.join("old.txt")).unwrap();
    dir.git(["add", "--all"]);
    let outcome = staged(&dir).run().status(1);
    outcome.stdout_has("harmless:1:1:").stdout_has("old.txt (the link's target)").stderr_has("2 findings in 2 files");
}

#[cfg(unix)]
#[test]
fn names_are_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let mut maker = Maker::new(311);
    let dir = repository();
    let names: [&[u8]; 9] = [
        b"with space",
        b"\"quoted\"",
        b"new\nline",
        "n\u{f6}n-\u{e9}".as_bytes(),
        b":colon",
        b"-dash",
        b"latin\xe9",
        b"back\\slash",
        b"'",
    ];
    for name in names {
        dir.write(OsStr::from_bytes(name), maker.github_token());
        dir.write(std::path::Path::new("a b").join(OsStr::from_bytes(name)), maker.github_token());
    }
    dir.git(["add", "--all"]);
    let outcome = staged(&dir).run().status(1).stderr_has("18 findings in 18 files");
    for shown in [
        "with space:1:1:",
        "a b/\"quoted\":1:1:",
        "new\\nline:1:1:",
        "n\u{f6}n-\u{e9}:1:1:",
        ":colon:1:1:",
        "-dash:1:1:",
    ] {
        assert!(outcome.stdout.contains(shown), "{shown}\n{}", outcome.stdout);
    }
}

#[test]
fn object_names_may_be_sha256() {
    let (dir, token) = (Dir::new(), token(312));
    dir.git(["init", "--quiet", "--object-format=sha256"]);
    dir.write("a/old.txt", "nothing here\n").write("b/c.txt", "nothing here\n");
    dir.commit_all("first");
    dir.write("a/old.txt", &token);
    dir.git(["add", "."]);
    staged(&dir).run().status(1).stdout_has("a/old.txt:1:1:").stderr_has("1 file,");
}

/// A repository in the middle of a merge that has a conflict: each side has one token in the file that both changed, and
/// one in a file of its own.
fn merge(seed: u64) -> (Dir, [String; 4]) {
    let mut maker = Maker::new(seed);
    let tokens = [(); 4].map(|()| maker.github_token());
    let dir = repository();
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("old.txt", format!("theirs {}\n", tokens[0])).write("their.txt", &tokens[1]);
    dir.commit_all("theirs");
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("old.txt", format!("ours {}\n", tokens[2])).write("our.txt", &tokens[3]);
    dir.commit_all("ours");
    dir.git_refuses(["merge", "--quiet", "side"]);
    (dir, tokens)
}

#[test]
fn what_a_parent_of_a_merge_has_is_no_news() {
    let (dir, [theirs, _, ours, _]) = merge(313);
    assert!(dir.git(["ls-files", "--unmerged"]).lines().count() == 3, "there is a conflict");
    is_silent(&dir);

    dir.write("old.txt", format!("both {ours} {theirs}\n"));
    dir.git(["add", "old.txt"]);
    is_silent(&dir);
    dir.keysieve(["staged", "--whole-files"]).run().status(1).stdout_has("old.txt:1:6:");

    let new = token(314);
    dir.write("old.txt", format!("neither {new}\n"));
    dir.git(["add", "old.txt"]);
    staged(&dir).run().status(1).stdout_has("old.txt:1:9:").stderr_has("1 finding in 1 file | 1 file,");
}

#[test]
fn a_merge_of_several_heads_has_several_parents() {
    let mut maker = Maker::new(315);
    let dir = repository();
    for side in ["one", "two", "three"] {
        dir.git(["checkout", "--quiet", "-b", side, "main"]);
        dir.write(format!("{side}.txt"), maker.github_token());
        dir.commit_all(side);
    }
    dir.git(["checkout", "--quiet", "main"]);
    dir.git(["merge", "--quiet", "--no-commit", "one", "two", "three"]);
    staged(&dir).run().status(0).stdout_is("");
    dir.write("evil.txt", maker.github_token());
    dir.git(["add", "evil.txt"]);
    staged(&dir).run().status(1).stdout_has("evil.txt:1:1:").stderr_has("1 finding in 1 file | 1 file,");
}

#[test]
fn every_side_of_a_conflict_is_searched() {
    let mut maker = Maker::new(316);
    let tokens = [maker.github_token(), maker.github_token(), maker.github_token()];
    let dir = repository();
    let entries: String = tokens
        .iter()
        .enumerate()
        .map(|(nth, token)| {
            dir.write("side", format!("{}{token}\n", "\n".repeat(nth)));
            format!("100644 {} {}\tpath\n", dir.git(["hash-object", "-w", "side"]).trim(), nth + 1)
        })
        .collect();
    dir.git_with(&[], ["update-index", "--index-info"], &entries);
    let outcome = staged(&dir).run().status(1).stderr_has("3 findings in 3 files");
    outcome.stdout_has("path:1:1:").stdout_has("path:2:1:").stdout_has("path:3:1:");
}

#[test]
fn a_cherry_pick_in_conflict_is_searched() {
    let (dir, token) = (repository(), token(317));
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.write("old.txt", format!("theirs {token}\n"));
    dir.commit_all("theirs");
    dir.git(["checkout", "--quiet", "main"]);
    dir.write("old.txt", "ours\n");
    dir.commit_all("ours");
    dir.git_refuses(["cherry-pick", "side"]);
    staged(&dir).run().status(1).stdout_has("old.txt:1:8:");
}

#[test]
fn a_file_that_is_only_intended_has_no_content_yet() {
    let dir = repository();
    dir.write("later.txt", token(318));
    dir.git(["add", "--intent-to-add", "later.txt"]);
    staged(&dir).run().status(0).stderr_is("nothing was scanned: no input\n");
    dir.keysieve(["staged", "--stats"])
        .run()
        .status(0)
        .stderr_has("1 files that are only intended to be added left out");
    dir.git(["add", "later.txt"]);
    staged(&dir).run().status(1).stdout_has("later.txt:1:1:");
}

/// A repository whose pre-commit hook is `keysieve staged`, which writes its report beside the index.
#[cfg(unix)]
fn hooked() -> Dir {
    use std::os::unix::fs::PermissionsExt;
    let dir = repository();
    let program = program();
    let program = program.to_str().expect("a path in UTF-8");
    dir.write(".git/hooks/pre-commit", format!("#!/bin/sh\nexec '{program}' staged --output=.git/report\n"));
    fs::set_permissions(dir.join(".git/hooks/pre-commit"), fs::Permissions::from_mode(0o755))
        .expect("a file can be made a program");
    dir
}

#[cfg(unix)]
#[test]
fn in_a_hook_the_index_is_the_one_of_the_commit() {
    let mut maker = Maker::new(319);
    let dir = hooked();
    dir.write("sub/other.txt", "nothing here\n");
    dir.commit_all("second");

    // Not staged, but commit -a takes it.
    dir.write("old.txt", maker.github_token());
    dir.git(["commit", "--quiet", "--allow-empty", "--message=empty"]);
    dir.git_refuses(["commit", "--quiet", "--all", "--message=all"]);
    assert!(dir.read(".git/report").contains("old.txt:1:1:"), "{}", dir.read(".git/report"));
    dir.git(["checkout", "--quiet", "old.txt"]);

    // Staged, but commit PATH leaves it out.
    dir.write("staged.txt", maker.github_token()).write("old.txt", "an edit\n");
    dir.git(["add", "staged.txt"]);
    dir.git(["commit", "--quiet", "--message=path", "old.txt"]);
    dir.git_refuses(["commit", "--quiet", "--message=staged"]);
    dir.git(["reset", "--quiet"]);

    // From below the top, by a path.
    dir.write("sub/other.txt", maker.github_token());
    dir.git_refuses(["-C", "sub", "commit", "--quiet", "--message=below", "other.txt"]);
    assert!(dir.read(".git/report").contains("sub/other.txt:1:1:"), "{}", dir.read(".git/report"));
}

#[test]
fn an_index_that_is_named_is_seen_from_the_top() {
    let dir = repository();
    dir.write("sub/x", "nothing here\n").write("new.txt", token(320));
    let other = [("GIT_INDEX_FILE", "other-index")];
    dir.git_with(&other, ["read-tree", "HEAD"], "");
    dir.git_with(&other, ["add", "new.txt"], "");
    staged(&dir).run().status(0).stderr_is("nothing was scanned: no input\n");
    staged(&dir).env("GIT_INDEX_FILE", "other-index").run().status(1).stdout_has("new.txt:1:1:");
    let below = || Keysieve::new(&dir.join("sub"), ["staged"]);
    below().env("GIT_INDEX_FILE", "other-index").run().status(1).stdout_has("../new.txt:1:1:");
    below().env("GIT_INDEX_FILE", "missing").run().status(0).stdout_is("");
}

#[test]
fn a_linked_work_tree_has_an_index_and_a_head_of_its_own() {
    let dir = repository();
    dir.git(["worktree", "add", "--quiet", "linked"]);
    dir.write("linked/deep/new.txt", token(321));
    dir.git(["-C", "linked", "add", "."]);
    let linked = || Keysieve::new(&dir.join("linked"), ["staged"]);
    linked().run().status(1).stdout_has("deep/new.txt:1:1:");
    staged(&dir).run().status(0).stderr_is("nothing was scanned: no input\n");
    let git_dir = dir.join(".git/worktrees/linked");
    let named = linked().env("GIT_DIR", git_dir.to_str().unwrap());
    named
        .env("GIT_INDEX_FILE", git_dir.join("index").to_str().unwrap())
        .run()
        .status(1)
        .stdout_has("deep/new.txt:1:1:");
}

#[test]
fn below_the_top_paths_are_as_they_would_be_typed() {
    let dir = repository();
    dir.write("sub/deep/a.txt", token(322)).write("b.txt", token(323));
    dir.git(["add", "."]);
    let outcome = Keysieve::new(&dir.join("sub"), ["staged"]).run().status(1);
    outcome.stdout_has("deep/a.txt:1:1:").stdout_has("../b.txt:1:1:").never_prints("sub/deep");
    Keysieve::new(&dir.join("sub"), ["staged", "-f", "sarif"]).run().status(1).stdout_has("\"sub/deep/a.txt\"");
}

#[test]
fn a_repository_can_be_named_by_variables() {
    let (dir, elsewhere) = (repository(), Dir::new());
    dir.write("new.txt", token(324));
    dir.git(["add", "."]);
    let named = elsewhere.keysieve(["staged"]).env("GIT_DIR", dir.join(".git").to_str().unwrap());
    named.env("GIT_WORK_TREE", dir.path().to_str().unwrap()).run().status(1).stdout_has("new.txt:1:1:");

    // As for a repository of a home directory's files: bare by name, with a work tree all the same.
    dir.git(["init", "--quiet", "--bare", "bare.git"]);
    let pair: &[_] = &[("GIT_DIR", "bare.git"), ("GIT_WORK_TREE", ".")];
    dir.git_with(pair, ["add", "new.txt"], "");
    staged(&dir).env("GIT_DIR", "bare.git").env("GIT_WORK_TREE", ".").run().status(1).stdout_has("new.txt:1:1:");
    staged(&dir).env("GIT_DIR", "bare.git").run().status(2).stderr_has("bare");
    dir.git(["-C", "bare.git", "config", "core.bare", "false"]);
    staged(&dir).env("GIT_DIR", "bare.git").run().status(1).stdout_has("new.txt:1:1:");
    staged(&dir).env("GIT_DIR", ".git").env("GIT_COMMON_DIR", "bare.git").run().status(2).stderr_has("GIT_COMMON_DIR");
}

#[test]
fn there_must_be_a_repository_with_a_work_tree() {
    Dir::new().keysieve(["staged"]).run().status(2).stdout_is("").stderr_is(
        "keysieve: error: there is no git repository here: 'staged' searches what the next commit of one would add\n",
    );
    let bare = Dir::new();
    bare.git(["init", "--quiet", "--bare"]);
    bare.keysieve(["staged"]).run().status(2).stdout_is("").stderr_is(
        "keysieve: error: this git repository has no work tree (it is bare, or the tree is gone): nothing is staged in it\n",
    );
    repository().keysieve(["staged"]).env("GIT_DIR", "nowhere").run().status(2).stderr_has("GIT_DIR");
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let dir = repository();
    dir.git(["init", "--quiet", "lib"]);
    dir.write("lib/token.txt", token(325));
    dir.git(["-C", "lib", "add", "."]);
    dir.git(["-C", "lib", "commit", "--quiet", "--message=lib"]);
    dir.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./lib", "sub"]);
    let outcome = dir.keysieve(["staged", "--stats"]).run().status(0).stdout_is("");
    outcome.stderr_has("1 submodules left out").stderr_has("1 file,");
    dir.write("sub/token.txt", token(326));
    dir.git(["-C", "sub", "add", "."]);
    Keysieve::new(&dir.join("sub"), ["staged"]).run().status(1).stdout_has("token.txt:1:1:");
}

#[test]
fn an_index_may_be_of_any_version() {
    for version in ["2", "3", "4"] {
        let dir = repository();
        dir.write("a/x.txt", "nothing here\n").write("a/xy.txt", "nothing here\n").write("later", "");
        dir.commit_all("second");
        dir.git(["update-index", "--index-version", version]);
        dir.write("a/xy.txt", token(327));
        dir.git(["add", "a/xy.txt"]);
        // Version 3 is version 2 with a flag that needs it.
        dir.write("intended", "");
        dir.git(["add", "--intent-to-add", "intended"]);
        assert_eq!(fs::read(dir.join(".git/index")).unwrap()[7], if version == "4" { 4 } else { 3 });
        staged(&dir).run().status(1).stdout_has("a/xy.txt:1:1:").stderr_has("1 finding in 1 file | 1 file,");
    }
}

#[test]
fn a_split_index_is_read_whole() {
    let dir = repository();
    dir.write("a/x.txt", "nothing here\n").write("gone.txt", "nothing here\n");
    dir.commit_all("second");
    dir.git(["update-index", "--split-index"]);
    dir.write("a/x.txt", token(328)).write("b.txt", token(329));
    dir.git(["add", "."]);
    dir.git(["rm", "--quiet", "gone.txt"]);
    assert!(dir.git(["rev-parse", "--shared-index-path"]).contains("sharedindex"));
    let outcome = staged(&dir).run().status(1).stderr_has("2 findings in 2 files | 2 files,");
    outcome.stdout_has("a/x.txt:1:1:").stdout_has("b.txt:1:1:");
}

/// A repository with a sparse index: of `out` it has one entry, of `in` every file.
fn sparse() -> Dir {
    let dir = Dir::repository();
    dir.write("in/a", "in\n").write("out/b", "out\n").write("out/deep/c", "deep\n").write("out/deep/d", "deep\n");
    dir.commit_all("first");
    dir.git(["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    assert!(dir.git(["ls-files", "--sparse"]).lines().any(|line| line == "out/"), "the index is sparse");
    dir
}

#[test]
fn a_directory_that_a_sparse_index_has_folded_is_compared() {
    let (dir, token) = (sparse(), token(330));
    staged(&dir).run().status(0).stderr_is("nothing was scanned: no input\n");
    dir.write("in/a", "an edit\n");
    dir.git(["add", "in/a"]);
    staged(&dir).run().status(0).stderr_has("| 1 file,");
    dir.git(["reset", "--quiet", "--hard"]);

    // Another commit's directory, still folded: one file in it differs.
    dir.git(["checkout", "--quiet", "-b", "side"]);
    dir.git(["sparse-checkout", "disable"]);
    dir.write("out/deep/c", &token);
    dir.commit_all("side");
    dir.git(["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    dir.git(["reset", "--quiet", "--soft", "main"]);
    assert!(dir.git(["ls-files", "--sparse"]).lines().any(|line| line == "out/"), "the index is sparse");
    staged(&dir).run().status(1).stdout_has("out/deep/c:1:1:").stderr_has("1 finding in 1 file | 1 file,");
}

#[test]
fn a_blob_that_is_missing_is_said_and_is_3() {
    let dir = repository();
    dir.write("new.txt", "nothing here\n").write("other.txt", "nothing there\n");
    dir.git(["add", "."]);
    let id = dir.git(["rev-parse", ":new.txt"]);
    fs::remove_file(dir.join(format!(".git/objects/{}/{}", &id[..2], id[2..].trim()))).unwrap();
    let outcome = staged(&dir).run().status(3).stderr_has("INCOMPLETE");
    outcome.stdout_has(format!("new.txt: not read: object {} is missing", id.trim()));
    dir.keysieve(["staged", "--max-size=1M"]).run().status(3).stderr_has("INCOMPLETE");
}

#[test]
fn a_blob_that_is_broken_is_said_and_is_3() {
    let dir = repository();
    dir.write("new.txt", "nothing here\n");
    dir.git(["add", "."]);
    let id = dir.git(["rev-parse", ":new.txt"]);
    let object = dir.join(format!(".git/objects/{}/{}", &id[..2], id[2..].trim()));
    fs::remove_file(&object).unwrap();
    fs::write(&object, "no object").unwrap();
    staged(&dir).run().status(3).stdout_has("new.txt: not read: ").stderr_has("INCOMPLETE");
}

#[test]
fn a_commit_that_is_missing_is_an_error() {
    let dir = repository();
    let id = dir.git(["rev-parse", "HEAD"]);
    fs::remove_file(dir.join(format!(".git/objects/{}/{}", &id[..2], id[2..].trim()))).unwrap();
    staged(&dir).run().status(2).stderr_has(format!("reading the commit {0}: object {0} is missing", id.trim()));
}

#[test]
fn an_index_that_is_broken_is_an_error() {
    let dir = repository();
    for broken in [&b"DIRC"[..], b"", b"DIRC\0\0\0\x02\xff\xff\xff\xff"] {
        dir.write(".git/index", broken);
        staged(&dir).run().status(2).stdout_is("").stderr_has("reading the index ");
    }
}

#[test]
fn objects_may_be_elsewhere() {
    let (dir, alternate) = (repository(), Dir::repository());
    dir.write("new.txt", token(331));
    dir.git(["add", "."]);
    let objects = alternate.join("elsewhere").to_str().unwrap().to_owned();
    fs::rename(dir.join(".git/objects"), &objects).unwrap();
    fs::create_dir(dir.join(".git/objects")).unwrap();
    staged(&dir).run().status(2).stderr_has("is missing");
    for variable in ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH"] {
        staged(&dir).env(variable, &objects).run().status(1).stdout_has("new.txt:1:1:");
    }
    let quoted = format!("/nowhere:\"{objects}\"");
    staged(&dir).env("GIT_ALTERNATE_OBJECT_DIRECTORIES", &quoted).run().status(1).stdout_has("new.txt:1:1:");
    dir.write(".git/objects/info/alternates", format!("{objects}\n"));
    staged(&dir).run().status(1).stdout_has("new.txt:1:1:");
}

#[test]
fn objects_may_be_packed() {
    let dir = repository();
    let lines: String = (0..2000).map(|line| format!("line {line}\n")).collect();
    dir.write("large.txt", &lines);
    dir.commit_all("second");
    dir.write("large.txt", format!("{lines}{}\n", token(332)));
    dir.git(["add", "."]);
    dir.git(["repack", "-q", "-a", "-d"]);
    dir.git(["gc", "--quiet", "--prune=now"]);
    staged(&dir).run().status(1).stdout_has("large.txt:2001:1:");
}

#[test]
fn a_replaced_object_is_still_what_its_id_says() {
    let dir = repository();
    dir.write("new.txt", token(333)).write("harmless", "nothing here\n");
    dir.git(["add", "new.txt"]);
    let harmless = dir.git(["hash-object", "-w", "harmless"]);
    dir.git(["replace", dir.git(["rev-parse", ":new.txt"]).trim(), harmless.trim()]);
    assert_eq!(dir.git(["show", ":new.txt"]), "nothing here\n", "git itself is deceived");
    staged(&dir).run().status(1).stdout_has("new.txt:1:1:");

    // A HEAD that is said to have the secret already.
    dir.git(["commit", "--quiet", "--message=second"]);
    dir.git(["replace", "HEAD~", "HEAD"]);
    dir.git(["update-ref", "--no-deref", "HEAD", dir.git(["--no-replace-objects", "rev-parse", "HEAD~"]).trim()]);
    staged(&dir).run().status(1).stdout_has("new.txt:1:1:");
}

#[cfg(unix)]
#[test]
fn nothing_that_a_repository_configures_is_run_or_hides_anything() {
    let mut maker = Maker::new(334);
    let dir = repository();
    let mark = dir.join("mark");
    let run = format!("touch {}", mark.display());
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "core.hooksPath",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.evil.command",
        "diff.external",
        "credential.helper",
        "alias.staged",
        "pager.staged",
        "gpg.program",
    ] {
        dir.git(["config", key, &run]);
    }
    dir.write("included", format!("[core]\n\tfsmonitor = {run}\n\tpager = {run}\n"));
    dir.write(".gitattributes", "* -diff binary filter=evil diff=evil export-ignore\n");
    dir.write(".gitignore", "*\n").write(".keysieve.toml", "severity = \"info\"\n");
    dir.write("new.txt", maker.github_token()).write("old.txt", maker.github_token());
    let quiet = ["-c", "filter.evil.clean=cat", "-c", "filter.evil.process=", "-c", "core.fsmonitor=false"];
    dir.git(quiet.into_iter().chain(["add", "--force", ".gitattributes", "new.txt", "old.txt"]));
    dir.git(["config", "gitoxide.core.indexFile", dir.join("nowhere").to_str().unwrap()]);
    dir.git(["config", "gitoxide.core.refsNamespace", "evil"]);
    dir.git(["config", "include.path", "../included"]);
    fs::remove_file(&mark).ok();
    let outcome = dir.keysieve(["staged", "-v"]).run().status(1);
    outcome.stdout_has("new.txt:1:1:").stdout_has("old.txt:1:1:");
    assert!(!mark.exists(), "something was run");
}

#[test]
fn a_pointer_to_a_large_file_is_searched_as_it_is() {
    let dir = repository();
    let id = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
    let pointer = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{id}\nsize 12345\n");
    dir.write("model.bin", pointer);
    dir.git(["add", "."]);
    staged(&dir).run().status(0).stdout_is("").stderr_has("1 file, 1");
}

#[test]
fn a_file_above_the_limit_is_not_read_and_that_is_said() {
    let dir = repository();
    dir.write("large.txt", "x\n".repeat(4096)).write("small.txt", "x\n");
    dir.git(["add", "."]);
    dir.keysieve(["staged", "--max-size=8K"]).run().status(0).stderr_has("2 files");
    let outcome = dir.keysieve(["staged", "--max-size=4K"]).run().status(3).stderr_has("INCOMPLETE");
    outcome.stdout_has("large.txt: not read: its 8192 bytes are more than the limit of 4096");
}

#[test]
fn many_files_are_read_by_several_threads_with_the_same_report() {
    let mut maker = Maker::new(335);
    let dir = repository();
    for i in 0..300 {
        dir.write(format!("{}/{i}.txt", i % 7), format!("{}\n", maker.github_token()));
    }
    dir.git(["add", "."]);
    let one = dir.keysieve(["staged", "-f", "jsonl", "-j", "1"]).run().status(1).stdout;
    assert_eq!(one.lines().count(), 301);
    assert!(one.contains("\"mode\":\"staged\"") && one.contains("\"origin\":\"staged\""), "{one}");
    assert_eq!(one, dir.keysieve(["staged", "-f", "jsonl", "-j", "4"]).run().status(1).stdout);
}

#[test]
fn a_rule_for_whole_files_knows_staged_ones() {
    let dir = repository();
    dir.write("keys/store.p12", b"\x30\x82\x0a\x10\x02\x01\x03\x30\x82")
        .write("store.txt", b"\x30\x82\x0a\x10\x02\x01\x03");
    dir.git(["add", "."]);
    staged(&dir).run().status(1).stdout_has("keys/store.p12:1:1:").never_prints("store.txt");
    dir.git(["commit", "--quiet", "--message=second"]);
    dir.git(["mv", "keys", "other"]);
    is_silent(&dir);
}

#[test]
fn a_comment_suppresses_and_no_format_prints_a_secret() {
    let mut maker = Maker::new(336);
    let dir = repository();
    dir.write("fixture.sh", format!("TOKEN={}  # keysieve:allow a token of the test suite\n", maker.github_token()));
    dir.git(["add", "."]);
    staged(&dir).run().status(0).stdout_is("").stderr_has("1 suppressed");
    for format in ["text", "jsonl", "sarif"] {
        let token = maker.github_token();
        dir.write(&token, format!("{token}\n"));
        dir.git(["add", "."]);
        dir.keysieve(["staged", "--format", format]).run().status(1).never_prints(&token);
    }
}
