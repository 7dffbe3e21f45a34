//! Scans of directories that were made to be difficult: each test lays one out, scans it, and compares all that came.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use tempfile::TempDir;

use super::{recorder::Recorder, *};
use crate::model::{Name, Text};

/// A directory of its own, by its real path.
struct Tree {
    _guard: TempDir,
    top: PathBuf,
}

impl Tree {
    fn new() -> Self {
        let guard = tempfile::tempdir().expect("a directory can be made");
        let top = dunce::canonicalize(guard.path()).expect("it was just made");
        Self { _guard: guard, top }
    }

    /// A tree of these files, each with its path as its content.
    fn of(files: &[&str]) -> Self {
        let tree = Self::new();
        files.iter().for_each(|file| tree.write(file, file));
        tree
    }

    /// The same, with a `.git` that makes it a work tree to the ignore rules.
    fn repository(files: &[&str]) -> Self {
        let tree = Self::of(files);
        tree.write(".git/HEAD", "ref: refs/heads/main\n");
        tree
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.top.join(file);
        fs::create_dir_all(path.parent().expect("a file is in a directory")).expect("a directory can be made");
        fs::write(path, text).expect("a file can be written");
    }

    fn options(&self, paths: &[&str]) -> Options {
        let paths = paths.iter().map(PathBuf::from).collect();
        Options { here: self.top.clone(), paths, threads: 2, ..Options::default() }
    }

    fn scan(&self, paths: &[&str]) -> Recorder {
        scan(&self.options(paths), &[])
    }

    fn scan_tracking(&self, tracked: &[&str]) -> Recorder {
        scan(&self.options(&[]), &[&Listed::new(&self.top, tracked)])
    }
}

fn scan(options: &Options, names: &[&dyn Names]) -> Recorder {
    let recorder = Recorder::default();
    let worktree = Worktree::new(options, names).expect("what was asked for is there");
    worktree.push(&recorder).expect("the list of tracked names can be read");
    recorder
}

/// A version control system that tracks a list; `@` ends the name of a submodule.
struct Listed {
    top: PathBuf,
    tracked: Vec<Tracked>,
}

impl Listed {
    fn new(top: &Path, tracked: &[&str]) -> Self {
        let tracked = tracked
            .iter()
            .map(|path| Tracked { path: Name::new(path.trim_end_matches('@')), submodule: path.ends_with('@') });
        Self { top: top.to_path_buf(), tracked: tracked.collect() }
    }
}

impl Names for Listed {
    fn work_tree(&self) -> &Path {
        &self.top
    }

    fn tracked(&self) -> Result<Vec<Tracked>, SourceError> {
        Ok(self.tracked.clone())
    }
}

const NOTHING: [&str; 0] = [];

#[test]
fn everything_is_scanned_but_the_inside_of_git() {
    let tree = Tree::of(&["a", ".hidden", ".dir/.x", "d/e/f", "sub/.git/config", "linked/.git"]);
    fs::create_dir(tree.top.join("empty")).expect("a directory can be made");
    let seen = tree.scan(&[]);
    assert_eq!(seen.documents(), ["file .dir/.x: .dir/.x", "file .hidden: .hidden", "file a: a", "file d/e/f: d/e/f"]);
    let names = [".dir", ".dir/.x", ".hidden", "a", "d", "d/e", "d/e/f", "empty", "linked", "sub"];
    assert_eq!(seen.names(), names);
    assert_eq!((seen.excluded(Excluded::GitDir), seen.unread()), (2, vec![]));
}

#[test]
fn an_empty_directory_is_nothing_to_read() {
    let seen = Tree::new().scan(&[]);
    assert_eq!((seen.documents(), seen.names(), seen.unread()), (vec![], vec![], vec![]));
}

