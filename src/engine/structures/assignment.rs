//! A secret under the name of one: `name = value` in its many forms. The anchor is a word of the name, in any case;
//! each occurrence of an anchor in one name gives the same answer. Where name and value stand is in `form.rs`, what the name
//! must be in `name.rs`, what the value must be in `value.rs` and `random.rs`; here they are brought together.
//!
//! Most occurrences of *key* or *token* in a tree are not a name's end, or stand before no operator. That is looked at
//! first, and nothing is allocated until a value is nearly accepted.

use super::form::{self, Role, Value, byte_before};
use super::name::{self, Class, Credential};
use super::names_seen::NamesSeen;
use super::placeholder::is_numbered_weak;
use super::value::{self, Objection, Password};
use super::{Found, byte_at, public, random};
use crate::engine::validators::is_misfit;
use crate::model::{Confidence, KindSet, Severity, Span};

/// A longer line was made by a machine, for a machine.
pub(super) const LONGEST_LINE: usize = 5000;
/// A name, its value and what stands around them are looked for no further from the anchor than this.
pub(super) const NEAR: usize = 1024;
/// Words that say of hexadecimal digits on their line that these are a digest, and how far from them they count.
const DIGEST_WORDS: &[&str] =
    &["sha1", "sha2", "sha5", "sha-", "md5", "digest", "checksum", "commit", "integrity", "etag", "fingerprint"];
const DIGEST_REACH: usize = 200;
/// Under a name that any key of any map may have, a shorter value is no secret.
const SHORTEST_UNDER_ANY_KEY: usize = 16;
/// A token that is too short to be told from a name is one only if it looks like a password that a machine made.
const SHORTEST_TOKEN: usize = 8;
/// A password that is a word, under a name that says nothing but that.
const SHORTEST_WORD: usize = 7;
/// A token where people choose it.
const SHORTEST_CHOSEN_TOKEN: usize = 5;
/// A token of capital letters; a shorter one may be an abbreviation.
const SHORTEST_OF_CAPITALS: usize = 10;
/// A number under the name of a password is one from here on.
const SHORTEST_NUMBER: usize = 6;
/// What makes of a key a secret one, if it stands before it as a word of its own.
const FIRST_WORDS: &[&str] =
    &["api", "access", "secret", "private", "encryption", "signing", "auth", "client", "master"];
const LONGEST_FIRST_WORD: usize = 10;

/// The value of the name that the anchor occurrence `hit` is in.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let from = hit.start.saturating_sub(NEAR);
    let near = &text[from..text.len().min(hit.end + NEAR)];
    let found = find_near(near, Span::new(hit.start - from, hit.end - from))?;
    (!is_on_long_line(text, hit)).then(|| Found {
        secret: found.secret.shifted(from),
        field: found.field.map(|field| field.shifted(from)),
        ..found
    })
}

/// Whether the anchor is in no name, or in one under which no secret belongs. That depends on no more than
/// [`form::NAME_REACH`] around it.
pub(super) fn is_none_at(text: &[u8], hit: Span, names: &mut NamesSeen) -> bool {
    form::name_at(text, hit).is_none_or(|name| !names.is_credential(&text[name.range()]))
}

/// All values of the name that the anchor occurrence `hit` is in: more than one only if they are literals of a list.
pub(super) fn find_all(text: &[u8], hit: Span) -> Vec<Found> {
    let Some(first) = find(text, hit) else { return Vec::new() };
    let (Some(name), secret) = (first.field, first.secret) else { return vec![first] };
    let mut all = vec![first];
    if let Some(credential) = name::classify(&text[name.range()]) {
        let credential = named(text, name, credential);
        let items = form::further_items(text, name, secret);
        all.extend(items.into_iter().filter_map(|item| judged(text, name, &item, credential)));
    }
    all
}

/// The same, however long the line is.
fn find_near(text: &[u8], hit: Span) -> Option<Found> {
    let (name, value) = form::around(text, hit)?;
    let credential = named(text, name, name::classify(&text[name.range()])?);
    judged(text, name, &value, credential)
}

