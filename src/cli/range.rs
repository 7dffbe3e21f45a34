//! A search of what a range of commits brings in, for the verb `diff` and for the hooks that look at commits. Between what
//! and what the range is, and whether its comments count, is theirs to say.

use std::cell::RefCell;
use std::env;
use std::io;

use anyhow::{Context, Result};
use keysieve::git::{Ends, Repository};
use keysieve::model::{Finding, Introduction, RunInfo, Summary, Vcs};
use keysieve::pipeline::Directives;
use keysieve::report::Reporter;
use keysieve::source::{Names, Place};

use super::ExitStatus;
use super::args::SearchArgs;
use super::console::Console;
use super::search::{Search, Subject};
use super::settings;
use super::suppress::Judged;
use super::trusted::{self, LeadsTo};

/// Characters of a commit id.
const SHORT_COMMIT: usize = 12;

/// Whose change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    /// The one who runs this: comments allow what they say.
    Oneself,
    /// Someone else, or one who may not decide alone: comments count only if the base has them.
    Outsider,
}

/// What is to be searched.
pub(crate) struct Change {
    pub(crate) mode: &'static str,
    pub(crate) ends: Ends,
    pub(crate) author: Author,
    /// Whether standard error tells which commits have brought in what was found.
    pub(crate) names_commits: bool,
}

/// Searches a change.
pub(crate) fn run(change: Change, repository: &Repository, args: &SearchArgs, console: &Console) -> Result<ExitStatus> {
    let Change { mode, ends, author, names_commits } = change;
    let args = &with_settings(args, &ends, author, repository, console)?;
    let search = Search::prepare(args, console)?;
    let search = if author == Author::Outsider { search.distrusting() } else { search };
    let (judges, leads_to) = (ends.judges(), LeadsTo::Revisions(ends.heads()));
    let judged = Judged { repository, judges, leads_to, strict: args.strict_suppressions };
    let range = repository.range(ends, args.max_size)?;
    let (before, base) = (range.before(), range.base());
    let directives = match author {
        Author::Oneself => Directives::Count,
        Author::Outsider => Directives::CountIfIn { base: &base, strict: args.strict_suppressions },
    };
    let vcs = repository.vcs(search.mask());
    let vcs = Vcs { revision: range.head().or(vcs.revision.clone()), ..vcs };
    let info = RunInfo { mode: mode.into(), vcs: Some(vcs), ..place(repository, &search)? };
    let entries = match author {
        Author::Oneself => search.entries(&info)?,
        Author::Outsider => search.entries_of_base(&judged)?,
    };
    let commits = RefCell::default();
    let subject = Subject { source: &range, before: Some(&before), directives, first_pass: None, entries, info };
    let status = search.run_for(subject, Some(Box::new(Commits { lines: &commits })))?;
    for line in commits.into_inner().iter().filter(|_| names_commits && !args.quiet) {
        console.line("note", line);
    }
    Ok(status)
}

/// With what files of the configuration set: for one's own change those on disk, for another's those of its base.
fn with_settings(
    args: &SearchArgs,
    ends: &Ends,
    author: Author,
    repository: &Repository,
    console: &Console,
) -> Result<SearchArgs> {
    let mut args = args.clone();
    match author {
        Author::Oneself => settings::apply_to(&mut args, settings::top(repository).as_deref(), console)?,
        Author::Outsider => {
            let (judges, leads_to, strict) =
                (ends.judges(), LeadsTo::Revisions(ends.heads()), args.strict_suppressions);
            let change = trusted::Change { repository, judges, leads_to, strict };
            settings::apply_to_change(&mut args, change, console)?;
        }
    }
    Ok(args)
}

/// What paths are relative to; in a bare repository, to nothing on disk.
pub(crate) fn place(repository: &Repository, search: &Search<'_>) -> Result<RunInfo> {
    let Some(tree) = repository.work_tree() else { return Ok(RunInfo::default()) };
    let here = env::current_dir().and_then(dunce::canonicalize).context("finding the current directory")?;
    let place = Place { here: &here, top: tree.work_tree() };
    Ok(RunInfo {
        root: Some(tree.work_tree().to_owned()),
        from_here: Some(place.prefix_from_here().masked(search.mask())),
        here: place.here().map(|name| name.masked(search.mask())),
        ..RunInfo::default()
    })
}

/// Notes which commits have brought in what fails.
struct Commits<'a> {
    lines: &'a RefCell<Vec<String>>,
}

impl Reporter for Commits<'_> {
    fn begin(&mut self, _: &RunInfo) -> io::Result<()> {
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(introduction) = finding.introduction.as_ref().filter(|_| finding.fails) else { return Ok(()) };
        let line = brought_in(finding, introduction);
        let mut lines = self.lines.borrow_mut();
        if !lines.contains(&line) {
            lines.push(line);
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

fn brought_in(finding: &Finding, introduction: &Introduction) -> String {
    let Introduction { commit, date, summary, .. } = introduction;
    let commit = commit.get(..SHORT_COMMIT).unwrap_or(commit);
    format!("{} came in with commit {commit} of {date}, \"{summary}\"", finding.rule)
}
