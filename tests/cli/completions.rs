//! `keysieve completions SHELL`: a script for each shell that knows the verbs and flags.

use crate::support::Dir;

#[test]
fn every_shell_has_a_script_with_the_verbs_and_flags() {
    let dir = Dir::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let outcome = dir.keysieve(["completions", shell]).run().status(0).stderr_is("");
        for word in ["scan", "rules", "completions", "min-confidence", "files-from"] {
            assert!(outcome.stdout.contains(word), "{shell}: no {word}");
        }
    }
}

#[test]
fn bash_accepts_its_script() {
    let dir = Dir::new();
    dir.write("keysieve.bash", dir.keysieve(["completions", "bash"]).run().status(0).stdout);
    #[expect(clippy::disallowed_methods, reason = "bash reads a script that this test made")]
    let status = std::process::Command::new("bash").arg("-n").arg(dir.join("keysieve.bash")).status();
    // A machine without bash has no use for the script either.
    assert!(status.map_or(true, |status| status.success()));
}

#[test]
fn a_shell_must_be_named() {
    Dir::new().keysieve(["completions"]).run().status(2).stderr_has("<SHELL>");
}
