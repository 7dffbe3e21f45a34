//! Pathspecs, as a person types them after `git grep`: paths and directories, globs, and the magic words `top`, `exclude`,
//! `literal`, `glob` and `icase` with their short forms. Never used for paths that come from git itself.

use std::path::Path;

use bstr::ByteVec;
use gix::{bstr::ByteSlice, glob::wildmatch};

use crate::{git::repository::failed, source::SourceError};

/// Which paths are asked for.
#[derive(Debug)]
pub struct Pathspecs {
    wanted: Vec<Spec>,
    excluded: Vec<Spec>,
}

#[derive(Debug, Default)]
struct Spec {
    /// Below the top; a directory has no slash at its end.
    path: Vec<u8>,
    /// How much of it is the current directory, which is no glob.
    literal: usize,
    is_literal: bool,
    is_glob: bool,
    ignores_case: bool,
}

impl Pathspecs {
    /// Parses what was typed in the directory `prefix` below `top`. Nothing typed is everything below that directory.
    pub fn parse(specs: &[Vec<u8>], top: &Path, prefix: &[u8]) -> Result<Self, SourceError> {
        let mut parsed = Self { wanted: Vec::new(), excluded: Vec::new() };
        for spec in specs {
            let (spec, excluded) = parse(spec, top, prefix)?;
            if excluded { parsed.excluded.push(spec) } else { parsed.wanted.push(spec) }
        }
        if parsed.wanted.is_empty() {
            let path = prefix.trim_end_with(|end| end == '/').to_vec();
            parsed.wanted.push(Spec { literal: path.len(), path, is_literal: true, ..Spec::default() });
        }
        Ok(parsed)
    }

    /// Whether the path of a file is asked for.
    pub fn matches(&self, path: &[u8]) -> bool {
        let any = |specs: &[Spec]| specs.iter().any(|spec| spec.matches(path));
        any(&self.wanted) && !any(&self.excluded)
    }
}

impl Spec {
    fn matches(&self, path: &[u8]) -> bool {
        if self.path.is_empty() {
            return true;
        }
        let same = |a: &[u8], b: &[u8]| if self.ignores_case { a.eq_ignore_ascii_case(b) } else { a == b };
        let head = path.get(..self.path.len()).is_some_and(|head| same(head, &self.path));
        if head && matches!(path.get(self.path.len()), None | Some(b'/')) {
            return true;
        }
        let directory = &self.path[..self.literal];
        !self.is_literal
            && path.get(..self.literal).is_some_and(|head| same(head, directory))
            && wildmatch(self.path[self.literal..].as_bstr(), path[self.literal..].as_bstr(), self.mode())
    }

    fn mode(&self) -> wildmatch::Mode {
        let mut mode = wildmatch::Mode::empty();
        mode.set(wildmatch::Mode::NO_MATCH_SLASH_LITERAL, self.is_glob);
        mode.set(wildmatch::Mode::IGNORE_CASE, self.ignores_case);
        mode
    }
}

/// One pathspec, and whether it excludes.
fn parse(text: &[u8], top: &Path, prefix: &[u8]) -> Result<(Spec, bool), SourceError> {
    let refuse = |why: &str| failed(format!("reading the pathspec '{}'", text.as_bstr()), why);
    let (mut spec, mut is_top, mut excluded) = (Spec::default(), false, false);
    let mut path = text;
    if let Some(words) = text.strip_prefix(b":(") {
        let end = words.find_byte(b')').ok_or_else(|| refuse("its ')' is missing"))?;
        path = &words[end + 1..];
        for word in words[..end].split(|&byte| byte == b',') {
            match word {
                b"top" => is_top = true,
                b"exclude" => excluded = true,
                b"literal" => spec.is_literal = true,
                b"glob" => spec.is_glob = true,
                b"icase" => spec.ignores_case = true,
                b"" => {}
                _ => return Err(refuse("this magic is not supported")),
            }
        }
    } else if let Some(signs) = text.strip_prefix(b":") {
        let end = signs.iter().position(|sign| !b"/!^".contains(sign)).unwrap_or(signs.len());
        is_top = signs[..end].contains(&b'/');
        excluded = signs[..end].iter().any(|sign| b"!^".contains(sign));
        path = signs[end..].strip_prefix(b":").unwrap_or(&signs[end..]);
    }
    let below = path.to_path_lossy();
    let (prefix, path) = match below.strip_prefix(top) {
        Ok(below) => (&b""[..], Vec::from_path_lossy(below).into_owned()),
        Err(_) if below.has_root() => return Err(refuse("it is outside of the work tree")),
        Err(_) if is_top => (&b""[..], path.to_vec()),
        Err(_) => (prefix, path.to_vec()),
    };
    let path = path.as_slice();
    spec.path = joined(prefix, path).ok_or_else(|| refuse("it is outside of the work tree"))?;
    spec.literal = prefix.len().min(spec.path.len());
    if !spec.path.starts_with(&prefix[..spec.literal]) {
        spec.literal = 0;
    }
    Ok((spec, excluded))
}

/// `path` as seen from the top, without `.`, `..`, and empty parts.
fn joined(prefix: &[u8], path: &[u8]) -> Option<Vec<u8>> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in prefix.split(|&byte| byte == b'/').chain(path.split(|&byte| byte == b'/')) {
        match part {
            b"" | b"." => {}
            b".." => _ = parts.pop()?,
            _ => parts.push(part),
        }
    }
    Some(parts.join(&b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matching<'p>(specs: &[&str], prefix: &str, paths: &[&'p str]) -> Vec<&'p str> {
        let specs: Vec<Vec<u8>> = specs.iter().map(|spec| spec.as_bytes().to_vec()).collect();
        let specs = Pathspecs::parse(&specs, Path::new("/top"), prefix.as_bytes()).expect("these are pathspecs");
        paths.iter().copied().filter(|path| specs.matches(path.as_bytes())).collect()
    }

    #[test]
    fn paths_directories_globs_and_magic() {
        let paths = ["a.rs", "src/b.rs", "src/deep/c.rs", "src/deep/d.txt", "srcs"];
        let check = |specs: &[&str], prefix: &str, expect: &[&str]| {
            assert_eq!(matching(specs, prefix, &paths), expect, "{specs:?} in {prefix:?}");
        };
        check(&[], "", &paths);
        check(&[], "src/", &["src/b.rs", "src/deep/c.rs", "src/deep/d.txt"]);
        check(&["src"], "", &["src/b.rs", "src/deep/c.rs", "src/deep/d.txt"]);
        check(&["src/"], "", &["src/b.rs", "src/deep/c.rs", "src/deep/d.txt"]);
        check(&["*.rs"], "", &["a.rs", "src/b.rs", "src/deep/c.rs"]);
        check(&["*.rs"], "src/", &["src/b.rs", "src/deep/c.rs"]);
        check(&[":(glob)*.rs"], "", &["a.rs"]);
        check(&[":(literal)*.rs"], "", &[]);
        check(&[":!src"], "", &["a.rs", "srcs"]);
        check(&["../a.rs"], "src/", &["a.rs"]);
        check(&[":/"], "src/", &paths);
        check(&[":(top,icase)SRC/deep"], "src/", &["src/deep/c.rs", "src/deep/d.txt"]);
        check(&["."], "", &paths);
        check(&["/top/src/deep"], "src/", &["src/deep/c.rs", "src/deep/d.txt"]);
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        for spec in [":(attr:binary)x", ":(top", "../../x", "/elsewhere"] {
            assert!(Pathspecs::parse(&[spec.as_bytes().to_vec()], Path::new("/top"), b"src/").is_err(), "{spec}");
        }
    }
}
