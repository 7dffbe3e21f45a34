//! What stands behind a flag, as typed values with their own parsers: levels and report destinations; what files of the
//! configuration can say as well is the library's. Nothing here looks at the environment or at a file.

use std::{path::PathBuf, str::FromStr};

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
pub(crate) use keysieve::config::{bytes, seconds};
use keysieve::model::{Confidence, Severity};
use keysieve::report::Format;
pub(crate) use keysieve::triage::FailOn;

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

/// Parses a severity, and lists them for help and completion.
pub(crate) fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::ALL.map(Severity::as_str)).try_map(|word| word.parse::<Severity>())
}

/// Parses a confidence, and lists them for help and completion.
pub(crate) fn confidence() -> impl TypedValueParser<Value = Confidence> {
    PossibleValuesParser::new(Confidence::ALL.map(Confidence::as_str)).try_map(|word| word.parse::<Confidence>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_may_have_a_path() {
        let parsed: FormatAndPath = "sarif=out/a=b.sarif".parse().unwrap();
        assert_eq!(parsed, FormatAndPath { format: Format::Sarif, path: Some("out/a=b.sarif".into()) });
        assert_eq!("text".parse(), Ok(FormatAndPath { format: Format::Text, path: None }));
        assert!("sarif=".parse::<FormatAndPath>().is_err());
        assert!("xml".parse::<FormatAndPath>().is_err());
    }
}
