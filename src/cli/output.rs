//! Where reports go: standard output, and files that appear whole or not at all. What they say is the library's.
//!
//! Two decisions live here. A pipe closed by its reader (`keysieve scan | head`) swallows the rest, and the status stays
//! what the scan made of it: a gate must not pass because someone looked at the first lines only. And a file is written
//! at the end, beside its target, and renamed over it, so that no reader sees half a report, the scan does not meet its
//! own output, and a run that fails leaves the report of the last one alone.

mod parts;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use keysieve::report::Format;
use tempfile::{Builder, NamedTempFile};

use super::ExitStatus;
use super::args::ReportArgs;
use super::console::Console;
use super::pull_request;
use super::values::FormatAndPath;
use parts::Parts;

/// The path that means standard output.
const STANDARD_OUTPUT: &str = "-";

/// A report to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Its format.
    pub(crate) format: Format,
    /// Its file; none for standard output.
    pub(crate) path: Option<PathBuf>,
    /// Whether it is added to what the file holds.
    pub(crate) appended: bool,
    pub(crate) parts: Parts,
}

/// The variable in which GitHub Actions names the file that a step's summary is added to.
const JOB_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Which reports flags and environment ask for.
pub(crate) fn plans(args: &ReportArgs) -> Result<Vec<Plan>> {
    let mut plans = plan(&args.formats, args.output.as_deref())?;
    plans.iter_mut().for_each(|plan| plan.parts = Parts::of(plan.format, args.target.sarif_github));
    Ok(with_job_summary(plans, std::env::var_os(JOB_SUMMARY)))
}

/// Which reports `--format` and `--output` ask for; text on standard output if nothing else.
fn plan(formats: &[FormatAndPath], output: Option<&Path>) -> Result<Vec<Plan>> {
    let default = [FormatAndPath { format: Format::Text, path: None }];
    let formats = if formats.is_empty() { &default[..] } else { formats };
    let pathless = formats.iter().filter(|given| given.path.is_none()).count();
    match (output, pathless) {
        (Some(_), 0) => bail!("--output names a file, but each --format has one of its own"),
        (Some(_), 2..) => bail!("--output is for a single report: give each --format a path of its own (FORMAT=PATH)"),
        (None, 2..) => bail!("only one report fits on standard output: give the others a path (FORMAT=PATH)"),
        _ => {}
    }
    let plans: Vec<_> = formats
        .iter()
        .map(|given| {
            let path = destination(given.path.as_deref().or(output));
            Plan { format: given.format, path, appended: false, parts: Parts::One }
        })
        .collect();
    refuse_twice_the_same(&plans)?;
    Ok(plans)
}

/// Annotations of a workflow go with the summary of its step, if there is a place for that.
fn with_job_summary(mut plans: Vec<Plan>, summary: Option<OsString>) -> Vec<Plan> {
    let path = summary.filter(|path| !path.is_empty()).map(PathBuf::from);
    if plans.iter().any(|plan| plan.format == Format::Github) && path.is_some() {
        plans.push(Plan { format: Format::Markdown, path, appended: true, parts: Parts::One });
    }
    plans
}

fn destination(path: Option<&Path>) -> Option<PathBuf> {
    path.filter(|path| *path != Path::new(STANDARD_OUTPUT)).map(Path::to_owned)
}

fn refuse_twice_the_same(plans: &[Plan]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for Plan { path, .. } in plans {
        if !seen.insert(path) {
            let place = path.as_ref().map_or("standard output".into(), |path| path.to_string_lossy());
            bail!("two reports would be written to {place}");
        }
    }
    Ok(())
}

/// A report being written: everything a reporter needs to write to.
#[derive(Debug)]
pub(crate) enum Report {
    /// To standard output, as it comes; with what is written there.
    Stdout(Pipe, Lines),
    /// To a file, once it is whole.
    File(Pending),
    /// To nowhere: `--quiet`.
    Nowhere,
}

impl Report {
    /// Makes sure that the report can be written, before any work is done for it.
    pub(crate) fn open(plan: &Plan, quiet: bool) -> Result<Self> {
        match &plan.path {
            Some(path) => Ok(Self::File(Pending::new(path, plan)?)),
            None if quiet => Ok(Self::Nowhere),
            None => Ok(Self::Stdout(Pipe::stdout(), Lines { parts: plan.parts, count: 0 })),
        }
    }

