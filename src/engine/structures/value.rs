//! Tests of a value that stands where a secret may stand: first what speaks against it, then whether it looks like a
//! password. They judge the value, never the line around it. Random values have a file of their own, `random.rs`.

use super::placeholder::is_placeholder;
use super::public::is_public;
use super::published::is_published;
use super::random::{is_clear_gibberish, is_gibberish, is_random_password, looks_like_path};
use super::table::Table;
use super::words::{mean_length, words};
use crate::engine::confirm::percent_decoded;

/// Lengths of a password, in bytes.
pub(super) const SHORTEST_PASSWORD: usize = 6;
/// One of letters that are no word may be shorter.
const SHORTEST_GIBBERISH: usize = 4;
const LONGEST_PASSWORD: usize = 128;
/// Lengths of a password that is a word.
const SHORTEST_WORD: usize = 5;
const LONGEST_WORD: usize = 40;
/// In program source a shorter password needs three kinds of characters.
const SHORTEST_IN_CODE: usize = 8;
/// Of words strung together, the mean length of a word.
const SHORTEST_MEAN_WORD: f32 = 3.0;
/// A value that differs from its name in so few characters repeats it.
const MOST_EDITS: usize = 2;
/// A longer name or value is not compared letter by letter.
const LONGEST_COMPARED: usize = 64;

/// What makes a value no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Objection {
    /// It names the place where the secret is kept.
    Reference,
    /// It is encrypted.
    Encrypted,
    /// It is to be filled in.
    Placeholder,
    /// It repeats its own name.
    Echo,
    /// It is of a type that is no secret.
    Public,
    /// It is natural language.
    Prose,
}

/// The first thing that speaks against `value` under the name `name`; in a URL it may be percent-encoded.
pub(super) fn objection(value: &[u8], name: &[u8]) -> Option<Objection> {
    let decoded = memchr::memchr(b'%', value).map(|_| percent_decoded(value));
    let value = decoded.as_deref().unwrap_or(value);
    if is_encrypted(value) {
        Some(Objection::Encrypted)
    } else if is_reference(value) {
        Some(Objection::Reference)
    } else if is_placeholder(value) || is_published(value) {
        Some(Objection::Placeholder)
    } else if echoes(value, name) {
        Some(Objection::Echo)
    } else if is_public(value) {
        Some(Objection::Public)
    } else if is_prose(value) {
        Some(Objection::Prose)
    } else {
        None
    }
}

/// Whether a value only names a secret, hides it, or is to be filled in with one.
pub(in crate::engine) fn stands_for_secret(value: &[u8]) -> bool {
    is_encrypted(value) || is_reference(value) || is_placeholder(value) || is_published(value)
}

/// What the names of Java's ciphers for passwords begin with.
const CIPHER: &[u8] = b"PBEWith";

/// How much a value looks like a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Password {
    /// Enough in a file of settings, too little among a program's strings.
    Weak,
    /// Enough anywhere.
    Human,
    /// No person would have chosen it.
    Random,
}

/// Whether `value` looks like a password; one made of words alone does only where a phrase is asked for.
pub(super) fn password(value: &[u8], phrase: bool) -> Option<Password> {
    // `PBEWITHSHA256AND128BITAES-CBC-BC`, as Java names ciphers for passwords.
    let is_cipher = value.len() > CIPHER.len() && value[..CIPHER.len()].eq_ignore_ascii_case(CIPHER);
    if !(SHORTEST_GIBBERISH..=LONGEST_PASSWORD).contains(&value.len()) || is_mostly_foreign(value) || is_cipher {
        return None;
    }
    if value.len() < SHORTEST_PASSWORD {
        return is_short_gibberish(value).then_some(Password::Human);
    }
    let kinds = kinds_of_characters(value);
    if kinds < 2 || !phrase && is_words(value) {
        return if is_numbered_word(value) && value.len() > SHORTEST_PASSWORD {
            Some(Password::Human)
        } else {
            is_unlike_words(value).then_some(Password::Human)
        };
    }
    Some(match value.len() >= SHORTEST_IN_CODE {
        true if is_random_password(value) => Password::Random,
        true => Password::Human,
        false if kinds >= 3 || is_gibberish(value) && !is_algorithm(value) => Password::Human,
        false if value.iter().filter(|byte| !byte.is_ascii_alphabetic()).count() >= 2 && !is_algorithm(value) => {
            Password::Human
        }
        false => Password::Weak,
    })
}

