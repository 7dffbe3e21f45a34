//! `keysieve man`: one page in roff with everything in it.

use crate::support::Dir;

#[test]
fn the_page_has_every_verb_and_section() {
    let outcome = Dir::new().keysieve(["man"]).run().status(0).stderr_is("");
    for heading in [
        ".TH keysieve 1",
        ".SH NAME",
        ".SH SYNOPSIS",
        ".SH DESCRIPTION",
        ".SH OPTIONS",
        ".SH \"KEYSIEVE SCAN\"",
        ".SH \"KEYSIEVE RULES LIST\"",
        ".SH \"KEYSIEVE RULES SHOW\"",
        ".SH \"KEYSIEVE RULES TEST\"",
        ".SH \"KEYSIEVE COMPLETIONS\"",
        ".SH \"KEYSIEVE MAN\"",
        ".SH \"EXIT STATUS\"",
        ".SH ENVIRONMENT",
        ".SH FILES",
    ] {
        assert!(outcome.stdout.lines().any(|line| line.starts_with(heading)), "no line {heading}\n{}", outcome.stdout);
    }
}

#[test]
fn the_page_is_the_same_each_time() {
    let dir = Dir::new();
    assert_eq!(dir.keysieve(["man"]).run().stdout, dir.keysieve(["man"]).run().stdout);
}