#[test]
fn untracked_files_that_git_ignores_are_counted() {
    let tree =
        Tree::repository(&["a.log", "keep.log", "b", "target/x", "target/y/z", "d/c.log", "d/own", "d/deep/own"]);
    tree.write(".gitignore", "*.log\n!keep.log\n/target/\n");
    tree.write("d/.gitignore", "/own\n!c.log\n");
    tree.write(".git/info/exclude", "b\n");
    let seen = tree.scan(&[]);
    assert_eq!(seen.files(), [".gitignore", "d/.gitignore", "d/c.log", "d/deep/own", "keep.log"]);
    assert_eq!(seen.excluded(Excluded::Ignored), 4, "a.log, b, d/own, target");

    let all = scan(&Options { no_ignore: true, ..tree.options(&[]) }, &[]);
    assert_eq!((all.files().len(), all.excluded(Excluded::Ignored)), (10, 0));
}

#[test]
fn only_git_says_what_is_ignored_and_only_in_a_repository() {
    let tree = Tree::repository(&["a", "b"]);
    tree.write(".ignore", "a\n");
    tree.write(".rgignore", "b\n");
    assert_eq!(tree.scan(&[]).files(), [".ignore", ".rgignore", "a", "b"]);

    let tree = Tree::of(&["a", "b"]);
    tree.write(".gitignore", "a\n");
    assert_eq!(tree.scan(&[]).files(), [".gitignore", "a", "b"]);
}

#[test]
fn rules_of_directories_above_count_up_to_the_repositorys_top() {
    let tree = Tree::of(&["repo/d/a.log", "repo/d/b", "repo/d/c"]);
    tree.write(".gitignore", "b\n");
    tree.write("repo/.gitignore", "*.log\n/d/c\n");
    tree.write("repo/.git/HEAD", "");
    assert_eq!(tree.scan(&["repo/d"]).files(), ["repo/d/b"]);
}

#[test]
fn a_repository_within_has_rules_of_its_own() {
    let tree = Tree::repository(&["x.log", "sub/x.log", "sub/y.tmp", "sub/.git/HEAD"]);
    tree.write(".gitignore", "*.log\n");
    tree.write("sub/.gitignore", "*.tmp\n");
    assert_eq!(tree.scan(&[]).files(), [".gitignore", "sub/.gitignore", "sub/x.log"]);
}

#[test]
fn what_is_tracked_is_scanned_though_it_is_ignored() {
    let tree = Tree::repository(&["a.env", "b.env", "out/x", "out/y", "out/deep/z", "out/deep/w"]);
    tree.write(".gitignore", "*.env\nout/\n");
    let seen = tree.scan_tracking(&["a.env", "out/deep/z", "out/x"]);
    assert_eq!(seen.files(), [".gitignore", "a.env", "out/deep/z", "out/x"]);
    assert_eq!(seen.excluded(Excluded::Ignored), 3, "b.env, out/deep/w, out/y");
    assert_eq!(seen.excluded(Excluded::NotInWorkTree), 0);
}

#[test]
fn what_is_tracked_and_not_there_is_counted() {
    let tree = Tree::repository(&["a", "dir/file"]);
    let seen = tree.scan_tracking(&["a", "dir", "gone", "gone-too/x"]);
    assert_eq!(seen.files(), ["a", "dir/file"]);
    assert_eq!(seen.excluded(Excluded::NotInWorkTree), 3);
    assert!(seen.unread().is_empty());
}

#[test]
fn only_what_was_asked_for_is_accounted_for() {
    let tree = Tree::repository(&["a", "dir/x"]);
    let tracked = Listed::new(&tree.top, &["a", "dir/gone", "dir/x", "elsewhere/gone", "sub@"]);
    let seen = scan(&tree.options(&["dir"]), &[&tracked]);
    assert_eq!(seen.files(), ["dir/x"]);
    assert_eq!(seen.excluded(Excluded::NotInWorkTree), 1);
    assert_eq!(seen.excluded(Excluded::Submodule), 0);
}

