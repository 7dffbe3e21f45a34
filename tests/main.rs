//! The integration tests: one binary, so that there is one link. Each module is a topic; `support` holds what they are
//! written with.

#![cfg_attr(not(unix), allow(dead_code, unused_imports, reason = "hooks, links and modes are tested on Unix alone"))]

mod agreement;
mod architecture;
mod aws;
mod aws_data;
mod cli;
mod compat;
mod configuration;
mod coverage;
mod integrations;
mod patterns;
mod planting;
mod report;
mod silent;
mod support;
