//! What the prefilter looks for, and what each occurrence means: an anchor of a rule, or something that leads to text that
//! stands encoded.
//!
//! The literals of the built-in rules are constants, which build.rs makes with this file. So they are flat: a constant
//! that points to others has to be put right at each start of the program.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::images;
use crate::rules::{Matcher, Rule};

/// What an occurrence of a literal stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// An anchor of this rule.
    Rule(usize),
    /// Text that stands encoded.
    Wrapped(Lead),
}

/// What leads to text that stands encoded, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lead {
    /// The image of an anchor in base64, and where it starts in its group of four characters.
    Base64(u8),
    /// The image of an anchor in hexadecimal.
    Hex,
    /// An octet of a URL, percent-encoded.
    Percent,
    /// A character reference of HTML or XML.
    Entity,
    /// A character of a JSON or JavaScript string, by its number.
    Escape,
    /// The end of a literal that is joined with another one.
    Splice,
}

impl Lead {
    /// How many there are.
    pub(crate) const COUNT: u16 = 9;

    /// Each has its number.
    pub(crate) const fn number(self) -> u16 {
        match self {
            Self::Base64(phase) => phase as u16,
            Self::Hex => 4,
            Self::Percent => 5,
            Self::Entity => 6,
            Self::Escape => 7,
            Self::Splice => 8,
        }
    }

    /// The one with this number.
    pub(crate) const fn numbered(number: u16) -> Self {
        match number {
            0..=3 => Self::Base64(number as u8),
            4 => Self::Hex,
            5 => Self::Percent,
            6 => Self::Entity,
            7 => Self::Escape,
            _ => Self::Splice,
        }
    }
}

/// A use of a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// Where in [`Literals::exact`] the text begins that is asked for, if its case matters. It is as long as the literal.
    pub exact: Option<u32>,
    /// What it stands for then.
    pub of: Use,
}

/// The literals of a rule set, distinct, in lower case and sorted, with their uses.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Literals {
    /// One text behind the other.
    pub text: Cow<'static, [u8]>,
    /// Where each begins; one more for the end.
    pub starts: Cow<'static, [u32]>,
    /// The uses of the first, of the second, and so on.
    pub uses: Cow<'static, [Meaning]>,
    /// Where those of each begin; one more for the end.
    pub first_uses: Cow<'static, [u32]>,
    /// Texts that are asked for exactly, one behind the other.
    pub exact: Cow<'static, [u8]>,
    /// Length of the longest, in bytes.
    pub longest: usize,
}

/// One literal on the way there: each use, with the exact text if its case matters.
type Uses = Vec<(Option<Box<[u8]>>, Use)>;

