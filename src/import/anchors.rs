//! Anchors for an expression that came without: literals of which every match contains one. They are guessed from the syntax
//! tree; whether they hold is proven afterwards, by the same proof that every rule has to pass.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::rules;

/// More literals than this are no anchors.
const MOST: usize = 48;
/// Shorter ones are everywhere.
const SHORTEST: usize = 3;
/// From this length on a literal of a known case is better than a keyword in any.
const GOOD: usize = 4;
/// As many literals as this are rather one or two in any case.
const MANY: usize = 12;
/// Longer ones find nothing more.
const LONGEST: usize = 24;

/// Anchors, and whether they are found in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Anchors {
    pub literals: Vec<String>,
    pub ignore_case: bool,
}

/// Anchors of `hir`, which is written `pattern`; the `keywords`, if nothing in the expression is better.
pub(super) fn derive(hir: &Hir, pattern: &str, keywords: Option<Anchors>) -> Option<Anchors> {
    let found = |ignore_case: bool| {
        let sets = needed(&if ignore_case { folded(hir) } else { hir.clone() });
        let sets = sets.into_iter().filter(|set| is_usable(set));
        let best = sets.max_by_key(|set| (shortest(set).min(8), std::cmp::Reverse(set.len())))?;
        proven(pattern, best, ignore_case)
    };
    let exact = found(false);
    // Of a word in any case every spelling would be a literal.
    let is_good = |anchors: &&Anchors| shortest(&anchors.literals) >= GOOD && anchors.literals.len() < MANY;
    if let Some(anchors) = exact.as_ref().filter(is_good) {
        return Some(anchors.clone());
    }
    let keywords = keywords.filter(|anchors| shortest(&anchors.literals) >= SHORTEST);
    let few = exact.clone().filter(|anchors| anchors.literals.len() < MANY);
    keywords.or(few).or_else(|| found(true)).or(exact)
}

/// Those of `keywords` of which every match holds one, in any case; None if there are matches without.
pub(super) fn implied(pattern: &str, keywords: &[String]) -> Option<Anchors> {
    if keywords.is_empty() { None } else { proven(pattern, keywords.to_vec(), true) }
}

fn proven(pattern: &str, literals: Vec<String>, ignore_case: bool) -> Option<Anchors> {
    let literals = rules::needed_anchors(pattern, literals, ignore_case)?;
    Some(Anchors { literals, ignore_case })
}

fn shortest(set: &[String]) -> usize {
    set.iter().map(String::len).min().unwrap_or(0)
}

fn is_usable(set: &[String]) -> bool {
    !set.is_empty() && set.iter().all(|text| text.len() >= SHORTEST && text.is_ascii())
}

/// Sets of literals, of each of which every match contains a member.
fn needed(hir: &Hir) -> Vec<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => exact(hir).into_iter().map(clipped).collect(),
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            exact(hir).map(clipped).into_iter().chain(needed(&repetition.sub)).collect()
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => Vec::new(),
        HirKind::Concat(parts) => in_a_row(parts),
        HirKind::Alternation(parts) => {
            let best = |part: &Hir| {
                let sets = needed(part).into_iter().filter(|set| is_usable(set));
                sets.max_by_key(|set| (shortest(set).min(8), std::cmp::Reverse(set.len())))
            };
            let sets: Option<Vec<Vec<String>>> = parts.iter().map(best).collect();
            let union = sets.map(|sets| sets.concat()).filter(|union| union.len() <= MOST);
            union.into_iter().collect()
        }
    }
}

/// Of the parts of a concatenation: each by itself, and the product of those in a row whose texts are all known.
fn in_a_row(parts: &[Hir]) -> Vec<Vec<String>> {
    let mut sets: Vec<Vec<String>> = Vec::new();
    let mut row: Option<Vec<String>> = None;
    for part in parts {
        let next = exact(part);
        let joined = match (&row, &next) {
            (Some(row), Some(next)) => product(row, next),
            _ => None,
        };
        if joined.is_none() {
            sets.extend(row.take().map(clipped));
        }
        row = joined.or(next);
        sets.extend(needed(part));
    }
    sets.extend(row.map(clipped));
    sets
}

