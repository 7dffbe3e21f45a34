//! `--fail-on`: what makes a run fail, as people write it.

use std::fmt;
use std::str::FromStr;

use super::Levels;
use crate::model::{Confidence, Severity};

/// What makes a run fail; none if nothing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailOn(pub Option<Levels>);

/// Half of it that was not given: information never fails ...
const LEAST_SEVERITY: Severity = Severity::Low;
/// ... and neither does what is merely possible.
const LEAST_CONFIDENCE: Confidence = Confidence::Medium;
/// Nothing makes the run fail.
const NEVER: &str = "never";

impl FailOn {
    /// Whether all that makes a run fail by this does so by `other`, too.
    pub fn is_within(self, other: Self) -> bool {
        match (self.0, other.0) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(ours), Some(theirs)) => ours.severity >= theirs.severity && ours.confidence >= theirs.confidence,
        }
    }
}

impl Default for FailOn {
    /// What is at least probable, unless it is mere information.
    fn default() -> Self {
        Self(Some(Levels { severity: LEAST_SEVERITY, confidence: LEAST_CONFIDENCE }))
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        if given == NEVER {
            return Ok(Self(None));
        }
        let (mut severity, mut confidence) = (None, None);
        for word in given.split(',') {
            let taken = match (word.parse().ok(), spoken(word)) {
                (Some(level), _) => severity.replace(level).is_some(),
                (None, Some(level)) => confidence.replace(level).is_some(),
                (None, None) => return Err(not_a_level(word)),
            };
            if taken {
                return Err(format!("'{given}' names two levels of one scale"));
            }
        }
        Ok(Self(Some(Levels {
            severity: severity.unwrap_or(LEAST_SEVERITY),
            confidence: confidence.unwrap_or(LEAST_CONFIDENCE),
        })))
    }
}

/// As it is written.
impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => f.write_str(NEVER),
            Some(Levels { severity, confidence }) => write!(f, "{severity},{}", confidence.spoken()),
        }
    }
}

/// The confidence with this spoken name; `high`, `medium` and `low` are severities here.
fn spoken(word: &str) -> Option<Confidence> {
    Confidence::ALL.into_iter().find(|level| level.spoken() == word)
}

fn not_a_level(word: &str) -> String {
    format!(
        "'{word}' is neither 'never', nor a severity (info, low, medium, high, critical), nor a confidence (possible, \
         probable, certain)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(severity: Severity, confidence: Confidence) -> Result<FailOn, String> {
        Ok(FailOn(Some(Levels { severity, confidence })))
    }

    #[test]
    fn fail_on_takes_a_word_of_each_scale() {
        assert_eq!("never".parse(), Ok(FailOn(None)));
        assert_eq!("high".parse(), levels(Severity::High, Confidence::Medium));
        assert_eq!("certain".parse(), levels(Severity::Low, Confidence::High));
        assert_eq!("high,certain".parse(), levels(Severity::High, Confidence::High));
        assert_eq!("possible,info".parse(), levels(Severity::Info, Confidence::Low));
        for written in ["never", "low,probable", "critical,certain"] {
            assert_eq!(written.parse::<FailOn>().map(|it| it.to_string()), Ok(written.to_owned()));
        }
        assert_eq!("low,probable".parse(), Ok(FailOn::default()));
    }

    #[test]
    fn fail_on_refuses_what_it_cannot_mean() {
        for given in ["", "urgent", "high,", "high,low", "certain,possible", "never,high", "High"] {
            assert!(given.parse::<FailOn>().is_err(), "{given}");
        }
    }

    #[test]
    fn what_fails_more_is_not_within_what_fails_less() {
        let is_within = |one: &str, other: &str| {
            let parse = |text: &str| text.parse::<FailOn>().expect("it is one");
            parse(one).is_within(parse(other))
        };
        assert!(is_within("never", "high") && is_within("high", "high") && is_within("critical", "high"));
        assert!(!is_within("high", "never") && !is_within("low", "high") && !is_within("high,possible", "high"));
    }
}
