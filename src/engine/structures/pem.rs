//! Private keys in PEM and its relatives (RFC 7468, RFC 1421, OpenSSH, SSH2), in the many ways in which text carries
//! them: with real line breaks or escaped ones, indented, commented, quoted line by line, in a patch, on one line. Not
//! PGP, whose armour is another format.
//!
//! The anchor is `PRIVATE KEY` in the first line; in the last line it finds nothing.

use memchr::memmem;

use super::Found;
use super::armour::{self, Reader, is_redacted};
use crate::model::{Confidence, KindSet, Severity, Span};

const KEY: &[u8] = b"PRIVATE KEY";
/// The longest label is `SSH2 ENCRYPTED`.
const LONGEST_LABEL: usize = 32;
/// Characters of base64 of which a body has at least so many: an Ed25519 key in DER has 64.
const SHORTEST_BODY: usize = 64;
/// The block whose first line the anchor occurrence `hit` is in.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let block = Block::around(text, hit)?;
    let body = Body::of(text, &block);
    if body.characters < SHORTEST_BODY || is_redacted(&text[block.body.start..body.end]) {
        return None;
    }
    let form = Form::of(&body.decode(text, &block)?, block.is_encrypted || body.has_encryption_header);
    // Text that is neither closed nor parsed may be anything.
    let confidence = match (form, body.is_closed) {
        (Form::Whole(_), true) => Confidence::High,
        (Form::Whole(_), false) | (Form::Partial(_), _) => Confidence::Medium,
        (Form::Unknown(_), true) => Confidence::Low,
        (Form::Unknown(_), false) => return None,
    };
    Some(Found {
        secret: Span::new(block.start, if body.is_closed { block.end } else { body.end }),
        field: None,
        kinds: KindSet::ALL,
        severity: Some(form.severity()),
        confidence: Some(confidence),
        why: matches!(form, Form::Whole(_)).then_some("structure"),
    })
}

/// The bytes that the body encodes: equal for every way to write the block down.
pub(super) fn canonical(secret: &[u8]) -> Option<Vec<u8>> {
    let at = memmem::find(secret, KEY)?;
    let block = Block::around(secret, Span::new(at, at + KEY.len()))?;
    Body::of(secret, &block).decode(secret, &block)
}

/// Where a block and its parts are.
struct Block {
    start: usize,
    body: Span,
    end: usize,
    /// Whether its last line is there.
    is_closed: bool,
    /// Whether its label says that a password protects it.
    is_encrypted: bool,
}

impl Block {
    fn around(text: &[u8], hit: Span) -> Option<Self> {
        let key = hit.start + memmem::find(text.get(hit.start..hit.end.max(hit.start + KEY.len()))?, KEY)?;
        let label = label_start(text, key);
        let (start, dashes) = opening(text, label)?;
        let body_start = closing(text, key + KEY.len(), dashes)?;
        let rest = &text[body_start..];
        // Another block that begins before this one ends means that this one's end is missing.
        let next = next_opening(rest).unwrap_or(rest.len());
        let footer = memmem::find(&rest[..next], dashes.footer()).and_then(|at| {
            let end = footer_end(text, body_start + at + dashes.footer().len(), dashes)?;
            Some((body_start + at, end))
        });
        let (body_end, end) = footer.unwrap_or((body_start + next, body_start + next));
        Some(Self {
            start,
            body: Span::new(body_start, body_end),
            end,
            is_closed: footer.is_some(),
            is_encrypted: memmem::find(&text[label..key], b"ENCRYPTED").is_some(),
        })
    }
}

/// Where the next block begins, however its first line is drawn.
fn next_opening(text: &[u8]) -> Option<usize> {
    let is_opening = |at: &usize| text[..*at].ends_with(b"-----") || text[..*at].ends_with(b"---- ");
    memmem::find_iter(text, b"BEGIN ").find(is_opening).map(|at| at - 5)
}

/// How the first and last line are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dashes {
    /// `-----BEGIN X-----`
    Five,
    /// `---- BEGIN X ----`, of ssh.com.
    Four,
}

impl Dashes {
    fn footer(self) -> &'static [u8] {
        match self {
            Self::Five => b"-----END ",
            Self::Four => b"---- END ",
        }
    }

    fn closing(self) -> &'static [u8] {
        match self {
            Self::Five => b"-----",
            Self::Four => b" ----",
        }
    }
}

/// Where the words before `PRIVATE KEY` begin, at most a label's length before it.
fn label_start(text: &[u8], key: usize) -> usize {
    let earliest = key.saturating_sub(LONGEST_LABEL);
    let is_label = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ';
    text[earliest..key].iter().rposition(|&byte| !is_label(byte)).map_or(earliest, |at| earliest + at + 1)
}

