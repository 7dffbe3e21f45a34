//! Why something was found, or which step dropped it. The steps are the engine's own, called one by one; they tell what
//! became of each hit, and this file only keeps that. Slower than a scan, and never part of one.

use super::candidate::Candidate;
use super::confirm;
use super::decode::View;
use super::directive;
use super::entropy;
use super::resolve::{self, Loss};
use super::scanner::{Compiled, RuleHits, Verdict};
use super::scratch::Layer;
use super::verdicts::Verdicts;
use super::{Match, Refusal, Scanner, Scratch};
use crate::model::{Encoding, KindSet, Secret, Span};
use crate::rules::{Edge, Edges, Matcher, Rule};

/// What became of one anchor, match or candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Index of the rule that it is of.
    pub rule: usize,
    /// The anchor, if there was no match around it; otherwise the secret.
    pub span: Span,
    /// What was taken for the secret, if there was a match.
    pub secret: Option<Secret>,
    /// Encodings that were undone, outermost first.
    pub encodings: Vec<Encoding>,
    /// How it ended.
    pub fate: Fate,
}

/// How it ended, in the order of the steps.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// Around the anchor there is nothing of the rule's form.
    Form,
    /// What there is does not stand by itself.
    Edges,
    /// It is no secret.
    Refused {
        /// Why.
        why: Refusal,
        /// Of a test of randomness, the bits of entropy per character that it has.
        entropy: Option<f32>,
    },
    /// The rule does not hold in files of this kind.
    Kind,
    /// It gave way, or lacked its other part.
    Lost(Loss),
    /// It is a part of what the rule with this index found.
    Part(usize),
    /// It is a match.
    Found(Box<Match>),
}

impl Scanner {
    /// What became of every anchor and match in `asked`, a part of the document, by place.
    pub fn explain(&self, scratch: &mut Scratch, bytes: &[u8], kinds: KindSet, asked: Span) -> Vec<Explanation> {
        let mut all = Vec::new();
        let mut candidates = self.explain_layer(scratch, bytes, self.options.decode, &mut all);
        for candidate in &mut candidates {
            candidate.directive =
                directive::beside(bytes, candidate.span, &self.rules.rules()[candidate.rule].id, &self.markers);
            candidate.settle_utf16(bytes.len());
        }
        let (holding, others): (Vec<_>, Vec<_>) = candidates.into_iter().partition(|it| it.kinds.intersects(kinds));
        all.extend(others.into_iter().map(|candidate| of_candidate(candidate, Fate::Kind)));
        let matches = resolve::observed(&self.rules, holding, &mut |lost| {
            let (secret, fate) = (Some(lost.secret.clone()), Fate::Lost(lost.why));
            all.push(Explanation { rule: lost.rule, span: lost.span, secret, encodings: Vec::new(), fate });
        });
        all.extend(matches.into_iter().flat_map(of_match));
        all.retain(|one| one.span.overlaps(asked));
        all.sort_by_key(|one| (one.span, one.rule));
        all.dedup();
        all
    }

    /// The candidates of a text; what led to none is told to `all`.
    fn explain_layer(
        &self,
        scratch: &mut Scratch,
        bytes: &[u8],
        depth: u8,
        all: &mut Vec<Explanation>,
    ) -> Vec<Candidate> {
        let mut layer = Layer { hits: vec![Vec::new(); self.rules.rules().len()], ..Layer::default() };
        let whole = 0..bytes.len();
        self.hits(&mut layer, bytes, whole.clone());
        layer.sort();
        let mut candidates = Vec::new();
        for &rule in &layer.touched {
            let hits = RuleHits { rule, hits: &layer.hits[rule], others: &[], since: 0 };
            let mut is_settled = vec![false; hits.hits.len()];
            self.confirm(scratch, bytes, hits, &mut candidates, |hit, verdict| {
                is_settled[hit] = true;
                if let Verdict::Refused { secret, why } = verdict {
                    // What is wrong with the value says more than what is not beside it.
                    let why = confirm::candidate(self.compiled(rule), &mut Verdicts::default(), bytes, (secret, None))
                        .err()
                        .unwrap_or(why);
                    all.push(self.refused(rule, bytes, secret, why));
                }
            });
            let open = hits.hits.iter().zip(is_settled).filter(|(_, is_settled)| !is_settled);
            all.extend(open.map(|(&hit, _)| self.without_match(scratch, rule, bytes, hit)));
        }
        self.confirm_neighbours(scratch, bytes, 0, &mut candidates);
        for view in self.views(bytes, &[whole], &layer.wrapped, depth) {
            let before = all.len();
            let mut inner = self.explain_layer(scratch, &view.text, depth - 1, all);
            all[before..].iter_mut().for_each(|one| one.move_out_of(&view));
            inner.iter_mut().for_each(|candidate| candidate.move_out_of(&view));
            candidates.extend(inner);
        }
        candidates
    }

    fn refused(&self, rule: usize, bytes: &[u8], secret: Span, why: Refusal) -> Explanation {
        let value = confirm::decoded(&self.rules.rules()[rule], &bytes[secret.range()]);
        let is_of_randomness = matches!(why, Refusal::Validator(crate::rules::Validator::Entropy(_)));
        let entropy = is_of_randomness.then(|| entropy::bits_per_byte(&value));
        let (secret, span) = (Some(Secret::new(value)), secret);
        Explanation { rule, span, secret, encodings: Vec::new(), fate: Fate::Refused { why, entropy } }
    }

    /// Of a hit without a match: whether there is one if anything may stand beside it.
    fn without_match(&self, scratch: &mut Scratch, rule: usize, bytes: &[u8], hit: Span) -> Explanation {
        let compiled = self.compiled(rule);
        let mut explanation = Explanation { rule, span: hit, secret: None, encodings: Vec::new(), fate: Fate::Form };
        if matches!(compiled.rule.matcher, Matcher::Regex { .. }) {
            let edges = Edges { left: Edge::None, right: Edge::None };
            let loose = Rule { edges, ..compiled.rule.clone() };
            let loose = Compiled { rule: &loose, ..compiled };
            confirm::regex(loose, &mut scratch.caches[rule], bytes, (&[hit], &[], bytes.len()), |_, matched| {
                let value = confirm::decoded(compiled.rule, &bytes[matched.secret.range()]);
                explanation.span = matched.secret;
                explanation.secret = Some(Secret::new(value));
                explanation.fate = Fate::Edges;
            });
        }
        explanation
    }
}

impl Explanation {
    fn move_out_of(&mut self, view: &View) {
        self.span = view.outer(self.span);
        self.encodings.insert(0, view.encoding);
    }
}

fn of_candidate(candidate: Candidate, fate: Fate) -> Explanation {
    let Candidate { rule, span, secret, encodings, .. } = candidate;
    Explanation { rule, span, secret: Some(secret), encodings, fate }
}

/// The match and the other parts of its credential.
fn of_match(found: Match) -> Vec<Explanation> {
    let (rule, span, secret, encodings) = (found.rule, found.span, found.secret.clone(), found.encodings.clone());
    let part = |part: &super::RelatedMatch| Explanation {
        rule: part.rule,
        span: part.span,
        secret: Some(part.secret.clone()),
        encodings: Vec::new(),
        fate: Fate::Part(rule),
    };
    let mut all: Vec<Explanation> = found.related.iter().map(part).collect();
    all.push(Explanation { rule, span, secret: Some(secret), encodings, fate: Fate::Found(Box::new(found)) });
    all
}
