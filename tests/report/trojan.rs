//! Text that reads otherwise than it is (<https://trojansource.codes>), in every part of a finding: no format that people read
//! shows it as it is, not even where JSON, XML or HTML undo their own escapes.

use keysieve::{
    model::{Fact, Finding, Name, Origin, Summary, Text, Unread, UnreadReason},
    report::Format,
};
use serde_json::Value;

use super::{broken_off, findings, of_history, written};

/// It reads as `/* } { if admin */`.
const TROJAN: &str = "/*\u{202e} } \u{2066}if admin\u{2069} \u{2066} begin*/";

fn trojan() -> Finding {
    let text = || Text::own(TROJAN);
    let mut finding = of_history().swap_remove(1);
    finding.shown = text();
    finding.facts = vec![Fact { key: "aws-account".into(), value: TROJAN.to_owned() }];
    let introduction = finding.introduction.as_mut().expect("it is of a history");
    introduction.summary = text();
    introduction.refs = vec![text()];
    introduction.paths = vec![text()];
    let mut related = findings()[0].occurrences[0].related[0].clone();
    related.shown = text();
    for occurrence in &mut finding.occurrences {
        occurrence.origin = Origin::File(Name::new(TROJAN));
        occurrence.path = text();
        occurrence.related = vec![related.clone()];
        occurrence.location.as_mut().expect("it is in a file").snippet = text();
    }
    finding
}

fn unread() -> Summary {
    let reason = UnreadReason::Io(TROJAN.to_owned());
    let unread = vec![Unread { origin: Origin::File(Name::new(TROJAN)), reason, path: Text::own(TROJAN) }];
    Summary { unread, ..broken_off() }
}

/// The strings that a reader of JSON shows; a `file` of GitLab's is data to find the place by.
fn shown(value: &Value, strings: &mut Vec<String>) {
    match value {
        Value::String(text) => strings.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| shown(value, strings)),
        Value::Object(members) => {
            members.iter().filter(|(name, _)| *name != "file").for_each(|(_, value)| shown(value, strings));
        }
        _ => {}
    }
}

fn strings_of(json: &str) -> Vec<String> {
    let mut strings = Vec::new();
    shown(&serde_json::from_str(json).expect("it is JSON"), &mut strings);
    strings
}

/// The blocks of data of the page.
fn blocks(page: &str) -> impl Iterator<Item = &str> {
    let blocks = page.split("<script type=\"application/json\"").skip(1);
    blocks.map(|block| block.split_once('>').and_then(|(_, rest)| rest.split_once("</script>")).expect("it ends").0)
}

#[test]
fn trojan_source_is_visible_in_every_format_for_people() {
    let acts = |text: &&String| text.contains(['\u{202e}', '\u{2066}', '\u{2069}']);
    let report = |format| written(format, &[trojan()], unread());
    for format in Format::ALL {
        let texts: Vec<String> = match format {
            // Data, in which a text is what it is.
            Format::Jsonl | Format::Sarif | Format::GitleaksJson => continue,
            Format::Gitlab => strings_of(&report(format)),
            Format::Asff => report(format).lines().flat_map(strings_of).collect(),
            Format::Html => blocks(&report(format)).flat_map(strings_of).collect(),
            _ => vec![report(format)],
        };
        assert_eq!(texts.iter().find(acts), None, "{format}");
        let is_visible = |text: &String| text.contains("202e}") || text.contains("202e&#125;");
        assert!(texts.iter().any(is_visible), "{format}: {texts:#?}");
    }
}
