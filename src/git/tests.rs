//! Real repositories, made by git itself, each as a session of commands.
#![allow(clippy::disallowed_methods, reason = "what is tested is that we agree with git, so git is run")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use super::*;
use crate::{
    model::{Excluded, NoMask},
    source::{Names, Options, Source, SourceError, Worktree, recorder::Recorder},
};

/// A directory to make repositories in, by its real path.
pub(super) struct Place {
    _guard: TempDir,
    pub(super) top: PathBuf,
}

impl Place {
    fn new() -> Self {
        let guard = tempfile::tempdir().expect("a directory can be made");
        let top = dunce::canonicalize(guard.path()).expect("it was just made");
        Self { _guard: guard, top }
    }

    /// A place that is a repository.
    pub(super) fn repository() -> Self {
        let place = Self::new();
        place.git("init -q -b main .");
        place
    }

    pub(super) fn write(&self, file: &str, text: &str) -> &Self {
        let path = self.top.join(file);
        fs::create_dir_all(path.parent().expect("a file is in a directory")).expect("a directory can be made");
        fs::write(path, text).expect("a file can be written");
        self
    }

    /// Runs git here and returns what it printed.
    pub(super) fn git(&self, arguments: &str) -> String {
        let output = git_in(&self.top).args(arguments.split(' ')).output().expect("git is installed");
        assert!(output.status.success(), "git {arguments}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub(super) fn discover(&self, directory: &str) -> Option<Repository> {
        Repository::discover(&self.top.join(directory)).expect("nothing is wrong with the repository")
    }

    /// What is tracked in the work tree that `directory` is in; `@` ends a submodule.
    fn tracked(&self, directory: &str) -> Vec<String> {
        let repository = self.discover(directory).expect("there is a repository");
        let tracked = repository.work_tree().expect("it is not bare").tracked().expect("its index is whole");
        let shown =
            tracked.iter().map(|name| format!("{}{}", name.path.expose(), if name.submodule { "@" } else { "" }));
        shown.collect()
    }

    fn scan(&self, directory: &str) -> Recorder {
        let here = self.top.join(directory);
        let found = repositories(&here, std::slice::from_ref(&here)).expect("nothing is wrong with the repository");
        let trees: Vec<WorkTree> = found.iter().filter_map(Repository::work_tree).collect();
        let names: Vec<&dyn Names> = trees.iter().map(|tree| tree as &dyn Names).collect();
        let recorder = Recorder::default();
        let options = Options { here, ..Options::default() };
        let worktree = Worktree::new(&options, &names).expect("the directory is there").discovering(&Nested);
        worktree.push(&recorder).expect("the index is whole");
        recorder
    }
}

/// git with nobody's configuration, and the same author and dates on every machine.
pub(super) fn git_in(directory: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(directory).args(["-c", "protocol.file.allow=always"]);
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"] {
        git.env_remove(variable);
    }
    for role in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{role}_NAME"), "A U Thor").env(format!("GIT_{role}_EMAIL"), "author@example.com");
        git.env(format!("GIT_{role}_DATE"), "2024-05-02T12:00:00Z");
    }
    git.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("LC_ALL", "C");
    git
}

#[test]
fn there_need_not_be_a_repository() {
    assert!(Place::new().discover("").is_none());
}

#[test]
fn a_repository_is_found_from_within() {
    let place = Place::repository();
    place.write("d/e/x", "").git("add .");
    let repository = place.discover("d/e").expect("there is one");
    assert_eq!(repository.work_tree().expect("it is not bare").work_tree(), place.top);
}

#[test]
fn tracked_names_are_sorted_and_each_is_there_once() {
    let place = Place::repository();
    place.write("b", "1").write("a-b", "1").write("a/x", "1").write("a.c", "1").git("add .");
    place.git("commit -qm one");
    place.git("checkout -qb side");
    place.write("b", "2").git("commit -qam two");
    place.git("checkout -q main");
    place.write("b", "3").git("commit -qam three");
    assert!(!git_in(&place.top).args(["merge", "-q", "side"]).output().expect("git runs").status.success());
    assert_eq!(place.git("ls-files").lines().count(), 6, "b is there in three stages");
    assert_eq!(place.tracked(""), ["a-b", "a.c", "a/x", "b"]);
}

