//! Git's settings as they hold in a directory: the files of every scope with what they include, then the environment,
//! then `git -c`; of a setting that is given twice the last one counts. And the one change that is made to them: a
//! setting in the user's own file, written as git writes it, under a lock and replaced as a whole.
//!
//! What a setting means is the business of whoever asks for it.

use std::{
    env,
    ffi::OsString,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use gix::{
    ThreadSafeRepository,
    bstr::{BString, ByteSlice},
    config::{File, Source},
    discover::upwards,
    sec::trust::Mapping,
};

use super::repository::failed;
use crate::source::SourceError;

/// How `git -c` reaches the programs that git starts.
const PARAMETERS: &str = "GIT_CONFIG_PARAMETERS";

/// Git's settings.
#[derive(Debug)]
pub struct GitConfig {
    file: File,
    parameters: Vec<(BString, Option<BString>)>,
}

/// A value, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The value; empty if there is only a name.
    pub value: Vec<u8>,
    /// For whom it holds.
    pub scope: Scope,
    /// The file it is in; none for one of the environment or of the command line.
    pub file: Option<PathBuf>,
}

/// For whom a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All users of this machine.
    System,
    /// All repositories of this user.
    User,
    /// This repository, or this work tree of it.
    Repository,
    /// This run of git: the environment, or `git -c`.
    Command,
}

impl GitConfig {
    /// The settings that hold in the current directory of this process, which need not be in a repository.
    ///
    /// # Errors
    /// If there is a repository that cannot be opened, or a setting that cannot be understood.
    pub fn here() -> Result<Self, SourceError> {
        match open()? {
            Some(repository) => Self::of(&repository),
            None => Self::outside(),
        }
    }

    /// Those that hold where there is no repository.
    pub(super) fn outside() -> Result<Self, SourceError> {
        Self::new(outside()?)
    }

    /// Those in the user's own file, which need not exist, without what it includes.
    pub(super) fn of_user_file() -> Result<Self, SourceError> {
        let path = user_file()?;
        let unreadable = |error| failed(format!("reading the settings in {}", path.display()), error);
        let file = match path.exists() {
            true => File::from_path_no_includes(path.clone(), Source::User).map_err(unreadable)?,
            false => File::default(),
        };
        Ok(Self { file, parameters: Vec::new() })
    }

    pub(super) fn of(repository: &gix::Repository) -> Result<Self, SourceError> {
        Self::new(repository.config_snapshot().plumbing().clone())
    }

    fn new(file: File) -> Result<Self, SourceError> {
        let given = env::var_os(PARAMETERS).map(bytes).unwrap_or_default();
        let parameters = parameters(&given)
            .ok_or_else(|| failed(format!("reading {PARAMETERS}"), "it is not what git makes of its option -c"))?;
        Ok(Self { file, parameters })
    }

    /// Every key of a section and of its subsections, as git spells it, with its value; the one that weighs most is last.
    pub(super) fn entries(&self, section: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut entries = Vec::new();
        for part in self.file.sections().filter(|part| part.header().name().eq_ignore_ascii_case(section.as_bytes())) {
            let subsection = part.header().subsection_name().map(|name| [name.as_bytes(), b"."].concat());
            entries.extend(part.body().into_iter().map(|(name, value)| {
                let parts = [section.as_bytes(), b".", subsection.as_deref().unwrap_or_default(), name.as_bytes()];
                (canonical(parts.concat()), Vec::from(value))
            }));
        }
        let given = self.parameters.iter().map(|(key, value)| {
            let value = value.clone().unwrap_or_default();
            (canonical(key.clone().into()), Vec::from(value))
        });
        entries.extend(
            given.filter(|(key, _)| key.strip_prefix(section.as_bytes()).is_some_and(|it| it.starts_with(b"."))),
        );
        entries
    }

    /// The setting that counts among those with one of `names` in a section; git has two names for some.
    pub fn last(&self, section: &str, names: &[&str]) -> Option<Setting> {
        self.last_within(section, names, Scope::Command)
    }

    /// The same, if it were not for the scopes after `scope`.
    pub fn last_within(&self, section: &str, names: &[&str], scope: Scope) -> Option<Setting> {
        let is_wanted = |name: &[u8]| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted.as_bytes()));
        let parameters = self.parameters.iter().rev().filter(|_| scope == Scope::Command);
        let mut parameters = parameters.filter(|(key, _)| {
            let (of, name) = key.split_once_str(".").unwrap_or_default();
            of.eq_ignore_ascii_case(section.as_bytes()) && is_wanted(name)
        });
        if let Some((_, value)) = parameters.next() {
            let value = value.clone().unwrap_or_default().into();
            return Some(Setting { value, scope: Scope::Command, file: None });
        }
        let sections = self.file.sections_by_name(section)?;
        let sections = sections.filter(|it| it.header().subsection_name().is_none() && scope_of(it.meta()) <= scope);
        let settings = sections.flat_map(|section| {
            let (scope, file) = (scope_of(section.meta()), section.meta().path.clone());
            let wanted = section.body().into_iter().filter(|(name, _)| is_wanted(name.as_bytes()));
            wanted.map(move |(_, value)| Setting { value: value.into(), scope, file: file.clone() })
        });
        settings.last()
    }
}

