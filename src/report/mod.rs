//! Reports: one file per format. A reporter sees [`Finding`]s, rule metadata and the [`Summary`], in that order, and
//! nothing else: it opens no file and knows no source.
//!
//! Layer 2. Everything it prints of a repository is a [`Text`](crate::model::Text), which is masked by construction.

mod asff;
mod csv;
mod github;
mod gitlab;
mod gitleaks;
mod html;
mod json;
mod jsonl;
mod junit;
mod log;
mod markdown;
mod place;
mod remedy;
mod sarif;
mod summary;
mod text;

use std::{
    fmt,
    io::{self, Write},
    str::FromStr,
    time::SystemTime,
};

use crate::model::{Finding, Location, Moment, Occurrence, RunInfo, Summary};
use crate::rules::{Rule, RuleSet, SUPPRESSION_ADDED};

pub use asff::AsffTarget;
pub use jsonl::ReadError;
pub use log::Log;
pub use sarif::{Pipeline, SarifFor};
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
    /// GitLab's secret detection report.
    Gitlab,
    /// Annotations of a GitHub workflow.
    Github,
    /// Markdown, as a GitHub job summary shows it.
    Markdown,
    /// The XML of `JUnit`.
    Junit,
    /// A table.
    Csv,
    /// AWS Security Hub's finding format.
    Asff,
    /// The JSON of gitleaks, for what imports that.
    GitleaksJson,
    /// One page for a browser.
    Html,
}

/// What a report depends on beside the findings.
#[derive(Clone, Debug)]
pub struct Options {
    /// How text for people looks.
    pub style: Style,
    /// When the run began, for the formats that have to tell.
    pub began: Moment,
    /// To whom ASFF is handed in; there is no such report without.
    pub asff: Option<AsffTarget>,
    /// For whom SARIF is.
    pub sarif: SarifFor,
}

impl Default for Options {
    fn default() -> Self {
        let began = Moment::from(SystemTime::UNIX_EPOCH);
        Self { style: Style::default(), began, asff: None, sarif: SarifFor::default() }
    }
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
    options: &Options,
) -> Box<dyn Reporter + 'a> {
    match format {
        Format::Text => Box::new(text::TextReport::new(out, rules, options.style)),
        Format::Jsonl => Box::new(jsonl::JsonlReport::new(out, rules)),
        Format::Sarif => Box::new(sarif::SarifReport::new(out, rules, options.sarif.clone())),
        Format::Gitlab => Box::new(gitlab::GitlabReport::new(out, rules, options.began)),
        Format::Github => Box::new(github::GithubReport::new(out, rules)),
        Format::Markdown => Box::new(markdown::MarkdownReport::new(out, rules)),
        Format::Junit => Box::new(junit::JunitReport::new(out, rules)),
        Format::Csv => Box::new(csv::CsvReport::new(out, rules)),
        Format::Asff => Box::new(asff::AsffReport::new(out, rules, options)),
        Format::GitleaksJson => Box::new(gitleaks::GitleaksReport::new(out, rules)),
        Format::Html => Box::new(html::HtmlReport::new(out, rules)),
    }
}

impl Format {
    /// All formats, the default first.
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::Jsonl,
        Self::Sarif,
        Self::Gitlab,
        Self::Github,
        Self::Markdown,
        Self::Junit,
        Self::Csv,
        Self::Asff,
        Self::GitleaksJson,
        Self::Html,
    ];

    /// Its name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Gitlab => "gitlab",
            Self::Github => "github",
            Self::Markdown => "markdown",
            Self::Junit => "junit",
            Self::Csv => "csv",
            Self::Asff => "asff",
            Self::GitleaksJson => "gitleaks-json",
            Self::Html => "html",
        }
    }

    /// Whether each of its lines is handed in by itself, and is a file of its own if the report goes to files.
    pub const fn is_in_parts(self) -> bool {
        matches!(self, Self::Asff)
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
#[error("'{given}' is not one of {}", Format::ALL.map(Format::as_str).join(", "))]
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
    rule(rules, id).map(|rule| &*rule.description).filter(|text| !text.is_empty()).unwrap_or(id)
}

/// The rule with this id, or what stands for one that keysieve reports by itself.
fn rule<'a>(rules: &'a RuleSet, id: &str) -> Option<&'a Rule> {
    rules.get(id).or(Some(&SUPPRESSION_ADDED).filter(|notice| notice.id == id))
}

/// GitHub's `primaryLocationLineHash` as it is written: the hash, and which of the lines with that hash it is.
fn line_hash(location: &Location) -> Option<String> {
    location.line_hash.map(|(hash, count)| format!("{hash:x}:{count}"))
}

/// `certain: paired`, as a person says how sure we are and what made it so.
fn sureness(finding: &Finding) -> String {
    let sure = finding.confidence.spoken();
    if finding.why.is_empty() { sure.to_owned() } else { format!("{sure}: {}", finding.why) }
}

/// A text of at most so many characters; `…` ends one that was cut.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// A path relative to the root, for which the root itself is not an empty word.
fn relative(path: &str) -> &str {
    if path.is_empty() { "." } else { path }
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
        assert!(error.to_string().starts_with("'xml' is not one of text, jsonl, sarif, "), "{error}");
    }

    #[test]
    fn a_text_is_cut_by_characters() {
        assert_eq!(shortened("\u{e9}\u{e9}\u{e9}", 3), "\u{e9}\u{e9}\u{e9}");
        assert_eq!(shortened("\u{e9}\u{e9}\u{e9}\u{e9}", 3), "\u{e9}\u{e9}…");
    }
}
