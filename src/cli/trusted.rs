//! Which files of the configuration count. Those of the machine and of the user always do. The repository's own is the one on
//! disk for whoever works in it; a change that comes from outside is judged by the one that it is made to, and what its own would
//! let through is told. What a file says is the library's.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Result, bail};
use keysieve::config::{self, Config, File, Found, Layer, REPOSITORY_FILE, Source, Widening};
use keysieve::git::{FileAt, Repository};
use keysieve::model::{Name, Origin, Text};
use keysieve::pipeline::AddedEntries;
use keysieve::rules::{Faults, RuleSet};
use keysieve::source::Names;

use super::args::ConfigArgs;
use super::console::Console;
use super::{pull_request, suppress};

/// Characters of a commit id.
const SHORT_COMMIT: usize = 12;
/// Variables that name a repository, or its work tree.
const NAMING: [&str; 2] = ["GIT_DIR", "GIT_WORK_TREE"];

/// Whose configuration of a repository counts.
#[derive(Clone, Copy)]
pub(crate) enum Trust<'a> {
    /// That of no repository.
    Nobody,
    /// The one in the work tree with this top.
    WorkTree(&'a Path),
    /// The one that all of these revisions have.
    Base { repository: &'a Repository, judges: &'a [String] },
}

/// A change whose own configuration does not count.
pub(crate) struct Change<'a> {
    pub(crate) repository: &'a Repository,
    /// The revisions that it is judged by.
    pub(crate) judges: Vec<String>,
    pub(crate) leads_to: LeadsTo<'a>,
    /// Whether the run fails if its configuration lets more through.
    pub(crate) strict: bool,
}

/// Where the files of a change are that say what is accepted.
#[derive(Debug)]
pub(crate) enum LeadsTo<'a> {
    Revisions(Vec<String>),
    WorkTree(&'a Path),
}

impl LeadsTo<'_> {
    /// A file of the change, by its path from the top: as each revision has it, or the work tree. What cannot be read, or is
    /// no file, is told.
    pub(crate) fn files(&self, repository: &Repository, path: &str, console: &Console) -> Vec<(Origin, Vec<u8>)> {
        let told = |error: &dyn std::fmt::Display| console.warning(&format!("of the change: {error}"));
        match self {
            Self::WorkTree(top) => {
                let content = suppress::read_if_there(&top.join(path)).unwrap_or_else(|error| {
                    told(&format!("{error:#}"));
                    None
                });
                content.map(|content| (Origin::File(Name::new(path)), content)).into_iter().collect()
            }
            Self::Revisions(heads) => {
                let file = |head: &String| {
                    repository.file_at(head, path).unwrap_or_else(|error| {
                        told(&error);
                        None
                    })
                };
                let origin = |id: String| Origin::Blob { id, path: Name::new(path) };
                heads.iter().filter_map(file).map(|FileAt { id, bytes }| (origin(id), bytes)).collect()
            }
        }
    }
}

/// The work tree that the current directory is in, if there may be a configuration in it.
pub(crate) fn work_tree() -> Result<Option<PathBuf>> {
    let is_named = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    // A directory that is gone has no settings, and standard input can be searched in it all the same.
    let Ok(here) = env::current_dir().and_then(dunce::canonicalize) else { return Ok(None) };
    if NAMING.into_iter().any(is_named) {
        // The work tree is somewhere above, unless it is named.
        let is_here = here.ancestors().any(|directory| directory.join(REPOSITORY_FILE).symlink_metadata().is_ok());
        let repository = if is_here || is_named(NAMING[1]) { Repository::here()? } else { None };
        return Ok(repository.and_then(|repository| repository.work_tree()).map(|tree| tree.work_tree().to_owned()));
    }
    Ok(top_of(&here).map(Path::to_owned))
}

/// The top of the work tree that a directory is in: most have one, and opening a repository takes longer than to see that.
pub(crate) fn top_of(directory: &Path) -> Option<&Path> {
    directory.ancestors().find(|directory| directory.join(".git").symlink_metadata().is_ok())
}

/// The revision that a pull request is made to, by the variables of the CI system; none if it is not here. An outer none if
/// this is no pull request.
pub(crate) fn base_of_pull_request(repository: &Repository) -> Option<Option<String>> {
    pull_request::is_looked_at().then(|| {
        let base = pull_request::of_environment(repository).ok().and_then(|request| request.base);
        base.and_then(|base| repository.id_of(&base))
    })
}

