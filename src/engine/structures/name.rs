//! What a field's name says of its value. English identifiers put the noun last, so the last word decides: the value
//! of `password_min_length` is a length and that of `length_of_password` is a password. A hundred words applied to the
//! name replace stop-words applied to the value, and a random value is never thrown away for a word it contains.

use super::table::{Table, is_word};
use super::words::{without_digits, words};
use crate::model::Severity;

/// What kind of value belongs under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Chosen or typed by a person.
    Password,
    /// The same, and it may consist of words.
    Passphrase,
    /// Made by a machine, at random.
    Random,
    /// A key of some kind; most are no secrets.
    AnyKey,
}

/// A name under which a secret may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Credential {
    /// What its value must look like.
    pub class: Class,
    /// Of a name whose values unlock little.
    pub severity: Option<Severity>,
    /// Whether people choose such values, too: a *secret* is often a password, a *token* hardly ever.
    pub chosen: bool,
    /// Whether what has the name takes a value, if it is called: `setPassword`, or `password` of a builder.
    pub sets: bool,
}

/// The longest name, in words; a longer one is a sentence.
const MOST_WORDS: usize = 16;

/// Heads of a name whose value a person chose.
static PASSWORD: Table = Table::new(&[
    "password",
    "passwords",
    "passwd",
    "passwort",
    "kennwort",
    "pwd",
    "pass",
    "passcode",
    "passw",
    "pword",
    "pswd",
    "psw",
    "pw",
    // `IDENTIFIED BY 'value'` in SQL.
    "identified",
    "psk",
    "senha",
    "contraseña",
    "contrasena",
    "contrasenya",
    "wachtwoord",
    "motdepasse",
    "haslo",
    "hasło",
    "heslo",
    "salasana",
    "пароль",
    "Пароль",
    "密码",
    "パスワード",
]);
static PASSPHRASE: Table = Table::new(&["passphrase", "passphrases"]);
/// Heads of a name whose value a machine made.
static TOKEN: Table = Table::new(&[
    "secret",
    "token",
    "apikey",
    "credential",
    "credentials",
    "cred",
    "creds",
    "apitoken",
    "authtoken",
    "accesskey",
    "auth",
    "authtok",
    "salt",
    // What Devise and others call a salt that is kept apart.
    "pepper",
    "nonce",
    "secrets",
    "tokens",
]);
/// Heads that also count at the end of a word: `PGPASSWORD`, `authtoken`.
static PASSWORD_ENDINGS: Table = Table::new(&["password", "passwd", "pwd", "passwort", "kennwort"]);
static TOKEN_ENDINGS: Table = Table::new(&["secret", "token"]);
/// `pass` at the end of a word is *bypass* or *compass* more often than not.
static PASS_COMPOUNDS: Table = Table::new(&[
    "dbpass",
    "userpass",
    "adminpass",
    "rootpass",
    "mypass",
    "smtppass",
    "mailpass",
    "ftppass",
    "sqlpass",
    "sshpass",
    "keypass",
    "storepass",
    "requirepass",
    "masterpass",
    "ldappass",
    "bindpass",
    "proxypass",
    "loginpass",
    "authpass",
    "webpass",
    "masterauth",
    "remotepass",
    "serverpass",
    "clientpass",
    "emailpass",
    "imappass",
    "wifipass",
    "mysqlpass",
    "accountpass",
    "keystorepass",
    "truststorepass",
    "sudopass",
    "becomepass",
    "bindpw",
    "rootbindpw",
    "rootpw",
    "dbpw",
    "adminpw",
    "userpw",
]);
/// `pass_word`, `passPhrase`.
static PASS_TAILS: Table = Table::new(&["word", "wd", "code"]);

/// What makes a key a secret.
static KEY_QUALIFIERS: Table = Table::new(&[
    "api",
    "access",
    "auth",
    "secret",
    "private",
    "signing",
    "encryption",
    "master",
    "account",
    "service",
    "storage",
    "webhook",
    "consumer",
    "app",
    "hmac",
    "session",
    "jwt",
    "client",
    "shared",
    "license",
    "deploy",
    "admin",
    "secure",
    "crypto",
    "cipher",
    "aes",
    "token",
    "integration",
    "host",
    "merchant",
    "validation",
    "decryption",
    "subscription",
    "verification",
    "sending",
    "sign",
    "priv",
    "des",
    "mch",
    "pay",
    "security",
    "push",
]);
/// What a cookie is of that is a secret.
static OF_COOKIE: Table = Table::new(&["session", "auth"]);
/// What keys are made for from a seed.
static SEEDED: Table = Table::new(&["wallet", "mfa", "totp", "otp"]);
/// Endings of names whose values people choose, too.
static CHOSEN: Table =
    Table::new(&["secret", "secrets", "cred", "creds", "credential", "credentials", "apikey", "authtok"]);
