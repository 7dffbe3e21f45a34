//! Rules as SARIF describes them. All rules that were looked for are listed, not only those that found something, so
//! that the list does not change with the code that is scanned.

use std::collections::BTreeMap;

use serde_json::json;
use serde_sarif::sarif;

use super::{HOME, bag, int, message::literal, multiformat, uri};
use crate::model::{Confidence, Severity};
use crate::report::{remedy, shortened};
use crate::rules::{Rule, RuleSet, SUPPRESSION_ADDED};

/// Longest description that GitHub takes, in characters.
const LONGEST_DESCRIPTION: usize = 1024;
/// Longest name that GitHub takes, in characters.
const LONGEST_NAME: usize = 255;
/// Most tags of a rule that GitHub takes.
const MOST_TAGS: usize = 20;
/// GitHub's way to name a weakness: use of hard-coded credentials.
const WEAKNESS: &str = "external/cwe/cwe-798";
/// The rules of a run, sorted by id.
pub(super) struct Rules<'a> {
    rules: Vec<&'a Rule>,
    index: BTreeMap<&'a str, usize>,
}

impl<'a> Rules<'a> {
    pub(super) fn new(set: &'a RuleSet) -> Self {
        let mut rules: Vec<&Rule> = set.rules().iter().chain([&SUPPRESSION_ADDED]).collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let index = rules.iter().enumerate().map(|(index, rule)| (&*rule.id, index)).collect();
        Self { rules, index }
    }

    /// Index of the rule with this id among the descriptors.
    pub(super) fn index(&self, id: &str) -> Option<i64> {
        self.index.get(id).map(|&index| int(index))
    }

    /// What the rule with this id finds, in a person's words.
    pub(super) fn description<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.index.get(id).map_or(id, |&index| title(self.rules[index]))
    }

    /// The descriptors, in the order of their indices.
    pub(super) fn descriptors(&self) -> Vec<sarif::ReportingDescriptor> {
        self.rules.iter().map(|rule| descriptor(rule)).collect()
    }
}

/// GitHub's and SARIF's three levels.
pub(super) fn level(severity: Severity) -> sarif::ResultLevel {
    match severity {
        Severity::Critical | Severity::High => sarif::ResultLevel::Error,
        Severity::Medium => sarif::ResultLevel::Warning,
        Severity::Low | Severity::Info => sarif::ResultLevel::Note,
    }
}

fn descriptor(rule: &Rule) -> sarif::ReportingDescriptor {
    sarif::ReportingDescriptor::builder()
        .id(&*rule.id)
        .name(name(&rule.id))
        .short_description(multiformat(&shortened(&format!("{}.", literal(title(rule))), LONGEST_DESCRIPTION)))
        .full_description(multiformat(&shortened(&full_description(rule), LONGEST_DESCRIPTION)))
        .help(sarif::MultiformatMessageString::builder().text(help(rule)).markdown(help_markdown(rule)).build())
        .help_uri(help_uri(rule))
        .default_configuration(sarif::ReportingConfiguration::builder().level(json!(level(rule.severity))).build())
        .properties(properties(rule))
        .build()
}

fn title(rule: &Rule) -> &str {
    if rule.description.is_empty() { &rule.id } else { &rule.description }
}

fn full_description(rule: &Rule) -> String {
    let unlocks = match rule.severity {
        Severity::Critical => "direct control of an account or of an identity store",
        Severity::High => "reading or writing of data, or spending of money, with no second factor",
        Severity::Medium => "something of limited scope or duration, or worthless without a second part",
        Severity::Low => "little, since it is mostly an identifier or public by design",
        Severity::Info => "nothing by itself, since it is mere context",
    };
    format!("{} in plain sight. What it unlocks: {unlocks}.", literal(title(rule)))
}

fn help(rule: &Rule) -> String {
    let references = rule.references.iter().map(|reference| format!("\n{reference}"));
    format!("{}.\n\n{}\n{}", title(rule), remedy::all(Some(rule)), references.collect::<String>()).trim_end().to_owned()
}

fn help_markdown(rule: &Rule) -> String {
    let mut markdown = format!("**{}**\n\n{}", title(rule), remedy::all(Some(rule)));
    if !rule.references.is_empty() {
        markdown.push_str("\n\nReferences:\n");
        markdown.extend(rule.references.iter().map(|reference| format!("\n- <{reference}>")));
    }
    markdown
}

fn help_uri(rule: &Rule) -> &str {
    rule.references.iter().map(|reference| &**reference).find(|reference| uri::is_absolute(reference)).unwrap_or(HOME)
}

fn properties(rule: &Rule) -> sarif::PropertyBag {
    let precision = match rule.confidence {
        Confidence::High => "very-high",
        Confidence::Medium => "high",
        Confidence::Low => "medium",
    };
    // GitHub: over 9.0 critical, from 7.0 high, from 4.0 medium, below low.
    let score = match rule.severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.5",
    };
    let entries = [("precision", json!(precision)), ("security-severity", json!(score))];
    let mut properties = bag(entries.map(|(key, value)| (key.to_owned(), value)).into());
    properties.tags = Some(tags(rule));
    properties
}

fn tags(rule: &Rule) -> Vec<String> {
    let mut tags = vec!["security".to_owned(), WEAKNESS.to_owned()];
    for tag in rule.tags.iter() {
        if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_string());
        }
    }
    tags.truncate(MOST_TAGS);
    tags
}

/// A name that is not the id in another case: a reader that shows both would say the same twice.
fn name(id: &str) -> String {
    let name = pascal_case(id);
    let name = if name.eq_ignore_ascii_case(id) { format!("{name}Found") } else { name };
    shortened(&name, LONGEST_NAME)
}

/// `aws-access-key-id` as `AwsAccessKeyId`.
fn pascal_case(id: &str) -> String {
    let words = id.split(|char: char| !char.is_alphanumeric());
    words
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_pascal_case() {
        assert_eq!(name("aws-access-key-id"), "AwsAccessKeyId");
        assert_eq!(name("a--b_2c"), "AB2c");
        assert_eq!(name("token"), "TokenFound");
    }
}
