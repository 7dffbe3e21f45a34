//! What a rule's regex must be, so that looking for it is cheap and bounded: bytes without Unicode, no look-around,
//! one group named `secret`, a longest match, a small automaton. That its anchors are right is `proof.rs`'s part.

use regex_automata::nfa::thompson;
use regex_syntax::hir::{Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

use super::greedy;
use super::piece;
use super::rule::{Bounds, SecretStart};
use super::run;

/// The name of the group that is the secret.
const SECRET_GROUP: &str = "secret";
/// The longest match of most rules, in bytes: a window of a line or three is all that a hit costs.
const LONGEST: usize = 1024;
/// The longest match with `long = true`, in bytes: session tokens and JWTs reach several KiB.
const LONGEST_LONG: usize = 16 * 1024;
/// No credential is shorter, in bytes.
const SHORTEST_SECRET: usize = 4;
/// The largest automaton, in bytes: a regex is compiled when first needed, which shall not be felt.
const LARGEST_NFA: usize = 64 * 1024;
/// Building it takes more, in bytes; this only keeps a hostile regex from taking all there is.
const LARGEST_BUILDER: usize = 8 * LARGEST_NFA;

/// The most characters in a class of others than ASCII: the parser makes a class of an alternation of letters too, and
/// that one is welcome.
const LARGEST_UNICODE_CLASS: usize = 16;

/// How much a rule asks for beyond what most need.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Allowance {
    /// Matches over 1 KiB.
    pub long: bool,
    /// Matches over several lines.
    pub multiline: bool,
}

/// A regex that has passed.
#[derive(Debug)]
pub(super) struct Checked {
    /// Its automaton.
    pub nfa: thompson::NFA,
    /// What is known of its matches, but how far before an anchor they begin.
    pub bounds: Bounds,
}

/// Checks a rule's regex; the first thing wrong with it is the error.
pub(super) fn check(pattern: &str, allowance: Allowance) -> Result<Checked, String> {
    let hir = parse(pattern)?;
    refuse_look_around(&hir)?;
    refuse_unicode(&hir)?;
    check_secret_group(&hir)?;
    if !allowance.multiline {
        refuse_line_ends(&hir)?;
    }
    let longest = longest(&hir, allowance.long)?;
    let endless = hir.properties().maximum_len().is_none();
    let (secret_first, secret_last) = (starts_with_secret(&hir), ends_with_secret(&hir));
    let (run, greedy, piece) = (run::necessary(&hir), greedy::of(&hir), piece::necessary(&hir));
    let shortest = hir.properties().minimum_len().unwrap_or(0);
    let bounds = Bounds {
        shortest,
        longest,
        endless,
        lead: longest,
        secret_first,
        secret_last,
        secret_start: secret_start(&hir),
        run,
        greedy,
        piece,
    };
    Ok(Checked { nfa: compile_hir(&hir)?, bounds })
}

/// The automaton of `pattern`.
pub(super) fn compile(pattern: &str) -> Result<thompson::NFA, String> {
    compile_hir(&parse(pattern)?)
}

/// The automaton of an expression.
pub(super) fn compile_hir(hir: &Hir) -> Result<thompson::NFA, String> {
    let config = thompson::Config::new().utf8(false).nfa_size_limit(Some(LARGEST_BUILDER));
    match thompson::Compiler::new().configure(config).build_from_hir(hir) {
        Ok(nfa) if nfa.memory_usage() <= LARGEST_NFA => Ok(nfa),
        Err(error) if error.size_limit().is_none() => Err(format!("the regex cannot be compiled: {error}")),
        _ => Err(format!(
            "the regex needs an automaton of more than {} KiB: shorten its counted repetitions",
            LARGEST_NFA / 1024
        )),
    }
}

pub(super) fn parse(pattern: &str) -> Result<Hir, String> {
    let parsed = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(pattern);
    parsed.map_err(|error| match &error {
        regex_syntax::Error::Parse(error) => at(error.span().start.offset, error.kind()),
        regex_syntax::Error::Translate(error) => at(error.span().start.offset, error.kind()),
        _ => format!("the regex is not valid: {error}"),
    })
}

fn at(offset: usize, what: &dyn std::fmt::Display) -> String {
    format!("the regex is not valid at its byte {offset}: {what}")
}

fn refuse_look_around(hir: &Hir) -> Result<(), String> {
    if hir.properties().look_set().is_empty() {
        return Ok(());
    }
    Err("the regex has a look-around (one of ^ $ \\A \\z \\b \\B): what may stand beside a secret is said by `edges`"
        .to_owned())
}

fn refuse_unicode(hir: &Hir) -> Result<(), String> {
    if any(hir, &|hir| matches!(hir.kind(), HirKind::Class(Class::Unicode(class)) if is_large(class))) {
        return Err("the regex has a Unicode class: it is matched against bytes, leave out (?u)".to_owned());
    }
    Ok(())
}