/// What a call begins with that gives a value to something.
static SETTERS: Table =
    Table::new(&["set", "with", "add", "put", "use", "enter", "fill", "type", "send", "new", "change", "reset"]);

/// What else a name begins with that says what is done.
#[rustfmt::skip]
static VERBS: Table = Table::new(&[
    "update", "forgot", "forget", "generate", "random", "require", "no", "disable", "enable", "allow", "show", "hide",
    "confirm", "ask", "read", "get", "check", "verify", "validate", "store", "save", "remove", "delete", "is", "has",
]);

/// Words after the noun that leave its meaning as it is.
static QUALIFIERS: Table = Table::new(&[
    "value",
    "val",
    "str",
    "string",
    "default",
    "prod",
    "production",
    "dev",
    "development",
    "test",
    "testing",
    "staging",
    "stage",
    "local",
    "live",
    "sandbox",
    "old",
    "new",
    "current",
    "v",
    "b64",
    "base64",
    "hex",
    "plain",
    "plaintext",
    "raw",
    "confirmation",
    "confirm",
]);

/// Under a name with one of these stands what everybody may know, or what is made anew for each request.
static PUBLIC: Table = Table::new(&[
    "public",
    "pub",
    "publickey",
    "pubkey",
    "publishable",
    "anon",
    "anonymous",
    "md5",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "digest",
    "checksum",
    "integrity",
    "fingerprint",
    "hash",
    "hashed",
    "encrypted",
    "etag",
]);
/// The same, for random values only: a cache or a site may well have a password.
static STRUCTURAL: Table = Table::new(&[
    "primary",
    "foreign",
    "partition",
    "sort",
    "cache",
    "idempotency",
    "dedup",
    "deduplication",
    "keyboard",
    "site",
    "commit",
    "page",
    "next",
    "pagination",
    "continuation",
    "cancellation",
    "cursor",
    "sync",
    "request",
    // `Sec-WebSocket-Key` is a nonce that the answer shows.
    "socket",
    // The nonce of a content security policy stands in the page.
    "csp",
    "policy",
    // `existingSecret` says where one is kept.
    "existing",
]);
/// Keys that their vendors call hashes.
static HASH_KEYS: Table = Table::new(&["api", "app"]);
/// Values that protect one form of one session.
static FLEETING: Table = Table::new(&["csrf", "xsrf", "nonce", "authenticity"]);
/// Values that help nobody who has not more.
static ADDITIONAL: Table = Table::new(&["salt"]);

/// What `name` says of its value; None if no secret belongs under it.
pub(super) fn classify(name: &[u8]) -> Option<Credential> {
    let mut all = [b"".as_slice(); MOST_WORDS];
    let mut count = 0;
    for word in words(name) {
        *all.get_mut(count)? = word;
        count += 1;
    }
    let mut rest = &all[..count];
    while let [before @ .., last] = rest
        && (without_digits(last).is_empty() || QUALIFIERS.holds(without_digits(last)) || QUALIFIERS.holds(last))
    {
        rest = before;
    }
    // Rails calls the key from which it derives all others `secret_key_base`.
    if let [before @ .., key, base] = rest
        && key.eq_ignore_ascii_case(b"key")
        && base.eq_ignore_ascii_case(b"base")
    {
        rest = &rest[..before.len() + 1];
    }
    // Telegram calls the secret of an application `api_hash`.
    if let [before @ .., qualifier, head] = rest
        && head.eq_ignore_ascii_case(b"hash")
        && HASH_KEYS.holds(qualifier)
    {
        let is_whole =
            before.iter().all(|word| word.eq_ignore_ascii_case(b"telegram") || word.eq_ignore_ascii_case(b"tg"));
        return is_whole.then_some(Credential { class: Class::Random, severity: None, chosen: false, sets: false });
    }
    let (head, before) = rest.split_last()?;
    if is_directive(head, before) {
        return None;
    }
    let class = class_of(without_digits(head), before)?;
    let any_in = |table: &Table| all[..count].iter().any(|word| table.holds(word));
    // Drupal signs its links for logging in with a `hash_salt`.
    let is_hash_salt = is_word(head, b"salt") && before.last().is_some_and(|word| is_word(word, b"hash"));
    if any_in(&PUBLIC) && !is_hash_salt || matches!(class, Class::Random | Class::AnyKey) && any_in(&STRUCTURAL) {
        return None;
    }
    let severity = match (any_in(&FLEETING), any_in(&ADDITIONAL)) {
        // The salts of WordPress are keys, and named so.
        (false, true) if is_hash_salt || all[..count].iter().any(|word| is_word(word, b"auth")) => Some(Severity::Low),
        (false, false) => None,
        _ => Some(Severity::Info),
    };
    let head = without_digits(head);
    let chosen = ends_in(&CHOSEN, head) || is_secret_key(head, before.last().map_or(b"", |word| without_digits(word)));
    Some(Credential { class, severity, chosen, sets: sets(name) })
}

