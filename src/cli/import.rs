//! `keysieve import`: the settings of another scanner, carried over by the library. What came of it goes to standard output or
//! to a file; what did not, to standard error.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use keysieve::engine::{Options, Scanner};
use keysieve::git::porcelain::{Place, Scope, Settings};
use keysieve::import::{self, GitSecrets, Ignored, Imported};
use keysieve::model::KindSet;
use keysieve::rules::RuleSet;

use super::ExitStatus;
use super::args::{ImportGitleaksArgs, ImportVerb};
use super::console::Console;
use super::output;

/// The section of git's configuration that git-secrets has, and its file at the top of a work tree.
const SECTION: &str = "secrets";
const GITALLOWED: &str = ".gitallowed";
/// The name that rules are printed for if they are not written to a file.
const RULE_FILE: &str = "imported-rules.toml";

/// Carries over what the verb names.
pub(crate) fn run(verb: &ImportVerb, console: &Console) -> Result<ExitStatus> {
    match verb {
        ImportVerb::Gitleaks(args) => gitleaks(args, console),
        ImportVerb::GitSecrets(args) => {
            let imported = import::git_secrets(&git_secrets()?);
            deliver(&imported, args.output.as_deref(), console)
        }
    }
}

fn gitleaks(args: &ImportGitleaksArgs, console: &Console) -> Result<ExitStatus> {
    let name = args.file.display();
    let text = fs::read_to_string(&args.file).with_context(|| format!("reading {name}"))?;
    if args.file.to_string_lossy().ends_with("ignore") {
        return ignored(&text, args.output.output.as_deref(), console);
    }
    let imported = import::gitleaks(&text).map_err(|error| anyhow!("understanding {name}: {error}"))?;
    deliver(&imported, args.output.output.as_deref(), console)
}

fn deliver(imported: &Imported, path: Option<&Path>, console: &Console) -> Result<ExitStatus> {
    let rules = imported.rule_file();
    let mut configuration = imported.configuration();
    if !rules.is_empty() {
        let file = path.map_or(RULE_FILE.into(), Path::to_string_lossy);
        let name = format!("files = [{file:?}]\n");
        configuration = match configuration.strip_prefix("[rules]\n") {
            Some(rest) => format!("[rules]\n{name}{rest}"),
            None => format!("[rules]\n{name}\n{configuration}"),
        };
    }
    if let Some(path) = path {
        fs::write(path, &rules).with_context(|| format!("writing {}", path.display()))?;
    }
    output::print(|out| {
        if path.is_none() && !rules.is_empty() {
            writeln!(out, "# {RULE_FILE}\n\n{rules}")?;
        }
        write!(out, "# .keysieve.toml\n\n{configuration}")
    })?;
    for note in imported.notes() {
        let kind = if note.is_left_out { "not carried over" } else { "note" };
        console.plain(&format!("{kind}: {}: {}", console.shown(&note.what), console.shown(&note.text)));
    }
    let counts = imported.counts();
    console.plain(&format!(
        "{} of {} rules carried over, {} of them with a difference | {} allow entries | {} things not carried over",
        counts.carried, counts.rules, counts.differing, counts.allowed, counts.left_out
    ));
    Ok(ExitStatus::Success)
}

/// What git-secrets is configured to do here.
fn git_secrets() -> Result<GitSecrets> {
    let place = Place::here()?;
    let settings = Settings::read(place.as_ref(), Scope::Default)?;
    let lines = |key: &str| {
        let values = settings.values(SECTION, key);
        let each = |value: Vec<u8>| value.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
        values.into_iter().flat_map(each).filter(|line| !line.trim_ascii().is_empty()).collect::<Vec<_>>()
    };
    let numbered = |of: &str, lines: Vec<Vec<u8>>| {
        let place = |(nth, line)| (format!("{of} {}", nth + 1), line);
        lines.into_iter().enumerate().map(place).collect::<Vec<(String, Vec<u8>)>>()
    };
    let mut read = GitSecrets {
        patterns: numbered("secrets.patterns", lines("patterns")),
        allowed: numbered("secrets.allowed", lines("allowed")),
        providers: Vec::new(),
    };
    for provider in lines("providers") {
        let provider = String::from_utf8_lossy(&provider).trim().to_owned();
        match provider.split_whitespace().collect::<Vec<_>>()[..] {
            ["git", "secrets", "--aws-provider", ..] => {}
            ["cat", file] if !file.starts_with('-') && !file.contains(['*', '?', '[', '\\']) => {
                let text = fs::read(file).with_context(|| format!("reading {file}, which a provider prints"))?;
                read.patterns.extend(numbered(&format!("{file}, line"), pattern_lines(&text)));
            }
            _ => read.providers.push(provider),
        }
    }
    if let Some(file) =
        place.as_ref().and_then(Place::top).map(|top| top.join(GITALLOWED)).filter(|file| file.is_file())
    {
        let text = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        let lines = pattern_lines(&text).into_iter().filter(|line| !line.trim_ascii_start().starts_with(b"#"));
        read.allowed.extend(numbered(&format!("{GITALLOWED}, entry"), lines.collect()));
    }
    Ok(read)
}

fn pattern_lines(text: &[u8]) -> Vec<Vec<u8>> {
    let lines = text.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.trim_ascii().is_empty()).map(<[u8]>::to_vec).collect()
}

/// Ignored findings of gitleaks: what stands at their places by now is allowed by its fingerprint.
fn ignored(text: &str, path: Option<&Path>, console: &Console) -> Result<ExitStatus> {
    let (entries, others) = import::gitleaksignore(text);
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut lines = Vec::new();
    let mut left_out = others.len();
    for line in others {
        console.plain(&format!("not carried over: line {line}: it is not [COMMIT:]FILE:RULE:LINE"));
    }
    for entry in &entries {
        match allowed(entry, &scanner) {
            Ok(line) => lines.push(line),
            Err(reason) => {
                left_out += 1;
                let place = format!("{}:{}", entry.path, entry.line);
                console.plain(&format!("not carried over: {}: {reason}", console.shown(&place)));
            }
        }
    }
    lines.sort();
    lines.dedup();
    let all: String = lines.iter().map(|line| format!("{line}\n")).collect();
    match path {
        Some(path) => fs::write(path, &all).with_context(|| format!("writing {}", path.display()))?,
        None => drop(output::print(|out| out.write_all(all.as_bytes()))?),
    }
    console.plain(&format!("{} allow entries from {} | {left_out} not carried over", lines.len(), entries.len()));
    Ok(ExitStatus::Success)
}

/// An entry for the allow file, if one finding stands there.
fn allowed(entry: &Ignored, scanner: &Scanner) -> Result<String, String> {
    let bytes = fs::read(&entry.path).map_err(|error| format!("the file cannot be read: {error}"))?;
    let found = scanner.scan(&mut scanner.scratch(), &bytes, KindSet::of_path(entry.path.as_bytes())).matches;
    let line_of = |at: usize| bytes[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
    let here: Vec<_> = found.into_iter().filter(|found| line_of(found.span.start) == entry.line).collect();
    match &here[..] {
        [] => Err("nothing is found in this line by now".to_owned()),
        [found] => {
            let print = found.fingerprint(&scanner.rules().rules()[found.rule]);
            let path = entry.path.replace('\\', "\\\\").replace('"', "\\\"");
            Ok(format!("{print} reason=\"ignored in .gitleaksignore\" path=\"/{path}\""))
        }
        _ => Err(format!("{} different secrets are found in this line: allow the right one", here.len())),
    }
}
