//! The definition of every verb and flag; help, completions and the manual page are made from it. It holds what the user
//! typed, and what `settings.rs` fills in where nothing was: nothing here opens a file or looks at a terminal.
//!
//! The first line of each doc comment is what `-h` shows, all of it is what `--help` shows.

#![expect(clippy::doc_markdown, reason = "doc comments here are help texts, which know no Markdown")]

mod completions;
mod config;
mod diff;
mod explain;
mod history;
mod hook;
mod import;
mod message;
mod report;
mod rules;
mod scan;
mod search;
mod staged;

use std::ffi::OsString;

use clap::builder::Resettable;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Id, Parser, Subcommand};

use super::allow::AllowArgs;
use super::baseline::BaselineArgs;
use super::report::ReportVerbArgs;
use super::values::When;
pub(crate) use completions::CompletionsArgs;
pub(crate) use config::{ConfigCheckArgs, ConfigShowArgs, ConfigVerb, ConfigurationArgs};
pub(crate) use diff::DiffArgs;
pub(crate) use explain::ExplainArgs;
pub(crate) use history::HistoryArgs;
pub(crate) use hook::{HookArgs, HookInstallArgs, HookPlaceArgs, HookRunArgs, HookVerb};
pub(crate) use import::{ImportArgs, ImportGitleaksArgs, ImportVerb};
pub(crate) use message::MessageArgs;
pub(crate) use report::{ReportArgs, StatusArgs};
pub(crate) use rules::{RulesArgs, RulesVerb};
pub(crate) use scan::ScanArgs;
pub(crate) use search::{ConfigArgs, KnownArgs, RuleArgs, SearchArgs};
pub(crate) use staged::StagedArgs;

/// Finds leaked credentials, AWS credentials first of all.
///
/// keysieve looks for secrets in files and on standard input, masks what it finds, and reports it as text, JSON Lines,
/// SARIF and more. It says "complete" only when everything that was asked for was looked at, asks no network, and runs no program.
#[derive(Debug, Parser)]
#[command(name = "keysieve", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) console: ConsoleArgs,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

impl Arguments {
    /// The arguments of this process, or clap's answer to them. A variable of the environment that is empty counts as
    /// not set: it is how many CI systems pass on an input that was left out.
    pub(crate) fn of_process() -> Result<Self, clap::Error> {
        Self::of(std::env::args_os())
    }

    /// The same for another command line, whose first word is the program's name.
    pub(crate) fn of(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let matches = without_empty_variables(Self::command()).try_get_matches_from(words)?;
        let mut arguments = Self::from_arg_matches(&matches)?;
        if let (Some(search), Some((_, matches))) = (arguments.verb.search_mut(), matches.subcommand()) {
            search.given = given(matches);
        }
        Ok(arguments)
    }
}

/// The arguments that are not as they are by default.
fn given(matches: &ArgMatches) -> Vec<String> {
    let is_given =
        |id: &&Id| matches.value_source(id.as_str()).is_some_and(|source| source != ValueSource::DefaultValue);
    matches.ids().filter(is_given).map(ToString::to_string).collect()
}

fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |arg: &clap::Arg| arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
    let forget = |arg: clap::Arg| if is_empty(&arg) { arg.env(Resettable::Reset) } else { arg };
    command.mut_args(forget).mut_subcommands(without_empty_variables)
}

/// The arguments of one verb, which are `words` and what the environment says, or clap's answer to that.
pub(crate) fn of_verb<A: Args + Searching>(words: &[OsString]) -> Result<A, clap::Error> {
    let command = without_empty_variables(A::augment_args(clap::Command::new("keysieve")));
    let words = std::iter::once(OsString::from("keysieve")).chain(words.iter().cloned());
    let matches = command.try_get_matches_from(words)?;
    let mut arguments = A::from_arg_matches(&matches)?;
    arguments.search_mut().given = given(&matches);
    Ok(arguments)
}

/// The arguments of a verb that searches.
pub(crate) trait Searching {
    /// Its flags.
    fn search_mut(&mut self) -> &mut SearchArgs;
}

