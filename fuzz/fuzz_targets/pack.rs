//! Any entries as a pack, with an index that names each: every object is pushed once or told as unread, whatever headers,
//! zlib streams, deltas and bases there are.
//!
//! Entries are made such that many of them can be read: of each, the input says whether its header is right, whether its
//! payload is a zlib stream or taken as it is, what it is a delta of, and whether the index has the right checksum.

#![no_main]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use keysieve::git::Repository;
use keysieve::model::{ObjectKind, ObjectName, UnreadReason};
use keysieve::source::{Object, Sieve};
use libfuzzer_sys::fuzz_target;

const MOST_ENTRIES: usize = 200;
const ID_LEN: usize = 20;

thread_local! {
    /// A repository, and where its only pack is; a repository stays with its thread.
    static REPOSITORY: (Repository, PathBuf) = made();
}

fn made() -> (Repository, PathBuf) {
    let directory = env::temp_dir().join(format!("keysieve-fuzz-{}", process::id()));
    let packs = directory.join(".git/objects/pack");
    fs::create_dir_all(&packs).expect("a directory can be made");
    fs::create_dir_all(directory.join(".git/refs")).expect("a directory can be made");
    fs::write(directory.join(".git/HEAD"), "ref: refs/heads/main\n").expect("a file can be written");
    let repository = Repository::discover(&directory).expect("it can be opened").expect("it is a repository");
    (repository, packs.join("pack-0.pack"))
}

/// Notes what it is told of, and does not care what it is.
struct Witness;

impl Sieve for Witness {
    type Kept = ();
    type Local = (Vec<ObjectName>, BTreeSet<ObjectName>);

    fn local(&self) -> Self::Local {
        Self::Local::default()
    }

    fn wants(&self, _: ObjectKind) -> bool {
        true
    }

    fn object(&self, (seen, _): &mut Self::Local, object: Object<'_>, (): &()) {
        for segment in object.segments {
            assert!(segment.target + segment.len <= object.bytes.len());
        }
        seen.push(object.name());
    }

    fn unread(&self, (_, unread): &mut Self::Local, object: Option<ObjectName>, _: UnreadReason) {
        unread.extend(object);
    }

    fn stopped(&self) -> bool {
        false
    }
}

fuzz_target!(|input: Vec<(u8, u8, Vec<u8>)>| {
    let entries = &input[..input.len().min(MOST_ENTRIES)];
    REPOSITORY.with(|(repository, path)| check(repository, path, entries));
});

fn check(repository: &Repository, path: &Path, entries: &[(u8, u8, Vec<u8>)]) {
    let (pack, index) = written(entries);
    fs::write(path, pack).expect("the pack can be written");
    fs::write(path.with_extension("idx"), index).expect("the index can be written");
    let (mut seen, mut told) = (Vec::new(), BTreeSet::new());
    for (objects, unread) in repository.sweep().expect("its directories can be opened").push(&Witness) {
        seen.extend(objects);
        told.extend(unread);
    }
    let count = seen.len();
    let seen: BTreeSet<ObjectName> = seen.into_iter().collect();
    assert_eq!(seen.len(), count, "an object was pushed twice");
    for nth in 0..entries.len() {
        let id = ObjectName::new(&id(nth));
        assert!(seen.contains(&id) || told.contains(&id), "nothing was told of object {id}");
    }
}

/// A pack and its index.
fn written(entries: &[(u8, u8, Vec<u8>)]) -> (Vec<u8>, Vec<u8>) {
    let count = entries.len() as u32;
    let mut pack = [&b"PACK"[..], &2_u32.to_be_bytes(), &count.to_be_bytes()].concat();
    let (mut offsets, mut sums, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    for (nth, (how, base, payload)) in entries.iter().enumerate() {
        let offset = pack.len();
        let of = usize::from(*base) % entries.len();
        let mut content = payload.clone();
        if how & 0x10 != 0 {
            // The size of the base, as a delta begins.
            content.insert(0, sizes.get(of).copied().unwrap_or(0_usize) as u8 & 0x7f);
        }
        sizes.push(content.len());
        match how & 3 {
            0 => {}
            1 => header(&mut pack, 1 + (base & 3), content.len()),
            2 => {
                header(&mut pack, 6, content.len());
                let before = offsets.get(of).copied().unwrap_or(0);
                distance(&mut pack, (offset - before) as u64);
            }
            _ => {
                header(&mut pack, 7, content.len());
                let mut base = id(of);
                base[1] ^= how >> 6 & 1;
                pack.extend(base);
            }
        }
        pack.extend(if how & 4 == 0 { zlib(&content) } else { content });
        offsets.push(offset);
        sums.push(crc32fast::hash(&pack[offset..]) ^ u32::from(how >> 7));
        debug_assert_eq!(offsets.len(), nth + 1);
    }
    pack.extend([0; ID_LEN]);
    let mut index = b"\xfftOc\x00\x00\x00\x02".to_vec();
    (0..256_u32).for_each(|first| index.extend((first + 1).min(count).to_be_bytes()));
    (0..entries.len()).for_each(|nth| index.extend(id(nth)));
    sums.iter().for_each(|sum| index.extend(sum.to_be_bytes()));
    offsets.iter().for_each(|offset| index.extend((*offset as u32).to_be_bytes()));
    index.extend([0; 2 * ID_LEN]);
    (pack, index)
}

fn id(nth: usize) -> [u8; ID_LEN] {
    let mut id = [0; ID_LEN];
    id[0] = nth as u8;
    id
}

/// Kind and size of an entry.
fn header(pack: &mut Vec<u8>, kind: u8, size: usize) {
    let mut byte = kind << 4 | (size & 0xf) as u8;
    let mut rest = size >> 4;
    while rest > 0 {
        pack.push(byte | 0x80);
        byte = (rest & 0x7f) as u8;
        rest >>= 7;
    }
    pack.push(byte);
}

/// How far before an entry its base begins.
fn distance(pack: &mut Vec<u8>, mut distance: u64) {
    let mut bytes = vec![(distance & 0x7f) as u8];
    while distance > 0x7f {
        distance = (distance >> 7) - 1;
        bytes.push((distance & 0x7f) as u8 | 0x80);
    }
    pack.extend(bytes.iter().rev());
}

/// A zlib stream whose one block is stored as it is.
fn zlib(content: &[u8]) -> Vec<u8> {
    let content = &content[..content.len().min(usize::from(u16::MAX))];
    let (a, b) = content.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65521;
        (a, (b + a) % 65521)
    });
    let len = content.len() as u16;
    [&[0x78, 1, 1][..], &len.to_le_bytes(), &(!len).to_le_bytes(), content, &(b << 16 | a).to_be_bytes()].concat()
}
