//! Sessions of people who use git-secrets: run by hand, as `git secrets`, and by the hooks that it installs, all with
//! real git. What they expect is in docs/GIT-SECRETS.md.

mod commits;
mod configuration;
mod history;
mod install;
mod patterns;
mod scan;
mod session;
mod usage;
