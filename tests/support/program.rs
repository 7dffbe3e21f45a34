//! The program under test: the one that cargo built, or the one that `KEYSIEVE_TEST_PROGRAM` names, such as an installed
//! one. It sees nothing of the environment but what the test gives it.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use super::Outcome;
use super::dir::GIT_ENVIRONMENT;

/// A run of the program that is being put together.
pub(crate) struct Keysieve {
    command: Command,
    line: String,
    input: Vec<u8>,
}

impl Keysieve {
    /// The program with these arguments, in this directory.
    #[expect(clippy::disallowed_methods, reason = "the program under test has to be run")]
    pub(crate) fn new<'a>(dir: &Path, args: impl IntoIterator<Item = &'a str>) -> Self {
        let args: Vec<_> = args.into_iter().collect();
        let mut command = Command::new(program());
        command.current_dir(dir).args(&args).env_clear().env("HOME", dir);
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.envs(GIT_ENVIRONMENT.iter().copied());
        Self { command, line: format!("keysieve {}", args.join(" ")), input: Vec::new() }
    }

    /// One more argument, of any bytes.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.line += &format!(" {}", arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    /// A variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// What is on standard input; nothing by default.
    pub(crate) fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Runs it to its end.
    #[must_use = "a run that nobody looks at tests nothing"]
    pub(crate) fn run(self) -> Outcome {
        let Self { command, line, input } = self;
        let mut child = spawn(command, &line);
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        let feeder = thread::spawn(move || {
            // A program that does not read its input is no error.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap_or_else(|error| panic!("{line}: {error}"));
        feeder.join().expect("the input was written");
        Outcome::new(line, &output)
    }

    /// Starts it, for a test that does something to it while it runs.
    pub(crate) fn start(self) -> Child {
        spawn(self.command, &self.line)
    }
}

fn spawn(mut command: Command, line: &str) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap_or_else(|error| panic!("{line}: {error}"))
}

/// The path of the program under test.
pub(crate) fn program() -> OsString {
    std::env::var_os("KEYSIEVE_TEST_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_keysieve").into())
}
