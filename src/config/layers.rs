//! The configuration of a run: files one over the other, and of each setting the last word. Lists grow from file to file,
//! everything else is replaced.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::file::{At, Directory, File, RuleSeverity};
use crate::model::Severity;
use crate::rules::{Fault, Faults, RuleSet};
use crate::triage::{Allowance, Section};

/// What no configuration of a repository turns off: it finds what its user holds.
const KNOWN_SECRET: &str = "known-secret";

/// Whom a file is for; the later ones outrank the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// All users of the machine.
    System,
    /// A user.
    User,
    /// Those who work in a repository.
    Repository,
    /// Whoever names the file.
    Named,
}

/// Where a file is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Whom it is for.
    pub layer: Layer,
    /// What it is called: a path, and of a file that is not read from disk also the revision.
    pub name: String,
    /// The directory that paths in it are seen from.
    pub directory: PathBuf,
    /// The revision of the repository that it is read from; its paths name files of that revision then.
    pub revision: Option<String>,
}

/// The files of a run, those that are outranked first.
#[derive(Clone, Debug, Default)]
pub struct Config {
    files: Vec<(Source, File)>,
}

impl Config {
    /// Puts a file over those that are there.
    pub fn push(&mut self, source: Source, file: File) {
        let after = self.files.partition_point(|(other, _)| other.layer <= source.layer);
        self.files.insert(after, (source, file));
    }

    /// The files, those that are outranked first.
    pub fn files(&self) -> &[(Source, File)] {
        &self.files
    }

    /// What a repository says, and no one else.
    pub fn of_repository(self) -> Self {
        let files = self.files.into_iter().filter(|(source, _)| source.layer == Layer::Repository);
        Self { files: files.collect() }
    }

    /// The last word on a setting.
    pub fn last<T>(&self, setting: impl Fn(&File) -> Option<&At<T>>) -> Option<&At<T>> {
        self.last_with_source(setting).map(|(_, value)| value)
    }

    /// The last word on a setting, and whose it is.
    pub fn last_with_source<T>(&self, setting: impl Fn(&File) -> Option<&At<T>>) -> Option<(&Source, &At<T>)> {
        self.files.iter().rev().find_map(|(source, file)| setting(file).map(|value| (source, value)))
    }

    /// The files with rules that are named.
    pub fn rule_files(&self) -> impl Iterator<Item = (&Source, &At<String>)> {
        self.files.iter().flat_map(|(source, file)| file.rule_files.iter().map(move |named| (source, named)))
    }

    /// The ids of the rules that are turned off.
    pub fn off(&self, rules: &RuleSet) -> Vec<String> {
        let mut off = BTreeSet::new();
        for (_, file) in &self.files {
            apply(file, rules, &mut off);
        }
        off.into_iter().map(str::to_owned).collect()
    }

    /// The severities of rules by their ids.
    pub fn severities(&self) -> BTreeMap<String, Severity> {
        let all = self.files.iter().flat_map(|(_, file)| &file.severities);
        all.map(|At { value, .. }| (value.rule.clone(), value.severity)).collect()
    }

    /// What is allowed, the rules that are turned off in a directory among it.
    pub fn allowances(&self) -> Vec<Allowance> {
        self.files.iter().flat_map(|(_, file)| allowances(file)).map(|At { value, .. }| value).collect()
    }

    /// What holds in some directories, in the order of the files.
    pub fn sections(&self) -> Vec<Section> {
        let directories = self.files.iter().flat_map(|(_, file)| &file.directories);
        directories.map(|directory| section(&directory.value)).collect()
    }

    /// Makes sure that `rules` has every rule that is named.
    ///
    /// # Errors
    /// If it has not, and if a repository turns off the rule for what its user holds.
    pub fn check(&self, rules: &RuleSet) -> Result<(), Faults> {
        let mut errors = Vec::new();
        for (source, file) in &self.files {
            for At { value, line, .. } in words(file) {
                if let Err(unknown) = rules.check_known(&value) {
                    errors.push(Fault {
                        file: source.name.clone(),
                        line: Some(line),
                        rule: None,
                        reason: unknown.to_string(),
                    });
                }
            }
            errors.extend(known_secret_off(source, file, rules));
        }
        if errors.is_empty() { Ok(()) } else { Err(Faults(errors)) }
    }
}

/// Turns off what a file turns off, and then on what it turns on. What is on by its id stays on if its tag is off.
pub(super) fn apply<'r>(file: &File, rules: &'r RuleSet, off: &mut BTreeSet<&'r str>) {
    for rule in rules.rules() {
        let is_named = |words: &[At<String>]| words.iter().any(|word| rule.is_named(&word.value));
        if is_named(&file.off) {
            off.insert(&rule.id);
        }
        if is_named(&file.on) {
            off.remove(&*rule.id);
        }
    }
}

/// What a file allows, the rules that it turns off in a directory among it.
pub(super) fn allowances(file: &File) -> Vec<At<Allowance>> {
    let of_directory = |At { value: directory, .. }: &At<Directory>| {
        let off = directory.off.iter().map(|word| At {
            value: Allowance {
                within: Some(directory.scope.clone()),
                rules: vec![word.value.clone()],
                reason: Some(format!("turned off in {}", directory.path)),
                ..Allowance::default()
            },
            line: word.line,
            span: word.span,
        });
        off.chain(directory.allow.iter().cloned()).collect::<Vec<_>>()
    };
    file.allow.iter().cloned().chain(file.directories.iter().flat_map(of_directory)).collect()
}

