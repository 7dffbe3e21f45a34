//! What Advanced Security for Azure DevOps asks of a log beside what SARIF does: the pipeline, in the id of the run and in its
//! properties. They are what rules `GHAzDO1019` and `GHAzDO1020` of Microsoft's validator look for.

use serde_json::json;
use serde_sarif::sarif;

use super::{Pipeline, bag};

/// Where both begin.
const PREFIX: &str = "azuredevops/pipeline/build/";

pub(super) fn automation_details(pipeline: &Pipeline) -> sarif::RunAutomationDetails {
    let Pipeline { organization, project, definition_id, phase_id, branch, build_id, .. } = pipeline;
    let id = format!("{PREFIX}{organization}/{project}/{definition_id}/{phase_id}/{branch}/{build_id}");
    let properties = [
        ("buildDefinitionId", definition_id),
        ("buildDefinitionName", &pipeline.definition_name),
        ("phaseId", phase_id),
        ("phaseName", &pipeline.phase_name),
    ];
    let properties = properties.map(|(key, value)| (format!("{PREFIX}{key}"), json!(value)));
    sarif::RunAutomationDetails::builder().id(id).properties(bag(properties.into())).build()
}
