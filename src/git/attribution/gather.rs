//! One pass over all trees of an object database. Of a tree only what leads on is kept: to other trees, and to the blobs that
//! are looked for; and of these only in what it differs from the tree that it is made of, since most differ in one entry out
//! of hundreds.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use gix::hash::{self, oid};
use sha2::{Digest, Sha256};

use super::{
    entries::{Difference, Entry, Fresh, Leads, Starts, entry},
    leading::Leading,
    name_of,
    names::{Names, WantedName},
    numbers::{AllNumbers, Numbers, NumbersLately},
};
use crate::{
    git::objects::{ObjectReader, Objects},
    model::{NamesLately, ObjectKind, ObjectName, UnreadReason},
    source::{Object, Sieve},
};

/// A tree that is made of more trees than this, one of the other, is kept as a whole: what leads on from one of them is
/// then known after as many steps.
const MOST_STEPS: u32 = 32;
/// Names whose verdicts a thread remembers.
const MOST_NAMES: usize = 1 << 16;
/// Entries that a thread remembers; one has a place, and gives it up to the next that has the same.
const REMEMBERED: usize = 1 << 13;
/// A longer entry is not remembered, in bytes.
const LONGEST_REMEMBERED: usize = 256;
/// What an entry begins with that leads to a tree, unless somebody wrote it otherwise.
const MODE_OF_TREES: &[u8] = b"40000 ";
/// Set in the number of a child that is a blob.
const BLOB: u32 = 1 << 31;
/// In place of a number: no tree.
pub(super) const NONE: u32 = u32::MAX;

/// What a tree leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Child {
    Tree(u32),
    Blob(u32),
}

/// That a tree has a child under a name, or no longer has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    child: u32,
    pub(super) name: u32,
}

impl Edge {
    pub(super) fn new(child: Child, name: u32) -> Self {
        let child = match child {
            Child::Tree(tree) => tree,
            Child::Blob(blob) => blob | BLOB,
        };
        Self { child, name }
    }

    pub(super) fn child(self) -> Child {
        if self.child & BLOB == 0 { Child::Tree(self.child) } else { Child::Blob(self.child & !BLOB) }
    }
}

/// What was kept of all trees.
#[derive(Default)]
pub(super) struct Gathered {
    trees: Vec<Tree>,
    edges: Vec<Edge>,
    /// Which trees lead to something.
    leading: Leading,
    /// The names of edges, by number.
    pub(super) names: Vec<Vec<u8>>,
    pub(super) unread: Vec<(Option<ObjectName>, UnreadReason)>,
    /// Blobs that are not there, if they were asked for; some more than once.
    pub(super) absent: Vec<ObjectName>,
    /// Blobs that are the targets of links; some more than once.
    pub(super) links: Vec<u32>,
    /// Names that are looked for themselves, by the numbers that they have among blobs; some more than once.
    pub(super) name_numbers: Vec<u32>,
}

/// A tree, as a difference to the one that it is made of.
#[derive(Clone, Copy, Debug)]
struct Tree {
    base: u32,
    /// Where its edges begin: those that are new, then those that it has no longer.
    edges: u32,
    new: u32,
    gone: u32,
}

impl Tree {
    /// In place of a tree that was not read.
    const UNREAD: Self = Self { base: NONE, edges: NONE, new: 0, gone: 0 };
}

/// The sieve.
pub(super) struct Gather<'a> {
    pub(super) trees: &'a AllNumbers<'a>,
    pub(super) blobs: &'a Numbers,
    pub(super) names: &'a Names,
    /// The blobs that are looked for under any name.
    pub(super) wanted: &'a Wanted<'a>,
    /// Whether a blob is looked for only since it has this name.
    pub(super) wants_name: &'a (dyn Fn(&[u8]) -> bool + Sync),
    /// Whether a name is looked for itself, be it that of a blob or of a tree.
    pub(super) holds: &'a (dyn Fn(&[u8]) -> bool + Sync),
    pub(super) stopped: &'a (dyn Fn() -> bool + Sync),
    pub(super) hash: hash::Kind,
    /// Where all blobs are to be, if that is asked.
    pub(super) all: Option<&'a Objects>,
}

/// The blobs that are looked for, with a quick answer for most that are not.
pub(super) struct Wanted<'a> {
    ids: &'a BTreeSet<ObjectName>,
    /// A bit for each beginning of an id.
    beginnings: Vec<u64>,
}