#[test]
fn an_unborn_branch_has_an_index_or_none() {
    let place = Place::repository();
    assert_eq!(place.tracked(""), [""; 0]);
    place.write("a", "").git("add a");
    assert_eq!(place.tracked(""), ["a"]);
    let vcs = place.discover("").expect("there is a repository").vcs(&NoMask);
    assert_eq!(vcs.branch.expect("HEAD names one").as_str(), "main");
    assert_eq!(vcs.revision, None);
}

#[test]
fn a_bare_repository_has_no_work_tree() {
    let place = Place::new();
    place.git("init -q --bare .");
    assert!(place.discover("").expect("there is a repository").work_tree().is_none());
    assert!(repositories(&place.top, std::slice::from_ref(&place.top)).expect("it can be read").is_empty());
}

#[test]
fn a_broken_index_is_an_error_that_names_it() {
    let place = Place::repository();
    place.write("a", "").git("add a");
    let index = place.top.join(".git/index");
    let whole = fs::read(&index).expect("git has written it");
    let mut flipped = whole.clone();
    flipped[20] ^= 1;
    for broken in [&whole[..whole.len() - 30], &flipped, b"DIRC", b""] {
        fs::write(&index, broken).expect("it can be written");
        let error = place.discover("").expect("there is a repository").work_tree().expect("not bare").tracked();
        let Err(SourceError::Vcs { doing, reason }) = error else { panic!("{} bytes: {error:?}", broken.len()) };
        assert!(doing.starts_with("reading the index ") && doing.ends_with("index") && !reason.is_empty(), "{doing}");
    }
}

#[test]
fn a_linked_work_tree_has_its_own_names() {
    let place = Place::repository();
    place.write("main-file", "").git("add .");
    place.git("commit -qm one");
    place.git("worktree add -q linked");
    place.write("linked/other", "").write("linked/ignored", "").write(".git/info/exclude", "ignored\n");
    Place::git(&place, "-C linked add other");
    assert_eq!(place.tracked("linked"), ["main-file", "other"]);
    let seen = place.scan("linked");
    assert_eq!(seen.files(), ["main-file", "other"]);
    assert_eq!((seen.excluded(Excluded::Ignored), seen.excluded(Excluded::GitDir)), (1, 1));
}

#[test]
fn a_submodule_is_flagged_and_its_content_left_out() {
    let place = Place::new();
    place.git("init -q -b main lib");
    place.write("lib/x", "").git("-C lib add .");
    place.git("-C lib commit -qm one");
    place.git("init -q -b main app");
    place.write("app/a", "").git("-C app submodule --quiet add ../lib sub");
    assert_eq!(place.tracked("app"), [".gitmodules", "sub@"]);
    let seen = place.scan("app");
    assert_eq!(seen.files(), [".gitmodules", "a"]);
    assert_eq!(seen.excluded(Excluded::Submodule), 1);
    assert_eq!(place.scan("app/sub").files(), ["x"]);
}

#[test]
fn a_split_index_is_read_whole() {
    let place = Place::repository();
    place.write("a", "").write("b", "").git("add .");
    place.git("update-index --split-index");
    place.write("c", "").git("add c");
    assert!(place.git("rev-parse --shared-index-path").contains("sharedindex"));
    assert_eq!(place.tracked(""), ["a", "b", "c"]);
}

#[test]
fn a_sparse_index_is_expanded() {
    let place = Place::repository();
    place.write("in/a", "").write("out/b", "").write("out/deep/c", "").write("top", "").git("add .");
    place.git("commit -qm one");
    place.git("sparse-checkout set --cone --sparse-index in");
    assert!(place.git("ls-files --sparse").lines().any(|line| line == "out/"), "the index is sparse");
    assert_eq!(place.tracked(""), ["in/a", "out/b", "out/deep/c", "top"]);
    let seen = place.scan("");
    assert_eq!((seen.files().join(" "), seen.excluded(Excluded::NotInWorkTree)), ("in/a top".to_owned(), 2));
}

#[test]
fn object_names_may_be_sha256() {
    let place = Place::new();
    place.git("init -q -b main --object-format=sha256 .");
    place.write("a", "").git("add .");
    place.git("commit -qm one");
    assert_eq!(place.tracked(""), ["a"]);
    let revision = place.discover("").expect("there is a repository").vcs(&NoMask).revision;
    assert_eq!(revision.as_deref(), Some(place.git("rev-parse HEAD").trim()));
}

