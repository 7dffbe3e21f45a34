//! What is wrong with a file of rules or of settings, and where. The same words are said by build.rs of the built-in rules and at
//! run time of a user's. A reason names keys and types; of a value of the configuration it quotes nothing, since that may be one
//! that is to be allowed. Not for what a rule finds or fails to find: that is `keysieve rules test`.

use std::fmt;

/// One thing that is wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, by the name it was given.
    pub file: String,
    /// The line, from 1; none if the file as a whole is meant.
    pub line: Option<usize>,
    /// The rule's id, in a file of rules that got as far as naming one.
    pub rule: Option<String>,
    /// What is wrong, and often what to write instead.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        if let Some(rule) = &self.rule {
            write!(f, "rule {rule}: ")?;
        }
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Fault {}

/// Everything that is wrong in some files, in the order of the files; never empty. One line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    /// One thing that is wrong with a file as a whole.
    pub fn of_file(file: impl Into<String>, reason: impl Into<String>) -> Self {
        Self(vec![Fault { file: file.into(), line: None, rule: None, reason: reason.into() }])
    }

    /// One thing that is wrong at a line.
    pub fn at(file: impl Into<String>, line: usize, reason: impl Into<String>) -> Self {
        Self(vec![Fault { file: file.into(), line: Some(line), rule: None, reason: reason.into() }])
    }

    /// One by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.0.iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
