//! `keysieve scan`: paths, a list of them or standard input become the source of a search.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use keysieve::git::{self, Repository};
use keysieve::model::RunInfo;
use keysieve::source::{self, Names, PathEnd, Source, Stdin, Worktree};

use super::ExitStatus;
use super::args::{ScanArgs, SearchArgs};
use super::console::Console;
use super::known;
use super::search::Search;
use super::stdin::Watched;

/// The path that means standard input.
const STANDARD_INPUT: &str = "-";

/// Scans, reports, and judges.
pub(crate) fn run(args: &ScanArgs, console: &Console) -> Result<ExitStatus> {
    let input = Input::of(args)?;
    let search = Search::prepare(&args.search, console)?;
    match &input {
        Input::Stdin => scan_stdin(&search),
        Input::Files(files) => {
            files.with_tree(&args.search, args.no_ignore, &search, |source, info| search.run(source, None, info))
        }
    }
}

fn scan_stdin(search: &Search<'_>) -> Result<ExitStatus> {
    let input = Watched::start(io::stdin(), Arc::clone(search.interrupted()))?;
    search.run(&Stdin::from_reader(input), None, RunInfo { mode: "stdin".into(), ..RunInfo::default() })
}

/// What is to be searched.
#[derive(Debug)]
enum Input {
    /// Standard input as one document.
    Stdin,
    /// Files and directories.
    Files(Files),
}

/// Files and directories to be searched; without any of both, the current directory.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// Given as arguments.
    named: Vec<PathBuf>,
    /// Given in a list, which may be empty.
    listed: Option<Vec<PathBuf>>,
}

impl Input {
    fn of(args: &ScanArgs) -> Result<Self> {
        if !args.paths.iter().any(|path| path.as_os_str() == STANDARD_INPUT) {
            if args.files_from.as_deref().is_some_and(|list| list.as_os_str() == STANDARD_INPUT) {
                known::refuse_standard_input(&args.search.known, "the list of paths")?;
            }
            let listed = args.files_from.as_deref().map(|list| listed(list, args.null)).transpose()?;
            return Ok(Self::Files(Files { named: args.paths.clone(), listed }));
        }
        if args.paths.len() > 1 || args.files_from.is_some() {
            bail!("'-' (standard input) is searched alone: give no other paths with it");
        }
        known::refuse_standard_input(&args.search.known, "what is searched")?;
        Ok(Self::Stdin)
    }
}

impl Files {
    /// All in this directory.
    pub(crate) fn below(directory: &Path) -> Self {
        Self { named: vec![directory.to_owned()], listed: None }
    }

    /// Hands on what these are as a source, and what reports say of it.
    pub(crate) fn with_tree<T>(
        &self,
        args: &SearchArgs,
        no_ignore: bool,
        search: &Search<'_>,
        run: impl FnOnce(&dyn Source, RunInfo) -> Result<T>,
    ) -> Result<T> {
        let here = env::current_dir().context("finding the current directory")?;
        let repositories = git::repositories(&here, &self.all())?;
        let trees: Vec<_> = repositories.iter().filter_map(Repository::work_tree).collect();
        let names: Vec<&dyn Names> = trees.iter().map(|tree| tree as &dyn Names).collect();
        let options = source::Options {
            here,
            paths: self.named.clone(),
            listed: self.listed.clone(),
            no_ignore,
            max_size: args.max_size,
            threads: args.threads,
        };
        log::debug!("{} repositories hold what is searched", names.len());
        let source = Worktree::new(&options, &names)?.discovering(&git::Nested);
        let mask = search.mask();
        let info = RunInfo {
            mode: "tree".into(),
            root: Some(source.root().to_owned()),
            from_here: Some(source.prefix_from_here().masked(mask)),
            here: source.here().map(|name| name.masked(mask)),
            vcs: repositories.iter().find(|one| is_top(one, source.root())).map(|one| one.vcs(mask)),
            ..RunInfo::default()
        };
        run(&source, info)
    }

    fn all(&self) -> Vec<PathBuf> {
        let here = (self.named.is_empty() && self.listed.is_none()).then(|| PathBuf::from("."));
        self.named.iter().chain(self.listed.iter().flatten()).cloned().chain(here).collect()
    }
}

/// The paths of `--files-from`.
fn listed(list: &Path, null: bool) -> Result<Vec<PathBuf>> {
    let mut content = Vec::new();
    let read = if list.as_os_str() == STANDARD_INPUT {
        io::stdin().read_to_end(&mut content).map(drop)
    } else {
        fs::read(list).map(|bytes| content = bytes)
    };
    read.with_context(|| format!("reading the list of paths in {}", list.display()))?;
    if !null && content.contains(&0) {
        bail!("the list of paths has NUL bytes in it: --null reads a list that is separated by them");
    }
    Ok(source::paths_of_list(&content, if null { PathEnd::Nul } else { PathEnd::Line }))
}

fn is_top(repository: &Repository, root: &Path) -> bool {
    repository.work_tree().is_some_and(|tree| tree.work_tree() == root)
}
