//! What git-secrets is told to allow: a word that stands in many paths or lines clears all of them.

use keysieve::compat::{Allowance, Error, allowances};

use super::{Check, Level};

/// A pattern that clears more than one in so many lines was meant for fewer.
const ONE_IN: u64 = 100;
const WHAT: &str = "git-secrets";

/// Of the repository of the current directory; nothing if nothing is allowed there.
pub(super) fn checks() -> Vec<Check> {
    match allowances() {
        Ok((allowances, _)) if allowances.is_empty() => Vec::new(),
        Ok((allowances, lines)) => of_all(&allowances, lines),
        Err(error @ Error::Allowed { .. }) => {
            let says = format!("{error}, so that git-secrets refuses everything");
            vec![Check::new(Level::Fail, WHAT, &says, "mend the pattern")]
        }
        Err(error) => {
            vec![Check::new(Level::Warn, WHAT, &format!("what is allowed is not known: {error}"), "mend that first")]
        }
    }
}

fn of_all(allowances: &[Allowance], lines: u64) -> Vec<Check> {
    let broad: Vec<Check> = allowances
        .iter()
        .filter(|allowance| allowance.lines * ONE_IN > lines)
        .map(|Allowance { pattern, lines: cleared }| {
            let says = format!("{pattern} allows {cleared} of the {lines} lines that are tracked, paths counting");
            Check::new(Level::Warn, WHAT, &says, "say more of what may stand there")
        })
        .collect();
    if !broad.is_empty() {
        return broad;
    }
    vec![Check::ok(WHAT, format!("{} allowed patterns, none for more than one in {ONE_IN} lines", allowances.len()))]
}
