//! The way down from commits to blobs. A tree is visited once for each path that it is found under, at the first commit
//! that has it there; so every blob is met at the first commit that has it under that path. If the tree that a tree is made
//! of was visited under the same path, only where they differ is looked at.

use std::collections::{BTreeSet, HashMap};

use super::gather::{Child, Edge, Gathered, NONE};

/// The path of the root.
pub(super) const ROOT: u32 = 0;

/// A path: a name below another path, by their numbers.
type Path = (u32, u32);

/// What is below no path.
const NOWHERE: Path = (NONE, NONE);
/// Paths that are told of one tree or blob. There may be a great many of them: ten trees, each of which has the next one
/// ten times, have ten thousand million.
const MOST_PATHS: u32 = 1000;

/// Whether it matters under which path something is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Under {
    /// Something that is found under two paths is found twice.
    EachPath,
    /// Something is found once.
    AnyPath,
}

/// Goes down from one root after the other.
pub(super) struct Descent<'g> {
    gathered: &'g Gathered,
    under: Under,
    trees: Seen,
    blobs: Seen,
    paths: Vec<Path>,
    numbers: HashMap<Path, u32>,
    pending: Vec<(u32, u32)>,
    gone: Vec<Edge>,
    /// Trees that are not there, in no particular order.
    missing: Vec<u32>,
}

/// Under which paths things were seen: the first path of each, and all others.
struct Seen {
    first: Vec<Path>,
    others: BTreeSet<(u32, Path)>,
    /// How many others there are, of what has some.
    counts: HashMap<u32, u32>,
}

impl Seen {
    fn new(end: usize) -> Self {
        Self { first: vec![NOWHERE; end], others: BTreeSet::new(), counts: HashMap::new() }
    }

    /// Whether it was seen under this path, or under so many that one more is not looked at.
    fn has(&self, what: u32, path: Path) -> bool {
        let first = self.first[what as usize];
        let has_more = || self.others.contains(&(what, path)) || self.counts.get(&what) == Some(&MOST_PATHS);
        first == path || (first != NOWHERE && has_more())
    }

    fn add(&mut self, what: u32, path: Path) {
        let first = &mut self.first[what as usize];
        if *first == NOWHERE {
            *first = path;
        } else if self.others.insert((what, path)) {
            *self.counts.entry(what).or_default() += 1;
        }
    }
}

impl<'g> Descent<'g> {
    /// Nothing is visited yet. The numbers of trees and blobs are below these.
    pub(super) fn new(gathered: &'g Gathered, under: Under, trees: usize, blobs: usize) -> Self {
        let root = (NONE, 0);
        Self {
            gathered,
            under,
            trees: Seen::new(trees),
            blobs: Seen::new(blobs),
            paths: vec![root],
            numbers: HashMap::from([(root, ROOT)]),
            pending: Vec::new(),
            gone: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Visits what is below the tree `root` and was not visited before; `met` is told of each blob, and where it stands: the
    /// number of the directory's path and that of the name.
    pub(super) fn visit(&mut self, root: u32, met: &mut dyn FnMut(u32, u32, u32)) {
        if !self.gathered.leads_on(root) || self.trees.has(root, self.paths[ROOT as usize]) {
            return;
        }
        self.trees.add(root, self.paths[ROOT as usize]);
        self.pending.push((root, ROOT));
        while let Some((tree, path)) = self.pending.pop() {
            if self.gathered.has_tree(tree) {
                self.tree(tree, path, met);
            } else {
                self.missing.push(tree);
            }
        }
    }

    /// Takes the trees that should have been visited and are not there.
    pub(super) fn take_missing(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.missing)
    }

    /// A path in full, with `/` between its parts.
    pub(super) fn path(&self, directory: u32, name: u32) -> Vec<u8> {
        let (mut parts, mut at) = (vec![name], directory);
        while at != ROOT {
            let (directory, name) = self.paths[at as usize];
            parts.push(name);
            at = directory;
        }
        let names: Vec<&[u8]> = parts.iter().rev().map(|name| &*self.gathered.names[*name as usize]).collect();
        names.join(&b'/')
    }

    /// Looks at what a tree has that was not seen under its path.
    fn tree(&mut self, tree: u32, path: u32, met: &mut dyn FnMut(u32, u32, u32)) {
        self.gone.clear();
        let mut at = tree;
        loop {
            let (new, gone, base) = self.gathered.tree(at);
            for edge in new {
                self.edge(*edge, path, met);
            }
            self.gone.extend_from_slice(gone);
            match base {
                Some(base) if !self.trees.has(base, self.paths[path as usize]) => at = base,
                _ => return,
            }
        }
    }

    /// Looks at an edge of a tree, or of one that it is made of: that one may have what the tree no longer has.
    fn edge(&mut self, edge: Edge, path: u32, met: &mut dyn FnMut(u32, u32, u32)) {
        let place = match self.under {
            Under::EachPath => (path, edge.name),
            Under::AnyPath => (ROOT, 0),
        };
        let (seen, number) = match edge.child() {
            Child::Tree(tree) if !self.gathered.leads_on(tree) => return,
            Child::Tree(tree) => (&mut self.trees, tree),
            Child::Blob(blob) => (&mut self.blobs, blob),
        };
        if seen.has(number, place) {
            return;
        }
        // As often as it is gone it does not count, and no more often: a tree may have the same twice.
        if let Some(gone) = self.gone.iter().position(|gone| *gone == edge) {
            self.gone.swap_remove(gone);
            return;
        }
        seen.add(number, place);
        match edge.child() {
            Child::Tree(tree) => {
                let path = self.number(place);
                self.pending.push((tree, path));
            }
            Child::Blob(blob) => met(blob, place.0, edge.name),
        }
    }

    fn number(&mut self, path: Path) -> u32 {
        let paths = &mut self.paths;
        *self.numbers.entry(path).or_insert_with(|| {
            paths.push(path);
            paths.len() as u32 - 1
        })
    }
}