/// The file of the user's own settings, as `git config --global` finds it.
///
/// # Errors
/// If there is no home directory to find it in.
pub(super) fn user_file() -> Result<PathBuf, SourceError> {
    if let Some(file) = env::var_os("GIT_CONFIG_GLOBAL") {
        return Ok(PathBuf::from(file));
    }
    let home = gix::path::env::home_dir().ok_or_else(|| no_home("the settings of git"))?;
    let (usual, xdg) = (home.join(".gitconfig"), xdg_config(&home).join("git/config"));
    Ok(if !usual.exists() && xdg.exists() { xdg } else { usual })
}

/// The user's directory for the settings of programs.
///
/// # Errors
/// If there is no home directory for it to be in.
pub fn user_config_directory() -> Result<PathBuf, SourceError> {
    let home = gix::path::env::home_dir().ok_or_else(|| no_home("a place for settings"))?;
    Ok(xdg_config(&home))
}

/// Sets `section.name` in the user's own file, or takes it out again.
///
/// # Errors
/// If the file cannot be read or written, or another program is writing it.
pub(super) fn set_for_user(section: &str, name: &str, value: Option<&[u8]>) -> Result<PathBuf, SourceError> {
    let file = user_file()?;
    let failed_with =
        |error: &dyn std::fmt::Display| failed(format!("setting {section}.{name} in {}", file.display()), error);
    // A link is followed: what is replaced is the file that it leads to.
    let target = dunce::canonicalize(&file).unwrap_or_else(|_| file.clone());
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(failed_with(&"it is no regular file"));
    }
    let lock = Lock::acquire(&target).map_err(|error| failed_with(&error))?;
    let mut config = match fs::metadata(&target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => File::default(),
        _ => File::from_path_no_includes(target.clone(), Source::User).map_err(|error| failed_with(&error))?,
    };
    match value {
        Some(value) => {
            config.set_raw_value_by(section, None, name, value.as_bstr()).map_err(|error| failed_with(&error))?;
        }
        None => remove(&mut config, section, name),
    }
    lock.commit(&config.to_bstring()).map_err(|error| failed_with(&error))?;
    Ok(file)
}

/// The repository of the current directory, or the one that the environment names, whatever its refs are stored in.
pub(super) fn open() -> Result<Option<gix::Repository>, SourceError> {
    let options = upwards::Options { match_ceiling_dir_or_error: false, ..upwards::Options::default() };
    match ThreadSafeRepository::discover_with_environment_overrides_opts(".", options, Mapping::default()) {
        Ok(repository) => Ok(Some(repository.to_thread_local())),
        Err(error) if error.downcast_any_ref::<upwards::Error>().is_some() => Ok(None),
        Err(error) => Err(failed("opening the repository of the current directory".to_owned(), error)),
    }
}

fn outside() -> Result<File, SourceError> {
    let read = || -> Result<File, gix::Error> {
        let mut file = File::from_globals()?;
        file.append(File::from_environment_overrides()?)?;
        Ok(file)
    };
    read().map_err(|error| failed("reading the settings of git".to_owned(), error))
}

fn scope_of(meta: &gix::config::file::Metadata) -> Scope {
    match meta.source {
        Source::GitInstallation | Source::System => Scope::System,
        Source::Git | Source::User => Scope::User,
        Source::Local | Source::Worktree => Scope::Repository,
        Source::Env | Source::Cli | Source::Api | Source::EnvOverride => Scope::Command,
    }
}

/// Takes out all values of a name, and sections that are empty then.
fn remove(config: &mut File, section: &str, name: &str) {
    let ids: Vec<_> = config
        .sections_and_ids_by_name(section)
        .into_iter()
        .flatten()
        .filter(|(section, _)| section.contains_value_name(name) && section.header().subsection_name().is_none())
        .map(|(_, id)| id)
        .collect();
    for id in ids {
        let Some(mut section) = config.section_mut_by_id(id) else { continue };
        while section.remove(name).is_some() {}
        if section.num_values() == 0 {
            config.remove_section_by_id(id);
        }
    }
}

/// Another name beside a file, which git takes as a sign to leave the file alone.
struct Lock {
    path: PathBuf,
    target: PathBuf,
    held: bool,
}

