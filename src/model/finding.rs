//! A finding: one per rule and secret (of a weak one, also per name of its field), with every place where it occurs.
//! Offsets are filled by the scan, places for people ([`Location`]) only after triage. Reporters print nothing but [`Text`]
//! and our own words.

use std::borrow::Cow;

use super::{Confidence, Fingerprint, Location, Moment, Name, Origin, Secret, Severity, Span, Text};

/// A credential that was found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Id of the rule.
    pub rule: Cow<'static, str>,
    /// What the credential unlocks; the highest over its occurrences.
    pub severity: Severity,
    /// How sure we are; the highest over its occurrences.
    pub confidence: Confidence,
    /// What made it so sure, in a word or two: `checksum`, `paired`, `prefix`.
    pub why: Cow<'static, str>,
    /// The decoded secret; empty in a finding that was read from a report, which does not tell it.
    pub secret: Secret,
    /// What reports show of the secret: masked, or clear with `--show-secrets`.
    pub shown: Text,
    /// Its name in baselines and allow files.
    pub fingerprint: Fingerprint,
    /// What the value itself told: the AWS account, an expiry date.
    pub facts: Vec<Fact>,
    /// Every place, sorted by origin and offset; at least one.
    pub occurrences: Vec<Occurrence>,
    /// Which commit brought it in; only a history sweep knows.
    pub introduction: Option<Introduction>,
    /// Whether it makes the run fail (`--fail-on`); decided by triage.
    pub fails: bool,
}

impl Finding {
    /// What makes it sure ([`why`](Self::why)) that the user holds the secret, if nothing else does.
    pub const KNOWN: &'static str = "known";

    /// Whether every place of it is suppressed.
    pub fn is_suppressed(&self) -> bool {
        !self.occurrences.is_empty() && self.occurrences.iter().all(|occurrence| occurrence.suppression.is_some())
    }
}

/// One thing that is known of a secret, most often since it tells that of itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    /// What it is, as a key in reports: `aws-account`.
    pub key: Cow<'static, str>,
    /// Its value.
    pub value: String,
}

impl Fact {
    /// The key of the moment at which a credential ends by itself.
    pub const EXPIRES: &'static str = "expires";

    /// The key of the last day on which an allow file accepted the secret.
    pub const ALLOWED_UNTIL: &'static str = "allowed-until";

    /// The key of a file in which the user keeps the secret.
    pub const KNOWN_FROM: &'static str = "known-from";

    /// The credential ends by itself.
    pub fn expires(moment: Moment) -> Self {
        Self { key: Self::EXPIRES.into(), value: moment.to_string() }
    }

    /// The key of the service to which a tripwire belongs.
    const CANARY: &'static str = "canary";

    /// The credential is a tripwire: it opens nothing, and to use it raises an alarm at `service`.
    pub fn canary(service: &str) -> Self {
        Self { key: Self::CANARY.into(), value: service.to_owned() }
    }

    /// Whether it says that the credential is a tripwire.
    pub fn is_canary(&self) -> bool {
        self.key == Self::CANARY
    }

    /// Whether it says that the credential had ended before `now`.
    pub fn is_end_before(&self, now: Moment) -> bool {
        // Moments are written such that the earlier is the lesser text.
        self.key == Self::EXPIRES && self.value < now.to_string()
    }
}

/// One place where a secret stands.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// The document.
    pub origin: Origin,
    /// The secret's bytes in the document; of an encoded secret, the encoded text.
    pub span: Span,
    /// How it was encoded, outermost first.
    pub encodings: Vec<Encoding>,
    /// Other parts of the same credential that stand nearby.
    pub related: Vec<Related>,
    /// What accepts it here. Such a place is reported only if that was asked for, and fails no run.
    pub suppression: Option<Suppression>,
    /// The masked path as reports show it, relative to the source's root; empty for standard input. Filled last.
    pub path: Text,
    /// Line and column; filled last.
    pub location: Option<Location>,
}