fn section(directory: &Directory) -> Section {
    Section {
        scope: directory.scope.clone(),
        severities: directory
            .severities
            .iter()
            .map(|At { value: RuleSeverity { rule, severity }, .. }| (rule.clone(), *severity))
            .collect(),
        fail: directory.fail_on.as_ref().map(|levels| levels.value.0),
        confidence: directory.min_confidence.as_ref().map(|level| level.value),
    }
}

/// Every word of a file that is an id or a tag, with its line.
fn words(file: &File) -> Vec<At<String>> {
    let mut words: Vec<At<String>> = Vec::new();
    words.extend(file.off.iter().chain(&file.on).cloned());
    let sections = file.directories.iter().map(|directory| &directory.value);
    words.extend(sections.clone().flat_map(|section| section.off.iter().cloned()));
    let severities = file.severities.iter().chain(sections.clone().flat_map(|section| &section.severities));
    words.extend(severities.map(|At { value, line, span }| At { value: value.rule.clone(), line: *line, span: *span }));
    let allow = file.allow.iter().chain(sections.flat_map(|section| &section.allow));
    for At { value, line, span } in allow {
        words.extend(value.rules.iter().map(|rule| At { value: rule.clone(), line: *line, span: *span }));
    }
    words
}

fn known_secret_off(source: &Source, file: &File, rules: &RuleSet) -> Option<Fault> {
    let rule = rules.get(KNOWN_SECRET).filter(|_| source.layer == Layer::Repository)?;
    let word = file.off.iter().find(|word| rule.is_named(&word.value))?;
    let reason =
        format!("the configuration of a repository does not turn off `{KNOWN_SECRET}`: --no-known does, for a run");
    Some(Fault { file: source.name.clone(), line: Some(word.line), rule: None, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(files: &[(Layer, &str)]) -> Config {
        let mut config = Config::default();
        for (layer, text) in files {
            let source =
                Source { layer: *layer, name: format!("{layer:?}"), directory: PathBuf::new(), revision: None };
            config.push(source, File::parse("c", text).expect("it is right"));
        }
        config
    }

    #[test]
    fn the_last_word_counts_whatever_was_read_first() {
        let config = config(&[
            (Layer::Named, "[limits]\nthreads = 3"),
            (Layer::System, "fail-on = \"low\"\n[limits]\nthreads = 1"),
            (Layer::User, "fail-on = \"high\""),
        ]);
        assert_eq!(config.last(|file| file.threads.as_ref()).map(|at| at.value), Some(3));
        let (source, fail_on) = config.last_with_source(|file| file.fail_on.as_ref()).expect("it is said");
        assert_eq!((source.layer, fail_on.value.to_string().as_str()), (Layer::User, "high,probable"));
        assert!(config.last(|file| file.decode.as_ref()).is_none());
    }

    #[test]
    fn rules_are_turned_off_and_on_again() {
        let rules = RuleSet::builtin();
        let off = |files: &[(Layer, &str)]| config(files).off(&rules);
        assert_eq!(off(&[(Layer::User, "[rules]\noff = [\"jwt\"]")]), ["jwt"]);
        let again = [(Layer::User, "[rules]\noff = [\"jwt\"]"), (Layer::Repository, "[rules]\non = [\"jwt\"]")];
        assert!(off(&again).is_empty());
        let but_one = "[rules]\noff = [\"github\"]\non = [\"github-pat\"]";
        let ids = off(&[(Layer::User, but_one)]);
        assert!(ids.len() > 1 && !ids.contains(&"github-pat".to_owned()), "{ids:?}");
    }

    #[test]
    fn a_rule_that_does_not_exist_is_an_error_with_its_line() {
        let rules = RuleSet::builtin();
        let wrong = |text: &str| config(&[(Layer::User, text)]).check(&rules).expect_err(text).to_string();
        let expected = "no rule has the id or tag 'gihub-pat'; did you mean 'github-pat'?";
        assert_eq!(wrong("[rules]\noff = [\"gihub-pat\"]"), format!("User:2: {expected}"));
        assert_eq!(wrong("[rules.severity]\ngihub-pat = \"low\""), format!("User:2: {expected}"));
        assert_eq!(wrong("\n[[allow]]\npaths = [\"a\"]\nrules = [\"gihub-pat\"]"), format!("User:2: {expected}"));
        assert_eq!(wrong("[[directory]]\npath = \"a\"\noff = [\"gihub-pat\"]"), format!("User:3: {expected}"));
    }

    #[test]
    fn a_repository_does_not_turn_off_what_its_user_holds() {
        let rules = RuleSet::builtin();
        for word in ["known-secret", "known"] {
            let text = format!("[rules]\noff = [\"{word}\"]");
            assert!(config(&[(Layer::User, &text)]).check(&rules).is_ok());
            let error = config(&[(Layer::Repository, &text)]).check(&rules).expect_err(word).to_string();
            assert!(error.starts_with("Repository:2: ") && error.contains("--no-known"), "{error}");
        }
    }
}
