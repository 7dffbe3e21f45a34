//! Text to measure on, made from a seed, so that two machines measure the same bytes: source code as it is written,
//! with names, comments, strings and numbers, and no secret in it. Shared by the benches; not one itself.

/// A small generator of pseudo-random numbers (Vigna's `SplitMix64`, <https://prng.di.unimi.it/splitmix64.c>).
pub(crate) struct SplitMix(u64);

impl SplitMix {
    /// The sequence of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

const WORDS: &[&str] = &[
    "buffer", "index", "length", "node", "parent", "config", "value", "count", "offset", "result", "error", "path",
    "key", "token", "state", "author", "pass", "entry", "object", "tree", "commit", "string", "secret", "name", "next",
    "list",
];
const FORMS: &[&str] = &[
    "    if (%a->%b < %n)\n        return %c_%a;\n",
    "static int %a_%b(struct %c *%d, size_t %e)\n{\n",
    "\t%a = %b_%c(&%d, %n);\n",
    "/* The %a of the %b is the %c of its %d, see %e. */\n",
    "    let %a = self.%b.get(%n).map(|%c| %c.%d())?;\n",
    "  \"%a\": \"%b %c\",\n",
    "    die(_(\"could not read %a '%s' of %b\"), %c);\n",
    "#define %a_%b_%c %n\n",
    "- [%a](https://docs.example.org/%b/%c.html#%d)\n",
];

/// About `len` bytes of source text.
pub(crate) fn source_text(len: usize, seed: u64) -> Vec<u8> {
    let mut random = SplitMix::new(seed);
    let mut text = Vec::with_capacity(len + 200);
    while text.len() < len {
        let form = FORMS[random.below(FORMS.len())];
        let mut parts = form.split('%');
        text.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
        for part in parts {
            let (slot, rest) = part.split_at(1);
            match slot {
                "n" => text.extend_from_slice(random.below(4096).to_string().as_bytes()),
                "s" => text.extend_from_slice(b"%s"),
                _ => text.extend_from_slice(WORDS[random.below(WORDS.len())].as_bytes()),
            }
            text.extend_from_slice(rest.as_bytes());
        }
    }
    text
}