/// What one thread has gathered.
#[derive(Default)]
pub(super) struct Local {
    part: Gathered,
    /// The number of each tree in the part.
    numbers: Vec<u32>,
    /// Numbers of names that the thread has asked for.
    name_numbers: HashMap<Vec<u8>, u32>,
    lately: Lately,
    names_lately: NamesLately<WantedName>,
    numbers_lately: NumbersLately,
    /// What was decided of names; looked up, never iterated over.
    wanted_names: HashMap<Vec<u8>, WantedName>,
    /// To see whether blobs are there.
    reader: Option<ObjectReader>,
    /// Of each new entry of a tree whether what it leads to is in a pack, or need not be.
    packed: Vec<bool>,
}

/// Entries that something leads on from and that were read lately: most entries are in many trees.
struct Lately(Vec<(Vec<u8>, Edges)>);

/// The edges of an entry: to what it leads, and to its name if that is looked for itself.
type Edges = [Option<Edge>; 2];

/// What is kept of a tree for those that are made of it, as long as these are being made.
pub(super) struct Kept {
    tree: u32,
    /// How many trees it is made of, one of the other.
    steps: u32,
    starts: Arc<Starts>,
    edges: Arc<Vec<Numbered>>,
}

/// An edge and the number of its entry; those of a tree are sorted by that.
type Numbered = (u32, Edge);

impl Default for Lately {
    fn default() -> Self {
        Self(vec![(Vec::new(), [None; 2]); REMEMBERED])
    }
}

impl Lately {
    /// The place of an entry, by the end of its id.
    fn place(&mut self, entry: &[u8]) -> &mut (Vec<u8>, Edges) {
        let end = entry.last_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
        &mut self.0[end as usize % REMEMBERED]
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self { tree: NONE, steps: 0, starts: Arc::default(), edges: Arc::default() }
    }
}

impl<'a> Wanted<'a> {
    pub(super) fn new(ids: &'a BTreeSet<ObjectName>) -> Self {
        let mut beginnings = vec![0; 1024];
        for id in ids {
            let (word, bit) = Self::place(id.as_bytes());
            beginnings[word] |= bit;
        }
        Self { ids, beginnings }
    }

    fn has(&self, id: &[u8]) -> bool {
        let (word, bit) = Self::place(id);
        self.beginnings[word] & bit != 0 && self.ids.contains(&ObjectName::new(id))
    }

    fn place(id: &[u8]) -> (usize, u64) {
        let beginning = id.first_chunk().map_or(0, |bytes| u16::from_be_bytes(*bytes));
        (usize::from(beginning / 64), 1 << (beginning % 64))
    }
}

impl Sieve for Gather<'_> {
    type Kept = Kept;
    type Local = Local;

    fn local(&self) -> Local {
        Local { reader: self.all.map(Objects::reader_as_it_is), ..Local::default() }
    }

    fn wants(&self, kind: ObjectKind) -> bool {
        kind == ObjectKind::Tree
    }

    fn object(&self, local: &mut Local, object: Object<'_>, earlier: &Kept) -> Kept {
        self.tree(local, &object, earlier)
    }

    fn unread(&self, local: &mut Local, object: Option<ObjectName>, reason: UnreadReason) {
        local.part.unread.push((object, reason));
    }

    fn stopped(&self) -> bool {
        (self.stopped)()
    }
}

