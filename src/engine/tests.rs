//! The engine against its oracle, on text made of what is hard: anchors, near misses, neighbours, encodings, cut lines.
//! Rules here are few and small, one of each shape; the built-in rules have their own tests.

use std::borrow::Cow;
use std::io::{self, Read};
use std::sync::Arc;

use proptest::prelude::*;

use super::scanner::{MOST_CANDIDATES, PIECE};
use super::*;
use crate::model::{Held, KindSet};
use crate::rules::{
    Bounds, Context, Edge, Edges, Greedy, Matcher, Near, Pair, Piece, Rule, RuleSet, Run, SecretStart, Shape, Unescape,
    Validator,
};

fn rule(id: &'static str, anchors: &[&'static str], matcher: Matcher) -> Rule {
    Rule {
        id: id.into(),
        description: id.into(),
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        tags: Cow::Borrowed(&[]),
        anchors: anchors.iter().map(|&anchor| Cow::Borrowed(anchor)).collect(),
        ignore_case: false,
        matcher,
        edges: Edges { left: Edge::Alnum, right: Edge::Alnum },
        near: None,
        pair: None,
        context: None,
        kinds: KindSet::ALL,
        unescape: Cow::Borrowed(&[]),
        validators: Cow::Borrowed(&[]),
        wrapped: false,
        generic: false,
        allow_values: Cow::Borrowed(&[]),
        remediation: "".into(),
        references: Cow::Borrowed(&[]),
        examples: Cow::Borrowed(&[]),
        counterexamples: Cow::Borrowed(&[]),
    }
}

fn regex(pattern: &'static str, longest: usize, lead: usize, secret_first: bool) -> Matcher {
    let secret_last = pattern.ends_with(')');
    let is_only = pattern.starts_with("(?<secret>") && secret_last;
    let secret_start = if is_only { SecretStart::Whole } else { SecretStart::Asked };
    // Of a regex that begins with an anchor of three letters, as all of these do.
    let shortest = if lead == 0 { 3 } else { 0 };
    let bounds = Bounds { shortest, longest, lead, secret_first, secret_last, secret_start, ..Bounds::NOTHING };
    Matcher::Regex { pattern: pattern.into(), multiline: false, bounds }
}

/// A regex without a longest match, of which so much is looked at.
fn endless(pattern: &'static str, lead: usize, secret_first: bool) -> Matcher {
    let Matcher::Regex { pattern, multiline, bounds } = regex(pattern, 40, lead, secret_first) else {
        unreachable!("a regex was asked for")
    };
    Matcher::Regex { pattern, multiline, bounds: Bounds { endless: true, ..bounds } }
}

/// The same rule, whose matches are three bytes and then a row of these.
fn row(mut rule: Rule, bytes: impl Iterator<Item = u8>, most: Option<usize>) -> Rule {
    if let Matcher::Regex { bounds, .. } = &mut rule.matcher {
        bounds.greedy = Some(Greedy { head: 3, is_fixed: true, bytes: set(bytes), least: 6, most, tail: 0 });
    }
    rule
}

/// The bytes of `[a-z0-9/+]`.
fn key_bytes() -> [u64; 4] {
    set((b'a'..=b'z').chain(b'0'..=b'9').chain([b'/', b'+']))
}

fn set(bytes: impl Iterator<Item = u8>) -> [u64; 4] {
    bytes.fold([0; 4], |mut set, byte| {
        set[usize::from(byte / 64)] |= 1 << (byte % 64);
        set
    })
}

