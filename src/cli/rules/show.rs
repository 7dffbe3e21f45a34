//! `keysieve rules show ID`: one rule in words. Examples are masked by the scanner itself, as a finding's snippet is.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use keysieve::engine::{Options, Scanner};
use keysieve::model::{Escaped, KindSet, Text};
use keysieve::rules::{Edge, Matcher, Rule, RuleSet, Shape, Unescape, Validator};

use crate::cli::{ExitStatus, output};

/// Prints the rule with this id.
pub(crate) fn run(rules: &RuleSet, id: &str) -> Result<ExitStatus> {
    let Some(rule) = rules.get(id) else {
        rules.clone().select(&[id.to_owned()], &[])?;
        bail!("'{id}' is a tag; its rules are those of keysieve rules list --rule {id}");
    };
    let scanner = Scanner::new(rules.clone(), Options::default());
    let page = page(rule, rules, &scanner);
    output::print(|out| out.write_all(page.as_bytes()))
}

fn page(rule: &Rule, rules: &RuleSet, scanner: &Scanner) -> String {
    let (severity, confidence) = (rule.severity, rule.confidence.spoken());
    let mut page = format!("{}: {}\n{severity} severity, {confidence}", rule.id, rule.description);
    if !rule.tags.is_empty() {
        page += &format!("; tags: {}", rule.tags.join(", "));
    }
    page.push('\n');
    section(&mut page, "What it matches", &matches(rule));
    section(&mut page, "What stands beside it", &neighbours(rule, rules));
    section(&mut page, "How a match is checked", &checks(rule));
    section(&mut page, "Examples, masked", &masked(&rule.examples, scanner));
    section(&mut page, "Not a match", &masked(&rule.counterexamples, scanner));
    section(&mut page, "When it has leaked", &lines(&rule.remediation));
    section(&mut page, "References", &rule.references.iter().map(ToString::to_string).collect::<Vec<_>>());
    page
}

fn section(page: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        write!(page, "\n{title}:\n").expect("writing to a string does not fail");
        lines.iter().for_each(|line| *page += &format!("    {line}\n"));
    }
}

fn lines(text: &str) -> Vec<String> {
    text.trim().lines().map(str::to_owned).collect()
}

/// Each example on a line, so that its own line ends show as `\n`.
fn masked(examples: &[std::borrow::Cow<'static, str>], scanner: &Scanner) -> Vec<String> {
    examples
        .iter()
        .map(|example| Escaped(Text::new(example.trim_end().as_bytes(), scanner).as_str()).to_string())
        .collect()
}

fn matches(rule: &Rule) -> Vec<String> {
    let mut lines = match &rule.matcher {
        Matcher::Regex { pattern, .. } => match rule.name_and_value() {
            Some((name, value)) => vec![
                format!("a value that fits {value}"),
                format!("given to a name that fits {name}, in upper or lower case and in whatever syntax"),
            ],
            None => vec![format!("the group \"secret\" of the regular expression {pattern}")],
        },
        Matcher::Structure(shape) => vec![structure(*shape).to_owned()],
        Matcher::File(file) => vec![format!("a file named {}", file.names.join(", "))],
        Matcher::Known => vec![
            "a value of 12 bytes or more that you hold: of ~/.aws, ~/.netrc, ~/.npmrc, ignored .env files, --known"
                .to_owned(),
            "as it is, percent-encoded, with backslashes, in base64 or UTF-16".to_owned(),
        ],
    };
    if !rule.anchors.is_empty() {
        let case = if rule.ignore_case { ", in upper or lower case" } else { "" };
        lines.push(format!("around one of: {}{case}", rule.anchors.join(" ")));
    }
    if rule.wrapped {
        lines.push("in base64 too".to_owned());
    }
    if rule.kinds != KindSet::ALL {
        lines.push(format!("only in files of these kinds: {}", kinds(rule.kinds).join(", ")));
    }
    lines
}

fn neighbours(rule: &Rule, rules: &RuleSet) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(near) = &rule.near {
        lines.push(format!("only within {} bytes of a match of {}", near.within, near.rules.join(", ")));
        if !near.report_as.is_empty() {
            lines.push(format!("reported as {}", near.report_as));
        }
    }
    if let Some(context) = &rule.context {
        lines.push(format!("only within {} bytes of one of: {}", context.within, context.words.join(" ")));
    }
    if let Some(pair) = &rule.pair {
        let (with, within, severity) = (pair.with.join(", "), pair.within, pair.severity);
        lines.push(format!("within {within} bytes of a match of {with} it is certain, of {severity} severity"));
    }
    let parts = rules.rules().iter().filter(|other| other.pair.iter().any(|pair| pair.with.contains(&rule.id)));
    let parts: Vec<&str> = parts.map(|other| &*other.id).collect();
    if !parts.is_empty() {
        lines.push(format!("one credential with the nearest match of {}", parts.join(", ")));
    }
    lines
}

