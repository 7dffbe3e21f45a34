//! A commit message that is about to be used, as a source: one document, in which what git will surely strip is blanked.
//! That is the text below a scissors line that git wrote, and comment lines if git strips these. Whatever is in doubt is
//! scanned. Blanks take the place of bytes, so that lines and columns are those of the file.
//!
//! Which conventions hold (configuration, environment) is the caller's to find out; nothing of git is read here.

use std::{
    fs,
    io::{self, Read},
    ops::Range,
    path::Path,
};

use bstr::ByteSlice;

use super::{Content, Document, Reopen, Sink, Source, SourceError};
use crate::model::{Excluded, KindSet, Name, Origin, UnreadReason};

/// What git writes after the comment character where the message ends, whatever the language.
const CUT: &[u8] = b" ------------------------ >8 ------------------------";
/// What git begins a diff with; the second with `diff.submodule=log`.
const BEGIN_DIFF: [&[u8]; 2] = [b"diff --", b"Submodule "];
/// What git tries for `core.commentChar=auto`, the first that begins no line of the message.
const AUTOMATIC: &[u8] = b"#;@!$%^&|:";

/// What decides which parts of a message git strips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conventions {
    /// Whether git is known to have had the message edited by a person.
    pub edited: bool,
    /// What becomes of an edited message.
    pub cleanup: Cleanup,
    /// What a comment begins with.
    pub comment: Comment,
}

/// What git does to an edited message before it uses it, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleanup {
    /// Takes out comment lines: `commit.cleanup` is not set, or is `strip` or `default`.
    Comments,
    /// Cuts it at the scissors line, and keeps comment lines above it: `scissors`.
    Scissors,
    /// Keeps comment lines: `whitespace`, `verbatim`, and what is not known.
    Nothing,
}

/// What a comment line begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comment {
    /// This: `core.commentChar` or `core.commentString`.
    Prefix(Vec<u8>),
    /// A character that git chose for this message: `core.commentChar=auto`.
    Automatic,
}

/// A commit message.
#[derive(Debug)]
pub struct Message {
    origin: Origin,
    /// Without what git strips.
    text: Vec<u8>,
    left_out: usize,
    /// Line numbers, in order.
    kept_comments: Vec<usize>,
    unread: Option<UnreadReason>,
}

impl Message {
    /// Reads the file that git names to its hooks, unless it has more bytes than the limit.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(path: &Path, limit: Option<u64>, conventions: &Conventions) -> Result<Self, SourceError> {
        let content = fs::read(path).map_err(|source| SourceError::Path { path: path.to_owned(), source })?;
        let origin = Origin::MessageFile(Name::from_path(path));
        let size = content.len() as u64;
        if let Some(limit) = limit.filter(|&limit| size > limit) {
            let reason = format!("its {size} bytes are more than the limit of {limit}");
            return Ok(Self {
                unread: Some(UnreadReason::Limit(reason)),
                ..Self::new(origin, Vec::new(), conventions)
            });
        }
        Ok(Self::new(origin, content, conventions))
    }

    /// Reads a message from standard input, or from what stands in its place. If that breaks off, what came of it is
    /// scanned, and the rest is unread.
    pub fn from_reader(mut input: impl Read, conventions: &Conventions) -> Self {
        let mut content = Vec::new();
        let failed = input.read_to_end(&mut content).err();
        let unread = failed.map(|error| UnreadReason::Io(format!("reading: {error}")));
        Self { unread, ..Self::new(Origin::Stdin, content, conventions) }
    }

    fn new(origin: Origin, mut content: Vec<u8>, conventions: &Conventions) -> Self {
        let lines = lines(&content);
        let (left_out, kept_comments) = conventions.sort_out(&content, &lines);
        left_out.iter().for_each(|&index| blank(&mut content[lines[index].clone()]));
        let kept_comments = kept_comments.into_iter().map(|index| index + 1).collect();
        Self { origin, text: content, left_out: left_out.len(), kept_comments, unread: None }
    }

    /// Whether the line with this number, counted from 1, looks like a comment, though git may keep it.
    pub fn is_kept_comment(&self, line: usize) -> bool {
        self.kept_comments.binary_search(&line).is_ok()
    }
}

impl Source for Message {
    fn push(&self, sink: &dyn Sink) -> Result<(), SourceError> {
        let mut worker = sink.worker();
        let (origin, content) = (self.origin.clone(), Content::Bytes(&self.text));
        worker.document(Document { origin, kinds: KindSet::PROSE, content });
        (0..self.left_out).for_each(|_| worker.excluded(Excluded::Stripped));
        if let Some(reason) = &self.unread {
            worker.unread(self.origin.clone(), reason.clone());
        }
        Ok(())
    }
}

impl Reopen for Message {
    fn reopen(&self, origin: &Origin) -> io::Result<Box<dyn Read + '_>> {
        if *origin == self.origin {
            return Ok(Box::new(&*self.text));
        }
        Err(io::Error::new(io::ErrorKind::NotFound, "not the message that was read"))
    }
}

