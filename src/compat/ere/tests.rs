//! Expressions against tables, and against grep itself on random patterns and lines.

use std::{
    fmt::Write as _,
    io::Write as _,
    process::{Command, Stdio},
};

use bstr::ByteSlice;
use proptest::prelude::*;

use super::{EreError, parse};
use crate::compat::{
    grep::{Binary, Grep},
    patterns::{Matcher, Pattern, Wanted},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum As {
    Words,
    Text,
}

fn matcher(pattern: &[u8], how: As) -> Result<Matcher, EreError> {
    let patterns = [Pattern::given(pattern)];
    let matcher = if how == As::Words { Matcher::of_words(&patterns) } else { Matcher::anywhere(&patterns) };
    matcher.map(|matcher| matcher.expect("there is a pattern")).map_err(|unusable| unusable.reason)
}

/// The numbers of the lines that match.
fn matching(pattern: &[u8], how: As, text: &[u8]) -> Result<Vec<u64>, EreError> {
    let wanted = Wanted { patterns: Some(matcher(pattern, how)?), builtin: None };
    let lines = Grep::new(&wanted).lines(text, Binary::Search).expect("reading from memory does not fail");
    Ok(lines.into_iter().map(|line| line.number).collect())
}

fn matches(pattern: &str, text: &str) -> bool {
    matcher(pattern.as_bytes(), As::Text).unwrap_or_else(|error| panic!("{pattern}: {error}")).is_match(text.as_bytes())
}

#[test]
fn expressions_mean_what_posix_says() {
    let (yes, no) = (true, false);
    for (pattern, text, expect) in [
        ("a{2}", "baab", yes),
        ("^a{2}$", "aaa", no),
        ("^a{,2}$", "", yes),
        ("^a{2,}$", "aaaaa", yes),
        ("^a{2}{2}$", "aaaa", yes),
        ("a{x}", "a{x}", yes),
        ("a{1", "a{1", yes),
        ("{", "{", yes),
        ("a|*b", "b", yes),
        ("(*b)", "b", yes),
        ("*a", "a", yes),
        ("^*a", "ba", yes),
        ("a)", "a)", yes),
        ("()", "", yes),
        ("(a|)b", "b", yes),
        ("a^b", "a^b", no),
        ("a$b", "a$b", no),
        ("[]a]", "]", yes),
        ("[^]a]", "]", no),
        ("[a-]", "-", yes),
        ("[%--]", "+", yes),
        ("[\\n]", "\\", yes),
        ("[\\n]", "n", yes),
        ("[[:digit:]_]{3}", "1_2", yes),
        ("[^[:space:]]", " \t\r", no),
        ("[[.-.]a]", "-", yes),
        ("[[.a.]-[.c.]]", "b", yes),
        ("[[=a=]]", "a", yes),
        ("[[.].]]", "]", yes),
        ("[:space:]", "p", yes),
        (r"\w\W\s\S", "a- b", yes),
        (r"\<a\>", "b a b", yes),
        (r"\<a\>", "bab", no),
        (r"a\b", "ab", no),
        (r"a\B", "ab", yes),
        (r"\`a\'", "a", yes),
        (r"\`a\'", "ba", no),
        (r"\{1\}", "{1}", yes),
        (r"\.", "a", no),
        (r"\-", "-", yes),
        (r"\d", "d", yes),
        (".", "\u{e9}", yes),
        ("^..$", "\u{e9}", yes),
        ("d$", "forbids", no),
        ("d$", "forbid", yes),
    ] {
        assert_eq!(matches(pattern, text), expect, "{pattern} on {text:?}");
    }
}

#[test]
fn what_is_no_expression_is_refused_by_name() {
    for (pattern, expect) in [
        (r"(a)\1", EreError::BackReference('1')),
        ("(?=a)", EreError::ForeignGroup),
        ("(?i)a", EreError::ForeignGroup),
        ("a\\", EreError::TrailingBackslash),
        ("[a", EreError::UnmatchedBracket),
        ("[", EreError::UnmatchedBracket),
        ("[]", EreError::UnmatchedBracket),
        ("[a-", EreError::UnmatchedBracket),
        ("[[:alpha:", EreError::UnmatchedBracket),
        ("(a", EreError::UnmatchedParenthesis),
        ("[z-a]", EreError::Range),
        ("[a-c-e]", EreError::Range),
        ("[[:alpha:]-z]", EreError::Range),
        ("[[=a=]-c]", EreError::Range),
        ("[[:word:]]", EreError::ClassName),
        ("[[.space.]]", EreError::Collation),
        ("a{3,2}", EreError::Interval),
        ("a{}", EreError::Interval),
        ("a{32768}", EreError::TooBig),
        ("((a{999}){999}){999}", EreError::TooBig),
    ] {
        assert_eq!(matcher(pattern.as_bytes(), As::Text).err(), Some(expect), "{pattern}");
    }
}

#[test]
fn depth_has_a_limit_and_ordinary_nesting_does_not_reach_it() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(nested(100).as_bytes()).is_ok());
    assert_eq!(parse(nested(100_000).as_bytes()).err(), Some(EreError::TooBig));
    assert_eq!(parse(format!("a{}", "*".repeat(100_000)).as_bytes()).err(), Some(EreError::TooBig));
}

#[test]
fn a_word_is_found_by_shorter_matches_and_by_later_ones() {
    for (pattern, text, expect) in [
        ("me", "foo.me", true),
        ("me", "\"me\"", true),
        ("me", "mesa", false),
        ("me", "mesa me", true),
        ("a{1,3}", "xaaa aa!", true),
        ("foo(bar)?", "foobarx foo-", true),
        ("key\"?=?\"?[a-z]{3}\"?", "key=\"abc\"x", true),
        ("a b", "xa b a b", true),
        ("a", "\u{e9}a\u{e9}", true),
        ("a", "_a", false),
    ] {
        let found = matching(pattern.as_bytes(), As::Words, text.as_bytes()).expect("a pattern");
        assert_eq!(!found.is_empty(), expect, "{pattern} on {text:?}");
    }
}

