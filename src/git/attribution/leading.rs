//! Which trees lead to something: to a blob that is looked for, or to a tree that is not there. In a history of some hundred
//! thousand trees few do, and the way down goes through these alone.

use super::gather::{Child, Edge};

/// What is known of a tree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unknown,
    /// It is being looked at, with what it leads to.
    Open,
    LeadsNowhere,
    Leads,
}

/// The trees that lead to something, and perhaps some more.
#[derive(Default)]
pub(super) struct Leading(Vec<State>);

/// What a tree has that the one that it is made of has not, what that one has and it has not, and that one.
pub(super) type Tree<'g> = (&'g [Edge], &'g [Edge], Option<u32>);

impl Leading {
    /// Of the trees with numbers below `end`, of which `tree` tells those that were read. What a tree no longer has is
    /// not looked at: it may be taken for one that leads where the one leads that it is made of.
    pub(super) fn of<'g>(end: usize, tree: impl Fn(u32) -> Option<Tree<'g>>) -> Self {
        let mut leading = Self(vec![State::Unknown; end]);
        (0..end as u32).for_each(|root| leading.look_at(root, &tree));
        leading
    }

    /// Whether a tree does.
    pub(super) fn has(&self, tree: u32) -> bool {
        self.0.get(tree as usize).is_none_or(|state| *state == State::Leads)
    }

    fn look_at<'g>(&mut self, root: u32, tree: &impl Fn(u32) -> Option<Tree<'g>>) {
        // Trees, each in the one before it, and how many of its ways on were looked at.
        let mut open = Vec::new();
        self.enter(root, &mut open, tree);
        while let Some((number, (new, _, base), looked_at)) = open.last_mut() {
            let way = new.get(*looked_at).map(|edge| edge.child());
            let way = way.or_else(|| base.filter(|_| *looked_at == new.len()).map(Child::Tree));
            let state = match way {
                None => State::LeadsNowhere,
                Some(Child::Blob(_)) => State::Leads,
                Some(Child::Tree(child)) => match self.0[child as usize] {
                    State::Unknown => {
                        self.enter(child, &mut open, tree);
                        continue;
                    }
                    State::LeadsNowhere => {
                        *looked_at += 1;
                        continue;
                    }
                    // A tree that is being looked at is one that this one is made of, unless the database is forged.
                    State::Open | State::Leads => State::Leads,
                },
            };
            self.0[*number as usize] = state;
            open.pop();
        }
    }

    /// Begins to look at a tree, if it is not known and was read.
    fn enter<'g>(
        &mut self,
        number: u32,
        open: &mut Vec<(u32, Tree<'g>, usize)>,
        tree: &impl Fn(u32) -> Option<Tree<'g>>,
    ) {
        let state = &mut self.0[number as usize];
        if *state != State::Unknown {
            return;
        }
        match tree(number) {
            None => *state = State::Leads,
            Some(tree) => {
                *state = State::Open;
                open.push((number, tree, 0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOB: Child = Child::Blob(0);

    /// Of trees, each by what it leads to and the one that it is made of, those that lead to something.
    fn leading(trees: &[Option<(Vec<Child>, Option<u32>)>]) -> Vec<bool> {
        let edge = |child: &Child| Edge::new(*child, 0);
        let edges: Vec<Option<(Vec<Edge>, Option<u32>)>> = trees
            .iter()
            .map(|tree| tree.as_ref().map(|(children, base)| (children.iter().map(edge).collect(), *base)))
            .collect();
        let tree = |number: u32| edges[number as usize].as_ref().map(|(new, base)| (&new[..], &[][..], *base));
        let leading = Leading::of(trees.len(), tree);
        (0..trees.len() as u32).map(|tree| leading.has(tree)).collect()
    }

    #[test]
    fn a_tree_leads_where_its_children_lead_and_where_the_one_leads_that_it_is_made_of() {
        let tree = |children: &[Child], base| Some((children.to_vec(), base));
        let trees = [
            tree(&[], None),
            tree(&[Child::Tree(0), Child::Tree(3)], None),
            tree(&[Child::Tree(0), Child::Tree(0)], Some(0)),
            tree(&[BLOB], None),
            tree(&[Child::Tree(2)], Some(3)),
            tree(&[Child::Tree(6)], None),
            // Not read.
            None,
        ];
        assert_eq!(leading(&trees), [false, true, false, true, true, true, true]);
    }

    #[test]
    fn trees_that_lead_to_each_other_end() {
        let trees = [Some((vec![Child::Tree(1)], None)), Some((vec![Child::Tree(1)], Some(0)))];
        assert_eq!(leading(&trees), [true, true]);
        // One after the other, further than a stack would reach.
        let deep: Vec<_> = (1..200_000).map(|next| Some((vec![Child::Tree(next)], None))).chain([None]).collect();
        assert!(leading(&deep).into_iter().all(|leads| leads));
    }
}
