//! What is printed about matches: the line with its place, unless it is allowed, and at the end what can be done about it.

use std::{collections::BTreeSet, io::Write, path::Path};

use super::{
    Error,
    grep::Line,
    patterns::{self, Matcher, Unusable},
};
use crate::git::porcelain::Settings;

/// Printed after the matches.
const ADVICE: &str = "
[ERROR] Matched one or more prohibited patterns

Possible mitigations:
- Mark false positives as allowed using: git config --add secrets.allowed ...
- Mark false positives as allowed by adding regular expressions to .gitallowed at repository's root directory
- List your configured patterns: git config --get-all secrets.patterns
- List your configured allowed patterns: git config --get-all secrets.allowed
- List your configured allowed patterns in .gitallowed at repository's root directory
- Use --no-verify if this is a one-time false positive
";

/// In the place of a line that no terminal should see.
const BINARY: &[u8] = b"binary file matches";

/// Takes the lines with matches, in the order in which they are to be printed.
pub(super) struct Report<'a> {
    errors: &'a mut dyn Write,
    allowed: Allowed<'a>,
    printed: Option<BTreeSet<(Vec<u8>, Vec<u8>)>>,
    found: bool,
    /// The status that something which could not be read leads to.
    failed: Option<u8>,
}

/// What is allowed is only looked at once there is something to allow.
enum Allowed<'a> {
    Unread { settings: &'a Settings, top: Option<&'a Path> },
    Ready(Option<Matcher>),
}

impl<'a> Report<'a> {
    /// `top` is that of the work tree, whose `.gitallowed` counts.
    pub(super) fn new(errors: &'a mut dyn Write, settings: &'a Settings, top: Option<&'a Path>) -> Self {
        let allowed = Allowed::Unread { settings, top };
        Self { errors, allowed, printed: None, found: false, failed: None }
    }

    /// From now on a line of a path is printed once, whatever it is prefixed by.
    pub(super) fn once(&mut self) {
        self.printed.get_or_insert_default();
    }

    /// Prints the lines of a document that are not allowed, each as `place:number:text`.
    pub(super) fn lines(&mut self, prefix: &[u8], path: &[u8], lines: &[Line]) -> Result<(), Error> {
        for line in lines {
            let number = line.number.to_string();
            let record = [prefix, path, b":", number.as_bytes(), b":", &line.text].concat();
            if self.is_allowed(&record)? {
                continue;
            }
            self.found = true;
            let text = if line.is_binary { BINARY } else { &line.text };
            let is_new = |printed: &mut BTreeSet<_>| printed.insert((path.to_vec(), text.to_vec()));
            if self.printed.as_mut().is_none_or(is_new) {
                let shown = if line.is_binary { &[prefix, path, b": ", BINARY].concat() } else { &record };
                self.print(&[shown, &b"\n"[..]].concat());
            }
        }
        Ok(())
    }

    /// Says that something could not be read, which is what `status` will tell, matches or not.
    pub(super) fn unread(&mut self, message: &str, status: u8) {
        self.print(format!("{message}\n").as_bytes());
        self.failed = self.failed.max(Some(status));
    }

    /// Whether a line was found that is not allowed.
    pub(super) fn found(&self) -> bool {
        self.found
    }

    /// The exit status of the run.
    pub(super) fn finish(self) -> u8 {
        if self.found {
            // Whoever closed standard error does not want to know.
            let _ = self.errors.write_all(ADVICE.as_bytes());
        }
        self.failed.unwrap_or(u8::from(self.found))
    }

    fn print(&mut self, text: &[u8]) {
        let _ = self.errors.write_all(text);
    }

    fn is_allowed(&mut self, record: &[u8]) -> Result<bool, Error> {
        if let Allowed::Unread { settings, top } = self.allowed {
            let of_pattern = |Unusable { place, reason }| Error::Allowed { place, reason };
            self.allowed = Allowed::Ready(Matcher::anywhere(&patterns::allowed(settings, top)?).map_err(of_pattern)?);
        }
        match &self.allowed {
            Allowed::Ready(matcher) => Ok(matcher.as_ref().is_some_and(|matcher| matcher.is_match(record))),
            Allowed::Unread { .. } => Ok(false),
        }
    }
}
