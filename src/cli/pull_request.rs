//! Base and head of a pull request, or of a push, by the variables that CI systems set. Each system has a function that
//! knows its variables; the first that finds its own decides. What the revisions are is the repository's to know.

use std::env;
use std::fs;

use anyhow::{Context, Result, bail};
use keysieve::git::Repository;
use serde_json::Value;

/// Between what and what a change is, as names of revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PullRequest {
    /// None if there is nothing that it can be compared with: all is new.
    pub(crate) base: Option<String>,
    /// None if there is nothing new: a branch was deleted.
    pub(crate) head: Option<String>,
}

/// What is looked for, for whom nothing is found.
const LOOKED_FOR: &str = "GITHUB_EVENT_PATH, GITHUB_BASE_REF (GitHub Actions); CI_MERGE_REQUEST_DIFF_BASE_SHA, \
     CI_COMMIT_BEFORE_SHA (GitLab); SYSTEM_PULLREQUEST_TARGETBRANCH (Azure Pipelines); BITBUCKET_PR_DESTINATION_COMMIT, \
     BITBUCKET_PR_DESTINATION_BRANCH (Bitbucket); CIRCLE_BASE_REVISION (CircleCI); CHANGE_TARGET, \
     GIT_PREVIOUS_SUCCESSFUL_COMMIT (Jenkins)";

/// Variables of which one is set where a pull request is looked at, and nowhere else.
const OF_REQUESTS: [&str; 10] = [
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_IID",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA",
    "SYSTEM_PULLREQUEST_PULLREQUESTID",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "BITBUCKET_PR_ID",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "CIRCLE_PULL_REQUEST",
    "CHANGE_ID",
    "CHANGE_TARGET",
];

/// Whether a CI system says that it looks at a pull request: what is on disk is then the work of whoever made that.
pub(crate) fn is_looked_at() -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.to_string_lossy().trim().is_empty());
    let by_event = env::var("GITHUB_EVENT_NAME").is_ok_and(|event| event.starts_with("pull_request"));
    by_event || OF_REQUESTS.into_iter().any(is_set)
}

/// What the CI system says that runs this.
///
/// # Errors
/// If none says anything, or what it says cannot be understood.
pub(crate) fn of_environment(repository: &Repository) -> Result<PullRequest> {
    let variable = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
    let id_of = |name: &str| repository.id_of(name);
    let ci = Ci { variable: &variable, id_of: &id_of };
    for system in [Ci::github, Ci::gitlab, Ci::azure, Ci::bitbucket, Ci::circle, Ci::jenkins] {
        if let Some(found) = system(&ci)? {
            return Ok(found);
        }
    }
    bail!("--pr: no variable of a CI system tells what is to be compared; looked for {LOOKED_FOR}")
}

/// What is asked of a CI system and of the repository.
struct Ci<'a> {
    /// The value of a variable that is set and not empty.
    variable: &'a dyn Fn(&str) -> Option<String>,
    /// The id of a revision that is there.
    id_of: &'a dyn Fn(&str) -> Option<String>,
}

