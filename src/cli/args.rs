//! The definition of every verb and flag; help, completions and the manual page are made from it. It holds what the user
//! typed, and what `settings.rs` fills in where nothing was: nothing here opens a file or looks at a terminal.
//!
//! The first line of each doc comment is what `-h` shows, all of it is what `--help` shows.

#![expect(clippy::doc_markdown, reason = "doc comments here are help texts, which know no Markdown")]

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{FalseyValueParser, Resettable};
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Id, Parser, Subcommand, ValueHint};
use clap_complete::Shell;
use keysieve::engine::Marker;
use keysieve::model::{Confidence, Severity};

use super::allow::AllowArgs;
use super::baseline::BaselineArgs;
use super::hook::Kind;
use super::report::{ReportVerbArgs, TargetArgs};
use super::settings::{RuleSettings, Settings};
use super::suppress::SuppressArgs;
use super::values::{self, FailOn, FormatAndPath, When};

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

impl Searching for ChangeArgs {
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
            Self::Diff(args) => Some(&mut args.change.search),
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

/// Search files for secrets.
///
/// Directories are searched recursively. In a git repository these files are looked at: tracked ones, and untracked ones
/// that git does not ignore. Outside of a repository nothing is ignored.
///
/// Exit status: 0 if nothing that fails was found and everything was looked at, 1 if there are findings, 2 for errors, 3 if
/// something could not be read, 130 if interrupted.
#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    /// Files and directories; "-" is standard input [default: the current directory].
    ///
    /// A path that is given is looked at even if git ignores it. Each must exist.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,

    /// Search files that git ignores as well.
    ///
    /// Nothing is left out on account of .gitignore, .git/info/exclude or the user's own exclude file. The inside of .git
    /// still is.
    #[arg(long, help_heading = "What is searched")]
    pub(crate) no_ignore: bool,

    /// Read the paths to search from FILE, one a line.
    ///
    /// "-" reads them from standard input. The paths are added to those that are given as arguments. An empty list
    /// searches nothing, and says so.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "What is searched")]
    pub(crate) files_from: Option<PathBuf>,

    /// Paths of --files-from end with a NUL byte instead of a line end.
    ///
    /// For lists made by git ls-files -z or find -print0, whose paths may hold line ends.
    #[arg(short = '0', long, requires = "files_from", help_heading = "What is searched")]
    pub(crate) null: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}

/// Search what is staged for secrets.
///
/// What the next commit would add is looked at: the staged content of files that are new or changed, whatever the files
/// on disk hold by now, and names that are new. A secret that also stands in what the commit changes or deletes is not
/// new, and not reported. In a hook, the index is the one that git is making the commit from.
///
/// Exit status: 0 if nothing that fails was found and everything was looked at, 1 if there are findings, 2 for errors, 3 if
/// something could not be read, 130 if interrupted.
#[derive(Debug, Args)]
pub(crate) struct StagedArgs {
    /// Report secrets that were there before, too.
    ///
    /// Everything in a file that is staged is reported, be it new or not.
    #[arg(long, help_heading = "What is searched")]
    pub(crate) whole_files: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}

/// Search what a branch adds for secrets.
///
/// Every version of every file that is new in the commits of a range is looked at, the intermediate ones and those of
/// merges too, and the messages of these commits. A secret that also stands in what they change or delete is not new, and
/// not reported. Comments that allow a secret count only if the base has them, too, and allow file and baseline are read from the
/// base: a change cannot silence itself.
///
/// Exit status: 0 if nothing that fails was found and everything was looked at, 1 if there are findings, 2 for errors, 3 if
/// something could not be read, as in a shallow clone, 130 if interrupted.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// What the branch is compared with, and the branch [default: HEAD].
    ///
    /// Ids, or names of branches and tags. Commits that BASE has do not count, wherever the branch began: BASE..HEAD and
    /// BASE...HEAD are the same.
    #[arg(value_name = "BASE[..HEAD]", required_unless_present = "pr", conflicts_with = "pr")]
    pub(crate) range: Option<String>,

    /// Take base and head from the variables of the CI system.
    ///
    /// Those of a pull request or merge request, or of a push: GitHub Actions, GitLab, Azure Pipelines, Bitbucket,
    /// CircleCI and Jenkins are known.
    #[arg(long, help_heading = "What is searched")]
    pub(crate) pr: bool,

    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// Search a whole history for secrets.
