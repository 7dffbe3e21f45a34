//! AWS, section by section: what it documents as an example is silent in whatever syntax, ids and encrypted forms are
//! silent too, and the parts of one credential are one finding. That each rule finds its own examples is `patterns.rs`'s
//! part. The texts are in pieces, so that this file holds no credential.

mod sections;

use std::sync::LazyLock;

use keysieve::engine::{Match, Options, Scanner};
use keysieve::model::{Confidence, KindSet, Severity};
use keysieve::rules::RuleSet;

use crate::support::secrets::Maker;

/// With all rules; compiled once.
static SCANNER: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(RuleSet::builtin(), Options::default()));

fn scan(text: &str) -> Vec<(String, Match)> {
    let scanned = SCANNER.scan(&mut SCANNER.scratch(), text.as_bytes(), KindSet::ALL);
    scanned.matches.into_iter().map(|found| (SCANNER.rules().rules()[found.rule].id.to_string(), found)).collect()
}

fn ids(text: &str) -> Vec<String> {
    scan(text).into_iter().map(|(id, _)| id).collect()
}

/// `value` under `name` as it stands in files: assignment, JSON, YAML, XML, a URL, a command, a header, prose.
fn in_every_syntax(name: &str, value: &str) -> Vec<String> {
    let escaped = value.replace('/', r"\/");
    let encoded = value.replace('%', "%25").replace('/', "%2F").replace('+', "%2B").replace('=', "%3D");
    let flag = name.to_lowercase().replace('_', "-");
    vec![
        value.to_owned(),
        format!("{name}={value}"),
        format!("{} = {value}", name.to_lowercase()),
        format!("export {name}=\"{value}\""),
        format!("const {name} = '{value}';"),
        format!("{{\"{name}\": \"{value}\", \"Version\": 1}}"),
        format!("{{\\\"{name}\\\":\\\"{escaped}\\\"}}"),
        format!("  {name}: {value}"),
        format!("- name: {name}\n  value: {value}"),
        format!("<{name}>{value}</{name}>"),
        format!("<property>\n  <name>{name}</name>\n  <value>{value}</value>\n</property>"),
        format!("https://host.acme.io/path?{name}={encoded}&x=1"),
        format!("tool --{flag} {value} --verbose"),
        format!("aws configure set {} {value}", name.to_lowercase()),
        format!("X-{name}: {value}"),
        format!("Use `{value}` as the {name} (never a real one)."),
        format!("{name},{value}"),
    ]
}

fn assert_silent(name: &str, value: &str) {
    for text in in_every_syntax(name, value) {
        let found = ids(&text);
        assert!(found.is_empty(), "{found:?} in {text}");
    }
}

/// Ids in AWS's documentation; most are told by their end, some have a length or characters that no id has.
const EXAMPLE_IDS: &[&str] = &[
    concat!("AKIA", "IOSFODNN7EXAMPLE"),
    concat!("AKIA", "I44QH8DHBEXAMPLE"),
    concat!("AKIA", "IESZCNJ3OEXAMPLE"),
    concat!("AKIA", "QRSTUVWXYZEXAMPLE"),
    concat!("AKIA", "EXAMPLE123456789"),
    concat!("AKIA", "EXAMPLEPBUMBC3GA"),
    concat!("AKIA", "IEXAMPLE"),
    concat!("AKID", "EXAMPLE"),
    concat!("AKID", "PMS9RO4H3FEXAMPLE"),
    concat!("AKIA", "111111111EXAMPLE"),
    concat!("AKIA", "222222222EXAMPLE"),
    concat!("AKIA", "123456789EXAMPLE"),
    concat!("AKIA", "6OHTTRXXTEXAMPLE"),
    concat!("ASIA", "IOSFODNN7EXAMPLE"),
    concat!("ASIA", "JEXAMPLEXEG2JICEA"),
    concat!("ASIA", "V3ZUEFP6EXAMPLE"),
    concat!("ASIA", "SZ4SI7REEEXAMPLE"),
    concat!("ASIA", "WHOJDLGPOEXAMPLE"),
    concat!("ASIA", "CQRSTUVWRAOEXAMPLE"),
    concat!("ASIA", "1234567890EXAMPLE"),
    concat!("ACCA", "EXAMPLE123EXAMPLE"),
    concat!("ACCA", "1234EXAMPLE1234"),
    concat!("APKA", "EIBAERJR2EXAMPLE"),
    concat!("APKA", "123456789EXAMPLE"),
    concat!("APKA", "1234567890EXAMPLE"),
    concat!("ASCA", "EXAMPLE123EXAMPLE"),
    concat!("ASCA", "EXAMPLE456EXAMPLE"),
    concat!("AIDA", "CKCEVSQ6C2EXAMPLE"),
    concat!("AGPA", "CKCEVSQ6C2EXAMPLE"),
    concat!("AROA", "DBQP57FF2AEXAMPLE"),
    concat!("ANPA", "J4AE5446DAEXAMPLE"),
    concat!("AGPA", "IFFQAVRFFEXAMPLE"),
    // The S3 guides of 2006, and many a test suite since.
    concat!("44CF9590", "006BF252F707"),
    concat!("0PN5J17H", "BGZHT7JJ3X82"),
];