impl Ci<'_> {
    fn github(&self) -> Result<Option<PullRequest>> {
        let Some(path) = self.get("GITHUB_EVENT_PATH") else {
            let Some(branch) = self.get("GITHUB_BASE_REF") else { return Ok(None) };
            return self.to_branch(&branch, &["GITHUB_SHA"]).map(Some);
        };
        let event = fs::read(&path).with_context(|| format!("reading GITHUB_EVENT_PATH, {path}"))?;
        let event: Value =
            serde_json::from_slice(&event).with_context(|| format!("understanding GITHUB_EVENT_PATH, {path}"))?;
        self.github_event(&event).map(Some)
    }

    fn github_event(&self, event: &Value) -> Result<PullRequest> {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        if let (Some(base), Some(head)) = (text("/pull_request/base/sha"), text("/pull_request/head/sha")) {
            // Of a pull request often only the commit that merges it is fetched.
            let head = Some(head).filter(|head| (self.id_of)(head).is_some()).or_else(|| self.get("GITHUB_SHA"));
            let head = head.or_else(|| text("/pull_request/head/sha"));
            return Ok(PullRequest { base: Some(base), head });
        }
        if let (Some(base), Some(head)) = (text("/merge_group/base_sha"), text("/merge_group/head_sha")) {
            return Ok(PullRequest { base: Some(base), head: Some(head) });
        }
        let (Some(before), Some(after)) = (text("/before"), text("/after")) else {
            bail!("--pr: the event in GITHUB_EVENT_PATH is no pull request, merge group or push")
        };
        let branch = text("/ref").and_then(|name| name.strip_prefix("refs/heads/").map(str::to_owned));
        let default = text("/repository/default_branch");
        Ok(self.pushed(&before, &after, branch.as_deref(), default.as_deref()))
    }

    fn gitlab(&self) -> Result<Option<PullRequest>> {
        let head = self.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA").or_else(|| self.get("CI_COMMIT_SHA"));
        if let Some(base) = self.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") {
            return Ok(Some(PullRequest { base: Some(base), head: Some(head.unwrap_or_else(|| "HEAD".to_owned())) }));
        }
        let (Some(before), Some(after)) = (self.get("CI_COMMIT_BEFORE_SHA"), self.get("CI_COMMIT_SHA")) else {
            return Ok(None);
        };
        let (branch, default) = (self.get("CI_COMMIT_BRANCH"), self.get("CI_DEFAULT_BRANCH"));
        Ok(Some(self.pushed(&before, &after, branch.as_deref(), default.as_deref())))
    }

    fn azure(&self) -> Result<Option<PullRequest>> {
        let Some(branch) = self.get("SYSTEM_PULLREQUEST_TARGETBRANCH") else { return Ok(None) };
        self.to_branch(&branch, &["SYSTEM_PULLREQUEST_SOURCECOMMITID", "BUILD_SOURCEVERSION"]).map(Some)
    }

    fn bitbucket(&self) -> Result<Option<PullRequest>> {
        if let Some(base) = self.get("BITBUCKET_PR_DESTINATION_COMMIT") {
            let head = self.head(&["BITBUCKET_COMMIT"]);
            return Ok(Some(PullRequest { base: Some(base), head: Some(head) }));
        }
        let Some(branch) = self.get("BITBUCKET_PR_DESTINATION_BRANCH") else { return Ok(None) };
        self.to_branch(&branch, &["BITBUCKET_COMMIT"]).map(Some)
    }

    /// The base is a value of the pipeline, which its configuration has to make a variable.
    fn circle(&self) -> Result<Option<PullRequest>> {
        let Some(base) = self.get("CIRCLE_BASE_REVISION") else { return Ok(None) };
        let (branch, head) = (self.get("CIRCLE_BRANCH"), self.head(&["CIRCLE_SHA1"]));
        Ok(Some(self.pushed(&base, &head, branch.as_deref(), Some("HEAD"))))
    }

    fn jenkins(&self) -> Result<Option<PullRequest>> {
        if let Some(branch) = self.get("CHANGE_TARGET") {
            return self.to_branch(&branch, &["GIT_COMMIT"]).map(Some);
        }
        let Some(base) = self.get("GIT_PREVIOUS_SUCCESSFUL_COMMIT") else { return Ok(None) };
        Ok(Some(PullRequest { base: Some(base), head: Some(self.head(&["GIT_COMMIT"])) }))
    }

    /// A push to a branch. Of a new one the base is the default branch, unless it is that one itself.
    fn pushed(&self, before: &str, after: &str, branch: Option<&str>, default: Option<&str>) -> PullRequest {
        let given = |id: &str| (!is_none(id)).then(|| id.to_owned());
        let (before, head) = (given(before), given(after));
        if before.is_some() {
            return PullRequest { base: before, head };
        }
        let base = default.filter(|default| branch != Some(*default)).map(tracked);
        // A base that is the head itself would say that nothing is new.
        let is_base = |base: &String| match (self.id_of)(base) {
            Some(id) => head.as_ref().is_none_or(|head| (self.id_of)(head).as_ref() != Some(&id)),
            None => false,
        };
        PullRequest { base: base.filter(is_base), head }
    }

    /// A request to merge into a branch, which has to be here.
    fn to_branch(&self, branch: &str, heads: &[&str]) -> Result<PullRequest> {
        let base = tracked(branch);
        if (self.id_of)(&base).is_none() {
            bail!("--pr: the branch that the change is for is not here, as {base}: fetch it before");
        }
        Ok(PullRequest { base: Some(base), head: Some(self.head(heads)) })
    }

    /// The first of these variables whose revision is there.
    fn head(&self, variables: &[&str]) -> String {
        let mut named = variables.iter().filter_map(|name| self.get(name));
        named.find(|head| (self.id_of)(head).is_some()).unwrap_or_else(|| "HEAD".to_owned())
    }

    fn get(&self, name: &str) -> Option<String> {
        (self.variable)(name)
    }
}

