//! Configuration files: layers and their origins, what they turn off, allow and limit, and what is wrong with them.

use std::fs;

use crate::support::secrets::Maker;
use crate::support::{Dir, Keysieve, Outcome};

const FILE: &str = ".keysieve.toml";
const OF_USER: &str = ".config/keysieve/config.toml";

fn token(seed: u64) -> String {
    Maker::new(seed).github_token()
}

/// A repository with a key in `src/a` and `tests/a`.
fn repository(seed: u64) -> (Dir, String) {
    let (dir, token) = (Dir::repository(), token(seed));
    dir.write("src/a", format!("{token}\n")).write("tests/a", format!("{}\n", self::token(seed + 1)));
    (dir, token)
}

fn scan(dir: &Dir) -> Outcome {
    dir.keysieve(["scan"]).run()
}

/// The key in `src/a` is found, and nothing else.
#[track_caller]
fn only_src(dir: &Dir) {
    scan(dir).status(1).stdout_has("src/a:1:1: github-").never_prints("tests/a").stderr_has("1 suppressed");
}

#[test]
fn the_later_layers_outrank_the_earlier() {
    let dir = Dir::repository();
    let system = dir.join("system.toml");
    let shown = || {
        let keysieve = dir.keysieve(["config", "show", "--origin"]);
        keysieve
            .env("KEYSIEVE_CONFIG_SYSTEM", system.to_str().expect("it is UTF-8"))
            .run()
            .status(0)
            .stderr_is("")
            .stdout
    };
    let line = |key: &str| {
        let shown = shown();
        let line = shown.lines().find(|line| line.starts_with(key)).unwrap_or_default();
        line.replace(&format!("{}/", dunce::canonicalize(dir.path()).unwrap().display()), "")
            .replace(&format!("{}/", dir.path().display()), "")
    };
    let origin = |key: &str, value: &str, origin: &str| {
        assert_eq!(line(key), format!("{:<40} # {origin}", format!("{key} = {value}")));
    };
    origin("limits.threads", "0", "built-in");
    dir.write("system.toml", "# of all\n[limits]\nthreads = 1\ndecode = 1\n");
    origin("limits.threads", "1", "system.toml:3");
    dir.write(OF_USER, "[limits]\nthreads = 2\n");
    origin("limits.threads", "2", &format!("{OF_USER}:2"));
    dir.write(FILE, "\n\n[limits]\nthreads = 3\n");
    origin("limits.threads", "3", &format!("{FILE}:4"));
    origin("limits.decode", "1", "system.toml:4");
    dir.write("named.toml", "limits.threads = 4\n");
    let named = dir.keysieve(["config", "show", "--origin", "--config", "named.toml"]).run().status(0);
    named.stdout_has("limits.threads = 4                       # named.toml:1\n");
    let variable =
        dir.keysieve(["config", "show", "--origin"]).env("KEYSIEVE_THREADS", "5").env("KEYSIEVE_CONFIG", "named.toml");
    variable.run().status(0).stdout_has("limits.threads = \"5\"                     # the variable KEYSIEVE_THREADS\n");
    let none = dir.keysieve(["config", "show", "--no-config"]).run().status(0).stderr_is("");
    none.stdout_has("limits.threads = 0\n").never_prints("#");
    let only = dir.keysieve(["config", "show", "--no-config", "--config", "named.toml"]).run().status(0);
    only.stdout_has("limits.threads = 4\n").stdout_has("limits.decode = 2\n");
}

#[test]
fn flags_and_variables_outrank_files() {
    let (dir, _) = repository(700);
    dir.write(FILE, "fail-on = \"never\"\nformat = \"jsonl\"\n");
    scan(&dir).status(0).stdout_has("\"rule\":\"github-");
    dir.keysieve(["scan", "--fail-on", "low", "-f", "text"]).run().status(1).stdout_has("src/a:1:1: github-");
    dir.keysieve(["scan"]).env("KEYSIEVE_FAIL_ON", "low").run().status(1);
    // As a flag says it is by default, and it is given all the same.
    dir.keysieve(["scan", "--fail-on", "low,probable"]).run().status(1);
    dir.keysieve(["scan", "--no-config"]).run().status(1).stdout_has("src/a:1:1: github-");
    dir.keysieve(["scan"]).env("KEYSIEVE_NO_CONFIG", "1").run().status(1);
}

