//! A rule as the engine uses it: everything is checked, nothing is parsed any more. Every field can stand in a
//! constant, so that the built-in rules cost no start-up time. The text form is in `file.rs`.

use std::borrow::Cow;

use super::keyed;
use crate::model::{Confidence, KindSet, Severity};

/// A string that is a constant for a built-in rule and owned for a user's.
pub(crate) type Str = Cow<'static, str>;
/// A list that is a constant for a built-in rule and owned for a user's.
pub(crate) type List<T> = Cow<'static, [T]>;

/// One kind of credential and how it is recognised. The fields are those of patterns/README.md.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Provider and thing, in kebab case: `aws-access-key-id`.
    pub id: Str,
    /// The name that a person would say: `AWS access key ID`.
    pub description: Str,
    /// What it unlocks.
    pub severity: Severity,
    /// How sure a match is, before validators and neighbours have spoken.
    pub confidence: Confidence,
    /// Words to select rules by: `aws`, `generic`.
    pub tags: List<Str>,
    /// Literals of which every match contains one; none for a rule that is found by its neighbour or by file name.
    pub anchors: List<Str>,
    /// Whether anchors match in any ASCII case.
    pub ignore_case: bool,
    /// How a match is found.
    pub matcher: Matcher,
    /// Byte tests beside the secret.
    pub edges: Edges,
    /// Found only beside a match of another rule.
    pub near: Option<Near>,
    /// Belongs together with a match of another rule.
    pub pair: Option<Pair>,
    /// Counts only beside certain words.
    pub context: Option<Context>,
    /// Kinds of file in which it holds.
    pub kinds: KindSet,
    /// How the text of the secret is decoded before validators see it.
    pub unescape: List<Unescape>,
    /// Offline proofs, in order.
    pub validators: List<Validator>,
    /// Whether base64 text that holds one of the anchors is decoded and scanned.
    pub wrapped: bool,
    /// Whether it gives way to any other rule where they overlap.
    pub generic: bool,
    /// Values that are known not to be secrets; compared whole, after unescaping.
    pub allow_values: List<Str>,
    /// What to do when it has leaked: Markdown, one step a line.
    pub remediation: Str,
    /// Where the format is documented.
    pub references: List<Str>,
    /// Texts that match, with the splice mark `<+>` already taken out.
    pub examples: List<Str>,
    /// Texts that do not.
    pub counterexamples: List<Str>,
}

/// How much a rule knows of what it finds; where two overlap, the one that knows more stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Specificity {
    /// A value under a telling name.
    Name,
    /// The form in which a password is written: a URL, a connection string, a command.
    Form,
    /// This credential and no other.
    Credential,
}

impl Rule {
    /// Whether a word is its id or one of its tags.
    pub fn is_named(&self, word: &str) -> bool {
        self.id == word || self.tags.iter().any(|tag| tag == word)
    }

    /// How much it knows of what it finds.
    pub fn specificity(&self) -> Specificity {
        match self.matcher {
            Matcher::Structure(Shape::Assignment) if self.generic => Specificity::Name,
            _ if self.generic => Specificity::Form,
            _ => Specificity::Credential,
        }
    }

    /// The regexes of the name and of the value, of a rule that says these two.
    pub fn name_and_value(&self) -> Option<(&str, &str)> {
        match &self.matcher {
            Matcher::Regex { pattern, .. } => keyed::parts(pattern),
            Matcher::Structure(_) | Matcher::File(_) | Matcher::Known => None,
        }
    }
}

/// How a match is found.
#[allow(clippy::large_enum_variant, reason = "built-in rules are constants, which no box can be part of")]
#[derive(Clone, Debug)]
pub enum Matcher {
    /// A bytes regex, Unicode off, with a group named `secret`.
    Regex {
        /// The pattern.
        pattern: Str,
        /// Whether a match may span lines.
        multiline: bool,
        /// What is known of every match.
        bounds: Bounds,
    },
    /// A hand-written linear matcher.
    Structure(Shape),
    /// A file, by its name.
    File(FileMatch),
    /// One of the values that the user holds, which the engine is given; no rule file can say this.
    Known,
}

