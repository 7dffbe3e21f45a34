//! Lines of a `.pgpass`: `host:port:database:user:password`. The anchor is a port between its colons, or `:*:`.
//! <https://www.postgresql.org/docs/current/libpq-pgpass.html>

use super::cursor::{Cursor, is_quote};
use super::{Found, byte_at, verdict};
use crate::model::Span;

const LONGEST_HOST: usize = 120;
const LONGEST_NAME: usize = 64;
const LONGEST_PASSWORD: usize = 200;

/// The password of the line in which the port `hit` stands.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let before = &text[..hit.start];
    let host = before.iter().rev().take(LONGEST_HOST).take_while(|&&byte| is_name(byte)).count();
    let is_first = |byte: u8| matches!(byte, 0 | b'\n' | b'\r' | b' ' | b'\t') || is_quote(byte);
    if host == 0 || !is_first(byte_before(before, before.len() - host)) {
        return None;
    }
    let mut cursor = Cursor::new(text, hit.end);
    for _ in ["database", "user"] {
        let name = cursor.take_while(LONGEST_NAME, is_name);
        if name.is_empty() || !cursor.eat(b":") {
            return None;
        }
    }
    // A colon in a password is escaped.
    let secret = cursor.take_while(LONGEST_PASSWORD, |byte| byte > b' ' && byte != b':' && !is_quote(byte));
    let is_whole = matches!(cursor.peek(), 0 | b'\n' | b'\r' | b' ') || is_quote(cursor.peek());
    let confidence = verdict::password(&text[secret.range()]).filter(|_| is_whole)?;
    Some(verdict::found(secret, confidence, "pgpass"))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'*' | b'-' | b'_')
}

fn byte_before(text: &[u8], at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |before| byte_at(text, before))
}

#[cfg(test)]
mod tests {
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    const PASSWORD: &str = concat!("kW9#mP", "z2!vQx");

    fn found(text: &str) -> Vec<String> {
        let text = text.replace("{}", PASSWORD);
        let found = all(Shape::Pgpass, &[":5432:", ":*:"], &text);
        found.into_iter().map(|found| text[found.secret.range()].to_owned()).collect()
    }

    #[test]
    fn lines() {
        for text in [
            concat!("db.corp.io:5432", ":app:joe:{}"),
            "# hosts\n*:*:*:joe:{}\n",
            concat!("localhost:*", ":app:joe:{}\r\n"),
            "echo 'db.corp.io:5432:*:joe:{}' > ~/.pgpass",
        ] {
            assert_eq!(found(text), [PASSWORD], "{text}");
        }
    }

    #[test]
    fn no_lines() {
        for text in [
            "127.0.0.1:5432:5432",
            "db.corp.io:5432:app:joe",
            "db.corp.io:5432:app:joe:${PGPASSWORD}",
            "db.corp.io:5432:app:joe:password",
            "postgres://db:5432:app:joe:{}",
            "arn:aws:s3:*:*:bucket/{}/*",
            "*:*:*:*:*:bus/{}",
            ":5432:app:joe:{}",
            ":*:",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
