//! The script of the GitHub action, run by bash as a runner would: for a full clone, a shallow one, and a change from a
//! fork.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::secrets::Maker;
use crate::support::{Dir, GIT_ENVIRONMENT, Outcome, program};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A repository with a branch of three commits, of which the second adds a key and the third takes it away.
struct Change {
    origin: Dir,
    base: String,
    head: String,
}

impl Change {
    fn new() -> Self {
        let origin = Dir::repository();
        // As GitHub lets anyone fetch a commit by its id.
        origin.git(["config", "uploadpack.allowAnySHA1InWant", "true"]);
        for number in 0..5 {
            origin.write("a", format!("{number}")).commit_all("before");
        }
        let base = origin.git(["rev-parse", "HEAD"]).trim().to_owned();
        origin.git(["checkout", "--quiet", "-b", "topic"]);
        origin.write("b", "").commit_all("first");
        origin.write("leak", Maker::new(610).github_token()).commit_all("second");
        origin.write("leak", "").commit_all("third");
        let head = origin.git(["rev-parse", "HEAD"]).trim().to_owned();
        // What main has by now does not belong to the change.
        origin.git(["checkout", "--quiet", "main"]);
        origin.write("c", Maker::new(611).github_token()).commit_all("elsewhere");
        Self { origin, base, head }
    }

    /// A clone at the head of the change, of this depth.
    fn checkout(&self, depth: Option<&str>) -> Dir {
        let clone = Dir::new();
        let url = format!("file://{}", self.origin.path().display());
        let depth: Vec<String> = depth.map(|depth| format!("--depth={depth}")).into_iter().collect();
        let args = ["clone", "--quiet", "--branch=topic"].into_iter().chain(depth.iter().map(String::as_str));
        clone.git(args.chain([url.as_str(), "work"]));
        clone
    }

    /// The event of a pull request, as GitHub tells it.
    fn pull_request(&self) -> String {
        let Self { base, head, .. } = self;
        format!(r#"{{"pull_request": {{"base": {{"sha": "{base}"}}, "head": {{"sha": "{head}"}}, "commits": 3}}}}"#)
    }
}

/// A run of the action's script in `clone`.
struct Action<'a> {
    clone: &'a Dir,
    variables: Vec<(&'static str, String)>,
}

impl<'a> Action<'a> {
    /// For this event, by the variables that action.yml makes of it.
    fn new(clone: &'a Dir, name: &str, event: &str) -> Self {
        let value: serde_json::Value = serde_json::from_str(event).expect("an event is JSON");
        let told = |pointers: &[&str]| {
            let texts = pointers.iter().filter_map(|pointer| value.pointer(pointer));
            texts
                .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                .next()
                .unwrap_or_default()
        };
        clone.write("event.json", event).write("output", "").write("summary.md", "");
        let path = |name: &str| clone.join(name).to_str().expect("the path is UTF-8").to_owned();
        let variables = vec![
            ("GITHUB_EVENT_NAME", name.to_owned()),
            ("GITHUB_EVENT_PATH", path("event.json")),
            ("GITHUB_OUTPUT", path("output")),
            ("GITHUB_STEP_SUMMARY", path("summary.md")),
            ("ACTION_MODE", "auto".to_owned()),
            ("ACTION_SARIF", path("keysieve.sarif")),
            ("ACTION_BASE", told(&["/pull_request/base/sha", "/merge_group/base_sha", "/before"])),
            ("ACTION_HEAD", told(&["/pull_request/head/sha", "/merge_group/head_sha", "/after"])),
            ("ACTION_COMMITS", told(&["/pull_request/commits"])),
            ("ACTION_DEFAULT", told(&["/repository/default_branch"])),
        ];
        Self { clone, variables }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.to_owned()));
        self
    }

    #[expect(clippy::disallowed_methods, reason = "what is tested is a script")]
    fn run(self) -> Outcome {
        let mut bash = Command::new("bash");
        bash.arg(Path::new(ROOT).join("integrations/github/action.sh")).current_dir(self.clone.join("work"));
        bash.env_clear().env("HOME", self.clone.path()).env("KEYSIEVE_PROGRAM", program());
        bash.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        bash.envs(GIT_ENVIRONMENT.iter().copied()).envs(self.variables);
        Outcome::new("action.sh".to_owned(), &bash.output().expect("bash can be started"))
    }
}

#[test]
fn a_pull_request_is_looked_at_commit_by_commit() {
    let change = Change::new();
    let clone = change.checkout(None);
    let outcome = Action::new(&clone, "pull_request", &change.pull_request()).run().status(1);
    outcome.stdout_has(" at leak:1:1, since commit ").stderr_has("| complete");
    let outputs = format!("exit-code=1\nfindings=1\nsarif-file={}\n", clone.join("keysieve.sarif").display());
    assert_eq!(clone.read("output"), outputs);
    assert!(
        clone.read("summary.md").contains("| critical | GitHub personal access token"),
        "{}",
        clone.read("summary.md")
    );
    assert!(clone.read("keysieve.sarif").contains("keysieve/diff/"));
}

#[test]
fn a_shallow_clone_gets_the_commits_that_it_lacks() {
    let change = Change::new();
    for (depth, commits) in [("1", "3"), ("1", ""), ("2", "1")] {
        let clone = change.checkout(Some(depth));
        let action = Action::new(&clone, "pull_request", &change.pull_request()).with("ACTION_COMMITS", commits);
        action.run().status(1).stdout_has(" at leak:1:1, since commit ").stderr_has("| complete");
    }
}

