//! Annotations of a GitHub workflow, which are commands on standard output:
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>. GitHub shows ten errors, ten warnings
//! and ten notices of a step, so that the outcome comes first and the worst findings next. The rest is in the job summary,
//! which is a report of its own (`markdown.rs`).

use std::fmt::{self, Display};
use std::io::{self, Write};

use super::{Reporter, description, place, remedy, rule, shown, summary, sureness};
use crate::model::{Escaped, Finding, Occurrence, RunInfo, Severity, Summary, Unread};
use crate::rules::RuleSet;

/// What GitHub shows of each level for a step.
const SHOWN: usize = 10;

/// Writes annotations.
pub(super) struct GithubReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    /// The worst of each level.
    errors: Worst,
    warnings: Worst,
    notices: Worst,
}

/// The worst annotations of a level, and how many there are in all.
#[derive(Default)]
struct Worst {
    /// By severity, the worst first; as they came where that is the same.
    kept: Vec<(Severity, String)>,
    all: usize,
}

impl<'a> GithubReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet) -> Self {
        let (errors, warnings, notices) = Default::default();
        Self { out, rules, errors, warnings, notices }
    }

    fn annotation(&self, finding: &Finding, first: &Occurrence) -> String {
        let what = description(self.rules, &finding.rule);
        let title = format!("{what} ({}, {})", finding.severity, finding.confidence.spoken());
        let introduced = finding.introduction.as_ref();
        let commit = introduced.map(|it| format!(", since commit {:.12}", it.commit)).unwrap_or_default();
        let step = remedy::first_step(remedy::all(rule(self.rules, &finding.rule))).unwrap_or_default();
        let (place, sure) = (place::place_from_root(first), sureness(finding));
        let more = match shown(finding).count() {
            0 | 1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let text = format!("{} {} ({sure}) at {place}{more}{commit}. {step}.", finding.rule, finding.shown);
        // What the head has no more would be shown at the wrong line.
        let is_there = introduced.is_none_or(|it| it.in_head);
        let file = place::file(&first.origin, &first.path).filter(|_| is_there);
        format!(
            "{}title={}::{}",
            file.map(|file| position(file, first)).unwrap_or_default(),
            Property(&title),
            Data(&text)
        )
    }

    fn write(&mut self, summary: &Summary) -> io::Result<()> {
        let Self { out, errors, warnings, notices, .. } = self;
        let head = format!("title=keysieve::{}", Data(&outcome(summary)));
        let outcome = match (summary.failing > 0 || !summary.complete(), summary.findings > 0) {
            (true, _) => "error",
            (false, true) => "warning",
            (false, false) => "notice",
        };
        writeln!(out, "::{outcome} {head}")?;
        let mut left_out = 0;
        for (level, worst) in [("error", errors), ("warning", warnings), ("notice", notices)] {
            // The outcome takes one place of its level.
            let room = SHOWN - usize::from(level == outcome);
            for (_, annotation) in worst.kept.iter().take(room) {
                writeln!(out, "::{level} {annotation}")?;
            }
            left_out += worst.all - worst.kept.len().min(room);
        }
        if left_out > 0 {
            writeln!(out, "and {left_out} more, which the job summary lists")?;
        }
        out.flush()
    }
}

impl Worst {
    fn add(&mut self, severity: Severity, annotation: String) {
        self.all += 1;
        let at = self.kept.partition_point(|(known, _)| *known >= severity);
        if at < SHOWN {
            self.kept.insert(at, (severity, annotation));
            self.kept.truncate(SHOWN);
        }
    }
}

impl Reporter for GithubReport<'_> {
    fn begin(&mut self, _: &RunInfo) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(first) = shown(finding).next() else { return Ok(()) };
        let annotation = self.annotation(finding, first);
        let level = match finding.severity {
            _ if finding.fails => &mut self.errors,
            Severity::Critical | Severity::High | Severity::Medium => &mut self.warnings,
            Severity::Low | Severity::Info => &mut self.notices,
        };
        level.add(finding.severity, annotation);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        for Unread { origin, path, reason } in &summary.unread {
            let document = place::document(origin, path, str::to_owned);
            let text = format!("{document} was not read: {reason}");
            let file = place::file(origin, path).map(|file| format!("file={},", Property(file))).unwrap_or_default();
            let title = Property("keysieve: not read");
            self.warnings.add(Severity::Critical, format!("{file}title={title}::{}", Data(&text)));
        }
        self.write(summary)
    }
}

/// What was found and whether that is all, in a sentence without times.
fn outcome(summary: &Summary) -> String {
    let fail = match summary.failing {
        0 => String::new(),
        1 => ", 1 of them fails the run".to_owned(),
        failing => format!(", {failing} of them fail the run"),
    };
    format!("{}{fail}; {}", summary::found(summary), summary::completeness(summary))
}

/// `file=a.c,line=3,endLine=3,col=5,endColumn=9,`: where an annotation is shown.
fn position(file: &str, occurrence: &Occurrence) -> String {
    let file = Property(file);
    match place::line(occurrence) {
        None => format!("file={file},"),
        // Columns are only taken within one line.
        Some(at) if at.start_line < at.end_line => {
            format!("file={file},line={},endLine={},", at.start_line, at.end_line)
        }
        Some(at) => {
            let (line, column, end) = (at.start_line, at.start_column, at.end_column);
            format!("file={file},line={line},endLine={line},col={column},endColumn={end},")
        }
    }
}

/// A value before the `::`.
struct Property<'a>(&'a str);

/// The text after the `::`.
struct Data<'a>(&'a str);

impl Display for Property<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, &[':', ','], f)
    }
}

impl Display for Data<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(self.0, &[], f)
    }
}

/// As `@actions/core` escapes, and what acts on a terminal as everywhere. A line end stays what it is: names have some.
fn escape(text: &str, also: &[char], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    text.chars().try_for_each(|char| match char {
        '%' | '\r' | '\n' => write!(f, "%{:02X}", u32::from(char)),
        char if also.contains(&char) => write!(f, "%{:02X}", u32::from(char)),
        char => write!(f, "{}", Escaped(char.encode_utf8(&mut [0; 4]))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_ends_a_property_or_a_command() {
        let hostile = "a%b\r\n::error::,c:d\u{1b}";
        assert_eq!(Property(hostile).to_string(), "a%25b%0D%0A%3A%3Aerror%3A%3A%2Cc%3Ad\\x1b");
        assert_eq!(Data(hostile).to_string(), "a%25b%0D%0A::error::,c:d\\x1b");
    }

    #[test]
    fn the_worst_are_kept_in_order() {
        let mut worst = Worst::default();
        for nth in 0..100 {
            let severity = if nth % 10 == 9 { Severity::Critical } else { Severity::Low };
            worst.add(severity, nth.to_string());
        }
        worst.add(Severity::High, "high".to_owned());
        let kept: Vec<&str> = worst.kept.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(kept, ["9", "19", "29", "39", "49", "59", "69", "79", "89", "99"]);
        assert_eq!(worst.all, 101);
    }
}
