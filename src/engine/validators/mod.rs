//! Offline proofs: checksum, structure, entropy, decode. Each is a pure function of the decoded secret. Asking a
//! provider over the network is verification and has no place here.

mod aws;
mod aws_account;
mod aws_bearer;
mod aws_data;
mod aws_password;
mod aws_signed;
mod aws_token;
mod azure;
mod base58;
mod base64;
mod bech32;
mod checksum;
mod crc;
mod crc16;
mod encoded;
mod jwt;
mod layout;
mod letters;
mod macaroon;
mod mask;
mod mnemonic;
mod payload;
mod scalar;
mod suffix;
mod vault;

use crate::engine::entropy::bits_per_byte;
use crate::engine::structures::{self, stands_for_secret};
use crate::model::Fact;
use crate::rules::Validator;

pub(in crate::engine) use aws::{is_example, is_misfit};
pub(in crate::engine) use mask::{patterned, repeats};

/// What a validator says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// It is no such credential.
    Reject,
    /// It may be one.
    Pass,
    /// It is one, and this is the proof: `checksum`, `structure`.
    Proven(&'static str),
}

/// Proof by a checksum that the issuer wrote into the token.
const CHECKSUM: Check = Check::Proven("checksum");
/// Proof by a format that was parsed.
const STRUCTURE: Check = Check::Proven("structure");

