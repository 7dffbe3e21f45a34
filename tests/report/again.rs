//! JSON Lines lose nothing: any report that can be written is read again, and written again as the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use keysieve::model::{
    Confidence, Encoding, Excluded, Fact, Finding, Fingerprint, Introduction, Location, Name, Occurrence, Origin,
    Related, RunInfo, Secret, Severity, Span, Summary, Suppression, SuppressionKind, Text, Unit, Unread, UnreadReason,
    Vcs,
};
use keysieve::report::{Format, Log};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::{Report, reread};

/// Words with everything that a format has to escape.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\u{0}-\u{1f}\u{7f}-\u{9f}\u{202e}\u{2028}\u{fffe}\u{fffd}\u{1f511}é]{0,12}",
        select(vec![
            "",
            "\u{feff}",
            "]]>",
            "</script>",
            "=cmd()",
            "::error::",
            "##vso[x]",
            "\\u0000",
            "\"\r\n",
            "null"
        ])
        .prop_map(str::to_owned),
    ]
}

fn text() -> impl Strategy<Value = Text> {
    word().prop_map(Text::own)
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![(0..2u32, 0..2u32), any::<(u32, u32)>()]
        .prop_map(|(one, other)| Span::new(one.min(other) as usize, one.max(other) as usize))
}

fn origin() -> impl Strategy<Value = Origin> {
    (0..12, word(), word()).prop_map(|(kind, path, id)| {
        let name = Name::new(if path.len() > 5 { "a" } else { &path });
        match kind {
            0 => Origin::File(name),
            1 => Origin::FileName(name),
            2 => Origin::LinkTarget(name),
            3 => Origin::Stdin,
            4 => Origin::Staged(name),
            5 => Origin::MessageFile(name),
            6 => Origin::Blob { path: name, id },
            7 => Origin::Commit(id),
            8 => Origin::Tag(id),
            9 => Origin::Object(id),
            10 => Origin::Database,
            _ => Origin::Ref(name),
        }
    })
}

/// The path that a report shows of it: its own, since nothing in it is masked here.
fn shown_path(origin: &Origin) -> Text {
    Text::own(origin.path().map(|name| String::from_utf8_lossy(name.expose()).into_owned()).unwrap_or_default())
}

fn location() -> impl Strategy<Value = Location> {
    let number = || 1..usize::MAX / 2;
    (number(), number(), number(), number(), text(), option::of(any::<(u64, u32)>())).prop_map(
        |(start_line, start_column, lines, columns, snippet, line_hash)| {
            let (end_line, end_column) = (start_line + lines - 1, start_column + columns);
            Location { start_line, start_column, end_line, end_column, snippet, line_hash }
        },
    )
}

/// Of few secrets, so that reports have some in common.
fn fingerprint() -> impl Strategy<Value = Fingerprint> {
    (0..3u8).prop_map(|secret| Fingerprint::new("rule", &Secret::new([secret; 24]), None))
}

fn related() -> impl Strategy<Value = Related> {
    (word(), word(), span(), text(), fingerprint(), option::of(location())).prop_map(
        |(rule, description, span, shown, fingerprint, location)| {
            let (rule, description) = (rule.into(), description.into());
            Related { rule, description, span, shown, fingerprint, secret: Secret::new([]), location }
        },
    )
}

fn suppression() -> impl Strategy<Value = Suppression> {
    (select(SuppressionKind::ALL.to_vec()), option::of(text()), option::of(text()), option::of(word()))
        .prop_map(|(kind, reason, owner, until)| Suppression { kind, reason, owner, until })
}

fn occurrence() -> impl Strategy<Value = Occurrence> {
    let encodings = vec(select(Encoding::ALL.to_vec()), 0..3);
    (origin(), span(), encodings, vec(related(), 0..3), option::of(suppression()), option::of(location())).prop_map(
        |(origin, span, encodings, related, suppression, location)| {
            let path = shown_path(&origin);
            Occurrence { origin, span, encodings, related, suppression, path, location }
        },
    )
}

fn introduction() -> impl Strategy<Value = Introduction> {
    let words = (word(), text(), word(), text(), option::of(word()));
    (words, any::<(bool, bool, usize)>(), vec(text(), 0..3), vec(text(), 0..3)).prop_map(
        |((commit, author, date, summary, last_commit), (in_head, unreachable, more_refs), paths, refs)| {
            let path = Name::default();
            let known = Introduction { commit, author, date, summary, last_commit, ..Introduction::default() };
            Introduction { in_head, unreachable, more_refs, paths, refs, path, ..known }
        },
    )
}

