//! From a rule as it is written to a rule as the engine uses it: every value is checked, every word understood. What
//! needs the other rules too (unique ids, references) is `load.rs`'s part, the regex `pattern.rs`'s and `proof.rs`'s.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use toml::Spanned;

use super::file::{RawAllow, RawContext, RawEdges, RawFile, RawRule, Switch, Text, Texts, shown};
use super::keyed;
use super::lead;
use super::pattern::{self, Allowance};
use super::proof::{self, Anchors};
use super::rule::{Bounds, Context, Edge, Edges, FileMatch, List, Matcher, Near, Pair, Rule, Str, Validator};
use super::values::{self, EDGES, SHAPES, UNESCAPES};
use crate::model::KindSet;

/// Stands in examples and allowed values, so that no scanner takes the rule file for a leak. Taken out on reading.
pub(super) const SPLICE: &str = "<+>";

/// More anchors than this are several rules.
const MOST_ANCHORS: usize = 64;
/// Of a longer anchor this much is looked for, in bytes: nothing else begins so, and the longest decides how much of a text that
/// was searched before is searched again where it was changed.
const LONGEST_ANCHOR: usize = 24;
/// Neighbours further apart than this, in bytes, have nothing to do with each other.
const WIDEST_NEIGHBOURHOOD: i64 = 16 * 1024;

/// How much a rule must tell of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standard {
    /// A rule that everyone gets: three examples, three counterexamples, a remedy and references.
    BuiltIn,
    /// A rule that its user writes: one example.
    User,
}

/// Something wrong with a rule, at a byte of its file.
pub(super) type Problem = (usize, String);

/// The rule, or everything wrong with it. `start` is the byte at which it begins.
pub(super) fn check(raw: &RawRule, start: usize, standard: Standard) -> Result<Rule, Vec<Problem>> {
    let mut check = Check { raw, start, problems: Vec::new() };
    let rule = check.rule(standard);
    match rule {
        Some(rule) if check.problems.is_empty() => Ok(rule),
        _ => Err(check.problems),
    }
}

/// What finds a rule's matches, which decides the keys that are of use to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Regex,
    Keyed,
    Near,
    Structure,
    File,
}

impl Form {
    /// What such a rule is called in a message.
    const fn describe(self) -> &'static str {
        match self {
            Self::Regex => "a rule with `regex`",
            Self::Keyed => "a rule with `name` and `value`",
            Self::Near => "a rule with `near`",
            Self::Structure => "a rule with `structure`",
            Self::File => "a rule with `file`",
        }
    }
}