///
/// Every object of the repository is looked at, once: every version of every file, the messages of commits and tags, notes and
/// stashes, and what no branch leads to any more; and the names of branches and tags. A finding names the commit that brought
/// the secret in, and says whether HEAD still has it.
///
/// Exit status: 0 if nothing that fails was found and everything was looked at, 1 if there are findings, 2 for errors, 3 if
/// something could not be read, as in a shallow clone, 130 if interrupted.
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// Search only what these commits add: REV, A..B, ^A [default: everything].
    ///
    /// Ids, or names of branches and tags. A..B are the commits that B has and A has not, ^A excludes those of A. A secret that
    /// also stands in what the commits change or delete is not added by them.
    #[arg(value_name = "REV-RANGE")]
    pub(crate) ranges: Vec<String>,

    /// Search what the commits of all branches and tags add.
    ///
    /// Goes with --not. Without it --all leaves out what nothing leads to.
    #[arg(long, help_heading = "What is searched")]
    pub(crate) all: bool,

    /// Leave out the commits that REV has.
    ///
    /// As ^REV does: --all --not origin/main is what is not there yet. May be given more than once.
    #[arg(long, value_name = "REV", help_heading = "What is searched")]
    pub(crate) not: Vec<String>,

    /// Search what the commits of refs with such names add.
    ///
    /// As in "release/*" or "refs/tags/v1.*"; refs/heads/ and its like may be left out. It is an error if there are none.
    #[arg(long, value_name = "GLOB", help_heading = "What is searched")]
    pub(crate) refs: Option<String>,

    /// Search what the commits since DATE add.
    ///
    /// By the date of the committer, as 2024-05-02, 2024-05-02T12:00:00Z or "3 weeks ago"; of all branches and tags, unless
    /// others are given.
    #[arg(long, value_name = "DATE", help_heading = "What is searched")]
    pub(crate) since: Option<String>,

    /// Search what the newest N commits add.
    ///
    /// Of all branches and tags, unless others are given.
    #[arg(long, value_name = "N", help_heading = "What is searched")]
    pub(crate) max_commits: Option<usize>,

    /// Search the repository that DIR is in [default: the current directory].
    ///
    /// DIR may be a bare repository, too.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "What is searched")]
    pub(crate) repo: Option<PathBuf>,

    /// Make sure that no file is missing that a commit has.
    ///
    /// What is missing is told as not read. Missing commits and directories always are, and so are files in a partial clone;
    /// elsewhere git makes sure of it by itself.
    #[arg(long, help_heading = "What is searched")]
    #[arg(conflicts_with_all = ["ranges", "all", "not", "refs", "since", "max_commits"])]
    pub(crate) connectivity: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}

/// Flags of what searches a change that comes from outside.
#[derive(Clone, Debug, Args)]
pub(crate) struct ChangeArgs {
    /// Fail for a comment or entry that accepts a secret and was not in the base.
    ///
    /// Such a comment, or entry of an allow file or baseline, does not count in any case, and is reported. Environment:
    /// KEYSIEVE_STRICT_SUPPRESSIONS.
    #[arg(long, env = "KEYSIEVE_STRICT_SUPPRESSIONS", hide_env = true, value_parser = FalseyValueParser::new())]
    #[arg(help_heading = "Findings")]
    pub(crate) strict_suppressions: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}

/// Flags of every verb that searches.
#[derive(Clone, Debug, Args)]
pub(crate) struct SearchArgs {
    /// Do not read files of more bytes than this.
    ///
    /// The suffixes K, M and G are powers of 1024. A larger file counts as not read: the report names it and the run is
    /// incomplete. There is no limit by default; large files are read in pieces. Environment: KEYSIEVE_MAX_SIZE.
    #[arg(long, value_name = "BYTES", value_parser = values::bytes, help_heading = "What is searched")]
    #[arg(env = "KEYSIEVE_MAX_SIZE", hide_env = true)]
    pub(crate) max_size: Option<u64>,

    /// Undo this many layers of encoding.
    ///
    /// A secret inside base64, hexadecimal or UTF-16, in a percent-encoded URL, among escapes of XML and JSON, or in literals that a
    /// program joins is found, and reported at the place of the encoded text. 0 looks at files as they are. Environment:
    /// KEYSIEVE_DECODE.
    #[arg(long, value_name = "DEPTH", default_value_t = 2, help_heading = "What is searched")]
    #[arg(env = "KEYSIEVE_DECODE", hide_env = true)]
    pub(crate) decode: u8,