impl Gather<'_> {
    fn tree(&self, local: &mut Local, object: &Object<'_>, earlier: &Kept) -> Kept {
        let (tree, is_first) = self.trees.claim(object);
        let id_len = self.hash.len_in_bytes();
        let (starts, difference) = Starts::of(object.bytes, &earlier.starts, object.segments, id_len);
        if difference.is_broken {
            local.part.broken(object.name(), "it has what is no entry of a tree");
        }
        self.look_up(local, &difference.fresh, object.bytes);
        let mut fresh: Vec<Numbered> = Vec::new();
        for (nth, entry) in difference.fresh.iter().enumerate() {
            let is_packed = local.packed.get(nth).is_none_or(|is_packed| *is_packed);
            let edges = self.fresh(local, &earlier.edges, (entry, is_packed), object.bytes).into_iter().flatten();
            fresh.extend(edges.map(|edge| (entry.number, edge)));
        }
        let is_whole = earlier.tree == NONE || earlier.steps >= MOST_STEPS;
        let base = if is_whole { NONE } else { earlier.tree };
        let steps = if is_whole { 0 } else { earlier.steps + 1 };
        if fresh.is_empty() && has_the_same(&earlier.edges, &difference) {
            let edges = Arc::clone(&earlier.edges);
            if is_first {
                local.note(tree, base, if is_whole { &edges } else { &[] }, &[]);
            }
            return Kept { tree, steps, starts, edges };
        }
        let (mut edges, Changed { gone, mut again }) = inherited(&earlier.edges, &difference);
        // What was copied twice is there twice: the first time it is inherited, the second time it is new.
        again.extend_from_slice(&fresh);
        edges.append(&mut fresh);
        // Two sorted lists, which this sort takes as such.
        edges.sort_by_key(|(number, _)| *number);
        if is_first && is_whole {
            local.note(tree, base, &edges, &[]);
        } else if is_first {
            local.note(tree, base, &again, &gone);
        }
        Kept { tree, steps, starts, edges: Arc::new(edges) }
    }

    /// Finds out which of the new entries of the tree `bytes` lead to what is in a pack, if it matters of blobs: of all in one go,
    /// since a processor waits for several places of memory as long as for one.
    fn look_up(&self, local: &mut Local, fresh: &[Fresh], bytes: &[u8]) {
        local.packed.clear();
        if local.reader.is_some() {
            let is_packed = |fresh: &Fresh| {
                let entry = &bytes[fresh.at.start as usize..fresh.at.end as usize];
                entry.starts_with(MODE_OF_TREES) || self.trees.is_packed(self.id_of(entry))
            };
            local.packed.extend(fresh.iter().map(is_packed));
        }
    }

    /// The id with which an entry ends.
    fn id_of<'e>(&self, entry: &'e [u8]) -> &'e oid {
        oid::from_bytes_unchecked(&entry[entry.len() - self.hash.len_in_bytes()..])
    }

    /// What leads on from an entry that the tree `bytes` does not have from the one with the edges `earlier`.
    fn fresh(
        &self,
        local: &mut Local,
        earlier: &[Numbered],
        (fresh, is_packed): (&Fresh, bool),
        bytes: &[u8],
    ) -> Edges {
        let bytes = &bytes[fresh.at.start as usize..fresh.at.end as usize];
        if !fresh.is_named_alike {
            return self.edges(local, bytes, is_packed);
        }
        let id = self.id_of(bytes);
        match of_entry(earlier, fresh.number) {
            // Nothing has led on from the name, which therefore is not looked for.
            [] if !self.wanted.has(id.as_bytes()) && !is_absent(local, id, is_packed) => [None; 2],
            [(_, edge)] if matches!(edge.child(), Child::Tree(_)) => {
                let child = Child::Tree(self.trees.number_of(id, &mut local.numbers_lately));
                [Some(Edge::new(child, edge.name)), None]
            }
            _ => self.edges(local, bytes, is_packed),
        }
    }

    /// What leads on from an entry, that of `bytes`.
    fn edges(&self, local: &mut Local, bytes: &[u8], is_packed: bool) -> Edges {
        let Some((entry, _)) = entry(bytes, 0, self.hash.len_in_bytes()) else { return [None; 2] };
        let wanted = self.wants(local, entry.name);
        let is_blob = matches!(entry.leads, Leads::ToFile | Leads::ToLink);
        let is_absent = is_blob
            && !wanted.blob
            && !self.wanted.has(entry.id)
            && is_absent(local, oid::from_bytes_unchecked(entry.id), is_packed);
        let leads_on = !is_blob || wanted.blob || is_absent || self.wanted.has(entry.id);
        if !leads_on && !wanted.name {
            return [None; 2];
        }
        let (known, edges) = local.lately.place(bytes);
        if known == bytes {
            return *edges;
        }
        let named = wanted.name.then(|| self.name_edge(local, entry.name));
        let edge = if leads_on { self.edge(local, &entry, is_absent) } else { None };
        let edges = [edge, named];
        if bytes.len() <= LONGEST_REMEMBERED {
            let (known, of_known) = local.lately.place(bytes);
            known.clear();
            known.extend_from_slice(bytes);
            *of_known = edges;
        }
        edges
    }

    /// What leads on from an entry, to a blob that is looked for or is not there.
    fn edge(&self, local: &mut Local, entry: &Entry<'_>, is_absent: bool) -> Option<Edge> {
        let id = oid::from_bytes_unchecked(entry.id);
        let child = match entry.leads {
            Leads::Elsewhere => return None,
            Leads::ToTree => Child::Tree(self.trees.number_of(id, &mut local.numbers_lately)),
            Leads::ToFile | Leads::ToLink => {
                local.part.absent.extend(is_absent.then(|| name_of(id)));
                let blob = self.blobs.number(name_of(id));
                if entry.leads == Leads::ToLink {
                    local.part.links.push(blob);
                }
                Child::Blob(blob)
            }
        };
        Some(Edge::new(child, local.name(self.names, entry.name)))
    }

    /// A name that is looked for itself is to be found where a blob would be that has the name's id.
    fn name_edge(&self, local: &mut Local, name: &[u8]) -> Edge {
        let blob = self.blobs.number(id_of_name(name));
        local.part.name_numbers.push(blob);
        Edge::new(Child::Blob(blob), local.name(self.names, name))
    }

    fn wants(&self, local: &mut Local, name: &[u8]) -> WantedName {
        if let Some(wanted) = local.names_lately.get(name) {
            return wanted;
        }
        let wanted = self.decides(local, name);
        local.names_lately.set(name, wanted);
        wanted
    }

    fn decides(&self, local: &mut Local, name: &[u8]) -> WantedName {
        if let Some(wanted) = local.wanted_names.get(name) {
            return *wanted;
        }
        if local.wanted_names.len() == MOST_NAMES {
            local.wanted_names.clear();
        }
        let wanted = WantedName { blob: (self.wants_name)(name), name: (self.holds)(name) };
        local.wanted_names.insert(name.to_vec(), wanted);
        wanted
    }
}