/// One rule of each shape: `IDQ` and six letters is an id, twelve letters near it are its key.
fn rules() -> Vec<Rule> {
    let key = "(?i)(?:my|the)?[a-z_]{0,6}secret[ =:]{1,3}(?<secret>(?-i:[a-z0-9/+]{12}))";
    let run = Some(Run { least: 12, bytes: key_bytes() });
    let secret_start = SecretStart::BeforeEnd(12);
    let bounds = Bounds { longest: 32, lead: 9, secret_last: true, secret_start, run, ..Bounds::NOTHING };
    let long = "(?<secret>tk_[a-z0-9]{8,40}(?:\\.[a-z0-9]{1,8})?)";
    let long_run = Some(Run { least: 8, bytes: key_bytes() });
    let (secret_first, secret_last, run) = (true, true, long_run);
    let long_bounds = Bounds {
        shortest: 11,
        longest: 60,
        endless: false,
        lead: 0,
        secret_first,
        secret_last,
        secret_start: SecretStart::Whole,
        run,
        ..Bounds::NOTHING
    };
    let pair = |severity| Some(Pair { with: vec!["id".into()].into(), within: 40, severity });
    let near = Some(Near { rules: vec!["id".into()].into(), within: 40, report_as: "key".into() });
    let id = rule("id", &["IDQ"], regex("(?<secret>IDQ[A-Z]{6})", 9, 0, true));
    let endless_row = rule("endless", &["en-"], endless("(?<secret>en-[a-z0-9-]{6,})", 0, true));
    let mut rowed =
        row(rule("rowed", &["rw_"], regex("(?<secret>rw_[a-f]{6,9}={0,2})", 14, 0, true)), b'a'..=b'f', Some(9));
    let mut pieced = rule("pieced", &["pc_"], regex("pc_[a-z_]{2,30}?=(?<secret>[0-9]{4})", 38, 0, false));
    if let (Matcher::Regex { bounds, .. }, Matcher::Regex { bounds: of_pieced, .. }) =
        (&mut rowed.matcher, &mut pieced.matcher)
    {
        bounds.greedy.as_mut().expect("it was given").tail = 2;
        let digits = set(b'0'..=b'9');
        of_pieced.piece = Some(Piece {
            from: 5,
            to: 33,
            bytes: [set(std::iter::once(b'=')), digits, digits, digits, digits, set(0..=u8::MAX)],
        });
    }
    vec![
        Rule { wrapped: true, ..row(id, b'A'..=b'Z', Some(6)) },
        Rule {
            ignore_case: true,
            wrapped: true,
            pair: pair(Severity::Critical),
            unescape: vec![Unescape::Percent].into(),
            edges: Edges { left: Edge::None, right: Edge::Base64 },
            ..rule("key", &["secret"], Matcher::Regex { pattern: key.into(), multiline: false, bounds })
        },
        Rule {
            near,
            pair: pair(Severity::Critical),
            edges: Edges { left: Edge::Base64, right: Edge::Base64 },
            validators: vec![Validator::Entropy(1.0)].into(),
            ..rule("key-candidate", &[], regex("(?<secret>[a-z0-9/+]{12})", 12, 12, true))
        },
        Rule {
            edges: Edges { left: Edge::Token, right: Edge::Token },
            pair: pair(Severity::High),
            validators: vec![Validator::ExpiryBeside].into(),
            ..rule("long", &["tk_"], Matcher::Regex { pattern: long.into(), multiline: false, bounds: long_bounds })
        },
        Rule {
            generic: true,
            ignore_case: true,
            ..rule("generic", &["pass", "key", "secret"], Matcher::Structure(Shape::Assignment))
        },
        Rule {
            edges: Edges { left: Edge::None, right: Edge::None },
            ..rule("overlapping", &["aba"], regex("[abx]{0,3}(?<secret>aba[ab]{0,4})", 10, 3, false))
        },
        Rule {
            edges: Edges { left: Edge::None, right: Edge::None },
            context: Some(Context { words: vec!["secret".into(), "idq".into()].into(), within: 20 }),
            ..rule("told", &["vx-"], regex("(?<secret>vx-[0-9]{3})", 6, 0, true))
        },
        Rule {
            edges: Edges { left: Edge::Alnum, right: Edge::None },
            ..row(endless_row, (b'a'..=b'z').chain(b'0'..=b'9').chain([b'-']), None)
        },
        Rule {
            edges: Edges { left: Edge::Token, right: Edge::None },
            ..rule("endless-before", &["=mid="], endless("(?<secret>[a-z]{2,}=mid=[a-z]{3}[a-z=]*)", 40, true))
        },
        Rule { ..rule("endless-behind", &["-end"], endless("to [a-z-]{1,}?-end (?<secret>[a-z]{4,})", 40, false)) },
        rowed,
        Rule { edges: Edges { left: Edge::None, right: Edge::None }, ..pieced },
        Rule {
            near: Some(Near { rules: vec!["id".into()].into(), within: 15, report_as: "".into() }),
            edges: Edges { left: Edge::None, right: Edge::Alnum },
            ..rule("beside", &[], regex("vx[:-](?<secret>[0-9a-z]{4})", 7, 7, false))
        },
    ]
}

