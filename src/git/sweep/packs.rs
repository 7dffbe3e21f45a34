//! All packs of an object database, and a number for each object that is packed. Ids are
//! looked up in one table for all packs: an index alone answers by halving its list a dozen times, each time elsewhere in
//! memory.

use std::path::Path;

use gix::{
    hash::{self, oid},
    odb::pack::{data, index},
};

use super::super::repository::reason;

/// In place of a number: none.
const NONE: u32 = u32::MAX;

/// What was opened.
pub(in crate::git) struct Packs {
    pub(super) packs: Vec<Pack>,
    /// Packs that could not be opened, and why.
    pub(super) broken: Vec<String>,
    /// Numbers, each near the place that the beginning of its id says: in the table it is as far as among all ids. Of an
    /// id that is in several packs that of the first.
    table: Vec<u32>,
}

/// A pack and its index.
pub(super) struct Pack {
    pub(super) data: data::File,
    pub(super) index: index::File,
    /// The number of its first object; that of another is as much greater as its place in the index is.
    first: u32,
}

impl Packs {
    /// Opens the packs with these indices.
    pub(super) fn open(indices: &[impl AsRef<Path>], hash: hash::Kind) -> Self {
        let mut opened = Self { packs: Vec::new(), broken: Vec::new(), table: Vec::new() };
        for index in indices {
            match Pack::open(index.as_ref(), hash, opened.end()) {
                Ok(pack) => opened.packs.push(pack),
                Err(reason) => opened.broken.push(reason),
            }
        }
        opened.list();
        opened
    }

    /// The number of an id that is in a pack. About two steps, whatever the number of objects.
    pub(in crate::git) fn number(&self, id: &oid) -> Option<u32> {
        let number = *self.table.get(self.place(id))?;
        (number != NONE).then_some(number)
    }

    /// The id with this number, which is below [`end`](Self::end).
    pub(in crate::git) fn id(&self, number: u32) -> &oid {
        let pack = &self.packs[self.packs.partition_point(|pack| pack.first <= number) - 1];
        pack.index.oid_at_index(number - pack.first)
    }

    /// More than the greatest number.
    pub(in crate::git) fn end(&self) -> u32 {
        self.packs.last().map_or(0, |pack| pack.first + pack.index.num_objects())
    }

    /// Whether the object at this place of a pack's index is in an earlier pack, too.
    pub(super) fn is_repeated(&self, pack: &Pack, place: u32) -> bool {
        pack.first > 0 && self.number(pack.index.oid_at_index(place)) != Some(pack.first + place)
    }

    fn list(&mut self) {
        self.table = vec![NONE; (2 * self.end() as usize).next_power_of_two()];
        for number in 0..self.end() {
            let place = self.place(self.id(number));
            if self.table[place] == NONE {
                self.table[place] = number;
            }
        }
    }

    /// Where the number of an id is in the table, or would be. Half of the table is free.
    fn place(&self, id: &oid) -> usize {
        let beginning = id.as_bytes().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        let mut place = (u128::from(beginning) * self.table.len() as u128 >> u64::BITS) as usize;
        while self.table.get(place).is_some_and(|&number| number != NONE && self.id(number) != id) {
            place = (place + 1) % self.table.len();
        }
        place
    }
}

impl Pack {
    fn open(index: &Path, hash: hash::Kind, first: u32) -> Result<Self, String> {
        let path = index.with_extension("pack");
        let failed = |path: &Path, error: &gix::Error| format!("opening {}: {}", path.display(), reason(error));
        let index = index::File::at(index, hash).map_err(|error| failed(index, &error))?;
        let data = data::File::at(&path, hash).map_err(|error| failed(&path, &error))?;
        first.checked_add(index.num_objects()).filter(|end| *end < NONE).ok_or("there are too many objects")?;
        Ok(Self { data, index, first })
    }
}
