//! What standard error says of a run beside the summary line, which is the library's: the numbers of `--stats`, and what
//! was not read if no report on the terminal says so.

use keysieve::model::{Origin, Summary, Unread};

/// A megabyte, as the summary line counts them.
const MB: f64 = 1e6;

/// The lines, ready to be printed.
pub(crate) fn statistics(summary: &Summary) -> Vec<String> {
    let seconds = summary.elapsed.as_secs_f64();
    let megabytes = summary.bytes as f64 / MB;
    let rate = if seconds > 0.0 { megabytes / seconds } else { 0.0 };
    let mut lines = vec![
        format!("{:>12} rules", summary.rules),
        format!("{:>12} {}s", summary.documents, summary.unit.as_str()),
        format!("{:>12} bytes ({megabytes:.1} MB)", summary.bytes),
        format!("{seconds:>12.3} seconds ({rate:.0} MB/s)"),
        format!("{:>12} findings reported", summary.findings),
        format!("{:>12} findings that fail", summary.failing),
        format!("{:>12} occurrences suppressed", summary.suppressed),
    ];
    let by = summary.suppressed_by.iter();
    lines.extend(by.map(|(kind, count)| format!("{count:>12} of them accepted by {}", kind.describe())));
    lines.extend(summary.excluded.iter().map(|(what, count)| format!("{count:>12} {} left out", what.describe())));
    lines.push(format!("{:>12} not read", summary.unread.len()));
    lines
}

/// What was not read, and why.
pub(crate) fn unread(unread: &Unread) -> String {
    let Unread { origin, reason, path } = unread;
    let place = match origin {
        Origin::Stdin => "standard input".to_owned(),
        Origin::Commit(id) => format!("commit {id}"),
        Origin::Tag(id) => format!("tag {id}"),
        Origin::Object(id) => format!("object {id}"),
        Origin::Database => "the object database".to_owned(),
        _ => path.to_string(),
    };
    format!("{place} was not read: {reason}")
}

/// Whether there was nothing to do, which is said even if nothing else is.
pub(crate) fn is_empty(summary: &Summary) -> bool {
    summary.rules == 0 || summary.documents == 0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use keysieve::model::{Excluded, SuppressionKind, Unit};

    use super::*;

    #[test]
    fn every_number_has_a_line() {
        let summary = Summary {
            documents: 2,
            bytes: 3 << 20,
            unit: Unit::File,
            findings: 4,
            failing: 1,
            finding_documents: 1,
            suppressed: 5,
            suppressed_by: BTreeMap::from([(SuppressionKind::Inline, 3), (SuppressionKind::Baseline, 2)]),
            excluded: BTreeMap::from([(Excluded::Submodule, 6)]),
            unread: Vec::new(),
            rules: 7,
            interrupted: false,
            elapsed: Duration::from_millis(1500),
        };
        let expected = "           7 rules
           2 files
     3145728 bytes (3.1 MB)
       1.500 seconds (2 MB/s)
           4 findings reported
           1 findings that fail
           5 occurrences suppressed
           3 of them accepted by a comment
           2 of them accepted by a baseline
           6 submodules left out
           0 not read";
        assert_eq!(statistics(&summary).join("\n"), expected);
    }
}
