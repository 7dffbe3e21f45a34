//! AWS Security Hub's finding format, in batches that `BatchImportFindings` takes: a line for each, of at most 100 findings and
//! 6 MB, each a JSON list. <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html> and
//! `.../userguide/securityhub-findings-format.html`. Security Hub wants to know when, so that this report differs from run to
//! run. Account and region are those that the caller names: nothing is asked of the machine that this runs on.

mod resource;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::{Options, Reporter, description, json as json_text, place, remedy, rule, shortened, shown, sureness};
use crate::model::{Confidence, Escaped, Finding, Moment, Occurrence, RunInfo, Severity, Summary};
use crate::rules::RuleSet;

/// Findings that a call takes.
const MOST_FINDINGS: usize = 100;
/// Bytes that a call takes, with room for what is around the findings.
const MOST_BYTES: usize = 6_000_000 - 1000;
/// Longest title, in characters.
const LONGEST_TITLE: usize = 256;
/// Longest description, in characters.
const LONGEST_DESCRIPTION: usize = 1024;
/// Longest recommendation, in characters.
const LONGEST_RECOMMENDATION: usize = 512;
/// Longest value among `ProductFields`; it keeps a finding below 240 KB, whatever its characters are written as.
const LONGEST_FIELD: usize = 1024;
/// A type of AWS's taxonomy.
const KIND: &str = "Sensitive Data Identifications/Passwords";

/// To whom findings are handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsffTarget {
    /// The AWS account: 12 digits.
    pub account: String,
    /// Its region: `eu-central-1`.
    pub region: String,
    /// Its partition: `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
}

/// Writes batches of findings.
pub(super) struct AsffReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    target: Option<AsffTarget>,
    now: Moment,
    info: RunInfo,
    /// The batch that is being put together, and how many findings are in it.
    batch: Vec<u8>,
    findings: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Asff<'a> {
    schema_version: &'static str,
    id: String,
    product_arn: String,
    product_name: &'static str,
    company_name: &'static str,
    generator_id: String,
    aws_account_id: &'a str,
    types: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    first_observed_at: Option<String>,
    created_at: String,
    updated_at: String,
    severity: Value,
    confidence: u8,
    title: String,
    description: String,
    remediation: Value,
    product_fields: BTreeMap<String, String>,
    resources: Vec<Value>,
    record_state: &'static str,
}

