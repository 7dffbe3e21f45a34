//! Every key of a configuration file, by the table it stands in: what a misspelt one is compared with, and what
//! docs/CONFIGURATION.md has to describe.

/// Keys that stand in no table, and the tables.
pub(super) const TOP: &[&str] = &[
    "rules",
    "allow",
    "directory",
    "limits",
    "format",
    "fail-on",
    "min-confidence",
    "severity",
    "strict-suppressions",
    "baseline",
    "allow-file",
    "allow-markers",
];
/// Keys of `[rules]`.
pub(super) const RULES: &[&str] = &["off", "on", "files", "severity"];
/// Keys of `[[allow]]` and `[[directory.allow]]`.
pub(super) const ALLOW: &[&str] = &["paths", "values", "regexes", "rules", "reason"];
/// Keys of `[[directory]]`.
pub(super) const DIRECTORY: &[&str] = &["path", "off", "severity", "fail-on", "min-confidence", "allow"];
/// Keys of `[limits]`.
pub(super) const LIMITS: &[&str] = &["max-size", "decode", "threads", "timeout"];

/// All of them: the table, as it is written, and its keys.
pub const KEYS: [(&str, &[&str]); 5] =
    [("", TOP), ("[rules]", RULES), ("[[allow]]", ALLOW), ("[[directory]]", DIRECTORY), ("[limits]", LIMITS)];
