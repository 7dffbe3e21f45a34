//! How much each allowed pattern clears. It is looked for in `path:line:text`, so that a short word clears more than whoever
//! wrote it may think.

use std::fs;

use bstr::ByteSlice;

use super::{
    Error,
    grep::is_binary,
    patterns::{self, Matcher, Unusable},
};
use crate::git::porcelain::{Place, Scope, Settings, c_quoted};

/// An allowed pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Which one it is, for a person.
    pub pattern: String,
    /// How many lines of the tracked files it would clear.
    pub lines: u64,
}

/// What is allowed in the repository of the current directory, and of how many lines that is.
///
/// # Errors
/// If the repository or its configuration cannot be read, or an allowed pattern cannot be used.
pub fn allowances() -> Result<(Vec<Allowance>, u64), Error> {
    let Some(place) = Place::here()? else { return Ok((Vec::new(), 0)) };
    let Some(top) = place.top() else { return Ok((Vec::new(), 0)) };
    let settings = Settings::read(Some(&place), Scope::Default)?;
    let unusable = |Unusable { place, reason }| Error::Allowed { place, reason };
    let mut matchers = Vec::new();
    for pattern in patterns::allowed(&settings, Some(top))? {
        let allowance = Allowance { pattern: pattern.place().to_owned(), lines: 0 };
        matchers.extend(Matcher::anywhere(&[pattern]).map_err(unusable)?.map(|matcher| (matcher, allowance)));
    }
    let mut all = 0;
    if matchers.is_empty() {
        return Ok((Vec::new(), all));
    }
    for entry in place.tracked(&place.objects()?.reader(), &|_| true)? {
        let path = top.join(entry.path.to_path_lossy());
        let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
        let Some(text) = is_file.then(|| fs::read(&path).ok()).flatten().filter(|text| !is_binary(text)) else {
            continue;
        };
        let label = c_quoted(&entry.path, place.quotes_beyond_ascii());
        for (nth, line) in text.lines_with_terminator().enumerate() {
            let record =
                [&label[..], format!(":{}:", nth + 1).as_bytes(), line.trim_end_with(|it| it == '\n')].concat();
            let clears = matchers.iter_mut().filter(|(matcher, _)| matcher.is_match(&record));
            clears.for_each(|(_, allowance)| allowance.lines += 1);
            all += 1;
        }
    }
    Ok((matchers.into_iter().map(|(_, allowance)| allowance).collect(), all))
}
