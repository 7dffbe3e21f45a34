//! Regular expressions for paths, made into patterns as .gitignore has them. Only what says the same is taken.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

use super::re2;

/// More patterns than this of one expression are none.
const MOST: usize = 64;

/// Patterns of which one fits where the expression does; or why there are none.
pub(super) fn patterns(expression: &str) -> Result<Vec<String>, String> {
    let hir = re2::parse(expression)?;
    let spelled = spelled(&hir).ok_or("it is too free an expression for a pattern of paths")?;
    let mut patterns = Vec::new();
    for text in spelled {
        patterns.extend(pattern(&text).ok_or("it says where in a path it stands in a way that patterns do not")?);
    }
    patterns.sort();
    patterns.dedup();
    Ok(patterns)
}

/// A piece of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// Any text within a name.
    Name,
    /// Any text.
    Any,
    Start,
    End,
}

/// Every way that an expression can be read, if these are few.
fn spelled(hir: &Hir) -> Option<Vec<Vec<Piece>>> {
    let one = |piece: Piece| Some(vec![vec![piece]]);
    match hir.kind() {
        HirKind::Empty => Some(vec![Vec::new()]),
        HirKind::Look(Look::Start) => one(Piece::Start),
        HirKind::Look(Look::End) => one(Piece::End),
        HirKind::Look(_) => None,
        HirKind::Literal(literal) => one(Piece::Text(String::from_utf8(literal.0.to_vec()).ok()?)),
        HirKind::Class(class) => member(class).map(|texts| texts.into_iter().map(|it| vec![Piece::Text(it)]).collect()),
        HirKind::Capture(capture) => spelled(&capture.sub),
        HirKind::Repetition(repetition) => match (repetition.min, repetition.max, repetition.sub.kind()) {
            (0 | 1, None, HirKind::Class(class)) => one(if excludes_slash(class)? { Piece::Name } else { Piece::Any }),
            (0, Some(1), _) => {
                let mut all = spelled(&repetition.sub)?;
                all.push(Vec::new());
                Some(all)
            }
            _ => None,
        },
        HirKind::Concat(parts) => parts.iter().try_fold(vec![Vec::new()], |texts, part| {
            let next = spelled(part)?;
            let all: Vec<Vec<Piece>> =
                texts.iter().flat_map(|start| next.iter().map(move |end| [&start[..], end].concat())).collect();
            (all.len() <= MOST).then_some(all)
        }),
        HirKind::Alternation(parts) => {
            let all: Option<Vec<_>> = parts.iter().map(spelled).collect();
            all.map(|all| all.concat()).filter(|all| all.len() <= MOST)
        }
    }
}

/// The members of a class of one letter in both cases, or of very few.
fn member(class: &Class) -> Option<Vec<String>> {
    let Class::Bytes(class) = class else { return None };
    let bytes: Vec<u8> = class.ranges().iter().flat_map(|range| range.start()..=range.end()).take(5).collect();
    let is_plain = bytes.len() <= 4 && bytes.iter().all(u8::is_ascii_graphic);
    is_plain.then(|| bytes.into_iter().map(|byte| char::from(byte).to_string()).collect())
}

/// Whether it is everything but a slash; None if it is not nearly everything.
fn excludes_slash(class: &Class) -> Option<bool> {
    let Class::Bytes(class) = class else { return None };
    let holds = |byte: u8| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&byte));
    let all_others = (0x20..0x7f).filter(|&byte| byte != b'/').all(holds);
    all_others.then(|| !holds(b'/'))
}

/// As .gitignore has it: from the top with a slash at the start, else from any name on.
fn pattern(pieces: &[Piece]) -> Option<Vec<String>> {
    let (mut pieces, mut is_at_top, mut is_to_end) = (pieces, false, false);
    if let [Piece::Start, rest @ ..] = pieces {
        (pieces, is_at_top) = (rest, true);
    }
    if let [rest @ .., Piece::End] = pieces {
        (pieces, is_to_end) = (rest, true);
    }
    if let [Piece::Any, rest @ ..] = pieces {
        (pieces, is_at_top) = (rest, false);
    }
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(literal) => literal.chars().for_each(|character| {
                if "*?[]!#\\ ".contains(character) {
                    text.push('\\');
                }
                text.push(character);
            }),
            Piece::Name => text.push('*'),
            Piece::Any if text.ends_with('/') => text.push_str("**"),
            Piece::Any | Piece::Start | Piece::End => return None,
        }
    }
    if text.trim_matches(['/', '*']).is_empty() {
        return None;
    }
    let starts_with_name = text.starts_with('/');
    let body = text.trim_start_matches('/').to_owned();
    let start = match (is_at_top, starts_with_name) {
        (true, _) => format!("/{body}"),
        (false, true) => format!("**/{body}"),
        (false, false) => format!("**/*{body}"),
    };
    // A pattern fits everything below a directory that it fits, and without `$` the expression may go on.
    Some(match (is_to_end, start.ends_with('/')) {
        (true, false) => vec![start],
        (_, true) => vec![format!("{start}**")],
        (false, false) => vec![format!("{start}*"), format!("{start}*/**")],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_said_is_said() {
        for (expression, expected) in [
            (r"\.md$", &["**/*.md"][..]),
            (r"(?:^|/)go\.(?:mod|sum)$", &["**/go.mod", "**/go.sum", "/go.mod", "/go.sum"]),
            (r"^vendor/", &["/vendor/**"]),
            (r"(?i)\.Md$", &["**/*.MD", "**/*.Md", "**/*.mD", "**/*.md"]),
            (
                r"(?:^|/)node_modules(?:/.*)?$",
                &["**/node_modules", "**/node_modules/**", "/node_modules", "/node_modules/**"],
            ),
            (r"tests?/data", &["**/*test/data*", "**/*test/data*/**", "**/*tests/data*", "**/*tests/data*/**"]),
            (r"^a/[^/]+\.lock$", &["/a/*.lock"]),
        ] {
            assert_eq!(
                patterns(expression).as_deref(),
                Ok(&expected.iter().map(|&it| it.to_owned()).collect::<Vec<_>>()[..]),
                "{expression}"
            );
        }
        for other in [".*", r"a\d+b$", "(", "a.b", r"x.*y$"] {
            assert!(patterns(other).is_err(), "{other}");
        }
    }
}
