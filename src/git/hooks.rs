//! Where git looks for hooks: `core.hooksPath` of whatever scope, or the `hooks` directory that all work trees of a
//! repository share. And the log of hooks that were passed by, which is kept beside them.
//!
//! What is in a hook, and how it gets there, is up to the command line.

use std::{
    env,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use gix::{
    bstr::{BStr, ByteSlice},
    config::{Path as ConfigPath, path::interpolate},
    date::time::format::ISO8601,
};

use super::{
    gitconfig::{self, GitConfig, Scope, Setting},
    repository::failed,
};
use crate::{
    model::{Name, Text},
    source::SourceError,
};

/// The setting that moves hooks somewhere else.
const SECTION: &str = "core";
const HOOKS_PATH: &str = "hooksPath";

/// Where git looks for the hooks of a repository.
#[derive(Clone, Debug)]
pub struct Hooks {
    /// The directory that it looks into.
    pub directory: PathBuf,
    /// `core.hooksPath`, if that is why.
    pub setting: Option<Setting>,
    /// The directory that it would look into if it were not for `core.hooksPath`.
    pub usual: PathBuf,
    /// The top of the work tree; none of a bare repository.
    pub work_tree: Option<PathBuf>,
    common_dir: PathBuf,
}

impl Hooks {
    /// Of the repository that the current directory is in, or that the environment names; none if there is none.
    ///
    /// # Errors
    /// If the repository or its configuration cannot be read, or `core.hooksPath` is no path.
    pub fn here() -> Result<Option<Self>, SourceError> {
        gitconfig::open()?.map(|repository| Self::of(&repository)).transpose()
    }

    pub(super) fn of(repository: &gix::Repository) -> Result<Self, SourceError> {
        let config = GitConfig::of(repository)?;
        let setting = config.last(SECTION, &[HOOKS_PATH]);
        let absolute = |path: &Path| real(&repository.current_dir().join(path));
        let common_dir = absolute(repository.common_dir());
        let work_tree = work_tree(repository).map(absolute);
        let usual = common_dir.join("hooks");
        let directory = match &setting {
            Some(setting) => {
                let base = work_tree.clone().unwrap_or_else(|| absolute(repository.git_dir()));
                base.join(expand(setting)?)
            }
            None => usual.clone(),
        };
        Ok(Self { directory, setting, usual, work_tree, common_dir })
    }

    /// The file that tells which hooks were passed by; it need not exist.
    pub fn bypass_log(&self) -> PathBuf {
        self.common_dir.join("keysieve/bypass.log")
    }

    /// Notes that a hook was passed by, and why. Returns the file that says so.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn log_bypass(&self, hook: &str, reason: &Text) -> io::Result<PathBuf> {
        let path = self.bypass_log();
        fs::create_dir_all(path.parent().expect("it is in a directory"))?;
        let now = gix::date::Time::now_local_or_utc().format_or_unix(ISO8601);
        let reason: String = reason.as_str().chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        file.write_all(format!("{now}\t{hook}\t{reason}\n").as_bytes())?;
        Ok(path)
    }
}

/// Where the user, or this machine, has all hooks of all repositories.
///
/// # Errors
/// If the configuration cannot be read, or `core.hooksPath` is no absolute path there.
pub fn hooks_of_user() -> Result<Option<(PathBuf, Setting)>, SourceError> {
    let Some(setting) = GitConfig::here()?.last_within(SECTION, &[HOOKS_PATH], Scope::User) else { return Ok(None) };
    let path = expand(&setting)?;
    if path.is_relative() {
        return Err(failed(reading(&setting), "it is relative, so that each repository has a place of its own"));
    }
    Ok(Some((path, setting)))
}

/// Has git look into `directory` for all hooks of all repositories of this user, or no longer. Returns the file that
/// says so.
///
/// # Errors
/// If the user's configuration cannot be changed.
pub fn set_hooks_of_user(directory: Option<&Path>) -> Result<PathBuf, SourceError> {
    let value = directory.map(Name::from_path);
    gitconfig::set_for_user(SECTION, HOOKS_PATH, value.as_ref().map(|value| value.expose().as_bytes()))
}

/// The top of the work tree. With `GIT_DIR` alone, git takes the current directory for it.
fn work_tree(repository: &gix::Repository) -> Option<&Path> {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_configured = || repository.config_snapshot().string("core.worktree").is_some();
    if is_set("GIT_DIR") && !is_set("GIT_WORK_TREE") && !repository.is_bare() && !is_configured() {
        return Some(repository.current_dir());
    }
    repository.workdir()
}

/// `~` and its like are what they are to git.
fn expand(setting: &Setting) -> Result<PathBuf, SourceError> {
    if setting.value.is_empty() {
        return Err(failed(reading(setting), "it is empty, so that git looks for hooks nowhere"));
    }
    let home = gix::path::env::home_dir();
    let context = interpolate::Context { home_dir: home.as_deref(), ..interpolate::Context::default() };
    ConfigPath::from(<&BStr>::from(&setting.value[..]))
        .interpolate(context)
        .map_err(|error| failed(reading(setting), error))
}

fn reading(setting: &Setting) -> String {
    match &setting.file {
        Some(file) => format!("reading {SECTION}.{HOOKS_PATH} in {}", file.display()),
        None => format!("reading {SECTION}.{HOOKS_PATH} of the environment"),
    }
}

fn real(path: &Path) -> PathBuf {
    dunce::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}
