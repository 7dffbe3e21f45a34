//! What is wrong with a rule file, and where. The same words are said by build.rs of the built-in rules and at run
//! time of a user's. Not for what a rule finds or fails to find: that is `keysieve rules test`.

use std::fmt;

/// One thing that is wrong in a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The file, by the name it was given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The rule's id, if the file got as far as naming one.
    pub rule: Option<String>,
    /// What is wrong, and often what to write instead.
    pub reason: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(rule) = &self.rule {
            write!(f, "rule {rule}: ")?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for RuleError {}

/// Everything that is wrong in some rule files, in the order of the files; never empty. One line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleErrors(pub(super) Vec<RuleError>);

impl RuleErrors {
    /// One by one.
    pub fn iter(&self) -> std::slice::Iter<'_, RuleError> {
        self.0.iter()
    }
}

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleErrors {}