/// Words in lower case, as a password of a setting may be. Texts for people begin with a capital letter.
pub(super) fn is_word(value: &[u8]) -> bool {
    (SHORTEST_WORD..=LONGEST_WORD).contains(&value.len())
        && value[0].is_ascii_lowercase()
        && value.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
}

/// One word with a digit behind it, as systems demand, which names no algorithm: `Michael1`, `Michael1!`.
fn is_numbered_word(value: &[u8]) -> bool {
    let value = value.strip_suffix(b"!").unwrap_or(value);
    let [word @ .., digit] = value else { return false };
    digit.is_ascii_digit() && word.iter().all(u8::is_ascii_alphabetic) && !is_algorithm(value)
}

/// Letters that are no word of a language, nor several, with or without separators between them and digits behind.
fn is_unlike_words(value: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@');
    value.iter().all(is_part) && !is_algorithm(value) && (is_gibberish(value) || is_random_password(value))
}

/// `qxvk`, `qxvk7`: too short to be a password if it were a word.
fn is_short_gibberish(value: &[u8]) -> bool {
    const LEAST_LETTERS: usize = 4;
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    letters >= LEAST_LETTERS
        && value.iter().all(u8::is_ascii_alphanumeric)
        && is_gibberish(value)
        && !is_algorithm(value)
}

