//! The text of a file of entries, changed line by line: what people wrote there stays. New entries are put so that git merges
//! what two branches add.
//!
//! Git cannot merge two insertions between the same two lines. So the file has a line for each of the 256 first bytes of a
//! fingerprint, `# 00` to `# ff`, and an entry stands below its own, sorted: two branches meet only where both add entries
//! with the same first byte, between the same neighbours. There the built-in driver `union` keeps both, which is right here.

use crate::model::Fingerprint;

/// A file of entries as lines, each with its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    lines: Vec<String>,
}

impl Sheet {
    /// One without entries, that begins with these comments.
    pub fn new(head: &[&str]) -> Self {
        let head = head.iter().map(|line| format!("# {line}\n"));
        Self { lines: head.chain((0..=u8::MAX).map(|byte| format!("{}\n", section(byte)))).collect() }
    }

    /// The file that has this text.
    pub fn of(text: &str) -> Self {
        Self { lines: text.split_inclusive('\n').map(str::to_owned).collect() }
    }

    /// Puts an entry where it belongs; one that is there already stays alone.
    pub fn insert(&mut self, fingerprint: &Fingerprint, entry: &str) {
        if self.lines.iter().any(|line| line.trim() == entry) {
            return;
        }
        let print = fingerprint.to_string();
        let (first, last) = self.section_of(&print).unwrap_or((0, self.lines.len()));
        let is_later = |line: &String| is_entry(line) && line.trim_start() > entry;
        let after_entries =
            self.lines[first..last].iter().rposition(|line| is_entry(line)).map_or(last, |at| first + at + 1);
        let at = self.lines[first..last].iter().position(is_later).map_or(after_entries, |at| first + at);
        if let Some(before) =
            at.checked_sub(1).map(|before| &mut self.lines[before]).filter(|line| !line.ends_with('\n'))
        {
            before.push('\n');
        }
        let end = if self.lines.first().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
        self.lines.insert(at, format!("{entry}{end}"));
    }

    /// Takes out the lines with these numbers, counted from one.
    pub fn remove(&mut self, numbers: &[usize]) {
        let mut number = 0;
        self.lines.retain(|_| {
            number += 1;
            !numbers.contains(&number)
        });
    }

    /// The lines of the section that a fingerprint belongs to, without its own line.
    fn section_of(&self, print: &str) -> Option<(usize, usize)> {
        let head = format!("# {}", &print[..2]);
        let first = self.lines.iter().position(|line| line.trim_end() == head)? + 1;
        let next = self.lines[first..].iter().position(|line| is_section(line));
        Some((first, next.map_or(self.lines.len(), |next| first + next)))
    }
}

impl std::fmt::Display for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.lines.iter().try_for_each(|line| f.write_str(line))
    }
}

fn section(byte: u8) -> String {
    format!("# {byte:02x}")
}

fn is_section(line: &str) -> bool {
    let byte = line.trim_end().strip_prefix("# ").and_then(|hex| u8::from_str_radix(hex, 16).ok());
    byte.is_some_and(|byte| line.trim_end() == section(byte))
}

fn is_entry(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(first: u8, second: u8) -> Fingerprint {
        format!("{first:02x}{second:02x}{}", "0".repeat(28)).parse().expect("it is one")
    }

    fn insert(sheet: &mut Sheet, first: u8, second: u8) {
        let print = print(first, second);
        sheet.insert(&print, &format!("{print} rule"));
    }

    #[test]
    fn an_entry_stands_sorted_below_its_byte() {
        let mut sheet = Sheet::new(&["What this is."]);
        for (first, second) in [(3, 9), (255, 1), (3, 1), (3, 5), (3, 5)] {
            insert(&mut sheet, first, second);
        }
        let text = sheet.to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + 256 + 4);
        assert_eq!(lines[..4], ["# What this is.", "# 00", "# 01", "# 02"]);
        let entry = |first, second| format!("{} rule", print(first, second));
        assert_eq!(lines[4..9], ["# 03", &entry(3, 1), &entry(3, 5), &entry(3, 9), "# 04"]);
        assert_eq!(lines.last().copied(), Some(entry(255, 1).as_str()));
        assert_eq!(Sheet::of(&text), sheet);
        sheet.remove(&[6, 7]);
        assert_eq!(sheet.to_string().lines().nth(5), Some(entry(3, 9).as_str()));
    }

    #[test]
    fn what_people_wrote_stays() {
        let text = format!("# by hand\r\n{} rule # not sorted", print(7, 0));
        let mut sheet = Sheet::of(&text);
        insert(&mut sheet, 9, 0);
        insert(&mut sheet, 1, 0);
        let expected =
            format!("# by hand\r\n{} rule\r\n{} rule # not sorted\n{} rule\r\n", print(1, 0), print(7, 0), print(9, 0));
        assert_eq!(sheet.to_string(), expected);
        let mut empty = Sheet::of("");
        insert(&mut empty, 9, 0);
        assert_eq!(empty.to_string(), format!("{} rule\n", print(9, 0)));
    }
}
