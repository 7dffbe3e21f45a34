//! Texts that look like secrets and hold none: placeholders, references, digests, identifiers, public keys, labels, the names of
//! things. They stand in `texts.txt`, a file name and its text one after the other; what is different in each project (a
//! digest, a UUID) is a format between « and », which is filled in by a seed. In none of them anything is found.

use keysieve::engine::{Options, Scanner};
use keysieve::model::KindSet;
use keysieve::rules::RuleSet;

use crate::planting::format::{Dice, make};

const TEXTS: &str = include_str!("texts.txt");
/// Before the name of a file.
const HEADING: &str = "==== ";
/// A value that looks like another by chance would be found in one of them.
const SEEDS: std::ops::Range<u64> = 0..3;

fn filled(template: &str, dice: &mut Dice) -> String {
    let mut parts = template.split('«');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (format, rest) = part.split_once('»').expect("a format is closed");
        text.push_str(&make(format, dice));
        text.push_str(rest);
    }
    text
}

#[test]
fn texts_without_a_secret_are_silent() {
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut scratch = scanner.scratch();
    let (mut wrong, mut texts) = (Vec::new(), 0);
    for seed in SEEDS {
        let mut dice = Dice::new(seed);
        for part in TEXTS.split(HEADING).skip(1) {
            let (name, template) = part.split_once('\n').expect("a text follows its name");
            let text = filled(template, &mut dice);
            let found = scanner.scan(&mut scratch, text.as_bytes(), KindSet::of_path(name.as_bytes())).matches;
            let rules = scanner.rules().rules();
            wrong.extend(
                found.iter().map(|it| format!("{name}: {} found {}", rules[it.rule].id, &text[it.span.range()])),
            );
            texts += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(texts > 200, "{texts} texts");
}