/// What is known of every match of a regex; derived from it, not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The shortest match, in bytes, or less.
    pub shortest: usize,
    /// The longest text that the regex is matched against, in bytes: its own longest match, or the limit of a rule that
    /// has none (`long = true`).
    pub longest: usize,
    /// Whether that is such a limit. A match that reaches it may go on behind it, and is none.
    pub endless: bool,
    /// How many bytes may stand before its first anchor.
    pub lead: usize,
    /// Whether it starts with the secret.
    pub secret_first: bool,
    /// Whether it ends with the secret.
    pub secret_last: bool,
    /// Where in it the secret begins.
    pub secret_start: SecretStart,
    /// A run of certain bytes that it holds.
    pub run: Option<Run>,
    /// How it goes on to its end.
    pub greedy: Option<Greedy>,
    /// A rare piece of it behind what varies in length.
    pub piece: Option<Piece>,
}

/// Where the secret in a match of a regex begins, as far as that is known without asking the regex for its groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretStart {
    /// The match is the secret.
    Whole,
    /// It ends with a secret of so many bytes.
    BeforeEnd(usize),
    /// It ends with a secret that takes all it can, and its first bytes, so many or all, tell where that begins.
    Within(usize),
    /// The groups tell.
    Asked,
}

/// What all matches of a regex consist of: so many bytes, then as many as there are of a set, and then what begins with none of
/// these, or nothing. So of a long row of such bytes it is known where a match in it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greedy {
    /// Bytes before the row, at most.
    pub head: usize,
    /// Whether there are always so many.
    pub is_fixed: bool,
    /// The set, a bit for each byte.
    pub bytes: [u64; 4],
    /// As many there are at least.
    pub least: usize,
    /// As many are taken and no more, if there is a limit.
    pub most: Option<usize>,
    /// Bytes behind the row, at most.
    pub tail: usize,
}

impl Greedy {
    /// Whether `byte` is in the set.
    pub const fn holds(&self, byte: u8) -> bool {
        holds(&self.bytes, byte)
    }
}

const fn holds(set: &[u64; 4], byte: u8) -> bool {
    set[(byte / 64) as usize] >> (byte % 64) & 1 == 1
}

/// So many bytes of a [piece](Piece) are looked at.
pub(super) const PIECE: usize = 6;

/// The set of all bytes.
pub(super) const ANY: [u64; 4] = [u64::MAX; 4];

/// A few bytes that every match of a regex holds so far behind its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The least and the greatest distance, in bytes.
    pub from: usize,
    /// As above.
    pub to: usize,
    /// By byte, the set that it is of, a bit for each.
    pub bytes: [[u64; 4]; PIECE],
}

impl Piece {
    /// Whether `text` begins with it.
    pub fn begins(&self, text: &[u8]) -> bool {
        let stands = |(at, set): (usize, &[u64; 4])| text.get(at).map_or(*set == ANY, |&byte| holds(set, byte));
        self.bytes.iter().enumerate().all(stands)
    }
}

/// So many bytes in a row, all of a certain set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The least length.
    pub least: usize,
    /// The set, a bit for each byte.
    pub bytes: [u64; 4],
}

impl Bounds {
    /// Of what is not a regex.
    pub const NOTHING: Self = Self {
        shortest: 0,
        longest: 0,
        endless: false,
        lead: 0,
        secret_first: false,
        secret_last: false,
        secret_start: SecretStart::Asked,
        run: None,
        greedy: None,
        piece: None,
    };
}

impl Run {
    /// Whether `byte` is in the set.
    pub const fn holds(&self, byte: u8) -> bool {
        holds(&self.bytes, byte)
    }

    /// Where the first such run in `text` begins, if there is one: the first `least` bytes of it. Looks at one byte in
    /// `least` as long as there is none.
    pub fn find_in(&self, text: &[u8]) -> Option<usize> {
        let mut start = 0;
        while let Some(window) = text.get(start..start + self.least) {
            match window.iter().rposition(|&byte| !self.holds(byte)) {
                Some(gap) => start += gap + 1,
                None => return Some(start),
            }
        }
        None
    }
}

