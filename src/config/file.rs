//! One configuration file: its keys and what they say, each with its line. Unknown keys and wrong types are errors. Where the
//! file was found, and whether it counts, is decided by `discover.rs` and by whoever runs keysieve.

use std::ops::Range;
use std::time::Duration;

use toml::de::DeTable;

use super::keys;
use super::reader::{Reader, Value};
use super::units;
use crate::engine::Marker;
use crate::model::{Confidence, Severity, Span};
use crate::report::Format;
use crate::rules::{Allowlist, Faults, ValuePattern};
use crate::triage::{Allowance, FailOn, Scope};

/// A value, and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct At<T> {
    /// What is written.
    pub value: T,
    /// The line, from 1.
    pub line: usize,
    /// Its bytes in the file.
    pub span: Span,
}

/// What a configuration file says; a key that is not in it is none, or an empty list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// Rules that are turned off: ids and tags.
    pub off: Vec<At<String>>,
    /// Rules that are turned on again.
    pub on: Vec<At<String>>,
    /// Files with rules, as they are named here.
    pub rule_files: Vec<At<String>>,
    /// Severities of rules.
    pub severities: Vec<At<RuleSeverity>>,
    /// What is allowed.
    pub allow: Vec<At<Allowance>>,
    /// What holds in some directories.
    pub directories: Vec<At<Directory>>,
    /// Files of more bytes are not read.
    pub max_size: Option<At<u64>>,
    /// Layers of encoding that are undone.
    pub decode: Option<At<u8>>,
    /// Threads; 0 for as many as there are processors.
    pub threads: Option<At<usize>>,
    /// When a run is ended.
    pub timeout: Option<At<Duration>>,
    /// The format of reports.
    pub format: Option<At<Format>>,
    /// What makes a run fail.
    pub fail_on: Option<At<FailOn>>,
    /// What is reported at least.
    pub min_confidence: Option<At<Confidence>>,
    /// What is reported at least.
    pub severity: Option<At<Severity>>,
    /// Whether a change fails that adds a suppression.
    pub strict_suppressions: Option<At<bool>>,
    /// The baseline, as it is named here.
    pub baseline: Option<At<String>>,
    /// The allow file, as it is named here.
    pub allow_file: Option<At<String>>,
    /// Marks of other tools that count like keysieve's own.
    pub allow_markers: Option<At<Vec<Marker>>>,
}

/// A severity of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSeverity {
    /// Its id.
    pub rule: String,
    /// How severe its findings are.
    pub severity: Severity,
}

/// What holds for findings all of whose places are in a directory.
#[derive(Clone, Debug, PartialEq)]
pub struct Directory {
    /// The directory, seen from the top.
    pub path: String,
    /// What is in it.
    pub scope: Scope,
    /// Rules that are turned off there: ids and tags.
    pub off: Vec<At<String>>,
    /// Severities of rules.
    pub severities: Vec<At<RuleSeverity>>,
    /// What makes a run fail.
    pub fail_on: Option<At<FailOn>>,
    /// What is reported at least.
    pub min_confidence: Option<At<Confidence>>,
    /// What is allowed.
    pub allow: Vec<At<Allowance>>,
}

impl File {
    /// Reads a file with the content `text`, which errors call `name`.
    ///
    /// # Errors
    /// If there is anything wrong with it: all of that.
    pub fn parse(name: &str, text: &str) -> Result<Self, Faults> {
        let mut reader = Reader::new(name, text);
        let mut file = Self::default();
        for (key, value) in reader.parse() {
            file.take(&mut reader, key.get_ref(), &key.span(), value);
        }
        reader.finish()?;
        Ok(file)
    }

    fn take(&mut self, reader: &mut Reader<'_>, key: &str, at: &Range<usize>, value: Value<'_>) {
        match key {
            "rules" => self.rules(reader, value),
            "limits" => self.limits(reader, value),
            "allow" => self.allow = allowances(reader, "allow", value, None),
            "directory" => self.directories = directories(reader, value),
            "format" => self.format = reader.parsed(key, value, |text| text.parse().map_err(told)),
            "fail-on" => self.fail_on = reader.parsed(key, value, str::parse),
            "min-confidence" => self.min_confidence = reader.parsed(key, value, confidence),
            "severity" => self.severity = reader.parsed(key, value, severity),
            "strict-suppressions" => self.strict_suppressions = reader.switch(key, value),
            "baseline" => self.baseline = reader.parsed(key, value, path),
            "allow-file" => self.allow_file = reader.parsed(key, value, path),
            "allow-markers" => {
                let span = value.span();
                let marks = plain(reader.each(key, value, |text| text.parse().map_err(told)));
                self.allow_markers = Some(reader.at(&span, marks));
            }
            _ => reader.unknown(key, at, "", keys::TOP),
        }
    }

