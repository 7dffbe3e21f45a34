//! The directory of hooks that a verb is about: where git looks in this repository, in all repositories of the user, or
//! in a template for new ones.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use keysieve::git::{self, Hooks, Scope, Setting};

use super::Kind;
use super::file::Role;
use crate::cli::args::HookPlaceArgs;

/// A directory of hooks.
#[derive(Debug)]
pub(super) struct Place {
    /// Its path.
    pub(super) directory: PathBuf,
    /// Whose hooks these are.
    pub(super) owner: Owner,
    /// Whether it is the one that keysieve made for all repositories of a user.
    pub(super) is_global: bool,
}

/// Whose hooks are in a directory.
#[derive(Debug)]
pub(super) enum Owner {
    /// A repository's.
    Repository(Box<Hooks>),
    /// A user's; if git's configuration says so already, where.
    User(Option<Setting>),
    /// Nobody's yet.
    Template(PathBuf),
}

impl Place {
    /// The one that the flags ask for.
    pub(super) fn of(args: &HookPlaceArgs) -> Result<Self> {
        let (directory, owner) = match &args.template {
            Some(template) => {
                let template = env::current_dir().context("finding the current directory")?.join(template);
                (template.join("hooks"), Owner::Template(template))
            }
            None if args.global => of_user()?,
            None => of_repository()?,
        };
        Ok(Self::new(directory, owner))
    }

    /// Where git looks in the repository of the current directory.
    pub(super) fn here() -> Result<Self> {
        of_repository().map(|(directory, owner)| Self::new(directory, owner))
    }

    fn new(directory: PathBuf, owner: Owner) -> Self {
        let is_global = ours().is_ok_and(|ours| ours == directory);
        Self { directory, owner, is_global }
    }

    /// Where git looks for a hook.
    pub(super) fn slot(&self, kind: Kind) -> PathBuf {
        self.directory.join(kind.name())
    }

    /// What a hook of ours is to do here.
    pub(super) fn role(&self, kind: Kind) -> Role {
        if self.is_global { Role::Global(kind) } else { Role::Local(kind) }
    }

    /// The place in words: the directory, and why it is that one.
    pub(super) fn describe(&self) -> String {
        let directory = self.directory.display();
        match &self.owner {
            Owner::Repository(hooks) => match &hooks.setting {
                Some(setting) => format!("git looks for hooks in {directory} (core.hooksPath {})", source(setting)),
                None => format!("git looks for hooks in {directory}"),
            },
            Owner::User(Some(setting)) => {
                format!("git looks for hooks of all repositories in {directory} (core.hooksPath {})", source(setting))
            }
            Owner::User(None) => format!("git does not look for hooks of all repositories in {directory}"),
            Owner::Template(_) => format!("new repositories can get the hooks in {directory}"),
        }
    }

    /// What whoever installs here should know.
    pub(super) fn warnings(&self) -> Vec<String> {
        let Owner::Repository(hooks) = &self.owner else { return Vec::new() };
        let directory = self.directory.display();
        let shared = hooks.setting.as_ref().filter(|setting| setting.scope <= Scope::User);
        let shared =
            shared.map(|setting| format!("{directory} is for all repositories (core.hooksPath {})", source(setting)));
        let is_within = |top: &Path| hooks.directory.starts_with(top) && !hooks.directory.starts_with(top.join(".git"));
        let place = match &hooks.work_tree {
            None => Some("nobody commits in a bare repository; its linked work trees use hooks for commits".to_owned()),
            Some(top) if is_within(top) => Some(format!(
                "{directory} is in the work tree: its files may be committed, with a path of this machine in them"
            )),
            Some(_) => None,
        };
        shared.into_iter().chain(place).collect()
    }
}

/// Where a setting comes from, in words.
fn source(setting: &Setting) -> String {
    match &setting.file {
        Some(file) => format!("in {}", file.display()),
        None => "in the environment".to_owned(),
    }
}

fn of_repository() -> Result<(PathBuf, Owner)> {
    let Some(hooks) = Hooks::here()? else {
        bail!("there is no git repository here; --global is for all of them, --template for new ones");
    };
    Ok((hooks.directory.clone(), Owner::Repository(Box::new(hooks))))
}

fn of_user() -> Result<(PathBuf, Owner)> {
    Ok(match git::hooks_of_user()? {
        Some((directory, setting)) => (directory, Owner::User(Some(setting))),
        None => (ours()?, Owner::User(None)),
    })
}

/// The directory that keysieve makes for all repositories of a user.
fn ours() -> Result<PathBuf> {
    Ok(git::user_config_directory()?.join(Path::new("keysieve/hooks")))
}
