//! The modes that read and write git's configuration: `--list`, `--add`, `--add-provider`, `--register-aws`.

use std::io::Write;

use super::{
    Error,
    aws::{self, escaped},
    patterns::SECTION,
};
use crate::git::porcelain::{self, Place, Scope, Settings};

/// What `--literal` puts a backslash before.
const SPECIAL: &[u8] = b"\\.|$(){}?+*^[";

/// The configuration that a mode works on.
pub(super) struct Configuration<'p> {
    pub(super) place: Option<&'p Place>,
    pub(super) scope: Scope,
}

impl Configuration<'_> {
    /// `--list`
    pub(super) fn list(&self, output: &mut dyn Write) -> Result<u8, Error> {
        let entries = Settings::read(self.place, self.scope)?.entries(SECTION);
        for (key, value) in &entries {
            let _ = output.write_all(&[key, &b" "[..], value, b"\n"].concat());
        }
        Ok(u8::from(entries.is_empty()))
    }

    /// `--add`
    pub(super) fn add_pattern(&self, key: &str, pattern: &[u8], is_literal: bool) -> Result<u8, Error> {
        if pattern.is_empty() {
            return Err(Error::Usage("git-secrets: --add needs a pattern that is not empty".to_owned()));
        }
        let value = if is_literal { escaped(pattern, SPECIAL) } else { pattern.to_vec() };
        Ok(u8::from(!self.add(key, &value)?))
    }

    /// `--add-provider`
    pub(super) fn add_provider(&self, command: &[Vec<u8>]) -> Result<u8, Error> {
        if command.iter().all(Vec::is_empty) {
            return Err(Error::Usage("git-secrets: --add-provider needs a command".to_owned()));
        }
        Ok(u8::from(!self.add("providers", &command.join(&b' '))?))
    }

    /// `--register-aws`. It says so only if the last of its values was new.
    pub(super) fn register_aws(&self, output: &mut dyn Write) -> Result<u8, Error> {
        self.add("providers", aws::PROVIDER.as_bytes())?;
        for pattern in aws::PATTERNS {
            self.add("patterns", pattern.as_bytes())?;
        }
        let mut is_new = false;
        for allowed in aws::ALLOWED {
            is_new = self.add("allowed", allowed.as_bytes())?;
        }
        if is_new {
            let _ = output.write_all(b"OK\n");
        }
        Ok(0)
    }

    /// Adds a value, unless it is there already.
    fn add(&self, key: &str, value: &[u8]) -> Result<bool, Error> {
        let is_there = Settings::read(self.place, self.scope)?.values(SECTION, key).iter().any(|known| known == value);
        if !is_there {
            porcelain::add(self.place, self.scope, SECTION, key, value)?;
        }
        Ok(!is_there)
    }
}
