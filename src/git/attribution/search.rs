//! From what was gathered to what is told of each object.

use std::collections::{BTreeMap, BTreeSet};

use gix::{hash::oid, objs::Kind};

use super::{
    Attributed, Attribution, Last, Place,
    commits::Commits,
    descent::{Descent, Under},
    gather::Gathered,
    name_of,
    numbers::{AllNumbers, Numbers},
    tips::{Tip, Tips},
};
use crate::model::{Name, ObjectName, Origin, UnreadReason};

/// What could not be read and is told one by one: of a clone without any file, no one wants to read more.
const MOST_UNREAD: usize = 1000;

/// The numbers of ids.
pub(super) struct Ids<'a> {
    pub(super) all: &'a AllNumbers<'a>,
    pub(super) blobs: &'a Numbers,
}

/// What is searched, and for what.
pub(super) struct Search<'a> {
    pub(super) objects: &'a BTreeSet<ObjectName>,
    pub(super) gathered: &'a Gathered,
    pub(super) commits: &'a Commits<'a>,
    /// Objects that are known to be unreadable, which is told already.
    pub(super) broken: &'a BTreeSet<ObjectName>,
    pub(super) numbers: Ids<'a>,
    pub(super) tips: &'a Tips,
    /// Said of what is missing.
    pub(super) why_missing: &'static str,
}

/// The trees to go down from, in order: those of commits that something leads to, those that refs lead to, and those of all
/// other commits.
struct Roots {
    all: Vec<Root>,
    /// How many are of the first two kinds.
    reached: usize,
}

/// A tree to go down from, and the commit that it is of.
#[derive(Clone, Copy)]
struct Root {
    tree: u32,
    commit: Option<u32>,
}

/// A blob at a place, by their numbers; of the path, directory and name.
#[derive(Clone, Copy)]
struct Met {
    blob: u32,
    rank: u32,
    path: (u32, u32),
}