/// Where a branch of the remote is: a CI system has no local ones but the one that it builds.
fn tracked(branch: &str) -> String {
    format!("refs/remotes/origin/{}", branch.strip_prefix("refs/heads/").unwrap_or(branch))
}

/// An id of zeros stands for no commit.
fn is_none(id: &str) -> bool {
    id.bytes().all(|digit| digit == b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZEROS: &str = "0000000000000000000000000000000000000000";

    type System = fn(&Ci<'_>) -> Result<Option<PullRequest>>;

    const GITLAB: System = |ci| ci.gitlab();
    const JENKINS: System = |ci| ci.jenkins();

    /// A system, its variables, and the base that they tell.
    type Case = (System, &'static [(&'static str, &'static str)], &'static str);

    fn told(system: System, variables: &[(&str, &str)], there: &[&str]) -> Result<Option<PullRequest>> {
        let variable = |asked: &str| {
            let found = variables.iter().find(|(name, _)| *name == asked);
            found.map(|(_, value)| (*value).to_owned())
        };
        let id_of = |name: &str| there.contains(&name).then(|| name.to_owned());
        system(&Ci { variable: &variable, id_of: &id_of })
    }

    fn request(base: Option<&str>, head: Option<&str>) -> PullRequest {
        PullRequest { base: base.map(str::to_owned), head: head.map(str::to_owned) }
    }

    #[test]
    fn every_system_has_its_variables() {
        const MAIN: &str = "refs/remotes/origin/main";
        let cases: &[Case] = &[
            (|ci| ci.github(), &[("GITHUB_BASE_REF", "main"), ("GITHUB_SHA", "h")], MAIN),
            (|ci| ci.gitlab(), &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", "b"), ("CI_COMMIT_SHA", "h")], "b"),
            (
                |ci| ci.gitlab(),
                &[
                    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "b"),
                    ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "h"),
                    ("CI_COMMIT_SHA", "merged"),
                ],
                "b",
            ),
            (|ci| ci.gitlab(), &[("CI_COMMIT_BEFORE_SHA", "b"), ("CI_COMMIT_SHA", "h")], "b"),
            (
                |ci| ci.gitlab(),
                &[
                    ("CI_COMMIT_BEFORE_SHA", ZEROS),
                    ("CI_COMMIT_SHA", "h"),
                    ("CI_COMMIT_BRANCH", "side"),
                    ("CI_DEFAULT_BRANCH", "main"),
                ],
                MAIN,
            ),
            (
                |ci| ci.azure(),
                &[("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"), ("BUILD_SOURCEVERSION", "h")],
                MAIN,
            ),
            (|ci| ci.bitbucket(), &[("BITBUCKET_PR_DESTINATION_COMMIT", "b"), ("BITBUCKET_COMMIT", "h")], "b"),
            (|ci| ci.bitbucket(), &[("BITBUCKET_PR_DESTINATION_BRANCH", "main"), ("BITBUCKET_COMMIT", "h")], MAIN),
            (|ci| ci.circle(), &[("CIRCLE_BASE_REVISION", "b"), ("CIRCLE_SHA1", "h")], "b"),
            (|ci| ci.jenkins(), &[("CHANGE_TARGET", "main"), ("GIT_COMMIT", "h")], MAIN),
            (|ci| ci.jenkins(), &[("GIT_PREVIOUS_SUCCESSFUL_COMMIT", "b"), ("GIT_COMMIT", "h")], "b"),
        ];
        for (system, variables, base) in cases {
            let found = told(*system, variables, &[MAIN, "h"]).unwrap();
            assert_eq!(found, Some(request(Some(base), Some("h"))), "{variables:?}");
            assert!(LOOKED_FOR.contains(variables[0].0), "{} is not named", variables[0].0);
            assert_eq!(told(*system, &[], &[MAIN, "h"]).unwrap(), None);
        }
    }

    #[test]
    fn a_branch_that_is_not_here_is_an_error() {
        let error = told(JENKINS, &[("CHANGE_TARGET", "main")], &[]).unwrap_err().to_string();
        assert!(error.contains("refs/remotes/origin/main"), "{error}");
    }

    #[test]
    fn without_a_base_all_is_new() {
        let gitlab = |branch: &str, there: &[&str]| {
            let variables = [
                ("CI_COMMIT_BEFORE_SHA", ZEROS),
                ("CI_COMMIT_SHA", "h"),
                ("CI_COMMIT_BRANCH", branch),
                ("CI_DEFAULT_BRANCH", "main"),
            ];
            told(GITLAB, &variables, there).unwrap()
        };
        assert_eq!(gitlab("main", &["h", "refs/remotes/origin/main"]), Some(request(None, Some("h"))));
        assert_eq!(gitlab("side", &["h"]), Some(request(None, Some("h"))));
    }

    #[test]
    fn events_of_github_are_understood() {
        let told = |event: &str, there: &[&str]| {
            let id_of = |name: &str| there.contains(&name).then(|| name.to_owned());
            let variable = |name: &str| (name == "GITHUB_SHA").then(|| "merge".to_owned());
            let ci = Ci { variable: &variable, id_of: &id_of };
            ci.github_event(&serde_json::from_str(event).unwrap())
        };
        let pull = r#"{"pull_request": {"base": {"sha": "b"}, "head": {"sha": "h"}}, "before": "x", "after": "y"}"#;
        assert_eq!(told(pull, &["h"]).unwrap(), request(Some("b"), Some("h")));
        assert_eq!(told(pull, &[]).unwrap(), request(Some("b"), Some("merge")));
        let group = r#"{"merge_group": {"base_sha": "b", "head_sha": "h"}}"#;
        assert_eq!(told(group, &[]).unwrap(), request(Some("b"), Some("h")));
        assert_eq!(told(r#"{"before": "b", "after": "h"}"#, &[]).unwrap(), request(Some("b"), Some("h")));
        let push = |before: &str, after: &str| {
            format!(
                r#"{{"ref": "refs/heads/side", "before": "{before}", "after": "{after}",
                     "repository": {{"default_branch": "main"}}}}"#
            )
        };
        let main = "refs/remotes/origin/main";
        assert_eq!(told(&push(ZEROS, "h"), &[main, "h"]).unwrap(), request(Some(main), Some("h")));
        assert_eq!(told(&push("b", ZEROS), &[]).unwrap(), request(Some("b"), None));
        assert!(told(r#"{"schedule": "0 0 * * *"}"#, &[]).is_err());
    }
}
