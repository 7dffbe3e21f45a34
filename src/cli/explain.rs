//! `keysieve explain`: why a line was reported, or which step dropped what is in it. The engine tells what became of each
//! anchor; here it is put in words. Nothing is shown in clear.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use keysieve::engine::{Explanation, Fate, Loss, Match, Options, Refusal, Scanner};
use keysieve::git::Repository;
use keysieve::model::{Escaped, KindSet, Name, Span, Text};
use keysieve::pipeline;
use keysieve::rules::{Matcher, Rule, Validator};
use keysieve::triage::{Accepted, Suppressions};

use super::ExitStatus;
use super::args::ExplainArgs;
use super::console::Console;
use super::known::Known;
use super::output;
use super::rules::{self, show};
use super::suppress::Entries;
use super::trusted;

/// Explains a line.
pub(crate) fn run(args: &ExplainArgs, console: &Console) -> Result<ExitStatus> {
    let (document, number) = place(&args.place)?;
    let top = trusted::work_tree()?;
    let Document { bytes, path, below_top } = Document::read(document, top.as_deref())?;
    let line = line(&bytes, number).with_context(|| format!("{document} has no line {number}"))?;
    let mut accepted = Entries::of_work_tree(&args.suppress, top.as_deref())?.suppressions;
    accepted.configured(args.allowances.iter().cloned());
    let known = Known::read(&args.known, console)?;
    let options = args.decode.map_or_else(Options::default, |decode| Options { decode });
    let scanner = Scanner::new(rules::set(&args.rules)?, options);
    let scanner = scanner.with_known(known.values()).with_markers(&args.suppress.allow_markers);
    let kinds = KindSet::of_path(path.as_bytes());
    let explanations = scanner.explain(&mut scanner.scratch(), &bytes, kinds, line);
    let teller = Teller { scanner: &scanner, bytes: &bytes, line, path, document, number, below_top, accepted };
    output::print(|out| {
        teller.whole_file(out)?;
        explanations.iter().try_for_each(|one| teller.tell(one, out))
    })?;
    console.plain(&teller.count(explanations.len()));
    Ok(ExitStatus::Success)
}

/// A file, and what its path is to those who judge by paths.
struct Document<'a> {
    bytes: Vec<u8>,
    path: &'a str,
    /// Seen from the top of the work tree; none if it is not in it.
    below_top: Option<Name>,
}

impl<'a> Document<'a> {
    /// The file of that path; else, of `REV:PATH`, the one that the revision has.
    fn read(document: &'a str, top: Option<&Path>) -> Result<Self> {
        if let Some((revision, path)) = document.split_once(':').filter(|_| !Path::new(document).exists()) {
            let repository = Repository::here()?.context("there is no git repository here that has revisions")?;
            let file = repository.file_at(revision, path)?;
            let bytes = file.with_context(|| format!("{revision} has no file {path}"))?.bytes;
            return Ok(Self { bytes, path, below_top: Some(Name::new(path)) });
        }
        let bytes = fs::read(document).with_context(|| format!("reading {document}"))?;
        let real: Option<PathBuf> = dunce::canonicalize(document).ok();
        let below_top = real.as_deref().zip(top).and_then(|(path, top)| path.strip_prefix(top).ok());
        Ok(Self { bytes, path: document, below_top: below_top.map(Name::from_path) })
    }
}

/// `PATH:LINE`
fn place(place: &str) -> Result<(&str, usize)> {
    let parts = place.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?)));
    match parts.filter(|(path, line)| !path.is_empty() && *line > 0) {
        Some(parts) => Ok(parts),
        None => bail!("'{place}' is not [REV:]PATH:LINE, with lines counted from 1, as in src/deploy.sh:14"),
    }
}

/// The bytes of a line, without its end.
fn line(bytes: &[u8], number: usize) -> Option<Span> {
    let mut start = 0;
    for _ in 1..number {
        start += line_end(&bytes[start..])? + 1;
    }
    let end = line_end(&bytes[start..]).map_or(bytes.len(), |len| start + len);
    (start < bytes.len()).then(|| Span::new(start, end))
}

fn line_end(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|&byte| byte == b'\n')
}

/// What is told of a line.
struct Teller<'a> {
    scanner: &'a Scanner,
    bytes: &'a [u8],
    line: Span,
    path: &'a str,
    /// As it was asked for.
    document: &'a str,
    number: usize,
    below_top: Option<Name>,
    accepted: Suppressions,
}