const EXAMPLE_SECRETS: &[&str] = &[
    concat!("wJalrXUtnFEMI/", "K7MDENG/bPxRfiCYEXAMPLEKEY"),
    concat!("wJalrXUtnFEMI/", "K7MDENG+bPxRfiCYEXAMPLEKEY"),
    concat!("wJalrXUtnFEMI/", "K7MDENG/bPxRfiCYzEXAMPLEKEY"),
    concat!("je7MtGbClwBF/", "2Zp9Utk/h3yCo8nvbEXAMPLEKEY"),
    concat!("9drTJvcXLB89", "EXAMPLELB8923FB892xMFI"),
    concat!("8P+SQvWIuLnKhh8d++", "jpw0nNmQRBZvNEXAMPLEKEY"),
    concat!("OtxrzxIsfpFj", "A7SwPzILwy8Bw21TLhquhboDYROV"),
    concat!("uV3F3YluFJax", "1cknvbcGwgjvx4QpvB+leU8dUj2o"),
];

/// Session tokens that are cut, or have EXAMPLE in them.
const EXAMPLE_TOKENS: &[&str] = &[
    "AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT+FvwqnKwRcOIfrRh3c/LTo6UDdyJwOOvEVPvLXCrrrUtdnniCEXAMPLE/IvU1dYUg2RVAJBanLiHb4IgRmpRV3zrkuWJOgQs8IZZaIv2BXIa2R4OlgkBN9bkUDNCJiBeb/AXlzBBko7b15fjrBs2+cTQtpZ3CYWFXG8C5zqx37wnOE49mRl/+OtkIKGO7fAE",
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==",
    "AQoDYXdzEGcaEXAMPLE2gsYULo+Im5ZEXAMPLEeYjs1M2FUIgIJx9tQqNMBEXAMPLECvSRyh0FW7jEXAMPLEW+vE/7s1HRpXviG7b+qYf4nD00EXAMPLEmj4wxS04L/uZEXAMPLECihzFB5lTYLto9dyBgSDyEXAMPLE9/g7QRUhZp4bqbEXAMPLENwGPyOj59pFA4lNKCIkVgkREXAMPLEjlzxQ7y52gekeVEXAMPLEDiB9ST3UuysgsKdEXAMPLE1TVastU1A0SKFEXAMPLEiywCC/Cs8EXAMPLEpZgOs+6hz4AP4KEXAMPLERbASP+4eZScEXAMPLEsnf87eNhyDHq6ikBQ==",
    "AQoXdzELDDY//////////wEaoAK1wvxJY12r2IrDFT2...",
    "AgoJb3JpZ2luX2VjEB4aCXVzLXdlc3QtMiJHEXAMPLETOKEN+//rJb8Lo30mFc5MlhFCEbubZvEj0wHB/mDMwIgSEe9gk/Zjr09tZV7F1HDTMhmEXAMPLETOKEN/iEJ/rkqngII9///////////ARABGgw0MjgzMDc4NjM5NjYiDLZjZFKwP4qxQG5sFCryASO4UPz5qE97wPPH1eLMvs7CgSDBSWfonmRTCfokm2FN1+hWUdQQH6adjbbrVLFL8c3jSsBhQ383AvxpwK5YRuDE1AI/+C+WKFZb701eiv9J5La2EXAMPLETOKEN/c7S5Iro1WUJ0q3Cxuo/8HUdVEXAMPLETOKEN==",
    "IQoJb3JpZ2luX2VjEOz////////////////////wEXAMPLEtMSJHMEUCIDoKK3JH9uGQE1z0sINr5M4jk+Na8KHDcCYRVjJCZEvOAiEA3OvJGtw1EcViOleS2vhs8VdCKFJQWPQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz",
];

