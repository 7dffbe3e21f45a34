//! The nouns that every other module shares: what was scanned ([`Origin`], [`KindSet`]), what was found ([`Finding`],
//! [`Occurrence`], [`Location`]) and how the run went ([`Summary`]).
//!
//! Layer 0: plain data, no scanning, no input or output, nothing of the other modules. Two rules live in the types
//! themselves: a [`Secret`] cannot print itself, and a [`Text`] can only be made through a mask.

mod escape;
mod finding;
mod fingerprint;
mod held;
mod kind;
mod location;
mod moment;
mod names_lately;
mod object;
mod origin;
mod secret;
mod severity;
mod span;
mod summary;
mod text;

pub use escape::{Escaped, begins_command, is_hostile};
pub use finding::{Encoding, Fact, Finding, Introduction, Occurrence, Related, Suppression, SuppressionKind};
pub use fingerprint::{Fingerprint, NotAFingerprint};
pub use held::Held;
pub use kind::KindSet;
pub use location::Location;
pub use moment::Moment;
pub(crate) use names_lately::NamesLately;
pub use object::{ObjectKind, ObjectName, Segment};
pub(crate) use origin::is_absolute;
pub use origin::{Name, Origin};
pub use secret::Secret;
pub use severity::{Confidence, Severity, UnknownLevel};
pub use span::Span;
pub use summary::{Excluded, RunInfo, Summary, Unit, Unread, UnreadReason, Vcs};
pub use text::{Mask, NoMask, Text};
