//! Passwords in URLs, `scheme://user:password@host`, of web servers and of databases. The anchor is `://`, or the same with
//! its slashes escaped.

use super::cursor::blanks_and;
use super::{Found, byte_at, value, verdict};
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
/// Where a token may stand in the place of the user.
const GIT_HOSTS: &[&str] = &["github.com", "gitlab.com", "bitbucket.org", "dev.azure.com", "codeberg.org"];
/// A shorter user is a name.
const SHORTEST_TOKEN: usize = 20;
/// The longest path in which the `.git` of a repository is looked for.
const LONGEST_PATH: usize = 200;
/// Words for the thing itself, besides those of every placeholder.
const PLACEHOLDERS: &[&str] = &["x-oauth-basic", "pw", "x-token-auth", "oauth2"];

/// The password of the URL of a web server, or whatever is no database, whose `://` is `hit`; or a token for its user.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    find_password(text, hit).or_else(|| find_token(text, hit))
}

fn find_password(text: &[u8], hit: Span) -> Option<Found> {
    let authority = Authority::behind(text, hit.end, ENDS_AUTHORITY)?;
    let scheme = scheme(text, hit.start).filter(|scheme| !is_database(scheme))?;
    // A web server's password has its colons encoded; databases take what they get.
    if memchr::memchr(b':', &text[authority.secret.range()]).is_some() || scheme.is_empty() {
        return None;
    }
    found(text, &authority, false)
}

/// `https://TOKEN@github.com/acme/app`, `https://TOKEN:x-oauth-basic@...`: servers of git repositories take a token for the
/// user. In the addresses of other servers what stands there is mostly an id.
fn find_token(text: &[u8], hit: Span) -> Option<Found> {
    let within = &text[hit.end..text.len().min(hit.end + LONGEST_USER + LONGEST_HOST)];
    let end = within.iter().position(|&byte| ENDS_AUTHORITY[usize::from(byte)]).unwrap_or(within.len());
    let at = memchr::memrchr(b'@', &within[..end])?;
    let user = within[..at].split(|&byte| byte == b':').next().filter(|user| user.len() >= SHORTEST_TOKEN)?;
    let is_token = verdict::is_token(user) && value::objection(user, b"").is_none();
    let is_web = scheme(text, hit.start).is_some_and(|scheme| is_in(&["http", "https"], scheme));
    let host = host(text, hit.end + at + 1, false)?;
    (is_token && is_web && (is_in(GIT_HOSTS, host) || names_repository(&text[hit.end + at + 1 + host.len()..])))
        .then(|| verdict::found(Span::new(hit.end, hit.end + user.len()), Confidence::Medium, "token in URL"))
}

/// Whether the path that `rest` begins with, perhaps behind a port, is that of a repository.
fn names_repository(rest: &[u8]) -> bool {
    let rest = &rest[..rest.len().min(LONGEST_PATH)];
    let path = &rest[..rest.iter().position(|&byte| ENDS_URL[usize::from(byte)]).unwrap_or(rest.len())];
    path.ends_with(b".git") || path.ends_with(b".git/")
}

/// How far to either side of an anchor [`is_none_at`] and [`is_no_database_at`] look, in bytes.
pub(super) const AT: usize = 64;

/// Whether it is soon known that there is no [user](find): what may be one ends before an `@`.
pub(super) fn is_none_at(text: &[u8], hit: Span) -> bool {
    let soon = &text[hit.end..text.len().min(hit.end + AT)];
    let end = soon.iter().position(|&byte| ENDS_AUTHORITY[usize::from(byte)]);
    end.is_some_and(|end| memchr::memchr(b'@', &soon[..end]).is_none())
}

/// Whether the scheme is [that of no database](find_database).
pub(super) fn is_no_database_at(text: &[u8], hit: Span) -> bool {
    !scheme(text, hit.start).is_some_and(is_database)
}

/// The password of the URL of a database whose `://` is `hit`. It may hold what a URL has to encode: people paste what
/// they were given.
pub(super) fn find_database(text: &[u8], hit: Span) -> Option<Found> {
    scheme(text, hit.start).filter(|scheme| is_database(scheme))?;
    let authority = Authority::behind(text, hit.end, ENDS_AUTHORITY);
    let authority = authority.or_else(|| Authority::behind(text, hit.end, ENDS_URL))?;
    found(text, &authority, true)
}

