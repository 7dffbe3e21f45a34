//! Requests to AWS that were signed in advance: whoever has the text can send them until a moment that it tells itself.
//! As the query of a URL (Signature Version 4 and 2, CloudFront), and as a token that is base64 of such a URL (Bedrock,
//! EKS, MSK). The signature cannot be checked without the secret key; that everything else fits is the proof.
//!
//! - Version 4: <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
//! - Version 2: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html>
//! - CloudFront: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html>
//! - EKS: <https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster>

use bstr::ByteSlice;
use serde_json::Value;

use super::{Check, STRUCTURE, aws, base64};
use crate::engine::confirm::percent_decoded;
use crate::engine::entropy::bits_per_byte;
use crate::model::{Fact, Moment};

/// S3 honours no version 4 URL longer than seven days, in seconds.
const S3_LONGEST: u64 = 604_800;
/// A cluster takes a token for a quarter of an hour, whatever the URL in it says, in seconds.
const CLUSTER_SESSION: u64 = 900;
/// A signature in hexadecimal: an HMAC-SHA256, or an ECDSA signature of version 4A.
const SHORTEST_SIGNATURE: usize = 64;
/// Random hexadecimal digits have more entropy than this, in bits per digit; a mask has not.
const LEAST_ENTROPY: f32 = 3.0;
/// An HMAC-SHA1 in bytes.
const SIGNATURE_V2: usize = 20;
/// The shortest signature of CloudFront, in bytes: ECDSA in DER.
const SHORTEST_CLOUDFRONT: usize = 64;
/// What stands before the base64 of tokens.
const PREFIXES: [&[u8]; 3] = [b"bedrock-api-key-", b"aws-external-anthropic-api-key-", b"k8s-aws-v1."];

/// A query with a version 4 signature; tells the key's account and when it ends.
pub(super) fn version4(text: &[u8], facts: &mut Vec<Fact>) -> Check {
    let query = Query::parse(text);
    let Some(scope) = query.get("X-Amz-Credential").and_then(Scope::parse) else { return Check::Reject };
    let signature = query.get("X-Amz-Signature").unwrap_or_default();
    let seconds = query.number("X-Amz-Expires");
    let too_long = scope.service == b"s3" && seconds.is_some_and(|seconds| seconds > S3_LONGEST);
    if !is_signature(signature) || too_long || !is_key(&scope.id, facts) {
        return Check::Reject;
    }
    let Some(date) = query.get("X-Amz-Date").and_then(moment) else { return Check::Pass };
    let is_cluster = query.get("Action") == Some(b"GetCallerIdentity");
    let seconds = if is_cluster { Some(seconds.unwrap_or(0).max(CLUSTER_SESSION)) } else { seconds };
    facts.extend(seconds.map(|seconds| Fact::expires(date.plus(seconds))));
    if date.day().replace('-', "").as_bytes() == scope.date { STRUCTURE } else { Check::Pass }
}

/// A token that is base64 of a URL with a version 4 signature.
pub(super) fn token(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    let body = PREFIXES.iter().find_map(|prefix| token.strip_prefix(*prefix)).unwrap_or(token);
    match base64::decode(body) {
        Some(url) if url.contains_str("Action=") => version4(&url, facts),
        _ => Check::Reject,
    }
}

/// A query with a version 2 signature of S3.
pub(super) fn version2(text: &[u8], facts: &mut Vec<Fact>) -> Check {
    let query = Query::parse(text);
    let (Some(id), Some(signature)) = (query.get("AWSAccessKeyId"), query.get("Signature")) else {
        return Check::Reject;
    };
    let is_signature = base64::decode(signature).is_some_and(|bytes| bytes.len() == SIGNATURE_V2);
    let Some(end) = query.number("Expires").and_then(Moment::from_seconds) else { return Check::Reject };
    if !is_signature || !is_key(id, facts) {
        return Check::Reject;
    }
    facts.push(Fact::expires(end));
    STRUCTURE
}

/// A query signed for CloudFront, by a canned policy or by one of its own.
pub(super) fn cloudfront(text: &[u8], facts: &mut Vec<Fact>) -> Check {
    let query = Query::parse(text);
    let signature = query.get("Signature").and_then(cloudfront_decoded);
    let is_example = query.get("Key-Pair-Id").is_none_or(aws::is_example);
    if is_example || signature.is_none_or(|signature| signature.len() < SHORTEST_CLOUDFRONT) {
        return Check::Reject;
    }
    let end = match query.get("Policy") {
        Some(policy) => cloudfront_decoded(policy).and_then(|json| policy_end(&json)),
        None => query.number("Expires"),
    };
    let Some(end) = end.and_then(Moment::from_seconds) else { return Check::Reject };
    facts.push(Fact::expires(end));
    STRUCTURE
}

