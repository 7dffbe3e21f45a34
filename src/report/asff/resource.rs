//! The resources of a finding: the AWS account that a key belongs to, if the key tells, and the place where it stands.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::AsffTarget;
use crate::model::{Escaped, Finding, Occurrence, RunInfo, Text};
use crate::report::{place, shortened, shown};

/// The fact that names an account.
const ACCOUNT: &str = "aws-account";
/// Longest id of a resource, in characters.
const LONGEST_ID: usize = 512;
/// Longest value among the details: it keeps a finding below 240 KB.
const LONGEST_DETAIL: usize = 1024;
/// Details and accounts that are told; Security Hub takes 50 details and 32 resources.
const MOST: usize = 20;

/// The account comes first, since Security Hub shows the first one.
pub(super) fn resources(finding: &Finding, first: &Occurrence, target: &AsffTarget, info: &RunInfo) -> Vec<Value> {
    let accounts =
        finding.facts.iter().filter(|fact| fact.key == ACCOUNT).take(MOST).map(|fact| {
            resource("AwsAccount", &format!("AWS::::Account:{}", Escaped(&fact.value)), target, Vec::new())
        });
    let mut details: Vec<(String, String)> =
        finding.facts.iter().take(MOST).map(|fact| (fact.key.to_string(), Escaped(&fact.value).to_string())).collect();
    let others = shown(finding).skip(1).take(MOST).map(place::place_from_root);
    details.extend(others.enumerate().map(|(nth, place)| (format!("place-{}", nth + 2), place)));
    let id = format!("{}/{}", root(info), place::place_from_root(first));
    accounts.chain([resource("Other", &id, target, details)]).collect()
}

/// What was searched, for a finding that is about the whole of it.
pub(super) fn repository(info: &RunInfo, target: &AsffTarget) -> Value {
    resource("Other", &root(info), target, Vec::new())
}

fn root(info: &RunInfo) -> String {
    let repository = info.vcs.as_ref().and_then(|vcs| vcs.repository_uri.as_ref());
    Escaped(repository.map_or("keysieve", Text::as_str)).to_string()
}

fn resource(kind: &str, id: &str, target: &AsffTarget, details: Vec<(String, String)>) -> Value {
    let details = details.into_iter().filter(|(_, value)| !value.is_empty());
    let details: BTreeMap<String, String> =
        details.map(|(key, value)| (key, shortened(&value, LONGEST_DETAIL))).collect();
    let mut resource = json!({
        "Type": kind,
        "Id": shortened(id, LONGEST_ID),
        "Partition": target.partition,
        "Region": target.region,
    });
    if !details.is_empty() {
        resource["Details"] = json!({ "Other": details });
    }
    resource
}