/// What `value` is under the name `name`.
fn judged(text: &[u8], name: Span, value: &Value, credential: Credential) -> Option<Found> {
    if is_of_a_page(text, name, credential) {
        return None;
    }
    let judge_type = || judge_type(text, name, value, credential);
    let (mut confidence, kinds) = judge(text, name, value, credential).or_else(judge_type)?;
    let secret = &text[value.span.range()];
    if is_passed_on(&text[name.range()], secret) {
        return None;
    }
    let kinds = match value::objection(secret, &text[name.range()]) {
        None => kinds,
        Some(Objection::Public) => {
            let (of_type, kinds) = judge_type()?;
            confidence = confidence.min(of_type);
            kinds
        }
        Some(Objection::Placeholder)
            if credential.class == Class::Password
                && is_numbered_weak(secret)
                && !secret.eq_ignore_ascii_case(&text[name.range()]) =>
        {
            let programs = if value.role == Role::Assigned { KindSet::PROGRAM } else { KindSet::NONE };
            kinds.intersection(KindSet::DATA.union(KindSet::SHELL).union(KindSet::MARKUP).union(programs))
        }
        Some(_) => return None,
    };
    if kinds == KindSet::NONE {
        return None;
    }
    Some(Found {
        secret: value.span,
        field: Some(name),
        kinds,
        severity: credential.severity.or(severity(credential.class, kinds)),
        confidence: Some(confidence),
        why: Some("name and value"),
    })
}

/// A nonce of a page or of a header, `nonce="..."`, which is made anew each time.
fn is_of_a_page(text: &[u8], name: Span, credential: Credential) -> bool {
    credential.severity == Some(Severity::Info)
        && text[name.range()].eq_ignore_ascii_case(b"nonce")
        && byte_at(text, name.end) == b'='
}

/// `proxy_pass backend:8080`: where nginx passes a request on to.
fn is_passed_on(name: &[u8], value: &[u8]) -> bool {
    name == b"proxy_pass" && memchr::memchr(b':', value).is_some()
}

/// The kinds of file in which the name of a password is that of a setting, and of nothing that people read: `DB_PASSWORD` in
/// most, `datasource.password` and `db_password` in data.
fn settings_with(text: &[u8], name: Span) -> KindSet {
    const SETTINGS: KindSet = KindSet::DATA.union(KindSet::SHELL);
    let before = byte_before(text, name.start);
    let name = &text[name.range()];
    let is_constant = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    if name.iter().all(is_constant) {
        SETTINGS.union(KindSet::PROSE)
    } else if memchr::memchr(b'.', name).is_some() {
        SETTINGS
    } else if name::asks(name) || name.starts_with(b"$") || before == b'$' {
        KindSet::NONE
    } else {
        KindSet::DATA
    }
}

/// The kinds of file in which a password that is a word is one: where it is set to a name of a setting.
fn words_in_settings(text: &[u8], name: Span, value: &Value) -> Option<KindSet> {
    let between = text.get(name.end..value.span.start)?;
    let is_set = between.iter().any(|byte| matches!(byte, b':' | b'=' | b'|' | b'>')) && !between.contains(&b',');
    let kinds = settings_with(text, name);
    let shortest = if kinds == KindSet::DATA { SHORTEST_WORD } else { 0 };
    let secret = &text[value.span.range()];
    (is_set && value::is_word(secret) && secret.len() >= shortest).then_some(kinds)
}

/// `API key`, in two words.
fn named(text: &[u8], name: Span, credential: Credential) -> Credential {
    let before = &text[name.start.saturating_sub(LONGEST_FIRST_WORD + 1)..name.start];
    let Some(before) = before.strip_suffix(b" ").filter(|_| credential.class == Class::AnyKey) else {
        return credential;
    };
    let word = &before[before.iter().rposition(|byte| !byte.is_ascii_alphabetic()).map_or(0, |at| at + 1)..];
    let is_first = FIRST_WORDS.iter().any(|first| first.as_bytes().eq_ignore_ascii_case(word));
    if is_first { Credential { class: Class::Random, ..credential } } else { credential }
}