#[test]
fn a_submodule_is_left_out_unless_it_is_named() {
    let tree = Tree::repository(&["a", "lib/sub/x", "lib/y"]);
    let tracked = Listed::new(&tree.top, &["a", "lib/sub@", "lib/y", "not-checked-out@"]);
    let seen = scan(&tree.options(&[]), &[&tracked]);
    assert_eq!(seen.files(), ["a", "lib/y"]);
    assert_eq!(seen.excluded(Excluded::Submodule), 2);
    assert_eq!(scan(&tree.options(&["lib/sub"]), &[&tracked]).files(), ["lib/sub/x"]);
}

#[test]
fn an_index_cannot_lead_out_of_the_work_tree() {
    let outside = Tree::of(&["secret"]);
    let tree = Tree::repository(&["a"]);
    let absolute = outside.top.join("secret");
    let absolute = absolute.to_str().expect("a temporary directory has a plain name");
    let seen = tree.scan_tracking(&["../x", absolute, "a"]);
    assert_eq!(seen.files(), ["a"]);
    assert_eq!(seen.unread().len(), 2, "{:?}", seen.unread());
}

#[test]
fn what_is_named_is_scanned_once_whatever_a_rule_says() {
    let tree = Tree::repository(&["a.log", "b.log", "out/x", "out/y.log"]);
    tree.write(".gitignore", "*.log\nout\n");
    assert_eq!(tree.scan(&["a.log"]).files(), ["a.log"]);
    assert_eq!(tree.scan(&["out"]).files(), ["out/x"]);
    let seen = tree.scan(&[".", "a.log", "./a.log", "out", "out/x"]);
    assert_eq!(seen.files(), [".gitignore", "a.log", "out/x"]);
    assert_eq!(seen.names(), [".gitignore", "a.log", "out/x"]);
}

#[test]
fn a_path_that_is_not_there_is_an_error_unless_it_is_listed() {
    let tree = Tree::of(&["a"]);
    for path in ["gone", "a/b", ""] {
        let error = Worktree::new(&tree.options(&["a", path]), &[]).expect_err("there is no such file");
        assert!(matches!(&error, SourceError::Path { path: given, .. } if given == Path::new(path)), "{error}");
    }

    let listed = Some(vec!["a".into(), "gone".into()]);
    let seen = scan(&Options { listed, ..tree.options(&[]) }, &[]);
    assert_eq!(seen.files(), ["a"]);
    assert!(seen.unread()[0].starts_with("file gone: opening: "), "{:?}", seen.unread());

    let seen = scan(&Options { listed: Some(vec![]), ..tree.options(&[]) }, &[]);
    assert_eq!(seen.files(), NOTHING, "an empty list is not the current directory");
}

#[test]
fn a_large_file_is_streamed_and_read_whole() {
    let tree = Tree::new();
    let file = fs::File::create(tree.top.join("large")).expect("a file can be made");
    file.set_len((9 << 20) + 1).expect("a file can have holes");
    let seen = tree.scan(&[]);
    assert_eq!((seen.streams(), seen.documents()[0].len()), (1, "file large: ".len() + (9 << 20) + 1));
}

#[test]
fn an_interrupted_walk_ends_early() {
    let files: Vec<String> = (0..500).map(|i| format!("{i}")).collect();
    let tree = Tree::of(&files.iter().map(String::as_str).collect::<Vec<_>>());
    let recorder = Recorder::stopping_after(10);
    let options = Options { threads: 1, ..tree.options(&[]) };
    Worktree::new(&options, &[]).expect("it is there").push(&recorder).expect("it can be read");
    assert!(recorder.files().len() <= 10, "{}", recorder.files().len());
}

