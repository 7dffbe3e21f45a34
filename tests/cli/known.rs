//! Secrets that the user holds: where they are read from, in which forms they are found, and what is said of them. The home
//! directory is one of the test's own, and so is everything in it.

use data_encoding::BASE64;

use crate::support::secrets::{Maker, masked};
use crate::support::{Dir, Keysieve};

/// A home with an access key in the AWS CLI's file, and the secret of that.
fn home() -> (Dir, String) {
    let mut maker = Maker::new(801);
    let (id, secret) = (maker.aws_key_id(), maker.aws_secret_key());
    let home = Dir::new();
    home.write(".aws/credentials", format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"));
    (home, secret)
}

/// `keysieve scan` of this text, by the owner of `home`.
fn scan(home: &Dir, text: impl AsRef<[u8]>) -> Keysieve {
    home.keysieve(["scan", "-"]).stdin(text.as_ref())
}

fn path(home: &Dir) -> &str {
    home.path().to_str().expect("a temporary directory has a plain name")
}

/// The places that the findings of a report name.
#[track_caller]
fn known_from(run: Keysieve) -> Vec<String> {
    let report = run.arg("--format=jsonl").run().stdout;
    let facts = report.lines().flat_map(|line| {
        let finding: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
        finding["facts"].as_array().cloned().unwrap_or_default()
    });
    let from = facts.filter(|fact| fact["key"] == "known-from");
    from.map(|fact| fact["value"].as_str().expect("it is text").to_owned()).collect()
}

#[cfg(unix)]
#[test]
fn a_commit_with_your_own_key_in_base64_is_refused() {
    let (home, secret) = home();
    let dir = Dir::repository();
    dir.keysieve(["hook", "install"]).env("HOME", path(&home)).run().status(0);
    let encoded = BASE64.encode(format!("region=eu-west-1\nkey={secret}\n").as_bytes());
    dir.write("deploy.yaml", format!("kind: Secret\ndata:\n  settings: {encoded}\n")).git(["add", "deploy.yaml"]);
    let commit = || dir.try_git(["commit", "--quiet", "-m", "message"]).env("HOME", path(&home));
    commit().run().status(1).never_prints(&secret).never_prints(&encoded[29..80]).stderr_is(format!(
        "deploy.yaml:3:41: known-secret (critical, certain: known from ~/.aws/credentials) {}\n\
         1 finding in 1 file | 1 file, {} B, TIME | complete\n\
         keysieve: refused: the commit would bring in a secret, see above\n\
         keysieve: note: KEYSIEVE_SKIP='the reason' in the environment lets it pass, and is logged\n",
        masked(&secret),
        dir.read("deploy.yaml").len(),
    ));
    commit().env("KEYSIEVE_NO_KNOWN", "1").run().status(0);
}

#[test]
fn the_report_names_the_file_and_never_the_value() {
    let (home, secret) = home();
    for format in ["text", "jsonl", "sarif"] {
        let outcome = scan(&home, format!("x {secret}")).arg(format!("-f={format}")).run().status(1);
        outcome.never_prints(&secret).stdout_has("known-secret");
    }
    assert_eq!(known_from(scan(&home, &secret)), ["~/.aws/credentials"]);
}

#[test]
fn every_form_of_a_value_is_found() {
    let home = Dir::new();
    let secret = concat!("kW9/mPz2+vQx\"", "7Kq2mPz9VbT4\\w");
    home.write("list", format!("\n{secret}\n"));
    let (percent, json) = (
        secret.replace('/', "%2f").replace('+', "%2B").replace('"', "%22").replace('\\', "%5c"),
        secret.replace('\\', "\\\\").replace('"', "\\\"").replace('/', "\\/"),
    );
    let utf16: Vec<u8> = secret.bytes().flat_map(|byte| [byte, 0]).collect();
    let wrapped = BASE64.encode(format!("{}{secret}{}", "before".repeat(7), "after".repeat(20)).as_bytes());
    let lines: Vec<_> = wrapped.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    for text in [secret.into(), percent.into_bytes(), json.into_bytes(), utf16, lines.join("\n").into_bytes()] {
        let run = home.keysieve(["scan", "-", "--known", "list"]).stdin(text);
        run.run().status(1).stdout_has(": known-secret (high, certain: known from list)").never_prints(&secret[4..24]);
    }
}

#[test]
fn all_of_your_files_are_read() {
    let mut maker = Maker::new(802);
    let mut value = || maker.aws_secret_key();
    let (key, token, access, refresh, client) = (value(), value(), value(), value(), value());
    let (login, npm, user, password, elsewhere) = (value(), value(), value(), value(), value());
    let home = Dir::new();
    home.write(".aws/config", format!("[profile a]\naws_session_token={token}\n"));
    home.write(".aws/cli/cache/1.json", format!(r#"{{"Credentials": {{"SecretAccessKey": "{key}"}}}}"#));
    home.write(".aws/sso/cache/1.json", format!(r#"{{"accessToken": "{access}", "refreshToken": "{refresh}"}}"#));
    home.write(".aws/sso/cache/2.json", format!(r#"{{"clientId": "{user}", "clientSecret": "{client}"}}"#));
    home.write(".netrc", format!("macdef init\npassword {user}\n\nmachine a.example login {user} password {login}\n"));
    let basic = BASE64.encode(format!("{user}:{password}").as_bytes());
    home.write(".npmrc", format!("//npm.example/:_authToken=\"{npm}\"\n_auth={basic}\n"));
    home.write("other", format!("aws_secret_access_key = {elsewhere}\n"));
    let from = |text: &str| known_from(scan(&home, text).env("AWS_SHARED_CREDENTIALS_FILE", "~/other"));
    for (text, place) in [
        (&token, "~/.aws/config"),
        (&key, "~/.aws/cli/cache/1.json"),
        (&access, "~/.aws/sso/cache/1.json"),
        (&refresh, "~/.aws/sso/cache/1.json"),
        (&client, "~/.aws/sso/cache/2.json"),
        (&login, "~/.netrc"),
        (&npm, "~/.npmrc"),
        (&basic, "~/.npmrc"),
        (&password, "~/.npmrc"),
        (&elsewhere, "~/other"),
    ] {
        assert_eq!(from(&format!("a {text} b")), [place]);
    }
    assert_eq!(from(&format!("a {user} b")), [""; 0], "a name is no secret");
}

#[test]
fn ignored_settings_of_the_work_tree_are_read() {
    let mut maker = Maker::new(803);
    let (password, name, tracked, local) =
        (maker.aws_secret_key(), maker.aws_secret_key(), maker.aws_secret_key(), maker.aws_secret_key());
    let (home, dir) = (Dir::new(), Dir::repository());
    dir.write(".gitignore", ".env*\n!.env.shared\n");
    dir.write(".env", format!("DB_PASSWORD=\"{password}\"\nAPP_NAME={name}\n"));
    dir.write(".env.local", format!("export CACHE_URL=rediss://app:{local}@cache.corp.net:6379/0\n"));
    dir.write(".env.shared", format!("DB_PASSWORD={tracked}\n"));
    dir.write("sub/main.py", format!("connect({password})\nuse({name})\nuse({tracked})\nuse({local})\n"));
    dir.git(["add", "sub/main.py"]);
    let staged = || dir.keysieve(["staged"]).env("HOME", path(&home));
    let mut places = known_from(staged());
    places.sort();
    assert_eq!(places, [".env", ".env.local"]);
    staged()
        .run()
        .status(1)
        .stdout_has("sub/main.py:1:9: known-secret (high, certain: known from .env)")
        .stderr_has("2 findings");
    dir.keysieve(["message", "-"])
        .stdin(format!("fix {password}"))
        .run()
        .status(1)
        .stdout_has("<stdin>:1:5: known-secret");
    dir.git(["add", "--force", ".env"]);
    staged().run().status(1).stdout_has(".env:1:14: known-secret");
}

#[test]
fn a_key_and_its_id_stay_one_finding() {
    let (home, secret) = home();
    let text = home.read(".aws/credentials");
    let run = || scan(&home, &text);
    run()
        .run()
        .status(1)
        .stdout_has("aws-secret-access-key (critical, certain: paired, known from ~/.aws/credentials)")
        .stderr_has("1 finding");
    assert_eq!(known_from(run()), ["~/.aws/credentials"]);
    scan(&home, format!("aws_secret_access_key = {secret}"))
        .run()
        .stdout_has("known-secret (critical, certain: known from ~/.aws/credentials)");
}

#[test]
fn at_home_a_secret_is_no_leak() {
    let (home, secret) = home();
    let token = Maker::new(807).aws_secret_key();
    home.write(".npmrc", format!("//npm.example/:_authToken={token}\n"));
    home.write(".netrc", format!("{secret}\nmachine a login b password {token}\n"));
    let run = |paths: &[&str]| home.keysieve(["scan"].into_iter().chain(paths.iter().copied()));
    run(&[".netrc"])
        .run()
        .status(1)
        .stdout_has(".netrc:2:28: netrc (high, probable: netrc)")
        .never_prints("known-secret");
    assert_eq!(known_from(run(&[])), [""; 0]);
    run(&[])
        .run()
        .status(1)
        .stdout_has(".aws/credentials:3:25: aws-secret-access-key (critical, certain: paired)")
        .stdout_has(".npmrc:1:27: ")
        .never_prints("known-secret");
    home.write("copy", home.read(".netrc"));
    run(&[])
        .run()
        .status(1)
        .stdout_has("copy:1:1: known-secret (critical, ")
        .stdout_has("copy:2:28: known-secret (high, ");
}

#[test]
fn your_own_files_are_not_read_if_you_say_so() {
    let (home, secret) = home();
    let run = |args: &[&str]| args.iter().fold(scan(&home, &secret), Keysieve::arg).run();
    run(&[]).status(1);
    run(&["--no-known"]).status(0);
    run(&["--skip-rule=known-secret"]).status(0);
    run(&["--rule=github"]).status(0).never_prints(&secret);
    run(&["--rule=known"]).status(1);
    scan(&home, &secret).env("KEYSIEVE_NO_KNOWN", "true").run().status(0);
    scan(&home, &secret).env("KEYSIEVE_NO_KNOWN", "0").run().status(1);
}

#[test]
fn in_ci_only_lists_are_read() {
    let (home, secret) = home();
    let other = Maker::new(804).aws_secret_key();
    home.write("list", &other);
    let list = home.join("list");
    let run = |text: &str| scan(&home, text).env("CI", "true").arg("--known").arg(&list);
    scan(&home, &secret).env("CI", "true").run().status(0);
    scan(&home, &secret).env("CI", "false").run().status(1);
    run(&secret).run().status(0);
    run(&other).run().status(1).stdout_has("known-secret");
    scan(&home, &other).env("CI", "true").env("KEYSIEVE_KNOWN", list.to_str().unwrap()).run().status(1);
}

#[test]
fn a_list_can_come_by_standard_input() {
    let (home, secret) = (Dir::new(), Maker::new(805).aws_secret_key());
    let dir = Dir::new();
    dir.write("file", &secret);
    let run = |args: &[&str]| {
        dir.keysieve(["scan", "--known=-"].into_iter().chain(args.iter().copied()))
            .env("HOME", path(&home))
            .stdin(format!("{secret}\n"))
    };
    assert_eq!(known_from(run(&["file"])), ["standard input"]);
    run(&["-"])
        .run()
        .status(2)
        .stderr_is("keysieve: error: standard input is what is searched: the known secrets have to come from a file\n");
    run(&["--files-from=-"]).run().status(2).stderr_has("standard input is the list of paths");
    dir.keysieve(["message", "-", "--known", "-"]).run().status(2).stderr_has("standard input is the message");
}

#[test]
fn what_is_not_looked_for_is_said() {
    let (home, dir) = (Dir::new(), Dir::new());
    dir.write("list", "short\nchangeme-changeme\n\nalso short\n");
    dir.keysieve(["scan", "--known", "list", "list"]).env("HOME", path(&home)).run().status(0).stdout_is("").stderr_is(
        "keysieve: warning: list: 1 value is not looked for: a placeholder\n\
         keysieve: warning: list: 2 values are not looked for: shorter than 12 bytes\n\
         no findings | 1 file, 36 B, TIME | complete\n",
    );
    dir.keysieve(["scan", "--known", "gone"])
        .run()
        .status(2)
        .stderr_has("keysieve: error: reading the known secrets in gone: ");
    home.write(".aws/sso/cache/broken.json", "{\"accessToken\": ");
    let outcome = dir.keysieve(["scan", "-v"]).env("HOME", path(&home)).run().status(0);
    outcome.stderr_has(
        "keysieve: warning: ~/.aws/sso/cache/broken.json: what it holds is not looked for: it is not JSON: ",
    );
}

#[test]
fn placeholders_of_your_files_are_no_secrets() {
    let home = Dir::new();
    let example = concat!("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY");
    home.write(".aws/credentials", format!("aws_secret_access_key = {example}\n"));
    home.write(".netrc", "machine a login b password changeme-changeme\n");
    home.write(".npmrc", "//npm.example/:_authToken=${NPM_TOKEN_OF_THE_PROJECT}\n");
    scan(&home, format!("{example} changeme-changeme ${{NPM_TOKEN_OF_THE_PROJECT}}"))
        .run()
        .status(0)
        .stderr_has("no findings");
}

#[test]
fn what_is_known_is_hidden_in_errors_and_names_too() {
    let (home, secret) = home();
    let dir = Dir::new();
    dir.write(format!("{secret}.txt"), "nothing here\n")
        .write("x", format!("{secret} {}", Maker::new(806).github_token()));
    let scan = |args: &[&str]| dir.keysieve(["scan"].into_iter().chain(args.iter().copied())).env("HOME", path(&home));
    scan(&["-f=jsonl"]).run().status(1).never_prints(&secret).stdout_has("\"origin\":\"file-name\"");
    scan(&["--rule=github"]).run().status(1).never_prints(&secret);
    scan(&["--rule=github", "-f=sarif", "-v"]).run().status(1).never_prints(&secret);
    scan(&[]).arg(format!("{secret}/gone")).run().status(2).never_prints(&secret);
}

#[test]
fn a_secret_that_was_there_before_is_no_news() {
    let (home, secret) = home();
    let dir = Dir::repository();
    dir.write("file", &secret).commit_all("first");
    dir.write("file", format!("an edit\n{secret}")).git(["add", "file"]);
    let staged =
        |args: &[&str]| dir.keysieve(["staged"].into_iter().chain(args.iter().copied())).env("HOME", path(&home));
    staged(&[]).run().status(0);
    staged(&["--whole-files"]).run().status(1).stdout_has("file:2:1: known-secret");
}