impl Trust<'_> {
    /// The configuration that counts.
    pub(crate) fn config(&self, args: &ConfigArgs, console: &Console) -> Result<Config> {
        let mut config = Config::default();
        if !args.no_config {
            push_from_disk(&mut config, Layer::System, config::system_file())?;
            push_from_disk(&mut config, Layer::User, config::user_file())?;
            match self {
                Self::Nobody => {}
                Self::WorkTree(top) => {
                    if let Some(found) = config::read_of_repository(&top.join(REPOSITORY_FILE))? {
                        push(&mut config, Layer::Repository, top, &found)?;
                    }
                }
                Self::Base { repository, judges } => {
                    let base = Base { repository, judges, path: REPOSITORY_FILE };
                    base.push(&mut config, Layer::Repository, console);
                }
            }
        }
        if let Some(path) = &args.config {
            self.push_named(&mut config, path, console)?;
        }
        Ok(config)
    }

    /// A file that is named; one in the work tree of a change belongs to the change.
    fn push_named(&self, config: &mut Config, path: &Path, console: &Console) -> Result<()> {
        if let Self::Base { repository, judges } = self
            && let Some(path) = below_work_tree(repository, path)
        {
            let base = Base { repository, judges, path: &path };
            if !base.push(config, Layer::Named, console) {
                console
                    .warning(&format!("--config {path} does not count: it is the change's own, and its base has none"));
            }
            return Ok(());
        }
        let Some(found) = config::read(path)? else { bail!("--config {}: there is no such file", path.display()) };
        let directory = path.parent().map(Path::to_owned).unwrap_or_default();
        push(config, Layer::Named, &directory, &found)?;
        Ok(())
    }

    /// The rules in the files that the configuration names: what they are called, and their text.
    pub(crate) fn rule_files(&self, config: &Config) -> Result<Vec<(String, String)>> {
        let read = |(source, named): (&Source, &config::At<String>)| {
            let wrong = |reason: String| Faults::at(&*source.name, named.line, format!("`rules.files`: {reason}"));
            self.rule_file(source, &named.value).map_err(|reason| wrong(reason).into())
        };
        config.rule_files().map(read).collect()
    }

    /// The path of a file that a repository's configuration names, seen from the top.
    pub(crate) fn name_of_repository(&self, named: &str) -> Result<String, String> {
        if let Self::WorkTree(top) = self
            && top.join(named).symlink_metadata().is_ok()
        {
            config::within(top, named)?;
        }
        config::plain(named)
    }

    fn rule_file(&self, source: &Source, named: &str) -> Result<(String, String), String> {
        let told = |error: &dyn std::fmt::Display| format!("reading the rules in {named}: {error}");
        if let (Some(revision), Self::Base { repository, .. }) = (&source.revision, self) {
            let file = repository.file_at(revision, &config::plain(named)?).map_err(|error| told(&error))?;
            let file = file.ok_or_else(|| told(&"the base has no such file"))?;
            let text = String::from_utf8(file.bytes).map_err(|_| told(&"it is not UTF-8"))?;
            return Ok((format!("{named} of {}", short(revision)), text));
        }
        let path = match source.layer {
            Layer::Repository => config::within(&source.directory, named).map_err(|error| told(&error))?,
            _ => source.directory.join(named),
        };
        let text = fs::read_to_string(&path).map_err(|error| told(&error))?;
        Ok((source.directory.join(named).display().to_string(), text))
    }
}

/// A file as the base of a change has it.
struct Base<'a> {
    repository: &'a Repository,
    judges: &'a [String],
    path: &'a str,
}

