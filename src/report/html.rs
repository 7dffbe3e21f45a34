//! One page for a browser, with everything in it: it asks the network for nothing, and a policy in it forbids that it could.
//! The findings are data in a block of JSON that the page's script shows as text; nothing of a repository is ever markup or
//! script, and what acts on a reader is escaped as in the text report. `html/page.js` is that script, `html/page.css` how it
//! looks. No time enters it: ages are told when it is read.

use std::collections::BTreeMap;
use std::io::{self, Write};

use data_encoding::BASE64;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Reporter, json, place, remedy, rule, shown, summary, sureness};
use crate::model::{Escaped, Finding, Introduction, Occurrence, Related, RunInfo, Summary, Text};
use crate::rules::RuleSet;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");
const BODY: &str = include_str!("html/page.html");
/// Other places that are listed; a count stands for the rest.
const LISTED_PLACES: usize = 50;

/// Writes a page. Findings are kept as JSON text until the end, since the outcome comes first.
pub(super) struct HtmlReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: &'a RuleSet,
    info: RunInfo,
    findings: Vec<u8>,
    found: BTreeMap<String, Remedy>,
}

/// What the page says once.
#[derive(Serialize)]
struct Page<'a> {
    version: &'static str,
    mode: &'a str,
    repository: Option<String>,
    revision: Option<&'a str>,
    branch: Option<String>,
    found: String,
    completeness: String,
    complete: bool,
    failing: usize,
    documents: u64,
    unit: &'static str,
    rules: usize,
    unread: Vec<Unread>,
    remedies: &'a BTreeMap<String, Remedy>,
}

#[derive(Serialize)]
struct Remedy {
    what: String,
    todo: String,
    links: Vec<String>,
}

#[derive(Serialize)]
struct Unread {
    place: String,
    reason: String,
}

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    rule: &'a str,
    severity: &'static str,
    confidence: &'static str,
    sure: String,
    secret: String,
    fails: bool,
    file: String,
    place: String,
    snippet: Option<String>,
    places: Vec<String>,
    more: usize,
    with: Vec<String>,
    facts: Vec<(&'a str, String)>,
    encodings: Vec<&'static str>,
    commit: Option<Commit<'a>>,
}

#[derive(Serialize)]
struct Commit<'a> {
    id: &'a str,
    date: &'a str,
    summary: String,
    head: bool,
    unreachable: bool,
    refs: Vec<String>,
}

impl<'a> HtmlReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet) -> Self {
        Self { out, rules, info: RunInfo::default(), findings: Vec::new(), found: BTreeMap::new() }
    }

    fn remedy(&self, id: &str) -> Remedy {
        let rule = rule(self.rules, id);
        let references = rule.into_iter().flat_map(|rule| rule.references.iter());
        Remedy {
            what: super::description(self.rules, id).to_owned(),
            todo: remedy::all(rule).to_owned(),
            links: references.map(ToString::to_string).collect(),
        }
    }

    fn page(&self, summary: &Summary) -> io::Result<Vec<u8>> {
        let vcs = self.info.vcs.as_ref();
        let unread = summary.unread.iter().map(|unread| Unread {
            place: place::document(&unread.origin, &unread.path, str::to_owned),
            reason: plain(&unread.reason.to_string()),
        });
        json::to_bytes(&Page {
            version: env!("CARGO_PKG_VERSION"),
            mode: &self.info.mode,
            repository: vcs.and_then(|vcs| vcs.repository_uri.as_ref()).map(shown_text),
            revision: vcs.and_then(|vcs| vcs.revision.as_deref()),
            branch: vcs.and_then(|vcs| vcs.branch.as_ref()).map(shown_text),
            found: summary::found(summary),
            completeness: summary::completeness(summary),
            complete: summary.complete(),
            failing: summary.failing,
            documents: summary.documents,
            unit: summary.unit.as_str(),
            rules: summary.rules,
            unread: unread.collect(),
            remedies: &self.found,
        })
    }
}

