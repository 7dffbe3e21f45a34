//! The formats, each by texts as people and programs write them, and where they are looked for. Values are made up; none
//! has the form of an issued credential.

use std::fs;

use proptest::prelude::*;

use super::*;

const SECRET: &str = concat!("8xPz/T3v+Lq0WmYc5hGd", "2Fs8JuQe9kZt7w1Lr4Xk");

fn texts(values: Vec<Value>) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let told = |value: Value| match value.setting {
        Some(setting) => format!("{}={}", text(&setting), text(&value.bytes)),
        None => text(&value.bytes),
    };
    values.into_iter().map(told).collect()
}

#[test]
fn aws_profiles() {
    let text = format!(
        "# {SECRET}\n[default]\naws_access_key_id = an-id\naws_secret_access_key = {SECRET}\r\n\n\
         [profile two]\nAWS_SESSION_TOKEN=\"token-1\"\n  aws_security_token =token-2 # old\nregion = eu-west-1\n\
         s3 =\n  addressing_style = path\n; aws_session_token = no\n"
    );
    assert_eq!(texts(ini::values(text.as_bytes())), [SECRET, "token-1", "token-2"]);
}

#[test]
fn caches() {
    let text = r#"{"ProviderType": "sso", "Credentials": {"AccessKeyId": "id", "SecretAccessKey": "key", "SessionToken": "token",
        "Expiration": "2024-05-02T12:00:00Z"}, "list": [{"accessToken": "a\/b", "refreshToken": null, "clientSecret": "c"}],
        "accessToken": {"refreshToken": "d"}}"#;
    let mut found = texts(json::values(text.as_bytes()).unwrap());
    found.sort_unstable();
    assert_eq!(found, ["a/b", "c", "d", "key", "token"]);
    let error = json::values(br#"{"accessToken": "secret-value" "x"}"#).unwrap_err();
    assert!(error.starts_with("it is not JSON: ") && !error.contains("secret-value"), "{error}");
    assert!(json::values("[".repeat(100_000).as_bytes()).is_err());
}

#[test]
fn netrc_logins() {
    let text = "# password no-1\nmachine a login me password p-1\n\
                machine b.example\n\tlogin me\n\tpassword #p-2\n\
                macdef init\ncd /password\npassword no-2\n\nmachine c login password password \"p \\\"3\\\\\"\n\
                default login x account no-3 password p-4";
    assert_eq!(texts(netrc::values(text.as_bytes())), ["p-1", "#p-2", "p \"3\\", "p-4"]);
    assert_eq!(texts(netrc::values(b"macdef a\r\npassword no\r\n\r\nmachine x password p\r\n")), ["p"]);
    assert_eq!(texts(netrc::values(b"machine x password \"p")), ["\"p"]);
    assert_eq!(texts(netrc::values(b"machine x password")), [""; 0]);
    assert_eq!(texts(netrc::values(b"macdef a\npassword no")), [""; 0]);
}

#[test]
fn npm_registries() {
    let password = data_encoding::BASE64.encode(b"a password");
    let login = data_encoding::BASE64.encode(b"user:pass:word");
    let text = format!(
        "registry=https://npm.example/\n//npm.example/:_authToken=token-1 ; mine\n\
         //other.example/path/:_authToken = \"token\\u002d2\"\n_auth={login}\n//x/:_password='{password}'\n\
         ; _auth=no\n//y/:_authToken=${{NPM_TOKEN}}\n//z/:_authToken=to\\#ken#no\n//x/:username=me\n_auth=\"no\\json\"\n"
    );
    let expected = ["token-1", "token-2", login.as_str(), "pass:word", &password, "a password", "to#ken", "no\\json"];
    assert_eq!(texts(npmrc::values(text.as_bytes())), expected);
}

#[test]
fn dotenv_settings() {
    let text = "# A=no\nA=1\nexport B = two words # comment\r\nC='three # ${x} \\n'\nD=\"four\\n\\\"lines\\\"\nand five\" # no\n\
                E=`six`\nF=\nG=seven#8\nnot a setting\nspaces in name=no\nexported=9\nH=\"open\nI='x";
    let expected = [
        "A=1",
        "B=two words",
        "C=three # ${x} \\n",
        "D=four\n\"lines\"\nand five",
        "E=six",
        "F=",
        "G=seven#8",
        "exported=9",
        "H=\"open",
        "I='x",
    ];
    assert_eq!(texts(dotenv::values(text.as_bytes())), expected);
}

#[test]
fn lists() {
    let values: Vec<_> =
        listed(b"\xef\xbb\xbfone two\r\n\n \t\n three\nfour", "list").into_iter().map(|held| held.secret).collect();
    let expected = ["one two", " three", "four"].map(|text| Secret::new(text.as_bytes()));
    assert_eq!(values, expected);
}

/// A work tree that no version control system knows more of than its top.
struct Tree<'a>(&'a Path);

impl Names for Tree<'_> {
    fn work_tree(&self) -> &Path {
        self.0
    }

    fn tracked(&self) -> Result<Vec<super::super::Tracked>, super::super::SourceError> {
        panic!("what is tracked does not matter")
    }
}

fn write(top: &Path, path: &str, text: &str) {
    let path = top.join(path);
    fs::create_dir_all(path.parent().expect("it is in a directory")).expect("directories can be made");
    fs::write(path, text).expect("a file can be written");
}

