//! The usage text, and the options that it lists: the one table that the arguments are parsed by.

/// The start of the usage text: how each mode is called.
const SYNOPSIS: &str = "\
usage: git secrets --scan [-r|--recursive] [--cached] [--no-index] [--untracked] [<files>...]
   or: git secrets --scan-history
   or: git secrets --install [-f|--force] [<target-directory>]
   or: git secrets --list [--global]
   or: git secrets --add [-a|--allowed] [-l|--literal] [--global] <pattern>
   or: git secrets --add-provider [--global] <command> [arguments...]
   or: git secrets --register-aws [--global]
   or: git secrets --aws-provider [<credentials-file>]
";

/// The column at which what an option does is said.
const COLUMN: usize = 26;

/// An option, with its names and what it does; those for hooks are in no usage text.
pub(super) struct OptionSpec {
    pub(super) short: Option<char>,
    pub(super) long: &'static str,
    pub(super) help: Option<&'static str>,
}

/// Every option, in the order of the usage text.
pub(super) const OPTIONS: [OptionSpec; 19] = [
    mode("scan", "Looks for prohibited patterns in files, or in what git tracks"),
    mode("scan-history", "Looks for prohibited patterns in the whole history"),
    mode("install", "Installs the git hooks in a repository or a template directory"),
    mode("list", "Lists what is configured"),
    mode("add", "Adds a prohibited or an allowed pattern, unless it is there"),
    mode("add-provider", "Adds a command that prints prohibited patterns, one a line"),
    mode("aws-provider", "Prints the credentials of an ini file as patterns"),
    mode("register-aws", "Adds the patterns of AWS, and ~/.aws/credentials as a provider"),
    flag(Some('r'), "recursive", "--scan: descends into directories"),
    mode("cached", "--scan: what is staged, in the place of files on disk"),
    mode("no-index", "--scan: files of the current directory, whether in a repository or not"),
    mode("untracked", "--scan: untracked files as well"),
    flag(Some('f'), "force", "--install: replaces hooks that are there"),
    flag(Some('l'), "literal", "--add: escapes the pattern, so that it stands for itself"),
    flag(Some('a'), "allowed", "--add: adds an allowed pattern"),
    mode("global", "Uses the configuration of the user, not of the repository"),
    hidden("commit_msg_hook"),
    hidden("pre_commit_hook"),
    hidden("prepare_commit_msg_hook"),
];

/// The usage text, as git itself would set it.
pub(super) fn text() -> String {
    let lines = OPTIONS.iter().filter_map(|option| Some(lines_of(option, option.help?)));
    format!("{SYNOPSIS}\n{}\n", lines.collect::<String>())
}

fn lines_of(option: &OptionSpec, help: &str) -> String {
    let line = |name: String, help: &str| format!("    {name:<width$}{help}\n", width = COLUMN - 4);
    match (option.long.strip_prefix("no-"), option.short) {
        (Some(positive), _) => {
            let opposite = format!("opposite of --{}", option.long);
            [line(format!("--{}", option.long), help), line(format!("--{positive}"), &opposite)].concat()
        }
        (None, Some(short)) => line(format!("-{short}, --[no-]{}", option.long), help),
        (None, None) => line(format!("--[no-]{}", option.long), help),
    }
}

const fn mode(long: &'static str, help: &'static str) -> OptionSpec {
    flag(None, long, help)
}

const fn flag(short: Option<char>, long: &'static str, help: &'static str) -> OptionSpec {
    OptionSpec { short, long, help: Some(help) }
}

const fn hidden(long: &'static str) -> OptionSpec {
    OptionSpec { short: None, long, help: None }
}
