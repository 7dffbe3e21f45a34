//! The values that the user really holds, whatever a rule says of their form. They are given as values and found by
//! literals of them: as they are, percent-encoded, with backslashes (`spelling.rs`), and in what is decoded anyway. Which
//! file they come from is somebody else's business; here it is a word in a fact.
//!
//! A value is found from its *anchor*, a part that no encoding of text changes, or inside base64 from the images of two
//! parts beside each other: a line end of wrapped base64 can only break one of the two.

mod finder;
mod settle;
mod spelling;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use self::finder::{Finder, KEY};
pub(super) use self::settle::settle;
use super::candidate::Candidate;
use super::scanner::KnownRule;
use super::{images, structures, validators};
use crate::model::{Confidence, Fact, Finding, Held, KindSet, Secret, Severity, Span};

/// A shorter value is too likely to be a word of the text, in bytes.
const SHORTEST: usize = 12;
/// A longer value is not looked for, since as much must be read around every hit, in bytes.
const LONGEST: usize = 16 * 1024;
/// Whether a value is a placeholder is seen by so much of it, in bytes: to look at all of long tokens takes milliseconds.
const JUDGED: usize = 64;
/// More than this of a value makes the search for it no surer, in bytes.
const LONGEST_ANCHOR: usize = 32;
/// The two parts of a value whose base64 images are looked for, together, in bytes: less than a line of base64.
const IMAGED: usize = 24;

/// What an occurrence of a literal stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// The anchor of a value.
    Anchor,
    /// Base64 text that holds a part of a value; where the image starts in its group of four characters.
    Wrapped(usize),
}

/// Text to be searched for.
pub(super) type Literal = (Box<[u8]>, Use);

/// Values to look for.
#[derive(Default)]
pub struct Known {
    values: Vec<Value>,
    /// The values that have an anchor.
    by_anchor: BTreeMap<Box<[u8]>, Vec<usize>>,
    finder: Finder,
    left_out: Vec<LeftOut>,
}

struct Value {
    secret: Secret,
    anchor: Range<usize>,
    severity: Option<Severity>,
    facts: Vec<Fact>,
}

/// A value that is not looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The file that holds it.
    pub from: String,
    /// Why, as the end of "it is".
    pub reason: &'static str,
}

