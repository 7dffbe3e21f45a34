//! From another tool's expression to one of ours: one group that is the secret, no look-around. What stood beside the secret,
//! as `\b` or a list of delimiters with `$`, becomes an edge; where none is the same, the nearest wider one is taken, and that
//! is told.

use regex_syntax::hir::{Capture, Class, Hir, HirKind, Look};

use crate::rules::has_line_end;

/// What a rule is made of.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// The tree, in which the secret is a group.
    pub hir: Hir,
    /// The same, written.
    pub pattern: String,
    /// Names of the edges.
    pub left: &'static str,
    pub right: &'static str,
    /// Whether matches may have line ends in them.
    pub multiline: bool,
    /// Whether matches may be over 1 KiB long.
    pub long: bool,
    /// What is no longer as it was.
    pub differences: Vec<&'static str>,
}

/// The name that the group has.
const SECRET: &str = "secret";
/// The longest match that needs no permission, in bytes.
const LONGEST: usize = 1024;
/// No credential is shorter, in bytes.
const SHORTEST_SECRET: usize = 4;

const WIDER_START: &str = "what may stand before a match is no longer limited";
const WIDER_END: &str = "more may stand after a match";
const WHOLE: &str = "its groups do not all take part in a match: the whole match is the secret";
const START: &str = "a match need not stand at the start of a line or file";
const INNER: &str = "a test of word or line ends inside the regex is left out";

/// The shape of `hir`, whose secret is the group with this number, or the first if it is 0, or everything.
pub(super) fn shape(hir: &Hir, group: u32) -> Result<Shape, String> {
    let mut differences = Vec::new();
    let captures = captures(hir);
    let group = match group {
        0 => captures.iter().copied().min(),
        _ if captures.contains(&group) => Some(group),
        _ => return Err(format!("its regex has no group {group}")),
    };
    let mut parts = Vec::new();
    flatten(hir, group, &mut parts);
    let is_secret = |part: &Hir| matches!(part.kind(), HirKind::Capture(_));
    let secret = parts.iter().position(is_secret);
    if secret.is_none() && group.is_some() {
        differences.push(WHOLE);
    }
    let (mut before, secret, after) = match secret {
        Some(at) => (parts[..at].to_vec(), vec![parts[at].clone()], parts[at + 1..].to_vec()),
        None => around(parts),
    };
    while before.first().is_some_and(is_needless) {
        before.remove(0);
    }
    let secret = Hir::concat(secret.iter().map(|part| plain(part, &mut differences)).collect());
    check_secret(&secret)?;
    let (before, left) = left(&before, &secret, &mut differences);
    let (after, right) = right(&after, &secret, &mut differences);
    let group = Hir::capture(Capture { index: 1, name: Some(SECRET.into()), sub: Box::new(secret) });
    let hir = Hir::concat(before.into_iter().chain([group]).chain(after).collect());
    let long = hir.properties().maximum_len().is_none_or(|longest| longest > LONGEST);
    differences.sort_unstable();
    differences.dedup();
    let pattern = hir.to_string().replace("(?P<secret>", "(?<secret>").replace("(?-u:", "(?:");
    Ok(Shape { multiline: has_line_end(&hir), pattern, hir, left, right, long, differences })
}

fn check_secret(secret: &Hir) -> Result<(), String> {
    match secret.properties().minimum_len() {
        Some(least) if least >= SHORTEST_SECRET => Ok(()),
        Some(_) => Err(format!("its secret can be shorter than {SHORTEST_SECRET} bytes")),
        None => Err("its regex matches nothing".to_owned()),
    }
}

/// The numbers of all groups.
fn captures(hir: &Hir) -> Vec<u32> {
    match hir.kind() {
        HirKind::Capture(capture) => [vec![capture.index], captures(&capture.sub)].concat(),
        HirKind::Repetition(repetition) => captures(&repetition.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().flat_map(captures).collect(),
        _ => Vec::new(),
    }
}

/// The parts that follow each other, without groups other than `group`; that one is a part of its own if it is always there.
fn flatten(hir: &Hir, group: Option<u32>, parts: &mut Vec<Hir>) {
    match hir.kind() {
        HirKind::Concat(inner) => inner.iter().for_each(|part| flatten(part, group, parts)),
        HirKind::Capture(capture) if Some(capture.index) == group => {
            let sub = Box::new(without_captures(&capture.sub));
            parts.push(Hir::capture(Capture { sub, ..capture.clone() }));
        }
        HirKind::Capture(capture) => flatten(&capture.sub, group, parts),
        _ => parts.push(without_captures(hir)),
    }
}

fn without_captures(hir: &Hir) -> Hir {
    rebuilt(hir, &mut |hir| match hir.kind() {
        HirKind::Capture(capture) => Some(without_captures(&capture.sub)),
        _ => None,
    })
}

/// The same without groups and look-around.
fn plain(hir: &Hir, differences: &mut Vec<&'static str>) -> Hir {
    if !hir.properties().look_set().is_empty() {
        differences.push(INNER);
    }
    rebuilt(hir, &mut |hir| match hir.kind() {
        HirKind::Capture(capture) => Some(plain(&capture.sub, &mut Vec::new())),
        HirKind::Look(_) => Some(Hir::empty()),
        _ => None,
    })
}

/// The tree with some of its nodes replaced.
fn rebuilt(hir: &Hir, replace: &mut dyn FnMut(&Hir) -> Option<Hir>) -> Hir {
    if let Some(other) = replace(hir) {
        return other;
    }
    match hir.kind() {
        HirKind::Repetition(repetition) => {
            let sub = Box::new(rebuilt(&repetition.sub, replace));
            Hir::repetition(regex_syntax::hir::Repetition { sub, ..repetition.clone() })
        }
        HirKind::Capture(capture) => {
            Hir::capture(Capture { sub: Box::new(rebuilt(&capture.sub, replace)), ..capture.clone() })
        }
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(|part| rebuilt(part, replace)).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(|part| rebuilt(part, replace)).collect()),
        _ => hir.clone(),
    }
}

