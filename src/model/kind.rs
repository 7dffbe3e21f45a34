//! Kinds of file, as far as detection cares: whether an unquoted right-hand side is a value or a reference, and where
//! the generic rules do not look. A kind comes from the file's path alone; a document without one has all kinds.

/// A set of kinds of file; all bits set means "unknown", so that nothing is ruled out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KindSet(u16);

impl KindSet {
    /// No kind: what can never hold.
    pub const NONE: Self = Self(0);
    /// Program source: an unquoted right-hand side is an expression.
    pub const PROGRAM: Self = Self(1);
    /// Shell scripts, Makefiles, Dockerfiles, CI scripts: `NAME=value` without blanks is a value.
    pub const SHELL: Self = Self(1 << 1);
    /// Settings and data: unquoted values count.
    pub const DATA: Self = Self(1 << 2);
    /// XML, HTML and their like.
    pub const MARKUP: Self = Self(1 << 3);
    /// Documentation and notes.
    pub const PROSE: Self = Self(1 << 4);
    /// Lock files and checksum lists, full of hashes by nature.
    pub const LOCK: Self = Self(1 << 5);
    /// Translations: `password = Passwort` is a label.
    pub const I18N: Self = Self(1 << 6);
    /// Minified or generated code and source maps.
    pub const GENERATED: Self = Self(1 << 7);
    /// Any other name: its kind is not known.
    pub const OTHER: Self = Self(1 << 15);
    /// Every kind, or an unknown one.
    pub const ALL: Self = Self(u16::MAX);

    const NAMES: [(&'static str, Self); 9] = [
        ("program", Self::PROGRAM),
        ("shell", Self::SHELL),
        ("data", Self::DATA),
        ("markup", Self::MARKUP),
        ("prose", Self::PROSE),
        ("lock", Self::LOCK),
        ("i18n", Self::I18N),
        ("generated", Self::GENERATED),
        ("other", Self::OTHER),
    ];

    /// The kind with this name in a rule file.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|&(_, kind)| kind)
    }

    /// The names that [`from_name`](Self::from_name) knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().map(|&(name, _)| name)
    }

    /// The bits, for a constant made at build time.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// A set from its bits.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// Kinds in either.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Kinds in both.
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Kinds in this and not in `other`.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether some kind is in both.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The kinds of file with one of these endings (after the last dot, in lower case).
const BY_EXTENSION: &[(KindSet, &[&str])] = &[
    (
        KindSet::PROGRAM,
        &[
            "py", "pyi", "pyx", "js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx", "vue", "svelte", "go", "java",
            "kt", "kts", "scala", "sc", "cs", "fs", "vb", "rb", "erb", "rake", "php", "rs", "c", "h", "cc", "cpp",
            "cxx", "hh", "hpp", "inl", "ino", "swift", "m", "mm", "dart", "lua", "pl", "pm", "r", "groovy", "gradle",
            "clj", "cljs", "ex", "exs", "erl", "hs", "ml", "mli", "nim", "zig", "jl", "sol", "proto", "sql", "ps1",
            "psm1", "ipynb", "inc",
        ],
    ),
    (KindSet::SHELL, &["sh", "bash", "zsh", "fish", "ksh", "bat", "cmd", "mk", "dockerfile"]),
    (
        KindSet::DATA,
        &[
            "env",
            "ini",
            "cfg",
            "conf",
            "config",
            "cnf",
            "properties",
            "props",
            "yml",
            "yaml",
            "toml",
            "json",
            "json5",
            "jsonc",
            "jsonl",
            "ndjson",
            "tf",
            "tfvars",
            "tfstate",
            "hcl",
            "plist",
            "npmrc",
            "netrc",
            "csv",
            "tsv",
            "pem",
            "key",
            "ppk",
            "ovpn",
            "log",
            "reg",
        ],
    ),
    (KindSet::MARKUP, &["xml", "html", "htm", "xhtml", "svg", "xaml", "resx", "csproj", "vcxproj", "jsp", "aspx"]),
    (KindSet::PROSE, &["md", "markdown", "rst", "txt", "adoc", "asciidoc", "tex", "org"]),
    (KindSet::LOCK, &["lock", "sum", "lockfile", "sha1", "sha256", "sha512", "md5"]),
    (KindSet::I18N, &["po", "pot", "strings", "xlf", "xliff", "ftl", "arb"]),
    (KindSet::GENERATED, &["map"]),
];

/// Files whose whole name tells more than its ending (in lower case).
const BY_NAME: &[(KindSet, &[&str])] = &[
    (
        KindSet::LOCK,
        &[
            "package-lock.json",
            "npm-shrinkwrap.json",
            "pnpm-lock.yaml",
            "go.sum",
            "gradle.lockfile",
            "packages.lock.json",
            "bun.lock",
            "deno.lock",
            "pipfile.lock",
        ],
    ),
    (
        KindSet::SHELL,
        &["dockerfile", "containerfile", "makefile", "gnumakefile", "jenkinsfile", "vagrantfile", "procfile"],
    ),
    (
        KindSet::DATA,
        &["credentials", "config", ".pgpass", ".htpasswd", ".git-credentials", ".dockercfg", ".s3cfg", ".boto"],
    ),
];

