//! One credential of each kind that AWS issues, made from the description of its format and put where such credentials
//! stand: each is found, by its own rule, with the whole of it as the secret.

use data_encoding::{BASE32, BASE64, BASE64URL_NOPAD};

use super::scan;
use crate::support::secrets::Maker;

/// Where a credential stands, `{}` in its place.
const PLACES: &[&str] =
    &["KEY={}", "{\"value\": \"{}\"}", "  apiKey: '{}'", "Authorization: Bearer {}", "tool --token {} -v", "<v>{}</v>"];

/// In each place `value` is found by `rule`.
#[track_caller]
fn assert_found(rule: &str, value: &str) {
    PLACES.iter().for_each(|place| assert_found_in(rule, value, place));
}

#[track_caller]
fn assert_found_in(rule: &str, value: &str, place: &str) {
    let text = place.replace("{}", value);
    let found = scan(&text);
    let is_it = found.iter().any(|(id, found)| id == rule && found.secret.expose() == value.as_bytes());
    let rules: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
    assert!(is_it, "{rule} did not find it, but {rules:?} in {text}");
}

fn encoded(value: &str) -> String {
    value.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D")
}

fn session_id(maker: &mut Maker) -> String {
    maker.aws_key_id().replacen("AK", "AS", 1)
}

/// The query of a request that is signed in advance.
fn signed(maker: &mut Maker, service: &str, seconds: u32) -> String {
    let (id, token, signature) = (session_id(maker), encoded(&maker.base64(300)), maker.hex(64));
    format!(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={id}%2F20260315%2Fus-east-1%2F{service}%2Faws4_request\
         &X-Amz-Date=20260315T081500Z&X-Amz-Expires={seconds}&X-Amz-Security-Token={token}&X-Amz-SignedHeaders=host\
         &X-Amz-Signature={signature}"
    )
}

#[test]
fn keys_of_one_user_for_one_service() {
    let mut maker = Maker::new(101);
    for (head, rule, user) in [
        ("ABSK", "aws-bedrock-long-term-key", "BedrockAPIKey-a1b2"),
        ("ABSK", "aws-bedrock-long-term-key", "alice+1"),
        ("ACWL", "aws-cloudwatch-logs-key", "logs-writer"),
        ("AEAA", "aws-claude-platform-key", "AeaApiKey-a1b2"),
        ("AXYZ", "aws-service-specific-key", "svc"),
        ("AXYZ", "aws-service-specific-key", "svc1"),
        ("AXYZ", "aws-service-specific-key", "svc12"),
    ] {
        for length in [24, 30, 45] {
            let body = format!("{user}-at-123456789012:{}", maker.base64(length));
            assert_found(rule, &format!("{head}{}", BASE64.encode(body.as_bytes())));
        }
    }
}

#[test]
fn short_term_keys() {
    let mut maker = Maker::new(102);
    for (rule, prefix, host) in [
        ("aws-bedrock-short-term-key", "bedrock-api-key-", "bedrock"),
        ("aws-claude-platform-short-term-key", "aws-external-anthropic-api-key-", "aws-external-anthropic"),
    ] {
        let query = signed(&mut maker, host, 43200);
        let url = format!("{host}.amazonaws.com/?Action=CallWithBearerToken&{query}&Version=1");
        assert_found(rule, &format!("{prefix}{}", BASE64.encode(url.as_bytes())));
    }
}

#[test]
fn tokens_that_are_a_signed_request() {
    let mut maker = Maker::new(103);
    let query = signed(&mut maker, "sts", 60);
    let url = format!("https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&{query}");
    assert_found("aws-eks-token", &format!("k8s-aws-v1.{}", BASE64URL_NOPAD.encode(url.as_bytes())));
    let query = signed(&mut maker, "kafka-cluster", 900);
    let url = format!("https://kafka.eu-west-1.amazonaws.com/?Action=kafka-cluster%3AConnect&{query}");
    assert_found("aws-msk-auth-token", &BASE64URL_NOPAD.encode(url.as_bytes()));
}

