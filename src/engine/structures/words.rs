//! Splits identifiers into the words they are made of: `dbRootPassword2`, `DB_ROOT_PASSWORD2` and `db.root-password2`
//! are all *db*, *root*, *password2*. Digits stay with the letters before them, so that *md5* and *s3* are words.

/// The words of `text`, in order, as they are written.
pub(super) fn words(text: &[u8]) -> Words<'_> {
    Words { rest: text }
}

/// Mean length of the words of `text`; of names it is 4 and more, of random text in both cases 2.4.
pub(super) fn mean_length(text: &[u8]) -> f32 {
    let (count, total) = words(text).fold((0, 0), |(count, total), word| (count + 1, total + word.len()));
    if count == 0 { 0.0 } else { total as f32 / count as f32 }
}

/// A word without the digits at its end.
pub(super) fn without_digits(word: &[u8]) -> &[u8] {
    let end = word.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |last| last + 1);
    &word[..end]
}

/// Iterator over the words of a text.
#[derive(Clone, Debug)]
pub(super) struct Words<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let start = self.rest.iter().position(|&byte| is_word(byte))?;
        let text = &self.rest[start..];
        let end = (1..text.len()).find(|&at| !is_word(text[at]) || turns(text, at)).unwrap_or(text.len());
        self.rest = &text[end..];
        Some(&text[..end])
    }
}

/// Letters beyond ASCII count as letters of either case.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// Whether a new word begins at `at`: `x|Y`, `HTTP|Server`, `1|a`.
fn turns(text: &[u8], at: usize) -> bool {
    let (before, here) = (text[at - 1], text[at]);
    match (before, here) {
        (b'0'..=b'9', _) => !here.is_ascii_digit(),
        (b'a'..=b'z', b'A'..=b'Z') => true,
        (b'A'..=b'Z', b'A'..=b'Z') => text.get(at + 1).is_some_and(u8::is_ascii_lowercase),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        words(text.as_bytes()).map(|word| std::str::from_utf8(word).unwrap()).collect()
    }

    #[test]
    fn every_style_of_name() {
        for (name, expected) in [
            ("dbRootPassword2", &["db", "Root", "Password2"][..]),
            ("DB_ROOT_PASSWORD", &["DB", "ROOT", "PASSWORD"]),
            ("db.root-password", &["db", "root", "password"]),
            ("HTTPServerKey", &["HTTP", "Server", "Key"]),
            ("--api-key", &["api", "key"]),
            ("$s3secret", &["s3", "secret"]),
            ("contraseña", &["contraseña"]),
            ("x", &["x"]),
            ("", &[]),
            ("__", &[]),
        ] {
            assert_eq!(split(name), expected, "{name}");
        }
    }

    #[test]
    fn lengths() {
        assert_eq!(mean_length(b"user_access_token"), 5.0);
        assert_eq!(mean_length(b"--"), 0.0);
        assert_eq!(without_digits(b"password12"), b"password");
        assert_eq!(without_digits(b"12"), b"");
    }

    proptest! {
        #[test]
        fn words_lose_nothing_but_separators(text in proptest::collection::vec(any::<u8>(), 0..60)) {
            let joined: Vec<u8> = words(&text).flatten().copied().collect();
            let expected: Vec<u8> = text.iter().copied().filter(|&byte| is_word(byte)).collect();
            prop_assert_eq!(joined, expected);
        }
    }
}
