//! Small numbers for ids. Which number an id gets that is in no pack differs from run to run, so that nothing that is told may
//! depend on it.

use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use gix::hash::oid;

use super::name_of;
use crate::{git::sweep::Packs, model::ObjectName, source::Object};

/// Ids that a thread has at hand.
const AT_HAND: usize = 1 << 14;

/// Set in the number of an id that was claimed.
const CLAIMED: u32 = 1 << 31;

/// Numbers for the ids of some objects, given out by all threads of a sweep as ids come up.
#[derive(Default)]
pub(super) struct Numbers(Mutex<HashMap<ObjectName, u32>>);

impl Numbers {
    /// The number of an id.
    pub(super) fn number(&self, id: ObjectName) -> u32 {
        let mut numbers = self.lock();
        let next = numbers.len() as u32;
        *numbers.entry(id).or_insert(next) & !CLAIMED
    }

    /// The number of an id, and whether this is the first that claims it.
    fn claim(&self, id: ObjectName) -> (u32, bool) {
        let mut numbers = self.lock();
        let next = numbers.len() as u32;
        let number = numbers.entry(id).or_insert(next);
        let is_first = *number & CLAIMED == 0;
        *number |= CLAIMED;
        (*number & !CLAIMED, is_first)
    }

    /// The number of an id that has one.
    pub(super) fn known(&self, id: &ObjectName) -> Option<u32> {
        self.lock().get(id).map(|number| number & !CLAIMED)
    }

    /// More than the greatest number.
    pub(super) fn end(&self) -> usize {
        self.lock().len()
    }

    /// The ids by their numbers.
    #[expect(clippy::iter_over_hash_type, reason = "each has its own place in the table")]
    pub(super) fn ids(&self) -> Vec<ObjectName> {
        let numbers = self.lock();
        let mut ids = vec![ObjectName::new(&[]); numbers.len()];
        for (id, number) in &*numbers {
            ids[(number & !CLAIMED) as usize] = *id;
        }
        ids
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ObjectName, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Numbers for the ids of all objects: those that are in packs have one by their place there.
pub(super) struct AllNumbers<'p> {
    packs: &'p Packs,
    /// A bit for each packed object: whether it was claimed.
    claimed: Vec<AtomicU64>,
    others: Numbers,
}

impl<'p> AllNumbers<'p> {
    pub(super) fn new(packs: &'p Packs) -> Self {
        let words = packs.end().div_ceil(u64::BITS);
        Self { packs, claimed: (0..words).map(|_| AtomicU64::default()).collect(), others: Numbers::default() }
    }

    /// The number of an id.
    pub(super) fn number(&self, id: &oid) -> u32 {
        self.packs.number(id).unwrap_or_else(|| self.packs.end() + self.others.number(name_of(id)))
    }

    /// The number of an object, and whether this is the first that claims it.
    pub(super) fn claim(&self, object: &Object<'_>) -> (u32, bool) {
        let id = oid::from_bytes_unchecked(object.id);
        let Some(number) = object.number.or_else(|| self.packs.number(id)) else {
            let (number, is_first) = self.others.claim(name_of(id));
            return (self.packs.end() + number, is_first);
        };
        let bit = 1 << (number % u64::BITS);
        let before = self.claimed[(number / u64::BITS) as usize].fetch_or(bit, Ordering::Relaxed);
        (number, before & bit == 0)
    }

    /// The number of an id that has one.
    pub(super) fn known(&self, id: &oid) -> Option<u32> {
        let other = || Some(self.packs.end() + self.others.known(&name_of(id))?);
        self.packs.number(id).or_else(other)
    }

    /// The number of an id, with those that a thread came upon lately.
    pub(super) fn number_of(&self, id: &oid, lately: &mut NumbersLately) -> u32 {
        lately.packed(self.packs, id).unwrap_or_else(|| self.packs.end() + self.others.number(name_of(id)))
    }

    /// Whether an object is in a pack.
    pub(super) fn is_packed(&self, id: &oid) -> bool {
        self.packs.number(id).is_some()
    }

    /// More than the greatest number.
    pub(super) fn end(&self) -> usize {
        self.packs.end() as usize + self.others.end()
    }

    /// What tells the ids of all numbers that were given out by now.
    pub(super) fn ids(&self) -> IdsByNumber<'p> {
        IdsByNumber { packs: self.packs, others: self.others.ids() }
    }
}

/// Packed ids that a thread came upon lately, and their numbers: most ids are in many trees, and the packs have theirs all over
/// memory. Each has a place, by its beginning, and gives it up to the next that has the same.
#[derive(Default)]
pub(super) struct NumbersLately(Vec<(ObjectName, u32)>);

impl NumbersLately {
    fn packed(&mut self, packs: &Packs, id: &oid) -> Option<u32> {
        if self.0.is_empty() {
            self.0 = vec![(ObjectName::new(&[]), 0); AT_HAND];
        }
        let beginning = id.as_bytes().first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        let (known, number) = &mut self.0[beginning as usize % AT_HAND];
        if known.as_bytes() != id.as_bytes() {
            *number = packs.number(id)?;
            *known = name_of(id);
        }
        Some(*number)
    }
}

/// Ids by their numbers.
pub(super) struct IdsByNumber<'p> {
    packs: &'p Packs,
    others: Vec<ObjectName>,
}

impl IdsByNumber<'_> {
    /// The id with this number, which was given out.
    pub(super) fn id(&self, number: u32) -> ObjectName {
        match number.checked_sub(self.packs.end()) {
            None => name_of(self.packs.id(number)),
            Some(number) => self.others[number as usize],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_number_and_is_claimed_once() {
        let numbers = Numbers::default();
        let ids = [[0; 20], [1; 20], [64; 20], [255; 20]].map(|bytes| ObjectName::new(&bytes));
        let given = ids.map(|id| numbers.number(id));
        assert_eq!(ids.map(|id| numbers.claim(id)), given.map(|number| (number, true)));
        assert_eq!(ids.map(|id| numbers.claim(id)), given.map(|number| (number, false)));
        assert_eq!(ids.map(|id| numbers.known(&id)), given.map(Some));
        assert_eq!(numbers.known(&ObjectName::new(&[7; 20])), None);
        let by_number = numbers.ids();
        assert_eq!(given.map(|number| by_number[number as usize]), ids);
    }
}