impl Reporter for HtmlReport<'_> {
    fn begin(&mut self, info: &RunInfo) -> io::Result<()> {
        self.info = info.clone();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(first) = shown(finding).next() else { return Ok(()) };
        if !self.found.contains_key(&*finding.rule) {
            self.found.insert(finding.rule.to_string(), self.remedy(&finding.rule));
        }
        if !self.findings.is_empty() {
            self.findings.extend_from_slice(b",\n");
        }
        json::write(&mut self.findings, &Row::new(finding, first))
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let page = self.page(summary)?;
        writeln!(self.out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">")?;
        writeln!(self.out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", policy())?;
        writeln!(self.out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        writeln!(self.out, "<meta name=\"color-scheme\" content=\"light dark\">")?;
        writeln!(self.out, "<meta name=\"referrer\" content=\"no-referrer\">")?;
        writeln!(self.out, "<title>keysieve report</title>\n<style>{STYLE}</style>\n</head>")?;
        self.out.write_all(BODY.as_bytes())?;
        self.out.write_all(b"<script type=\"application/json\" id=\"page\">")?;
        self.out.write_all(&inert(&page))?;
        self.out.write_all(b"</script>\n<script type=\"application/json\" id=\"findings\">[")?;
        self.out.write_all(&inert(&self.findings))?;
        self.out.write_all(b"]</script>\n")?;
        writeln!(self.out, "<script>{SCRIPT}</script>\n</body>\n</html>")?;
        self.out.flush()
    }
}

impl<'a> Row<'a> {
    fn new(finding: &'a Finding, first: &'a Occurrence) -> Self {
        let others = shown(finding).count() - 1;
        Self {
            id: finding.fingerprint.to_string(),
            rule: &finding.rule,
            severity: finding.severity.as_str(),
            confidence: finding.confidence.spoken(),
            sure: sureness(finding),
            secret: shown_text(&finding.shown),
            fails: finding.fails,
            file: place::document(&first.origin, &first.path, str::to_owned),
            place: place::place_from_root(first),
            snippet: place::line(first).map(|location| shown_text(&location.snippet)),
            places: shown(finding).skip(1).take(LISTED_PLACES).map(place::place_from_root).collect(),
            more: others.saturating_sub(LISTED_PLACES),
            with: first.related.iter().map(beside).collect(),
            facts: finding.facts.iter().map(|fact| (&*fact.key, plain(&fact.value))).collect(),
            encodings: first.encodings.iter().map(|encoding| encoding.as_str()).collect(),
            commit: finding.introduction.as_ref().map(Commit::new),
        }
    }
}

impl<'a> Commit<'a> {
    fn new(introduction: &'a Introduction) -> Self {
        Self {
            id: &introduction.commit,
            date: &introduction.date,
            summary: shown_text(&introduction.summary),
            head: introduction.in_head,
            unreachable: introduction.unreachable,
            refs: introduction.refs.iter().map(shown_text).collect(),
        }
    }
}

fn beside(part: &Related) -> String {
    let place = part.location.as_ref().map(|at| format!(" at {}", place::line_and_column(at)));
    format!("{} {}{}", part.description, shown_text(&part.shown), place.unwrap_or_default())
}

fn shown_text(text: &Text) -> String {
    plain(text.as_str())
}

/// JSON undoes its own escapes, so that these are in the text itself.
fn plain(text: &str) -> String {
    Escaped(text).to_string()
}

/// Nothing but this style and this script: no other script, no request, no frame, no form.
/// <https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP>
fn policy() -> String {
    let hash = |text: &str| BASE64.encode(&Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// JSON inside of an element: no character of it is one of HTML's. In JSON they only stand in strings.
fn inert(json: &[u8]) -> Vec<u8> {
    let mut inert = Vec::with_capacity(json.len() + json.len() / 16);
    for &byte in json {
        match byte {
            b'<' | b'>' | b'&' => inert.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => inert.push(byte),
        }
    }
    inert
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_not_markup() {
        let json = inert(br#"{"a":"</script><!--&amp;"}"#);
        assert_eq!(json, br#"{"a":"\u003c/script\u003e\u003c!--\u0026amp;"}"#);
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&json).expect("it is JSON")["a"], "</script><!--&amp;");
    }

    #[test]
    fn the_page_itself_holds_nothing_that_ends_it_early_or_asks_the_network() {
        for part in [STYLE, SCRIPT, BODY] {
            for word in ["</script", "</style", "://", "url(", "@import", "innerHTML", "eval("] {
                assert!(!part.contains(word), "{word}");
            }
        }
    }
}