/// Values of a type that mostly is no secret, where name and quotation marks say that they are: a UUID for a token, a
/// number for a password.
fn judge_type(text: &[u8], name: Span, value: &Value, credential: Credential) -> Option<(Confidence, KindSet)> {
    let secret = &text[value.span.range()];
    let mut kinds = value.kinds.without(KindSet::I18N);
    let is_one = match credential.class {
        Class::Random => {
            value.role == Role::Assigned
                && public::is_uuid(secret)
                && has_letters_and_digits(secret)
                && !name::is_seed(&text[name.range()])
        }
        Class::Password => {
            let is_number = secret.len() >= SHORTEST_NUMBER && secret.iter().all(u8::is_ascii_digit);
            if is_number && value.kinds != form::QUOTED {
                kinds = kinds.intersection(numbers_in_settings(text, name));
            }
            value.role != Role::Beside && (is_number || public::is_uuid(secret) && has_letters_and_digits(secret))
        }
        Class::Passphrase | Class::AnyKey => false,
    };
    (is_one && kinds != KindSet::NONE).then_some((Confidence::Low, kinds))
}

/// The kinds of file in which a number without quotes is a password. Of what passed, `pass: 120000`, it is how often.
fn numbers_in_settings(text: &[u8], name: Span) -> KindSet {
    let settings = settings_with(text, name);
    let counts = text[name.range()].ends_with(b"pass") || text[name.range()].ends_with(b"passes");
    match settings.intersects(KindSet::SHELL) {
        true => KindSet::ALL,
        false if counts => KindSet::NONE,
        false => settings,
    }
}

fn is_letters(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_alphabetic)
}

fn has_letters_and_digits(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_alphabetic) && text.iter().filter(|byte| byte.is_ascii_digit()).count() >= 4
}

/// Whether a setting's name says that its value is a secret, and nothing speaks against it.
pub(super) fn is_secret(name: &[u8], value: &[u8]) -> bool {
    name::classify(name).is_some_and(|credential| credential.class != Class::AnyKey)
        && value::objection(value, name).is_none()
}

/// How sure it is that `value` is a secret of this class, and in which kinds of file; None if it is none. What most values
/// fail comes first.
fn judge(text: &[u8], name: Span, value: &Value, credential: Credential) -> Option<(Confidence, KindSet)> {
    let secret = &text[value.span.range()];
    let (confidence, kinds) = match credential.class {
        Class::Password | Class::Passphrase if value.role == Role::Argument && !credential.sets => return None,
        // In tables of countries it is Palau.
        Class::Password if &text[name.range()] == b"PW" && value.kinds == form::QUOTED && is_letters(secret) => {
            return None;
        }
        Class::Password | Class::Passphrase => {
            // Where texts are translated a password is the word for one.
            let kinds = value.kinds.without(KindSet::I18N);
            if secret.iter().all(u8::is_ascii_hexdigit) && names_digest(text, value.span) || is_constant(secret) {
                return None;
            }
            match value::password(secret, credential.class == Class::Passphrase) {
                Some(Password::Random) if !random::is_digest(secret) => (Confidence::Medium, kinds),
                Some(Password::Random | Password::Human) => (Confidence::Low, kinds),
                Some(Password::Weak) => (Confidence::Low, kinds.without(KindSet::PROGRAM)),
                None => (Confidence::Low, kinds.intersection(words_in_settings(text, name, value)?)),
            }
        }
        Class::Random => {
            let confidence = token(text, name, value, credential)?;
            let is_text = !secret.iter().any(u8::is_ascii_digit) && !random::is_random(secret);
            (confidence, if is_text { value.kinds.without(KindSet::I18N) } else { value.kinds })
        }
        Class::AnyKey => {
            let is_key = secret.len() >= SHORTEST_UNDER_ANY_KEY && random::is_random(secret)
                || is_key_in_hex(secret) && !names_digest(text, value.span);
            (is_key.then_some(Confidence::Low)?, value.kinds)
        }
    };
    Some((if value.role == Role::Beside { Confidence::Low } else { confidence }, kinds))
}