impl Search<'_> {
    /// What is told.
    pub(super) fn attribution(&self) -> Attribution {
        let mut attribution = Attribution::default();
        let roots = self.roots();
        let mut blobs = vec![Attributed::default(); self.numbers.blobs.end()];
        let missing = self.places(&roots, &mut blobs);
        self.last(&roots, &mut blobs);
        self.head(&mut blobs);
        self.names(&mut blobs);
        let absent: BTreeSet<&ObjectName> = self.gathered.absent.iter().collect();
        let mut absent_blobs = Vec::new();
        for (id, blob) in self.numbers.blobs.ids().into_iter().zip(blobs) {
            let is_known = !blob.names.is_empty() || !blob.places.is_empty();
            if !is_known {
                continue;
            }
            if absent.contains(&id) {
                absent_blobs.extend((!blob.unreachable).then(|| (id, blob.places[0].path.clone())));
                continue;
            }
            if blob.is_name {
                attribution.names.push(id);
            } else if !self.objects.contains(&id) {
                attribution.named.push(id);
            }
            attribution.objects.insert(id, blob);
        }
        attribution.named.sort_unstable();
        attribution.names.sort_unstable();
        self.commits_and_tags(&roots, &mut attribution.objects);
        self.refs(&mut attribution.objects);
        attribution.unread = self.unread(&missing, absent_blobs);
        attribution
    }

    fn roots(&self) -> Roots {
        let of_commit = |number: &u32| Some(Root { tree: self.commits.get(*number)?.tree, commit: Some(*number) });
        let (reached, others) = self.commits.in_order();
        let mut all: Vec<Root> = reached.iter().filter_map(of_commit).collect();
        let trees = self.tips.refs.iter().filter(|tip| tip.kind == Kind::Tree);
        let trees = trees.filter_map(|tip| self.numbers.all.known(&tip.id));
        all.extend(trees.map(|tree| Root { tree, commit: None }));
        let reached = all.len();
        all.extend(others.iter().filter_map(of_commit));
        Roots { all, reached }
    }

    fn descent(&self, under: Under) -> Descent<'_> {
        Descent::new(self.gathered, under, self.numbers.all.end(), self.numbers.blobs.end())
    }

    /// Finds every path of every blob, and the first commit that has it there. Tells which trees are missing.
    fn places(&self, roots: &Roots, blobs: &mut [Attributed]) -> Vec<u32> {
        let mut descent = self.descent(Under::EachPath);
        let (mut all, mut missing) = (Vec::new(), Vec::new());
        for (rank, root) in (0..).zip(&roots.all) {
            descent
                .visit(root.tree, &mut |blob, directory, name| all.push(Met { blob, rank, path: (directory, name) }));
            let absent = descent.take_missing();
            // Of what nothing leads to, git forgets the one object sooner than the other.
            if (rank as usize) < roots.reached {
                missing.extend(absent);
            }
        }
        for Met { blob, rank, path } in all {
            let commit = roots.all[rank as usize].commit.map(|commit| self.commits.id(commit));
            let path = Name::new(descent.path(path.0, path.1));
            blobs[blob as usize].places.push(Place { path, commit, rank });
        }
        for tip in self.tips.refs.iter().filter(|tip| tip.kind == Kind::Blob) {
            let Some(blob) = self.numbers.blobs.known(&name_of(&tip.id)) else { continue };
            blobs[blob as usize].places.push(Place { path: Name::new(""), commit: None, rank: roots.reached as u32 });
        }
        for blob in blobs {
            blob.places.sort_by(|a, b| (a.rank, &a.path).cmp(&(b.rank, &b.path)));
            let is_reached = |place: &Place| place.commit.is_none() || (place.rank as usize) < roots.reached;
            blob.unreachable = !blob.places.iter().any(is_reached);
        }
        missing
    }

    /// Finds the last commit that has each blob: one that something leads to, if there is one.
    fn last(&self, roots: &Roots, blobs: &mut [Attributed]) {
        let mut descent = self.descent(Under::AnyPath);
        let numbered: Vec<(u32, &Root)> = (0..).zip(&roots.all).collect();
        let (reached, others) = numbered.split_at(roots.reached);
        for (rank, root) in reached.iter().rev().chain(others.iter().rev()) {
            let Some(commit) = root.commit else { continue };
            let last = Some(Last { commit: self.commits.id(commit), rank: *rank });
            descent.visit(root.tree, &mut |blob, _, _| blobs[blob as usize].last = last);
        }
    }

    /// Finds the blobs that the commit has that is checked out.
    fn head(&self, blobs: &mut [Attributed]) {
        let head = self.tips.head.and_then(|head| self.numbers.all.known(&head));
        let Some(head) = head.and_then(|head| self.commits.get(head)) else { return };
        self.descent(Under::AnyPath).visit(head.tree, &mut |blob, _, _| blobs[blob as usize].in_head = true);
    }

    /// Finds the names of each blob, in trees that nothing leads to as well.
    fn names(&self, blobs: &mut [Attributed]) {
        let mut names: Vec<(u32, u32)> = self.gathered.blob_names().collect();
        names.sort_unstable();
        names.dedup();
        for (blob, name) in names {
            blobs[blob as usize].names.push(Name::new(&*self.gathered.names[name as usize]));
        }
        blobs.iter_mut().for_each(|blob| blob.names.sort_unstable());
        self.gathered.links.iter().for_each(|blob| blobs[*blob as usize].is_link = true);
        self.gathered.name_numbers.iter().for_each(|name| blobs[*name as usize].is_name = true);
    }

    /// Those of the objects that are no blobs.
    fn commits_and_tags(&self, roots: &Roots, found: &mut BTreeMap<ObjectName, Attributed>) {
        let wanted = self.objects.iter().filter_map(|id| Some((self.commit(id)?, *id)));
        let wanted: BTreeMap<u32, ObjectName> = wanted.collect();
        let of_head = self.ancestors_of_head(&wanted);
        for (rank, root) in (0..).zip(&roots.all) {
            let Some((number, id)) = root.commit.and_then(|commit| wanted.get_key_value(&commit)) else { continue };
            let place = Place { path: Name::new(""), commit: Some(*id), rank };
            let (in_head, unreachable) = (of_head.contains(number), rank as usize >= roots.reached);
            found.insert(*id, Attributed { places: vec![place], in_head, unreachable, ..Attributed::default() });
        }
        for tip in &self.tips.refs {
            for tag in tip.tags.iter().map(|tag| name_of(tag)).filter(|tag| self.objects.contains(tag)) {
                found.entry(tag).or_default().refs.push(tip.name.clone());
            }
        }
    }

    fn ancestors_of_head(&self, wanted: &BTreeMap<u32, ObjectName>) -> BTreeSet<u32> {
        let head = self.tips.head.and_then(|head| self.numbers.all.known(&head));
        let Some(head) = head else { return BTreeSet::new() };
        let wanted: Vec<u32> = wanted.keys().copied().collect();
        let tips = self.commits.tips_of(&wanted, &[head]);
        wanted.into_iter().zip(tips).filter(|(_, tips)| !tips.is_empty()).map(|(commit, _)| commit).collect()
    }

    /// Finds the refs that lead to the first commit of each object, or to the object itself.
    fn refs(&self, found: &mut BTreeMap<ObjectName, Attributed>) {
        let first = |object: &Attributed| object.places.first()?.commit;
        let number = |id: ObjectName| self.commit(&id);
        let wanted: BTreeSet<u32> = found.values().filter_map(first).filter_map(number).collect();
        let wanted: Vec<u32> = wanted.into_iter().collect();
        let (heads, numbers): (Vec<&Tip>, Vec<u32>) =
            self.tips.refs.iter().filter_map(|tip| Some((tip, number(name_of(&tip.id))?))).unzip();
        let tips = self.commits.tips_of(&wanted, &numbers);
        for (id, object) in found {
            match first(object).and_then(number).and_then(|commit| wanted.binary_search(&commit).ok()) {
                Some(place) => object.refs.extend(tips[place].iter().map(|tip| heads[*tip].name.clone())),
                None => object.refs.extend(self.refs_past_commits(id, object)),
            }
        }
    }

    /// The refs that lead to a blob, or to a tree that has it; of several trees, to all of them.
    fn refs_past_commits<'t>(&'t self, id: &'t ObjectName, object: &Attributed) -> impl Iterator<Item = Name> + 't {
        let is_in_tree = object.places.first().is_some_and(|place| !place.path.expose().is_empty());
        let leads = move |tip: &&Tip| match tip.kind {
            Kind::Tree => is_in_tree,
            Kind::Blob => name_of(&tip.id) == *id,
            Kind::Commit | Kind::Tag => false,
        };
        self.tips.refs.iter().filter(leads).map(|tip| tip.name.clone())
    }

    /// The number of a commit that was read.
    fn commit(&self, id: &ObjectName) -> Option<u32> {
        let number = self.numbers.all.known(oid::from_bytes_unchecked(id.as_bytes()))?;
        self.commits.get(number).map(|commit| commit.number)
    }

    /// What could not be read: objects and refs.
    fn unread(&self, trees: &[u32], blobs: Vec<(ObjectName, Name)>) -> Vec<(Origin, UnreadReason)> {
        let missing = |id: ObjectName, what: String| {
            UnreadReason::Io(format!("object {id} is missing{what}{}", self.why_missing))
        };
        let mut unread = Vec::new();
        let broken = self.gathered.unread.iter().filter_map(|(id, _)| *id);
        let broken: BTreeSet<ObjectName> = broken.chain(self.broken.iter().copied()).collect();
        let of_commits = self.commits.missing().into_iter();
        let of_commits = of_commits.map(|(parent, child)| (self.commits.id(parent), self.commits.id(child)));
        for (parent, child) in of_commits.filter(|(parent, _)| !broken.contains(parent)) {
            unread.push((Origin::Commit(parent.to_string()), missing(parent, format!(", the parent of {child}"))));
        }
        let ids = self.numbers.all.ids();
        let trees: BTreeSet<ObjectName> = trees.iter().map(|tree| ids.id(*tree)).collect();
        for id in trees.difference(&broken) {
            unread.push((Origin::Object(id.to_string()), missing(*id, ", a directory".to_owned())));
        }
        for (id, path) in blobs {
            unread.push((Origin::Blob { id: id.to_string(), path }, missing(id, String::new())));
        }
        for (name, reason) in &self.tips.broken {
            let origin = name.clone().map_or(Origin::Database, Origin::Ref);
            unread.push((origin, UnreadReason::Io(format!("reading a ref: {reason}"))));
        }
        for (id, reason) in &self.gathered.unread {
            let origin = id.map_or(Origin::Database, |id| Origin::Object(id.to_string()));
            unread.push((origin, reason.clone()));
        }
        unread.sort_by(|a, b| (&a.0, a.1.to_string()).cmp(&(&b.0, b.1.to_string())));
        unread.dedup();
        limited(unread)
    }
}

/// The first of them, and how many there are more.
fn limited(mut unread: Vec<(Origin, UnreadReason)>) -> Vec<(Origin, UnreadReason)> {
    let more = unread.len().saturating_sub(MOST_UNREAD);
    if more > 0 {
        unread.truncate(MOST_UNREAD);
        unread.push((Origin::Database, UnreadReason::Io(format!("{more} more objects are missing or broken"))));
    }
    unread
}
