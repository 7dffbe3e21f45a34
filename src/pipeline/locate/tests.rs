//! The locator against text that is awkward to count: line ends, byte order marks, wide and broken characters; and against
//! the naive version of itself.

use std::io::{self, Read};

use proptest::prelude::*;

use super::{Target, locate, naive};
use crate::model::{Encoding, Location, Secret, Span};

/// Gives its bytes in pieces of at most `step`, with an interruption before each.
struct Pieces<'a> {
    bytes: &'a [u8],
    step: usize,
    interrupt: bool,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupt = !self.interrupt;
        if self.interrupt {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let len = self.step.min(buffer.len()).min(self.bytes.len());
        buffer[..len].copy_from_slice(&self.bytes[..len]);
        self.bytes = &self.bytes[len..];
        Ok(len)
    }
}

fn at(start: usize, end: usize) -> Target<'static> {
    Target { span: Span::new(start, end), encoding: None, secret: None }
}

fn located(document: &[u8], targets: &[Target<'_>], hidden: &[Span]) -> Vec<Option<Location>> {
    locate(&mut || Ok(Box::new(document)), targets, hidden).expect("reading from memory")
}

/// Start and end as `line:column-line:column`, and the snippet.
fn shown(document: &[u8], start: usize, end: usize) -> (String, String) {
    let hidden = [Span::new(start, end)];
    let place = located(document, &[at(start, end)], &hidden).remove(0).expect("the target is in the document");
    let Location { start_line, start_column, end_line, end_column, snippet, .. } = place;
    (format!("{start_line}:{start_column}-{end_line}:{end_column}"), snippet.as_str().to_owned())
}

fn expect(document: &[u8], needle: &[u8], place: &str, snippet: &str) {
    let start = memchr::memmem::find(document, needle).expect("the needle is in the document");
    assert_eq!(shown(document, start, start + needle.len()), (place.to_owned(), snippet.to_owned()));
}

#[test]
fn counts_lines_and_code_points() {
    expect(b"a = KEY\n", b"KEY", "1:5-1:8", "a = ***");
    expect(b"one\ntwo\n  KEY", b"KEY", "3:3-3:6", "  ***");
    expect("gr\u{fc}\u{df}e \u{1f511} KEY!".as_bytes(), b"KEY", "1:9-1:12", "gr\u{fc}\u{df}e \u{1f511} ***!");
    expect(b"KEY", b"KEY", "1:1-1:4", "***");
    expect(b"ONE\nTWO\nthree", b"E\nTWO\n", "1:3-3:1", "ON*");
}

#[test]
fn a_line_ends_at_lf_and_crlf_only() {
    expect(b"one\r\nKEY\r\n", b"KEY", "2:1-2:4", "***");
    expect(b"10%\r20%\rKEY\n", b"KEY", "1:9-1:12", "10%\r20%\r***");
}

#[test]
fn each_invalid_byte_is_a_column() {
    expect(b"\xff\xc3KEY\xff", b"KEY\xff", "1:3-1:7", "\u{fffd}\u{fffd}******");
    // Three of the four bytes of a character: one replacement, three columns.
    expect(b"\xf0\x9f\x94KEY", b"KEY", "1:4-1:7", "\u{fffd}***");
}

#[test]
fn a_byte_order_mark_is_no_column() {
    expect(b"\xef\xbb\xbfKEY", b"KEY", "1:1-1:4", "***");
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn utf16_is_read_as_what_it_is() {
    let text = "\u{feff}one\r\n\u{1f511} KEY \u{a0a}\n";
    for unit in [u16::to_le_bytes, u16::to_be_bytes] {
        expect(&utf16(text, unit), &utf16("KEY", unit), "2:3-2:6", "\u{1f511} *** \u{a0a}");
    }
}

#[test]
fn utf16_without_a_mark_is_known_by_its_targets() {
    let document = utf16("one\nKEY\n", u16::to_le_bytes);
    let target = Target { encoding: Some(Encoding::Utf16Le), ..at(8, 14) };
    let place = located(&document, &[target], &[])[0].clone().expect("the target is in the document");
    assert_eq!((place.start_line, place.start_column, place.end_column, place.snippet.as_str()), (2, 1, 4, "KEY"));
    // One target that is not in UTF-16, and the document is taken as bytes.
    let place = located(&document, &[target, at(0, 2)], &[])[0].clone().expect("the target is in the document");
    assert_eq!((place.start_line, place.start_column), (2, 2));
}

#[test]
fn a_long_line_is_cut_at_characters() {
    let document = format!("{}KEY{}", "\u{e9}".repeat(1000), "\u{20ac}".repeat(1000));
    let snippet = format!("…{}***{}…", "\u{e9}".repeat(40), "\u{20ac}".repeat(39));
    expect(document.as_bytes(), b"KEY", "1:1001-1:1004", &snippet);
}

#[test]
fn a_line_that_just_fits_is_not_cut() {
    let document = format!("\n{}KEY{}\r\nrest", "a".repeat(80), "b".repeat(116));
    let snippet = format!("{}***{}", "a".repeat(80), "b".repeat(116));
    expect(document.as_bytes(), b"KEY", "2:81-2:84", &snippet);
}

#[test]
fn everything_hidden_is_blanked_in_every_snippet() {
    let document = b"user = NAME, password = WORD";
    let hidden = [Span::new(24, 28), Span::new(7, 11), Span::new(8, 9)];
    for place in located(document, &[at(24, 28), at(7, 11)], &hidden) {
        assert_eq!(place.expect("the target is in the document").snippet.as_str(), "user = ****, password = ****");
    }
}

#[test]
fn a_document_that_is_shorter_now_has_changed() {
    let places = located(b"one KEY", &[at(4, 7), at(4, 8), at(100, 103)], &[]);
    assert_eq!(places.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn a_secret_that_moved_has_changed() {
    let secret = Secret::new(*b"KEY");
    let target = Target { secret: Some(&secret), ..at(4, 7) };
    assert!(located(b"one KEY two", &[target], &[])[0].is_some());
    assert!(located(b"four KEY", &[target], &[])[0].is_none());
    assert!(located(b"one KE", &[target], &[])[0].is_none());
}

#[test]
fn a_reading_error_is_returned() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let error = locate(&mut || Ok(Box::new(Broken)), &[at(0, 1)], &[]).expect_err("the reader fails");
    assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
}

/// Hashes of all lines as reports write them. The values were computed by GitHub's upload action.
fn line_hashes(document: &str, line_starts: &[usize]) -> Vec<String> {
    let targets: Vec<_> = line_starts.iter().map(|&start| at(start, start)).collect();
    let hash = |place: Option<Location>| place.and_then(|place| place.line_hash).expect("the document is not shorter");
    let places = located(document.as_bytes(), &targets, &[]);
    places.into_iter().map(hash).map(|(hash, count)| format!("{hash:x}:{count}")).collect()
}

#[test]
fn line_hashes_are_those_of_github() {
    assert_eq!(line_hashes("", &[0]), ["c129715d7a2bc9a3:1"]);
    assert_eq!(
        line_hashes(" a\nb\n  \t\tc\n d", &[1, 3, 5, 11]),
        ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
    );
    assert_eq!(
        line_hashes(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", &[1, 10, 20, 21, 26, 37, 42]),
        [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1"
        ]
    );
}

#[test]
fn equal_lines_are_counted() {
    let line = "Lorem ipsum dolor sit amet.\n";
    let starts: Vec<usize> = (0..=10).map(|nth| nth * line.len()).collect();
    assert_eq!(
        line_hashes(&line.repeat(10), &starts),
        [
            "a7f2ff13bc495cf2:1",
            "a7f2ff13bc495cf2:2",
            "a7f2ff13bc495cf2:3",
            "a7f2ff13bc495cf2:4",
            "a7f2ff13bc495cf2:5",
            "a7f2ff13bc495cf2:6",
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1"
        ]
    );
}

#[test]
fn lines_of_megabytes_are_located() {
    let document = [vec![b'x'; 1 << 20], b"\r".to_vec(), vec![b'y'; 1 << 20], b"KEY".to_vec()].concat();
    let start = document.len() - 3;
    let place = located(&document, &[at(start, start + 3)], &[])[0].clone().expect("the target is in the document");
    assert_eq!((place.start_line, place.start_column), (1, start + 1));
    assert_eq!(place.snippet.as_str(), format!("…{}KEY", "y".repeat(80)));
    assert_eq!(place, naive::locate(&document, &[at(start, start + 3)], &[])[0].clone().expect("it is there too"));
}

/// Documents full of what lines, columns and hashes turn on.
fn document() -> impl Strategy<Value = Vec<u8>> {
    let line_ends = ["\n", "\r", "\r\n", "\r \n", "\t", "\n\n", "\u{feff}"];
    let wide = ["\u{e9}", "\u{20ac}", "\u{1f511}", "\u{a0d}"];
    let broken: [&[u8]; 6] = [b"\xff\xfe", b"\xfe\xff", b"\xd8\x3d", b"\n\0", b"\0\n", b"\xf0\x9f"];
    let piece = prop_oneof![
        4 => "[a-c ]{0,4}".prop_map(String::into_bytes),
        2 => prop::sample::select(line_ends.to_vec()).prop_map(Vec::from),
        2 => prop::sample::select(wide.to_vec()).prop_map(Vec::from),
        1 => prop::collection::vec(any::<u8>(), 1..4),
        1 => prop::sample::select(broken.to_vec()).prop_map(Vec::from),
        1 => (0..60usize).prop_map(|len| vec![b'x'; 4 * len]),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn encoding() -> impl Strategy<Value = Option<Encoding>> {
    prop::sample::select(vec![None, None, Some(Encoding::Base64), Some(Encoding::Utf16Le), Some(Encoding::Utf16Be)])
}

proptest! {
    #[test]
    fn equals_the_naive_one(
        document in document(),
        spots in prop::collection::vec((any::<prop::sample::Index>(), 0..30usize), 1..6),
        beyond in 0..3usize,
        encoding in encoding(),
        hidden in prop::collection::vec((any::<prop::sample::Index>(), 1..20usize), 0..4),
        step in 1..9usize,
    ) {
        let span = |(start, len): &(prop::sample::Index, usize)| {
            let start = start.index(document.len() + 1);
            Span::new(start, start + len)
        };
        let hidden: Vec<Span> = hidden.iter().map(span).collect();
        let targets: Vec<Target<'_>> = spots
            .iter()
            .map(span)
            .map(|span| {
                let end = span.end.min(document.len() + beyond);
                Target { span: Span::new(span.start.min(end), end), encoding, secret: None }
            })
            .collect();
        let open = || Ok(Box::new(Pieces { bytes: &document, step, interrupt: false }) as Box<dyn Read>);
        let fast = locate(&mut { open }, &targets, &hidden).expect("reading from memory");
        prop_assert_eq!(fast, naive::locate(&document, &targets, &hidden));
    }
}
