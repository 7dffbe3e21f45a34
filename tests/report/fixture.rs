//! Findings made by hand, one for each thing that a report has to get right. Places and excerpts come from the real
//! locator over real documents; paths are as hostile as file systems allow.

use std::borrow::Cow;

use keysieve::{
    model::{
        Confidence, Encoding, Excluded, Fact, Finding, Fingerprint, KindSet, Name, NoMask, Occurrence, Origin, Related,
        RunInfo, Secret, Severity, Span, Summary, Suppression, SuppressionKind, Text, Unread, UnreadReason, Vcs,
    },
    pipeline::locate::{Target, locate},
    rules::{Edge, Edges, Matcher, Rule, RuleSet, Shape},
};

/// Made up, and broken up so that no scanner takes them for real.
pub(crate) const SECRET_KEY: &str = concat!("XWPJ", "q7Rv2mN8", "bT4yLc9/", "Kd3s+Zf6", "Hg5w1Xp0", "oA4k");
pub(crate) const KEY_ID: &str = concat!("AKIA", "Q3EGRPNT", "W5VZ2LKM");
pub(crate) const PASSWORD: &str = concat!("correct ", "\"horse\"", "\\n {0}[x](1)");
/// What no report may hold in any writing.
pub(crate) const SECRETS: [&str; 3] = [SECRET_KEY, KEY_ID, PASSWORD];

pub(crate) fn rules() -> RuleSet {
    let key_id = Rule {
        remediation: "Look who uses it.".into(),
        references: Cow::Borrowed(&[]),
        ..rule("aws-access-key-id", "AWS access key ID", Severity::Medium, Confidence::Medium)
    };
    let password =
        Rule { remediation: "".into(), ..rule("generic-password", "Password", Severity::Low, Confidence::Low) };
    // Not in the order of their ids, as a set of built-in and user's rules may be.
    let secret_key = rule("aws-secret-access-key", "AWS secret access key", Severity::High, Confidence::Medium);
    RuleSet::new(vec![secret_key, password, key_id])
}

fn rule(id: &'static str, description: &'static str, severity: Severity, confidence: Confidence) -> Rule {
    Rule {
        id: id.into(),
        description: description.into(),
        severity,
        confidence,
        tags: Cow::Borrowed(&[Cow::Borrowed("aws"), Cow::Borrowed("cloud")]),
        anchors: Cow::Borrowed(&[]),
        ignore_case: false,
        matcher: Matcher::Structure(Shape::Assignment),
        edges: Edges { left: Edge::None, right: Edge::None },
        near: None,
        pair: None,
        context: None,
        kinds: KindSet::ALL,
        unescape: Cow::Borrowed(&[]),
        validators: Cow::Borrowed(&[]),
        wrapped: false,
        generic: false,
        allow_values: Cow::Borrowed(&[]),
        remediation: "1. Deactivate the key in IAM.\n2. Rotate it, then remove it from the content.".into(),
        references: Cow::Borrowed(&[Cow::Borrowed(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        )]),
        examples: Cow::Borrowed(&[]),
        counterexamples: Cow::Borrowed(&[]),
    }
}

pub(crate) fn info() -> RunInfo {
    RunInfo {
        here: None,
        mode: "tree".into(),
        root: Some("/home/someone/repository".into()),
        from_here: Some(Text::own("../")),
        vcs: Some(Vcs {
            repository_uri: Some(Text::own("https://git.example/team/repository.git")),
            revision: Some("3f9c2ab1".repeat(5)),
            branch: Some(Text::own("main")),
        }),
        show_secrets: false,
    }
}

pub(crate) fn summary() -> Summary {
    Summary {
        documents: 3738,
        bytes: 43_210_000,
        findings: findings().len(),
        failing: 2,
        finding_documents: 9,
        suppressed: 1,
        excluded: [(Excluded::GitDir, 1), (Excluded::Submodule, 2)].into(),
        rules: 3,
        ..Summary::default()
    }
}

/// A summary of a run that did not see everything.
pub(crate) fn broken_off() -> Summary {
    let unread =
        |path: &[u8], reason| Unread { origin: Origin::File(Name::new(path)), reason, path: Text::new(path, &NoMask) };
    let unread = vec![
        unread(b"locked/\x1b[2J secret.txt", UnreadReason::Io("permission denied (os error 13)".to_owned())),
        unread(b"big.iso", UnreadReason::Limit("larger than 1 GB.".to_owned())),
        unread(b"/etc/shadow", UnreadReason::Changed),
        Unread { origin: Origin::Stdin, reason: UnreadReason::Io("broken".to_owned()), path: Text::default() },
    ];
    Summary { unread, interrupted: true, ..summary() }
}

/// Every kind of finding.
pub(crate) fn findings() -> Vec<Finding> {
    vec![
        paired(),
        hostile_path(),
        spread(),
        stdin(),
        file_name(),
        link_target(),
        outside(),
        wide(),
        gone(),
        suppressed(),
    ]
}

/// A secret key with its id beside it, and at one other place.
fn paired() -> Finding {
    let document = format!("[default]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET_KEY}\n");
    let mut first = occurrence(file(b"src/deploy.sh"), document.as_bytes(), SECRET_KEY.as_bytes());
    first.related = vec![key_id_beside(document.as_bytes())];
    let document = format!("secret\t=\t{SECRET_KEY}\r\n");
    let second = occurrence(file(b"src/old deploy.sh"), document.as_bytes(), SECRET_KEY.as_bytes());
    Finding {
        severity: Severity::Critical,
        confidence: Confidence::High,
        why: "paired".into(),
        facts: vec![Fact { key: "aws-account".into(), value: "123456789012".to_owned() }],
        fails: true,
        ..finding("aws-secret-access-key", SECRET_KEY, vec![first, second])
    }
}

