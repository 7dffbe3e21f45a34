//! Passwords given to a program on its command line: `curl -u user:password`, `mysql -ppassword`, `sshpass -p password`.
//! The anchor is the program's name. Long options that say what they are, `--password=...`, are assignments and not
//! looked for here.
//!
//! Words are read as a shell would, or as the strings of a list; up to the line's end, which a backslash continues.

use memchr::memmem;

use super::cursor::{Cursor, is_blank, is_quote, starts_with};
use super::{Found, byte_at, verdict};
use crate::model::{Confidence, Span};

/// How far behind the program's name is looked, in bytes and in words.
pub(super) const LONGEST_COMMAND: usize = 600;
const MOST_WORDS: usize = 60;
const LONGEST_NAME: usize = 32;

/// A program and how it is given a password.
struct Tool {
    /// Its names; with the word that must follow, if there is one.
    names: &'static [&'static str],
    given: Given,
}

/// Where on the command line the password stands.
#[derive(Clone, Copy)]
enum Given {
    /// In the word after one of these options, behind `=`, or glued to an option of one letter.
    Option(&'static [&'static str], Form),
    /// In the word after this option, and never glued to it.
    After(&'static str),
    /// Glued to this option: a blank behind it says that the program shall ask.
    Glued(&'static str),
    /// The last word, if there is an option with this letter.
    Last(u8),
    /// The last of one word or two, as services of a chat are spoken to.
    Final,
    /// In the first word that is no option.
    First(Form),
    /// In the second word that is no option.
    Second,
    /// In the first word that is no option, no drive and no host, if an option names a user.
    Mapped,
    /// In what is echoed to it.
    Echoed(Form),
}

/// What of a word is the password.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole,
    /// `user:password`, and the like.
    After(u8),
    /// `pass:password`.
    Labelled,
}

const TOOLS: &[Tool] = &[
    Tool { names: &["curl"], given: Given::Option(&["-u", "--user", "-U", "--proxy-user"], Form::After(b':')) },
    Tool {
        names: &[
            "mysql",
            "mysqldump",
            "mysqladmin",
            "mysqlimport",
            "mysqlshow",
            "mysqlcheck",
            "mysqlslap",
            "mysqlsh",
            "mysqlbinlog",
            "mariadb",
            "mariadb-dump",
            "mariadb-admin",
        ],
        given: Given::Glued("-p"),
    },
    Tool { names: &["sshpass"], given: Given::Option(&["-p"], Form::Whole) },
    Tool { names: &["redis-cli"], given: Given::Option(&["-a", "--pass"], Form::Whole) },
    Tool {
        names: &[
            "ldapsearch",
            "ldapadd",
            "ldapmodify",
            "ldapdelete",
            "ldapwhoami",
            "ldapcompare",
            "ldapmodrdn",
            "ldappasswd",
        ],
        given: Given::Option(&["-w"], Form::Whole),
    },
    Tool { names: &["sqlcmd", "osql"], given: Given::Option(&["-P"], Form::Whole) },
    Tool {
        names: &["mongo", "mongosh", "mongodump", "mongorestore", "mongoimport", "mongoexport"],
        given: Given::Option(&["-p"], Form::Whole),
    },
    Tool {
        names: &[
            "docker login",
            "podman login",
            "registry login",
            "oc login",
            "az login",
            "cf login",
            "skopeo login",
            "buildah login",
        ],
        given: Given::Option(&["-p"], Form::Whole),
    },
    Tool { names: &["twine", "cqlsh", "beeline"], given: Given::Option(&["-p"], Form::Whole) },
    Tool { names: &["mosquitto_pub", "mosquitto_sub", "ipmitool"], given: Given::Option(&["-P"], Form::Whole) },
    Tool { names: &["smbclient", "rpcclient", "winexe"], given: Given::Option(&["-U"], Form::After(b'%')) },
    Tool { names: &["lftp"], given: Given::Option(&["-u"], Form::After(b',')) },
    Tool { names: &["openssl"], given: Given::Option(&["-passin", "-passout", "-pass"], Form::Labelled) },
    Tool { names: &["openssl"], given: Given::After("-k") },
    Tool { names: &["mysqladmin"], given: Given::After("password") },
    Tool { names: &["useradd", "usermod", "psexec"], given: Given::Option(&["-p"], Form::Whole) },
    Tool { names: &["snmpwalk", "snmpget"], given: Given::Option(&["-A", "-X"], Form::Whole) },
    Tool { names: &["xfreerdp", "wfreerdp"], given: Given::Glued("/p:") },
    Tool { names: &["cmdkey"], given: Given::Glued("/pass:") },
    Tool { names: &["7z a", "7z x", "7za a", "7za x", "unrar x"], given: Given::Glued("-p") },
    Tool { names: &["ssh-keygen"], given: Given::Option(&["-N", "-P"], Form::Whole) },
    Tool { names: &["net user", "rabbitmqctl add_user", "rabbitmqctl change_password"], given: Given::Second },
    Tool { names: &["net use"], given: Given::Mapped },
    Tool {
        names: &["--password-stdin", "sudo -S", "passwd --stdin", "--passphrase-fd"],
        given: Given::Echoed(Form::Whole),
    },
    Tool { names: &["unzip", "zip"], given: Given::Option(&["-P"], Form::Whole) },
    Tool { names: &["htpasswd"], given: Given::Last(b'b') },
    Tool { names: &["sqlplus", "expdp", "impdp"], given: Given::First(Form::After(b'/')) },
    Tool {
        names: &["nickserv identify", "NickServ identify", "nickserv IDENTIFY", "NickServ IDENTIFY"],
        given: Given::Final,
    },
    Tool { names: &["chpasswd"], given: Given::Echoed(Form::After(b':')) },
];

