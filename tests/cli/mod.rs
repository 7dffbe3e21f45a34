//! The program as its users meet it: arguments in, output and status out. A module is a verb or a topic; each test reads
//! like a session, and is about one thing.

mod completions;
mod console;
mod definition;
mod findings;
mod formats;
mod hook_install;
mod hook_manager;
mod hook_place;
mod hook_run;
mod hook_staged;
mod known;
mod leaks;
mod man;
mod message;
mod output;
mod paths;
mod rules;
mod staged;
mod status;
mod usage;