#[test]
fn what_is_shown_is_a_configuration_file_that_says_the_same() {
    let (dir, token) = (Dir::repository(), token(702));
    dir.write(FILE, format!("severity = \"low\"\n[[allow]]\nvalues = [\"{token}\"]\nreason = \"revoked\"\n"));
    let shown = dir.keysieve(["config", "show"]).run().status(0).never_prints(&token).stdout;
    dir.write("shown.toml", &shown);
    dir.keysieve(["config", "check", "shown.toml"]).run().status(0).stderr_is("keysieve: note: shown.toml is right\n");
    let again = dir.keysieve(["config", "show", "--no-config", "--config", "shown.toml"]).run().status(0);
    again.stdout_is(&shown);
}

#[test]
fn what_is_wrong_is_an_error_with_file_line_and_suggestion() {
    let (dir, token) = repository(703);
    let wrong = |text: &str, expected: &str| {
        dir.write(FILE, text);
        let file = dunce::canonicalize(dir.path()).expect("it is there").join(FILE);
        let line = format!("keysieve: error: {}:{expected}", file.display());
        for args in
            [&["scan"][..], &["staged"], &["history"], &["config", "check"], &["config", "show"], &["rules", "list"]]
        {
            dir.keysieve(args.iter().copied()).run().status(2).stdout_is("").stderr_has(&line).never_prints(&token);
        }
        dir.keysieve(["message", "-", "--no-known"]).stdin("x").run().status(2).stderr_has(&line);
    };
    wrong("\nfail_on = \"high\"\n", "2: unknown key `fail_on`; did you mean `fail-on`?\n");
    wrong("[rules]\noff = \"jwt\"\n", "2: `rules.off` is a list of strings, and not a string\n");
    wrong("[rules]\noff = [\"gihub-pat\"]\n", "2: no rule has the id or tag 'gihub-pat'; did you mean 'github-pat'?\n");
    wrong(
        "[rules]\noff = [\"known-secret\"]\n",
        "2: the configuration of a repository does not turn off `known-secret`",
    );
    wrong(&format!("[[allow]]\nvalues = \"{token}\"\n"), "2: `allow.values` is a list of strings, and not a string\n");
    wrong(&format!("[[allow]]\nvalues = [\"{token}\n"), "2: it is no TOML: ");
    wrong(&format!("[[allow]]\nregexes = [\"({token}\"]\n"), "2: `allow.regexes`: it is no regular expression");
    dir.keysieve(["scan", "--no-config"]).run().status(1);
    fs::remove_file(dir.join(FILE)).expect("it is there");
    fs::create_dir(dir.join(FILE)).expect("it can be made");
    scan(&dir).status(2).stderr_has("reading the configuration: it is no regular file");
    dir.keysieve(["scan", "--no-config", "--config", "nowhere.toml"])
        .run()
        .status(2)
        .stderr_has("--config nowhere.toml: there is no such file");
}

#[test]
fn a_check_tells_everything_that_is_wrong() {
    let dir = Dir::repository();
    dir.keysieve(["config", "check"]).run().status(0).stderr_has("there is no configuration file here");
    dir.write("a.toml", "fail-on = 1\nsevrity = \"low\"\n").write("b.toml", "fail-on = \"low\"\n");
    let outcome = dir.keysieve(["config", "check", "a.toml", "b.toml", "c.toml"]).run().status(2).stdout_is("");
    outcome.stderr_is(
        "keysieve: error: a.toml:1: `fail-on` is a string, and not a whole number\n\
         keysieve: error: a.toml:2: unknown key `sevrity`; did you mean `severity`?\n\
         keysieve: error: c.toml: there is no such file\n\
         keysieve: note: b.toml is right\n",
    );
}

