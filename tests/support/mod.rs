//! What the integration tests are written with: a directory to work in, the program, what came of it, and secrets that
//! are made when the test runs, so that none stands in this repository.

mod dir;
mod git;
pub(crate) mod history;
mod outcome;
mod program;
pub(crate) mod secrets;

pub(crate) use dir::{Dir, GIT_ENVIRONMENT};
pub(crate) use git::Git;
pub(crate) use outcome::Outcome;
pub(crate) use program::{Keysieve, program};