/// The same beyond doubt, so that neither a person nor a program would use it for a name.
pub(super) fn is_unlike_any_name(value: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    // Constants are made of abbreviations.
    let is_constant = !value.iter().any(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    letters >= SHORTEST_WORD
        && !is_constant
        && value.iter().all(is_part)
        && is_clear_gibberish(value)
        && !is_algorithm(value)
}

/// `sha256`, `aes-128-cbc`, `utf8`.
fn is_algorithm(value: &[u8]) -> bool {
    #[rustfmt::skip]
    static NAMES: Table = Table::new(&[
        "sha", "md", "aes", "utf", "base", "rsa", "des", "hmac", "crc", "rc", "iso", "oauth", "oauthv", "tls", "sslv",
        "tlsv", "hs", "rs", "es", "ps", "latin", "windows", "cp", "blake", "argon", "pbkdf", "ed", "ecdsa", "secp",
        "bcrypt", "scrypt", "sha3", "x", "h", "ipv", "http", "level", "step", "version", "ripemd", "chacha", "curve",
        "pkcs", "jks", "jceks", "pbewithsha", "pbewithmd", "uint", "int", "float", "char", "varchar", "col", "row", "line", "page", "option", "field", "item", "type",
    ]);
    let letters = value.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    NAMES.holds(&value[..letters])
}

/// `${NAME}`, `{{ name }}`, `%s`, `vault:path`, `process.env.NAME`, `/run/secrets/name`.
fn is_reference(value: &[u8]) -> bool {
    #[rustfmt::skip]
    const STARTS: &[&str] = &[
        "$.", "${", "$(", "$[", "{{", "{%", "#{", "@{", "%(", "%s", "%v", "%{", "op://", "vault:", "vault://", "ssm:",
        "ssm://", "sm://", "gcpsm://", "akv://", "keyvault", "@Microsoft.KeyVault", "arn:", "projects/",
        "secretsmanager:", "secrets.", "file:", "http://", "https://", "resolve:", "env:", "env.", "ref+", "ref:",
        "var.", "local.", "data.", "module.", "self.", "this.", "config.", "settings.", "options.", "args.", "opts.",
        "params.", "request.", "req.", "response.", "data:", "!Ref", "!Sub", "!GetAtt", "!Join", "!If",
        "!ImportValue", "!reference", "!secret", "!vault", "!env", "!ENV",
        // A quotation mark in escaped HTML, and a word of a mail's header in another alphabet (RFC 2047).
        "&quot;", "&#34;", "&#39;", "&apos;", "=?",
    ];
    const PARTS: &[&str] = &[
        "process.env",
        "os.environ",
        "os.getenv",
        "ENV[",
        "getenv(",
        "System.getenv",
        "Configuration[",
        "import.meta.env",
        "=>",
        "->",
        "://",
        "].",
        "${",
        "{{",
        "$(",
        "&&",
        "||",
        "::",
        "($",
        "$ENV{",
        // A pattern that a secret has to match.
        "[a-z",
        "[A-Z",
        "[0-9",
        "(?:",
    ];
    const FIRST_OF_START: [bool; 256] = first_bytes(STARTS);
    const FIRST: [bool; 256] = first_bytes(PARTS);
    // Each part holds one of these, which random values in base64 or hexadecimal never do.
    const SIGNS: [bool; 256] = first_bytes(&[".", "(", "[", "]", ">", ":", "$", "{", "&", "|"]);
    const BRACKETS: [(u8, u8); 4] = [(b'<', b'>'), (b'[', b']'), (b'{', b'}'), (b'(', b')')];
    let is_enclosed = |(open, close)| value.first() == Some(&open) && value.last() == Some(&close);
    value.first().is_some_and(|&first| FIRST_OF_START[usize::from(first)]) && begins(STARTS, value)
        || BRACKETS.into_iter().any(is_enclosed)
        || value.starts_with(b"##") && value.ends_with(b"##")
        || value.ends_with(b".*")
        || value.iter().any(|&byte| SIGNS[usize::from(byte)])
            && (0..value.len()).any(|at| FIRST[usize::from(value[at])] && begins(PARTS, &value[at..]))
        || is_variable(value)
        || is_selector(value)
        || is_call(value)
        || is_file_path(value)
        || is_file_name(value)
}

/// `production.yml.enc`: the name of a file that secrets are kept in.
fn is_file_name(value: &[u8]) -> bool {
    const ENDINGS: &[&str] = &[
        ".enc",
        ".yml",
        ".yaml",
        ".json",
        ".xml",
        ".txt",
        ".pem",
        ".crt",
        ".cer",
        ".key",
        ".p12",
        ".pfx",
        ".jks",
        ".gpg",
        ".properties",
        ".conf",
        ".html",
        ".php",
        ".toml",
        ".env",
    ];
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    memchr::memchr(b'.', value).is_some()
        && ENDINGS.iter().any(|ending| value.ends_with(ending.as_bytes()))
        && value.iter().all(is_part)
        && mean_length(value) >= SHORTEST_MEAN_WORD
}

/// Whether `text` begins with one of `starts`.
fn begins(starts: &[&str], text: &[u8]) -> bool {
    starts.iter().any(|start| text.first() == start.as_bytes().first() && text.starts_with(start.as_bytes()))
}

/// By byte, whether one of `texts` begins with it.
pub(super) const fn first_bytes(texts: &[&str]) -> [bool; 256] {
    let mut first = [false; 256];
    let mut text = 0;
    while text < texts.len() {
        first[texts[text].as_bytes()[0] as usize] = true;
        text += 1;
    }
    first
}

/// `$NAME`, `@NAME`, `%NAME%`, `*alias`, `&anchor`, `__NAME__`, `:name`, as the whole value.
fn is_variable(value: &[u8]) -> bool {
    let ([b'%', name @ .., b'%']
    | [b'_', b'_', name @ .., b'_', b'_']
    | [b'@', name @ .., b'@']
    | [b'!', name @ .., b'!']
    | [b'$', name @ .., b'$']
    | [b'$' | b'@' | b'*' | b'&' | b':' | b'~', name @ ..]) = value
    else {
        return false;
    };
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'>' | b'-');
    !name.is_empty() && !name[0].is_ascii_digit() && name.iter().all(is_name) && !has_both_cases_and_digits(name)
}

