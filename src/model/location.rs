//! Where a person finds an occurrence: line, column and a masked excerpt. Filled in last, for what is reported.

use super::Text;

/// A place as people and code hosts count it. Lines and columns start at 1; a column counts Unicode code points (each
/// invalid byte is one), and the end is exclusive, as in SARIF.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// First line.
    pub start_line: usize,
    /// Column of the first character.
    pub start_column: usize,
    /// Last line.
    pub end_line: usize,
    /// Column just past the last character.
    pub end_column: usize,
    /// The first line or a part of it around the occurrence, masked, with no line end.
    pub snippet: Text,
    /// GitHub's `primaryLocationLineHash` of the first line, without the `:count`, and that count.
    pub line_hash: Option<(u64, u32)>,
}
