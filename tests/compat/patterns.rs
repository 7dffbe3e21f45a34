//! What is prohibited and what is allowed, wherever that is said, and that nothing passes when it cannot be known.

use crate::support::secrets::Maker;

use super::session::{Session, found};

#[test]
fn without_patterns_nothing_is_found_and_that_is_said() {
    let session = Session::without_patterns();
    session.write("f", "anything\n");
    let hint = "git-secrets: no patterns are configured, so nothing was looked for \
                (git secrets --register-aws, or --add, or git config secrets.builtin true)\n";
    session.secrets(["--scan", "f"]).status(0).stdout_is("").stderr_is(hint);
    session.secrets(["--scan"]).status(0).stderr_is(hint);
}

#[test]
fn words_end_where_other_characters_start() {
    let session = Session::without_patterns();
    session.secrets(["--add", "me"]).status(0);
    session.write("f", "mesa\nfoo.me\n\"me\"\n_me\nmesa me\n\u{e9}me\u{e9}\n");
    let lines = ["f:2:foo.me", "f:3:\"me\"", "f:5:mesa me", "f:6:\u{e9}me\u{e9}"];
    session.secrets(["--scan", "f"]).status(1).stderr_is(found(&lines));
}

#[test]
fn a_shorter_match_that_is_a_word_counts_in_every_mode() {
    let mut maker = Maker::new(31);
    let session = Session::without_patterns();
    session.secrets(["--register-aws"]).status(0);
    session.write("f", format!("AWS_SECRET_ACCESS_KEY=\"{}\"x\n", maker.aws_secret_key()));
    session.git("add .").status(0);
    for arguments in [&["--scan", "f"][..], &["--scan"], &["--scan", "--cached"], &["--pre_commit_hook"]] {
        session.secrets(arguments.iter().copied()).status(1).stderr_has("f:1:AWS_SECRET");
    }
}

#[test]
fn spaces_and_globs_in_a_pattern_are_themselves_in_every_mode() {
    let session = Session::without_patterns();
    session.secrets(["--add", "WHITE SPACE"]).status(0);
    session.secrets(["--add", "key*"]).status(0);
    session.write("keyring", "x\n").write("f", "WHITE\nWHITE SPACE\nkeyyy\n");
    session.git("add .").status(0);
    for arguments in [&["--scan", "f"][..], &["--scan"], &["--scan", "--cached"]] {
        let lines = found(&["f:2:WHITE SPACE", "f:3:keyyy"]);
        session.secrets(arguments.iter().copied()).status(1).stderr_is(lines);
    }
}

#[test]
fn a_line_is_allowed_by_its_text_its_path_or_its_number() {
    let session = Session::new();
    session.write("a/test.txt", "forbidden\n").write("b", "forbidden fruit\nforbidden\n");
    session.git("add .").status(0);
    let allowing = |pattern: &str, lines: &[&str]| {
        let outcome = session.run("git", ["-c", &format!("secrets.allowed={pattern}"), "secrets", "--scan"]);
        if lines.is_empty() {
            outcome.status(0).stderr_is("");
        } else {
            outcome.status(1).stderr_is(found(lines));
        }
    };
    allowing("fruit", &["a/test.txt:1:forbidden", "b:2:forbidden"]);
    allowing("^a/", &["b:1:forbidden fruit", "b:2:forbidden"]);
    allowing("b:2:", &["a/test.txt:1:forbidden", "b:1:forbidden fruit"]);
    allowing("forbid", &[]);
    allowing("n$", &["b:1:forbidden fruit"]);
}

#[test]
fn intervals_count() {
    let session = Session::without_patterns();
    session.secrets(["--add", "foo=\"baz{1,5}\""]).status(0);
    session.secrets(["--add", "--allowed", "foo=\"bazzz\""]).status(0);
    session.write("f", "foo=\"bazzz\" is fine\nfoo=\"bazzzz\" is not\n");
    session.secrets(["--scan", "f"]).status(1).stderr_is(found(&["f:2:foo=\"bazzzz\" is not"]));
}

