//! The entries of a tree, as they stand in its bytes, and which of them a tree has from the one that it is made of: those
//! are not read again. Trees come from the repository and are not trusted.

use std::{ops::Range, sync::Arc};

use crate::model::Segment;

/// The kind of file in a mode, by the bits that git looks at.
const KIND: u32 = 0o170_000;
const DIRECTORY: u32 = 0o040_000;
const LINK: u32 = 0o120_000;
const SUBMODULE: u32 = 0o160_000;

/// What an entry leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leads {
    ToTree,
    ToFile,
    /// To a blob that is the target of a link.
    ToLink,
    /// To a commit of another repository.
    Elsewhere,
}

/// An entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    pub(super) name: &'t [u8],
    pub(super) leads: Leads,
    pub(super) id: &'t [u8],
}

/// Where the entries of a tree begin, and where the last one ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Starts(Vec<u32>);

impl Default for Starts {
    /// Of a tree without entries.
    fn default() -> Self {
        Self(vec![0])
    }
}

/// How a tree differs from the one that it is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Entries that it has from there: which ones, and the number of the first of them here.
    pub(super) inherited: Vec<(Range<u32>, u32)>,
    /// All others.
    pub(super) fresh: Vec<Fresh>,
    /// Whether each entry has the number of the one that stands in its place there.
    pub(super) is_in_place: bool,
    /// Whether the tree ends within an entry, or has what is none.
    pub(super) is_broken: bool,
}

/// An entry that a tree does not have from the one that it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fresh {
    pub(super) number: u32,
    pub(super) at: Range<u32>,
    /// Whether mode and name are those of the entry with this number in the tree that it is made of.
    pub(super) is_named_alike: bool,
}

/// The entry at `start` and the place of the next one; ids have `id_len` bytes.
pub(super) fn entry(bytes: &[u8], start: usize, id_len: usize) -> Option<(Entry<'_>, usize)> {
    let rest = bytes.get(start..)?;
    let blank = rest.iter().position(|byte| *byte == b' ')?;
    let mode = rest[..blank].iter().try_fold(0_u32, |mode, digit| match digit {
        b'0'..=b'7' => Some(mode.checked_mul(8)? + u32::from(digit - b'0')),
        _ => None,
    })?;
    let name_len = memchr::memchr(0, &rest[blank + 1..])?;
    let id_start = blank + 1 + name_len + 1;
    let entry = Entry {
        name: &rest[blank + 1..id_start - 1],
        leads: match mode & KIND {
            DIRECTORY => Leads::ToTree,
            SUBMODULE => Leads::Elsewhere,
            LINK => Leads::ToLink,
            _ => Leads::ToFile,
        },
        id: rest.get(id_start..id_start + id_len)?,
    };
    Some((entry, start + id_start + id_len))
}

impl Starts {
    /// Finds the entries of the tree `bytes`, of which `segments` were copied from the tree that `earlier` are the entries
    /// of. An entry is the same if it begins where one begins there, and all of it was copied.
    pub(super) fn of(
        bytes: &[u8],
        earlier: &Arc<Self>,
        segments: &[Segment],
        id_len: usize,
    ) -> (Arc<Self>, Difference) {
        if let Some(difference) = earlier.in_place(bytes, segments, id_len) {
            return (Arc::clone(earlier), difference);
        }
        let mut starts = Vec::with_capacity(earlier.0.len() + 1);
        let mut difference = Difference::default();
        let mut segments = segments.iter().peekable();
        let mut at = 0;
        starts.push(0);
        while at < bytes.len() {
            let number = starts.len() as u32 - 1;
            while segments.next_if(|segment| segment.target + segment.len <= at).is_some() {}
            let inherited = segments.peek().and_then(|segment| earlier.copied(segment, at));
            if let Some(inherited) = inherited {
                let (first, last) = (inherited.start as usize, inherited.end as usize);
                let (from, to) = (earlier.0[first], at as u32);
                starts.extend(earlier.0[first + 1..=last].iter().map(|end| end - from + to));
                at += (earlier.0[last] - from) as usize;
                difference.inherited.push((inherited, number));
            } else if let Some((_, next)) = entry(bytes, at, id_len) {
                difference.fresh.push(Fresh { number, at: at as u32..next as u32, is_named_alike: false });
                at = next;
                starts.push(at as u32);
            } else {
                difference.is_broken = true;
                break;
            }
        }
        (Arc::new(Self(starts)), difference)
    }

