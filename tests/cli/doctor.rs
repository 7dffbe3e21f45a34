//! `keysieve doctor`: what it says of a repository that is well, and of each thing that may be wrong.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve, Outcome, program};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// With the program in `PATH`, by a link.
struct Session {
    dir: Dir,
    bin: Dir,
}

impl Session {
    fn new() -> Self {
        let session = Self { dir: Dir::repository(), bin: Dir::new() };
        symlink(program(), session.bin.join("keysieve")).expect("the name is free");
        session.dir.write("a", "text\n").commit_all("first");
        session
    }

    fn hooked() -> Self {
        let session = Self::new();
        session.keysieve(["hook", "install"]).run().status(0);
        session
    }

    fn path(&self) -> String {
        format!("{}:/usr/bin:/bin", self.bin.path().display())
    }

    fn keysieve<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Keysieve {
        self.dir.keysieve(args).env("PATH", &self.path())
    }

    fn doctor(&self) -> Keysieve {
        self.keysieve(["doctor"])
    }

    fn doctor_in(&self, place: &str) -> Outcome {
        Keysieve::new(&self.dir.join(place), ["doctor"]).env("PATH", &self.path()).run()
    }
}

/// Where the installed hooks fall back to.
fn installed(session: &Session) -> String {
    let text = session.dir.read(".git/hooks/pre-commit");
    let line = text.lines().find_map(|line| line.strip_prefix("installed='")).expect("it names the program");
    line.trim_end_matches('\'').to_owned()
}

#[test]
fn a_repository_that_is_well() {
    let session = Session::hooked();
    let (top, bin) = (dunce::canonicalize(session.dir.path()).unwrap(), session.bin.path());
    let hooks = top.join(".git/hooks").display().to_string();
    session.doctor().run().status(0).stderr_is("").stdout_is(format!(
        "ok    program: keysieve {VERSION}, {}/keysieve, is the one in PATH\n\
         ok    repository: {}\n\
         ok    history: all of it is here, neither shallow nor a partial clone\n\
         ok    hooks: git looks for hooks in {hooks}\n\
         ok    pre-commit: runs: {hooks}/pre-commit\n\
         ok    pre-merge-commit: runs: {hooks}/pre-merge-commit\n\
         ok    prepare-commit-msg: runs: {hooks}/prepare-commit-msg\n\
         ok    commit-msg: runs: {hooks}/commit-msg\n\
         ok    pre-push: runs: {hooks}/pre-push\n\
         ok    short PATH: hooks find keysieve at {} without it\n\
         ok    known secrets: none: no file is there that a search takes values from (docs/KNOWN.md)\n\
         11 ok, 0 warn, 0 fail\n",
        bin.display(),
        top.display(),
        installed(&session),
    ));
}

#[test]
fn a_repository_without_hooks_is_not_protected() {
    let session = Session::new();
    let hooks = dunce::canonicalize(session.dir.path()).unwrap().join(".git/hooks").display().to_string();
    session
        .doctor()
        .run()
        .status(1)
        .stdout_has(format!(
            "fail  pre-commit: does not run: there is no {hooks}/pre-commit; keysieve hook install pre-commit\n"
        ))
        .stdout_has(format!("warn  pre-merge-commit: does not run: there is no {hooks}/pre-merge-commit; keysieve"))
        .stdout_has("keysieve hook install pre-push; it is the net below all that runs no hook, such as a rebase\n")
        .stdout_has("\n5 ok, 2 warn, 3 fail\n");
}

#[test]
fn a_hook_that_git_passes_over_or_that_someone_changed_is_told() {
    let session = Session::hooked();
    let hook = |name: &str| session.dir.join(".git/hooks").join(name);
    fs::set_permissions(hook("pre-commit"), fs::Permissions::from_mode(0o644)).unwrap();
    session.dir.script(".git/hooks/commit-msg", "exit 0");
    let changed = session.dir.read(".git/hooks/pre-push").replace("exit 1", "exit 0");
    fs::write(hook("pre-push"), changed).unwrap();
    let outcome = session.doctor().run().status(1);
    outcome
        .stdout_has("pre-commit is not executable, and git passes over it; keysieve hook install pre-commit\n")
        .stdout_has("commit-msg is another program's, and does not call keysieve; keysieve hook install commit-msg\n")
        .stdout_has("which another version of keysieve has written, or someone has changed; keysieve hook install pre-push renews it\n");
}

