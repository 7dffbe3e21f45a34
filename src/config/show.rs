//! A configuration as a file that says the same, and where each value of it is from. What is to be allowed is masked.

use super::file::{At, Directory, File};
use super::layers::{Config, Source};
use crate::engine::Marker;
use crate::model::Secret;
use crate::triage::{Allowance, Scope};

/// A line of TOML, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The line.
    pub line: String,
    /// Where its value is from; empty if it has none.
    pub origin: String,
}

/// A setting with one value: its key, what it is if no one says so, and the variable that sets it.
type Scalar = (&'static str, &'static str, &'static str);

/// The settings with one value, in the order in which a file has them.
const SCALARS: [Scalar; 10] = [
    ("format", "\"text\"", "KEYSIEVE_FORMAT"),
    ("fail-on", "\"low,probable\"", "KEYSIEVE_FAIL_ON"),
    ("min-confidence", "\"low\"", "KEYSIEVE_MIN_CONFIDENCE"),
    ("severity", "\"info\"", "KEYSIEVE_SEVERITY"),
    ("strict-suppressions", "false", "KEYSIEVE_STRICT_SUPPRESSIONS"),
    ("baseline", "\".keysieve-baseline\"", "KEYSIEVE_BASELINE"),
    ("allow-file", "\".keysieve-allow\"", "KEYSIEVE_ALLOW_FILE"),
    ("limits.decode", "2", "KEYSIEVE_DECODE"),
    ("limits.threads", "0", "KEYSIEVE_THREADS"),
    ("limits.max-size", "", "KEYSIEVE_MAX_SIZE"),
];

impl Config {
    /// The settings that hold. `variable` gives the value of a variable of the environment that is set.
    pub fn shown(&self, variable: &dyn Fn(&str) -> Option<String>) -> Vec<Shown> {
        let mut lines: Vec<Shown> = SCALARS.iter().map(|scalar| self.scalar(scalar, variable)).collect();
        let timeout = ("limits.timeout", "", "KEYSIEVE_TIMEOUT");
        lines.push(self.scalar(&timeout, variable));
        let marks = |file: &File| {
            let written = |marks: &[Marker]| marks.iter().map(|mark| mark.as_str().to_owned()).collect::<Vec<_>>();
            file.allow_markers.as_ref().map(|marks| (list(&written(&marks.value)), marks.line))
        };
        lines.push(self.last_shown(
            "allow-markers",
            "[]",
            variable("KEYSIEVE_ALLOW_MARKERS"),
            "KEYSIEVE_ALLOW_MARKERS",
            &marks,
        ));
        self.list(&mut lines, "rules.off", |file| texts(&file.off));
        self.list(&mut lines, "rules.on", |file| texts(&file.on));
        self.list(&mut lines, "rules.files", |file| texts(&file.rule_files));
        for (source, file) in self.files() {
            for At { value, line, .. } in &file.severities {
                let text =
                    format!("rules.severity.{} = {}", bare_or_quoted(&value.rule), quoted(value.severity.as_str()));
                lines.push(Shown { line: text, origin: at(source, *line) });
            }
        }
        self.list(&mut lines, "allow", |file| file.allow.iter().map(|at| (allowance(&at.value), at.line)).collect());
        self.list(&mut lines, "directory", |file| {
            file.directories.iter().map(|at| (directory(&at.value), at.line)).collect()
        });
        lines.retain(|shown| !shown.line.is_empty());
        lines
    }

    fn scalar(&self, (key, built_in, name): &Scalar, variable: &dyn Fn(&str) -> Option<String>) -> Shown {
        self.last_shown(key, built_in, variable(name), name, &|file| scalar(file, key))
    }

    fn last_shown(
        &self,
        key: &str,
        built_in: &str,
        set: Option<String>,
        variable: &str,
        said: &dyn Fn(&File) -> Option<(String, usize)>,
    ) -> Shown {
        if let Some(set) = set {
            return Shown { line: format!("{key} = {}", quoted(&set)), origin: format!("the variable {variable}") };
        }
        let said =
            self.files().iter().rev().find_map(|(source, file)| said(file).map(|(text, line)| (source, text, line)));
        match said {
            Some((source, text, line)) => Shown { line: format!("{key} = {text}"), origin: at(source, line) },
            // What has no limit has no value.
            None if built_in.is_empty() => Shown { line: String::new(), origin: String::new() },
            None => Shown { line: format!("{key} = {built_in}"), origin: "built-in".to_owned() },
        }
    }

    fn list(&self, lines: &mut Vec<Shown>, key: &str, said: impl Fn(&File) -> Vec<(String, usize)>) {
        let before = lines.len();
        for (source, file) in self.files() {
            let items = said(file).into_iter();
            lines.extend(items.map(|(text, line)| Shown { line: format!("    {text},"), origin: at(source, line) }));
        }
        if lines.len() == before {
            return;
        }
        lines.insert(before, Shown { line: format!("{key} = ["), origin: String::new() });
        lines.push(Shown { line: "]".to_owned(), origin: String::new() });
    }
}

fn at(source: &Source, line: usize) -> String {
    format!("{}:{line}", source.name)
}

fn scalar(file: &File, key: &str) -> Option<(String, usize)> {
    fn shown<T>(value: Option<&At<T>>, show: impl Fn(&T) -> String) -> Option<(String, usize)> {
        value.map(|at| (show(&at.value), at.line))
    }
    match key {
        "format" => shown(file.format.as_ref(), |format| quoted(format.as_str())),
        "fail-on" => shown(file.fail_on.as_ref(), |levels| quoted(&levels.to_string())),
        "min-confidence" => shown(file.min_confidence.as_ref(), |level| quoted(level.as_str())),
        "severity" => shown(file.severity.as_ref(), |level| quoted(level.as_str())),
        "strict-suppressions" => shown(file.strict_suppressions.as_ref(), ToString::to_string),
        "baseline" => shown(file.baseline.as_ref(), |path| quoted(path)),
        "allow-file" => shown(file.allow_file.as_ref(), |path| quoted(path)),
        "limits.decode" => shown(file.decode.as_ref(), ToString::to_string),
        "limits.threads" => shown(file.threads.as_ref(), ToString::to_string),
        "limits.max-size" => shown(file.max_size.as_ref(), ToString::to_string),
        "limits.timeout" => shown(file.timeout.as_ref(), |timeout| timeout.as_secs_f64().to_string()),
        _ => None,
    }
}

fn texts(words: &[At<String>]) -> Vec<(String, usize)> {
    words.iter().map(|word| (quoted(&word.value), word.line)).collect()
}

fn allowance(allowance: &Allowance) -> String {
    let paths: Vec<String> = allowance.paths.iter().map(|scope: &Scope| scope.as_str().to_owned()).collect();
    let values: Vec<String> = allowance.content.values().map(|value| Secret::new(value).masked()).collect();
    let patterns: Vec<String> = allowance.content.patterns().map(str::to_owned).collect();
    let mut parts = Vec::new();
    for (key, texts) in [("paths", &paths), ("values", &values), ("regexes", &patterns), ("rules", &allowance.rules)] {
        if !texts.is_empty() {
            parts.push(format!("{key} = {}", list(texts)));
        }
    }
    parts.extend(allowance.reason.as_ref().map(|reason| format!("reason = {}", quoted(reason))));
    format!("{{ {} }}", parts.join(", "))
}

fn directory(directory: &Directory) -> String {
    let mut parts = vec![format!("path = {}", quoted(&directory.path))];
    if !directory.off.is_empty() {
        let off: Vec<String> = directory.off.iter().map(|word| word.value.clone()).collect();
        parts.push(format!("off = {}", list(&off)));
    }
    for At { value, .. } in &directory.severities {
        parts.push(format!("severity.{} = {}", bare_or_quoted(&value.rule), quoted(value.severity.as_str())));
    }
    parts.extend(directory.fail_on.as_ref().map(|levels| format!("fail-on = {}", quoted(&levels.value.to_string()))));
    let confidence = directory.min_confidence.as_ref();
    parts.extend(confidence.map(|level| format!("min-confidence = {}", quoted(level.value.as_str()))));
    if !directory.allow.is_empty() {
        let allow: Vec<String> = directory.allow.iter().map(|at| allowance(&at.value)).collect();
        parts.push(format!("allow = [{}]", allow.join(", ")));
    }
    format!("{{ {} }}", parts.join(", "))
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A key, which ids of rules are without quotes.
fn bare_or_quoted(key: &str) -> String {
    let is_bare = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) && !key.is_empty();
    if is_bare { key.to_owned() } else { quoted(key) }
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            _ if char.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(char))),
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::super::layers::Layer;
    use super::super::trust::widened;
    use super::*;
    use crate::rules::RuleSet;

    fn config(text: &str) -> Config {
        let mut config = Config::default();
        let name = "c.toml".to_owned();
        let source = Source { layer: Layer::User, name, directory: PathBuf::new(), revision: None };
        config.push(source, File::parse("c.toml", text).expect("it is right"));
        config
    }

    fn text(config: &Config) -> String {
        let lines = config.shown(&|_| None);
        lines.iter().map(|shown| format!("{}\n", shown.line)).collect()
    }

    #[test]
    fn what_is_shown_is_a_file_that_says_the_same() {
        let config = config(
            "format = \"sarif\"\nallow-markers = [\"ggignore\"]\n[rules]\noff = [\"jwt\"]\nseverity.\"github-pat\" = \"low\"\n\
             [limits]\ntimeout = 1.5\nmax-size = \"1K\"\n[[allow]]\npaths = [\"a\\\\*\\\"b\"]\nregexes = ['^\\d']\nrules = [\"jwt\"]\n\
             [[directory]]\npath = \"a\"\noff = [\"jwt\"]\nfail-on = \"never\"\nseverity.jwt = \"info\"\n\
             [[directory.allow]]\npaths = [\"*.md\"]\nreason = \"a\\u0007b\"\n",
        );
        let shown = text(&config);
        let again = self::config(&shown);
        assert_eq!(text(&again), shown);
        let (one, other) = (&config.files()[0].1, &again.files()[0].1);
        assert_eq!(one.allow[0].value, other.allow[0].value);
        assert_eq!(one.directories[0].value.allow[0].value, other.directories[0].value.allow[0].value);
        assert_eq!(one.timeout.as_ref().map(|at| at.value), other.timeout.as_ref().map(|at| at.value));
    }

    #[test]
    fn what_is_to_be_allowed_is_masked() {
        let value = "Zq7vVX2mK9wPz4Lr8TnB";
        let shown = text(&config(&format!("[[allow]]\nvalues = [\"{value}\"]")));
        assert!(!shown.contains(value) && shown.contains("values = [\"Zq"), "{shown}");
    }

    #[test]
    fn a_variable_outranks_every_file() {
        let config = config("fail-on = \"high\"\n");
        let lines = config.shown(&|name| (name == "KEYSIEVE_FAIL_ON").then(|| "never".to_owned()));
        let shown = lines.iter().find(|shown| shown.line.starts_with("fail-on")).expect("it is shown");
        assert_eq!(
            (shown.line.as_str(), shown.origin.as_str()),
            ("fail-on = \"never\"", "the variable KEYSIEVE_FAIL_ON")
        );
    }

    proptest! {
        /// What is shown of any file is one, and a file lets nothing through that it does not let through itself.
        #[test]
        fn any_file_is_refused_or_shown(lines in prop::collection::vec(0..LINES.len(), 0..12), value in "[ -~\u{0}é]{0,12}") {
            let text: String = lines.iter().map(|line| format!("{}\n", LINES[*line].replace('$', &value))).collect();
            if let Ok(file) = File::parse("c.toml", &text) {
                prop_assert!(widened(&file, &file, &RuleSet::builtin()).is_empty());
                let shown = self::text(&config(&text));
                prop_assert!(File::parse("shown.toml", &shown).is_ok(), "{text}\n---\n{shown}");
            }
        }
    }

    const LINES: &[&str] = &[
        "[rules]",
        "[limits]",
        "[[allow]]",
        "[[directory]]",
        "[[directory.allow]]",
        "off = ['$']",
        "on = ['jwt']",
        "files = ['$', 'a']",
        "severity.'$' = 'low'",
        "paths = ['$', '*.md']",
        "values = ['$', '$$', 'x']",
        "regexes = ['^$$']",
        "path = '$'",
        "reason = '$'",
        "fail-on = 'high'",
        "timeout = 1e3",
        "timeout = 0.000001",
        "threads = 0x10",
        "baseline = '$'",
        "allow-markers = ['ggignore']",
        "$",
    ];
}
