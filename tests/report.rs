//! The same findings through every format. What is special to one format and small is tested beside its code.

mod fixture;

use std::{cell::RefCell, io, rc::Rc, time::Duration};

use data_encoding::{BASE64, HEXLOWER};
use keysieve::{
    model::{Finding, RunInfo, Summary, Text, Unread},
    report::{Format, Style, reporter},
    rules::RuleSet,
};
use serde_json::Value;

use fixture::{broken_off, findings, info, rules, summary};

/// A report that can be read after the reporter is gone.
#[derive(Clone, Default)]
struct Out(Rc<RefCell<Vec<u8>>>);

impl io::Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Report<'a> {
    format: Format,
    style: Style,
    info: RunInfo,
    findings: &'a [Finding],
    summary: Summary,
}

impl<'a> Report<'a> {
    fn new(format: Format, findings: &'a [Finding], summary: Summary) -> Self {
        Self { format, style: Style::default(), info: info(), findings, summary }
    }

    fn render(self) -> String {
        self.render_with(&rules())
    }

    fn render_with(self, rules: &RuleSet) -> String {
        let out = Out::default();
        let mut reporter = reporter(self.format, Box::new(out.clone()), rules, self.style);
        reporter.begin(&self.info).expect("writing to memory");
        for finding in self.findings {
            reporter.finding(finding).expect("writing to memory");
        }
        reporter.finish(&self.summary).expect("writing to memory");
        drop(reporter);
        String::from_utf8(out.0.take()).expect("a report is UTF-8")
    }
}

fn sarif(findings: &[Finding], summary: Summary) -> Value {
    serde_json::from_str(&Report::new(Format::Sarif, findings, summary).render()).expect("it is JSON")
}

/// Snapshots do not change with the version.
fn unversioned(report: &str) -> String {
    report.replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
}

#[test]
fn text() {
    insta::assert_snapshot!(Report::new(Format::Text, &findings(), broken_off()).render());
}

#[test]
fn text_with_details() {
    let style = Style { details: true, color: false };
    insta::assert_snapshot!(Report { style, ..Report::new(Format::Text, &findings(), summary()) }.render());
}

#[test]
fn text_in_colour() {
    let style = Style { details: true, color: true };
    let report = Report { style, ..Report::new(Format::Text, &findings()[..1], broken_off()) }.render();
    insta::assert_snapshot!(report.replace('\u{1b}', "^["));
}

#[test]
fn jsonl() {
    insta::assert_snapshot!(unversioned(&Report::new(Format::Jsonl, &findings(), broken_off()).render()));
}

#[test]
fn sarif_log() {
    let log = sarif(&findings(), broken_off());
    insta::assert_snapshot!(unversioned(&serde_json::to_string_pretty(&log).expect("it is JSON")));
}

#[test]
fn paths_are_seen_from_here() {
    let first = |from_here: Option<&str>, nth: usize| {
        let info = RunInfo { from_here: from_here.map(Text::own), ..info() };
        let report = Report { info, ..Report::new(Format::Text, &findings()[nth..=nth], summary()) }.render();
        report.split(" aws").next().expect("split gives one part at least").to_owned()
    };
    assert_eq!(first(Some(""), 0), "src/deploy.sh:3:25:");
    assert_eq!(first(Some("../../"), 0), "../../src/deploy.sh:3:25:");
    assert_eq!(first(None, 0), "src/deploy.sh:3:25:");
    // A path outside the root is absolute and stays so.
    assert_eq!(first(Some("../"), 6), "/etc/a b.conf:1:1:");
}

/// The writings in which a secret could slip into a report.
fn writings(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).expect("a string is JSON");
    let percent: String = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let some_percent = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    vec![
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        percent,
        secret.bytes().map(some_percent).collect(),
        // In three phases, without the ends that depend on the neighbours.
        BASE64.encode(secret.as_bytes())[..12].to_owned(),
        BASE64.encode(format!("x{secret}").as_bytes())[4..16].to_owned(),
        BASE64.encode(format!("xx{secret}").as_bytes())[4..16].to_owned(),
        HEXLOWER.encode(secret.as_bytes()),
        secret.escape_debug().to_string(),
    ]
}

#[test]
fn no_format_tells_a_secret() {
    for format in Format::ALL {
        let style = Style { details: true, color: true };
        let report = Report { style, ..Report::new(format, &findings(), broken_off()) }.render();
        for secret in fixture::SECRETS {
            for writing in writings(secret) {
                assert!(!report.contains(&writing), "{format} holds {writing}");
            }
        }
    }
}

#[test]
fn a_report_that_shows_secrets_would_be_noticed() {
    let clear = findings()
        .into_iter()
        .map(|finding| Finding { shown: Text::own(String::from_utf8_lossy(finding.secret.expose())), ..finding });
    let clear: Vec<Finding> = clear.collect();
    for format in Format::ALL {
        let report = Report::new(format, &clear, summary()).render();
        for secret in fixture::SECRETS {
            assert!(writings(secret).iter().any(|writing| report.contains(writing)), "{format}");
        }
    }
}