    #[command(flatten)]
    pub(crate) known: KnownArgs,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,

    /// Report only what is at least this sure.
    ///
    /// low is possible, medium is probable (a prefix, length and neighbourhood that fit), high is certain (a checksum, a
    /// decoded structure, or proof by a neighbour). What is not reported does not fail the run either.
    /// Environment: KEYSIEVE_MIN_CONFIDENCE.
    #[arg(long, value_name = "LEVEL", value_parser = values::confidence(), default_value = "low")]
    #[arg(env = "KEYSIEVE_MIN_CONFIDENCE", hide_env = true, help_heading = "Findings")]
    pub(crate) min_confidence: Confidence,

    /// Report only what is at least this severe.
    ///
    /// Severity says what the secret unlocks: info never fails a run by default, critical is control of an account. What
    /// is not reported does not fail the run either. Environment: KEYSIEVE_SEVERITY.
    #[arg(long, value_name = "LEVEL", value_parser = values::severity(), default_value = "info")]
    #[arg(env = "KEYSIEVE_SEVERITY", hide_env = true, help_heading = "Findings")]
    pub(crate) severity: Severity,

    #[command(flatten)]
    pub(crate) suppress: SuppressArgs,

    /// Print secrets in clear instead of masked.
    ///
    /// Reports, and everything that keeps them, are then as secret as what they show: logs of a CI system, artifacts,
    /// code scanning. A report file is made readable for its owner only.
    #[arg(long, help_heading = "Findings")]
    pub(crate) show_secrets: bool,

    #[command(flatten)]
    pub(crate) report: ReportArgs,

    #[command(flatten)]
    pub(crate) status: StatusArgs,

    /// Use N threads; 0 for as many as there are processors.
    ///
    /// Reports are the same for every N. Environment: KEYSIEVE_THREADS.
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0, env = "KEYSIEVE_THREADS", hide_env = true)]
    #[arg(help_heading = "Run")]
    pub(crate) threads: usize,

    /// End the run after this long.
    ///
    /// What was found by then is reported, the report says INCOMPLETE, and the status is 1 or 3. Decimals are allowed.
    /// Environment: KEYSIEVE_TIMEOUT.
    #[arg(long, value_name = "SECONDS", value_parser = values::seconds, env = "KEYSIEVE_TIMEOUT", hide_env = true)]
    #[arg(help_heading = "Run")]
    pub(crate) timeout: Option<Duration>,

    /// Show how far the scan has come.
    ///
    /// With auto, a line on standard error while a scan takes longer than a second, if that is a terminal. With always, a
    /// line every ten seconds where it is not. Environment: KEYSIEVE_PROGRESS.
    #[arg(long, value_name = "WHEN", default_value = "auto", env = "KEYSIEVE_PROGRESS", hide_env = true)]
    #[arg(help_heading = "Console")]
    pub(crate) progress: When,

    /// Print nothing on standard output and no summary; the status tells.
    ///
    /// Errors and warnings are printed, and reports that go to files are written.
    #[arg(short, long, help_heading = "Console")]
    pub(crate) quiet: bool,

    /// Print counts and times on standard error.
    ///
    /// Files and bytes that were looked at, how fast, what was left out by design and why, what could not be read,
    /// findings that were reported, that fail, and that are suppressed, by what.
    #[arg(long, help_heading = "Console")]
    pub(crate) stats: bool,

    /// The names of the arguments that are given, here or in the environment.
    #[arg(skip)]
    pub(crate) given: Vec<String>,

    /// What files of the configuration say beyond that.
    #[arg(skip)]
    pub(crate) settings: Settings,
}