impl KindSet {
    /// The kinds of the file with this path, by its name and its directories' alone.
    pub fn of_path(path: &[u8]) -> Self {
        let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or(path).to_ascii_lowercase();
        if let Some(kind) = look_up(BY_NAME, &name) {
            return kind;
        }
        let is_env = name.starts_with(b".env") || name.ends_with(b".env");
        let extension = name.iter().rposition(|&byte| byte == b'.').map(|dot| &name[dot + 1..]);
        let kind = match extension.and_then(|extension| look_up(BY_EXTENSION, extension)) {
            _ if is_env => Self::DATA,
            Some(kind) => kind,
            None if extension.is_none() || name.starts_with(b"dockerfile.") => by_stem(&name),
            None => Self::OTHER,
        };
        match kind {
            _ if is_generated(&name) => Self::GENERATED,
            Self::DATA | Self::PROGRAM | Self::MARKUP if is_translation(path, &name) => Self::I18N,
            kind => kind,
        }
    }
}

/// By the directory, or as `messages_de.properties` is.
fn is_translation(path: &[u8], name: &[u8]) -> bool {
    const DIRECTORIES: [&[u8]; 8] =
        [b"locale", b"locales", b"i18n", b"l10n", b"lang", b"langs", b"translations", b"localization"];
    // Of a compiled language these are packages, `java/lang`, and no translations.
    const COMPILED: [&[u8]; 16] = [
        b"java", b"kt", b"scala", b"groovy", b"cs", b"vb", b"go", b"rs", b"c", b"cc", b"cpp", b"h", b"hpp", b"m",
        b"swift", b"dart",
    ];
    let ending = name.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
    if COMPILED.contains(&ending) {
        return false;
    }
    let is_known = |part: &[u8]| DIRECTORIES.iter().any(|known| part.eq_ignore_ascii_case(known));
    path.split(|&byte| byte == b'/').rev().skip(1).any(is_known)
        || has_locale(name)
        || name.starts_with(b"messages_")
        || name.starts_with(b"messages.")
}

/// `resources_en_us.properties`, as Java names a bundle of texts.
fn has_locale(name: &[u8]) -> bool {
    let Some([.., b'_', a, b, b'_', c, d]) = name.strip_suffix(b".properties") else { return false };
    [a, b, c, d].into_iter().all(u8::is_ascii_lowercase)
}

fn look_up(table: &[(KindSet, &[&str])], key: &[u8]) -> Option<KindSet> {
    table.iter().find(|(_, keys)| keys.iter().any(|known| known.as_bytes() == key)).map(|&(kind, _)| kind)
}

/// A name without an ending says little; only a Dockerfile's variants are known.
fn by_stem(name: &[u8]) -> KindSet {
    if name.starts_with(b"dockerfile") { KindSet::SHELL } else { KindSet::OTHER }
}

fn is_generated(name: &[u8]) -> bool {
    [b".min.".as_slice(), b"-min.", b".bundle."].iter().any(|mark| memchr::memmem::find(name, mark).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_by_name() {
        for (path, kind) in [
            ("src/main.rs", KindSet::PROGRAM),
            ("a/.env", KindSet::DATA),
            (".env.production", KindSet::DATA),
            ("prod.env", KindSet::DATA),
            ("deploy/Dockerfile", KindSet::SHELL),
            ("Dockerfile.prod", KindSet::SHELL),
            ("web/package-lock.json", KindSet::LOCK),
            ("Cargo.lock", KindSet::LOCK),
            ("go.sum", KindSet::LOCK),
            ("jquery.min.js", KindSet::GENERATED),
            ("app.js.map", KindSet::GENERATED),
            ("README.md", KindSet::PROSE),
            ("LICENSE", KindSet::OTHER),
            ("data.unheard-of", KindSet::OTHER),
            (".aws/credentials", KindSet::DATA),
            ("pom.XML", KindSet::MARKUP),
            ("config/locales/de.yml", KindSet::I18N),
            ("src/messages_de.properties", KindSet::I18N),
            ("resources/resources_en_US.properties", KindSet::I18N),
            ("conf/db_settings.properties", KindSet::DATA),
            ("localization/cy_GB/labels.inc", KindSet::I18N),
            ("lang/install.sh", KindSet::SHELL),
            ("lang/de/auth.php", KindSet::I18N),
            ("src/lang/Login.java", KindSet::PROGRAM),
            ("internal/i18n/client.go", KindSet::PROGRAM),
        ] {
            assert_eq!(KindSet::of_path(path.as_bytes()), kind, "{path}");
        }
    }

    #[test]
    fn names_are_read_back() {
        assert!(KindSet::names().all(|name| KindSet::from_name(name).is_some_and(|kind| kind != KindSet::NONE)));
        assert_eq!(KindSet::from_name("programs"), None);
    }
}
