//! A repository, a home, and a `PATH` on which git finds git-secrets, each of its own for each test.

use std::env;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Dir, Outcome};

/// What is printed after the matches.
pub(super) const ADVICE: &str = "
[ERROR] Matched one or more prohibited patterns

Possible mitigations:
- Mark false positives as allowed using: git config --add secrets.allowed ...
- Mark false positives as allowed by adding regular expressions to .gitallowed at repository's root directory
- List your configured patterns: git config --get-all secrets.patterns
- List your configured allowed patterns: git config --get-all secrets.allowed
- List your configured allowed patterns in .gitallowed at repository's root directory
- Use --no-verify if this is a one-time false positive
";

/// Who is at work, and where.
pub(super) struct Session {
    pub(super) dir: Dir,
    pub(super) home: Dir,
}

impl Session {
    /// A repository in which `forbidden` is a prohibited word, and so is whatever follows `@todo`.
    pub(super) fn new() -> Self {
        let session = Self::without_patterns();
        session.git("config --add secrets.patterns forbidden").status(0);
        session.git("config --add secrets.patterns @todo").status(0);
        session
    }

    /// A repository of someone who has configured nothing but a name.
    pub(super) fn without_patterns() -> Self {
        let session = Self { dir: Dir::new(), home: Dir::new() };
        session.home.write(".gitconfig", "[user]\n\tname = A. Author\n\temail = author@example.com\n");
        session.git("init --quiet --initial-branch=main").status(0);
        session
    }

    /// One in which the hooks are installed.
    pub(super) fn with_hooks() -> Self {
        let session = Self::new();
        session.git("secrets --install").status(0);
        session
    }

    pub(super) fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        self.dir.write(path, content);
        self
    }

    /// `git`, with arguments that hold no spaces.
    pub(super) fn git(&self, arguments: &str) -> Outcome {
        self.run("git", arguments.split(' '))
    }

    /// `git secrets`, with its arguments as they are.
    pub(super) fn secrets<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Outcome {
        self.run("git", ["secrets"].into_iter().chain(arguments))
    }

    /// The program itself, in a directory of the repository, with something on its standard input.
    pub(super) fn direct(&self, directory: &str, arguments: &str, input: &[u8]) -> Outcome {
        let program = program();
        let mut command = self.command(program.as_os_str(), &self.dir.join(directory));
        command.args(arguments.split(' ').filter(|argument| !argument.is_empty()));
        finish(command, format!("git-secrets {arguments}"), input)
    }

    /// Any program on the path.
    pub(super) fn run<'a>(&self, program: &str, arguments: impl IntoIterator<Item = &'a str>) -> Outcome {
        let arguments: Vec<_> = arguments.into_iter().collect();
        let mut command = self.command(OsStr::new(program), self.dir.path());
        command.args(&arguments);
        finish(command, format!("{program} {}", arguments.join(" ")), b"")
    }

    /// A command for this session, without arguments.
    #[expect(clippy::disallowed_methods, reason = "a session is made of the programs that a person would run")]
    pub(super) fn command(&self, program: &OsStr, directory: &Path) -> Command {
        let above = program_directory();
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([above].into_iter().chain(env::split_paths(&path))).expect("a path list");
        let mut command = Command::new(program);
        command.current_dir(directory).env_clear().env("PATH", path).env("HOME", self.home.path());
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_EDITOR", ":").env("LC_ALL", "C");
        command.env("GIT_AUTHOR_DATE", "2024-05-02T12:00:00Z").env("GIT_COMMITTER_DATE", "2024-05-02T12:00:00Z");
        command
    }
}

/// Runs a command to its end.
pub(super) fn finish(mut command: Command, line: String, input: &[u8]) -> Outcome {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{line}: {error}"));
    // A program that does not read its input is no error.
    let _ = child.stdin.take().expect("standard input is a pipe").write_all(input);
    Outcome::new(line, &child.wait_with_output().expect("it ends"))
}

pub(super) fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_git-secrets").into()
}

fn program_directory() -> PathBuf {
    program().parent().expect("a program is in a directory").to_owned()
}

/// `lines`, as they are printed when something was found.
pub(super) fn found(lines: &[&str]) -> String {
    [lines.join("\n").as_str(), "\n", ADVICE].concat()
}