fn finding() -> impl Strategy<Value = Finding> {
    let fact = (word(), word()).prop_map(|(key, value)| Fact { key: key.into(), value });
    let levels = (
        select(vec![Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info]),
        select(vec![Confidence::High, Confidence::Medium, Confidence::Low]),
    );
    let rule = select(vec!["a", "b"]);
    let words = (rule, word(), text(), any::<bool>());
    (words, levels, fingerprint(), vec(fact, 0..3), vec(occurrence(), 1..4), option::of(introduction())).prop_map(
        |((rule, why, shown, fails), (severity, confidence), fingerprint, facts, mut occurrences, introduction)| {
            // A place is told once.
            occurrences.sort_by_key(place);
            occurrences.dedup_by_key(|occurrence| place(occurrence));
            let (rule, why, secret) = (rule.into(), why.into(), Secret::new([]));
            Finding {
                rule,
                severity,
                confidence,
                why,
                secret,
                shown,
                fingerprint,
                facts,
                occurrences,
                introduction,
                fails,
            }
        },
    )
}

fn unread() -> impl Strategy<Value = Unread> {
    (origin(), 0..3, word()).prop_map(|(origin, kind, why)| {
        let reason = match kind {
            0 => UnreadReason::Io(why),
            1 => UnreadReason::Limit(why),
            _ => UnreadReason::Changed,
        };
        Unread { path: shown_path(&origin), origin, reason }
    })
}

fn summary() -> impl Strategy<Value = Summary> {
    let by = proptest::collection::btree_map(select(SuppressionKind::ALL.to_vec()), any::<usize>(), 0..4);
    let excluded = proptest::collection::btree_map(select(Excluded::ALL.to_vec()), any::<u64>(), 0..4);
    (any::<(u64, u64, usize, usize, usize, usize, bool, bool)>(), by, excluded, vec(unread(), 0..4)).prop_map(
        |(numbers, suppressed_by, excluded, unread)| {
            let (documents, bytes, failing, finding_documents, suppressed, rules, interrupted, of_objects) = numbers;
            let unit = if of_objects { Unit::Object } else { Unit::File };
            let counts = Summary { documents, bytes, failing, finding_documents, suppressed, ..Summary::default() };
            Summary { rules, interrupted, unit, suppressed_by, excluded, unread, ..counts }
        },
    )
}

fn run() -> impl Strategy<Value = RunInfo> {
    let vcs = (option::of(text()), option::of(word()), option::of(text()))
        .prop_map(|(repository_uri, revision, branch)| Vcs { repository_uri, revision, branch });
    (word(), option::of(vcs), any::<bool>()).prop_map(|(mode, vcs, show_secrets)| RunInfo {
        mode: mode.into(),
        vcs,
        show_secrets,
        ..RunInfo::default()
    })
}

fn jsonl(info: &RunInfo, findings: &[Finding], summary: &Summary) -> String {
    let info = info.clone();
    Report { info, ..Report::new(Format::Jsonl, findings, summary.clone()) }.render()
}

fn place(occurrence: &Occurrence) -> (Origin, Span) {
    (occurrence.origin.clone(), occurrence.span)
}

/// What a merged report says of each secret, in the order of secrets.
fn verdicts(log: &Log) -> BTreeMap<(String, String), String> {
    let verdict = |finding: &Finding| {
        let Finding { severity, confidence, fails, facts, occurrences, .. } = finding;
        let facts: BTreeSet<_> = facts.iter().collect();
        let places: BTreeMap<_, _> = occurrences.iter().map(|one| (place(one), one.suppression.is_some())).collect();
        format!("{severity} {confidence} {fails} {facts:?} {places:?}")
    };
    let key = |finding: &Finding| (finding.fingerprint.to_string(), finding.rule.to_string());
    log.findings.iter().map(|finding| (key(finding), verdict(finding))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_report_is_read_as_it_was_written(
        info in run(), findings in vec(finding(), 0..4), summary in summary(),
    ) {
        let summary = Summary { findings: findings.len(), ..summary };
        let written = jsonl(&info, &findings, &summary);
        let read = reread(&written);
        prop_assert_eq!(jsonl(&read.info, &read.findings, &read.summary), written);
    }

    /// What is merged is a report itself, whatever the reports say and however often they say it.
    #[test]
    fn any_reports_merge_to_a_report(
        info in run(), findings in vec(finding(), 0..4), summary in summary(), split in 0..4usize,
    ) {
        let part = |findings: &[Finding]| {
            let summary = Summary { findings: findings.len(), ..summary.clone() };
            reread(&jsonl(&info, findings, &summary))
        };
        let (one, other) = findings.split_at(split.min(findings.len()));
        let written = |log: &Log| jsonl(&log.info, &log.findings, &log.summary);
        let merged = Log::merge(vec![part(one), part(other)]);
        prop_assert_eq!(written(&reread(&written(&merged))), written(&merged));
        let again = Log::merge(vec![part(one), part(other), part(one), part(&findings)]);
        prop_assert_eq!(again.findings.len(), merged.findings.len());
        prop_assert_eq!(again.summary.findings, merged.summary.findings);
        // The order in which they are given changes no verdict and no place.
        let turned = Log::merge(vec![part(other), part(one)]);
        prop_assert_eq!(verdicts(&turned), verdicts(&merged));
    }
}
