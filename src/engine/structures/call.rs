//! A secret given to a function by its place among the arguments: `HTTPBasicAuth("joe", "...")`,
//! `mysqli_connect($host, "joe", "...")`, `createHmac("sha256", "...")`; and in the tuple `auth=("joe", "...")`. The anchor is
//! the function's name, or its beginning, in any case.

use super::cursor::{Cursor, is_blank, is_quote};
use super::value::{self, Password};
use super::{Found, random, verdict};
use crate::model::{Confidence, Span};

/// Bytes of all arguments up to the secret, and of the secret.
const LONGEST_CALL: usize = 600;
const LONGEST_SECRET: usize = 200;
/// What of a name may follow its anchor.
const LONGEST_NAME: usize = 32;
/// What a program asks for beside a user is at least so long.
const SHORTEST_SECRET: usize = 5;

/// Functions, and which of their arguments is the secret. Names are cut before endings that are in many words, since these would
/// be looked at wherever they stand.
const CALLS: &[(&str, usize)] = &[
    ("basicauth(", 1),
    ("basic_auth(", 1),
    ("digestauth(", 1),
    ("auth=(", 1),
    ("plainauth(", 2),
    ("networkcred", 1),
    ("passwordcred", 1),
    ("passwordauth", 1),
    ("mysqli_connect(", 2),
    ("mysql_connect(", 2),
    ("new pdo(", 2),
    ("new mysqli(", 2),
    ("drivermanager", 2),
    ("pymysql.connect(", 2),
    ("mysqldb.connect(", 2),
    ("dbi->connect(", 2),
    ("wifi.begin(", 1),
    (".login(", 1),
    ("ftp_login(", 2),
    ("jwt.encode(", 1),
    ("jwt.decode(", 1),
    ("jwt.sign(", 1),
    ("jwt.verify(", 1),
    ("createhmac(", 1),
    ("hash_hmac(", 2),
    ("hmac.n", 0),
    ("keyspec", 0),
];

/// The secret among the arguments of the call at `hit`.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let name = text.get(hit.range())?;
    let (_, place) = CALLS.iter().find(|(call, _)| call.as_bytes().eq_ignore_ascii_case(name))?;
    let end = text.len().min(hit.end + LONGEST_CALL);
    let mut cursor = Cursor::new(&text[..end], hit.end);
    if !name.ends_with(b"(") {
        cursor.skip_while(LONGEST_NAME, |byte| byte.is_ascii_alphanumeric() || byte == b'.');
        cursor.eat(b"(").then_some(())?;
    }
    for _ in 0..*place {
        skip_argument(&mut cursor)?;
    }
    let secret = literal(&mut cursor)?;
    let confidence = confidence(&text[secret.range()])?;
    Some(verdict::found(secret, confidence, "argument of a call"))
}

/// Steps over an argument and the comma behind it: a literal, or an expression without brackets of any depth but one.
fn skip_argument(cursor: &mut Cursor<'_>) -> Option<()> {
    let mut depth = 0;
    loop {
        if let Some(mark) = cursor.quote() {
            cursor.until(mark, LONGEST_CALL)?;
            continue;
        }
        match cursor.peek() {
            0 | b';' => return None,
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return None,
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                cursor.at += 1;
                return Some(());
            }
            _ => {}
        }
        cursor.at += 1;
    }
}

/// A literal that is the whole argument, but for what changes its type.
fn literal(cursor: &mut Cursor<'_>) -> Option<Span> {
    const CONVERSIONS: [&[u8]; 6] =
        [b".getBytes(", b".toCharArray(", b".encode(", b".ToCharArray(", b".to_string(", b".into("];
    cursor.skip_while(LONGEST_CALL, |byte| byte.is_ascii_whitespace());
    cursor.skip_while(2, |byte| matches!(byte, b'b' | b'@' | b'u' | b'r' | b'&'));
    let mark = cursor.quote()?;
    let secret = cursor.until(mark, LONGEST_SECRET)?;
    cursor.skip_while(LONGEST_CALL, |byte| byte.is_ascii_whitespace());
    let is_converted = CONVERSIONS.iter().any(|conversion| cursor.rest().starts_with(conversion));
    let is_whole = matches!(cursor.peek(), b')' | b',' | b']') || is_converted;
    is_whole.then_some(secret)
}

/// A place among arguments says less than a name: what is made of words is no secret.
fn confidence(secret: &[u8]) -> Option<Confidence> {
    let is_text = secret.iter().any(|&byte| is_blank(byte) || is_quote(byte) || !byte.is_ascii_graphic());
    if is_text || secret.len() < SHORTEST_SECRET || value::objection(secret, b"").is_some() {
        return None;
    }
    let is_made = verdict::is_token(secret) && !random::is_digest(secret);
    match value::password(secret, false) {
        Some(Password::Random) => Some(Confidence::Medium),
        _ if is_made => Some(Confidence::Medium),
        Some(Password::Human) => Some(Confidence::Low),
        Some(Password::Weak) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::all;
    use super::*;
    use crate::rules::Shape;

    fn found(text: &str) -> Vec<(String, Option<Confidence>)> {
        let anchors: Vec<&str> = CALLS.iter().map(|(call, _)| *call).collect();
        let found = all(Shape::Call, &anchors, text);
        found.into_iter().map(|found| (text[found.secret.range()].to_owned(), found.confidence)).collect()
    }

    #[test]
    fn arguments() {
        const SECRET: &str = concat!("kW9#m", "Pz2!vQx");
        for text in [
            r#"requests.get(url, auth=HTTPBasicAuth("joe", "{}"))"#,
            r#"requests.get(url, auth=("joe", '{}'))"#,
            r#"req.SetBasicAuth(os.Getenv("USER"), "{}")"#,
            r#"smtp.PlainAuth("", "joe@corp.io", "{}", host)"#,
            r#"new NetworkCredential("joe", @"{}")"#,
            r#"DriverManager.getConnection(URL, "root", "{}");"#,
            "DriverManager.getConnection(\n    \"jdbc:x://db\",\n    \"root\",\n    \"{}\"\n)",
            r#"mysqli_connect("localhost", "root", "{}", "db");"#,
            r#"new PDO("mysql:host=$h;dbname=$d", 'root', '{}');"#,
            r#"new PasswordAuthentication("joe", "{}".toCharArray())"#,
            r#"crypto.createHmac('sha256', '{}')"#,
            r#"hmac.new(b"{}", message, sha256)"#,
            r#"new SecretKeySpec("{}".getBytes(), "AES")"#,
            r#"WiFi.begin("home", "{}");"#,
        ] {
            let text = text.replace("{}", SECRET);
            assert_eq!(found(&text), [(SECRET.to_owned(), Some(Confidence::Medium))], "{text}");
        }
        let human = concat!("sunsh", "ine1985");
        assert_eq!(found(&format!("s.login('joe', '{human}')")), [(human.to_owned(), Some(Confidence::Low))]);
    }

    #[test]
    fn others() {
        for text in [
            r#"HTTPBasicAuth(user, password)"#,
            r#"HTTPBasicAuth("joe", "password")"#,
            r#"SetBasicAuth("joe", os.Getenv("PASSWORD"))"#,
            r#"DriverManager.getConnection("jdbc:x://db", "sa", "")"#,
            r#"DriverManager.getConnection(url)"#,
            r#"s.login("joe", "dragonfly")"#,
            r#"s.login("joe", "kW9#mP" + rest)"#,
            r#"createHmac('sha256', secret).update("kW9#mPz2!vQx")"#,
            r#"auth=("joe"#,
            r#"jwt.sign("#,
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
