//! What an unknown rule id was probably meant to be.

/// The candidate with the fewest edits from `given`, if these are few for its length.
pub(crate) fn nearest<'a>(given: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = given.chars().count() / EDITABLE_SHARE + 1;
    candidates
        .map(|candidate| (distance(given, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// One in this many characters may be wrong, and one more: beyond that a suggestion is a guess.
const EDITABLE_SHARE: usize = 3;

/// Levenshtein's: insertions, deletions and replacements, a row at a time.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        for (a, b, edits) in [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("abc", "abc", 0), ("ab", "ba", 2)]
        {
            assert_eq!(distance(a, b), edits, "{a} {b}");
            assert_eq!(distance(b, a), edits, "{b} {a}");
        }
    }

    #[test]
    fn suggests_the_nearest_or_nothing() {
        let ids = ["aws-access-key-id", "aws-session-token", "jwt"];
        assert_eq!(nearest("aws-acces-key-id", ids.into_iter()), Some("aws-access-key-id"));
        assert_eq!(nearest("jwd", ids.into_iter()), Some("jwt"));
        assert_eq!(nearest("something-else", ids.into_iter()), None);
    }
}
