//! A rule that is carried over: from the syntax tree of another tool's expression to a rule of ours that has been tried.

use regex_syntax::hir::Hir;

use super::anchors::{self, Anchors};
use super::sample::{self, Chance};
use super::shape::{self, Shape};
use super::write;
use crate::engine::{Options, Scanner};
use crate::model::{KindSet, Span};
use crate::rules::{RuleFile, RuleSet};

/// What another tool says of a rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    /// What it is called there.
    pub origin: String,
    pub id: String,
    pub description: String,
    pub tags: Vec<String>,
    /// The group that is the secret; 0 for the first.
    pub group: u32,
    /// In lower case: one of them stands in each document in which the rule looks.
    pub keywords: Vec<String>,
    /// At least so many bits of entropy a character, if more than 0.
    pub entropy: f64,
    /// What is different before it begins.
    pub differences: Vec<&'static str>,
    /// An edge on both sides, in the place of what the expression says.
    pub edges: Option<&'static str>,
}

/// A rule that has been tried.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    source: Source,
    pub(super) shape: Shape,
    pub(super) anchors: Anchors,
    pub(super) context: Vec<String>,
    pub(super) examples: Vec<String>,
    differences: Vec<&'static str>,
}

/// How far from a match a keyword is looked for, in bytes; the most there is.
pub(super) const WITHIN: usize = 16 * 1024;
/// So often an example is tried.
const TRIALS: u64 = 60;
/// Stands in an example where the secret must be broken up.
const SPLICE: &str = "<+>";

const NEAR: &str = "its keyword is looked for within 16 KiB of a match, and not in the whole file";

impl Rule {
    /// The rule; or why there is none.
    pub(super) fn new(source: Source, hir: &Hir) -> Result<Self, String> {
        let mut shape = shape::shape(hir, source.group)?;
        if let Some(edge) = source.edges {
            (shape.left, shape.right) = (edge, edge);
        }
        let implied = anchors::implied(&shape.pattern, &source.keywords);
        let is_implied = source.keywords.is_empty() || implied.is_some();
        let anchors = anchors::derive(&shape.hir, &shape.pattern, implied)
            .ok_or("no literal of 3 bytes or more stands in every match, so that nothing can be looked for first")?;
        let mut differences = [&source.differences[..], &shape.differences[..]].concat();
        let context = if is_implied { Vec::new() } else { source.keywords.clone() };
        if !context.is_empty() {
            if context.iter().any(|word| word.len() < 3 || word.len() > 64 || !word.is_ascii()) {
                return Err("its keywords are not in its regex, and one of them is shorter than 3 bytes".to_owned());
            }
            differences.push(NEAR);
        }
        let mut rule = Self { source, shape, anchors, context, examples: Vec::new(), differences };
        rule.examples = vec![rule.example()?];
        Ok(rule)
    }

    pub(super) fn id(&self) -> &str {
        &self.source.id
    }

    pub(super) fn origin(&self) -> &str {
        &self.source.origin
    }

    pub(super) fn description(&self) -> &str {
        &self.source.description
    }

    pub(super) fn tags(&self) -> &[String] {
        &self.source.tags
    }

    pub(super) fn entropy(&self) -> f64 {
        self.source.entropy
    }

    pub(super) fn differences(&self) -> &[&'static str] {
        &self.differences
    }

    /// The rule alone, as the loader of rule files makes it.
    pub(super) fn load(&self) -> Result<RuleSet, String> {
        let text = write::rule_file(std::slice::from_ref(self));
        let files = [RuleFile { name: "import", text: &text }];
        RuleSet::new(Vec::new())
            .with_user_rules(&files)
            .map_err(|errors| errors.iter().next().map_or_else(String::new, |error| error.reason.clone()))
    }

    /// A text in which the rule finds a secret, with the splice mark in that.
    fn example(&self) -> Result<String, String> {
        let tried = Self { examples: vec!["-".to_owned()], ..self.clone() };
        let scanner = Scanner::new(tried.load()?, Options { decode: 0 });
        let mut scratch = scanner.scratch();
        for seed in 0..TRIALS {
            let mut text = match self.context.first() {
                Some(word) => format!("{word}\n").into_bytes(),
                None => Vec::new(),
            };
            text.extend(sample::text(&self.shape.hir, &mut Chance(seed)));
            let found = scanner.scan(&mut scratch, &text, KindSet::ALL);
            let text = String::from_utf8(text).ok();
            if let (Some(found), Some(text)) = (found.matches.first(), text) {
                return Ok(spliced(&text, found.span));
            }
        }
        Err("no example could be made that it finds: its entropy, say, is out of reach of its regex".to_owned())
    }
}

fn spliced(text: &str, secret: Span) -> String {
    let middle = (secret.start + secret.end) / 2;
    let at = (middle..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    format!("{}{SPLICE}{}", &text[..at], &text[at..])
}
