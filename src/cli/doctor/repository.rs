//! What of a repository keeps a search from seeing all.

use keysieve::git::{Condition, Repository};

use super::{Check, Level};

/// Of the repository of the current directory.
pub(super) fn checks(repository: &Repository, condition: &Condition) -> Vec<Check> {
    let tree = repository.work_tree();
    let top = tree.as_ref().map(|tree| keysieve::source::Names::work_tree(tree).display().to_string());
    let kind = match (&top, condition.is_linked) {
        (None, _) => "bare".to_owned(),
        (Some(top), false) => top.clone(),
        (Some(top), true) => format!("{top}, a linked work tree"),
    };
    let mut checks = vec![if condition.is_foreign {
        Check::new(
            Level::Fail,
            "repository",
            &format!("{kind}, belongs to another user, so that git does not work in it and its settings do not count"),
            "git config --global --add safe.directory, if you trust it",
        )
    } else {
        Check::ok("repository", kind)
    }];
    checks.push(if condition.is_shallow {
        Check::new(
            Level::Warn,
            "history",
            "shallow: older commits are not here, and are not looked at",
            "git fetch --unshallow before keysieve history or keysieve diff",
        )
    } else if condition.is_partial {
        Check::new(
            Level::Warn,
            "history",
            "a partial clone: keysieve fetches nothing, and reports objects that are missing as not read",
            "git fetch --refetch --no-filter before keysieve history",
        )
    } else {
        Check::ok("history", "all of it is here, neither shallow nor a partial clone")
    });
    checks
}
