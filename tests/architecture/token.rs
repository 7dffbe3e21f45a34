//! As much of Rust's lexical structure as it takes to tell code from comments and strings. Not a parser: it knows words,
//! `::` and single signs.

/// A piece of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// An identifier, keyword or number.
    Word(&'a str),
    /// `::`
    PathSeparator,
    /// Any other character that is code.
    Sign(char),
}

/// The code of a source file, without comments and literals.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest).unwrap_or_else(|| {
            let (token, length) = token(rest, first);
            tokens.extend(token);
            length
        });
        rest = &rest[length..];
    }
    tokens
}

fn token(rest: &str, first: char) -> (Option<Token<'_>>, usize) {
    if first.is_whitespace() {
        return (None, first.len_utf8());
    }
    if rest.starts_with("::") {
        return (Some(Token::PathSeparator), 2);
    }
    let word = rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len());
    if word > 0 { (Some(Token::Word(&rest[..word])), word) } else { (Some(Token::Sign(first)), first.len_utf8()) }
}

/// The length of the comment or literal that starts here, if one does.
fn skipped(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(block_comment(rest));
    }
    let prefix = ["br", "cr", "b", "c", "r"].into_iter().find(|prefix| is_prefix(rest, prefix)).unwrap_or("");
    let literal = &rest[prefix.len()..];
    let length = match literal.chars().next()? {
        '"' | '#' if prefix.ends_with('r') => raw_string(literal)?,
        '"' => quoted(literal, '"')?,
        '\'' => character(literal)?,
        _ => return None,
    };
    Some(prefix.len() + length)
}

/// Whether `prefix` belongs to a literal; `r#type` is a word.
fn is_prefix(rest: &str, prefix: &str) -> bool {
    rest.strip_prefix(prefix).is_some_and(|after| {
        let after = if prefix.ends_with('r') { after.trim_start_matches('#') } else { after };
        after.starts_with('"') || (prefix == "b" && after.starts_with('\''))
    })
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let here = &rest.as_bytes()[at..];
        let step = match here {
            [b'/', b'*', ..] => 1,
            [b'*', b'/', ..] => -1,
            _ => 0,
        };
        depth += step;
        at += if step == 0 { 1 } else { 2 };
        if depth == 0 {
            break;
        }
    }
    at
}

fn raw_string(literal: &str) -> Option<usize> {
    let hashes = literal.bytes().take_while(|&byte| byte == b'#').count();
    let end = format!("\"{}", "#".repeat(hashes));
    let body = hashes + 1;
    literal[body..].find(&end).map(|length| body + length + end.len())
}

fn quoted(literal: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in literal.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// `'a'` and `'\n'` are characters, `'a` is a lifetime.
fn character(literal: &str) -> Option<usize> {
    let mut characters = literal.char_indices().skip(1);
    match (characters.next()?.1, characters.next()?) {
        ('\\', _) => quoted(literal, '\''),
        (_, (at, '\'')) => Some(at + 1),
        _ => None,
    }
}

#[test]
fn code_is_told_from_comments_and_literals() {
    let text = r##"
        a::b // c
        /* d /* e */ f */ 'g' '\'' b'h' 'life: "i \" j" r"k" r#"l " m"# b"n" br#"o"# r#type x.y
    "##;
    let words: Vec<_> = tokens(text)
        .into_iter()
        .filter_map(|token| match token {
            Token::Word(word) => Some(word),
            _ => None,
        })
        .collect();
    assert_eq!(words, ["a", "b", "life", "r", "type", "x", "y"]);
}
