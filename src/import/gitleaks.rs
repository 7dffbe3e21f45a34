//! gitleaks' configuration (`.gitleaks.toml`, documented in <https://github.com/gitleaks/gitleaks#configuration>) and its
//! list of ignored findings (`.gitleaksignore`).

use toml::{Table, Value};

use super::allow::Allow;
use super::rule::{Rule, Source};
use super::{Imported, path, re2};
use crate::rules::RuleSet;

/// Carries over the configuration `text`.
///
/// # Errors
/// If it is no TOML.
pub fn gitleaks(text: &str) -> Result<Imported, String> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line =
            error.span().map_or(0, |span| text.as_bytes()[..span.start].iter().filter(|&&it| it == b'\n').count());
        format!("line {}: {}", line + 1, error.message().lines().next().unwrap_or_default())
    })?;
    let mut imported = Imported::default();
    let mut reader = Reader { imported: &mut imported, taken: RuleSet::builtin() };
    let mut ids = Vec::new();
    for (key, value) in &table {
        match (key.as_str(), value) {
            ("title" | "description" | "minVersion", _) => {}
            ("extend", Value::Table(extend)) => reader.extend(extend),
            ("rules", Value::Array(rules)) => rules.iter().for_each(|rule| reader.rule(rule, &mut ids)),
            ("allowlist", Value::Table(list)) => reader.allowlist("allowlist", list, &[]),
            ("allowlists", Value::Array(lists)) => {
                for list in lists.iter().filter_map(Value::as_table) {
                    reader.allowlist("allowlists", list, &strings(list, "targetRules"));
                }
            }
            _ => reader.imported.left_out(key, "this key is not known here"),
        }
    }
    Ok(imported)
}

struct Reader<'i> {
    imported: &'i mut Imported,
    taken: RuleSet,
}

impl Reader<'_> {
    fn extend(&mut self, extend: &Table) {
        if extend.get("useDefault").and_then(Value::as_bool) == Some(true) {
            self.imported.note("extend.useDefault", "keysieve's built-in rules take the place of gitleaks' own");
        }
        for key in ["path", "url"] {
            if let Some(from) = extend.get(key).and_then(Value::as_str) {
                let text = format!("import {from} by itself");
                self.imported.left_out(format!("extend.{key}"), text);
            }
        }
        for id in strings(extend, "disabledRules") {
            if self.taken.get(&id).is_some() {
                self.imported.off.push(id);
            } else {
                self.imported.left_out("extend.disabledRules", format!("no built-in rule is called {id}"));
            }
        }
    }

    fn rule(&mut self, rule: &Value, ids: &mut Vec<String>) {
        self.imported.rules_read += 1;
        let Some(table) = rule.as_table() else {
            return self.imported.left_out("rules", "a rule is no table");
        };
        let origin = text(table, "id").unwrap_or("a rule without an id").to_owned();
        let id = self.free_id(&origin, ids);
        match self.carried(table, &origin, &id) {
            Ok(rule) => {
                ids.push(id.clone());
                self.imported.add(rule);
                self.rule_allowlists(table, &origin, &id);
            }
            Err(reason) => self.imported.left_out(origin, reason),
        }
    }

    fn carried(&mut self, table: &Table, origin: &str, id: &str) -> Result<Rule, String> {
        const KNOWN: [&str; 13] = [
            "id",
            "description",
            "regex",
            "secretGroup",
            "entropy",
            "keywords",
            "path",
            "tags",
            "allowlist",
            "allowlists",
            "skipReport",
            "required",
            "tokenEfficiency",
        ];
        const ELSEWHERE: &str = "it looks in all files, and not only in those of its path";
        for key in table.keys().filter(|key| !KNOWN.contains(&key.as_str())) {
            self.imported.left_out(origin, format!("its key {key} is not known here"));
        }
        if table.contains_key("required") {
            return Err("it asks for findings of other rules beside it".to_owned());
        }
        let Some(regex) = text(table, "regex").filter(|regex| !regex.is_empty()) else {
            return Err("it has a path and no regex: what is to be found is a whole file".to_owned());
        };
        let hir = re2::parse(regex)?;
        let number = |key: &str| match table.get(key) {
            Some(Value::Float(number)) => *number,
            Some(Value::Integer(number)) => *number as f64,
            _ => 0.0,
        };
        let group = u32::try_from(number("secretGroup") as i64).map_err(|_| "its secretGroup is no group")?;
        let entropy = number("entropy");
        if !(0.0..=8.0).contains(&entropy) {
            return Err("its entropy is not from 0 to 8 bits a character".to_owned());
        }
        let description = text(table, "description").unwrap_or(origin).lines().next().unwrap_or(origin).trim();
        let description = if description.is_empty() { origin } else { description };
        let keywords = strings(table, "keywords").iter().map(|word| word.to_lowercase()).collect();
        let differences = if table.contains_key("path") { vec![ELSEWHERE] } else { Vec::new() };
        let tags = strings(table, "tags").iter().filter_map(|tag| kebab(tag)).collect();
        let source = Source {
            origin: origin.to_owned(),
            id: id.to_owned(),
            description: description.to_owned(),
            tags,
            group,
            keywords,
            entropy,
            differences,
            edges: None,
        };
        Rule::new(source, &hir)
    }

    /// The id, if it is one and not taken.
    fn free_id(&self, id: &str, ids: &[String]) -> String {
        let id = kebab(id).unwrap_or_else(|| "imported".to_owned());
        let is_free = |id: &String| self.taken.get(id).is_none() && !ids.contains(id);
        let others = (2..).map(|nth| format!("imported-{}-{nth}", id.get(..40).unwrap_or(&id).trim_end_matches('-')));
        let prefixed = format!("imported-{}", id.get(..50).unwrap_or(&id).trim_end_matches('-'));
        [id.clone(), prefixed].into_iter().chain(others).find(is_free).unwrap_or(id)
    }

    fn rule_allowlists(&mut self, table: &Table, origin: &str, id: &str) {
        let one = table.get("allowlist").into_iter();
        let many = table.get("allowlists").and_then(Value::as_array).into_iter().flatten();
        for list in one.chain(many).filter_map(Value::as_table) {
            self.allowlist(origin, list, &[id.to_owned()]);
        }
    }

    /// An allowlist becomes an entry for each of its parts; or one, if all have to hold.
    fn allowlist(&mut self, of: &str, list: &Table, rules: &[String]) {
        let before = self.imported.notes.len();
        let paths = self.paths(of, list);
        let regexes = self.regexes(of, list);
        let stopwords = stopwords(&strings(list, "stopwords"));
        for commit in strings(list, "commits").iter().take(1) {
            self.imported.left_out(of, format!("commits are not allowed as a whole: {commit} and others of the list"));
        }
        let reason =
            text(list, "description").unwrap_or("carried over from gitleaks").lines().next().unwrap_or_default();
        let entry = |paths: Vec<String>, regexes: Vec<String>| Allow {
            paths,
            regexes,
            rules: rules.to_vec(),
            reason: reason.to_owned(),
            ..Allow::default()
        };
        let asks_all = text(list, "condition").is_some_and(|word| matches!(word, "AND" | "and" | "&&"));
        let entries = if asks_all {
            let left_out = self.imported.notes[before..].iter().any(|note| note.is_left_out);
            if left_out || !(regexes.is_empty() || stopwords.is_empty()) {
                return self
                    .imported
                    .left_out(of, "an allowlist asks for several things at once that cannot be said together");
            }
            vec![entry(paths, [regexes, stopwords].concat())]
        } else {
            vec![entry(paths, Vec::new()), entry(Vec::new(), [regexes, stopwords].concat())]
        };
        self.imported.allow.extend(entries.into_iter().filter(|entry| !entry.is_empty()));
    }

    fn paths(&mut self, of: &str, list: &Table) -> Vec<String> {
        let mut patterns = Vec::new();
        for expression in strings(list, "paths") {
            match path::patterns(&expression) {
                Ok(more) => patterns.extend(more),
                Err(reason) => self.imported.left_out(of, format!("the path {expression}: {reason}")),
            }
        }
        patterns
    }

    fn regexes(&mut self, of: &str, list: &Table) -> Vec<String> {
        let target = text(list, "regexTarget").unwrap_or("secret");
        let mut regexes = Vec::new();
        for expression in strings(list, "regexes") {
            if !matches!(target, "secret" | "") {
                let text = format!("an allowed expression is for the whole {target}: here it is for the secret alone");
                self.imported.left_out(of, text);
                continue;
            }
            match re2::parse(&expression) {
                Ok(hir) if hir.properties().minimum_len() == Some(0) && hir.properties().look_set().is_empty() => {
                    self.imported.left_out(of, "an allowed expression fits everything");
                }
                Ok(hir) => regexes.push(hir.to_string().replace("(?-u:", "(?:")),
                Err(reason) => self.imported.left_out(of, format!("an allowed expression: {reason}")),
            }
        }
        regexes
    }
}

