//! keysieve finds leaked credentials, AWS credentials first of all, and reports them without spreading them. This is the
//! library; the program is in `src/cli`, and uses nothing but what is public here.
//!
//! # The picture
//!
//! ```text
//! pipeline    source --> Document --> Scanner --> Match --> Finding --> triage --> locate --> Reporter
//!             bytes, origin           hits                  one a rule  levels     line       text
//!             and kind                confirm               and secret             column     jsonl
//!                                     resolve                                      snippet    sarif
//! ```
//!
//! A source pushes documents from threads of its own. The scanner sees their bytes and their kind, and nothing else of
//! them. What it finds is grouped into findings, triage keeps some, and only the documents of those are opened again for
//! line and column. Reporters print findings, and open nothing.
//!
//! # The layers
//!
//! A module uses those above it in this table; docs/ARCHITECTURE.md has the exact list, and a test enforces it.
//!
//! | module | what it is |
//! |---|---|
//! | [`model`] | the nouns: origin, kind of file, span, secret, masked text, finding, summary |
//! | [`rules`] | what to look for: rules, their TOML schema, the built-in ones |
//! | [`engine`] | bytes in, matches out |
//! | [`source`] | where documents come from: a work tree, standard input |
//! | [`report`] | one file per format |
//! | [`triage`] | which findings are kept, and which fail the run |
//! | [`git`] | what git knows of a directory, what is staged in it, what commits bring in; the one place that names gix |
//! | [`config`] | what files of the system, the user and the repository set |
//! | [`pipeline`] | a run, from source to summary |
//! | [`compat`] | the program git-secrets: its own patterns, providers and output |
//! | [`import`] | settings of other scanners, carried over |
//!
//! # The life of one secret
//!
//! 1. [`source::Worktree`] reads `deploy.sh` into a buffer of its thread and pushes a [`source::Document`] that borrows it.
//! 2. [`engine::Scanner::scan`] finds the anchor of a rule, confirms a match around it and resolves it with the others: a
//!    [`engine::Match`] owns the decoded bytes as a [`model::Secret`], which cannot print itself. This is the first
//!    allocation for the document.
//! 3. The pipeline groups matches of one rule and secret into a [`model::Finding`] with a [`model::Occurrence`] for each
//!    place, and [`triage::Policy`] decides whether it is reported and whether it fails the run.
//! 4. `deploy.sh` is opened again through [`source::Reopen`], and [`pipeline::locate`] fills in line, column and a snippet
//!    in which every secret is blanked: a [`model::Text`].
//! 5. A [`report::Reporter`] prints the finding by its masked form. The clear bytes have reached no output.

pub mod compat;
pub mod config;
pub mod engine;
pub mod git;
pub mod import;
pub mod model;
pub mod pipeline;
pub mod report;
pub mod rules;
pub mod source;
pub mod triage;