/// Search a commit message for secrets, before it is used.
///
/// It is searched without what git will surely strip: comment lines if an editor runs (GIT_EDITOR is not ":") and
/// commit.cleanup says so, and the part below a scissors line that git wrote. What is in doubt is searched.
#[derive(Debug, Args)]
pub(crate) struct MessageArgs {
    /// The file that holds the message; "-" is standard input.
    ///
    /// Git names it to its commit-msg hook.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}

/// Have git refuse commits that hold secrets.
///
/// Hooks are files that git runs before it commits. What is there already is kept: it runs first.
#[derive(Debug, Args)]
pub(crate) struct HookArgs {
    #[command(subcommand)]
    pub(crate) verb: HookVerb,
}

/// What to do with hooks.
#[derive(Debug, Subcommand)]
pub(crate) enum HookVerb {
    Install(HookInstallArgs),
    /// Uninstall hooks, and put back what was there before.
    ///
    /// To the byte, and with its permissions. Hooks of other programs are left alone.
    Uninstall(HookPlaceArgs),
    /// Tell whether git runs the hooks.
    ///
    /// For each hook: which file git runs, what runs before it, and if keysieve does not run, why not. The status is 0 if it
    /// runs in all of them, 1 if not.
    Status(HookPlaceArgs),
    Run(HookRunArgs),
}

/// Install hooks, where git looks for them.
///
/// That is the directory that core.hooksPath names, or the one that all work trees of the repository share. A hook that is
/// there already is put aside, and runs first. If husky, lefthook or pre-commit manage the hooks, nothing is installed;
/// what to add to their files is printed instead, and the status is 2.
#[derive(Debug, Args)]
pub(crate) struct HookInstallArgs {
    #[command(flatten)]
    pub(crate) place: HookPlaceArgs,

    /// Replace a hook that is there, instead of running it first.
    ///
    /// It is kept beside the new one, as HOOK.keysieve-backup, and comes back when the hook is uninstalled. A repository
    /// whose hooks are managed by husky, lefthook or pre-commit is no obstacle then.
    #[arg(long)]
    pub(crate) force: bool,
}

/// Which hooks.
#[derive(Debug, Args)]
pub(crate) struct HookPlaceArgs {
    /// The hooks, by their names [default: all but pre-receive and update].
    ///
    /// pre-commit looks at what is staged, pre-merge-commit and prepare-commit-msg at what a merge brings in, commit-msg
    /// at the message, and pre-push at what the remote does not have. Where others push to, pre-receive looks at all that
    /// is new, and update at what is new of each ref.
    #[arg(value_name = "HOOK", value_enum, hide_possible_values = true)]
    pub(crate) kinds: Vec<Kind>,

    /// The hooks of all repositories of this user.
    ///
    /// They are in the directory that core.hooksPath names in the user's git configuration. If it names none, that is set
    /// to a directory of keysieve's, whose hooks run those of the repository too.
    #[arg(long, conflicts_with = "template")]
    pub(crate) global: bool,

    /// The hooks of a template, which git copies to new repositories.
    ///
    /// They are in DIR/hooks; git takes a template for all new repositories if init.templateDir names it.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) template: Option<PathBuf>,
}

/// Do what an installed hook does.
///
/// Exit status 0 lets git go on, any other is a refusal: 1 for findings, 2 for an error, 3 if something could not be read.
/// KEYSIEVE_SKIP=REASON in the environment lets everything pass, says so, and is logged.
#[derive(Debug, Args)]
pub(crate) struct HookRunArgs {
    /// The hook, as git names it.
    ///
    /// pre-commit, pre-merge-commit, prepare-commit-msg, commit-msg, pre-push, pre-receive or update.
    #[arg(value_name = "HOOK", value_enum, hide_possible_values = true)]
    pub(crate) kind: Kind,

    /// What git gives to that hook.
    ///
    /// The file with the message for commit-msg and prepare-commit-msg, the remote and its URL for pre-push, a ref with
    /// its old and new id for update, nothing for the others. What is pushed is read from standard input.
    #[arg(value_name = "ARG", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) args: Vec<OsString>,
}

/// Which values are known to be secrets.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What is searched")]
pub(crate) struct KnownArgs {
    /// Look for the values in FILE, too: one a line.
    ///
    /// They are found in any encoding; "-" reads them from standard input. Values of less than 12 bytes and placeholders
    /// are not looked for, which is said. Repeat it for more than one file. Environment: KEYSIEVE_KNOWN, one file.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "KEYSIEVE_KNOWN", hide_env = true)]
    pub(crate) known: Vec<PathBuf>,

    /// Do not look for the secrets that you hold.
    ///
    /// Otherwise the values in ~/.aws, ~/.netrc, ~/.npmrc and in ignored .env files at the top of the work tree are
    /// looked for, except in CI. What --known names is looked for in any case. Environment: KEYSIEVE_NO_KNOWN.
    #[arg(long, env = "KEYSIEVE_NO_KNOWN", hide_env = true, value_parser = FalseyValueParser::new())]
    pub(crate) no_known: bool,
}

/// Which rules are used.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// Use only this rule, or the rules with this tag.
    ///
    /// Repeat it, or separate by commas, for more than one. keysieve rules list shows ids and tags.
    #[arg(long = "rule", value_name = "ID|TAG", value_delimiter = ',')]
    pub(crate) only: Vec<String>,