/// Of parts none of which is the secret: tests before, the secret, tests after.
fn around(mut parts: Vec<Hir>) -> (Vec<Hir>, Vec<Hir>, Vec<Hir>) {
    let is_test = |part: &Hir| !part.properties().look_set().is_empty();
    let end = parts.iter().rposition(|part| !is_test(part)).map_or(0, |at| at + 1);
    let after = parts.split_off(end);
    let start = parts.iter().position(|part| !is_test(part)).unwrap_or(parts.len());
    let secret = parts.split_off(start);
    (parts, secret, after)
}

/// A part that may as well be missing at the start of a match.
fn is_needless(part: &Hir) -> bool {
    matches!(part.kind(), HirKind::Repetition(repetition) if repetition.min == 0)
        && part.properties().look_set().is_empty()
}

/// What of the parts before the secret stays in the regex, and the edge that takes the place of the others.
fn left(before: &[Hir], secret: &Hir, differences: &mut Vec<&'static str>) -> (Vec<Hir>, &'static str) {
    match before {
        [] => (Vec::new(), "none"),
        [only] if !only.properties().look_set().is_empty() => {
            let (edge, is_same) = edge_of(only, secret, true);
            differences.extend((!is_same).then_some(if edge == "none" { START } else { WIDER_START }));
            (Vec::new(), edge)
        }
        _ => {
            let kept: Vec<Hir> = before.iter().map(|part| plain(part, differences)).collect();
            (kept, "none")
        }
    }
}

/// The same of the parts after it.
fn right(after: &[Hir], secret: &Hir, differences: &mut Vec<&'static str>) -> (Vec<Hir>, &'static str) {
    let Some(test) = after.iter().position(|part| !part.properties().look_set().is_empty()) else {
        return (after.to_vec(), "none");
    };
    if let [only] = after {
        let (edge, is_same) = edge_of(only, secret, false);
        differences.extend((!is_same).then_some(WIDER_END));
        return (Vec::new(), edge);
    }
    differences.push(WIDER_END);
    (after[..test].to_vec(), "none")
}

/// What may stand beside a secret, as far as a part of a regex says it.
#[derive(Default)]
struct Beside {
    bytes: Vec<u8>,
    escaped_line_ends: bool,
    end: bool,
    word: bool,
    /// Whether it says anything else.
    other: bool,
}

/// The name of the edge that comes nearest and forbids nothing that is allowed, and whether it is the same.
fn edge_of(part: &Hir, secret: &Hir, at_start: bool) -> (&'static str, bool) {
    let mut beside = Beside::default();
    collect(part, at_start, &mut beside);
    if beside.word && !beside.end && !beside.other && beside.bytes.is_empty() && !beside.escaped_line_ends {
        return if is_word_at(secret, at_start) { ("word", true) } else { ("none", false) };
    }
    if beside.other || beside.word || !beside.end {
        return ("none", false);
    }
    beside.bytes.sort_unstable();
    beside.bytes.dedup();
    let is_among = |of: &dyn Fn(u8) -> bool| beside.bytes.iter().any(|&byte| of(byte));
    let delimiters: Vec<u8> = (0..128).filter(|&byte: &u8| is_delimiter(byte)).collect();
    let blanks: Vec<u8> = delimiters.iter().copied().filter(|&byte| byte != b'\x0b').collect();
    if !at_start && beside.escaped_line_ends && (beside.bytes == delimiters || beside.bytes == blanks) {
        return ("delimiter", true);
    }
    if beside.bytes.iter().all(|&byte| is_delimiter(byte)) {
        return ("delimiter", false);
    }
    let edges: [(&str, &dyn Fn(u8) -> bool); 3] = [
        ("dotted", &|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)),
        ("token", &|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
        ("alnum", &|byte| byte.is_ascii_alphanumeric()),
    ];
    let edge = edges.iter().find(|(_, forbids)| !is_among(forbids)).map_or("none", |(name, _)| name);
    let rest = |forbids: &dyn Fn(u8) -> bool| (0..=255).filter(|&byte| !forbids(byte)).count();
    let is_same = edges.iter().any(|(name, forbids)| *name == edge && rest(forbids) == beside.bytes.len());
    (edge, is_same)
}