fn is_large(class: &ClassUnicode) -> bool {
    !class.is_ascii() && class.iter().map(ClassUnicodeRange::len).sum::<usize>() > LARGEST_UNICODE_CLASS
}

fn refuse_line_ends(hir: &Hir) -> Result<(), String> {
    if has_line_end(hir) {
        return Err(
            "the regex can match a line end: exclude it, as in [^\"\\r\\n] and [ \\t], or set `multiline = true`"
                .to_owned(),
        );
    }
    Ok(())
}

/// Whether a match of the expression may hold the end of a line.
pub fn has_line_end(hir: &Hir) -> bool {
    any(hir, &matches_line_end)
}

fn matches_line_end(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.iter().any(|byte| matches!(byte, b'\n' | b'\r')),
        HirKind::Class(Class::Bytes(class)) => class
            .ranges()
            .iter()
            .any(|range| [b'\n', b'\r'].iter().any(|end| (range.start()..=range.end()).contains(end))),
        HirKind::Class(Class::Unicode(class)) => class
            .ranges()
            .iter()
            .any(|range| ['\n', '\r'].iter().any(|end| (range.start()..=range.end()).contains(end))),
        _ => false,
    }
}

fn starts_with_secret(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Capture(_) => true,
        HirKind::Concat(parts) => parts.first().is_some_and(starts_with_secret),
        _ => false,
    }
}

fn ends_with_secret(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Capture(_) => true,
        HirKind::Concat(parts) => parts.last().is_some_and(ends_with_secret),
        _ => false,
    }
}

/// Where the secret begins in a match of `hir`, which ends with it or not.
fn secret_start(hir: &Hir) -> SecretStart {
    let (head, tail) = match hir.kind() {
        HirKind::Capture(_) => return SecretStart::Whole,
        HirKind::Concat(parts) => parts.split_at(parts.len() - 1),
        _ => return SecretStart::Asked,
    };
    let HirKind::Capture(secret) = tail[0].kind() else { return SecretStart::Asked };
    let (least, most) = (secret.sub.properties().minimum_len(), secret.sub.properties().maximum_len());
    match (least, most) {
        (Some(least), Some(most)) if least == most => SecretStart::BeforeEnd(most),
        // Whichever way through what stands before it leaves the least of it, it can be taken from there to the end.
        (Some(least), _) if greedy::is_row(&secret.sub) => {
            let longest = head.iter().map(|part| part.properties().maximum_len()).sum::<Option<usize>>();
            longest.map_or(SecretStart::Asked, |longest| SecretStart::Within(longest + least))
        }
        _ => SecretStart::Asked,
    }
}

/// Exactly one group, named `secret`, which takes part in every match.
fn check_secret_group(hir: &Hir) -> Result<(), String> {
    let mut groups = Vec::new();
    captures(hir, &mut groups);
    let (secret, others): (Vec<_>, Vec<_>) =
        groups.into_iter().partition(|group| group.name.as_deref() == Some(SECRET_GROUP));
    let [secret] = secret[..] else {
        return Err("the regex has no group named `secret`: put (?<secret>...) around the credential".to_owned());
    };
    if !others.is_empty() {
        return Err(
            "the regex has a group besides `secret`: write (?:...) for a group that is not the credential".to_owned()
        );
    }
    if hir.properties().static_explicit_captures_len() != Some(1) {
        return Err("the regex can match without its group `secret`: every branch must pass through it".to_owned());
    }
    if secret.sub.properties().minimum_len().is_some_and(|len| len < SHORTEST_SECRET) {
        return Err(format!(
            "the group `secret` can match fewer than {SHORTEST_SECRET} bytes: no credential is that short"
        ));
    }
    Ok(())
}

fn longest(hir: &Hir, long: bool) -> Result<usize, String> {
    match (hir.properties().maximum_len(), long) {
        (Some(len), false) if len <= LONGEST => Ok(len),
        (Some(len), true) if len <= LONGEST_LONG => Ok(len),
        // The window ends the match. `longest` is then a bound on what is looked at, not on the regex's language; a
        // counted repetition of that length would not fit into the automaton.
        (None, true) => Ok(LONGEST_LONG),
        (Some(len), false) => Err(format!(
            "the regex can match {len} bytes, more than {LONGEST}: shorten its repetitions, or set `long = true`"
        )),
        (Some(len), true) => {
            Err(format!("the regex can match {len} bytes, more than the {LONGEST_LONG} of a long rule"))
        }
        (None, false) => {
            Err("the regex can match text of any length: bound its repetitions, as in [a-z]{1,100}, or set \
                              `long = true`"
                .to_owned())
        }
    }
}

fn any(hir: &Hir, test: &dyn Fn(&Hir) -> bool) -> bool {
    test(hir) || hir.kind().subs().iter().any(|sub| any(sub, test))
}