pub(super) fn scanner(chosen: &[bool], piece: usize) -> Scanner {
    let rules = rules().into_iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(rule, _)| rule).collect();
    let mut scanner = Scanner::new(RuleSet::new(rules), Options { decode: 2 }).with_markers(&Marker::ALL);
    scanner.piece = piece;
    scanner
}

/// The same, which knows values: some that the rules find too, one inside another, one with much to escape.
pub(super) fn knowing_scanner(chosen: &[bool], piece: usize) -> Scanner {
    let mut rules: Vec<Rule> =
        rules().into_iter().zip(chosen).filter(|(_, chosen)| **chosen).map(|(rule, _)| rule).collect();
    rules.push(rule("known", &[], Matcher::Known));
    let held = |value: &&str| Held {
        secret: Secret::new(value.as_bytes()),
        from: format!("of {}", value.len()),
        severity: None,
        setting: None,
    };
    let known = Known::new(KNOWN.iter().map(held));
    assert_eq!(known.len(), KNOWN.len());
    let mut scanner =
        Scanner::new(RuleSet::new(rules), Options { decode: 2 }).with_markers(&Marker::ALL).with_known(Arc::new(known));
    scanner.piece = piece;
    scanner
}

const KNOWN: [&str; 4] = ["ak7q/m2p+x9v", "zak7q/m2p+x9vb4", "tk_k3v9x2m8q7w1", "w=\"/\\%&'q8r5t2\n"];

/// Known values as they are and escaped, whole and cut.
fn known_text() -> impl Strategy<Value = Vec<u8>> {
    let value = prop::sample::select(KNOWN.to_vec());
    let spelled = (value, 0..6).prop_map(|(value, style)| match style {
        0 | 1 => value.to_owned(),
        2 => value
            .bytes()
            .map(
                |byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02x}") },
            )
            .collect(),
        3 => value.escape_default().to_string(),
        4 => value[1..].to_owned(),
        _ => value[..value.len() - 1].to_owned(),
    });
    let words = proptest::collection::vec(
        prop_oneof![4 => spelled, 1 => "IDQ[A-Z]{6} ", 1 => "[ =\"\\\\]{1,3}", 1 => Just("secret = ".to_owned())],
        1..6,
    );
    words.prop_map(|words| words.concat().into_bytes())
}

pub(super) fn known_document() -> impl Strategy<Value = Vec<u8>> {
    let fragment = prop_oneof![
        3 => fragment(),
        6 => known_text(),
        2 => known_text().prop_map(|text| base64(&text)),
        2 => known_text().prop_map(|text| wrapped_base64(&text)),
        1 => known_text().prop_map(utf16),
        1 => known_text().prop_map(|text| utf16(base64(&text))),
    ];
    proptest::collection::vec(fragment, 0..10).prop_map(|fragments| fragments.concat())
}

/// Two rules find one secret, and both belong to the id beside it: one finding, of the severer, and not none.
#[test]
fn two_parts_at_one_place_are_one() {
    let part = |id, severity| Rule {
        pair: Some(Pair { with: vec!["id".into()].into(), within: 40, severity }),
        ..rule(id, &["tk_"], regex("(?<secret>tk_[a-z]{8})", 11, 0, true))
    };
    let id = rule("id", &["IDQ"], regex("(?<secret>IDQ[A-Z]{6})", 9, 0, true));
    for severities in [[Severity::High, Severity::Critical], [Severity::Critical, Severity::High]] {
        let scanner = Scanner::new(
            RuleSet::new(vec![id.clone(), part("one", severities[0]), part("other", severities[1])]),
            Options::default(),
        );
        let matches = scanner.scan(&mut scanner.scratch(), b"IDQABCDEF tk_abcdefgh IDQGHIJKL", KindSet::ALL).matches;
        let found: Vec<_> = matches.iter().map(|found| (found.severity, found.related.len())).collect();
        assert_eq!(found, [(Severity::Critical, 1), (Severity::Medium, 0)]);
    }
}