#[test]
fn every_place_is_read() {
    let dir = tempfile::tempdir().expect("a directory can be made");
    let home = dunce::canonicalize(dir.path()).expect("it is there");
    for (path, text) in [
        (".aws/credentials", "aws_secret_access_key=k-1"),
        (".aws/config", "aws_session_token=k-2"),
        (".aws/cli/cache/a.json", r#"{"SecretAccessKey":"k-3"}"#),
        (".aws/cli/cache/b.txt", r#"{"SecretAccessKey":"no"}"#),
        (".aws/sso/cache/a.json", r#"{"accessToken":"k-4"}"#),
        (".aws/sso/cache/b.json", "{"),
        (".netrc", "password k-5"),
        (".npmrc", "_authToken=k-6"),
        ("else/where", "aws_secret_access_key=k-7"),
        ("tree/.git/info/exclude", ""),
        ("tree/.gitignore", ".env*\n!.env.shared\n"),
        ("tree/.env", "A=k-8"),
        ("tree/.env.local", "B=k-9"),
        ("tree/.env.shared", "C=no"),
        ("tree/.env.example", "D=no"),
        ("tree/.env.d/x", "E=no"),
        ("tree/below/.env", "F=no"),
    ] {
        write(&home, path, text);
    }
    let tree = home.join("tree");
    let aws = [home.join("else/where"), home.join(".aws/credentials"), home.join("not/there")];
    let holdings = Places { home: Some(&home), aws: &aws, work_tree: Some(&Tree(&tree)) }.read();
    let told: Vec<_> = holdings
        .held
        .iter()
        .map(|held| format!("{} {} {:?}", held.from, held.secret.expose().escape_ascii(), held.severity))
        .collect();
    assert_eq!(
        told,
        [
            "~/.aws/credentials k-1 Some(Critical)",
            "~/.aws/config k-2 Some(Critical)",
            "~/.aws/cli/cache/a.json k-3 Some(Critical)",
            "~/.aws/sso/cache/a.json k-4 Some(Critical)",
            "~/.netrc k-5 None",
            "~/.npmrc k-6 None",
            "~/else/where k-7 Some(Critical)",
            ".env k-8 None",
            ".env.local k-9 None",
        ]
    );
    assert_eq!(holdings.files.len(), 10);
    let [(name, reason)] = &holdings.unread[..] else { panic!("{:?}", holdings.unread) };
    assert!(name == "~/.aws/sso/cache/b.json" && reason.starts_with("it is not JSON"), "{name}: {reason}");
    assert!(may_have_settings(&tree) && !may_have_settings(&home));
    assert!(Places::default().read().held.is_empty());
}

#[test]
fn what_is_too_much_is_told() {
    let dir = tempfile::tempdir().expect("a directory can be made");
    write(dir.path(), ".netrc", &"x".repeat(LONGEST_FILE as usize + 1));
    for n in 0..=MOST_FILES {
        write(dir.path(), &format!(".aws/sso/cache/{n:03}.json"), r#"{"accessToken":"k"}"#);
    }
    let holdings = Places { home: Some(dir.path()), ..Places::default() }.read();
    assert_eq!(holdings.held.len(), MOST_FILES);
    let told: Vec<_> = holdings.unread.iter().map(|(name, reason)| format!("{name}: {reason}")).collect();
    assert_eq!(
        told,
        ["~/.aws/sso/cache: of 101 files only the first 100 are read", "~/.netrc: it is larger than 1 MiB"]
    );
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_passed_over() {
    let dir = tempfile::tempdir().expect("a directory can be made");
    fs::create_dir(dir.path().join(".netrc")).expect("a directory can be made");
    std::os::unix::fs::symlink("/dev/zero", dir.path().join(".npmrc")).expect("a link can be made");
    let holdings = Places { home: Some(dir.path()), ..Places::default() }.read();
    assert!(holdings.held.is_empty() && holdings.unread.is_empty());
}

proptest! {
    #[test]
    fn no_text_panics(
        text in "(password|macdef|machine|aws_session_token|_auth|_authToken|export|[A-Z]|=|:|\"|'|`|\\\\|#|;|\\$\\{|[ \t\r\n]|[{}\\[\\],]|\\PC){0,40}",
        bytes in prop::collection::vec(any::<u8>(), 0..60),
    ) {
        for text in [text.as_bytes(), &bytes] {
            ini::values(text);
            netrc::values(text);
            npmrc::values(text);
            dotenv::values(text);
            listed(text, "list");
            let _ = json::values(text);
        }
    }

    #[test]
    fn a_value_comes_back_as_it_was_written(value in "[!-~]([ -~]{0,20}[!-~])?") {
        let json = serde_json::to_string(&serde_json::json!({ "accessToken": value })).expect("text is JSON");
        prop_assert_eq!(texts(json::values(json.as_bytes()).expect("it is JSON")), [value.clone()]);
        let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
        prop_assert_eq!(texts(dotenv::values(format!("A=\"{quoted}\"\nB=1").as_bytes())), [format!("A={value}"), "B=1".to_owned()]);
        let words = format!("machine a password \"{quoted}\"\nmachine b password x\n");
        prop_assert_eq!(texts(netrc::values(words.as_bytes())), [value, "x".to_owned()]);
    }
}