impl Conventions {
    /// The lines that git surely strips, and the others that look like comments.
    fn sort_out(&self, content: &[u8], lines: &[Range<usize>]) -> (Vec<usize>, Vec<usize>) {
        let comment = self.comment.prefix(content, lines);
        let is_comment = |line: &[u8]| match comment {
            Some(prefix) => line.starts_with(prefix),
            // Any of these may have been chosen.
            None => line.first().is_some_and(|first| AUTOMATIC.contains(first)),
        };
        let end = comment.filter(|_| self.edited).and_then(|comment| cut(content, lines, comment));
        let end = end.unwrap_or(lines.len());
        let strips_comments = self.edited && self.cleanup == Cleanup::Comments && comment.is_some();
        let comments = (0..end).filter(|&index| is_comment(&content[lines[index].clone()]));
        if strips_comments {
            (comments.chain(end..lines.len()).collect(), Vec::new())
        } else {
            ((end..lines.len()).collect(), comments.collect())
        }
    }
}

impl Comment {
    /// What a comment begins with in this message; none if that cannot be known.
    fn prefix<'a>(&'a self, content: &[u8], lines: &[Range<usize>]) -> Option<&'a [u8]> {
        match self {
            Self::Prefix(prefix) => Some(prefix),
            Self::Automatic => chosen(content, lines),
        }
    }
}

/// The character that git chose, if the message still holds one of the lines that git wrote with it, and of no other:
/// a scissors line, or the hint that names the character in quotes (`# with '#' will be ignored`).
fn chosen(content: &[u8], lines: &[Range<usize>]) -> Option<&'static [u8]> {
    let tells = |character: u8| {
        let quoted = [b'\'', character, b'\''];
        lines
            .iter()
            .map(|range| &content[range.clone()])
            .any(|line| line.strip_prefix(&[character]).is_some_and(|rest| rest == CUT || rest.contains_str(quoted)))
    };
    let mut candidates = AUTOMATIC.chunks_exact(1).filter(|candidate| tells(candidate[0]));
    candidates.next().filter(|_| candidates.next().is_none())
}

/// The line at which git cuts the message: the first scissors line, if it is one that git wrote. It is followed by an
/// explanation in comment lines, and then by comment lines to the end, or by a diff to the end (`--verbose`). A message
/// that was saved with its diff, and is used again, ends in new comments instead, and git does not cut that one.
fn cut(content: &[u8], lines: &[Range<usize>], comment: &[u8]) -> Option<usize> {
    let line = |index: usize| &content[lines[index].clone()];
    let is_comment = |index: usize| line(index).starts_with(comment);
    let scissors = (0..lines.len()).find(|&index| line(index).strip_prefix(comment) == Some(CUT))?;
    let last = (scissors + 1..lines.len()).rev().find(|&index| !line(index).is_empty())?;
    let first_of_diff = (scissors + 1..=last).find(|&index| !is_comment(index));
    let is_explained = first_of_diff != Some(scissors + 1);
    let is_diff = |first: usize| BEGIN_DIFF.iter().any(|begin| line(first).starts_with(begin));
    let is_git_s = first_of_diff.is_none_or(|first| is_diff(first) && !is_comment(last));
    (is_explained && is_git_s).then_some(scissors)
}

/// The lines without their ends.
fn lines(content: &[u8]) -> Vec<Range<usize>> {
    let mut start = 0;
    let with_ends = content.split_inclusive(|&byte| byte == b'\n');
    with_ends
        .map(|line| {
            let range = start..start + line.len() - usize::from(line.ends_with(b"\n"));
            start += line.len();
            range
        })
        .collect()
}

