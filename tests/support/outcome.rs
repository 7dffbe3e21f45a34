//! What came of a run, and what a test says of it. A statement that does not hold shows the command, the whole of what
//! it printed, and where that differs from what was expected.

use std::process::Output;

/// Status and output of a run. Times in it read TIME.
#[derive(Debug)]
pub(crate) struct Outcome {
    line: String,
    /// The exit status; none if a signal ended it.
    pub(crate) status: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn new(line: String, output: &Output) -> Self {
        let text = |bytes: &[u8]| without_times(&String::from_utf8_lossy(bytes));
        Self { line, status: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// It ended with this status.
    #[track_caller]
    pub(crate) fn status(self, expected: i32) -> Self {
        assert!(self.status == Some(expected), "expected status {expected}\n{}", self.show());
        self
    }

    /// It printed this and nothing else on standard output.
    #[track_caller]
    pub(crate) fn stdout_is(self, expected: impl AsRef<str>) -> Self {
        self.same("standard output", expected.as_ref(), &self.stdout);
        self
    }

    /// It printed this and nothing else on standard error.
    #[track_caller]
    pub(crate) fn stderr_is(self, expected: impl AsRef<str>) -> Self {
        self.same("standard error", expected.as_ref(), &self.stderr);
        self
    }

    /// This is somewhere in standard output.
    #[track_caller]
    pub(crate) fn stdout_has(self, expected: impl AsRef<str>) -> Self {
        assert!(
            self.stdout.contains(expected.as_ref()),
            "no {:?} in standard output\n{}",
            expected.as_ref(),
            self.show()
        );
        self
    }

    /// This is somewhere on standard error.
    #[track_caller]
    pub(crate) fn stderr_has(self, expected: impl AsRef<str>) -> Self {
        assert!(
            self.stderr.contains(expected.as_ref()),
            "no {:?} on standard error\n{}",
            expected.as_ref(),
            self.show()
        );
        self
    }

    /// This is nowhere in what it printed.
    #[track_caller]
    pub(crate) fn never_prints(self, unexpected: impl AsRef<str>) -> Self {
        let printed = format!("{}{}", self.stdout, self.stderr);
        assert!(!printed.contains(unexpected.as_ref()), "{:?} was printed\n{}", unexpected.as_ref(), self.show());
        self
    }

    #[track_caller]
    fn same(&self, what: &str, expected: &str, actual: &str) {
        assert!(expected == actual, "{what} differs:\n{}\n{}", difference(expected, actual), self.show());
    }

    fn show(&self) -> String {
        let Self { line, status, stdout, stderr } = self;
        format!("$ {line}\n[status {status:?}]\n--- standard output\n{stdout}\n--- standard error\n{stderr}\n---")
    }
}

/// Line by line: `-` was expected, `+` was printed.
pub(crate) fn difference(expected: &str, actual: &str) -> String {
    let (expected, actual): (Vec<_>, Vec<_>) = (expected.split('\n').collect(), actual.split('\n').collect());
    let mut lines = Vec::new();
    for i in 0..expected.len().max(actual.len()) {
        match (expected.get(i), actual.get(i)) {
            (Some(same), Some(other)) if same == other => lines.push(format!("  {same}")),
            (wanted, got) => {
                lines.extend(wanted.map(|line| format!("- {line}")));
                lines.extend(got.map(|line| format!("+ {line}")));
            }
        }
    }
    lines.join("\n")
}

/// `12 ms`, `1.5 s` and `0.012 seconds` become `TIME`, for they differ from run to run.
fn without_times(text: &str) -> String {
    const UNITS: [&str; 4] = ["ms", "µs", "s", "seconds"];
    let is_number = |word: &str| word.parse::<f64>().is_ok();
    let is_unit = |word: &str| UNITS.contains(&word.trim_end_matches([',', '\n']));
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let mut i = 0;
    while i + 1 < words.len() {
        if is_number(&words[i]) && is_unit(&words[i + 1]) {
            let end: String = words[i + 1].chars().filter(|character| [',', '\n'].contains(character)).collect();
            words.splice(i..i + 2, [format!("TIME{end}")]);
        }
        i += 1;
    }
    words.join(" ")
}

#[test]
fn times_are_taken_out() {
    assert_eq!(without_times("2 files, 43 MB, 61 ms | complete"), "2 files, 43 MB, TIME | complete");
    assert_eq!(without_times("in 1.5 s\nand 2 slots"), "in 1.5 s\nand 2 slots");
}

#[test]
fn a_difference_shows_both_sides() {
    assert_eq!(difference("a\nb\n", "a\nc\n"), "  a\n- b\n+ c\n  ");
    assert_eq!(difference("a", "a\nb"), "  a\n+ b");
}
