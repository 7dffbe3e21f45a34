//! What the prefilter looks for, and what each occurrence means: an anchor of a rule, or the base64 image of an anchor.

use std::collections::BTreeMap;

use super::decode;
use crate::rules::{Matcher, Rule, RuleSet};

/// What an occurrence of a literal stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// An anchor of this rule.
    Rule(usize),
    /// Base64 text whose decoded form holds an anchor. The number is where the image starts in its group of four
    /// characters.
    Wrapped(usize),
}

/// One literal as the prefilter knows it, with every use of it.
#[derive(Debug)]
pub(crate) struct Literal {
    /// Its length in bytes.
    pub len: usize,
    /// Each use, with the exact text that is asked for if its case matters.
    pub uses: Vec<(Option<Box<[u8]>>, Use)>,
}

/// The literals of a rule set, in lower case and sorted, with their uses.
pub(crate) fn collect(rules: &RuleSet, decode: bool) -> (Vec<Box<[u8]>>, Vec<Literal>) {
    let mut table: BTreeMap<Box<[u8]>, Literal> = BTreeMap::new();
    for (index, rule) in rules.rules().iter().enumerate() {
        if matches!(rule.matcher, Matcher::File(_)) {
            continue;
        }
        for anchor in rule.anchors.iter() {
            let exact = (!rule.ignore_case).then(|| anchor.as_bytes().into());
            add(&mut table, anchor.as_bytes(), exact, Use::Rule(index));
        }
        if decode && rule.wrapped {
            for (image, phase) in images(rule) {
                add(&mut table, &image, Some(image.clone()), Use::Wrapped(phase));
            }
        }
    }
    table.into_iter().unzip()
}

fn add(table: &mut BTreeMap<Box<[u8]>, Literal>, text: &[u8], exact: Option<Box<[u8]>>, meaning: Use) {
    let fresh = || Literal { len: text.len(), uses: Vec::new() };
    let uses = &mut table.entry(text.to_ascii_lowercase().into()).or_insert_with(fresh).uses;
    if !uses.iter().any(|(known, use_)| *known == exact && *use_ == meaning) {
        uses.push((exact, meaning));
    }
}

/// The base64 images of a rule's anchors: as written, and in lower, upper and capitalised form if case is ignored.
fn images(rule: &Rule) -> Vec<(Box<[u8]>, usize)> {
    let spellings = |anchor: &str| {
        if !rule.ignore_case {
            return vec![anchor.to_owned()];
        }
        let lower = anchor.to_ascii_lowercase();
        let mut capital = lower.clone();
        capital[..1].make_ascii_uppercase();
        vec![anchor.to_ascii_uppercase(), capital, lower]
    };
    let anchors = rule.anchors.iter().flat_map(|anchor| spellings(anchor));
    anchors.flat_map(|anchor| decode::base64_images(anchor.as_bytes())).collect()
}

impl Literal {
    /// The uses that hold for an occurrence at the start of `text`, and the length of the anchor.
    pub(crate) fn uses_at(&self, text: &[u8]) -> impl Iterator<Item = (&Use, usize)> {
        let fits = |exact: &Option<Box<[u8]>>| exact.as_deref().is_none_or(|exact| text.starts_with(exact));
        self.uses.iter().filter(move |(exact, _)| fits(exact)).map(|(_, meaning)| (meaning, self.len))
    }
}