/// The password given to the program whose name `hit` is in.
pub(super) fn find(text: &[u8], hit: Span) -> Option<Found> {
    // `zip -` is also the anchor of `unzip -`.
    let start = hit.start - if text[..hit.start].ends_with(b"un") { b"un".len() } else { 0 };
    let secret = tools_at(text, start).find_map(|(name, tool)| given(text, name, tool))?;
    let confidence = confidence(&text[secret.range()])?;
    Some(verdict::found(secret, confidence, "command line"))
}

/// How far to either side of an anchor [`is_none_at`] looks, in bytes.
pub(super) const AT: usize = LONGEST_NAME;

/// Whether the anchor is not the name of a program, or not all of it.
pub(super) fn is_none_at(text: &[u8], hit: Span) -> bool {
    tools_at(text, hit.start).next().is_none()
}

/// What `tool` is given for a password, whose name is `name`.
fn given(text: &[u8], name: Span, tool: &Tool) -> Option<Span> {
    let words = || Words::new(text, name);
    match tool.given {
        Given::Option(options, form) => words().find_map(|word, next| option(text, options, form, word, next)),
        Given::After(option) => words().find_map(|word, next| {
            let is_it = &text[word.range()] == option.as_bytes();
            part(text, next.filter(|_| is_it)?, Form::Whole)
        }),
        Given::Glued(option) => words().find_map(|word, _| glued(text, option, word)),
        Given::Last(letter) => last(text, letter, &mut words()),
        Given::Final => of_service(text, &mut words()),
        Given::First(form) => words().find_map(|word, _| part(text, word, form)),
        Given::Second => second(text, &mut words()),
        Given::Mapped => mapped(text, name.end),
        Given::Echoed(form) => echoed(text, name.start, form).or_else(|| fed(text, name.end, form)),
    }
}

/// The program whose name begins at `start`, as a whole word; more than one, if it is given passwords in several ways.
fn tools_at(text: &[u8], start: usize) -> impl Iterator<Item = (Span, &'static Tool)> {
    let is_inside = is_inside_word(&text[..start]);
    let within = &text[start..text.len().min(start + LONGEST_NAME)];
    TOOLS.iter().filter(move |_| !is_inside).filter_map(move |tool| {
        let begins = |name: &str| within.first() == name.as_bytes().first() && within.starts_with(name.as_bytes());
        let name = tool.names.iter().find(|name| begins(name) && is_end(within, name.len()))?;
        Some((Span::new(start, start + name.len()), tool))
    })
}

/// Whether a word that begins behind `before` is the end of a longer one. An escaped line end is none.
fn is_inside_word(before: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$' | b'@');
    before.last().is_some_and(is_part) && !before.ends_with(b"\\n")
}

