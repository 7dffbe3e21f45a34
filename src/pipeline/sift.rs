//! The first pass over an object database: which objects hold something, if they were files of every kind. Few do, and
//! only for these is it worth while to find out what they are called and which commit brought them in.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{Progress, archive};
use crate::engine::{Held, Scanner, Scratch, Trace};
use crate::model::{KindSet, ObjectKind, ObjectName, UnreadReason};
use crate::rules::{FileMatch, Matcher};
use crate::source::{Object, Sieve};

/// Parts of what objects hold that a thread keeps, some hundred bytes each; of an object beyond that it is found again.
const MOST_HELD: usize = 1 << 15;

/// What the first pass saw.
#[derive(Debug, Default)]
pub struct Sifted {
    /// The objects that hold something, by id.
    pub holding: Vec<(ObjectName, ObjectKind)>,
    /// What most of these hold, by id in hexadecimal.
    pub(super) held: BTreeMap<String, Held>,
    /// Objects that were looked at.
    pub objects: u64,
    /// Bytes of these.
    pub bytes: u64,
    /// Those of them that are archives, which are not opened.
    pub(super) archives: u64,
    /// What could not be read, by id; without one, a part of the database.
    pub unread: Vec<(Option<ObjectName>, UnreadReason)>,
}

impl Sifted {
    /// The sum of what each thread saw.
    pub fn of(parts: impl IntoIterator<Item = Sifting>) -> Self {
        let mut sum = Self::default();
        for Sifting { seen, .. } in parts {
            sum.holding.extend(seen.holding);
            sum.held.extend(seen.held);
            sum.unread.extend(seen.unread);
            sum.objects += seen.objects;
            sum.bytes += seen.bytes;
            sum.archives += seen.archives;
        }
        sum.holding.sort_unstable();
        sum.unread.sort_by_key(|(id, reason)| (*id, reason.to_string()));
        sum
    }
}

/// Sifts objects with a scanner, each by what it does not share with the one that it is made of.
pub struct Sifter<'a> {
    scanner: &'a Scanner,
    /// What the rules for whole files ask for.
    files: Vec<&'a FileMatch>,
    progress: &'a dyn Progress,
    interrupted: &'a AtomicBool,
    /// Buffers that no thread is using.
    spare: Mutex<Vec<Scratch>>,
}

/// The buffers of one thread, and what it saw.
#[derive(Debug)]
pub struct Sifting {
    scratch: Scratch,
    seen: Sifted,
    /// Parts of what is held.
    parts_held: usize,
}

impl<'a> Sifter<'a> {
    /// A sieve that tells `progress` of each object, until `interrupted` is set.
    pub fn new(scanner: &'a Scanner, progress: &'a dyn Progress, interrupted: &'a AtomicBool) -> Self {
        let files = scanner.rules().rules().iter().filter_map(|rule| match &rule.matcher {
            Matcher::File(file) => Some(file),
            Matcher::Regex { .. } | Matcher::Structure(_) | Matcher::Known => None,
        });
        Self { scanner, files: files.collect(), progress, interrupted, spare: Mutex::default() }
    }

    /// Whether some rule for whole files looks at files with this name.
    pub fn wants_file(&self, name: &[u8]) -> bool {
        self.files.iter().any(|file| file.matches_name(name))
    }

    /// Whether a name of a file or directory holds something itself.
    pub fn holds_something(&self, name: &[u8]) -> bool {
        let spare = || self.spare.lock().unwrap_or_else(PoisonError::into_inner);
        let known = spare().pop();
        let mut scratch = known.unwrap_or_else(|| self.scanner.scratch());
        let found = self.scanner.scan(&mut scratch, name, KindSet::ALL);
        spare().push(scratch);
        !found.matches.is_empty()
    }

    /// Notes an object if it holds something.
    fn look(&self, local: &mut Sifting, object: Object<'_>, trace: &Trace) {
        if trace.is_clean() || object.is_repeated {
            return;
        }
        let held = self.scanner.held(&mut local.scratch, trace, object.bytes);
        if held.is_empty() {
            return;
        }
        let found = self.scanner.settle(&local.scratch, held.clone(), KindSet::ALL);
        if found.matches.is_empty() && !found.overflow {
            return;
        }
        local.seen.holding.push((object.name(), object.kind));
        if local.parts_held + held.len() <= MOST_HELD {
            local.parts_held += held.len();
            local.seen.held.insert(object.name().to_string(), held);
        }
    }
}

impl Sieve for Sifter<'_> {
    type Kept = Trace;
    type Local = Sifting;

    fn local(&self) -> Sifting {
        Sifting { scratch: self.scanner.scratch(), seen: Sifted::default(), parts_held: 0 }
    }

    fn wants(&self, kind: ObjectKind) -> bool {
        kind != ObjectKind::Tree
    }

    fn object(&self, local: &mut Sifting, object: Object<'_>, earlier: &Trace) -> Trace {
        let trace = self.scanner.trace(&mut local.scratch, earlier, object.bytes, object.segments);
        self.look(local, object, &trace);
        if !object.is_repeated {
            local.seen.objects += 1;
            local.seen.bytes += object.bytes.len() as u64;
            local.seen.archives += u64::from(object.kind == ObjectKind::Blob && archive::is_packed(object.bytes));
            self.progress.scanned(object.bytes.len() as u64);
        }
        trace
    }

    fn stream(&self, local: &mut Sifting, id: ObjectName, content: &mut dyn Read) -> io::Result<()> {
        let mut head = Vec::new();
        let head_read = Read::take(&mut *content, archive::HEAD as u64).read_to_end(&mut head);
        local.seen.archives += u64::from(archive::is_packed(&head));
        let rest: &mut dyn Read = if head_read.is_ok() { content } else { &mut io::empty() };
        let (found, read) = self.scanner.scan_stream(&mut local.scratch, &mut head.chain(rest), KindSet::ALL);
        if !found.matches.is_empty() || found.overflow {
            local.seen.holding.push((id, ObjectKind::Blob));
        }
        local.seen.objects += 1;
        local.seen.bytes += found.bytes;
        self.progress.scanned(found.bytes);
        head_read.and(read)
    }

    fn unread(&self, local: &mut Sifting, object: Option<ObjectName>, reason: UnreadReason) {
        local.seen.unread.push((object, reason));
    }

    fn stopped(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    fn expects(&self, stored: u64) {
        self.progress.expects(stored);
    }

    fn went_through(&self, stored: u64) {
        self.progress.went_through(stored);
    }
}

impl std::fmt::Debug for Sifter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sifter").field("scanner", self.scanner).finish_non_exhaustive()
    }
}
