//! Reading and writing git's configuration: beside git itself, on the same files.

use super::session::Session;

#[test]
fn what_is_configured_is_listed_in_the_order_of_its_weight() {
    let session = Session::new();
    session.home.write(".gitconfig", "[Secrets]\n\tPatterns = of the user\n[foo]\n\tsecretsx = 1\n");
    session.write("secrets.yml", "a file that a glob would find\n");
    let listed = "secrets.patterns of the user\nsecrets.patterns forbidden\nsecrets.patterns @todo\n";
    session.secrets(["--list"]).status(0).stdout_is(listed);
    session.secrets(["--list", "--global"]).status(0).stdout_is("secrets.patterns of the user\n");
    session
        .run("git", ["-c", "secrets.allowed=it's", "secrets", "--list"])
        .status(0)
        .stdout_has("secrets.allowed it's\n");
    session.direct("", "--lis", b"").status(0).stdout_is(listed);
}

#[test]
fn nothing_to_list_is_a_status() {
    Session::without_patterns().secrets(["--list"]).status(1).stdout_is("");
    Session::new().secrets(["--list", "--global"]).status(1).stdout_is("");
}

#[test]
fn every_place_that_git_reads_counts() {
    let session = Session::without_patterns();
    session.write(".git/more", "[secrets]\n\tpatterns = included\n");
    session.git("config include.path more").status(0);
    session.git("config extensions.worktreeConfig true").status(0);
    session.git("config --worktree secrets.patterns tree").status(0);
    session.home.write(".config/git/config", "[secrets]\n\tpatterns = xdg\n");
    let mut command = session.command("git".as_ref(), session.dir.path());
    command.args(["-c", "secrets.patterns=given", "secrets", "--list"]);
    command
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "secrets.patterns")
        .env("GIT_CONFIG_VALUE_0", "counted");
    let listed = ["xdg", "included", "tree", "counted", "given"].map(|value| format!("secrets.patterns {value}\n"));
    super::session::finish(command, "git secrets --list".to_owned(), b"").status(0).stdout_is(listed.concat());
}

#[test]
fn a_pattern_is_added_once() {
    let session = Session::new();
    for (arguments, value) in [
        (&["--add", "testing+123"][..], "testing+123"),
        (&["--add", "--literal", "testing+abc"], r"testing\+abc"),
        (&["--add", "-l", r"a.b|c$(d){e}?*^\["], r"a\.b\|c\$\(d\)\{e\}\?\*\^\\\["),
        (&["--add", "--", "-----BEGIN"], "-----BEGIN"),
        (&["--add", "with space"], "with space"),
    ] {
        session.secrets(arguments.iter().copied()).status(0).stdout_is("").stderr_is("");
        session.secrets(arguments.iter().copied()).status(1).stdout_is("").stderr_is("");
        assert!(session.git("config --get-all secrets.patterns").stdout.ends_with(&format!("\n{value}\n")), "{value}");
    }
    session.secrets(["--add", "-a", "testing+123"]).status(0);
    session.secrets(["--add", "--allowed", "testing+123"]).status(1);
    session.git("config --get-all secrets.allowed").stdout_is("testing+123\n");
}

#[test]
fn a_part_of_a_pattern_is_not_that_pattern() {
    let session = Session::new();
    session.secrets(["--add", "todo"]).status(0);
    session.git("config --get-all secrets.patterns").stdout_is("forbidden\n@todo\ntodo\n");
}

#[test]
fn nothing_cannot_be_added() {
    let session = Session::new();
    session.secrets(["--add"]).status(1).stderr_is("git-secrets: --add needs a pattern that is not empty\n");
    session.secrets(["--add", ""]).status(1);
    session.secrets(["--add-provider"]).status(1).stderr_is("git-secrets: --add-provider needs a command\n");
}

#[test]
fn files_are_written_as_git_writes_them() {
    let start = "# a comment\r\n[core]\n\tbare = false ; why\n[secrets]\n  patterns = \"a # b\"\n[user] name = x\n[secrets \"sub\"]\n\tx=1";
    for value in
        ["plain", " spaces ", "a;b", "quote\"s", "back\\slash", "tab\there", "#", "a'b", "caf\u{e9}", "[x]", "-x"]
    {
        for config in [start, "", "[secrets]", "[core]\n\tbare = false\n"] {
            let (session, theirs) = (Session::without_patterns(), Session::without_patterns());
            session.home.write(".gitconfig", config);
            theirs.home.write(".gitconfig", config);
            session.secrets(["--add", "--global", "--", value]).status(0);
            theirs.run("git", ["config", "--global", "--add", "secrets.patterns", value]).status(0);
            let get = ["config", "--global", "--get-all", "secrets.patterns"];
            let read = session.run("git", get).status(0).stdout;
            assert_eq!(read, theirs.run("git", get).stdout, "{value:?} in {config:?}");
            assert_eq!(session.home.read(".gitconfig"), theirs.home.read(".gitconfig"), "{value:?} in {config:?}");
        }
    }
}

