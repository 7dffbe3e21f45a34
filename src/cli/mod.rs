//! The command line: arguments become a plan, the library carries it out, the outcome becomes an exit status. This is
//! the one place that prints, asks the environment and decides what a run is worth.
//!
//! Layer 8. It uses the public API of the library, and is declared by main.rs so that no library module can name it.

mod allow;
mod args;
mod baseline;
mod completions;
mod config;
mod console;
mod diff;
mod doctor;
mod exit;
mod explain;
mod history;
mod hook;
mod import;
mod interrupt;
mod known;
mod logging;
mod man;
mod message;
mod output;
mod progress;
mod pull_request;
mod range;
mod rules;
mod scan;
mod search;
mod settings;
mod staged;
mod stdin;
mod summary;
mod suppress;
mod survey;
mod trusted;
mod values;

use anyhow::Result;

use self::args::{Arguments, Verb};
use self::console::Console;
pub(crate) use self::exit::ExitStatus;

/// Parses the arguments, does what they ask, and says on standard error why that failed, if it did.
pub(crate) fn main() -> ExitStatus {
    let arguments = match Arguments::of_process() {
        Ok(arguments) => arguments,
        Err(answer) => return answer_without_run(&answer),
    };
    let mut console = Console::new(arguments.console.color);
    if arguments.verb.is_hook_run() {
        console.hush();
    }
    logging::install(arguments.console.verbose);
    run(arguments, &console).unwrap_or_else(|error| {
        console.error(&error);
        ExitStatus::Error
    })
}

fn run(mut arguments: Arguments, console: &Console) -> Result<ExitStatus> {
    settings::apply(&mut arguments.verb, console)?;
    match &arguments.verb {
        Verb::Scan(args) => scan::run(args, console),
        Verb::Staged(args) => staged::run(args, console),
        Verb::Diff(args) => diff::run(args, console),
        Verb::History(args) => history::run(args, console),
        Verb::Message(args) => message::run(args, console),
        Verb::Hook(args) => hook::run(&args.verb, console),
        Verb::Explain(args) => explain::run(args, console),
        Verb::Import(args) => import::run(&args.verb, console),
        Verb::Rules(args) => rules::run(&args.verb, console),
        Verb::Doctor => doctor::run(console),
        Verb::Baseline(args) => baseline::run(&args.verb, console),
        Verb::Allow(args) => allow::run(&args.verb, console),
        Verb::Config(args) => config::run(&args.verb, console),
        Verb::Completions(args) => completions::run(args.shell),
        Verb::Man => man::run(),
    }
}

/// Prints what clap answers instead of arguments: help and version, which are a success, or a usage error.
fn answer_without_run(answer: &clap::Error) -> ExitStatus {
    if answer.use_stderr() {
        Console::new(values::When::Auto).usage(answer);
        return ExitStatus::Error;
    }
    // Help into a closed pipe (`keysieve --help | head -1`) is still help.
    let _ = answer.print();
    ExitStatus::Success
}
