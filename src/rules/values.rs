//! One value of a rule file at a time: ids, anchors, names of files, their first bytes, and the words that keys take.
//! What is wrong with it is the error's text. Where it stands, and what a rule needs of it, is `check.rs`'s part.

use super::file::shown;
use super::nearest::did_you_mean;
use super::rule::{Edge, List, Shape, Unescape, Validator};
use crate::model::KindSet;

/// An anchor shorter than this, in bytes, is everywhere.
const SHORTEST_ANCHOR: usize = 3;
/// An anchor longer than this, in bytes, finds nothing that a shorter one does not.
const LONGEST_ANCHOR: usize = 64;
/// Ids and tags are words, in bytes.
const LONGEST_ID: usize = 64;
/// Bits per character that eight-bit characters can have.
const MOST_ENTROPY: f32 = 8.0;
/// First bytes of a file that a rule may ask for.
const LONGEST_MAGIC: usize = 64;

pub(super) const EDGES: &[(&str, Edge)] = &[
    ("none", Edge::None),
    ("alnum", Edge::Alnum),
    ("token", Edge::Token),
    ("base64", Edge::Base64),
    ("dotted", Edge::Dotted),
    ("word", Edge::Word),
    ("delimiter", Edge::Delimiter),
];

pub(super) const SHAPES: &[(&str, Shape)] = &[
    ("pem", Shape::Pem),
    ("pgp", Shape::Pgp),
    ("putty", Shape::Putty),
    ("jwk", Shape::Jwk),
    ("kubernetes-secret", Shape::KubernetesSecret),
    ("assignment", Shape::Assignment),
    ("url", Shape::Url),
    ("database-url", Shape::DatabaseUrl),
    ("authorization", Shape::Authorization),
    ("command", Shape::Command),
    ("connection", Shape::Connection),
    ("netrc", Shape::Netrc),
    ("pgpass", Shape::Pgpass),
    ("secure-string", Shape::SecureString),
    ("call", Shape::Call),
    ("insert", Shape::Insert),
    ("columns", Shape::Columns),
];

pub(super) const UNESCAPES: &[(&str, Unescape)] =
    &[("percent", Unescape::Percent), ("slash", Unescape::Slash), ("unicode", Unescape::Unicode)];

/// The one validator with a number in it.
const ENTROPY: &str = "entropy>=";