/// Tests `value`; what the value tells of itself is added to `facts`.
pub(crate) fn check(validator: Validator, value: &[u8], facts: &mut Vec<Fact>) -> Check {
    match validator {
        Validator::Entropy(least) => pass_if(bits_per_byte(value) >= least),
        Validator::NoMask => pass_if(!mask::is_masked(value)),
        Validator::NoPlaceholder => pass_if(!stands_for_secret(value)),
        Validator::AwsKeyId => aws::key_id(value, facts),
        Validator::AwsKeyIdOdd => pass_if(aws::is_odd_key_id(value)),
        Validator::AwsSecret => pass_if(aws::is_secret(value)),
        Validator::AwsSessionToken => aws::session_token(value, facts),
        Validator::NotAwsExample => pass_if(!is_example(value)),
        // AWS's services.
        Validator::AwsBearerKey => aws_bearer::key(value, facts),
        Validator::AwsSignedUrl => aws_signed::version4(value, facts),
        Validator::AwsSignedUrlV2 => aws_signed::version2(value, facts),
        Validator::AwsSignedToken => aws_signed::token(value, facts),
        Validator::CloudfrontSignedUrl => aws_signed::cloudfront(value, facts),
        Validator::AwsServicePassword => pass_if(aws_password::is_service_password(value)),
        Validator::AwsSesPassword => pass_if(aws_password::is_ses_password(value)),
        Validator::AwsMfaSeed => pass_if(aws_password::is_mfa_seed(value)),
        Validator::AwsEcrToken => aws_token::ecr(value, facts),
        Validator::AwsCodeartifactToken => aws_token::codeartifact(value, facts),
        Validator::AwsSsoToken => aws_token::sso(value),
        Validator::GithubCrc => checksum::github(value),
        Validator::GithubCrcScore => score(checksum::github(value)),
        Validator::GithubPatHash => checksum::github_fine_grained(value),
        Validator::Jwt => jwt::check(value, facts),
        // It looks beside the value; `confirm.rs` has it done.
        Validator::ExpiryBeside => Check::Pass,
        // Hosting, secret stores, observability.
        Validator::Mixed => pass_if(letters::is_mixed(value)),
        Validator::NoName => pass_if(letters::is_no_name(value)),
        Validator::Gibberish => pass_if(letters::is_unlike_words(value)),
        Validator::VaultToken => vault::check(value),
        Validator::FlyMacaroon => macaroon::check(value),
        Validator::OnepasswordToken => payload::onepassword(value),
        Validator::SentryOrgToken => payload::sentry_organisation(value),
        Validator::GrafanaCloudToken => payload::grafana_cloud(value),
        Validator::GrafanaApiKey => payload::grafana_api_key(value),
        Validator::MapboxToken => payload::mapbox(value),
        Validator::ZuploCrc => suffix::zuplo(value),
        Validator::ConfluentCrcScore => suffix::confluent(value),
        // Checksums by CRC-32.
        Validator::Crc32Base62 => crc::base62(value),
        Validator::Crc32Base62Score => score(crc::base62(value)),
        Validator::GitlabCrc => crc::gitlab(value, facts),
        Validator::GrafanaCrc => crc::grafana(value),
        Validator::AtlassianCrc => crc::atlassian(value),
        Validator::CloudflareCrc => crc::cloudflare(value),
        Validator::ApifyCrc => crc::apify(value),
        // Microsoft.
        Validator::AzureKey => azure::key(value, facts),
        Validator::AzureCask => azure::annotated_key(value, facts),
        Validator::EntraSecret => azure::client_secret(value),
        Validator::AzureDevopsPat => azure::devops_token(value),
        Validator::AzureSas => azure::shared_access_signature(value, facts),
        // Layouts.
        Validator::PypiMacaroon => layout::pypi(value, facts),
        Validator::DiscordToken => layout::discord(value, facts),
        Validator::JfrogReference => layout::jfrog_reference(value, facts),
        Validator::DockerAuth => layout::docker_auth(value),
        Validator::AtlassianDcToken => layout::atlassian_data_center(value),
        Validator::PrefixedJwt => layout::prefixed_jwt(value, facts),
        Validator::NotHex => pass_if(layout::is_not_hex(value)),
        Validator::Literal => pass_if(structures::is_literal(value)),
        Validator::KeyBytes => pass_if(aws_data::is_key_bytes(value)),
        Validator::CognitoRefreshToken => aws_data::cognito_refresh_token(value),
        Validator::AwsLocationKey => aws_data::location_key(value),
        Validator::S3KeyId => aws_data::s3_key_id(value, facts),
        Validator::S3Secret => pass_if(aws_data::is_s3_secret(value)),
        // Key material.
        Validator::Bech32 => bech32::check(value),
        Validator::NatsSeed => crc16::nats(value),
        Validator::StellarSeed => crc16::stellar(value),
        Validator::BitcoinWif => base58::wallet_import(value),
        Validator::ExtendedKey => base58::extended(value),
        Validator::Mnemonic => mnemonic::check(value),
        Validator::X25519 => scalar::x25519(value),
        Validator::Secp256k1 => scalar::secp256k1(value),
        Validator::PemInBase64 => encoded::private_key(value),
        Validator::KubernetesToken => jwt::kubernetes(value, facts),
        Validator::SupabaseService => jwt::supabase_service(value, facts),
    }
}

/// What two parts of one credential tell only together: that SES's password is made from the secret key beside it.
pub(crate) fn together(one: (&[Validator], &[u8]), other: (&[Validator], &[u8])) -> Option<Fact> {
    let (password, secret) = (one, other);
    let are_parts = password.0.contains(&Validator::AwsSesPassword) && secret.0.contains(&Validator::AwsSecret);
    (are_parts && aws_password::is_derived(password.1, secret.1))
        .then(|| Fact { key: "ses-password".into(), value: "made from the secret access key beside it".to_owned() })
}

/// Of a checksum that proves when it is right, and says nothing when it is wrong.
fn score(check: Check) -> Check {
    if check == Check::Reject { Check::Pass } else { check }
}