fn opening(text: &[u8], label: usize) -> Option<(usize, Dashes)> {
    // Its own word is made of a label's letters.
    if text[label..].starts_with(b"BEGIN ") && text[..label].ends_with(b"-----") {
        Some((label - 5, Dashes::Five))
    } else if text[label..].starts_with(b" BEGIN ") && text[..label].ends_with(b"----") {
        Some((label - 4, Dashes::Four))
    } else {
        None
    }
}

fn closing(text: &[u8], at: usize, dashes: Dashes) -> Option<usize> {
    text[at..].starts_with(dashes.closing()).then_some(at + dashes.closing().len())
}

fn footer_end(text: &[u8], label: usize, dashes: Dashes) -> Option<usize> {
    let within = &text[label..text.len().min(label + LONGEST_LABEL + KEY.len())];
    let key = memmem::find(within, KEY)?;
    within[..key]
        .iter()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b' ')
        .then_some(())?;
    closing(text, label + key + KEY.len(), dashes)
}

/// The base64 between the first and the last line.
struct Body {
    /// Characters of base64, padding not among them.
    characters: usize,
    /// Just past the last of them and its padding.
    end: usize,
    /// Whether nothing else stands before the last line.
    is_closed: bool,
    has_encryption_header: bool,
}

impl Body {
    fn of(text: &[u8], block: &Block) -> Self {
        let region = &text[block.body.range()];
        let mut reader = Reader::new(region, block.is_closed);
        let (mut characters, mut end) = (0, 0);
        while reader.next().is_some() {
            characters += 1;
            end = reader.at;
        }
        end += region[end..].iter().take_while(|&&byte| byte == b'=').count();
        Self {
            characters,
            end: block.body.start + end,
            is_closed: block.is_closed && reader.at == region.len(),
            has_encryption_header: reader.is_encrypted,
        }
    }

    /// A body that was cut loses the characters that make no whole byte.
    fn decode(&self, text: &[u8], block: &Block) -> Option<Vec<u8>> {
        let mut characters = Vec::with_capacity(self.characters);
        characters.extend(Reader::new(&text[block.body.range()], block.is_closed));
        armour::decode(characters)
    }
}

/// What the decoded body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A format that was parsed to its end.
    Whole(Protection),
    /// The beginning of one.
    Partial(Protection),
    /// None that is known.
    Unknown(Protection),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protection {
    Clear,
    Encrypted,
}

const OPENSSH: &[u8] = b"openssh-key-v1\0";
const SSH2: &[u8] = &[0x3f, 0x6f, 0xf9, 0xeb];
const DER_SEQUENCE: u8 = 0x30;
/// Block lengths of the ciphers of RFC 1421 are multiples of this.
const CIPHER_BLOCK: usize = 8;

impl Form {
    fn of(body: &[u8], is_encrypted: bool) -> Self {
        let protection = if is_encrypted { Protection::Encrypted } else { Protection::Clear };
        if let Some(rest) = body.strip_prefix(OPENSSH) {
            return Self::openssh(rest);
        }
        if let Some(rest) = body.strip_prefix(SSH2) {
            let whole = rest.first_chunk().is_some_and(|length| u32::from_be_bytes(*length) as usize == body.len());
            return if whole { Self::Whole(protection) } else { Self::Partial(protection) };
        }
        match der_length(body) {
            Some(length) if length == body.len() => Self::Whole(protection),
            Some(length) if length > body.len() => Self::Partial(protection),
            // Behind the headers of RFC 1421 stands ciphertext, which has no structure but its block length.
            _ if is_encrypted && body.len().is_multiple_of(CIPHER_BLOCK) => Self::Whole(protection),
            _ => Self::Unknown(protection),
        }
    }

    /// The name of the cipher comes first, with its length.
    fn openssh(rest: &[u8]) -> Self {
        let Some((length, rest)) = rest.split_first_chunk() else { return Self::Unknown(Protection::Clear) };
        match rest.get(..u32::from_be_bytes(*length) as usize) {
            Some(b"none") => Self::Whole(Protection::Clear),
            Some(cipher) if cipher.iter().all(u8::is_ascii_graphic) => Self::Whole(Protection::Encrypted),
            _ => Self::Unknown(Protection::Clear),
        }
    }

    fn severity(self) -> Severity {
        let (Self::Whole(protection) | Self::Partial(protection) | Self::Unknown(protection)) = self;
        match protection {
            Protection::Clear => Severity::Critical,
            Protection::Encrypted => Severity::High,
        }
    }
}

