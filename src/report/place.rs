//! Places in words: where a finding is for a person, which file of the repository that is, and where a code host shows it.

use super::relative;
use crate::model::{Escaped, Location, Occurrence, Origin, Text, Vcs, is_absolute};

/// `path:line:column`; for what is not in a file's content, what it is instead. `display` makes of a path what is shown.
pub(super) fn place(occurrence: &Occurrence, display: impl Fn(&str) -> String) -> String {
    let document = document(&occurrence.origin, &occurrence.path, display);
    match (&occurrence.origin, &occurrence.location) {
        (Origin::FileName(_), _) => format!("{document} (its name)"),
        (Origin::LinkTarget(_), _) => format!("{document} (the link's target)"),
        (Origin::Ref(_), _) => format!("{document} (a ref's name)"),
        (_, Some(location)) => format!("{document}:{}", line_and_column(location)),
        (_, None) => document,
    }
}

/// The same seen from the root of the run, for a report that is read elsewhere.
pub(super) fn place_from_root(occurrence: &Occurrence) -> String {
    place(occurrence, str::to_owned)
}

/// What a place is in.
pub(super) fn document(origin: &Origin, path: &Text, display: impl Fn(&str) -> String) -> String {
    match origin {
        Origin::Stdin => "<stdin>".to_owned(),
        Origin::Commit(id) => format!("commit {id:.12}"),
        Origin::Tag(id) => format!("tag {id:.12}"),
        Origin::Object(id) => format!("object {id:.12}"),
        Origin::Database => "the object database".to_owned(),
        Origin::Ref(_) => Escaped(path.as_str()).to_string(),
        _ => Escaped(&display(relative(path.as_str()))).to_string(),
    }
}

/// `14:22`.
pub(super) fn line_and_column(location: &Location) -> String {
    format!("{}:{}", location.start_line, location.start_column)
}

/// The file below the root that a place is in, or whose name it is: what a code host can show.
pub(super) fn file<'a>(origin: &Origin, path: &'a Text) -> Option<&'a str> {
    match origin {
        Origin::File(_) | Origin::FileName(_) | Origin::LinkTarget(_) | Origin::Staged(_) | Origin::Blob { .. } => {
            Some(relative(path.as_str())).filter(|path| !is_absolute(path))
        }
        Origin::Stdin
        | Origin::MessageFile(_)
        | Origin::Commit(_)
        | Origin::Tag(_)
        | Origin::Object(_)
        | Origin::Database
        | Origin::Ref(_) => None,
    }
}

/// The line of a place; none if what it names is no text of a file, or could not be read again.
pub(super) fn line(occurrence: &Occurrence) -> Option<&Location> {
    let is_name = matches!(occurrence.origin, Origin::FileName(_) | Origin::LinkTarget(_) | Origin::Ref(_));
    occurrence.location.as_ref().filter(|_| !is_name)
}

/// Where GitHub or GitLab show a line of a commit, if the repository was cloned from there. `path` is percent-encoded.
pub(super) fn permalink(vcs: &Vcs, commit: &str, path: &str, line: Option<usize>) -> Option<String> {
    let repository = vcs.repository_uri.as_ref()?.as_str().trim_end_matches('/');
    let repository = repository.strip_suffix(".git").unwrap_or(repository);
    let host = repository.strip_prefix("https://")?.split('/').next()?;
    let blob = match host.split('.').find(|part| ["github", "gitlab"].contains(part))? {
        "gitlab" => "-/blob",
        _ => "blob",
    };
    let line = line.map(|line| format!("#L{line}")).unwrap_or_default();
    Some(format!("{repository}/{blob}/{commit}/{path}{line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permalink_is_made_for_hosts_that_are_known() {
        let link = |uri: &str| {
            let vcs = Vcs { repository_uri: Some(Text::own(uri)), ..Vcs::default() };
            permalink(&vcs, "3f9c", "a%20b.c", Some(7))
        };
        let github = "https://github.com/a/b/blob/3f9c/a%20b.c#L7";
        assert_eq!(link("https://github.com/a/b.git").as_deref(), Some(github));
        let gitlab = "https://gitlab.example.org/a/b/c/-/blob/3f9c/a%20b.c#L7";
        assert_eq!(link("https://gitlab.example.org/a/b/c/").as_deref(), Some(gitlab));
        for other in ["ssh://git@github.com/a/b", "https://git.example/a", "https://notgithub.com/a/b", "https://"] {
            assert_eq!(link(other), None, "{other}");
        }
    }
}
