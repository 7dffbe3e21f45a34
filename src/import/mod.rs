//! Settings of other scanners, carried over: rules into a rule file, what is allowed into a piece of `.keysieve.toml`. What
//! cannot be carried over is listed with the reason, and so is what holds a little differently. The input is foreign and not
//! trusted; nothing of it is run.
//!
//! Each rule is proven before it is written: it passes the checks of every rule file, and finds the example that is made
//! for it. Layer 7.

mod allow;
mod anchors;
mod git_secrets;
mod gitleaks;
mod path;
mod re2;
mod rule;
mod sample;
mod shape;
#[cfg(test)]
mod tests;
mod write;

pub use git_secrets::{GitSecrets, git_secrets};
pub use gitleaks::{Ignored, gitleaks, gitleaksignore};

use self::allow::Allow;
use self::rule::Rule;

/// What came of an import.
#[derive(Debug, Default)]
pub struct Imported {
    rules: Vec<Rule>,
    allow: Vec<Allow>,
    off: Vec<String>,
    notes: Vec<Note>,
    rules_read: usize,
}

/// Something to know of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about: a rule, or a place in the file. Text of the file.
    pub what: String,
    /// What is to be known.
    pub text: String,
    /// Whether it was not carried over at all.
    pub is_left_out: bool,
}

/// How much was carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Rules in the file.
    pub rules: usize,
    /// Rules that were carried over.
    pub carried: usize,
    /// Of these, those that hold in more places than before.
    pub differing: usize,
    /// Entries of what is allowed.
    pub allowed: usize,
    /// Things that were not carried over.
    pub left_out: usize,
}

impl Imported {
    /// The rules as a rule file; empty if there are none.
    pub fn rule_file(&self) -> String {
        write::rule_file(&self.rules)
    }

    /// What is allowed, as a piece of `.keysieve.toml`; empty if there is nothing.
    pub fn configuration(&self) -> String {
        write::configuration(&self.off, &self.allow)
    }

    /// What is to be known, in the order of the file.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// How much was carried over.
    pub fn counts(&self) -> Counts {
        Counts {
            rules: self.rules_read,
            carried: self.rules.len(),
            differing: self.rules.iter().filter(|rule| !rule.differences().is_empty()).count(),
            allowed: self.allow.len(),
            left_out: self.notes.iter().filter(|note| note.is_left_out).count(),
        }
    }

    fn left_out(&mut self, what: impl Into<String>, text: impl Into<String>) {
        self.notes.push(Note { what: what.into(), text: text.into(), is_left_out: true });
    }

    fn note(&mut self, what: impl Into<String>, text: impl Into<String>) {
        self.notes.push(Note { what: what.into(), text: text.into(), is_left_out: false });
    }

    /// Adds a rule, with what is different about it.
    fn add(&mut self, rule: Rule) {
        for difference in rule.differences() {
            self.note(rule.origin(), *difference);
        }
        self.rules.push(rule);
    }
}