impl Known {
    /// Takes what can be told from other text: long enough, no placeholder, and of a file with other settings what is
    /// named as a secret.
    pub fn new(held: impl IntoIterator<Item = Held>) -> Self {
        let mut known = Self::default();
        let mut values: BTreeMap<Secret, (Option<Severity>, Vec<String>)> = BTreeMap::new();
        for held in held {
            match secret_of(&held) {
                Ok(secret) => {
                    let (severity, from) = values.entry(secret).or_default();
                    *severity = held.severity.max(*severity);
                    from.push(held.from);
                }
                Err(reason) => known.left_out.push(LeftOut { from: held.from, reason }),
            }
        }
        known.values =
            values.into_iter().map(|(secret, (severity, from))| Value::new(secret, severity, from)).collect();
        for (index, value) in known.values.iter().enumerate() {
            known.by_anchor.entry(value.anchor().into()).or_default().push(index);
        }
        known.finder = Finder::new(known.literals());
        known
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many values are looked for.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// What was given and is not looked for.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// How far from a hit a value may reach, in whatever spelling.
    pub(super) fn reach(&self) -> usize {
        self.values.iter().map(|value| value.secret.len() * spelling::LONGEST_BYTE).max().unwrap_or(0)
    }

    /// Every literal and what it stands for; some may be equal.
    pub(super) fn literals(&self) -> Vec<Literal> {
        let of_value = |value: &Value| {
            let mut literals = vec![(value.anchor().into(), Use::Anchor)];
            for part in value.imaged_parts() {
                for (image, phase) in images::base64_images(part) {
                    let url_safe = image.iter().map(|&byte| url_safe(byte)).collect();
                    literals.extend([(image, Use::Wrapped(phase)), (url_safe, Use::Wrapped(phase))]);
                }
            }
            literals
        };
        self.values.iter().flat_map(of_value).collect()
    }

    /// Calls `found` for each occurrence of a literal that starts in `range`, in no particular order.
    pub(super) fn find(&self, bytes: &[u8], range: Range<usize>, found: impl FnMut(Span, Use)) {
        self.finder.find(bytes, range, found);
    }

    /// The length of the longest literal, in bytes.
    pub(super) fn longest_literal(&self) -> usize {
        self.finder.longest()
    }

    /// The length of the shortest value, in bytes.
    pub(super) fn shortest(&self) -> usize {
        self.values.iter().map(|value| value.secret.expose().len()).min().unwrap_or(0)
    }

    /// The longest value around the anchor at `hit`, if there is one.
    pub(super) fn candidate(&self, rule: KnownRule, bytes: &[u8], hit: Span) -> Option<Candidate> {
        let values = self.by_anchor.get(&bytes[hit.range()])?.iter().map(|&index| &self.values[index]);
        let around = |value: &Value| spelling::around(bytes, hit.start, value.secret.expose(), value.anchor.clone());
        let found = values.filter_map(|value| Some((value, around(value)?)));
        let (value, span) = found.max_by_key(|(_, span)| span.len())?;
        Some(Candidate {
            rule: rule.index,
            span,
            place: span,
            secret: value.secret.clone(),
            field: None,
            kinds: KindSet::ALL,
            severity: value.severity.unwrap_or(rule.severity),
            confidence: Confidence::High,
            why: Finding::KNOWN,
            facts: value.facts.clone(),
            encodings: Vec::new(),
            proven: true,
            needs_pair: false,
            directive: None,
        })
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Known([{} values])", self.values.len())
    }
}

impl Value {
    fn new(secret: Secret, severity: Option<Severity>, mut from: Vec<String>) -> Self {
        from.sort_unstable();
        from.dedup();
        let facts = from.into_iter().map(|value| Fact { key: Fact::KNOWN_FROM.into(), value }).collect();
        Self { anchor: anchor_of(secret.expose()), secret, severity, facts }
    }

    fn anchor(&self) -> &[u8] {
        &self.secret.expose()[self.anchor.clone()]
    }

    /// Two parts that follow one another, around the end of the anchor.
    fn imaged_parts(&self) -> [&[u8]; 2] {
        let value = self.secret.expose();
        let end = self.anchor.end.max(IMAGED.min(value.len()));
        let imaged = &value[end.saturating_sub(IMAGED)..end];
        let (first, second) = imaged.split_at(imaged.len() / 2);
        [first, second]
    }
}

/// The secret in what a file holds, or why there is none.
fn secret_of(held: &Held) -> Result<Secret, &'static str> {
    let value = held.secret.expose();
    let secret = match &held.setting {
        Some(setting) => &value[structures::secret_of_setting(setting, value).ok_or("not named as a secret")?.range()],
        None => value,
    };
    if secret.len() < SHORTEST {
        Err("shorter than 12 bytes")
    } else if secret.len() > LONGEST {
        Err("longer than 16 KiB")
    } else if structures::is_placeholder(&secret[..secret.len().min(JUDGED)]) || validators::is_example(secret) {
        Err("a placeholder")
    } else {
        Ok(Secret::new(secret))
    }
}

/// The last bytes of the longest run that no encoding of text changes; of all bytes, if there is no such run to speak of.
fn anchor_of(value: &[u8]) -> Range<usize> {
    let (mut longest, mut start) = (0..0, 0);
    for end in 0..=value.len() {
        if end == value.len() || !is_unreserved(value[end]) {
            longest = if end - start > longest.len() { start..end } else { longest };
            start = end + 1;
        }
    }
    let run = if longest.len() < KEY { 0..value.len() } else { longest };
    run.start.max(run.end.saturating_sub(LONGEST_ANCHOR))..run.end
}

/// What a URL, a string literal and a document of markup all hold as it is (RFC 3986, 2.3).
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~')
}

/// The same digit in the alphabet of RFC 4648, section 5.
fn url_safe(digit: u8) -> u8 {
    match digit {
        b'+' => b'-',
        b'/' => b'_',
        other => other,
    }
}

#[cfg(test)]
mod tests;