impl Teller<'_> {
    fn rule(&self, index: usize) -> &Rule {
        &self.scanner.rules().rules()[index]
    }

    /// Rules that find the file as a whole.
    fn whole_file(&self, out: &mut dyn Write) -> io::Result<()> {
        for rule in self.scanner.rules().rules() {
            if let Matcher::File(file) = &rule.matcher
                && file.matches(self.path.as_bytes(), self.bytes)
            {
                let (path, severity, confidence) = (self.shown_path(), rule.severity, rule.confidence.spoken());
                writeln!(out, "{path}: {}: reported ({severity}, {confidence}): the file as a whole", rule.id)?;
            }
        }
        Ok(())
    }

    fn tell(&self, one: &Explanation, out: &mut dyn Write) -> io::Result<()> {
        let before = &self.bytes[self.line.start..one.span.start.clamp(self.line.start, self.line.end)];
        let column = String::from_utf8_lossy(before).chars().count() + 1;
        let (path, number, id) = (self.shown_path(), self.number, &self.rule(one.rule).id);
        write!(out, "{path}:{number}:{column}: {id}: {}", self.fate(one))?;
        if let Some(secret) = &one.secret {
            write!(out, ": {secret}")?;
        }
        for encoding in &one.encodings {
            write!(out, ", in {}", encoding.as_str())?;
        }
        writeln!(out)
    }

    fn fate(&self, one: &Explanation) -> String {
        let rule = self.rule(one.rule);
        match &one.fate {
            Fate::Form => match rule.matcher {
                Matcher::Regex { .. } => "dropped by its regex: the anchor is there, and nothing of its form around it",
                _ => "dropped by its form: the anchor is there, and nothing of its form around it",
            }
            .to_owned(),
            Fate::Edges => format!("dropped by its edges: {}", edges(rule)),
            Fate::Refused { why, entropy } => self.refusal(*why, *entropy, rule),
            Fate::Kind => {
                format!("dropped by the kind of file: it holds in these only: {}", show::kinds(rule.kinds).join(", "))
            }
            Fate::Lost(loss) => self.loss(*loss, rule),
            Fate::Part(whole) => format!("a part of what is reported as {}", self.rule(*whole).id),
            Fate::Found(found) => {
                let level = format!("({}, {}: {})", found.severity, found.confidence.spoken(), found.why);
                match &found.suppressed {
                    None => self.verdict(found, &level),
                    Some(directive) => match &directive.reason {
                        None => format!("allowed by a comment {level}"),
                        Some(reason) => {
                            let reason = Text::new(reason, self.scanner);
                            format!("allowed by a comment, \"{}\" {level}", Escaped(reason.as_str()))
                        }
                    },
                }
            }
        }
    }

    /// Of a match that no comment allows: reported, or accepted elsewhere.
    fn verdict(&self, found: &Match, level: &str) -> String {
        let rule = self.rule(found.rule);
        let place = pipeline::judged(found.fingerprint(rule), rule, found, self.below_top.as_slice());
        let Some(Accepted { kind, reason, .. }) = self.accepted.of(&place) else {
            let ended =
                self.accepted.ended(&place).map(|_| ", no more accepted by the allow file: its entry has ended");
            return format!("reported {level}{}", ended.unwrap_or_default());
        };
        let reason = reason.map(|reason| Text::new(reason.as_bytes(), self.scanner));
        let reason = reason.map(|reason| format!(", \"{}\"", Escaped(reason.as_str()))).unwrap_or_default();
        format!("accepted by {}{reason} {level}", kind.describe())
    }

    fn refusal(&self, why: Refusal, entropy: Option<f32>, rule: &Rule) -> String {
        match (why, entropy) {
            (Refusal::Allowed, _) => "dropped by its allow list: the value is documented as an example".to_owned(),
            (Refusal::Validator(Validator::Entropy(least)), Some(bits)) => {
                format!("dropped by its validator entropy>={least}: it has {bits:.2} bits a character")
            }
            (Refusal::Validator(validator), _) => {
                format!("dropped by its validator: it is to be {}", show::validator(&validator))
            }
            (Refusal::Context, _) => {
                let (within, words) = rule
                    .context
                    .as_ref()
                    .map_or((0, String::new()), |context| (context.within, context.words.join(" ")));
                format!("dropped by its context: none of these words stands within {within} bytes: {words}")
            }
        }
    }

    fn loss(&self, loss: Loss, rule: &Rule) -> String {
        match loss {
            Loss::ToProof(other) => format!("dropped by an overlap: what {} finds here is proven", self.rule(other).id),
            Loss::ToBetter(other) => {
                format!("dropped by an overlap: what {} finds here comes first", self.rule(other).id)
            }
            Loss::ToPart => "dropped by an overlap: this is a part of a credential that is reported".to_owned(),
            Loss::Alone => {
                let with = rule.pair.as_ref().map_or_else(String::new, |pair| pair.with.join(", "));
                format!("dropped since it stands alone: it counts only beside one of {with}")
            }
        }
    }

    fn count(&self, lines: usize) -> String {
        let rules = self.scanner.rules().rules().len();
        match lines {
            0 => format!("none of {rules} rules has an anchor in this line"),
            1 => format!("1 place in this line where a rule looked | {rules} rules"),
            _ => format!("{lines} places in this line where a rule looked | {rules} rules"),
        }
    }

    fn shown_path(&self) -> String {
        Escaped(Text::new(self.document.as_bytes(), self.scanner).as_str()).to_string()
    }
}

/// What may not stand beside a secret.
fn edges(rule: &Rule) -> String {
    let left = show::edge(rule.edges.left).map(|bytes| format!("just after {bytes}"));
    let right = show::edge(rule.edges.right).map(|bytes| format!("just before {bytes}"));
    let sides: Vec<String> = left.into_iter().chain(right).collect();
    format!("it may not stand {}", sides.join(" or "))
}
