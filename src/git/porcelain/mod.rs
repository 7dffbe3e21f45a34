//! What git's own commands know in the current directory, for a program that takes the place of a script around them:
//! `git config`, and the files and commits that `git grep`, `git diff-index` and `git log` would choose. In process,
//! like all of this module: no attribute, filter or replacement of the repository hides anything.

mod commits;
mod config_text;
mod index;
mod inventory;
mod pathspec;
mod place;
mod quote;
mod reader;
mod settings;
mod trees;

pub use index::Entry;
pub use inventory::Inventory;
pub use pathspec::Pathspecs;
pub use place::Place;
pub use quote::c_quoted;
pub use reader::{Commit, Id, Reader, Share};
pub use settings::{Scope, Settings, add};
pub use trees::Change;