struct Check<'a> {
    raw: &'a RawRule,
    start: usize,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn problem(&mut self, at: usize, reason: impl Into<String>) {
        self.problems.push((at, reason.into()));
    }

    /// The value, or a problem at the place of `text`.
    fn parsed<T>(&mut self, text: &Text, result: Result<T, impl Display>) -> Option<T> {
        result.map_err(|reason| self.problem(text.span().start, reason.to_string())).ok()
    }

    fn level<T: FromStr<Err: Display>>(&mut self, key: &str, text: &Text) -> Option<T> {
        let level = text.get_ref().parse::<T>();
        self.parsed(text, level.map_err(|reason| format!("`{key}`: {reason}")))
    }

    /// One of `known` by its name.
    fn word<T: Copy>(&mut self, key: &str, text: &Text, known: &[(&str, T)]) -> Option<T> {
        self.parsed(text, values::word(key, text.get_ref(), known))
    }

    /// The rule as far as it can be understood; None only if something is noted.
    fn rule(&mut self, standard: Standard) -> Option<Rule> {
        let raw = self.raw;
        values::check_id(raw.id.get_ref()).map_err(|reason| self.problem(raw.id.span().start, reason)).ok();
        let form = self.form()?;
        self.refuse_useless_keys(form);
        self.completeness(standard);
        let ignore_case = form == Form::Keyed || on(&raw.ignore_case);
        let anchors = self.anchors(form, ignore_case);
        let severity = self.level("severity", &raw.severity);
        let confidence = self.level("confidence", &raw.confidence);
        let matcher = self.matcher(form, &anchors);
        let rule = Rule {
            id: owned(raw.id.get_ref()),
            description: self.description(),
            tags: self.tags(),
            ignore_case,
            edges: self.edges(form),
            near: self.near(),
            pair: self.pair(),
            context: self.context(),
            kinds: self.kinds(),
            unescape: self.words("unescape", &raw.unescape, UNESCAPES),
            validators: self.validators(),
            wrapped: on(&raw.wrapped),
            generic: on(&raw.generic),
            allow_values: self.allow_values(),
            remediation: owned(raw.remediation.as_ref().map_or("", |text| text.get_ref().trim_end())),
            references: self.references(),
            examples: self.samples("examples", &raw.examples),
            counterexamples: self.samples("counterexamples", &raw.counterexamples),
            severity: severity?,
            confidence: confidence?,
            anchors: beginnings(anchors),
            matcher: matcher?,
        };
        Some(rule)
    }

    fn form(&mut self) -> Option<Form> {
        let raw = self.raw;
        let keyed = raw.name.as_ref().or(raw.value.as_ref());
        match (&raw.regex, keyed, &raw.structure, &raw.file) {
            (Some(_), None, None, None) if raw.near.is_some() => Some(Form::Near),
            (Some(_), None, None, None) => Some(Form::Regex),
            (None, Some(_), None, None) if raw.name.is_some() && raw.value.is_some() => Some(Form::Keyed),
            (None, Some(half), None, None) => {
                self.problem(half.span().start, "`name` and `value` go together: one of them is missing");
                None
            }
            (None, None, Some(_), None) => Some(Form::Structure),
            (None, None, None, Some(_)) => Some(Form::File),
            _ => {
                let reason = "a rule has one of `regex`, `name` with `value`, `structure` and `file`, and one only";
                self.problem(self.start, reason);
                None
            }
        }
    }

    fn refuse_useless_keys(&mut self, form: Form) {
        use Form::{Keyed, Near, Regex, Structure};
        let raw = self.raw;
        let in_text = &[Regex, Keyed, Near, Structure][..];
        let keys = [
            ("anchors", place(&raw.anchors), &[Regex, Keyed, Structure][..]),
            ("ignore-case", place(&raw.ignore_case), &[Regex, Structure]),
            ("long", place(&raw.long), &[Regex, Keyed, Near]),
            ("multiline", place(&raw.multiline), &[Regex, Near]),
            ("edges", place(&raw.edges), &[Regex, Keyed, Near]),
            ("near", place(&raw.near), &[Near]),
            ("pair", place(&raw.pair), in_text),
            ("context", place(&raw.context), in_text),
            ("kinds", place(&raw.kinds), in_text),
            ("unescape", place(&raw.unescape), in_text),
            ("validators", place(&raw.validators), in_text),
            ("wrapped", place(&raw.wrapped), &[Regex, Keyed, Structure]),
            ("generic", place(&raw.generic), in_text),
            ("allow", place(&raw.allow), in_text),
        ];
        for (key, place, forms) in keys {
            if let Some(at) = place
                && !forms.contains(&form)
            {
                self.problem(at, format!("`{key}` is of no use in {}", form.describe()));
            }
        }
    }

    fn completeness(&mut self, standard: Standard) {
        let (examples, counterexamples) = match standard {
            Standard::BuiltIn => (3, 3),
            Standard::User => (1, 0),
        };
        let raw = self.raw;
        self.at_least(examples, "examples", &raw.examples);
        self.at_least(counterexamples, "counterexamples", &raw.counterexamples);
        if standard == Standard::BuiltIn {
            self.at_least(1, "tags", &raw.tags);
            self.at_least(1, "references", &raw.references);
            if raw.remediation.as_ref().is_none_or(|text| text.get_ref().trim().is_empty()) {
                self.problem(self.start, "`remediation` is missing: what to do when it has leaked");
            }
        }
    }

    fn at_least(&mut self, least: usize, key: &str, texts: &Texts) {
        let given = list(texts).len();
        if given < least {
            self.problem(place(texts).unwrap_or(self.start), format!("`{key}` has {given} of at least {least}"));
        }
    }

    fn description(&mut self) -> Str {
        let text = &self.raw.description;
        if text.get_ref().trim().is_empty() || text.get_ref().contains(['\n', '\r']) {
            self.problem(text.span().start, "`description` is one line: the name that a person would say");
        }
        owned(text.get_ref())
    }

    fn tags(&mut self) -> List<Str> {
        let tags = list(&self.raw.tags);
        for tag in tags {
            if let Err(reason) = values::check_id(tag.get_ref()) {
                self.problem(tag.span().start, format!("`tags`: {reason}"));
            }
        }
        strings(tags)
    }

    /// The anchors as they are compared.
    fn anchors(&mut self, form: Form, ignore_case: bool) -> Vec<String> {
        let texts = list(&self.raw.anchors);
        if texts.is_empty() && matches!(form, Form::Regex | Form::Keyed | Form::Structure) {
            let reason = "`anchors` is missing: literals of which every match contains one";
            self.problem(place(&self.raw.anchors).unwrap_or(self.start), reason);
        }
        if texts.len() > MOST_ANCHORS {
            self.problem(
                texts[MOST_ANCHORS].span().start,
                format!("more than {MOST_ANCHORS} anchors: make it several rules"),
            );
        }
        for (index, text) in texts.iter().enumerate() {
            // A matcher written by hand knows names in every script; what a regex needs is proven for ASCII.
            let is_foreign = form != Form::Structure && !text.get_ref().is_ascii();
            if is_foreign {
                self.problem(text.span().start, format!("the anchor `{}` is not ASCII", shown(text.get_ref())));
            } else if let Err(reason) = values::check_anchor(text.get_ref(), ignore_case) {
                self.problem(text.span().start, reason);
            } else if let Some(part) = redundant(index, texts) {
                let (anchor, part) = (shown(text.get_ref()), shown(part));
                self.problem(
                    text.span().start,
                    format!("the anchor `{anchor}` is not needed: it contains the anchor `{part}`"),
                );
            }
        }
        texts.iter().take(MOST_ANCHORS).map(|text| text.get_ref().clone()).collect()
    }

    fn matcher(&mut self, form: Form, anchors: &[String]) -> Option<Matcher> {
        let raw = self.raw;
        if let Some(file) = &raw.file {
            return Some(Matcher::File(self.file_match(file.get_ref())));
        }
        if let Some(structure) = &raw.structure {
            return self.word("structure", structure, SHAPES).map(Matcher::Structure);
        }
        if form == Form::Keyed {
            let (name, value) = (raw.name.as_ref()?, raw.value.as_ref()?);
            let allowance = Allowance { long: on(&raw.long), multiline: true };
            return self.regex(name, keyed::regex(name.get_ref(), value.get_ref()), allowance, true, anchors);
        }
        let (regex, allowance) =
            (raw.regex.as_ref()?, Allowance { long: on(&raw.long), multiline: on(&raw.multiline) });
        self.regex(regex, regex.get_ref().clone(), allowance, on(&raw.ignore_case), anchors)
    }

    /// The matcher of `pattern`, which is written at `place`.
    fn regex(
        &mut self,
        place: &Text,
        pattern: String,
        allowance: Allowance,
        ignore_case: bool,
        anchors: &[String],
    ) -> Option<Matcher> {
        let checked = pattern::check(&pattern, allowance);
        let checked = self.parsed(place, checked)?;
        let literals: Vec<&[u8]> = anchors.iter().map(String::as_bytes).collect();
        let anchors = Anchors { literals: &literals, ignore_case };
        // One thing wrong at a time: of anchors that are no good in themselves nothing can be proven.
        let is_provable = self.raw.near.is_none() && self.problems.is_empty();
        let is_proven = is_provable && self.has_anchors(place, &checked, anchors);
        let lead = if is_proven { lead(&pattern, &checked, anchors) } else { checked.bounds.longest };
        let bounds = Bounds { lead, ..checked.bounds };
        Some(Matcher::Regex { pattern: Cow::Owned(pattern), multiline: allowance.multiline, bounds })
    }

    /// Whether every match has an anchor. Notes a match that contains none, and an anchor no match needs.
    fn has_anchors(&mut self, regex: &Text, checked: &pattern::Checked, anchors: Anchors<'_>) -> bool {
        if let Some(text) = proof::match_without(&checked.nfa, anchors) {
            let text = shown(&text.escape_ascii().to_string());
            self.problem(regex.span().start, format!("the regex matches `{text}`, which contains none of the anchors"));
            return false;
        }
        for (index, text) in list(&self.raw.anchors).iter().enumerate() {
            let mut others = anchors.literals.to_vec();
            others.remove(index);
            if !proof::matches_without(&checked.nfa, Anchors { literals: &others, ..anchors }) {
                let anchor = shown(text.get_ref());
                let reason = format!("the anchor `{anchor}` is not needed: every match contains another one");
                self.problem(text.span().start, reason);
                return false;
            }
        }
        true
    }

    fn file_match(&mut self, file: &RawFile) -> FileMatch {
        if file.names.get_ref().is_empty() {
            self.problem(file.names.span().start, "`names` is empty: endings as `.p12`, or whole names as `id_rsa`");
        }
        for name in file.names.get_ref().iter().chain(list(&file.except)) {
            if let Err(reason) = values::check_file_name(name.get_ref()) {
                self.problem(name.span().start, reason);
            }
        }
        let magic =
            list(&file.magic).iter().filter_map(|text| self.parsed(text, values::magic(text.get_ref()))).collect();
        FileMatch { names: strings(file.names.get_ref()), except: strings(list(&file.except)), magic }
    }

    /// Without the key: letters and digits may stand on neither side, which is right for most tokens.
    fn edges(&mut self, form: Form) -> Edges {
        let default = if matches!(form, Form::Regex | Form::Keyed | Form::Near) { Edge::Alnum } else { Edge::None };
        let (left, right) = match self.raw.edges.as_ref().map(Spanned::get_ref) {
            Some(RawEdges { left, right }) => (left.as_ref(), right.as_ref()),
            None => (None, None),
        };
        let mut side = |text: Option<&Text>| text.and_then(|text| self.word("edges", text, EDGES)).unwrap_or(default);
        Edges { left: side(left), right: side(right) }
    }

    fn near(&mut self) -> Option<Near> {
        let near = self.raw.near.as_ref()?.get_ref();
        Some(Near {
            rules: self.other_rules("near.rules", &near.rules),
            within: self.within(&near.within),
            report_as: owned(near.report_as.as_ref().map_or("", |text| text.get_ref())),
        })
    }

    fn pair(&mut self) -> Option<Pair> {
        let pair = self.raw.pair.as_ref()?.get_ref();
        Some(Pair {
            with: self.other_rules("pair.with", &pair.with),
            within: self.within(&pair.within),
            severity: self.level("pair.severity", &pair.severity)?,
        })
    }

    fn context(&mut self) -> Option<Context> {
        let RawContext { words, within } = self.raw.context.as_ref()?.get_ref();
        if words.get_ref().is_empty() {
            self.problem(words.span().start, "`context.words` is empty: name at least one");
        }
        for word in words.get_ref() {
            if let Err(reason) = values::check_word(word.get_ref()) {
                self.problem(word.span().start, reason);
            }
        }
        Some(Context { words: strings(words.get_ref()), within: self.within(within) })
    }

    fn other_rules(&mut self, key: &str, rules: &Spanned<Vec<Text>>) -> List<Str> {
        if rules.get_ref().is_empty() {
            self.problem(rules.span().start, format!("`{key}` is empty: name at least one rule"));
        }
        for rule in rules.get_ref() {
            if rule.get_ref() == self.raw.id.get_ref() {
                self.problem(rule.span().start, format!("`{key}` names the rule itself"));
            }
        }
        strings(rules.get_ref())
    }

    fn within(&mut self, within: &Spanned<i64>) -> usize {
        if !(1..=WIDEST_NEIGHBOURHOOD).contains(within.get_ref()) {
            let reason = format!("`within` is a number of bytes from 1 to {WIDEST_NEIGHBOURHOOD}");
            self.problem(within.span().start, reason);
        }
        usize::try_from(*within.get_ref()).unwrap_or_default()
    }

    fn kinds(&mut self) -> KindSet {
        let Some(kinds) = &self.raw.kinds else { return KindSet::ALL };
        if kinds.get_ref().is_empty() {
            self.problem(kinds.span().start, "`kinds` is empty: leave it out if the rule holds everywhere");
        }
        kinds.get_ref().iter().fold(KindSet::NONE, |all, text| {
            let kind = self.parsed(text, values::kind(text.get_ref()));
            all.union(kind.unwrap_or(KindSet::NONE))
        })
    }

    fn validators(&mut self) -> List<Validator> {
        let texts = list(&self.raw.validators);
        texts.iter().filter_map(|text| self.parsed(text, values::validator(text.get_ref()))).collect()
    }

    fn words<T: Copy + Clone + 'static>(&mut self, key: &str, texts: &Texts, known: &[(&str, T)]) -> List<T> {
        list(texts).iter().filter_map(|text| self.word(key, text, known)).collect()
    }

    fn allow_values(&mut self) -> List<Str> {
        let Some(allow) = &self.raw.allow else { return List::default() };
        let RawAllow { values } = allow.get_ref();
        self.spliced("allow.values", values.get_ref())
    }

    fn samples(&mut self, key: &str, texts: &Texts) -> List<Str> {
        self.spliced(key, list(texts))
    }

    /// The texts without their splice marks.
    fn spliced(&mut self, key: &str, texts: &[Text]) -> List<Str> {
        let whole: Vec<String> = texts.iter().map(|text| text.get_ref().replace(SPLICE, "")).collect();
        for (index, text) in texts.iter().enumerate() {
            if whole[index].is_empty() {
                self.problem(text.span().start, format!("`{key}` has an empty text"));
            } else if whole[..index].contains(&whole[index]) {
                self.problem(text.span().start, format!("`{key}` has the same text twice"));
            }
        }
        whole.into_iter().map(Str::Owned).collect()
    }

    fn references(&mut self) -> List<Str> {
        let references = list(&self.raw.references);
        for url in references {
            let host = url.get_ref().strip_prefix("https://").unwrap_or_default();
            if !host.starts_with(|c: char| c.is_ascii_alphanumeric()) || host.contains(char::is_whitespace) {
                self.problem(url.span().start, format!("`references`: `{}` is no https:// URL", shown(url.get_ref())));
            }
        }
        strings(references)
    }
}