impl Lock {
    fn acquire(target: &Path) -> io::Result<Self> {
        if let Some(directory) = target.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            fs::create_dir_all(directory)?;
        }
        let mut path = OsString::from(target);
        path.push(".lock");
        let path = PathBuf::from(path);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => Ok(Self { path, target: target.to_owned(), held: true }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(io::Error::new(error.kind(), format!("{} exists: another program is writing it", path.display())))
            }
            Err(error) => Err(error),
        }
    }

    /// Puts the content in the place of the file, with the file's permissions.
    fn commit(mut self, content: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).truncate(true).open(&self.path)?;
        file.write_all(content)?;
        file.sync_all()?;
        if let Ok(metadata) = fs::metadata(&self.target) {
            fs::set_permissions(&self.path, metadata.permissions())?;
        }
        fs::rename(&self.path, &self.target)?;
        self.held = false;
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.held {
            // There is no one left to tell; git names the file when it meets it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn xdg_config(home: &Path) -> PathBuf {
    let set = env::var_os("XDG_CONFIG_HOME").filter(|value| !value.is_empty());
    set.map_or_else(|| home.join(".config"), PathBuf::from)
}

fn no_home(what: &str) -> SourceError {
    failed(format!("finding {what}"), "there is no home directory")
}

fn bytes(value: OsString) -> Vec<u8> {
    gix::path::os_string_into_bstring(value).map(Into::into).unwrap_or_default()
}

/// The settings in `GIT_CONFIG_PARAMETERS`: `'name'='value'`, `'name'=` for one without a value, or, of a git before
/// 2.31, `'name=value'`. None if it is neither.
fn parameters(given: &[u8]) -> Option<Vec<(BString, Option<BString>)>> {
    let mut settings = Vec::new();
    let mut rest = given.trim_ascii();
    while !rest.is_empty() {
        let (name, after) = unquoted(rest)?;
        let (setting, after) = match after.strip_prefix(b"=") {
            Some(quoted) if quoted.starts_with(b"'") => {
                let (value, after) = unquoted(quoted)?;
                ((name, Some(value)), after)
            }
            Some(after) => ((name, None), after),
            None => (split(&name), after),
        };
        settings.push(setting);
        rest = after.trim_ascii_start();
        if rest.len() == after.len() && !rest.is_empty() {
            return None;
        }
    }
    Some(settings)
}

/// Section and name have no case; what is between them has.
fn canonical(mut key: Vec<u8>) -> Vec<u8> {
    let first = key.find_byte(b'.').unwrap_or(key.len());
    let last = key.rfind_byte(b'.').unwrap_or(0);
    key[..first].make_ascii_lowercase();
    key[last..].make_ascii_lowercase();
    key
}

fn split(setting: &[u8]) -> (BString, Option<BString>) {
    match setting.split_once_str("=") {
        Some((name, value)) => (name.into(), Some(value.into())),
        None => (setting.into(), None),
    }
}

/// A word in the shell quotes of git (`'it'\''s'`), and what follows it.
fn unquoted(quoted: &[u8]) -> Option<(BString, &[u8])> {
    let mut word = BString::default();
    let mut rest = quoted.strip_prefix(b"'")?;
    loop {
        let end = rest.find_byte(b'\'')?;
        word.extend_from_slice(&rest[..end]);
        rest = &rest[end + 1..];
        match rest {
            [b'\\', escaped @ (b'\'' | b'!'), b'\'', ..] => {
                word.push(*escaped);
                rest = &rest[3..];
            }
            _ => return Some((word, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(given: &str) -> Option<Vec<String>> {
        let show = |(name, value): (BString, Option<BString>)| match value {
            Some(value) => format!("{name}={value}"),
            None => format!("{name} alone"),
        };
        parameters(given.as_bytes()).map(|settings| settings.into_iter().map(show).collect())
    }

    #[test]
    fn parameters_of_every_git_are_read() {
        assert_eq!(parsed("").unwrap(), [""; 0]);
        assert_eq!(parsed("'a.b'='c'").unwrap(), ["a.b=c"]);
        assert_eq!(parsed("'a.b=c=d' 'e.f'").unwrap(), ["a.b=c=d", "e.f alone"]);
        assert_eq!(parsed("'a.b'= 'c.d'='it'\\''s' 'e.f'='wow'\\!''").unwrap(), ["a.b alone", "c.d=it's", "e.f=wow!"]);
        assert_eq!(parsed(" 'a.b'='c  d' ").unwrap(), ["a.b=c  d"]);
    }

    #[test]
    fn what_git_did_not_make_is_refused() {
        for given in ["a.b=c", "'a.b", "'a.b'='c", "'a.b''c.d'", "'a'x", "'a'\\"] {
            assert_eq!(parsed(given), None, "{given}");
        }
    }

    #[test]
    fn a_setting_is_taken_out_with_its_section_and_nothing_else() {
        let text = "# mine\n[user]\n\tname = A\n[core]\n\thooksPath = /x\n[alias]\n\tci = commit\n";
        let mut config = File::try_from(text).unwrap();
        remove(&mut config, "core", "hookspath");
        assert_eq!(config.to_string(), "# mine\n[user]\n\tname = A\n[alias]\n\tci = commit\n");
        let mut config = File::try_from("[core]\n\thooksPath = /x\n\tpager = less\n").unwrap();
        remove(&mut config, "core", "hooksPath");
        assert_eq!(config.to_string(), "[core]\n\tpager = less\n");
    }
}
