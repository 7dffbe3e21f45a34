//! Names and values in the forms that languages and documents have, and what is told of them.

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
fn literals_in_the_next_line_and_by_a_condition() {
    for text in [
        "private static final String SECRET =\n        \"{R}\";",
        "const secret =\n  '{R}';",
        "token = (\n    \"{R}\"\n)",
        "SECRET = \\\n    \"{R}\"",
        "setPassword(\n    \"{P}\");",
        "password:\n    '{P}',",
        "API_KEYS = [\n    \"{R}\",\n]",
        "String[] passwords = {\"{P}\", \"x\"};",
        "const token = isSet ? process.env.TOKEN : \"{R}\";",
        "password = var.password != \"\" ? var.password : \"{P}\"",
        "password = prod ? \"{P}\" : \"x\"",
        "password = os.environ[\"P\"] if prod else \"{P}\"",
        "fill_in :password, with: \"{P}\"",
        "assertThat(config.getPassword(), is(\"{P}\"));",
    ] {
        let found = found(text);
        assert_eq!(found.len(), 1, "{text}");
        assert!([PASSWORD, RANDOM].contains(&found[0].0.as_str()), "{text}");
    }
    for text in [
        "secrets = {\n    \"{R}\": 1,\n}",
        "token =\n    other;",
        "SIGNED_TOKENS = {\n    \"x-amz-date\",\n    \"x-amz-host\",\n}",
        "passwords = [\n    \"Adgangskode\",\n]",
        "password = is_set ? \"basic\" : \"x\"",
        "token ? \"{R}\" : x",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn every_item_of_a_list() {
    const OTHER: &str = concat!("Zt7q9xKw", "2mRb5Np4Lw3Zx7");
    for text in [
        "API_KEYS = [\n    \"{R}\",\n    \"{O}\",\n]",
        "const tokens = ['{R}', '{O}'];",
        "String[] tokens = {\"{R}\", \"{O}\"};",
        "{\"api_keys\": [\"{R}\", \"changeme\", \"{O}\"]}",
    ] {
        let text = fill(text).replace("{O}", OTHER);
        let hit = crate::engine::structures::tests::hits(&["key", "token"], text.as_bytes())[0];
        let found = find_all(text.as_bytes(), hit);
        let found: Vec<&str> = found.iter().map(|found| &text[found.secret.range()]).collect();
        assert_eq!(found, [RANDOM, OTHER], "{text}");
    }
    let text = fill("f(token=\"{R}\", other=\"{O}\")").replace("{O}", OTHER);
    let hit = crate::engine::structures::tests::hits(&["token"], text.as_bytes())[0];
    assert_eq!(find_all(text.as_bytes(), hit).len(), 1);
}

#[test]
fn bare_values_in_comments_and_texts() {
    for (text, kind) in [
        ("// password: {P}", KindSet::PROGRAM),
        ("  # token = {R}", KindSet::PROGRAM),
        ("<!-- password: {P} -->", KindSet::MARKUP),
        ("/* api key: {R} */", KindSet::PROGRAM),
        ("密码：{P}", KindSet::PROSE),
        ("密码: {P}", KindSet::PROSE),
        ("log in as joe with password {P}.", KindSet::PROSE),
        ("- password {P}", KindSet::PROSE),
        ("password: 48201739", KindSet::DATA),
    ] {
        let found = found(text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(found[0].1.intersects(kind), "{text}");
    }
    for text in ["// password = config.value1", "pass: 120000", "# password: string", "x = {} // token = foo"] {
        assert!(!found(text).iter().any(|found| found.1.intersects(KindSet::PROGRAM)), "{text}");
    }
    assert_eq!(found("pass: 120000"), []);
}

#[test]
fn capital_letters_are_a_token_if_they_are_no_abbreviations() {
    assert_eq!(found(concat!("TOKEN=QXVKW", "JZBTRPL")).len(), 1);
    assert_eq!(found("TOKEN=ACCESSTOKEN"), []);
    assert_eq!(found("TOKEN=HTTPSERVER"), []);
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
        ("<password>{P}</password>", QUOTED),
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
        (concat!("PW = \"pass", "4321\""), "pass4321"),
    ] {
        assert_eq!(found(text).iter().map(|(secret, _)| &secret[..]).collect::<Vec<_>>(), [secret], "{text}");
    }
    for text in [r#"token = "ident""#, r#"token: "rparen""#, r#""PW" => "Palawa""#, r#"'client.key', 'PGSSLROOTCERT'"#]
    {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn words_in_settings() {
    let settings = KindSet::DATA.union(KindSet::PROSE);
    let marked = KindSet::DATA.union(KindSet::MARKUP);
    for (text, secret, kinds) in [
        ("MYSQL_ROOT_PASSWORD: whalehello\n", "whalehello", settings),
        ("spring.datasource.password=whale-42\n", "whale-42", TIGHT),
        ("- MYSQL_PASSWORD=wordpress\n", "wordpress", settings.union(KindSet::SHELL)),
        ("password: admin123\n", "admin123", marked),
        ("<password>welcome1</password>", "welcome1", marked.union(KindSet::SHELL).union(KindSet::PROGRAM)),
        ("  password: whalehello\n", "whalehello", KindSet::DATA),
        (r#""password": "secret2024""#, "secret2024", marked.union(KindSet::SHELL).union(KindSet::PROGRAM)),
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
        r#"content_security_policy_nonce = "iyhD0Yc0W+c=""#,
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
        "<password>{P}",
        "<password/>{P}</x>",
        "<password>two {P}</password>",
        "<password>\n  two {P}\n</password>",
        "</password>{P}</x>",
        "--password -{P}",
        "fetch: pass --ipv4 and --ipv6 to children",
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

#[test]
fn a_value_in_a_line_of_its_own_below_its_name() {
    for text in ["Password\n{R}\n", "# API key:\n\n{R}\n", "Token:\n```\n{R}\n```\n", "x\nThe password:\r\n{R}\r\n"] {
        let found = found(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].1, KindSet::PROSE.union(KindSet::OTHER), "{text}");
    }
    for text in [
        "Password\nconfirmation2\n",
        "Password\n\n\n\n{R}\n",
        "Password\n{R} and more\n",
        "1. Password\n{R}\n",
        "my-secret-key\n{R}\n",
        "let token\n{R}(x)\n",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn colours_of_a_terminal_between_a_name_and_its_value() {
    for text in [
        "\x1b[36mpassword\x1b[0m: \x1b[32m{P}\x1b[0m\n",
        "\x1b[1;36mapi_key\x1b[0m=\x1b[32m{R}\x1b[0m\n",
        "password: \x1b[32m{P}\x1b[0m\n",
    ] {
        assert_eq!(found(text).len(), 1, "{text:?}");
    }
}

#[test]
fn arguments_in_the_plan_of_a_test() {
    for text in [
        "<stringProp name=\"Argument.name\">password</stringProp>\n <stringProp name=\"Argument.value\">{P}</stringProp>",
        "<elementProp name=\"password\" elementType=\"HTTPArgument\">\n <stringProp name=\"Argument.value\">{P}</stringProp>",
    ] {
        assert_eq!(found(text).len(), 1, "{text}");
    }
    let text = "<elementProp name=\"password\" elementType=\"HTTPArgument\"></elementProp>\n<stringProp name=\"Argument.value\">{P}</stringProp>";
    assert_eq!(found(text), [], "{text}");
}

#[test]
fn an_element_is_text_in_a_program_too() {
    let found = found("\"<PASSWORD>{P}</PASSWORD>\\n\" +");
    assert_eq!(found.first().map(|found| found.1), Some(QUOTED));
}

#[test]
fn names_in_a_list_are_no_secrets() {
    for text in [
        r#"keys := []string{"password", "sslcert", "sslkey"}"#,
        r#"names = ["url", "token", "s3Bucket", "s3Region"]"#,
        "pass = \"R_SPF_ALLOW\";",
        "Password mismatch (SHA1 of given password: d390c1)",
        "proxy_pass backend2:8080;",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
    assert_eq!(found(r#"x = ["token", "{R}", "next"]"#).len(), 1);
}
