//! The program as its users meet it: arguments in, output and status out. A module is a verb or a topic; each test reads
//! like a session, and is about one thing.

mod accepted;
mod completions;
mod config;
mod config_trust;
mod console;
mod definition;
mod diff;
mod doctor;
mod findings;
mod formats;
mod history;
mod history_damage;
mod history_truth;
mod hook_install;
mod hook_manager;
mod hook_merge;
mod hook_place;
mod hook_push;
mod hook_receive;
mod hook_run;
mod hook_shapes;
mod hook_staged;
mod hostile;
mod known;
mod leaks;
mod man;
mod message;
mod output;
mod paths;
mod pull_request;
mod report;
mod rules;
mod staged;
mod status;
mod usage;
