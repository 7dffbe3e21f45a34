//! From arguments to a mode, and from a mode to an exit status.

use super::{
    Error, Streams,
    arguments::{Arguments, Given, Refused},
    aws,
    builtin::Builtin,
    install::Install,
    patterns::{self, Matcher, Unusable, Wanted},
    report::Report,
    scan::{Request, Scan},
    settings::Configuration,
    usage,
};
use crate::git::porcelain::{Place, Scope, Settings};

/// The status of wrong arguments and of help, as git has it.
const USAGE: u8 = 129;

/// Said when a scan has nothing to look for, since that looks like a clean one.
const NOTHING_TO_LOOK_FOR: &str = "git-secrets: no patterns are configured, so nothing was looked for \
     (git secrets --register-aws, or --add, or git config secrets.builtin true)\n";

/// Runs the program with the arguments after its name; returns its exit status.
pub fn run(arguments: impl IntoIterator<Item = Vec<u8>>, streams: &mut Streams<'_>) -> u8 {
    let arguments = match Arguments::parse(arguments) {
        Ok(arguments) => arguments,
        Err(Refused::Help) => return print_usage(streams, USAGE),
        Err(Refused::Wrong(why)) => {
            let _ = streams.errors.write_all(format!("error: {why}\n{}", usage::text()).as_bytes());
            return USAGE;
        }
    };
    let Some(mode) = arguments.options.first().map(Given::text) else {
        return print_usage(streams, 0);
    };
    match Command::new(&mode, &arguments) {
        Ok(Some(command)) => command.run(streams).unwrap_or_else(|error| say(streams, &error)),
        Ok(None) => {
            let _ = streams.output.write_all(format!("Unknown option: {mode}\n").as_bytes());
            print_usage(streams, USAGE)
        }
        Err(error) => say(streams, &error),
    }
}

fn print_usage(streams: &mut Streams<'_>, status: u8) -> u8 {
    // Help into a closed pipe is still help.
    let _ = streams.output.write_all(usage::text().as_bytes());
    status
}

fn say(streams: &mut Streams<'_>, error: &Error) -> u8 {
    let _ = streams.errors.write_all(format!("{error}\n").as_bytes());
    error.status()
}

/// A mode, with what it needs.
struct Command<'a> {
    mode: Mode,
    rest: &'a [Vec<u8>],
    scope: Scope,
    has: Flags,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Scan,
    ScanHistory,
    Install,
    List,
    Add,
    AddProvider,
    RegisterAws,
    AwsProvider,
    CommitMsg,
    PreCommit,
    PrepareCommitMsg,
}

/// The flags that were given.
#[derive(Default)]
struct Flags {
    force: bool,
    recursive: bool,
    literal: bool,
    allowed: bool,
    cached: bool,
    no_index: bool,
    untracked: bool,
}

impl<'a> Command<'a> {
    /// None if the first argument is no mode.
    fn new(mode: &str, arguments: &'a Arguments) -> Result<Option<Self>, Error> {
        let (mut has, mut scope) = (Flags::default(), Scope::Default);
        for option in &arguments.options[1..] {
            match option.text().as_str() {
                "-f" => has.force = belongs(mode, "--install", "-f|--force")?,
                "-r" => has.recursive = belongs(mode, "--scan", "-r|--recursive")?,
                "-a" => has.allowed = belongs(mode, "--add", "-a|--allowed")?,
                "-l" => has.literal = belongs(mode, "--add", "-l|--literal")?,
                "--cached" => has.cached = belongs(mode, "--scan", "--cached")?,
                "--no-index" => has.no_index = belongs(mode, "--scan", "--no-index")?,
                "--untracked" => has.untracked = belongs(mode, "--scan", "--untracked")?,
                "--global" => scope = Scope::Global,
                _ => {}
            }
        }
        if has.recursive && (has.cached || has.no_index || has.untracked) {
            let why = "-r|--recursive cannot be supplied with --cached, --no-index, or --untracked";
            return Err(Error::Usage(why.to_owned()));
        }
        Ok(Mode::named(mode).map(|mode| Self { mode, rest: &arguments.rest, scope, has }))
    }

    fn run(self, streams: &mut Streams<'_>) -> Result<u8, Error> {
        let first = self.rest.first().map(Vec::as_slice);
        if self.mode == Mode::AwsProvider {
            return aws::print_credentials(first.filter(|file| !file.is_empty()), streams.output).map(|()| 0);
        }
        let place = Place::here()?;
        let place = place.as_ref();
        let configuration = Configuration { place, scope: self.scope };
        match self.mode {
            Mode::List => configuration.list(streams.output),
            Mode::Add => {
                let key = if self.has.allowed { "allowed" } else { "patterns" };
                configuration.add_pattern(key, first.unwrap_or_default(), self.has.literal)
            }
            Mode::AddProvider => configuration.add_provider(self.rest),
            Mode::RegisterAws => configuration.register_aws(streams.output),
            Mode::Install => {
                Install { directory: first.filter(|directory| !directory.is_empty()), force: self.has.force }
                    .run(place, streams)
            }
            _ => self.scan(place, streams),
        }
    }

    fn scan(self, place: Option<&Place>, streams: &mut Streams<'_>) -> Result<u8, Error> {
        let settings = Settings::read(place, Scope::Default)?;
        let Self { mode, rest, has: Flags { recursive, cached, no_index, untracked, .. }, .. } = self;
        let request = Request { recursive, cached, no_index, untracked, files: rest.to_vec() };
        let by_git = match mode {
            Mode::Scan => request.is_for_git(),
            mode => mode != Mode::CommitMsg,
        };
        let of_pattern = |Unusable { place, reason }| Error::Prohibited { place, reason, by_git };
        let patterns = Matcher::of_words(&patterns::prohibited(&settings)?).map_err(of_pattern)?;
        let wanted = Wanted { patterns, builtin: Builtin::configured(&settings)? };
        if wanted.patterns.is_none() && wanted.builtin.is_none() {
            let _ = streams.errors.write_all(NOTHING_TO_LOOK_FOR.as_bytes());
            return Ok(0);
        }
        let mut report = Report::new(streams.errors, &settings, place.and_then(Place::top));
        let mut scan = Scan { wanted: &wanted, report: &mut report, place, input: streams.input };
        match mode {
            Mode::ScanHistory => scan.history()?,
            Mode::PreCommit => scan.pre_commit()?,
            Mode::CommitMsg => scan.commit_msg(rest)?,
            Mode::PrepareCommitMsg => scan.prepare_commit_msg(rest)?,
            _ => scan.run(&request)?,
        }
        Ok(report.finish())
    }
}

impl Mode {
    fn named(text: &str) -> Option<Self> {
        Some(match text {
            "--scan" => Self::Scan,
            "--scan-history" => Self::ScanHistory,
            "--install" => Self::Install,
            "--list" => Self::List,
            "--add" => Self::Add,
            "--add-provider" => Self::AddProvider,
            "--register-aws" => Self::RegisterAws,
            "--aws-provider" => Self::AwsProvider,
            "--commit_msg_hook" => Self::CommitMsg,
            "--pre_commit_hook" => Self::PreCommit,
            "--prepare_commit_msg_hook" => Self::PrepareCommitMsg,
            _ => return None,
        })
    }
}

/// An option is taken if it is one of this mode.
fn belongs(mode: &str, expected: &str, option: &str) -> Result<bool, Error> {
    if mode == expected {
        return Ok(true);
    }
    Err(Error::Usage(format!("{option} can only be supplied with the {expected} subcommand")))
}