#[test]
fn the_file_of_the_user_is_the_one_that_git_would_take() {
    let session = Session::without_patterns();
    std::fs::remove_file(session.home.join(".gitconfig")).expect("it is there");
    session.secrets(["--add", "--global", "one"]).status(0);
    session.git("config --global --get-all secrets.patterns").stdout_is("one\n");
    assert!(session.home.join(".gitconfig").exists());
    std::fs::remove_file(session.home.join(".gitconfig")).expect("it is there");
    session.home.write(".config/git/config", "[a]\n\tb = c\n");
    session.secrets(["--add", "--global", "two"]).status(0);
    assert_eq!(session.home.read(".config/git/config"), "[a]\n\tb = c\n[secrets]\n\tpatterns = two\n");
}

#[test]
fn a_file_that_is_locked_is_not_written() {
    let session = Session::new();
    session.write(".git/config.lock", "");
    session.secrets(["--add", "x"]).status(128).stderr_has("fatal: writing git's configuration ");
    session.git("config --get-all secrets.patterns").stdout_is("forbidden\n@todo\n");
}

#[test]
fn a_linked_work_tree_writes_to_the_file_of_all() {
    let session = Session::new();
    session.git("commit --allow-empty -m x").status(0);
    session.git("worktree add -q linked").status(0);
    session.direct("linked", "--add shared", b"").status(0);
    session.git("config --get-all secrets.patterns").stdout_is("forbidden\n@todo\nshared\n");
}

#[test]
fn outside_of_a_repository_only_the_file_of_the_user_can_be_written() {
    let session = Session::new();
    let program = super::session::program();
    let run = |arguments: &[&str]| {
        let mut command = session.command(program.as_os_str(), session.home.path());
        command.args(arguments);
        super::session::finish(command, format!("git-secrets {arguments:?}"), b"")
    };
    run(&["--add", "x"]).status(128).stderr_has("not in a git directory");
    run(&["--register-aws"]).status(128).stdout_is("").stderr_has("not in a git directory");
    run(&["--add", "--global", "x"]).status(0);
    session.git("config --global --get-all secrets.patterns").stdout_is("x\n");
}

#[test]
fn the_values_for_aws_are_those_that_everybody_has() {
    let session = Session::without_patterns();
    session.secrets(["--register-aws", "an ignored argument"]).status(0).stdout_is("OK\n");
    session.secrets(["--register-aws"]).status(0).stdout_is("");
    session.git("config --get-all secrets.providers").stdout_is("git secrets --aws-provider\n");
    let patterns = session.git("config --get-all secrets.patterns").stdout;
    let quote = r#"("|')?"#;
    let assigned =
        |name: &str, value: &str| format!(r"{quote}(AWS|aws|Aws)?_?{name}{quote}\s*(:|=>|=)\s*{quote}{value}{quote}");
    let expect = [
        "(A3T[A-Z0-9]|AKIA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA|ASIA)[A-Z0-9]{16}".to_owned(),
        "ABSK[A-Za-z0-9+/]{109,}=*".to_owned(),
        concat!("bedrock-api-key-", "YmVkcm9jay5hbWF6b25hd3MuY29t").to_owned(),
        assigned("(SECRET|secret|Secret)?_?(ACCESS|access|Access)?_?(KEY|key|Key)", r"[A-Za-z0-9/\+=]{40}"),
        assigned("(ACCOUNT|account|Account)_?(ID|id|Id)?", r"[0-9]{4}\-?[0-9]{4}\-?[0-9]{4}"),
    ];
    assert_eq!(patterns.lines().collect::<Vec<_>>(), expect);
    let allowed = session.git("config --get-all secrets.allowed").stdout;
    assert!(allowed.lines().all(|line| line.ends_with("EXAMPLE") || line.ends_with("EXAMPLEKEY")), "{allowed}");
    assert_eq!(allowed.lines().count(), 2);
}
