//! GitLab's secret detection report, schema 15.2.4:
//! <https://gitlab.com/gitlab-org/security-products/security-report-schemas>. GitLab rejects a report that breaks the schema
//! that it declares. The schema asks for the times of the run, so that this report differs from run to run.

mod vulnerability;

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Reporter, json as json_text, place};
use crate::model::{Escaped, Finding, Moment, RunInfo, Summary};
use crate::rules::{Rule, RuleSet, SUPPRESSION_ADDED};

/// The version of the schema.
const VERSION: &str = "15.2.4";
const SCHEMA: &str = "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v15.2.4/dist/\
                      secret-detection-report-format.json";
/// Where people learn of this program.
const HOME: &str = "https://github.com/keysieve/keysieve";

/// Writes GitLab's report. Findings are kept as JSON text until the end, since the run is described before them.
pub(super) struct GitlabReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    began: Moment,
    info: RunInfo,
    vulnerabilities: Vec<u8>,
}

impl<'a> GitlabReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet, began: Moment) -> Self {
        Self { out, rules, began, info: RunInfo::default(), vulnerabilities: Vec::new() }
    }

    fn scan(&self, summary: &Summary) -> Value {
        let tool = json!({
            "id": env!("CARGO_PKG_NAME"),
            "name": env!("CARGO_PKG_NAME"),
            "url": HOME,
            "vendor": { "name": env!("CARGO_PKG_NAME") },
            "version": env!("CARGO_PKG_VERSION"),
        });
        json!({
            "analyzer": &tool,
            "scanner": &tool,
            "type": "secret_detection",
            "start_time": time(self.began),
            "end_time": time(after(self.began, summary.elapsed)),
            "status": if summary.complete() { "success" } else { "failure" },
            "messages": messages(summary),
            "primary_identifiers": self.identifiers(),
        })
    }

    /// Every rule that was looked for: GitLab resolves what was found by a rule that is no more.
    fn identifiers(&self) -> Vec<Identifier<'_>> {
        let rules = self.rules.rules().iter().chain([&SUPPRESSION_ADDED]);
        let mut ids: Vec<&str> = rules.map(|rule: &Rule| &*rule.id).collect();
        ids.sort_unstable();
        ids.into_iter().map(Identifier::of_rule).collect()
    }
}

impl Reporter for GitlabReport<'_> {
    fn begin(&mut self, info: &RunInfo) -> io::Result<()> {
        self.info = info.clone();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(vulnerability) = vulnerability::vulnerability(finding, self.rules, &self.info) else { return Ok(()) };
        if !self.vulnerabilities.is_empty() {
            self.vulnerabilities.push(b',');
        }
        json_text::write(&mut self.vulnerabilities, &vulnerability)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let scan = json_text::to_bytes(&self.scan(summary))?;
        write!(self.out, r#"{{"schema":"{SCHEMA}","version":"{VERSION}","scan":"#)?;
        self.out.write_all(&scan)?;
        self.out.write_all(br#","vulnerabilities":["#)?;
        self.out.write_all(&self.vulnerabilities)?;
        self.out.write_all(b"]}\n")?;
        self.out.flush()
    }
}

/// What names a kind of vulnerability; the first one of a finding is its rule.
#[derive(Serialize)]
struct Identifier<'a> {
    r#type: &'static str,
    name: String,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'static str>,
}

impl<'a> Identifier<'a> {
    fn of_rule(id: &'a str) -> Self {
        Self { r#type: "keysieve_rule_id", name: format!("keysieve rule {id}"), value: id, url: None }
    }

    /// Use of hard-coded credentials.
    fn weakness() -> Self {
        let url = Some("https://cwe.mitre.org/data/definitions/798.html");
        Self { r#type: "cwe", name: "CWE-798".to_owned(), value: "798", url }
    }
}

/// What GitLab shows of a run that did not see everything.
fn messages(summary: &Summary) -> Vec<Value> {
    let unread = summary.unread.iter().map(|unread| {
        let document = place::document(&unread.origin, &unread.path, str::to_owned);
        json!({ "level": "warn", "value": format!("{document} was not read: {}", Escaped(&unread.reason.to_string())) })
    });
    let interrupted = json!({ "level": "warn", "value": "The run was interrupted: not everything was looked at." });
    unread.chain(summary.interrupted.then_some(interrupted)).collect()
}

fn after(moment: Moment, elapsed: Duration) -> Moment {
    moment.plus(elapsed.as_secs())
}

/// In UTC, and without saying so: `2026-01-31T23:59:59`.
fn time(moment: Moment) -> String {
    moment.to_string().trim_end_matches('Z').to_owned()
}
