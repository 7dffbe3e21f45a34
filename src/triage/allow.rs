//! Allow files: secrets that are known and accepted, each with the reason, and if need be with a path, an end and an
//! owner. People write them, by hand or with `keysieve allow add`.
//!
//! A line is `FINGERPRINT reason="..." [path=GLOB] [until=YYYY-MM-DD] [owner=NAME]`.

use std::fmt;

use super::lines::{self, Entry, Quoted};
use super::scope::Scope;
use super::suppressions::Permission;
use crate::model::{Fingerprint, Moment, SuppressionKind};

/// A secret that is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The finding's fingerprint.
    pub fingerprint: Fingerprint,
    /// Why it is accepted. Text of a file: it is shown through a mask.
    pub reason: String,
    /// Where it is accepted; everywhere, if that is not said.
    pub path: Option<Scope>,
    /// The last second at which it is.
    pub until: Option<Moment>,
    /// Who answers for that.
    pub owner: Option<String>,
}

impl Allowed {
    /// Whether it has come to its end by then.
    pub fn has_ended(&self, now: Moment) -> bool {
        self.until.is_some_and(|until| until < now)
    }
}

impl Entry for Allowed {
    const KIND: SuppressionKind = SuppressionKind::Allow;
    const FILE: &'static str = ".keysieve-allow";

    fn of_line(line: &str) -> Result<Self, String> {
        let (fingerprint, mut rest) = lines::fingerprint(line)?;
        let [mut reason, mut path, mut until, mut owner] = [const { None }; 4];
        while !rest.is_empty() {
            let (key, value, after) = lines::field(rest)?;
            let field = match key {
                "reason" => &mut reason,
                "path" => &mut path,
                "until" => &mut until,
                "owner" => &mut owner,
                _ => return Err("a field is none of reason, path, until, owner".to_owned()),
            };
            if field.replace(value).is_some() {
                return Err(format!("{key} is given twice"));
            }
            rest = after;
        }
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        let reason = reason.ok_or("there is no reason: add reason=\"...\"")?;
        let path = path.map(|path| Scope::new(&path)).transpose()?;
        let until = until.map(|day| end_of_day(&day)).transpose()?;
        Ok(Self { fingerprint, reason, path, until, owner })
    }

    fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    fn permission(&self) -> Permission {
        Permission { fingerprint: self.fingerprint, path: self.path.clone(), until: self.until }
    }
}

/// The end of a day, as entries have it.
///
/// # Errors
/// If there is no such day.
pub fn end_of_day(day: &str) -> Result<Moment, String> {
    Moment::end_of_day(day).ok_or_else(|| "until is no day, as in until=2030-12-31".to_owned())
}

/// The line, as it stands in a file.
impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} reason={}", self.fingerprint, Quoted(&self.reason))?;
        if let Some(path) = &self.path {
            write!(f, " path={}", Quoted(path.as_str()))?;
        }
        if let Some(until) = self.until {
            write!(f, " until={}", until.day())?;
        }
        match &self.owner {
            Some(owner) => write!(f, " owner={}", Quoted(owner)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::Placed;
    use super::*;
    use proptest::prelude::*;

    const PRINT: &str = "00112233445566778899aabbccddeeff";

    fn wrong(line: &str) -> String {
        let error = Allowed::parse("a", format!("# first\n\n{line}\n").as_bytes()).expect_err("it is no entry");
        assert_eq!((error.file.as_str(), error.line), ("a", 3), "{line}");
        error.reason
    }

    #[test]
    fn an_entry_is_read() {
        let text = format!(
            "\u{feff}# a comment\r\n  {PRINT} owner=me until=2030-12-31 path=tests/** reason=\"a \\\"b\\\"\"\r\n"
        );
        let entries = Allowed::parse("a", text.as_bytes()).expect("it is one");
        let [Placed { entry, line: 2, span }] = &entries[..] else { panic!("{entries:?}") };
        assert_eq!(entry.reason, "a \"b\"");
        assert_eq!(entry.owner.as_deref(), Some("me"));
        assert_eq!(entry.until.map(Moment::day).as_deref(), Some("2030-12-31"));
        assert_eq!(entry.path.as_ref().map(Scope::as_str), Some("tests/**"));
        assert!(text[span.start..span.end].starts_with(PRINT) && text[span.start..span.end].ends_with("\\\"\""));
        let written = format!("{PRINT} reason=\"a \\\"b\\\"\" path=tests/** until=2030-12-31 owner=me");
        assert_eq!(entry.to_string(), written);
    }

    #[test]
    fn what_is_no_entry_is_told_with_its_line() {
        for (line, reason) in [
            ("ff", "32 lower-case hexadecimal digits"),
            (&PRINT.to_uppercase(), "32 lower-case"),
            (PRINT, "there is no reason"),
            (&format!("{PRINT} reason=\" \""), "there is no reason"),
            (&format!("{PRINT} the test server"), "come fields"),
            (&format!("{PRINT} reason=a ="), "come fields"),
            (&format!("{PRINT} reason=a reason=b"), "reason is given twice"),
            (&format!("{PRINT} reason=a expires=2030-12-31"), "none of reason, path, until, owner"),
            (&format!("{PRINT} reason=a until=tomorrow"), "until is no day"),
            (&format!("{PRINT} reason=a until=2030-02-30"), "until is no day"),
            (&format!("{PRINT} reason=\"a"), "not closed"),
            (&format!("{PRINT} reason=\"a\"b"), "a blank has to follow"),
            (&format!("{PRINT} reason=a\"b\""), "a quote within"),
            (&format!("{PRINT} reason=\"\\n\""), "stands before neither"),
            (&format!("{PRINT} reason=a path=!b"), "path"),
            (&format!("{PRINT} reason=a path=\"\""), "path"),
            (&format!("{PRINT} reason=\"\u{1b}[2J\""), "control characters"),
            (&format!("{PRINT} reason=\"{}\"", "x".repeat(5000)), "longer than"),
            ("<<<<<<< HEAD", "a conflict of a merge"),
            ("=======", "a conflict of a merge"),
        ] {
            let told = wrong(line);
            assert!(told.contains(reason), "{line}: {told}");
        }
        let error = Allowed::parse("a", b"\xff\xfe").expect_err("it is not UTF-8");
        assert_eq!(error.to_string(), "a:1: the line is not UTF-8");
    }

    #[test]
    fn it_ends_with_its_last_day() {
        let entries = Allowed::parse("a", format!("{PRINT} reason=a until=2030-12-31").as_bytes()).expect("it is one");
        let end = Moment::end_of_day("2030-12-31").expect("there is such a day");
        assert!(!entries[0].entry.has_ended(end));
        assert!(entries[0].entry.has_ended(end.plus(1)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(entries) = Allowed::parse("a", &bytes) {
                prop_assert!(entries.iter().all(|placed| placed.span.end <= bytes.len()));
            }
        }

        #[test]
        fn what_is_written_is_read(reason in "[ -~é]{1,40}", owner in prop::option::of("[ -~]{1,10}"), path in "[a-z/*]{1,9}") {
            prop_assume!(!reason.trim().is_empty());
            let path = Scope::new(&path).ok();
            let until = Moment::end_of_day("2031-01-31");
            let entry = Allowed { fingerprint: PRINT.parse().expect("it is one"), reason, path, until, owner };
            let read = Allowed::parse("a", entry.to_string().as_bytes()).expect("it was written");
            prop_assert_eq!(&read[0].entry, &entry);
        }
    }
}
