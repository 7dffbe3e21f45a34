//! All packs of an object database, and a number for each object that is packed. Ids are looked up by their beginnings if
//! there is one pack (`ranks.rs`), and in one table for all packs if there are more.

use std::path::Path;

use gix::{
    hash::{self, oid},
    odb::pack::{data, index},
};

use super::super::repository::reason;
use super::ranks::{Ranks, beginning, scaled};

/// In place of a number: none.
const NONE: u32 = u32::MAX;
/// Hashes never lie so close together that an id is further than this from its place. Those in a forged index may.
const MOST_STEPS: usize = 1000;

/// What was opened.
pub(in crate::git) struct Packs {
    pub(super) packs: Vec<Pack>,
    /// Packs that could not be opened, and why.
    pub(super) broken: Vec<String>,
    /// Numbers, each near the place that the beginning of its id says: in the table it is as far as among all ids. Of an
    /// id that is in several packs that of the first. Empty if some are no hashes: then the indices are asked.
    table: Vec<Slot>,
    /// Of the only pack.
    ranks: Option<Ranks>,
    /// Whether some object is there more than once, or it is not known that none is.
    has_doubles: bool,
}

/// A place in the table.
#[derive(Clone, Copy)]
struct Slot {
    /// Of an object, or [`NONE`].
    number: u32,
    /// A part of its id: where that is another one, the id is not read, which is elsewhere in memory.
    part: u32,
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
    pub(in crate::git) fn open(indices: &[impl AsRef<Path>], hash: hash::Kind) -> Self {
        let mut opened =
            Self { packs: Vec::new(), broken: Vec::new(), table: Vec::new(), ranks: None, has_doubles: false };
        for index in indices {
            match Pack::open(index.as_ref(), hash, opened.end()) {
                Ok(pack) => opened.packs.push(pack),
                Err(reason) => opened.broken.push(reason),
            }
        }
        opened.list();
        opened
    }

    /// The number of an id that is in a pack. A few steps, whatever the number of objects.
    pub(in crate::git) fn number(&self, id: &oid) -> Option<u32> {
        if let (Some(ranks), [pack]) = (&self.ranks, &self.packs[..]) {
            return ranks.place(&pack.index, id);
        }
        if self.table.is_empty() {
            return self.packs.iter().find_map(|pack| Some(pack.first + pack.index.lookup(id)?));
        }
        let Slot { number, .. } = self.table[self.place(id)?];
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

    /// Whether the object at this place of a pack's index stands before it, too, or in an earlier pack.
    pub(super) fn is_repeated(&self, pack: &Pack, place: u32) -> bool {
        let may_be = pack.first > 0 || self.has_doubles;
        may_be && self.number(pack.index.oid_at_index(place)) != Some(pack.number(place))
    }

    fn list(&mut self) {
        if let [pack] = &self.packs[..]
            && let Some(ranks) = Ranks::of(&pack.index)
        {
            let ids = |places: std::ops::Range<u32>| places.map(|place| pack.index.oid_at_index(place));
            let end = pack.index.num_objects();
            self.has_doubles = ids(0..end).zip(ids(1..end)).any(|(one, next)| one == next);
            self.ranks = Some(ranks);
            return;
        }
        // A third of the table is free.
        let len = self.end() as usize / 2 * 3 + 2;
        self.table = vec![Slot { number: NONE, part: 0 }; len];
        for number in 0..self.end() {
            let id = self.id(number);
            let Some(place) = self.place(id) else {
                self.has_doubles = true;
                return self.table.clear();
            };
            if self.table[place].number == NONE {
                self.table[place] = Slot { number, part: beginning(id) as u32 };
            } else {
                self.has_doubles = true;
            }
        }
    }

    /// Where the number of an id is in the table, or would be.
    fn place(&self, id: &oid) -> Option<usize> {
        let (beginning, len) = (beginning(id), self.table.len());
        let first = scaled(beginning, len as u64);
        let is_its_place = |place: usize| {
            let Slot { number, part } = self.table[place];
            number == NONE || part == beginning as u32 && self.id(number) == id
        };
        let mut places = (first..first + MOST_STEPS).map(|place| if place < len { place } else { place % len });
        places.find(|&place| is_its_place(place))
    }
}

impl Pack {
    /// The number of the object at this place of the index.
    pub(super) fn number(&self, place: u32) -> u32 {
        self.first + place
    }

