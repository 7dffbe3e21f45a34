//! The sweep against git, on a real repository: it sees the objects that git lists, each once and with git's bytes, and the
//! matches of each are those of the scanner over all of it, and of the oracle. Slow, and asked for by name:
//!
//!     KEYSIEVE_AGREEMENT_REPO=DIR cargo test --release --test main -- --ignored agreement
//!
//! `KEYSIEVE_AGREEMENT_SAMPLE=N` asks the oracle, which is slowest, of one object in N only; 1 if it is not set.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use keysieve::engine::{Match, Options, Scanner, Scratch, Trace, reference};
use keysieve::git::Repository;
use keysieve::model::{KindSet, ObjectKind, ObjectName, UnreadReason};
use keysieve::rules::RuleSet;
use keysieve::source::{Object, Sieve};

/// What the sweep saw of an object.
struct Seen {
    kind: ObjectKind,
    bytes: u64,
    matches: Vec<Match>,
    times: u32,
}

/// Keeps what there is to see of each object.
struct Witness<'a>(&'a Scanner);

impl Sieve for Witness<'_> {
    type Kept = Trace;
    type Local = (Scratch, Vec<(String, Seen)>, Vec<String>);

    fn local(&self) -> Self::Local {
        (self.0.scratch(), Vec::new(), Vec::new())
    }

    fn wants(&self, _: ObjectKind) -> bool {
        true
    }

    fn object(&self, (scratch, seen, _): &mut Self::Local, object: Object<'_>, earlier: &Trace) -> Trace {
        let (mut trace, mut matches) = (Trace::default(), Vec::new());
        if object.kind != ObjectKind::Tree {
            trace = self.0.trace(scratch, earlier, object.bytes, object.segments);
            matches = self.0.conclude(scratch, &trace, object.bytes, KindSet::ALL).matches;
        }
        if !object.is_repeated {
            let of = Seen { kind: object.kind, bytes: hash(object.bytes), matches, times: 1 };
            seen.push((object.name().to_string(), of));
        }
        trace
    }

    fn unread(&self, (.., unread): &mut Self::Local, object: Option<ObjectName>, reason: UnreadReason) {
        unread.push(format!("{object:?}: {reason}"));
    }

    fn stopped(&self) -> bool {
        false
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "what is recorded of a run")]
#[ignore = "looks at every object of a repository that KEYSIEVE_AGREEMENT_REPO names"]
fn the_sweep_agrees_with_git() {
    let directory = env::var_os("KEYSIEVE_AGREEMENT_REPO").expect("KEYSIEVE_AGREEMENT_REPO names a repository");
    let sample = env::var("KEYSIEVE_AGREEMENT_SAMPLE").map_or(1, |text| text.parse().expect("a number"));
    let scanner = Scanner::new(RuleSet::builtin(), Options::default());
    let mut seen = swept(&scanner, Path::new(&directory));
    let (mut scratch, mut judged, mut matches) = (scanner.scratch(), 0, 0);
    let total = seen.len();
    each_of_git(&directory, &mut |id, kind, bytes| {
        let Seen { kind: as_kind, bytes: as_bytes, matches: found, times } =
            seen.remove(id).unwrap_or_else(|| panic!("{id} was not swept, or git lists it twice"));
        assert_eq!((as_kind, as_bytes, times), (kind, hash(bytes), 1), "{id}");
        if kind == ObjectKind::Tree {
            return;
        }
        let whole = scanner.scan(&mut scratch, bytes, KindSet::ALL);
        assert_eq!(found, whole.matches, "{id}, against all of it");
        if hash(id.as_bytes()).is_multiple_of(sample) {
            assert_eq!(found, reference::scan(&scanner, bytes, KindSet::ALL), "{id}, against the oracle");
            judged += 1;
        }
        matches += found.len();
    });
    assert_eq!(seen.into_keys().collect::<Vec<_>>(), [""; 0], "git lists no such objects");
    eprintln!("{total} objects agree, {matches} matches; the oracle was asked of {judged}");
}

/// What a sweep sees, by id.
fn swept(scanner: &Scanner, directory: &Path) -> BTreeMap<String, Seen> {
    let repository = Repository::discover(directory).expect("it can be opened").expect("there is a repository");
    let mut all: BTreeMap<String, Seen> = BTreeMap::new();
    for (_, seen, unread) in repository.sweep().expect("its objects can be listed").push(&Witness(scanner)) {
        assert_eq!(unread, [""; 0]);
        for (id, of) in seen {
            all.entry(id).and_modify(|before| before.times += 1).or_insert(of);
        }
    }
    all
}

/// Tells of every object that git lists its id, kind and bytes.
#[expect(clippy::disallowed_methods, reason = "git is what is compared with")]
fn each_of_git(directory: &OsStr, tell: &mut dyn FnMut(&str, ObjectKind, &[u8])) {
    let mut git = Command::new("git");
    git.env("GIT_NO_LAZY_FETCH", "1").arg("-C").arg(directory).args(["cat-file", "--batch-all-objects", "--unordered"]);
    let mut git = git.arg("--batch").stdout(Stdio::piped()).spawn().expect("git is there");
    let mut output = BufReader::new(git.stdout.take().expect("it is piped"));
    let (mut line, mut bytes) = (String::new(), Vec::new());
    while output.read_line(&mut line).expect("git tells of an object") > 0 {
        let [id, kind, size] = line.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{line}") };
        let kind = match kind {
            "blob" => ObjectKind::Blob,
            "tree" => ObjectKind::Tree,
            "commit" => ObjectKind::Commit,
            "tag" => ObjectKind::Tag,
            _ => panic!("{line}"),
        };
        // Behind the bytes stands a line end.
        bytes.resize(size.parse::<usize>().expect("a size") + 1, 0);
        output.read_exact(&mut bytes).expect("git tells the bytes of an object");
        tell(id, kind, &bytes[..bytes.len() - 1]);
        line.clear();
    }
    assert!(git.wait().expect("git ends").success());
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
