//! Secrets in rows of a table: `INSERT INTO users (name, password) VALUES ('joe', '...'), ('ann', '...')`. The column that has the
//! name of one tells which of the values it is. The anchor is `insert into`, in any case.

use super::cursor::{Cursor, is_quote};
use super::name::{self, Class};
use super::value::{self, Password};
use super::{Found, random, verdict};
use crate::model::{Confidence, Span};

const LONGEST_TABLE: usize = 120;
const LONGEST_COLUMN: usize = 64;
const MOST_COLUMNS: usize = 40;
const MOST_ROWS: usize = 100;
const LONGEST_VALUE: usize = 200;

/// The first secret of each row that the statement at `hit` inserts.
pub(super) fn find(text: &[u8], hit: Span) -> Vec<Found> {
    let mut cursor = Cursor::new(text, hit.end);
    cursor.skip_while(LONGEST_TABLE, |byte| byte != b'(' && byte != b';' && byte != b'\n');
    let mut found = Vec::new();
    let Some(columns) = columns(&mut cursor).filter(|columns| columns.iter().any(|column| is_secret(text, *column)))
    else {
        return found;
    };
    skip_blanks(&mut cursor);
    let mut goes_on = cursor.eat(b"values");
    while goes_on && found.len() < MOST_ROWS {
        skip_blanks(&mut cursor);
        if !cursor.eat(b"(") {
            break;
        }
        found.extend(in_row(text, &columns, &mut cursor));
        // What is left of the row behind its secret.
        while value(&mut cursor).is_some() && cursor.peek() != b')' {}
        goes_on = cursor.eat(b")") && {
            skip_blanks(&mut cursor);
            cursor.eat(b",")
        };
    }
    found
}

fn skip_blanks(cursor: &mut Cursor<'_>) {
    cursor.skip_while(LONGEST_TABLE, |byte| byte.is_ascii_whitespace());
}

fn is_secret(text: &[u8], column: Option<Span>) -> bool {
    column.is_some_and(|column| name::classify(&text[column.range()]).is_some())
}

/// The first secret of the row whose values are read next.
fn in_row(text: &[u8], columns: &[Option<Span>], cursor: &mut Cursor<'_>) -> Option<Found> {
    for column in columns {
        let secret = value(cursor)?.zip(*column);
        let confidence = secret.and_then(|(secret, column)| confidence(text, column, secret));
        if let (Some((secret, column)), Some(confidence)) = (secret, confidence) {
            return Some(Found { field: Some(column), ..verdict::found(secret, confidence, "column and value") });
        }
        if cursor.peek() == b')' {
            return None;
        }
    }
    None
}

/// The names in the parentheses, in order; of those that name no secret None.
fn columns(cursor: &mut Cursor<'_>) -> Option<Vec<Option<Span>>> {
    cursor.eat(b"(").then_some(())?;
    let mut columns = Vec::new();
    while columns.len() < MOST_COLUMNS {
        let is_aside = |byte: u8| byte.is_ascii_whitespace() || is_quote(byte) || matches!(byte, b'[' | b']' | b'\\');
        cursor.skip_while(LONGEST_COLUMN, is_aside);
        let column = cursor.take_while(LONGEST_COLUMN, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
        cursor.skip_while(LONGEST_COLUMN, is_aside);
        columns.push((!column.is_empty()).then_some(column));
        if cursor.eat(b")") {
            return Some(columns);
        }
        cursor.eat(b",").then_some(())?;
    }
    None
}

/// The next value of the row: its text if it is one, and the comma behind it. None at the row's end.
fn value(cursor: &mut Cursor<'_>) -> Option<Option<Span>> {
    cursor.skip_while(LONGEST_COLUMN, |byte| byte.is_ascii_whitespace());
    // `N'text'`, `E'text'`.
    cursor.skip_while(1, |byte| matches!(byte, b'N' | b'E'));
    let text = match cursor.quote() {
        Some(mark) => Some(cursor.until(mark, LONGEST_VALUE)?),
        None => None,
    };
    cursor.skip_while(LONGEST_VALUE, |byte| !matches!(byte, b',' | b')' | b'(' | b'\'' | b'"' | 0));
    (cursor.eat(b",") || cursor.peek() == b')').then_some(text)
}

/// How sure a value is that stands in a column of this name.
pub(super) fn confidence(text: &[u8], column: Span, secret: Span) -> Option<Confidence> {
    let class = name::classify(&text[column.range()])?.class;
    let secret = &text[secret.range()];
    if value::objection(secret, &text[column.range()]).is_some() || random::is_digest(secret) {
        return None;
    }
    match class {
        Class::Password | Class::Passphrase => {
            let password = value::password(secret, class == Class::Passphrase)?;
            Some(if password == Password::Random { Confidence::Medium } else { Confidence::Low })
        }
        Class::Random => verdict::is_token(secret).then_some(Confidence::Medium),
        Class::AnyKey => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use crate::rules::Shape;

    fn found(text: &str) -> Vec<String> {
        let found = all(Shape::Insert, &["insert into"], text);
        found.into_iter().map(|found| text[found.secret.range()].to_owned()).collect()
    }

    #[test]
    fn rows() {
        const SECRET: &str = concat!("kW9#m", "Pz2!vQx");
        for text in [
            "INSERT INTO users (name, password) VALUES ('joe', '{}');",
            "insert into `users` (`id`, `password`, `name`) values (1, '{}', 'joe');",
            "INSERT INTO [users] ([name], [passwd])\nVALUES (N'joe', '{}')",
            "db.exec(\"INSERT INTO users (id, created, pwd) VALUES (1, NOW, '{}')\")",
        ] {
            assert_eq!(found(&text.replace("{}", SECRET)), [SECRET], "{text}");
        }
    }

    #[test]
    fn every_row() {
        const SECRETS: [&str; 3] = [concat!("kW9#m", "Pz2!vQx"), concat!("Zt7!", "q9xKw2m"), concat!("vB4n", "#Rk8zP")];
        let [one, two, three] = SECRETS;
        let text = format!(
            "INSERT INTO users (name, password, age) VALUES ('joe', '{one}', 1),\n ('ann', NULL, 2), ('sue', '{two}', 3),\n('x','{three}',4);"
        );
        let hit = crate::model::Span::new(0, "INSERT INTO".len());
        let found = super::find(text.as_bytes(), hit);
        let found: Vec<&str> = found.iter().map(|found| &text[found.secret.range()]).collect();
        assert_eq!(found, SECRETS);
    }

    #[test]
    fn others() {
        for text in [
            "INSERT INTO users (name, password) VALUES ('joe'), ('kW9#mPz2')",
            "INSERT INTO users (name, password) VALUES (?, ?)",
            "INSERT INTO users (name, password) VALUES ('joe', MD5('x'))",
            "INSERT INTO users (name, password) VALUES ('joe', '$2y$10$abcdefghijklmnopqrstuv')",
            "INSERT INTO users (name, password) VALUES ('kW9#mPz2', 'changeme')",
            "INSERT INTO users VALUES ('joe', 'kW9#mPz2')",
            "INSERT INTO users (name, age) VALUES ('kW9#mPz2', 'kW9#mPz2')",
            "INSERT INTO users (password",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
