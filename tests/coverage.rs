//! docs/COVERAGE.md says what is there: every row of a table of rules names some, and each that is named is built in.

use keysieve::rules::RuleSet;

const PAGE: &str = include_str!("../docs/COVERAGE.md");
/// The second column of the tables that this is about.
const RULES: &str = "rules";

/// A row: what is covered, and the ids of the rules.
#[derive(Debug)]
struct Row<'a> {
    credential: &'a str,
    rules: Vec<&'a str>,
}

/// The rows of all tables whose second column is called *rules*.
fn rows(page: &str) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut is_about_rules = false;
    for line in page.lines() {
        let Some(cells) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) else {
            is_about_rules = false;
            continue;
        };
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        match cells[..] {
            [_, RULES] => is_about_rules = true,
            [_, rule] if rule.starts_with("---") => {}
            [credential, rules] if is_about_rules => {
                rows.push(Row { credential, rules: rules.split('`').skip(1).step_by(2).collect() });
            }
            [_, _] => {}
            _ => panic!("a row has two cells: {line}"),
        }
    }
    rows
}

#[test]
fn no_row_is_empty() {
    let rows = rows(PAGE);
    assert!(rows.len() > 70, "the page was not understood: {} rows", rows.len());
    for row in rows {
        assert!(!row.credential.is_empty() && !row.rules.is_empty(), "{row:?}");
    }
}

#[test]
fn each_rule_that_is_named_is_there() {
    let rules = RuleSet::builtin();
    let is_there = |id: &str| rules.get(id).is_some();
    for row in rows(PAGE) {
        for id in &row.rules {
            assert!(is_there(id), "{}: there is no rule {id}", row.credential);
        }
    }
}

/// Everything that this family has is worth a row.
#[test]
fn each_rule_for_amazon_is_named() {
    let rows = rows(PAGE);
    let is_named = |id: &str| rows.iter().any(|row| row.rules.contains(&id));
    let of_amazon = |id: &str| id.starts_with("aws-") || id.starts_with("amazon-") || id.starts_with("s3-");
    for rule in RuleSet::builtin().rules().iter().filter(|rule| of_amazon(&rule.id)) {
        assert!(is_named(&rule.id), "docs/COVERAGE.md has no row for {}", rule.id);
    }
}