/// A reader that gives a few bytes at a time.
struct Dribble<'a>(&'a [u8], usize);

impl Read for Dribble<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.1.min(buf.len()).min(self.0.len());
        buf[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

/// Text of one line, give or take: whole credentials, halves of these, near misses, at all distances.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let gap = prop_oneof![3 => "[ ,;=\"'(){}/.\n-]{1,4}", 2 => " {10,60}", 1 => " {37,43}", 1 => "", 1 => "\\PC{1,4}"];
    let word = prop_oneof![
        5 => "IDQ[A-Z]{6}",
        1 => "IDQ[A-Z]{5,7}",
        5 => "[a-z0-9/+]{12}",
        1 => "[a-z0-9/+]{11,13}",
        4 => "(my|the)?(_|[a-z]{6})?[sS]ecret[ =:]{1,3}[a-z0-9/+]{12}",
        2 => "(my|the)?[a-z_]{0,7}[sS]ecret[ =:]{0,4}[a-z0-9/+%]{0,14}",
        2 => "tk_[a-z0-9]{8,40}(\\.[a-z0-9]{1,8})?",
        1 => "tk_[a-z0-9.]{0,50}",
        2 => "[abx]{1,12}",
        2 => "(vx[:-][0-9]{3,4}[ ,]?){1,3}",
        2 => "(en-|[a-z0-9]{1,4}){1,12}",
        2 => "(rw_|[a-f]{1,7}|={1,2}){1,9}",
        2 => "(pc_|[a-z]{1,9}|=[0-9]{2,4}){1,9}",
        2 => "[a-z]{1,3}(=mid=|[a-z]{1,4}){1,10}",
        2 => "(to |[a-z]{1,3}|-end ){1,12}",
        2 => "(db_password|api_key|secret) ?[=:] ?[\"']?[A-Za-z0-9!?_-]{4,24}[\"']?",
        1 => "(IDQ|secret|tk_|aba){1,6}",
        1 => Just("# keysieve:allow".to_owned()),
        1 => "(# keysieve:allow-next-line|gitleaks:allow|pragma: allowlist (nextline )?secret)\r?\n?",
        1 => "expires(: ?|=)20(25|26)-01-31T12:00:0[0-9]Z",
        1 => "%3D|\\\\n|\\\\u003d|\r\n",
    ];
    let words = proptest::collection::vec((gap, word), 1..6);
    words.prop_map(|words| words.into_iter().flat_map(|(gap, word)| [gap, word]).collect::<String>().into_bytes())
}

fn base64(text: &[u8]) -> Vec<u8> {
    data_encoding::BASE64.encode(text).into_bytes()
}

fn wrapped_base64(text: &[u8]) -> Vec<u8> {
    base64(&text.repeat(3)).chunks(64).flat_map(|line| [line, b"\n "].concat()).collect()
}

fn utf16(text: Vec<u8>) -> Vec<u8> {
    text.into_iter().flat_map(|byte| [byte, 0]).collect()
}

fn percent_encoded(text: &[u8]) -> Vec<u8> {
    text.iter()
        .flat_map(|&byte| if byte.is_ascii_alphanumeric() { vec![byte] } else { format!("%{byte:02X}").into() })
        .collect()
}

fn of_html(text: &[u8]) -> Vec<u8> {
    text.iter()
        .flat_map(|&byte| match byte {
            b'"' => b"&quot;".to_vec(),
            b'=' | b'%' | b'k' => format!("&#{byte};").into(),
            _ => vec![byte],
        })
        .collect()
}

fn escaped(text: &[u8]) -> Vec<u8> {
    text.iter()
        .flat_map(|&byte| if byte.is_ascii_lowercase() { vec![byte] } else { format!("\\u00{byte:02x}").into() })
        .collect()
}

fn spliced(text: &[u8]) -> Vec<u8> {
    let (one, other) = text.split_at(text.len() / 2);
    [one, b"\" + \"", &other[..other.len() / 2], b"\"\n  + \"", &other[other.len() / 2..]].concat()
}