#[test]
fn reftables_are_refused_by_name() {
    let place = Place::new();
    place.git("init -q -b main --ref-format=reftable .");
    let error = Repository::discover(&place.top).expect_err("its refs cannot be read");
    assert!(error.to_string().contains("reftable"), "{error}");
}

#[test]
fn reports_are_told_what_was_scanned() {
    let place = Place::repository();
    place.write("a", "").git("add .");
    place.git("commit -qm one");
    place.git(concat!("remote add origin https://user:", "token@example.com/a/b.git"));
    let vcs = place.discover("").expect("there is a repository").vcs(&NoMask);
    assert_eq!(vcs.repository_uri.expect("it is a URL").as_str(), "https://example.com/a/b.git");
    assert_eq!(vcs.revision.as_deref(), Some(place.git("rev-parse HEAD").trim()));
    assert_eq!(vcs.branch.expect("HEAD names one").as_str(), "main");

    place.git("checkout -q --detach");
    assert_eq!(place.discover("").expect("there is a repository").vcs(&NoMask).branch, None);
}

/// What is scanned is what git lists as tracked, or untracked and not ignored, for every rule of precedence at once.
#[test]
fn files_are_ignored_as_git_ignores_them() {
    let place = Place::repository();
    place.write(
        ".gitignore",
        "*.log\n!keep.log\n/build/\nsecret*\n\\#hash\ntrailing \n**/gen/*.c\ndoc/*.txt\n!doc/a.txt\n",
    );
    place
        .write("src/.gitignore", "!debug.log\n/local\n*.tmp\n!/deep/\n")
        .write("src/deep/.gitignore", "*\n!.gitignore\n!x\n");
    place.write(".git/info/exclude", "excluded\n!secret-but-not\n");
    for file in [
        "a.log",
        "keep.log",
        "build/x",
        "src/build/x",
        "secret1",
        "secret-but-not",
        "#hash",
        "trailing",
        "x/gen/a.c",
        "x/gen/deep/a.c",
        "doc/a.txt",
        "doc/b.txt",
        "doc/deep/c.txt",
        "src/debug.log",
        "src/other.log",
        "src/local",
        "src/in/local",
        "src/a.tmp",
        "src/deep/x",
        "src/deep/y",
        "src/deep/z/x",
        "excluded",
        "src/excluded/x",
        "tracked.log",
        "build/tracked",
        "build/deep/tracked",
        ".hidden",
        "nested/build/y",
    ] {
        place.write(file, file);
    }
    place.git("add -f tracked.log build/tracked build/deep/tracked");
    let listed = place.git("ls-files -z --cached --others --exclude-standard");
    let mut listed: Vec<&str> = listed.split_terminator('\0').collect();
    listed.sort_unstable();
    let seen = place.scan("");
    assert_eq!(seen.files(), listed);
    assert!(seen.excluded(Excluded::Ignored) > 0 && listed.len() > 10, "the rules do something");

    let below: Vec<_> = listed.iter().filter(|file| file.starts_with("src/")).collect();
    assert_eq!(place.scan("src").files().iter().collect::<Vec<_>>(), below);
}

#[test]
fn a_repository_within_another_is_scanned_with_it() {
    let place = Place::repository();
    place.write("a", "").git("init -q -b main vendor");
    place.write("vendor/x", "").write("vendor/y", "").write("vendor/d/tracked.log", "").write("vendor/other.log", "");
    place.write("vendor/.gitignore", "*.log\nd\n").git("-C vendor add -f x d .gitignore");
    let seen = place.scan("");
    assert_eq!(seen.files(), ["a", "vendor/.gitignore", "vendor/d/tracked.log", "vendor/x", "vendor/y"]);
    assert_eq!(seen.excluded(Excluded::GitDir), 2);
    assert_eq!(place.scan("vendor").files(), [".gitignore", "d/tracked.log", "x", "y"]);

    place.write("vendor/.git/index", "broken");
    let unread = place.scan("").unread();
    assert!(unread.len() == 1 && unread[0].starts_with("file vendor/.git: reading the index "), "{unread:?}");
}

