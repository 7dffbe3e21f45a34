//! A TOML file read value by value: each of the right type, at its place, or noted as wrong. Which keys there are is known to
//! `file.rs`.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::file::At;
use crate::model::Span;
use crate::rules::{Fault, Faults, did_you_mean, shown};

/// What makes a number of a string.
type Parse = fn(&str) -> Result<u64, String>;

/// A value as it stands in the file.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// A file that is being read, and what has been found wrong with it.
pub(super) struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    errors: Vec<Fault>,
}

impl<'a> Reader<'a> {
    /// A reader of the file `name` with the content `text`.
    pub(super) const fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, errors: Vec::new() }
    }

    /// The file as a table; an empty one, if it is no TOML.
    pub(super) fn parse(&mut self) -> DeTable<'a> {
        match DeTable::parse(self.text) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let span = error.span().unwrap_or_default();
                self.wrong(&span, format!("it is no TOML: {}", without_quotes(error.message())));
                DeTable::new()
            }
        }
    }

    /// Says what is wrong, if something is.
    pub(super) fn finish(mut self) -> Result<(), Faults> {
        self.errors.sort_by_key(|error| error.line);
        if self.errors.is_empty() { Ok(()) } else { Err(Faults(self.errors)) }
    }

    /// How much is wrong so far.
    pub(super) fn faults(&self) -> usize {
        self.errors.len()
    }

    /// Notes that something is wrong.
    pub(super) fn wrong(&mut self, at: &Range<usize>, reason: impl Into<String>) {
        let line = Some(self.line(at.start));
        self.errors.push(Fault { file: self.name.to_owned(), line, rule: None, reason: reason.into() });
    }

    /// Notes a key that is none of `known`, those of the table `of`.
    pub(super) fn unknown(&mut self, key: &str, at: &Range<usize>, of: &str, known: &[&str]) {
        let hint = did_you_mean(key, known.iter().copied());
        let of = if of.is_empty() { String::new() } else { format!(" in {of}") };
        self.wrong(at, format!("unknown key `{}`{of}{hint}", shown(key)));
    }

    /// A value with its place.
    pub(super) fn at<T>(&self, span: &Range<usize>, value: T) -> At<T> {
        At { value, line: self.line(span.start), span: Span::new(span.start, span.end) }
    }

    /// A string.
    pub(super) fn string(&mut self, key: &str, value: Value<'_>) -> Option<At<String>> {
        let span = value.span();
        match value.into_inner() {
            DeValue::String(text) => Some(self.at(&span, text.into_owned())),
            other => self.mistyped(key, &span, "a string", &other),
        }
    }

    /// A string of which `parse` makes something.
    pub(super) fn parsed<T>(
        &mut self,
        key: &str,
        value: Value<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<At<T>> {
        let text = self.string(key, value)?;
        self.understood(key, &text, parse)
    }

    /// What `parse` makes of a string, which an error does not quote.
    pub(super) fn understood<T>(
        &mut self,
        key: &str,
        text: &At<String>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<At<T>> {
        match parse(&text.value) {
            Ok(value) => Some(At { value, line: text.line, span: text.span }),
            Err(reason) => {
                self.wrong(&(text.span.start..text.span.end), format!("`{key}`: {reason}"));
                None
            }
        }
    }

    /// A list of strings.
    pub(super) fn strings(&mut self, key: &str, value: Value<'_>) -> Vec<At<String>> {
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(items) => {
                let key = format!("{key}[]");
                items.into_iter().filter_map(|item| self.string(&key, item)).collect()
            }
            other => {
                let _: Option<()> = self.mistyped(key, &span, "a list of strings", &other);
                Vec::new()
            }
        }
    }

    /// A list of strings, of each of which `parse` makes something.
    pub(super) fn each<T>(
        &mut self,
        key: &str,
        value: Value<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<At<T>> {
        let texts = self.strings(key, value);
        texts.into_iter().filter_map(|text| self.understood(key, &text, &parse)).collect()
    }

    /// A whole number that is not negative, or a string of which `parse` makes one.
    pub(super) fn number(&mut self, key: &str, value: Value<'_>, parse: Option<Parse>) -> Option<At<u64>> {
        let span = value.span();
        match (value.into_inner(), parse) {
            (DeValue::Integer(digits), _) => match u64::from_str_radix(digits.as_str(), digits.radix()) {
                Ok(number) => Some(self.at(&span, number)),
                Err(_) => {
                    self.wrong(&span, format!("`{key}`: the number is negative, or too large"));
                    None
                }
            },
            (DeValue::String(text), Some(parse)) => {
                let text = self.at(&span, text.into_owned());
                self.understood(key, &text, parse)
            }
            (other, parse) => {
                let wanted = if parse.is_some() { "a number, or a string with a unit" } else { "a whole number" };
                self.mistyped(key, &span, wanted, &other)
            }
        }
    }

    /// A number, whole or decimal, as it is written.
    pub(super) fn decimal(&mut self, key: &str, value: Value<'_>) -> Option<At<String>> {
        let span = value.span();
        match value.into_inner() {
            DeValue::Integer(digits) if digits.radix() == 10 => Some(self.at(&span, digits.as_str().to_owned())),
            DeValue::Float(digits) => Some(self.at(&span, digits.as_str().to_owned())),
            other => self.mistyped(key, &span, "a number of seconds", &other),
        }
    }

    /// `true` or `false`.
    pub(super) fn switch(&mut self, key: &str, value: Value<'_>) -> Option<At<bool>> {
        let span = value.span();
        match value.into_inner() {
            DeValue::Boolean(value) => Some(self.at(&span, value)),
            other => self.mistyped(key, &span, "true or false", &other),
        }
    }

    /// A table.
    pub(super) fn table<'v>(&mut self, key: &str, value: Value<'v>) -> Option<DeTable<'v>> {
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(table) => Some(table),
            other => self.mistyped(key, &span, "a table", &other),
        }
    }

    /// A list of tables, as `[[key]]` writes them.
    pub(super) fn tables<'v>(&mut self, key: &str, value: Value<'v>) -> Vec<(Range<usize>, DeTable<'v>)> {
        let span = value.span();
        let items = match value.into_inner() {
            DeValue::Array(items) => items,
            other => {
                let wanted = format!("a list of tables: [[{key}]], in double brackets");
                let _: Option<()> = self.mistyped(key, &span, &wanted, &other);
                DeArray::new()
            }
        };
        let table = |item: Value<'v>| {
            let span = item.span();
            self.table(key, item).map(|table| (span, table))
        };
        items.into_iter().filter_map(table).collect()
    }

    /// The line of a byte, from 1.
    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
    }

    fn mistyped<T>(&mut self, key: &str, at: &Range<usize>, wanted: &str, found: &DeValue<'_>) -> Option<T> {
        let found = match found {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.wrong(at, format!("`{key}` is {wanted}, and not {found}"));
        None
    }
}

/// A message of the parser without what it quotes of the file.
fn without_quotes(message: &str) -> String {
    let mut shown = String::new();
    for (nth, part) in message.replace('\n', " ").split(['`', '"']).enumerate() {
        shown.push_str(if nth % 2 == 0 || part.chars().count() <= 1 { part } else { "..." });
    }
    shown
}
