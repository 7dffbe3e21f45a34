//! The report for people: a line per finding that an editor or a terminal can open, on a terminal followed by what is
//! known and what to do; at the end, what was not read. Not the summary line: it tells times, see `summary.rs`.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ansi};

use super::{Reporter, Style, place, remedy, shown};
use crate::model::{Escaped, Fact, Finding, Introduction, Occurrence, Related, RunInfo, Severity, Summary};
use crate::rules::{RuleSet, SUPPRESSION_ADDED};

/// Other places of a secret that are listed; a count stands for the rest.
const LISTED_PLACES: usize = 5;
/// Characters of a commit id.
const SHORT_COMMIT: usize = 8;

const PLAIN: Ansi = Ansi::new();
const PLACE: Ansi = Ansi::new().bold();
const DIM: Ansi = Ansi::new().dimmed();
const WARN: Ansi = AnsiColor::Yellow.on_default().bold();

const fn severity_style(severity: Severity) -> Ansi {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::High => AnsiColor::Red.on_default(),
        Severity::Medium => AnsiColor::Yellow.on_default(),
        Severity::Low => AnsiColor::Cyan.on_default(),
        Severity::Info => PLAIN,
    }
}

/// Writes text for people.
pub(super) struct TextReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    style: Style,
    info: RunInfo,
}

impl<'a> TextReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet, style: Style) -> Self {
        Self { out, rules, style, info: RunInfo::default() }
    }

    /// `style`, or none without colour.
    fn ansi(&self, style: Ansi) -> Ansi {
        if self.style.color { style } else { PLAIN }
    }

    fn headline(&mut self, finding: &Finding, first: &Occurrence) -> io::Result<()> {
        let place = self.place(first);
        let bold = self.ansi(PLACE);
        let loud = self.ansi(severity_style(finding.severity));
        let (rule, severity, spoken, why) =
            (&finding.rule, finding.severity, finding.confidence.spoken(), why(finding));
        let shown = Escaped(finding.shown.as_str());
        let why = if why.is_empty() { String::new() } else { format!(": {why}") };
        writeln!(self.out, "{bold}{place}:{bold:#} {rule} ({loud}{severity}{loud:#}, {spoken}{why}) {shown}")
    }

    fn place(&self, occurrence: &Occurrence) -> String {
        place::place(occurrence, |path| self.info.display_path(path))
    }

    fn details(&mut self, finding: &Finding, first: &Occurrence) -> io::Result<()> {
        if let Some(introduction) = &finding.introduction {
            self.detail(&introduced(introduction))?;
        }
        for Fact { key, value } in finding.facts.iter().filter(|fact| fact.key != Fact::KNOWN_FROM) {
            self.detail(&format!("{key}: {}", Escaped(value)))?;
        }
        for part in &first.related {
            self.detail(&format!("with: {}", related(part)))?;
        }
        if !first.encodings.is_empty() {
            let encodings: Vec<&str> = first.encodings.iter().map(|encoding| encoding.as_str()).collect();
            self.detail(&format!("encoded: {}", encodings.join(", ")))?;
        }
        self.other_places(finding)?;
        if let Some(step) = self.rules.get(&finding.rule).and_then(|rule| remedy::first_step(&rule.remediation)) {
            self.detail(&format!("fix: {} (keysieve rules show {})", Escaped(step), finding.rule))?;
        }
        if finding.rule == SUPPRESSION_ADDED.id {
            return Ok(());
        }
        self.detail(&format!("allow: keysieve allow add {} --reason \"...\"", finding.fingerprint))
    }

    /// The places of a finding that is accepted everywhere.
    fn suppressed(&mut self, finding: &Finding) -> io::Result<()> {
        let dim = self.ansi(DIM);
        for occurrence in &finding.occurrences {
            let Some(suppression) = &occurrence.suppression else { continue };
            let (place, rule, shown) = (self.place(occurrence), &finding.rule, Escaped(finding.shown.as_str()));
            let reason = suppression.reason.as_ref().map(|reason| format!(": {}", Escaped(reason.as_str())));
            let (by, reason) = (suppression.kind.describe(), reason.unwrap_or_default());
            writeln!(self.out, "{dim}{place}: {rule} (accepted by {by}{reason}) {shown}{dim:#}")?;
        }
        Ok(())
    }

    fn other_places(&mut self, finding: &Finding) -> io::Result<()> {
        // Versions of a file mostly have a secret in the same place.
        let mut places: Vec<String> = Vec::new();
        for place in shown(finding).map(|occurrence| self.place(occurrence)) {
            if places.len() <= LISTED_PLACES && !places.contains(&place) {
                places.push(place);
            }
        }
        for place in &places[1..] {
            self.detail(&format!("also: {place}"))?;
        }
        match shown(finding).count() - places.len() {
            0 => Ok(()),
            more => self.detail(&format!("and {more} more")),
        }
    }

    fn detail(&mut self, line: &str) -> io::Result<()> {
        let dim = self.ansi(DIM);
        writeln!(self.out, "    {dim}{line}{dim:#}")
    }
}