/// The hand-written matchers of `engine/structures`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A PEM block with a private key in it (RFC 7468, RFC 1421, OpenSSH).
    Pem,
    /// An OpenPGP block with a private key in it (RFC 9580).
    Pgp,
    /// PuTTY's private keys.
    Putty,
    /// A JSON Web Key with its private member (RFC 7517).
    Jwk,
    /// The values of a Kubernetes Secret.
    KubernetesSecret,
    /// `name = value` in its many forms.
    Assignment,
    /// A URL with a password in it.
    Url,
    /// The same, of a database.
    DatabaseUrl,
    /// Credentials in an `Authorization` header.
    Authorization,
    /// A password on a command line.
    Command,
    /// A connection string with a password in it.
    Connection,
    /// An entry of a `.netrc`.
    Netrc,
    /// A line of a `.pgpass`.
    Pgpass,
    /// A literal that PowerShell turns into a secure string.
    SecureString,
    /// A secret by its place among the arguments of a call.
    Call,
    /// A secret in a row that SQL inserts.
    Insert,
    /// A secret in a table whose first row names the columns.
    Columns,
}

/// A file that is a secret as a whole.
#[derive(Clone, Debug)]
pub struct FileMatch {
    /// Endings of the file's name in lower case, with the dot: `.p12`; whole names: `id_rsa`; or both ends of a name:
    /// `pk-*.pem`, with something for the star.
    pub names: List<Str>,
    /// The same of names that are not meant.
    pub except: List<Str>,
    /// The file's first bytes, of which one must fit; none asks for nothing. `?` in a pattern is any byte.
    pub magic: List<List<Option<u8>>>,
}

impl FileMatch {
    /// Whether a file with this path and these first bytes is one.
    pub fn matches(&self, path: &[u8], head: &[u8]) -> bool {
        self.matches_name(path) && self.fits_content(head)
    }

    /// Whether the first bytes alone fit.
    pub fn fits_content(&self, head: &[u8]) -> bool {
        self.magic.is_empty() || self.magic.iter().any(|magic| fits(magic, head))
    }

    /// Whether the name alone fits.
    pub fn matches_name(&self, path: &[u8]) -> bool {
        let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or(path);
        let starts = |text: &[u8]| name.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text));
        let begins = |first: &u8| *first == b'*' || name.first().is_some_and(|byte| byte.eq_ignore_ascii_case(first));
        let ends = |text: &[u8]| {
            let from = name.len().checked_sub(text.len());
            from.is_some_and(|from| name[from..].eq_ignore_ascii_case(text))
        };
        let fits = |known: &[u8]| match known {
            [b'.', ..] => name.len() > known.len() && ends(known),
            // Most names differ in their first letter.
            [first, ..] if !begins(first) => false,
            _ => match memchr::memchr(b'*', known) {
                Some(star) => name.len() >= known.len() && starts(&known[..star]) && ends(&known[star + 1..]),
                None => name.eq_ignore_ascii_case(known),
            },
        };
        let is_in = |names: &[Str]| names.iter().any(|known| fits(known.as_bytes()));
        is_in(&self.names) && !is_in(&self.except)
    }
}

fn fits(magic: &[Option<u8>], head: &[u8]) -> bool {
    head.len() >= magic.len() && magic.iter().zip(head).all(|(want, have)| want.is_none_or(|want| want == *have))
}

/// Byte tests beside the secret; they consume nothing, so that two secrets with one separator between them are both
/// found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edges {
    /// The byte before.
    pub left: Edge,
    /// The byte after.
    pub right: Edge,
}

/// What may not stand beside a secret. At the left, an escape sequence (`\n`, `%3D`, `\u003d`) ends a run of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Anything may.
    None,
    /// A letter or digit may not.
    Alnum,
    /// A letter, digit, `-` or `_` may not.
    Token,
    /// A letter, digit, `/`, `+` or, at the right, `=` may not.
    Base64,
    /// A letter, digit, `-`, `_` or `.` may not.
    Dotted,
    /// A letter, digit or `_` may not: `\b` beside a word.
    Word,
    /// Nothing may but a blank, a line end (also an escaped one), a quote, a backtick or `;`.
    Delimiter,
}

