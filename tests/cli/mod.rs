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
mod explain;
mod findings;
mod formats;
mod history;
mod history_damage;
#[cfg(target_os = "linux")]
mod history_memory;
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
mod import;
mod known;
mod leaks;
mod leaks_verbs;
mod log_commands;
mod man;
mod message;
mod output;
mod paths;
mod pull_request;
mod pull_request_trust;
mod report;
mod report_split;
mod rules;
mod staged;
mod status;
mod usage;