fn key_id_beside(document: &[u8]) -> Related {
    let beside = occurrence(file(b""), document, KEY_ID.as_bytes());
    Related {
        rule: "aws-access-key-id".into(),
        description: "AWS access key ID".into(),
        span: beside.span,
        shown: Text::own(Secret::new(KEY_ID.as_bytes()).masked()),
        fingerprint: Fingerprint::new("aws-access-key-id", &Secret::new(KEY_ID.as_bytes()), None),
        secret: Secret::new(KEY_ID.as_bytes()),
        location: beside.location,
    }
}

fn hostile_path() -> Finding {
    let path = b"docs/a \"b\" 'c'\n\x1b[31m\xe2\x80\xae100%#?[0]{1}: caf\xc3\xa9 \xff.md";
    let document = format!("\x1b[0m key {KEY_ID} \u{202e}\n");
    finding("aws-access-key-id", KEY_ID, vec![occurrence(file(path), document.as_bytes(), KEY_ID.as_bytes())])
}

/// One secret at many places.
fn spread() -> Finding {
    let document = format!("password = {PASSWORD}");
    let place = |nth| occurrence(file(format!("env/{nth}.env").as_bytes()), document.as_bytes(), PASSWORD.as_bytes());
    Finding {
        severity: Severity::Low,
        confidence: Confidence::Low,
        why: "".into(),
        ..finding("generic-password", PASSWORD, (1..=8).map(place).collect())
    }
}

fn stdin() -> Finding {
    finding("aws-access-key-id", KEY_ID, vec![occurrence(Origin::Stdin, KEY_ID.as_bytes(), KEY_ID.as_bytes())])
}

fn file_name() -> Finding {
    let path = format!("keys/{KEY_ID}.txt");
    let mut place = occurrence(Origin::FileName(Name::new(path.as_bytes())), path.as_bytes(), KEY_ID.as_bytes());
    place.path = Text::blanked(path.as_bytes(), &[place.span]);
    finding("aws-access-key-id", KEY_ID, vec![place])
}

fn link_target() -> Finding {
    let target = format!("../keys/{KEY_ID}");
    let origin = Origin::LinkTarget(Name::new("current"));
    finding("aws-access-key-id", KEY_ID, vec![occurrence(origin, target.as_bytes(), KEY_ID.as_bytes())])
}

fn outside() -> Finding {
    let place = occurrence(file(b"/etc/a b.conf"), KEY_ID.as_bytes(), KEY_ID.as_bytes());
    finding("aws-access-key-id", KEY_ID, vec![place])
}

/// In UTF-16, and a base64 text within that.
fn wide() -> Finding {
    let text = data_encoding::BASE64.encode(format!("id={KEY_ID}").as_bytes());
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let document = [b"\xff\xfe".to_vec(), wide(&format!("gr\u{fc}n\r\n\u{1f511} = {text}\r\n"))].concat();
    let mut place = occurrence(file(b"windows.ps1"), &document, &wide(&text));
    place.encodings = vec![Encoding::Utf16Le, Encoding::Base64];
    Finding { why: "base64".into(), ..finding("aws-access-key-id", KEY_ID, vec![place]) }
}

/// Its document could not be read again.
fn gone() -> Finding {
    let mut place = occurrence(file(b"tmp/gone.log"), KEY_ID.as_bytes(), KEY_ID.as_bytes());
    place.location = None;
    finding("aws-access-key-id", KEY_ID, vec![place])
}

fn suppressed() -> Finding {
    let mut place = occurrence(file(b"tests/example.env"), KEY_ID.as_bytes(), KEY_ID.as_bytes());
    place.suppression = Some(Suppression {
        reason: Some(Text::own("made up for a test")),
        ..Suppression::new(SuppressionKind::Inline)
    });
    finding("aws-access-key-id", KEY_ID, vec![place])
}

fn file(path: &[u8]) -> Origin {
    Origin::File(Name::new(path))
}

fn occurrence(origin: Origin, document: &[u8], needle: &[u8]) -> Occurrence {
    let start = document.windows(needle.len()).position(|window| window == needle).expect("the document holds it");
    let span = Span::new(start, start + needle.len());
    let hidden: Vec<Span> = SECRETS
        .iter()
        .filter_map(|secret| {
            document.windows(secret.len()).position(|window| window == secret.as_bytes()).map(|at| (at, secret))
        })
        .map(|(at, secret)| Span::new(at, at + secret.len()))
        .chain([span])
        .collect();
    let target = Target { span, encoding: None, secret: None };
    let location = locate(&mut || Ok(Box::new(document)), &[target], &hidden).expect("reading from memory").remove(0);
    let path = Text::new(origin.path().map(Name::expose).unwrap_or_default(), &NoMask);
    Occurrence { origin, span, encodings: Vec::new(), related: Vec::new(), suppression: None, path, location }
}

fn finding(rule: &'static str, secret: &str, occurrences: Vec<Occurrence>) -> Finding {
    let secret = Secret::new(secret.as_bytes());
    Finding {
        rule: rule.into(),
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        why: "prefix".into(),
        shown: Text::own(secret.masked()),
        fingerprint: Fingerprint::new(rule, &secret, None),
        secret,
        facts: Vec::new(),
        occurrences,
        introduction: None,
        fails: false,
    }
}
