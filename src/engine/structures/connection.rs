//! Passwords in connection strings: `Server=db;User Id=joe;Password=...` of ADO, ODBC and JDBC, `host=db user=joe
//! password=...` of libpq, `joe:password@tcp(db:3306)/app` of Go, `jdbc:oracle:thin:joe/password@db`.
//!
//! The anchor of the first two is the name of the password's field; another field that only such strings have must stand
//! beside it.

use super::cursor::{Cursor, MOST_BLANKS, blanks_and, is_quote, is_word, starts_with};
use super::table::Table;
use super::value::first_bytes;
use super::{Found, byte_at, verdict};
use crate::engine::ahead::Next;
use crate::model::Span;

/// How far from the password the other field may stand.
const REACH: usize = 240;
/// How many fields on either side are looked at.
const MOST_FIELDS: usize = 8;
/// The longest of the names below, in bytes.
const LONGEST_FIELD: usize = 24;
const SHORTEST_PASSWORD: usize = 3;
const LONGEST_PASSWORD: usize = 128;
const LONGEST_USER: usize = 80;

/// Fields beside the password, as they are written before the `=`, in lower case and without blanks.
static FIELDS: Table = Table::new(&[
    "server",
    "datasource",
    "addr",
    "address",
    "networkaddress",
    "host",
    "hostname",
    "uid",
    "user",
    "userid",
    "username",
    "database",
    "databasename",
    "initialcatalog",
    "dbname",
    "dbq",
    "driver",
    "provider",
    "dsn",
    "port",
    "sslmode",
    "trustservercertificate",
    "encrypt",
    "multipleactiveresultsets",
    "persistsecurityinfo",
    "integratedsecurity",
]);

/// The password at the anchor occurrence `hit`.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let secret = match &text[hit.range()] {
        [b'@', ..] => before_address(text, hit),
        anchor if starts_with(anchor, b"jdbc:oracle") => oracle(text, hit),
        _ => field(text, hit),
    }?;
    let confidence = verdict::password(&text[secret.range()])?;
    Some(verdict::found(secret, confidence, "connection string"))
}

/// How far to either side of an anchor [`is_none_at`] looks, in bytes.
pub(super) const AT: usize = MOST_BLANKS + 1;

/// Whether the anchor is no field's name, nor what stands before an address.
pub(super) fn is_none_at(text: &[u8], hit: Span) -> bool {
    let anchor = &text[hit.range()];
    !anchor.starts_with(b"@") && !starts_with(anchor, b"jdbc:oracle") && behind_name(text, hit).is_none()
}

/// What stands behind the `=` of the field whose name is the anchor.
fn behind_name(text: &[u8], hit: Span) -> Option<Cursor<'_>> {
    let before = hit.start.checked_sub(1).map_or(0, |at| byte_at(text, at));
    let mut cursor = Cursor::new(text, hit.end);
    cursor.skip_blanks();
    let is_name = !is_word(before) && !matches!(before, b'-' | b'.' | b'$' | b'&' | b'?');
    (is_name && cursor.eat(b"=")).then_some(cursor)
}

/// `Password=value`, with another field beside it.
fn field(text: &[u8], hit: Span) -> Option<Span> {
    let mut cursor = behind_name(text, hit)?;
    cursor.skip_blanks();
    let separator = separator(text, hit.start)?;
    let secret = value(&mut cursor, separator)?;
    (has_sibling_before(text, hit.start, separator) || has_sibling_after(text, secret.end, separator)).then_some(secret)
}

/// Whether the value behind the field's name at `hit` is known to be longer than any password.
pub(super) fn is_too_long(text: &[u8], hit: Span, ends: &mut Next) -> bool {
    let anchor = &text[hit.range()];
    let mut cursor = Cursor::new(text, hit.end);
    cursor.skip_blanks();
    if anchor.starts_with(b"@") || starts_with(anchor, b"jdbc:oracle") || !cursor.eat(b"=") {
        return false;
    }
    cursor.skip_blanks();
    let may_end = |at: usize| text.get(at).is_none_or(|&byte| ENDS_VALUE[usize::from(byte)]);
    cursor.peek() != b'{' && !ends.is_in(cursor.at..cursor.at + LONGEST_PASSWORD + 1, may_end)
}

