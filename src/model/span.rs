//! A range of bytes in a document. Not a line or a column: those are filled in last, see `location.rs`.

/// A half-open range of byte offsets, `start..end`, from the document's first byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Number of bytes.
    pub const fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether no byte is in the range.
    pub const fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Whether all of `other` lies in this range.
    pub const fn contains(&self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two ranges share a byte.
    pub const fn overlaps(&self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Number of bytes between the two ranges; 0 if they touch or overlap.
    pub const fn distance(&self, other: Self) -> usize {
        if self.end <= other.start { other.start - self.end } else { self.start.saturating_sub(other.end) }
    }

    /// The same range, `by` bytes further on.
    pub const fn shifted(&self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// The range as an index into a slice.
    pub const fn range(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}
