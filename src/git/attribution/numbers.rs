//! Small numbers for ids, given out by all threads of a sweep as ids come up. Which number an id gets differs from run to
//! run, so that nothing that is told may depend on it.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::model::ObjectName;

/// Parts that are locked by themselves: enough that threads hardly ever meet.
const PARTS: usize = 64;
/// Set in the number of an id that was claimed.
const CLAIMED: u32 = 1 << 31;

/// The numbers of ids.
pub(super) struct Numbers(Vec<Mutex<Part>>);

/// Those of the ids that have a certain first byte. Looked up, and iterated over only to fill a table by number.
type Part = HashMap<ObjectName, u32>;

impl Numbers {
    pub(super) fn new() -> Self {
        Self((0..PARTS).map(|_| Mutex::default()).collect())
    }

    /// The number of an id.
    pub(super) fn number(&self, id: ObjectName) -> u32 {
        let (mut part, nth) = self.part(&id);
        let next = part.len() * PARTS + nth;
        *part.entry(id).or_insert(next as u32) & !CLAIMED
    }

    /// The number of an id, and whether this is the first that claims it.
    pub(super) fn claim(&self, id: ObjectName) -> (u32, bool) {
        let (mut part, nth) = self.part(&id);
        let next = part.len() * PARTS + nth;
        let number = part.entry(id).or_insert(next as u32);
        let is_first = *number & CLAIMED == 0;
        *number |= CLAIMED;
        (*number & !CLAIMED, is_first)
    }

    /// The number of an id that has one.
    pub(super) fn known(&self, id: &ObjectName) -> Option<u32> {
        self.part(id).0.get(id).map(|number| number & !CLAIMED)
    }

    /// More than the greatest number.
    pub(super) fn end(&self) -> usize {
        let parts = self.0.iter().map(|part| part.lock().unwrap_or_else(PoisonError::into_inner).len());
        parts.max().unwrap_or(0) * PARTS
    }

    /// The ids by their numbers.
    #[expect(clippy::iter_over_hash_type, reason = "each has its own place in the table")]
    pub(super) fn ids(&self) -> Vec<Option<ObjectName>> {
        let mut ids = vec![None; self.end()];
        for part in &self.0 {
            for (id, number) in &*part.lock().unwrap_or_else(PoisonError::into_inner) {
                ids[(number & !CLAIMED) as usize] = Some(*id);
            }
        }
        ids
    }

    fn part(&self, id: &ObjectName) -> (MutexGuard<'_, Part>, usize) {
        let nth = id.as_bytes().first().map_or(0, |byte| usize::from(*byte)) % PARTS;
        (self.0[nth].lock().unwrap_or_else(PoisonError::into_inner), nth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_number_and_is_claimed_once() {
        let numbers = Numbers::new();
        let ids = [[0; 20], [1; 20], [64; 20], [255; 20]].map(|bytes| ObjectName::new(&bytes));
        let given = ids.map(|id| numbers.number(id));
        assert_eq!(ids.map(|id| numbers.claim(id)), given.map(|number| (number, true)));
        assert_eq!(ids.map(|id| numbers.claim(id)), given.map(|number| (number, false)));
        assert_eq!(ids.map(|id| numbers.known(&id)), given.map(Some));
        assert_eq!(numbers.known(&ObjectName::new(&[7; 20])), None);
        let by_number = numbers.ids();
        assert_eq!(given.map(|number| by_number[number as usize]), ids.map(Some));
    }
}
