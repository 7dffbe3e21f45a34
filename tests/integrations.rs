//! What `integrations/` and `action.yml` hold for other systems: that it does, here and offline, what docs/CI.md and
//! docs/EXPOSED.md say of it.

mod aws;
#[cfg(unix)]
mod github;
