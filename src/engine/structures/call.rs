//! A secret given to a function by its place among the arguments: `HTTPBasicAuth("joe", "...")`,
//! `mysqli_connect($host, "joe", "...")`, `createHmac("sha256", "...")`; in the tuple `auth=("joe", "...")`; with its user, in
//! `btoa("joe:...")`; and before a method that hardly anything else is asked for, `"...".toCharArray()`. The anchor is the
//! function's name, or its beginning, in any case.

use super::cursor::{Cursor, blanks_and, ends_with, is_blank, is_quote};
use super::form::is_wrapper;
use super::value::{self, Password};
use super::{Found, random, verdict};
use crate::engine::ahead::Next;
use crate::model::{Confidence, Span};

/// Bytes of all arguments up to the secret, and of the secret.
const LONGEST_CALL: usize = 600;
const LONGEST_SECRET: usize = 200;
/// What of a name may follow its anchor.
const LONGEST_NAME: usize = 32;
/// What a program asks for beside a user is at least so long.
const SHORTEST_SECRET: usize = 5;

/// Where the secret stands.
#[derive(Clone, Copy)]
enum Place {
    /// It is the argument with this number.
    Argument(usize),
    /// The same, of a call without parentheses.
    Word(usize),
    /// It stands behind a user and a colon in the argument with this number.
    UserInfo(usize),
    /// It is the literal whose closing quotation mark the anchor begins with.
    Before,
}

use Place::{Argument, Before, UserInfo, Word};

/// Functions, and which of their arguments is the secret. Names are cut before endings that are in many words, since these would
/// be looked at wherever they stand.
const CALLS: &[(&str, Place)] = &[
    ("basicauth(", Argument(1)),
    ("basic_auth(", Argument(1)),
    ("digestauth(", Argument(1)),
    ("auth=(", Argument(1)),
    ("plainauth(", Argument(2)),
    ("networkcred", Argument(1)),
    ("passwordcred", Argument(1)),
    ("passwordauth", Argument(1)),
    ("mysqli_connect(", Argument(2)),
    ("mysql_connect(", Argument(2)),
    ("new pdo(", Argument(2)),
    ("new mysqli(", Argument(2)),
    ("drivermanager", Argument(2)),
    ("pymysql.connect(", Argument(2)),
    ("mysqldb.connect(", Argument(2)),
    ("dbi->connect(", Argument(2)),
    ("wifi.begin(", Argument(1)),
    ("login(", Argument(1)),
    ("signin(", Argument(1)),
    ("sign_in(", Argument(1)),
    ("authenticate(", Argument(1)),
    ("create_user(", Argument(2)),
    ("set_password(", Argument(2)),
    ("emailandpassword(", Argument(1)),
    (".auth(", Argument(1)),
    (" ftp(", Argument(2)),
    ("oauthhandler(", Argument(1)),
    ("passwordtoken(", Argument(1)),
    ("credentials.basic(", Argument(1)),
    (" credentials(", Argument(3)),
    ("headervalue(", Argument(1)),
    ("real_connect(", Argument(3)),
    ("new sequelize(", Argument(2)),
    ("bcrypt.hash", Argument(0)),
    ("setauth(", Argument(1)),
    ("cookieparser(", Argument(0)),
    ("cookiestore(", Argument(0)),
    ("securitykey(", Argument(0)),
    ("fernet(", Argument(0)),
    ("aes.new(", Argument(0)),
    ("hmac256(", Argument(0)),
    ("hmac512(", Argument(0)),
    ("signwith(", Argument(1)),
    ("createcipher", Argument(1)),
    ("js.aes.encrypt(", Argument(1)),
    ("openssl_encrypt(", Argument(2)),
    ("basic_auth ", Word(1)),
    ("curlopt_userpwd", UserInfo(0)),
    ("btoa(", UserInfo(0)),
    ("b64encode(", UserInfo(0)),
    ("base64_encode(", UserInfo(0)),
    ("encodetostring(", UserInfo(0)),
    ("buffer.from(", UserInfo(0)),
    ("\".tochararray(", Before),
    ("' | password_hash(", Before),
    ("\" | password_hash(", Before),
    ("ftp_login(", Argument(2)),
    ("jwt.encode(", Argument(1)),
    ("jwt.decode(", Argument(1)),
    ("jwt.sign(", Argument(1)),
    ("jwt.verify(", Argument(1)),
    ("createhmac(", Argument(1)),
    ("hash_hmac(", Argument(2)),
    ("hmac.n", Argument(0)),
    ("keyspec", Argument(0)),
    ("new credentials(", Argument(1)),
    ("clientcredential(", Argument(1)),
    ("secretcredential(", Argument(2)),
    ("509certificate2(", Argument(1)),
    (".createasync(", Argument(1)),
    ("oauth1(", Argument(1)),
    ("oauth1.newconfig(", Argument(1)),
    ("twitteroauth(", Argument(1)),
    ("loginrequest(", Argument(1)),
    ("pbkdf2_hmac(", Argument(2)),
    ("pbkdf2sync(", Argument(1)),
    ("sta.config(", Argument(1)),
    ("mqtt.connect(", Argument(2)),
    ("client.connect(", Argument(2)),
    ("sendline(", Argument(0)),
    ("typetext(", Argument(0)),
];