/// Deterministic, so that a failure can be looked at.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }

    fn text(&mut self, parts: &[&[u8]], most: usize) -> Vec<u8> {
        (0..=self.below(most)).flat_map(|_| parts[self.below(parts.len())].to_vec()).collect()
    }
}

/// Each is run through grep twice, which takes most of the time.
const PATTERNS: usize = 500;

const PATTERN_PARTS: &[&[u8]] = &[
    b"aba",
    b"bab",
    b"abba",
    b"a",
    b"a",
    b"b",
    b"b",
    b"c",
    b"_",
    b"-",
    b" ",
    b"\"",
    b"1",
    b"\xff",
    b".",
    b".",
    b"*",
    b"+",
    b"?",
    b"|",
    b"(",
    b")",
    b"(a|b)",
    b"(ab)",
    b"{1}",
    b"{,2}",
    b"{2,}",
    b"{0,1}",
    b"{",
    b"}",
    b"[ab]",
    b"[^a]",
    b"[a-c]",
    b"[]a]",
    b"[^]b]",
    b"[[:alpha:]_]",
    b"[[:punct:]]",
    b"[b-a]",
    b"[a-b-c]",
    b"[",
    b"^",
    b"$",
    b"\\w",
    b"\\W",
    b"\\s",
    b"\\S",
    b"\\b",
    b"\\B",
    b"\\<",
    b"\\>",
    b"\\`",
    b"\\'",
    b"\\{",
    b"\\.",
    b"\\",
];
const TEXT_PARTS: &[&[u8]] = &[
    b"aba",
    b"bab",
    b"a",
    b"a",
    b"a",
    b"b",
    b"b",
    b"b",
    b"c",
    b"_",
    b"-",
    b" ",
    b"\"",
    b"1",
    b"\xff",
    b"\xc3\xa9",
    b"{",
    b".",
    b"\r",
];

/// A random pattern from parts; none if it is one on which we differ on purpose. `(?`, `{}` and `\1` are refused here,
/// and `[:alpha:]` outside of brackets is refused by grep, while git takes it for a set of letters.
fn pattern(random: &mut Random) -> Option<Vec<u8>> {
    let pattern = random.text(PATTERN_PARTS, 6);
    ["(?", "{}", "\\1", "\\[[:"].iter().all(|on_purpose| !pattern.contains_str(on_purpose)).then_some(pattern)
}

/// Whether the pattern has a `)` that closes nothing. With `-w` grep puts parentheses around it, and is confused.
fn closes_too_much(pattern: &[u8]) -> bool {
    pattern.contains(&b')') && parse(&[b"(", pattern, b")"].concat()).ok() != parse(pattern).ok()
}

fn lines(random: &mut Random, count: usize) -> Vec<u8> {
    (0..count).flat_map(|_| [&random.text(TEXT_PARTS, 7)[..], b"\n"].concat()).collect()
}

#[expect(clippy::disallowed_methods, reason = "what is tested is that we agree with grep, so grep is run")]
fn has_gnu_grep() -> bool {
    Command::new("grep").arg("--version").output().is_ok_and(|output| output.stdout.contains_str("GNU grep"))
}

/// The numbers of the lines that grep reports; none if it refuses the pattern.
#[expect(clippy::disallowed_methods, reason = "what is tested is that we agree with grep, so grep is run")]
fn grep(pattern: &[u8], how: As, text: &[u8]) -> Option<Vec<u64>> {
    let flags = if how == As::Words { "-anwE" } else { "-anE" };
    let mut grep = Command::new("grep");
    grep.env("LC_ALL", "C").args([flags, "-e"]).arg(pattern.to_os_str().expect("any bytes are an argument on Unix"));
    let mut grep = grep.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("grep runs");
    // A pattern that grep refuses is refused before the text is read.
    let _ = grep.stdin.take().expect("it is a pipe").write_all(text);
    let output = grep.wait_with_output().expect("grep ends");
    let number = |line: &[u8]| String::from_utf8_lossy(line).split(':').next().and_then(|number| number.parse().ok());
    (output.status.code() != Some(2)).then(|| output.stdout.split(|&byte| byte == b'\n').filter_map(number).collect())
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that tests nothing has to say so")]
fn random_patterns_agree_with_grep() {
    if !has_gnu_grep() {
        eprintln!("skipped: there is no GNU grep to compare with");
        return;
    }
    let mut random = Random(7);
    let (mut differences, mut compared) = (String::new(), 0);
    for _ in 0..PATTERNS {
        let Some(pattern) = pattern(&mut random) else { continue };
        let text = lines(&mut random, 40);
        for how in [As::Text, As::Words] {
            if how == As::Words && closes_too_much(&pattern) {
                continue;
            }
            let (ours, theirs) = (matching(&pattern, how, &text), grep(&pattern, how, &text));
            compared += 1;
            if ours.as_ref().ok() != theirs.as_ref() {
                let _ =
                    writeln!(differences, "{:?} {how:?}: {ours:?}, grep {theirs:?}", String::from_utf8_lossy(&pattern));
            }
        }
    }
    assert!(differences.is_empty(), "of {compared}:\n{differences}");
}

proptest! {
    #[test]
    fn no_pattern_and_no_text_make_it_panic(pattern: Vec<u8>, text: Vec<u8>) {
        let _ = matching(&pattern, As::Words, &text);
        let _ = matching(&pattern, As::Text, &text);
    }
}
