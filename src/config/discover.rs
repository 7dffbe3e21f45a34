//! Where configuration files are, and how one is read that may be anything: a link, a device, a gigabyte. What is not there is
//! not there, at the price of a look; what is there and cannot be read is an error.

use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::{env, fs};

use crate::git::user_config_directory;
use crate::rules::Faults;

/// The name of the file at the top of a work tree.
pub const REPOSITORY_FILE: &str = ".keysieve.toml";
/// The variable that names the file of all users in the place of the usual one.
pub const SYSTEM_VARIABLE: &str = "KEYSIEVE_CONFIG_SYSTEM";

/// Larger files are refused, in bytes: no person writes so much.
const LARGEST: u64 = 1 << 20;
/// The file of a user or of all, below a directory for the settings of programs.
const BELOW: [&str; 2] = ["keysieve", "config.toml"];

/// A file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path, as errors call it.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// The file that is for all users of this machine.
pub fn system_file() -> Option<PathBuf> {
    if let Some(named) = env::var_os(SYSTEM_VARIABLE) {
        return (!named.is_empty()).then(|| PathBuf::from(named));
    }
    let directory = if cfg!(windows) { env::var_os("PROGRAMDATA").map(PathBuf::from)? } else { PathBuf::from("/etc") };
    Some(below(directory))
}

/// The user's own file; none without a home directory.
pub fn user_file() -> Option<PathBuf> {
    let of_windows = || env::var_os("APPDATA").filter(|value| !value.is_empty()).map(PathBuf::from);
    let directory = if cfg!(windows) { of_windows() } else { None };
    directory.or_else(|| user_config_directory().ok()).map(below)
}

fn below(directory: PathBuf) -> PathBuf {
    BELOW.iter().fold(directory, |path, name| path.join(name))
}

/// Reads the file with this path, if there is one.
///
/// # Errors
/// If it cannot be read, is no regular file, is larger than 1 MiB, or is not UTF-8.
pub fn read(path: &Path) -> Result<Option<Found>, Faults> {
    let name = path.display().to_string();
    let metadata = match fs::metadata(path) {
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Faults::of_file(name, format!("reading the configuration: {error}"))),
        Ok(metadata) => metadata,
    };
    if !metadata.is_file() {
        return Err(Faults::of_file(name, "reading the configuration: it is no regular file"));
    }
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| Faults::of_file(&*name, format!("reading the configuration: {error}")))?;
    Ok(Some(Found { text: text(&name, bytes)?, name }))
}

/// The same for a file that a repository brings along: a link is refused, wherever it leads.
///
/// # Errors
/// As those of [`read`], and if it is a link.
pub fn read_of_repository(path: &Path) -> Result<Option<Found>, Faults> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => {
            let reason = "it is a link: a repository cannot name files of the machine";
            Err(Faults::of_file(path.display().to_string(), reason))
        }
        _ => read(path),
    }
}

/// The path of a file that a repository's configuration names, as it is on disk: below `top`, whatever links are on the way.
///
/// # Errors
/// If it is not, or not there; in words for whoever wrote the configuration.
pub fn within(top: &Path, named: &str) -> Result<PathBuf, String> {
    let real = |path: &Path| dunce::canonicalize(path).map_err(|error| format!("reading it: {error}"));
    let (path, top) = (top.join(plain(named)?), real(top)?);
    let path = real(&path)?;
    if path.starts_with(&top) { Ok(path) } else { Err(OUTSIDE.to_owned()) }
}

/// The same as a path of names with slashes between them, of which none leads up.
///
/// # Errors
/// If it is none.
pub fn plain(named: &str) -> Result<String, String> {
    let mut names = Vec::new();
    for part in Path::new(named).components() {
        match part {
            Component::Normal(name) => names.push(name.to_string_lossy()),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(OUTSIDE.to_owned()),
        }
    }
    if names.is_empty() { Err(OUTSIDE.to_owned()) } else { Ok(names.join("/")) }
}

const OUTSIDE: &str = "the configuration of a repository names files of the repository, and no others";

/// What a configuration file holds.
///
/// # Errors
/// If it is larger than 1 MiB or not UTF-8.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, Faults> {
    if bytes.len() as u64 > LARGEST {
        return Err(Faults::of_file(name, format!("the configuration has more than {LARGEST} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let line =
            error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        Faults::at(name, line, "it is not UTF-8")
    })?;
    Ok(text)
}

/// A directory on the way that is a file, or is not there, is as good as no file.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_are_read() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("c.toml");
        assert_eq!(read(&path), Ok(None));
        assert_eq!(read(&path.join("below")), Ok(None));
        fs::write(&path, "a = 1\n").expect("it can be written");
        assert_eq!(read(&path).map(|found| found.map(|found| found.text)), Ok(Some("a = 1\n".to_owned())));
        assert_eq!(read(&path.join("below")), Ok(None));
        assert!(read(dir.path()).unwrap_err().to_string().ends_with("it is no regular file"));
        fs::write(&path, b"a\n\xff").expect("it can be written");
        assert!(read(&path).unwrap_err().to_string().ends_with("c.toml:2: it is not UTF-8"));
        fs::write(&path, " ".repeat(LARGEST as usize + 1)).expect("it can be written");
        assert!(read(&path).unwrap_err().to_string().contains("more than 1048576 bytes"));
    }

    #[cfg(unix)]
    #[test]
    fn a_repository_names_its_own_files_only() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().expect("a temporary directory");
        let top = dir.path().join("top");
        fs::create_dir_all(top.join("rules")).expect("it can be made");
        fs::write(dir.path().join("outside"), "").expect("it can be written");
        fs::write(top.join("rules/a.toml"), "").expect("it can be written");
        symlink("../outside", top.join("link")).expect("it can be made");
        symlink("..", top.join("up")).expect("it can be made");
        symlink("rules", top.join("down")).expect("it can be made");
        for named in ["rules/a.toml", "./rules/a.toml", "down/a.toml"] {
            assert!(within(&top, named).is_ok(), "{named}");
        }
        let outside = dir.path().join("outside").display().to_string();
        for named in ["../outside", "link", "up/outside", "rules/../rules/a.toml", &outside, "missing"] {
            assert!(within(&top, named).is_err(), "{named}");
        }
        assert!(read_of_repository(&top.join("link")).is_err());
        assert_eq!(read_of_repository(&top.join("missing")), Ok(None));
    }
}
