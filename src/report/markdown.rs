//! Markdown: the outcome, a table of what was found with the worst first, what was not read, and what to do. It is what
//! GitHub takes for a job summary, at most 1 MiB for a step, and serves as a comment or a page of a wiki as well.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::io::{self, Write};

use super::{Reporter, description, place, remedy, rule, shown, summary, sureness};
use crate::model::{Escaped, Finding, RunInfo, Severity, Summary};
use crate::rules::RuleSet;

/// Bytes that the rows of both tables may take together, so that the whole stays well below GitHub's 1 MiB.
const ROOM: usize = 800_000;

/// Writes Markdown.
pub(super) struct MarkdownReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    mode: String,
    rows: Vec<(bool, Severity, String)>,
    /// How often each rule found something.
    found: BTreeMap<String, usize>,
}

impl<'a> MarkdownReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet) -> Self {
        Self { out, rules, mode: String::new(), rows: Vec::new(), found: BTreeMap::new() }
    }

    fn row(&self, finding: &Finding, places: &str) -> String {
        let fails = if finding.fails { "yes" } else { "no" };
        let what = description(self.rules, &finding.rule);
        format!(
            "| {} | {} | {places} | {} | {} | {fails} |\n",
            finding.severity,
            Plain(what),
            Plain(finding.shown.as_str()),
            Plain(&sureness(finding)),
        )
    }

    fn write(&mut self, summary: &Summary) -> io::Result<()> {
        let complete = if summary.complete() { "complete" } else { "**INCOMPLETE**" };
        writeln!(self.out, "## keysieve: {}\n", summary::found(summary))?;
        let failing = summary.failing;
        let fail = if failing == 1 { "fails" } else { "fail" };
        writeln!(self.out, "{failing} {fail} the run. Mode: {}. The run was {complete}.\n", Plain(&self.mode))?;
        let room = self.write_findings(ROOM)?;
        self.write_unread(summary, room)?;
        self.write_remedies()?;
        self.out.flush()
    }

    /// Gives back how much room is left.
    fn write_findings(&mut self, mut room: usize) -> io::Result<usize> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(room);
        }
        writeln!(self.out, "| Severity | What | Where | Secret | Sure | Fails |\n|---|---|---|---|---|---|")?;
        let mut left_out = 0;
        for (_, _, row) in &rows {
            if left_out > 0 || row.len() > room {
                left_out += 1;
                continue;
            }
            room -= row.len();
            self.out.write_all(row.as_bytes())?;
        }
        if left_out > 0 {
            writeln!(self.out, "\nAnd {left_out} more.")?;
        }
        writeln!(self.out)?;
        Ok(room)
    }

    fn write_unread(&mut self, summary: &Summary, mut room: usize) -> io::Result<()> {
        if summary.interrupted {
            writeln!(self.out, "The run was interrupted: not everything was looked at.\n")?;
        }
        if summary.unread.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "### Not read\n\n| What | Why |\n|---|---|")?;
        for (nth, unread) in summary.unread.iter().enumerate() {
            let document = place::document(&unread.origin, &unread.path, str::to_owned);
            let row = format!("| {} | {} |\n", Plain(&document), Plain(&unread.reason.to_string()));
            if row.len() > room {
                writeln!(self.out, "\nAnd {} more.", summary.unread.len() - nth)?;
                break;
            }
            room -= row.len();
            self.out.write_all(row.as_bytes())?;
        }
        writeln!(self.out)
    }

    /// Remedies are the rules' own Markdown.
    fn write_remedies(&mut self) -> io::Result<()> {
        if self.found.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "### What to do\n")?;
        for (id, count) in &self.found {
            let rule = rule(self.rules, id);
            let what = description(self.rules, id);
            writeln!(self.out, "<details><summary>{} ({count})</summary>\n", Plain(what))?;
            writeln!(self.out, "{}\n", remedy::all(rule))?;
            for reference in rule.iter().flat_map(|rule| rule.references.iter()) {
                writeln!(self.out, "- <{reference}>")?;
            }
            writeln!(self.out, "\n</details>\n")?;
        }
        Ok(())
    }
}

impl Reporter for MarkdownReport<'_> {
    fn begin(&mut self, info: &RunInfo) -> io::Result<()> {
        self.mode = info.mode.to_string();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(first) = shown(finding).next() else { return Ok(()) };
        let more = match shown(finding).count() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let places = format!("{}{more}", Plain(&place::place_from_root(first)));
        let row = self.row(finding, &places);
        self.rows.push((finding.fails, finding.severity, row));
        *self.found.entry(finding.rule.to_string()).or_default() += 1;
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.rows.sort_by_key(|(fails, severity, _)| std::cmp::Reverse((*fails, *severity)));
        self.write(summary)
    }
}

/// Text without markup: every character that could be part of some is a reference, which Markdown takes for the character
/// and nothing more.
struct Plain<'a>(&'a str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = ' ';
        for char in Escaped(self.0).to_string().chars() {
            // A dot would make a link of www.example.org.
            let is_plain = char.is_alphanumeric() || matches!(char, ' ' | '/' | '-') || !char.is_ascii();
            let is_dot = char == '.' && !matches!(last, 'w' | 'W');
            if is_plain || is_dot {
                write!(f, "{char}")?;
            } else {
                write!(f, "&#{};", u32::from(char))?;
            }
            last = char;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        let plain = "a&#124;b&#96;&#60;script&#62;&#95;x&#95; &#91;l&#93;&#40;u&#41; www&#46;a.b";
        assert_eq!(Plain("a|b`<script>_x_ [l](u) www.a.b").to_string(), plain);
        assert_eq!(Plain("src/a-b.rs").to_string(), "src/a-b.rs");
    }
}
