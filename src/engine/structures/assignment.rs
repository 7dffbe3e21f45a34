//! A secret under the name of one: `name = value` in its many forms. The anchor is a word of the name, in any case;
//! each occurrence of an anchor in one name gives the same answer. Where name and value stand is in `form.rs`, what the name
//! must be in `name.rs`, what the value must be in `value.rs` and `random.rs`; here they are brought together.
//!
//! Most occurrences of *key* or *token* in a tree are not a name's end, or stand before no operator. That is looked at
//! first, and nothing is allocated until a value is nearly accepted.

use super::form::{self, Role, Value, byte_before};
use super::name::{self, Class, Credential};
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
const SHORTEST_UNDER_ANY_KEY: usize = 20;
/// A token that is too short to be told from a name is one only if it looks like a password that a machine made.
const SHORTEST_TOKEN: usize = 8;
/// A password that is a word, under a name that says nothing but that.
const SHORTEST_WORD: usize = 7;
/// A token where people choose it.
const SHORTEST_CHOSEN_TOKEN: usize = 5;
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
pub(super) fn is_none_at(text: &[u8], hit: Span) -> bool {
    form::name_at(text, hit).and_then(|name| name::classify(&text[name.range()])).is_none()
}

/// The same, however long the line is.
fn find_near(text: &[u8], hit: Span) -> Option<Found> {
    let (name, value) = form::around(text, hit)?;
    let credential = named(text, name, name::classify(&text[name.range()])?);
    if is_of_a_page(text, name, credential) {
        return None;
    }
    let judge_type = || judge_type(text, name, &value, credential);
    let (mut confidence, kinds) = judge(text, name, &value, credential).or_else(judge_type)?;
    let secret = &text[value.span.range()];
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
            kinds.intersection(KindSet::DATA.union(KindSet::SHELL).union(programs))
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
    let is_one = match credential.class {
        Class::Random => {
            value.role == Role::Assigned
                && public::is_uuid(secret)
                && has_letters_and_digits(secret)
                && !name::is_seed(&text[name.range()])
        }
        Class::Password => {
            let is_number = secret.len() >= SHORTEST_NUMBER
                && secret.iter().all(u8::is_ascii_digit)
                && (value.kinds == form::QUOTED || settings_with(text, name).intersects(KindSet::SHELL));
            value.role != Role::Beside && (is_number || public::is_uuid(secret) && has_letters_and_digits(secret))
        }
        Class::Passphrase | Class::AnyKey => false,
    };
    is_one.then_some((Confidence::Low, value.kinds.without(KindSet::I18N)))
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
        Class::Password | Class::Passphrase => {
            // Where texts are translated a password is the word for one.
            let kinds = value.kinds.without(KindSet::I18N);
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
    let is_given = match value.role {
        Role::Assigned => is_password || is_key || is_gibberish,
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
mod tests {
    use super::*;
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    const ANCHORS: &[&str] = &[
        "pass",
        "pwd",
        "secret",
        "token",
        "key",
        "cred",
        "auth",
        "kennwort",
        "senha",
        "contras",
        "mnemonic",
        "seed",
        "salt",
        "pepper",
        "nonce",
        "pw =",
        "rootpw",
        "api_hash",
        "pw=",
        "_pw",
        "\"pw\"",
        "identified by",
        "ароль",
        "密码",
    ];
    /// Made up, as all values here.
    const PASSWORD: &str = concat!("kW9#m", "Pz2!vQx");
    const RANDOM: &str = concat!("x7Kq2m", "Pz9VbT4wLr8sQ1");

    /// The values found in `text`, in which `P` stands for a password and `R` for a random value.
    fn found(text: &str) -> Vec<(String, KindSet)> {
        let text = fill(text);
        // A value may have two names.
        let mut found = all(Shape::Assignment, ANCHORS, &text);
        found.dedup_by_key(|found| found.secret);
        found.into_iter().map(|found| (text[found.secret.range()].to_owned(), found.kinds)).collect()
    }

    fn fill(text: &str) -> String {
        text.replace("{P}", PASSWORD).replace("{R}", RANDOM)
    }

    /// Of passwords, which are not looked for among translations.
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
            r#"пароль = "{P}""#,
            r#"Пароль: "{P}""#,
            r#""密码": "{P}""#,
            r#"config.setPassword("{P}");"#,
            r#"    .password("{P}")"#,
            r#"set_password('{P}')"#,
            r#"withPassword( "{P}", true)"#,
            r#"storePassword '{P}'"#,
            r#"CREATE USER joe WITH PASSWORD '{P}';"#,
            r#"CREATE USER joe IDENTIFIED BY '{P}';"#,
            r#"{"pw": "{P}"}"#,
            r#"root_pw = "{P}""#,
            r#"if (password == "{P}") {"#,
            r#"password === '{P}'"#,
            r#"password != "{P}""#,
            r#"password.equals("{P}")"#,
            r#"password = process.env.DB_PASSWORD || "{P}";"#,
            r#"os.environ.get("DB_PASSWORD") or "{P}""#,
            r#"System.getenv("DB_PASSWORD") ?: "{P}""#,
            r#"getenv("DB_PASSWORD", "{P}")"#,
            r#"password = String::from("{P}");"#,
            r#"password = new String("{P}")"#,
            r#"password: Some("{P}"),"#,
            r#""passwords": ["{P}", "x"]"#,
            r#"password = ("{P}")"#,
            r#"Password: []byte("{P}")"#,
            "${DB_PASSWORD:-{P}}",
            "${db.password:{P}}",
            r#"variable "db_password" { default = "{P}" }"#,
            "variable \"db_password\" {\n  type = string\n  default = \"{P}\"\n}",
            r#"{"value": "{P}", "name": "DB_PASSWORD"}"#,
            r#"{"name": "DB_PASSWORD", "type": "text", "value": "{P}"}"#,
            r#"<input value="{P}" type="text" name="password">"#,
            r#"pw = "{P}""#,
            r#"login(user, pw="{P}")"#,
            r#"password!: "{P}";"#,
            r#"public string Password { get; set; } = "{P}";"#,
            r#"Dim password As String = "{P}""#,
            r#""password" -> "{P}""#,
            r#"password <- "{P}""#,
            r#"{password, "{P}"}."#,
            r#"{:password, "{P}"}"#,
            r#"strcpy(password, "{P}");"#,
            r#"parser.add_argument("--password", default="{P}")"#,
            r#"fill_in "Password", with: "{P}""#,
            r#"When I fill in "Password" with "{P}""#,
            r##"page.fill("#password", "{P}")"##,
            r##"cy.get('#password').type('{P}')"##,
            "\"password\":\n    \"{P}\"",
            r#""AdminPassword": {"type": "string", "defaultValue": "{P}"}"#,
            r#"<Password Value="{P}"/>"#,
            r#"<input type="password" value="{P}">"#,
            r#"password: Some("{P}".into()),"#,
            "password: ``{P}``",
            r#"buildConfigField "String", "PASSWORD", "\"{P}\"""#,
            "CREATE USER joe IDENTIFIED BY {P};",
            "CREATE DATABASE LINK x CONNECT TO joe IDENTIFIED BY {P} USING 'db';",
            "CREATE LOGIN joe WITH PASSWORD = N'{P}';",
            r#"parser.add_argument("--password", "-p", default="{P}")"#,
            "parser.add_argument(\n    '--password',\n    type=str,\n    default='{P}',\n)",
            r#"ENV['DB_PASSWORD'] ||= "{P}""#,
            r#"USER, PASSWORD = "joe", "{P}""#,
            r#"host, user, password = 'db', "joe", '{P}'"#,
            r#"env.put(Context.SECURITY_PASSWORD, "{P}");"#,
            r#"props.setProperty(Names.PASSWORD, "{P}");"#,
            r#"mapOf("password" to "{P}")"#,
            r#"set :password, "{P}""#,
            r#"ENV.fetch("DB_PASSWORD") { "{P}" }"#,
            "[\"password\"]=>\n  string(12) \"{P}\"",
            "PASSWORD=${1:-{P}}",
            "${DB_PASSWORD:=\"{P}\"}",
            r#"{default_pass, <<"{P}">>}."#,
            r#"password: System.get_env("PW") || "{P}""#,
            r#"password = os.environ.get("PW") or "{P}""#,
            r#"password: process.env.PW ?? '{P}',"#,
            r#"env::var("DB_PASSWORD").unwrap_or("{P}".into())"#,
            r#"env::var("DB_PASSWORD").unwrap_or(String::from("{P}"))"#,
            "cy.get('input[name=password]').type('{P}')",
            r#"page.fill('input[name="password"]', '{P}')"#,
            r#"password2.setText("{P}");"#,
            r#""password": cty.StringVal("{P}"),"#,
            r#"password => Sensitive('{P}'),"#,
            r#"login_password.send_keys("{P}")"#,
            r#"driver.find_element(By.NAME, "password").send_keys("{P}")"#,
            r#""DbPassword": {"Type": "String", "Default": "{P}"}"#,
            r#"User.create(password: "x", password_confirmation: "{P}")"#,
            r#"var password = Encoding.UTF8.GetBytes("{P}");"#,
            "password = \"\"\"{P}\"\"\"",
            r#"password: str = Field(default="{P}")"#,
            r#"password = config("DB_PASSWORD", default="{P}")"#,
            r#"@patch.object(Api, "fetch_password", return_value="{P}")"#,
            r#"assertThat(user.getPassword()).isEqualTo("{P}");"#,
            r#"when(user.getPassword()).thenReturn("{P}");"#,
            r#"expect(user.password).toBe("{P}")"#,
            r#"expect(user.password).to eq("{P}")"#,
            r#"self.assertEqual(user.password, "{P}")"#,
            r#"let(:password) { "{P}" }"#,
            r#"const [password, setPassword] = useState("{P}");"#,
            r#"'password' => Hash::make('{P}'),"#,
            r#"std::string password{"{P}"};"#,
            r#"$ENV{PASSWORD} = "{P}";"#,
            r#"$config->{password} = '{P}';"#,
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
            ("password {P}\n", KindSet::DATA.union(KindSet::PROSE).union(KindSet::OTHER)),
            ("  requirepass {P}\n", LOOSE),
            ("<property name=\"password\">\n  <value>{P}</value>", TIGHT),
            ("password    :   {P}  # since May", LOOSE),
            ("password: {P}\r\n", LOOSE),
            ("{password: {P}, user: joe}", LOOSE),
            ("- name: DB_PASSWORD\n  value: {P}\n", LOOSE),
            ("PASSWORD ?= {P}", TIGHT),
            ("PASSWORD := {P}", TIGHT),
            ("password:\n  value: {P}\n", LOOSE),
            ("Server=db;Password={P};Database=app", QUOTED),
            (r#"putenv("DB_PASSWORD={P}")"#, QUOTED),
            (r#""Server=db; User=sa; Password={P}""#, QUOTED),
            ("Password={P};Server=db", TIGHT),
            ("user=joe,password={P},host=db", TIGHT),
            ("requirepass {P}\n", LOOSE),
            ("ENV DB_PASSWORD {P}\n", TIGHT),
            ("SetEnv DB_PASSWORD {P}\n", TIGHT),
            ("- DB_PASSWORD={P}", TIGHT),
            ("<entry key=\"password\">{P}</entry>", TIGHT),
            ("<string name=\"db_password\" translatable=\"false\">{P}</string>", TIGHT),
            ("<key>DbPassword</key>\n<string>{P}</string>", TIGHT),
            ("<password><![CDATA[{P}]]></password>", TIGHT),
            ("- value: {P}\n  name: DB_PASSWORD\n", LOOSE),
            ("password: |\n  {P}\nuser: joe", KindSet::DATA),
            ("password: >-\n  {P}\n", KindSet::DATA),
            ("**Password:** {P}\n", LOOSE),
            ("- **Password**: {P}\n", LOOSE),
            ("The password is {P}\n", KindSet::PROSE),
            ("The password is {P}.\n", KindSet::PROSE),
            ("user - joe\npwd - {P}\n", KindSet::PROSE.union(KindSet::OTHER)),
            ("rootpw {P}\n", LOOSE),
            ("    [password] => {P}\n", LOOSE),
            ("db/root_password password {P}\n", TIGHT),
            ("Your password is: {P}\n", KindSet::PROSE),
            ("| password | {P} |\n", KindSet::PROSE.union(KindSet::OTHER)),
            ("| **Password** | `{P}` |\n", KindSet::PROSE.union(KindSet::OTHER)),
            ("passwords:\n  - {P}\n", KindSet::DATA),
            ("<p>Password: <b>{P}</b></p>", TIGHT),
            ("<td>Password</td><td>{P}</td>", TIGHT),
            ("<dt>Password</dt> <dd>{P}</dd>", TIGHT),
            ("<password>\n  {P}\n</password>", TIGHT),
            ("<Password>\n  <Value>{P}</Value>\n</Password>", TIGHT),
            ("rootpw --plaintext {P}\n", LOOSE),
            ("${PASSWORD}    {P}\n", LOOSE),
            ("  DbPassword:\n    Type: String\n    Default: {P}\n  Other:\n", LOOSE),
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
            r#"api_hash = "{R}""#,
            "<seed>{R}</seed>",
            r#"creds = ("joe", "{R}")"#,
            r#"curl -H "X-Auth-Token: {R}" https://corp.io"#,
            "API key: {R}",
        ] {
            assert_eq!(found(text).iter().map(|(secret, _)| &secret[..]).collect::<Vec<_>>(), [RANDOM], "{text}");
        }
        let digest = concat!("9f86d081884c7d65", "9a2feaa0c55ad015");
        assert_eq!(found(&format!("api_key = \"{digest}\""))[0].0, digest);
        assert_eq!(found(&format!("api_key = \"{digest}\" # md5 of the file")), []);
    }

    #[test]
    fn keys_in_hexadecimal_under_any_key() {
        let key = concat!("5d83a1f09b7c4e26", "8f01d7e2c6b4a935");
        for text in [format!("key: {key}\n"), format!("{{\"key\": \"{key}\"}}"), format!("pepper = '{key}'")] {
            assert_eq!(found(&text).first().map(|found| &found.0[..]), Some(key), "{text}");
        }
        for text in [format!("key: {key}5d83a1f0\n"), format!("key: {key} # md5\n"), format!("cache_key: {key}\n")] {
            assert_eq!(found(&text), [], "{text}");
        }
    }

    #[test]
    fn letters_that_are_no_word() {
        for (text, secret) in [
            (concat!("password = \"kqz", "xwv\""), "kqzxwv"),
            (r#"pwd: 'qxvk',"#, "qxvk"),
            (r#"secret = "wvtqjzk""#, "wvtqjzk"),
            (concat!("token: \"kqz", "-xwvjt\""), "kqz-xwvjt"),
            (concat!("password: \"hun", "ter42\""), "hunter42"),
            (concat!("password: \"pass", "4321\","), "pass4321"),
        ] {
            assert_eq!(found(text).iter().map(|(secret, _)| &secret[..]).collect::<Vec<_>>(), [secret], "{text}");
        }
        for text in
            [r#"token = "ident""#, r#"token: "rparen""#, r#""PW" => "Palawa""#, r#"'client.key', 'PGSSLROOTCERT'"#]
        {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn words_in_settings() {
        let settings = KindSet::DATA.union(KindSet::PROSE);
        for (text, secret, kinds) in [
            ("MYSQL_ROOT_PASSWORD: whalehello\n", "whalehello", settings),
            ("spring.datasource.password=whale-42\n", "whale-42", TIGHT),
            ("- MYSQL_PASSWORD=wordpress\n", "wordpress", settings.union(KindSet::SHELL)),
            ("password: admin123\n", "admin123", KindSet::DATA),
            ("  password: whalehello\n", "whalehello", KindSet::DATA),
            (r#""password": "secret2024""#, "secret2024", KindSet::DATA.union(KindSet::SHELL).union(KindSet::PROGRAM)),
            ("DB_PASSWORD=84730192\n", "84730192", TIGHT),
        ] {
            assert_eq!(found(text), [(secret.to_owned(), kinds)], "{text}");
        }
        for text in [
            "MYSQL_ROOT_PASSWORD: changeme\n",
            "MYSQL_ROOT_PASSWORD: postgres\n",
            "login.password=Kennwort\n",
            "update_password: on-create\n",
            "password: broken\n",
            "fastcgi_pass php-upstream\n",
            r#""keywords": ["password", "hashing"],"#,
            r#"{{- $secretPassword := include "common.get" }}"#,
            "env:\n    - name: MODE\n      value: primary\n    - name: DB_PASSWORD\n      valueFrom: x\n",
            "DB_PASSWORD=db_password\n",
            "password: your-password-123\n",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
        // A sentence; a shell's line may go on with a command.
        assert_eq!(found("copy.password=Kopiuj nowe z listy\n"), [("Kopiuj".to_owned(), KindSet::SHELL)]);
    }

    #[test]
    fn what_only_looks_like_a_name_and_its_value() {
        for text in [
            "com.auth0:java-jwt:jar:*",
            "use @secret:onedev-x7Kq2m@ here",
            r#"{"legacy": "secrets://x7Kq2m"}"#,
            "{{ .password | b64encX7 | quote }}",
            "identified by {@link #id7}\n",
            r#"<script nonce="iyhD0Yc0W+c=">"#,
            "existingSecret=kafka-jks7x\n",
            r#"headers[.secWebSocketKey] = "{R}""#,
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn no_literals() {
        for text in [
            r#"password = "{P}" + suffix"#,
            r#"password = "{P}%s" % suffix"#,
            r#"password = "{P}".format(x)"#,
            r#"password = "{P}" . $suffix;"#,
            r#"password =~ "{P}""#,
            r#"Password::new("{P}")"#,
            r#"password = "{P}"#,
            r#"password = "{P}' "#,
            r#"password = "two {P} words""#,
            r#"password = "\x41{P}""#,
            r#"password, "{P}""#,
            r#"enter "the password": "{P}""#,
            r#"password->name = "{P}""#,
            r#"password() = "{P}""#,
            r#"hash_password("{P}")"#,
            r#"password("{P}" + x)"#,
            r#"password = get("{P}")"#,
            r#"password = concat!("{P}", "x");"#,
            r#"password = ("{P}", "x")"#,
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
            "${PASSWORD} {P}\n",
            "  DbPassword:\n    Type: String\n  Other:\n    Default: {P}\n",
            "the password - {P}\n",
            "a user is identified by {P} of the table\n",
            "| password | two {P} |\n",
            "a | password | b\n",
            "passwords:\n  two: {P}\n  - x\n",
            "password = ",
            "password:",
            "the password {P}",
            "<password>{P}",
            "<password/>{P}</x>",
            "<password>two {P}</password>",
            "<password>\n  two {P}\n</password>",
            "</password>{P}</x>",
            "--password -{P}",
            "- password {P}",
            "title: DB_PASSWORD\n  value: {P}",
            "password=>{P}",
            "password: |\n  {P}\n  two\n",
            "- name: DB_PASSWORD\n- name: OTHER\n  value: {P}",
            "{name: DB_PASSWORD}, {value: {P}}",
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
            r#"bypass = "{P}""#,
            r#"password = "changeme""#,
            r#"password = "${DB_PASSWORD}""#,
            r#"password = os.environ["X"]"#,
            r#"password = "Change-Me-123!""#,
            r#"password = "aB3$""#,
            r#"password = "Passwort""#,
            r#"dbPassword = "db_password""#,
            r#"key = "6f1c1b1e-8a53-4d0e-9d4b-2f6a7c9e0b11""#,
            r#"token == "6f1c1b1e-8a53-4d0e-9d4b-2f6a7c9e0b11""#,
            r#"secret = "123e4567-e89b-12d3-a456-426614174000""#,
            r#"token = "0x8ba1f109551bd432803012645ac136ddd64dba72""#,
            "password: 74839261",
            "random_seed = 74839261",
            "seed: \"a fixed one\"",
            "mac_seed: 0ab46664-f519-5383-166e-e4ea485ede7d",
            "Murmur3 hash with seed=0:0x2e4ff723\n",
            "password: '!DB_PASSWORD!'",
            "credentials: arguments[0].credentials",
            r#"api_key = "my-service-api-key-name""#,
            r#"token = "getAccessTokenFromRequest""#,
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
    fn an_equals_sign_may_be_part_of_a_value() {
        for (text, secret) in [
            (concat!("DB_PASSWORD=k7=", "mPz2vQ=x"), concat!("k7=", "mPz2vQ=x")),
            (concat!("password: =k7m", "Pz2!vQ=="), concat!("=k7m", "Pz2!vQ==")),
            (concat!("Password=k7=m", "Pz2v!Q;User=joe"), concat!("k7=m", "Pz2v!Q")),
        ] {
            assert_eq!(found(text).first().map(|found| &found.0[..]), Some(secret), "{text}");
        }
        assert_eq!(found(concat!("--set=password=name=k7", "mPz2vQx")), []);
    }

    fn confidences(text: &str) -> Vec<Confidence> {
        let found = all(Shape::Assignment, ANCHORS, &fill(text));
        found.into_iter().filter_map(|found| found.confidence).collect()
    }

    #[test]
    fn what_no_person_chose_is_probable() {
        for text in [r#"password = "{P}""#, r#"api_key = "{R}""#, r#"setPassword("{P}")"#, "DB_PASSWORD={P}"] {
            assert_eq!(confidences(text), [Confidence::Medium], "{text}");
        }
        for text in [
            concat!("password = \"Winter", "2024!\""),
            concat!("password = \"Pass", "word123!\""),
            concat!("password = \"gvfd", "saqz\""),
            r#"password == "{P}""#,
            r#"password "{P}""#,
            r#"token = "{P}""#,
            r#"key = "{R}""#,
            r#"stripeKey = "{R}""#,
        ] {
            assert_eq!(confidences(text), [Confidence::Low], "{text}");
        }
    }

    #[test]
    fn what_holds_in_settings_alone_is_severe() {
        let severity = |text: &str| all(Shape::Assignment, ANCHORS, &fill(text))[0].severity;
        assert_eq!(severity("DB_PASSWORD={P}"), Some(Severity::High));
        assert_eq!(severity(r#"password = "{P}""#), None);
        assert_eq!(severity(r#"auth_salt = "{R}""#), Some(Severity::Low));
    }

    #[test]
    fn a_short_password_is_none_in_code() {
        assert_eq!(found(concat!("pwd = \"da", "y1on\"")), [("day1on".to_owned(), QUOTED.without(KindSet::PROGRAM))]);
    }

    #[test]
    fn what_is_mostly_no_secret_is_possible_under_a_clear_name() {
        for text in [
            r#"client_secret = "6f1c1b1e-8a53-4d0e-9d4b-2f6a7c9e0b11""#,
            r#"password = "80429517""#,
            r#"secret = "sunshine1985""#,
        ] {
            assert_eq!(confidences(text), [Confidence::Low], "{text}");
        }
        assert_eq!(confidences(r#"api_key = "5b1e07a4c96d83f2""#).len(), 1);
    }

    #[test]
    fn a_forms_token_is_for_information() {
        let text = fill("csrf_token = \"{R}\"");
        assert_eq!(all(Shape::Assignment, ANCHORS, &text)[0].severity, Some(Severity::Info));
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