/// Whether a program's name ends at `at`.
fn is_end(text: &[u8], at: usize) -> bool {
    let byte = byte_at(text, at);
    is_blank(byte)
        || is_quote(byte)
        || matches!(byte, 0 | b'\r' | b'\n' | b'\\')
        || starts_with(&text[at.min(text.len())..], b".exe ")
}

/// The value of one of `options`, if `word` is one.
fn option(text: &[u8], options: &[&str], form: Form, word: Span, next: Option<Span>) -> Option<Span> {
    let option = &text[word.range()];
    let is_short = |known: &&&str| known.len() == 2;
    if options.iter().any(|known| known.as_bytes() == option)
        || options.iter().filter(is_short).any(|known| ends_cluster(option, known))
    {
        return part(text, next?, form);
    }
    let joined = |known: &&str| {
        let rest = option.strip_prefix(known.as_bytes()).filter(|rest| !rest.is_empty())?;
        let equals = usize::from(rest[0] == b'=');
        (equals == 1 || known.len() == 2).then(|| Span::new(word.start + known.len() + equals, word.end))
    };
    part(text, unquoted(text, options.iter().find_map(joined)?), form)
}

/// `-su` for `-s -u`.
fn ends_cluster(word: &[u8], option: &str) -> bool {
    matches!(word, [b'-', letters @ .., last] if (1..=6).contains(&letters.len())
        && letters.iter().all(u8::is_ascii_alphabetic) && *last == option.as_bytes()[1])
}

fn glued(text: &[u8], option: &str, word: Span) -> Option<Span> {
    let rest = text[word.range()].strip_prefix(option.as_bytes())?;
    (!rest.is_empty()).then(|| unquoted(text, Span::new(word.start + option.len(), word.end)))
}

/// The last of the words, if one of those before is a cluster of options with `letter` in it.
fn last(text: &[u8], letter: u8, words: &mut Words<'_>) -> Option<Span> {
    let (mut is_given, mut count, mut last) = (false, 0, None);
    words.find_map(|word, _| {
        let is_option = text[word.start] == b'-';
        is_given |= is_option && !text[word.range()].starts_with(b"--") && text[word.range()].contains(&letter);
        if !is_option {
            (count, last) = (count + 1, Some(word));
        }
        None::<()>
    });
    // A user stands before it, so that a lone word is a file or a user.
    last.filter(|_| is_given && count >= 2)
}

/// `nickserv identify [joe] password`; more words are a sentence, and so is a word without a digit.
fn of_service(text: &[u8], words: &mut Words<'_>) -> Option<Span> {
    let mut last = None;
    let mut count = 0;
    words.find_map(|word, _| {
        (count, last) = (count + 1, Some(word));
        None::<()>
    });
    last.filter(|word| count <= 2 && text[word.range()].iter().any(u8::is_ascii_digit))
}

/// `net user joe password /add`.
fn second(text: &[u8], words: &mut Words<'_>) -> Option<Span> {
    let mut user = None;
    let word = words.find_map(|word, _| {
        let is_option = matches!(text[word.start], b'-' | b'/' | b'*');
        if user.is_none() || is_option {
            user = Some(word);
            return is_option.then_some(None);
        }
        Some(Some(word))
    });
    part(text, word??, Form::Whole)
}

/// `net use X: \\host\share password /user:joe`, in any order. Backslashes are those of Windows' paths.
fn mapped(text: &[u8], from: usize) -> Option<Span> {
    const USER: &[u8] = b"/user:";
    let line = &text[from..text.len().min(from + LONGEST_COMMAND)];
    let line = &line[..line.iter().position(|&byte| matches!(byte, b'\r' | b'\n' | b'|' | b'&')).unwrap_or(line.len())];
    memchr::memchr_iter(b'/', line).any(|slash| starts_with(&line[slash..], USER)).then_some(())?;
    let (mut at, mut names_user, mut password) = (from, false, None);
    for word in line.split(|&byte| is_blank(byte)) {
        names_user |= word.len() > USER.len() && starts_with(word, USER);
        let is_place = matches!(word.first(), None | Some(b'/' | b'\\' | b'*' | b'-')) || word.ends_with(b":");
        if !is_place && password.is_none() {
            password = Some(unquoted(text, Span::new(at, at + word.len())));
        }
        at += word.len() + 1;
    }
    part(text, password?, Form::Whole).filter(|_| names_user)
}

