//! Base64 text of which the contents say what it is.

use data_encoding::{BASE64, BASE64_NOPAD};
use memchr::memmem;

use super::{Check, STRUCTURE};

/// A private key in PEM, as a kubeconfig holds it.
pub(super) fn private_key(text: &[u8]) -> Check {
    let pem = BASE64.decode(text).or_else(|_| BASE64_NOPAD.decode(text)).unwrap_or_default();
    let is_key = pem.starts_with(b"-----BEGIN ") && memmem::find(&pem, b"PRIVATE KEY-----\n").is_some();
    if is_key { STRUCTURE } else { Check::Reject }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_and_other_contents() {
        let block = |label: &str| format!("-----BEGIN {label}-----\nMIIB\n-----END {label}-----\n");
        let (key, certificate) = (block(concat!("EC PRI", "VATE KEY")), block("CERTIFICATE"));
        assert_eq!(private_key(BASE64.encode(key.as_bytes()).as_bytes()), STRUCTURE);
        assert_eq!(private_key(BASE64_NOPAD.encode(key.as_bytes()).as_bytes()), STRUCTURE);
        assert_eq!(private_key(BASE64.encode(certificate.as_bytes()).as_bytes()), Check::Reject);
        assert_eq!(private_key(key.as_bytes()), Check::Reject);
        assert_eq!(private_key(b""), Check::Reject);
    }
}