fn found(text: &[u8], authority: &Authority, is_database: bool) -> Option<Found> {
    let host = host(text, authority.secret.end + 1, is_database)?;
    let confidence = confidence(&text[authority.user.range()], &text[authority.secret.range()])?;
    let confidence = confidence.min(most_confidence(host));
    Some(Found {
        secret: authority.secret,
        field: None,
        kinds: KindSet::ALL,
        severity: is_local(host).then_some(Severity::Low),
        confidence: Some(confidence),
        why: Some("password in URL"),
    })
}

/// Whether data is behind `scheme`, which may name the driver too: `postgresql+psycopg2`.
fn is_database(scheme: &[u8]) -> bool {
    let name = scheme.split(|&byte| byte == b'+').next().unwrap_or(scheme);
    is_in(DATABASES, scheme) || is_in(DATABASES, name)
}

/// The user and the password before the host.
struct Authority {
    user: Span,
    secret: Span,
}

impl Authority {
    /// What stands between `start` and the last `@` before a byte that `ends` it: a password may hold an `@` that was
    /// not encoded.
    fn behind(text: &[u8], start: usize, ends: [bool; 256]) -> Option<Self> {
        let longest = LONGEST_USER + LONGEST_PASSWORD + LONGEST_HOST;
        let within = &text[start.min(text.len())..text.len().min(start + longest)];
        let end = within.iter().position(|&byte| ends[usize::from(byte)]).unwrap_or(within.len());
        let userinfo = &within[..memchr::memrchr(b'@', &within[..end])?];
        let colon = memchr::memchr(b':', userinfo).filter(|&colon| colon <= LONGEST_USER)?;
        let secret = &userinfo[colon + 1..];
        let is_password = (SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&secret.len());
        // A user with one of these in it is the text between two URLs.
        let is_user = !userinfo[..colon].iter().any(|byte| b"/?#,;()[]^|".contains(byte));
        (is_password && is_user && !begins_elsewhere(secret)).then(|| Self {
            user: Span::new(start, start + colon),
            secret: Span::new(start + colon + 1, start + userinfo.len()),
        })
    }
}

/// `5432/app?mail=joe@...`, `80,joe@...`, `?mail=joe@...`: the `@` is not the authority's.
fn begins_elsewhere(secret: &[u8]) -> bool {
    if matches!(secret.first(), Some(b'?' | b'&')) && memchr::memchr(b'=', secret).is_some() {
        return true;
    }
    let digits = secret.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (1..=5).contains(&digits) && secret.get(digits).is_some_and(|byte| b"/?#,;)".contains(byte))
}

/// What ends an authority, or the text that a URL stands in.
const ENDS_AUTHORITY: [bool; 256] = blanks_and(b"/?#\"'<>`\\");
/// What ends a URL of which the password may hold anything.
const ENDS_URL: [bool; 256] = blanks_and(b"\"'<>`\\");

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
    let is_made_up = is_in(PLACEHOLDERS, secret) || secret.eq_ignore_ascii_case(user);
    let is_template = has_template(user) || has_template(secret);
    let secret = percent_decoded(secret);
    if is_made_up || is_template || secret.len() < SHORTEST_PASSWORD { None } else { verdict::password(&secret) }
}

