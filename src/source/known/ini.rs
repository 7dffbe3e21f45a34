//! `~/.aws/credentials` and `~/.aws/config`: settings of profiles. Taken are secret keys and session tokens; a key ID alone
//! opens nothing, and has a rule of its own. Sections do not matter, and neither does the depth of a line.

use bstr::ByteSlice;

use super::Value;

/// The settings that are secrets.
const SECRETS: [&str; 3] = ["aws_secret_access_key", "aws_session_token", "aws_security_token"];

/// The secrets in `text`.
pub(super) fn values(text: &[u8]) -> Vec<Value> {
    let secret = |line: &[u8]| {
        let (name, value) = line.split_once_str("=")?;
        let is_secret = SECRETS.iter().any(|secret| name.trim().eq_ignore_ascii_case(secret.as_bytes()));
        let value = value.trim();
        // None of these values has a blank in it; what follows one is a comment.
        let value = value.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        let value = [b'"', b'\'']
            .iter()
            .find_map(|quote| value.strip_prefix(&[*quote])?.strip_suffix(&[*quote]))
            .unwrap_or(value);
        is_secret.then(|| Value { setting: None, bytes: value.to_vec() })
    };
    text.lines().filter_map(secret).collect()
}