/// A rule without anchors of its own: it is looked for around each match of other rules.
#[derive(Clone, Debug)]
pub struct Near {
    /// Ids of these rules.
    pub rules: List<Str>,
    /// How far from them, in bytes, a match may reach.
    pub within: usize,
    /// The rule that its matches are reported as; its own if empty.
    pub report_as: Str,
}

/// Matches of this rule and of other rules that stand near each other are one credential.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Ids of the rules that identify the credential (a key id). The match of one of these that is nearest is joined.
    pub with: List<Str>,
    /// How far apart, in bytes, the two may be.
    pub within: usize,
    /// The severity of a joined match.
    pub severity: Severity,
}

/// A match counts only if one of these words stands near it.
#[derive(Clone, Debug)]
pub struct Context {
    /// The words, in lower case; looked for in any ASCII case, and as parts of longer ones.
    pub words: List<Str>,
    /// How far from the secret, in bytes, a word may begin or end.
    pub within: usize,
}

/// How text is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unescape {
    /// `%2F` is `/`.
    Percent,
    /// `\/` is `/`.
    Slash,
    /// `\u002B` is `+`: any character up to `\u007f`.
    Unicode,
}

/// An offline test of a decoded secret.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Validator {
    /// At least this many bits of Shannon entropy per character.
    Entropy(f32),
    /// Not one character or one sequence for the most part: no `xxxx` and no `abcdef`.
    NoMask,
    /// No reference to a secret, no mask, no words such as *changeme*.
    NoPlaceholder,
    /// The structure of an AWS key id; tells the account.
    AwsKeyId,
    /// The form of an AWS key id with a structure that none of today has, and no words or sequences.
    AwsKeyIdOdd,
    /// Letters of both cases, not a path, not one case of hexadecimal.
    AwsSecret,
    /// The head of an STS session token.
    AwsSessionToken,
    /// Does not end like AWS's documented examples, `EXAMPLE` and `EXAMPLEKEY`.
    NotAwsExample,
    // AWS's services.
    /// Base64 of an IAM user, account and secret (AWS's API keys); tells both.
    AwsBearerKey,
    /// A query with AWS's Signature Version 4; tells account and end.
    AwsSignedUrl,
    /// A query with S3's Signature Version 2; tells account and end.
    AwsSignedUrlV2,
    /// Base64 of a URL with AWS's Signature Version 4; tells account and end.
    AwsSignedToken,
    /// A query signed for CloudFront; tells its end.
    CloudfrontSignedUrl,
    /// Base64 of 32 bytes: a password of an IAM user for one service.
    AwsServicePassword,
    /// Base64 of a version and an HMAC: an SMTP password of SES.
    AwsSesPassword,
    /// 64 characters of base32, or base64 of these.
    AwsMfaSeed,
    /// Base64 of JSON with a data key (ECR); tells the expiry.
    AwsEcrToken,
    /// A JWE (CodeArtifact); tells the expiry.
    AwsCodeartifactToken,
    /// A signature in DER behind a colon (IAM Identity Center).
    AwsSsoToken,
    /// CRC-32 in base62 over what follows the prefix; an invalid one drops the match.
    GithubCrc,
    /// The same, but an invalid one changes nothing.
    GithubCrcScore,
    /// SHA-256 in base32 (GitHub's fine-grained tokens).
    GithubPatHash,
    /// A JSON header with `alg`; tells the expiry.
    Jwt,
    /// No test: a moment named as the credential's end beside it is told as its expiry.
    ExpiryBeside,
    // Hosting, secret stores, observability.
    /// Capitals, small letters and digits all occur.
    Mixed,
    /// Both cases occur, and not as the words of a name.
    NoName,
    /// Letters that are no words; blanks count for nothing.
    Gibberish,
    /// The shape of a Vault token; another one changes nothing.
    VaultToken,
    /// The shape of a Fly.io macaroon; another one changes nothing.
    FlyMacaroon,
    /// The JSON in a 1Password service account token.
    OnepasswordToken,
    /// The JSON in a Sentry organisation token.
    SentryOrgToken,
    /// The JSON in a Grafana Cloud token.
    GrafanaCloudToken,
    /// The JSON that is a Grafana API key.
    GrafanaApiKey,
    /// The JSON in a Mapbox token.
    MapboxToken,
    /// CRC-32 in hexadecimal (Zuplo).
    ZuploCrc,
    /// CRC-32 in base64 (Confluent); an invalid one changes nothing.
    ConfluentCrcScore,
    // Checksums by CRC-32.
    /// CRC-32 in base62 over the body, which begins after one of the token's underscores; an invalid one drops the match.
    Crc32Base62,
    /// The same, but an invalid one changes nothing.
    Crc32Base62Score,
    /// CRC-32 in base36 (GitLab's routable tokens); tells the owner.
    GitlabCrc,
    /// CRC-32 in hexadecimal, lowest byte first (Grafana's service accounts).
    GrafanaCrc,
    /// CRC-32 in capital hexadecimal (Atlassian); an invalid one changes nothing.
    AtlassianCrc,
    /// CRC-32 in hexadecimal over the body (Cloudflare); an invalid one changes nothing.
    CloudflareCrc,
    /// CRC-32 in base62, small letters first (Apify); an invalid one changes nothing.
    ApifyCrc,
    // Microsoft.
    /// Marvin32 behind a service's signature; tells the service. An invalid one drops the match, where the seeds are known.
    AzureKey,
    /// Marvin32 in base62 (Azure's common annotated keys); tells the month of issue.
    AzureCask,
    /// Marvin32 in base66 (client secrets of Entra ID); an invalid one changes nothing.
    EntraSecret,
    /// CRC-32 inside the token (Azure DevOps); an invalid one changes nothing.
    AzureDevopsPat,
    /// A shared access signature; tells the expiry.
    AzureSas,
    // Layouts.
    /// A whole macaroon (`PyPI`); tells scope and expiry. What does not parse is left open.
    PypiMacaroon,
    /// A bot's ID and a time (Discord).
    DiscordToken,
    /// `reftkn`, version and expiry in base64 (`JFrog`); tells the expiry.
    JfrogReference,
    /// A user and a password in base64 (Docker).
    DockerAuth,
    /// A number, a colon and 20 bytes in base64 (Atlassian's data center).
    AtlassianDcToken,
    /// A JSON web token behind a prefix; tells the expiry.
    PrefixedJwt,
    /// Other than hexadecimal behind its prefix.
    NotHex,
    // What somebody writes down.
    /// No reference, placeholder, ciphertext, sentence, word or public value.
    Literal,
    // AWS beyond IAM, and what speaks S3.
    /// Base64 of a symmetric key: of a key's length, random, and no text.
    KeyBytes,
    /// The parts of a Cognito refresh token; wrong ones change nothing.
    CognitoRefreshToken,
    /// The signed claim of an Amazon Location key.
    AwsLocationKey,
    /// An access key ID of another vendor than AWS; tells which.
    S3KeyId,
    /// The form of a secret that belongs to such an ID.
    S3Secret,
    // Key material.
    /// The checksum of Bech32 (age, Nostr).
    Bech32,
    /// The CRC of a NATS seed.
    NatsSeed,
    /// The CRC of a Stellar seed.
    StellarSeed,
    /// Base58Check of a Bitcoin private key.
    BitcoinWif,
    /// Base58Check of an extended private key.
    ExtendedKey,
    /// Words of BIP 39 with its checksum.
    Mnemonic,
    /// The fixed bits of an X25519 private key.
    X25519,
    /// In the range of the keys of secp256k1.
    Secp256k1,
    /// Base64 of a private key in PEM.
    PemInBase64,
    /// A JSON Web Token that Kubernetes issued to a service account.
    KubernetesToken,
    /// A JSON Web Token of Supabase's role that may do everything.
    SupabaseService,
}
