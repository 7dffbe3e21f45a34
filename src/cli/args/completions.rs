//! The flags of `keysieve completions`.

use clap::{ArgAction, Args};
use clap_complete::Shell;

/// Print a completion script for a shell.
///
/// For bash: keysieve completions bash > ~/.local/share/bash-completion/completions/keysieve
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    ///
    /// One of bash, elvish, fish, powershell and zsh.
    #[arg(value_name = "SHELL", hide_possible_values = true, action = ArgAction::Set)]
    pub(crate) shell: Shell,
}
