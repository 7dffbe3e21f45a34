//! A secret under the name of one: `name = value` in its many forms. The anchor is a word of the name, in any case;
//! each occurrence of an anchor in one name gives the same answer. Where name and value stand is in `form.rs`, what the name
//! must be in `name.rs`, what the value must be in `value.rs` and `random.rs`; here they are brought together.
//!
//! Most occurrences of *key* or *token* in a tree are not a name's end, or stand before no operator. That is looked at
//! first, and nothing is allocated until a value is nearly accepted.

use super::form::{self, Value};
use super::name::{self, Class};
use super::value::{self, Password};
use super::{Found, random};
use crate::model::{Confidence, KindSet, Span};

/// A longer line was made by a machine, for a machine.
pub(super) const LONGEST_LINE: usize = 5000;
/// Words that say of hexadecimal digits on their line that these are a digest, and how far from them they count.
const DIGEST_WORDS: &[&str] =
    &["sha1", "sha2", "sha5", "sha-", "md5", "digest", "checksum", "commit", "integrity", "etag", "fingerprint"];
const DIGEST_REACH: usize = 200;

/// The value of the name that the anchor occurrence `hit` is in.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let (name, value) = form::around(text, hit)?;
    let credential = name::classify(&text[name.range()])?;
    let kinds = kinds(text, name, &value, credential.class)?;
    if is_on_long_line(text, hit) {
        return None;
    }
    Some(Found {
        secret: value.span,
        field: Some(name),
        kinds,
        severity: credential.severity,
        confidence: Some(Confidence::Low),
        why: Some("name and value"),
    })
}

/// Whether a setting's name says that its value is a secret, and nothing speaks against it.
pub(super) fn is_secret(name: &[u8], value: &[u8]) -> bool {
    name::classify(name).is_some() && value::objection(value, name).is_none()
}

/// Kinds of file in which `value` is a secret of this class. What most values fail comes first.
fn kinds(text: &[u8], name: Span, value: &Value, class: Class) -> Option<KindSet> {
    let secret = &text[value.span.range()];
    let kinds = match class {
        Class::Random if random::is_random(secret) => value.kinds,
        Class::Random if random::is_hex(secret) && !names_digest(text, value.span) => value.kinds,
        Class::Random => return None,
        Class::Password | Class::Passphrase => match value::password(secret, class == Class::Passphrase)? {
            Password::Strong => value.kinds,
            Password::Weak => value.kinds.without(KindSet::PROGRAM),
        },
    };
    value::objection(secret, &text[name.range()]).is_none().then_some(kinds)
}