/// `NOPASSWD` of sudo; `fastcgi_pass` and the like of nginx, which pass a request on; and `client_credentials`, a grant of OAuth.
fn is_directive(head: &[u8], before: &[&[u8]]) -> bool {
    static PASSED_TO: Table = Table::new(&["fastcgi", "uwsgi", "scgi", "grpc", "memcached"]);
    is_word(head, b"nopasswd")
        || matches!(before, [first] if is_word(head, b"pass") && PASSED_TO.holds(first)
            || is_word(head, b"credentials") && is_word(first, b"client"))
}

/// Whether a name is that of a seed, and of what for is not said: most of these are numbers and identifiers, which are no secrets.
pub(super) fn is_seed(name: &[u8]) -> bool {
    words(name).last().is_some_and(|last| is_word(without_digits(last), b"seed"))
        && !words(name).any(|word| SEEDED.holds(without_digits(word)))
}

/// Whether a name says what is done with a password, and not what it is: `update_password`, `forgot-password`.
pub(super) fn asks(name: &[u8]) -> bool {
    words(name).next().is_some_and(|first| VERBS.holds(first) || SETTERS.holds(first))
}

fn sets(name: &[u8]) -> bool {
    let method = &name[memchr::memrchr(b'.', name).map_or(0, |dot| dot + 1)..];
    let mut all = words(method);
    all.next().is_some_and(|first| SETTERS.holds(first)) || all.next().is_none()
}

fn class_of(head: &[u8], before: &[&[u8]]) -> Option<Class> {
    let previous = before.last().map_or(b"".as_slice(), |word| without_digits(word));
    let after_pass = previous.eq_ignore_ascii_case(b"pass");
    if PASSWORD.holds(head) || ends_in(&PASSWORD_ENDINGS, head) || PASS_COMPOUNDS.holds(head) {
        return Some(Class::Password);
    }
    if PASSPHRASE.holds(head) || after_pass && head.eq_ignore_ascii_case(b"phrase") {
        return Some(Class::Passphrase);
    }
    if after_pass && PASS_TAILS.holds(head) || head.eq_ignore_ascii_case(b"passe") && before.len() >= 2 {
        return Some(Class::Password);
    }
    let random = TOKEN.holds(head) || ends_in(&TOKEN_ENDINGS, head) || is_secret_key(head, previous) || {
        let any_in = |table: &Table| before.iter().any(|word| table.holds(without_digits(word)));
        is_word(head, b"cookie") && any_in(&OF_COOKIE)
            // Most seeds are numbers, which are no secrets.
            || is_word(head, b"seed")
            || is_word(head, b"mnemonic") && any_in(&SEEDED)
    };
    let is_key = || without_ending(head, b"key").or_else(|| without_ending(head, b"keys")).is_some();
    if random { Some(Class::Random) } else { is_key().then_some(Class::AnyKey) }
}

/// `api_key`, `apikey`, `secretKeys`; a key alone may be any key of any map.
fn is_secret_key(head: &[u8], previous: &[u8]) -> bool {
    let Some(stem) = without_ending(head, b"keys").or_else(|| without_ending(head, b"key")) else { return false };
    if stem.is_empty() { KEY_QUALIFIERS.holds(previous) } else { ends_in(&KEY_QUALIFIERS, stem) }
}

fn without_ending<'a>(word: &'a [u8], ending: &[u8]) -> Option<&'a [u8]> {
    let (stem, end) = word.split_at_checked(word.len().checked_sub(ending.len())?)?;
    is_word(end, ending).then_some(stem)
}

