//! Where something holds: a pattern of paths, as a line of .gitignore has it, seen from the top of the work tree.

use std::fmt;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::model::Name;

/// A pattern of paths. It fits a path if git would ignore that by it: `docs/` is all below, `*.md` is anywhere, `/a` is at
/// the top.
#[derive(Clone)]
pub struct Scope {
    text: String,
    pattern: Gitignore,
}

impl Scope {
    /// The pattern that is written so.
    ///
    /// # Errors
    /// If it is none, or one that takes something out.
    pub fn new(text: &str) -> Result<Self, String> {
        let fail = |reason: &str| Err(format!("path is no pattern of paths: {reason}"));
        if text.trim().trim_matches('/').is_empty() || text.starts_with(['!', '#']) {
            return fail("it is empty, names nothing, or begins with ! or #");
        }
        let mut builder = GitignoreBuilder::new("");
        if let Err(error) = builder.add_line(None, text) {
            return fail(&error.to_string());
        }
        match builder.build() {
            Ok(pattern) if pattern.num_ignores() == 1 => Ok(Self { text: text.to_owned(), pattern }),
            Ok(_) => fail("it fits nothing"),
            Err(error) => fail(&error.to_string()),
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a file with this path, or a directory that it is in, fits. A path of the machine never does.
    pub fn holds(&self, path: &Name) -> bool {
        let path = path.to_path();
        !path.has_root() && !path.is_absolute() && self.pattern.matched_path_or_any_parents(&path, false).is_ignore()
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Scope {}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scope").field(&self.text).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_one_of_gitignore() {
        for (pattern, path, expected) in [
            ("tests/**", "tests/a.env", true),
            ("tests/", "tests/deep/er/a.env", true),
            ("tests", "src/tests/a.env", true),
            ("/tests", "src/tests/a.env", false),
            ("tests/a.env", "src/tests/a.env", false),
            ("*.md", "docs/README.md", true),
            ("docs/*.md", "docs/deep/README.md", false),
            ("a.env", "/home/me/a.env", false),
            ("A.env", "a.env", false),
            ("a b", "a b", true),
            ("[", "a", false),
        ] {
            let scope = Scope::new(pattern);
            assert_eq!(scope.is_ok_and(|scope| scope.holds(&Name::new(path))), expected, "{pattern} {path}");
        }
        assert!(Scope::new("").is_err() && Scope::new("!a").is_err() && Scope::new("/").is_err());
    }
}