/// What else AWS shows as an example, under the name that it gives it.
const EXAMPLE_OTHERS: &[(&str, &str)] = &[
    ("ServicePassword", concat!("k1zPZM6uVxMQ", "3oxqgoYlNuJPyRTZ1vREs76zTQE3eJk=")),
    ("ServicePassword", concat!("+oaFsNk7tLco", "+C/obP9GhhcOzGcKOayTmE3LnAmAmH4=")),
    ("Plaintext", concat!("VdzKNHGzUAzJ", "eRBVY+uUmofUGGiDzyB3+i9fVkh3piw=")),
    ("DbPassword", concat!("AMAFUyyuros/", "QjxPTtgzcsuQsqzIasdzJEN04aCtWDzXx1O9d6UmpkBtvEeqFly/EXAMPLE==")),
    ("StreamKey", concat!("sk_us-west-2_", "abcdABCDefgh_567890abcdef")),
    ("ClientSecret", "this1234is5678my91011example1213client1415secret"),
];

#[test]
fn documented_ids_are_silent() {
    for id in EXAMPLE_IDS {
        for name in ["AWS_ACCESS_KEY_ID", "AccessKeyId", "id"] {
            assert_silent(name, id);
        }
    }
}

#[test]
fn documented_secrets_are_silent() {
    for secret in EXAMPLE_SECRETS {
        for name in ["AWS_SECRET_ACCESS_KEY", "SecretAccessKey", "secretKey"] {
            assert_silent(name, secret);
        }
    }
}

#[test]
fn documented_session_tokens_are_silent() {
    for token in EXAMPLE_TOKENS {
        for name in ["AWS_SESSION_TOKEN", "SessionToken", "x-amz-security-token"] {
            assert_silent(name, token);
        }
    }
}

#[test]
fn documented_passwords_and_keys_are_silent() {
    for (name, value) in EXAMPLE_OTHERS {
        assert_silent(name, value);
    }
    let row = |user: &str| format!("{user}-at-123456789012,{}", EXAMPLE_OTHERS[0].1);
    assert_eq!(ids(&row("anika")), [""; 0]);
}

