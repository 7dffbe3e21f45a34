//! A list of paths, one a line or ended by NUL, as `--files-from` reads it. Not a pattern language: each is a path.

use std::path::PathBuf;

use crate::model::Name;

/// What ends a path of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathEnd {
    /// A line feed; one carriage return before it goes with it.
    Line,
    /// A NUL, for names with line feeds in them (`-0`).
    Nul,
}

/// The paths of a list. Empty ones are left out: a list often ends in an empty line.
pub fn paths_of_list(list: &[u8], end: PathEnd) -> Vec<PathBuf> {
    let byte = if end == PathEnd::Line { b'\n' } else { 0 };
    list.split(|&b| b == byte)
        .map(|path| if end == PathEnd::Line { path.strip_suffix(b"\r").unwrap_or(path) } else { path })
        .filter(|path| !path.is_empty())
        .map(|path| Name::new(path).to_path().into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_nuls() {
        let paths = |list: &str, end| paths_of_list(list.as_bytes(), end);
        assert_eq!(paths("a\nb c\r\n\nd", PathEnd::Line), ["a", "b c", "d"].map(PathBuf::from));
        assert_eq!(paths("a\nb\0c\r\0", PathEnd::Nul), ["a\nb", "c\r"].map(PathBuf::from));
        assert!(paths("", PathEnd::Nul).is_empty());
    }
}
