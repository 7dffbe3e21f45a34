//! The text form of rules: the TOML schema, key by key, with the place of each value. patterns/README.md is its
//! documentation. Whether the values make sense is `check.rs`'s part; here they only have the right names and types.

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::error::Fault;
use super::nearest::did_you_mean;

/// A string and its place.
pub(super) type Text = Spanned<String>;
/// A list of strings, their places, and its own.
pub(super) type Texts = Option<Spanned<Vec<Text>>>;
/// A switch and its place.
pub(super) type Switch = Option<Spanned<bool>>;

/// A `[[rule]]` as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawRule {
    pub id: Text,
    pub description: Text,
    pub severity: Text,
    pub confidence: Text,
    pub tags: Texts,
    pub anchors: Texts,
    pub ignore_case: Switch,
    pub regex: Option<Text>,
    pub name: Option<Text>,
    pub value: Option<Text>,
    pub structure: Option<Text>,
    pub file: Option<Spanned<RawFile>>,
    pub long: Switch,
    pub multiline: Switch,
    pub edges: Option<Spanned<RawEdges>>,
    pub near: Option<Spanned<RawNear>>,
    pub pair: Option<Spanned<RawPair>>,
    pub context: Option<Spanned<RawContext>>,
    pub kinds: Texts,
    pub unescape: Texts,
    pub validators: Texts,
    pub wrapped: Switch,
    pub generic: Switch,
    pub allow: Option<Spanned<RawAllow>>,
    pub examples: Texts,
    pub counterexamples: Texts,
    pub remediation: Option<Text>,
    pub references: Texts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    pub names: Spanned<Vec<Text>>,
    pub except: Texts,
    pub magic: Texts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEdges {
    pub left: Option<Text>,
    pub right: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawNear {
    pub rules: Spanned<Vec<Text>>,
    pub within: Spanned<i64>,
    pub report_as: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPair {
    pub with: Spanned<Vec<Text>>,
    pub within: Spanned<i64>,
    pub severity: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawContext {
    pub words: Spanned<Vec<Text>>,
    pub within: Spanned<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAllow {
    pub values: Spanned<Vec<Text>>,
}

/// Every key of a rule file, by the table it stands in: what a misspelt key is compared with. The structs above say
/// the same to serde; a test holds the two together.
pub(super) const KEYS: &[(&str, &[&str])] = &[
    (
        "rule",
        &[
            "id",
            "description",
            "severity",
            "confidence",
            "tags",
            "anchors",
            "ignore-case",
            "regex",
            "name",
            "value",
            "structure",
            "file",
            "long",
            "multiline",
            "edges",
            "near",
            "pair",
            "context",
            "kinds",
            "unescape",
            "validators",
            "wrapped",
            "generic",
            "allow",
            "examples",
            "counterexamples",
            "remediation",
            "references",
        ],
    ),
    ("file", &["names", "except", "magic"]),
    ("edges", &["left", "right"]),
    ("near", &["rules", "within", "report-as"]),
    ("pair", &["with", "within", "severity"]),
    ("context", &["words", "within"]),
    ("allow", &["values"]),
];

/// Said of a `rule` that is none.
const NOT_A_RULE: &str = "a rule starts with [[rule]], in double brackets";

/// A rule file that is being read: where it is, and what has been found wrong with it.
pub(super) struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    /// Everything wrong so far.
    pub errors: Vec<Fault>,
}

impl<'a> Reader<'a> {
    /// A reader of the file `name` with the content `text`.
    pub(super) const fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, errors: Vec::new() }
    }

    /// Every rule whose keys and types are right, and the byte at which it starts.
    pub(super) fn read(&mut self) -> Vec<(usize, RawRule)> {
        match DeTable::parse(self.text) {
            Ok(table) => self.rules(table.into_inner()),
            Err(error) => {
                self.toml_error(None, 0, &error);
                Vec::new()
            }
        }
    }

    /// A byte of the file as a person finds it: `file:line`.
    pub(super) fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.name, self.line(offset))
    }

    /// Everything wrong, from top to bottom.
    pub(super) fn into_errors(mut self) -> Vec<Fault> {
        self.errors.sort_by_key(|error| error.line);
        self.errors
    }

    /// Notes that something is wrong at a byte of the file.
    pub(super) fn error(&mut self, rule: Option<&str>, offset: usize, reason: impl Into<String>) {
        let (file, line) = (self.name.to_owned(), Some(self.line(offset)));
        self.errors.push(Fault { file, line, rule: rule.map(str::to_owned), reason: reason.into() });
    }

    /// The line of a byte, from 1.
    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
    }

    fn rules(&mut self, table: DeTable<'a>) -> Vec<(usize, RawRule)> {
        let mut rules = Vec::new();
        let before = self.errors.len();
        for (key, value) in table {
            match (key.get_ref().as_ref(), value.into_inner()) {
                ("rule", DeValue::Array(items)) => rules.extend(items.into_iter().filter_map(|item| self.rule(item))),
                ("rule", _) => self.error(None, key.span().start, NOT_A_RULE),
                (other, _) => {
                    let known = did_you_mean(other, ["rule"]);
                    let reason =
                        format!("unknown key `{}`: a rule file holds nothing but [[rule]]{known}", shown(other));
                    self.error(None, key.span().start, reason);
                }
            }
        }
        if rules.is_empty() && self.errors.len() == before {
            self.error(None, 0, "the file has no rule: write one, beginning with [[rule]]");
        }
        rules
    }

    fn rule(&mut self, item: Spanned<DeValue<'a>>) -> Option<(usize, RawRule)> {
        let start = item.span().start;
        let id = item.get_ref().get("id").and_then(|id| id.get_ref().as_str()).map(shown);
        let Some(table) = item.get_ref().as_table() else {
            self.error(None, start, NOT_A_RULE);
            return None;
        };
        if self.refuse_unknown_keys(id.as_deref(), table) {
            return None;
        }
        match RawRule::deserialize(ValueDeserializer::from(item)) {
            Ok(rule) => Some((start, rule)),
            Err(error) => {
                self.toml_error(id.as_deref(), start, &error);
                None
            }
        }
    }

    /// Notes each unknown key of a rule and of its tables; whether there was one.
    fn refuse_unknown_keys(&mut self, id: Option<&str>, rule: &DeTable<'_>) -> bool {
        let before = self.errors.len();
        for &(table, known) in KEYS {
            let within =
                if table == "rule" { Some(rule) } else { rule.get(table).and_then(|value| value.get_ref().as_table()) };
            for key in within.into_iter().flat_map(DeTable::keys) {
                let name = key.get_ref().as_ref();
                if !known.contains(&name) {
                    let of = if table == "rule" { String::new() } else { format!(" in `{table}`") };
                    let hint = did_you_mean(name, known.iter().copied());
                    self.error(id, key.span().start, format!("unknown key `{}`{of}{hint}", shown(name)));
                }
            }
        }
        self.errors.len() > before
    }

    fn toml_error(&mut self, rule: Option<&str>, start: usize, error: &toml::de::Error) {
        let offset = error.span().map_or(start, |span| span.start);
        self.error(rule, offset, without_value(error.message()));
    }
}

/// An error's message without the text of a string that it quotes: an example, or a value to allow.
fn without_value(message: &str) -> String {
    match message.strip_prefix("invalid type: string \"").and_then(|rest| rest.rsplit_once("\", expected ")) {
        Some((_, expected)) => format!("invalid type: a string, expected {expected}"),
        None => message.replace('\n', " "),
    }
}

/// A word of the file as an error shows it: on one line, and not too long for it.
pub(crate) fn shown(word: &str) -> String {
    /// Longer words are cut, in characters.
    const LONGEST: usize = 60;
    let mut shown: String = word.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if word.chars().nth(LONGEST).is_some() {
        shown.push_str("...");
    }
    shown
}