#[test]
fn a_directory_that_vanishes_is_told() {
    /// Removes a directory while another is being walked.
    struct Removing<'a>(&'a Path, Recorder, AtomicBool);
    struct RemovingWorker<'a>(&'a Removing<'a>, Box<dyn Worker + 'a>);
    impl Sink for Removing<'_> {
        fn worker(&self) -> Box<dyn Worker + '_> {
            Box::new(RemovingWorker(self, self.1.worker()))
        }
    }
    impl Worker for RemovingWorker<'_> {
        fn document(&mut self, document: Document<'_>) {
            let walked = document.origin.path().expect("a file has a path").to_path().into_owned();
            if !self.0.2.swap(true, Ordering::Relaxed) {
                let other = if walked.starts_with("one") { "two" } else { "one" };
                fs::remove_dir_all(self.0.0.join(other)).expect("it is there until now");
            }
            self.1.document(document);
        }
        fn excluded(&mut self, what: Excluded) {
            self.1.excluded(what);
        }
        fn unread(&mut self, origin: Origin, reason: UnreadReason) {
            self.1.unread(origin, reason);
        }
        fn stopped(&self) -> bool {
            false
        }
    }

    let tree = Tree::of(&["one/x", "two/x"]);
    let sink = Removing(&tree.top, Recorder::default(), AtomicBool::new(false));
    let options = Options { threads: 1, ..tree.options(&[]) };
    Worktree::new(&options, &[]).expect("it is there").push(&sink).expect("it can be read");
    assert_eq!(sink.1.files().len(), 1);
    let unread = sink.1.unread();
    assert!(unread.len() == 1 && unread[0].contains(": reading the directory: "), "{unread:?}");
}

#[test]
fn documents_can_be_read_again() {
    let tree = Tree::of(&["d/a"]);
    let worktree = Worktree::new(&tree.options(&[]), &[]).expect("it is there");
    let read = |origin: Origin| {
        let mut text = String::new();
        worktree.reopen(&origin).and_then(|mut input| input.read_to_string(&mut text)).map(|_| text)
    };
    assert_eq!(read(Origin::File(Name::new("d/a"))).expect("it is a file"), "d/a");
    assert_eq!(read(Origin::FileName(Name::new("d/gone"))).expect("a name needs no file"), "d/gone");
    assert!(read(Origin::File(Name::new("d"))).is_err());
    assert!(read(Origin::File(Name::new("gone"))).is_err());
    assert!(read(Origin::Stdin).is_err());
}

#[test]
fn paths_are_told_as_a_person_would_type_them() {
    let tree = Tree::of(&["repo/src/a", "repo/b"]);
    let tracked = Listed::new(&tree.top.join("repo"), &["b", "src/a"]);
    let told = |here: &str, paths: &[&str], names: &[&dyn Names]| {
        let paths = paths.iter().map(PathBuf::from).collect();
        let options = Options { here: tree.top.join(here), paths, ..Options::default() };
        let worktree = Worktree::new(&options, names).expect("it is there");
        let seen = Recorder::default();
        worktree.push(&seen).expect("it can be read");
        let text = |name: Name| Text::own(name.expose().to_string());
        let info = crate::model::RunInfo {
            here: worktree.here().map(text),
            from_here: Some(text(worktree.prefix_from_here())),
            ..Default::default()
        };
        let shown: Vec<String> = seen.files().iter().map(|file| info.display_path(file)).collect();
        shown.join(" ")
    };
    assert_eq!(told("repo/src", &[], &[&tracked]), "a");
    assert_eq!(told("repo/src", &[".."], &[&tracked]), "../b a");
    assert_eq!(told("", &["repo"], &[&tracked]), "repo/b repo/src/a");
    assert_eq!(told("repo/src", &["../b"], &[]), "../b");
    assert_eq!(told("repo", &["src", "b"], &[]), "b src/a");
}

#[cfg(unix)]
mod on_unix {
    use std::{
        ffi::OsStr,
        os::unix::{
            ffi::OsStrExt,
            fs::{PermissionsExt, symlink},
            net::UnixListener,
        },
        process::Command,
    };

