//! Baselines: what was found before keysieve came, so that only what is new is reported. Programs write them.
//!
//! A line is `FINGERPRINT RULE`, and nothing else: what does not depend on where, when and by whom a secret was found is
//! the same on every branch. The rule is for people; the fingerprint has it already.

use std::fmt;

use super::lines::{self, Entry};
use super::suppressions::Permission;
use crate::model::{Fingerprint, SuppressionKind};

/// A secret that was there before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Baselined {
    /// The finding's fingerprint.
    pub fingerprint: Fingerprint,
    /// The rule that found it.
    pub rule: String,
}

impl Entry for Baselined {
    const KIND: SuppressionKind = SuppressionKind::Baseline;
    const FILE: &'static str = ".keysieve-baseline";

    fn of_line(line: &str) -> Result<Self, String> {
        let (fingerprint, rule) = lines::fingerprint(line)?;
        let is_id = |rule: &str| rule.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if rule.is_empty() || !is_id(rule) {
            return Err("the id of a rule follows the fingerprint, and nothing else".to_owned());
        }
        Ok(Self { fingerprint, rule: rule.to_owned() })
    }

    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    fn permission(&self) -> Permission {
        Permission { fingerprint: self.fingerprint, path: None, until: None }
    }
}

/// The line, as it stands in a file.
impl fmt::Display for Baselined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.fingerprint, self.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PRINT: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn an_entry_is_a_fingerprint_and_a_rule() {
        let line = format!("{PRINT} github-pat");
        let entries = Baselined::parse("b", line.as_bytes()).expect("it is one");
        assert_eq!(entries[0].entry.to_string(), line);
        for wrong in [PRINT.to_owned(), format!("{PRINT} a b"), format!("{PRINT} a\u{e9}"), "x y".to_owned()] {
            let error = Baselined::parse("b", wrong.as_bytes()).expect_err("it is none");
            assert!(error.to_string().starts_with("b:1: "), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            drop(Baselined::parse("b", &bytes));
        }
    }
}
