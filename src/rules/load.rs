//! Rule files in, rules out: each rule checked by itself, then all of them against each other. Used by build.rs for
//! patterns/*.toml and at run time for `--rules FILE`. Opens no file: the caller has read it.

use std::collections::BTreeMap;

use toml::Spanned;

use super::check::{self, Standard};
use super::error::{Fault, Faults};
use super::file::{RawRule, Reader, Text, shown};
use super::nearest::did_you_mean;
use super::rule::{Matcher, Rule};

/// A rule file that has been read.
#[derive(Clone, Copy, Debug)]
pub struct RuleFile<'a> {
    /// What errors call it: its path as it was given.
    pub name: &'a str,
    /// Its content.
    pub text: &'a str,
}

/// The rules of `files`, sorted by id. They may refer to `others`, which are there already.
pub(crate) fn load(files: &[RuleFile<'_>], standard: Standard, others: &[Rule]) -> Result<Vec<Rule>, Faults> {
    let mut readers: Vec<Reader<'_>> = files.iter().map(|file| Reader::new(file.name, file.text)).collect();
    let mut written = Vec::new();
    for (file, reader) in readers.iter_mut().enumerate() {
        for (start, raw) in reader.read() {
            match check::check(&raw, start, standard) {
                Ok(rule) => written.push(Written { file, raw, rule }),
                Err(problems) => {
                    problems
                        .into_iter()
                        .for_each(|(at, reason)| reader.error(Some(&shown(raw.id.get_ref())), at, reason));
                }
            }
        }
    }
    // A rule with a fault of its own is not there to refer to, so the faults between rules wait until it is.
    if readers.iter().all(|reader| reader.errors.is_empty()) {
        check_ids(&written, others, &mut readers);
        check_references(&written, others, &mut readers);
    }
    let errors: Vec<Fault> = readers.into_iter().flat_map(Reader::into_errors).collect();
    if !errors.is_empty() {
        return Err(Faults(errors));
    }
    let mut rules: Vec<Rule> = written.into_iter().map(|written| written.rule).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(rules)
}

/// A rule that is right in itself, as it is written and as it is used.
struct Written {
    file: usize,
    raw: RawRule,
    rule: Rule,
}

impl Written {
    fn error(&self, readers: &mut [Reader<'_>], at: &Text, reason: String) {
        readers[self.file].error(Some(&self.rule.id), at.span().start, reason);
    }
}

/// Each id names one rule, over all files and the rules that are there already.
fn check_ids(written: &[Written], others: &[Rule], readers: &mut [Reader<'_>]) {
    let mut taken: BTreeMap<&str, String> =
        others.iter().map(|rule| (rule.id.as_ref(), "a built-in rule".to_owned())).collect();
    for rule in written {
        let id = &rule.raw.id;
        let place = readers[rule.file].place(id.span().start);
        match taken.get(id.get_ref().as_str()) {
            Some(by) => rule.error(readers, id, format!("the id is taken by {by}: choose another")),
            None => {
                taken.insert(id.get_ref(), format!("the rule at {place}"));
            }
        }
    }
}

/// Every rule that another one names is there, and has matches of its own to stand beside.
fn check_references(written: &[Written], others: &[Rule], readers: &mut [Reader<'_>]) {
    let rules: Vec<&Rule> = written.iter().map(|written| &written.rule).chain(others).collect();
    for rule in written {
        for (key, name) in references(&rule.raw) {
            if let Some(fault) = reference_fault(name.get_ref(), &rules) {
                rule.error(readers, name, format!("`{key}`: {fault}"));
            }
        }
    }
}

/// The ids of other rules in a rule, and the keys they stand under.
fn references(raw: &RawRule) -> impl Iterator<Item = (&'static str, &Text)> {
    let near = raw.near.iter().map(Spanned::get_ref);
    let pair = raw.pair.iter().map(Spanned::get_ref);
    let rules = near.clone().flat_map(|near| near.rules.get_ref()).map(|name| ("near.rules", name));
    let report_as = near.filter_map(|near| near.report_as.as_ref()).map(|name| ("near.report-as", name));
    let with = pair.flat_map(|pair| pair.with.get_ref()).map(|name| ("pair.with", name));
    rules.chain(report_as).chain(with)
}

fn reference_fault(name: &str, rules: &[&Rule]) -> Option<String> {
    let Some(rule) = rules.iter().find(|rule| rule.id == name) else {
        let hint = did_you_mean(name, rules.iter().map(|rule| rule.id.as_ref()));
        return Some(format!("there is no rule `{}`{hint}", shown(name)));
    };
    if rule.near.is_some() {
        return Some(format!("the rule `{name}` is itself found beside others only"));
    }
    match rule.matcher {
        Matcher::File(_) => Some(format!("the rule `{name}` finds whole files, which have no neighbours")),
        Matcher::Known => Some(format!("the rule `{name}` finds what its user holds, beside which nothing need stand")),
        Matcher::Regex { .. } | Matcher::Structure(_) => None,
    }
}