fn pass_if(holds: bool) -> Check {
    if holds { Check::Pass } else { Check::Reject }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: &[Validator] = &[
        Validator::Entropy(3.0),
        Validator::NoMask,
        Validator::NoPlaceholder,
        Validator::AwsKeyId,
        Validator::AwsKeyIdOdd,
        Validator::AwsSecret,
        Validator::AwsSessionToken,
        Validator::NotAwsExample,
        // AWS's services.
        Validator::AwsBearerKey,
        Validator::AwsSignedUrl,
        Validator::AwsSignedUrlV2,
        Validator::AwsSignedToken,
        Validator::CloudfrontSignedUrl,
        Validator::AwsServicePassword,
        Validator::AwsSesPassword,
        Validator::AwsMfaSeed,
        Validator::AwsEcrToken,
        Validator::AwsCodeartifactToken,
        Validator::AwsSsoToken,
        Validator::GithubCrc,
        Validator::GithubCrcScore,
        Validator::GithubPatHash,
        Validator::Jwt,
        Validator::ExpiryBeside,
        // Hosting, secret stores, observability.
        Validator::Mixed,
        Validator::NoName,
        Validator::Gibberish,
        Validator::VaultToken,
        Validator::FlyMacaroon,
        Validator::OnepasswordToken,
        Validator::SentryOrgToken,
        Validator::GrafanaCloudToken,
        Validator::GrafanaApiKey,
        Validator::MapboxToken,
        Validator::ZuploCrc,
        Validator::ConfluentCrcScore,
        // Checksums by CRC-32.
        Validator::Crc32Base62,
        Validator::Crc32Base62Score,
        Validator::GitlabCrc,
        Validator::GrafanaCrc,
        Validator::AtlassianCrc,
        Validator::CloudflareCrc,
        Validator::ApifyCrc,
        // Microsoft.
        Validator::AzureKey,
        Validator::AzureCask,
        Validator::EntraSecret,
        Validator::AzureDevopsPat,
        Validator::AzureSas,
        // Layouts.
        Validator::PypiMacaroon,
        Validator::DiscordToken,
        Validator::JfrogReference,
        Validator::DockerAuth,
        Validator::AtlassianDcToken,
        Validator::PrefixedJwt,
        Validator::NotHex,
        Validator::Literal,
        Validator::KeyBytes,
        Validator::CognitoRefreshToken,
        Validator::AwsLocationKey,
        Validator::S3KeyId,
        Validator::S3Secret,
        // Key material.
        Validator::Bech32,
        Validator::NatsSeed,
        Validator::StellarSeed,
        Validator::BitcoinWif,
        Validator::ExtendedKey,
        Validator::Mnemonic,
        Validator::X25519,
        Validator::Secp256k1,
        Validator::PemInBase64,
        Validator::KubernetesToken,
        Validator::SupabaseService,
    ];

    #[test]
    fn entropy_rejects_a_mask() {
        let mut facts = Vec::new();
        assert_eq!(check(Validator::Entropy(3.0), b"AKIAXXXXXXXXXXXXXXXX", &mut facts), Check::Reject);
        assert_eq!(
            check(Validator::Entropy(3.0), concat!("AKIA", "RZPUZDIKPHOMTE4W").as_bytes(), &mut facts),
            Check::Pass
        );
    }

    #[test]
    fn a_score_never_rejects() {
        let broken = concat!("ghs_", "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O50Zb5Hx");
        assert_eq!(check(Validator::GithubCrc, broken.as_bytes(), &mut Vec::new()), Check::Reject);
        assert_eq!(check(Validator::GithubCrcScore, broken.as_bytes(), &mut Vec::new()), Check::Pass);
    }

    proptest! {
        #[test]
        fn no_value_panics(value in proptest::collection::vec(any::<u8>(), 0..300)) {
            for &validator in ALL {
                check(validator, &value, &mut Vec::new());
            }
        }

        #[test]
        fn no_token_like_value_panics(
            value in "(AKIA|ABSK|ghp_|github_pat_|eyJ|IQoJb3JpZ2luX2Vj|X-Amz-Credential=AKIA|glpat-|pypi-AgE|BBDC-|sv=1&sig=|hv[sb]\\.|fm2_|ops_eyJ|sntrys_eyJ|zpka_|cflt|v1[.]public[.]|LTAI|tsec_)?[A-Za-z0-9+/_.=&%?-]{0,200}",
        ) {
            for &validator in ALL {
                check(validator, value.as_bytes(), &mut Vec::new());
            }
        }
    }
}
