//! The same findings through every format. What is special to one format and small is tested beside its code.

mod again;
mod fixture;
mod trojan;

use std::{cell::RefCell, io, rc::Rc, time::Duration};

use data_encoding::{BASE64, HEXLOWER};
use keysieve::{
    model::{Fact, Finding, Introduction, Name, NoMask, Origin, RunInfo, Summary, Text, Unread},
    report::{AsffTarget, Format, Log, Options, Pipeline, SarifFor, Style, reporter},
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
    options: Options,
    info: RunInfo,
    findings: &'a [Finding],
    summary: Summary,
}

impl<'a> Report<'a> {
    fn new(format: Format, findings: &'a [Finding], summary: Summary) -> Self {
        Self { format, options: options(), info: info(), findings, summary }
    }

    fn render(self) -> String {
        self.render_with(&rules())
    }

    fn render_with(self, rules: &RuleSet) -> String {
        let out = Out::default();
        let mut reporter = reporter(self.format, Box::new(out.clone()), rules, &self.options);
        reporter.begin(&self.info).expect("writing to memory");
        for finding in self.findings {
            reporter.finding(finding).expect("writing to memory");
        }
        reporter.finish(&self.summary).expect("writing to memory");
        drop(reporter);
        String::from_utf8(out.0.take()).expect("a report is UTF-8")
    }
}

/// What every format needs.
fn options() -> Options {
    let account = "210987654321".to_owned();
    let asff = AsffTarget { account, region: "eu-central-1".to_owned(), partition: "aws".to_owned() };
    Options { asff: Some(asff), ..Options::default() }
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
    insta::assert_snapshot!(
        Report { options: Options { style, ..options() }, ..Report::new(Format::Text, &findings(), summary()) }
            .render()
    );
}

#[test]
fn text_in_colour() {
    let style = Style { details: true, color: true };
    let report =
        Report { options: Options { style, ..options() }, ..Report::new(Format::Text, &findings()[..1], broken_off()) }
            .render();
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
        secret.replace('"', "\"\""),
        secret.replace('"', "&quot;"),
        secret.chars().map(reference).collect(),
    ]
}

/// As Markdown is written here.
fn reference(char: char) -> String {
    let is_plain = char.is_ascii_alphanumeric() || " /-.".contains(char);
    if is_plain { char.to_string() } else { format!("&#{};", u32::from(char)) }
}

#[test]
fn no_format_tells_a_secret() {
    for format in Format::ALL {
        let style = Style { details: true, color: true };
        let report =
            Report { options: Options { style, ..options() }, ..Report::new(format, &findings(), broken_off()) }
                .render();
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
        // A line of a table ends with both.
        let report = Report::new(format, &findings(), broken_off()).render().replace("\r\n", "\n");
        let acts = |char: &char| char.is_control() && *char != '\n' || ('\u{2028}'..='\u{202e}').contains(char);
        assert_eq!(report.chars().find(acts), None, "{format}");
    }
}

