//! The JSON of gitleaks 8, for what imports that already: `DefectDojo`, dashboards, scripts. A list with one object for each
//! place. The secret is masked; the format has no word for what was not read, nor for severity and confidence, which are
//! tags here.

use std::io::{self, Write};

use serde::Serialize;

use super::{Reporter, description, json, place, rule, shown};
use crate::model::{Finding, Occurrence, RunInfo, Summary};
use crate::rules::RuleSet;

/// Writes gitleaks' JSON.
pub(super) struct GitleaksReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    is_first: bool,
}

/// The fields that gitleaks 8.30 writes, in its order, except for the entropy of the secret, which is not told.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Leak<'a> {
    #[serde(rename = "RuleID")]
    rule_id: &'a str,
    description: &'a str,
    start_line: usize,
    end_line: usize,
    start_column: usize,
    end_column: usize,
    #[serde(rename = "Match")]
    matched: &'a str,
    secret: &'a str,
    file: &'a str,
    symlink_file: &'a str,
    commit: &'a str,
    entropy: f32,
    author: &'a str,
    email: &'a str,
    date: String,
    message: &'a str,
    tags: Vec<&'a str>,
    fingerprint: String,
}

impl<'a> GitleaksReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet) -> Self {
        Self { out, rules, is_first: true }
    }

    fn leak<'f>(&'f self, finding: &'f Finding, occurrence: &'f Occurrence) -> Leak<'f> {
        let location = place::line(occurrence);
        let introduction = finding.introduction.as_ref();
        let commit = introduction
            .map_or(occurrence.origin.object().filter(|_| is_commit(occurrence)), |it| Some(it.commit.as_str()));
        let (file, line) = (occurrence.path.as_str(), location.map_or(1, |at| at.start_line));
        let commit = commit.unwrap_or_default();
        let place = format!("{file}:{}:{line}", finding.rule);
        let rule_tags = rule(self.rules, &finding.rule).into_iter().flat_map(|rule| rule.tags.iter().map(|tag| &**tag));
        Leak {
            rule_id: &finding.rule,
            description: description(self.rules, &finding.rule),
            start_line: line,
            end_line: location.map_or(1, |at| at.end_line),
            start_column: location.map_or(1, |at| at.start_column),
            // gitleaks counts the last character, not the one after it.
            end_column: location.map_or(1, |at| at.end_column.saturating_sub(1).max(1)),
            matched: location.map_or(finding.shown.as_str(), |at| at.snippet.as_str()),
            secret: finding.shown.as_str(),
            file,
            symlink_file: "",
            commit,
            entropy: 0.0,
            author: introduction.map_or("", |it| it.author.as_str()),
            email: "",
            date: introduction.map(|it| format!("{}T00:00:00Z", it.date)).unwrap_or_default(),
            message: introduction.map_or("", |it| it.summary.as_str()),
            tags: rule_tags.chain([finding.severity.as_str(), finding.confidence.spoken()]).collect(),
            fingerprint: if commit.is_empty() { place } else { format!("{commit}:{place}") },
        }
    }
}

fn is_commit(occurrence: &Occurrence) -> bool {
    occurrence.origin.kind() == "commit"
}

impl Reporter for GitleaksReport<'_> {
    fn begin(&mut self, _: &RunInfo) -> io::Result<()> {
        self.out.write_all(b"[")
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        for occurrence in shown(finding) {
            let leak = json::to_bytes(&self.leak(finding, occurrence))?;
            let separator: &[u8] = if std::mem::take(&mut self.is_first) { b"\n " } else { b",\n " };
            self.out.write_all(separator)?;
            self.out.write_all(&leak)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.out.write_all(if self.is_first { b"]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}