#[test]
fn a_place_is_allowed_by_a_pattern_of_paths() {
    let (dir, _) = repository(705);
    for pattern in ["tests/", "/tests/**", "tests/a", "**/tests/*"] {
        dir.write(FILE, format!("[[allow]]\npaths = [\"{pattern}\"]\n"));
        only_src(&dir);
    }
    dir.write(FILE, "[[allow]]\npaths = [\"tests/\"]\nrules = [\"github\"]\n");
    only_src(&dir);
    dir.write(FILE, "[[allow]]\npaths = [\"tests/\"]\nrules = [\"jwt\"]\n");
    scan(&dir).status(1).stdout_has("tests/a:1:1");
    let below = Keysieve::new(&dir.join("tests"), ["scan"]);
    dir.write(FILE, "[[allow]]\npaths = [\"tests/\"]\n");
    below.run().status(0).stderr_has("1 suppressed");
}

#[test]
fn a_value_is_allowed_by_itself_or_by_an_expression() {
    let (dir, token) = repository(707);
    let other = self::token(708);
    dir.write(FILE, format!("[[allow]]\nvalues = [\"{other}\"]\nreason = \"revoked\"\n"));
    dir.write("copy", &other);
    let outcome = scan(&dir).status(1).stdout_has("src/a:1:1: github-").stderr_has("3 suppressed");
    outcome.never_prints("tests/a").never_prints("copy:");
    fs::remove_file(dir.join("copy")).expect("it is there");
    let start = &token[..12];
    dir.write(FILE, format!("[[allow]]\nregexes = [\"^{start}\"]\npaths = [\"src/\"]\n"));
    scan(&dir).status(1).stdout_has("tests/a:1:1: github-").never_prints("src/a:1");
    dir.write(FILE, format!("[[allow]]\nregexes = [\"^{start}\"]\npaths = [\"doc/\"]\n"));
    scan(&dir).status(1).stdout_has("src/a:1:1: github-");
}

/// A blob that is under several paths is one document of the history.
#[test]
fn a_blob_is_allowed_by_path_only_if_all_its_paths_are() {
    let (dir, token) = (Dir::repository(), token(709));
    dir.write("tests/key", &token).write(FILE, "[[allow]]\npaths = [\"tests/\"]\n").commit_all("first");
    let history = || dir.keysieve(["history"]).run();
    history().status(0).stderr_has("1 suppressed");
    dir.write("tests/more/key", &token).commit_all("another");
    history().status(0).stderr_has("1 suppressed");
    dir.write("src/key", &token).commit_all("elsewhere");
    history().status(1).stdout_has("key:1:1: github-");
}

#[test]
fn no_path_and_no_expression_hides_what_the_user_holds() {
    let (dir, mut maker) = (Dir::repository(), Maker::new(710));
    let held = maker.github_token();
    dir.write(".netrc", format!("machine example.com login me password {held}\n")).write(".gitignore", ".netrc\n");
    dir.write("tests/a", format!("x = {held}\n"));
    dir.write(FILE, "[[allow]]\npaths = [\"tests/\"]\n[[allow]]\nregexes = [\"..\"]\n");
    let found = || dir.keysieve(["scan", "--rule", "known-secret"]).run();
    found().status(1).stdout_has("tests/a:1:5: known-secret").never_prints(&held);
    dir.write(FILE, "[[allow]]\nregexes = [\"..\"]\nrules = [\"known-secret\"]\n");
    found().status(0).stderr_has("1 suppressed");
}

#[test]
fn rules_are_turned_off_and_on() {
    let (dir, _) = repository(712);
    let count = || dir.keysieve(["rules", "list"]).run().status(0).stdout.lines().count();
    let all = count();
    dir.write(OF_USER, "[rules]\noff = [\"github\"]\n");
    scan(&dir).status(0).stdout_is("");
    assert!(count() < all);
    dir.keysieve(["scan", "--rule", "github"]).run().status(1).stdout_has("src/a:1:1: github-");
    dir.write(FILE, "[rules]\non = [\"github\"]\n");
    scan(&dir).status(1).stdout_has("src/a:1:1: github-");
    assert_eq!(count(), all);
}

/// A rule of one's own, for `acme_` and 20 letters.
const ACME: &str = "[[rule]]\nid = \"acme-token\"\ndescription = \"Acme token\"\nseverity = \"high\"\nconfidence = \"medium\"\n\
                    anchors = [\"acme_\"]\nregex = '(?<secret>acme_[a-z]{20})'\n\
                    examples = [\"acme_<+>abcdefghijklmnopqrst\"]\ncounterexamples = [\"acme_1\"]\n";

