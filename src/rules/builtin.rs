//! The built-in rules: constants that build.rs made of patterns/*.toml. Not the place where they are written.

use super::Rule;

/// Every built-in rule, sorted by id.
pub(super) static RULES: &[Rule] = &[];