    use super::*;

    fn make_fifo(path: &Path) {
        #[allow(clippy::disallowed_methods, reason = "std cannot make a FIFO, and a test may run mkfifo")]
        let status = Command::new("mkfifo").arg(path).status().expect("mkfifo is part of every Unix");
        assert!(status.success());
    }

    #[test]
    fn the_text_of_a_link_is_scanned_and_nothing_behind_it() {
        let outside = Tree::of(&["x"]);
        let tree = Tree::of(&["a"]);
        symlink(&outside.top, tree.top.join("dir")).expect("a link can be made");
        symlink("a", tree.top.join("file")).expect("a link can be made");
        symlink("nowhere", tree.top.join("lost")).expect("a link can be made");
        symlink("loop", tree.top.join("loop")).expect("a link can be made");
        symlink(".", tree.top.join("self")).expect("a link can be made");
        let seen = tree.scan(&[]);
        let dir = format!("link-target dir: {}", outside.top.display());
        let links =
            ["link-target file: a", "link-target loop: loop", "link-target lost: nowhere", "link-target self: ."];
        assert_eq!(seen.documents(), [&["file a: a", &dir], &links[..]].concat());
        assert!(seen.unread().is_empty());

        let worktree = Worktree::new(&tree.options(&[]), &[]).expect("it is there");
        let mut text = String::new();
        let origin = Origin::LinkTarget(Name::new("lost"));
        worktree.reopen(&origin).and_then(|mut link| link.read_to_string(&mut text)).expect("a link can be read");
        assert_eq!(text, "nowhere");
    }

    #[test]
    fn a_link_that_was_named_is_followed_and_a_listed_one_is_not() {
        let tree = Tree::of(&["a", "real/x"]);
        symlink("a", tree.top.join("link")).expect("a link can be made");
        symlink("real", tree.top.join("dir")).expect("a link can be made");
        symlink("nowhere", tree.top.join("lost")).expect("a link can be made");
        let seen = tree.scan(&["link", "dir", "lost"]);
        let text = ["file link: a", "file real/x: real/x", "link-target link: a", "link-target lost: nowhere"];
        assert_eq!(seen.documents(), text);
        assert!(seen.unread().is_empty());

        let listed = Some(vec!["link".into(), "dir".into(), "lost".into()]);
        let seen = scan(&Options { listed, ..tree.options(&[]) }, &[]);
        assert_eq!(seen.documents(), ["link-target dir: real", "link-target link: a", "link-target lost: nowhere"]);
    }

    #[test]
    fn a_tracked_file_behind_a_link_is_not_the_tracked_file() {
        let outside = Tree::of(&["secret"]);
        let tree = Tree::repository(&["a"]);
        symlink(&outside.top, tree.top.join("dir")).expect("a link can be made");
        let seen = tree.scan_tracking(&["a", "dir/secret"]);
        assert_eq!((seen.files(), seen.excluded(Excluded::NotInWorkTree)), (vec!["a".to_owned()], 1));
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        let tree = Tree::of(&["a"]);
        make_fifo(&tree.top.join("fifo"));
        let _listener = UnixListener::bind(tree.top.join("socket")).expect("a socket can be made");
        let seen = tree.scan(&[]);
        assert_eq!((seen.files(), seen.excluded(Excluded::Special)), (vec!["a".to_owned()], 2));
        assert_eq!(seen.names(), ["a", "fifo", "socket"]);
        assert!(seen.unread().is_empty());

        let seen = tree.scan(&["socket", "/dev/null"]);
        assert_eq!(seen.unread().len(), 2, "what was named and is not read is told: {:?}", seen.unread());
    }