/// CloudFront writes base64 with `-`, `_` and `~` in the place of `+`, `=` and `/`.
fn cloudfront_decoded(text: &[u8]) -> Option<Vec<u8>> {
    let plain: Vec<u8> = text
        .iter()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'=',
            b'~' => b'/',
            other => *other,
        })
        .collect();
    base64::decode(&plain)
}

/// When a policy ends, in seconds since 1970.
fn policy_end(json: &[u8]) -> Option<u64> {
    let policy: Value = serde_json::from_slice(json).ok()?;
    policy.pointer("/Statement/0/Condition/DateLessThan/AWS:EpochTime")?.as_u64()
}

/// Whether it is the id of an access key, and no documented one; tells the account.
fn is_key(id: &[u8], facts: &mut Vec<Fact>) -> bool {
    let is_access_key = id.starts_with(b"AKIA") || id.starts_with(b"ASIA");
    is_access_key && !aws::is_example(id) && aws::key_id(id, facts) == Check::Pass
}

fn is_signature(text: &[u8]) -> bool {
    text.len() >= SHORTEST_SIGNATURE && text.iter().all(u8::is_ascii_hexdigit) && bits_per_byte(text) >= LEAST_ENTROPY
}

fn moment(text: &[u8]) -> Option<Moment> {
    Moment::parse(text.to_str().ok()?)
}

/// Which key signed, when and for what: `<id>/<date>/<region>/<service>/aws4_request`, of version 4A without a region.
#[derive(Debug)]
struct Scope {
    id: Vec<u8>,
    date: Vec<u8>,
    service: Vec<u8>,
}

impl Scope {
    fn parse(text: &[u8]) -> Option<Self> {
        let parts: Vec<&[u8]> = text.split(|&byte| byte == b'/').collect();
        let ([id, date, _, service, b"aws4_request"] | [id, date, service, b"aws4_request"]) = parts[..] else {
            return None;
        };
        let own = <[u8]>::to_vec;
        (date.len() == 8).then(|| Self { id: own(id), date: own(date), service: own(service) })
    }
}

/// The parameters of a query, decoded.
#[derive(Debug)]
struct Query(Vec<(Vec<u8>, Vec<u8>)>);

impl Query {
    /// Of a query, or of a URL with one; also if it stands in JSON, in HTML, or percent-encoded in another URL.
    fn parse(text: &[u8]) -> Self {
        let mut text = text.replace(r"\u0026", "&").replace("&amp;", "&").replace(r"\/", "/");
        if !text.contains(&b'=') {
            text = percent_decoded(&text);
        }
        let start = text.rfind_byte(b'?').map_or(0, |mark| mark + 1);
        let parameter = |part: &[u8]| {
            let equals = memchr::memchr(b'=', part)?;
            Some((part[..equals].to_vec(), percent_decoded(&part[equals + 1..])))
        };
        Self(text[start..].split(|&byte| byte == b'&').filter_map(parameter).collect())
    }