    fn open(index: &Path, hash: hash::Kind, first: u32) -> Result<Self, String> {
        let path = index.with_extension("pack");
        let failed = |path: &Path, error: &gix::Error| format!("opening {}: {}", path.display(), reason(error));
        let index = index::File::at(index, hash).map_err(|error| failed(index, &error))?;
        let data = data::File::at(&path, hash).map_err(|error| failed(&path, &error))?;
        first.checked_add(index.num_objects()).filter(|end| *end < NONE).ok_or("there are too many objects")?;
        Ok(Self { data, index, first })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Writes a pack without entries, and an index that says these ids are in it.
    fn write(directory: &Path, name: &str, ids: &[[u8; 20]]) -> std::path::PathBuf {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        let mut index = vec![0xff, b't', b'O', b'c', 0, 0, 0, 2];
        for first in 0..=255 {
            index.extend((ids.iter().filter(|id| id[0] <= first).count() as u32).to_be_bytes());
        }
        index.extend(ids.concat());
        index.extend(vec![0; ids.len() * 8 + 40]);
        let pack = [b"PACK\0\0\0\x02".as_slice(), &(ids.len() as u32).to_be_bytes(), &[0; 20]].concat();
        fs::write(directory.join(name).with_extension("pack"), pack).expect("the pack can be written");
        let path = directory.join(name).with_extension("idx");
        fs::write(&path, index).expect("the index can be written");
        path
    }

    fn id(beginning: u64, end: u16) -> [u8; 20] {
        let mut id = [0; 20];
        id[..8].copy_from_slice(&beginning.to_be_bytes());
        id[18..].copy_from_slice(&end.to_be_bytes());
        id
    }

    fn has_all(packs: &Packs, ids: &[[u8; 20]]) {
        for id in ids {
            let number = packs.number(oid::from_bytes_unchecked(id)).expect("it is in a pack");
            assert_eq!(packs.id(number).as_bytes(), id);
        }
    }

    #[test]
    fn an_id_is_found_in_the_first_pack_that_has_it() {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let ids: Vec<[u8; 20]> =
            (0..600).map(|nth| id(u64::from(nth).wrapping_mul(0x9e37_79b9_7f4a_7c15), nth)).collect();
        let (one, other) = (write(directory.path(), "a", &ids[..400]), write(directory.path(), "b", &ids[300..]));
        let packs = Packs::open(&[one, other], hash::Kind::Sha1);
        assert_eq!((packs.end(), &packs.broken[..]), (700, &[][..]));
        has_all(&packs, &ids);
        assert_eq!(packs.number(oid::from_bytes_unchecked(&id(7, 7))), None);
        let pack = &packs.packs[1];
        assert_eq!((0..300).filter(|place| packs.is_repeated(pack, *place)).count(), 100);
        let none: &[&Path] = &[];
        assert_eq!(Packs::open(none, hash::Kind::Sha1).number(oid::from_bytes_unchecked(&ids[0])), None);
    }

    #[test]
    fn what_a_pack_has_twice_is_repeated_once() {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let ids = [id(1, 0), id(1 << 60, 1), id(1 << 60, 1), id(u64::MAX, 2)];
        let packs = Packs::open(&[write(directory.path(), "a", &ids)], hash::Kind::Sha1);
        let repeated: Vec<bool> = (0..4).map(|place| packs.is_repeated(&packs.packs[0], place)).collect();
        assert_eq!(repeated, [false, false, true, false]);
    }

    #[test]
    fn ids_that_begin_alike_are_found_too() {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let ids: Vec<[u8; 20]> = (0..3000).map(|nth| id(u64::MAX - 1, nth)).collect();
        let packs = Packs::open(&[write(directory.path(), "a", &ids)], hash::Kind::Sha1);
        assert!(packs.table.is_empty() && packs.ranks.is_none());
        has_all(&packs, &ids);
        let packs = Packs::open(&[write(directory.path(), "b", &ids[..900])], hash::Kind::Sha1);
        assert!(!packs.table.is_empty());
        has_all(&packs, &ids[..900]);
    }

    #[test]
    fn an_id_of_the_only_pack_is_found_by_its_beginning() {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let hash = |nth: u16| u64::from(nth / 2).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut ids: Vec<[u8; 20]> = (0..3000).map(|nth| id(hash(nth), nth)).collect();
        for count in [0, 1, 2, 3, 7, 3000] {
            let packs = Packs::open(&[write(directory.path(), &count.to_string(), &ids[..count])], hash::Kind::Sha1);
            assert!(packs.ranks.is_some() && !packs.has_doubles);
            has_all(&packs, &ids[..count]);
            for absent in (0..3000).map(|nth| id(hash(nth), nth + 1)).chain([id(0, 9), id(u64::MAX, 9)]) {
                let expected = ids[..count].contains(&absent);
                assert_eq!(packs.number(oid::from_bytes_unchecked(&absent)).is_some(), expected);
            }
        }
        ids.push(ids[70]);
        let packs = Packs::open(&[write(directory.path(), "twice", &ids)], hash::Kind::Sha1);
        assert!(packs.ranks.is_some() && packs.has_doubles);
        has_all(&packs, &ids);
        assert_eq!((0..3001).filter(|place| packs.is_repeated(&packs.packs[0], *place)).count(), 1);
    }
}
