//! Where a person is, seen from the directory that reported paths are relative to, and the other way round: what a report
//! needs to show a path as it would be typed.

use std::path::Path;

use crate::model::Name;

/// Two directories, both by their real paths.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    /// The current directory.
    pub here: &'p Path,
    /// What reported paths are relative to.
    pub top: &'p Path,
}

impl Place<'_> {
    /// From the top to the current directory, as [`RunInfo::here`](crate::model::RunInfo::here) has it.
    pub fn here(&self) -> Option<Name> {
        self.here.strip_prefix(self.top).ok().map(as_prefix)
    }

    /// From the current directory to the top, as [`RunInfo::from_here`](crate::model::RunInfo::from_here) has it.
    pub fn prefix_from_here(&self) -> Name {
        match (self.here.strip_prefix(self.top), self.top.strip_prefix(self.here)) {
            (Ok(below), _) => Name::new("../".repeat(below.components().count())),
            (_, Ok(above)) => as_prefix(above),
            _ => as_prefix(self.top),
        }
    }
}

fn as_prefix(path: &Path) -> Name {
    let mut bytes = Name::from_path(path).expose().to_owned();
    if !bytes.is_empty() && !bytes.ends_with(b"/") {
        bytes.push(b'/');
    }
    Name::new(bytes)
}
