//! `keysieve doctor`: whether what protects a repository does so, one line for each thing that was looked at, with what to
//! do about it. It looks at files and settings; it runs neither git nor a hook, and changes nothing.

mod allowed;
mod repository;

use std::env;
use std::path::Path;

use anyhow::Result;
use keysieve::git::Repository;

use super::console::Console;
use super::exit::FINDINGS;
use super::{ExitStatus, hook, known, output};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// As it should be.
    Ok,
    /// It may be meant so.
    Warn,
    /// Something is not looked at that should be.
    Fail,
}

/// What was looked at, and what came of it.
#[derive(Debug)]
pub(crate) struct Check {
    level: Level,
    what: &'static str,
    says: String,
}

impl Check {
    /// All is well.
    pub(crate) fn ok(what: &'static str, says: impl Into<String>) -> Self {
        Self { level: Level::Ok, what, says: says.into() }
    }

    /// Something is not as it should be, and this is what to do about it.
    pub(crate) fn new(level: Level, what: &'static str, says: &str, advice: &str) -> Self {
        Self { level, what, says: format!("{says}; {advice}") }
    }
}

/// Looks at everything, and tells of it.
pub(crate) fn run(console: &Console) -> Result<ExitStatus> {
    let mut checks = vec![program()];
    checks.extend(bypass());
    match Repository::here() {
        Ok(Some(repository)) => {
            let condition = repository.condition();
            checks.extend(repository::checks(&repository, &condition));
            match hook::health(&condition) {
                Ok(of_hooks) => checks.extend(of_hooks),
                Err(error) => checks.push(Check::new(Level::Fail, "hooks", &format!("{error:#}"), "mend that first")),
            }
            checks.extend(allowed::checks());
        }
        Ok(None) => checks.push(Check::new(
            Level::Warn,
            "repository",
            "there is no git repository here",
            "run keysieve doctor in one, to know whether its hooks run",
        )),
        Err(error) => checks.push(Check::new(Level::Fail, "repository", &error.to_string(), "mend that first")),
    }
    checks.extend(known::checks(console));
    tell(&checks, console)?;
    let fails = checks.iter().any(|check| check.level == Level::Fail);
    Ok(if fails { ExitStatus::Findings(FINDINGS) } else { ExitStatus::Success })
}

fn tell(checks: &[Check], console: &Console) -> Result<ExitStatus> {
    let line = |check: &Check| {
        let level = match check.level {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Fail => "fail",
        };
        let text = format!("{}: {}", check.what, check.says);
        format!("{level:4}  {}", console.shown(&text))
    };
    let count = |level: Level| checks.iter().filter(|check| check.level == level).count();
    let sum = format!("{} ok, {} warn, {} fail", count(Level::Ok), count(Level::Warn), count(Level::Fail));
    output::print(|out| {
        checks.iter().try_for_each(|check| writeln!(out, "{}", line(check)))?;
        writeln!(out, "{sum}")
    })
}

/// Whether hooks, which look in `PATH` first, come to this program.
fn program() -> Check {
    const WHAT: &str = "program";
    let version = concat!("keysieve ", env!("CARGO_PKG_VERSION"));
    let this = env::current_exe().and_then(dunce::canonicalize).unwrap_or_default();
    let is_this = |path: &Path| dunce::canonicalize(path).is_ok_and(|path| path == this);
    match hook::in_path(Path::new("keysieve")) {
        Some(path) if is_this(&path) => Check::ok(WHAT, format!("{version}, {}, is the one in PATH", path.display())),
        Some(path) => Check::new(
            Level::Warn,
            WHAT,
            &format!("PATH leads to {}, not to this {version}, {}", path.display(), this.display()),
            "hooks run the one in PATH: remove one of the two",
        ),
        None => Check::new(
            Level::Warn,
            WHAT,
            &format!("{version}, {}, is not in PATH", this.display()),
            "hooks run it from where it was when they were installed; put it into PATH",
        ),
    }
}

/// Whether the environment lets everything pass.
fn bypass() -> Option<Check> {
    env::var_os(hook::SKIP).map(|_| {
        let says = format!("{} is set here, so that every hook lets everything pass", hook::SKIP);
        Check::new(Level::Fail, "environment", &says, "set it for one command only")
    })
}
