//! Which untracked files git's rules ignore: `.gitignore` of each directory, `info/exclude` of the repository and the
//! user's `core.excludesFile`, in git's order of precedence. No other file's rules count, and outside a repository none.
//!
//! The walker of the `ignore` crate could apply these itself. It is not asked to, because it says nothing of what it
//! leaves out, which we count, and because it follows a `.gitignore` that is a link: one to `/dev/zero` is read for
//! ever. Its matcher for a single file of patterns does the matching here.

use std::{
    collections::HashMap,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

use super::{
    Names,
    platform::{self, Links},
};

/// A longer file of patterns is not read, hence ignores nothing. Real ones have some kilobytes.
const LONGEST_PATTERNS: u64 = 4 << 20;

/// The rules of all directories that were asked about so far.
pub(super) struct Filter {
    /// Directories that are scanned because they were named, whatever a rule says.
    roots: Vec<PathBuf>,
    /// Tops of known work trees, with their `info/exclude`.
    tops: Vec<(PathBuf, Option<PathBuf>)>,
    /// Looked up, never iterated over.
    directories: Mutex<HashMap<PathBuf, Arc<Rules>>>,
}

/// What counts for the entries of one directory.
pub(super) struct Rules {
    /// The directory itself is ignored, and with it all that is untracked below.
    ignored: bool,
    /// Its own `.gitignore`.
    patterns: Gitignore,
    next: Next,
}

/// Where to look when a directory's own patterns say nothing.
enum Next {
    /// It is not in a repository.
    Nowhere,
    /// In the directory above, of the same repository.
    Parent(Arc<Rules>),
    /// It is the top: in `info/exclude`, then in the user's own file.
    Repository(Box<[Gitignore; 2]>),
}

impl Filter {
    /// Rules for what lies below `roots`; `names` are the repositories known to hold them. All paths are absolute, with
    /// no link in them.
    pub(super) fn new(roots: &[PathBuf], names: &[&dyn Names]) -> Self {
        Self {
            roots: roots.to_vec(),
            tops: names.iter().map(|names| (names.work_tree().to_path_buf(), names.exclude_file())).collect(),
            directories: Mutex::default(),
        }
    }

    /// Whether a repository was known before the walk.
    pub(super) fn knows(&self, top: &Path) -> bool {
        self.tops.iter().any(|(known, _)| known == top)
    }

    /// The rules for the entries of `directory`.
    pub(super) fn rules(&self, directory: &Path) -> Arc<Rules> {
        let mut above = Vec::new();
        let mut known = None;
        for ancestor in directory.ancestors() {
            known = self.lock().get(ancestor).cloned();
            if known.is_some() {
                break;
            }
            above.push(ancestor);
        }
        for ancestor in above.into_iter().rev() {
            let rules = Arc::new(self.read(ancestor, known.as_ref()));
            self.lock().insert(ancestor.to_path_buf(), Arc::clone(&rules));
            known = Some(rules);
        }
        known.expect("a path is its own first ancestor")
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Arc<Rules>>> {
        self.directories.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, directory: &Path, parent: Option<&Arc<Rules>>) -> Rules {
        let known_top = self.tops.iter().find(|(top, _)| top == directory);
        if known_top.is_none() && directory.join(".git").symlink_metadata().is_err() {
            return self.read_below(directory, parent);
        }
        let exclude = known_top.and_then(|(_, exclude)| exclude.clone());
        let exclude = exclude.unwrap_or_else(|| directory.join(".git/info/exclude"));
        let (global, error) = GitignoreBuilder::new(directory).build_global();
        if let Some(error) = error {
            log::debug!("reading core.excludesFile: {error}");
        }
        Rules {
            ignored: false,
            patterns: patterns(directory, &directory.join(".gitignore")),
            next: Next::Repository(Box::new([patterns(directory, &exclude), global])),
        }
    }

    fn read_below(&self, directory: &Path, parent: Option<&Arc<Rules>>) -> Rules {
        let Some(parent) = parent.filter(|parent| parent.is_in_repository()) else {
            return Rules { ignored: false, patterns: Gitignore::empty(), next: Next::Nowhere };
        };
        Rules {
            ignored: !self.roots.iter().any(|root| root == directory) && parent.ignore(directory, true),
            patterns: patterns(directory, &directory.join(".gitignore")),
            next: Next::Parent(Arc::clone(parent)),
        }
    }
}

impl Rules {
    /// Whether an untracked entry of this directory is ignored.
    pub(super) fn ignore(&self, path: &Path, is_dir: bool) -> bool {
        if self.ignored {
            return true;
        }
        let mut rules = self;
        loop {
            if let Some(verdict) = verdict(&rules.patterns, path, is_dir) {
                return verdict;
            }
            match &rules.next {
                Next::Nowhere => return false,
                Next::Parent(parent) => rules = parent,
                Next::Repository(files) => {
                    return files.iter().find_map(|patterns| verdict(patterns, path, is_dir)).unwrap_or(false);
                }
            }
        }
    }

    fn is_in_repository(&self) -> bool {
        !matches!(self.next, Next::Nowhere)
    }
}

/// What one file of patterns says of a path, if anything.
fn verdict(patterns: &Gitignore, path: &Path, is_dir: bool) -> Option<bool> {
    match patterns.matched(path, is_dir) {
        Match::None => None,
        Match::Ignore(_) => Some(true),
        Match::Whitelist(_) => Some(false),
    }
}

/// The patterns of a file, which hold for `directory`. Of one that is missing, or not a file, or has a line that is no
/// pattern, as much as there is: what no rule ignores is scanned.
fn patterns(directory: &Path, file: &Path) -> Gitignore {
    let text = match read_patterns(file) {
        Ok(text) => text,
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                log::debug!("no ignore rules from {}: {error}", file.display());
            }
            return Gitignore::empty();
        }
    };
    let mut builder = GitignoreBuilder::new(directory);
    for line in text.trim_start_matches('\u{feff}').lines() {
        if let Err(error) = builder.add_line(None, line) {
            log::debug!("not a pattern in {}: {error}", file.display());
        }
    }
    builder.build().unwrap_or_else(|error| {
        log::debug!("no ignore rules from {}: {error}", file.display());
        Gitignore::empty()
    })
}

fn read_patterns(path: &Path) -> io::Result<String> {
    let file = platform::open(path, Links::Refuse)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > LONGEST_PATTERNS {
        return Err(io::Error::other("not a regular file of sensible length"));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST_PATTERNS).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
