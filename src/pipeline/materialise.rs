//! Places for people, for the findings that are reported: their documents are opened once more, and every occurrence
//! gets its masked path, its line and column, its snippet. Documents without a finding that survived stay closed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Read};

use rayon::prelude::*;

use super::Run;
use super::collect::Hit;
use super::locate::{Target, locate};
use crate::model::{Finding, KindSet, Location, Mask, Origin, Secret, Span, Text, UnreadReason};

/// A document with fewer bytes is opened once and held, rather than opened for each reading: to open an object is to unpack it.
const MOST_HELD: u64 = 4 << 20;

/// What could not be located, and why: the document is gone, or no longer what was scanned.
pub(super) type Gone = Vec<(Origin, UnreadReason)>;

/// Fills in paths and locations. The findings stay even if their document is gone by now; that is told instead.
pub(super) fn fill_in(run: &Run<'_>, hits: &[Hit], findings: &mut [Finding], mask: &dyn Mask) -> Gone {
    let mut paths: BTreeMap<Origin, Text> = BTreeMap::new();
    for occurrence in findings.iter_mut().flat_map(|finding| &mut finding.occurrences) {
        let known = paths.entry(occurrence.origin.clone());
        occurrence.path = known.or_insert_with(|| path(&occurrence.origin, mask)).clone();
    }
    let mut wanted: BTreeMap<&Origin, Vec<Target<'_>>> = BTreeMap::new();
    for finding in &*findings {
        for occurrence in &finding.occurrences {
            wanted.entry(&occurrence.origin).or_default().extend(targets(finding, occurrence));
        }
    }
    let hidden: BTreeMap<&Origin, &[Span]> = hits.iter().map(|hit| (&hit.origin, &hit.hidden[..])).collect();
    let located = |(origin, targets): (&Origin, Vec<Target<'_>>)| {
        let hidden = hide(run, origin, hidden.get(origin).copied());
        (origin.clone(), hidden.and_then(|hidden| places(run, origin, &targets, &hidden)))
    };
    // To start threads takes longer than to locate something in one document.
    let located: Vec<(Origin, Result<Places, UnreadReason>)> = match wanted.len() {
        0 | 1 => wanted.into_iter().map(located).collect(),
        _ => wanted.into_par_iter().map(located).collect(),
    };

    let mut known: BTreeMap<Origin, Places> = BTreeMap::new();
    let mut gone = Vec::new();
    for (origin, outcome) in located {
        match outcome {
            Ok(places) if places.values().any(Option::is_none) => {
                gone.push((origin.clone(), UnreadReason::Changed));
                known.insert(origin, places);
            }
            Ok(places) => drop(known.insert(origin, places)),
            Err(reason) => gone.push((origin, reason)),
        }
    }
    for occurrence in findings.iter_mut().flat_map(|finding| &mut finding.occurrences) {
        let Some(places) = known.get(&occurrence.origin) else { continue };
        occurrence.location = places.get(&occurrence.span).cloned().flatten();
        for part in &mut occurrence.related {
            part.location = places.get(&part.span).cloned().flatten();
        }
    }
    gone
}

/// The masked path of a document; empty if it has none.
pub(super) fn path(origin: &Origin, mask: &dyn Mask) -> Text {
    origin.path().map(|name| Text::new(name.expose(), mask)).unwrap_or_default()
}

/// By span; None where something else stands by now.
type Places = BTreeMap<Span, Option<Location>>;

fn targets<'a>(finding: &'a Finding, occurrence: &'a crate::model::Occurrence) -> impl Iterator<Item = Target<'a>> {
    let encoding = occurrence.encodings.first().copied();
    let target = move |span: Span, secret: &'a Secret| Target {
        span,
        encoding,
        secret: (encoding.is_none() && secret.len() == span.len()).then_some(secret),
    };
    let related = occurrence.related.iter().map(move |part| target(part.span, &part.secret));
    std::iter::once(target(occurrence.span, &finding.secret)).chain(related)
}

/// Everything that must not be shown of a document, in which the scanner found `hidden`, if it found something. Rules that
/// were not asked for have a say in it too.
fn hide<'h>(run: &Run<'_>, origin: &Origin, hidden: Option<&'h [Span]>) -> Result<Cow<'h, [Span]>, UnreadReason> {
    if run.info.show_secrets {
        return Ok(Cow::Borrowed(&[]));
    }
    if let Some(hidden) = hidden.filter(|_| std::ptr::eq(run.scanner, run.masker)) {
        return Ok(Cow::Borrowed(hidden));
    }
    let mut input = reopen(run, origin).map_err(|error| again(&error))?;
    let (scanned, read) = run.masker.scan_stream(&mut run.masker.scratch(), &mut input, KindSet::ALL);
    read.map_err(|error| again(&error))?;
    Ok(Cow::Owned([hidden.unwrap_or_default(), &scanned.hidden].concat()))
}

/// The document's bytes once more. What a change adds to a file was read before, wherever that is.
fn reopen<'r>(run: &'r Run<'_>, origin: &Origin) -> io::Result<Box<dyn Read + 'r>> {
    match run.accepted.added.iter().find(|added| added.origin == *origin) {
        Some(added) => Ok(Box::new(&*added.content)),
        None => run.source.reopen(origin),
    }
}

fn again(error: &io::Error) -> UnreadReason {
    UnreadReason::Io(format!("opening it again for line numbers: {error}"))
}

fn places(run: &Run<'_>, origin: &Origin, targets: &[Target<'_>], hidden: &[Span]) -> Result<Places, UnreadReason> {
    let mut whole = Vec::new();
    let read = reopen(run, origin).and_then(|input| input.take(MOST_HELD).read_to_end(&mut whole));
    let is_whole = read.map_err(|error| again(&error))? < MOST_HELD as usize;
    let mut open = || if is_whole { Ok(Box::new(&whole[..]) as Box<dyn Read + '_>) } else { reopen(run, origin) };
    let located = locate(&mut open, targets, hidden).map_err(|error| again(&error))?;
    Ok(targets.iter().map(|target| target.span).zip(located).collect())
}
