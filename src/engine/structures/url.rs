//! Passwords in URLs, `scheme://user:password@host`, of web servers and of databases. The anchor is `://`.

use super::value::{self, Objection};
use super::{Found, byte_at};
use crate::engine::confirm::percent_decoded;
use crate::model::{Confidence, KindSet, Severity, Span};

/// Lengths of a scheme, a user and a password, in bytes.
const SHORTEST_SCHEME: usize = 2;
const LONGEST_SCHEME: usize = 21;
const LONGEST_USER: usize = 100;
const SHORTEST_PASSWORD: usize = 3;
const LONGEST_PASSWORD: usize = 200;
/// The longest name of a host (RFC 1035).
const LONGEST_HOST: usize = 253;
const SEPARATOR: usize = "://".len();

/// Schemes behind which there is data, and a login by password is the rule.
const DATABASES: &[&str] = &[
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "mongodb+srv",
    "redis",
    "rediss",
    "amqp",
    "amqps",
    "mssql",
    "sqlserver",
    "clickhouse",
    "cockroachdb",
    "couchbase",
    "couchbases",
    "neo4j",
    "neo4j+s",
    "bolt",
    "ldap",
    "ldaps",
    "smtp",
    "smtps",
    "nats",
];
/// Hosts that nobody but the writer can reach, or that nobody owns.
const LOCAL_HOSTS: &[&str] = &["localhost", "0.0.0.0", "[::1]", "host.docker.internal", "host", "hostname", "server"];
const LOCAL_ENDINGS: &[&str] = &[".localhost", ".local"];
/// Those that nobody can own (RFC 2606).
const RESERVED_ENDINGS: &[&str] = &[".example", ".test", ".invalid"];
/// Words for the thing itself, besides those of every placeholder.
const PLACEHOLDERS: &[&str] = &["x-oauth-basic", "pw", "x-token-auth", "oauth2"];

/// The password of the URL whose `://` is `hit`.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let authority = hit.start + SEPARATOR;
    let at = userinfo_end(text, authority)?;
    let userinfo = &text[authority..at];
    let colon = memchr::memchr(b':', userinfo)?;
    let (user, secret) = (&userinfo[..colon], &userinfo[colon + 1..]);
    if user.len() > LONGEST_USER || !(SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&secret.len()) {
        return None;
    }
    let is_database = is_in(DATABASES, scheme(text, hit.start)?);
    // A web server's password has its colons encoded; databases take what they get.
    if !is_database && secret.contains(&b':') {
        return None;
    }
    let host = host(text, at + 1, is_database)?;
    let confidence = confidence(user, secret)?.min(most_confidence(host));
    let severity = match (is_local(host), is_database) {
        (true, _) => Some(Severity::Low),
        (false, true) => Some(Severity::High),
        (false, false) => None,
    };
    Some(Found {
        secret: Span::new(authority + colon + 1, at),
        field: None,
        kinds: KindSet::ALL,
        severity,
        confidence: Some(confidence),
        why: Some("password in URL"),
    })
}

/// The last `@` before the authority ends: a password may hold one that was not encoded.
fn userinfo_end(text: &[u8], start: usize) -> Option<usize> {
    let longest = LONGEST_USER + LONGEST_PASSWORD + LONGEST_HOST;
    let authority = &text[start.min(text.len())..text.len().min(start + longest)];
    let end = authority.iter().position(|&byte| ENDS_AUTHORITY[usize::from(byte)]).unwrap_or(authority.len());
    memchr::memrchr(b'@', &authority[..end]).map(|at| start + at)
}

const ENDS_AUTHORITY: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte <= b' ' as usize {
        table[byte] = true;
        byte += 1;
    }
    let ends = b"/?#\"'<>`\\|,;()^";
    let mut at = 0;
    while at < ends.len() {
        table[ends[at] as usize] = true;
        at += 1;
    }
    table
};

/// The scheme that ends at `end`. The letter of an escape, as in `\nhttps`, is not part of it.
fn scheme(text: &[u8], end: usize) -> Option<&[u8]> {
    let earliest = end.saturating_sub(LONGEST_SCHEME + 1);
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-');
    let start = text[earliest..end].iter().rposition(|&byte| !is_scheme(byte)).map_or(earliest, |at| earliest + at + 1);
    let escaped = start > 0 && text[start - 1] == b'\\';
    let scheme = &text[(start + usize::from(escaped)).min(end)..end];
    let letters = scheme.iter().position(u8::is_ascii_alphabetic).map(|first| &scheme[first..])?;
    (SHORTEST_SCHEME..=LONGEST_SCHEME).contains(&letters.len()).then_some(letters)
}

/// The host at `start`. Of a database it may also be a variable: its password is still one.
fn host(text: &[u8], start: usize, is_database: bool) -> Option<&[u8]> {
    let rest = &text[start..text.len().min(start + LONGEST_HOST)];
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'[' | b']');
    let host = match byte_at(text, start) {
        b'[' => &rest[..memchr::memchr(b']', rest)? + 1],
        _ => &rest[..rest.iter().position(|&byte| !is_host(byte)).unwrap_or(rest.len())],
    };
    let is_variable = matches!(byte_at(text, start), b'$' | b'{' | b'%' | b'<');
    (!host.is_empty() || is_database && is_variable).then_some(host)
}

fn is_local(host: &[u8]) -> bool {
    is_in(LOCAL_HOSTS, host) || host.starts_with(b"127.") || ends_in(LOCAL_ENDINGS, host) || is_documentation(host)
}

fn is_documentation(host: &[u8]) -> bool {
    ends_in(RESERVED_ENDINGS, host)
        || host.split(|&byte| byte == b'.').any(|label| label.eq_ignore_ascii_case(b"example"))
}

