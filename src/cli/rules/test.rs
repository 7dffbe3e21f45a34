//! `keysieve rules test`: the rules against their own examples, or against a text. Nothing found is shown in clear.

use std::io::{self, Read, Write};

use anyhow::{Context, Result};
use keysieve::engine::{Match, Options, Scanner};
use keysieve::model::{Escaped, KindSet, Text};
use keysieve::rules::{Matcher, Rule, RuleSet};

use crate::cli::console::Console;
use crate::cli::exit::FINDINGS;
use crate::cli::{ExitStatus, output};

/// The text that means standard input.
const STANDARD_INPUT: &str = "-";

/// Tests `chosen` on their examples, or on a text. Examples are tried with `all` rules at work: some rules need a
/// neighbour, and one rule must not take another's example.
pub(crate) fn run(all: &RuleSet, chosen: &RuleSet, text: Option<&str>, console: &Console) -> Result<ExitStatus> {
    match text {
        None => on_examples(all, chosen, console),
        Some(STANDARD_INPUT) => {
            let mut text = Vec::new();
            io::stdin().read_to_end(&mut text).context("reading the text from standard input")?;
            on_text(chosen, &text, console)
        }
        Some(text) => on_text(chosen, text.as_bytes(), console),
    }
}

fn on_examples(all: &RuleSet, chosen: &RuleSet, console: &Console) -> Result<ExitStatus> {
    let trial = Trial { scanner: Scanner::new(all.clone(), Options::default()) };
    let failures: Vec<String> = chosen.rules().iter().flat_map(|rule| trial.failures(rule)).collect();
    output::print(|out| failures.iter().try_for_each(|failure| writeln!(out, "{failure}")))?;
    let count = |texts: fn(&Rule) -> usize| chosen.rules().iter().map(texts).sum::<usize>();
    let (examples, counterexamples) = (count(|rule| rule.examples.len()), count(|rule| rule.counterexamples.len()));
    console.plain(&format!(
        "{} rules, {examples} examples, {counterexamples} counterexamples | {} failed",
        chosen.rules().len(),
        failures.len()
    ));
    Ok(if failures.is_empty() { ExitStatus::Success } else { ExitStatus::Findings(FINDINGS) })
}

/// Runs the examples of rules.
struct Trial {
    scanner: Scanner,
}

impl Trial {
    /// A line for each example that does not match and each counterexample that does.
    fn failures(&self, rule: &Rule) -> Vec<String> {
        let examples = rule.examples.iter().map(|text| (text, true));
        let counterexamples = rule.counterexamples.iter().map(|text| (text, false));
        examples
            .chain(counterexamples)
            .filter_map(|(text, wanted)| {
                let found = self.rules_that_match(rule, text);
                let matched = found.contains(&reported_id(rule));
                (matched != wanted).then(|| format!("{}: {}", rule.id, self.describe(text, wanted, &found)))
            })
            .collect()
    }

    fn rules_that_match<'a>(&'a self, rule: &'a Rule, text: &str) -> Vec<&'a str> {
        if let Matcher::File(file) = &rule.matcher {
            return if file.matches_name(text.as_bytes()) { vec![rule.id.as_ref()] } else { Vec::new() };
        }
        let scanned = self.scanner.scan(&mut self.scanner.scratch(), text.as_bytes(), KindSet::ALL);
        scanned.matches.iter().map(|found| self.scanner.rules().rules()[found.rule].id.as_ref()).collect()
    }

    fn describe(&self, text: &str, wanted: bool, found: &[&str]) -> String {
        let shown = Escaped(Text::new(text.trim_end().as_bytes(), &self.scanner).as_str()).to_string();
        match found {
            _ if !wanted => format!("a counterexample matches: {shown}"),
            [] => format!("an example does not match: {shown}"),
            others => format!("an example is found by {} instead: {shown}", others.join(", ")),
        }
    }
}

/// The id under which a match of `rule` is found.
fn reported_id(rule: &Rule) -> &str {
    rule.near.as_ref().map(|near| near.report_as.as_ref()).filter(|id| !id.is_empty()).unwrap_or(&rule.id)
}

fn on_text(rules: &RuleSet, text: &[u8], console: &Console) -> Result<ExitStatus> {
    let scanner = Scanner::new(rules.clone(), Options::default());
    let scanned = scanner.scan(&mut scanner.scratch(), text, KindSet::ALL);
    output::print(|out| scanned.matches.iter().try_for_each(|found| print_match(found, rules, out)))?;
    if scanned.matches.is_empty() {
        console.plain(&format!("none of {} rules matches", rules.rules().len()));
        return Ok(ExitStatus::Findings(FINDINGS));
    }
    Ok(ExitStatus::Success)
}

fn print_match(found: &Match, rules: &RuleSet, out: &mut dyn Write) -> io::Result<()> {
    let rule = &rules.rules()[found.rule];
    let suppressed = if found.suppressed.is_some() { ", suppressed" } else { "" };
    let (severity, confidence, why) = (found.severity, found.confidence.spoken(), found.why);
    writeln!(out, "{} ({severity}, {confidence}: {why}{suppressed}) {}", rule.id, found.secret)
}