#[test]
fn nothing_in_a_name_or_a_file_acts_on_a_terminal() {
    for format in Format::ALL {
        let report = Report::new(format, &findings(), broken_off()).render();
        let acts = |char: &char| char.is_control() && *char != '\n' || ('\u{2028}'..='\u{202e}').contains(char);
        assert_eq!(report.chars().find(acts), None, "{format}");
    }
}

#[test]
fn two_runs_write_the_same_bytes() {
    for format in Format::ALL {
        let slow = Summary { elapsed: Duration::from_secs(3), ..broken_off() };
        let first = Report::new(format, &findings(), broken_off()).render();
        assert_eq!(first, Report::new(format, &findings(), slow).render(), "{format}");
    }
}

#[test]
fn a_full_disk_is_an_error() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let rules = rules();
    for format in Format::ALL {
        let mut reporter = reporter(format, Box::new(Full), &rules, Style::default());
        let finding = &findings()[0];
        let written = reporter.begin(&info()).and_then(|()| reporter.finding(finding));
        let error = written.and_then(|()| reporter.finish(&broken_off())).expect_err("the disk is full");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{format}");
    }
}

#[test]
fn sarif_of_nothing_says_so() {
    let log = sarif(&[], Summary { findings: 0, suppressed: 0, ..summary() });
    let run = &log["runs"][0];
    assert_eq!(run["results"], Value::Array(Vec::new()));
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    // Three that were looked for, and keysieve's own.
    assert_eq!(run["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(4));
}

#[test]
fn sarif_indices_point_at_their_rules() {
    let log = sarif(&findings(), summary());
    let run = &log["runs"][0];
    for result in run["results"].as_array().expect("there are results") {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok());
        let rule = &run["tool"]["driver"]["rules"][index.expect("the rule is listed")];
        assert_eq!(rule["id"], result["ruleId"]);
    }
}

#[test]
fn sarif_is_split_into_runs_that_github_takes() {
    let many = vec![findings().remove(3); 25_001];
    let log = sarif(&many, broken_off());
    let runs = log["runs"].as_array().expect("there are runs");
    let shape = |run: &Value| {
        let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().map(Vec::len);
        (run["automationDetails"]["id"].clone(), run["results"].as_array().map(Vec::len), notifications)
    };
    assert_eq!(
        runs.iter().map(shape).collect::<Vec<_>>(),
        [("keysieve/tree/".into(), Some(25_000), Some(5)), ("keysieve/tree-2/".into(), Some(1), Some(0))]
    );
}

#[test]
fn sarif_of_a_secret_in_thousands_of_places_keeps_to_githubs_limit() {
    let mut finding = findings().remove(0);
    let other = finding.occurrences[1].clone();
    finding.occurrences.extend(vec![other; 3000]);
    let result = sarif(&[finding], summary())["runs"][0]["results"][0].take();
    assert_eq!(result["relatedLocations"].as_array().map(Vec::len), Some(999));
    assert_eq!(result["occurrenceCount"], 3002);
    let text = result["message"]["text"].as_str().expect("there is a text");
    assert!(text.ends_with("In 3001 other places too."), "{text}");
}

/// Writes logs for Microsoft's validator, which is no part of the tests; docs/OUTPUT.md tells how it is run.
#[test]
#[ignore = "writes files, for the validator"]
fn write_logs_for_the_validator() {
    let directory = std::env::var_os("KEYSIEVE_SARIF_DIR").expect("KEYSIEVE_SARIF_DIR names a directory");
    let write = |name: &str, log: &str| {
        std::fs::write(std::path::Path::new(&directory).join(name), log).expect("the directory can be written to");
    };
    let all = findings();
    write("nothing.sarif", &Report::new(Format::Sarif, &[], summary()).render());
    let inside: Vec<Finding> = [0, 1, 2, 4, 5, 7, 8].map(|nth: usize| all[nth].clone()).into();
    write("inside.sarif", &Report::new(Format::Sarif, &inside, summary()).render());
    write("all.sarif", &Report::new(Format::Sarif, &all, summary()).render());
    write("broken-off.sarif", &Report::new(Format::Sarif, &all, broken_off()).render());
    let bare = RunInfo { mode: "stdin", ..RunInfo::default() };
    write("stdin.sarif", &Report { info: bare, ..Report::new(Format::Sarif, &all[3..4], summary()) }.render());
    write("many.sarif", &Report::new(Format::Sarif, &vec![all[0].clone(); 25_001], summary()).render());
    write("no-rules.sarif", &Report::new(Format::Sarif, &all, summary()).render_with(&RuleSet::new(Vec::new())));
    let unread: Vec<Unread> = vec![broken_off().unread[0].clone(); 5000];
    write("unread.sarif", &Report::new(Format::Sarif, &[], Summary { unread, ..summary() }).render());
}
