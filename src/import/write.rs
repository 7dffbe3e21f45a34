//! Rules and what is allowed, written as TOML.

use std::fmt::Write;

use super::allow::Allow;
use super::rule::{Rule, WITHIN};

/// A rule file.
pub(super) fn rule_file(rules: &[Rule]) -> String {
    let mut out = String::new();
    for rule in rules {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = write_rule(rule, &mut out);
    }
    out
}

fn write_rule(rule: &Rule, out: &mut String) -> std::fmt::Result {
    writeln!(out, "[[rule]]\nid = {}", string(rule.id()))?;
    writeln!(out, "description = {}", string(rule.description()))?;
    out.push_str("severity = \"high\"\nconfidence = \"medium\"\n");
    if !rule.tags().is_empty() {
        writeln!(out, "tags = {}", list(rule.tags()))?;
    }
    writeln!(out, "anchors = {}", list(&rule.anchors.literals))?;
    if rule.anchors.ignore_case {
        out.push_str("ignore-case = true\n");
    }
    writeln!(out, "regex = {}", string(&rule.shape.pattern))?;
    for (name, is_set) in [("long", rule.shape.long), ("multiline", rule.shape.multiline)] {
        if is_set {
            writeln!(out, "{name} = true")?;
        }
    }
    writeln!(out, "edges = {{ left = \"{}\", right = \"{}\" }}", rule.shape.left, rule.shape.right)?;
    if !rule.context.is_empty() {
        writeln!(out, "context = {{ words = {}, within = {WITHIN} }}", list(&rule.context))?;
    }
    if rule.entropy() > 0.0 {
        writeln!(out, "validators = [\"entropy>={}\"]", rule.entropy())?;
    }
    writeln!(out, "examples = {}", list(&rule.examples))
}

/// A piece of `.keysieve.toml`.
pub(super) fn configuration(off: &[String], allow: &[Allow]) -> String {
    let mut out = String::new();
    if !off.is_empty() {
        let _ = writeln!(out, "[rules]\noff = {}", list(off));
    }
    for entry in allow {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str("[[allow]]\n");
        for (key, texts) in
            [("paths", &entry.paths), ("values", &entry.values), ("regexes", &entry.regexes), ("rules", &entry.rules)]
        {
            if !texts.is_empty() {
                let _ = writeln!(out, "{key} = {}", list(texts));
            }
        }
        if !entry.reason.is_empty() {
            let _ = writeln!(out, "reason = {}", string(&entry.reason));
        }
    }
    out
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| string(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A string of TOML: literal, if that is possible and shorter to read.
fn string(text: &str) -> String {
    let is_plain = |character: char| !character.is_control() && character != '\'';
    if text.contains(['\\', '"']) && text.chars().all(is_plain) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
