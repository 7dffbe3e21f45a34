//! The XML of `JUnit`, as Jenkins, GitLab, Azure Pipelines and `CircleCI` read it: a failed test for each finding that fails the run,
//! a passed one for each other, and one that tells whether everything was read, so that no report is without a test.
//! <https://github.com/testmoapp/junitxml> describes what readers agree on.

use std::fmt::{self, Display};
use std::io::{self, Write};

use super::{Reporter, description, place, remedy, rule, shown, sureness};
use crate::model::{Escaped, Finding, Occurrence, RunInfo, Summary};
use crate::rules::RuleSet;

/// The test that passes if everything that was asked for was looked at.
const COMPLETE: &str = "everything was looked at";

/// Writes the XML of `JUnit`.
pub(super) struct JunitReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    mode: String,
    cases: String,
    tests: usize,
    failures: usize,
}

impl<'a> JunitReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet) -> Self {
        Self { out, rules, mode: String::new(), cases: String::new(), tests: 0, failures: 0 }
    }

    fn case(&mut self, finding: &Finding, first: &Occurrence) -> String {
        let where_it_is = place::place_from_root(first);
        let what = description(self.rules, &finding.rule);
        let document = place::document(&first.origin, &first.path, str::to_owned);
        let (sure, severity) = (sureness(finding), finding.severity);
        let others = shown(finding).skip(1).map(|other| format!("\nalso: {}", place::place_from_root(other)));
        let text = format!(
            "{where_it_is}: {} ({severity}, {sure}) {}{}\n\n{}",
            finding.rule,
            finding.shown,
            others.collect::<String>(),
            remedy::all(rule(self.rules, &finding.rule)),
        );
        let head = format!(
            r#"    <testcase classname="{}" name="{}" time="0">"#,
            Xml(&document),
            Xml(&format!("{} at {where_it_is}", finding.rule))
        );
        if !finding.fails {
            return format!("{head}\n      <system-out>{}</system-out>\n    </testcase>\n", Lines(&text));
        }
        let message = format!("{what} {} ({severity}, {sure})", finding.shown);
        format!(
            "{head}\n      <failure type=\"{severity}\" message=\"{}\">{}</failure>\n    </testcase>\n",
            Xml(&message),
            Lines(&text)
        )
    }
}

impl Reporter for JunitReport<'_> {
    fn begin(&mut self, info: &RunInfo) -> io::Result<()> {
        self.mode = info.mode.to_string();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(first) = shown(finding).next() else { return Ok(()) };
        let case = self.case(finding, first);
        self.cases += &case;
        self.tests += 1;
        self.failures += usize::from(finding.fails);
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let Self { out, mode, cases, tests, failures, .. } = self;
        let counts = format!(
            r#"tests="{}" failures="{failures}" errors="{}" skipped="0" time="0""#,
            *tests + 1,
            usize::from(!summary.complete())
        );
        writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        writeln!(out, r#"<testsuites name="keysieve" {counts}>"#)?;
        writeln!(out, r#"  <testsuite name="keysieve {}" {counts}>"#, Xml(mode))?;
        out.write_all(cases.as_bytes())?;
        out.write_all(completeness(summary).as_bytes())?;
        writeln!(out, "  </testsuite>\n</testsuites>")?;
        out.flush()
    }
}

fn completeness(summary: &Summary) -> String {
    let head = format!(r#"    <testcase classname="keysieve" name="{COMPLETE}" time="0""#);
    if summary.complete() {
        return format!("{head}/>\n");
    }
    let unread = summary.unread.iter().map(|unread| {
        format!("{}: not read: {}\n", place::document(&unread.origin, &unread.path, str::to_owned), unread.reason)
    });
    let interrupted = if summary.interrupted { "interrupted: not everything was looked at\n" } else { "" };
    let text = format!("{}{interrupted}", unread.collect::<String>());
    format!(
        "{head}>\n      <error type=\"incomplete\" message=\"INCOMPLETE\">{}</error>\n    </testcase>\n",
        Lines(&text)
    )
}

/// Text in an attribute or between tags: nothing in it is markup, or a character that XML 1.0 does not have.
struct Xml<'a>(&'a str);

impl Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Escaped(self.0).to_string().chars().try_for_each(|char| match char {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => write!(f, "\\u{{{:x}}}", u32::from(char)),
            char => write!(f, "{char}"),
        })
    }
}

/// The same with its line ends.
struct Lines<'a>(&'a str);

impl Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, line) in self.0.split('\n').enumerate() {
            let end = if nth > 0 { "\n" } else { "" };
            write!(f, "{end}{}", Xml(line))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        let hostile = "]]>\"'<&\u{0}\u{1b}\u{fffe}\n\u{1f511}";
        assert_eq!(Xml(hostile).to_string(), "]]&gt;&quot;&apos;&lt;&amp;\\x00\\x1b\\u{fffe}\\n\u{1f511}");
        assert_eq!(Lines("a\n<b>").to_string(), "a\n&lt;b&gt;");
    }
}