/// `echo 'user:password' | chpasswd`.
fn echoed(text: &[u8], command: usize, form: Form) -> Option<Span> {
    let from = command.saturating_sub(LONGEST_COMMAND / 2);
    let before = &text[from..command];
    let line = &before[memchr::memrchr2(b'\n', b';', before).map_or(0, |at| at + 1)..];
    let pipe = memchr::memrchr(b'|', line)?;
    let segment = line[..pipe].trim_ascii_end();
    let (start, segment) = match segment.last() {
        Some(mark) if is_quote(*mark) => {
            let inner = &segment[..segment.len() - 1];
            (memchr::memrchr(*mark, inner)? + 1, inner)
        }
        _ => (segment.iter().rposition(|&byte| is_blank(byte))? + 1, segment),
    };
    // `printf "user:password\n"`
    let end = memmem::find(&segment[start..], b"\\n").map_or(segment.len(), |at| start + at);
    let echo = segment[..start].trim_ascii_start();
    let is_echo = memmem::find(echo, b"echo ").is_some() || memmem::find(echo, b"printf ").is_some();
    let offset = command - line.len();
    part(text, Span::new(offset + start, offset + end), form).filter(|_| is_echo)
}

/// `chpasswd <<< "user:password"`, and the first line of `chpasswd <<EOF`.
fn fed(text: &[u8], command: usize, form: Form) -> Option<Span> {
    let rest = &text[command..text.len().min(command + LONGEST_COMMAND)];
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let at = memmem::find(line, b"<<")?;
    let is_word = line[at..].starts_with(b"<<<");
    let start = if is_word { at + b"<<<".len() } else { line.len() + 1 };
    let fed = rest.get(start..)?;
    let fed = &fed[..memchr::memchr(b'\n', fed).unwrap_or(fed.len())];
    let blanks = fed.iter().take_while(|&&byte| is_blank(byte)).count();
    let span = Span::new(command + start + blanks, command + start + fed.trim_ascii_end().len());
    let has_blank = span.start >= span.end || text[span.range()].iter().any(|&byte| is_blank(byte));
    part(text, unquoted(text, span), form).filter(|_| !has_blank)
}

/// The password in `word`.
fn part(text: &[u8], word: Span, form: Form) -> Option<Span> {
    let value = &text[word.range()];
    let start = match form {
        Form::Whole => 0,
        Form::Labelled => value.starts_with(b"pass:").then_some("pass:".len())?,
        Form::After(mark) => memchr::memchr(mark, value).filter(|&at| is_user(&value[..at], mark))? + 1,
    };
    // Oracle's tools name the database behind the password.
    let end = if form == Form::After(b'/') { memchr::memchr(b'@', value).unwrap_or(value.len()) } else { value.len() };
    let is_option = value.starts_with(b"-");
    (start < end && !is_option).then(|| Span::new(word.start + start, word.start + end))
}

/// A user that is no variable and no URL; curl's may be missing, a token is then all.
fn is_user(user: &[u8], mark: u8) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'/' | b'(' | b')' | b'"' | b'\'');
    user.iter().all(is_name) && (!user.is_empty() || mark == b':')
}

fn confidence(secret: &[u8]) -> Option<Confidence> {
    // `$1` and `%PASS%` are references; a placeholder in brackets may be cut by the blank in it.
    let is_template = matches!(secret.first(), Some(b'$' | b'<' | b'%' | b'[' | b'{' | b'@' | b'\\' | b'('))
        || memmem::find(secret, b"${").is_some()
        || memmem::find(secret, b"$(").is_some();
    if is_template && verdict::password(secret) != Some(Confidence::Medium) { None } else { verdict::password(secret) }
}

fn unquoted(text: &[u8], span: Span) -> Span {
    let value = &text[span.range()];
    match (value.first(), value.last()) {
        (Some(first), Some(last)) if value.len() >= 2 && first == last && is_quote(*first) => {
            Span::new(span.start + 1, span.end - 1)
        }
        _ => span,
    }
}

/// The words of a command, without the quotation marks around them.
struct Words<'a> {
    text: &'a [u8],
    cursor: Cursor<'a>,
    end: usize,
}

