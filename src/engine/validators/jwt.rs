//! JSON web tokens (RFC 7519): the header must be a JSON object that names an algorithm. The signature needs a key and
//! is not looked at. Of the contents only the algorithm and the expiry are told: everything else may be personal.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::{Check, STRUCTURE};
use crate::model::{Fact, Moment};

/// The longest registered algorithm name is shorter; longer text is not one and is not repeated.
const LONGEST_ALGORITHM: usize = 24;

/// Parses header and payload. A payload that is not JSON (an encrypted token) leaves the question open.
pub(super) fn check(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    let mut parts = token.split(|&byte| byte == b'.');
    let Some(algorithm) = parts.next().and_then(object).as_ref().and_then(algorithm) else { return Check::Reject };
    let payload = parts.next().and_then(object);
    if payload.as_ref().is_some_and(|payload| is_documented_sample(payload) || is_supabase(payload, ANONYMOUS)) {
        return Check::Reject;
    }
    if !algorithm.is_empty() {
        facts.push(Fact { key: "algorithm".into(), value: algorithm });
    }
    let Some(payload) = payload else { return Check::Pass };
    facts.extend(payload.get("exp").and_then(Value::as_f64).and_then(moment).map(Fact::expires));
    STRUCTURE
}

/// A token of a service account: of the API server's own issuer, or with its claims.
/// <https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/>
pub(super) fn kubernetes(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    check_if(token, facts, |payload| {
        payload.get("iss").and_then(Value::as_str) == Some("kubernetes/serviceaccount")
            || payload.contains_key("kubernetes.io")
    })
}

/// A token that passes over all policies for rows. <https://supabase.com/docs/guides/api/api-keys>
pub(super) fn supabase_service(token: &[u8], facts: &mut Vec<Fact>) -> Check {
    check_if(token, facts, |payload| is_supabase(payload, "service_role"))
}

fn check_if(token: &[u8], facts: &mut Vec<Fact>, holds: impl Fn(&Map<String, Value>) -> bool) -> Check {
    let payload = token.split(|&byte| byte == b'.').nth(1).and_then(object);
    if payload.is_some_and(|payload| holds(&payload)) { check(token, facts) } else { Check::Reject }
}

/// The role of those who did not log in: its token is made to be published.
const ANONYMOUS: &str = "anon";

fn is_supabase(payload: &Map<String, Value>, role: &str) -> bool {
    let is = |key: &str, value: &str| payload.get(key).and_then(Value::as_str) == Some(value);
    is("role", role) && (is("iss", "supabase") || payload.contains_key("ref"))
}

fn object(part: &[u8]) -> Option<Map<String, Value>> {
    let json = BASE64URL_NOPAD.decode(part.trim_ascii_end()).or_else(|_| lenient(part)).ok()?;
    serde_json::from_slice(&json).ok()
}

/// Some libraries pad, and some leave the spare bits of the last character set.
fn lenient(part: &[u8]) -> Result<Vec<u8>, data_encoding::DecodeError> {
    let end = part.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
    let mut specification = BASE64URL_NOPAD.specification();
    specification.check_trailing_bits = false;
    specification.encoding().expect("dropping a check keeps an encoding valid").decode(&part[..end])
}

/// The header's `alg`; empty if it is one that no registry would hold, since it is repeated to people.
fn algorithm(header: &Map<String, Value>) -> Option<String> {
    let name = header.get("alg")?.as_str()?;
    let plain = name.len() <= LONGEST_ALGORITHM
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'_'));
    Some(if plain { name.to_owned() } else { String::new() })
}

/// The token that <https://jwt.io> shows to every visitor, signed with whatever they type; those that every local
/// Supabase is started with.
fn is_documented_sample(payload: &Map<String, Value>) -> bool {
    let is = |key: &str, value: &str| payload.get(key).and_then(Value::as_str) == Some(value);
    is("sub", "1234567890") && is("name", "John Doe") || is("iss", "supabase-demo")
}

