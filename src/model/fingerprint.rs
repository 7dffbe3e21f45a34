//! Fingerprint v1: the name of a finding that is equal in every mode, on every machine and after every move. No path,
//! line, key or repository enters it. Not a means to compare secrets inside a run: that is done on the secrets.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};

use super::Secret;

/// Below this a dictionary can find the secret from its hash, so that only 16 bits of the hash are used.
const WEAK_BELOW_BITS: f64 = 64.0;

/// The first 128 bits of SHA-256 over version, rule and decoded secret, separated by NUL. For a secret of less than 64
/// bits of entropy: over version, rule, the field's name and the first 16 bits of the secret's SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The fingerprint of `secret` found by `rule`, under the field name `field` if it had one (lower-cased here).
    pub fn new(rule: &str, secret: &Secret, field: Option<&[u8]>) -> Self {
        if secret.entropy_bits() >= WEAK_BELOW_BITS {
            return Self::of(&[b"keysieve/v1", rule.as_bytes(), secret.expose()]);
        }
        let hash = Sha256::digest(secret.expose());
        let field = field.unwrap_or_default().to_ascii_lowercase();
        Self::of(&[b"keysieve/v1/weak", rule.as_bytes(), &field, &hash[..2]])
    }

    fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut first = [0; 16];
        first.copy_from_slice(&hasher.finalize()[..16]);
        Self(first)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let bytes = data_encoding::HEXLOWER.decode(s.as_bytes()).map_err(|_| NotAFingerprint)?;
        bytes.try_into().map(Self).map_err(|_| NotAFingerprint)
    }
}

/// Text that is not 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is 32 lower-case hexadecimal digits")]
pub struct NotAFingerprint;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_stable() {
        let strong = Secret::new(*b"AbCdEfGhIjKlMnOpQrStUvWxYz0123456789");
        let weak = Secret::new(*b"hunter2!");
        assert_eq!(Fingerprint::new("a-rule", &strong, None), Fingerprint::new("a-rule", &strong, Some(b"name")));
        assert_ne!(Fingerprint::new("a-rule", &strong, None), Fingerprint::new("b-rule", &strong, None));
        assert_ne!(Fingerprint::new("a-rule", &weak, None), Fingerprint::new("a-rule", &weak, Some(b"name")));
        assert_eq!(Fingerprint::new("a-rule", &weak, Some(b"NAME")), Fingerprint::new("a-rule", &weak, Some(b"name")));
    }

    #[test]
    fn reads_what_it_writes() {
        let print = Fingerprint::new("a-rule", &Secret::new(*b"x"), None);
        assert_eq!(print.to_string().parse(), Ok(print));
        assert_eq!("5be1".parse::<Fingerprint>(), Err(NotAFingerprint));
    }
}
