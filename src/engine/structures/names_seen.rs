//! Names of which it is known whether a secret may stand under them. Speed only: what a name says is decided in `name.rs`.

use super::name;
use crate::model::NamesLately;

/// What one thread knows of names.
#[derive(Debug, Default)]
pub(in crate::engine) struct NamesSeen(NamesLately<bool>);

impl NamesSeen {
    /// Whether a secret may stand under `name`.
    pub(super) fn is_credential(&mut self, name: &[u8]) -> bool {
        if let Some(known) = self.0.get(name) {
            return known;
        }
        let is_credential = name::classify(name).is_some();
        self.0.set(name, is_credential);
        is_credential
    }
}
