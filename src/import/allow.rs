//! What is allowed, as `[[allow]]` of `.keysieve.toml` has it.

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Allow {
    pub paths: Vec<String>,
    pub values: Vec<String>,
    pub regexes: Vec<String>,
    /// For all rules, if empty.
    pub rules: Vec<String>,
    pub reason: String,
}

impl Allow {
    /// Whether it says anything.
    pub(super) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.values.is_empty() && self.regexes.is_empty()
    }
}