impl<'a> AsffReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet, options: &Options) -> Self {
        let (target, now) = (options.asff.clone(), options.began);
        Self { out, rules, target, now, info: RunInfo::default(), batch: Vec::new(), findings: 0 }
    }

    fn target(&self) -> io::Result<&AsffTarget> {
        let missing = || io::Error::new(io::ErrorKind::InvalidInput, "no AWS account and region were given for ASFF");
        self.target.as_ref().ok_or_else(missing)
    }

    fn asff<'t>(&self, target: &'t AsffTarget, finding: &Finding, first: &Occurrence) -> Asff<'t> {
        let rule = rule(self.rules, &finding.rule);
        let what = description(self.rules, &finding.rule);
        let (place, sure) = (place::place_from_root(first), sureness(finding));
        let description = format!("{what} {} ({sure}) at {place}.", Escaped(finding.shown.as_str()));
        let date = finding.introduction.as_ref().map(|it| it.date.as_str()).filter(|date| !date.is_empty());
        Asff {
            types: [KIND],
            first_observed_at: date.map(|date| format!("{date}T00:00:00Z")),
            severity: json!({ "Label": label(finding.severity), "Original": finding.severity.as_str() }),
            confidence: match finding.confidence {
                Confidence::High => 90,
                Confidence::Medium => 60,
                Confidence::Low => 30,
            },
            title: shortened(&format!("{what} in plain sight"), LONGEST_TITLE),
            description: shortened(&description, LONGEST_DESCRIPTION),
            remediation: remediation(remedy::all(rule), rule.and_then(|rule| Some(&**rule.references.first()?))),
            product_fields: fields(finding, first),
            resources: resource::resources(finding, first, target, &self.info),
            ..self.frame(target, &finding.fingerprint.to_string(), &finding.rule)
        }
    }

    /// What every finding has; the rest is to be filled in.
    fn frame<'t>(&self, target: &'t AsffTarget, id: &str, generator: &str) -> Asff<'t> {
        let AsffTarget { account, region, partition } = target;
        Asff {
            schema_version: "2018-10-08",
            id: format!("{region}/{account}/keysieve/{id}"),
            product_arn: format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default"),
            product_name: "keysieve",
            company_name: "keysieve",
            generator_id: format!("keysieve/{generator}"),
            aws_account_id: account,
            types: ["Software and Configuration Checks"],
            first_observed_at: None,
            created_at: self.now.to_string(),
            updated_at: self.now.to_string(),
            severity: json!({ "Label": "INFORMATIONAL" }),
            confidence: 100,
            title: String::new(),
            description: String::new(),
            remediation: Value::Null,
            product_fields: BTreeMap::new(),
            resources: Vec::new(),
            record_state: "ACTIVE",
        }
    }

    /// Security Hub has no place for a run that did not see everything but a finding.
    fn incomplete<'t>(&self, target: &'t AsffTarget, summary: &Summary) -> Asff<'t> {
        let reasons = summary.unread.iter().take(10).map(|unread| {
            format!(
                " {}: {}.",
                place::document(&unread.origin, &unread.path, str::to_owned),
                Escaped(&unread.reason.to_string())
            )
        });
        let count = summary.unread.len();
        let interrupted = if summary.interrupted { " It was interrupted." } else { "" };
        let description = format!(
            "{count} parts of what was to be searched were not read.{interrupted}{}",
            reasons.collect::<String>()
        );
        Asff {
            severity: json!({ "Label": "MEDIUM" }),
            title: format!("keysieve ({}): not everything was looked at", self.info.mode),
            description: shortened(&description, LONGEST_DESCRIPTION),
            remediation: remediation("Make readable what could not be read, and search again.", None),
            resources: vec![resource::repository(&self.info, target)],
            ..self.frame(target, &format!("incomplete/{}", self.info.mode), "incomplete")
        }
    }

    fn add(&mut self, finding: &[u8]) -> io::Result<()> {
        if self.findings == MOST_FINDINGS || self.batch.len() + finding.len() > MOST_BYTES {
            self.end_batch()?;
        }
        self.batch.push(if self.findings == 0 { b'[' } else { b',' });
        self.batch.extend_from_slice(finding);
        self.findings += 1;
        Ok(())
    }

    fn end_batch(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.findings) > 0 {
            self.batch.extend_from_slice(b"]\n");
            self.out.write_all(&self.batch)?;
            self.batch.clear();
        }
        Ok(())
    }
}

impl Reporter for AsffReport<'_> {
    fn begin(&mut self, info: &RunInfo) -> io::Result<()> {
        self.info = info.clone();
        self.target().map(drop)
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(first) = shown(finding).next() else { return Ok(()) };
        let json = json_text::to_bytes(&self.asff(self.target()?, finding, first))?;
        self.add(&json)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if !summary.complete() {
            let json = json_text::to_bytes(&self.incomplete(self.target()?, summary))?;
            self.add(&json)?;
        }
        self.end_batch()?;
        self.out.flush()
    }
}

fn label(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "CRITICAL",
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low => "LOW",
        Severity::Info => "INFORMATIONAL",
    }
}

fn remediation(text: &str, url: Option<&str>) -> Value {
    let text = shortened(text, LONGEST_RECOMMENDATION);
    match url {
        Some(url) => json!({ "Recommendation": { "Text": text, "Url": url } }),
        None => json!({ "Recommendation": { "Text": text } }),
    }
}

/// What else is known, under names of our own; no value may be empty.
fn fields(finding: &Finding, first: &Occurrence) -> BTreeMap<String, String> {
    let others = shown(finding).count() - 1;
    let mut fields = vec![
        ("keysieve/fingerprint", finding.fingerprint.to_string()),
        ("keysieve/rule", finding.rule.to_string()),
        ("keysieve/secret", Escaped(finding.shown.as_str()).to_string()),
        ("keysieve/why", finding.why.to_string()),
        ("keysieve/fails", finding.fails.to_string()),
        ("keysieve/origin", first.origin.kind().to_owned()),
        ("keysieve/place", place::place_from_root(first)),
        ("keysieve/other-places", others.to_string()),
    ];
    if let Some(introduction) = &finding.introduction {
        fields.extend([
            ("keysieve/commit", introduction.commit.clone()),
            ("keysieve/commit-summary", Escaped(introduction.summary.as_str()).to_string()),
            ("keysieve/in-head", introduction.in_head.to_string()),
        ]);
    }
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    fields.map(|(key, value)| (key.to_owned(), shortened(&value, LONGEST_FIELD))).collect()
}
