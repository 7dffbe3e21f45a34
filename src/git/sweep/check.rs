//! Whether an object is stored as it was written. Git keeps a checksum of each entry of a pack, over its bytes as they are
//! stored: that is cheap, and looked at always. Whether the content has its id costs as much as to find all secrets in it,
//! and is looked at if that is asked, and of objects that have no other checksum.

use gix::{
    hash::oid,
    objs::{Kind, compute_hash},
    odb::pack::data,
};

use super::forest::Forest;

/// One byte of a zlib stream makes no more bytes than this.
const MOST_FROM_A_BYTE: u64 = 1032;
/// Headers of the entry and of the stream, which are not counted closely.
const HEADERS: u64 = 64;

/// The bytes of a node's entry as they are stored, from its header to the next entry.
pub(super) fn stored<'d>(data: &'d data::File, forest: &Forest, node: u32) -> Option<&'d [u8]> {
    let end = forest.next_offset(node).unwrap_or(data.pack_end() as u64);
    data.entry_slice(forest.node(node).offset..end)
}

/// Whether these bytes of an entry are those that the index has this checksum of, if it has one.
pub(super) fn is_as_written(stored: &[u8], checksum: Option<u32>) -> bool {
    checksum.is_none_or(|written| written == crc32fast::hash(stored))
}

/// Whether an entry can be as long as it says: if not, no memory is taken for it.
pub(super) fn can_be(size: u64, stored: &[u8]) -> bool {
    size <= (stored.len() as u64 + HEADERS) * MOST_FROM_A_BYTE
}

/// What is wrong if the content has another id.
pub(super) fn id(id: &oid, kind: Kind, bytes: &[u8]) -> Result<(), String> {
    match compute_hash(id.kind(), kind, bytes) {
        Ok(is) if is == id => Ok(()),
        Ok(is) => Err(other_id(&is)),
        Err(error) => Err(super::super::repository::reason(&error)),
    }
}

pub(super) fn other_id(is: &oid) -> String {
    format!("what is stored has another id, {is}")
}
