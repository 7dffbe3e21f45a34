//! The rules of the house that the compiler cannot know: which module may name which, where gix and clear secrets may
//! appear, and how a file begins. The layer table is the one in docs/ARCHITECTURE.md, so the page cannot go stale.
//!
//! It reads tokens, not text: a word in a comment or a string is no import. Each rule is itself tested on a source that
//! breaks it.

mod token;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use self::token::{Token, tokens};

/// Which modules each module may import, by the table of docs/ARCHITECTURE.md.
type Layers = BTreeMap<String, Vec<String>>;

/// The only places, apart from tests, where a `Secret` or a `Name` may be asked for its clear bytes. A reporter, a rule
/// or the command line has no reason to. git-secrets prints paths and lines in the clear, as its users know it.
const MAY_EXPOSE: [&str; 6] = ["model", "engine", "source", "git", "pipeline", "compat"];

/// Names of files that would collect what belongs somewhere else.
const NO_PLACE: [&str; 7] = ["util", "utils", "common", "helper", "helpers", "misc", "prelude"];

/// A file opens with at least one line of what it is for ...
const SHORTEST_HEAD: usize = 1;
/// ... and gets to the point; src/lib.rs, which holds the tour, is the exception.
const LONGEST_HEAD: usize = 10;

#[test]
fn modules_import_only_from_the_layers_below() {
    let layers = layers();
    assert_no_violations(library().flat_map(|file| imports_against(&layers, &file)));
}

#[test]
fn every_module_is_in_the_table() {
    let layers = layers();
    let root = Source::read(&directory("src").join("lib.rs"));
    let modules = declared_modules(&tokens(&root.text));
    assert!(modules.len() >= 7, "src/lib.rs was not understood: {modules:?}");
    for module in modules {
        assert!(layers.contains_key(&module), "{module} is not in the layer table of docs/ARCHITECTURE.md");
        assert!(root.text.contains(&format!("`{module}`")), "{module} is not in the layer table of src/lib.rs");
    }
}

#[test]
fn gix_is_named_only_in_git() {
    assert_no_violations(library().filter(|file| file.module[..1] != ["git"]).flat_map(|file| gix_in(&file)));
}

#[test]
fn clear_secrets_are_asked_for_only_where_that_is_reviewed() {
    let reviewed = |file: &Source| file.module.first().is_some_and(|top| MAY_EXPOSE.contains(&top.as_str()));
    let files = sources("src").filter(|file| !reviewed(file));
    assert_no_violations(files.flat_map(|file| expose_in(&file)));
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let all = sources("src").chain(sources("tests"));
    assert_no_violations(all.filter(|file| !file.path.ends_with("src/lib.rs")).filter_map(|file| head_of(&file)));
}

#[test]
fn no_file_is_a_place_for_everything() {
    let all = sources("src").chain(sources("tests"));
    assert_no_violations(all.filter_map(|file| name_of(&file)));
}

/// One file of the crate.
struct Source {
    path: PathBuf,
    /// The module that it is: `["source", "worktree"]`.
    module: Vec<String>,
    text: String,
}

impl Source {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self::new(path, text)
    }

    fn new(path: &Path, text: impl Into<String>) -> Self {
        Self { path: path.to_owned(), module: module_of(path), text: text.into() }
    }

    fn violation(&self, what: &str) -> String {
        format!("{}: {what}", self.path.display())
    }
}

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Every source of the library. The command line is another crate, and may use all that the library makes public.
fn library() -> impl Iterator<Item = Source> {
    sources("src").filter(|file| !file.module.is_empty() && file.module[0] != "cli" && file.module[0] != "bin")
}

