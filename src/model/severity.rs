//! The two scales of a finding: how much the credential unlocks, and how sure we are that it is one.

use std::{fmt, str::FromStr};

/// What the credential unlocks when it is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Context only; never fails a run.
    Info,
    /// Mostly an identifier, or a key that is public by design.
    Low,
    /// Scoped, soon over, or worthless without a second part.
    Medium,
    /// Reads or writes data, or spends money, with no second factor.
    High,
    /// Direct control of an account or of an identity store.
    Critical,
}

/// How sure we are that the value is a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Possible: a password-like value under a password-like name.
    Low,
    /// Probable: a prefix with the right length and edges, or a keyword and a random value.
    Medium,
    /// Certain: a checksum, a decoded structure, or proof by a neighbour.
    High,
}

/// A level that is not on the scale.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{given}' is not one of {known}")]
pub struct UnknownLevel {
    given: String,
    known: &'static str,
}

impl Severity {
    /// All levels, lowest first.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word used in rule files and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl Confidence {
    /// All levels, lowest first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word used in rule files and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The word used to a person: possible, probable, certain.
    pub const fn spoken(self) -> &'static str {
        match self {
            Self::Low => "possible",
            Self::Medium => "probable",
            Self::High => "certain",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = UnknownLevel;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let known = "critical, high, medium, low, info";
        Self::ALL
            .into_iter()
            .find(|level| level.as_str() == s)
            .ok_or_else(|| UnknownLevel { given: s.to_owned(), known })
    }
}

impl FromStr for Confidence {
    type Err = UnknownLevel;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let known = "high, medium, low";
        Self::ALL
            .into_iter()
            .find(|level| level.as_str() == s)
            .ok_or_else(|| UnknownLevel { given: s.to_owned(), known })
    }
}