const VALIDATORS: &[(&str, Validator)] = &[
    ("no-mask", Validator::NoMask),
    ("no-placeholder", Validator::NoPlaceholder),
    ("aws-key-id", Validator::AwsKeyId),
    ("aws-key-id-odd", Validator::AwsKeyIdOdd),
    ("aws-secret", Validator::AwsSecret),
    ("aws-session-token", Validator::AwsSessionToken),
    ("not-aws-example", Validator::NotAwsExample),
    // AWS's services.
    ("aws-bearer-key", Validator::AwsBearerKey),
    ("aws-signed-url", Validator::AwsSignedUrl),
    ("aws-signed-url-v2", Validator::AwsSignedUrlV2),
    ("aws-signed-token", Validator::AwsSignedToken),
    ("cloudfront-signed-url", Validator::CloudfrontSignedUrl),
    ("aws-service-password", Validator::AwsServicePassword),
    ("aws-ses-password", Validator::AwsSesPassword),
    ("aws-mfa-seed", Validator::AwsMfaSeed),
    ("aws-ecr-token", Validator::AwsEcrToken),
    ("aws-codeartifact-token", Validator::AwsCodeartifactToken),
    ("aws-sso-token", Validator::AwsSsoToken),
    ("github-crc", Validator::GithubCrc),
    ("github-crc-score", Validator::GithubCrcScore),
    ("github-pat-hash", Validator::GithubPatHash),
    ("jwt", Validator::Jwt),
    ("expiry-beside", Validator::ExpiryBeside),
    // Hosting, secret stores, observability.
    ("mixed", Validator::Mixed),
    ("no-name", Validator::NoName),
    ("gibberish", Validator::Gibberish),
    ("vault-token", Validator::VaultToken),
    ("fly-macaroon", Validator::FlyMacaroon),
    ("onepassword-token", Validator::OnepasswordToken),
    ("sentry-org-token", Validator::SentryOrgToken),
    ("grafana-cloud-token", Validator::GrafanaCloudToken),
    ("grafana-api-key", Validator::GrafanaApiKey),
    ("mapbox-token", Validator::MapboxToken),
    ("zuplo-crc", Validator::ZuploCrc),
    ("confluent-crc-score", Validator::ConfluentCrcScore),
    // Checksums by CRC-32.
    ("crc32-base62", Validator::Crc32Base62),
    ("crc32-base62-score", Validator::Crc32Base62Score),
    ("gitlab-crc", Validator::GitlabCrc),
    ("grafana-crc", Validator::GrafanaCrc),
    ("atlassian-crc", Validator::AtlassianCrc),
    ("cloudflare-crc", Validator::CloudflareCrc),
    ("apify-crc", Validator::ApifyCrc),
    // Microsoft.
    ("azure-key", Validator::AzureKey),
    ("azure-cask", Validator::AzureCask),
    ("entra-secret", Validator::EntraSecret),
    ("azure-devops-pat", Validator::AzureDevopsPat),
    ("azure-sas", Validator::AzureSas),
    // Layouts.
    ("pypi-macaroon", Validator::PypiMacaroon),
    ("discord-token", Validator::DiscordToken),
    ("jfrog-reference", Validator::JfrogReference),
    ("docker-auth", Validator::DockerAuth),
    ("atlassian-dc-token", Validator::AtlassianDcToken),
    ("prefixed-jwt", Validator::PrefixedJwt),
    ("not-hex", Validator::NotHex),
    ("literal", Validator::Literal),
    ("key-bytes", Validator::KeyBytes),
    ("cognito-refresh-token", Validator::CognitoRefreshToken),
    ("aws-location-key", Validator::AwsLocationKey),
    ("s3-key-id", Validator::S3KeyId),
    ("s3-secret", Validator::S3Secret),
    // Key material.
    ("bech32", Validator::Bech32),
    ("nats-seed", Validator::NatsSeed),
    ("stellar-seed", Validator::StellarSeed),
    ("bitcoin-wif", Validator::BitcoinWif),
    ("extended-key", Validator::ExtendedKey),
    ("mnemonic", Validator::Mnemonic),
    ("x25519", Validator::X25519),
    ("secp256k1", Validator::Secp256k1),
    ("pem-in-base64", Validator::PemInBase64),
    ("kubernetes-token", Validator::KubernetesToken),
    ("supabase-service", Validator::SupabaseService),
];

/// Every word that a list of words knows.
#[cfg(test)]
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let edges = EDGES.iter().map(|&(name, _)| name);
    edges
        .chain(SHAPES.iter().map(|&(name, _)| name))
        .chain(UNESCAPES.iter().map(|&(name, _)| name))
        .chain(VALIDATORS.iter().map(|&(name, _)| name))
        .chain([ENTROPY])
        .chain(KindSet::names())
}

/// Kebab case: words of lower-case letters and digits, joined by single hyphens, a letter first.
pub(super) fn check_id(id: &str) -> Result<(), String> {
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if id.len() <= LONGEST_ID && id.starts_with(|c: char| c.is_ascii_lowercase()) && id.split('-').all(word) {
        return Ok(());
    }
    Err(format!("`{}` is not in kebab case, as aws-access-key-id is, or over {LONGEST_ID} characters", shown(id)))
}

pub(super) fn check_anchor(anchor: &str, ignore_case: bool) -> Result<(), String> {
    let name = shown(anchor);
    if !(SHORTEST_ANCHOR..=LONGEST_ANCHOR).contains(&anchor.len()) {
        return Err(format!("the anchor `{name}` is not {SHORTEST_ANCHOR} to {LONGEST_ANCHOR} bytes long"));
    }
    if ignore_case && anchor.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err(format!("the anchor `{name}` has a capital: with `ignore-case` anchors are written in lower case"));
    }
    Ok(())
}

