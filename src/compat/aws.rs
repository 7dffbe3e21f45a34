//! What git-secrets knows of AWS: the patterns that `--register-aws` configures, to the letter, since configurations in the
//! world hold them, and the provider that makes patterns of the values in a credentials file.

use std::{env, io::Write, path::PathBuf};

use bstr::{ByteSlice, ByteVec};

use super::Error;

/// The provider that `--register-aws` adds.
pub(super) const PROVIDER: &str = "git secrets --aws-provider";

/// The patterns that it adds, in this order: access key ids, the two kinds of Bedrock keys, secret keys and account ids
/// that are assigned to something.
pub(super) const PATTERNS: [&str; 5] = [
    "(A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)[A-Z0-9]{16}",
    "ABSK[A-Za-z0-9+/]{109,}=*",
    concat!("bedrock-api-key-", "YmVkcm9jay5hbWF6b25hd3MuY29t"),
    concat!(
        r#"("|')?(AWS|aws|Aws)?_?(SECRET|secret|Secret)?_?(ACCESS|access|Access)?_?(KEY|key|Key)("|')?"#,
        r#"\s*(:|=>|=)\s*("|')?[A-Za-z0-9/\+=]{40}("|')?"#,
    ),
    concat!(
        r#"("|')?(AWS|aws|Aws)?_?(ACCOUNT|account|Account)_?(ID|id|Id)?("|')?"#,
        r#"\s*(:|=>|=)\s*("|')?[0-9]{4}\-?[0-9]{4}\-?[0-9]{4}("|')?"#,
    ),
];

/// What it allows: the keys of Amazon's documentation.
pub(super) const ALLOWED: [&str; 2] =
    [concat!("AK", "IAIOSFODNN7EXAMPLE"), concat!("wJalrXUtnFEMI/", "K7MDENG/", "bPxRfiCYEXAMPLEKEY")];

/// Prints the values of the keys in a credentials file, each as a pattern for itself. A file that is not there has none.
pub(super) fn print_credentials(file: Option<&[u8]>, output: &mut dyn Write) -> Result<(), Error> {
    let path = match file {
        Some(file) => file.to_path_lossy().into_owned(),
        None => PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(".aws/credentials"),
    };
    if !path.is_file() {
        return Ok(());
    }
    let text = std::fs::read(&path).map_err(|source| Error::File { doing: "reading", path, source })?;
    for value in text.lines().filter_map(value) {
        let mut pattern = escaped(&value, b"]\\.|$(){}?+*^[");
        pattern.push_byte(b'\n');
        // A reader that went away has what it wanted.
        let _ = output.write_all(&pattern);
    }
    Ok(())
}

/// What stands between the first `=` of a line about a key and the second, without spaces and quotes.
fn value(line: &[u8]) -> Option<Vec<u8>> {
    let is_key = line.contains_str("aws_access_key_id") || line.contains_str("aws_secret_access_key");
    let mut value = line.split(|&byte| byte == b'=').nth(1).filter(|_| is_key)?.to_vec();
    value.retain(|byte| !b" \"\r".contains(byte));
    (!value.is_empty()).then_some(value)
}

/// `text` with a backslash before each of `special`.
pub(super) fn escaped(text: &[u8], special: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(text.len());
    for &byte in text {
        if special.contains(&byte) {
            escaped.push(b'\\');
        }
        escaped.push(byte);
    }
    escaped
}
