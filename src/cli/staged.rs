//! `keysieve staged`: what the next commit would add is the source of a search, and what it changes or deletes is what
//! was there before. Which that is, is the business of `git`; nothing here reads the repository's configuration.

use std::env;

use anyhow::{Context, Result, bail};
use keysieve::git::Repository;
use keysieve::model::RunInfo;
use keysieve::source::{Names, Place, Source};

use super::ExitStatus;
use super::args::StagedArgs;
use super::console::Console;
use super::search::Search;

/// Searches what is staged in the repository of the current directory.
pub(crate) fn run(args: &StagedArgs, console: &Console) -> Result<ExitStatus> {
    let search = Search::prepare(&args.search, console)?;
    let here = env::current_dir().and_then(dunce::canonicalize).context("finding the current directory")?;
    let Some(repository) = Repository::here()? else {
        bail!("there is no git repository here: 'staged' searches what the next commit of one would add");
    };
    let Some(tree) = repository.work_tree() else {
        bail!("this git repository has no work tree (it is bare, or the tree is gone): nothing is staged in it");
    };
    let top = tree.work_tree();
    let staged = repository.staged(args.search.max_size)?;
    let before = staged.before();
    let before: Option<&dyn Source> = if args.whole_files { None } else { Some(&before) };
    let place = Place { here: &here, top };
    let info = RunInfo {
        mode: "staged".into(),
        root: Some(top.to_owned()),
        from_here: Some(place.prefix_from_here().masked(search.mask())),
        here: place.here().map(|name| name.masked(search.mask())),
        vcs: Some(repository.vcs(search.mask())),
        ..RunInfo::default()
    };
    search.run(&staged, before, info)
}
