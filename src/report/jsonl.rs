//! JSON Lines, the lossless form: an object for each finding, for each thing that was not read, for each rule that is not
//! built in, and a last one for the summary. `wire.rs` has the format, `read.rs` reads it again, so that any other
//! report can be made from it. No time enters it: two runs write the same bytes.

mod read;
mod wire;

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{Reporter, json};
use crate::model::{Finding, RunInfo, Summary};
use crate::rules::RuleSet;
use wire::Line;

pub use read::ReadError;
pub(super) use read::read;

/// Writes JSON Lines.
pub(super) struct JsonlReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    info: RunInfo,
}

impl<'a> JsonlReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet) -> Self {
        Self { out, rules, info: RunInfo::default() }
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        json::write(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }
}

impl Reporter for JsonlReport<'_> {
    fn begin(&mut self, info: &RunInfo) -> io::Result<()> {
        self.info = info.clone();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.line(&Line::Finding(wire::Finding::new(finding, self.rules)))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        for unread in &summary.unread {
            self.line(&Line::Unread(wire::Unread::new(unread)))?;
        }
        // The others are known to every keysieve.
        let builtin = RuleSet::builtin();
        let builtin: BTreeSet<&str> = builtin.rules().iter().map(|rule| &*rule.id).collect();
        let rules = self.rules;
        for rule in rules.rules().iter().filter(|rule| !builtin.contains(&*rule.id)) {
            self.line(&Line::Rule(wire::Rule::new(rule)))?;
        }
        let info = std::mem::take(&mut self.info);
        self.line(&Line::Summary(wire::Totals::new(summary, &info)))?;
        self.out.flush()
    }
}