fn captures<'a>(hir: &'a Hir, found: &mut Vec<&'a Capture>) {
    if let HirKind::Capture(capture) = hir.kind() {
        found.push(capture);
    }
    hir.kind().subs().iter().for_each(|sub| captures(sub, found));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(pattern: &str, allowance: Allowance) -> String {
        check(pattern, allowance).expect_err(pattern)
    }

    #[test]
    fn knows_the_longest_match() {
        let longest =
            |pattern, long| check(pattern, Allowance { long, multiline: false }).expect(pattern).bounds.longest;
        assert_eq!(longest("(?<secret>AKIA[A-Z2-7]{16})", false), 20);
        assert_eq!(longest("key=(?P<secret>[a-z]{1020})", false), 1024);
        assert_eq!(longest("(?<secret>eyJ[a-z]{10,})", true), LONGEST_LONG);
        assert_eq!(longest("(?<secret>eyJ[a-z]{10,11})", true), 14);
    }

    #[test]
    fn knows_where_the_secret_begins() {
        let allowance = Allowance { long: true, multiline: false };
        for (pattern, start) in [
            ("(?<secret>tk_[a-z]{4})", SecretStart::Whole),
            ("key=(?<secret>[a-z]{4})", SecretStart::BeforeEnd(4)),
            ("key[ =]{1,3}(?<secret>tk_(?:ab|cd)|[a-z]{5})", SecretStart::BeforeEnd(5)),
            ("key[ =]{1,3}(?<secret>[a-z=]{4,})", SecretStart::Within(10)),
            ("key[ =]{1,3}(?<secret>[a-z=]{4,8})", SecretStart::Within(10)),
            ("key[ =]+(?<secret>[a-z=]{4,8})", SecretStart::Asked),
            ("key=(?<secret>[a-z]{4,8}?)", SecretStart::Asked),
            ("key=(?<secret>[a-z]{4})!", SecretStart::Asked),
            ("key=(?<secret>(?:a=|[a-z]){4,8})", SecretStart::Asked),
        ] {
            assert_eq!(check(pattern, allowance).expect(pattern).bounds.secret_start, start, "{pattern}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (pattern, said) in [
            ("(?<secret>abcd", "the regex is not valid at its byte 0: unclosed group"),
            ("(?<secret>abcd)\\pL", "the regex is not valid at its byte 15: Unicode not allowed here"),
            (
                "\\b(?<secret>abcd)",
                "the regex has a look-around (one of ^ $ \\A \\z \\b \\B): what may stand beside a secret is said by `edges`",
            ),
            ("(?u)(?<secret>abcd.)", "the regex has a Unicode class: it is matched against bytes, leave out (?u)"),
            ("abcd", "the regex has no group named `secret`: put (?<secret>...) around the credential"),
            ("(abcd)", "the regex has no group named `secret`: put (?<secret>...) around the credential"),
            (
                "(a|b)(?<secret>abcd)",
                "the regex has a group besides `secret`: write (?:...) for a group that is not the credential",
            ),
            (
                "abcd|(?<secret>abcde)",
                "the regex can match without its group `secret`: every branch must pass through it",
            ),
            ("abcd(?<secret>a{3,5})", "the group `secret` can match fewer than 4 bytes: no credential is that short"),
            (
                "(?<secret>[^\"]{4})",
                "the regex can match a line end: exclude it, as in [^\"\\r\\n] and [ \\t], or set `multiline = true`",
            ),
            (
                "(?<secret>abcd\\s)",
                "the regex can match a line end: exclude it, as in [^\"\\r\\n] and [ \\t], or set `multiline = true`",
            ),
            (
                "(?<secret>a{4,2000})",
                "the regex can match 2000 bytes, more than 1024: shorten its repetitions, or set `long = true`",
            ),
            (
                "(?<secret>a{4,})",
                "the regex can match text of any length: bound its repetitions, as in [a-z]{1,100}, or set `long = true`",
            ),
        ] {
            assert_eq!(refusal(pattern, Allowance::default()), said, "{pattern}");
        }
    }

    #[test]
    fn letters_outside_ascii_are_bytes() {
        assert!(check("(?:é|è|a)=(?<secret>[a-z]{4})", Allowance::default()).is_ok());
    }

    #[test]
    fn a_long_rule_has_limits_too() {
        let long = Allowance { long: true, multiline: false };
        assert_eq!(
            refusal("(?<secret>a{20000})", long),
            "the regex can match 20000 bytes, more than the 16384 of a long rule"
        );
        assert_eq!(
            refusal("(?<secret>(?:a|bc){4000})", long),
            "the regex needs an automaton of more than 64 KiB: shorten its counted repetitions"
        );
    }

    #[test]
    fn several_lines_must_be_asked_for() {
        let multiline = Allowance { long: false, multiline: true };
        assert!(check("key:\\s{0,9}(?<secret>[a-z]{8})", multiline).is_ok());
        assert_eq!(
            refusal("(?:\\n|a)(?<secret>[a-z]{8})", Allowance::default()),
            refusal("\\n(?<secret>[a-z]{8})", Allowance::default())
        );
        assert!(check("key:[ \\t]{0,9}(?<secret>[^\\r\\n]{8})", Allowance::default()).is_ok());
    }
}