    /// Do not use this rule, or the rules with this tag.
    ///
    /// Repeat it, or separate by commas, for more than one. It outweighs --rule.
    #[arg(long = "skip-rule", value_name = "ID|TAG", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,

    /// Add the rules of this TOML file to the built-in ones.
    ///
    /// Repeat it for more than one. The format is the one of the built-in rules, and the same checks apply: a rule that
    /// would be wrong is an error, never ignored. Environment: KEYSIEVE_RULES, one file.
    #[arg(long = "rules", value_name = "FILE", value_hint = ValueHint::FilePath)]
    #[arg(env = "KEYSIEVE_RULES", hide_env = true)]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,

    /// What files of the configuration say of rules.
    #[arg(skip)]
    pub(crate) settings: RuleSettings,
}

/// Which files of the configuration count.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct ConfigArgs {
    /// Take settings from this TOML file, before all others.
    ///
    /// The files of the system, the user and the repository count where it says nothing. docs/CONFIGURATION.md has the
    /// keys. Environment: KEYSIEVE_CONFIG.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "KEYSIEVE_CONFIG", hide_env = true)]
    pub(crate) config: Option<PathBuf>,

    /// Take no settings from files of the system, user and repository.
    ///
    /// A file that --config names counts all the same. Environment: KEYSIEVE_NO_CONFIG.
    #[arg(long, env = "KEYSIEVE_NO_CONFIG", hide_env = true, value_parser = FalseyValueParser::new())]
    pub(crate) no_config: bool,
}

/// Where reports go, and in which format.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct ReportArgs {
    /// Report as text, jsonl, sarif or in another format [default: text].
    ///
    /// The others are gitlab, github (annotations of a workflow, and a job summary), markdown, junit, csv, asff (AWS Security
    /// Hub), gitleaks-json and html. Repeat it with paths for several reports of one run: -f text -f sarif=keysieve.sarif. A
    /// path is written at the end and replaced as a whole; asff=a.json becomes a-0001.json and so on, a file for each batch.
    /// Environment: KEYSIEVE_FORMAT, one format.
    #[arg(short, long = "format", value_name = "FORMAT[=PATH]", env = "KEYSIEVE_FORMAT", hide_env = true)]
    pub(crate) formats: Vec<FormatAndPath>,

    /// Write the report to this file instead of standard output.
    ///
    /// For a single report. The file is written at the end and replaced as a whole; a run that fails leaves it as it was.
    /// Environment: KEYSIEVE_OUTPUT.
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    #[arg(env = "KEYSIEVE_OUTPUT", hide_env = true)]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

/// What the exit status says.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Exit status")]
pub(crate) struct StatusArgs {
    /// Fail (status 1) for findings of at least this level [default: low,probable].
    ///
    /// LEVEL is a severity (info, low, medium, high, critical), a confidence (possible, probable, certain), or one of each
    /// with a comma between: high,certain. The half that is not given stays as it is by default. never lets all findings
    /// pass. Environment: KEYSIEVE_FAIL_ON.
    #[arg(long, value_name = "LEVEL", default_value = "low,probable", hide_default_value = true)]
    #[arg(env = "KEYSIEVE_FAIL_ON", hide_env = true)]
    pub(crate) fail_on: FailOn,

    /// Let all findings pass.
    ///
    /// They are reported, and the status is 0, or 3 if something could not be read. For a job that collects reports.
    #[arg(long, conflicts_with = "exit_code")]
    pub(crate) exit_zero: bool,

    /// Use this status for findings, instead of 1.
    ///
    /// For a caller that gives numbers a meaning of its own; 2 and 3 keep theirs all the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) exit_code: Option<u8>,

    /// Let a run pass that could not read everything.
    ///
    /// What could not be read is reported, and the status is 0 if nothing else is wrong. It also covers --timeout.
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
}

