//! Any bytes: the engine finds what its oracle finds, whole or in pieces, with the built-in rules.

#![no_main]

use std::sync::LazyLock;

use keysieve::engine::{Options, Scanner, reference};
use keysieve::model::KindSet;
use keysieve::rules::RuleSet;
use libfuzzer_sys::fuzz_target;

static SCANNER: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(RuleSet::builtin(), Options::default()));

fuzz_target!(|text: &[u8]| {
    let mut scratch = SCANNER.scratch();
    let whole = SCANNER.scan(&mut scratch, text, KindSet::ALL);
    assert_eq!(whole.matches, reference::scan(&SCANNER, text, KindSet::ALL));
    let stream = SCANNER.scan_stream(&mut scratch, &mut &text[..], KindSet::ALL);
    assert_eq!(stream.0, whole);
});
