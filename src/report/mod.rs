//! Reports: one file per format. A reporter sees [`Finding`]s, rule metadata and the [`Summary`], in that order, and
//! nothing else: it opens no file and knows no source.
//!
//! Layer 2. Everything it prints of a repository is a [`Text`](crate::model::Text), which is masked by construction.

mod escape;
mod json;
mod jsonl;
mod sarif;
mod summary;
mod text;

use std::{
    fmt,
    io::{self, Write},
    str::FromStr,
};

use crate::model::{Finding, Location, Occurrence, RunInfo, Summary};
use crate::rules::{RuleSet, SUPPRESSION_ADDED};

pub use summary::summary_line;

/// Renders a run in one format.
pub trait Reporter {
    /// Called once, first.
    fn begin(&mut self, info: &RunInfo) -> io::Result<()>;

    /// Called for each finding, in the order of the report.
    fn finding(&mut self, finding: &Finding) -> io::Result<()>;

    /// Called once, last; a format that is one document is written here. What was written is flushed.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// A report format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people: a clickable line per finding.
    Text,
    /// JSON Lines: one object per finding and one for the summary; the lossless form.
    Jsonl,
    /// SARIF 2.1.0.
    Sarif,
}

/// How text for people looks; the other formats have no use for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether ANSI escape codes may be written.
    pub color: bool,
    /// Whether each finding is followed by lines on what to do about it.
    pub details: bool,
}

/// A reporter that writes to `out`. `rules` are those that were looked for.
pub fn reporter<'a>(
    format: Format,
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    style: Style,
) -> Box<dyn Reporter + 'a> {
    match format {
        Format::Text => Box::new(text::TextReport::new(out, rules, style)),
        Format::Jsonl => Box::new(jsonl::JsonlReport::new(out, rules)),
        Format::Sarif => Box::new(sarif::SarifReport::new(out, rules)),
    }
}

impl Format {
    /// All formats, the default first.
    pub const ALL: [Self; 3] = [Self::Text, Self::Jsonl, Self::Sarif];

    /// Its name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.as_str() == s).ok_or_else(|| UnknownFormat { given: s.to_owned() })
    }
}

/// A name that is no report format's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{given}' is not one of text, jsonl, sarif")]
pub struct UnknownFormat {
    given: String,
}

/// The places of `finding` that nothing suppresses: what a report shows of it.
fn shown(finding: &Finding) -> impl Iterator<Item = &Occurrence> {
    finding.occurrences.iter().filter(|occurrence| occurrence.suppression.is_none())
}

/// The places that a report shows, or of a finding that something accepts everywhere, all of them. Such findings come only
/// where they were asked for.
fn listed(finding: &Finding) -> impl Iterator<Item = &Occurrence> {
    let is_suppressed = finding.is_suppressed();
    finding.occurrences.iter().filter(move |occurrence| is_suppressed || occurrence.suppression.is_none())
}

/// What a rule finds, in a person's words; its id for a rule that is not in the set.
fn description<'a>(rules: &'a RuleSet, id: &'a str) -> &'a str {
    let notice = Some(&SUPPRESSION_ADDED).filter(|notice| notice.id == id);
    rules.get(id).or(notice).map(|rule| &*rule.description).filter(|text| !text.is_empty()).unwrap_or(id)
}

/// GitHub's `primaryLocationLineHash` as it is written: the hash, and which of the lines with that hash it is.
fn line_hash(location: &Location) -> Option<String> {
    location.line_hash.map(|(hash, count)| format!("{hash:x}:{count}"))
}

/// A path relative to the root, for which the root itself is not an empty word.
fn relative(path: &str) -> &str {
    if path.is_empty() { "." } else { path }
}

/// Whether a path is not relative to the root of the run.
fn is_absolute(path: &str) -> bool {
    let has_drive = || matches!(path.as_bytes(), [drive, b':', b'/', ..] if drive.is_ascii_alphabetic());
    path.starts_with('/') || cfg!(windows) && has_drive()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_reads_its_own_name() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        let error = "xml".parse::<Format>().expect_err("it is no format");
        assert_eq!(error.to_string(), "'xml' is not one of text, jsonl, sarif");
    }
}
