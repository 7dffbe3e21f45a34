//! A value that the user holds, and where: what the readers of credentials files hand to the engine, which looks for it
//! in whatever is about to leave.

use super::{Secret, Severity};

/// A value of one of the user's own files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// The value.
    pub secret: Secret,
    /// The file as a person calls it: `~/.aws/credentials`. It is shown, and so masked already.
    pub from: String,
    /// What it unlocks, if its place tells; otherwise what the rule says.
    pub severity: Option<Severity>,
    /// The setting that it is the value of, in a file that holds more than secrets: whether it is one depends on that.
    pub setting: Option<Box<[u8]>>,
}
