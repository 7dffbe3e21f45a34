//! `--scan`: which documents each of its forms looks at, and looking at them, on all processors if there are many.

use std::{
    cmp::Ordering,
    ffi::OsStr,
    fs::File,
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use bstr::{BString, ByteSlice, ByteVec};
use ignore::WalkBuilder;
use rayon::prelude::*;

use super::{
    Error,
    grep::{Binary, Grep, Line},
    patterns::Wanted,
    report::Report,
    untracked,
};
use crate::git::porcelain::{Entry, Id, Pathspecs, Place, Reader, Share, c_quoted};

/// What grep calls standard input.
const STDIN: &[u8] = b"(standard input)";
/// Documents that are searched before their lines are printed: enough to keep all processors busy.
const BATCH: usize = 4096;
/// Fewer documents than this are searched at once and in place: starting threads would take longer.
const FEW: usize = 16;

/// The status that grep has if a file cannot be read.
const GREP_FAILED: u8 = 2;
/// The status that git has if something is wrong.
const GIT_FAILED: u8 = 128;

/// What `--scan` was asked for.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) recursive: bool,
    pub(super) cached: bool,
    pub(super) no_index: bool,
    pub(super) untracked: bool,
    pub(super) files: Vec<Vec<u8>>,
}

impl Request {
    /// Whether git would choose the files, not grep.
    pub(super) fn is_for_git(&self) -> bool {
        self.files.is_empty() || self.cached || self.no_index || self.untracked
    }
}

/// A document, and what it is called.
pub(super) struct Document {
    pub(super) label: BString,
    pub(super) content: Content,
}

/// Where the bytes of a document are.
pub(super) enum Content {
    /// A file that was named: it must be there, and a directory is left out.
    Named(PathBuf),
    /// A file that git knows of: it may have been removed, or replaced by something else.
    Tracked(PathBuf),
    Blob(Id),
}

/// A scan: with what, where to, and where.
pub(super) struct Scan<'s, 'r> {
    pub(super) wanted: &'s Wanted,
    pub(super) report: &'s mut Report<'r>,
    pub(super) place: Option<&'s Place>,
    pub(super) input: &'s mut dyn Read,
}

impl Scan<'_, '_> {
    /// Does what was asked for.
    pub(super) fn run(&mut self, request: &Request) -> Result<(), Error> {
        let Request { recursive, cached, no_index, untracked, files } = request;
        if !request.is_for_git() {
            return self.files(files, *recursive);
        }
        match (*no_index, *cached, *untracked) {
            (true, true, _) => {
                Err(Error::Usage("fatal: options '--cached' and '--no-index' cannot be used together".to_owned()))
            }
            (_, true, true) => {
                Err(Error::Usage("fatal: options '--cached' and '--untracked' cannot be used together".to_owned()))
            }
            (true, ..) => self.beside_git(files),
            (_, true, _) => self.index(files),
            (_, _, true) => self.with_untracked(files),
            _ => self.tracked(files),
        }
    }

    /// The files that were named, as grep would read them.
    fn files(&mut self, files: &[Vec<u8>], recursive: bool) -> Result<(), Error> {
        let mut documents = Vec::new();
        for file in files {
            let path = file.to_path_lossy();
            if file == b"-" {
                self.documents(&documents)?;
                documents.clear();
                self.standard_input()?;
            } else if recursive && path.is_dir() {
                self.descend(&path, &mut documents);
            } else {
                documents.push(Document { label: file.as_bstr().into(), content: Content::Named(path.into_owned()) });
            }
        }
        self.documents(&documents)
    }

    fn standard_input(&mut self) -> Result<(), Error> {
        let lines = Grep::new(self.wanted).lines(&mut *self.input, Binary::Skip);
        match lines {
            Ok(lines) => self.report.lines(b"", STDIN, &lines),
            Err(error) => {
                self.report.unread(&format!("git-secrets: {}: {error}", STDIN.as_bstr()), GREP_FAILED);
                Ok(())
            }
        }
    }