impl<'a> Words<'a> {
    /// The words behind `name`, up to where the program is called once more: that is its own anchor.
    fn new(text: &'a [u8], name: Span) -> Self {
        let mut cursor = Cursor::new(text, name.end);
        if cursor.eat(b".exe") {
            cursor.skip_blanks();
        }
        // The closing mark of a list's first string.
        cursor.quote();
        let within = &text[cursor.at..text.len().min(name.end + LONGEST_COMMAND)];
        let called = |at: &usize| !is_inside_word(&within[..*at]) && is_end(within, at + name.len());
        let end = memmem::find_iter(within, &text[name.range()]).find(called).unwrap_or(within.len());
        Self { text, cursor, end: cursor.at + end }
    }

    /// The first answer to a word and the one after it.
    fn find_map<T>(&mut self, mut answer: impl FnMut(Span, Option<Span>) -> Option<T>) -> Option<T> {
        let mut word = self.next_word()?;
        for _ in 0..MOST_WORDS {
            let next = self.next_word();
            if let Some(found) = answer(word, next) {
                return Some(found);
            }
            word = next?;
        }
        None
    }

    fn next_word(&mut self) -> Option<Span> {
        self.skip_gap();
        if self.cursor.at >= self.end {
            return None;
        }
        if let Some(mark) = self.cursor.quote() {
            // A mark that is not closed ends the text that the command stands in.
            let inner = self.cursor.until(mark, LONGEST_COMMAND)?;
            return (!inner.is_empty()).then_some(inner);
        }
        let word = self.bare_word();
        let is_template = self.text[word.range()].starts_with(b"{{");
        (!is_template && !word.is_empty()).then_some(word)
    }

    /// Blanks, commas between the strings of a list, and line ends that are continued.
    fn skip_gap(&mut self) {
        loop {
            let rest = self.cursor.rest();
            let step = match rest {
                [b' ' | b'\t' | b',', ..] => 1,
                [b'\\' | b'`' | b'^', b'\n', ..] => 2,
                [b'\\' | b'`' | b'^', b'\r', b'\n', ..] => 3,
                _ => return,
            };
            self.cursor.at += step;
        }
    }