    /// Makes it visible. What has to be said of that, since nobody would expect it, is given back.
    pub(crate) fn commit(self, private: bool) -> Result<Option<String>> {
        match self {
            Self::Stdout(mut pipe, lines) => {
                pipe.flush().context("writing the report to standard output")?;
                Ok(lines.parts.in_one_place("standard output", lines.count))
            }
            Self::File(pending) => pending.commit(private),
            Self::Nowhere => Ok(None),
        }
    }
}

impl Write for Report {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(pipe, lines) => {
                let written = pipe.write(bytes)?;
                lines.count += parts::lines(&bytes[..written]);
                Ok(written)
            }
            Self::File(pending) => pending.content.write(bytes),
            Self::Nowhere => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Self::Stdout(pipe, _) = self { pipe.flush() } else { Ok(()) }
    }
}

/// What was written, by lines.
#[derive(Debug)]
pub(crate) struct Lines {
    parts: Parts,
    count: usize,
}

/// Prints to standard output what is no report: a list, a script, a page.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<ExitStatus> {
    let mut pipe = Pipe::stdout();
    write(&mut pipe).and_then(|()| pipe.flush()).context("writing to standard output")?;
    Ok(ExitStatus::Success)
}

/// The same for lines that name files: what looks like a secret in them is masked.
pub(crate) fn print_lines(lines: &[String], console: &Console) -> Result<ExitStatus> {
    print(|out| lines.iter().try_for_each(|line| writeln!(out, "{}", console.shown(line))))
}

/// A writer whose reader may leave early.
#[derive(Debug)]
pub(crate) struct Pipe<W: Write = Stdout> {
    out: BufWriter<W>,
    closed: bool,
}

impl Pipe {
    fn stdout() -> Self {
        Self { out: BufWriter::new(io::stdout()), closed: false }
    }
}

impl<W: Write> Pipe<W> {
    /// Takes note of a pipe that broke, and answers in its stead.
    fn forgive<T>(&mut self, result: io::Result<T>, instead: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(instead)
            }
            result => result,
        }
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let result = self.out.write(bytes);
        self.forgive(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let result = self.out.flush();
        self.forgive(result, ())
    }
}

/// A report on its way to a file, in memory until it is whole.
#[derive(Debug)]
pub(crate) struct Pending {
    content: Vec<u8>,
    given: PathBuf,
    target: Target,
    parts: Parts,
}

/// How a file is replaced.
#[derive(Debug)]
enum Target {
    /// By a new one of the same name in this directory.
    Renamed { directory: PathBuf, path: PathBuf },
    /// Not at all: a device or a named pipe, or a file that is added to, is opened and written to.
    Special(File),
}

impl Pending {
    fn new(given: &Path, plan: &Plan) -> Result<Self> {
        let target = if plan.appended { Target::appended(given) } else { Target::of(given) };
        let target = target.with_context(|| format!("cannot write a report to {}", given.display()))?;
        Ok(Self { content: Vec::new(), given: given.to_owned(), target, parts: plan.parts })
    }

    fn commit(self, private: bool) -> Result<Option<String>> {
        let Self { content, given, target, parts } = self;
        match target {
            Target::Special(mut file) => {
                let told = parts.in_one_place(&given.to_string_lossy(), parts::lines(&content));
                file.write_all(&content).map(|()| told)
            }
            Target::Renamed { directory, path } => parts.replace(&directory, &path, &content, private),
        }
        .with_context(|| format!("writing the report to {}", given.display()))
    }
}

impl Target {
    fn appended(given: &Path) -> Result<Self> {
        Ok(Self::Special(OpenOptions::new().create(true).append(true).open(given)?))
    }