fn ends_in(endings: &[&str], host: &[u8]) -> bool {
    endings.iter().any(|ending| {
        host.len() >= ending.len() && host[host.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes())
    })
}

/// At a host that documents name, nothing can be opened.
fn most_confidence(host: &[u8]) -> Confidence {
    if is_documentation(host) { Confidence::Low } else { Confidence::High }
}

/// None if it is no password. A value that is no reference and no placeholder is one, if a weak one.
fn confidence(user: &[u8], secret: &[u8]) -> Option<Confidence> {
    if is_in(PLACEHOLDERS, secret) || secret.eq_ignore_ascii_case(user) || has_template(user) || has_template(secret) {
        return None;
    }
    let secret = &*percent_decoded(secret);
    if secret.len() < SHORTEST_PASSWORD || is_constant(secret) {
        return None;
    }
    match value::objection(secret, b"") {
        Some(Objection::Reference | Objection::Encrypted | Objection::Placeholder) => None,
        // A port, an address: the URL was cut or is made of several.
        Some(_) if secret.len() <= 5 => None,
        None if value::password(secret, false).is_some() => Some(Confidence::Medium),
        _ => Some(Confidence::Low),
    }
}

/// `ACCESS_KEY`, to be filled in.
fn is_constant(secret: &[u8]) -> bool {
    secret.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
}

fn has_template(part: &[u8]) -> bool {
    part.iter().any(|byte| matches!(byte, b'[' | b']' | b'{' | b'}'))
        || part.starts_with(b"$")
        || part.starts_with(b"%s")
}

fn is_in(table: &[&str], word: &[u8]) -> bool {
    table.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::structures::{find as find_shape, tests::all};
    use crate::rules::Shape;

    fn found(text: &str) -> Vec<(String, Option<Confidence>, Option<Severity>)> {
        all(Shape::Url, &["://"], text)
            .into_iter()
            .map(|found| (text[found.secret.range()].to_owned(), found.confidence, found.severity))
            .collect()
    }

    #[test]
    fn passwords() {
        for (text, secret) in [
            (concat!("https://deploy:", "kW9mPz2vQx", "@git.corp.io/app.git"), "kW9mPz2vQx"),
            (concat!("proxy = 'http://svc:", "Zt7-q!9x", "@10.2.3.4:3128'"), "Zt7-q!9x"),
            (concat!("see\\nhttps://ops:", "a%2Fb9Kx2", "@corp.io"), "a%2Fb9Kx2"),
            (concat!("ftp://joe:", "p@Zt7q9x", "@files.corp.io"), "p@Zt7q9x"),
        ] {
            assert_eq!(found(text), [(secret.to_owned(), Some(Confidence::Medium), None)], "{text}");
        }
    }

    #[test]
    fn databases() {
        for (text, secret) in [
            (concat!("postgresql://app:", "kW9mPz2vQx", "@db.corp.io:5432/app"), "kW9mPz2vQx"),
            (concat!("jdbc:mysql://app:", "kW9:Pz2vQx", "@db.corp.io/app"), "kW9:Pz2vQx"),
            (concat!("redis://:", "kW9mPz2vQx", "@cache:6379/0"), "kW9mPz2vQx"),
            (concat!("mongodb+srv://app:", "kW9mPz2vQx", "@${MONGO_HOST}/app"), "kW9mPz2vQx"),
        ] {
            assert_eq!(found(text), [(secret.to_owned(), Some(Confidence::Medium), Some(Severity::High))], "{text}");
        }
    }

    #[test]
    fn hosts_without_an_owner_unlock_little() {
        for host in
            ["localhost:5432", "127.0.0.1", "[::1]:80", "db.example.com", "api.example", "srv.test", "LOCALHOST"]
        {
            let text = format!("postgres://app:{}@{host}/app", concat!("kW9m", "Pz2vQx"));
            assert_eq!(found(&text)[0].2, Some(Severity::Low), "{host}");
            let is_documentation = host.contains("example") || host.ends_with("test");
            let expected = if is_documentation { Confidence::Low } else { Confidence::Medium };
            assert_eq!(found(&text)[0].1, Some(expected), "{host}");
        }
    }

    #[test]
    fn a_weak_password_is_possible() {
        for secret in ["dragonfly", "abx4", "harbour-room"] {
            let text = format!("https://joe:{secret}@corp.io/");
            assert_eq!(found(&text), [(secret.to_owned(), Some(Confidence::Low), None)]);
        }
    }

    #[test]
    fn no_passwords() {
        for text in [
            "https://corp.io/path",
            "https://corp.io:8080/path@v2",
            "ssh://git@corp.io:22/app",
            "https://user:password@corp.io",
            "https://user:${PASSWORD}@corp.io",
            "https://user:$PASS@corp.io",
            "postgres://{user}:{password}@{host}/db",
            "postgres://%s:%s@%s/db",
            "https://user:<password>@corp.io",
            "https://user:********@corp.io",
            "https://user:xxxx@corp.io",
            "https://user:changeme@corp.io",
            "scheme://[user[:pass]@]host",
            "https://token:x-oauth-basic@github.com",
            "postgres://postgres:postgres@db",
            "amqp://guest:guest@rabbit",
            "https://a:b c@corp.io",
            "https://joe:80@corp.io",
            "https://joe:%41%42@corp.io",
            "https://ID:ACCESS_KEY@corp.io",
            "https://id:accessKey@corp.io",
            "https://joe:Zt7q9xKw@",
            "://joe:Zt7q9xKw@corp.io",
            "http://:pserver:anoncvs@sourceware.org",
            "https://a,https://joe@corp.io",
            "x://",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn an_anchor_at_the_documents_end() {
        assert_eq!(find_shape(Shape::Url, b"a://", Span::new(1, 4)), None);
    }
}
