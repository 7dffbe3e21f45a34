//! docs/CONFIGURATION.md has every key, and what it shows is a configuration file.

use std::collections::BTreeSet;

use keysieve::config::{File, KEYS};

const PAGE: &str = include_str!("../docs/CONFIGURATION.md");

/// The example of the page.
fn example() -> &'static str {
    let (_, rest) = PAGE.split_once("```toml\n").expect("the page has an example");
    rest.split_once("```").expect("it has an end").0
}

#[test]
fn the_example_is_a_configuration_file() {
    File::parse("docs/CONFIGURATION.md", example()).unwrap_or_else(|errors| panic!("{errors}"));
}

#[test]
fn every_key_is_documented() {
    let mut documented: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut table = "";
    for line in example().lines() {
        if line.starts_with('[') {
            table = line;
            documented.insert(("", line.trim_matches(['[', ']'])));
        } else if let Some((key, _)) = line.split_once(" =") {
            documented.insert((table, key));
        }
    }
    // Keys of a table within one are those of the table of the same name.
    documented.extend([("[[directory]]", "allow")]);
    let missing: Vec<_> = KEYS
        .iter()
        .flat_map(|(table, keys)| keys.iter().map(move |key| (*table, *key)))
        .filter(|key| !documented.contains(key))
        .collect();
    assert!(missing.is_empty(), "not in docs/CONFIGURATION.md: {missing:?}");
}