fn ends_in(table: &Table, word: &[u8]) -> bool {
    table.may_end(word) && table.words().iter().any(|known| without_ending(word, known.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn class(name: &str) -> Option<Class> {
        classify(name.as_bytes()).map(|credential| credential.class)
    }

    #[test]
    fn names_of_passwords() {
        for name in [
            "password",
            "PASSWORD",
            "dbPassword",
            "MYSQL_ROOT_PASSWORD",
            "spring.datasource.password",
            "PGPASSWORD",
            "pwd",
            "MYSQL_PWD",
            "$pass",
            "passWord",
            "pass_code",
            "DB_PASS",
            "rootpass",
            "password1",
            "passwordValue",
            "password_default",
            "PASSWORD_V2",
            "admin-password",
            "Kennwort",
            "senha",
            "contraseña",
            "mot_de_passe",
            "db_pw",
            "requirepass",
            "пароль",
            "密码",
            "cache_password",
            "site.passwd",
        ] {
            assert_eq!(class(name), Some(Class::Password), "{name}");
        }
        for name in ["passphrase", "pass_phrase", "keyPassphrase"] {
            assert_eq!(class(name), Some(Class::Passphrase), "{name}");
        }
    }

    #[test]
    fn names_of_random_values() {
        for name in [
            "token",
            "GITHUB_TOKEN",
            "authToken",
            "_authToken",
            "client_secret",
            "clientSecret",
            "api_key",
            "apiKey",
            "apikey",
            "X-Api-Key",
            "secret_key_base",
            "SECRET_KEY",
            "secretkey",
            "privateKey",
            "signing.key",
            "service_keys",
            "AWS_CREDENTIALS",
            "session_cookie",
            "totp_seed",
            "seed",
            "api_key_secret_token",
            "api_key_prod",
            "SecretString",
            "secret2",
            "oauth2_token",
        ] {
            assert_eq!(class(name), Some(Class::Random), "{name}");
        }
    }

    #[test]
    fn salts_that_are_keys() {
        for (name, severity) in [
            ("salt", Severity::Info),
            ("AUTH_SALT", Severity::Low),
            ("hash_salt", Severity::Low),
            ("password_salt", Severity::Info),
        ] {
            assert_eq!(classify(name.as_bytes()).and_then(|credential| credential.severity), Some(severity), "{name}");
        }
        assert_eq!(class("salt_hash"), None);
    }

    #[test]
    fn names_of_other_things() {
        for name in ["key", "keys", "monkey", "stripeKey", "MAPS_KEY"] {
            assert_eq!(class(name), Some(Class::AnyKey), "{name}");
        }
        for name in [
            "author",
            "keyboard",
            "bypass",
            "compass",
            "passed",
            "passenger",
            "password_hash",
            "password_label",
            "passwordMinLength",
            "passwordPolicy",
            "token_url",
            "tokenType",
            "secret_name",
            "secretArn",
            "api_key_id",
            "cookie",
            "mnemonic",
            "public_key",
            "publicToken",
            "primary_access_key",
            "cache_key",
            "nextToken",
            "page_token",
            "commit_token",
            "sha256_secret",
            "site_key",
            "token_count",
            "credential_provider",
            "",
            "...",
            "authenticate",
            "foreignKey",
            "publickey",
            "NOPASSWD",
            "fastcgi_pass",
            "client_credentials",
            "git_commit_secret_key",
            "a_b_c_d_e_f_g_h_i_j_k_l_m_n_o_p_password",
        ] {
            assert_eq!(class(name), None, "{name}");
        }
    }

    #[test]
    fn what_takes_a_value() {
        let sets = |name: &str| classify(name.as_bytes()).expect("a name of a password").sets;
        for name in ["setPassword", "user.set_password", "withDbPassword", "builder.password", "password"] {
            assert!(sets(name), "{name}");
        }
        for name in ["checkPassword", "user.valid_password", "hash_password"] {
            assert!(!classify(name.as_bytes()).is_some_and(|credential| credential.sets), "{name}");
        }
    }

    #[test]
    fn a_forms_token_is_for_information() {
        let csrf = classify(b"csrf_token").expect("a token is a credential");
        assert_eq!(csrf.severity, Some(Severity::Info));
        assert_eq!(classify(b"token").expect("a token is a credential").severity, None);
    }

    proptest! {
        #[test]
        fn no_name_panics(name in proptest::collection::vec(any::<u8>(), 0..100)) {
            classify(&name);
        }

        #[test]
        fn letter_case_does_not_matter_between_separators(words in "[a-z]{1,8}(_[a-z]{1,8}){0,4}") {
            prop_assert_eq!(classify(words.as_bytes()), classify(words.to_ascii_uppercase().as_bytes()));
        }
    }
}
