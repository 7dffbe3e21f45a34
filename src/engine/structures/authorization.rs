//! Credentials in an `Authorization` header, wherever a header is written: in a request, a command, a dictionary, a
//! collection of requests. The anchor is `authorization`, in any case.
//!
//! Basic credentials are decoded: they are a user and a password. What stands behind another scheme must look random.

use data_encoding::{BASE64, BASE64_NOPAD};

use super::cursor::{Cursor, is_quote};
use super::value::{self, Objection};
use super::{Found, byte_at, random, verdict};
use crate::model::{Confidence, Span};

/// Blanks and line ends between a name and its value.
const LONGEST_GAP: usize = 60;
/// What closes a name: a quotation mark with its backslashes, a bracket.
const MOST_CLOSERS: usize = 4;
const LONGEST_SCHEME: usize = 20;
/// Base64 of a user, a colon and a password.
const SHORTEST_BASIC: usize = 8;
const SHORTEST_TOKEN: usize = 16;
const LONGEST: usize = 2000;
const MOST_PADDING: usize = 2;
/// Without a scheme, a shorter value may be a name.
const SHORTEST_BARE: usize = 20;
/// Basic credentials that are no text are looked at from here on.
const SHORTEST_MADE_UP: usize = 16;

/// Schemes of which the credential is a token.
const SCHEMES: &[&str] =
    &["bearer", "token", "apikey", "api-key", "oauth", "bot", "ssws", "geniekey", "key", "jwt", "apitoken"];

/// The credential in the header whose name is `hit`.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let mut cursor = Cursor::new(text, hit.end);
    match value_before(text, hit.start) {
        Some(start) => cursor.at = start,
        None => to_value(&mut cursor)?,
    }
    let scheme = cursor.take_while(LONGEST_SCHEME, |byte| byte.is_ascii_alphabetic() || byte == b'-');
    let is_named = cursor.skip_blanks() > 0 || cursor.eat(b"%20");
    let is_scheme = |known: &str| is_named && known.as_bytes().eq_ignore_ascii_case(&text[scheme.range()]);
    let is_token = SCHEMES.iter().any(|known| is_scheme(known));
    if !is_scheme("basic") && !is_token {
        cursor.at = scheme.start;
    } else {
        open_next_literal(&mut cursor);
        // Ruby on Rails writes `Token token="..."`.
        if is_token && cursor.eat(b"token=") {
            cursor.quote();
        }
    }
    let secret = credential(&mut cursor)?;
    let value = &text[secret.range()];
    let confidence = if is_scheme("basic") { basic(value) } else { token(value, is_token) }?;
    Some(verdict::found(secret, confidence, "header"))
}

/// From the end of a literal into the one that it is joined with: `"Bearer " + "..."`.
fn open_next_literal(cursor: &mut Cursor<'_>) {
    const OPERATORS: [&[u8]; 5] = [b"+", b"..", b".", b"<>", b"&"];
    let mut next = *cursor;
    let is_closed = next.quote().is_some();
    next.skip_blanks();
    let is_joined = OPERATORS.iter().any(|operator| next.eat(operator));
    next.skip_blanks();
    if is_closed && is_joined && next.quote().is_some() {
        *cursor = next;
    }
}

/// Where the value begins that stands before its header's name, in Swift and Objective-C: `("...", forHTTPHeaderField: "`.
fn value_before(text: &[u8], name: usize) -> Option<usize> {
    let from = name.saturating_sub(LONGEST);
    let before = &text[from..name];
    let before = before.strip_suffix(b"@\"").or_else(|| before.strip_suffix(b"\""))?.trim_ascii_end();
    let before = before.strip_suffix(b"forHTTPHeaderField:")?.trim_ascii_end();
    let before = before.strip_suffix(b",").unwrap_or(before).strip_suffix(b"\"")?;
    let open = memchr::memrchr2(b'"', b'\n', before).filter(|&at| before[at] == b'"')?;
    Some(from + open + 1)
}

/// From a header's name to its value: `: `, `": "`, `", "`, ` = "`, `" value="`, `\n  value: `.
fn to_value(cursor: &mut Cursor<'_>) -> Option<()> {
    cursor.skip_while(MOST_CLOSERS, is_closer);
    if cursor.peek() == b'<' {
        return to_next_element(cursor);
    }
    cursor.skip_while(LONGEST_GAP, |byte| byte.is_ascii_whitespace());
    let mut is_joined = cursor.skip_while(2, |byte| matches!(byte, b':' | b'=' | b',' | b'>')) > 0;
    cursor.skip_while(LONGEST_GAP, |byte| byte.is_ascii_whitespace());
    let value = *cursor;
    cursor.quote();
    if cursor.eat(b"value") {
        cursor.skip_while(MOST_CLOSERS, is_closer);
        cursor.skip_blanks();
        is_joined = cursor.skip_while(1, |byte| matches!(byte, b':' | b'=')) > 0;
        cursor.skip_blanks();
    } else {
        *cursor = value;
    }
    // Letters before a literal, as in f"..." and b'...'.
    if cursor.peek().is_ascii_alphabetic() && cursor.rest().get(1).is_some_and(|&byte| is_quote(byte)) {
        cursor.at += 1;
    }
    // `proxy_set_header Authorization "..."`
    let is_quoted = cursor.quote().is_some();
    (is_joined || is_quoted).then_some(())
}

