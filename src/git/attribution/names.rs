//! What is known of the names in trees: a number for each, and whether it is looked for. There are a few thousand, and
//! millions of entries.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Numbers for names, given out by all threads of a sweep: what one of them keeps of a tree another one may take over.
#[derive(Default)]
pub(super) struct Names(Mutex<HashMap<Vec<u8>, u32>>);

impl Names {
    /// The number of a name.
    pub(super) fn number(&self, name: &[u8]) -> u32 {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = numbers.get(name) {
            return *number;
        }
        let next = numbers.len() as u32;
        numbers.insert(name.to_vec(), next);
        next
    }

    /// The names by their numbers.
    pub(super) fn into_list(self) -> Vec<Vec<u8>> {
        let numbers = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<(Vec<u8>, u32)> = numbers.into_iter().collect();
        names.sort_unstable_by_key(|(_, number)| *number);
        names.into_iter().map(|(name, _)| name).collect()
    }
}

/// What is looked for of what has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WantedName {
    /// The blob that has it.
    pub(super) blob: bool,
    /// The name itself.
    pub(super) name: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_number_each() {
        let names = Names::default();
        let given = [b"a".as_slice(), b"b", b"a", b"", b"b"].map(|name| names.number(name));
        assert_eq!(given, [0, 1, 0, 2, 1]);
        assert_eq!(names.into_list(), [b"a".as_slice(), b"b", b""]);
    }
}
