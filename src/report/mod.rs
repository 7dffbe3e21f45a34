//! Reports: one file per format. A reporter sees [`Finding`]s, rule metadata and the [`Summary`], in that order, and
//! nothing else: it opens no file and knows no source.
//!
//! Layer 2. Everything it prints of a repository is a [`Text`](crate::model::Text), which is masked by construction.

use std::io;

use crate::model::{Finding, RunInfo, Summary};

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