/// `</stringProp> <stringProp name="Header.value">`: from the end of an element into the next one, if that is for a value.
fn to_next_element(cursor: &mut Cursor<'_>) -> Option<()> {
    const LONGEST_TAG: usize = 60;
    cursor.eat(b"</").then_some(())?;
    cursor.skip_while(LONGEST_TAG, |byte| byte.is_ascii_alphanumeric());
    cursor.eat(b">").then_some(())?;
    cursor.skip_while(LONGEST_GAP, |byte| byte.is_ascii_whitespace());
    cursor.eat(b"<").then_some(())?;
    let rest = &cursor.rest()[..cursor.rest().len().min(LONGEST_TAG)];
    let tag = &rest[..memchr::memchr(b'>', rest)?];
    cursor.at += tag.len() + 1;
    (tag == b"value" || tag.ends_with(b"value\"")).then_some(())
}

fn is_closer(byte: u8) -> bool {
    is_quote(byte) || matches!(byte, b'\\' | b']' | b')')
}

/// The characters of a credential (RFC 6750), if no template goes on behind them.
fn credential(cursor: &mut Cursor<'_>) -> Option<Span> {
    let mut span = cursor.take_while(LONGEST, |byte| byte.is_ascii_alphanumeric() || b"._~+/-".contains(&byte));
    cursor.skip_while(MOST_PADDING, |byte| byte == b'=');
    span.end = cursor.at;
    // The element's end.
    let is_whole = cursor.rest().starts_with(b"</");
    let is_cut =
        !is_whole && matches!(cursor.peek(), b'$' | b'{' | b'<' | b'*' | b'(' | b'[' | b'%' | b':' | b'=' | 0x80..);
    (!is_cut && !span.is_empty()).then_some(span)
}

/// `user:password` in base64.
fn basic(credential: &[u8]) -> Option<Confidence> {
    if credential.len() < SHORTEST_BASIC {
        return None;
    }
    let decoded = BASE64.decode(credential).or_else(|_| BASE64_NOPAD.decode(credential)).ok();
    let is_text = |text: &Vec<u8>| std::str::from_utf8(text).is_ok_and(|text| !text.chars().any(char::is_control));
    let Some(text) = decoded.filter(is_text) else {
        // What a document or a test made up for one.
        let is_made_up = credential.len() >= SHORTEST_MADE_UP && random::is_random_password(credential);
        return is_made_up.then_some(Confidence::Low);
    };
    let (user, password) = text.split_at(memchr::memchr(b':', &text)?);
    let password = &password[1..];
    if password.eq_ignore_ascii_case(user) {
        return None;
    }
    // Some services take a key for the user, and no password.
    if password.is_empty() || password == b"X" || password == b"x" {
        return verdict::is_token(user).then_some(Confidence::Medium);
    }
    verdict::password(password)
}

fn token(credential: &[u8], has_scheme: bool) -> Option<Confidence> {
    let shortest = if has_scheme { SHORTEST_TOKEN } else { SHORTEST_BARE };
    if credential.len() < shortest || !(verdict::is_token(credential) || is_uuid(credential)) {
        return None;
    }
    if !matches!(value::objection(credential, b""), None | Some(Objection::Public)) {
        return None;
    }
    Some(if has_scheme && !is_uuid(credential) { Confidence::Medium } else { Confidence::Low })
}

