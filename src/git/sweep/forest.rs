//! Which objects of a pack are made of which: its *delta forest*. A root and all that is made of it, near and far, is a
//! *family*. Only the headers of entries are read here.

use std::collections::BTreeMap;

use gix::{
    ObjectId,
    objs::Kind,
    odb::pack::{
        data::{self, entry::Header},
        index,
    },
};
use rayon::prelude::*;

use super::super::{objects::ObjectError, repository::reason};

/// The objects of a pack, by the order of their entries.
pub(super) struct Forest {
    nodes: Vec<Node>,
    /// Nodes that are made of no other node of this pack, the largest family first.
    pub(super) roots: Vec<Root>,
    /// Of roots that are deltas all the same: what they are made of, which is not in this pack.
    pub(super) outside: BTreeMap<u32, ObjectId>,
    /// Nodes, those of one parent side by side, the largest family last.
    children: Vec<u32>,
    /// Whether the index has checksums of entries: its first version has none.
    has_checksums: bool,
}

/// A node that is made of no other one, and with it its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Root {
    pub(super) node: u32,
    /// What all of the family are, unless the root is made of what is not in this pack.
    pub(super) kind: Option<Kind>,
    /// Bytes of their entries, as they are stored.
    pub(super) stored: u64,
}

/// An object.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Node {
    /// Where its entry is in the pack, in bytes.
    pub(super) offset: u64,
    /// Bytes that are inflated for it and for all that is made of it.
    pub(super) weight: u64,
    /// Its number in the index of the pack, by which its id is found.
    pub(super) number: u32,
    /// Where its children begin in the list of all, and how many there are.
    first_child: u32,
    children: u32,
    /// Of its entry.
    checksum: u32,
}

/// Where an entry is, and what the index says of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    offset: u64,
    number: u32,
    checksum: u32,
}

/// What an entry's header says.
struct Entry {
    size: u64,
    base: Base,
}

#[derive(Clone, Copy)]
enum Base {
    None(Kind),
    Node(u32),
    Outside(ObjectId),
    /// The header could not be read.
    Unknown,
}

impl Forest {
    /// Reads the headers of all entries. What is wrong with one is told with the object's id, and the object left out with
    /// all that is made of it.
    pub(super) fn new(pack: &data::File, index: &index::File) -> (Self, Vec<ObjectError>) {
        let place = |number| Place {
            offset: index.pack_offset_at_index(number),
            number,
            checksum: index.crc32_at_index(number).unwrap_or_default(),
        };
        let mut places: Vec<Place> = (0..index.num_objects()).map(place).collect();
        places.par_sort_unstable();
        let read = |place: &Place| {
            let broken = |reason: String| ObjectError::Broken { id: index.oid_at_index(place.number).into(), reason };
            entry(pack, index, &places, place.offset).map_err(broken)
        };
        let entries: Vec<Result<Entry, ObjectError>> = places.par_iter().map(read).collect();
        let mut broken = Vec::new();
        let mut bases = Vec::with_capacity(places.len());
        let mut nodes = Vec::with_capacity(places.len());
        for (&Place { offset, number, checksum }, entry) in places.iter().zip(entries) {
            let Entry { size, base } = entry.unwrap_or_else(|error| {
                broken.push(error);
                Entry { size: 0, base: Base::Unknown }
            });
            bases.push(base);
            nodes.push(Node { offset, number, checksum, weight: size, ..Node::default() });
        }
        let (mut forest, lost) = Self::grow(nodes, &bases, pack.pack_end() as u64);
        forest.has_checksums = places.first().is_some_and(|place| index.crc32_at_index(place.number).is_some());
        broken.extend(lost.into_iter().map(|node| ObjectError::Broken {
            id: index.oid_at_index(forest.node(node).number).into(),
            reason: "the object that it is made of cannot be read, or is made of it".to_owned(),
        }));
        (forest, broken)
    }

    /// The node with this index.
    pub(super) fn node(&self, node: u32) -> Node {
        self.nodes[node as usize]
    }

    /// The checksum of a node's entry, if the index has such.
    pub(super) fn checksum(&self, node: u32) -> Option<u32> {
        self.has_checksums.then(|| self.node(node).checksum)
    }

    /// Where the entry begins that is stored behind a node's, in bytes; none if that is the last.
    pub(super) fn next_offset(&self, node: u32) -> Option<u64> {
        self.nodes.get(node as usize + 1).map(|node| node.offset)
    }

    /// What is made of a node, the largest family last: whoever keeps a parent only until its last child is reached
    /// keeps no more of them than the logarithm of the family's size.
    pub(super) fn children(&self, node: u32) -> &[u32] {
        let Node { first_child, children, .. } = self.node(node);
        &self.children[first_child as usize..][..children as usize]
    }

