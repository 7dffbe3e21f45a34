//! Where hooks are installed: git runs them there, which is what these sessions show.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve, Outcome};

/// A session of git and keysieve somewhere below a directory, with a user's configuration of its own.
struct Session {
    dir: Dir,
}

impl Session {
    fn new() -> Self {
        let dir = Dir::new();
        dir.write("gitconfig", "[protocol \"file\"]\n\tallow = always\n");
        Self { dir }
    }

    fn git<'a>(&self, place: &str, args: impl IntoIterator<Item = &'a str>) -> Outcome {
        let config = self.dir.join("gitconfig");
        crate::support::Git::new(&self.dir.join(place), args).env("GIT_CONFIG_GLOBAL", config).run()
    }

    fn keysieve<'a>(&self, place: &str, args: impl IntoIterator<Item = &'a str>) -> Keysieve {
        let (config, home) = (self.dir.join("gitconfig"), self.dir.join("home"));
        let keysieve = Keysieve::new(&self.dir.join(place), args);
        let text = |path: std::path::PathBuf| path.into_os_string().into_string().expect("a test's path is UTF-8");
        keysieve.env("GIT_CONFIG_GLOBAL", &text(config)).env("HOME", &text(home))
    }

    fn init(&self, place: &str) -> &Self {
        self.git("", ["init", "--quiet", "--initial-branch=main", place]).status(0);
        self
    }

    fn install(&self, place: &str) -> Outcome {
        self.keysieve(place, ["hook", "install", "commit-msg"]).run().status(0)
    }

    /// A commit with a key in its message is refused by the hook, and one without is not.
    #[track_caller]
    fn is_guarded(&self, place: &str) {
        let message = Maker::new(75).aws_key_id();
        let commit = |message| self.git(place, ["commit", "--quiet", "--allow-empty", "--message", message]);
        commit(message.as_str()).status(1).stderr_has("keysieve: refused: ");
        commit("fine").status(0).stderr_is("");
        self.keysieve(place, ["hook", "status", "commit-msg"]).run().status(0);
    }
}

#[test]
fn below_the_top_of_a_path_with_blanks_and_quotes() {
    let session = Session::new();
    let place = "it's a \"place\" $HOME `x`";
    session.init(place);
    session.dir.write(format!("{place}/deep/er/x"), "");
    session.install(&format!("{place}/deep/er"));
    session.is_guarded(place);
}

#[test]
fn a_linked_work_tree_shares_its_hooks() {
    let session = Session::new();
    session.init("main");
    session.git("main", ["commit", "--quiet", "--allow-empty", "-m", "first"]).status(0);
    session.git("main", ["worktree", "add", "--quiet", "../linked"]).status(0);
    session.install("linked").stdout_has("main/.git/hooks/commit-msg\n");
    session.is_guarded("linked");
    session.is_guarded("main");
}

#[test]
fn a_submodule_has_hooks_of_its_own() {
    let session = Session::new();
    session.init("lib").init("app");
    session.git("lib", ["commit", "--quiet", "--allow-empty", "-m", "first"]).status(0);
    session.git("app", ["submodule", "--quiet", "add", "../lib", "sub"]).status(0);
    session.install("app/sub").stdout_has("app/.git/modules/sub/hooks/commit-msg\n");
    session.is_guarded("app/sub");
}

#[test]
fn hooks_path_counts_at_every_level() {
    for (level, place) in [("--local", "hooks of mine"), ("--worktree", ".githooks"), ("--global", "~/hooks")] {
        let session = Session::new();
        session.init("repo");
        session.git("repo", ["config", "extensions.worktreeConfig", "true"]).status(0);
        session.git("repo", ["config", level, "core.hooksPath", place]).status(0);
        let home = session.dir.join("repo");
        let install = session.keysieve("repo", ["hook", "install", "commit-msg"]).env("HOME", home.to_str().unwrap());
        let outcome = install.run().status(0);
        let expected = place.replace('~', "");
        assert!(
            outcome.stdout.contains(&format!("repo/{}/commit-msg", expected.trim_start_matches('/'))),
            "{outcome:?}"
        );
        let warning = if level == "--global" { "is for all repositories" } else { "is in the work tree" };
        outcome.stderr_has(warning);
        let message = Maker::new(76).aws_key_id();
        session.git("repo", ["commit", "--allow-empty", "-m", &message]).status(1).stderr_has("keysieve: refused: ");
    }
}

