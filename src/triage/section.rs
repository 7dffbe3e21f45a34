//! What holds in a part of a tree: severities and levels of its own. A finding is judged by them if all of its places are
//! there; one that also stands elsewhere is judged like any other.

use std::collections::BTreeMap;

use super::scope::Scope;
use super::{Levels, Paths};
use crate::model::{Confidence, Finding, Occurrence, Severity};

/// What holds in a part of a tree.
#[derive(Clone, Debug)]
pub struct Section {
    /// What is in it.
    pub scope: Scope,
    /// Severities of rules by their ids.
    pub severities: BTreeMap<String, Severity>,
    /// What makes a run fail, if that is said; none if nothing does.
    pub fail: Option<Option<Levels>>,
    /// What is reported at least, if that is said.
    pub confidence: Option<Confidence>,
}

impl Section {
    /// Whether a finding stands here and nowhere else.
    pub(super) fn holds(&self, finding: &Finding, paths: Paths<'_>) -> bool {
        let is_here = |occurrence: &Occurrence| {
            let paths = paths(&occurrence.origin);
            !paths.is_empty() && paths.iter().all(|path| self.scope.holds(path))
        };
        !finding.occurrences.is_empty() && finding.occurrences.iter().all(is_here)
    }
}
