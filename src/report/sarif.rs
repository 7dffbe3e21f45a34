//! SARIF 2.1.0, for code scanning services and viewers; docs/OUTPUT.md tells what goes where and why. The log is one
//! JSON object and is written at the end. Until then results are kept as JSON text, a tenth of the size of the structs
//! of serde-sarif, which are mostly empty options. No time enters it, so that two runs write the same bytes.

mod azure;
mod message;
mod result;
mod rules;
mod split;
mod uri;

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde_json::{Value, json};
use serde_sarif::sarif;

use super::{Reporter, json as json_text, shown};
use crate::model::{Confidence, Finding, Origin, RunInfo, Severity, Summary, Unread};
use crate::rules::RuleSet;
use message::quoted;
use result::Places;
use rules::Rules;
use split::Limits;

/// The published schema of SARIF 2.1.0 with its errata.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Where people learn of this program.
const HOME: &str = "https://github.com/keysieve/keysieve";
/// The name for the root of what is scanned; readers put their own checkout in its place.
const ROOT: &str = "SRCROOT";
/// Stands in masked text for each character that is not shown.
const REDACTION: &str = "*";

/// GitHub shows so many results of a log, "the top by severity"; with more, they are put into that order here.
const RESULTS_SHOWN: usize = 5000;

/// Descriptor ids of what can happen to a run.
const UNREAD: &str = "unread";
const INTERRUPTED: &str = "interrupted";
const LEFT_OUT: &str = "left-out";

/// For whom a log is.
#[derive(Clone, Debug, Default)]
pub enum SarifFor {
    /// For every reader of SARIF.
    #[default]
    Anyone,
    /// For GitHub, which shows results in files of the repository and no others: what stands elsewhere is left out, and
    /// counted in a notification. What is more than it takes at once goes into further logs, a line for each.
    Github,
    /// For Advanced Security for Azure DevOps: the same, and it wants to know the pipeline.
    Azure(Pipeline),
}

/// A run of a pipeline of Azure DevOps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// The organisation.
    pub organization: String,
    /// The project.
    pub project: String,
    /// Id of the pipeline.
    pub definition_id: String,
    /// Name of the pipeline.
    pub definition_name: String,
    /// Id of the job within it.
    pub phase_id: String,
    /// Name of that job.
    pub phase_name: String,
    /// The branch, as a ref.
    pub branch: String,
    /// Id of the run.
    pub build_id: String,
}

/// Writes a SARIF log.
pub(super) struct SarifReport<'a> {
    out: Box<dyn Write + 'a>,
    rules: Rules<'a>,
    target: SarifFor,
    info: RunInfo,
    /// The results as JSON, with what they are sorted by.
    results: Vec<((Severity, Confidence), Vec<u8>)>,
    /// How many are not in a file of the repository, and not told for that.
    left_out: usize,
    /// Whether some result is not in the repository.
    outside: bool,
}

impl<'a> SarifReport<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, rules: &'a RuleSet, target: SarifFor) -> Self {
        let (info, rules) = (RunInfo::default(), Rules::new(rules));
        Self { out, rules, target, info, results: Vec::new(), left_out: 0, outside: false }
    }

    /// Whether it is for a service that shows files of the repository and nothing else.
    fn is_of_files(&self) -> bool {
        matches!(self.target, SarifFor::Github | SarifFor::Azure(_))
    }
}

impl Reporter for SarifReport<'_> {
    fn begin(&mut self, info: &RunInfo) -> io::Result<()> {
        self.info = info.clone();
        Ok(())
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let places = Places::of(finding, self.is_of_files());
        let Some(result) = result::result(finding, &places, &self.rules, &self.info) else {
            self.left_out += usize::from(shown(finding).next().is_some());
            return Ok(());
        };
        self.outside |= places.are_outside();
        let rank = (finding.severity, finding.confidence);
        self.results.push((rank, json_text::to_bytes(&result)?));
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let mut results = std::mem::take(&mut self.results);
        if results.len() > RESULTS_SHOWN {
            results.sort_by_key(|(rank, _)| std::cmp::Reverse(*rank));
        }
        let results: Vec<&[u8]> = results.iter().map(|(_, result)| result.as_slice()).collect();
        let head = json_text::to_bytes(&self.run(0, summary))?;
        let mut nth = 0;
        for log in split::logs(&results, &head, self.limits()) {
            write!(self.out, r#"{{"$schema":"{SCHEMA}","version":"2.1.0","runs":["#)?;
            for (nth_of_log, range) in log.into_iter().enumerate() {
                self.out.write_all(if nth_of_log > 0 { b"," } else { b"" })?;
                self.write_run(nth, &results[range], summary)?;
                nth += 1;
            }
            self.out.write_all(b"]}\n")?;
        }
        self.out.flush()
    }
}