    /// The regular files below a directory, sorted; links in it are not followed.
    fn descend(&mut self, directory: &Path, documents: &mut Vec<Document>) {
        let by_name: fn(&OsStr, &OsStr) -> Ordering = OsStr::cmp;
        for entry in WalkBuilder::new(directory).standard_filters(false).sort_by_file_name(by_name).build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    let label = Vec::from_path_lossy(entry.path()).into_owned().into();
                    documents.push(Document { label, content: Content::Named(entry.into_path()) });
                }
                Ok(_) => {}
                Err(error) => self.report.unread(&format!("git-secrets: {error}"), GREP_FAILED),
            }
        }
    }

    /// The files on disk that git tracks.
    pub(super) fn tracked(&mut self, specs: &[Vec<u8>]) -> Result<(), Error> {
        let place = self.place.ok_or(Error::NoRepository)?;
        let top = place.top().ok_or(Error::NoWorkTree)?;
        let specs = Pathspecs::parse(specs, top, place.prefix())?;
        let mut documents = Vec::new();
        for entry in place.tracked(&place.objects()?.reader(), &|path| specs.matches(path))? {
            let label = shown(place, &entry.path);
            if entry.assumed_unchanged {
                documents.push(Document { label: label.clone(), content: Content::Blob(entry.id) });
            }
            let path = top.join(entry.path.to_path_lossy());
            documents.push(Document { label, content: Content::Tracked(path) });
        }
        // Each version of a conflict names the same file.
        documents.dedup_by(|a, b| a.label == b.label && a.content.is_file() && b.content.is_file());
        self.documents(&documents)
    }

    /// What is staged.
    fn index(&mut self, specs: &[Vec<u8>]) -> Result<(), Error> {
        let place = self.place.ok_or(Error::NoRepository)?;
        let specs = Pathspecs::parse(specs, place.top().unwrap_or(Path::new("")), place.prefix())?;
        let entries = place.tracked(&place.objects()?.reader(), &|path| specs.matches(path))?;
        self.entries(&entries)
    }

    /// Entries of the index, as they are in the object database.
    pub(super) fn entries(&mut self, entries: &[Entry]) -> Result<(), Error> {
        let place = self.place.ok_or(Error::NoRepository)?;
        let document = |entry: &Entry| Document { label: shown(place, &entry.path), content: Content::Blob(entry.id) };
        self.documents(&entries.iter().map(document).collect::<Vec<_>>())
    }

    /// The files on disk that git does not ignore.
    fn with_untracked(&mut self, specs: &[Vec<u8>]) -> Result<(), Error> {
        let place = self.place.ok_or(Error::NoRepository)?;
        let top = place.top().ok_or(Error::NoWorkTree)?;
        let specs = Pathspecs::parse(specs, top, place.prefix())?;
        let found = untracked::files(self.wanted, top, true)?;
        self.found_on_disk(found, &specs, |path| shown(place, path))
    }

    /// The files of the current directory, ignored or not, whether it is in a repository or not.
    fn beside_git(&mut self, specs: &[Vec<u8>]) -> Result<(), Error> {
        let here = std::env::current_dir().and_then(dunce::canonicalize);
        let here = here.map_err(|source| Error::File { doing: "finding", path: PathBuf::from("."), source })?;
        let specs = Pathspecs::parse(specs, &here, b"")?;
        let quotes = self.place.is_none_or(Place::quotes_beyond_ascii);
        let found = untracked::files(self.wanted, &here, false)?;
        self.found_on_disk(found, &specs, |path| c_quoted(path, quotes).into())
    }

    fn found_on_disk(
        &mut self,
        found: untracked::Found,
        specs: &Pathspecs,
        label: impl Fn(&[u8]) -> BString,
    ) -> Result<(), Error> {
        for (path, lines) in found.lines {
            if specs.matches(&path) {
                self.report.lines(b"", &label(&path), &lines)?;
            }
        }
        for (path, reason) in found.unread {
            if specs.matches(&path) {
                self.report.unread(&format!("error: '{}': {reason}", path.as_bstr()), GIT_FAILED);
            }
        }
        Ok(())
    }

    /// Searches documents and prints their lines in the order given.
    pub(super) fn documents(&mut self, documents: &[Document]) -> Result<(), Error> {
        let has_blobs = documents.iter().any(|document| matches!(document.content, Content::Blob(_)));
        let share = self.place.filter(|_| has_blobs).map(Place::objects).transpose()?;
        let start = || (Grep::new(self.wanted), share.as_ref().map(Share::reader));
        for batch in documents.chunks(BATCH) {
            let results: Vec<_> = if batch.len() < FEW {
                let (mut grep, reader) = start();
                batch.iter().map(|document| search(&mut grep, reader.as_ref(), document)).collect()
            } else {
                let each =
                    |(grep, reader): &mut (Grep<'_>, Option<Reader>), document| search(grep, reader.as_ref(), document);
                batch.par_iter().map_init(start, each).collect()
            };
            for (document, result) in batch.iter().zip(results) {
                match result {
                    Ok(lines) => self.report.lines(b"", &document.label, &lines)?,
                    Err((message, status)) => self.report.unread(&message, status),
                }
            }
        }
        Ok(())
    }
}

