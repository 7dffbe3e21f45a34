//! The sample for AWS: the rule takes the event of a finding, the state machine is whole, and what it compares keys by is
//! what keysieve writes. Nothing is called.
//!
//! Formats: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html>,
//! <https://states-language.net/spec.html>.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::Dir;
use crate::support::secrets::Maker;

fn sample(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("integrations/aws").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The finding of a key pair as JSON Lines, and the key's id.
fn finding() -> (Value, String) {
    let mut maker = Maker::new(620);
    let (id, secret) = (maker.aws_key_id(), maker.aws_secret_key());
    let dir = Dir::new();
    dir.write("credentials", format!("aws_access_key_id = {id}\naws_secret_access_key = {secret}\n"));
    let outcome = dir.keysieve(["scan", "--format", "jsonl"]).run().status(1);
    let line = outcome.stdout.lines().next().expect("there is a finding").to_owned();
    assert!(!line.contains(&id) && !line.contains(&secret), "{line}");
    (serde_json::from_str(&line).expect("a line is JSON"), id)
}

/// The event as `put-events.sh` has it made.
fn event(detail: &Value) -> Value {
    serde_json::json!({"source": "keysieve", "detail-type": "Credential Found", "detail": detail})
}

/// Whether an event fits a pattern of exact values.
fn fits(pattern: &Value, event: &Value) -> bool {
    match pattern {
        Value::Object(fields) => fields.iter().all(|(name, pattern)| fits(pattern, &event[name])),
        Value::Array(values) => values.contains(event),
        _ => panic!("no pattern: {pattern}"),
    }
}

#[test]
fn the_rule_takes_a_key_pair_and_nothing_less() {
    let (mut pair, _) = finding();
    let rule = sample("rule.json");
    assert!(fits(&rule, &event(&pair)), "{pair}");
    pair["confidence"] = "medium".into();
    assert!(!fits(&rule, &event(&pair)));
    let script = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/integrations/aws/put-events.sh")).unwrap();
    assert!(script.contains(r#"{Source: "keysieve", DetailType: "Credential Found", "#));
}

#[test]
fn the_state_machine_finds_the_key_by_its_fingerprint() {
    let (finding, id) = finding();
    let machine = sample("respond.asl.json").to_string();
    let before = machine.split("$base64decode('").nth(1).and_then(|rest| rest.split('\'').next()).expect("it decodes");
    let mut bytes = BASE64.decode(before.as_bytes()).expect("it is base64");
    bytes.extend(id.as_bytes());
    let hash = HEXLOWER.encode(&Sha256::digest(bytes));
    let related = finding["occurrences"][0]["related"].as_array().expect("a pair has two parts");
    let key = related.iter().find(|part| part["rule"] == "aws-access-key-id").expect("one part is the id");
    assert_eq!(key["fingerprint"], hash[..32]);
    let account = finding["facts"].as_array().unwrap().iter().find(|fact| fact["key"] == "aws-account");
    assert!(account.is_some(), "the finding names no account: {finding}");
}

#[test]
fn the_state_machine_is_whole() {
    let machine = sample("respond.asl.json");
    assert_eq!(machine["QueryLanguage"], "JSONata");
    check(&machine, "");
}

/// Every state can be reached, leads on or ends, and is of a known type; the same within a Map.
fn check(machine: &Value, place: &str) {
    let states = machine["States"].as_object().expect("a machine has states");
    let mut reached = BTreeSet::new();
    let mut open = vec![machine["StartAt"].as_str().expect("a machine starts somewhere")];
    while let Some(name) = open.pop() {
        let state = states.get(name).unwrap_or_else(|| panic!("{place}{name} does not exist"));
        if reached.insert(name) {
            check_state(state, &format!("{place}{name}"));
            open.extend(next(state));
        }
    }
    let all: BTreeSet<&str> = states.keys().map(String::as_str).collect();
    assert_eq!(reached, all, "{place}: states that nothing leads to");
}

/// The names of the states that may follow.
fn next(state: &Value) -> Vec<&str> {
    let of = |key: &str| state[key].as_array().into_iter().flatten().map(|choice| &choice["Next"]);
    let all = [&state["Next"], &state["Default"]].into_iter().chain(of("Choices")).chain(of("Catch"));
    all.filter_map(Value::as_str).collect()
}

fn check_state(state: &Value, place: &str) {
    let kind = state["Type"].as_str().unwrap_or_else(|| panic!("{place} has no type"));
    let leads_on = state["Next"].is_string() || state["End"] == true;
    match kind {
        "Pass" => assert!(leads_on, "{place} leads nowhere"),
        "Task" => {
            assert!(leads_on, "{place} leads nowhere");
            assert!(state["Resource"].as_str().is_some_and(|arn| arn.starts_with("arn:aws:states:::")), "{place}");
            assert!(state["Retry"].is_array(), "{place} gives up at once");
        }
        "Map" => {
            assert!(leads_on, "{place} leads nowhere");
            check(&state["ItemProcessor"], &format!("{place}/"));
        }
        "Choice" => {
            let choices = state["Choices"].as_array().expect("a choice has choices");
            assert!(
                choices.iter().all(|choice| choice["Next"].is_string() && choice["Condition"].is_string()),
                "{place}"
            );
            assert!(state["Default"].is_string(), "{place} fails if nothing fits");
        }
        "Succeed" => {}
        _ => panic!("{place}: {kind} is no type of a state"),
    }
    check_expressions(state, place);
}

/// An expression of `JSONata` stands alone in its string, with as many brackets opened as closed.
fn check_expressions(value: &Value, place: &str) {
    match value {
        Value::String(text) if text.contains("{%") || text.contains("%}") => {
            assert!(text.starts_with("{% ") && text.ends_with(" %}"), "{place}: {text}");
            let count = |bracket: char| text.matches(bracket).count();
            for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
                assert_eq!(count(open), count(close), "{place}: {text}");
            }
        }
        Value::Array(values) => values.iter().for_each(|value| check_expressions(value, place)),
        Value::Object(fields) => fields.values().for_each(|value| check_expressions(value, place)),
        _ => {}
    }
}
