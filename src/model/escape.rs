//! Text of a repository as a line on a terminal or in the log of a CI system: without the characters that drive what shows it
//! or reorder what a person reads, and without what such a log takes for a command. File names and file contents are not ours.
//!
//! Commands of a log are `::name::` at the beginning of a line (blanks before it count for nothing) and `##[name]` anywhere in
//! it for GitHub, <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>, `##vso[name]` and
//! `##[name]` for Azure Pipelines, <https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>, and
//! `##teamcity[name]` for `TeamCity`.

use std::fmt::{self, Display, Write};

/// Text with all that acts written as an escape sequence: `\n`, `\x1b`, `\u{202e}`, `\x3a:stop-commands::`, `\x23#vso[`.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = line_command(self.0);
        self.0.char_indices().try_for_each(|(at, char)| match char {
            '\n' => f.write_str("\\n"),
            '\r' => f.write_str("\\r"),
            '\t' => f.write_str("\\t"),
            ':' if line == Some(at) => f.write_str("\\x3a"),
            '#' if begins_command(&self.0[at..]) => f.write_str("\\x23"),
            '\0'..='\u{7f}' if is_hostile(char) => write!(f, "\\x{:02x}", u32::from(char)),
            _ if is_hostile(char) => write!(f, "\\u{{{:x}}}", u32::from(char)),
            _ => f.write_char(char),
        })
    }
}

/// Whether a character acts on what shows it, rather than being shown: C0, DEL and C1 controls, separators that end a
/// line for some readers, and everything that changes the direction of text. All of them are below U+10000.
pub fn is_hostile(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether text begins with what a log takes for a command wherever it stands: `##[`, `##vso[`.
pub fn begins_command(text: &str) -> bool {
    let name = text.strip_prefix("##").map(|text| text.trim_start_matches(|char: char| char.is_ascii_alphabetic()));
    name.is_some_and(|rest| rest.starts_with('['))
}

/// Where the `::` is that would make a command of a line which begins with this text.
fn line_command(text: &str) -> Option<usize> {
    let trimmed = text.trim_start();
    trimmed.starts_with("::").then(|| text.len() - trimmed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_acts() {
        for (text, escaped) in [
            ("plain gr\u{fc}\u{df}e \u{1f511} C:\\x", "plain gr\u{fc}\u{df}e \u{1f511} C:\\x"),
            ("a\tb\r\nc", "a\\tb\\r\\nc"),
            ("\u{1b}]0;title\u{7}\u{7f}\0", "\\x1b]0;title\\x07\\x7f\\x00"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("safe\u{202e}cod.exe\u{2066}\u{2069}", "safe\\u{202e}cod.exe\\u{2066}\\u{2069}"),
            ("\u{2028}\u{2029}\u{200f}", "\\u{2028}\\u{2029}\\u{200f}"),
        ] {
            assert_eq!(Escaped(text).to_string(), escaped);
        }
    }

    #[test]
    fn nothing_is_a_command_of_a_log() {
        for (text, escaped) in [
            ("::stop-commands::x", "\\x3a:stop-commands::x"),
            (" \u{a0}::error::x", " \u{a0}\\x3a:error::x"),
            (":::x", "\\x3a::x"),
            ("##vso[task.setvariable variable=a]b", "\\x23#vso[task.setvariable variable=a]b"),
            ("a ##VSO[x] ##[error]###teamcity[y]", "a \\x23#VSO[x] \\x23#[error]#\\x23#teamcity[y]"),
            // What is none stays readable.
            ("std::fmt", "std::fmt"),
            (":a ::b", ":a ::b"),
            ("## a[0] #[test] ##a-b[", "## a[0] #[test] ##a-b["),
        ] {
            assert_eq!(Escaped(text).to_string(), escaped);
        }
    }
}
