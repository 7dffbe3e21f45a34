//! The text of a configuration file with one more value in it, at the place and in the form that git would write it. All
//! other bytes stay as they are: comments, indentation, line ends.

/// `text` with `name = value` in its last `[section]`, or in a new one at its end.
pub(super) fn with_value(text: &[u8], section: &str, name: &str, value: &[u8]) -> Vec<u8> {
    let line = [b"\t", name.as_bytes(), b" = ", &quoted(value), b"\n"].concat();
    let (at, new) = match end_of_section(text, section) {
        Some(end) => (end, line),
        None => (text.len(), [b"[", section.as_bytes(), b"]\n", &line[..]].concat()),
    };
    let newline: &[u8] = if at > 0 && text[at - 1] != b'\n' { b"\n" } else { b"" };
    [&text[..at], newline, &new, &text[at..]].concat()
}

/// A value as git writes it: between quotes if it would lose spaces, or its end to a comment.
fn quoted(value: &[u8]) -> Vec<u8> {
    let ends = [value.first(), value.last()];
    let loses =
        ends.into_iter().flatten().any(u8::is_ascii_whitespace) || value.iter().any(|byte| b";#".contains(byte));
    let quote: &[u8] = if loses { b"\"" } else { b"" };
    let mut text = quote.to_vec();
    for byte in value {
        match byte {
            b'\n' => text.extend(b"\\n"),
            b'\t' => text.extend(b"\\t"),
            b'"' | b'\\' => text.extend([b'\\', *byte]),
            _ => text.push(*byte),
        }
    }
    text.extend(quote);
    text
}

/// Where the last entry of the last `[section]` ends, or its header if there is no entry.
fn end_of_section(text: &[u8], section: &str) -> Option<usize> {
    let (mut end, mut is_wanted, mut at) = (None, false, 0);
    while let Some(&byte) = text.get(at) {
        match byte {
            b'#' | b';' => at = after_line(text, at),
            b'[' => {
                let close = end_of_header(text, at);
                is_wanted = text[at + 1..close].eq_ignore_ascii_case(section.as_bytes());
                at = (close + 1).min(text.len());
                if is_wanted {
                    end = Some(past_blank_rest(text, at));
                }
            }
            _ if byte.is_ascii_whitespace() => at += 1,
            _ => {
                at = after_entry(text, at);
                if is_wanted {
                    end = Some(at);
                }
            }
        }
    }
    end
}

/// The `]` that closes a header; one within the quotes around the name of a subsection does not.
fn end_of_header(text: &[u8], start: usize) -> usize {
    let (mut is_quoted, mut at) = (false, start);
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\\' => at += 1,
            b']' if !is_quoted => return at,
            b'\n' => break,
            _ => {}
        }
        at += 1;
    }
    at.min(text.len())
}

/// Past the end of the line, if there is nothing more on it.
fn past_blank_rest(text: &[u8], at: usize) -> usize {
    let end = after_line(text, at);
    if text[at..end].iter().all(u8::is_ascii_whitespace) { end } else { at }
}

fn after_line(text: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |newline| at + newline + 1)
}

/// Past an entry and its newline. A value goes on behind a backslash at the end of its line; a comment does not.
fn after_entry(text: &[u8], start: usize) -> usize {
    let (mut is_quoted, mut at) = (false, start);
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\n' => return at + 1,
            b'"' => is_quoted = !is_quoted,
            b'\\' if text.get(at + 1..at + 3) == Some(b"\r\n") => at += 2,
            b'\\' => at += 1,
            b'#' | b';' if !is_quoted => return after_line(text, at),
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_to_the_end_of_the_last_section_of_its_name() {
        let (line, section) = ("\tp = v\n", "[secrets]\n\tp = v\n");
        for (text, before, new, after) in [
            ("", "", section, ""),
            ("[a]\n\tb = c", "[a]\n\tb = c\n", section, ""),
            ("[secrets]\n", "[secrets]\n", line, ""),
            ("[secrets]", "[secrets]\n", line, ""),
            ("[SeCrets]\nx = 1\n\n# end\n[b]\n", "[SeCrets]\nx = 1\n", line, "\n# end\n[b]\n"),
            ("[secrets]\nx = \"a ; # b\"\n[b]\n", "[secrets]\nx = \"a ; # b\"\n", line, "[b]\n"),
            ("[secrets]\nx = a\\\n[b]\ny\n[b]\n", "[secrets]\nx = a\\\n[b]\ny\n", line, "[b]\n"),
            ("[secrets]\nx = a # \\\n[b]\n", "[secrets]\nx = a # \\\n", line, "[b]\n"),
            ("[secrets \"]\"]\nx\n[secrets]\n[secrets.y]\n", "[secrets \"]\"]\nx\n[secrets]\n", line, "[secrets.y]\n"),
            ("[secrets]\r\n\tx = 1\r\n[b]\r\n", "[secrets]\r\n\tx = 1\r\n", line, "[b]\r\n"),
        ] {
            let expect = [before, new, after].concat();
            let got = with_value(text.as_bytes(), "secrets", "p", b"v");
            assert_eq!(String::from_utf8_lossy(&got), expect, "{text:?}");
        }
    }

    #[test]
    fn what_git_would_quote_is_quoted() {
        for (value, expect) in
            [("a b", "a b"), (" a", "\" a\""), ("a#", "\"a#\""), ("\"\\", "\\\"\\\\"), ("a\tb\nc", "a\\tb\\nc")]
        {
            assert_eq!(quoted(value.as_bytes()), expect.as_bytes());
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        for text in ["[", "[\"", "\\", "[a]\\", "=", "\"", "[a\\", "]", "[a] b = \\\r", "\r\n["] {
            with_value(text.as_bytes(), "a", "b", b"c");
        }
    }
}