/// Beside a live key, an example is still none, and the key is still one.
#[test]
fn examples_hide_no_neighbour() {
    let mut maker = Maker::new(41);
    let (id, secret) = (maker.aws_key_id(), maker.aws_secret_key());
    for example in [EXAMPLE_IDS[0], EXAMPLE_SECRETS[0]] {
        let text = format!("# example: {example}\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
        let found = scan(&text);
        let [(rule, found)] = &found[..] else { panic!("{found:?} in {text}") };
        assert_eq!((rule.as_str(), found.secret.expose()), ("aws-secret-access-key", secret.as_bytes()));
    }
    let pair = format!("{} {}\n{} {}", EXAMPLE_IDS[0], EXAMPLE_SECRETS[0], EXAMPLE_IDS[4], EXAMPLE_SECRETS[2]);
    assert_eq!(ids(&pair), [""; 0]);
}

/// Unique ids of IAM (A7 of no use to anyone), accounts, names of resources.
#[test]
fn ids_that_open_nothing_are_silent() {
    let mut maker = Maker::new(42);
    for prefix in ["AGPA", "AIDA", "AIPA", "ANPA", "ANVA", "AROA", "ASCA", "APKA", "ACCA", "ABIA", "A3TX"] {
        let id = format!("{prefix}{}", &maker.aws_key_id()[4..]);
        for name in ["UserId", "AWS_ACCESS_KEY_ID", "aws_access_key_id", "RoleId", "ServiceSpecificCredentialId"] {
            assert_silent(name, &id);
        }
        assert_silent("UserId", &format!("{id}:session-name"));
    }
    for value in [
        "123456789012",
        "arn:aws:iam::123456789012:role/deploy",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
        "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ] {
        assert_silent("AWS_ACCOUNT_ID", value);
        assert_silent("SecretArn", value);
    }
}

/// Masks, references and encrypted values.
#[test]
fn what_is_masked_or_encrypted_is_silent() {
    let ciphertext = "AQICAHhNcmtq7Vx0pYc5hGd2Fs8JuQe3Zt7w1Lr9XkVbN3mT0gEq7Zt7w1Lr9XkVbN3mT0pYc5hGd2Fs8JuQeAAAAfjB8BgkqhkiG9w0BBwagbzBtAgEAMGgGCSqGSIb3DQEHATAeBglghkgBZQMEAS4wEQQM";
    let values = [
        "***",
        "****************************************",
        "[secure]",
        "ENC[AES256_GCM,data:qX7Zt7w1Lr9XkVbN3mT0pYc5hGd2Fs8JuQe=,iv:N3mT0pYc5hGd2Fs8=,tag:w1Lr9XkVbN3==,type:str]",
        "{{resolve:secretsmanager:prod/aws:SecretString:key}}",
        "op://vault/aws/secret",
        "${ssm:/prod/aws/secret}",
        "vault:secret/data/aws#secret_key",
        "!vault |",
        ciphertext,
    ];
    for value in values {
        for name in ["AWS_SECRET_ACCESS_KEY", "SecretAccessKey", "CiphertextBlob", "AWS_SESSION_TOKEN", "password"] {
            assert_silent(name, value);
        }
    }
}

fn session_token() -> String {
    let noise = (0..400_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8 | 0x80);
    let bytes: Vec<u8> = b"\x21\x0a\x09origin_ec\x10\x01".iter().copied().chain(noise).collect();
    data_encoding::BASE64.encode(&bytes)
}

/// Id, secret and session token are one finding, at the secret, with the other two beside it.
#[test]
fn a_session_is_one_finding() {
    let mut maker = Maker::new(43);
    let (id, secret, token) = (maker.aws_key_id().replacen("AK", "AS", 1), maker.aws_secret_key(), session_token());
    for text in [
        format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\naws_session_token = {token}\n"),
        format!("{{\"AccessKeyId\":\"{id}\",\"SecretAccessKey\":\"{secret}\",\"SessionToken\":\"{token}\"}}"),
        format!("AWS_SESSION_TOKEN={token} AWS_SECRET_ACCESS_KEY={secret} AWS_ACCESS_KEY_ID={id} ./run"),
        format!(
            "{{\"Code\":\"Success\",\"AccessKeyId\":\"{id}\",\"SecretAccessKey\":\"{secret}\",\"Token\":\"{token}\"}}"
        ),
    ] {
        let found = scan(&text);
        let [(rule, found)] = &found[..] else { panic!("{found:?} in {text}") };
        assert_eq!((rule.as_str(), found.severity), ("aws-secret-access-key", Severity::Critical), "{text}");
        assert_eq!((found.confidence, found.why), (Confidence::High, "paired"));
        let beside: Vec<&[u8]> = found.related.iter().map(|part| part.secret.expose()).collect();
        assert_eq!(beside, [id.as_bytes(), token.as_bytes()], "{text}");
    }
}

/// A session that says when it ended.
#[test]
fn a_session_tells_its_end() {
    let mut maker = Maker::new(47);
    let (id, secret, token) = (maker.aws_key_id().replacen("AK", "AS", 1), maker.aws_secret_key(), session_token());
    let text = format!(
        "{{\"AccessKeyId\":\"{id}\",\"SecretAccessKey\":\"{secret}\",\"SessionToken\":\"{token}\",\
         \"Expiration\":\"2024-05-01T12:00:00+00:00\"}}"
    );
    let found = scan(&text);
    assert!(found[0].1.facts.iter().any(|fact| fact.value == "2024-05-01T12:00:00Z"), "{found:?}");
}

#[test]
fn a_session_token_and_its_id_are_one_finding() {
    let id = Maker::new(44).aws_key_id().replacen("AK", "AS", 1);
    let found = scan(&format!("AccessKeyId: {id}\nSessionToken: {}\n", session_token()));
    let [(rule, found)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((rule.as_str(), found.severity, found.related.len()), ("aws-session-token", Severity::Medium, 1));
}

/// Each id keeps its own secret.
#[test]
fn two_profiles_are_two_findings() {
    let mut maker = Maker::new(45);
    let profiles: Vec<(String, String)> = (0..2).map(|_| (maker.aws_key_id(), maker.aws_secret_key())).collect();
    let text: String = profiles
        .iter()
        .map(|(id, secret)| format!("[p]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"))
        .collect();
    let found = scan(&text);
    assert_eq!(found.len(), 2, "{found:?}");
    for ((_, found), (id, secret)) in found.iter().zip(&profiles) {
        assert_eq!(found.secret.expose(), secret.as_bytes());
        assert_eq!(found.related[0].secret.expose(), id.as_bytes());
    }
}

/// SES derives its password from the secret key: where both stand, that is told.
#[test]
fn a_password_of_ses_is_proven_by_the_key_beside_it() {
    let id = Maker::new(46).aws_key_id();
    let secret = concat!("XWPJ", "x/d8ut8pdqsxRpvED5hJRaOvRTYZPNvS+I4k");
    let state = |password: &str| {
        format!(
            "\"id\": \"{id}\", \"secret\": \"{secret}\",\n\"ses_smtp_password_v4\": \"{password}\",\n\"user\": \"mail\""
        )
    };
    let told = |password: &str| {
        let found = scan(&state(password));
        let [(rule, found)] = &found[..] else { panic!("{found:?}") };
        assert_eq!((rule.as_str(), found.related.len()), ("aws-secret-access-key", 2));
        found.facts.iter().any(|fact| fact.key == "ses-password")
    };
    assert!(told(concat!("BN0gry", "vZOAzgDplnrZ0poFIkx5nPaFtlkVQQMR70wFtL")));
    assert!(!told(concat!("BN0gry", "vZOAzgDplnrZ0poFIkx5nPaFtlkVQQMR70wFtM")));
}
