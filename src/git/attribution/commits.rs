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
        let commits = &self.noted.commits;
        // From here on a commit is its rank: where it would stand if none had parents.
        let mut members: Vec<&Commit> = commits.iter().filter(|commit| is_in(commit.number)).collect();
        members.sort_unstable_by(|one, other| {
            one.time.cmp(&other.time).then_with(|| self.id(one.number).cmp(&self.id(other.number)))
        });
        let mut ranks = vec![NONE; commits.len()];
        for (rank, member) in (0..).zip(&members) {
            ranks[self.places[member.number as usize] as usize] = rank;
        }
        let rank =
            |number: &u32| ranks.get(self.places[*number as usize] as usize).copied().filter(|rank| *rank != NONE);
        let parents = |member: &Commit| self.noted.parents(member).iter().filter_map(rank);
        let mut waits_for: Vec<usize> = members.iter().map(|member| parents(member).count()).collect();
        let mut children: Vec<(u32, u32)> = (0..)
            .zip(&members)
            .flat_map(|(child, member)| parents(member).map(move |parent| (parent, child)))
            .collect();
        children.sort_unstable();
        let children_of = |parent: u32| {
            let first = children.partition_point(|(other, _)| *other < parent);
            children[first..].iter().take_while(move |(other, _)| *other == parent).map(|(_, child)| *child as usize)
        };
        let has_none_before = |(_, parents): &(u32, &usize)| **parents == 0;
        let ready = (0..).zip(&waits_for).filter(has_none_before).map(|(rank, _)| Reverse(rank));
        let mut ready: BinaryHeap<Reverse<u32>> = ready.collect();
        let mut order = Vec::with_capacity(members.len());
        while let Some(Reverse(rank)) = ready.pop() {
            order.push(members[rank as usize].number);
            for child in children_of(rank) {
                waits_for[child] -= 1;
                if waits_for[child] == 0 {
                    ready.push(Reverse(child as u32));
                }
            }
        }
        // Commits that are ancestors of themselves, as only a forged database has them, have no order.
        let rest =
            members.into_iter().zip(waits_for).filter(|(_, parents)| *parents > 0).map(|(member, _)| member.number);
        let mut rest: Vec<u32> = rest.collect();
        rest.sort_by_key(|number| self.id(*number));
        self.order.extend(order);
        self.order.extend(rest);
    }
}
