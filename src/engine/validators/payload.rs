//! Tokens that carry a JSON object in base64: known by the keys that it has. What these say (hosts, names of people, keys)
//! is personal or secret, and not told.
//!
//! - 1Password service accounts: <https://developer.1password.com/docs/service-accounts/security>
//! - Sentry organisation tokens: <https://github.com/getsentry/rfcs/blob/main/text/0091-ci-upload-tokens.md>
//! - Grafana Cloud access policies and API keys: <https://github.com/grafana/grafana/tree/main/pkg/components/apikeygen>
//! - Mapbox: <https://docs.mapbox.com/api/accounts/tokens/>

use serde_json::{Map, Value};

use super::{Check, STRUCTURE, base64};

/// `ops_` and an object.
pub(super) fn onepassword(token: &[u8]) -> Check {
    proven_by(token.strip_prefix(b"ops_"), &["signInAddress"])
}

/// `sntrys_`, an object, `_` and a random part.
pub(super) fn sentry_organisation(token: &[u8]) -> Check {
    let payload = token.strip_prefix(b"sntrys_").and_then(|rest| rest.split(|&byte| byte == b'_').next());
    proven_by(payload, &["iat", "url", "org"])
}

/// `glc_` and an object: organisation, name, key.
pub(super) fn grafana_cloud(token: &[u8]) -> Check {
    proven_by(token.strip_prefix(b"glc_"), &["o", "n", "k"])
}

/// An object and nothing else: key, name, organisation.
pub(super) fn grafana_api_key(token: &[u8]) -> Check {
    proven_by(Some(token), &["k", "n", "id"])
}

/// `sk.` or `tk.`, an object with the user and an id, `.` and a signature.
pub(super) fn mapbox(token: &[u8]) -> Check {
    proven_by(token.split(|&byte| byte == b'.').nth(1), &["u", "a"])
}

fn proven_by(payload: Option<&[u8]>, keys: &[&str]) -> Check {
    let Some(object) = payload.and_then(object) else { return Check::Reject };
    if keys.iter().all(|key| object.contains_key(*key)) { STRUCTURE } else { Check::Reject }
}

fn object(text: &[u8]) -> Option<Map<String, Value>> {
    serde_json::from_slice(&base64::decode(text)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::{BASE64, BASE64URL_NOPAD};

    fn encoded(json: &str) -> String {
        BASE64.encode(json.as_bytes())
    }

    #[test]
    fn tokens_with_all_their_keys() {
        let ops = encoded(r#"{"signInAddress":"my.1password.com","userAuth":{"method":"SRPg-4096"}}"#);
        assert_eq!(onepassword(format!("ops_{ops}").as_bytes()), STRUCTURE);
        let sntrys = encoded(r#"{"iat":1700000000.5,"url":"https://sentry.io","region_url":"","org":"acme"}"#);
        assert_eq!(sentry_organisation(format!("sntrys_{sntrys}_c2VjcmV0").as_bytes()), STRUCTURE);
        let glc = encoded(r#"{"o":"1","n":"push","k":"abc","m":{"r":"eu"}}"#);
        assert_eq!(grafana_cloud(format!("glc_{glc}").as_bytes()), STRUCTURE);
        assert_eq!(grafana_api_key(encoded(r#"{"k":"abc","n":"ci","id":1}"#).as_bytes()), STRUCTURE);
        let sk = BASE64URL_NOPAD.encode(br#"{"u":"acme","a":"cl0abc"}"#);
        assert_eq!(mapbox(format!("sk.{sk}.c2ln").as_bytes()), STRUCTURE);
    }

    #[test]
    fn objects_of_others() {
        let other = encoded(r#"{"k":"abc","t":"a Power BI report"}"#);
        assert_eq!(grafana_api_key(other.as_bytes()), Check::Reject);
        for (check, token) in [
            (onepassword as fn(&[u8]) -> Check, format!("ops_{other}")),
            (sentry_organisation, format!("sntrys_{other}_c2VjcmV0")),
            (grafana_cloud, format!("glc_{other}")),
            (mapbox, format!("sk.{other}.c2ln")),
        ] {
            assert_eq!(check(token.as_bytes()), Check::Reject, "{token}");
        }
    }

    #[test]
    fn what_is_no_object() {
        for token in ["", "ops_", "ops_eyJ", "ops_W10=", "sntrys_", "glc_!", "sk.", "sk", "eyJrIjoi"] {
            for check in [onepassword, sentry_organisation, grafana_cloud, grafana_api_key, mapbox] {
                assert_eq!(check(token.as_bytes()), Check::Reject, "{token}");
            }
        }
    }
}
