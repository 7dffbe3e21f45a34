//! What to look for: [`Rule`], [`RuleSet`] and the TOML schema they come from.
//!
//! Layer 1. The built-in rules are compiled into constants by build.rs, which includes the other files of this
//! folder, so that a user's own rule file (`--rules`) passes exactly the same checks at run time. Nothing here looks
//! at a document: that is the engine's.

mod builtin;
mod rule;

pub use rule::{Edge, Edges, FileMatch, Matcher, Near, Pair, Rule, RuleSet, Shape, Unescape, Validator};
