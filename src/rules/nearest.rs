//! The known word that a misspelt one was probably meant to be. For error messages only.

/// More edits than this in three letters, and the two words are different words.
const LETTERS_PER_EDIT: usize = 3;
/// A longer word is a text, not a slip of the pen; comparing it would cost time for nothing.
const LONGEST_WORD: usize = 64;

/// The word of `known` that is fewest edits away from `word`, if it is near enough to be meant; the first of several.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let near = |candidate: &&str| distance(word, candidate) <= word.len().max(3) / LETTERS_PER_EDIT;
    known.into_iter().filter(near).min_by_key(|candidate| distance(word, candidate))
}

/// `did you mean ...?` with a separator before it, or nothing.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map(|known| format!("; did you mean `{known}`?")).unwrap_or_default()
}

/// Levenshtein's distance in bytes: insertions, deletions and substitutions.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        for (a, b, edits) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("anchor", "anchors", 1)]
        {
            assert_eq!(distance(a, b), edits, "{a} {b}");
        }
    }

    #[test]
    fn suggests_only_what_may_be_meant() {
        let known = ["anchors", "examples", "edges"];
        assert_eq!(nearest("anchor", known), Some("anchors"));
        assert_eq!(nearest("exmaples", known), Some("examples"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest("x", known), None);
        assert_eq!(nearest(&"anchors".repeat(20), known), None);
    }
}
