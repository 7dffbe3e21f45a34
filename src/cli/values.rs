//! What stands behind a flag, as typed values with their own parsers: levels, sizes, durations, report destinations.
//! Nothing here looks at the environment or at a file.

use std::{path::PathBuf, str::FromStr, time::Duration};

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use keysieve::model::{Confidence, Severity};
use keysieve::report::Format;
use keysieve::triage::Levels;

/// When to do what suits a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere.
    Never,
}

/// `--format FORMAT[=PATH]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FormatAndPath {
    /// The format.
    pub(crate) format: Format,
    /// Where it goes, if that was given with it.
    pub(crate) path: Option<PathBuf>,
}

impl FromStr for FormatAndPath {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let (name, path) = given.split_once('=').map_or((given, None), |(name, path)| (name, Some(path)));
        if path == Some("") {
            return Err(format!("no path follows '{name}='"));
        }
        let format = name.parse::<Format>().map_err(|error| error.to_string())?;
        Ok(Self { format, path: path.map(PathBuf::from) })
    }
}

/// `--fail-on`: what makes a run fail; none if nothing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FailOn(pub(crate) Option<Levels>);

/// Half of `--fail-on` that was not given: information never fails ...
const LEAST_SEVERITY: Severity = Severity::Low;
/// ... and neither does what is merely possible.
const LEAST_CONFIDENCE: Confidence = Confidence::Medium;

impl FromStr for FailOn {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        if given == "never" {
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

/// Parses a severity, and lists them for help and completion.
pub(crate) fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::as_str)).try_map(|word| word.parse::<Severity>())
}

/// Parses a confidence, and lists them for help and completion.
pub(crate) fn confidence() -> impl TypedValueParser<Value = Confidence> {
    PossibleValuesParser::new(Confidence::ALL.map(Confidence::as_str)).try_map(|word| word.parse::<Confidence>())
}

/// Parses a number of bytes: `4096`, `64K`, `10M`, `2G`; the suffixes are powers of 1024.
pub(crate) fn bytes(given: &str) -> Result<u64, String> {
    let (digits, shift) = match given.as_bytes().last() {
        Some(b'K' | b'k') => (&given[..given.len() - 1], 10),
        Some(b'M' | b'm') => (&given[..given.len() - 1], 20),
        Some(b'G' | b'g') => (&given[..given.len() - 1], 30),
        _ => (given, 0),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "expected a whole number of bytes, with K, M or G after it if you like".to_owned())?;
    number.checked_mul(1 << shift).ok_or_else(|| "more bytes than there are".to_owned())
}

/// Parses a duration in seconds, whole or decimal.
pub(crate) fn seconds(given: &str) -> Result<Duration, String> {
    let number: f64 = given.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    let duration = Duration::try_from_secs_f64(number).map_err(|error| error.to_string())?;
    if duration.is_zero() { Err("no time at all; leave it out for no limit".to_owned()) } else { Ok(duration) }
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
    }

    #[test]
    fn fail_on_refuses_what_it_cannot_mean() {
        for given in ["", "urgent", "high,", "high,low", "certain,possible", "never,high", "High"] {
            assert!(given.parse::<FailOn>().is_err(), "{given}");
        }
    }

    #[test]
    fn bytes_take_a_suffix() {
        assert_eq!(bytes("0"), Ok(0));
        assert_eq!(bytes("4096"), Ok(4096));
        assert_eq!(bytes("64K"), Ok(65_536));
        assert_eq!(bytes("1g"), Ok(1 << 30));
        for given in ["", "K", "-1", "1.5M", "1T", "10 M", "99999999999G", "1é"] {
            assert!(bytes(given).is_err(), "{given}");
        }
    }

    #[test]
    fn seconds_are_positive() {
        assert_eq!(seconds("1.5"), Ok(Duration::from_millis(1500)));
        for given in ["", "0", "-1", "NaN", "inf", "1e300", "soon"] {
            assert!(seconds(given).is_err(), "{given}");
        }
    }

    #[test]
    fn a_format_may_have_a_path() {
        let parsed: FormatAndPath = "sarif=out/a=b.sarif".parse().unwrap();
        assert_eq!(parsed, FormatAndPath { format: Format::Sarif, path: Some("out/a=b.sarif".into()) });
        assert_eq!("text".parse(), Ok(FormatAndPath { format: Format::Text, path: None }));
        assert!("sarif=".parse::<FormatAndPath>().is_err());
        assert!("xml".parse::<FormatAndPath>().is_err());
    }
}