    #[test]
    fn a_fifo_that_was_named_is_read_if_there_is_a_writer() {
        let tree = Tree::new();
        let path = tree.top.join("fifo");
        make_fifo(&path);
        let unwritten = tree.scan(&["fifo"]);
        assert_eq!(unwritten.unread(), ["file fifo: reading: nothing writes to this FIFO"]);

        let worktree = Worktree::new(&tree.options(&["fifo"]), &[]).expect("it is there");
        let recorder = Recorder::default();
        std::thread::scope(|scope| {
            // Open for reading too, so that the writer need not wait for the scan.
            let mut fifo = fs::File::options().read(true).write(true).open(&path).expect("a FIFO can be opened");
            scope.spawn(move || {
                for word in ["some ", "words"] {
                    std::thread::sleep(std::time::Duration::from_millis(20));
                    io::Write::write_all(&mut fifo, word.as_bytes()).expect("a FIFO takes a few bytes");
                }
            });
            worktree.push(&recorder).expect("a FIFO can be read");
        });
        assert_eq!(recorder.documents(), ["file fifo: some words"]);
        let mut again = String::new();
        let origin = Origin::File(Name::new("fifo"));
        worktree.reopen(&origin).and_then(|mut kept| kept.read_to_string(&mut again)).expect("it was kept");
        assert_eq!(again, "some words");
    }

    #[test]
    fn rules_are_not_read_from_a_link_or_a_fifo() {
        let tree = Tree::repository(&["a", "one/a", "two/a"]);
        symlink("/dev/zero", tree.top.join(".gitignore")).expect("a link can be made");
        make_fifo(&tree.top.join("one/.gitignore"));
        tree.write("rules", "a\n");
        symlink("../rules", tree.top.join("two/.gitignore")).expect("a link can be made");
        assert_eq!(tree.scan(&[]).files(), ["a", "one/a", "rules", "two/a"]);
    }

    #[test]
    fn names_are_bytes() {
        let tree = Tree::new();
        for name in [&b"new\nline\x1b[31m"[..], b"not \xff utf-8"] {
            fs::write(tree.top.join(OsStr::from_bytes(name)), "x").expect("a file can be written");
        }
        let seen = tree.scan(&[]);
        assert_eq!(seen.files(), ["new\nline\u{1b}[31m", "not \u{fffd} utf-8"]);

        let worktree = Worktree::new(&tree.options(&[]), &[]).expect("it is there");
        assert!(worktree.reopen(&Origin::File(Name::new(&b"not \xff utf-8"[..]))).is_ok());
    }

    /// The one who may read everything runs these tests too: what is expected follows from trying.
    #[test]
    fn what_may_not_be_read_is_told() {
        let tree = Tree::of(&["a", "file", "dir/x"]);
        for path in ["file", "dir"] {
            fs::set_permissions(tree.top.join(path), fs::Permissions::from_mode(0o000)).expect("it is ours");
        }
        let may_read = fs::File::open(tree.top.join("file")).is_ok();
        let seen = tree.scan_tracking(&["a", "dir/x", "file"]);
        fs::set_permissions(tree.top.join("dir"), fs::Permissions::from_mode(0o700)).expect("it is ours");
        if may_read {
            assert_eq!(seen.files(), ["a", "dir/x", "file"]);
            return;
        }
        assert_eq!(seen.files(), ["a"]);
        let denied = io::Error::from_raw_os_error(libc::EACCES);
        assert_eq!(
            seen.unread(),
            [
                format!("file dir/x: opening: {denied}"),
                format!("file dir: reading the directory: {denied}"),
                format!("file file: opening: {denied}"),
            ]
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_breaks_while_it_is_read_is_told() {
        // Opens for its own process, and has nothing at address 0.
        let seen = Tree::new().scan(&["/proc/self/mem"]);
        assert!(seen.unread().len() == 1 && seen.unread()[0].contains("mem: reading: "), "{:?}", seen.unread());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_of_unknown_size_is_read_to_its_end() {
        let seen = Tree::new().scan(&["/proc/self/status"]);
        assert!(seen.documents()[0].contains("Name:"), "its size is said to be 0");
    }
}
