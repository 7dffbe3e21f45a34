//! Git repositories, read in process through gix, which is named nowhere else: its types stop at this border. Nothing
//! here runs git, a hook, a filter or any other program, whatever the repository's configuration says.
//!
//! Layer 3.

pub mod attribution;
mod condition;
mod delta_cache;
mod documents;
mod file_at;
mod gitconfig;
mod header;
mod history;
mod hooks;
mod objects;
pub mod porcelain;
mod range;
mod repository;
mod staged;
pub mod sweep;
#[cfg(test)]
mod tests;
mod tracked;
mod tree;

pub use attribution::{Asked, Attributed, Attribution, Last, Noted, Place};
pub use condition::Condition;
pub use file_at::FileAt;
pub use gitconfig::{GitConfig, Scope, Setting, user_config_directory};
pub use history::{History, Suspects};
pub use hooks::{Hooks, hooks_of_user, set_hooks_of_user};
pub use range::{Base, Before as BeforeRange, Ends, Range, RefUpdate, Selection, Snapshot};
pub use repository::{Nested, Repository, repositories};
pub use staged::{Before, Staged};
pub use sweep::Sweep;
pub use tracked::WorkTree;
