//! How many bytes may stand before the first anchor in a match of a regex. So it is known where a match may begin that an
//! anchor stands in, and the regex is asked of these places alone, and never searched for.

use regex_syntax::hir::{Hir, HirKind};

use super::greedy;
use super::pattern;
use super::proof::{self, Anchors};

/// More parts before an anchor are not looked at: what a match begins with is short.
const MOST_PARTS: usize = 64;

/// The most that stands before the first anchor in a match of `pattern`, which has one in each; None if there is no limit.
pub(super) fn of(pattern: &str, anchors: Anchors<'_>) -> Option<usize> {
    let hir = pattern::parse(pattern).ok()?;
    let end = first_end(Vec::new(), &greedy::parts(&hir), anchors)?;
    Some(end - anchors.literals.iter().map(|anchor| anchor.len()).min()?.min(end))
}

/// The last place at which the first anchor ends in what `head` and then `parts` match, one after the other.
fn first_end(mut head: Vec<Hir>, parts: &[&Hir], anchors: Anchors<'_>) -> Option<usize> {
    for &part in parts.iter().take(MOST_PARTS) {
        head.push(part.clone());
        if !has_anchor(&head, anchors) {
            continue;
        }
        let HirKind::Alternation(ways) = part.kind() else {
            return head.iter().map(|part| part.properties().maximum_len()).sum();
        };
        head.pop();
        let of_way = |way| first_end(head.clone(), &greedy::parts(way), anchors);
        return ways.iter().map(of_way).collect::<Option<Vec<_>>>()?.into_iter().max();
    }
    None
}

/// Whether each text that `parts` match has an anchor in it.
fn has_anchor(parts: &[Hir], anchors: Anchors<'_>) -> bool {
    pattern::compile_hir(&Hir::concat(parts.to_vec())).is_ok_and(|nfa| !proof::matches_without(&nfa, anchors))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(pattern: &str, anchors: &[&str]) -> Option<usize> {
        let literals: Vec<&[u8]> = anchors.iter().map(|anchor| anchor.as_bytes()).collect();
        of(pattern, Anchors { literals: &literals, ignore_case: true })
    }

    #[test]
    fn what_may_stand_before_the_first_anchor() {
        for (pattern, anchors, expected) in [
            ("key=(?<secret>[a-z]{4})", &["key"][..], Some(1)),
            ("(?<secret>tk_[a-z]{4})", &["tk_"], Some(0)),
            ("(?:aws[_-]?)?key[^a]{0,9}(?<secret>[a-z]{4})", &["key"], Some(4)),
            ("(?i:(?:aws|my-)?key)(?<secret>[a-z]{4})", &["key"], Some(3)),
            ("(?i:a key|[a-z]{0,8}pass)(?<secret>[a-z]{4})", &["key", "pass"], Some(9)),
            ("x(?:a_key|pass(?:word)?)(?<secret>[a-z]{4})", &["key", "pass"], Some(3)),
            ("x?k(?:ey|EY)(?<secret>[a-z]{4})", &["key"], Some(1)),
            ("(?<secret>[a-z]{4,}key)", &["key"], None),
            ("(?<secret>[a-z]{4,7}key)", &["key"], Some(7)),
            ("(?<secret>[a-z]{4})", &["key"], None),
        ] {
            assert_eq!(lead(pattern, anchors), expected, "{pattern}");
        }
    }
}
