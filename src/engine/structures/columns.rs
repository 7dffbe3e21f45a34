//! Secrets in tables whose first row names the columns: `name,password` and below it `joe,...`; with tabs, semicolons, or the bars
//! of Markdown and of tests' examples. The anchor is a part of the name of a password or a token, in any case.

use super::cursor::{is_blank, is_quote};
use super::insert::confidence;
use super::name;
use super::{Found, verdict};
use crate::model::{KindSet, Span};

/// A longer line is no heading of a table.
pub(super) const LONGEST_HEADING: usize = 400;
const LONGEST_ROW: usize = 1000;
const LONGEST_NAME: usize = 40;
const FEWEST_COLUMNS: usize = 2;
const MOST_COLUMNS: usize = 40;
const MOST_ROWS: usize = 100;
const KINDS: KindSet = KindSet::DATA.union(KindSet::PROSE).union(KindSet::OTHER);

/// How far from an anchor [`is_none_at`] looks, in bytes.
pub(super) const AT: usize = 64;
/// Programs have these, headings of tables have not.
const OF_PROGRAMS: &[u8] = b"(){}=<>:&";

/// Whether what stands right beside the anchor shows that no table's heading is there: most names of passwords and tokens stand in
/// programs.
pub(super) fn is_none_at(text: &[u8], hit: Span) -> bool {
    let before = || text[hit.start.saturating_sub(AT)..hit.start].iter().rev().copied();
    let after = text[hit.end..text.len().min(hit.end + AT)].iter().copied();
    is_in_no_cell(before())
        || is_in_no_cell(after)
        || before().take_while(|byte| *byte != b'\n').any(|byte| OF_PROGRAMS.contains(&byte))
}

/// Whether in a cell that goes on with these bytes, to either side, something stands that no name has.
fn is_in_no_cell(mut bytes: impl Iterator<Item = u8>) -> bool {
    let ends_cell = |byte: u8| matches!(byte, b'|' | b'\t' | b';' | b',' | b'\n');
    let first = bytes.find(|&byte| ends_cell(byte) || !is_of_name(byte) && !is_aside(byte));
    first.is_some_and(|byte| !ends_cell(byte))
}

/// The secrets in the column that `hit` heads.
pub(super) fn find(text: &[u8], hit: Span) -> Vec<Found> {
    let Some(table) = Table::headed(text, hit) else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = table.body;
    for _ in 0..MOST_ROWS {
        let row = line(text, at, LONGEST_ROW);
        if row.is_empty() || cells(text, row, table.separator).count() != table.columns {
            break;
        }
        let cell = cells(text, row, table.separator).nth(table.column).map(|cell| bare(text, cell));
        found.extend(cell.and_then(|cell| secret(text, table.name, cell)));
        at = row.end + 1;
    }
    found
}

/// A table, of which one column has the name of a secret.
struct Table {
    separator: u8,
    columns: usize,
    column: usize,
    name: Span,
    body: usize,
}

impl Table {
    fn headed(text: &[u8], hit: Span) -> Option<Self> {
        let from = hit.start.saturating_sub(LONGEST_HEADING);
        let before = &text[from..hit.start];
        let start = memchr::memrchr(b'\n', before).map_or((from == 0).then_some(0), |at| Some(from + at + 1))?;
        if text[start..hit.start].iter().any(|byte| OF_PROGRAMS.contains(byte)) {
            return None;
        }
        let heading = line(text, start, LONGEST_HEADING);
        let separator = *text[heading.range()].iter().find(|byte| matches!(byte, b'|' | b'\t' | b';' | b','))?;
        let mut named = None;
        let mut columns = 0;
        for cell in cells(text, heading, separator) {
            let name = bare(text, cell);
            let is_edge = separator == b'|' && (cell.start == heading.start || cell.end == heading.end);
            if !(is_name(&text[name.range()]) || is_edge && name.is_empty()) || columns == MOST_COLUMNS {
                return None;
            }
            named = named.or_else(|| cell.contains(hit).then_some((columns, name)));
            columns += 1;
        }
        let (column, name) = named?;
        name::classify(&text[name.range()])?;
        let mut body = heading.end + 1;
        let rule = line(text, body, LONGEST_ROW);
        let is_rule = !rule.is_empty() && text[rule.range()].iter().all(|byte| b"-|:+ \t=\r".contains(byte));
        body = if is_rule { rule.end + 1 } else { body };
        let is_first = !line_before(text, start).contains(&separator);
        (columns >= FEWEST_COLUMNS && is_first).then_some(Self { separator, columns, column, name, body })
    }
}