#[test]
fn files_are_seen_from_the_file_that_names_them() {
    let dir = Dir::repository();
    let text = format!("acme_{}\n", "abcdefghijklmnopqrst");
    dir.write("sub/a", &text).write(FILE, "[rules]\nfiles = [\"rules/acme.toml\"]\n").write("rules/acme.toml", ACME);
    Keysieve::new(&dir.join("sub"), ["scan"]).run().status(1).stdout_has("a:1:1: acme-token (high, probable");
    dir.keysieve(["rules", "show", "acme-token"]).run().status(0).stdout_has("Acme token");
    dir.keysieve(["scan", "--no-config"]).run().status(0);
    dir.write(FILE, "").write("etc/c.toml", "[rules]\nfiles = [\"../rules/acme.toml\"]\n");
    dir.keysieve(["scan", "--config", "etc/c.toml"]).run().status(1).stdout_has("sub/a:1:1: acme-token");
    dir.write("rules/acme.toml", ACME.replace("severity", "sevrity"));
    dir.keysieve(["scan", "--config", "etc/c.toml"]).run().status(2).stderr_has("rules/acme.toml:4: ");
}

#[cfg(unix)]
#[test]
fn a_repository_names_no_file_outside_of_it() {
    let (dir, outside) = (Dir::repository(), Dir::new());
    outside.write("acme.toml", ACME).write("secret", "hunter2 hunter2\n").write("c.toml", "fail-on = \"never\"\n");
    let path = outside.join("acme.toml").display().to_string();
    let relative = format!("../{}/acme.toml", outside.path().file_name().unwrap().to_str().unwrap());
    for named in [&*path, &*relative, "link", "/etc/passwd"] {
        std::os::unix::fs::symlink(outside.join("secret"), dir.join("link")).ok();
        dir.write(FILE, format!("[rules]\nfiles = [\"{named}\"]\n"));
        let outcome =
            scan(&dir).status(2).stderr_has(format!("{FILE}:2: `rules.files`: reading the rules in {named}: "));
        outcome
            .stderr_has("names files of the repository, and no others")
            .never_prints("hunter2")
            .never_prints("root:");
    }
    fs::remove_file(dir.join(FILE)).expect("it is there");
    std::os::unix::fs::symlink(outside.join("c.toml"), dir.join(FILE)).expect("it can be made");
    scan(&dir).status(2).stderr_has("it is a link");
}

#[test]
fn severities_are_changed() {
    let (dir, _) = repository(714);
    dir.write(FILE, "[rules.severity]\ngithub-pat = \"info\"\n");
    scan(&dir).status(0).stdout_has("src/a:1:1: github-pat (info, certain");
    dir.write(FILE, "[rules]\nseverity = { github-pat = \"low\" }\n");
    scan(&dir).status(1).stdout_has("src/a:1:1: github-pat (low, certain");
}

#[test]
fn a_directory_has_settings_of_its_own() {
    let (dir, _) = repository(716);
    dir.write(
        FILE,
        "[[directory]]\npath = \"tests\"\nfail-on = \"never\"\nseverity = { github-pat = \"low\" }\n\n\
         [[directory]]\npath = \"src\"\noff = [\"github\"]\n",
    );
    let outcome = scan(&dir).status(0).stdout_has("tests/a:1:1: github-pat (low, certain").never_prints("src/a:1");
    outcome.stderr_has("1 suppressed");
    // What also stands elsewhere is judged like any other.
    dir.write("b", fs::read(dir.join("tests/a")).expect("it is there"));
    scan(&dir).status(1).never_prints("(low");
    fs::remove_file(dir.join("b")).expect("it is there");
    dir.write(
        FILE,
        "[[directory]]\npath = \"tests\"\nmin-confidence = \"high\"\n[[directory.allow]]\npaths = [\"a\"]\n",
    );
    only_src(&dir);
}

#[test]
fn limits_hold_and_are_told() {
    let dir = Dir::repository();
    dir.write(FILE, "[limits]\nmax-size = \"1K\"\n").write("big", "x".repeat(2000));
    scan(&dir).status(3).stdout_has("big: not read: its 2000 bytes are more than the limit of 1024");
    dir.keysieve(["scan", "--max-size", "1M"]).run().status(0);
}