    /// Finds out by trying, since permissions, quotas and read-only mounts each have their own way to say no.
    fn of(given: &Path) -> Result<Self> {
        // A link is followed: what is replaced is the file that it leads to. Not one that whoever made a pull request may have put
        // there, to have some file of this machine overwritten.
        let is_followed = !pull_request::is_looked_at() || fs::metadata(given).is_ok_and(|there| !there.is_file());
        let real = is_followed.then(|| dunce::canonicalize(given).ok()).flatten();
        let path = real.unwrap_or_else(|| given.to_owned());
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => bail!("it is a directory"),
            Ok(metadata) if !metadata.is_file() => Ok(Self::Special(OpenOptions::new().write(true).open(&path)?)),
            _ => {
                let directory = directory_of(&path);
                if !directory.is_dir() {
                    bail!("there is no directory {}", directory.display());
                }
                temporary(&directory, true).context("no file can be created there")?;
                Ok(Self::Renamed { directory, path })
            }
        }
    }
}

/// The directory that a path's file is in; the current one for a bare name.
fn directory_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Writes a file as a whole, whatever was there before.
pub(crate) fn write_file(path: &Path, content: &str) -> Result<()> {
    let written = replace(&directory_of(path), path, content.as_bytes(), false);
    written.with_context(|| format!("writing {}", path.display()))
}

fn replace(directory: &Path, path: &Path, content: &[u8], private: bool) -> io::Result<()> {
    let mut file = temporary(directory, private)?;
    file.write_all(content)?;
    file.persist(path)?;
    Ok(())
}

/// A file that vanishes unless it is renamed. A report that holds clear secrets is for its owner only, any other has the
/// permissions of a file made by the shell.
#[cfg_attr(not(unix), expect(unused_variables, reason = "there, a file has the permissions of its directory"))]
fn temporary(directory: &Path, private: bool) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".keysieve-").suffix(".tmp");
    #[cfg(unix)]
    if !private {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> FormatAndPath {
        text.parse().unwrap()
    }

    #[test]
    fn text_on_standard_output_is_the_default() {
        assert_eq!(
            plan(&[], None).unwrap(),
            [Plan { format: Format::Text, path: None, appended: false, parts: Parts::One }]
        );
        assert_eq!(
            plan(&[], Some(Path::new("-"))).unwrap(),
            [Plan { format: Format::Text, path: None, appended: false, parts: Parts::One }]
        );
    }

    #[test]
    fn each_report_has_a_place_of_its_own() {
        let plans = plan(&[given("text"), given("sarif=a.sarif")], None).unwrap();
        assert_eq!(
            plans[1],
            Plan { format: Format::Sarif, path: Some("a.sarif".into()), appended: false, parts: Parts::One }
        );
        for (formats, output) in [
            (&["text", "sarif"][..], None),
            (&["text", "sarif=-"], None),
            (&["text", "sarif"], Some("a")),
            (&["sarif=b"], Some("a")),
            (&["text=a", "sarif=a"], None),
            (&["text", "sarif=a"], Some("a")),
        ] {
            let formats: Vec<_> = formats.iter().map(|text| given(text)).collect();
            assert!(plan(&formats, output.map(Path::new)).is_err(), "{formats:?} {output:?}");
        }
    }

    #[test]
    fn annotations_go_with_a_job_summary() {
        let plans = |formats: &[&str], summary: &str| {
            let formats: Vec<_> = formats.iter().map(|text| given(text)).collect();
            let plans = with_job_summary(plan(&formats, None).unwrap(), Some(summary.into()));
            plans.iter().map(|plan| plan.format).collect::<Vec<_>>()
        };
        assert_eq!(plans(&["github"], "summary.md"), [Format::Github, Format::Markdown]);
        assert_eq!(plans(&["github"], ""), [Format::Github]);
        assert_eq!(plans(&["text"], "summary.md"), [Format::Text]);
    }

    /// A reader that leaves after the first write.
    struct Leaves(usize);

    impl Write for Leaves {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += 1;
            if self.0 > 1 { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(bytes.len()) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_broken_pipe_is_no_error_and_is_not_written_to_again() {
        let mut pipe = Pipe { out: BufWriter::with_capacity(1, Leaves(0)), closed: false };
        for _ in 0..5 {
            pipe.write_all(b"line\n").unwrap();
        }
        pipe.flush().unwrap();
        assert!(pipe.closed);
        assert_eq!(pipe.out.get_ref().0, 2);
    }

    #[test]
    fn any_other_failure_is_an_error() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut pipe = Pipe { out: BufWriter::new(Full), closed: false };
        pipe.write_all(b"line\n").unwrap();
        assert_eq!(pipe.flush().unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