    /// A word that is quoted in part, or not at all: `-u"user:password"`.
    fn bare_word(&mut self) -> Span {
        let start = self.cursor.at;
        let is_word = |byte: u8| byte > b' ' && !is_quote(byte) && !matches!(byte, b'|' | b';' | b'&' | b'\\');
        loop {
            self.cursor.skip_while(LONGEST_COMMAND, is_word);
            let mut inside = self.cursor;
            let is_start = self.cursor.at == start;
            match inside.quote().and_then(|mark| inside.until(mark, LONGEST_COMMAND)) {
                Some(_) if !is_start => self.cursor = inside,
                _ => break,
            }
        }
        Span::new(start, self.cursor.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::structures::tests::all;
    use crate::rules::Shape;

    const PASSWORD: &str = concat!("kW9#mP", "z2!vQx");

    fn found(text: &str) -> Vec<String> {
        let anchors: Vec<&str> = TOOLS.iter().flat_map(|tool| tool.names.iter().copied()).collect();
        let found = all(Shape::Command, &anchors, text);
        found.into_iter().map(|found| text[found.secret.range()].to_owned()).collect()
    }

    #[test]
    fn commands() {
        for text in [
            "curl -u joe:{} https://api.corp.io",
            "curl -sSL -u 'joe:{}' https://api.corp.io",
            "curl --user \"joe:{}\" https://api.corp.io",
            "curl --user=joe:{} https://api.corp.io",
            "curl -sku joe:{} https://api.corp.io",
            "curl -ujoe:{} https://api.corp.io",
            "curl -X POST \\\n  -u joe:{} \\\n  https://api.corp.io",
            "subprocess.run([\"curl\", \"-u\", \"joe:{}\", url])",
            "{\"cmd\": \"curl -u \\\"joe:{}\\\" https://api.corp.io\"}",
            "mysql -u root -p{} app < dump.sql",
            "/usr/bin/mysqldump -h db -p'{}' app | gzip",
            "sshpass -p '{}' ssh joe@host",
            "sshpass -p{} ssh joe@host",
            "redis-cli -h cache -a {} ping",
            "ldapsearch -x -D cn=admin -w {} -b dc=corp",
            "sqlcmd -S db -U sa -P '{}' -Q 'select 1'",
            "/opt/mssql-tools/bin/sqlcmd.exe -U sa -P {}",
            "docker login -u joe -p {} registry.corp.io",
            "openssl rsa -in key.pem -passin pass:{} -out key",
            "openssl pkcs12 -export -passout \"pass:{}\"",
            "htpasswd -cb .htpasswd joe {}",
            "htpasswd -nbB joe '{}'",
            "smbclient //host/share -U joe%{}",
            "lftp -u joe,{} ftp.corp.io",
            "sqlplus joe/{}@orcl",
            "RUN echo 'joe:{}' | chpasswd",
            "echo joe:{} | sudo chpasswd",
            "unzip -P {} backup.zip",
            "echo '{}' | sudo -S systemctl restart app",
            "echo {} | docker login -u joe --password-stdin corp.io",
            "openssl enc -aes-256-cbc -k {} -in a -out b",
            "7z x -p{} backup.7z",
            "net user joe {} /add",
            r"net use \\nas\share /user:joe {}",
            r"net use Z: \\nas\share {} /USER:corp\joe /persistent:no",
            "ssh-keygen -t ed25519 -N '{}' -f key",
            "rabbitmqctl add_user joe {}",
            "echo '{}' | passwd --stdin joe",
            "echo {} | gpg --batch --passphrase-fd 0 -d file.gpg",
            "mongodump --host db -u joe -p {}",
            "mysqladmin -u root password {}",
            "useradd -m -p {} joe",
            "xfreerdp /u:joe /p:{} /v:host",
            "cmdkey /add:host /user:joe /pass:{}",
            "snmpwalk -v3 -u joe -A {} host",
        ] {
            let text = text.replace("{}", PASSWORD);
            assert_eq!(found(&text), [PASSWORD], "{text}");
        }
    }

    #[test]
    fn no_passwords() {
        for text in [
            "curl -u $USER:$PASSWORD https://api.corp.io",
            "curl -u \"${USER}:${PASSWORD}\" https://api.corp.io",
            "curl -u user:password https://api.corp.io",
            "curl -u joe https://api.corp.io",
            "curl -U https://api.corp.io",
            "curl https://api.corp.io -o out; tool -u joe:kW9mPz2vQx",
            "curl -u joe:<password> https://api.corp.io",
            "mysql -u root -p app",
            "mysqladmin -u root password",
            "useradd -m joe",
            "mysql -u root -p$MYSQL_ROOT_PASSWORD app",
            "mysql --port=3306",
            "mysql -proot",
            "use mysql for that",
            "mysqld -p3306x7Kq2",
            "sshpass -e ssh joe@host",
            "sshpass -f file ssh joe@host",
            "docker login registry.corp.io",
            r"net use Z: \\nas\share /persistent:no",
            r"net use \\nas\share /user:joe *",
            "docker run --name mongo -p 127.0.0.1:27017:27017 mongo:7",
            "docker login -u joe --password-stdin",
            "openssl rsa -passin env:KEY_PASSWORD",
            "openssl rsa -passin pass:$KEY_PASSWORD",
            "htpasswd -c .htpasswd joe",
            "htpasswd -bc {{ dir + '/users' | quote }} {{ user }} {{ password }}",
            "sqlplus / as sysdba",
            "echo \"$USER:$PASSWORD\" | chpasswd",
            "chpasswd",
            "libcurl -u joe:kW9mPz2vQx",
            "net user joe /delete",
            "ssh-keygen -t ed25519 -N '' -f key",
            "rabbitmqctl list_users",
            "openssl req -newkey rsa -nodes -keyout key7.pem",
            "net user joe * /add",
            "echo \"$PASSWORD\" | sudo -S ls",
            "docker login -u joe --password-stdin < file",
            "openssl enc -aes-256-cbc -k \"$KEY\" -in a",
            "unzip -P",
            "curl",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn what_programs_are_fed_and_services_are_told() {
        for text in [
            "chpasswd <<< \"joe:{}\"",
            "chpasswd <<EOF\njoe:{}\nanne:x\nEOF",
            "printf 'joe:{}\\nanne:x\\n' | chpasswd",
            "/msg NickServ IDENTIFY {}",
            "/msg nickserv identify joe {}",
        ] {
            assert_eq!(found(&text.replace("{}", PASSWORD)), [PASSWORD], "{text}");
        }
        for text in ["chpasswd < users", "/msg nickserv identify yourself", "tell nickserv identify with 2 words now"] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
