//! git-secrets' settings: the patterns of git's configuration, the files that providers print, what is allowed.
//! <https://github.com/awslabs/git-secrets> documents them. Nothing is run: of providers only `cat FILE` is understood, and
//! the caller has read the file.

use super::Imported;
use super::allow::Allow;
use super::rule::{Rule, Source};
use crate::compat;

/// What is configured.
#[derive(Clone, Debug, Default)]
pub struct GitSecrets {
    /// Patterns that are prohibited, each with where it stands.
    pub patterns: Vec<(String, Vec<u8>)>,
    /// Patterns that are allowed, each with where it stands.
    pub allowed: Vec<(String, Vec<u8>)>,
    /// Providers that are not understood.
    pub providers: Vec<String>,
}

/// Carries the settings over.
pub fn git_secrets(settings: &GitSecrets) -> Imported {
    let mut imported = Imported::default();
    for (place, pattern) in &settings.patterns {
        imported.rules_read += 1;
        if compat::is_pattern_of_aws(pattern) {
            imported.rules_read -= 1;
            imported.note(place, "keysieve's built-in rules for AWS take the place of this pattern of --register-aws");
            continue;
        }
        let nth = imported.rules_read;
        match carried(place, pattern, nth) {
            Ok(rule) => imported.add(rule),
            Err(reason) => imported.left_out(place, reason),
        }
    }
    for (place, pattern) in &settings.allowed {
        match allowed(pattern) {
            _ if compat::is_allowed_by_aws(pattern) => {
                imported.note(place, "keysieve knows AWS's examples");
            }
            Ok(regex) => {
                let reason = "carried over from git-secrets".to_owned();
                imported.allow.push(Allow { regexes: vec![regex], reason, ..Allow::default() });
                imported.note(place, "it is looked for in the secret, and no longer in the whole line with its path");
            }
            Err(reason) => imported.left_out(place, reason),
        }
    }
    for provider in &settings.providers {
        imported.left_out(format!("the provider {provider}"), "keysieve runs no program: see --known and --rules");
    }
    imported
}

fn carried(place: &str, pattern: &[u8], nth: usize) -> Result<Rule, String> {
    let hir = compat::parse_pattern(pattern).map_err(|error| error.to_string())?;
    let source = Source {
        origin: place.to_owned(),
        id: format!("git-secrets-{nth}"),
        description: format!("Pattern {nth} of git-secrets"),
        edges: Some("word"),
        ..Source::default()
    };
    Rule::new(source, &hir)
}

fn allowed(pattern: &[u8]) -> Result<String, String> {
    let hir = compat::parse_pattern(pattern).map_err(|error| error.to_string())?;
    if hir.properties().minimum_len() == Some(0) {
        return Err("it fits everything".to_owned());
    }
    Ok(hir.to_string().replace("(?-u:", "(?:"))
}