/// Whoever is in another directory does not work in the repository.
#[test]
fn a_repository_that_one_is_not_in_does_not_count() {
    let dir = Dir::new();
    dir.git(["init", "--quiet", "there"]);
    dir.write("there/key", token(718)).write("there/.keysieve.toml", "[rules]\noff = [\"github\"]\n");
    let outcome = dir.keysieve(["scan", "there"]).run().status(1).stdout_has("key:1:1: github-");
    outcome.stderr_has(".keysieve.toml does not count: you are in another directory; --config ");
    dir.keysieve(["scan", "there", "--config", "there/.keysieve.toml"]).run().status(0);
    Keysieve::new(&dir.join("there"), ["scan", "key"]).run().status(0).stderr_has("complete");
}

#[test]
fn hooks_take_the_file_of_the_work_tree() {
    let (dir, _) = repository(719);
    dir.git(["add", "--all"]);
    dir.keysieve(["hook", "run", "pre-commit"]).run().status(1).stdout_has("src/a:1:1");
    dir.write(FILE, "[rules]\noff = [\"github\"]\n");
    dir.keysieve(["hook", "run", "pre-commit"]).run().status(0).stderr_is("");
    dir.keysieve(["staged"]).run().status(0);
    dir.keysieve(["message", "-", "--no-known"]).stdin(token(720)).run().status(0);
    let git_dir = dir.join(".git");
    let linked = Keysieve::new(dir.path(), ["staged"]).env("GIT_DIR", git_dir.to_str().expect("it is UTF-8"));
    linked.run().status(0);
}

#[test]
fn allow_file_and_baseline_may_be_called_otherwise() {
    let (dir, _) = repository(721);
    dir.write(FILE, "allow-file = \"ci/allowed\"\nbaseline = \"ci/known\"\n").write("ci/about", "");
    let json = dir.keysieve(["scan", "-f", "jsonl"]).run().status(1).stdout;
    let finding: serde_json::Value =
        serde_json::from_str(json.lines().next().expect("there is one")).expect("it is JSON");
    let print = finding["fingerprint"].as_str().expect("it has one");
    dir.keysieve(["allow", "add", print, "--reason", "a test"]).run().status(0);
    assert!(dir.read("ci/allowed").contains(print));
    scan(&dir).status(1).stderr_has("1 finding in 1 file, 1 suppressed");
    dir.keysieve(["baseline", "create"]).run().status(0);
    assert!(dir.join("ci/known").is_file() && !dir.join(".keysieve-baseline").exists());
    scan(&dir).status(0).stderr_has("2 suppressed");
    dir.write(FILE, "allow-file = \"../allowed\"\n");
    scan(&dir)
        .status(2)
        .stderr_has(".keysieve.toml:1: `allow-file`: the configuration of a repository names files of the repository");
}

#[test]
fn marks_of_other_tools_count_if_that_is_said() {
    let dir = Dir::repository();
    dir.write("a", format!("{} # gitleaks:allow\n", token(723)));
    scan(&dir).status(1);
    dir.write(FILE, "allow-markers = [\"gitleaks:allow\"]\n");
    scan(&dir).status(0).stderr_has("1 suppressed");
    dir.write(FILE, "allow-markers = [\"nolint\"]\n");
    scan(&dir).status(2).stderr_has(".keysieve.toml:1: `allow-markers`: ");
}

#[test]
fn nothing_is_allowed_if_that_is_said() {
    let (dir, _) = repository(724);
    dir.write(FILE, "[[allow]]\npaths = [\"tests/\"]\n[[directory]]\npath = \"src\"\noff = [\"github\"]\n");
    scan(&dir).status(0).stderr_has("2 suppressed");
    dir.keysieve(["scan", "--no-allow"]).run().status(1).stdout_has("tests/a:1:1").stdout_has("src/a:1:1");
    let shown = dir.keysieve(["scan", "--show-suppressed", "-f", "jsonl"]).run().status(0).stdout;
    assert!(shown.contains("\"kind\":\"path\"") && shown.contains("turned off in src"), "{shown}");
}
