//! The order of commits, which decides what counts as the first one to have something: parents before their children, of
//! what remains the earlier date of the committer first, and of the same date the lesser id. Commits that something leads
//! to stand before all others.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    gather::NONE,
    noting::{Commit, Noted},
    numbers::IdsByNumber,
};
use crate::model::ObjectName;

/// How many commits are looked for at once: one for each bit.
const AT_ONCE: usize = 64;

/// All commits, in order.
pub(super) struct Commits<'n> {
    noted: &'n Noted<'n>,
    /// By number: the place among what was noted.
    places: Vec<u32>,
    ids: IdsByNumber<'n>,
    /// The numbers, in order.
    order: Vec<u32>,
    /// How many of these something leads to.
    reached: usize,
}

impl<'n> Commits<'n> {
    /// Puts all commits in order, those first that `tips` lead to.
    pub(super) fn new(noted: &'n Noted<'n>, tips: &[u32]) -> Self {
        let mut places = vec![NONE; noted.numbers.end()];
        for (place, commit) in (0..).zip(&noted.commits) {
            places[commit.number as usize] = place;
        }
        let ids = noted.numbers.ids();
        let mut commits = Self { noted, places, ids, order: Vec::new(), reached: 0 };
        let mut is_reached = vec![false; commits.places.len()];
        let mut pending = tips.to_vec();
        while let Some(number) = pending.pop() {
            let Some(commit) = commits.get(number) else { continue };
            if !std::mem::replace(&mut is_reached[number as usize], true) {
                pending.extend(commits.noted.parents(commit));
            }
        }
        commits.sort(&|number| is_reached[number as usize]);
        commits.reached = commits.order.len();
        commits.sort(&|number| !is_reached[number as usize]);
        commits
    }

    /// The commit with this number, if it was read.
    pub(super) fn get(&self, number: u32) -> Option<&'n Commit> {
        let place = *self.places.get(number as usize)?;
        (place != NONE).then(|| &self.noted.commits[place as usize])
    }

    /// Its id.
    pub(super) fn id(&self, number: u32) -> ObjectName {
        self.ids.id(number)
    }

    /// The numbers of those that something leads to, and of all others; each in order.
    pub(super) fn in_order(&self) -> (&[u32], &[u32]) {
        self.order.split_at(self.reached)
    }

    /// Parents that are not there, of commits that something leads to; each with such a commit.
    pub(super) fn missing(&self) -> Vec<(u32, u32)> {
        let parents_of = |child: &u32| self.get(*child).map(|commit| (*child, self.noted.parents(commit)));
        let edges = self.in_order().0.iter().filter_map(parents_of);
        let edges = edges.flat_map(|(child, parents)| parents.iter().map(move |parent| (*parent, child)));
        let mut missing: Vec<(u32, u32)> = edges.filter(|(parent, _)| self.get(*parent).is_none()).collect();
        missing.sort_unstable_by_key(|(parent, _)| self.id(*parent));
        missing.dedup_by_key(|(parent, _)| *parent);
        missing
    }

    /// For each of `wanted`, which of `tips` it is reachable from: their places in the list.
    pub(super) fn tips_of(&self, wanted: &[u32], tips: &[u32]) -> Vec<Vec<usize>> {
        let mut found = vec![Vec::new(); wanted.len()];
        for (nth, some) in wanted.chunks(AT_ONCE).enumerate() {
            let mut bits = vec![0_u64; self.places.len()];
            (0..).zip(some).for_each(|(bit, number)| bits[*number as usize] |= 1 << bit);
            for number in self.in_order().0 {
                let parents = self.get(*number).map_or(&[][..], |commit| self.noted.parents(commit));
                let of_parents = parents.iter().fold(0, |all, parent| all | bits[*parent as usize]);
                bits[*number as usize] |= of_parents;
            }
            for (place, tip) in tips.iter().enumerate() {
                let of_tip = bits.get(*tip as usize).copied().unwrap_or(0);
                let reached = (0..some.len()).filter(|bit| of_tip >> bit & 1 == 1);
                reached.for_each(|bit| found[nth * AT_ONCE + bit].push(place));
            }
        }
        found
    }

    /// Appends those commits that are in the set, whose other parents count as done.
    fn sort(&mut self, is_in: &dyn Fn(u32) -> bool) {
        let first = self.order.len();
        let is_there = |number: &u32| self.places[*number as usize] != NONE && is_in(*number);
        let members: Vec<u32> = (0..self.places.len() as u32).filter(is_there).collect();
        let parents = |number: u32| {
            let commit = self.get(number).expect("a member was read");
            self.noted.parents(commit).iter().copied().filter(is_there)
        };
        let mut waits_for = vec![0_u32; self.places.len()];
        let mut first_child = vec![0_usize; self.places.len() + 1];
        for member in &members {
            for parent in parents(*member) {
                waits_for[*member as usize] += 1;
                first_child[parent as usize + 1] += 1;
            }
        }
        (1..first_child.len()).for_each(|place| first_child[place] += first_child[place - 1]);
        let mut children = vec![0; first_child.last().copied().unwrap_or(0)];
        let mut free = first_child.clone();
        for member in &members {
            for parent in parents(*member) {
                children[free[parent as usize]] = *member;
                free[parent as usize] += 1;
            }
        }
        let key = |number: u32| {
            let time = self.get(number).map_or(0, |commit| commit.time);
            // Nobody can make two ids that begin alike for so long; small keys are quicker to put in order.
            let beginning = self.id(number).as_bytes().first_chunk().map_or(0, |bytes| u128::from_be_bytes(*bytes));
            Reverse((time, beginning, number))
        };
        let mut ready: BinaryHeap<_> =
            members.iter().filter(|number| waits_for[**number as usize] == 0).map(|number| key(*number)).collect();
        let mut order = Vec::with_capacity(members.len());
        while let Some(Reverse((_, _, number))) = ready.pop() {
            order.push(number);
            for child in &children[first_child[number as usize]..first_child[number as usize + 1]] {
                waits_for[*child as usize] -= 1;
                if waits_for[*child as usize] == 0 {
                    ready.push(key(*child));
                }
            }
        }
        // Commits that are ancestors of themselves, as only a forged database has them, have no order.
        let mut rest: Vec<u32> = members.into_iter().filter(|number| waits_for[*number as usize] > 0).collect();
        rest.sort_by_key(|number| self.id(*number));
        self.order.extend(order);
        self.order.extend(rest);
        debug_assert!(self.order.len() >= first, "commits are only added");
    }
}