    /// How the tree `bytes` differs from the one that these are the entries of, if all that was copied stands where it stood,
    /// and so does each entry: most trees differ from each other in the ids of some entries. None of other trees.
    fn in_place(&self, bytes: &[u8], segments: &[Segment], id_len: usize) -> Option<Difference> {
        let end = *self.0.last()? as usize;
        if bytes.len() != end || segments.iter().any(|segment| segment.source != segment.target) {
            return None;
        }
        let mut difference = Difference { is_in_place: true, ..Difference::default() };
        let (mut at, mut number) = (0, 0);
        let behind = Segment { source: end, target: end, len: 0 };
        for segment in segments.iter().chain([&behind]) {
            if segment.target > at {
                let first = self.0.partition_point(|start| *start as usize <= at) - 1;
                let first = first.max(number);
                difference.inherit(number as u32..first as u32);
                number = first;
                while (self.0[number] as usize) < segment.target {
                    let fresh = self.fresh_in_place(bytes, number, at, id_len)?;
                    difference.fresh.push(fresh);
                    number += 1;
                }
            }
            at = segment.target + segment.len;
        }
        difference.inherit(number as u32..self.0.len() as u32 - 1);
        Some(difference)
    }

    /// The entry with this number, if it ends where the earlier one does; up to `copied` its bytes are the earlier one's.
    fn fresh_in_place(&self, bytes: &[u8], number: usize, copied: usize, id_len: usize) -> Option<Fresh> {
        let (start, end) = (self.0[number], self.0[number + 1]);
        let is_named_alike = copied + id_len >= end as usize;
        let ends_alike = || entry(bytes, start as usize, id_len).is_some_and(|(_, next)| next == end as usize);
        (is_named_alike || ends_alike()).then_some(Fresh { number: number as u32, at: start..end, is_named_alike })
    }

    /// The entries, at least one, of which the first begins where the byte `at` of the later tree was copied from, and all
    /// of which the segment holds.
    fn copied(&self, segment: &Segment, at: usize) -> Option<Range<u32>> {
        let source = segment.source + at.checked_sub(segment.target)?;
        let first = self.0.binary_search_by(|start| (*start as usize).cmp(&source)).ok()?;
        let end = segment.source + segment.len;
        let count = self.0[first + 1..].partition_point(|start| *start as usize <= end);
        (count > 0).then_some(first as u32..(first + count) as u32)
    }

    /// How many entries there are.
    #[cfg(test)]
    fn len(&self) -> usize {
        self.0.len() - 1
    }
}

