//! A table (RFC 4180): a row for each place of each finding, then one for each thing that was not read, and a last one
//! that says whether that was everything. It is opened in spreadsheets, so that no cell can be a formula.

use std::io::{self, Write};

use super::{Reporter, description, place, shown};
use crate::model::{Escaped, Finding, Introduction, Location, Occurrence, RunInfo, Summary, Text, Unread};
use crate::rules::RuleSet;

const COLUMNS: [&str; 23] = [
    "type",
    "fingerprint",
    "rule",
    "description",
    "severity",
    "confidence",
    "why",
    "fails",
    "secret",
    "origin",
    "object",
    "path",
    "line",
    "column",
    "end_line",
    "end_column",
    "commit",
    "commit_date",
    "commit_summary",
    "in_head",
    "unreachable",
    "facts",
    "reason",
];

/// What a spreadsheet takes for the beginning of a formula, <https://owasp.org/www-community/attacks/CSV_Injection>, and the
/// wide forms of these characters.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// Writes a table.
pub(super) struct CsvReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
}

type Row = [String; COLUMNS.len()];

impl<'a> CsvReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet) -> Self {
        Self { out, rules }
    }

    fn row<T: AsRef<str>>(&mut self, cells: &[T]) -> io::Result<()> {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell.as_ref())).collect();
        write!(self.out, "{}\r\n", cells.join(","))
    }

    fn place(&self, finding: &Finding, occurrence: &Occurrence) -> Row {
        let facts = finding.facts.iter().map(|fact| format!("{}: {}", fact.key, fact.value));
        let of_line = |number: fn(&Location) -> usize| {
            place::line(occurrence).map(|location| number(location).to_string()).unwrap_or_default()
        };
        let of_commit =
            |what: &dyn Fn(&Introduction) -> String| finding.introduction.as_ref().map(what).unwrap_or_default();
        [
            "finding".to_owned(),
            finding.fingerprint.to_string(),
            finding.rule.to_string(),
            description(self.rules, &finding.rule).to_owned(),
            finding.severity.to_string(),
            finding.confidence.to_string(),
            finding.why.to_string(),
            finding.fails.to_string(),
            finding.shown.to_string(),
            occurrence.origin.kind().to_owned(),
            occurrence.origin.object().unwrap_or_default().to_owned(),
            occurrence.path.to_string(),
            of_line(|location| location.start_line),
            of_line(|location| location.start_column),
            of_line(|location| location.end_line),
            of_line(|location| location.end_column),
            of_commit(&|introduction| introduction.commit.clone()),
            of_commit(&|introduction| introduction.date.clone()),
            of_commit(&|introduction| introduction.summary.to_string()),
            of_commit(&|introduction| introduction.in_head.to_string()),
            of_commit(&|introduction| introduction.unreachable.to_string()),
            facts.collect::<Vec<_>>().join("; "),
            String::new(),
        ]
    }
}

impl Reporter for CsvReport<'_> {
    fn begin(&mut self, _: &RunInfo) -> io::Result<()> {
        self.row(&COLUMNS)
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        for occurrence in shown(finding) {
            let row = self.place(finding, occurrence);
            self.row(&row)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        for Unread { origin, reason, path } in &summary.unread {
            let object = origin.object().unwrap_or_default();
            self.row(&other("unread", origin.kind(), object, path, &reason.to_string()))?;
        }
        let outcome = match (summary.complete(), summary.interrupted) {
            (true, _) => "complete",
            (false, false) => "INCOMPLETE",
            (false, true) => "INCOMPLETE: interrupted",
        };
        self.row(&other("summary", "", "", &Text::default(), outcome))?;
        self.out.flush()
    }
}

/// A row of something that is no finding.
fn other(what: &str, origin: &str, object: &str, path: &Text, reason: &str) -> Row {
    let mut row = Row::default();
    let last = row.len() - 1;
    for (at, cell) in [(0, what), (9, origin), (10, object), (11, path.as_str()), (last, reason)] {
        cell.clone_into(&mut row[at]);
    }
    row
}

/// A cell in quotes, always: nothing in it is a separator. An apostrophe before what could be a formula makes it text.
fn quoted(cell: &str) -> String {
    let guard = if cell.trim_start().starts_with(FORMULA) || cell.starts_with(FORMULA) { "'" } else { "" };
    format!("\"{guard}{}\"", Escaped(cell).to_string().replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_early() {
        for (cell, written) in [
            ("plain", "\"plain\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\\t=1\""),
            (" =1", "\"' =1\""),
            ("\u{ff1d}1", "\"'\u{ff1d}1\""),
            ("a\r\nb", "\"a\\r\\nb\""),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