impl Content {
    fn is_file(&self) -> bool {
        matches!(self, Self::Tracked(_))
    }
}

/// A path below the top as git shows it in the current directory.
fn shown(place: &Place, path: &[u8]) -> BString {
    c_quoted(&relative(path, place.prefix()), place.quotes_beyond_ascii()).into()
}

/// `path` as seen from the directory `prefix`, both below the top.
fn relative(path: &[u8], prefix: &[u8]) -> Vec<u8> {
    let common = prefix.iter().zip(path).take_while(|(a, b)| a == b).count();
    let common = prefix[..common].rfind_byte(b'/').map_or(0, |slash| slash + 1);
    let up = prefix[common..].find_iter("/").count();
    [b"../".repeat(up), path[common..].to_vec()].concat()
}

/// The matching lines of a document, or what is to be said and the status that follows from it.
fn search(grep: &mut Grep<'_>, reader: Option<&Reader>, document: &Document) -> Result<Vec<Line>, (String, u8)> {
    let label = &document.label;
    let of_grep = |error: &io::Error| (format!("git-secrets: {label}: {error}"), GREP_FAILED);
    let of_git = |error: &dyn std::fmt::Display| (format!("error: '{label}': {error}"), GIT_FAILED);
    match &document.content {
        Content::Named(path) => named(grep, path).map_err(|error| of_grep(&error)),
        Content::Tracked(path) => tracked(grep, path).map_err(|error| of_git(&error)),
        Content::Blob(id) => {
            let reader = reader.ok_or_else(|| of_git(&Error::NoRepository))?;
            let blob = reader.blob(*id).map_err(|error| of_git(&error))?;
            grep.lines(&blob[..], Binary::Skip).map_err(|error| of_git(&error))
        }
    }
}

fn named(grep: &mut Grep<'_>, path: &Path) -> io::Result<Vec<Line>> {
    if path.is_dir() {
        return Ok(Vec::new());
    }
    grep.lines(File::open(path)?, Binary::Skip)
}

fn tracked(grep: &mut Grep<'_>, path: &Path) -> io::Result<Vec<Line>> {
    let gone = |error: &io::Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_file() => grep.lines(File::open(path)?, Binary::Skip),
        Ok(_) => Ok(Vec::new()),
        Err(error) if gone(&error) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_the_current_directory() {
        for (path, prefix, expect) in [
            ("a/b", "", "a/b"),
            ("a/b", "a/", "b"),
            ("a/b", "c/d/", "../../a/b"),
            ("ab/c", "a/", "../ab/c"),
            ("a/b/c", "a/x/", "../b/c"),
        ] {
            assert_eq!(relative(path.as_bytes(), prefix.as_bytes()).as_bstr(), expect);
        }
    }
}