fn fragment() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        16 => text(),
        2 => text().prop_map(|text| base64(&text)),
        2 => text().prop_map(|text| wrapped_base64(&text)),
        2 => text().prop_map(utf16),
        2 => text().prop_map(|text| utf16(base64(&text))),
        1 => text().prop_map(|text| base64(&utf16(text))),
        1 => text().prop_map(|text| data_encoding::HEXLOWER.encode(&text).into_bytes()),
        1 => text().prop_map(|text| percent_encoded(&text)),
        1 => text().prop_map(|text| of_html(&text)),
        1 => text().prop_map(|text| escaped(&text)),
        1 => text().prop_map(|text| spliced(&text)),
        1 => text().prop_map(|text| of_html(&base64(&text))),
        1 => prop::sample::select(vec!["\" + \"", "'\n  '", "&quot;", "%3D", "\\u0022"]).prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..12),
        1 => (0usize..3000).prop_map(|n| vec![b'.'; n]),
        1 => (0usize..3000).prop_map(|n| vec![b'x'; n]),
    ]
}

pub(super) fn document() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(fragment(), 0..16).prop_map(|fragments| fragments.concat())
}

fn assert_equal(scanner: &Scanner, text: &[u8], dribble: usize) {
    let whole = scanner.scan(&mut scanner.scratch(), text, KindSet::ALL);
    let expected = reference::scan(scanner, text, KindSet::ALL);
    assert_eq!(clear(&whole.matches), clear(&expected), "scan against the reference");
    assert_eq!(whole.matches, expected, "scan against the reference, in every field");
    let stream = scanner.scan_stream(&mut scanner.scratch(), &mut Dribble(text, dribble), KindSet::ALL);
    assert_eq!(stream.0, whole, "a stream against the whole");
}

