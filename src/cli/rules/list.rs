//! `keysieve rules list`: a line a rule, for people or as JSON.

use std::io::{self, Write};

use anyhow::Result;
use keysieve::rules::{Rule, RuleSet};
use serde_json::json;

use crate::cli::{ExitStatus, output};

/// Prints the rules, sorted by id.
pub(crate) fn run(rules: &RuleSet, json: bool) -> Result<ExitStatus> {
    let mut sorted: Vec<&Rule> = rules.rules().iter().collect();
    sorted.sort_by(|a, b| a.id.cmp(&b.id));
    output::print(|out| if json { as_json(&sorted, out) } else { as_table(&sorted, out) })
}

fn as_table(rules: &[&Rule], out: &mut dyn Write) -> io::Result<()> {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    rules.iter().try_for_each(|rule| {
        let Rule { id, severity, confidence, description, .. } = rule;
        writeln!(out, "{id:<width$}  {severity:<8}  {:<8}  {description}", confidence.spoken())
    })
}

fn as_json(rules: &[&Rule], out: &mut dyn Write) -> io::Result<()> {
    rules.iter().try_for_each(|rule| {
        let object = json!({
            "id": rule.id,
            "description": rule.description,
            "severity": rule.severity.as_str(),
            "confidence": rule.confidence.as_str(),
            "tags": rule.tags,
            "references": rule.references,
        });
        writeln!(out, "{object}")
    })
}
