//! Standard error: errors, warnings and the summary. Every line goes through the scanner's mask and has its control
//! characters escaped, since an error can quote a file name or an argument, and either can hold a secret or an escape
//! sequence. Reports are not printed here.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, OnceLock};

use anstyle::{AnsiColor, Style};
use keysieve::engine::{Known, Options, Scanner};
use keysieve::model::{Escaped, Mask, Text};
use keysieve::rules::{Faults, RuleSet};

use super::values::When;

/// Writes lines for people to standard error.
#[derive(Debug)]
pub(crate) struct Console {
    /// Made for the first line that is printed: most runs print none.
    mask: OnceLock<Scanner>,
    known: OnceLock<Arc<Known>>,
    color: bool,
    color_of_reports: bool,
    hushed: bool,
}

impl Console {
    /// A console that colours as asked.
    pub(crate) fn new(color: When) -> Self {
        Self {
            mask: OnceLock::new(),
            known: OnceLock::new(),
            color: is_colored(color, io::stderr().is_terminal(), environment),
            color_of_reports: is_colored(color, io::stdout().is_terminal(), environment),
            hushed: false,
        }
    }

    /// From now on a run without a result is not worth a word: no one asked for it, as in a hook.
    pub(crate) fn hush(&mut self) {
        self.hushed = true;
    }

    /// From now on these values are not shown either.
    pub(crate) fn hide(&self, known: &Arc<Known>) {
        if !known.is_empty() {
            // Of a second search, which there is not, no values would be hidden here.
            self.known.get_or_init(|| Arc::clone(known));
        }
    }

    /// What is not shown, by the built-in rules.
    pub(crate) fn mask(&self) -> &dyn Mask {
        self.mask.get_or_init(all_rules)
    }

    /// Whether what goes to standard output is coloured.
    pub(crate) fn colors_reports(&self) -> bool {
        self.color_of_reports
    }

    /// Says why the run failed: one line, with the whole chain of causes. Faults in rule files and in the
    /// configuration have a line each.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        if let Some(faults) = error.downcast_ref::<Faults>() {
            faults.iter().for_each(|fault| self.line("error", &fault.to_string()));
        } else {
            self.line("error", &chain(error));
        }
    }

    /// Says what the user should know, though it ends nothing.
    pub(crate) fn warning(&self, message: &str) {
        self.line("warning", message);
    }

    /// Prints clap's account of a usage error, which is several lines.
    pub(crate) fn usage(&self, error: &clap::Error) {
        let text = error.render().to_string();
        let text: Vec<_> = text.trim_end().lines().map(|line| self.clean(line)).collect();
        print_to_stderr(&format!("keysieve: {}\n", text.join("\n")));
    }

    /// Sums up a run on one line, unless it is `clean` and no one asked for it.
    pub(crate) fn summary(&self, line: &str, clean: bool) {
        if !clean || !self.hushed {
            self.plain(line);
        }
    }

    /// Text of any origin as it may be shown: without secrets, and without what a terminal takes for a command.
    pub(crate) fn shown(&self, text: &str) -> String {
        Escaped(Text::new(text.as_bytes(), self.mask()).as_str()).to_string()
    }

    /// Prints a line as it is; for text that the library has masked already.
    pub(crate) fn plain(&self, line: &str) {
        print_to_stderr(&format!("{}\n", Escaped(line)));
    }

    /// Prints `keysieve: level: message`.
    pub(crate) fn line(&self, level: &str, message: &str) {
        let style = match level {
            _ if !self.color => Style::new(),
            "error" | "refused" => AnsiColor::Red.on_default().bold(),
            "warning" => AnsiColor::Yellow.on_default().bold(),
            _ => Style::new().dimmed(),
        };
        print_to_stderr(&format!("keysieve: {style}{level}:{style:#} {}\n", self.clean(message)));
    }

    fn clean(&self, text: &str) -> String {
        let mask: &dyn Mask = match self.known.get() {
            Some(known) => &all_rules().with_known(Arc::clone(known)),
            None => self.mask(),
        };
        Escaped(Text::new(text.as_bytes(), mask).as_str()).to_string()
    }
}

/// The built-in rules.
fn all_rules() -> Scanner {
    Scanner::new(RuleSet::builtin(), Options::default())
}

/// An error and its causes on one line. A cause that its effect quotes already is not said twice.
fn chain(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if parts.last().is_none_or(|effect| !effect.ends_with(&cause)) {
            parts.push(cause);
        }
    }
    parts.join(": ")
}

/// `--color`, and the conventions that `auto` follows.
fn is_colored(when: When, is_terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if variable("NO_COLOR").is_some() => false,
        When::Auto if variable("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
        When::Auto => is_terminal && variable("TERM").as_deref() != Some("dumb"),
    }
}

/// A variable of the environment that is set and not empty.
fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// A closed standard error is nothing that can be complained about, let alone a reason to panic.
fn print_to_stderr(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn color_follows_the_flag_then_the_conventions() {
        let set =
            |name: &'static str, value: &'static str| move |asked: &str| (asked == name).then(|| value.to_owned());
        let unset = |_: &str| None;
        assert!(is_colored(When::Always, false, set("NO_COLOR", "1")));
        assert!(!is_colored(When::Never, true, set("CLICOLOR_FORCE", "1")));
        assert!(is_colored(When::Auto, true, unset));
        assert!(!is_colored(When::Auto, false, unset));
        assert!(!is_colored(When::Auto, true, set("NO_COLOR", "1")));
        assert!(is_colored(When::Auto, false, set("CLICOLOR_FORCE", "1")));
        assert!(!is_colored(When::Auto, false, set("CLICOLOR_FORCE", "0")));
        assert!(!is_colored(When::Auto, true, set("TERM", "dumb")));
    }

    #[test]
    fn a_cause_is_said_once() {
        let error = |outer: &str| anyhow::anyhow!("no such file").context(outer.to_owned());
        assert_eq!(chain(&error("reading a")), "reading a: no such file");
        assert_eq!(chain(&error("reading a: no such file")), "reading a: no such file");
    }
}
