//! Escapes what could drive a terminal or reorder what a person reads: control characters and bidirectional controls.
//! File names and file contents are not ours, and a CI log is read by people too.

use std::fmt::{self, Display, Write};

/// Text with every such character written as an escape sequence (`\n`, `\x1b`, `\u{202e}`).
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '\n' => f.write_str("\\n"),
            '\r' => f.write_str("\\r"),
            '\t' => f.write_str("\\t"),
            '\0'..='\u{7f}' if is_hostile(char) => write!(f, "\\x{:02x}", u32::from(char)),
            _ if is_hostile(char) => write!(f, "\\u{{{:x}}}", u32::from(char)),
            _ => f.write_char(char),
        })
    }
}

/// Whether a character acts on what shows it, rather than being shown: C0, DEL and C1 controls, separators that end a
/// line for some readers, and everything that changes the direction of text. All of them are below U+10000.
pub(super) fn is_hostile(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
}