fn is_uuid(text: &[u8]) -> bool {
    const LENGTH: usize = 36;
    text.len() == LENGTH && [8, 13, 18, 23].into_iter().all(|at| byte_at(text, at) == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_that_are_no_text() {
        assert_eq!(basic(concat!("kQXsbhwq", "YYPazJ29sZA==").as_bytes()), Some(Confidence::Low));
        assert_eq!(basic(b"AuthenticationHeader"), None);
    }
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    const TOKEN: &str = concat!("x7Kq2mPz9V", "bT4wLr8sQ1hN6c");

    fn found(text: &str) -> Vec<(String, Option<Confidence>)> {
        let found = all(Shape::Authorization, &["authorization"], text);
        found.into_iter().map(|found| (text[found.secret.range()].to_owned(), found.confidence)).collect()
    }

    fn basic_of(user: &str, password: &str) -> String {
        BASE64.encode(format!("{user}:{password}").as_bytes())
    }

    #[test]
    fn wherever_a_header_is_written() {
        for form in [
            "Authorization: Bearer {}",
            "authorization: bearer {}\r\nHost: a",
            "curl -H 'Authorization: Bearer {}' https://api.corp.io",
            r#"curl -H "Authorization: Token {}""#,
            r#"headers = {"Authorization": "Bearer {}"}"#,
            r#"headers = {'Authorization': f'Bearer {}'}"#,
            r#"req.Header.Set("Authorization", "Bearer {}")"#,
            r#"headers["Authorization"] = "Bearer {}";"#,
            r#"request.setValue("Bearer {}", forHTTPHeaderField: "Authorization")"#,
            r#"[request setValue:@"Bearer {}" forHTTPHeaderField:@"Authorization"];"#,
            r#"{\"Authorization\": \"Bearer {}\"}"#,
            r#"'Authorization' => 'Bearer {}',"#,
            r#"{"key": "Authorization", "value": "Bearer {}"}"#,
            "- name: Authorization\n  value: Bearer {}\n",
            r#"<header name="Authorization" value="Bearer {}"/>"#,
            r#"Authorization: Token token="{}""#,
            "Proxy-Authorization: ApiKey {}",
            "authorization=Bearer%20{}",
            r#"proxy_set_header Authorization "Bearer {}";"#,
            r#"headers = {"Authorization": "Bearer " + "{}"}"#,
            "curl_setopt($ch, CURLOPT_HTTPHEADER, ['Authorization: Token ' . '{}']);",
        ] {
            let text = form.replace("{}", TOKEN);
            assert_eq!(found(&text), [(TOKEN.to_owned(), Some(Confidence::Medium))], "{text}");
        }
    }

    #[test]
    fn basic_credentials_are_decoded() {
        for (password, expected) in [("kW9#mPz2!vQx", Confidence::Medium), ("dragonfly", Confidence::Low)] {
            let secret = basic_of("joe", password);
            assert_eq!(found(&format!("Authorization: Basic {secret}")), [(secret, Some(expected))]);
        }
        let key = BASE64.encode(format!("{TOKEN}:").as_bytes());
        assert_eq!(found(&format!("authorization: BASIC {key}")), [(key, Some(Confidence::Medium))]);
        let unpadded = BASE64_NOPAD.encode(concat!("joe:", "kW9#mPz2!v").as_bytes());
        assert_eq!(found(&format!("Authorization: Basic {unpadded}\n")), [(unpadded, Some(Confidence::Medium))]);
    }

    #[test]
    fn without_a_scheme_it_is_possible() {
        assert_eq!(found(&format!("Authorization: {TOKEN}")), [(TOKEN.to_owned(), Some(Confidence::Low))]);
    }

    #[test]
    fn no_credentials() {
        for text in [
            "Authorization: Bearer $TOKEN",
            "Authorization: Bearer ${TOKEN}",
            "Authorization: Bearer <token>",
            "Authorization: Bearer {{token}}",
            "Authorization: Bearer xxxxxxxxxxxxxxxxxxxxxxxx",
            "Authorization: Bearer YOUR_ACCESS_TOKEN_HERE",
            "Authorization: Bearer my_access_token_value",
            "Authorization: Basic dXNlcjpwYXNzd29yZA==",
            "Authorization: Basic QWxhZGRpbg==",
            "Authorization: Basic ${CREDENTIALS}",
            "Authorization: 'Bearer ' + token",
            "Authorization: 'Bearer ' + 'token' + id",
            "headers.authorization.split(' ')[1]",
            "the Authorization header: see RFC 9110",
            "authorization_endpoint: https://accounts.corp.io/o/oauth2/v2/auth",
            "Authorization: Bearer x7Kq2mPz9VbT4wLr8s…",
            "authorization",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
        assert_eq!(found(&format!("Authorization: Bearer {TOKEN}${{SUFFIX}}")), []);
        assert_eq!(found(&format!("Authorization: Basic {}", basic_of("guest", "guest"))), []);
    }

    #[test]
    fn a_header_in_two_elements() {
        let text = format!(
            "<stringProp name=\"Header.name\">Authorization</stringProp>\n  <stringProp name=\"Header.value\">Bearer {TOKEN}</stringProp>"
        );
        assert_eq!(found(&text).len(), 1, "{text}");
        let text = format!("<h2>Authorization</h2>\n<p class=\"x\">Bearer {TOKEN}</p>");
        assert_eq!(found(&text), [], "{text}");
    }
}
