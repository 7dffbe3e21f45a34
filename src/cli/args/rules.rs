//! The flags of `keysieve rules` and its verbs.

use clap::{Args, Subcommand};

use super::RuleArgs;

/// Look at the rules, and try them.
#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) verb: RulesVerb,
}

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesVerb {
    List(ListArgs),
    Show(ShowArgs),
    Test(TestArgs),
}

/// List the rules, one a line: id, severity, confidence, name.
///
/// --rule and --skip-rule show which rules a scan with the same flags would use.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) rules: RuleArgs,

    /// Print JSON Lines.
    ///
    /// One object a rule, with id, description, severity, confidence, tags and references.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show a rule: what it matches, how that is checked, and what to do about a leak.
///
/// Examples are masked as findings are.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The rule's id, as findings name it.
    ///
    /// keysieve rules list shows them all.
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}

/// Try rules: on their own examples, or on a text.
///
/// Without TEXT, every rule must match its examples and must not match its counterexamples; each that fails is named, and
/// the status is 1. With TEXT, the rules that match are named with what they found, masked; the status is 1 if none does.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// A text to try the rules on; "-" is standard input.
    ///
    /// What is typed here may end up in the shell's history; a live secret is better piped in.
    #[arg(value_name = "TEXT")]
    pub(crate) text: Option<String>,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}