/// Whatever the configuration says, nothing is run, and what is scanned does not change.
#[test]
fn no_program_of_a_repository_is_run() {
    let place = Place::repository();
    place.write(".gitattributes", "* filter=evil diff=evil\n").write("a", "text").git("add .");
    place.git("commit -qm one");
    let mark = place.top.join("mark");
    let run = format!("touch {}", mark.display());
    for key in [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "core.askPass",
        "core.gitProxy",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.external",
        "credential.helper",
        "uploadpack.packObjectsHook",
        "gpg.program",
    ] {
        let set = git_in(&place.top).args(["config", key, &run]).status().expect("git is installed");
        assert!(set.success(), "{key}");
    }
    place.write(".git/hooks/post-index-change", &format!("#!/bin/sh\n{run}\n"));
    assert_eq!(place.scan("").documents(), ["file .gitattributes: * filter=evil diff=evil\n", "file a: text"]);
    assert!(place.discover("").expect("there is a repository").vcs(&NoMask).revision.is_some());
    assert!(!mark.exists());
}

/// The variables that git sets for hooks, in a process of its own, since a process has one environment.
mod environment {
    use super::*;

    /// Run by [`session`]: prints what is tracked in the directory that is named by a variable.
    #[test]
    fn tells_what_is_tracked() {
        let Some(directory) = std::env::var_os("KEYSIEVE_TEST_DIRECTORY") else { return };
        let found = Repository::discover(Path::new(&directory)).map(|found| {
            let tree = found.and_then(|found| found.work_tree());
            tree.map_or_else(Vec::new, |tree| {
                tree.tracked().expect("its index is whole").iter().map(|name| name.path.expose().to_string()).collect()
            })
        });
        let told = found.map_or_else(|error| error.to_string(), |names| names.join(" "));
        fs::write(std::env::var_os("KEYSIEVE_TEST_ANSWER").expect("it is set with the other"), told)
            .expect("it is new");
    }

    fn session(place: &Place, here: &str, directory: &str, variables: &[(&str, &str)]) -> String {
        let answer = place.top.join("answer");
        let mut child = Command::new(std::env::current_exe().expect("a test knows its program"));
        child.args(["--exact", "git::tests::environment::tells_what_is_tracked"]).current_dir(place.top.join(here));
        child.env("KEYSIEVE_TEST_DIRECTORY", place.top.join(directory)).env("KEYSIEVE_TEST_ANSWER", &answer);
        child.envs(variables.iter().copied());
        assert!(child.output().expect("a test can run itself").status.success());
        let told = fs::read_to_string(&answer).expect("the session has answered");
        fs::remove_file(answer).expect("it is there");
        told
    }

    #[test]
    fn names_the_repository_of_what_is_below_its_work_tree_only() {
        let place = Place::new();
        for name in ["one", "two"] {
            place.git(&format!("init -q -b main {name}"));
            place.write(&format!("{name}/of-{name}"), "").git(&format!("-C {name} add ."));
        }
        place.write("tree/x", "");
        let told = |here, directory, variables: &[(&str, &str)]| session(&place, here, directory, variables);
        assert_eq!(told("one", "one", &[]), "of-one");
        assert_eq!(told("one", "one", &[("GIT_DIR", ".git")]), "of-one");
        assert_eq!(told("one", "two", &[("GIT_DIR", ".git")]), "of-two", "it is not below the other's work tree");
        assert_eq!(told("one", "two", &[("GIT_INDEX_FILE", ".git/index")]), "of-two");

        let both: &[_] = &[("GIT_DIR", "../one/.git"), ("GIT_WORK_TREE", ".")];
        assert_eq!(told("tree", "tree", both), "of-one");

        place.write("one/new", "");
        let mut add = git_in(&place.top.join("one"));
        assert!(add.env("GIT_INDEX_FILE", "other-index").args(["add", "new"]).status().expect("git runs").success());
        assert_eq!(told("one", "one", &[("GIT_INDEX_FILE", "other-index")]), "new");
    }

    #[test]
    fn may_name_what_is_no_repository() {
        let place = Place::repository();
        let told = session(&place, "", "", &[("GIT_DIR", "nowhere")]);
        assert!(told.starts_with("opening the repository that GIT_DIR"), "{told}");
    }
}