/// What a failure shows, since secrets do not print themselves.
fn clear(matches: &[Match]) -> Vec<(usize, Span, String, &'static str)> {
    let text = |secret: &Secret| String::from_utf8_lossy(secret.expose()).into_owned();
    matches.iter().map(|m| (m.rule, m.span, text(&m.secret), m.why)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn equals_the_reference(
        text in document(),
        chosen in proptest::collection::vec(any::<bool>(), 13),
        all in any::<bool>(),
        piece in prop_oneof![3 => 1usize..80, 1 => Just(PIECE)],
        dribble in 1usize..5000,
    ) {
        let chosen: Vec<bool> = chosen.into_iter().map(|one| one || all).collect();
        assert_equal(&scanner(&chosen, piece), &text, dribble);
    }
}

/// What the second of two anchors begins belongs to a match that begins with the first, although a cut lies between them.
#[test]
fn an_anchor_behind_a_cut_is_not_tried_alone() {
    let chosen: Vec<bool> = (0..13).map(|rule| matches!(rule, 0 | 2 | 7)).collect();
    assert_equal(&scanner(&chosen, 1), b"=IDQAAAAAA\nen-0a0aaaa00aen-en-en-en-", 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn known_values_equal_the_reference(
        text in known_document(),
        chosen in proptest::collection::vec(any::<bool>(), 7),
        piece in prop_oneof![3 => 1usize..80, 1 => Just(PIECE)],
        dribble in 1usize..5000,
    ) {
        assert_equal(&knowing_scanner(&chosen, piece), &text, dribble);
    }
}

/// Runs of encoded text that go on for longer than a view does.
#[test]
fn long_encoded_text_equals_the_reference() {
    let line = |n: usize| {
        format!(
            "{} IDQ{}\n",
            ".".repeat(17 * n % 2500),
            "ABCDEF".chars().rev().cycle().skip(n % 5).take(6).collect::<String>()
        )
    };
    let text: String = (0..80).map(line).collect();
    for encoded in [utf16(text.clone().into_bytes()), base64(text.as_bytes())] {
        let scanner = scanner(&[true; 6], 100_000);
        let whole = scanner.scan(&mut scanner.scratch(), &encoded, KindSet::ALL);
        let found: Vec<Span> = whole.matches.iter().map(|m| m.span).collect();
        let expected: Vec<Span> = reference::scan(&scanner, &encoded, KindSet::ALL).iter().map(|m| m.span).collect();
        let differs = found.iter().zip(&expected).position(|(one, other)| one != other);
        assert_eq!((found.len(), differs), (expected.len(), None));
        assert_eq!(found.len(), 80);
    }
}

fn found(text: &str) -> Vec<(String, String, &'static str)> {
    let scanner = scanner(&[true; 6], PIECE);
    let matches = scanner.scan(&mut scanner.scratch(), text.as_bytes(), KindSet::ALL).matches;
    assert_eq!(matches, reference::scan(&scanner, text.as_bytes(), KindSet::ALL));
    let name = |m: &Match| scanner.rules().rules()[m.rule].id.to_string();
    matches.iter().map(|m| (name(m), String::from_utf8_lossy(m.secret.expose()).into_owned(), m.why)).collect()
}

fn one(rule: &str, secret: &str, why: &'static str) -> (String, String, &'static str) {
    (rule.to_owned(), secret.to_owned(), why)
}

#[test]
fn two_ids_that_share_a_separator_are_both_found() {
    assert_eq!(found("IDQAAAAAB,IDQAAAAAC"), [one("id", "IDQAAAAAB", "prefix"), one("id", "IDQAAAAAC", "prefix")]);
}

#[test]
fn an_id_and_the_key_beside_it_are_one_finding() {
    assert_eq!(found("connect('IDQAAAAAB', 'abcdefghi/12')"), [one("key", "abcdefghi/12", "paired")]);
    assert_eq!(found("abcdefghi/12"), []);
    let apart = format!("IDQAAAAAB{}abcdefghi/12", " ".repeat(41));
    assert_eq!(found(&apart), [one("id", "IDQAAAAAB", "prefix")]);
}

#[test]
fn a_named_key_is_preferred_to_a_nearer_neighbour() {
    assert_eq!(found("IDQAAAAAB xxyyzzxxyyzz secret=abcdefghi/12"), [one("key", "abcdefghi/12", "paired")]);
}

#[test]
fn ids_and_keys_are_joined_one_to_one() {
    let text = "IDQAAAAAB abcdefghi/12\nIDQAAAAAC abcdefghi/34";
    assert_eq!(found(text), [one("key", "abcdefghi/12", "paired"), one("key", "abcdefghi/34", "paired")]);
}

#[test]
fn three_parts_are_one_finding() {
    let scanner = scanner(&[true; 6], PIECE);
    let text = b"IDQAAAAAB secret=abcdefghi/12 tk_aaaaaaaa";
    let matches = scanner.scan(&mut scanner.scratch(), text, KindSet::ALL).matches;
    assert_eq!(matches.len(), 1);
    assert_eq!(matches[0].severity, Severity::Critical);
    assert_eq!(matches[0].related.iter().map(|part| part.rule).collect::<Vec<_>>(), [0, 3]);
}

#[test]
fn base64_of_an_id_at_any_phase() {
    for lead in ["", "x", "xx", "id: "] {
        let encoded = data_encoding::BASE64.encode(format!("{lead}\nIDQAAAAAB\n").as_bytes());
        assert_eq!(found(&format!("data: {encoded}")), [one("id", "IDQAAAAAB", "prefix")]);
    }
}

#[test]
fn of_what_overlaps_the_longer_is_kept() {
    assert_eq!(found("tk_ababababab"), [one("long", "tk_ababababab", "prefix")]);
    assert_eq!(found("tk_x ababab"), [one("overlapping", "abab", "keyword")]);
}

#[test]
fn encodings_are_undone_to_the_depth_that_is_asked_for() {
    let encoded = data_encoding::BASE64.encode(b"id: IDQAAAAAB");
    let text: Vec<u8> = encoded.bytes().flat_map(|byte| [byte, 0]).collect();
    let count = |decode| {
        let scanner = Scanner::new(RuleSet::new(rules()), Options { decode });
        scanner.scan(&mut scanner.scratch(), &text, KindSet::ALL).matches.len()
    };
    assert_eq!([count(0), count(1), count(2)], [0, 0, 1]);
}

#[test]
fn a_megabyte_line_is_scanned_to_its_end() {
    let text = format!("{}IDQAAAAAB", "x ".repeat(PIECE));
    let scanner = scanner(&[true; 6], PIECE);
    let matches = scanner.scan(&mut scanner.scratch(), text.as_bytes(), KindSet::ALL).matches;
    assert_eq!(matches.iter().map(|m| m.span).collect::<Vec<_>>(), [Span::new(2 * PIECE, 2 * PIECE + 9)]);
}

#[test]
fn a_key_across_two_pieces_is_found_once() {
    for shift in 0..12 {
        let text = format!("{}IDQAAAAAB{}", " ".repeat(PIECE - shift), " ".repeat(PIECE));
        let scanner = scanner(&[true; 6], PIECE);
        let stream = scanner.scan_stream(&mut scanner.scratch(), &mut text.as_bytes(), KindSet::ALL);
        let whole = scanner.scan(&mut scanner.scratch(), text.as_bytes(), KindSet::ALL);
        assert_eq!(whole.matches.len(), 1);
        assert_eq!(stream.0, whole);
    }
}

/// A reader that fails when it has given its text.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buf)? {
            0 => Err(io::Error::other("the disk is gone")),
            n => Ok(n),
        }
    }
}

