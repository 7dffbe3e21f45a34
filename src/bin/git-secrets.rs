//! The `git-secrets` program, which git runs as `git secrets`: arguments and standard streams in, exit status out. All it
//! does is in `keysieve::compat`.

use std::{
    env,
    ffi::OsString,
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use keysieve::compat::{Streams, run};

fn main() -> ExitCode {
    let arguments = env::args_os().skip(1).map(OsString::into_encoded_bytes);
    let mut output = io::stdout().lock();
    // Matches can be many, and nothing may be written between them.
    let mut errors = io::BufWriter::new(io::stderr().lock());
    let is_terminal = io::stdout().is_terminal();
    let mut streams = Streams { input: &mut io::stdin().lock(), output: &mut output, errors: &mut errors, is_terminal };
    let status = run(arguments, &mut streams);
    // Nobody listens any more, which does not change what was found.
    let _ = output.flush().and(errors.flush());
    status.into()
}
