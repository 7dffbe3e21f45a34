//! Values that are no secrets, whatever a rule says of them: named one by one, or by expressions. Where that holds, in which
//! files and for which rules, is said in `triage`.

use std::collections::BTreeSet;
use std::fmt;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

/// A larger automaton than this is refused, in bytes: it would be built at the start of each run.
const LARGEST: usize = 256 * 1024;

/// An expression for values: bytes, Unicode off, found anywhere in the value unless it says `^` and `$`.
#[derive(Clone)]
pub struct ValuePattern {
    text: String,
    regex: Regex,
}

impl ValuePattern {
    /// The expression that is written so.
    ///
    /// # Errors
    /// If it is none, is too large, or fits the empty text and with it every value.
    pub fn new(text: &str) -> Result<Self, String> {
        let syntax = syntax::Config::new().unicode(false).utf8(false);
        let config = Regex::config().utf8_empty(false).nfa_size_limit(Some(LARGEST));
        let built = Regex::builder().syntax(syntax).configure(config).build(text);
        let regex = built.map_err(|error| match error.size_limit() {
            Some(_) => "the expression is too large".to_owned(),
            None => "it is no regular expression: bytes, Unicode off, no look-around and no back-references".to_owned(),
        })?;
        if regex.is_match("") {
            return Err("the expression fits the empty text, and with it every value".to_owned());
        }
        Ok(Self { text: text.to_owned(), regex })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for ValuePattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for ValuePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ValuePattern").field(&self.text).finish()
    }
}

/// How a value is known to be no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is named.
    ByValue,
    /// An expression fits it.
    ByPattern,
}

/// Values that are no secrets.
#[derive(Clone, Default, PartialEq)]
pub struct Allowlist {
    values: BTreeSet<Box<[u8]>>,
    patterns: Vec<ValuePattern>,
}

impl Allowlist {
    /// Of these values, compared whole and after decoding, and of what these expressions fit.
    pub fn new<'v>(values: impl IntoIterator<Item = &'v str>, patterns: Vec<ValuePattern>) -> Self {
        Self { values: values.into_iter().map(|value| value.as_bytes().into()).collect(), patterns }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.patterns.is_empty()
    }

    /// The values that are named, in the clear.
    pub fn values(&self) -> impl Iterator<Item = &[u8]> {
        self.values.iter().map(AsRef::as_ref)
    }

    /// The expressions.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(ValuePattern::as_str)
    }

    /// Whether a decoded value is among them, and how that is known.
    pub fn knows(&self, value: &[u8]) -> Option<Known> {
        if self.values.contains(value) {
            return Some(Known::ByValue);
        }
        self.patterns.iter().any(|pattern| pattern.regex.is_match(value)).then_some(Known::ByPattern)
    }

    /// Whether all of these are among `others`, by the letter.
    pub fn is_within(&self, others: &Self) -> bool {
        self.values.is_subset(&others.values) && self.patterns.iter().all(|it| others.patterns.contains(it))
    }
}

/// What is to be allowed may be a secret all the same.
impl fmt::Debug for Allowlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (values, patterns) = (self.values.len(), self.patterns.len());
        f.debug_struct("Allowlist").field("values", &values).field("patterns", &patterns).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> ValuePattern {
        ValuePattern::new(text).expect("it is an expression")
    }

    #[test]
    fn a_value_is_compared_whole_and_an_expression_is_looked_for() {
        let list = Allowlist::new(["one", "two words"], vec![pattern("^dummy-"), pattern(r"\xff")]);
        for (value, expected) in [
            (&b"one"[..], Some(Known::ByValue)),
            (b"two words", Some(Known::ByValue)),
            (b"one more", None),
            (b"dummy-1", Some(Known::ByPattern)),
            (b"a dummy-1", None),
            (b"a\xffb", Some(Known::ByPattern)),
        ] {
            assert_eq!(list.knows(value), expected, "{value:?}");
        }
        assert!(Allowlist::default().is_empty() && Allowlist::default().knows(b"").is_none());
        assert!(!format!("{list:?}").contains("one"));
    }

    #[test]
    fn what_fits_everything_is_refused() {
        for (text, reason) in [
            ("(", "no regular expression"),
            ("(?=a)", "no regular expression"),
            (".*", "every value"),
            ("a|", "every value"),
            ("[a-z]{50000}", "too large"),
        ] {
            let told = ValuePattern::new(text).expect_err(text);
            assert!(told.contains(reason), "{text}: {told}");
        }
    }
}