/// Whether a blob is not there, though it was asked for.
fn is_absent(local: &Local, id: &oid, is_packed: bool) -> bool {
    !is_packed && !local.reader.as_ref().is_some_and(|reader| reader.has(id))
}

/// What stands for a name among the ids of blobs. No blob can have it: what is hashed begins otherwise.
pub(super) fn id_of_name(name: &[u8]) -> ObjectName {
    ObjectName::new(&Sha256::new_with_prefix(b"name").chain_update(name).finalize())
}

/// What a tree does not have from the one that it is made of, or has more than once.
struct Changed {
    gone: Vec<Numbered>,
    again: Vec<Numbered>,
}

/// The edges of the entry with this number.
fn of_entry(edges: &[Numbered], number: u32) -> &[Numbered] {
    let edges = &edges[edges.partition_point(|(other, _)| *other < number)..];
    &edges[..edges.partition_point(|(other, _)| *other == number)]
}

/// Whether a tree has all edges of the one that it is made of, by the same numbers.
fn has_the_same(earlier: &[Numbered], difference: &Difference) -> bool {
    difference.is_in_place && difference.fresh.iter().all(|fresh| of_entry(earlier, fresh.number).is_empty())
}

/// The edges that a tree has from the one that it is made of, by their numbers here.
fn inherited(earlier: &[Numbered], difference: &Difference) -> (Vec<Numbered>, Changed) {
    let mut edges = Vec::with_capacity(earlier.len() + 1);
    let mut times = vec![0_u8; earlier.len()];
    let mut changed = Changed { gone: Vec::new(), again: Vec::new() };
    for (range, first) in &difference.inherited {
        let from = earlier.partition_point(|(number, _)| *number < range.start);
        for (nth, (number, edge)) in
            earlier.iter().enumerate().skip(from).take_while(|(_, (number, _))| *number < range.end)
        {
            let here = (number - range.start + first, *edge);
            edges.push(here);
            if times[nth] > 0 {
                changed.again.push(here);
            }
            times[nth] = 1;
        }
    }
    changed.gone = earlier.iter().zip(times).filter(|(_, times)| *times == 0).map(|(edge, _)| *edge).collect();
    (edges, changed)
}

impl Local {
    fn name(&mut self, names: &Names, name: &[u8]) -> u32 {
        if let Some(number) = self.name_numbers.get(name) {
            return *number;
        }
        let number = names.number(name);
        self.name_numbers.insert(name.to_vec(), number);
        number
    }

    fn note(&mut self, tree: u32, base: u32, new: &[Numbered], gone: &[Numbered]) {
        self.numbers.push(tree);
        let edges = self.part.edges.len() as u32;
        self.part.trees.push(Tree { base, edges, new: new.len() as u32, gone: gone.len() as u32 });
        self.part.edges.extend(new.iter().chain(gone).map(|(_, edge)| *edge));
    }
}

