//! Git repositories, read in process through gix, which is named nowhere else: its types stop at this border. Nothing
//! here runs git, a hook, a filter or any other program, whatever the repository's configuration says.
//!
//! Layer 3.

mod gitconfig;
mod hooks;
mod objects;
pub mod porcelain;
mod repository;
mod staged;
pub mod sweep;
#[cfg(test)]
mod tests;
mod tracked;
mod tree;

pub use gitconfig::{GitConfig, Scope, Setting, user_config_directory};
pub use hooks::{Hooks, hooks_of_user, set_hooks_of_user};
pub use repository::{Nested, Repository, repositories};
pub use staged::{Before, Staged};
pub use sweep::Sweep;
pub use tracked::WorkTree;
