//! The exit status: one enum, one conversion, one function that judges a run. docs/EXIT-CODES.md says the same in
//! prose. Not decided here: which findings fail (that is triage), and what is printed.

use std::process::ExitCode;

use keysieve::model::Summary;

/// What the caller is told in one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Nothing that fails, and all that was asked for was looked at.
    Success,
    /// Findings that fail, with the status they get.
    Findings(u8),
    /// Wrong usage, wrong configuration, or an error that ended the run.
    Error,
    /// Nothing that fails, but something asked for was not looked at.
    Incomplete,
    /// Ended by Ctrl-C.
    Interrupted,
}

/// The status of findings, unless `--exit-code` says otherwise.
pub(crate) const FINDINGS: u8 = 1;
/// 128 and the number of SIGINT, as shells have it.
const INTERRUPTED: u8 = 130;

impl ExitStatus {
    /// The number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Findings(code) => code,
            Self::Error => 2,
            Self::Incomplete => 3,
            Self::Interrupted => INTERRUPTED,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

/// How the caller wants a run to be judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judge {
    /// The status of findings that fail; none lets them pass.
    pub(crate) findings: Option<u8>,
    /// Whether a run passes that did not look at everything.
    pub(crate) allow_incomplete: bool,
}

impl Judge {
    /// The status of a run that came to an end. Findings weigh more than unread parts: they are certain.
    pub(crate) fn status(self, summary: &Summary, interrupted_by_user: bool) -> ExitStatus {
        if interrupted_by_user {
            return ExitStatus::Interrupted;
        }
        match self.findings {
            Some(code) if summary.failing > 0 => ExitStatus::Findings(code),
            _ if !summary.complete() && !self.allow_incomplete => ExitStatus::Incomplete,
            _ => ExitStatus::Success,
        }
    }
}

#[cfg(test)]
mod tests {
    use keysieve::model::{Origin, Text, Unread, UnreadReason};

    use super::*;

    const PLAIN: Judge = Judge { findings: Some(FINDINGS), allow_incomplete: false };

    fn summary(failing: usize, unread: usize, interrupted: bool) -> Summary {
        let entry = Unread { origin: Origin::Stdin, reason: UnreadReason::Changed, path: Text::default() };
        Summary { findings: failing + 1, failing, unread: vec![entry; unread], interrupted, ..Summary::default() }
    }

    #[test]
    fn every_status_has_its_number() {
        let all = [
            (ExitStatus::Success, 0),
            (ExitStatus::Findings(FINDINGS), 1),
            (ExitStatus::Findings(99), 99),
            (ExitStatus::Error, 2),
            (ExitStatus::Incomplete, 3),
            (ExitStatus::Interrupted, 130),
        ];
        for (status, code) in all {
            assert_eq!(status.code(), code, "{status:?}");
        }
    }

    #[test]
    fn a_run_is_judged_by_findings_first_and_by_unread_parts_second() {
        let zero = Judge { findings: None, ..PLAIN };
        let tolerant = Judge { allow_incomplete: true, ..PLAIN };
        let table = [
            (PLAIN, summary(0, 0, false), ExitStatus::Success),
            (PLAIN, summary(1, 0, false), ExitStatus::Findings(1)),
            (PLAIN, summary(0, 1, false), ExitStatus::Incomplete),
            (PLAIN, summary(1, 1, false), ExitStatus::Findings(1)),
            (PLAIN, summary(0, 0, true), ExitStatus::Incomplete),
            (PLAIN, summary(1, 0, true), ExitStatus::Findings(1)),
            (zero, summary(1, 0, false), ExitStatus::Success),
            (zero, summary(1, 1, false), ExitStatus::Incomplete),
            (tolerant, summary(0, 1, true), ExitStatus::Success),
            (tolerant, summary(1, 1, false), ExitStatus::Findings(1)),
            (Judge { findings: Some(42), ..PLAIN }, summary(1, 0, false), ExitStatus::Findings(42)),
        ];
        for (judge, summary, status) in table {
            assert_eq!(judge.status(&summary, false), status, "{judge:?} {summary:?}");
        }
    }

    #[test]
    fn ctrl_c_outweighs_everything() {
        assert_eq!(PLAIN.status(&summary(1, 1, true), true), ExitStatus::Interrupted);
    }
}