/// Words in a secret that make it none, in any case: a few long expressions.
fn stopwords(words: &[String]) -> Vec<String> {
    const AT_ONCE: usize = 100;
    let escaped: Vec<String> =
        words.iter().filter(|it| !it.is_empty()).map(|word| regex_syntax::escape(word)).collect();
    escaped.chunks(AT_ONCE).map(|words| format!("(?i)(?:{})", words.join("|"))).collect()
}

/// The word in kebab case, as ids and tags are; none if nothing is left of it.
fn kebab(word: &str) -> Option<String> {
    let plain = |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' };
    let text: String = word.chars().take(64).map(plain).collect();
    let words: Vec<&str> = text.split('-').filter(|word| !word.is_empty()).collect();
    let text = words.join("-");
    text.starts_with(|first: char| first.is_ascii_lowercase()).then_some(text)
}

fn text<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key).and_then(Value::as_str)
}

fn strings(table: &Table, key: &str) -> Vec<String> {
    let list = table.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A line of `.gitleaksignore`: a finding that is ignored, by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The commit, unless it is any.
    pub commit: Option<String>,
    /// The file, with `/` between its names.
    pub path: String,
    /// The rule, by gitleaks' id.
    pub rule: String,
    /// The line, from 1.
    pub line: usize,
}

/// The entries of a `.gitleaksignore`, and of lines that are none their number.
pub fn gitleaksignore(text: &str) -> (Vec<Ignored>, Vec<usize>) {
    let (mut entries, mut others) = (Vec::new(), Vec::new());
    for (nth, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match ignored(line) {
            Some(entry) => entries.push(entry),
            None => others.push(nth + 1),
        }
    }
    (entries, others)
}

/// `[commit:]file:rule:line`
fn ignored(line: &str) -> Option<Ignored> {
    let (rest, number) = line.rsplit_once(':')?;
    let (rest, rule) = rest.rsplit_once(':')?;
    let is_commit = |text: &str| text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (commit, path) = match rest.split_once(':') {
        Some((commit, path)) if is_commit(commit) => (Some(commit.to_owned()), path),
        _ => (None, rest),
    };
    let line = number.parse().ok().filter(|&line| line > 0)?;
    let is_whole = !path.is_empty() && !rule.is_empty();
    is_whole.then(|| Ignored { commit, path: path.to_owned(), rule: rule.to_owned(), line })
}
