//! A directory of its own for each test, gone at its end. It can be a git repository: git runs with a pinned
//! configuration, so that neither the machine's nor the user's settings reach a test.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::{Git, Keysieve};

/// A temporary directory.
pub(crate) struct Dir {
    dir: TempDir,
}

impl Dir {
    /// An empty directory outside of any repository.
    pub(crate) fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("keysieve-test-").tempdir().expect("a temporary directory");
        Self { dir }
    }

    /// An empty git repository with the branch `main`.
    pub(crate) fn repository() -> Self {
        let dir = Self::new();
        dir.git(["init", "--quiet", "--initial-branch=main"]);
        dir
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The path of a file in it.
    pub(crate) fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.path().join(path)
    }

    /// Writes a file, with the directories that lead to it.
    pub(crate) fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        let path = self.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a directory")).expect("directories can be made");
        fs::write(&path, content).unwrap_or_else(|error| panic!("writing {}: {error}", path.display()));
        self
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: impl AsRef<Path>) -> String {
        let path = self.join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("reading {}: {error}", path.display()))
    }

    /// The names in the directory, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).expect("the directory can be read");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs git here, and gives back what it printed.
    pub(crate) fn git<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> String {
        self.git_with(&[], args, "")
    }

    /// Runs git here with variables of the environment and with this on standard input.
    pub(crate) fn git_with<'a>(
        &self,
        variables: &[(&str, &str)],
        args: impl IntoIterator<Item = &'a str>,
        input: &str,
    ) -> String {
        let args: Vec<_> = args.into_iter().collect();
        let output = self.run_git(variables, &args, input);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("git printed UTF-8")
    }

    /// Runs git here, which refuses, and gives back what it said.
    pub(crate) fn git_refuses<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> String {
        let args: Vec<_> = args.into_iter().collect();
        let output = self.run_git(&[], &args, "");
        assert!(!output.status.success(), "git {args:?} did not refuse");
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    #[expect(clippy::disallowed_methods, reason = "a test makes its own repositories, and trusts them")]
    fn run_git(&self, variables: &[(&str, &str)], args: &[&str], input: &str) -> Output {
        let mut git = Command::new("git");
        git.current_dir(self.path()).args(args).env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        // Without it a hook would find the developer's own home, and the secrets in it.
        git.env("HOME", self.path());
        git.envs(GIT_ENVIRONMENT.iter().copied()).envs(variables.iter().copied());
        let mut child = git
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("git can be started");
        child.stdin.take().expect("it is a pipe").write_all(input.as_bytes()).expect("git reads its input");
        child.wait_with_output().expect("git runs")
    }

    /// Commits everything that is there.
    pub(crate) fn commit_all(&self, message: &str) {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--message", message]);
    }

    /// git, to be run here with whatever comes of it.
    pub(crate) fn try_git<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Git {
        Git::new(self.path(), args)
    }

    /// Writes a script that can be run.
    pub(crate) fn script(&self, path: impl AsRef<Path>, text: &str) -> &Self {
        self.write(&path, format!("#!/bin/sh\n{text}\n")).make_executable(path)
    }

    /// Lets a file be run.
    pub(crate) fn make_executable(&self, path: impl AsRef<Path>) -> &Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(self.join(path), fs::Permissions::from_mode(0o755)).expect("it was just written");
        }
        #[cfg(not(unix))]
        let _ = path;
        self
    }

    /// The program, to be run here.
    pub(crate) fn keysieve<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Keysieve {
        Keysieve::new(self.path(), args)
    }
}

/// Who commits and when, and that no configuration of this machine counts.
pub(crate) const GIT_ENVIRONMENT: &[(&str, &str)] = &[
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("KEYSIEVE_CONFIG_SYSTEM", ""),
    ("GIT_AUTHOR_NAME", "A. Author"),
    ("GIT_AUTHOR_EMAIL", "author@example.com"),
    ("GIT_AUTHOR_DATE", "2024-05-02T12:00:00Z"),
    ("GIT_COMMITTER_NAME", "C. Committer"),
    ("GIT_COMMITTER_EMAIL", "committer@example.com"),
    ("GIT_COMMITTER_DATE", "2024-05-02T12:00:00Z"),
];
