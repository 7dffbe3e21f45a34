//! Providers: commands of git's configuration that print patterns. This is the one place of the crate that runs a
//! program, and it runs what the user's git configuration names, never what a file of the scanned content does. A
//! provider that fails leaves its patterns unknown, so the scan fails as well.

use std::process::{Command, Stdio};

use bstr::ByteSlice;

use super::{Error, aws};

/// The provider that this program is itself; it needs no process.
const OWN: [&[u8]; 3] = [b"git", b"secrets", b"--aws-provider"];

/// What a provider prints, without carriage returns.
pub(super) fn run(command: &[u8]) -> Result<Vec<u8>, Error> {
    if let Some(file) = own_file(command) {
        let mut output = Vec::new();
        aws::print_credentials(file, &mut output)?;
        return Ok(output);
    }
    let failed = |reason: String| Error::Provider { command: command.as_bstr().to_string(), reason };
    let output = shell(command).output().map_err(|error| failed(format!("cannot be run: {error}")))?;
    if !output.status.success() {
        return Err(failed(format!("failed ({}), so its patterns are not known", output.status)));
    }
    Ok(output.stdout.replace("\r", ""))
}

/// The file that `git secrets --aws-provider [FILE]` is asked to read, if the command is no more than that.
fn own_file(command: &[u8]) -> Option<Option<&[u8]>> {
    let words: Vec<&[u8]> = command.fields().collect();
    let plain = |word: &[u8]| !word.starts_with(b"-") && word.find_byteset(b"*?[\\").is_none();
    match words.strip_prefix(&OWN)? {
        [] => Some(None),
        [file] if plain(file) => Some(Some(file)),
        _ => None,
    }
}

/// A shell that splits the command into words at white space, expands globs in it, and does nothing else with it: quotes,
/// semicolons and the like are what they are. It has no input, so that it cannot take what is to be scanned.
#[expect(
    clippy::disallowed_methods,
    reason = "the user's git configuration names this command, not the scanned content"
)]
fn shell(command: &[u8]) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "$1", "git-secrets"]).arg(command.to_os_str_lossy());
    shell.stdin(Stdio::null()).stderr(Stdio::inherit());
    shell
}