/// The last bytes of each of them, by which nearly all others are told from it.
const TAILS: [u32; CALLS.len()] = {
    let mut tails = [0; CALLS.len()];
    let mut call = 0;
    while call < CALLS.len() {
        let name = CALLS[call].0.as_bytes().last_chunk().expect("names are four bytes long or longer");
        tails[call] = u32::from_le_bytes(*name);
        call += 1;
    }
    tails
};

/// The secret among the arguments of the call at `hit`.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let name = text.get(hit.range())?;
    let place = place(text, hit)?;
    let end = text.len().min(hit.end + LONGEST_CALL);
    let mut cursor = Cursor::new(&text[..end], hit.end);
    let secret = match place {
        Before => before(text, hit.start)?,
        Argument(number) => {
            to_arguments(&mut cursor, name)?;
            argument(&mut cursor, number, is_end_of_argument)?
        }
        Word(number) => argument(&mut cursor, number, |byte| is_end_of_argument(byte) || is_end_of_line(byte))?,
        UserInfo(number) => {
            to_arguments(&mut cursor, name)?;
            after_user(text, argument(&mut cursor, number, is_end_of_argument)?)?
        }
    };
    let confidence = confidence(&text[secret.range()])?;
    Some(verdict::found(secret, confidence, "argument of a call"))
}

/// Where the call at `hit` has its secret. `ftp_login(` has the same anchor as `login(`.
fn place(text: &[u8], hit: Span) -> Option<Place> {
    let tail = text[..hit.end].last_chunk::<4>()?.to_ascii_lowercase();
    let tail = u32::from_le_bytes(*tail.first_chunk()?);
    let same = TAILS.iter().zip(CALLS).filter(|(known, _)| **known == tail).map(|(_, call)| call);
    let ends_here = |call: &str| ends_with(&text[..hit.end], call.as_bytes()) && call.len() >= hit.len();
    let (_, place) = same.filter(|(call, _)| ends_here(call)).max_by_key(|(call, _)| call.len())?;
    Some(*place)
}

/// Whether what follows the call at `hit` has the comma and the quotation mark without which no argument of it is a secret. Most
/// has not, and then its arguments are not read.
pub(super) fn may_be_given(text: &[u8], hit: Span, commas: &mut Next, quotes: &mut Next) -> bool {
    let number = match place(text, hit) {
        Some(Before) => return true,
        Some(Argument(number) | Word(number) | UserInfo(number)) => number,
        None => return false,
    };
    let within = hit.end..text.len().min(hit.end + LONGEST_CALL);
    (number == 0 || commas.is_in(within.clone(), |at| text[at] == b','))
        && quotes.is_in(within, |at| is_quote(text[at]))
}

