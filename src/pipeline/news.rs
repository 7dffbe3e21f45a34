//! What of the matches is news: not a secret that was there before, and not one that a comment allows. Of a change that
//! comes from outside only those comments count that were there before; one that the change adds is reported.

use std::collections::BTreeSet;

use super::collect::{Collector, Hit};
use super::{Directives, Run, Silent};
use crate::engine::Match;
use crate::model::{Origin, Secret};
use crate::source::{Source, SourceError};

/// A match whose permission is as new as itself, with that permission.
#[derive(Debug)]
pub(super) struct Addition {
    pub origin: Origin,
    pub found: Match,
}

/// Drops what is no news, and takes back the permissions that do not count.
pub(super) fn sort_out(run: &Run<'_>, hits: &mut [Hit]) -> Result<Vec<Addition>, SourceError> {
    if hits.is_empty() {
        return Ok(Vec::new());
    }
    let before = run.before.map(|before| Old::of(run, before)).transpose()?.unwrap_or_default();
    match run.directives {
        Directives::Count => {
            hits.iter_mut().for_each(|hit| hit.matches.retain(|found| !before.has(found)));
            Ok(Vec::new())
        }
        Directives::Ignore => {
            hits.iter_mut().for_each(|hit| hit.matches.retain(|found| !before.has(found)));
            hits.iter_mut().flat_map(|hit| &mut hit.matches).for_each(|found| found.suppressed = None);
            Ok(Vec::new())
        }
        Directives::CountIfIn { base, .. } => judged_by(run, base, &before, hits),
    }
}

fn judged_by(run: &Run<'_>, base: &dyn Source, before: &Old, hits: &mut [Hit]) -> Result<Vec<Addition>, SourceError> {
    let mut additions = Vec::new();
    for hit in &mut *hits {
        hit.matches.retain(|found| {
            if found.suppressed.is_some() && !before.allows(found) {
                additions.push(Addition { origin: hit.origin.clone(), found: found.clone() });
            }
            !before.has(found)
        });
    }
    if additions.is_empty() {
        return Ok(additions);
    }
    // Rare enough to look at everything: a secret that is allowed elsewhere in the base may be copied.
    let base = Old::of(run, base)?;
    additions.retain(|addition| !base.allows(&addition.found));
    for found in hits.iter_mut().flat_map(|hit| &mut hit.matches) {
        if !before.allows(found) && !base.allows(found) {
            found.suppressed = None;
        }
    }
    Ok(additions)
}

/// The secrets of what was there before, each with its rule. What cannot be read of it hides nothing.
#[derive(Default)]
struct Old {
    all: BTreeSet<(usize, Secret)>,
    allowed: BTreeSet<(usize, Secret)>,
}

impl Old {
    fn of(run: &Run<'_>, source: &dyn Source) -> Result<Self, SourceError> {
        let collector = Collector::new(run.scanner, run.at_home, &Silent, run.interrupted);
        source.push(&collector)?;
        let mut old = Self::default();
        for found in collector.into_tally().hits.into_iter().flat_map(|hit| hit.matches) {
            if found.suppressed.is_some() {
                old.allowed.insert((found.rule, found.secret.clone()));
            }
            old.all.insert((found.rule, found.secret));
        }
        Ok(old)
    }

    fn has(&self, found: &Match) -> bool {
        self.all.contains(&(found.rule, found.secret.clone()))
    }

    fn allows(&self, found: &Match) -> bool {
        self.allowed.contains(&(found.rule, found.secret.clone()))
    }
}
