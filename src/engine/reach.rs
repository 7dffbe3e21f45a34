//! How far from an anchor occurrence anything is read: so much of a text must be at hand around a piece of it, and what a
//! verdict depends on is no more.

use super::{decode, directive, edge, expiry, structures};
use crate::rules::{Matcher, Rule, RuleSet, Shape, Validator};

/// What a structure finds is a name or a mark of two bytes, what joins it with a secret, and two bytes of that; mostly far more.
const SHORTEST_STRUCTURE: usize = 5;

/// How far from a hit the verdict on it depends on the text, in bytes, if a structure reads as far as `reach` says.
pub(super) fn window(rule: &Rule, reach: fn(Shape) -> usize) -> usize {
    let context = rule.context.as_ref().map_or(0, |context| context.within);
    expiry_reach(rule).max(context)
        + match rule.matcher {
            Matcher::Regex { bounds, .. } => bounds.longest + edge::REACH,
            Matcher::Structure(shape) => reach(shape),
            Matcher::File(_) | Matcher::Known => 0,
        }
}

/// The same of a hit around which no match is, or none that is a secret by itself: words that stand near have no say in that.
pub(super) fn near_window(rule: &Rule) -> usize {
    match rule.matcher {
        Matcher::Regex { bounds, .. } => bounds.longest + edge::REACH,
        Matcher::Structure(_) | Matcher::File(_) | Matcher::Known => window(rule, structures::near),
    }
}

/// How far from a secret the moment of its end is looked for.
fn expiry_reach(rule: &Rule) -> usize {
    if rule.validators.contains(&Validator::ExpiryBeside) { expiry::REACH } else { 0 }
}

/// No match of any rule is shorter, in bytes.
pub(super) fn shortest(rules: &RuleSet) -> usize {
    let of_rule = |rule: &Rule| match rule.matcher {
        Matcher::Regex { bounds, .. } => Some(bounds.shortest),
        Matcher::Structure(_) => Some(SHORTEST_STRUCTURE),
        Matcher::File(_) | Matcher::Known => None,
    };
    rules.rules().iter().filter_map(of_rule).min().unwrap_or(0)
}

/// By layers of decoding that are left: how far from a hit anything is read. A window, a neighbour's window around it,
/// the edges, and a directive beside that; of encoded text, the same in the decoded one.
pub(super) fn by_depth(rules: &RuleSet, decode: u8, known: usize) -> Vec<usize> {
    let of_matcher = |rule: &Rule| match rule.matcher {
        Matcher::Regex { bounds, .. } => bounds.longest,
        Matcher::Structure(shape) => structures::reach(shape),
        Matcher::File(_) | Matcher::Known => 0,
    };
    let window = rules.rules().iter().map(of_matcher).max().unwrap_or(0).max(known);
    let near = rules.rules().iter().filter_map(|rule| rule.near.as_ref()).map(|near| near.within).max().unwrap_or(0);
    let context = rules.rules().iter().filter_map(|rule| rule.context.as_ref());
    let context = context.map(|context| context.within).max().unwrap_or(0);
    let context = rules.rules().iter().map(expiry_reach).fold(context, usize::max);
    let plain = 2 * window + near + context + edge::REACH + directive::REACH;
    let deeper = |inner: &usize| Some(decode::reach(*inner) + directive::REACH);
    std::iter::successors(Some(plain), deeper).take(usize::from(decode) + 1).collect()
}
