//! What to do about a finding, as its rule says it: the whole of it, or its first step where there is a line for it.

use crate::rules::Rule;

/// Said where a rule says nothing better.
pub(super) const REMEDIATION: &str =
    "Revoke the credential where it was issued, replace it, then remove it from the content.";

/// All steps.
pub(super) fn all(rule: Option<&Rule>) -> &str {
    rule.map(|rule| rule.remediation.trim()).filter(|text| !text.is_empty()).unwrap_or(REMEDIATION)
}

/// The first step of a remediation, without its list mark and full stop.
pub(super) fn first_step(remediation: &str) -> Option<&str> {
    let line = remediation.lines().map(str::trim).find(|line| !line.is_empty())?;
    let mark = line.trim_start_matches(|char: char| char.is_ascii_digit());
    let unmarked = mark.strip_prefix(". ").or_else(|| mark.strip_prefix(") ")).filter(|_| mark.len() < line.len());
    let unmarked = unmarked.or_else(|| line.strip_prefix("- ")).or_else(|| line.strip_prefix("* ")).unwrap_or(line);
    Some(unmarked.trim().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_has_no_mark() {
        for (remediation, step) in [
            ("1. Deactivate the key.\n2. Rotate.", "Deactivate the key"),
            ("\n- Revoke it", "Revoke it"),
            ("* Revoke it...", "Revoke it"),
            ("10) Revoke it", "Revoke it"),
            ("2024 keys: revoke", "2024 keys: revoke"),
            ("Revoke `-x`.", "Revoke `-x`"),
        ] {
            assert_eq!(first_step(remediation), Some(step), "{remediation:?}");
        }
        assert_eq!(first_step(" \n"), None);
    }
}