#[test]
fn hooks_path_of_a_linked_work_tree_begins_at_its_own_top() {
    let session = Session::new();
    session.init("main");
    session.git("main", ["commit", "--quiet", "--allow-empty", "-m", "first"]).status(0);
    session.git("main", ["worktree", "add", "--quiet", "../linked"]).status(0);
    session.git("main", ["config", "core.hooksPath", ".githooks"]).status(0);
    session.install("linked").stdout_has("linked/.githooks/commit-msg\n");
    session.is_guarded("linked");
    session.keysieve("main", ["hook", "status", "commit-msg"]).run().status(1).stdout_has("there is no ");
}

#[test]
fn hooks_path_that_is_nowhere_is_an_error() {
    let session = Session::new();
    session.init("repo");
    session.git("repo", ["config", "core.hooksPath", ""]).status(0);
    session
        .keysieve("repo", ["hook", "install"])
        .run()
        .status(2)
        .stderr_has("core.hooksPath in ")
        .stderr_has("is empty");
    session.git("repo", ["config", "core.hooksPath", "/dev/null"]).status(0);
    session.keysieve("repo", ["hook", "install"]).run().status(2).stderr_has("/dev/null");
}

#[test]
fn the_environment_can_name_the_repository() {
    let session = Session::new();
    session.init("repo").init("elsewhere");
    let git_dir = session.dir.join("repo/.git");
    let run =
        session.keysieve("elsewhere", ["hook", "install", "commit-msg"]).env("GIT_DIR", git_dir.to_str().unwrap());
    run.run().status(0).stdout_has("repo/.git/hooks/commit-msg\n");
    session.is_guarded("repo");
}

#[test]
fn with_a_git_dir_alone_the_work_tree_is_here() {
    let session = Session::new();
    session.init("repo").git("repo", ["config", "core.hooksPath", "mine"]).status(0);
    fs::create_dir(session.dir.join("tree")).unwrap();
    let git_dir = session.dir.join("repo/.git");
    let run = session.keysieve("tree", ["hook", "install", "commit-msg"]).env("GIT_DIR", git_dir.to_str().unwrap());
    run.run().status(0).stdout_has("/tree/mine/commit-msg\n");
}

#[test]
fn a_bare_repository_serves_its_work_trees() {
    let session = Session::new();
    session.git("", ["init", "--quiet", "--bare", "bare.git"]).status(0);
    session
        .install("bare.git")
        .stdout_has("bare.git/hooks/commit-msg\n")
        .stderr_has("nobody commits in a bare repository");
    session.git("bare.git", ["worktree", "add", "--quiet", "--orphan", "../tree"]).status(0);
    session.is_guarded("tree");
}

#[test]
fn there_has_to_be_a_repository() {
    let session = Session::new();
    session
        .keysieve("", ["hook", "install"])
        .run()
        .status(2)
        .stderr_has("there is no git repository here; --global is");
}

#[test]
fn a_template_is_for_new_repositories() {
    let session = Session::new();
    session
        .keysieve("", ["hook", "install", "--template", "my template", "commit-msg"])
        .run()
        .status(0)
        .stdout_has("init.templateDir '");
    session.keysieve("", ["hook", "status", "--template=my template", "commit-msg"]).run().status(0);
    session.git("", ["init", "--quiet", "--template=my template", "repo"]).status(0);
    session.is_guarded("repo");
    session.keysieve("", ["hook", "uninstall", "--template", "my template"]).run().status(0);
    assert_eq!(fs::read_dir(session.dir.join("my template/hooks")).unwrap().count(), 0);
}

