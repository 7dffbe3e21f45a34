//! The last line of a run, for people. It tells times, so it is no part of a report that two runs write alike.

use std::time::Duration;

use crate::model::{Excluded, Summary};

/// What was found, what was looked at, and whether that was everything:
/// `2 findings in 1 file, 1 suppressed | 3,738 files, 43 MB, 61 ms | complete`.
pub fn summary_line(summary: &Summary) -> String {
    let completeness = Some(completeness(summary)).filter(|_| summary.documents > 0 || !summary.complete());
    [Some(found(summary)), looked_at(summary), completeness].into_iter().flatten().collect::<Vec<_>>().join(" | ")
}

/// `2 findings in 1 file, 1 suppressed`; it tells no time.
pub(super) fn found(summary: &Summary) -> String {
    if summary.rules == 0 {
        return "nothing was looked for: no rules".to_owned();
    }
    if summary.documents == 0 && summary.findings == 0 {
        let why = if summary.complete() { ": no input" } else { "" };
        return format!("nothing was scanned{why}");
    }
    let mut found = match summary.findings {
        0 => "no findings".to_owned(),
        findings => {
            let files = summary.finding_documents as u64;
            format!("{} in {}", counted(findings as u64, "finding"), counted(files, summary.unit.as_str()))
        }
    };
    if summary.suppressed > 0 {
        found += &format!(", {} suppressed", grouped(summary.suppressed as u64));
    }
    found
}

fn looked_at(summary: &Summary) -> Option<String> {
    let Summary { documents, bytes, unit, elapsed, .. } = summary;
    (*documents > 0).then(|| format!("{}, {}, {}", counted(*documents, unit.as_str()), size(*bytes), time(*elapsed)))
}

/// `complete`, or `INCOMPLETE:` and why, and how many archives were not opened; it tells no time.
pub(super) fn completeness(summary: &Summary) -> String {
    let unread = summary.unread.len() as u64;
    let outcome = match (summary.interrupted, unread) {
        (false, 0) => "complete".to_owned(),
        (true, 0) => "INCOMPLETE: interrupted".to_owned(),
        (false, _) => format!("INCOMPLETE: {} not read", grouped(unread)),
        (true, _) => format!("INCOMPLETE: interrupted, {} not read", grouped(unread)),
    };
    match summary.excluded.get(&Excluded::Packed) {
        Some(&packed) => format!("{outcome}, {} not opened", counted(packed, "archive")),
        None => outcome,
    }
}

fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bytes to two or three digits, in decimal units as disks are sold.
fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")];
    match UNITS.into_iter().find(|(unit, _)| bytes >= *unit) {
        None => format!("{bytes} B"),
        Some((unit, name)) if bytes < 10 * unit => format!("{}.{} {name}", bytes / unit, bytes % unit / (unit / 10)),
        Some((unit, name)) => format!("{} {name}", grouped(bytes / unit)),
    }
}

fn time(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        0 => format!("{} ms", elapsed.as_millis()),
        seconds @ 1..60 => format!("{seconds}.{} s", elapsed.subsec_millis() / 100),
        seconds => format!("{} min {} s", grouped(seconds / 60), seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Origin, Text, Unread, UnreadReason};

    fn scanned() -> Summary {
        let elapsed = Duration::from_millis(61);
        Summary { documents: 3738, bytes: 43_210_000, rules: 12, elapsed, ..Summary::default() }
    }

    fn unread() -> Unread {
        Unread { origin: Origin::Stdin, reason: UnreadReason::Changed, path: Text::default() }
    }

    #[test]
    fn tells_what_was_found_and_looked_at() {
        let found = Summary { findings: 2, finding_documents: 1, suppressed: 1, ..scanned() };
        assert_eq!(summary_line(&found), "2 findings in 1 file, 1 suppressed | 3,738 files, 43 MB, 61 ms | complete");
        assert_eq!(summary_line(&scanned()), "no findings | 3,738 files, 43 MB, 61 ms | complete");
    }

    #[test]
    fn never_says_complete_of_what_is_not() {
        let part = Summary { unread: vec![unread(), unread(), unread()], ..scanned() };
        assert_eq!(summary_line(&part), "no findings | 3,738 files, 43 MB, 61 ms | INCOMPLETE: 3 not read");
        let part = Summary { interrupted: true, ..scanned() };
        assert_eq!(summary_line(&part), "no findings | 3,738 files, 43 MB, 61 ms | INCOMPLETE: interrupted");
        let part = Summary { interrupted: true, unread: vec![unread()], ..scanned() };
        assert!(summary_line(&part).ends_with(" | INCOMPLETE: interrupted, 1 not read"));
    }

    #[test]
    fn tells_how_many_archives_were_not_opened() {
        let packed = Summary { excluded: BTreeMap::from([(Excluded::Packed, 2), (Excluded::GitDir, 1)]), ..scanned() };
        let expected = "no findings | 3,738 files, 43 MB, 61 ms | complete, 2 archives not opened";
        assert_eq!(summary_line(&packed), expected);
    }

    #[test]
    fn says_that_there_was_nothing_to_do() {
        let no_input = Summary { documents: 0, ..scanned() };
        assert_eq!(summary_line(&no_input), "nothing was scanned: no input");
        let no_rules = Summary { rules: 0, ..scanned() };
        assert_eq!(summary_line(&no_rules), "nothing was looked for: no rules | 3,738 files, 43 MB, 61 ms | complete");
        let none_read = Summary { documents: 0, unread: vec![unread()], ..scanned() };
        assert_eq!(summary_line(&none_read), "nothing was scanned | INCOMPLETE: 1 not read");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!([999, 1000, 1_234_567].map(grouped), ["999", "1,000", "1,234,567"]);
        assert_eq!(
            [0, 999, 1000, 9_999, 10_000, 43_999_999, 5_250_000_000, 12_000_000_000_000_000].map(size),
            ["0 B", "999 B", "1.0 kB", "9.9 kB", "10 kB", "43 MB", "5.2 GB", "12,000 TB"]
        );
        let times = [0, 999, 1000, 59_999, 60_000, 192_000].map(|ms| time(Duration::from_millis(ms)));
        assert_eq!(times, ["0 ms", "999 ms", "1.0 s", "59.9 s", "1 min 0 s", "3 min 12 s"]);
    }
}