    fn rules(&mut self, reader: &mut Reader<'_>, value: Value<'_>) {
        for (key, value) in reader.table("rules", value).unwrap_or_default() {
            match key.get_ref().as_ref() {
                "off" => self.off = reader.each("rules.off", value, word),
                "on" => self.on = reader.each("rules.on", value, word),
                "files" => self.rule_files = reader.each("rules.files", value, path),
                "severity" => self.severities = severities(reader, "rules.severity", value),
                other => reader.unknown(other, &key.span(), "[rules]", keys::RULES),
            }
        }
    }

    fn limits(&mut self, reader: &mut Reader<'_>, value: Value<'_>) {
        for (key, value) in reader.table("limits", value).unwrap_or_default() {
            match key.get_ref().as_ref() {
                "max-size" => self.max_size = reader.number("limits.max-size", value, Some(units::bytes)),
                "decode" => self.decode = narrowed(reader, "limits.decode", value),
                "threads" => self.threads = narrowed(reader, "limits.threads", value),
                "timeout" => {
                    let text = reader.decimal("limits.timeout", value);
                    self.timeout = text.and_then(|text| reader.understood("limits.timeout", &text, units::seconds));
                }
                other => reader.unknown(other, &key.span(), "[limits]", keys::LIMITS),
            }
        }
    }
}

fn narrowed<T: TryFrom<u64>>(reader: &mut Reader<'_>, key: &str, value: Value<'_>) -> Option<At<T>> {
    let At { value, line, span } = reader.number(key, value, None)?;
    if let Ok(value) = T::try_from(value) {
        return Some(At { value, line, span });
    }
    reader.wrong(&(span.start..span.end), format!("`{key}`: the number is too large"));
    None
}

fn directories(reader: &mut Reader<'_>, value: Value<'_>) -> Vec<At<Directory>> {
    let tables = reader.tables("directory", value);
    tables.into_iter().filter_map(|(span, table)| directory(reader, &span, table)).collect()
}

fn directory(reader: &mut Reader<'_>, at: &Range<usize>, mut table: DeTable<'_>) -> Option<At<Directory>> {
    let Some(path) = table.remove("path") else {
        reader.wrong(at, "a [[directory]] has a `path`, seen from the top of the work tree");
        return None;
    };
    let At { value: (path, scope), .. } = reader.parsed("directory.path", path, directory_scope)?;
    let mut directory = Directory {
        path,
        scope,
        off: Vec::new(),
        severities: Vec::new(),
        fail_on: None,
        min_confidence: None,
        allow: Vec::new(),
    };
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "off" => directory.off = reader.each("directory.off", value, word),
            "severity" => directory.severities = severities(reader, "directory.severity", value),
            "fail-on" => directory.fail_on = reader.parsed("directory.fail-on", value, str::parse),
            "min-confidence" => {
                directory.min_confidence = reader.parsed("directory.min-confidence", value, confidence);
            }
            "allow" => directory.allow = allowances(reader, "directory.allow", value, Some(&directory.scope)),
            other => reader.unknown(other, &key.span(), "[[directory]]", keys::DIRECTORY),
        }
    }
    Some(reader.at(at, directory))
}

/// A directory, and the pattern of what is in it.
fn directory_scope(text: &str) -> Result<(String, Scope), String> {
    let path = text.trim_matches('/');
    if path.is_empty() || path.split('/').any(|name| matches!(name, "" | "." | "..")) {
        return Err("it is a directory below the top of the work tree, as in services/billing".to_owned());
    }
    Ok((path.to_owned(), Scope::new(&format!("/{path}/"))?))
}

fn severities(reader: &mut Reader<'_>, of: &str, value: Value<'_>) -> Vec<At<RuleSeverity>> {
    let table = reader.table(of, value).unwrap_or_default();
    let entry = |(key, value): (toml::Spanned<std::borrow::Cow<'_, str>>, Value<'_>)| {
        let rule = key.into_inner().into_owned();
        let At { value: severity, line, span } = reader.parsed(of, value, severity)?;
        Some(At { value: RuleSeverity { rule, severity }, line, span })
    };
    table.into_iter().filter_map(entry).collect()
}