/// The most that stands before the first anchor in a match, each of which has one.
fn lead(pattern: &str, checked: &pattern::Checked, anchors: Anchors<'_>) -> usize {
    if proof::starts_with_anchor(&checked.nfa, anchors) {
        return 0;
    }
    let longest = checked.bounds.longest;
    lead::of(pattern, anchors).map_or(longest, |lead| lead.min(longest))
}

/// Another anchor that stands in this one; of two equal ones, the first.
fn redundant(index: usize, texts: &[Text]) -> Option<&str> {
    let anchor = texts[index].get_ref();
    let part = |&(other, text): &(usize, &Text)| {
        let part = text.get_ref();
        anchor.contains(part.as_str()) && (part.len() < anchor.len() || other < index)
    };
    texts.iter().enumerate().find(part).map(|(_, text)| text.get_ref().as_str())
}

fn on(switch: &Switch) -> bool {
    switch.as_ref().is_some_and(|switch| *switch.get_ref())
}

fn list(texts: &Texts) -> &[Text] {
    texts.as_ref().map_or(&[], |texts| texts.get_ref())
}

fn place<T>(value: &Option<Spanned<T>>) -> Option<usize> {
    value.as_ref().map(|value| value.span().start)
}

fn owned(text: &str) -> Str {
    Cow::Owned(text.to_owned())
}

fn strings(texts: &[Text]) -> List<Str> {
    texts.iter().map(|text| owned(text.get_ref())).collect()
}

/// The anchors, of long ones the beginning, each once.
fn beginnings(anchors: Vec<String>) -> List<Str> {
    let mut all: Vec<Str> = Vec::new();
    for mut anchor in anchors {
        let whole = (0..=LONGEST_ANCHOR.min(anchor.len())).rev().find(|&at| anchor.is_char_boundary(at));
        anchor.truncate(whole.unwrap_or(0));
        if !all.iter().any(|known| *known == anchor) {
            all.push(Str::Owned(anchor));
        }
    }
    all.into()
}