#[test]
fn two_runs_write_the_same_bytes() {
    for format in Format::ALL {
        // GitLab wants to know when a run ended.
        let elapsed = Duration::from_secs(if format == Format::Gitlab { 0 } else { 3 });
        let slow = Summary { elapsed, ..broken_off() };
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
        let mut reporter = reporter(format, Box::new(Full), &rules, &options());
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

/// A finding of a run over commits, in a message and in a file with a name that is markup.
fn of_history() -> Vec<Finding> {
    let introduction = Introduction {
        commit: "9ab01c77".repeat(5),
        author: Text::own("Someone"),
        date: "2024-05-02".to_owned(),
        summary: Text::own("</script><script>alert(1)</script> ]]> =cmd() \"x\""),
        last_commit: Some("3f9c2ab1".repeat(5)),
        paths: vec![Text::own("a.txt")],
        refs: vec![Text::own("refs/heads/main")],
        more_refs: 2,
        ..Introduction::default()
    };
    let mut finding = findings().remove(1);
    let mut second = finding.occurrences[0].clone();
    finding.occurrences[0].origin = Origin::Commit("9ab01c77".repeat(5));
    finding.occurrences[0].path = Text::default();
    let path = "=cmd()</script>]]>.txt";
    second.origin = Origin::Blob { id: "1".repeat(40), path: Name::new(path) };
    second.path = Text::own(path);
    let mut message = finding.clone();
    finding.occurrences.push(second);
    finding.introduction = Some(introduction.clone());
    message.introduction = Some(introduction);
    vec![finding, message]
}

fn written(format: Format, findings: &[Finding], summary: Summary) -> String {
    Report::new(format, findings, summary).render()
}

fn reread(jsonl: &str) -> Log {
    Log::read(&mut jsonl.as_bytes(), &NoMask).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn what_is_read_again_is_written_as_it_was_in_every_format() {
    let all: Vec<Finding> = findings().into_iter().chain(of_history()).collect();
    for summary in [summary(), broken_off()] {
        let log = reread(&written(Format::Jsonl, &all, summary.clone()));
        for format in Format::ALL.into_iter().filter(|format| *format != Format::Text) {
            let out = Out::default();
            let rules = rules();
            log.report(&mut *reporter(format, Box::new(out.clone()), &rules, &options())).expect("writing to memory");
            let again = String::from_utf8(out.0.take()).expect("a report is UTF-8");
            assert_eq!(again, written(format, &all, summary.clone()), "{format}");
        }
    }
}

#[test]
fn a_report_that_is_not_whole_is_an_error_with_its_line() {
    let whole = written(Format::Jsonl, &findings(), broken_off());
    let lines: Vec<&str> = whole.lines().collect();
    let read = |text: &str| match Log::read(&mut text.as_bytes(), &NoMask) {
        Ok(_) => "it was read".to_owned(),
        Err(error) => error.to_string(),
    };
    assert!(read("").starts_with("it has no summary"));
    assert!(read(&lines[..3].join("\n")).starts_with("it has no summary"));
    assert!(read(&lines[1..].join("\n")).starts_with("the summary counts "));
    assert!(
        read(&format!("{whole}{}", lines[0])).ends_with("it follows the summary, which is the last line of a report")
    );
    for (from, to) in [
        ("\"severity\":\"critical\"", "\"severity\":\"grave\""),
        ("\"origin\":\"file\"", "\"origin\":\"moon\""),
        ("\"start_line\":3", "\"start_line\":0"),
        ("\"bytes\":{\"start\":", "\"bytes\":{\"start\":18446744073709551615,\"x\":"),
        ("\"fingerprint\":\"", "\"fingerprint\":\"z"),
        ("\"occurrences\":[", "\"occurrences\":[],\"x\":["),
        ("{", "["),
    ] {
        assert!(whole.contains(from), "{from}");
        let error = read(&whole.replacen(from, to, 1));
        assert!(error.starts_with("line 1: "), "{to}: {error}");
    }
}

#[test]
fn merging_keeps_every_place_and_what_was_not_read() {
    let all = findings();
    let one = reread(&written(Format::Jsonl, &all[..2], Summary { findings: 2, ..summary() }));
    let mut moved = all[0].clone();
    moved.occurrences[0].origin = Origin::File(Name::new("elsewhere"));
    moved.occurrences[0].path = Text::own("elsewhere");
    let other = reread(&written(Format::Jsonl, &[moved], Summary { findings: 1, ..broken_off() }));
    let merged = Log::merge(vec![one.clone(), other.clone()]);
    assert_eq!(merged.findings.len(), 2);
    assert_eq!(merged.findings.iter().map(|finding| finding.occurrences.len()).max(), Some(3));
    assert!(!merged.summary.complete());
    assert_eq!(merged.summary.unread.len(), 4);
    assert_eq!(merged.summary.findings, 2);
    // The same report twice says no more than once.
    let twice = Log::merge(vec![other.clone(), other]);
    assert_eq!((twice.findings.len(), twice.summary.unread.len()), (1, 4));
    assert_eq!(twice.findings[0].occurrences.len(), 2);
}

#[test]
fn json_formats_are_json_with_hostile_names_and_with_nothing() {
    let all: Vec<Finding> = findings().into_iter().chain(of_history()).collect();
    for found in [&all[..], &[]] {
        for format in [Format::Sarif, Format::Gitlab, Format::GitleaksJson] {
            let report = written(format, found, summary());
            serde_json::from_str::<Value>(&report).unwrap_or_else(|error| panic!("{format}: {error}"));
        }
    }
    let annotations = written(Format::Github, &all, broken_off());
    assert!(annotations.lines().all(|line| line.starts_with("::") || line.starts_with("and ")), "{annotations}");
    let junit = written(Format::Junit, &all, broken_off());
    assert!(!junit.contains("]]>") && !junit.contains("<script"), "{junit}");
    assert_eq!(junit.matches("<testcase").count(), junit.matches("</testcase>").count());
    let page = written(Format::Html, &all, broken_off());
    assert_eq!(page.matches("</script>").count(), 3, "only the page's own");
    assert!(!page.contains("alert(1)<") && !page.contains("<script>alert"));
}

#[test]
fn asff_is_in_batches_that_security_hub_takes() {
    let many = vec![findings().remove(0); 250];
    let report = written(Format::Asff, &many, summary());
    let batches: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let sizes: Vec<_> = batches.iter().map(|batch| batch.as_array().map(Vec::len)).collect();
    assert_eq!(sizes, [Some(100), Some(100), Some(50)]);
    assert!(report.lines().all(|line| line.len() < 6_000_000));
    let account = &batches[0][0]["Resources"][0];
    assert_eq!((&account["Type"], &account["Id"]), (&"AwsAccount".into(), &"AWS::::Account:123456789012".into()));
    assert_eq!(written(Format::Asff, &[], summary()), "");
    assert_eq!(written(Format::Asff, &[], broken_off()).matches("not everything was looked at").count(), 1);
}

#[test]
fn asff_stays_below_the_limit_of_a_finding() {
    let mut finding = findings().remove(0);
    let long = "\u{1b}".repeat(100_000);
    finding.why = long.clone().into();
    finding.facts = (0..60).map(|nth| Fact { key: format!("aws-{nth}").into(), value: long.clone() }).collect();
    finding.occurrences[0].path = Text::own(long);
    finding.occurrences = vec![finding.occurrences[0].clone(); 60];
    let size = written(Format::Asff, &[finding], summary()).len();
    assert!(size < 240_000, "{size}");
}

#[test]
fn sarif_for_github_leaves_out_what_is_in_no_file() {
    let target = SarifFor::Github;
    let report = |findings: &[Finding]| -> Value {
        let options = Options { sarif: target.clone(), ..options() };
        let report = Report { options, ..Report::new(Format::Sarif, findings, summary()) }.render();
        serde_json::from_str(&report).expect("it is JSON")
    };
    let run = report(&of_history())["runs"][0].take();
    assert_eq!(run["results"].as_array().map(Vec::len), Some(1));
    let location = &run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(location["uri"], "=cmd()%3C/script%3E%5D%5D%3E.txt");
    let told = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert!(told["message"]["text"].as_str().is_some_and(|text| text.starts_with("Left out: 1 of the findings")));
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn sarif_for_azure_names_the_pipeline() {
    let word = |word: &str| word.to_owned();
    let pipeline = Pipeline {
        organization: word("org"),
        project: word("project"),
        definition_id: word("1"),
        definition_name: word("build"),
        phase_id: word("2"),
        phase_name: word("job"),
        branch: word("refs/heads/main"),
        build_id: word("3"),
    };
    let options = Options { sarif: SarifFor::Azure(pipeline), ..options() };
    let report = Report { options, ..Report::new(Format::Sarif, &[], summary()) }.render();
    let log: Value = serde_json::from_str(&report).expect("it is JSON");
    let details = &log["runs"][0]["automationDetails"];
    assert_eq!(details["id"], "azuredevops/pipeline/build/org/project/1/2/refs/heads/main/3");
    assert_eq!(details["properties"]["azuredevops/pipeline/build/phaseName"], "job");
}

#[test]
fn sarif_over_what_github_shows_begins_with_the_worst() {
    let all = findings();
    let mut many = vec![all[2].clone(); 5000];
    many.push(all[0].clone());
    let log = sarif(&many, summary());
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "aws-secret-access-key");
}

/// Writes every format, for the validators of others; docs/OUTPUT.md tells how they are run.
#[test]
#[ignore = "writes files, for validators"]
fn write_reports_for_validators() {
    let directory = std::env::var_os("KEYSIEVE_REPORT_DIR").expect("KEYSIEVE_REPORT_DIR names a directory");
    let hostile: Vec<Finding> = findings().into_iter().chain(of_history()).collect();
    let many: Vec<Finding> = hostile.iter().cycle().take(30_000).cloned().collect();
    for (name, found, summary) in
        [("nothing", &[][..], summary()), ("all", &hostile, broken_off()), ("many", &many, summary())]
    {
        for format in Format::ALL {
            let path = std::path::Path::new(&directory).join(format!("{name}.{format}"));
            std::fs::write(path, written(format, found, summary.clone())).expect("the directory can be written to");
        }
    }
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
    let bare = RunInfo { mode: "stdin".into(), ..RunInfo::default() };
    write("stdin.sarif", &Report { info: bare, ..Report::new(Format::Sarif, &all[3..4], summary()) }.render());
    write("many.sarif", &Report::new(Format::Sarif, &vec![all[0].clone(); 25_001], summary()).render());
    write("no-rules.sarif", &Report::new(Format::Sarif, &all, summary()).render_with(&RuleSet::new(Vec::new())));
    let unread: Vec<Unread> = vec![broken_off().unread[0].clone(); 5000];
    write("unread.sarif", &Report::new(Format::Sarif, &[], Summary { unread, ..summary() }).render());
}
