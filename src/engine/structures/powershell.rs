//! A password that PowerShell turns into a secure string: a literal given or piped to `ConvertTo-SecureString` with
//! `-AsPlainText`. The anchor is the command's name, in any case.

use super::cursor::{Cursor, ends_with, is_quote};
use super::{Found, verdict};
use crate::model::Span;

/// The command and what it is given, on one line.
const LONGEST_COMMAND: usize = 400;
const LONGEST_PASSWORD: usize = 200;
const FLAG: &[u8] = b"-asplaintext";

/// The password that the command at `hit` is given.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    let command = command(text, hit.end);
    if !contains(&text[command.range()], FLAG) {
        return None;
    }
    let secret = argument(text, command).or_else(|| piped(text, hit.start))?;
    let confidence = verdict::password(&text[secret.range()])?;
    Some(verdict::found(secret, confidence, "secure string"))
}

/// Up to the line's end or the next command; a backtick continues a line.
fn command(text: &[u8], start: usize) -> Span {
    let within = &text[start..text.len().min(start + LONGEST_COMMAND)];
    let ends = |at: usize| match within[at] {
        b'\n' => !within[..at].trim_ascii_end().ends_with(b"`"),
        b'|' | b';' => true,
        _ => false,
    };
    let next = memchr::memmem::find(&within.to_ascii_lowercase(), b"convertto-").unwrap_or(within.len());
    let end = memchr::memchr3_iter(b'\n', b'|', b';', &within[..next]).find(|&at| ends(at)).unwrap_or(next);
    Span::new(start, start + end)
}

/// The first literal among the command's arguments.
fn argument(text: &[u8], command: Span) -> Option<Span> {
    let opening = text[command.range()].iter().position(|&byte| matches!(byte, b'\\' | b'"' | b'\'' | b'(' | b'$'))?;
    literal(text, command.start + opening)
}

fn literal(text: &[u8], at: usize) -> Option<Span> {
    let mut cursor = Cursor::new(text, at);
    let mark = cursor.quote()?;
    let secret = cursor.until(mark, LONGEST_PASSWORD)?;
    let is_expression = mark == b"\"" && text[secret.range()].starts_with(b"$(");
    (!is_expression).then_some(secret)
}

/// The literal before `| ConvertTo-SecureString`.
fn piped(text: &[u8], command: usize) -> Option<Span> {
    let from = command.saturating_sub(LONGEST_PASSWORD);
    let before = text[from..command].trim_ascii_end().strip_suffix(b"|")?.trim_ascii_end();
    let (&mark, inner) = before.split_last().filter(|(mark, _)| is_quote(**mark))?;
    let line = &inner[memchr::memrchr(b'\n', inner).map_or(0, |at| at + 1)..];
    let opening = memchr::memrchr(mark, line)?;
    let start = from + inner.len() - line.len() + opening + 1;
    Some(Span::new(start, from + inner.len()))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    (word.len()..=text.len()).any(|end| ends_with(&text[..end], word))
}

#[cfg(test)]
mod tests {
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    const PASSWORD: &str = concat!("kW9#mP", "z2!vQx");

    fn found(text: &str) -> Vec<String> {
        let text = text.replace("{}", PASSWORD);
        let found = all(Shape::SecureString, &["convertto-securestring"], &text);
        found.into_iter().map(|found| text[found.secret.range()].to_owned()).collect()
    }

    #[test]
    fn commands() {
        for text in [
            "$p = ConvertTo-SecureString \"{}\" -AsPlainText -Force",
            "$p = ConvertTo-SecureString -String '{}' -AsPlainText -Force",
            "$p = convertto-securestring -asplaintext -force -string '{}'",
            "$p = ConvertTo-SecureString -String \"{}\" `\n    -AsPlainText -Force",
            "New-Object PSCredential('joe', (ConvertTo-SecureString '{}' -AsPlainText -Force))",
            "$p = '{}' | ConvertTo-SecureString -AsPlainText -Force",
            "\"$p = ConvertTo-SecureString \\\"{}\\\" -AsPlainText -Force\"",
        ] {
            assert_eq!(found(text), [PASSWORD], "{text}");
        }
    }

    #[test]
    fn no_passwords() {
        for text in [
            "ConvertTo-SecureString $env:PASSWORD -AsPlainText -Force",
            "ConvertTo-SecureString \"$env:PASSWORD\" -AsPlainText -Force",
            "ConvertTo-SecureString \"$(Get-Content pw.txt)\" -AsPlainText -Force",
            "ConvertTo-SecureString '<password>' -AsPlainText -Force",
            "ConvertTo-SecureString (Get-Secret 'ProductionDb') -AsPlainText -Force",
            "ConvertTo-SecureString '{}'",
            "$p | ConvertTo-SecureString -AsPlainText -Force; Write-Host '{}'",
            "ConvertTo-SecureString",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
