//! What to look for: [`Rule`], [`RuleSet`] and the TOML schema they come from.
//!
//! Layer 1. The built-in rules are compiled into constants by build.rs, which includes the other files of this
//! folder, so that a user's own rule file (`--rules`) passes exactly the same checks at run time. Nothing here looks
//! at a document: that is the engine's.
//!
//! A rule file goes through `file` (names and types), `check` and `values` (what they say), `pattern` and `proof` (the
//! regex and its anchors) and `load` (the rules against each other); what is wrong on the way is an `error`.

mod allowlist;
mod builtin;
mod check;
mod error;
mod file;
mod greedy;
mod keyed;
mod known;
mod lead;
mod load;
mod nearest;
mod notice;
mod pattern;
mod piece;
mod proof;
mod rule;
mod run;
mod set;
#[cfg(test)]
mod tests;
mod values;

pub use allowlist::{Allowlist, Known, ValuePattern};
pub use error::{Fault, Faults};
pub(crate) use file::shown;
pub use load::RuleFile;
pub(crate) use nearest::did_you_mean;
pub use notice::SUPPRESSION_ADDED;
pub use pattern::has_line_end;
pub use proof::needed_anchors;
pub use rule::{
    Bounds, Context, Edge, Edges, FileMatch, Greedy, Matcher, Near, Pair, Piece, Rule, Run, SecretStart, Shape,
    Specificity, Unescape, Validator,
};
pub use set::{RuleSet, UnknownRule};