/// What ends a value that stands in no quotes or braces of its own.
const ENDS_VALUE: [bool; 256] = blanks_and(b"\"'`;\\<");

/// What stands between the fields: a semicolon, or blanks. None if the field before has no value, so that this is no
/// list of fields.
fn separator(text: &[u8], start: usize) -> Option<u8> {
    let before = text[..start].trim_ascii_end();
    match before.last() {
        Some(b';') => Some(b';'),
        Some(byte) if is_quote(*byte) || *byte == b'=' || start == 0 => Some(0),
        None => Some(0),
        // Arguments of a call are no connection string.
        Some(b',' | b'(' | b'[' | b'{' | b'|' | b'&') => None,
        Some(_) => (before.len() < start).then_some(b' '),
    }
}

/// The value up to the separator or the end of the text in quotes; in braces or quotes of its own up to their end.
fn value(cursor: &mut Cursor<'_>, separator: u8) -> Option<Span> {
    if cursor.peek() == b'{' && cursor.rest().get(1).is_some_and(|&byte| byte != b'{' && !byte.is_ascii_digit()) {
        cursor.at += 1;
        let inner = cursor.until(b"}", LONGEST_PASSWORD)?;
        return (separator == b';').then_some(inner);
    }
    let span = cursor.take_while(LONGEST_PASSWORD, |byte| !ENDS_VALUE[usize::from(byte)]);
    let is_followed = matches!(cursor.peek(), b';' | b'"' | b'\'' | b'`' | b' ' | b'\r' | b'\n' | b'\\' | b'<' | 0);
    let is_argument = separator != b';' && span.end > 0 && matches!(cursor.before(), b',' | b')');
    (span.len() >= SHORTEST_PASSWORD && is_followed && !is_argument).then_some(span)
}

fn has_sibling_before(text: &[u8], start: usize, separator: u8) -> bool {
    let line = &text[start.saturating_sub(REACH)..start];
    let end = |end: Option<usize>| end.map_or(0, |at| at + 1);
    let quoted = end(memchr::memrchr3(b'"', b'\'', b'`', line));
    let string = &line[quoted + end(memchr::memrchr3(b'\n', b'\r', b'<', &line[quoted..]))..];
    separator != 0 && string.rsplit(|&byte| byte == separator).take(MOST_FIELDS).any(is_field)
}

fn has_sibling_after(text: &[u8], end: usize, separator: u8) -> bool {
    let rest = &text[end..text.len().min(end + REACH)];
    let quoted = &rest[..memchr::memchr3(b'"', b'\'', b'`', rest).unwrap_or(rest.len())];
    let string = &quoted[..memchr::memchr3(b'\n', b'\r', b'<', quoted).unwrap_or(quoted.len())];
    let separator = match separator {
        0 if string.first() == Some(&b' ') => b' ',
        0 => b';',
        own => own,
    };
    string.split(|&byte| byte == separator).take(MOST_FIELDS).any(is_field)
}

/// By byte, whether it ends a connection string.
const ENDS_STRING: [bool; 256] = first_bytes(&["\"", "'", "`", "\n", "\r", "<"]);

/// Whether `part` is `name=value` with the name of one of the fields.
fn is_field(part: &[u8]) -> bool {
    let Some(equals) = memchr::memchr(b'=', part) else { return false };
    let mut name = [0; LONGEST_FIELD];
    let mut length = 0;
    for byte in part[..equals].iter().filter(|&&byte| byte != b' ' && byte != b'\t') {
        let Some(place) = name.get_mut(length) else { return false };
        *place = *byte;
        length += 1;
    }
    FIELDS.holds(&name[..length])
}

