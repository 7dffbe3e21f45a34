//! What the AWS CLI and its single sign-on keep in `cli/cache` and `sso/cache`: JSON with credentials at some depth.

use serde_json::Value as Json;

use super::Value;

/// The members that are secrets.
const SECRETS: [&str; 5] = ["SecretAccessKey", "SessionToken", "accessToken", "refreshToken", "clientSecret"];

/// The secrets in `text`; an error if it is not JSON.
pub(super) fn values(text: &[u8]) -> Result<Vec<Value>, String> {
    // What serde_json says of an error quotes no value.
    let json = serde_json::from_slice(text).map_err(|error| format!("it is not JSON: {error}"))?;
    let mut found = Vec::new();
    collect(json, &mut found);
    Ok(found)
}

/// Nesting is limited by the parser.
fn collect(json: Json, found: &mut Vec<Value>) {
    match json {
        Json::Array(items) => items.into_iter().for_each(|item| collect(item, found)),
        Json::Object(members) => {
            for (name, member) in members {
                match member {
                    Json::String(text) if SECRETS.contains(&name.as_str()) => {
                        found.push(Value { setting: None, bytes: text.into_bytes() });
                    }
                    other => collect(other, found),
                }
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}
