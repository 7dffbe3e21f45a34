//! Objects that were unpacked lately, by their place in a pack. Versions of one file or directory are stored as differences
//! from each other; whoever reads them in order finds the one that the next differs from in here, instead of unpacking
//! the whole chain anew. What is in here is never needed, only quicker.

use gix::{objs::Kind, odb::pack::cache::DecodeEntry};

/// Places; an object has one, and gives it up to the next that has the same.
const SLOTS: usize = 1 << 12;
/// A larger object is not kept, in bytes.
const LARGEST: usize = 1 << 20;
/// Memory that all of it may take, in bytes: some versions of each of the files that commits change one after the other.
const MOST_MEMORY: usize = 32 << 20;

/// One thread's cache.
pub(super) struct DeltaCache {
    slots: Vec<Option<Slot>>,
    memory: usize,
}

struct Slot {
    pack: u32,
    offset: u64,
    kind: Kind,
    compressed_size: usize,
    data: Vec<u8>,
}

impl DeltaCache {
    pub(super) fn new() -> Self {
        Self { slots: (0..SLOTS).map(|_| None).collect(), memory: 0 }
    }
}

/// Fibonacci hashing: offsets of neighbours are spread over all places.
fn place(pack: u32, offset: u64) -> usize {
    let hash = (offset ^ u64::from(pack) << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> (u64::BITS - SLOTS.ilog2())) as usize
}

impl DecodeEntry for DeltaCache {
    fn put(&mut self, pack: u32, offset: u64, data: &[u8], kind: Kind, compressed_size: usize) {
        if data.len() > LARGEST {
            return;
        }
        if self.memory + data.len() > MOST_MEMORY {
            *self = Self::new();
        }
        let slot = &mut self.slots[place(pack, offset)];
        self.memory -= slot.as_ref().map_or(0, |slot| slot.data.len());
        self.memory += data.len();
        *slot = Some(Slot { pack, offset, kind, compressed_size, data: data.to_vec() });
    }

    fn get(&mut self, pack: u32, offset: u64, out: &mut Vec<u8>) -> Option<(Kind, usize)> {
        let slot = self.slots[place(pack, offset)].as_ref();
        let slot = slot.filter(|slot| slot.pack == pack && slot.offset == offset)?;
        out.clear();
        out.extend_from_slice(&slot.data);
        Some((slot.kind, slot.compressed_size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_back_what_it_holds_and_nothing_else() {
        let (mut cache, mut out) = (DeltaCache::new(), Vec::new());
        cache.put(1, 100, b"one", Kind::Blob, 7);
        assert_eq!((cache.get(1, 100, &mut out), &out[..]), (Some((Kind::Blob, 7)), &b"one"[..]));
        for (pack, offset) in [(1, 101), (2, 100), (0, 0)] {
            assert_eq!(cache.get(pack, offset, &mut out), None);
        }
        cache.put(1, 100, b"again", Kind::Blob, 8);
        assert_eq!((cache.get(1, 100, &mut out), &out[..]), (Some((Kind::Blob, 8)), &b"again"[..]));
        cache.put(1, 5, &vec![0; LARGEST + 1], Kind::Blob, 1);
        assert_eq!(cache.get(1, 5, &mut out), None);
    }

    #[test]
    fn its_memory_is_bounded() {
        let mut cache = DeltaCache::new();
        let half = vec![0; LARGEST / 2];
        for offset in 0..10 * SLOTS as u64 {
            cache.put(0, offset, &half, Kind::Tree, 1);
            let held: usize = cache.slots.iter().flatten().map(|slot| slot.data.len()).sum();
            if offset % 1000 == 0 {
                assert_eq!(held, cache.memory);
            }
            assert!(cache.memory <= MOST_MEMORY);
        }
    }
}
