//! `keysieve history`: a sweep of all objects tells which are suspect; these, with the names and commits that they have, are
//! the source of a search.

use std::env;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use keysieve::git::{Ends, Repository, Selection, Suspects};
use keysieve::model::{RunInfo, Unit};
use keysieve::pipeline::{Directives, FirstPass, Sifted, Sifter};

use super::ExitStatus;
use super::args::{HistoryArgs, SearchArgs};
use super::console::Console;
use super::progress::Meter;
use super::range;
use super::search::{Search, Subject};

/// What reports call it.
pub(crate) const MODE: &str = "history";

/// Searches the repository that is asked for, or some of its commits.
pub(crate) fn run(args: &HistoryArgs, console: &Console) -> Result<ExitStatus> {
    let repository = repository(args)?;
    match selection(args) {
        None => everything(args, &repository, console),
        Some(selection) => commits(args, repository.selected(&selection)?, &repository, console),
    }
}

/// The commits that are asked for, if not everything is.
fn selection(args: &HistoryArgs) -> Option<Selection<'_>> {
    let HistoryArgs { ranges, all, not, refs, since, max_commits, .. } = args;
    let is_whole = ranges.is_empty() && !all && not.is_empty() && refs.is_none() && since.is_none();
    if is_whole && max_commits.is_none() {
        return None;
    }
    Some(Selection { ranges, not, all: *all, refs: refs.as_deref(), since: since.as_deref(), most: *max_commits })
}

/// Searches what commits add.
fn commits(args: &HistoryArgs, ends: Ends, repository: &Repository, console: &Console) -> Result<ExitStatus> {
    let search = Search::prepare(&args.search, console)?;
    let range = repository.range(ends, args.search.max_size)?;
    search.run(&range, Some(&range.before()), info(repository, &search)?)
}

fn info(repository: &Repository, search: &Search<'_>) -> Result<RunInfo> {
    Ok(RunInfo { mode: MODE.into(), vcs: Some(repository.vcs(search.mask())), ..range::place(repository, search)? })
}

fn everything(args: &HistoryArgs, repository: &Repository, console: &Console) -> Result<ExitStatus> {
    let search = Search::prepare(&args.search, console)?;
    let sweep = Sweep { args: &args.search, connectivity: args.connectivity };
    sweep.run(repository, &search, |subject| search.run_for(subject, None))
}

/// A search of everything.
pub(crate) struct Sweep<'a> {
    pub(crate) args: &'a SearchArgs,
    pub(crate) connectivity: bool,
}

impl Sweep<'_> {
    /// Finds out what is suspect, and hands that on.
    pub(crate) fn run<T>(
        &self,
        repository: &Repository,
        search: &Search<'_>,
        run: impl FnOnce(Subject<'_>) -> Result<T>,
    ) -> Result<T> {
        let started = Instant::now();
        let meter = Meter::start(self.args.progress, Unit::Object);
        let interrupted = search.interrupted();
        let sifter = Sifter::new(search.scanner(), &meter, interrupted);
        let sweep = repository.sweep()?.checking_ids(self.connectivity);
        let (sifted, noted) = sweep.push_and_note(&sifter);
        let sifted = Sifted::of(sifted);
        log::debug!("{} of {} objects are suspect after {:?}", sifted.holding.len(), sifted.objects, started.elapsed());
        meter.scanned_all();
        let suspects = Suspects {
            holding: &sifted.holding,
            unread: &sifted.unread,
            name: &|name| sifter.wants_file(name),
            name_holds: &|name| sifter.holds_something(name),
            connectivity: self.connectivity,
            max_size: self.args.max_size,
        };
        let history = repository.history(&noted, suspects, &|| interrupted.load(Ordering::Relaxed))?;
        meter.finish();
        let info = info(repository, search)?;
        let entries = search.entries(&info)?;
        let first_pass = Some(FirstPass { sifted: &sifted, started });
        run(Subject { source: &history, before: None, directives: Directives::Count, first_pass, entries, info })
    }
}

fn repository(args: &HistoryArgs) -> Result<Repository> {
    let found = match &args.repo {
        None => Repository::here()?,
        Some(directory) => {
            let here = env::current_dir().context("finding the current directory")?;
            let directory = here.join(directory);
            if !directory.is_dir() {
                bail!("--repo {}: there is no such directory", directory.display());
            }
            Repository::discover(&directory)?
        }
    };
    let Some(repository) = found else {
        bail!("there is no git repository here: 'history' searches the objects of one");
    };
    Ok(repository)
}
