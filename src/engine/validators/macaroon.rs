//! Fly.io's tokens: macaroons written in `MessagePack`. A caveat added to one makes another, so that nothing but the shape
//! is the same of all; its signature needs Fly.io's key.
//!
//! <https://github.com/superfly/macaroon>

use super::{Check, STRUCTURE, base64};

/// An array of four (nonce, location, caveats, signature), of which the first is an array of three that begins with
/// binary data, the id of the key.
const HEADS: [&[u8]; 2] = [&[0x94, 0x93, 0xc4], &[0x94, 0x92, 0xc4]];

/// `fm2_` and a macaroon; what has another shape may be of a later version.
pub(super) fn check(token: &[u8]) -> Check {
    let body = token.iter().position(|&byte| byte == b'_').map(|at| &token[at + 1..]);
    let data = body.and_then(base64::decode).unwrap_or_default();
    if HEADS.iter().any(|head| data.starts_with(head)) { STRUCTURE } else { Check::Pass }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macaroons() {
        assert_eq!(check(b"fm2_lJPECAAAAAAAAAABxBDWw8n1"), STRUCTURE);
        assert_eq!(check(b"fm1r_lJLECAAAAAAAAAABxBDWw8n1"), STRUCTURE);
        for token in ["fm2_lJTECAAAAAAAAAABxBDWw8n1", "fm2_", "fm2", "fm2_lJPE!", ""] {
            assert_eq!(check(token.as_bytes()), Check::Pass, "{token}");
        }
    }
}
