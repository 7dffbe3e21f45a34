//! Arguments as `git rev-parse --parseopt` reads them: options in any place, unique prefixes of long ones, `--no-` before
//! them, short ones in a bundle, and `--` before what is no option. What comes out is that program's normal form: first
//! the options, in their order, then the rest.

use super::usage::{OPTIONS, OptionSpec};

/// What was given.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    /// The options. The first one is the mode.
    pub(super) options: Vec<Given>,
    /// Everything else.
    pub(super) rest: Vec<Vec<u8>>,
}

/// An option that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// Its long name.
    pub(super) long: &'static str,
    short: Option<char>,
    /// Whether `--no-` stood before it; such an option has no effect.
    pub(super) negated: bool,
}

impl Given {
    /// As the normal form has it.
    pub(super) fn text(&self) -> String {
        match self.short {
            _ if self.negated => format!("--no-{}", self.long),
            Some(short) => format!("-{short}"),
            None => format!("--{}", self.long),
        }
    }
}

/// Why there are no arguments to act on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Help was asked for.
    Help,
    /// They are wrong.
    Wrong(String),
}

impl Arguments {
    /// Parses the arguments after the program's name.
    pub(super) fn parse(arguments: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, Refused> {
        let mut parsed = Self { options: Vec::new(), rest: Vec::new() };
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            match argument.strip_prefix(b"-") {
                None | Some(b"") => parsed.rest.push(argument),
                Some(b"-" | b"-end-of-options") => parsed.rest.extend(arguments.by_ref()),
                Some(bundle) => match bundle.strip_prefix(b"-") {
                    Some(long) => parsed.options.push(long_option(&String::from_utf8_lossy(long))?),
                    None => parsed.short_options(&String::from_utf8_lossy(bundle))?,
                },
            }
        }
        Ok(parsed)
    }

    fn short_options(&mut self, bundle: &str) -> Result<(), Refused> {
        for letter in bundle.chars() {
            match OPTIONS.iter().find(|option| option.short == Some(letter)) {
                Some(option) => self.options.push(given(option, false)),
                None if letter == 'h' => return Err(Refused::Help),
                None => return Err(Refused::Wrong(format!("unknown switch `{letter}'"))),
            }
        }
        Ok(())
    }
}

fn given(option: &OptionSpec, negated: bool) -> Given {
    Given { long: option.long, short: option.short, negated }
}

fn long_option(argument: &str) -> Result<Given, Refused> {
    let (name, value) = argument.split_once('=').map_or((argument, None), |(name, value)| (name, Some(value)));
    if argument == "help" || argument == "help-all" {
        return Err(Refused::Help);
    }
    let mut spellings = OPTIONS.iter().flat_map(spellings);
    let chosen = match spellings.find(|(spelling, _)| spelling == name) {
        Some(exact) => exact,
        None => abbreviated(name, argument)?,
    };
    match value {
        Some(_) => Err(Refused::Wrong(format!("option `{}' takes no value", chosen.0))),
        None => Ok(chosen.1),
    }
}

/// The one option that `name` is the start of.
fn abbreviated(name: &str, argument: &str) -> Result<(String, Given), Refused> {
    let mut fitting = OPTIONS.iter().flat_map(spellings).filter(|(spelling, _)| spelling.starts_with(name));
    match (fitting.next(), fitting.next_back()) {
        (Some(only), None) => Ok(only),
        (Some((one, _)), Some((other, _))) => {
            Err(Refused::Wrong(format!("ambiguous option: {name} (could be --{one} or --{other})")))
        }
        (None, _) => Err(Refused::Wrong(format!("unknown option `{argument}'"))),
    }
}

/// Both ways to write an option: as it is, and negated. What starts with `no-` is negated by leaving that out.
fn spellings(option: &OptionSpec) -> [(String, Given); 2] {
    let opposite = option.long.strip_prefix("no-").map_or_else(|| format!("no-{}", option.long), str::to_owned);
    [(option.long.to_owned(), given(option, false)), (opposite, given(option, true))]
}
