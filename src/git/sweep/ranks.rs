//! Where in the index of a pack an id is. The index is sorted, but to halve it a dozen times is to look in as many places all
//! over memory. Ids are hashes, so that the beginning of one tells where it must be, to a few places.

use gix::{hash::oid, odb::pack::index};

/// Ids that begin alike, on average.
const ALIKE: u32 = 4;
/// More ids never begin alike. Those in a forged index may.
const MOST_ALIKE: u32 = 64;

/// By beginning, the place of the first id with it or a greater one; one more for the end.
pub(super) struct Ranks(Vec<u32>);

impl Ranks {
    /// None if the index is not sorted, or what is in it are no hashes.
    pub(super) fn of(index: &index::File) -> Option<Self> {
        let beginnings = index.num_objects() / ALIKE + 1;
        let mut ranks = Vec::with_capacity(beginnings as usize + 1);
        let mut last: Option<&oid> = None;
        for place in 0..index.num_objects() {
            let id = index.oid_at_index(place);
            if last.replace(id).is_some_and(|last| last > id) {
                return None;
            }
            ranks.resize(ranks.len().max(scaled(beginning(id), u64::from(beginnings)) + 1), place);
        }
        ranks.resize(beginnings as usize + 1, index.num_objects());
        ranks.windows(2).all(|pair| pair[1] - pair[0] <= MOST_ALIKE).then_some(Self(ranks))
    }

    /// The first place of an id in the index that these are of.
    pub(super) fn place(&self, index: &index::File, id: &oid) -> Option<u32> {
        let wanted = beginning(id);
        let at = scaled(wanted, self.0.len() as u64 - 1);
        let (first, end) = (self.0[at], self.0[at + 1]);
        // No branch depends on the ids, which are long in coming.
        let lesser = (first..end).map(|place| u32::from(beginning(index.oid_at_index(place)) < wanted)).sum::<u32>();
        (first + lesser..end).find(|&place| index.oid_at_index(place) == id)
    }
}

/// The first eight bytes of an id, as a number.
pub(super) fn beginning(id: &oid) -> u64 {
    id.as_bytes().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// What share of all numbers is less than `number`, in parts of `whole`.
pub(super) fn scaled(number: u64, whole: u64) -> usize {
    ((u128::from(number) * u128::from(whole)) >> u64::BITS) as usize
}