fn structure(shape: Shape) -> &'static str {
    match shape {
        Shape::Pem => "a PEM block with a private key in it",
        Shape::Pgp => "an OpenPGP block with a private key in it",
        Shape::Putty => "a private key of PuTTY",
        Shape::Jwk => "the private member of a JSON Web Key",
        Shape::KubernetesSecret => "a value of a Kubernetes Secret",
        Shape::Assignment => "the value of an assignment",
        Shape::Url => "the password in a URL",
        Shape::DatabaseUrl => "the password in the URL of a database",
        Shape::Authorization => "the credentials in an Authorization header",
        Shape::Command => "a password on a command line",
        Shape::Connection => "the password in a connection string",
        Shape::Netrc => "the password of an entry in a .netrc",
        Shape::Pgpass => "the password of a line in a .pgpass",
        Shape::SecureString => "a literal that PowerShell turns into a secure string",
        Shape::Call => "a literal among the arguments of a call, in a secret's place",
        Shape::Columns => "a value in the column of a secret, in a table that names its columns",
        Shape::Insert => "a literal in the column of a secret, in a row that SQL inserts",
    }
}

pub(crate) fn kinds(kinds: KindSet) -> Vec<&'static str> {
    KindSet::names().filter(|name| KindSet::from_name(name).is_some_and(|kind| kinds.intersects(kind))).collect()
}

fn checks(rule: &Rule) -> Vec<String> {
    let mut lines = Vec::new();
    if let Matcher::File(file) = &rule.matcher {
        lines
            .extend(file.magic.iter().map(|magic| format!("a file that begins with the bytes {}", hexadecimal(magic))));
    }
    lines.extend(edge(rule.edges.left).map(|bytes| format!("not just after {bytes}")));
    lines.extend(edge(rule.edges.right).map(|bytes| format!("not just before {bytes}")));
    lines.extend(rule.unescape.iter().map(|unescape| unescaped(*unescape).to_owned()));
    lines.extend(rule.validators.iter().map(validator));
    if !rule.allow_values.is_empty() {
        lines.push(format!("not one of {} values that are known to be no secrets", rule.allow_values.len()));
    }
    if rule.generic {
        lines.push("not where another rule matches".to_owned());
    }
    lines
}

/// `30 82 ??`, as in a rule file.
fn hexadecimal(magic: &[Option<u8>]) -> String {
    let bytes = magic.iter().map(|byte| byte.map_or("??".to_owned(), |byte| format!("{byte:02x}")));
    bytes.collect::<Vec<_>>().join(" ")
}

pub(crate) fn edge(edge: Edge) -> Option<&'static str> {
    match edge {
        Edge::None => None,
        Edge::Alnum => Some("a letter or digit"),
        Edge::Token => Some("a letter, a digit, - or _"),
        Edge::Base64 => Some("a character of base64"),
        Edge::Dotted => Some("a letter, a digit, -, _ or ."),
        Edge::Word => Some("a letter, a digit or _"),
        Edge::Delimiter => Some("anything but a blank, a line end, a quote or ;"),
    }
}

fn unescaped(unescape: Unescape) -> &'static str {
    match unescape {
        Unescape::Percent => "decoded first: %2F is /",
        Unescape::Slash => r"decoded first: \/ is /",
        Unescape::Unicode => r"decoded first: \u002B is +",
    }
}