#[test]
fn signed_urls() {
    let mut maker = Maker::new(104);
    let places =
        ["curl 'https://b.s3.amazonaws.com/k?{}'", "\"url\": \"https://b.s3.amazonaws.com/k?{}\"", "(https://b/k?{})"];
    for place in places {
        let url = signed(&mut maker, "s3", 604_800);
        assert_found_in("aws-presigned-url-v4", &url, place);
        assert_found_in("aws-presigned-url-v4", &url.replace('&', r"\u0026"), place);
        let (id, signature) = (maker.aws_key_id(), encoded(&maker.base64(20)));
        for url in [
            format!("AWSAccessKeyId={id}&Expires=4102444800&Signature={signature}"),
            format!("Signature={signature}&Expires=4102444800&AWSAccessKeyId={id}"),
        ] {
            assert_found_in("aws-presigned-url-v2", &url, place);
        }
        let signature = maker.base64(256).replace('+', "-").replace('=', "_").replace('/', "~");
        let url = format!("Expires=4102444800&Signature={signature}&Key-Pair-Id=K2JCJMDEHXQW5F");
        assert_found_in("aws-cloudfront-signed-url", &url, place);
        assert_found_in("aws-cloudfront-signed-cookie", &signature, "Cookie: CloudFront-Signature={}; a=b");
    }
}

#[test]
fn tokens_for_databases() {
    let mut maker = Maker::new(105);
    for (host, action, service) in [
        ("db1.c9xkq2m4z7yt.us-east-1.rds.amazonaws.com:5432", "connect&DBUser=app", "rds-db"),
        ("fuabtz3n5qx.dsql.us-east-1.on.aws", "DbConnectAdmin", "dsql"),
        ("cache-1", "connect&User=app", "elasticache"),
    ] {
        let token = format!("{host}/?Action={action}&{}", signed(&mut maker, service, 900));
        for place in ["PGPASSWORD=\"{}\"", "password: {}", "mysql --password='{}' -u app"] {
            assert_found_in("aws-iam-db-auth-token", &token, place);
        }
    }
}

#[test]
fn passwords_of_services() {
    let mut maker = Maker::new(106);
    for _ in 0..20 {
        let password = maker.base64(32);
        for place in [
            "{\"ServiceUserName\": \"sofia-at-123456789012\", \"ServicePassword\": \"{}\"}",
            "User Name,Password\nsofia+2-at-123456789012,{}\n",
            "PlainTextAuthProvider(username='alice-at-123456789012', password='{}')",
            "username: alice-at-123456789012\npassword: {}",
        ] {
            assert_found_in("aws-service-password", &password, place);
        }
        let url = format!(
            "https://sofia-at-123456789012:{}@git-codecommit.us-east-1.amazonaws.com/v1/repos/demo",
            encoded(&password)
        );
        let found = scan(&url);
        assert!(
            matches!(&found[..], [(rule, it)] if rule == "aws-codecommit-url" && it.secret.expose() == password.as_bytes()),
            "{found:?} in {url}"
        );
    }
    let place = "https://mary:{}@git.us-west-2.codecatalyst.aws/v1/acme/shop/api";
    assert_found_in("aws-codecatalyst-url", &maker.base62(43), place);
}

#[test]
fn passwords_of_ses() {
    let mut maker = Maker::new(107);
    for version in [2, 4] {
        for _ in 0..20 {
            let password = BASE64.encode(&[&[version][..], &maker.bytes(32)].concat());
            for place in [
                "SES_SMTP_PASSWORD={}",
                "\"ses_smtp_password_v4\": \"{}\"",
                "smtp_password: '{}'",
                "--smtp-password {}",
            ] {
                assert_found_in("aws-ses-smtp-password", &password, place);
            }
            let place = format!("host: email-smtp.eu-west-1.amazonaws.com\nuser: {}\npass: {{}}\n", maker.aws_key_id());
            assert_found_in("aws-ses-smtp-password", &password, &place);
        }
    }
}

