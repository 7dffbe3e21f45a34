//! What reports depend on beside the findings: flags, the terminal, the clock, and the variables of Azure Pipelines.

use std::env;
use std::io::{self, IsTerminal};
use std::time::SystemTime;

use anyhow::{Context, Result};
use keysieve::model::Moment;
use keysieve::report::{AsffTarget, Format, Options, Pipeline, SarifFor, Style};

use super::TargetArgs;
use crate::cli::console::Console;
use crate::cli::output::Plan;

/// Seconds since 1970 that stand for now, so that a report can be made again to the byte:
/// <https://reproducible-builds.org/specs/source-date-epoch/>.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// The options that all reports of a run share.
pub(crate) fn of(args: &TargetArgs, plans: &[Plan]) -> Result<Options> {
    let is_asked_for = |format| plans.iter().any(|plan| plan.format == format);
    let asff = if is_asked_for(Format::Asff) { Some(asff(args)?) } else { None };
    let sarif = match (args.sarif_github, args.sarif_azure) {
        (true, _) => SarifFor::Github,
        (_, true) => SarifFor::Azure(pipeline(|name| env::var(name).ok())?),
        (false, false) => SarifFor::Anyone,
    };
    Ok(Options { style: Style::default(), began: now(env::var(EPOCH).ok().as_deref()), asff, sarif })
}

/// The options of one report. A file is neither coloured nor explained, for a program may read it.
pub(crate) fn on(shared: &Options, plan: &Plan, console: &Console) -> Options {
    let is_printed = plan.path.is_none();
    let color = is_printed && console.colors_reports();
    Options { style: Style { color, details: is_printed && io::stdout().is_terminal() }, ..shared.clone() }
}

/// Parses an AWS account id.
pub(super) fn account(given: &str) -> Result<String, String> {
    let is_account = given.len() == 12 && given.bytes().all(|byte| byte.is_ascii_digit());
    if is_account { Ok(given.to_owned()) } else { Err("an AWS account has 12 digits".to_owned()) }
}

/// Parses the name of a region or partition.
pub(super) fn region(given: &str) -> Result<String, String> {
    let is_name = !given.is_empty()
        && given.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_name { Ok(given.to_owned()) } else { Err("expected a name as in eu-central-1".to_owned()) }
}

fn asff(args: &TargetArgs) -> Result<AsffTarget> {
    let account = args.asff_account.clone().context("a report as asff needs --asff-account")?;
    let region = args.asff_region.clone().context("a report as asff needs --asff-region")?;
    let partition = args.asff_partition.clone().unwrap_or_else(|| partition_of(&region).to_owned());
    Ok(AsffTarget { account, region, partition })
}

fn partition_of(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// What the agent of Azure Pipelines says of the run:
/// <https://learn.microsoft.com/azure/devops/pipelines/build/variables>.
fn pipeline(variable: impl Fn(&str) -> Option<String>) -> Result<Pipeline> {
    let needed = |name: &str| {
        let value = variable(name).filter(|value| !value.is_empty());
        value.with_context(|| format!("--sarif-azure needs the variable {name}, which Azure Pipelines sets"))
    };
    let collection = needed("SYSTEM_COLLECTIONURI")?;
    Ok(Pipeline {
        organization: organization(&collection).to_owned(),
        project: needed("SYSTEM_TEAMPROJECT")?,
        definition_id: needed("SYSTEM_DEFINITIONID")?,
        definition_name: needed("BUILD_DEFINITIONNAME")?,
        phase_id: needed("SYSTEM_PHASEID").or_else(|_| needed("SYSTEM_JOBID"))?,
        phase_name: needed("SYSTEM_PHASENAME")?,
        branch: needed("BUILD_SOURCEBRANCH")?,
        build_id: needed("BUILD_BUILDID")?,
    })
}

/// `fabrikam` of `https://dev.azure.com/fabrikam/` and of `https://fabrikam.visualstudio.com/`.
fn organization(collection: &str) -> &str {
    let rest = collection.split_once("://").map_or(collection, |(_, rest)| rest).trim_end_matches('/');
    match rest.split_once('/') {
        Some((_, path)) => path,
        None => rest.split('.').next().unwrap_or(rest),
    }
}

fn now(epoch: Option<&str>) -> Moment {
    let given = epoch.and_then(|seconds| Moment::from_seconds(seconds.parse().ok()?));
    given.unwrap_or_else(|| SystemTime::now().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_follows_from_the_region() {
        let partitions = ["eu-central-1", "cn-north-1", "us-gov-west-1"].map(partition_of);
        assert_eq!(partitions, ["aws", "aws-cn", "aws-us-gov"]);
    }

    #[test]
    fn a_pipeline_is_known_by_its_variables() {
        let pipeline = pipeline(|name| {
            Some(if name == "SYSTEM_COLLECTIONURI" { "https://dev.azure.com/f/" } else { name }.to_owned())
        });
        let pipeline = pipeline.unwrap();
        assert_eq!((pipeline.organization.as_str(), pipeline.phase_id.as_str()), ("f", "SYSTEM_PHASEID"));
        assert_eq!(organization("https://fabrikam.visualstudio.com/"), "fabrikam");
        let error = super::pipeline(|_| None).unwrap_err().to_string();
        assert!(error.contains("SYSTEM_COLLECTIONURI"), "{error}");
    }

    #[test]
    fn an_account_is_a_number_of_twelve_digits() {
        assert!(account("123456789012").is_ok());
        assert!(["", "12345678901", "12345678901a", "1234567890123"].iter().all(|given| account(given).is_err()));
        assert!(region("eu-central-1").is_ok());
        assert!(["", "EU", "a/b", "a:b"].iter().all(|given| region(given).is_err()));
    }

    #[test]
    fn the_clock_can_be_set() {
        assert_eq!(now(Some("0")).to_string(), "1970-01-01T00:00:00Z");
        assert!(now(Some("soon")) > now(Some("0")));
    }
}
