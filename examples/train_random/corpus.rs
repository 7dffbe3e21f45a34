//! What the model learns from and what it is judged by: the distinct names in the sources of some dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Crates to learn from, for their variety: command lines, formats, dates, operating systems, parsers.
const TRAINED: &[&str] = &[
    "clap_builder",
    "serde_json",
    "gix",
    "gix-config",
    "gix-protocol",
    "gix-refspec",
    "gix-odb",
    "jiff",
    "regex-automata",
    "regex-syntax",
    "toml_parser",
    "syn",
    "rustix",
    "insta",
    "criterion",
    "proptest",
    "hashbrown",
    "aho-corasick",
    "zlib-rs",
    "ignore",
    "prodash",
    "console",
    "indicatif",
    "rand",
    "windows-sys",
    "itertools",
    "serde_derive",
];
/// Crates to judge by.
const HELD_OUT: &[&str] = &[
    "rayon",
    "rayon-core",
    "clap_complete",
    "clap_mangen",
    "gix-pack",
    "gix-diff",
    "gix-ref",
    "gix-filter",
    "gix-url",
    "bstr",
    "nix",
    "winnow",
    "indexmap",
    "encoding_rs",
    "globset",
    "tempfile",
    "crossbeam-channel",
    "serde",
    "libc",
    "gix-attributes",
    "gix-date",
    "toml",
    "memchr",
    "smallvec",
    "winapi",
];
/// Sources in other languages, of trees that are given.
const OTHER_SOURCES: &[&str] =
    &["py", "java", "rb", "php", "js", "ts", "go", "cs", "c", "h", "sh", "yml", "yaml", "xml"];
/// Names in languages and conventions that Rust's sources lack.
const WORDS: &str = include_str!("words.txt");

/// A shorter name is never asked about; a longer one is not one.
const SHORTEST: usize = 6;
const LONGEST: usize = 64;
/// The same of words of letters.
const SHORTEST_WORD: usize = 2;
const LONGEST_WORD: usize = 20;

/// Names, each once and in order.
pub(crate) struct Corpus {
    pub trained: BTreeSet<String>,
    pub words: BTreeSet<String>,
    /// What is also among the names that were learnt is left out.
    pub held_out: BTreeSet<String>,
    /// The same of other trees.
    pub elsewhere: BTreeSet<String>,
    /// Words of letters in what was learnt from, in one case, and in how many files each is.
    pub letters: BTreeMap<String, u32>,
    /// Those of other trees.
    pub letters_elsewhere: BTreeMap<String, u32>,
}

impl Corpus {
    /// Reads the crates below `registry`, and other trees to judge by.
    pub(crate) fn read(registry: &Path, trees: &[PathBuf]) -> Result<Self, String> {
        let trained = names_of(registry, TRAINED)?;
        let held_out = names_of(registry, HELD_OUT)?.difference(&trained).cloned().collect();
        let mut elsewhere = BTreeSet::new();
        for tree in trees {
            names_below(tree, OTHER_SOURCES, &mut elsewhere)?;
        }
        let elsewhere = elsewhere.difference(&trained).cloned().collect();
        let words = WORDS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
        let mut letters = BTreeMap::new();
        for name in TRAINED {
            words_below(&newest(registry, name)?, &["rs"], &mut letters)?;
        }
        let mut letters_elsewhere = BTreeMap::new();
        for tree in trees {
            words_below(tree, OTHER_SOURCES, &mut letters_elsewhere)?;
        }
        let words = words.map(str::to_owned).collect();
        Ok(Self { words, trained, held_out, elsewhere, letters, letters_elsewhere })
    }

    /// Those of the list, cut where letters of another kind begin.
    pub(crate) fn words_of_letters(&self) -> impl Iterator<Item = String> {
        self.words.iter().flat_map(|word| letters_of(word))
    }
}

fn words_below(directory: &Path, endings: &[&str], words: &mut BTreeMap<String, u32>) -> Result<(), String> {
    let mut files = Vec::new();
    sources(directory, endings, &mut files)?;
    for file in files {
        let text = fs::read(&file).map_err(|error| format!("reading {}: {error}", file.display()))?;
        let of_file: BTreeSet<String> = letters_of(&String::from_utf8_lossy(&text)).collect();
        of_file.into_iter().for_each(|word| *words.entry(word).or_default() += 1);
    }
    Ok(())
}

/// Words of letters alone, in lower case: *some*, *word* and *id* of `someWord_id2`.
fn letters_of(text: &str) -> impl Iterator<Item = String> {
    let runs = text.split(|c: char| !c.is_ascii_alphabetic()).map(str::as_bytes);
    let turns = |run: &[u8], at: usize| {
        let is_upper = |at: usize| run.get(at).is_some_and(u8::is_ascii_uppercase);
        is_upper(at) && (!is_upper(at - 1) || at + 1 < run.len() && !is_upper(at + 1))
    };
    let words = runs.flat_map(move |run| {
        let ends = (1..run.len()).filter(|&at| turns(run, at)).chain([run.len()]);
        let mut start = 0;
        ends.map(|end| String::from_utf8_lossy(&run[std::mem::replace(&mut start, end)..end]).to_ascii_lowercase())
            .collect::<Vec<_>>()
    });
    words.filter(|word| (SHORTEST_WORD..=LONGEST_WORD).contains(&word.len()))
}

fn names_of(registry: &Path, crates: &[&str]) -> Result<BTreeSet<String>, String> {
    let mut names = BTreeSet::new();
    for name in crates {
        names_below(&newest(registry, name)?, &["rs"], &mut names)?;
    }
    Ok(names)
}

fn names_below(directory: &Path, endings: &[&str], names: &mut BTreeSet<String>) -> Result<(), String> {
    let mut files = Vec::new();
    sources(directory, endings, &mut files)?;
    for file in files {
        let text = fs::read(&file).map_err(|error| format!("reading {}: {error}", file.display()))?;
        collect(&String::from_utf8_lossy(&text), names);
    }
    Ok(())
}

/// The directory of a crate; of several versions the one that sorts last.
fn newest(registry: &Path, name: &str) -> Result<PathBuf, String> {
    let entries = fs::read_dir(registry).map_err(|error| format!("listing {}: {error}", registry.display()))?;
    let is_version = |rest: &str| rest.starts_with(|first: char| first.is_ascii_digit());
    let of_crate = |file: &str| file.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')).is_some_and(is_version);
    let found = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).filter(|file| of_crate(file));
    let found =
        found.max().ok_or_else(|| format!("{} has no sources of {name}: run `cargo fetch`", registry.display()))?;
    Ok(registry.join(found))
}

fn sources(directory: &Path, endings: &[&str], files: &mut Vec<PathBuf>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("listing {}: {error}", directory.display());
    for entry in fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            sources(&path, endings, files)?;
        } else if path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
            files.push(path);
        }
    }
    Ok(())
}

/// Names and paths, as `clap_builder::Arg`, `content-type`, `a/b.rs`.
fn collect(text: &str, names: &mut BTreeSet<String>) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
    for name in text.split(|c| !is_part(c)) {
        let name = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        if (SHORTEST..=LONGEST).contains(&name.len()) && !is_data(name) {
            names.insert(name.to_owned());
        }
    }
}

/// Numbers and digests, of which the sources have some.
fn is_data(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let hex = name.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max().unwrap_or(0);
    digits * 3 > name.len() || hex >= 16
}
