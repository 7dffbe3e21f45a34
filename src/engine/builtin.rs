//! The literals of the built-in rules, ready to be searched for: constants that build.rs made with `anchors.rs` and
//! `grams.rs`. To make them takes longer than a small commit takes to scan.

use std::borrow::Cow;

use super::anchors::{Lead, Literals, Meaning, Use};
use super::grams::{Grams, Member};

include!(concat!(env!("OUT_DIR"), "/literals.rs"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Options;
    use crate::rules::RuleSet;

    #[test]
    fn constants_are_what_the_rules_say() {
        let literals = Literals::of(RuleSet::builtin().rules(), Options::default().decode > 0);
        assert_eq!(literals, LITERALS);
        assert_eq!(Grams::of(literals.iter().enumerate(), |literal, at| literals.spelled(literal, at)), GRAMS);
    }
}