/// Behind the parenthesis that the arguments follow. The name of an option is itself an argument, in a call or in an array.
fn to_arguments(cursor: &mut Cursor<'_>, name: &[u8]) -> Option<()> {
    if name.ends_with(b"(") {
        return Some(());
    }
    cursor.skip_blanks();
    if cursor.eat(b",") || cursor.eat(b"=>") {
        return Some(());
    }
    cursor.skip_while(LONGEST_NAME, |byte| byte.is_ascii_alphanumeric() || byte == b'.');
    cursor.eat(b"(").then_some(())
}

/// The argument with this number, if it is a literal.
fn argument(cursor: &mut Cursor<'_>, number: usize, ends: impl Fn(u8) -> bool) -> Option<Span> {
    for _ in 0..number {
        skip_argument(cursor)?;
    }
    literal(cursor, ends)
}

fn is_end_of_argument(byte: u8) -> bool {
    matches!(byte, b')' | b',' | b']')
}

fn is_end_of_line(byte: u8) -> bool {
    matches!(byte, 0 | b'\r' | b'\n' | b';' | b'}')
}

/// The literal whose closing quotation mark stands at `close`.
fn before(text: &[u8], close: usize) -> Option<Span> {
    let from = close.saturating_sub(LONGEST_SECRET);
    let within = &text[from..close];
    let start = from + memchr::memrchr2(text[close], b'\n', within).filter(|&at| within[at] == text[close])? + 1;
    // Separators are those of a text, and so are line ends.
    let is_text = text[start..close].iter().any(|byte| b",;&".contains(byte))
        || text[start..close].windows(2).any(|pair| pair[0] == b'\\' && b"nrt".contains(&pair[1]));
    (start < close && !is_text).then(|| Span::new(start, close))
}

/// What stands behind the colon of `user:password`.
fn after_user(text: &[u8], literal: Span) -> Option<Span> {
    let colon = memchr::memchr(b':', &text[literal.range()])?;
    let is_user = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-@+".contains(byte);
    let user = &text[literal.start..literal.start + colon];
    let secret = Span::new(literal.start + colon + 1, literal.end);
    (!user.is_empty() && user.iter().all(is_user) && !text[secret.range()].starts_with(b"//")).then_some(secret)
}

/// By byte, whether it may be more than a part of an argument; and blanks.
const STRUCTURES: [bool; 256] = blanks_and(b";()[]{},\\\"'`");