/// A word that stands near a secret: lower case, since it is looked for in any.
pub(super) fn check_word(word: &str) -> Result<(), String> {
    let is_plain = word.is_ascii() && !word.bytes().any(|byte| byte.is_ascii_uppercase());
    if is_plain && (SHORTEST_ANCHOR..=LONGEST_ANCHOR).contains(&word.len()) {
        return Ok(());
    }
    let word = shown(word);
    Err(format!("the word `{word}` is not {SHORTEST_ANCHOR} to {LONGEST_ANCHOR} bytes of ASCII in lower case"))
}

pub(super) fn check_file_name(name: &str) -> Result<(), String> {
    let bare = name.trim_start_matches('.');
    let stars = name.matches('*').count();
    if bare.is_empty()
        || name.contains('/')
        || name.bytes().any(|byte| byte.is_ascii_uppercase())
        || stars > 1
        || stars == 1 && (name.starts_with('.') || name == "*")
    {
        let name = shown(name);
        return Err(format!(
            "`{name}` is not the ending (`.p12`, `*trust.p12`), the whole (`id_rsa`) or both ends (`pk-*.pem`) of a file \
             name in lower case"
        ));
    }
    Ok(())
}

/// `30 82 ?? ??`: pairs of hexadecimal digits, `??` for any byte.
pub(super) fn magic(text: &str) -> Result<List<Option<u8>>, String> {
    let byte = |pair: &str| match pair.as_bytes() {
        b"??" => Some(None),
        [high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            u8::from_str_radix(pair, 16).ok().map(Some)
        }
        _ => None,
    };
    let bytes: Option<Vec<Option<u8>>> = text.split_ascii_whitespace().map(byte).collect();
    match bytes {
        Some(bytes) if (1..=LONGEST_MAGIC).contains(&bytes.len()) => Ok(List::Owned(bytes)),
        _ => Err(format!("`{}` is not up to {LONGEST_MAGIC} bytes in hexadecimal, as in `30 82 ?? ??`", shown(text))),
    }
}

/// One of `known` by its name.
pub(super) fn word<T: Copy>(key: &str, word: &str, known: &[(&str, T)]) -> Result<T, String> {
    let found = known.iter().find(|(name, _)| *name == word).map(|&(_, value)| value);
    found.ok_or_else(|| unknown(key, word, known.iter().map(|&(name, _)| name)))
}

/// A kind of file by its name.
pub(super) fn kind(word: &str) -> Result<KindSet, String> {
    KindSet::from_name(word).ok_or_else(|| unknown("kinds", word, KindSet::names()))
}

/// A validator by its name, and the number in it.
pub(super) fn validator(word: &str) -> Result<Validator, String> {
    if let Some(bits) = word.strip_prefix(ENTROPY) {
        let bits = bits.trim().parse().ok().filter(|bits| (0.0..=MOST_ENTROPY).contains(bits));
        return bits.map(Validator::Entropy).ok_or_else(|| {
            format!("`{ENTROPY}` takes bits per character, from 0 to {MOST_ENTROPY}, as in `{ENTROPY}4.2`")
        });
    }
    let found = VALIDATORS.iter().find(|(name, _)| *name == word).map(|&(_, value)| value);
    let names = std::iter::once(ENTROPY).chain(VALIDATORS.iter().map(|&(name, _)| name));
    found.ok_or_else(|| {
        let hint = did_you_mean(word, names);
        format!("`validators`: `{}` is none that there is, they are in patterns/README.md{hint}", shown(word))
    })
}

fn unknown<'a>(key: &str, word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let hint = did_you_mean(word, known.iter().copied());
    format!("`{key}`: `{}` is not one of {}{hint}", shown(word), known.join(", "))
}