impl Base<'_> {
    /// Puts it over what is there, if it counts. One that is wrong does not: the change may be what mends it.
    fn push(&self, config: &mut Config, layer: Layer, console: &Console) -> bool {
        let Some((revision, file)) = self.file(console) else { return false };
        let name = format!("{} of {}", self.path, short(&revision));
        let parsed = config::text(&name, file.bytes).and_then(|text| File::parse(&name, &text));
        let checked = parsed.and_then(|file| {
            let source = Source { layer, name, directory: PathBuf::new(), revision: Some(revision) };
            let mut alone = Config::default();
            alone.push(source.clone(), file.clone());
            // Its own rules may be named in it; whether they are right is seen later.
            if file.rule_files.is_empty() {
                alone.check(&RuleSet::builtin()).map(|()| (source, file))
            } else {
                Ok((source, file))
            }
        });
        match checked {
            Ok((source, file)) => config.push(source, file),
            Err(errors) => {
                errors.iter().for_each(|error| console.warning(&error.to_string()));
                console.warning("the configuration of the base is wrong, and does not count");
                return false;
            }
        }
        true
    }

    /// The file, if all judges have the same.
    fn file(&self, console: &Console) -> Option<(String, FileAt)> {
        let mut files = self.judges.iter().map(|judge| (judge.clone(), self.at(judge, console)));
        let (revision, first) = files.next()?;
        if files.any(|(_, other)| other != first) {
            let reason = "the branches that are changed have different ones: change them one by one";
            console.line("note", &format!("{} does not count: {reason}", self.path));
            return None;
        }
        first.map(|file| (revision, file))
    }

    fn at(&self, revision: &str, console: &Console) -> Option<FileAt> {
        self.repository.file_at(revision, self.path).unwrap_or_else(|error| {
            console.warning(&format!("{error}; it does not count"));
            None
        })
    }
}

impl Change<'_> {
    /// What counts for it.
    pub(crate) fn trust(&self) -> Trust<'_> {
        Trust::Base { repository: self.repository, judges: &self.judges }
    }

    /// What its own configuration would let through, and the one that counts, of the same name, does not.
    pub(crate) fn widened(&self, config: &Config, rules: &RuleSet, console: &Console) -> Vec<AddedEntries> {
        let nothing = File::default();
        let counting = config.files().iter().find(|(source, _)| source.layer == Layer::Repository);
        let base = counting.map_or(&nothing, |(_, file)| file);
        let mut added: Vec<AddedEntries> = Vec::new();
        for (origin, bytes) in self.leads_to.files(self.repository, REPOSITORY_FILE, console) {
            let text = config::text(REPOSITORY_FILE, bytes);
            let parsed = text.and_then(|text| File::parse(REPOSITORY_FILE, &text).map(|file| (text, file)));
            match parsed {
                Ok((text, file)) => {
                    let widenings = config::widened(base, &file, rules);
                    if !widenings.is_empty() && added.iter().all(|known| known.origin != origin) {
                        added.push(self.notice(origin, &text, &widenings, console));
                    }
                }
                Err(errors) => errors.iter().for_each(|error| console.warning(&format!("of the change: {error}"))),
            }
        }
        added
    }

    fn notice(&self, origin: Origin, text: &str, widenings: &[Widening], console: &Console) -> AddedEntries {
        let line = |widening: &Widening| {
            let span = widening.span;
            (span, text.as_bytes()[span.start..span.end].to_vec())
        };
        AddedEntries {
            origin,
            content: text.as_bytes().into(),
            lines: widenings.iter().map(line).collect(),
            kind: "configuration",
            says: widenings
                .iter()
                .map(|widening| Text::new(widening.what.as_bytes(), console.mask()).to_string())
                .collect(),
            strict: self.strict,
        }
    }
}

fn push_from_disk(config: &mut Config, layer: Layer, path: Option<PathBuf>) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    let Some(found) = config::read(&path)? else { return Ok(()) };
    let directory = path.parent().map(Path::to_owned).unwrap_or_default();
    Ok(push(config, layer, &directory, &found)?)
}

fn push(config: &mut Config, layer: Layer, directory: &Path, found: &Found) -> Result<(), Faults> {
    let file = File::parse(&found.name, &found.text)?;
    log::debug!("the configuration {} counts", found.name);
    config.push(Source { layer, name: found.name.clone(), directory: directory.to_owned(), revision: None }, file);
    Ok(())
}

/// The path of a file in the work tree of a repository, seen from its top.
fn below_work_tree(repository: &Repository, path: &Path) -> Option<String> {
    let tree = repository.work_tree()?;
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let real = dunce::canonicalize(directory).ok()?.join(path.file_name()?);
    Some(real.strip_prefix(tree.work_tree()).ok()?.to_str()?.replace('\\', "/"))
}

/// A revision as a person reads it.
pub(crate) fn short(revision: &str) -> &str {
    revision.get(..SHORT_COMMIT).unwrap_or(revision)
}