/// Steps over an argument and the comma behind it: a literal, or an expression without brackets of any depth but one.
fn skip_argument(cursor: &mut Cursor<'_>) -> Option<()> {
    let mut depth = 0;
    loop {
        cursor.skip_while(LONGEST_CALL, |byte| !STRUCTURES[usize::from(byte)]);
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
fn literal(cursor: &mut Cursor<'_>, ends: impl Fn(u8) -> bool) -> Option<Span> {
    const CONVERSIONS: [&[u8]; 6] =
        [b".getBytes(", b".toCharArray(", b".encode(", b".ToCharArray(", b".to_string(", b".into("];
    skip_to_literal(cursor);
    while skip_wrapper(cursor) {
        skip_to_literal(cursor);
    }
    let mark = cursor.quote()?;
    let secret = cursor.until(mark, LONGEST_SECRET)?;
    cursor.skip_blanks();
    if ends(cursor.peek()) {
        return Some(secret);
    }
    cursor.skip_while(LONGEST_CALL, |byte| byte.is_ascii_whitespace());
    let is_converted = CONVERSIONS.iter().any(|conversion| cursor.rest().starts_with(conversion));
    (ends(cursor.peek()) || is_converted).then_some(secret)
}

/// Blanks, and letters that do not change what kind of value a literal is.
fn skip_to_literal(cursor: &mut Cursor<'_>) {
    cursor.skip_while(LONGEST_CALL, |byte| byte.is_ascii_whitespace());
    let is_prefix = |byte: u8| matches!(byte, b'b' | b'@' | b'u' | b'r' | b'&');
    let start = *cursor;
    cursor.skip_while(2, is_prefix);
    if !is_quote(cursor.peek()) {
        *cursor = start;
    }
}

/// Steps over what a literal is wrapped in: `Some(`, `[]byte(`, `Encoding.UTF8.GetBytes(`.
fn skip_wrapper(cursor: &mut Cursor<'_>) -> bool {
    let start = *cursor;
    let is_name =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'[' | b']' | b':' | b'*' | b'&');
    let name = cursor.take_while(2 * LONGEST_NAME, is_name);
    let text = start.rest();
    let last = text[..name.len()].rsplit(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
    let is_wrapped = is_wrapper(last) && cursor.eat(b"(");
    if !is_wrapped {
        *cursor = start;
    }
    is_wrapped
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
            r#"login("joe", "{}")"#,
            r#"User.objects.create_user("joe", "joe@corp.io", "{}")"#,
            r#"keyring.set_password("service", "joe", "{}")"#,
            r#"client.get(url).basic_auth("joe", Some("{}"))"#,
            r#"new SymmetricSecurityKey(Encoding.UTF8.GetBytes("{}"))"#,
            r#"store := sessions.NewCookieStore([]byte("{}"))"#,
            r#"new AuthenticationHeaderValue("Bearer", "{}")"#,
            r#"keyStore.load(in, "{}".toCharArray());"#,
            r#"password: "{{ '{}' | password_hash('sha512') }}""#,
            r#"curl_setopt($ch, CURLOPT_USERPWD, "joe:{}");"#,
            r#"CURLOPT_USERPWD => 'joe:{}',"#,
            r#"client.Credentials = new Credentials("joe", "{}");"#,
            r#"new ClientSecretCredential(tenant, id, "{}")"#,
            r#"new X509Certificate2("site.pfx", "{}")"#,
            r#"await users.CreateAsync(admin, "{}");"#,
            r#"OAuth1(key, "{}", token, other)"#,
            r#"new TwitterOAuth('key', '{}')"#,
            r#"new LoginRequest("joe", "{}")"#,
            r#"hashlib.pbkdf2_hmac("sha256", password, b"{}", 100000)"#,
            r#"wifi.sta.config("home", "{}")"#,
            r#"client.connect("sensor", "joe", "{}")"#,
            r#"child.sendline('{}')"#,
            r#"onView(withId(R.id.password)).perform(typeText("{}"))"#,
            r#"'Basic ' + btoa('joe:{}')"#,
            r#"Buffer.from("joe:{}").toString("base64")"#,
            "  basic_auth \"joe\", \"{}\"\nend",
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
            r#"child.sendline("enable")"#,
            r#"child.sendline("configure terminal")"#,
            r#"client.connect("broker", 1883, "clean")"#,
            r#"s.login("joe", "kW9#mP" + rest)"#,
            r#"createHmac('sha256', secret).update("kW9#mPz2!vQx")"#,
            r#"auth=("joe"#,
            r#"char[] digits = "0123456789abcdef".toCharArray();"#,
            r#"btoa("kW9#mPz2!vQx")"#,
            r#"btoa("https://kW9#mPz2!vQx")"#,
            r#"login(get("joe"), translate("kW9#mPz2!vQx"))"#,
            "basic_auth user, password",
            r#""dragonfly".toCharArray()"#,
            r#""4.kW9z,2.Pz;".toCharArray()"#,
            r#"char[] data = "kW9z\nPz2v".toCharArray();"#,
            r#"jwt.sign("#,
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
