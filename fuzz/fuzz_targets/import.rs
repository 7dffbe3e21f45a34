//! Any text as a configuration of gitleaks, as its list of ignored findings and as a pattern of git-secrets: what is carried
//! over is a rule file that loads.

#![no_main]

use keysieve::import::{self, GitSecrets};
use keysieve::rules::{RuleFile, RuleSet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    import::gitleaksignore(text);
    let settings = GitSecrets { patterns: vec![("fuzz".to_owned(), text.as_bytes().to_vec())], ..GitSecrets::default() };
    let configuration = format!("[[rules]]\nid = 'fuzz'\nregex = {text:?}\n");
    let imported = [import::gitleaks(text), import::gitleaks(&configuration), Ok(import::git_secrets(&settings))];
    for imported in imported.into_iter().flatten() {
        let rules = imported.rule_file();
        if !rules.is_empty() {
            let files = [RuleFile { name: "fuzz.toml", text: &rules }];
            RuleSet::new(Vec::new()).with_user_rules(&files).expect("what is carried over loads");
        }
    }
});