#[test]
fn keysieve_that_is_elsewhere_or_gone_is_told() {
    let session = Session::hooked();
    for kind in ["pre-commit", "commit-msg", "pre-push", "pre-merge-commit", "prepare-commit-msg"] {
        let hook = format!(".git/hooks/{kind}");
        let moved = session.dir.read(&hook).replace(&installed(&session), "/nowhere/keysieve");
        session.dir.write(&hook, moved).make_executable(&hook);
    }
    session.doctor().run().status(0).stdout_has(
        "warn  short PATH: keysieve is no longer at /nowhere/keysieve, so that commits of programs which do not know your \
         PATH are refused; keysieve hook install\n",
    );
    let without = session.doctor().env("PATH", "/usr/bin:/bin").run().status(1);
    without
        .stdout_has(" is not in PATH; hooks run it from")
        .stdout_has("pre-commit refuses everything, since keysieve");
    session.dir.script("other/keysieve", "exit 0");
    let other = session.doctor().env("PATH", &format!("{}:/bin", session.dir.join("other").display())).run();
    other.stdout_has("warn  program: PATH leads to ").stdout_has("hooks run the one in PATH: remove one of the two\n");
}

#[test]
fn hooks_that_are_somewhere_else_are_followed() {
    let session = Session::new();
    session.dir.git(["config", "core.hooksPath", "shared"]);
    session.keysieve(["hook", "install"]).run().status(0);
    session.dir.git(["worktree", "add", "--quiet", "linked"]);
    let here = session.doctor().run().status(0);
    here.stdout_has("(core.hooksPath in ")
        .stdout_has("shared is in the work tree: its files may be committed")
        .stdout_has("warn  work trees: core.hooksPath is relative, and 1 of 1 more have no pre-commit there, such as ");
    session.doctor_in("linked").status(1).stdout_has("linked, a linked work tree\n").stdout_has("fail  pre-commit: ");
    session.dir.git(["config", "--unset", "core.hooksPath"]);
    session.doctor().run().status(1).stdout_has("ok    work trees: 1 more, with the same hooks\n");
}

#[test]
fn submodules_have_hooks_of_their_own() {
    let session = Session::hooked();
    session.dir.git(["init", "--quiet", "lib"]);
    session.dir.git(["-C", "lib", "commit", "--quiet", "--allow-empty", "-m", "lib"]);
    session.dir.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./lib", "sub"]);
    session.doctor().run().status(0).stdout_has(
        "warn  submodules: 1 of 1 have no pre-commit of keysieve; each is a repository of its own; \
         git submodule foreach keysieve hook install\n",
    );
    Keysieve::new(&session.dir.join("sub"), ["hook", "install"]).run().status(0);
    session.doctor().run().status(0).stdout_has("ok    submodules: 1, each with hooks of its own\n");
}

#[test]
fn history_that_is_not_all_here_is_told() {
    let session = Session::new();
    session.dir.write("a", "more\n").commit_all("second");
    let url = format!("file://{}", session.dir.path().display());
    session.dir.git(["config", "uploadpack.allowFilter", "true"]);
    session.dir.git(["clone", "--quiet", "--depth", "1", &url, "shallow"]);
    session.doctor_in("shallow").stdout_has(
        "warn  history: shallow: older commits are not here, and are not looked at; \
         git fetch --unshallow before keysieve history or keysieve diff\n",
    );
    session.dir.git(["clone", "--quiet", "--filter=blob:none", &url, "partial"]);
    session.doctor_in("partial").stdout_has("warn  history: a partial clone: keysieve fetches nothing, and reports");
}

