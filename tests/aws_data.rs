//! What the rules for AWS leave alone, and whose keys they say a key is: what masks, references and ciphertext look like
//! under the names of every credential, in the syntaxes in which they stand.

use keysieve::engine::{Match, Options, Scanner};
use keysieve::model::{Encoding, KindSet};
use keysieve::rules::RuleSet;

use crate::support::secrets::Maker;

/// Names under which the rules find something, with the words that they ask for beside it.
const NAMES: &[&str] = &[
    "AWS_SECRET_ACCESS_KEY",
    "MasterUserPassword",
    "master_password",
    "SecretString",
    "secret_string",
    "x-api-key",
    "sse_customer_key",
    "COGNITO_CLIENT_SECRET",
    "LWA_CLIENT_SECRET",
    "elasticache_auth_token",
    "HSM_USER HSM_PASSWORD",
    "aws_vpn_connection tunnel1_preshared_key",
    "\"aws_db_instance\" password",
    "x.rds.amazonaws.com DB_PASSWORD",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "PlatformCredential",
    "RawSecretAccessKey",
    "PrivateKeyPlaintext",
    "arn:aws:kms:eu-west-1:123456789012:key/1 \"Plaintext\"",
    "X-aws-ec2-metadata-token",
    "X-MediaPackage-CDNIdentifier",
    "AWS::IAM::User Password",
    "NoEcho: true, Default",
];

/// Masks of CI systems, what only its owner can read, and where a secret is kept.
const SILENT: &[&str] = &[
    "***",
    "********************",
    "[secure]",
    "[REDACTED]",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "ENC[AES256_GCM,data:kW9mPz2vQx8LrT3bYc5h,iv:Gd2Fs8JuQe0=,tag:b3N7xQ==,type:str]",
    "AQICAHhVYzq2V8Wq0n3mL5t9yZc1rXoPbE7kDfGsJhNvMaQHtq0WkW9mPz2vQx8LrT3bYc5hGd2Fs8JuQe0b3N7xQAAAAfjB8BgkqhkiG9w0B",
    "AQIDAHhVYzq2V8Wq0n3mL5t9yZc1rXoPbE7kDfGsJhNvMaQHtq0WkW9mPz2vQx8LrT3bYc5hGd2Fs8JuQe0b3N7xQAAAAfjB8BgkqhkiG9w0B",
    "{{resolve:secretsmanager:prod/db:SecretString:password}}",
    "{{resolve:ssm-secure:/prod/db:1}}",
    "op://vault/aws/secret",
    "${ssm:/prod/db}",
    "${AWS_SECRET_ACCESS_KEY}",
    "$AWS_SECRET_ACCESS_KEY",
    "vault:secret/data/db#password",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
    "!Ref DatabasePassword",
    "var.database_password",
    "data.aws_secretsmanager_secret_version.db.secret_string",
    "random_password.db.result",
    "<your-secret-here>",
    "changeme",
    "",
];

fn syntaxes(name: &str, value: &str) -> [String; 5] {
    [
        format!("{name}={value}\n"),
        format!("{name}: {value}\n"),
        format!("{name} = \"{value}\"\n"),
        format!("{{\"{name}\": \"{value}\"}}"),
        format!("- name: {name}\n  value: '{value}'\n"),
    ]
}

fn scan(scanner: &Scanner, text: &str) -> Vec<(String, Match)> {
    let scanned = scanner.scan(&mut scanner.scratch(), text.as_bytes(), KindSet::ALL);
    let id = |found: &Match| scanner.rules().rules()[found.rule].id.to_string();
    scanned.matches.into_iter().map(|found| (id(&found), found)).collect()
}

fn rules_that_match(scanner: &Scanner, text: &str) -> Vec<String> {
    scan(scanner, text).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn masks_references_and_ciphertext_are_silent_under_every_name() {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut wrong = Vec::new();
    for name in NAMES {
        for text in SILENT.iter().flat_map(|value| syntaxes(name, value)) {
            let found = rules_that_match(&scanner, &text);
            wrong.extend(found.into_iter().map(|id| format!("{id} found something in {text:?}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The names are right: with a secret in the place of the mask, each is found.
#[test]
fn the_same_names_with_a_secret_are_not() {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut maker = Maker::new(29);
    let secret = maker.aws_secret_key();
    for name in ["AWS_SECRET_ACCESS_KEY", "MasterUserPassword", "SecretString", "elasticache_auth_token", "x-api-key"] {
        for text in syntaxes(name, &secret) {
            assert_eq!(rules_that_match(&scanner, &text).len(), 1, "{text}");
        }
    }
}

#[test]
fn sealed_and_encrypted_documents_are_silent() {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let blob = "kW9mPz2vQx8LrT3bYc5hGd2Fs8JuQe0b3N7xQV1nMa6K".repeat(6);
    for text in [
        format!(
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    password: AgB{blob}\n"
        ),
        format!("env:\n  global:\n    - secure: \"{blob}=\"\n"),
        format!("config:\n  app:dbPassword:\n    secure: v1:kW9mPz2vQx8LrT3b:{blob}\n"),
        format!("{{\"CiphertextBlob\": \"AQICAH{blob}\", \"KeyId\": \"arn:aws:kms:eu-west-1:123456789012:key/1\"}}"),
        "db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6638643965323633646262656665\n".to_owned(),
    ] {
        assert_eq!(rules_that_match(&scanner, &text), [""; 0], "{text}");
    }
}

#[test]
fn a_key_of_another_vendor_is_not_called_one_of_aws() {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let secret = Maker::new(43).aws_secret_key();
    let pair = |id: &str| format!("aws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    for (id, vendor) in [
        (concat!("DO00", "9FJ2K7Q4X8ZT3MWP"), "DigitalOcean Spaces"),
        (concat!("K7Q4", "X8ZT3MWP9FJ2C5VB"), "Wasabi, Linode, MinIO or another"),
    ] {
        let found = scan(&scanner, &pair(id));
        let [(rule, found)] = &found[..] else { panic!("{id}: {found:?}") };
        assert_eq!((rule.as_str(), found.why), ("s3-compatible-key-pair", "paired"), "{id}");
        assert!(found.facts.iter().any(|fact| (&*fact.key, &*fact.value) == ("vendor", vendor)), "{:?}", found.facts);
    }
    assert_eq!(rules_that_match(&scanner, &pair(&Maker::new(44).aws_key_id())), ["aws-secret-access-key"]);
}

#[test]
fn credentials_are_found_at_every_alignment_of_base64() {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut maker = Maker::new(46);
    let profile =
        format!("aws_access_key_id = {}\naws_secret_access_key = {}\n", maker.aws_key_id(), maker.aws_secret_key());
    for before in ["", "x", "xy"] {
        let text = format!("data: {}", data_encoding::BASE64.encode(format!("{before}\n{profile}").as_bytes()));
        let found = scan(&scanner, &text);
        let [(rule, found)] = &found[..] else { panic!("{found:?}") };
        assert_eq!((rule.as_str(), &found.encodings[..]), ("aws-secret-access-key", &[Encoding::Base64][..]));
    }
}