impl Reporter for TextReport<'_> {
    fn begin(&mut self, info: &RunInfo) -> io::Result<()> {
        self.info = info.clone();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(first) = shown(finding).next() else { return self.suppressed(finding) };
        self.headline(finding, first)?;
        if self.style.details { self.details(finding, first) } else { Ok(()) }
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        for unread in &summary.unread {
            let path = place::document(&unread.origin, &unread.path, |path| self.info.display_path(path));
            let warn = self.ansi(WARN);
            let reason = unread.reason.to_string();
            writeln!(self.out, "{path}: {warn}not read{warn:#}: {}", Escaped(&reason))?;
        }
        if summary.interrupted {
            let warn = self.ansi(WARN);
            writeln!(self.out, "{warn}interrupted{warn:#}: not everything was looked at")?;
        }
        self.out.flush()
    }
}

/// What made it so sure, and of a secret that the user holds, where that is kept.
fn why(finding: &Finding) -> String {
    let kept = finding.facts.iter().filter(|fact| fact.key == Fact::KNOWN_FROM);
    let kept: Vec<String> = kept.map(|fact| Escaped(&fact.value).to_string()).collect();
    match &*finding.why {
        why if kept.is_empty() => why.to_owned(),
        Finding::KNOWN => format!("known from {}", kept.join(", ")),
        why => format!("{why}, known from {}", kept.join(", ")),
    }
}

fn related(part: &Related) -> String {
    let place = part.location.as_ref().map(|location| format!(" at {}", place::line_and_column(location)));
    format!("{} {}{}", Escaped(&part.description), Escaped(part.shown.as_str()), place.unwrap_or_default())
}

fn introduced(introduction: &Introduction) -> String {
    let Introduction { commit, date, summary, in_head, unreachable, last_commit, .. } = introduction;
    let short = |commit: &str| commit.get(..SHORT_COMMIT).unwrap_or(commit).to_owned();
    let still = match (in_head, unreachable, last_commit) {
        (true, ..) => ", still in HEAD".to_owned(),
        (false, true, _) => ", unreachable".to_owned(),
        (false, false, Some(last)) => format!(", last in {}", short(last)),
        (false, false, None) => String::new(),
    };
    format!("in {} {date} \"{}\"{still}{}", short(commit), Escaped(summary.as_str()), on_refs(introduction))
}

/// `, on main, v1.0 and 12 more refs`.
fn on_refs(introduction: &Introduction) -> String {
    let Introduction { refs, more_refs, .. } = introduction;
    let names: Vec<String> = refs.iter().map(|name| Escaped(short_ref(name.as_str())).to_string()).collect();
    match (names.len(), more_refs) {
        (0, _) => String::new(),
        (_, 0) => format!(", on {}", names.join(", ")),
        (_, more) => format!(", on {} and {more} more", names.join(", ")),
    }
}

/// A ref as git shortens its name.
fn short_ref(name: &str) -> &str {
    let prefixes = ["refs/heads/", "refs/remotes/", "refs/tags/", "refs/"];
    prefixes.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}
