//! Text of a repository inside our sentences. SARIF messages have a syntax: `{0}` is an argument, `[text](1)` a link;
//! and viewers print them, so that what acts on a terminal is escaped as in the text report.

use crate::model::Escaped;

/// `text` in single quotes, as SARIF asks of what is not the tool's own wording.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", literal(text))
}

/// `text` to end a sentence with, without the full stop of its own.
pub(super) fn sentence(text: &str) -> String {
    literal(text.trim_end().trim_end_matches('.'))
}

/// `text` so that no part of it is read as an argument or a link.
pub(super) fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for char in Escaped(text).to_string().chars() {
        match char {
            '{' => literal.push_str("{{"),
            '}' => literal.push_str("}}"),
            '[' => literal.push_str("\\["),
            ']' => literal.push_str("\\]"),
            _ => literal.push(char),
        }
    }
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_syntax() {
        assert_eq!(quoted("a{0}[link](http://x)\u{1b}\n"), "'a{{0}}\\[link\\](http://x)\\x1b\\n'");
        assert_eq!(sentence("permission denied. "), "permission denied");
    }
}