/// `R_SPF_ALLOW`: the name of a constant, of three words and more.
fn is_constant(secret: &[u8]) -> bool {
    secret.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
        && memchr::memchr_iter(b'_', secret).count() >= 2
}

/// Hexadecimal of a key's length that no usual digest or fingerprint has.
fn is_key_in_hex(secret: &[u8]) -> bool {
    random::is_hex(secret) && random::is_digest(secret) && !matches!(secret.len(), 40 | 64 | 128)
}

fn token(text: &[u8], name: Span, value: &Value, credential: Credential) -> Option<Confidence> {
    let Credential { chosen, sets, .. } = credential;
    let secret = &text[value.span.range()];
    if is_misfit(&text[name.range()], secret) {
        return None;
    }
    let is_seed = name::is_seed(&text[name.range()]);
    // A seed may be one of a test as well as of a wallet.
    let confidence = if is_seed { Confidence::Low } else { Confidence::Medium };
    if random::is_hex(secret) {
        return (!names_digest(text, value.span)).then_some(confidence);
    }
    if random::is_random(secret) {
        return Some(confidence);
    }
    let least = if chosen { Password::Human } else { Password::Random };
    let is_chosen = chosen && (secret.iter().any(u8::is_ascii_digit) || is_letters(secret));
    let shortest = if is_chosen { SHORTEST_CHOSEN_TOKEN } else { SHORTEST_TOKEN };
    // Constants are made of abbreviations.
    let is_constant = secret.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-'));
    let is_password =
        !is_seed && !is_constant && secret.len() >= shortest && value::password(secret, false) >= Some(least);
    let is_key = random::is_short_hex(secret) && !names_digest(text, value.span);
    let is_gibberish = !is_seed && secret.len() >= SHORTEST_CHOSEN_TOKEN && value::is_unlike_any_name(secret);
    let is_of_capitals = !is_seed
        && secret.len() >= SHORTEST_OF_CAPITALS
        && secret.iter().all(u8::is_ascii_uppercase)
        && random::is_clear_gibberish(secret);
    let is_given = match value.role {
        Role::Assigned => is_password || is_key || is_gibberish || is_of_capitals,
        Role::Argument => sets && (is_password || is_gibberish),
        Role::Beside => !is_seed && value::is_unlike_any_name(secret) && is_password,
    };
    is_given.then_some(Confidence::Low)
}

/// What holds in files of settings alone opens something that runs.
fn severity(class: Class, kinds: KindSet) -> Option<Severity> {
    (class == Class::Password && !kinds.intersects(KindSet::PROGRAM)).then_some(Severity::High)
}

/// Whether the anchor is on a line where nothing counts.
pub(super) fn is_on_long_line(text: &[u8], hit: Span) -> bool {
    line_around(text, hit).len() > LONGEST_LINE
}

/// The line that `hit` is on, or so much of it that it is known to be too long.
pub(super) fn line_around(text: &[u8], hit: Span) -> Span {
    let from = hit.start.saturating_sub(LONGEST_LINE);
    let to = text.len().min(hit.end + LONGEST_LINE);
    let start = memchr::memrchr(b'\n', &text[from..hit.start]).map_or(from, |at| from + at + 1);
    let end = memchr::memchr(b'\n', &text[hit.end..to]).map_or(to, |at| hit.end + at);
    Span::new(start, end)
}

fn names_digest(text: &[u8], value: Span) -> bool {
    let before = &text[value.start.saturating_sub(DIGEST_REACH)..value.start];
    let after = &text[value.end..text.len().min(value.end + DIGEST_REACH)];
    let before = &before[memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..];
    let after = &after[..memchr::memchr(b'\n', after).unwrap_or(after.len())];
    [before, after].iter().any(|part| {
        let part = part.to_ascii_lowercase();
        DIGEST_WORDS.iter().any(|word| memchr::memmem::find(&part, word.as_bytes()).is_some())
    })
}

#[cfg(test)]
mod tests;
