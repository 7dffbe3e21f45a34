//! `keysieve diff`: what is between two revisions, or between those that a CI system names.

use anyhow::{Result, bail};
use keysieve::git::{Ends, Repository};

use super::ExitStatus;
use super::args::DiffArgs;
use super::console::Console;
use super::pull_request::{self, PullRequest};
use super::range::{self, Author, Change};

/// What stands between the two revisions of a range; the longer one first, since it begins with the other.
const SEPARATORS: [&str; 2] = ["...", ".."];
/// What an end is that is not named.
const HEAD: &str = "HEAD";

/// Searches what the range adds.
pub(crate) fn run(args: &DiffArgs, console: &Console) -> Result<ExitStatus> {
    let Some(repository) = Repository::here()? else {
        bail!("there is no git repository here: 'diff' searches what commits of one add");
    };
    let ends = match &args.range {
        Some(range) => {
            let (base, head) = ends(range);
            repository.between(Some(base), head)?
        }
        None => of_pull_request(&repository)?,
    };
    let change = Change { mode: "diff", ends, author: Author::Outsider, names_commits: false };
    range::run(change, &repository, &args.search, console)
}

fn of_pull_request(repository: &Repository) -> Result<Ends> {
    let PullRequest { base, head } = pull_request::of_environment(repository)?;
    log::debug!("from {base:?} to {head:?}, by the variables of the CI system");
    Ok(match head {
        Some(head) => repository.between(base.as_deref(), &head)?,
        // A branch was deleted: there is nothing new.
        None => Ends::default(),
    })
}

/// `BASE`, `BASE..HEAD`, `BASE...HEAD`, of which each end may be left out.
fn ends(range: &str) -> (&str, &str) {
    let parts = SEPARATORS.iter().find_map(|separator| range.split_once(separator));
    let (base, head) = parts.unwrap_or((range, HEAD));
    (if base.is_empty() { HEAD } else { base }, if head.is_empty() { HEAD } else { head })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_two_ends() {
        for (range, base, head) in [
            ("main", "main", "HEAD"),
            ("main..side", "main", "side"),
            ("main...side", "main", "side"),
            ("main..", "main", "HEAD"),
            ("..side", "HEAD", "side"),
            ("v1.0..v1.1", "v1.0", "v1.1"),
        ] {
            assert_eq!(ends(range), (base, head), "{range}");
        }
    }
}