impl Difference {
    /// Notes that it has these entries, if there are any, under the numbers that they have there.
    fn inherit(&mut self, numbers: Range<u32>) {
        if !numbers.is_empty() {
            self.inherited.push((numbers.clone(), numbers.start));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: usize = 4;

    /// A tree of entries with these names and ids.
    fn tree(entries: &[(u8, [u8; ID])]) -> Vec<u8> {
        let modes = ["100644", "40000", "160000", "120000"];
        let entry = |(name, id): &(u8, [u8; ID])| {
            let head = format!("{} {}\0", modes[usize::from(name % 4)], "n".repeat(1 + usize::from(*name)));
            [head.as_bytes(), id].concat()
        };
        entries.iter().flat_map(entry).collect()
    }

    fn read(bytes: &[u8]) -> (Vec<Entry<'_>>, bool) {
        let (mut entries, mut at) = (Vec::new(), 0);
        while let Some((found, next)) = entry(bytes, at, ID) {
            entries.push(found);
            at = next;
        }
        (entries, at < bytes.len())
    }

    #[test]
    fn an_entry_is_what_its_mode_says() {
        let bytes = tree(&[(0, [1; ID]), (1, [2; ID]), (2, [3; ID]), (3, [4; ID])]);
        let (entries, is_broken) = read(&bytes);
        let leads: Vec<Leads> = entries.iter().map(|entry| entry.leads).collect();
        assert_eq!(leads, [Leads::ToFile, Leads::ToTree, Leads::Elsewhere, Leads::ToLink]);
        assert_eq!((entries[2].name, entries[2].id, is_broken), (&b"nnn"[..], &[3; ID][..], false));
        for broken in ["", "100644 a", "100644 a\0abc", "1x a\0abcd", "77777777777777 a\0abcd", "100644"] {
            assert_eq!(entry(broken.as_bytes(), 0, ID), None, "{broken:?}");
        }
    }

    #[test]
    fn a_tree_with_a_new_entry_reads_that_one_alone() {
        let base = tree(&[(0, [1; ID]), (1, [2; ID]), (5, [3; ID])]);
        let (starts, first) = Starts::of(&base, &Arc::default(), &[], ID);
        assert_eq!((starts.len(), first.fresh.len()), (3, 3));
        let new = tree(&[(3, [9; ID])]);
        let (cut, len) = (starts.0[2] as usize, starts.0[3] as usize);
        let later = [&base[..cut], &new, &base[cut..]].concat();
        let segments = [
            Segment { source: 0, target: 0, len: cut },
            Segment { source: cut, target: cut + new.len(), len: len - cut },
        ];
        let (_, difference) = Starts::of(&later, &starts, &segments, ID);
        assert_eq!(difference.inherited, [(0..2, 0), (2..3, 3)]);
        let at = cut as u32..(cut + new.len()) as u32;
        assert_eq!(difference.fresh, [Fresh { number: 2, at, is_named_alike: false }]);
    }

    #[test]
    fn a_tree_with_another_id_keeps_its_starts() {
        let base = tree(&[(0, [1; ID]), (1, [2; ID]), (5, [3; ID])]);
        let (starts, _) = Starts::of(&base, &Arc::default(), &[], ID);
        let id = starts.0[2] as usize - ID;
        let later = [&base[..id], &[7; ID], &base[id + ID..]].concat();
        let segment = |start, end| Segment { source: start, target: start, len: end - start };
        let segments = [segment(0, id), segment(id + ID, base.len())];
        let (same, difference) = Starts::of(&later, &starts, &segments, ID);
        assert!(Arc::ptr_eq(&same, &starts) && difference.is_in_place);
        assert_eq!(difference.inherited, [(0..1, 0), (2..3, 2)]);
        let fresh = Fresh { number: 1, at: starts.0[1]..starts.0[2], is_named_alike: true };
        assert_eq!(difference.fresh, [fresh]);
    }

    /// What is inherited is what a reader of the whole tree would find there.
    fn is_inherited_as_read(base: &[u8], later: &[u8], segments: &[Segment]) -> Result<(), TestCaseError> {
        let (earlier, _) = Starts::of(base, &Arc::default(), &[], ID);
        let (starts, difference) = Starts::of(later, &earlier, segments, ID);
        let (expected, is_broken) = read(later);
        prop_assert_eq!((starts.len(), difference.is_broken), (expected.len(), is_broken));
        let (of_base, _) = read(base);
        let mut found = vec![None; expected.len()];
        for Fresh { number, at, is_named_alike } in difference.fresh {
            let (fresh, _) = entry(later, at.start as usize, ID).expect("there is an entry");
            if is_named_alike {
                let Entry { name, leads, .. } = of_base[number as usize];
                prop_assert_eq!((fresh.name, fresh.leads), (name, leads));
            }
            found[number as usize] = Some(fresh);
        }
        for (range, first) in difference.inherited {
            prop_assert!(!difference.is_in_place || range.start == first);
            for (number, of_base) in (first..).zip(&of_base[range.start as usize..range.end as usize]) {
                found[number as usize] = Some(*of_base);
            }
        }
        prop_assert_eq!(found, expected.into_iter().map(Some).collect::<Vec<_>>());
        Ok(())
    }

    fn entries() -> impl Strategy<Value = Vec<(u8, [u8; ID])>> {
        // Few different bytes, which could be taken for the end of a name or of a mode.
        let id = prop::array::uniform4(prop::sample::select(vec![0, b' ', b'1', b'n']));
        prop::collection::vec((0..6_u8, id), 0..12)
    }

    proptest! {
        #[test]
        fn inheriting_is_reading_however_the_bytes_were_copied(
            base in entries(),
            pieces in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, prop::collection::vec(any::<u8>(), 0..3)), 0..8),
        ) {
            let base = tree(&base);
            let (mut later, mut segments) = (Vec::new(), Vec::new());
            for (source, len, inserted) in pieces {
                let source = source.index(base.len() + 1);
                let len = len.min(base.len() - source);
                segments.push(Segment { source, target: later.len(), len });
                later.extend_from_slice(&base[source..source + len]);
                later.extend(inserted);
            }
            is_inherited_as_read(&base, &later, &segments)?;
        }

        #[test]
        fn inheriting_is_reading_where_bytes_were_replaced(
            base in entries(),
            replaced in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..9)), 1..5),
            like_ids in any::<bool>(),
        ) {
            let base = tree(&base);
            let (mut later, mut is_copied) = (base.clone(), vec![true; base.len()]);
            for (at, bytes) in replaced {
                let at = at.index(base.len() + 1);
                for (place, byte) in (at..base.len()).zip(bytes) {
                    later[place] = if like_ids { b"\0 1n"[usize::from(byte % 4)] } else { byte };
                    is_copied[place] = false;
                }
            }
            let mut segments: Vec<Segment> = Vec::new();
            for place in (0..base.len()).filter(|place| is_copied[*place]) {
                match segments.last_mut() {
                    Some(last) if last.target + last.len == place => last.len += 1,
                    _ => segments.push(Segment { source: place, target: place, len: 1 }),
                }
            }
            is_inherited_as_read(&base, &later, &segments)?;
        }
    }
}
