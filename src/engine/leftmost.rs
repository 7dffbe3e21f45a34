//! The leftmost of several literals: by vectorised search (Teddy, `aho_corasick::packed`) where it is to be had, else by an
//! automaton with the same answer.

use aho_corasick::{
    AhoCorasick, Input, MatchKind,
    packed::{self, Searcher},
};

/// Literals, ready to be searched for.
#[derive(Debug)]
pub(in crate::engine) enum Leftmost {
    Teddy(Searcher),
    Automaton(Box<AhoCorasick>),
}

impl Leftmost {
    /// As many literals as vectorised search takes.
    pub(in crate::engine) const MOST: usize = 64;

    /// Compiles literals, none of them empty. Of two at one place the first is told.
    pub(in crate::engine) fn new<'l>(literals: impl ExactSizeIterator<Item = &'l [u8]> + Clone) -> Self {
        let mut teddy = packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder();
        if literals.len() <= Self::MOST
            && let Some(searcher) = teddy.extend(literals.clone()).build()
        {
            return Self::Teddy(searcher);
        }
        log::debug!("no vectorised search for {} literals; using an automaton", literals.len());
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(literals);
        Self::Automaton(Box::new(automaton.expect("a few megabytes of literals fit into an automaton")))
    }

    /// The leftmost literal that starts at `at` or later, as its start and its index.
    pub(in crate::engine) fn find(&self, text: &[u8], at: usize) -> Option<(usize, usize)> {
        match self {
            Self::Teddy(searcher) => {
                let span = aho_corasick::Span { start: at, end: text.len() };
                searcher.find_in(text, span).map(|found| (found.start(), found.pattern().as_usize()))
            }
            Self::Automaton(automaton) => {
                let found = automaton.find(Input::new(text).range(at..))?;
                Some((found.start(), found.pattern().as_usize()))
            }
        }
    }
}