fn sources(top: &str) -> impl Iterator<Item = Source> + use<> {
    let mut files = Vec::new();
    collect(&directory(top), &mut files);
    assert!(!files.is_empty(), "no sources in {top}");
    files.sort();
    files.into_iter().map(|path| Source::read(&path))
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display())) {
        let path = entry.expect("a directory can be listed").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// `src/source/worktree.rs` is `source::worktree`, and `src/source/mod.rs` is `source`.
fn module_of(path: &Path) -> Vec<String> {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let top = parts.iter().rposition(|part| part == "src" || part == "tests").map_or(0, |at| at + 1);
    let mut module = parts[top..].to_vec();
    if let Some(file) = module.pop() {
        let name = file.trim_end_matches(".rs");
        let is_root = matches!(name, "mod" | "lib" | "main") && (name == "mod" || module.is_empty());
        module.extend((!is_root).then(|| name.to_owned()));
    }
    module
}

#[track_caller]
fn assert_no_violations(violations: impl Iterator<Item = String>) {
    let violations: Vec<_> = violations.collect();
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

// ---- the layer table

fn layers() -> Layers {
    let page = directory("docs").join("ARCHITECTURE.md");
    parse_layers(&fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display())))
}

/// Rows of the form: | number | `module` | `may`, `import` | job |
fn parse_layers(page: &str) -> Layers {
    let rows = page.lines().filter(|line| line.starts_with('|'));
    rows.filter_map(|row| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let [_, number, module, imports, ..] = cells[..] else { return None };
        number.parse::<u8>().ok()?;
        Some((quoted(module).pop()?, quoted(imports)))
    })
    .collect()
}

/// The words between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

// ---- imports

fn imports_against(layers: &Layers, file: &Source) -> Vec<String> {
    let module = &file.module[0];
    let Some(allowed) = layers.get(module) else {
        return vec![file.violation("its module is not in the layer table of docs/ARCHITECTURE.md")];
    };
    let named = names_of_the_crate(&file.module, &tokens(&file.text));
    let forbidden = named.into_iter().filter(|name| name != module && !allowed.contains(name));
    forbidden.map(|name| file.violation(&format!("`{module}` may not import `{name}`"))).collect()
}