/// Another part of a composite credential: the key id beside a secret key.
#[derive(Clone, Debug)]
pub struct Related {
    /// The rule that found it.
    pub rule: Cow<'static, str>,
    /// What it is, for a person: the rule's description.
    pub description: Cow<'static, str>,
    /// Its bytes in the same document.
    pub span: Span,
    /// What reports show of its value: masked, whatever is asked for.
    pub shown: Text,
    /// The name that a finding of its own would have: programs that know the account's key ids tell by it which one this is.
    pub fingerprint: Fingerprint,
    /// Its decoded value; empty if it was read from a report.
    pub secret: Secret,
    /// Line and column; filled last.
    pub location: Option<Location>,
}

/// A layer of encoding that was undone to find the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// RFC 4648 base64, standard alphabet.
    Base64,
    /// UTF-16, little endian.
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// Hexadecimal.
    Hex,
    /// Percent-encoding of URLs (RFC 3986).
    Percent,
    /// Character references of HTML and XML.
    Entities,
    /// Characters of a JSON or JavaScript string by their numbers (RFC 8259).
    Escapes,
    /// Literals that a program joins.
    Splice,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Base64,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Hex,
        Self::Percent,
        Self::Entities,
        Self::Escapes,
        Self::Splice,
    ];

    /// The word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Hex => "hex",
            Self::Percent => "percent",
            Self::Entities => "entities",
            Self::Escapes => "escapes",
            Self::Splice => "splice",
        }
    }
}

/// What says of a secret at a place: this is known and accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Where it is said.
    pub kind: SuppressionKind,
    /// The reason that is given.
    pub reason: Option<Text>,
    /// Who answers for it.
    pub owner: Option<Text>,
    /// The last day on which it counts, `YYYY-MM-DD`.
    pub until: Option<String>,
}

impl Suppression {
    /// Of this kind, and nothing more is known of it.
    pub fn new(kind: SuppressionKind) -> Self {
        Self { kind, reason: None, owner: None, until: None }
    }
}

/// Where a secret is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuppressionKind {
    /// In a comment beside it.
    Inline,
    /// In an allow file, by its fingerprint.
    Allow,
    /// In a baseline, by its fingerprint.
    Baseline,
    /// In the configuration, by the path that it stands under.
    Path,
    /// In the configuration, by its value.
    Value,
    /// In the configuration, by an expression that fits it.
    Regex,
}

impl SuppressionKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Inline, Self::Allow, Self::Baseline, Self::Path, Self::Value, Self::Regex];

    /// The word used in machine-readable reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Allow => "allow",
            Self::Baseline => "baseline",
            Self::Path => "path",
            Self::Value => "value",
            Self::Regex => "regex",
        }
    }

    /// What it is, for a person: what comes after *accepted by*.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Inline => "a comment",
            Self::Allow => "an allow file",
            Self::Baseline => "a baseline",
            Self::Path => "its path",
            Self::Value => "its value",
            Self::Regex => "an expression",
        }
    }
}

/// Which commit first brought a secret in.
#[derive(Clone, Debug, Default)]
pub struct Introduction {
    /// Commit id in hexadecimal.
    pub commit: String,
    /// Author's name.
    pub author: Text,
    /// Author's date, `YYYY-MM-DD`.
    pub date: String,
    /// First line of the message.
    pub summary: Text,
    /// Path in that commit.
    pub path: Name,
    /// Whether HEAD still has it.
    pub in_head: bool,
    /// Whether neither a ref nor a reflog leads to it.
    pub unreachable: bool,
    /// The last commit that has it, in hexadecimal; only a sweep of the whole history knows.
    pub last_commit: Option<String>,
    /// Every path under which it was, in the order of the commits; only a sweep knows.
    pub paths: Vec<Text>,
    /// Some of the refs that lead to the commit; only a sweep knows.
    pub refs: Vec<Text>,
    /// How many others there are.
    pub more_refs: usize,
}
