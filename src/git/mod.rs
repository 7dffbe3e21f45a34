//! Git repositories, read in process through gix, which is named nowhere else: its types stop at this border. Nothing
//! here runs git, a hook, a filter or any other program, whatever the repository's configuration says.
//!
//! Layer 3.

pub mod porcelain;
mod repository;
#[cfg(test)]
mod tests;
mod tracked;

pub use repository::{Nested, Repository, repositories};
pub use tracked::WorkTree;