/// The line that ends where the one at `start` begins, or its end.
fn line_before(text: &[u8], start: usize) -> &[u8] {
    let before = &text[start.saturating_sub(LONGEST_HEADING)..start];
    let before = before.strip_suffix(b"\n").unwrap_or(before);
    &before[memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..]
}

/// The line that begins at `start`, without its end; empty if it is too long.
fn line(text: &[u8], start: usize, longest: usize) -> Span {
    let start = start.min(text.len());
    let within = &text[start..text.len().min(start + longest)];
    let end = memchr::memchr(b'\n', within).or((start + within.len() == text.len()).then_some(within.len()));
    Span::new(start, start + end.unwrap_or(0))
}

/// The cells of a row. In quotation marks a separator is text.
fn cells(text: &[u8], row: Span, separator: u8) -> impl Iterator<Item = Span> {
    let mut at = Some(row.start);
    std::iter::from_fn(move || {
        let start = at?;
        let mut quoted = false;
        let end = text[start..row.end].iter().position(|&byte| {
            quoted ^= byte == b'"' && separator != b'|';
            byte == separator && !quoted
        });
        at = end.map(|end| start + end + 1);
        Some(Span::new(start, end.map_or(row.end, |end| start + end)))
    })
}

/// A cell without blanks and marks around its text.
fn bare(text: &[u8], cell: Span) -> Span {
    let value = &text[cell.range()];
    let before = value.iter().take_while(|&&byte| is_aside(byte)).count();
    let after = value[before..].iter().rev().take_while(|&&byte| is_aside(byte)).count();
    Span::new(cell.start + before, cell.end - after)
}

fn is_aside(byte: u8) -> bool {
    is_blank(byte) || is_quote(byte) || matches!(byte, b'*' | b'\r')
}

fn is_name(text: &[u8]) -> bool {
    (1..=LONGEST_NAME).contains(&text.len()) && text.iter().all(|&byte| is_of_name(byte))
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" _-./#@?".contains(&byte) || !byte.is_ascii()
}

fn secret(text: &[u8], name: Span, cell: Span) -> Option<Found> {
    // `S3_BUCKET`, in a table of variables.
    let is_constant = text[cell.range()].contains(&b'_')
        && text[cell.range()].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
    let is_word =
        !is_constant && !cell.is_empty() && !text[cell.range()].iter().any(|&byte| byte <= b' ' || is_quote(byte));
    let confidence = confidence(text, name, cell).filter(|_| is_word)?;
    Some(Found { field: Some(name), kinds: KINDS, ..verdict::found(cell, confidence, "column and value") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::structures::tests::hits;

    fn found(text: &str) -> Vec<&str> {
        let hits = hits(&["passw", "pwd", "token"], text.as_bytes());
        let found = hits.into_iter().flat_map(|hit| find(text.as_bytes(), hit));
        found.map(|found| &text[found.secret.range()]).collect()
    }

    #[test]
    fn tables() {
        const SECRET: &str = concat!("kW9#m", "Pz2!vQx");
        for text in [
            "name,password\njoe,{}\n",
            "id,user name,password,e-mail\n1,joe,{},joe@corp.io",
            "\"user\";\"password\"\r\n\"joe\";\"{}\"\r\n",
            "user\tpwd\njoe\t{}",
            "# Users\n\n| User | Password |\n|------|:---------|\n| joe  | `{}` |\n",
            "User | Password\n--- | ---\njoe | {}\n",
            "  Examples:\n    | username | password |\n    | joe | {} |\n",
            "name,\"note\",password\njoe,\"a, b\",{}",
        ] {
            let text = text.replace("{}", SECRET);
            assert_eq!(found(&text), [SECRET], "{text}");
        }
    }

    #[test]
    fn every_row_up_to_the_first_of_another_form() {
        const SECRETS: [&str; 2] = [concat!("kW9#m", "Pz2!vQx"), concat!("Zt7!", "q9xKw2m")];
        let [one, two] = SECRETS;
        let text = format!("user,password\njoe,{one}\nann,changeme\nsue,{two}\n\nx,{one}");
        assert_eq!(found(&text), SECRETS);
    }

    #[test]
    fn others() {
        for text in [
            "name,password\njoe\nkW9#mPz2!vQx",
            "name,password\njoe,dragonfly",
            "name,password\nkW9#mPz2!vQx,x",
            "f(name,password\njoe,kW9#mPz2!vQx",
            "password\nkW9#mPz2!vQx",
            "name,password_hash\njoe,kW9#mPz2!vQx",
            "name,,password\njoe,,kW9#mPz2!vQx",
            "password,",
            "| password |",
            "a,b\nname,password\njoe,kW9#mPz2!vQx",
            "name,token\nbucket,NC_S3_BUCKET9",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
