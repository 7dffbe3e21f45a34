//! The integration tests: one binary.

mod patterns;