impl Searching for SearchArgs {
    fn search_mut(&mut self) -> &mut SearchArgs {
        self
    }
}

impl Searching for StagedArgs {
    fn search_mut(&mut self) -> &mut SearchArgs {
        &mut self.search
    }
}

impl Searching for MessageArgs {
    fn search_mut(&mut self) -> &mut SearchArgs {
        &mut self.search
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Scan(Box<ScanArgs>),
    Staged(Box<StagedArgs>),
    Diff(Box<DiffArgs>),
    History(Box<HistoryArgs>),
    Message(Box<MessageArgs>),
    Hook(HookArgs),
    Explain(ExplainArgs),
    Import(ImportArgs),
    Rules(RulesArgs),
    /// Tell whether what is to protect this repository does so.
    ///
    /// Whether git runs the hooks, here and in other work trees and submodules, which keysieve they run, whether all of
    /// history is here, and from where values are known to be secrets. One line for each: ok, warn or fail, and what to do.
    /// Nothing is run and nothing is changed. The status is 0, or 1 if something fails.
    Doctor,
    Baseline(BaselineArgs),
    Allow(AllowArgs),
    Config(ConfigurationArgs),
    Report(ReportVerbArgs),
    Completions(CompletionsArgs),
    /// Print the manual page.
    ///
    /// The page holds every verb and every flag, in roff: keysieve man > keysieve.1, or keysieve man | man -l -.
    Man,
}

impl Verb {
    /// The flags of a verb that searches.
    fn search_mut(&mut self) -> Option<&mut SearchArgs> {
        match self {
            Self::Scan(args) => Some(&mut args.search),
            Self::Staged(args) => Some(&mut args.search),
            Self::Diff(args) => Some(&mut args.search),
            Self::History(args) => Some(&mut args.search),
            Self::Message(args) => Some(&mut args.search),
            Self::Hook(_)
            | Self::Explain(_)
            | Self::Import(_)
            | Self::Rules(_)
            | Self::Report(_)
            | Self::Baseline(_)
            | Self::Allow(_)
            | Self::Config(_)
            | Self::Doctor
            | Self::Completions(_)
            | Self::Man => None,
        }
    }

    /// Whether git asks, and not a person.
    pub(crate) fn is_hook_run(&self) -> bool {
        matches!(self, Self::Hook(HookArgs { verb: HookVerb::Run(_) }))
    }
}

/// Flags that every verb has.
#[derive(Debug, Args)]
pub(crate) struct ConsoleArgs {
    /// When to use colour.
    ///
    /// With auto, colour is used on a terminal, and the environment is asked: NO_COLOR turns it off, CLICOLOR_FORCE turns
    /// it on where there is no terminal. Environment: KEYSIEVE_COLOR.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Console")]
    #[arg(env = "KEYSIEVE_COLOR", hide_env = true)]
    pub(crate) color: When,

    /// Say on standard error what is decided and why.
    ///
    /// Which files are left out, which rules are used, how many threads there are. Decisions only, never what is in the
    /// files.
    #[arg(short, long, global = true, help_heading = "Console")]
    pub(crate) verbose: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_flag_has_a_long_form_a_line_and_a_paragraph() {
        fn check(command: &clap::Command) {
            for arg in command.get_arguments().filter(|arg| !["help", "version"].contains(&arg.get_id().as_str())) {
                let name = format!("{} {}", command.get_name(), arg.get_id());
                assert!(arg.is_positional() || arg.get_long().is_some(), "{name} has no long form");
                let line = arg.get_help().unwrap_or_else(|| panic!("{name} has no help")).to_string();
                let paragraph = arg.get_long_help().unwrap_or_else(|| panic!("{name} has no paragraph")).to_string();
                assert!(line.len() <= 80, "{name}: the line for -h is long: {line}");
                assert!(paragraph.len() > line.len(), "{name}: --help adds nothing");
            }
            command.get_subcommands().for_each(check);
        }
        check(&Arguments::command());
    }
}