#[test]
fn a_bare_repository_is_for_pushes() {
    let session = Session::new();
    session.dir.git(["init", "--quiet", "--bare", "server.git"]);
    let outcome = session.doctor_in("server.git").status(0).stdout_has("ok    repository: bare\n");
    outcome.stdout_has("warn  pre-receive: does not run: ").stdout_has("warn  update: does not run: ");
    Keysieve::new(&session.dir.join("server.git"), ["hook", "install", "update"]).run().status(0);
    let outcome = session.doctor_in("server.git").status(0).stdout_has("ok    update: runs: ");
    assert!(!outcome.stdout.contains("pre-receive"), "{outcome:?}");
}

#[test]
fn a_manager_of_hooks_is_asked() {
    let session = Session::new();
    session.dir.script(".git/hooks/pre-commit", "exec lefthook run pre-commit");
    session.dir.write("lefthook.yml", "pre-commit:\n  commands: {}\n");
    session.doctor().run().status(1).stdout_has(
        "fail  pre-commit: does not run: lefthook has no word of keysieve; keysieve hook install tells what to add; ",
    );
    session.dir.write("lefthook.yml", "pre-commit:\n  commands:\n    k:\n      run: keysieve hook run pre-commit\n");
    session.doctor().run().stdout_has("pre-commit, by lefthook\n");
}

#[test]
fn what_lets_everything_pass_is_told() {
    let session = Session::hooked();
    session.doctor().env("KEYSIEVE_SKIP", "a test").run().status(1).stdout_has(
        "fail  environment: KEYSIEVE_SKIP is set here, so that every hook lets everything pass; set it for one command only\n",
    );
    session.keysieve(["hook", "run", "pre-commit"]).env("KEYSIEVE_SKIP", "a test").run().status(0);
    session.doctor().run().status(0).stdout_has("warn  bypasses: 1 so far have let something pass; see ");
}

#[test]
fn known_secrets_are_counted_and_never_shown() {
    let session = Session::hooked();
    let (id, key) = (Maker::new(91).aws_key_id(), Maker::new(92).aws_secret_key());
    let home = Dir::new();
    let with_home = || session.doctor().env("HOME", home.path().to_str().unwrap());
    home.write(".aws/credentials", format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {key}\n"));
    let outcome = with_home().run().status(0).never_prints(&key).never_prints(&id);
    outcome.stdout_has("ok    known secrets: ").stdout_has(" from 1 files\n");
    with_home().env("CI", "true").run().status(0).stdout_has("known secrets: this is a CI system, where only lists");
    home.write(".aws/sso/cache/x.json", "{");
    with_home().run().status(0).stdout_has("warn  known secrets: ~/.aws/sso/cache/x.json: what it holds is not");
}

#[test]
fn outside_of_a_repository_only_the_program_is_looked_at() {
    let session = Session::new();
    let nowhere = Dir::new();
    let outcome = nowhere.keysieve(["doctor"]).env("PATH", &session.path()).run().status(0);
    outcome
        .stdout_has("warn  repository: there is no git repository here; run keysieve doctor in one, to know whether");
    let broken = session.doctor().env("GIT_DIR", "nowhere").run().status(1);
    broken.stdout_has("fail  repository: ");
}

#[test]
fn an_allowed_pattern_of_git_secrets_that_clears_much_is_told() {
    let session = Session::hooked();
    let text: String = (0..300).map(|line| format!("line {line}\n")).collect();
    session.dir.write("latest/text", text).write("b", "a fixed line\n").commit_all("more");
    session.dir.write(".gitallowed", "# a comment\na fixed line\n").git(["add", ".gitallowed"]);
    session
        .doctor()
        .run()
        .status(0)
        .stdout_has("ok    git-secrets: 1 allowed patterns, none for more than one in 100 lines\n");
    session.dir.write(".gitallowed", "test\na fixed line\n");
    session.doctor().run().status(0).stdout_has(
        "warn  git-secrets: line 1 of .gitallowed, 'test' allows 301 of the 304 lines that are tracked, paths counting; \
         say more of what may stand there\n",
    );
    session.dir.write(".gitallowed", "(x\n");
    session
        .doctor()
        .run()
        .status(1)
        .stdout_has("fail  git-secrets: line 1 of .gitallowed, '(x'")
        .stdout_has(", so that git-secrets refuses everything; mend the pattern\n");
}
