//! keysieve finds leaked credentials, AWS credentials first of all, in working trees, staged content, git history and
//! commit messages, and either rejects the commit or writes a report.

pub mod engine;
pub mod git;
pub mod model;
pub mod pipeline;
pub mod report;
pub mod rules;
pub mod source;
pub mod triage;
