//! Compiles patterns/*.toml into constants, so that no run of the program parses a rule: `OUT_DIR/rules.rs`, and the
//! tables that their literals are found by, `OUT_DIR/literals.rs`. The checks are those of the library, whose files are
//! included here; a rule that fails one fails the build, with file, line, rule and reason.

#![allow(dead_code, unreachable_pub, reason = "the library's modules offer more than a build needs")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

use engine::anchors::{Literals, Meaning, Use};
use engine::grams::{Grams, Member};
use rules::check::Standard;
use rules::known;
use rules::load::{RuleFile, load};
use rules::rule::{Context, Edges, FileMatch, List, Matcher, Near, Pair, Rule, Str};

#[path = "src/model"]
mod model {
    pub mod kind;
    pub mod severity;

    pub use kind::KindSet;
    pub use severity::{Confidence, Severity};
}

#[path = "src/engine"]
mod engine {
    pub mod anchors;
    pub mod grams;
    pub mod images;
    pub mod structures {
        pub mod bigrams;
        pub mod random_model;
    }
}

#[path = "src/rules"]
mod rules {
    pub mod check;
    pub mod error;
    pub mod file;
    pub mod greedy;
    pub mod keyed;
    pub mod known;
    pub mod lead;
    pub mod load;
    pub mod nearest;
    pub mod pattern;
    pub mod piece;
    pub mod proof;
    pub mod rule;
    pub mod run;
    pub mod values;

    pub use rule::{Bounds, Matcher, Rule, Shape};
}

/// The folder of the rule files, below the package.
const PATTERNS: &str = "patterns";
/// Files of the engine that make its tables.
const ENGINE: [&str; 5] = [
    "src/engine/anchors.rs",
    "src/engine/grams.rs",
    "src/engine/images.rs",
    "src/engine/structures/bigrams.rs",
    "src/engine/structures/random_model.rs",
];

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            reason.lines().for_each(|line| println!("cargo::error={line}"));
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    for path in [PATTERNS, "src/rules", "src/model/kind.rs", "src/model/severity.rs", "build.rs"].iter().chain(&ENGINE)
    {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: cargo runs this")?;
    let out = Path::new(&out);
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).map_err(|error| format!("reading {}: {error}", path.display()))?;
        Ok((path.to_string_lossy().replace('\\', "/"), text))
    };
    let paths = rule_files().map_err(|error| format!("listing {PATTERNS}: {error}"))?;
    let texts: Vec<(String, String)> = paths.into_iter().map(read).collect::<Result<_, String>>()?;
    let files: Vec<RuleFile<'_>> = texts.iter().map(|(name, text)| RuleFile { name, text }).collect();
    let known = known::RULE;
    let mut rules =
        load(&files, Standard::BuiltIn, std::slice::from_ref(&known)).map_err(|errors| errors.to_string())?;
    rules.insert(rules.partition_point(|rule| rule.id < known.id), known);
    write(out, "rules.rs", &constants(&rules))?;
    write(out, "literals.rs", &literal_constants(&rules))
}

fn write(out: &Path, name: &str, source: &str) -> Result<(), String> {
    let out = out.join(name);
    fs::write(&out, source).map_err(|error| format!("writing {}: {error}", out.display()))
}

/// `patterns/*.toml`, sorted.
fn rule_files() -> io::Result<Vec<PathBuf>> {
    let paths: Vec<PathBuf> = fs::read_dir(PATTERNS)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    let mut paths: Vec<PathBuf> =
        paths.into_iter().filter(|path| path.extension().is_some_and(|it| it == "toml")).collect();
    paths.sort();
    Ok(paths)
}

fn constants(rules: &[Rule]) -> String {
    let mut source = String::from("/// Every built-in rule, sorted by id.\npub(crate) static RULES: &[Rule] = &[\n");
    for rule in rules {
        let constant =
            if matches!(rule.matcher, Matcher::Known) { "super::known::RULE".to_owned() } else { constant(rule) };
        writeln!(source, "    {constant},").expect("a String can always be written to");
    }
    source.push_str("];\n");
    source
}