#[test]
fn gitallowed_has_comments_empty_lines_and_line_ends_of_windows() {
    let session = Session::without_patterns();
    session.secrets(["--add", "#hash"]).status(0);
    session.write("f", "#hash\n").git("add .").status(0);
    for (text, status) in [
        ("", 1),
        ("\n\n", 1),
        ("#hash\n", 1),
        ("  # hash\n", 1),
        ("nothing of this kind\n", 1),
        ("hash\n", 0),
        ("hash", 0),
        ("hash\r\n", 0),
        ("x\n\nhash\n", 0),
    ] {
        session.write(".gitallowed", text);
        session.secrets(["--scan"]).status(status);
        session.secrets(["--scan", "f"]).status(status);
    }
}

#[test]
fn a_line_with_any_bytes_is_shown_though_others_are_allowed() {
    let session = Session::new();
    session.write(".gitallowed", "nothing\n").write("f", b"forbidden \xe9\xff\n").git("add .").status(0);
    session.secrets(["--scan"]).status(1).stderr_has("f:1:forbidden ").stderr_has(super::session::ADVICE);
}

#[test]
fn an_allowed_pattern_that_is_wrong_lets_nothing_pass() {
    let session = Session::new();
    session.write(".gitallowed", "fine\n(x\n").write("f", "forbidden\n").git("add .").status(0);
    session.secrets(["--scan"]).status(2).stderr_is("line 2 of .gitallowed, '(x': unmatched ( or \\(\n");
    session.git("commit -m message").status(0);
    session.git("secrets --install").status(0);
    session.git("commit --quiet --allow-empty -m fine").status(0);
    session.write("f", "forbidden again\n");
    session.git("commit -am message").status(1).stderr_has("line 2 of .gitallowed");
}

#[test]
fn a_prohibited_pattern_that_is_wrong_ends_every_scan() {
    let session = Session::new();
    session.git("config --add secrets.patterns (a)\\1").status(0);
    session.write("f", "fine\n").git("add .").status(0);
    let why = "the pattern '(a)\\1' of secrets.patterns: back-references such as \\1 are not supported, \
               since they cannot be matched in linear time\n";
    session.secrets(["--scan"]).status(128).stderr_is(why);
    session.secrets(["--scan", "f"]).status(2).stderr_is(why);
}

#[test]
fn every_line_of_a_provider_is_a_pattern() {
    let session = Session::without_patterns();
    session.secrets(["--add-provider", "--", "echo", "foo", "baz", "bar"]).status(0);
    session.secrets(["--add-provider", "--", "echo"]).status(0);
    session.secrets(["--add-provider", "--", "cat", "more*"]).status(0);
    session.git("config --list --local").status(0).stdout_has("secrets.providers=cat more*\n");
    session.write("f", "foo baz bar\nfoo\nbam\nspace  d\n").write("more patterns", "bam\r\n\r\nspace  d\n");
    session.secrets(["--scan", "f"]).status(1).stderr_is(found(&["f:1:foo baz bar", "f:3:bam", "f:4:space  d"]));
}

#[test]
fn a_provider_that_fails_lets_nothing_pass() {
    let session = Session::new();
    session.write("f", "fine\n").git("add .").status(0);
    for (command, why) in [
        ("false", "the provider 'false' failed (exit status: 1), so its patterns are not known\n"),
        ("no-such-program x", "the provider 'no-such-program x' failed (exit status: 127)"),
    ] {
        session.run("git", ["config", "secrets.providers", command]).status(0);
        session.secrets(["--scan"]).status(2).stderr_has(why);
        session.secrets(["--pre_commit_hook"]).status(2).stderr_has(why);
    }
}

#[test]
fn a_provider_cannot_take_what_is_to_be_scanned() {
    let session = Session::new();
    session.secrets(["--add-provider", "--", "cat"]).status(0);
    session.direct("", "--scan -", b"forbidden\n").status(1).stderr_is(found(&["(standard input):1:forbidden"]));
}

#[test]
fn what_a_provider_says_is_never_shown() {
    let session = Session::new();
    session.write("patterns", "fine\nsecret(\n");
    session.secrets(["--add-provider", "--", "cat", "patterns"]).status(0);
    session.secrets(["--scan", "patterns"]).status(2).never_prints("secret(").stderr_has("line 2 of the provider");
}