fn blank(line: &mut [u8]) {
    line.iter_mut().filter(|byte| **byte != b'\r').for_each(|byte| *byte = b' ');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::recorder::Recorder;

    const HINT: &str = "# Please enter the commit message for your changes. Lines starting\n\
                        # with '#' will be ignored, and an empty message aborts the commit.\n";
    const EXPLAINED: &str = "# ------------------------ >8 ------------------------\n\
                             # Do not modify or remove the line above.\n\
                             # Everything below it will be ignored.\n";
    const DIFF: &str = "diff --git a/x b/x\n+added\n";

    fn conventions(edited: bool, cleanup: Cleanup, comment: &str) -> Conventions {
        let prefix = |text: &str| Comment::Prefix(text.as_bytes().to_vec());
        Conventions { edited, cleanup, comment: if comment == "auto" { Comment::Automatic } else { prefix(comment) } }
    }

    fn usual() -> Conventions {
        conventions(true, Cleanup::Comments, "#")
    }

    /// The lines that are scanned, with a `?` before those that may be comments.
    fn scanned(content: &str, conventions: &Conventions) -> Vec<String> {
        let message = Message::from_reader(content.as_bytes(), conventions);
        let recorder = Recorder::default();
        message.push(&recorder).expect("it was read");
        let text = std::str::from_utf8(&message.text).expect("it was UTF-8");
        assert_eq!(recorder.documents(), [format!("stdin: {text}")]);
        assert_eq!(text.len(), content.len(), "offsets are those of the file");
        let left_out = text.lines().zip(content.lines()).filter(|(a, b)| a != b).count();
        assert_eq!(recorder.excluded(Excluded::Stripped), left_out as u64);
        let mark = |line: usize| if message.is_kept_comment(line + 1) { "?" } else { "" };
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        lines.map(|(index, line)| format!("{}{line}", mark(index))).collect()
    }

    #[test]
    fn comments_of_an_edited_message_are_left_out() {
        let text = format!("subject\n\nbody # not a comment\n #nor this\n{HINT}#\n# a comment");
        assert_eq!(scanned(&text, &usual()), ["subject", "body # not a comment", " #nor this"]);
    }

    #[test]
    fn comments_that_git_keeps_are_scanned() {
        let text = "subject\n# body\n";
        for kept in [
            conventions(false, Cleanup::Comments, "#"),
            conventions(true, Cleanup::Nothing, "#"),
            conventions(true, Cleanup::Scissors, "#"),
        ] {
            assert_eq!(scanned(text, &kept), ["subject", "?# body"], "{kept:?}");
        }
        assert_eq!(scanned(text, &conventions(true, Cleanup::Comments, "//")), ["subject", "# body"]);
        assert_eq!(scanned("// a\n# b\n", &conventions(true, Cleanup::Comments, "//")), ["# b"]);
    }

    #[test]
    fn what_is_below_the_scissors_is_left_out() {
        for cleanup in [Cleanup::Comments, Cleanup::Scissors, Cleanup::Nothing] {
            let edited = conventions(true, cleanup, "#");
            assert_eq!(scanned(&format!("subject\n{EXPLAINED}{DIFF}"), &edited), ["subject"]);
            assert_eq!(scanned(&format!("subject\n{EXPLAINED}{HINT}#\n# On branch\n"), &edited), ["subject"]);
            assert_eq!(scanned(&format!("subject\n{EXPLAINED}{HINT}#\n{DIFF}"), &edited), ["subject"]);
            assert_eq!(scanned(&format!("{EXPLAINED}{DIFF}"), &edited), [""; 0]);
            let two_diffs = format!("subject\n{EXPLAINED}# To be committed:\n{DIFF}# ---\n# Not staged:\n{DIFF}");
            assert_eq!(scanned(&two_diffs, &edited), ["subject"]);
        }
    }

    #[test]
    fn scissors_that_git_did_not_write_cut_nothing() {
        let kept = conventions(true, Cleanup::Nothing, "#");
        let bare = "# ------------------------ >8 ------------------------\n";
        for text in [
            format!("subject\n{bare}body\n"),
            format!("subject\n{bare}"),
            format!("subject\n x{bare}{DIFF}"),
            format!("subject\n{EXPLAINED}body\n"),
            format!("subject\n{EXPLAINED}{DIFF}{HINT}"),
            format!("subject\n#{EXPLAINED}{DIFF}"),
        ] {
            assert_eq!(scanned(&text, &kept).len(), text.lines().count(), "{text}");
        }
        let unedited = conventions(false, Cleanup::Scissors, "#");
        assert_eq!(scanned(&format!("subject\n{EXPLAINED}{DIFF}"), &unedited).len(), 6);
    }

    #[test]
    fn an_automatic_character_is_the_one_that_git_wrote_with() {
        let automatic = conventions(true, Cleanup::Comments, "auto");
        let hint = HINT.replace('#', ";");
        assert_eq!(
            scanned(&format!("#1 subject\n; a comment\n{hint}"), &automatic),
            ["?#1 subject"].map(|line| &line[1..])
        );
        assert_eq!(scanned("subject\n# body\n; body\n", &automatic), ["subject", "?# body", "?; body"]);
        let both = format!("{HINT}{hint}");
        assert_eq!(scanned(&both, &automatic).len(), 4, "it could be either");
        let scissors = EXPLAINED.replace('#', "@");
        assert_eq!(scanned(&format!("subject\n{scissors}{DIFF}"), &automatic), ["subject"]);
    }

    #[test]
    fn line_ends_stay_where_they_are() {
        let message = Message::from_reader(&b"a\r\n#b\r\n\n#c"[..], &usual());
        assert_eq!(message.text.as_bstr(), "a\r\n  \r\n\n  ");
        assert_eq!(Message::from_reader(&b""[..], &usual()).text, b"");
    }

    #[test]
    fn of_a_broken_pipe_the_part_that_came_is_scanned() {
        struct Breaks;
        impl Read for Breaks {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let recorder = Recorder::default();
        let message = Message::from_reader((&b"abc"[..]).chain(Breaks), &usual());
        message.push(&recorder).expect("a part of it was read");
        assert_eq!((recorder.documents(), recorder.unread().len()), (vec!["stdin: abc".to_owned()], 1));
    }
}
