//! Any text as a rule file: it is refused with a reason, or its rules can be scanned with.

#![no_main]

use keysieve::engine::{Options, Scanner};
use keysieve::model::KindSet;
use keysieve::rules::{RuleFile, RuleSet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let files = [RuleFile { name: "fuzz.toml", text }];
    match RuleSet::new(Vec::new()).with_user_rules(&files) {
        Err(errors) => assert!(!errors.to_string().is_empty()),
        Ok(rules) => {
            let scanner = Scanner::new(rules, Options::default());
            scanner.scan(&mut scanner.scratch(), text.as_bytes(), KindSet::ALL);
        }
    }
});
