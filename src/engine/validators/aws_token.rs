//! Tokens of AWS with a structure of their own: ECR's, CodeArtifact's, those of IAM Identity Center. The first two tell
//! when they end. What they open is encrypted in them.
//!
//! - ECR: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html>
//! - CodeArtifact: <https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html>, JWE (RFC 7516)
//! - Identity Center: <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateTokenWithIAM.html>

use serde_json::{Map, Value};

use super::{Check, STRUCTURE, base64};
use crate::model::{Fact, Moment};

/// Parts of a JWE in its compact form.
const JWE_PARTS: usize = 5;
/// A signature in DER begins with a SEQUENCE.
const SEQUENCE: u8 = 0x30;

/// Base64 of a JSON object with a data key, or of `AWS:` and that.
pub(super) fn ecr(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    let Some(text) = base64::decode(token) else { return Check::Reject };
    let inner = text.strip_prefix(b"AWS:").map(base64::decode);
    let json = match inner {
        None => Some(text),
        Some(inner) => inner,
    };
    let Some(token) = json.as_deref().and_then(object) else { return Check::Reject };
    if !token.contains_key("datakey") || !token.contains_key("payload") {
        return Check::Reject;
    }
    facts.extend(end(&token, "expiration"));
    STRUCTURE
}

/// A JWE whose header tells when it ends.
pub(super) fn codeartifact(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    let parts: Vec<&[u8]> = token.split(|&byte| byte == b'.').collect();
    let header = parts.first().and_then(|part| base64::decode(part)).as_deref().and_then(object);
    let Some(header) = header.filter(|header| header.contains_key("enc")) else { return Check::Reject };
    if parts.len() != JWE_PARTS {
        return Check::Reject;
    }
    facts.extend(end(&header, "exp"));
    STRUCTURE
}

/// `aoa...:` or `aor...:` and a signature.
pub(super) fn sso(token: &[u8]) -> Check {
    let Some(colon) = memchr::memchr(b':', token) else { return Check::Reject };
    match base64::decode(&token[colon + 1..]).as_deref() {
        Some([SEQUENCE, ..]) => STRUCTURE,
        _ => Check::Reject,
    }
}

fn object(json: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(json).ok()
}

fn end(object: &Map<String, Value>, key: &str) -> Option<Fact> {
    let seconds = object.get(key).and_then(Value::as_u64)?;
    Moment::from_seconds(seconds).map(Fact::expires)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE64, BASE64URL_NOPAD};

    fn told(facts: &[Fact]) -> Vec<String> {
        facts.iter().map(|fact| format!("{}={}", fact.key, fact.value)).collect()
    }

    #[test]
    fn passwords_of_a_registry() {
        let password =
            BASE64.encode(br#"{"payload":"x","datakey":"y","version":"2","type":"DATA_KEY","expiration":4102444800}"#);
        let login = BASE64.encode(format!("AWS:{password}").as_bytes());
        for token in [&password, &login] {
            let mut facts = Vec::new();
            assert_eq!(ecr(token.as_bytes(), &mut facts), STRUCTURE);
            assert_eq!(told(&facts), ["expires=2100-01-01T00:00:00Z"]);
        }
        for text in ["AWS:secret", r#"{"payload":"x"}"#, "AWS:", "[]"] {
            assert_eq!(ecr(BASE64.encode(text.as_bytes()).as_bytes(), &mut Vec::new()), Check::Reject, "{text}");
        }
        assert_eq!(ecr(b"QVdTOkN...", &mut Vec::new()), Check::Reject);
    }

    #[test]
    fn tokens_of_a_package_repository() {
        let header =
            BASE64URL_NOPAD.encode(br#"{"ver":1,"isu":1767225600,"enc":"A128GCM","exp":4102444800,"alg":"A128GCMKW"}"#);
        let mut facts = Vec::new();
        assert_eq!(codeartifact(format!("{header}.a.b.c.d").as_bytes(), &mut facts), STRUCTURE);
        assert_eq!(told(&facts), ["expires=2100-01-01T00:00:00Z"]);
        assert_eq!(codeartifact(format!("{header}.a.b.c").as_bytes(), &mut Vec::new()), Check::Reject);
        assert_eq!(codeartifact(b"eyJ9.a.b.c.d", &mut Vec::new()), Check::Reject);
    }

    #[test]
    fn tokens_of_a_sign_on() {
        let signature = BASE64.encode(&[0x30, 0x66, 0x02, 0x31, 0x00, 0x9a]);
        assert_eq!(sso(format!("aoaAAAAAGx:{signature}").as_bytes()), STRUCTURE);
        assert_eq!(sso(b"aoaAAAAAGx:AAAA"), Check::Reject);
        assert_eq!(sso(b"aoaAAAAAGx"), Check::Reject);
    }
}
