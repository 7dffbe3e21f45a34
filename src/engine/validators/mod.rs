//! Offline proofs: checksum, structure, entropy, decode. Each is a pure function of the decoded secret. Asking a
//! provider over the network is verification and has no place here.

use crate::model::Fact;
use crate::rules::Validator;

/// What a validator says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// It is no such credential.
    Reject,
    /// It may be one.
    Pass,
    /// It is one, and this is the proof: `checksum`, `structure`.
    Proven(&'static str),
}

/// Tests `value`; what the value tells of itself is added to `facts`.
pub(crate) fn check(validator: Validator, value: &[u8], facts: &mut Vec<Fact>) -> Check {
    let _ = (validator, value, facts);
    Check::Pass
}