    /// The forest of `nodes`, the last of which ends at `end`, and those that no root leads to although their own header is
    /// right.
    fn grow(nodes: Vec<Node>, bases: &[Base], end: u64) -> (Self, Vec<u32>) {
        let (roots, outside, children) = (Vec::new(), BTreeMap::new(), Vec::new());
        let mut forest = Self { nodes, roots, outside, children, has_checksums: false };
        forest.list_children(bases);
        for (node, base) in (0..).zip(bases) {
            let root = |kind| Root { node, kind, stored: 0 };
            match base {
                Base::None(kind) => forest.roots.push(root(Some(*kind))),
                Base::Outside(id) => {
                    forest.roots.push(root(None));
                    forest.outside.insert(node, *id);
                }
                Base::Node(_) | Base::Unknown => {}
            }
        }
        let mut order: Vec<u32> = forest.roots.iter().map(|root| root.node).collect();
        let mut next = 0;
        while let Some(&node) = order.get(next) {
            order.extend_from_slice(forest.children(node));
            next += 1;
        }
        let ends = forest.nodes.iter().skip(1).map(|node| node.offset).chain([end]);
        let mut stored: Vec<u64> =
            forest.nodes.iter().zip(ends).map(|(node, end)| end.saturating_sub(node.offset)).collect();
        for &node in order.iter().rev() {
            if let Base::Node(parent) = bases[node as usize] {
                // Headers may say anything.
                let weight = forest.nodes[node as usize].weight;
                let of_parent = &mut forest.nodes[parent as usize].weight;
                *of_parent = of_parent.saturating_add(weight);
                stored[parent as usize] = stored[parent as usize].saturating_add(stored[node as usize]);
            }
        }
        let Self { nodes, roots, children, .. } = &mut forest;
        let weight = |node: &u32| nodes[*node as usize].weight;
        roots.iter_mut().for_each(|root| root.stored = stored[root.node as usize]);
        roots.sort_by_key(|root| std::cmp::Reverse(weight(&root.node)));
        for node in &*nodes {
            children[node.first_child as usize..][..node.children as usize].sort_by_key(weight);
        }
        let mut is_reached = vec![false; bases.len()];
        order.into_iter().for_each(|node| is_reached[node as usize] = true);
        let is_lost = |node: &u32| !is_reached[*node as usize] && matches!(bases[*node as usize], Base::Node(_));
        let lost = (0..bases.len() as u32).filter(is_lost).collect();
        (forest, lost)
    }

    /// Sorts all nodes that have a parent by it.
    fn list_children(&mut self, bases: &[Base]) {
        let parents = || {
            bases.iter().zip(0..).filter_map(|(base, node)| match base {
                Base::Node(parent) => Some((*parent, node)),
                Base::None(_) | Base::Outside(_) | Base::Unknown => None,
            })
        };
        parents().for_each(|(parent, _)| self.nodes[parent as usize].children += 1);
        let mut first = 0;
        for node in &mut self.nodes {
            node.first_child = first;
            first += node.children;
        }
        self.children = vec![0; first as usize];
        let mut free: Vec<u32> = self.nodes.iter().map(|node| node.first_child).collect();
        for (parent, node) in parents() {
            self.children[free[parent as usize] as usize] = node;
            free[parent as usize] += 1;
        }
    }
}

/// Reads the header of the entry at `offset`; `places` are all entries by offset.
fn entry(pack: &data::File, index: &index::File, places: &[Place], offset: u64) -> Result<Entry, String> {
    let entry = pack.entry(offset).map_err(|error| reason(&error))?;
    let at = |offset: u64| places.binary_search_by_key(&offset, |place| place.offset).ok();
    let base = match entry.header {
        Header::Commit => Base::None(Kind::Commit),
        Header::Tree => Base::None(Kind::Tree),
        Header::Blob => Base::None(Kind::Blob),
        Header::Tag => Base::None(Kind::Tag),
        Header::OfsDelta { base_distance } => {
            let node = entry.checked_base_pack_offset(base_distance).and_then(at);
            Base::Node(node.ok_or("it is made of an object where there is none")? as u32)
        }
        Header::RefDelta { base_id } => match index.lookup(base_id) {
            Some(number) => {
                let node =
                    at(index.pack_offset_at_index(number)).expect("each offset of the index is among the places");
                Base::Node(node as u32)
            }
            None => Base::Outside(base_id),
        },
    };
    Ok(Entry { size: entry.decompressed_size, base })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(bases: &[Base]) -> (Forest, Vec<u32>) {
        let node = |number| Node { offset: u64::from(number) * 100, number, weight: 1, ..Node::default() };
        Forest::grow((0..bases.len() as u32).map(node).collect(), bases, 100 * bases.len() as u64)
    }

    const WHOLE: Base = Base::None(Kind::Blob);

    #[test]
    fn the_largest_family_is_the_first_root_and_the_last_child() {
        use Base::Node;
        let (forest, lost) = grown(&[WHOLE, WHOLE, Node(1), Node(1), Node(2), Node(6), Node(1), Node(2)]);
        assert_eq!(lost, [0; 0]);
        let root = |node, stored| Root { node, kind: Some(Kind::Blob), stored };
        assert_eq!(forest.roots, [root(1, 700), root(0, 100)]);
        assert_eq!(forest.children(1), [3, 6, 2]);
        assert_eq!(forest.children(6), [5]);
        assert_eq!(forest.children(0), [0; 0]);
        assert_eq!([0, 1, 2, 6].map(|node| forest.node(node).weight), [1, 7, 3, 2]);
    }

    #[test]
    fn sizes_that_cannot_be_added_up_are_as_great_as_can_be() {
        let node = |number| Node { number, weight: u64::MAX - 1, ..Node::default() };
        let (forest, _) = Forest::grow((0..3).map(node).collect(), &[WHOLE, Base::Node(0), Base::Node(1)], 0);
        assert_eq!(forest.node(0).weight, u64::MAX);
    }

    #[test]
    fn what_is_made_of_itself_is_lost() {
        use Base::{Node, Unknown};
        let (forest, lost) = grown(&[WHOLE, Node(2), Node(1), Unknown, Node(3), Node(5), Node(0)]);
        assert_eq!(forest.roots, [Root { node: 0, kind: Some(Kind::Blob), stored: 200 }]);
        assert_eq!(lost, [1, 2, 4, 5]);
    }
}