/// `user:password` before `@tcp(`.
fn before_address(text: &[u8], hit: Span) -> Option<Span> {
    let from = hit.start.saturating_sub(LONGEST_USER + LONGEST_PASSWORD);
    let before = &text[from..hit.start];
    let string = &before[before
        .iter()
        .rposition(|&byte| ENDS_STRING[usize::from(byte)] || byte <= b' ' || byte == b'/')
        .map_or(0, |at| at + 1)..];
    let colon = memchr::memchr(b':', string).filter(|&at| at > 0)?;
    let user = &string[string[..colon].iter().rposition(|&byte| byte == b'=').map_or(0, |at| at + 1)..colon];
    let is_user = !user.is_empty() && user.iter().all(|&byte| is_word(byte) || matches!(byte, b'.' | b'-'));
    let start = hit.start - string.len() + colon + 1;
    (is_user && start < hit.start).then(|| Span::new(start, hit.start))
}

/// `user/password@` behind `jdbc:oracle:thin:`.
fn oracle(text: &[u8], hit: Span) -> Option<Span> {
    let mut cursor = Cursor::new(text, hit.end);
    cursor.take_while(8, |byte| byte == b':' || byte.is_ascii_lowercase());
    let user = cursor.take_while(LONGEST_USER, |byte| is_word(byte) || matches!(byte, b'.' | b'-' | b':'));
    if !cursor.eat(b"/") {
        return None;
    }
    let secret = cursor
        .take_while(LONGEST_PASSWORD, |byte| byte > b' ' && !is_quote(byte) && !matches!(byte, b'@' | b'/' | b'\\'));
    let is_login = cursor.peek() == b'@' && user.start <= user.end;
    (is_login && !secret.is_empty()).then_some(secret)
}

#[cfg(test)]
mod tests {
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    const PASSWORD: &str = concat!("kW9#mP", "z2!vQx");
    const ANCHORS: &[&str] = &["password", "pwd", "@tcp(", "@unix(", "jdbc:oracle"];

    fn found(text: &str) -> Vec<String> {
        let text = text.replace("{}", PASSWORD);
        let found = all(Shape::Connection, ANCHORS, &text);
        found.into_iter().map(|found| text[found.secret.range()].to_owned()).collect()
    }

    #[test]
    fn strings() {
        for text in [
            "\"Server=db.corp.io;Database=app;User Id=sa;Password={};\"",
            "connectionString=\"Data Source=db;Initial Catalog=app;Uid=sa;Pwd={}\"",
            "DRIVER={ODBC Driver 18};SERVER=db;UID=sa;PWD={}",
            "var c = new SqlConnection(\"Password={};User ID=sa;Server=db\");",
            "jdbc:sqlserver://db:1433;databaseName=app;user=sa;password={};encrypt=true",
            "\"host=db.corp.io port=5432 user=app password={} dbname=app sslmode=disable\"",
            "Driver=x;Uid=sa;Pwd={{}};Database=app",
            "sql.Open(\"mysql\", \"app:{}@tcp(db:3306)/app\")",
            "DSN=app:{}@unix(/run/mysqld.sock)/app",
            "jdbc:oracle:thin:app/{}@//db:1521/orcl",
            "Server = db; Uid = sa; Password = {} ; Encrypt = true",
        ] {
            assert_eq!(found(text), [PASSWORD], "{text}");
        }
    }

    #[test]
    fn no_strings() {
        for text in [
            "\"Server=db;Uid=sa;Password=${DB_PASSWORD};\"",
            "\"Server=db;Uid=sa;Password=<password>;\"",
            "\"Server=db;Uid=sa;Password=***;\"",
            "\"Server=db;Uid=sa;Password={0};\"",
            "\"Server=db;Uid=sa;Password=\" + password",
            "connect(host=host, user=user, password=dbPassword7)",
            "connect(host=host,\n  user=user, password=secret7x, port=1)",
            "password={}",
            "x; password={}; y",
            "https://db/login?user=joe&password={}",
            "app:${PASSWORD}@tcp(db:3306)/app",
            "%s:%s@tcp(%s)/%s",
            "user@tcp(db:3306)/app",
            "jdbc:oracle:thin:@//db:1521/orcl",
            "jdbc:oracle",
            "@tcp(",
            "pwd",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