impl Literals {
    /// The literals of `rules`; with what leads to encoded text, if that is decoded.
    pub(crate) fn of(rules: &[Rule], decode: bool) -> Self {
        let mut table: BTreeMap<Box<[u8]>, Uses> = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            if matches!(rule.matcher, Matcher::File(_)) {
                continue;
            }
            for anchor in rule.anchors.iter() {
                let exact = (!rule.ignore_case).then(|| anchor.as_bytes().into());
                add(&mut table, anchor.as_bytes(), exact, Use::Rule(index));
            }
            if decode {
                for (image, lead) in images::of_rule(rule) {
                    add(&mut table, &image, Some(image.clone()), Use::Wrapped(lead));
                }
            }
        }
        if decode && !rules.is_empty() {
            for (text, lead) in images::of_any() {
                add(&mut table, text, Some(text.into()), Use::Wrapped(lead));
            }
        }
        Self::flat(table)
    }

    fn flat(table: BTreeMap<Box<[u8]>, Uses>) -> Self {
        let (mut text, mut starts, mut exact) = (Vec::new(), vec![0], Vec::new());
        let (mut uses, mut first_uses, mut longest) = (Vec::new(), vec![0], 0);
        for (literal, its_uses) in table {
            longest = longest.max(literal.len());
            text.extend_from_slice(&literal);
            starts.push(text.len() as u32);
            for (wanted, of) in its_uses {
                uses.push(Meaning { exact: wanted.as_ref().map(|_| exact.len() as u32), of });
                exact.extend(wanted.into_iter().flatten());
            }
            first_uses.push(uses.len() as u32);
        }
        Self {
            text: text.into(),
            starts: starts.into(),
            uses: uses.into(),
            first_uses: first_uses.into(),
            exact: exact.into(),
            longest,
        }
    }

    /// Literals, in this order, that stand for nothing.
    #[cfg(test)]
    pub(crate) fn plain(texts: &[&str]) -> Self {
        let mut literals = Self::flat(BTreeMap::new());
        for text in texts {
            literals.text.to_mut().extend_from_slice(text.as_bytes());
            literals.starts.to_mut().push(literals.text.len() as u32);
            literals.first_uses.to_mut().push(0);
            literals.longest = literals.longest.max(text.len());
        }
        literals
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The text of one.
    #[inline]
    pub(crate) fn get(&self, literal: usize) -> &[u8] {
        &self.text[self.starts[literal] as usize..self.starts[literal + 1] as usize]
    }

    /// All of them.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|literal| self.get(literal))
    }

    /// The byte at a place of a literal, unless it is a letter that in either case has a use.
    pub(crate) fn spelled(&self, literal: usize, at: usize) -> Option<u8> {
        let text = self.get(literal);
        if !text[at].is_ascii_alphabetic() {
            return Some(text[at]);
        }
        let mut spellings = self.uses(literal).iter().map(|use_| Some(self.exact_at(use_.exact?, text.len())[at]));
        let first = spellings.next().flatten()?;
        spellings.all(|other| other == Some(first)).then_some(first)
    }

    /// Whether `literal` stands at the start of `text` in one case or another; if it has one use, and that asks for the case,
    /// [`uses_at`](Self::uses_at) compares all there is to compare.
    #[inline]
    pub(crate) fn may_stand_at(&self, literal: usize, text: &[u8]) -> bool {
        let known = self.get(literal);
        text.len() >= known.len()
            && (matches!(self.uses(literal), [Meaning { exact: Some(_), .. }])
                || text[..known.len()].eq_ignore_ascii_case(known))
    }

    /// The uses of `literal` that hold for its occurrence at the start of `text`, and its length.
    #[inline]
    pub(crate) fn uses_at(&self, literal: usize, text: &[u8]) -> impl Iterator<Item = (&Use, usize)> {
        let len = self.get(literal).len();
        let fits = move |meaning: &&Meaning| meaning.exact.is_none_or(|at| text.starts_with(self.exact_at(at, len)));
        self.uses(literal).iter().filter(fits).map(move |meaning| (&meaning.of, len))
    }

    /// Everything that leads to encoded text.
    pub(crate) fn leads(&self) -> impl Iterator<Item = (&[u8], Lead)> {
        (0..self.len()).flat_map(move |literal| {
            let len = self.get(literal).len();
            self.uses(literal).iter().filter_map(move |meaning| match meaning.of {
                Use::Wrapped(lead) => Some((self.exact_at(meaning.exact?, len), lead)),
                Use::Rule(_) => None,
            })
        })
    }

    #[inline]
    fn uses(&self, literal: usize) -> &[Meaning] {
        &self.uses[self.first_uses[literal] as usize..self.first_uses[literal + 1] as usize]
    }

    #[inline]
    fn exact_at(&self, at: u32, len: usize) -> &[u8] {
        &self.exact[at as usize..at as usize + len]
    }
}

fn add(table: &mut BTreeMap<Box<[u8]>, Uses>, text: &[u8], exact: Option<Box<[u8]>>, meaning: Use) {
    let uses = table.entry(text.to_ascii_lowercase().into()).or_default();
    if !uses.iter().any(|(known, use_)| *known == exact && *use_ == meaning) {
        uses.push((exact, meaning));
    }
}
