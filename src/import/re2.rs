//! Regular expressions as Go's `regexp` reads them (<https://github.com/google/re2/wiki/Syntax>), made into a syntax tree. The
//! two dialects are nearly one; where a text means something else here, it is rewritten first. Bytes are matched, so that
//! `.` is a byte and no character.

use regex_syntax::hir::Hir;

/// The tree, or why there is none.
pub(super) fn parse(pattern: &str) -> Result<Hir, String> {
    let rewritten = rewritten(pattern)?;
    let mut builder = regex_syntax::ParserBuilder::new();
    let parsed = builder.unicode(false).utf8(false).octal(true).nest_limit(100).build().parse(&rewritten);
    parsed.map_err(|error| match &error {
        regex_syntax::Error::Parse(error) => format!("its regex is not understood: {}", error.kind()),
        regex_syntax::Error::Translate(error) => format!("its regex is not understood: {}", error.kind()),
        _ => "its regex is not understood".to_owned(),
    })
}

/// The same expression in the syntax of the `regex` crates.
fn rewritten(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        match first {
            '\\' => {
                rest = escape(&mut out, after)?;
                continue;
            }
            '[' if !in_class => {
                in_class = true;
                rest = class_start(&mut out, after);
                continue;
            }
            '[' if after.starts_with(':') => {
                let end = after.find(":]").ok_or("its regex is not understood: a class of POSIX has no end")?;
                out.push('[');
                out.push_str(&after[..end + 2]);
                rest = &after[end + 2..];
                continue;
            }
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            // Set operations and nested classes are no part of RE2.
            '[' | '&' | '~' if in_class => {
                out.push('\\');
                out.push(first);
            }
            '-' if in_class && after.starts_with('-') => out.push_str("\\-"),
            '{' if !in_class && !is_count(after) => out.push_str("\\{"),
            _ => out.push(first),
        }
        rest = after;
    }
    Ok(out)
}

/// What begins a class: `^`, and a `]` that is one of its characters.
fn class_start<'t>(out: &mut String, after: &'t str) -> &'t str {
    out.push('[');
    let after = match after.strip_prefix('^') {
        Some(after) => {
            out.push('^');
            after
        }
        None => after,
    };
    match after.strip_prefix(']') {
        Some(after) => {
            out.push_str("\\]");
            after
        }
        None => after,
    }
}

/// Writes what follows a backslash, and returns what follows that.
fn escape<'t>(out: &mut String, after: &'t str) -> Result<&'t str, String> {
    let Some(next) = after.chars().next() else { return Err("its regex ends in a backslash".to_owned()) };
    let rest = &after[next.len_utf8()..];
    match next {
        'Q' => {
            let (literal, rest) = rest.split_once("\\E").unwrap_or((rest, ""));
            out.push_str(&regex_syntax::escape(literal));
            return Ok(rest);
        }
        'C' => return Err("its regex has \\C".to_owned()),
        'p' | 'P' => return Err("its regex has a class of Unicode".to_owned()),
        // These two are edges of words here.
        '<' | '>' => out.push(next),
        _ if next.is_ascii() => {
            out.push('\\');
            out.push(next);
        }
        _ => out.push(next),
    }
    Ok(rest)
}

/// Whether `{` begins a repetition: `{2}`, `{2,}`, `{2,5}`. Anything else is a brace.
fn is_count(after: &str) -> bool {
    let Some((count, _)) = after.split_once('}') else { return false };
    let (least, most) = count.split_once(',').unwrap_or((count, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && is_number(least) && is_number(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_else_is_rewritten() {
        for (go, rust) in [
            ("a{,5}", "a\\{,5}"),
            ("a{2,5}{", "a{2,5}\\{"),
            ("[[a]", "[\\[a]"),
            ("[]a]", "[\\]a]"),
            ("[^]a]", "[^\\]a]"),
            ("[a&&b]", "[a\\&\\&b]"),
            ("[[:alpha:]_]", "[[:alpha:]_]"),
            ("\\<a\\>", "<a>"),
            ("\\Qa.b\\E+", "a\\.b+"),
            ("\\x60\\_", "\\x60\\_"),
        ] {
            assert_eq!(rewritten(go).as_deref(), Ok(rust), "{go}");
        }
        for wrong in ["\\pL", "a\\", "[[:alpha", "\\C"] {
            assert!(rewritten(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_rewritten_is_understood() {
        for pattern in
            ["(?i)[\\w.-]{0,50}?(?:key)(?:\\s|=|>){1,3}([a-z]{4})(?:['\"\\s;]|\\\\[nr]|$)", "[--a]", "(?U)a+\\z"]
        {
            assert!(parse(pattern).is_ok(), "{pattern}");
        }
        assert!(parse("(").is_err() && parse("(?=a)").is_err());
    }
}