fn allowances(reader: &mut Reader<'_>, of: &str, value: Value<'_>, within: Option<&Scope>) -> Vec<At<Allowance>> {
    let tables = reader.tables(of, value);
    tables.into_iter().filter_map(|(span, table)| allowance(reader, of, &span, table, within)).collect()
}

fn allowance(
    reader: &mut Reader<'_>,
    of: &str,
    at: &Range<usize>,
    table: DeTable<'_>,
    within: Option<&Scope>,
) -> Option<At<Allowance>> {
    let mut allowance = Allowance { within: within.cloned(), ..Allowance::default() };
    let (mut values, mut patterns, before) = (Vec::new(), Vec::new(), reader.faults());
    for (key, value) in table {
        let name = format!("{of}.{}", key.get_ref());
        match key.get_ref().as_ref() {
            "paths" => allowance.paths = plain(reader.each(&name, value, Scope::new)),
            "values" => values = plain(reader.each(&name, value, not_empty)),
            "regexes" => patterns = plain(reader.each(&name, value, ValuePattern::new)),
            "rules" => allowance.rules = plain(reader.each(&name, value, word)),
            "reason" => allowance.reason = reader.string(&name, value).map(|reason| reason.value),
            other => reader.unknown(other, &key.span(), &format!("[[{of}]]"), keys::ALLOW),
        }
    }
    if reader.faults() > before {
        return None;
    }
    if allowance.paths.is_empty() && values.is_empty() && patterns.is_empty() {
        reader.wrong(at, format!("[[{of}]] says by `paths`, `values` or `regexes` what is allowed"));
        return None;
    }
    allowance.content = Allowlist::new(values.iter().map(String::as_str), patterns);
    Some(reader.at(at, allowance))
}

fn plain<T>(values: Vec<At<T>>) -> Vec<T> {
    values.into_iter().map(|value| value.value).collect()
}

/// An id or a tag: there is nothing else that an error could quote.
fn word(text: &str) -> Result<String, String> {
    let is_one = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if is_one { Ok(text.to_owned()) } else { Err("it is the id or a tag of a rule".to_owned()) }
}

