//! `secrets.builtin`: the rules of keysieve beside the patterns of the user. They are off unless that setting says so, since
//! who swaps the script for this program wants the same verdicts.

use super::{Error, patterns::SECTION};
use crate::{
    engine::{Options, Scanner, Scratch},
    git::porcelain::Settings,
    model::KindSet,
    rules::RuleSet,
    triage::Policy,
};

/// The name of the setting.
const BUILTIN: &str = "builtin";

/// Looks for what keysieve would refuse.
pub(super) struct Builtin(Scanner);

impl Builtin {
    /// If the configuration asks for it.
    pub(super) fn configured(settings: &Settings) -> Result<Option<Self>, Error> {
        let Some(value) = settings.values(SECTION, BUILTIN).pop() else { return Ok(None) };
        match value.to_ascii_lowercase().as_slice() {
            b"true" | b"yes" | b"on" | b"1" => Ok(Some(Self(Scanner::new(RuleSet::builtin(), Options::default())))),
            b"" | b"false" | b"no" | b"off" | b"0" => Ok(None),
            _ => Err(Error::Boolean(format!("{SECTION}.{BUILTIN}"))),
        }
    }

    /// Buffers for one thread.
    pub(super) fn scratch(&self) -> Scratch {
        self.0.scratch()
    }

    /// Where in a whole document something stands that fails a run of keysieve. Of what goes over several lines, the start.
    pub(super) fn places(&self, scratch: &mut Scratch, text: &[u8]) -> Vec<usize> {
        let levels = Policy::default().fail.expect("findings fail by default");
        let matches = self.0.scan(scratch, text, KindSet::ALL).matches.into_iter();
        let failing = matches.filter(|found| {
            found.severity >= levels.severity && found.confidence >= levels.confidence && found.suppressed.is_none()
        });
        failing.map(|found| found.span.start).collect()
    }
}