#[test]
fn tokens_of_registries() {
    let mut maker = Maker::new(108);
    let json = format!(
        r#"{{"payload":"{}","datakey":"{}","version":"2","type":"DATA_KEY","expiration":4102444800}}"#,
        maker.base64(300),
        maker.base64(120)
    );
    let password = BASE64.encode(json.as_bytes());
    let login = BASE64.encode(format!("AWS:{password}").as_bytes());
    assert_found("aws-ecr-token", &password);
    assert_found("aws-ecr-token", &login);
    let config = format!(r#"{{"auths":{{"1.dkr.ecr.us-east-1.amazonaws.com":{{"auth":"{login}"}}}}}}"#);
    assert_found_in("aws-ecr-token", &login, &config.replace(&login, "{}"));
    let secret = scan(&format!(".dockerconfigjson: {}", BASE64.encode(config.as_bytes())));
    assert!(secret.iter().any(|(rule, _)| rule == "aws-ecr-token"), "{secret:?}");
    let header = BASE64URL_NOPAD
        .encode(br#"{"ver":1,"isu":1770000000,"enc":"A128GCM","tag":"x","exp":4102444800,"alg":"A128GCMKW","iv":"y"}"#);
    let part = |maker: &mut Maker, length| BASE64URL_NOPAD.encode(&maker.bytes(length));
    let parts = [16, 12, 300, 16].map(|length| part(&mut maker, length)).join(".");
    assert_found("aws-codeartifact-token", &format!("{header}.{parts}"));
}

#[test]
fn tokens_of_identity_center() {
    let mut maker = Maker::new(109);
    for (rule, head) in
        [("aws-sso-token", "aoaAAAAA"), ("aws-sso-token", "aoal-"), ("aws-sso-refresh-token", "aorAAAAA")]
    {
        let signature = BASE64.encode(&[&[0x30, 0x65, 0x02, 0x30][..], &maker.bytes(99)].concat());
        assert_found(rule, &format!("{head}{}:{signature}", BASE64URL_NOPAD.encode(&maker.bytes(120))));
    }
    let header = BASE64URL_NOPAD.encode(br#"{"kid":"key-1564028099","alg":"HS384"}"#);
    let payload = BASE64URL_NOPAD.encode(br#"{"serialized":"{\"clientName\":\"tool\"}"}"#);
    let client = format!("{header}.{payload}.{}", BASE64URL_NOPAD.encode(&maker.bytes(48)));
    assert_found("aws-sso-oidc-client-secret", &client);
    let scim = maker.base64(150);
    for place in [
        "SCIM_ACCESS_TOKEN=\"{}\"",
        "https://scim.eu-west-1.amazonaws.com/Kx71b2c3d4e-5f60/scim/v2/\ntoken: {}",
        "curl https://scim.us-east-1.amazonaws.com/Kx71b2c3d4e-5f60/scim/v2/Users -H 'Authorization: Bearer {}'",
    ] {
        assert_found_in("aws-identity-center-scim-token", &scim, place);
    }
}

#[test]
fn ways_into_the_console() {
    let mut maker = Maker::new(110);
    let token = BASE64URL_NOPAD.encode(&maker.bytes(400));
    for host in ["signin.aws.amazon.com", "signin.amazonaws-us-gov.com", "signin.amazonaws.cn"] {
        let place = format!(
            "open \"https://{host}/federation?Action=login&Issuer=a&Destination=https%3A%2F%2Fb&SigninToken={{}}\""
        );
        assert_found_in("aws-signin-federation-token", &token, &place);
    }
    let password = format!("7G!{}", maker.base62(11));
    for place in [
        "User name,Password,Console sign-in URL\nbob,{},https://123456789012.signin.aws.amazon.com/console",
        "\u{feff}User name,Password,Access key ID,Secret access key,Console login link\r\nbob,{},,,https://acme.signin.aws.amazon.com/console\r\n",
    ] {
        assert_found_in("aws-console-password", &password, place);
    }
    for command in ["create", "update"] {
        let place = format!("aws iam {command}-login-profile \\\n    --user-name bob \\\n    --password '{{}}'");
        assert_found_in("aws-login-profile-password", &password, &place);
    }
    let seed = BASE32.encode(&maker.bytes(40));
    for (seed, place) in [
        (
            seed.clone(),
            "otpauth://totp/Amazon%20Web%20Services:bob@123456789012?secret={}&issuer=Amazon%20Web%20Services",
        ),
        (seed.clone(), "AWS_MFA_SEED={}"),
        (BASE64.encode(seed.as_bytes()), "\"Base32StringSeed\": \"{}\","),
    ] {
        assert_found_in("aws-mfa-seed", &seed, place);
    }
}

/// The file that the console offers when a user is made, with keys in it.
#[test]
fn a_row_with_a_password_and_a_key() {
    let mut maker = Maker::new(111);
    let (id, secret) = (maker.aws_key_id(), maker.aws_secret_key());
    let password = format!("7G!{}", maker.base62(11));
    let text = format!(
        "User name,Password,Access key ID,Secret access key,Console login link\r\n\
         bob,{password},{id},{secret},https://123456789012.signin.aws.amazon.com/console\r\n"
    );
    let found = scan(&text);
    let rules: Vec<&str> = found.iter().map(|(rule, _)| rule.as_str()).collect();
    assert_eq!(rules, ["aws-console-password", "aws-secret-access-key"]);
    assert_eq!(found[1].1.related[0].secret.expose(), id.as_bytes());
}

#[test]
fn keys_of_appsync() {
    let key = format!("da2-{}", Maker::new(112).base32(26).to_lowercase());
    assert_found("aws-appsync-key", &key);
}

#[test]
fn old_root_keys() {
    let mut maker = Maker::new(113);
    let (secret, id) = (maker.aws_secret_key(), format!("0{}", maker.base32(19)));
    for end in ["\n", "\r\n"] {
        assert_found_in("aws-rootkey-legacy", &secret, &format!("AWSAccessKeyId={id}{end}AWSSecretKey={{}}{end}"));
    }
    let id = maker.aws_key_id();
    assert_found_in("aws-secret-access-key", &secret, &format!("AWSAccessKeyId={id}\nAWSSecretKey={{}}\n"));
}

#[test]
fn signatures_in_logs() {
    let mut maker = Maker::new(114);
    let (id, signature, old) = (maker.aws_key_id(), maker.hex(64), maker.base64(20));
    let place = format!(
        "Authorization: AWS4-HMAC-SHA256 Credential={id}/20260315/us-east-1/s3/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={{}}"
    );
    assert_found_in("aws-authorization-header", &signature, &place);
    assert_found_in(
        "aws-access-key-id",
        &id,
        &place.replace(&id, "{}").replacen("Signature={}", &format!("Signature={signature}"), 1),
    );
    assert_found_in("aws-authorization-header", &old, &format!("> Authorization: AWS {id}:{{}}"));
}

#[test]
fn a_signer_of_cloudfront() {
    let mut maker = Maker::new(115);
    let pem = maker.pem();
    for id in ["K2JCJMDEHXQW5F".to_owned(), format!("APKA{}", maker.base32(17))] {
        assert_found_in("aws-cloudfront-key-pair-id", &id, &format!("CLOUDFRONT_KEY_PAIR_ID={{}}\n{pem}"));
        assert_eq!(scan(&format!("CLOUDFRONT_KEY_PAIR_ID={id}\n")), []);
    }
}