/// Tell why a line is reported, or why not.
///
/// For each place in the line where a rule looked: that it is reported, or which step dropped it, and on what grounds. The
/// steps are: regex (or form), edges, allow list, validator, context, kind of file, overlap, comment. Secrets are masked.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The line, as reports name it.
    ///
    /// A file on disk and the number of a line in it, from 1: src/deploy.sh:14.
    #[arg(value_name = "PATH:LINE")]
    pub(crate) place: String,

    /// Undo this many layers of encoding.
    ///
    /// As in a scan; 2 unless the configuration says otherwise. Environment: KEYSIEVE_DECODE.
    #[arg(long, value_name = "DEPTH", help_heading = "What is searched")]
    #[arg(env = "KEYSIEVE_DECODE", hide_env = true)]
    pub(crate) decode: Option<u8>,

    /// Comments of other scanners that count, by the configuration.
    #[arg(skip)]
    pub(crate) markers: Vec<Marker>,

    #[command(flatten)]
    pub(crate) known: KnownArgs,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}

/// Carry over the settings of another scanner.
///
/// Its rules become a rule file, what it allows a piece of .keysieve.toml. What cannot be carried over is printed on standard
/// error, each with the reason, and so is what holds in more places than before.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    pub(crate) verb: ImportVerb,
}

/// Whose settings.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportVerb {
    Gitleaks(ImportGitleaksArgs),
    GitSecrets(ImportOutputArgs),
}

/// From gitleaks: .gitleaks.toml, or .gitleaksignore.
///
/// A file whose name ends in ignore is a list of ignored findings: the places that it names are searched, and what is found
/// there becomes entries of an allow file.
#[derive(Debug, Args)]
pub(crate) struct ImportGitleaksArgs {
    /// The configuration, or the list of ignored findings.
    ///
    /// Paths in a list are seen from the current directory. Nothing but this file and those that the list names is read.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) output: ImportOutputArgs,
}

/// From git-secrets: git's configuration here, and .gitallowed.
///
/// Patterns, and those in files that a provider prints with cat. Nothing is run.
#[derive(Debug, Args)]
pub(crate) struct ImportOutputArgs {
    /// Write the rules (or allow entries) to this file.
    ///
    /// The piece of .keysieve.toml is printed alone then, and names the file. Without it everything is printed.
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

/// Look at the rules, and try them.
#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) verb: RulesVerb,
}

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesVerb {
    List(ListArgs),
    Show(ShowArgs),
    Test(TestArgs),
}

/// List the rules, one a line: id, severity, confidence, name.
///
/// --rule and --skip-rule show which rules a scan with the same flags would use.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) rules: RuleArgs,

    /// Print JSON Lines.
    ///
    /// One object a rule, with id, description, severity, confidence, tags and references.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show a rule: what it matches, how that is checked, and what to do about a leak.
///
/// Examples are masked as findings are.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The rule's id, as findings name it.
    ///
    /// keysieve rules list shows them all.
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}

/// Try rules: on their own examples, or on a text.
///
/// Without TEXT, every rule must match its examples and must not match its counterexamples; each that fails is named, and
/// the status is 1. With TEXT, the rules that match are named with what they found, masked; the status is 1 if none does.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// A text to try the rules on; "-" is standard input.
    ///
    /// What is typed here may end up in the shell's history; a live secret is better piped in.
    #[arg(value_name = "TEXT")]
    pub(crate) text: Option<String>,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}

/// See what the configuration says, and check it.
///
/// Settings come from files of the system, the user and the repository, from variables of the environment and from flags; the
/// later outrank the earlier. docs/CONFIGURATION.md describes them all.
#[derive(Debug, Args)]
pub(crate) struct ConfigurationArgs {
    #[command(subcommand)]
    pub(crate) verb: ConfigVerb,
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    Show(ConfigShowArgs),
    Check(ConfigCheckArgs),
}

/// Show the settings that hold here, as a configuration file has them.
///
/// Values that are to be allowed are masked.
#[derive(Debug, Args)]
pub(crate) struct ConfigShowArgs {
    /// Say of each value where it comes from.
    ///
    /// A file and its line, a variable of the environment, or built-in; as a comment behind the value.
    #[arg(long)]
    pub(crate) origin: bool,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// Check configuration files: their keys, types, and the rules that they name.
///
/// Everything that is wrong is told with file and line, and the status is 2.
#[derive(Debug, Args)]
pub(crate) struct ConfigCheckArgs {
    /// The files [default: those that hold here].
    ///
    /// Each is checked by itself, with the rules that it names.
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// Print a completion script for a shell.
///
/// For bash: keysieve completions bash > ~/.local/share/bash-completion/completions/keysieve
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    ///
    /// One of bash, elvish, fish, powershell and zsh.
    #[arg(value_name = "SHELL", hide_possible_values = true, action = ArgAction::Set)]
    pub(crate) shell: Shell,
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