/// Length of the whole of a DER sequence, as its head tells it.
fn der_length(body: &[u8]) -> Option<usize> {
    match *body {
        [DER_SEQUENCE, 0x82, high, low, ..] => Some(4 + usize::from(u16::from_be_bytes([high, low]))),
        [DER_SEQUENCE, 0x81, length, ..] => Some(3 + usize::from(length)),
        [DER_SEQUENCE, length @ 0..=0x7f, ..] => Some(2 + usize::from(length)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;
    use data_encoding::BASE64;
    use proptest::prelude::*;

    /// Bytes without a structure of their own.
    fn noise(length: usize) -> Vec<u8> {
        (0..length as u32).map(|n| (n.wrapping_add(7).wrapping_mul(2_654_435_761) >> 11) as u8).collect()
    }

    fn der(length: usize) -> Vec<u8> {
        let mut body = vec![0x30, 0x82];
        body.extend(u16::try_from(length).expect("a key is shorter than 64 KiB").to_be_bytes());
        body.extend(noise(length));
        body
    }

    fn openssh(cipher: &str) -> Vec<u8> {
        let mut body = OPENSSH.to_vec();
        body.extend(u32::try_from(cipher.len()).expect("a cipher's name is short").to_be_bytes());
        body.extend(cipher.bytes());
        body.extend(noise(200));
        body
    }

    /// A block with lines of 64 characters, as `openssl` and `ssh-keygen` write it.
    fn block(label: &str, headers: &str, body: &[u8]) -> String {
        let text = BASE64.encode(body);
        let lines: Vec<&str> =
            text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("base64 is ASCII")).collect();
        format!(
            "-----{} {label}PRIVATE KEY-----\n{headers}{}\n-----{} {label}PRIVATE KEY-----",
            "BEGIN",
            lines.join("\n"),
            "END"
        )
    }

    fn found(text: &str) -> Vec<Found> {
        all(Shape::Pem, &["PRIVATE KEY"], text)
    }

    fn verdict(text: &str) -> Option<(Confidence, Severity)> {
        match &found(text)[..] {
            [] => None,
            [one] => Some((one.confidence.expect("always said"), one.severity.expect("always said"))),
            _ => panic!("one block, several findings"),
        }
    }

    const CLEAR: Option<(Confidence, Severity)> = Some((Confidence::High, Severity::Critical));
    const ENCRYPTED: Option<(Confidence, Severity)> = Some((Confidence::High, Severity::High));

    #[test]
    fn labels() {
        for label in ["", "RSA ", "DSA ", "EC ", "ANY "] {
            let text = block(label, "", &der(600));
            assert_eq!(verdict(&text), CLEAR, "{label}");
            assert_eq!(found(&text)[0].secret, Span::new(0, text.len()));
            assert_eq!(found(&text)[0].why, Some("structure"));
        }
        assert_eq!(verdict(&block("ENCRYPTED ", "", &der(600))), ENCRYPTED);
        assert_eq!(verdict(&block("OPENSSH ", "", &openssh("none"))), CLEAR);
        assert_eq!(verdict(&block("OPENSSH ", "", &openssh("aes256-ctr"))), ENCRYPTED);
    }

    #[test]
    fn a_short_key_of_an_elliptic_curve() {
        let mut body = vec![0x30, 0x2e];
        body.extend(noise(0x2e));
        assert_eq!(verdict(&block("", "", &body)), CLEAR);
    }

    #[test]
    fn headers_tell_of_a_cipher() {
        let headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF\n\n";
        let text = block("RSA ", headers, &noise(640));
        assert_eq!(verdict(&text), ENCRYPTED);
        assert_eq!(verdict(&text.replace('\n', "\\n")), ENCRYPTED);
        assert_eq!(canonical(text.as_bytes()), Some(noise(640)));
    }

    #[test]
    fn the_form_of_ssh_com() {
        let mut body = SSH2.to_vec();
        body.extend(300_u32.to_be_bytes());
        body.extend(noise(292));
        let text = block("SSH2 ENCRYPTED ", "Comment: \"of joe\"\n", &body);
        let text =
            text.replace("-----BEGIN", "---- BEGIN").replace("-----END", "---- END").replace("KEY-----", "KEY ----");
        assert_eq!(verdict(&text), ENCRYPTED);
    }

    /// Ways to write one block down.
    fn forms(block: &str) -> Vec<String> {
        let each_line = |before: &str, after: &str| {
            block.lines().map(|line| format!("{before}{line}{after}")).collect::<Vec<String>>().join("\n")
        };
        vec![
            block.to_owned(),
            block.replace('\n', "\r\n"),
            format!("key: |\n{}\n", each_line("    ", "")),
            format!("{{\"key\": \"{}\\n\"}}", block.replace('\n', "\\n")),
            format!("{{\"key\": \"{}\\r\\n\"}}", block.replace('\n', "\\r\\n")),
            format!("\"{{\\\"key\\\": \\\"{}\\\"}}\"", block.replace('\n', "\\\\n")),
            format!("key =\n{};\n", each_line("    \"", "\\n\" +")),
            format!("const char *key =\n{};\n", each_line("\"", "\\n\"")),
            format!("[{}].join(\"\\n\")", each_line("'", "',")),
            format!("KEY='{}'\n", block.replace('\n', " ")),
            each_line("# ", ""),
            each_line("// ", ""),
            each_line(" * ", ""),
            each_line("+", ""),
            each_line("> ", ""),
            each_line("\t", " "),
            format!("key = \"\"\"\\\n{block}\n\"\"\""),
            format!("<key>{block}</key>"),
            format!("<key value=\"{}&#10;\"/>", block.replace('\n', "&#10;")),
            format!("<key value=\"{}\"/>", block.replace('\n', "&#xD;&#xA;")),
            format!("<p>{}</p>", block.replace('\n', "<br/>\n")),
        ]
    }

    #[test]
    fn every_way_to_write_it_down_is_one_secret() {
        let body = der(601);
        for form in forms(&block("RSA ", "", &body)) {
            assert_eq!(verdict(&form), CLEAR, "{form}");
            let secret = &form[found(&form)[0].secret.range()];
            assert!(secret.starts_with("-----") && secret.ends_with("-----"), "{form}");
            assert_eq!(canonical(secret.as_bytes()).as_ref(), Some(&body), "{form}");
        }
    }

    #[test]
    fn a_cut_block_is_probable() {
        let text = block("RSA ", "", &der(600));
        let footer = text.rfind('\n').expect("a block has lines");
        assert_eq!(verdict(&text[..footer]), Some((Confidence::Medium, Severity::Critical)));
        assert_eq!(found(&text[..footer])[0].secret.end, footer);
        let cut = format!("\"{}\", next", &text[..footer - 100].replace('\n', "\\n"));
        assert_eq!(verdict(&cut), Some((Confidence::Medium, Severity::Critical)));
        assert!(cut[found(&cut)[0].secret.end..].starts_with("\", next"));
        let without_middle = block("RSA ", "", &der(600)[..400]);
        assert_eq!(verdict(&without_middle), Some((Confidence::Medium, Severity::Critical)));
    }

    #[test]
    fn blocks_in_a_row() {
        let (one, two) = (block("RSA ", "", &der(600)), block("EC ", "", &der(200)));
        assert_eq!(found(&format!("{one}\n{two}")).len(), 2);
        let footer = one.rfind('\n').expect("a block has lines");
        let found = found(&format!("{}\n{two}", &one[..footer]));
        assert_eq!(found[0].confidence, Some(Confidence::Medium));
        assert_eq!(found[0].secret.end, footer);
        assert_eq!(found[1].confidence, Some(Confidence::High));
    }

    #[test]
    fn a_body_that_is_not_understood_is_possible() {
        let text = block("", "", &[[0x42].as_slice(), &noise(300)].concat());
        assert_eq!(verdict(&text), Some((Confidence::Low, Severity::Critical)));
        assert_eq!(verdict(&text[..text.rfind('\n').expect("a block has lines")]), None);
    }

    #[test]
    fn no_keys() {
        let whole = block("RSA ", "", &der(600));
        for text in [
            "-----BEGIN PRIVATE KEY-----".to_owned(),
            "-----END PRIVATE KEY-----".to_owned(),
            "if text.startswith(\"-----BEGIN RSA PRIVATE KEY-----\"): return parse(text)".to_owned(),
            "\"-----BEGIN PRIVATE KEY-----\\n\" + body + \"\\n-----END PRIVATE KEY-----\"".to_owned(),
            "-----BEGIN PRIVATE KEY-----\nkey omitted for security reasons\n-----END PRIVATE KEY-----".to_owned(),
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg...\n-----END PRIVATE KEY-----".to_owned(),
            "-----BEGIN PRIVATE KEY-----\n${KEY}\n-----END PRIVATE KEY-----".to_owned(),
            block("", "", &der(20)),
            whole.replacen("\n", "\nEXAMPLE", 3),
            whole.replace("PRIVATE KEY", "PUBLIC KEY"),
            whole.replace("PRIVATE KEY", "PGP PRIVATE KEY BLOCK"),
            whole.replace("-----BEGIN", "--BEGIN"),
            "PRIVATE KEY".to_owned(),
        ] {
            assert_eq!(verdict(&text), None, "{text}");
        }
    }

    #[test]
    fn a_block_longer_than_the_reach_is_cut() {
        let text = block("RSA ", "", &der(40_000));
        assert_eq!(verdict(&text), Some((Confidence::Medium, Severity::Critical)));
    }

    proptest! {
        #[test]
        fn every_body_reads_back(body in prop::collection::vec(any::<u8>(), 50..400)) {
            for form in forms(&block("", "", &body)) {
                prop_assert_eq!(canonical(form.as_bytes()), Some(body.clone()), "{}", form);
            }
        }
    }
}