fn is_delimiter(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == b'\x0b' || matches!(byte, b'\'' | b'"' | b'`' | b';')
}

fn collect(part: &Hir, at_start: bool, beside: &mut Beside) {
    match part.kind() {
        HirKind::Alternation(parts) => parts.iter().for_each(|part| collect(part, at_start, beside)),
        HirKind::Capture(capture) => collect(&capture.sub, at_start, beside),
        HirKind::Look(Look::Start | Look::StartLF | Look::StartCRLF) if at_start => beside.end = true,
        HirKind::Look(Look::End | Look::EndLF | Look::EndCRLF) if !at_start => beside.end = true,
        HirKind::Look(Look::WordAscii) => beside.word = true,
        HirKind::Literal(literal) if literal.0.len() == 1 => beside.bytes.push(literal.0[0]),
        HirKind::Class(Class::Bytes(class)) => {
            beside.bytes.extend(class.ranges().iter().flat_map(|range| range.start()..=range.end()));
        }
        HirKind::Concat(parts) if is_escaped_line_end(parts) => beside.escaped_line_ends = true,
        _ => beside.other = true,
    }
}

/// `\\[nr]`
fn is_escaped_line_end(parts: &[Hir]) -> bool {
    let [backslash, letter] = parts else { return false };
    let HirKind::Class(Class::Bytes(class)) = letter.kind() else { return false };
    let letters: Vec<u8> = class.ranges().iter().flat_map(|range| range.start()..=range.end()).collect();
    matches!(backslash.kind(), HirKind::Literal(literal) if *literal.0 == *b"\\")
        && matches!(&letters[..], b"nr" | b"NRnr")
}

/// Whether the first (or last) byte of `hir` is always one of a word.
fn is_word_at(hir: &Hir, at_start: bool) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match hir.kind() {
        HirKind::Literal(literal) => {
            let byte = if at_start { literal.0.first() } else { literal.0.last() };
            byte.is_some_and(|&byte| is_word(byte))
        }
        HirKind::Class(Class::Bytes(class)) => {
            class.ranges().iter().all(|range| (range.start()..=range.end()).all(is_word))
        }
        HirKind::Capture(capture) => is_word_at(&capture.sub, at_start),
        HirKind::Repetition(repetition) => repetition.min > 0 && is_word_at(&repetition.sub, at_start),
        HirKind::Alternation(parts) => parts.iter().all(|part| is_word_at(part, at_start)),
        HirKind::Concat(parts) => {
            let part = if at_start { parts.first() } else { parts.last() };
            part.is_some_and(|part| is_word_at(part, at_start))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str, group: u32) -> Result<Shape, String> {
        shape(&super::super::re2::parse(pattern).expect("it is an expression"), group)
    }

    #[test]
    fn what_stands_beside_becomes_an_edge() {
        for (pattern, written, left, right, differences) in [
            (r"\b(acme_[a-f]{4})\b", "(?<secret>(?:acme_(?:[a-f]){4}))", "word", "word", &[][..]),
            (
                r#"\b(acme_[a-f]{4})(?:[\x60'"\s;]|\\[nr]|$)"#,
                "(?<secret>(?:acme_(?:[a-f]){4}))",
                "word",
                "delimiter",
                &[],
            ),
            (r"acme_[a-f]{4}", "(?<secret>(?:acme_(?:[a-f]){4}))", "none", "none", &[]),
            (r"key=(acme)[,;]", "(?:key=(?<secret>acme)[,;])", "none", "none", &[]),
            (r"(?:^|[^a-zA-Z0-9])(acme)(?:[^a-zA-Z0-9._-]|$)", "(?<secret>acme)", "alnum", "dotted", &[]),
            (r"(acme)(?:[,]|$)", "(?<secret>acme)", "none", "dotted", &[WIDER_END]),
            (r"[\w.-]{0,50}?\bkey=(acme)", "(?:key=(?<secret>acme))", "none", "none", &[INNER]),
            (r"key=(?:a(bcde)|f(ghij))", "(?<secret>(?:key=(?:(?:abcde)|(?:fghij))))", "none", "none", &[WHOLE]),
        ] {
            let shape = of(pattern, 0).unwrap_or_else(|reason| panic!("{pattern}: {reason}"));
            let told = (shape.left, shape.right, &shape.differences[..]);
            assert_eq!(told, (left, right, differences), "{pattern}: {written} {}", shape.pattern);
        }
        assert!(of("k=(a)", 0).is_err() && of("(abcd)", 2).is_err());
        assert!(of("(a)=(bcde)", 2).is_ok());
    }
}