/// A number of seconds since 1970; JSON writes it as a float now and then.
fn moment(seconds: f64) -> Option<Moment> {
    (seconds >= 0.0).then(|| Moment::from_seconds(seconds as u64))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, payload: &str) -> Vec<u8> {
        let part = |json: &str| BASE64URL_NOPAD.encode(json.as_bytes());
        format!("{}.{}.c2lnbmF0dXJlLW9mLXRoaXMtdG9rZW4", part(header), part(payload)).into_bytes()
    }

    fn facts_of(token: &[u8]) -> (Check, Vec<String>) {
        let mut facts = Vec::new();
        let check = check(token, &mut facts);
        (check, facts.into_iter().map(|fact| format!("{}={}", fact.key, fact.value)).collect())
    }

    #[test]
    fn tells_algorithm_and_expiry_and_no_more() {
        let token = token(r#"{"typ":"JWT","alg":"RS256"}"#, r#"{"iss":"https://issuer","sub":"me","exp":1735689599}"#);
        let told = ["algorithm=RS256".to_owned(), "expires=2024-12-31T23:59:59Z".to_owned()];
        assert_eq!(facts_of(&token), (STRUCTURE, told.to_vec()));
    }

    #[test]
    fn a_strange_algorithm_is_not_repeated() {
        let token = token(r#"{"alg":"a very secret sentence"}"#, "{}");
        assert_eq!(facts_of(&token), (STRUCTURE, Vec::new()));
    }

    #[test]
    fn an_encrypted_payload_proves_nothing() {
        let token = token(r#"{"alg":"dir","enc":"A256GCM"}"#, "no JSON");
        assert_eq!(facts_of(&token).0, Check::Pass);
    }

    #[test]
    fn what_is_no_token() {
        for text in [
            token(r#"{"typ":"JWT"}"#, "{}"),
            token(r#"{"alg":"HS256"}"#, r#"{"iss":"supabase-demo","role":"service_role"}"#),
            token(r#"["alg"]"#, "{}"),
            token(r#"{"alg":5}"#, "{}"),
            token(r#"{"alg":"HS256"}"#, r#"{"sub":"1234567890","name":"John Doe","iat":1516239022}"#),
            b"eyJ.eyJ.abc".to_vec(),
            b"..".to_vec(),
            Vec::new(),
        ] {
            assert_eq!(facts_of(&text), (Check::Reject, Vec::new()), "{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn tokens_of_kubernetes() {
        for payload in [
            r#"{"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:ci:deployer"}"#,
            r#"{"iss":"https://oidc.corp","kubernetes.io":{"namespace":"ci"}}"#,
        ] {
            assert_eq!(kubernetes(&token(r#"{"alg":"RS256"}"#, payload), &mut Vec::new()), STRUCTURE, "{payload}");
        }
        let other = token(r#"{"alg":"RS256"}"#, r#"{"iss":"https://oidc.corp"}"#);
        assert_eq!(kubernetes(&other, &mut Vec::new()), Check::Reject);
        assert_eq!(kubernetes(b"", &mut Vec::new()), Check::Reject);
    }

    #[test]
    fn roles_of_supabase() {
        let of =
            |role: &str| token(r#"{"alg":"HS256"}"#, &format!(r#"{{"iss":"supabase","ref":"x","role":"{role}"}}"#));
        assert_eq!(supabase_service(&of("service_role"), &mut Vec::new()), STRUCTURE);
        assert_eq!(supabase_service(&of("anon"), &mut Vec::new()), Check::Reject);
        assert_eq!(check(&of("anon"), &mut Vec::new()), Check::Reject);
        assert_eq!(check(&of("service_role"), &mut Vec::new()), STRUCTURE);
    }

    #[test]
    fn padding_is_tolerated() {
        let padded = b"eyJhbGciOiJFUzI1NiJ9====.eyJhIjoxfQ==.c2ln";
        assert_eq!(facts_of(padded).0, STRUCTURE);
    }

    #[test]
    fn moments() {
        for (seconds, expected) in [
            (0.0, Some("1970-01-01T00:00:00Z")),
            (4_107_542_399.5, Some("2100-02-28T23:59:59Z")),
            (253_402_300_800.0, None),
            (1e300, None),
            (-1.0, None),
            (f64::NAN, None),
        ] {
            assert_eq!(moment(seconds).map(|moment| moment.to_string()).as_deref(), expected, "{seconds}");
        }
    }
}