fn is_on_long_line(text: &[u8], hit: Span) -> bool {
    let before = &text[..hit.start];
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let after = memchr::memchr(b'\n', &text[hit.end..]).unwrap_or(text.len() - hit.end);
    hit.end + after - start > LONGEST_LINE
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
mod tests {
    use super::*;
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    const ANCHORS: &[&str] =
        &["pass", "pwd", "secret", "token", "key", "cred", "auth", "kennwort", "senha", "contras", "mnemonic", "seed"];
    /// Made up, as all values here.
    const PASSWORD: &str = concat!("kW9#m", "Pz2!vQx");
    const RANDOM: &str = concat!("x7Kq2m", "Pz9VbT4wLr8sQ1");

    /// The values found in `text`, in which `P` stands for a password and `R` for a random value.
    fn found(text: &str) -> Vec<(String, KindSet)> {
        let text = fill(text);
        all(Shape::Assignment, ANCHORS, &text)
            .into_iter()
            .map(|found| (text[found.secret.range()].to_owned(), found.kinds))
            .collect()
    }

    fn fill(text: &str) -> String {
        text.replace("{P}", PASSWORD).replace("{R}", RANDOM)
    }

    const QUOTED: KindSet = KindSet::ALL.without(KindSet::LOCK).without(KindSet::I18N).without(KindSet::GENERATED);
    const LOOSE: KindSet = KindSet::DATA.union(KindSet::MARKUP).union(KindSet::PROSE).union(KindSet::OTHER);
    const TIGHT: KindSet = LOOSE.union(KindSet::SHELL);

    #[test]
    fn literals() {
        for text in [
            r#"password = "{P}""#,
            r#"password="{P}";"#,
            r#"$password = '{P}';"#,
            r#"self.db_password = "{P}""#,
            r#"conn = connect(user="joe", password="{P}")"#,
            r#"{"password": "{P}", "user": "joe"}"#,
            r#""password" : "{P}","#,
            r#"config["password"] = "{P}""#,
            r#"$config[password] = '{P}';"#,
            r#":password => "{P}","#,
            r#"'password' => '{P}',"#,
            r#"password := "{P}""#,
            r#"define('DB_PASSWORD', '{P}');"#,
            r#"env.put("PASSWORD", "{P}")"#,
            r#"["--password", "{P}"]"#,
            r#""{"password": "{P}"}""#,
            r#""{\"password\": \"{P}\"}""#,
            r#"password: string = "{P}";"#,
            r#"password?: string = "{P}";"#,
            r#"password: Optional[str] = "{P}""#,
            r#"const PASSWORD: &str = "{P}";"#,
            r#"const PASSWORD: &'static str = "{P}";"#,
            r#"const char *password = "{P}";"#,
            r#"static char password[32] = "{P}";"#,
            r#"char password[] = "{P}";"#,
            r#"var password string = "{P}""#,
            r#"password = b"{P}""#,
            r##"password = r#"{P}"#"##,
            r#"password = @"{P}";"#,
            r#"password = "{P}".to_string();"#,
            r#"connect("user='joe' password='{P}'")"#,
            r#"mysql --password "{P}" db"#,
            r#"<user password="{P}"/>"#,
            r#"<add key="password" value="{P}" />"#,
            r#"<property name='password' value='{P}'/>"#,
            r#"{"name": "DB_PASSWORD", "value": "{P}"}"#,
            "- name: DB_PASSWORD\n  value: \"{P}\"",
            r#"{"ParameterKey": "DbPassword", "ParameterValue": "{P}"}"#,
            r#"PASSWD: "{P}" # the old one"#,
            r#"dbRootPasswort = "{P}""#,
        ] {
            assert_eq!(found(text), [(PASSWORD.to_owned(), QUOTED)], "{text}");
        }
    }

    #[test]
    fn bare_values() {
        for (text, kinds) in [
            ("PASSWORD={P}", TIGHT),
            ("export DB_PASSWORD={P}\n", TIGHT),
            ("ENV DB_PASSWORD={P} DB_USER=joe", TIGHT),
            ("PASSWORD:={P}", TIGHT),
            ("mysql --password={P} db", TIGHT),
            ("mysql --password {P} db", TIGHT),
            ("<password>{P}</password>", TIGHT),
            ("<ns:password type='x'>{P}</ns:password>", TIGHT),
            ("<name>db.password</name>\n  <value>{P}</value>", TIGHT),
            ("password = {P}", LOOSE),
            ("password    :   {P}  # since May", LOOSE),
            ("password: {P}\r\n", LOOSE),
            ("{password: {P}, user: joe}", LOOSE),
            ("- name: DB_PASSWORD\n  value: {P}\n", LOOSE),
            ("PASSWORD ?= {P}", LOOSE),
            ("Server=db;Password={P};Database=app", TIGHT),
            ("Password={P};Server=db", TIGHT),
            ("user=joe,password={P},host=db", TIGHT),
        ] {
            assert_eq!(found(text), [(PASSWORD.to_owned(), kinds)], "{text}");
        }
    }

    #[test]
    fn random_values() {
        for text in [
            r#"api_key = "{R}""#,
            r#"const clientSecret = "{R}";"#,
            r#"{"access_token": "{R}"}"#,
            "//registry.corp.io/:_authToken={R}",
            "https://corp.io/hook?token={R}&user=joe",
            "https://corp.io/hook?user=joe&access_token={R}#top",
            "SECRET_KEY_BASE={R}",
        ] {
            assert_eq!(found(text).iter().map(|(secret, _)| &secret[..]).collect::<Vec<_>>(), [RANDOM], "{text}");
        }
        let digest = concat!("9f86d081884c7d65", "9a2feaa0c55ad015");
        assert_eq!(found(&format!("api_key = \"{digest}\""))[0].0, digest);
        assert_eq!(found(&format!("api_key = \"{digest}\" # md5 of the file")), []);
    }

    #[test]
    fn no_literals() {
        for text in [
            r#"password = "{P}" + suffix"#,
            r#"password = "{P}%s" % suffix"#,
            r#"password = "{P}".format(x)"#,
            r#"password = "{P}" . $suffix;"#,
            r#"password == "{P}""#,
            r#"password != "{P}""#,
            r#"password =~ "{P}""#,
            r#"Password::new("{P}")"#,
            r#"password "{P}""#,
            r#"password = "{P}"#,
            r#"password = "{P}' "#,
            r#"password = "two {P} words""#,
            r#"password = "\x41{P}""#,
            r#"password, "{P}""#,
            r#"enter "the password": "{P}""#,
            r#"password->name = "{P}""#,
            r#"password() = "{P}""#,
            "password =\n\"{P}\"",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn no_bare_values() {
        for text in [
            "password: {P} must be changed",
            "password = {P} || other",
            "password = get({P})",
            "password = ",
            "password:",
            "the password {P}",
            "<password>{P}",
            "<password/>{P}</x>",
            "<password>two {P}</password>",
            "</password>{P}</x>",
            "--password -{P}",
            "- password {P}",
            "title: DB_PASSWORD\n  value: {P}",
            "password=>{P}",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn names_and_values_that_are_no_secrets() {
        for text in [
            r#"password_hash = "{P}""#,
            r#"token_url = "{R}""#,
            r#"public_key = "{R}""#,
            r#"key = "{R}""#,
            r#"bypass = "{P}""#,
            r#"password = "changeme""#,
            r#"password = "${DB_PASSWORD}""#,
            r#"password = os.environ["X"]"#,
            r#"password = "Password123!""#,
            r#"password = "aB3$""#,
            r#"password = "Passwort""#,
            r#"dbPassword = "db_password""#,
            r#"api_key = "6f1c1b1e-8a53-4d0e-9d4b-2f6a7c9e0b11""#,
            r#"api_key = "my-service-api-key-name""#,
            r#"token = "getAccessTokenFromRequest""#,
            r#"token = "{P}""#,
            r#"secret = "ENC[AES256_GCM,data:{R}]""#,
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn every_anchor_of_a_name_gives_the_same_answer() {
        let text = fill("api_key_secret_token = \"{R}\"");
        let found: Vec<_> = crate::engine::structures::tests::hits(ANCHORS, text.as_bytes())
            .into_iter()
            .map(|hit| crate::engine::structures::find(Shape::Assignment, text.as_bytes(), hit))
            .collect();
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|one| one.is_some() && *one == found[0]));
        assert_eq!(found[0].as_ref().and_then(|one| one.field), Some(Span::new(0, 20)));
    }

    #[test]
    fn a_short_password_is_none_in_code() {
        assert_eq!(found(concat!("pwd = \"lk", "j12h\"")), [("lkj12h".to_owned(), QUOTED.without(KindSet::PROGRAM))]);
    }

    #[test]
    fn a_forms_token_is_for_information() {
        let text = fill("csrf_token = \"{R}\"");
        assert_eq!(all(Shape::Assignment, ANCHORS, &text)[0].severity, Some(crate::model::Severity::Info));
    }

    #[test]
    fn machines_write_long_lines() {
        let pair = "password=\"{P}\"";
        let length = fill(pair).len();
        for (blanks, expected) in [(LONGEST_LINE - length, 1), (LONGEST_LINE - length + 1, 0)] {
            for at in [0, blanks / 2, blanks] {
                let line = format!("\n{}{pair}{}\n", " ".repeat(at), " ".repeat(blanks - at));
                assert_eq!(found(&line).len(), expected, "{at} of {blanks}");
            }
        }
    }
}
