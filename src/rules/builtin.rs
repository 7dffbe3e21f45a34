//! The built-in rules: constants that build.rs made of patterns/*.toml. Not the place where they are written.

use std::borrow::Cow;

use super::rule::SecretStart::{Asked, BeforeEnd, Whole, Within};
use super::rule::{
    Bounds, Context, Edge, Edges, FileMatch, Greedy, Matcher, Near, Pair, Piece, Rule, Run, Shape, Unescape, Validator,
};
use crate::model::{Confidence, KindSet, Severity};

include!(concat!(env!("OUT_DIR"), "/rules.rs"));