/// The rule as an expression that can stand in a constant. Every field is named, so that a new one is not forgotten.
fn constant(rule: &Rule) -> String {
    let Rule { id, description, severity, confidence, tags, anchors, ignore_case, matcher, edges, near, pair, .. } =
        rule;
    let Rule { context, kinds, unescape, validators, wrapped, generic, allow_values, .. } = rule;
    let Rule { remediation, references, examples, counterexamples, .. } = rule;
    let Edges { left, right } = edges;
    let fields = [
        ("id", text(id)),
        ("description", text(description)),
        ("severity", format!("Severity::{severity:?}")),
        ("confidence", format!("Confidence::{confidence:?}")),
        ("tags", list(tags, text)),
        ("anchors", list(anchors, text)),
        ("ignore_case", ignore_case.to_string()),
        ("matcher", matcher_constant(matcher)),
        ("edges", format!("Edges {{ left: Edge::{left:?}, right: Edge::{right:?} }}")),
        ("near", option(near.as_ref().map(near_constant))),
        ("pair", option(pair.as_ref().map(pair_constant))),
        ("context", option(context.as_ref().map(context_constant))),
        ("kinds", format!("KindSet::from_bits({})", kinds.bits())),
        ("unescape", list(unescape, |it| format!("Unescape::{it:?}"))),
        ("validators", list(validators, |it| format!("Validator::{it:?}"))),
        ("wrapped", wrapped.to_string()),
        ("generic", generic.to_string()),
        ("allow_values", list(allow_values, text)),
        ("remediation", text(remediation)),
        ("references", list(references, text)),
        ("examples", list(examples, text)),
        ("counterexamples", list(counterexamples, text)),
    ];
    self::fields("Rule", fields)
}

fn matcher_constant(matcher: &Matcher) -> String {
    match matcher {
        Matcher::Regex { pattern, multiline, bounds } => {
            format!("Matcher::Regex {{ pattern: {}, multiline: {multiline}, bounds: {bounds:?} }}", text(pattern))
        }
        Matcher::Structure(shape) => format!("Matcher::Structure(Shape::{shape:?})"),
        Matcher::Known => unreachable!("it is a constant already"),
        Matcher::File(FileMatch { names, except, magic }) => {
            let magic = list(magic, |bytes| list(bytes, |byte| format!("{byte:?}")));
            let (names, except) = (list(names, text), list(except, text));
            format!("Matcher::File(FileMatch {{ names: {names}, except: {except}, magic: {magic} }})")
        }
    }
}

fn near_constant(Near { rules, within, report_as }: &Near) -> String {
    format!("Near {{ rules: {}, within: {within}, report_as: {} }}", list(rules, text), text(report_as))
}

fn pair_constant(Pair { with, within, severity }: &Pair) -> String {
    format!("Pair {{ with: {}, within: {within}, severity: Severity::{severity:?} }}", list(with, text))
}

fn context_constant(Context { words, within }: &Context) -> String {
    format!("Context {{ words: {}, within: {within} }}", list(words, text))
}

fn option(value: Option<String>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({value})"))
}

fn text(text: &Str) -> String {
    format!("Cow::Borrowed({text:?})")
}

fn list<T: Clone>(items: &List<T>, item: impl Fn(&T) -> String) -> String {
    format!("Cow::Borrowed(&[{}])", items.iter().map(item).collect::<Vec<_>>().join(", "))
}

/// The tables that the rules' literals are found by, with encoded text decoded.
fn literal_constants(rules: &[Rule]) -> String {
    let literals = Literals::of(rules, true);
    let grams = Grams::of(literals.iter().enumerate(), |literal, at| literals.spelled(literal, at));
    let Literals { text, starts, uses, first_uses, exact, longest } = &literals;
    let Grams { table, roles, filter, buckets, members } = &grams;
    let literals = [
        ("text", bytes(text)),
        ("starts", list(starts, u32::to_string)),
        ("uses", list(uses, meaning_constant)),
        ("first_uses", list(first_uses, u32::to_string)),
        ("exact", bytes(exact)),
        ("longest", longest.to_string()),
    ];
    let grams = [
        ("table", bytes(table)),
        ("roles", bytes(roles)),
        ("filter", list(filter, u64::to_string)),
        ("buckets", list(buckets, u16::to_string)),
        ("members", list(members, member_constant)),
    ];
    format!(
        "/// Of every built-in rule.\npub(super) const LITERALS: Literals = {};\n\
         /// What they are found by.\npub(super) const GRAMS: Grams = {};\n",
        fields("Literals", literals),
        fields("Grams", grams)
    )
}

fn meaning_constant(Meaning { exact, of }: &Meaning) -> String {
    let of = match of {
        Use::Rule(rule) => format!("Use::Rule({rule})"),
        Use::Wrapped(lead) => format!("Use::Wrapped(Lead::{lead:?})"),
    };
    format!("Meaning {{ exact: {exact:?}, of: {of} }}")
}

fn member_constant(Member { text, mask, literal, offset }: &Member) -> String {
    format!("Member {{ text: {text}, mask: {mask}, literal: {literal}, offset: {offset} }}")
}

fn bytes(bytes: &[u8]) -> String {
    format!("Cow::Borrowed(b\"{}\")", bytes.escape_ascii())
}

fn fields<const N: usize>(name: &str, fields: [(&str, String); N]) -> String {
    format!("{name} {{ {} }}", fields.map(|(name, value)| format!("{name}: {value}")).join(", "))
}