pub(crate) fn validator(validator: &Validator) -> String {
    match validator {
        Validator::Entropy(bits) => return format!("at least {bits} bits of entropy a character"),
        Validator::NoMask => "no placeholder such as xxxx or abcdef",
        Validator::NoPlaceholder => "no reference, and no placeholder such as changeme",
        Validator::AwsKeyId => "the structure of an AWS key id, from which the account follows",
        Validator::AwsKeyIdOdd => "that it is neither an AWS key id of today nor words",
        Validator::AwsSecret => "the mix of characters of an AWS secret key",
        Validator::AwsSessionToken => "the head of an AWS session token",
        Validator::NotAwsExample => "not one of AWS's documented examples",
        Validator::AwsBearerKey => "base64 of an IAM user, account and secret",
        Validator::AwsSignedUrl => "the query of a request signed with AWS's Signature Version 4",
        Validator::AwsSignedUrlV2 => "the query of a request signed with S3's Signature Version 2",
        Validator::AwsSignedToken => "base64 of a request signed with AWS's Signature Version 4",
        Validator::CloudfrontSignedUrl => "the query of a request signed for CloudFront",
        Validator::AwsServicePassword => "base64 of 32 bytes",
        Validator::AwsSesPassword => "base64 of a version and an HMAC, as SES makes its passwords",
        Validator::AwsMfaSeed => "the length of the seed of an AWS MFA device",
        Validator::AwsEcrToken => "base64 of JSON with a data key",
        Validator::AwsCodeartifactToken => "a JWE with an expiry",
        Validator::AwsSsoToken => "a signature in DER behind a colon",
        Validator::GithubCrc => "GitHub's checksum; a match with a wrong one is dropped",
        Validator::GithubCrcScore => "GitHub's checksum; a match with the right one is certain",
        Validator::GithubPatHash => "the checksum of GitHub's fine-grained tokens",
        Validator::Jwt => "a header that is JSON and names an algorithm",
        Validator::ExpiryBeside => "the moment of its end, if that stands beside it",
        // Hosting, secret stores, observability.
        Validator::Mixed => "capitals, small letters and digits",
        Validator::NoName => "letters of both cases that are no words",
        Validator::Gibberish => "letters that are no words",
        Validator::VaultToken => "the shape of a Vault token; a match that has it is certain",
        Validator::FlyMacaroon => "the shape of a macaroon; a match that has it is certain",
        Validator::OnepasswordToken => "the JSON in a 1Password service account token",
        Validator::SentryOrgToken => "the JSON in a Sentry organisation token",
        Validator::GrafanaCloudToken => "the JSON in a Grafana Cloud token",
        Validator::GrafanaApiKey => "the JSON that a Grafana API key is",
        Validator::MapboxToken => "the JSON in a Mapbox token",
        Validator::ZuploCrc => "Zuplo's checksum; a match with a wrong one is dropped",
        Validator::ConfluentCrcScore => "Confluent's checksum; a match with the right one is certain",
        // Checksums by CRC-32.
        Validator::Crc32Base62 => "the issuer's checksum; a match with a wrong one is dropped",
        Validator::Crc32Base62Score => "the issuer's checksum; a match with the right one is certain",
        Validator::GitlabCrc => "GitLab's checksum; a match with a wrong one is dropped",
        Validator::GrafanaCrc => "Grafana's checksum; a match with a wrong one is dropped",
        Validator::AtlassianCrc => "Atlassian's checksum; a match with the right one is certain",
        Validator::CloudflareCrc => "Cloudflare's checksum; a match with the right one is certain",
        Validator::ApifyCrc => "Apify's checksum; a match with the right one is certain",
        // Microsoft.
        Validator::AzureKey => "the checksum of the service's keys; a match with a wrong one is dropped",
        Validator::AzureCask => "the checksum of Azure's annotated keys; a match with the right one is certain",
        Validator::EntraSecret => "the checksum of Entra's client secrets; a match with the right one is certain",
        Validator::AzureDevopsPat => "the checksum of Azure DevOps's tokens; a match with the right one is certain",
        Validator::AzureSas => "the parameters of a shared access signature",
        // Layouts.
        Validator::PypiMacaroon => "a whole macaroon; a match that is one is certain",
        Validator::DiscordToken => "the ID of a bot and a time",
        Validator::JfrogReference => "what a reference token decodes to",
        Validator::DockerAuth => "a user and a password in base64",
        Validator::AtlassianDcToken => "a number and 20 bytes in base64",
        Validator::PrefixedJwt => "behind the prefix, a header that is JSON and names an algorithm",
        Validator::NotHex => "not only hexadecimal behind the prefix",
        Validator::Literal => "no reference, placeholder, ciphertext, sentence or plain word",
        Validator::KeyBytes => "base64 of as many bytes as a key has, random, and no text",
        Validator::CognitoRefreshToken => {
            "the five parts of a Cognito refresh token; with the right lengths it is certain"
        }
        Validator::AwsLocationKey => "a signed JSON object that names the key; with a whole signature it is certain",
        Validator::S3KeyId => "the form of an access key ID of another vendor than AWS, from which the vendor follows",
        Validator::S3Secret => "the form of a secret of one of these vendors",
        // Key material.
        Validator::Bech32 => "the checksum of Bech32",
        Validator::NatsSeed => "the checksum of a NATS seed",
        Validator::StellarSeed => "the checksum of a Stellar seed",
        Validator::BitcoinWif => "the checksum of a Bitcoin private key",
        Validator::ExtendedKey => "the checksum of an extended private key",
        Validator::Mnemonic => "the words and the checksum of a recovery phrase",
        Validator::X25519 => "the bits that every X25519 private key has",
        Validator::Secp256k1 => "a number that is a key of secp256k1",
        Validator::PemInBase64 => "base64 of a private key in PEM",
        Validator::KubernetesToken => "a token that Kubernetes issued to a service account",
        Validator::SupabaseService => "a token of Supabase's service role",
    }
    .to_owned()
}
