//! Makes texts of a format, given as a small regular expression: literals, classes, groups with alternatives, and counts. It is
//! no regex engine: what a format cannot say, `checksum.rs` adds.

/// A source of numbers; the same seed gives the same ones (`SplitMix64`, <https://prng.di.unimi.it/splitmix64.c>).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % limit as u64) as usize
    }

    /// One of several.
    pub(crate) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// What an open count, `{20,}`, or none at all may add.
const OPEN: usize = 20;

/// A text of `format`.
///
/// # Panics
/// If the format is none: formats are part of the program.
pub(crate) fn make(format: &str, dice: &mut Dice) -> String {
    let mut text = String::new();
    alternatives(format, &mut Some((dice, &mut text)));
    text
}

/// Where to write what is made; None to read a format without making anything of it.
type Out<'a, 'b> = Option<(&'a mut Dice, &'b mut String)>;

/// One of the alternatives of `format`.
fn alternatives(format: &str, out: &mut Out<'_, '_>) {
    let parts = split(format);
    let Some((dice, text)) = out else { return };
    let part = parts[dice.below(parts.len())];
    sequence(part, dice, text);
}

/// Parts between the bars that stand in no group and no class.
fn split(format: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut is_class, mut start, mut skips) = (Vec::new(), 0, false, 0, false);
    for (at, letter) in format.char_indices() {
        match letter {
            _ if std::mem::take(&mut skips) => {}
            '\\' => skips = true,
            ']' => is_class = false,
            _ if is_class => {}
            '[' => is_class = true,
            '(' => depth += 1,
            ')' => depth -= 1,
            '|' if depth == 0 => {
                parts.push(&format[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&format[start..]);
    parts
}

fn sequence(mut format: &str, dice: &mut Dice, text: &mut String) {
    while !format.is_empty() {
        let length = atom(format);
        let (item, rest) = format.split_at(length);
        let (least, most, rest) = count(rest);
        for _ in 0..least + dice.below(most - least + 1) {
            match item.as_bytes()[0] {
                b'[' => text.push(*dice.one(&class(&item[1..length - 1]))),
                b'(' => alternatives(item[1..length - 1].trim_start_matches("?:"), &mut Some((dice, text))),
                b'\\' => text.push_str(&item[1..]),
                _ => text.push_str(item),
            }
        }
        format = rest;
    }
}

/// The length of the first item.
fn atom(format: &str) -> usize {
    let bytes = format.as_bytes();
    match bytes[0] {
        b'\\' => 2,
        b'[' => format.find(']').expect("a class is closed") + 1,
        b'(' => {
            let mut depth = 0;
            let closes = |byte: &u8| {
                depth += i32::from(*byte == b'(') - i32::from(*byte == b')');
                depth == 0
            };
            bytes.iter().position(closes).expect("a group is closed") + 1
        }
        _ => 1,
    }
}

/// How often an item stands, and what follows.
fn count(rest: &str) -> (usize, usize, &str) {
    if let Some(rest) = rest.strip_prefix('?') {
        return (0, 1, rest);
    }
    let Some((inner, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
        return (1, 1, rest);
    };
    let number = |text: &str| text.parse::<usize>().expect("a count is a number");
    match inner.split_once(',') {
        None => (number(inner), number(inner), after),
        Some((least, "")) => (number(least), number(least) + OPEN, after),
        Some((least, most)) => (number(least), number(most), after),
    }
}

fn class(inner: &str) -> Vec<char> {
    let letters: Vec<char> = inner.chars().filter(|letter| *letter != '\\').collect();
    let (mut all, mut at) = (Vec::new(), 0);
    while at < letters.len() {
        if at + 2 < letters.len() && letters[at + 1] == '-' {
            all.extend(letters[at]..=letters[at + 2]);
            at += 3;
        } else {
            all.push(letters[at]);
            at += 1;
        }
    }
    all
}
