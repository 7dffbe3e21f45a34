//! Stand-ins for parts of the library that are being built at the same time. To be deleted when they are there; each
//! item says what replaces it.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use keysieve::model::{Finding, Origin, RunInfo, Summary};
use keysieve::report::{Format, Reporter};
use keysieve::rules::RuleSet;
use keysieve::source::{Reopen, Sink, Source, SourceError};

/// `name.parse::<Format>()`.
pub(crate) fn format(name: &str) -> Result<Format, String> {
    match name {
        "text" => Ok(Format::Text),
        "jsonl" => Ok(Format::Jsonl),
        "sarif" => Ok(Format::Sarif),
        _ => Err(format!("'{name}' is not a format: text, jsonl or sarif")),
    }
}

/// `rules.load(path)`.
pub(crate) fn load(_rules: &mut RuleSet, path: &Path) -> Result<()> {
    bail!("{}: rule files are not supported yet", path.display())
}

/// `rules.select(only, skip)`.
pub(crate) fn select(rules: &RuleSet, only: &[String], skip: &[String]) -> Result<RuleSet> {
    let named =
        |word: &String| rules.rules().iter().any(|rule| rule.id == *word || rule.tags.iter().any(|tag| tag == word));
    if let Some(unknown) = only.iter().chain(skip).find(|word| !named(word)) {
        bail!("'{unknown}' is neither the id of a rule nor a tag");
    }
    Ok(rules.clone())
}

/// `report::reporter(format, out, rules, style)`.
pub(crate) fn reporter<'a>(_format: Format, out: &'a mut dyn Write, _color: bool) -> Box<dyn Reporter + 'a> {
    Box::new(Nothing(out))
}

/// `report::text::summary_line(summary)`.
pub(crate) fn summary_line(summary: &Summary) -> String {
    let complete = if summary.complete() { "complete" } else { "INCOMPLETE" };
    format!("{} findings | {} files | {complete}", summary.findings, summary.documents)
}

struct Nothing<'a>(&'a mut dyn Write);

impl Reporter for Nothing<'_> {
    fn begin(&mut self, _: &RunInfo) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, _: &Finding) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.0.flush()
    }
}

/// `source::worktree::Worktree` and `source::stdin::Stdin`.
pub(crate) struct Paths(pub(crate) Vec<PathBuf>);

impl Source for Paths {
    fn push(&self, _sink: &dyn Sink) -> Result<(), SourceError> {
        for path in &self.0 {
            path.symlink_metadata().map_err(|source| SourceError::Path { path: path.clone(), source })?;
        }
        Ok(())
    }
}

impl Reopen for Paths {
    fn reopen(&self, _: &Origin) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(io::empty()))
    }
}