#[test]
fn credentials_are_patterns_for_themselves() {
    let session = Session::new();
    session.write(
        "credentials",
        "[default]\naws_access_key_id = abc123\naws_secret_access_key=foobaz\naws_access_key_id = \"Bernard\"\n\
         # aws_secret_access_key= Hoagie+man\naws_access_key_id\naws_session_token = ignored\n\
         aws_secret_access_key = cut=off\naws_secret_access_key = we[ird\r\n",
    );
    let values = "abc123\nfoobaz\nBernard\nHoagie\\+man\ncut\nwe\\[ird\n";
    session.secrets(["--aws-provider", "credentials"]).status(0).stdout_is(values);
    session.secrets(["--aws-provider", "missing"]).status(0).stdout_is("");
    session.secrets(["--add-provider", "--", "git", "secrets", "--aws-provider", "credentials"]).status(0);
    session.write("f", "(foobaz) test\nHoagie+man\nHoagieman\nwe[ird\nignored\n");
    session.secrets(["--scan", "f"]).status(1).stderr_is(found(&["f:1:(foobaz) test", "f:2:Hoagie+man", "f:4:we[ird"]));
}

#[test]
fn the_credentials_of_the_user_are_in_the_home_directory() {
    let session = Session::without_patterns();
    session.secrets(["--register-aws"]).status(0);
    session.home.write(".aws/credentials", "aws_secret_access_key = a-value-of-mine\n");
    session.secrets(["--aws-provider"]).status(0).stdout_is("a-value-of-mine\n");
    session.write("f", "a-value-of-mine\n");
    session.secrets(["--scan", "f"]).status(1).stderr_is(found(&["f:1:a-value-of-mine"]));
}

#[test]
fn the_patterns_for_aws_find_what_they_are_for() {
    let mut maker = Maker::new(32);
    let session = Session::without_patterns();
    session.secrets(["--register-aws"]).status(0);
    let (id, key) = (maker.aws_key_id(), maker.aws_secret_key());
    let text = format!(
        "{id}\nx{id}\naws_secret_access_key = {key}\n'SecretAccessKey' => '{key}'\nMY_AWS_SECRET_ACCESS_KEY={key}\n\
         aws_account_id: 1234-5678-9012\nACCOUNT=123456789012\n1234-5678-9012\nAK{}\n",
        "IAIOSFODNN7EXAMPLE"
    );
    session.write("f", text);
    let outcome = session.secrets(["--scan", "f"]).status(1);
    let numbers: Vec<_> =
        outcome.stderr.lines().filter_map(|line| line.strip_prefix("f:")?.split(':').next()).collect();
    assert_eq!(numbers, ["1", "3", "4", "6", "7"], "{}", outcome.stderr);
}

#[test]
fn the_rules_of_keysieve_are_looked_for_if_that_is_configured() {
    let session = Session::without_patterns();
    let mut maker = Maker::new(90);
    let (token, pem) = (maker.github_token(), maker.pem());
    session.write("f", format!("one\nforbidden\nk={token}\n")).write("key.pem", &pem).git("add .").status(0);
    session.secrets(["--scan", "f"]).status(0);
    session.git("config secrets.builtin true").status(0);
    let line = format!("f:3:k={token}");
    session.secrets(["--scan", "f"]).status(1).stderr_is(found(&[&line]));
    let first = pem.lines().next().expect("a key has lines");
    session.secrets(["--scan", "--cached"]).status(1).stderr_is(found(&[&line, &format!("key.pem:1:{first}")]));
    session.secrets(["--pre_commit_hook"]).status(1).stderr_has(&line);
    session.secrets(["--add", "forbidden"]).status(0);
    session.secrets(["--add", "--allowed", "key.pem"]).status(0);
    session.secrets(["--scan"]).status(1).stderr_is(found(&["f:2:forbidden", &line]));
    session.git("config secrets.builtin maybe").status(0);
    session.secrets(["--scan"]).status(128).stderr_has("fatal: bad boolean config value for 'secrets.builtin'");
}