/// The first name after the crate's root in every path that starts there: by `crate::`, or by `super::` often enough.
fn names_of_the_crate(module: &[String], tokens: &[Token<'_>]) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = Depth::new(module.len());
    let mut at = 0;
    while at < tokens.len() {
        depth.pass(tokens, at);
        let starts_a_path = at == 0 || tokens[at - 1] != Token::PathSeparator;
        let after = match tokens[at] {
            Token::Word("crate") if starts_a_path => Some(at + 1),
            Token::Word("super") if starts_a_path => climb(tokens, at, depth.modules()),
            _ => None,
        };
        if let Some(after) = after.filter(|&after| tokens.get(after) == Some(&Token::PathSeparator)) {
            names.extend(first_names(&tokens[after + 1..]));
        }
        at += 1;
    }
    names
}

/// Past a chain of `super::super`, if it leads to the root of the crate.
fn climb(tokens: &[Token<'_>], mut at: usize, depth: usize) -> Option<usize> {
    let mut steps = 1;
    while tokens.get(at + 1) == Some(&Token::PathSeparator) && tokens.get(at + 2) == Some(&Token::Word("super")) {
        at += 2;
        steps += 1;
    }
    (steps >= depth).then_some(at + 1)
}

/// How deep in modules a place is: those of the file, and `mod name { ... }` around it.
struct Depth {
    file: usize,
    braces: usize,
    inline: Vec<usize>,
}

impl Depth {
    fn new(file: usize) -> Self {
        Self { file, braces: 0, inline: Vec::new() }
    }

    fn modules(&self) -> usize {
        self.file + self.inline.len()
    }

    fn pass(&mut self, tokens: &[Token<'_>], at: usize) {
        match tokens[at] {
            Token::Sign('{') => {
                self.braces += 1;
                if at >= 2 && matches!(tokens[at - 2..at], [Token::Word("mod"), Token::Word(_)]) {
                    self.inline.push(self.braces);
                }
            }
            Token::Sign('}') => {
                if self.inline.last() == Some(&self.braces) {
                    self.inline.pop();
                }
                self.braces = self.braces.saturating_sub(1);
            }
            _ => {}
        }
    }
}

/// The first name of a path, or of each path in a `{group}`; `*` names everything, and is returned as such.
fn first_names(tokens: &[Token<'_>]) -> Vec<String> {
    match tokens.first() {
        Some(Token::Word(name)) => vec![(*name).to_owned()],
        Some(Token::Sign('*')) => vec!["*".to_owned()],
        Some(Token::Sign('{')) => names_of_group(&tokens[1..]),
        _ => Vec::new(),
    }
}

fn names_of_group(tokens: &[Token<'_>]) -> Vec<String> {
    let (mut names, mut depth, mut expects_name) = (Vec::new(), 1, true);
    for token in tokens {
        match token {
            Token::Sign('{') => depth += 1,
            Token::Sign('}') => depth -= 1,
            Token::Sign(',') if depth == 1 => {
                expects_name = true;
                continue;
            }
            Token::Word(name) if expects_name => names.push((*name).to_owned()),
            Token::Sign('*') if expects_name => names.push("*".to_owned()),
            _ => {}
        }
        expects_name = false;
        if depth == 0 {
            break;
        }
    }
    names
}

/// `pub mod name;` at the top of a file.
fn declared_modules(tokens: &[Token<'_>]) -> Vec<String> {
    let declarations = tokens.windows(3).filter_map(|window| match window {
        [Token::Word("mod"), Token::Word(name), Token::Sign(';')] => Some((*name).to_owned()),
        _ => None,
    });
    declarations.collect()
}

// ---- the other rules

fn gix_in(file: &Source) -> Vec<String> {
    let is_gix = |word: &str| word == "gix" || word.starts_with("gix_");
    let tokens = tokens(&file.text);
    let found = tokens.iter().filter(|token| matches!(token, Token::Word(word) if is_gix(word)));
    found.map(|_| file.violation("gix is named outside of src/git")).collect()
}

fn expose_in(file: &Source) -> Vec<String> {
    let tokens = tokens(&file.text);
    let is_expose =
        |window: &&[Token<'_>]| matches!(window, [Token::Sign('.') | Token::PathSeparator, Token::Word("expose")]);
    let found = tokens.windows(2).filter(is_expose);
    found.map(|_| file.violation("asks a secret or a name for its clear bytes")).collect()
}

fn head_of(file: &Source) -> Option<String> {
    let head = file.text.lines().take_while(|line| line.starts_with("//!")).filter(|line| line.len() > 4).count();
    match head {
        SHORTEST_HEAD..=LONGEST_HEAD => None,
        0 => Some(file.violation("does not open with //! and what it is for")),
        lines => Some(file.violation(&format!("needs {lines} lines to say what it is for"))),
    }
}

fn name_of(file: &Source) -> Option<String> {
    let name = file.module.iter().find(|part| NO_PLACE.contains(&part.as_str()))?;
    Some(file.violation(&format!("'{name}' names no place: say what is in it")))
}

// ---- each rule catches what it is for

const PAGE: &str = "
| # | module | may import | job |
|---|---|---|---|
| 0 | `model` | nothing of the crate | nouns |
| 1 | `rules` | `model` | what to look for |
| 2 | `report` | `rules` (metadata), `model` | formats |
";

/// What the import rule says of a source in `report`.
fn imports_in_report(path: &str, text: &str) -> Vec<String> {
    let said = imports_against(&parse_layers(PAGE), &Source::new(Path::new(path), text));
    said.iter().map(|violation| violation.rsplit_once("import ").expect("an import").1.to_owned()).collect()
}

#[test]
fn the_table_is_read() {
    let layers = parse_layers(PAGE);
    assert_eq!(layers["model"], [""; 0]);
    assert_eq!(layers["report"], ["rules", "model"]);
    assert_eq!(layers.len(), 3);
}

#[test]
fn imports_that_are_allowed_pass() {
    let allowed = "
        //! Speaks of crate::engine in a comment.
        use crate::model::{Finding, Span};
        use crate::{rules::Rule, model};
        use super::{Reporter, text};
        fn f() -> &'static str { /* crate::git /* nested */ */ \"crate::source\" }
        mod tests { use super::*; use super::super::Format; }
    ";
    assert_eq!(imports_in_report("src/report/sarif.rs", allowed), [""; 0]);
}

#[test]
fn imports_that_are_forbidden_are_caught_in_every_form() {
    for (text, caught) in [
        ("use crate::engine::Scanner;", &["`engine`"][..]),
        ("use crate::{model::Span, engine::{Match, Scanner}, source};", &["`engine`", "`source`"]),
        ("use crate::*;", &["`*`"]),
        ("fn f(m: &crate::engine::Match) {}", &["`engine`"]),
        ("use super::super::engine::Match;", &["`engine`"]),
        ("use super::super::{rules, engine};", &["`engine`"]),
        ("mod tests { use super::super::super::engine::Match; }", &["`engine`"]),
        ("mod tests { fn f() {} } use super::super::engine;", &["`engine`"]),
        ("fn f() { let x = 'a'; let y = \"\\\"\"; crate::git::open() }", &["`git`"]),
        ("fn f() { r#\"a \" b\"#; crate::git::open() }", &["`git`"]),
    ] {
        assert_eq!(imports_in_report("src/report/sarif.rs", text), caught, "{text}");
    }
    assert_eq!(imports_in_report("src/report/mod.rs", "use super::engine::Match;"), ["`engine`"]);
    assert_eq!(imports_in_report("src/report.rs", "use super::engine::Match;"), ["`engine`"]);
}

#[test]
fn a_module_that_is_not_in_the_table_is_caught() {
    let stray = Source::new(Path::new("src/stray/mod.rs"), "");
    assert_eq!(imports_against(&parse_layers(PAGE), &stray).len(), 1);
}

#[test]
fn gix_is_caught_as_a_name_but_not_in_a_comment() {
    let gix = |text| gix_in(&Source::new(Path::new("src/source/mod.rs"), text)).len();
    assert_eq!(gix("use gix::ObjectId;"), 1);
    assert_eq!(gix("fn f(id: gix_hash::ObjectId) {}"), 1);
    assert_eq!(gix("// gix would do this\nfn f() { \"gix\" }"), 0);
}

#[test]
fn expose_is_caught_as_a_call_and_as_a_path() {
    let expose = |text| expose_in(&Source::new(Path::new("src/report/text.rs"), text)).len();
    assert_eq!(expose("fn f(s: &Secret) { s.expose(); s\n.expose() }"), 2);
    assert_eq!(expose("list.map(Secret::expose)"), 1);
    assert_eq!(expose("/// Never calls .expose() on it.\nfn f() {}"), 0);
}

#[test]
fn heads_and_names_are_caught() {
    let file = |path: &str, text: &str| Source::new(Path::new(path), text);
    assert!(head_of(&file("src/a.rs", "//! What it is for.\n")).is_none());
    assert!(head_of(&file("src/a.rs", "use std::io;\n//! Late.\n")).is_some());
    assert!(head_of(&file("src/a.rs", "//!\n//!\n")).is_some());
    assert!(head_of(&file("src/a.rs", &"//! And another thing.\n".repeat(20))).is_some());
    assert!(name_of(&file("src/report/util.rs", "")).is_some());
    assert!(name_of(&file("src/common/mod.rs", "")).is_some());
    assert!(name_of(&file("src/report/text.rs", "")).is_none());
}

#[test]
fn modules_are_named_by_their_files() {
    for (path, module) in [
        ("src/lib.rs", &[][..]),
        ("src/report/mod.rs", &["report"]),
        ("src/report/sarif.rs", &["report", "sarif"]),
        ("/home/src/x/src/git/main.rs", &["git", "main"]),
        ("src/main.rs", &[]),
    ] {
        assert_eq!(module_of(Path::new(path)), module, "{path}");
    }
}
