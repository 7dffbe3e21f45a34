//! Settings from files: what a file says (`file.rs`), where the files are (`discover.rs`), which of them has the last word
//! (`layers.rs`, `show.rs`), and whether a change from outside lets through more than what it is made to (`trust.rs`). Flags and
//! variables of the environment outrank all of that; they are the command line's.
//!
//! Layer 4. Nothing here runs a program, and nothing here decides whose files count: that is told by the caller.

mod discover;
mod file;
mod keys;
mod layers;
mod reader;
mod show;
mod trust;
mod units;

pub use self::discover::{
    Found, REPOSITORY_FILE, SYSTEM_VARIABLE, plain, read, read_of_repository, system_file, text, user_file, within,
};
pub use self::file::{At, Directory, File, RuleSeverity};
pub use self::keys::KEYS;
pub use self::layers::{Config, Layer, Source};
pub use self::show::Shown;
pub use self::trust::{Widening, widened};
pub use self::units::{bytes, seconds};