    /// The value of a parameter; its name is found in any case.
    fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| &value[..])
    }

    /// The number that a value begins with: what ends a sentence may stand behind it.
    fn number(&self, name: &str) -> Option<u64> {
        let value = self.get(name)?;
        let end = value.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(value.len());
        value[..end].to_str().ok()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE64, BASE64URL_NOPAD};

    const ID: &str = concat!("AKIA", "RZPUZDIKPHOMTE4W");
    const SIGNATURE: &str = "5f1d8c0a9b7e4f23c6d5a8b9e0f1234c7d8e9f0a1b2c3d4e5f60718293a4b5c6";

    fn told(check: Check, facts: &[Fact]) -> (Check, Vec<String>) {
        (check, facts.iter().map(|fact| format!("{}={}", fact.key, fact.value)).collect())
    }

    fn run(validator: fn(&[u8], &mut Vec<Fact>) -> Check, text: &str) -> (Check, Vec<String>) {
        let mut facts = Vec::new();
        let check = validator(text.as_bytes(), &mut facts);
        told(check, &facts)
    }

    fn url(id: &str, service: &str, seconds: u64) -> String {
        format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={id}%2F20260101%2Feu-west-1%2F{service}%2Faws4_request\
             &X-Amz-Date=20260101T120000Z&X-Amz-Expires={seconds}&X-Amz-SignedHeaders=host&X-Amz-Signature={SIGNATURE}"
        )
    }

    #[test]
    fn a_signed_query_tells_its_account_and_its_end() {
        let (_, account) = run(aws::key_id, ID);
        let expected = (STRUCTURE, vec![account[0].clone(), "expires=2026-01-01T13:00:00Z".to_owned()]);
        let plain = url(ID, "s3", 3600);
        for text in [
            plain.clone(),
            plain.replace('&', "&amp;"),
            plain.replace('&', r"\u0026"),
            plain.to_lowercase().replace(&ID.to_lowercase(), ID).replace("20260101t120000z", "20260101T120000Z"),
            plain.replace('%', "%25").replace('&', "%26").replace('=', "%3D"),
            format!("https://bucket.s3.amazonaws.com/key?list=2&{plain}"),
        ] {
            assert_eq!(run(version4, &text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_signed_query() {
        for text in [
            url(concat!("AKIAIOSFODNN7", "EXAMPLE"), "s3", 60),
            url("minioadmin", "s3", 60),
            url(concat!("AKGP", "T4J56IAJ2EUBL5CQ"), "s3", 60),
            url(ID, "s3", 604_801),
            url(ID, "s3", 60).replace(SIGNATURE, "0000000000000000000000000000000000000000000000000000000000000000"),
            url(ID, "s3", 60).replace(SIGNATURE, &SIGNATURE[1..]),
            url(ID, "s3", 60).replace("%2Faws4_request", ""),
            String::new(),
        ] {
            assert_eq!(run(version4, &text).0, Check::Reject, "{text}");
        }
        assert_eq!(run(version4, &url(ID, "rds-db", 604_801)).0, STRUCTURE, "only S3 has that limit");
        assert_eq!(run(version4, &url(ID, "s3", 60).replace("T120000Z", "")).0, Check::Pass);
        assert_eq!(run(version4, &url(ID, "s3", 60).replace("=20260101T", "=20260102T")).0, Check::Pass);
    }

    #[test]
    fn tokens_that_hold_a_signed_url() {
        let bedrock =
            format!("bedrock.amazonaws.com/?Action=CallWithBearerToken&{}&Version=1", url(ID, "bedrock", 43200));
        let token_of = |prefix: &str, url: &str| format!("{prefix}{}", BASE64.encode(url.as_bytes()));
        let found = run(token, &token_of("bedrock-api-key-", &bedrock));
        assert_eq!((found.0, &*found.1[1]), (STRUCTURE, "expires=2026-01-02T00:00:00Z"));
        let eks = format!(
            "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&{}",
            url(ID, "sts", 60)
        );
        let found = run(token, &format!("k8s-aws-v1.{}", BASE64URL_NOPAD.encode(eks.as_bytes())));
        assert_eq!((found.0, &*found.1[1]), (STRUCTURE, "expires=2026-01-01T12:15:00Z"));
        assert_eq!(run(token, "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t").0, Check::Reject);
        assert_eq!(run(token, &token_of("bedrock-api-key-", &bedrock)[..120]).0, Check::Reject);
    }

    #[test]
    fn version_2_in_any_order() {
        let signature = BASE64.encode(&[0xa7; SIGNATURE_V2]).replace('=', "%3D");
        for text in [
            format!("AWSAccessKeyId={ID}&Expires=4102444800&Signature={signature}"),
            format!("Signature={signature}&Expires=4102444800&AWSAccessKeyId={ID}"),
            format!("AWSAccessKeyId={ID}&Signature={signature}&x-amz-security-token=x&Expires=4102444800."),
        ] {
            let found = run(version2, &text);
            assert_eq!((found.0, &*found.1[1]), (STRUCTURE, "expires=2100-01-01T00:00:00Z"), "{text}");
        }
        for text in [
            format!("AWSAccessKeyId={ID}&Expires=4102444800&Signature=c2hvcnQ%3D"),
            format!("AWSAccessKeyId={ID}&Signature={signature}"),
            format!("AWSAccessKeyId={ID}"),
            format!("AWSAccessKeyId=AKIAIOSFODNN7{}&Expires=4102444800&Signature={signature}", "EXAMPLE"),
        ] {
            assert_eq!(run(version2, &text).0, Check::Reject, "{text}");
        }
    }

    #[test]
    fn cloudfront_policies() {
        let encode = |bytes: &[u8]| BASE64.encode(bytes).replace('+', "-").replace('=', "_").replace('/', "~");
        let signature = encode(&[0xfb; 256]);
        let policy = encode(br#"{"Statement":[{"Resource":"https://d.cloudfront.net/*","Condition":{"DateLessThan":{"AWS:EpochTime":4102444800}}}]}"#);
        for text in [
            format!("Expires=4102444800&Signature={signature}&Key-Pair-Id=K2JCJMDEHXQW5F"),
            format!("Policy={policy}&Signature={signature}&Key-Pair-Id=K2JCJMDEHXQW5F"),
        ] {
            assert_eq!(run(cloudfront, &text), (STRUCTURE, vec!["expires=2100-01-01T00:00:00Z".to_owned()]), "{text}");
        }
        assert_eq!(
            run(cloudfront, "Expires=4102444800&Signature=c2hvcnQ_&Key-Pair-Id=K2JCJMDEHXQW5F").0,
            Check::Reject
        );
        let example = format!("Expires=4102444800&Signature={signature}&Key-Pair-Id=APKAEIBAERJR2{}", "EXAMPLE");
        assert_eq!(run(cloudfront, &example).0, Check::Reject);
        let text = format!("Policy=e30_&Signature={signature}&Key-Pair-Id=K2JCJMDEHXQW5F");
        assert_eq!(run(cloudfront, &text).0, Check::Reject);
    }
}