/// Every text that `hir` matches, if these are few.
fn exact(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(vec![String::new()]),
        HirKind::Literal(literal) => Some(vec![String::from_utf8(literal.0.to_vec()).ok()?]),
        HirKind::Class(class) => members(class),
        HirKind::Capture(capture) => exact(&capture.sub),
        HirKind::Repetition(repetition) => {
            let (least, most) = (repetition.min, repetition.max.filter(|max| *max <= 8)?);
            let one = exact(&repetition.sub)?;
            let mut all = Vec::new();
            for count in least..=most {
                let mut texts = vec![String::new()];
                for _ in 0..count {
                    texts = product(&texts, &one)?;
                }
                all.extend(texts);
            }
            (all.len() <= MOST).then_some(all)
        }
        HirKind::Concat(parts) => {
            parts.iter().try_fold(vec![String::new()], |texts, part| product(&texts, &exact(part)?))
        }
        HirKind::Alternation(parts) => {
            let all: Option<Vec<Vec<String>>> = parts.iter().map(exact).collect();
            all.map(|all| all.concat()).filter(|all| all.len() <= MOST)
        }
    }
}

fn members(class: &Class) -> Option<Vec<String>> {
    let Class::Bytes(class) = class else { return None };
    let count: usize = class.ranges().iter().map(|range| usize::from(range.end() - range.start()) + 1).sum();
    if count > MOST || !class.is_ascii() {
        return None;
    }
    Some(class.ranges().iter().flat_map(|range| range.start()..=range.end()).map(|it| char::from(it).into()).collect())
}

fn product(one: &[String], other: &[String]) -> Option<Vec<String>> {
    if one.len() * other.len() > MOST {
        return None;
    }
    Some(one.iter().flat_map(|start| other.iter().map(move |end| format!("{start}{end}"))).collect())
}

/// No longer than is of use, and each once.
fn clipped(mut set: Vec<String>) -> Vec<String> {
    for text in &mut set {
        let end = (0..=text.len().min(LONGEST)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
    }
    set.sort();
    set.dedup();
    set
}

/// The same with every letter in lower case.
fn folded(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Literal(literal) => Hir::literal(literal.0.to_ascii_lowercase()),
        HirKind::Class(Class::Bytes(class)) => {
            let ranges = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            let bytes = ranges.map(|byte| byte.to_ascii_lowercase());
            let ranges = bytes.map(|byte| regex_syntax::hir::ClassBytesRange::new(byte, byte));
            Hir::class(Class::Bytes(regex_syntax::hir::ClassBytes::new(ranges)))
        }
        HirKind::Repetition(repetition) => {
            let sub = Box::new(folded(&repetition.sub));
            Hir::repetition(regex_syntax::hir::Repetition { sub, ..repetition.clone() })
        }
        HirKind::Capture(capture) => folded(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(folded).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(folded).collect()),
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) => hir.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anchors(pattern: &str, keywords: &[&str]) -> Option<(Vec<String>, bool)> {
        let hir = super::super::re2::parse(pattern).expect("it is an expression");
        let keywords: Vec<String> = keywords.iter().map(|&word| word.to_owned()).collect();
        derive(&hir, pattern, implied(pattern, &keywords)).map(|it| (it.literals, it.ignore_case))
    }

    #[test]
    fn the_best_literals_are_chosen() {
        for (pattern, keywords, literals, ignore_case) in [
            ("acme_[0-9]{8}", &[][..], &["acme_"][..], false),
            ("a[bc]me_[0-9]{8}", &[], &["abme_", "acme_"], false),
            ("(?:acme|emca)-[0-9]{8}", &[], &["acme-", "emca-"], false),
            ("(?i)acme.{0,9}[0-9]{8}", &["acme"], &["acme"], true),
            ("(?i)ac[_-]?me[0-9]{8}", &["elsewhere"], &["acme", "ac-me", "ac_me"], true),
            ("[0-9]{4}key.[0-9]", &[], &["key"], false),
        ] {
            let literals = literals.iter().map(|&it| it.to_owned()).collect();
            assert_eq!(anchors(pattern, keywords), Some((literals, ignore_case)), "{pattern}");
        }
        assert_eq!(anchors("[0-9a-f]{32}", &["acme"]), None);
        assert_eq!(anchors("(?:acme)?[0-9a-f]{32}", &["acme"]), None);
    }
}