#[test]
fn what_was_read_before_an_error_is_scanned() {
    let scanner = scanner(&[true; 6], PIECE);
    let (scanned, read) = scanner.scan_stream(&mut scanner.scratch(), &mut Failing(b"IDQAAAAAB"), KindSet::ALL);
    assert_eq!((scanned.matches.len(), scanned.bytes), (1, 9));
    assert!(read.is_err_and(|error| error.to_string() == "the disk is gone"));
}

#[test]
fn a_document_full_of_keys_is_not_called_clean() {
    let scanner = scanner(&[true; 6], PIECE);
    let text = "IDQAAAAAB,".repeat(MOST_CANDIDATES + 1);
    let scanned = scanner.scan(&mut scanner.scratch(), text.as_bytes(), KindSet::ALL);
    assert!(scanned.overflow && scanned.matches.len() == MOST_CANDIDATES);
}

#[test]
fn nothing_of_a_candidate_is_shown() {
    let scanner = scanner(&[true; 6], PIECE);
    let text = "a IDQAAAAAB keysieve:allow b";
    assert_eq!(crate::model::Text::new(text.as_bytes(), &scanner).as_str(), "a ********* keysieve:allow b");
}

/// Ways to spell a text out, and what they are called.
#[test]
fn credentials_are_found_in_every_encoding() {
    let id = concat!("AKIARZPU", "ZDIKPHOMTE4W");
    let password = concat!("kW9mPz", "2vQx7L");
    let json = format!("{{\"password\": \"{password}\"}}");
    let url = format!("postgres://joe:{password}@db.corp.io/x");
    let hex = |text: &str| data_encoding::HEXLOWER.encode(text.as_bytes());
    let encoded = |bytes: Vec<u8>| String::from_utf8(bytes).expect("encodings are ASCII");
    let one = |encoding| vec![encoding];
    for (text, secret, encodings) in [
        (hex(&format!("id = {id}")), id, one(Encoding::Hex)),
        (format!("x'{}'", hex(&json)), password, one(Encoding::Hex)),
        (format!("to={}", encoded(percent_encoded(url.as_bytes()))), password, one(Encoding::Percent)),
        (encoded(percent_encoded(&percent_encoded(url.as_bytes()))), password, vec![Encoding::Percent; 2]),
        (encoded(of_html(json.as_bytes())), password, one(Encoding::Entities)),
        (json.replace('"', "\\u0022"), password, one(Encoding::Escapes)),
        (json.replace('"', "\\\\\\u0022"), password, one(Encoding::Escapes)),
        (format!("id = \"{}\" + \"{}\"", &id[..4], &id[4..]), id, one(Encoding::Splice)),
        (format!("id = '{}' \\\n      '{}'", &id[..9], &id[9..]), id, one(Encoding::Splice)),
        (format!("$password = '{}' . '{}';", &password[..5], &password[5..]), password, one(Encoding::Splice)),
        (encoded(base64(json.replace('"', "&quot;").as_bytes())), password, vec![Encoding::Base64, Encoding::Entities]),
    ] {
        let scanner = Scanner::new(RuleSet::builtin(), Options::default());
        let found = scanner.scan(&mut scanner.scratch(), text.as_bytes(), KindSet::ALL).matches;
        let found: Vec<_> = found.iter().map(|one| (one.secret.expose(), &one.encodings)).collect();
        let expected: &[_] = &[(secret.as_bytes(), &encodings)];
        assert_eq!(found, expected, "{text}");
    }
}