fn path(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains('\0') {
        Err("it is the path of a file".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

fn not_empty(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("the value is empty".to_owned()) } else { Ok(text.to_owned()) }
}

fn severity(text: &str) -> Result<Severity, String> {
    text.parse().map_err(told)
}

fn confidence(text: &str) -> Result<Confidence, String> {
    text.parse().map_err(told)
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        format = "jsonl"
        fail-on = "high,certain"
        min-confidence = "medium"
        severity = "low"
        strict-suppressions = true
        baseline = "b"
        allow-file = "a"
        allow-markers = ["gitleaks:allow"]

        [rules]
        off = ["generic"]
        on = ["generic-secret"]
        files = ["acme.toml"]
        severity = { jwt = "critical" }

        [limits]
        max-size = "10M"
        decode = 1
        threads = 4
        timeout = 1.5

        [[allow]]
        paths = ["tests/**"]
        values = ["v"]
        regexes = ["^d"]
        rules = ["jwt"]
        reason = "why"

        [[directory]]
        path = "services/a/"
        off = ["jwt"]
        severity = { github-pat = "low" }
        fail-on = "never"
        min-confidence = "high"
        [[directory.allow]]
        paths = ["*.md"]
    "#;

    fn told_of(text: &str) -> Vec<String> {
        let errors = File::parse("c.toml", text).expect_err(text);
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_key_is_read() {
        let file = File::parse("c.toml", WHOLE).expect("it is right");
        assert_eq!((file.format.unwrap().value, file.max_size.unwrap().value), (Format::Jsonl, 10 << 20));
        assert_eq!((file.decode.unwrap().value, file.threads.unwrap().value), (1, 4));
        assert_eq!(file.timeout.unwrap().value, Duration::from_millis(1500));
        assert_eq!((file.off[0].value.as_str(), file.off[0].line), ("generic", 12));
        assert_eq!(file.severities[0].value, RuleSeverity { rule: "jwt".to_owned(), severity: Severity::Critical });
        assert_eq!(file.allow[0].value.reason.as_deref(), Some("why"));
        let directory = &file.directories[0].value;
        assert_eq!((directory.path.as_str(), directory.allow[0].value.within.is_some()), ("services/a", true));
        assert_eq!(file.fail_on.unwrap().value.to_string(), "high,certain");
        assert!(file.strict_suppressions.unwrap().value);
    }

    /// The list of keys, which documentation and suggestions are made from, and what is read are the same.
    #[test]
    fn every_key_that_is_listed_is_read() {
        for (table, keys) in keys::KEYS {
            for key in keys {
                let wrong = format!("{key} = 1979-05-27\n");
                let text = if table.is_empty() { wrong } else { format!("{table}\n{wrong}") };
                let told = told_of(&text).join("\n");
                assert!(!told.contains("unknown key"), "{table} {key}: {told}");
                assert!(WHOLE.contains(&format!("{key} =")) || WHOLE.contains(&format!("[{key}")), "{key}");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_without_the_value() {
        for (text, expected) in [
            ("fail_on = \"high\"", "c.toml:1: unknown key `fail_on`; did you mean `fail-on`?"),
            ("\n[rules]\nskip = [\"a\"]", "c.toml:3: unknown key `skip` in [rules]"),
            ("[limit]", "c.toml:1: unknown key `limit`; did you mean `limits`?"),
            ("[[allow]]\npath = [\"a\"]", "c.toml:2: unknown key `path` in [[allow]]; did you mean `paths`?"),
            ("fail-on = true", "c.toml:1: `fail-on` is a string, and not true or false"),
            ("[rules]\noff = \"jwt\"", "c.toml:2: `rules.off` is a list of strings, and not a string"),
            ("[rules]\noff = [1]", "c.toml:2: `rules.off[]` is a string, and not a whole number"),
            (
                "allow = 1",
                "c.toml:1: `allow` is a list of tables: [[allow]], in double brackets, and not a whole number",
            ),
            (
                "[allow]\npaths = [\"a\"]",
                "c.toml:1: `allow` is a list of tables: [[allow]], in double brackets, and not a table",
            ),
            ("[limits]\ndecode = 300", "c.toml:2: `limits.decode`: the number is too large"),
            ("[limits]\ndecode = -1", "c.toml:2: `limits.decode`: the number is negative, or too large"),
            ("[limits]\nmax-size = \"1T\"", "c.toml:2: `limits.max-size`: expected a whole number of bytes"),
            ("[limits]\ntimeout = 0", "c.toml:2: `limits.timeout`: no time at all"),
            ("[[allow]]\nreason = \"a\"", "c.toml:1: [[allow]] says by `paths`, `values` or `regexes`"),
            ("[[allow]]\nregexes = [\"(\"]", "c.toml:2: `allow.regexes`: it is no regular expression"),
            ("[[allow]]\npaths = [\"!a\"]", "c.toml:2: `allow.paths`: path is no pattern"),
            ("[[directory]]\noff = [\"jwt\"]", "c.toml:1: a [[directory]] has a `path`"),
            ("[[directory]]\npath = \"../a\"", "c.toml:2: `directory.path`: it is a directory below the top"),
            ("format = \"sarif=/etc/x\"", "c.toml:1: `format`: "),
            ("baseline = \"\"", "c.toml:1: `baseline`: it is the path of a file"),
            ("allow-markers = [\"nolint\"]", "c.toml:1: `allow-markers`: "),
            ("a = ", "c.toml:1: it is no TOML: "),
        ] {
            let told = told_of(text);
            assert!(told[0].starts_with(expected), "{text}: {told:?}");
        }
        let two = told_of("fail-on = \"urgent\"\nsevrity = \"low\"\n");
        assert_eq!(two.len(), 2, "{two:?}");
    }

    #[test]
    fn no_value_that_is_to_be_allowed_is_quoted() {
        let value = "Zq7vVX2mK9";
        for text in [
            format!("[[allow]]\nvalues = \"{value}\""),
            format!("[[allow]]\nvalues = [{{ a = \"{value}\" }}]"),
            format!("[[allow]]\nvalue = \"{value}\""),
            format!("[[allow]]\nregexes = [\"({value}\"]"),
            format!("[[allow]]\nrules = [\"{value}!\"]\npaths = [\"a\"]"),
            format!("[[allow]]\nvalues = [\"{value}]"),
            format!("[[allow]]\nvalues = [\"{value}\" \"{value}\"]"),
            format!("[[allow]]\nvalues = [{value}]"),
            format!("allow-file = \"{value}\"\nallow-file = \"{value}\""),
        ] {
            assert!(!told_of(&text).join("\n").contains(value), "{text}: {:?}", told_of(&text));
        }
    }
}