impl SarifReport<'_> {
    fn limits(&self) -> Limits {
        match self.target {
            SarifFor::Github => Limits::GITHUB,
            SarifFor::Anyone | SarifFor::Azure(_) => Limits::ANYONE,
        }
    }

    fn write_run(&mut self, nth: usize, results: &[&[u8]], summary: &Summary) -> io::Result<()> {
        // Results are the last member of the run's object, put before its closing brace.
        let run = json_text::to_bytes(&self.run(nth, summary))?;
        let open = run.strip_suffix(b"}").expect("a struct is written as an object with members");
        self.out.write_all(open)?;
        self.out.write_all(br#","results":["#)?;
        for (nth, result) in results.iter().enumerate() {
            self.out.write_all(if nth > 0 { b"," } else { b"" })?;
            self.out.write_all(result)?;
        }
        self.out.write_all(b"]}")
    }

    /// The nth run, without its results.
    fn run(&self, nth: usize, summary: &Summary) -> sarif::Run {
        let mut run = sarif::Run::builder()
            .tool(sarif::Tool::from(self.driver()))
            .automation_details(self.automation_details(nth))
            .column_kind(json!("unicodeCodePoints"))
            .original_uri_base_ids(BTreeMap::from([(ROOT.to_owned(), root())]))
            .invocations(vec![self.invocation(nth, summary)])
            .properties(bag(totals(summary)))
            .build();
        if !self.info.show_secrets {
            run.redaction_tokens = Some(vec![REDACTION.to_owned()]);
        }
        run.version_control_provenance = self.version_control().map(|details| vec![details]);
        run
    }

    fn driver(&self) -> sarif::ToolComponent {
        let version = env!("CARGO_PKG_VERSION");
        sarif::ToolComponent::builder()
            .name(env!("CARGO_PKG_NAME"))
            .full_name(format!("{} {version}", env!("CARGO_PKG_NAME")))
            .version(version)
            .semantic_version(version)
            .information_uri(HOME)
            .short_description(multiformat(env!("CARGO_PKG_DESCRIPTION")))
            .rules(self.rules.descriptors())
            .notifications(notification_descriptors())
            .build()
    }

    /// GitHub's category is what stands before the last `/`; a run of another mode does not close this one's alerts.
    fn automation_details(&self, nth: usize) -> sarif::RunAutomationDetails {
        if let SarifFor::Azure(pipeline) = &self.target {
            return azure::automation_details(pipeline);
        }
        let mode = &self.info.mode;
        let id = match nth {
            0 => format!("{}/{mode}/", env!("CARGO_PKG_NAME")),
            nth => format!("{}/{mode}-{}/", env!("CARGO_PKG_NAME"), nth + 1),
        };
        sarif::RunAutomationDetails::builder().id(id).build()
    }

    /// What happened on the way; told once, in the first run.
    fn invocation(&self, nth: usize, summary: &Summary) -> sarif::Invocation {
        let mut notifications = Vec::new();
        if nth == 0 {
            notifications.extend(summary.unread.iter().map(unread));
            notifications.extend(summary.interrupted.then(interrupted));
            notifications.extend(Some(self.left_out).filter(|count| *count > 0).map(left_out));
        }
        sarif::Invocation::builder()
            .execution_successful(summary.complete())
            .tool_execution_notifications(notifications)
            .build()
    }

    /// The revision that was scanned; not claimed of results that are not in the repository.
    fn version_control(&self) -> Option<sarif::VersionControlDetails> {
        let vcs = self.info.vcs.as_ref().filter(|_| !self.outside)?;
        let repository = vcs.repository_uri.as_ref().filter(|uri| uri::is_absolute(uri.as_str()))?;
        let mut details = sarif::VersionControlDetails::builder()
            .repository_uri(repository.as_str())
            .mapped_to(sarif::ArtifactLocation::builder().uri_base_id(ROOT).build())
            .build();
        details.revision_id.clone_from(&vcs.revision);
        details.branch = vcs.branch.as_ref().map(|branch| branch.as_str().to_owned());
        Some(details)
    }
}

