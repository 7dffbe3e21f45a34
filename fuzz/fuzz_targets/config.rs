//! Any text as a configuration file: it is refused with a reason, or what is shown of it is one, too, and it lets nothing through
//! that it does not let through itself.

#![no_main]

use std::sync::LazyLock;

use keysieve::config::{Config, File, Layer, Source, widened};
use keysieve::rules::RuleSet;
use libfuzzer_sys::fuzz_target;

/// To load them takes longer than all else.
static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);

fuzz_target!(|text: &str| {
    match File::parse("fuzz.toml", text) {
        Err(errors) => assert!(!errors.to_string().is_empty()),
        Ok(file) => {
            assert!(widened(&file, &file, &RULES).is_empty());
            let shown = shown(file);
            // Values that are to be allowed are masked in it, so that it need not say the same.
            File::parse("shown.toml", &shown).expect("what is shown is a configuration file");
        }
    }
});

fn shown(file: File) -> String {
    let mut config = Config::default();
    let source = Source { layer: Layer::User, name: "fuzz.toml".to_owned(), directory: "".into(), revision: None };
    config.push(source, file);
    let _ = config.check(&RULES);
    config.shown(&|_| None).into_iter().map(|shown| format!("{}\n", shown.line)).collect()
}