/// `#gcs-credentials`, as style sheets name an element.
fn is_selector(value: &[u8]) -> bool {
    value.strip_prefix(b"#").is_some_and(|name| name.contains(&b'-') && is_words(name))
}

/// `$ecr3tX` is a password with a dollar sign, `$secret_2` a variable.
fn has_both_cases_and_digits(text: &[u8]) -> bool {
    kinds_of_characters(text) >= 3 && !is_words(text)
}

/// `name(...)` and `name[...]`.
fn is_call(value: &[u8]) -> bool {
    if !matches!(value.last(), Some(b')' | b']' | b';')) {
        return false;
    }
    let Some(open) = memchr::memchr2(b'(', b'[', value) else { return false };
    open > 0
        && value[..open]
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'>' | b'-'))
}

/// A place in a file system. Base64 may begin with a slash, so it must be made of words too.
fn is_file_path(value: &[u8]) -> bool {
    let is_rooted = [b"/".as_slice(), b"./", b"../", b"~/"].iter().any(|root| value.starts_with(root))
        || matches!(value, [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic());
    let has_extension = value.iter().rposition(|&byte| byte == b'.').is_some_and(|dot| {
        (1..=5).contains(&(value.len() - dot - 1)) && value[dot + 1..].iter().all(u8::is_ascii_alphanumeric)
    });
    // In a URL, and then also in the middle of it.
    if memchr::memchr_iter(b'%', value).filter(|&at| value[at..].starts_with(b"%2F")).count() >= 2 {
        return true;
    }
    let slashes = memchr::memchr2_iter(b'/', b'\\', value).count();
    let has_place = is_rooted && slashes >= 2 || has_extension && slashes >= 1;
    looks_like_path(value) || has_place && mean_length(value) >= SHORTEST_MEAN_WORD
}

/// Values that only their owner can read.
fn is_encrypted(value: &[u8]) -> bool {
    const STARTS: &[&str] = &[
        "ENC[",
        "ENC(",
        "$ANSIBLE_VAULT;",
        "AQICAH",
        "AQIDAH",
        "vault:v1:",
        "secure:",
        "{cipher}",
        "{AES}",
        "{3DES}",
        "{xor}",
        "-----BEGIN PGP MESSAGE",
        "age-encryption.org",
        "CfDJ8",
        "AgA",
        "AgB",
        // Hashes of passwords.
        "$1$",
        "$2a$",
        "$2b$",
        "$2x$",
        "$2y$",
        "$5$",
        "$6$",
        "$apr1$",
        "$7$",
        "$y$",
        "$P$",
        "$H$",
        "$S$",
        "$argon2",
        "$pbkdf2",
        "{SSHA}",
        "{SHA}",
        "{CRYPT}",
        "{bcrypt}",
        "{PBKDF2",
        "pbkdf2_",
        "bcrypt",
        "scrypt:",
    ];
    if is_hash(value) || is_hash_of_directory(value) {
        return true;
    }
    // A sealed secret of Kubernetes is hundreds of characters long; an ordinary token may begin with the same letters.
    let begins = |start: &str| value.first() == start.as_bytes().first() && value.starts_with(start.as_bytes());
    STARTS.iter().any(|start| begins(start) && (!start.starts_with("Ag") || value.len() >= 200))
}

/// What databases and programs store in a password's place: `*` and forty digits of `MySQL`, `md5` and thirty-two of `PostgreSQL`,
/// and `$id$...$...` of crypt and of those that write as it does.
fn is_hash(value: &[u8]) -> bool {
    const LEAST_MARKS: usize = 3;
    const SHORTEST: usize = 20;
    let is_hex = |digits: &[u8], length| digits.len() == length && digits.iter().all(u8::is_ascii_hexdigit);
    match value {
        [b'*', digits @ ..] if is_hex(digits, 40) => true,
        [b'm', b'd', b'5', digits @ ..] if is_hex(digits, 32) => true,
        [b'\\', b'$', ..] => is_hash(&value.iter().copied().filter(|&byte| byte != b'\\').collect::<Vec<_>>()),
        [b'$', rest @ ..] => {
            let id = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
            id > 0
                && rest.get(id) == Some(&b'$')
                && value.len() >= SHORTEST
                && memchr::memchr_iter(b'$', value).count() >= LEAST_MARKS
        }
        _ => false,
    }
}

/// `{SSHA256}...`, as directories and mail servers keep passwords (RFC 3112), and `CRYPT:...` of Jetty. `{PLAIN}` hides nothing.
fn is_hash_of_directory(value: &[u8]) -> bool {
    const SCHEMES: [&str; 12] = [
        "MD5", "SMD5", "SHA", "SSHA", "SHA256", "SSHA256", "SHA384", "SSHA384", "SHA512", "SSHA512", "CRYPT", "BCRYPT",
    ];
    let Some(rest) = value.strip_prefix(b"{") else { return value.starts_with(b"CRYPT:") };
    let Some(end) = memchr::memchr(b'}', rest) else { return false };
    // `{SHA512.HEX}` and `{SHA512-CRYPT}` say how it is written.
    let scheme = rest[..end].split(|&byte| matches!(byte, b'.' | b'-')).next().unwrap_or_default();
    SCHEMES.iter().any(|known| known.as_bytes() == scheme)
}

/// `dbPassword = "db_password"`.
fn echoes(value: &[u8], name: &[u8]) -> bool {
    let mut of_value = words(value).peekable();
    if of_value.peek().is_none() {
        return false;
    }
    of_value.all(|word| words(name).any(|other| other.eq_ignore_ascii_case(word)))
        // `p@ssw0rd` is no mere repetition.
        || kinds_of_characters(value) < 3
            && value.len() <= LONGEST_COMPARED
            && name.len() <= LONGEST_COMPARED
            && distance(value, name) <= MOST_EDITS
}

/// Levenshtein's distance in one case, cut short where only the lengths already differ by more than matters.
fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.len().abs_diff(b.len()) > MOST_EDITS {
        return usize::MAX;
    }
    let mut row = [0; LONGEST_COMPARED + 1];
    row.iter_mut().enumerate().for_each(|(at, cell)| *cell = at);
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(!left.eq_ignore_ascii_case(right));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Blanks between words, or the end of a sentence.
fn is_prose(value: &[u8]) -> bool {
    let blanks = value.iter().filter(|byte| byte.is_ascii_whitespace()).count();
    blanks >= 2
        || matches!(value, [.., letter, b'.' | b':' | b'?' | b','] if letter.is_ascii_alphabetic())
        || matches!(value, [letters @ .., b'!'] if letters.iter().all(u8::is_ascii_alphabetic))
}

/// Lower, upper, digit, symbol. A letter of another alphabet is taken for a lower one.
fn kinds_of_characters(value: &[u8]) -> usize {
    let has = |is: fn(&u8) -> bool| usize::from(value.iter().any(is));
    has(|byte| byte.is_ascii_lowercase() || !byte.is_ascii())
        + has(u8::is_ascii_uppercase)
        + has(u8::is_ascii_digit)
        + has(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric())
}

/// Whether `value` is words and separators with at most one digit at the end (an identifier, a title), or a chain of
/// lower-case words like `scram-sha-256`.
fn is_words(value: &[u8]) -> bool {
    let separators = value.iter().filter(|byte| matches!(byte, b'-' | b'_' | b'.')).count();
    let is_low = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    if separators >= 2 && value.iter().all(is_low) {
        return mean_length(value) >= SHORTEST_MEAN_WORD;
    }
    let value = value.strip_suffix(b"!").unwrap_or(value);
    let body = if value.last().is_some_and(u8::is_ascii_digit) { &value[..value.len() - 1] } else { value };
    let is_plain = |byte: &u8| byte.is_ascii_alphabetic() || b" _-.:/,'()[]{}<>;=|+%\"\\".contains(byte);
    body.iter().all(|byte| is_plain(byte) || !byte.is_ascii()) && mean_length(body) >= SHORTEST_MEAN_WORD
}

/// Text of another script is a label; a password may have an umlaut.
fn is_mostly_foreign(value: &[u8]) -> bool {
    value.iter().filter(|byte| !byte.is_ascii()).count() * 4 > value.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_reference_is_looked_for() {
        for value in ["xENV[y", "a=>b", "a->b", "a::b", "a&&b", "a||b", "x${y", "xgetenv(y", "x process.env.Y"] {
            assert_eq!(objection(value.as_bytes(), b"secret"), Some(Objection::Reference), "{value}");
        }
    }
    use proptest::prelude::*;

    fn against(value: &str, name: &str) -> Option<Objection> {
        objection(value.as_bytes(), name.as_bytes())
    }

    #[test]
    fn references() {
        for value in [
            "$PASSWORD",
            "$password",
            "${DB_PASSWORD}",
            "$(cat pw)",
            "{{ vault_password }}",
            "<%= pw %>",
            "#{pw}",
            "@{pw}",
            "@PASSWORD@",
            "!Ref",
            "*default_pw",
            "&default_pw",
            "%PASSWORD%",
            "%(password)s",
            "%s",
            "<password>",
            "[REDACTED]",
            "__PASSWORD__",
            "op://vault/item/pw",
            "vault:secret/data/db",
            "ssm:/app/db",
            "sm://p/s",
            "arn:aws:sm:x:y",
            "projects/1/secrets/db",
            "secrets.DB_PASSWORD",
            "file:/run/db",
            "https://vault.corp/v1",
            "/run/secrets/db_pw",
            "./secrets/token.txt",
            "~/.netrc",
            "process.env.TOKEN",
            "os.environ",
            "var.db_password",
            "get_password()",
            "config[password]",
            "C:/keys/token.key",
            "data:image/png;base64,iVBORw0KGgo",
            "user=>pass",
            "self.password",
            "M[A-Za-z0-9+/]{80,}={0,2}",
            "(?:[0-9]|x){40}",
            "AKIA0/20230517%2Feu-central-1%2Fs3",
            "Kn4a_development.yml.enc",
            "server-keystore.p12",
            "###ORACLE_PWD###",
            "#gcs-credentials",
            "telegraf.*",
            "(P|p)assword.*",
            "=?UTF-8?B?0LzQvtC5X9GE?=",
            "&quot;v&quot",
            "isset($request-",
            "127.0.0.1:$ENV{TEST_PORT}",
        ] {
            assert_eq!(against(value, "x"), Some(Objection::Reference), "{value}");
        }
    }

    #[test]
    fn other_objections() {
        for (value, name, expected) in [
            ("ENC[AES256_GCM,x]", "password", Objection::Encrypted),
            ("{cipher}9fQ2kLm8Zr", "password", Objection::Encrypted),
            ("CfDJ8Nkx2u3v", "token", Objection::Encrypted),
            ("$2b$12$abcdefghijklmnopqrstuv", "password", Objection::Encrypted),
            ("*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4", "password", Objection::Encrypted),
            ("md5d5e044ccd9b4b8adc89e8fed2eb0db8a", "password", Objection::Encrypted),
            ("$acme2$argon2id$v=19$m=4096,t=3,p=4$MTIzNDU2Nzg5", "password", Objection::Encrypted),
            ("$ldap$", "password", Objection::Reference),
            ("{SSHA256}Zt4mQw8LxR2vNc6JhB9yFd3KsPg7UaEi", "password", Objection::Encrypted),
            ("{SHA512-CRYPT}$6$x", "password", Objection::Encrypted),
            ("CRYPT:tZ4mQw8Lx.R2v", "password", Objection::Encrypted),
            (r"\$6\$Lk4vWm9x\$Zt4mQw8LxR2vNc6JhB9yFd", "password", Objection::Encrypted),
            ("changeme", "password", Objection::Placeholder),
            ("base64encodedaccountkey", "x", Objection::Placeholder),
            ("$y$jCT$ZiF3ZV39/maUl9Lzt2Hk80", "password", Objection::Encrypted),
            ("vpn_gateway", "vpnGatewayPassword", Objection::Echo),
            ("gatewai2", "gateway", Objection::Echo),
            ("10.27.3.140", "password", Objection::Public),
            ("Open sesame.", "password", Objection::Prose),
            ("Mandatory!", "password", Objection::Prose),
        ] {
            assert_eq!(against(value, name), Some(expected), "{value}");
        }
    }

    #[test]
    fn nothing_speaks_against_a_secret() {
        for value in [
            "Tr0ub4dor&3",
            "kW9#mPz2!vQx",
            "$ecr3t!x9Q",
            "/8xPz+T3vLq0WmYc5hGd2Fs8JuQe",
            "correct-horse-battery-staple",
            "9f86d081884c7d659a2feaa0c55ad015",
            "p@ss{w0rd}7",
            "!kW9mPz2vQx",
            "{kW9mPz2vQx",
            "AgA3kW9mPz2vQx",
            "{PLAIN}kW9mPz2vQx",
            "#kW9mPz2vQx",
            "Xavi@2031.io",
        ] {
            assert_eq!(against(value, "api_token"), None, "{value}");
        }
        assert_eq!(against("p@ssw0rd", "password"), None);
    }

    #[test]
    fn passwords() {
        for (value, expected) in [
            ("Tr0ub4dor&3", Some(Password::Random)),
            ("kW9#mP", Some(Password::Human)),
            ("winter7x", Some(Password::Human)),
            ("kqzxwv", Some(Password::Human)),
            ("Kqzxwvb", Some(Password::Human)),
            ("qxvk", Some(Password::Human)),
            ("qxvk7", Some(Password::Human)),
            ("kz2qwx", Some(Password::Human)),
            ("tskQugecg-dtwz", Some(Password::Human)),
            ("ab1c", None),
            ("guest", None),
            ("md5x", None),
            ("dragonfly", None),
            ("gvfdsaqz", Some(Password::Human)),
            ("ZZvKNJPXRSM", Some(Password::Human)),
            ("lkj12h", Some(Password::Human)),
            ("lkj1hg", Some(Password::Human)),
            ("day1on", Some(Password::Weak)),
            ("Michael1", Some(Password::Human)),
            ("Michael1!", Some(Password::Human)),
            ("sha512", Some(Password::Weak)),
            ("oauth2", None),
            ("S0mm\u{e9}rzeit", Some(Password::Human)),
            ("short", None),
            ("onlyletters", None),
            ("camelCaseName", None),
            ("snake_case_name2", None),
            ("scram-sha-256", None),
            ("PBEWITHSHA256AND128BITAES-CBC-BC", None),
            ("CONTRASE\u{d1}A", None),
            ("emp\u{ea}che", None),
            ("\u{5bc6}\u{7801}12", None),
        ] {
            assert_eq!(password(value.as_bytes(), false), expected, "{value}");
        }
        assert_eq!(password(b"correct-horse-battery-staple", false), None);
        assert_eq!(password(b"correct-horse-battery-staple", true), Some(Password::Human));
    }

    proptest! {
        #[test]
        fn no_value_panics(
            value in proptest::collection::vec(any::<u8>(), 0..100),
            name in proptest::collection::vec(any::<u8>(), 0..80),
        ) {
            objection(&value, &name);
            password(&value, false);
        }

        #[test]
        fn distance_is_symmetric(a in "[a-c]{0,8}", b in "[a-c]{0,8}") {
            prop_assert_eq!(distance(a.as_bytes(), b.as_bytes()), distance(b.as_bytes(), a.as_bytes()));
        }
    }
}