/// The root without its path, which is this machine's affair.
fn root() -> sarif::ArtifactLocation {
    sarif::ArtifactLocation::builder()
        .description("The directory that was scanned, or the top of its work tree.")
        .build()
}

fn unread(unread: &Unread) -> sarif::Notification {
    let what = match &unread.origin {
        Origin::Stdin => "Standard input".to_owned(),
        Origin::Commit(id) => format!("Commit '{id}'"),
        Origin::Tag(id) => format!("Tag '{id}'"),
        Origin::Object(id) => format!("Object '{id}'"),
        Origin::Database => "The object database".to_owned(),
        _ => quoted(unread.path.as_str()),
    };
    let reason = unread.reason.to_string();
    let text = format!("{what} was not read: {}.", message::sentence(&reason));
    let mut notification = notification(UNREAD, 0, &text);
    if unread.origin == Origin::Database {
        return notification;
    }
    let location =
        sarif::PhysicalLocation::builder().artifact_location(uri::artifact(&unread.origin, &unread.path)).build();
    notification.locations = Some(vec![sarif::Location::builder().physical_location(location).build()]);
    notification
}

/// It is no error of the run, and no part of what was not read.
fn left_out(count: usize) -> sarif::Notification {
    let text = format!(
        "Left out: {count} of the findings stand in messages, in names of refs or outside of the repository, where \
         this service shows none. Other reports have them."
    );
    sarif::Notification { level: Some(json!("warning")), ..notification(LEFT_OUT, 2, &text) }
}

fn interrupted() -> sarif::Notification {
    notification(INTERRUPTED, 1, "The run was interrupted: not everything was looked at.")
}

fn notification(id: &str, index: i64, text: &str) -> sarif::Notification {
    sarif::Notification::builder()
        .level(json!("error"))
        .descriptor(sarif::ReportingDescriptorReference::builder().id(id).index(index).build())
        .message(sarif::Message::from(text))
        .build()
}

/// In the order of the indices that [`unread`], [`interrupted`] and [`left_out`] give.
fn notification_descriptors() -> Vec<sarif::ReportingDescriptor> {
    let descriptor = |id: &str, name: &str, text: &str| {
        sarif::ReportingDescriptor::builder()
            .id(id)
            .name(name)
            .short_description(multiformat(text))
            .full_description(multiformat(text))
            .help(multiformat(text))
            .build()
    };
    vec![
        descriptor(UNREAD, "InputNotRead", "Something that was asked for was not read whole."),
        descriptor(INTERRUPTED, "RunEndedEarly", "The run ended before everything was looked at."),
        descriptor(LEFT_OUT, "FindingsLeftOut", "Findings that are in no file of the repository were left out."),
    ]
}

fn totals(summary: &Summary) -> BTreeMap<String, Value> {
    let excluded: BTreeMap<&str, u64> = summary.excluded.iter().map(|(what, count)| (what.key(), *count)).collect();
    let totals = [
        ("bytes", json!(summary.bytes)),
        ("complete", json!(summary.complete())),
        ("documents", json!(summary.documents)),
        ("excluded", json!(excluded)),
        ("findings", json!(summary.findings)),
        ("suppressed", json!(summary.suppressed)),
    ];
    totals.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn bag(properties: BTreeMap<String, Value>) -> sarif::PropertyBag {
    sarif::PropertyBag::builder().additional_properties(properties).build()
}

fn multiformat(text: &str) -> sarif::MultiformatMessageString {
    sarif::MultiformatMessageString::builder().text(text).build()
}

/// SARIF's integers are signed; no count or offset of ours comes near the end of them.
fn int(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