/// The origin is gone, as if the job had no credentials: the change is not called clean.
#[test]
fn what_cannot_be_fetched_is_told() {
    let change = Change::new();
    let clone = change.checkout(Some("1"));
    let event = change.pull_request();
    drop(change);
    let outcome = Action::new(&clone, "pull_request", &event).run().status(3);
    outcome.stdout_has("::warning title=keysieve::the clone is shallow").stderr_has("INCOMPLETE");
    assert!(clone.read("output").starts_with("exit-code=3\n"));
}

#[test]
fn a_push_of_a_new_branch_is_compared_with_the_default_branch() {
    let change = Change::new();
    let event = format!(
        r#"{{"ref": "refs/heads/topic", "before": "{}", "after": "{}", "repository": {{"default_branch": "main"}}}}"#,
        "0".repeat(40),
        change.head
    );
    for depth in [None, Some("1")] {
        let clone = change.checkout(depth);
        Action::new(&clone, "push", &event)
            .run()
            .status(1)
            .stdout_has(" at leak:1:1, since commit ")
            .stderr_has("| complete");
        assert!(clone.read("output").contains("findings=1\n"), "{}", clone.read("output"));
    }
}

#[test]
fn a_change_from_a_fork_is_told_by_annotations() {
    let change = Change::new();
    let clone = change.checkout(Some("1"));
    let action = Action::new(&clone, "pull_request", &change.pull_request()).with("ACTION_FORK", "true");
    action
        .run()
        .status(1)
        .stdout_has(" at leak:1:1, since commit ")
        .stdout_has("::notice title=keysieve::the change comes from a fork");
}

#[test]
fn a_schedule_looks_at_the_whole_history() {
    let change = Change::new();
    for depth in [None, Some("1")] {
        let clone = change.checkout(depth);
        Action::new(&clone, "schedule", "{}").run().status(1).stderr_has("| complete");
        assert!(clone.read("output").starts_with("exit-code=1\nfindings=2\n"), "{}", clone.read("output"));
    }
}

/// What the base allows may stay allowed, so the base has to be there.
#[test]
fn a_scan_of_a_shallow_pull_request_gets_its_base() {
    let mut change = Change::new();
    let allowed = |seed: u64| format!("{} # keysieve:allow\n", Maker::new(seed).github_token());
    change.origin.git(["checkout", "--quiet", "-B", "topic", "main"]);
    change.origin.write("c", allowed(612)).commit_all("allowed");
    change.base = change.origin.git(["rev-parse", "HEAD"]).trim().to_owned();
    change.origin.write("d", allowed(613)).commit_all("an allowed key");
    change.head = change.origin.git(["rev-parse", "HEAD"]).trim().to_owned();
    let clone = change.checkout(Some("1"));
    let action = Action::new(&clone, "pull_request", &change.pull_request()).with("ACTION_MODE", "scan");
    let outcome = action.with("GITHUB_BASE_REF", "main").run().status(1).stdout_has("file=d,").never_prints("file=c,");
    outcome.stdout_has("keysieve-suppression-added").stderr_has("2 findings in 1 file, 1 suppressed");
}

#[test]
fn a_mode_that_is_none_is_an_error() {
    let change = Change::new();
    let clone = change.checkout(None);
    let action = Action::new(&clone, "schedule", "{}").with("ACTION_MODE", "all; true");
    action.run().status(2).stdout_is("::error title=keysieve::the input mode is none of auto, diff, scan, history\n");
}

/// What is more than GitHub takes at once is in further files. One that the change brings along is no part of the log.
#[test]
fn further_files_of_the_log_are_uploaded_too() {
    let change = Change::new();
    let clone = change.checkout(None);
    let writes = "for file in log.sarif log.2.sarif log.3.sarif log.4.sarif; do sleep 0.05; echo {} >\"$file\"; done";
    let program = clone.join("writes");
    clone.script("writes", writes);
    for sarif in ["log.sarif", "./log.sarif"] {
        let action = Action::new(&clone, "schedule", "{}").with("ACTION_SARIF", sarif);
        let outcome = action.with("KEYSIEVE_PROGRAM", program.to_str().expect("it is UTF-8")).run().status(0);
        outcome.stdout_has("::warning title=keysieve::there are more findings than three uploads can hold");
        let told = |number: &str| {
            format!("sarif-file{number}={}\n", sarif.replace(".sarif", &format!("{}.sarif", number.replace('-', "."))))
        };
        let outputs = clone.read("output");
        assert!(outputs.ends_with(&[told(""), told("-2"), told("-3")].concat()), "{outputs}");
    }
    // Those that are there now are none of the next run's.
    let action = Action::new(&clone, "schedule", "{}").with("ACTION_SARIF", "log.sarif");
    action.run().status(1);
    assert!(clone.read("output").ends_with("sarif-file=log.sarif\n"), "{}", clone.read("output"));
}

/// An expression in a command is how names of branches become commands.
#[test]
fn no_command_of_the_action_holds_an_expression() {
    let path: PathBuf = Path::new(ROOT).join("action.yml");
    let text = fs::read_to_string(&path).expect("action.yml is there");
    let commands: Vec<&str> =
        text.lines().filter(|line| line.trim_start().trim_start_matches("- ").starts_with("run:")).collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    assert!(commands.iter().all(|command| !command.contains("${{") && !command.ends_with('|')), "{commands:?}");
    for variable in
        ["ACTION_BASE", "ACTION_HEAD", "ACTION_COMMITS", "ACTION_DEFAULT", "ACTION_FORK", "ACTION_MODE", "ACTION_SARIF"]
    {
        assert!(text.contains(&format!("        {variable}: ${{{{ ")), "action.yml does not set {variable}");
    }
}