impl Gathered {
    /// Puts together what the threads have; trees have numbers below `end`. These commits name none.
    pub(super) fn of(locals: Vec<Local>, names: Names, end: usize, commits: &[ObjectName]) -> Self {
        let mut all = Self { trees: vec![Tree::UNREAD; end], names: names.into_list(), ..Self::default() };
        commits.iter().for_each(|commit| all.broken(*commit, "it names no tree"));
        for Local { part, numbers, .. } in locals {
            let first_edge = all.edges.len() as u32;
            for (number, tree) in numbers.into_iter().zip(part.trees) {
                all.trees[number as usize] = Tree { edges: tree.edges + first_edge, ..tree };
            }
            all.edges.extend(part.edges);
            all.unread.extend(part.unread);
            all.absent.extend(part.absent);
            all.links.extend(part.links);
            all.name_numbers.extend(part.name_numbers);
        }
        all.leading = Leading::of(end, |tree| all.has_tree(tree).then(|| all.tree(tree)));
        all
    }

    /// Whether a tree leads to a blob that is looked for, or to what could not be read.
    pub(super) fn leads_on(&self, tree: u32) -> bool {
        self.leading.has(tree)
    }

    /// Whether a tree was read.
    pub(super) fn has_tree(&self, tree: u32) -> bool {
        self.trees.get(tree as usize).is_some_and(|tree| tree.edges != NONE)
    }

    /// What a tree has that the one that it is made of has not; what that one has and it has not; and that one.
    pub(super) fn tree(&self, tree: u32) -> (&[Edge], &[Edge], Option<u32>) {
        let Tree { base, edges, new, gone } = self.trees[tree as usize];
        if edges == NONE {
            return (&[], &[], None);
        }
        let (new, rest) = self.edges[edges as usize..].split_at(new as usize);
        (new, &rest[..gone as usize], (base != NONE).then_some(base))
    }

    /// Every blob that is looked for, with a name that some tree has it under; some more than once.
    pub(super) fn blob_names(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let new = self
            .trees
            .iter()
            .filter(|tree| tree.edges != NONE)
            .flat_map(|tree| self.edges[tree.edges as usize..][..tree.new as usize].iter());
        new.filter_map(|edge| match edge.child() {
            Child::Blob(blob) => Some((blob, edge.name)),
            Child::Tree(_) => None,
        })
    }

    fn broken(&mut self, id: ObjectName, reason: &str) {
        self.unread.push((Some(id), UnreadReason::Io(format!("object {id}: {reason}"))));
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{git::sweep::Packs, model::Segment};

    fn entry_of(name: &str, id: u8) -> Vec<u8> {
        [b"100644 ", name.as_bytes(), b"\0", &[id; 20]].concat()
    }

    fn tree<'t>(id: &'t [u8], bytes: &'t [u8], segments: &'t [Segment]) -> Object<'t> {
        Object { id, number: None, kind: ObjectKind::Tree, bytes, segments, is_repeated: false }
    }

    #[test]
    fn what_one_thread_kept_of_a_tree_has_its_names_for_another_thread_too() {
        let none: &[&Path] = &[];
        let packs = Packs::open(none, hash::Kind::Sha1);
        let (trees, blobs, names) = (AllNumbers::new(&packs), Numbers::default(), Names::default());
        let ids = BTreeSet::from([ObjectName::new(&[7; 20])]);
        let gather = Gather {
            trees: &trees,
            blobs: &blobs,
            names: &names,
            wanted: &Wanted::new(&ids),
            wants_name: &|_| false,
            holds: &|_| false,
            stopped: &|| false,
            hash: hash::Kind::Sha1,
            all: None,
        };
        let (mut one, mut other) = (gather.local(), gather.local());
        let (base, seen) = (entry_of("wanted", 7), entry_of("seen before", 7));
        gather.object(&mut other, tree(&[1; 20], &seen, &[]), &Kept::default());
        let kept = gather.object(&mut one, tree(&[2; 20], &base, &[]), &Kept::default());
        // The next one is kept as a whole.
        let kept = Kept { steps: MOST_STEPS, ..kept };
        let later = [base.clone(), entry_of("z", 1)].concat();
        let segments = [Segment { source: 0, target: 0, len: base.len() }];
        gather.object(&mut other, tree(&[3; 20], &later, &segments), &kept);
        let number = trees.known(oid::from_bytes_unchecked(&[3; 20])).expect("it was claimed");
        let gathered = Gathered::of(vec![one, other], names, trees.end(), &[]);
        let (edges, _, base) = gathered.tree(number);
        let names: Vec<&[u8]> = edges.iter().map(|edge| &*gathered.names[edge.name as usize]).collect();
        assert_eq!((names, base), (vec![&b"wanted"[..]], None));
    }
}
