//! POSIX extended regular expressions as GNU grep and git read them in the C locale, made into the syntax tree of an engine
//! that needs linear time on every input. Bytes in, bytes matched: there is no encoding, and no element matches a newline.
//!
//! Where grep and git differ, what either accepts is accepted. What this engine cannot do (back-references) and what is
//! surely meant as another dialect (look-around) is an error, never a pattern that quietly matches something else.

mod bracket;
mod parse;
#[cfg(test)]
mod tests;

pub(super) use parse::parse;

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EreError {
    /// `\1` and its like.
    #[error("back-references such as \\{0} are not supported, since they cannot be matched in linear time")]
    BackReference(char),
    /// `(?...)`, which is no ERE.
    #[error("(? starts a group of another dialect: look-around and flags are not part of POSIX extended expressions")]
    ForeignGroup,
    /// A backslash at the end.
    #[error("trailing backslash")]
    TrailingBackslash,
    /// `[` without its `]`.
    #[error("unmatched [, [^, [:, [. or [=")]
    UnmatchedBracket,
    /// `(` without its `)`.
    #[error("unmatched ( or \\(")]
    UnmatchedParenthesis,
    /// `[z-a]`, or a range between things that have no order.
    #[error("invalid range end")]
    Range,
    /// `[[:nosuch:]]`
    #[error("invalid character class name")]
    ClassName,
    /// `[[.nosuch.]]`
    #[error("invalid collation character")]
    Collation,
    /// `a{3,2}`, `a{}`
    #[error("invalid content of {{}}")]
    Interval,
    /// Repeated, nested or compiled beyond reason.
    #[error("regular expression too big")]
    TooBig,
}