/// `{name}`, `[:password]`, `$NAME`, `%s`. A bracket alone may be one of a password's characters.
fn has_template(part: &[u8]) -> bool {
    let has = |mark: u8| memchr::memchr(mark, part).is_some();
    has(b'{') && has(b'}')
        || has(b'[') && has(b']')
        || matches!(part.first(), Some(b'$' | b'{' | b'[' | b']' | b'}' | b'('))
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

    fn found_by(shape: Shape, text: &str) -> Vec<(String, Option<Confidence>, Option<Severity>)> {
        all(shape, &["://", ":\\/\\/"], text)
            .into_iter()
            .map(|found| (text[found.secret.range()].to_owned(), found.confidence, found.severity))
            .collect()
    }

    /// By either shape; never by both.
    fn found(text: &str) -> Vec<(String, Option<Confidence>, Option<Severity>)> {
        let (web, database) = (found_by(Shape::Url, text), found_by(Shape::DatabaseUrl, text));
        assert!(web.is_empty() || database.is_empty(), "{text}");
        [web, database].concat()
    }

    #[test]
    fn passwords() {
        for (text, secret) in [
            (concat!("https://deploy:", "kW9mPz2vQx", "@git.corp.io/app.git"), "kW9mPz2vQx"),
            (concat!("proxy = 'http://svc:", "Zt7-q!9x", "@10.2.3.4:3128'"), "Zt7-q!9x"),
            (concat!("see\\nhttps://ops:", "a%2Fb9Kx2", "@corp.io"), "a%2Fb9Kx2"),
            (concat!("ftp://joe:", "p@Zt7q9x", "@files.corp.io"), "p@Zt7q9x"),
            (concat!("https://joe:", "kW9,Pz;2(v", "@corp.io/a"), "kW9,Pz;2(v"),
        ] {
            assert_eq!(found(text), [(secret.to_owned(), Some(Confidence::Medium), None)], "{text}");
        }
    }

    #[test]
    fn tokens_in_the_place_of_users() {
        let token = concat!("9f86d081884c7d65", "9a2feaa0c55ad015a3bf4f1b");
        for (before, after) in [
            ("git clone https://", "@github.com/acme/app"),
            ("url = https://", ":x-oauth-basic@github.com/acme/app.git"),
            ("https://", "@git.corp.io:8443/acme/app.git'"),
        ] {
            let text = format!("{before}{token}{after}");
            assert_eq!(found(&text), [(token.to_owned(), Some(Confidence::Medium), None)], "{text}");
        }
        for text in [
            format!("https://{token}@sentry.corp.io/7"),
            format!("ssh://{token}@github.com/acme/app"),
            "https://some-long-name-of-a-user@github.com/acme/app.git".into(),
            "https://${A_TOKEN_FROM_ELSEWHERE}@github.com/acme/app.git".into(),
            format!("https://{token}@"),
        ] {
            assert_eq!(found(&text), [], "{text}");
        }
    }

    #[test]
    fn databases() {
        for (text, secret) in [
            (concat!("postgresql://app:", "kW9mPz2vQx", "@db.corp.io:5432/app"), "kW9mPz2vQx"),
            (concat!("jdbc:mysql://app:", "kW9:Pz2vQx", "@db.corp.io/app"), "kW9:Pz2vQx"),
            (concat!("redis://:", "kW9mPz2vQx", "@cache:6379/0"), "kW9mPz2vQx"),
            (concat!("mongodb+srv://app:", "kW9mPz2vQx", "@${MONGO_HOST}/app"), "kW9mPz2vQx"),
            (concat!("postgresql+psycopg2://app:", "kW9mPz2vQx", "@db.corp.io/app"), "kW9mPz2vQx"),
            (concat!("postgres:\\/\\/app:", "kW9mPz2vQx", "@db.corp.io"), "kW9mPz2vQx"),
            (concat!("postgres://app:", "kW9,Pz;2(v[Q", "@db.corp.io/app"), "kW9,Pz;2(v[Q"),
            (concat!("postgres://app:", "kW9/Pz?2v#Q", "@db.corp.io/app"), "kW9/Pz?2v#Q"),
            (concat!("mongodb://app:", "kW9mPz2vQx", "@a.corp.io:27017,b.corp.io:27017/app"), "kW9mPz2vQx"),
        ] {
            assert_eq!(
                found_by(Shape::DatabaseUrl, text),
                [(secret.to_owned(), Some(Confidence::Medium), None)],
                "{text}"
            );
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
            "mongodb://joe:?collection=a@corp.io",
            "https://ID:ACCESS_KEY@corp.io",
            "https://joe:Zt7q9xKw@",
            "://joe:Zt7q9xKw@corp.io",
            "http://:pserver:anoncvs@sourceware.org",
            "https://a,https://joe@corp.io",
            "postgres://db.corp.io:5432/app?mail=joe@corp.io",
            "https://corp.io:8080,joe@corp.io",
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