#[test]
fn global_hooks_serve_every_repository_and_run_its_own() {
    let session = Session::new();
    let config = session.dir.read("gitconfig");
    session.init("one").init("two");
    let installed = session.keysieve("", ["hook", "install", "--global", "commit-msg"]).run().status(0);
    installed.stdout_has("home/.config/keysieve/hooks/commit-msg\n").stdout_has("set core.hooksPath in ");
    session.is_guarded("one");
    session.is_guarded("two");

    session.dir.script("two/.git/hooks/pre-commit", "echo their pre-commit >&2");
    session.dir.script("two/.git/hooks/commit-msg", "echo their commit-msg >&2");
    session.dir.script("two/.git/hooks/post-commit", "echo their post-commit >&2");
    let commit = session.git("two", ["commit", "--quiet", "--allow-empty", "-m", "fine"]).status(0);
    commit.stderr_is("their pre-commit\ntheir commit-msg\ntheir post-commit\n");
    session.dir.script("two/.git/hooks/commit-msg", "exit 1");
    session.git("two", ["commit", "--quiet", "--allow-empty", "-m", "fine"]).status(1);

    session.git("", ["clone", "--quiet", "one", "three"]).status(0).stderr_is("");
    session.is_guarded("three");

    session.keysieve("", ["hook", "install", "--global", "commit-msg"]).run().status(0).stdout_has("again\n");
    session.keysieve("one", ["hook", "status", "commit-msg"]).run().status(0).stdout_has("(core.hooksPath in ");
    session.keysieve("", ["hook", "uninstall", "--global"]).run().status(0).stdout_has("took core.hooksPath out of ");
    assert_eq!(session.dir.read("gitconfig"), config);
    assert!(!session.dir.join("home/.config/keysieve/hooks").exists());
    session
        .keysieve("", ["hook", "status", "--global"])
        .run()
        .status(1)
        .stdout_has("git does not look for hooks of all");
}

/// A repository that links its hooks to the global ones would run them for ever.
#[test]
fn a_global_hook_does_not_run_itself() {
    let session = Session::new();
    session.init("repo").keysieve("", ["hook", "install", "--global"]).run().status(0);
    fs::remove_dir_all(session.dir.join("repo/.git/hooks")).unwrap();
    symlink(session.dir.join("home/.config/keysieve/hooks"), session.dir.join("repo/.git/hooks")).unwrap();
    session.git("repo", ["checkout", "--quiet", "--orphan", "other"]).status(0);
    session.keysieve("", ["hook", "install", "--global", "commit-msg"]).run().status(0);
}

#[test]
fn a_directory_that_the_user_has_for_all_repositories_is_used() {
    let session = Session::new();
    session.init("repo").git("", ["config", "--global", "core.hooksPath", "~/own hooks"]).status(0);
    session.dir.script("home/own hooks/commit-msg", "echo theirs >&2");
    let run = session.keysieve("", ["hook", "install", "--global", "commit-msg"]).run().status(0);
    run.stdout_has("own hooks/commit-msg\n").stdout_has("commit-msg.keysieve-chained, which was there before\n");
    let home = session.dir.join("home");
    let config = session.dir.join("gitconfig");
    let commit = crate::support::Git::new(&session.dir.join("repo"), ["commit", "--allow-empty", "-qm", "fine"]);
    commit.env("HOME", home).env("GIT_CONFIG_GLOBAL", config).run().status(0).stderr_is("theirs\n");
    session.keysieve("", ["hook", "uninstall", "--global"]).run().status(0);
    assert!(session.dir.read("gitconfig").contains("own hooks"), "it was not keysieve that set it");
}

#[test]
fn the_user_s_configuration_is_changed_with_care() {
    let session = Session::new();
    let mine = "# mine\n[user]\n\tname = \"A \\\"B\\\"\" ; me\n[core]\n\tpager = less\n";
    session.dir.write("dotfiles/gitconfig", mine);
    fs::remove_file(session.dir.join("gitconfig")).unwrap();
    symlink("dotfiles/gitconfig", session.dir.join("gitconfig")).unwrap();
    session.dir.write("dotfiles/gitconfig.lock", "");
    let install = || session.keysieve("", ["hook", "install", "--global"]).run();
    install().status(2).stderr_has("gitconfig.lock exists: another program is writing it");
    fs::remove_file(session.dir.join("dotfiles/gitconfig.lock")).unwrap();
    install().status(0);
    assert!(session.dir.join("gitconfig").is_symlink());
    let pager = session.git("", ["config", "--global", "core.pager"]).status(0);
    assert_eq!(pager.stdout, "less\n");
    session.keysieve("", ["hook", "uninstall", "--global"]).run().status(0);
    assert_eq!(session.dir.read("dotfiles/gitconfig"), mine);

    let null = session.keysieve("", ["hook", "install", "--global"]).env("GIT_CONFIG_GLOBAL", "/dev/null").run();
    null.status(2).stderr_has("/dev/null: it is no regular file");
}
