//! A value that stands before its name: `assertEquals("value", user.getName())`, `"value" == name`, `"value".equals(name)`,
//! `setObject:@"value" forKey:@"name"`; and calls that compare a name with the value behind it.

use super::{Mark, Reader};
use crate::engine::structures::cursor::{is_blank, is_quote};
use crate::engine::structures::form::{LONGEST_PATH, QUOTED, Role, Value, byte_before};
use crate::model::Span;

/// A value before its name, in bytes.
const LONGEST_VALUE: usize = 200;
/// Blanks between the two, on each side of what joins them.
const MOST_BLANKS: usize = 4;
/// Calls that compare one argument with another.
const COMPARERS: [&str; 12] = [
    "Equal(",
    "Equals(",
    "Same(",
    "equal(",
    "equals(",
    "AreEqual(",
    "assert_equal ",
    "eq!(",
    "strcmp(",
    "_EQ(",
    "is(",
    "isEqual(",
];
/// Calls whose argument is compared with what they are called of.
const METHODS: [&str; 3] = [".equals(", ".Equals(", ".equalsIgnoreCase("];
/// Labels of the name that a value is set to.
const LABELS: [&str; 2] = ["forKey:", "forHTTPHeaderField:"];

/// How a name is joined with the literal before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    Comma,
    /// It is compared with it, or set to it.
    Operator,
}

impl Reader<'_> {
    /// The literal before the name.
    pub(super) fn given_before(&self) -> Option<Value> {
        let (end, joint) = literal_end(self.text, self.outer)?;
        let mark = Mark::before(self.text, end)?;
        let close = end.checked_sub(mark.len())?;
        let from = close.saturating_sub(LONGEST_VALUE);
        let within = &self.text[from..close];
        let start = from + memchr::memrchr2(mark.byte, b'\n', within).filter(|&at| within[at] == mark.byte)? + 1;
        let value = &self.text[start..close];
        let is_text = value.iter().any(|&byte| byte <= b' ' || is_quote(byte) || byte == b'\\');
        let holds = !is_text && (joint != Joint::Comma || is_compared(&self.text[..start - 1]));
        holds.then_some(Value { span: Span::new(start, close), kinds: QUOTED, role: Role::Beside })
    }

    /// `assertEquals(user.getName(), "value")`.
    pub(super) fn compared_with_next(&self) -> Option<Value> {
        let rest = self.rest().strip_prefix(b"(),").or_else(|| self.rest().strip_prefix(b","))?;
        is_compared(&self.text[..path_start(self.text, self.outer)]).then_some(())?;
        let value = self.literal_at(self.text.len() - rest.len())?;
        Some(Value { role: Role::Beside, ..value })
    }
}

/// Whether a literal ends so near before the name at `name` that it may be given to it. Few names have one.
pub(in crate::engine::structures) fn may_be_given_before(text: &[u8], name: usize) -> bool {
    literal_end(text, name).is_some()
}

/// Where the literal ends that stands before the name at `name`, with its closing mark, and how they are joined.
fn literal_end(text: &[u8], name: usize) -> Option<(usize, Joint)> {
    let start = path_start(text, name);
    if let Some(method) = METHODS.iter().find(|method| text[..start].ends_with(method.as_bytes())) {
        return closed_at(text, start - method.len(), Joint::Operator);
    }
    let label = LABELS.iter().find(|label| text[..start].ends_with(label.as_bytes()));
    if let Some(label) = label.filter(|_| start < name) {
        let before = trim_blanks(text, start - label.len());
        let before = before - usize::from(byte_before(text, before) == b',');
        return closed_at(text, before, Joint::Operator);
    }
    let before = trim_blanks(text, start);
    let signs = text[..before].iter().rev().take(3).take_while(|&&byte| byte == b'=').count();
    match byte_before(text, before) {
        b'=' if signs >= 2 => closed_at(text, trim_blanks(text, before - signs), Joint::Operator),
        b',' => closed_at(text, trim_blanks(text, before - 1), Joint::Comma),
        _ => None,
    }
}

fn closed_at(text: &[u8], end: usize, joint: Joint) -> Option<(usize, Joint)> {
    is_quote(byte_before(text, end)).then_some((end, joint))
}

/// Where what leads to the name at `name` begins: `$this->config['name`, `user.name`; or its quotation mark, with a blank before it.
fn path_start(text: &[u8], name: usize) -> usize {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_$.>-&@!".contains(&byte);
    let quotes = usize::from(is_quote(byte_before(text, name)));
    let mut start = name - quotes;
    if quotes > 0 {
        let at = start - usize::from(byte_before(text, start) == b'@');
        let at = trim_blanks(text, at);
        if byte_before(text, at) == b':' {
            return at;
        }
        let opens = matches!(byte_before(text, start), b'[' | b'(');
        if !opens {
            return name;
        }
        start -= 1;
    }
    start - text[..start].iter().rev().take(LONGEST_PATH).take_while(|&&byte| is_part(byte)).count()
}

fn trim_blanks(text: &[u8], end: usize) -> usize {
    end - text[..end].iter().rev().take(MOST_BLANKS).take_while(|&&byte| is_blank(byte)).count()
}

/// Whether an argument that begins behind `before` is compared with another: the first, or one behind `t, `.
fn is_compared(before: &[u8]) -> bool {
    let is_prefix = |byte: u8| matches!(byte, b'@' | b'b' | b'u' | b' ');
    let prefix = before.iter().rev().take(2).take_while(|&&byte| is_prefix(byte)).count();
    let ends = |before: &[u8]| COMPARERS.iter().any(|call| before.ends_with(call.as_bytes()));
    ends(before) || ends(&before[..before.len() - prefix]) || ends(before.strip_suffix(b"t, ").unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::engine::structures::{find, tests::hits};
    use crate::rules::Shape;

    const SECRET: &str = concat!("kW9mP", "z2vQx");

    fn found(text: &str) -> Vec<&str> {
        let hits = hits(&["password", "api_key", "api-key"], text.as_bytes());
        let found = hits.into_iter().filter_map(|hit| find(Shape::Assignment, text.as_bytes(), hit));
        found.map(|found| &text[found.secret.range()]).collect()
    }

    #[test]
    fn values_before_their_names() {
        for text in [
            r#"assertEquals("{}", user.getPassword());"#,
            r#"assertEquals("{}", getPassword());"#,
            r#"assertEquals("{}",password);"#,
            r#"self.assertEqual("{}", user.password)"#,
            r#"assert "{}" == user.password"#,
            r#"Assert.AreEqual(@"{}", settings.Password);"#,
            r#"assert.Equal(t, "{}", cfg.Password)"#,
            r#"assert_equal "{}", user.password"#,
            "$this->assertEquals('{}', $user->getPassword());",
            "$this->assertSame('{}', $config['password']);",
            "if ('{}' === $password) {",
            r#"if ("{}" === password) {"#,
            r#"if ("{}".equals(password)) {"#,
            r#"if (strcmp("{}", password) == 0)"#,
            r#"[params setObject:@"{}" forKey:@"password"];"#,
            r#"[request setValue:@"{}" forHTTPHeaderField:@"api_key"];"#,
            r#"request.setValue("{}", forHTTPHeaderField: "X-API-Key")"#,
        ] {
            let text = format!("{}\n", text.replace("{}", SECRET));
            assert_eq!(found(&text), [SECRET], "{text}");
        }
    }

    #[test]
    fn values_behind_names_that_are_compared() {
        for text in [
            r#"assertEquals(config.getPassword(), "{}");"#,
            r#"assert.equal(user.password, "{}");"#,
            r#"require.Equal(t, cfg.Password, "{}")"#,
            "is($user->password, '{}');",
            r#"assertThat(config.getPassword(), is("{}"));"#,
        ] {
            let text = text.replace("{}", SECRET);
            assert_eq!(found(&text), [SECRET], "{text}");
        }
    }

    #[test]
    fn what_stands_before_a_name_by_chance() {
        for text in [
            r#"map.put("{}", password);"#,
            r#"log("{}", getPassword())"#,
            r#"foo("a {}", password)"#,
            r#"x = "{}"; y = password)"#,
            r#"assertEquals("{}" + x, password)"#,
            r#"assertEquals("{}", x); password)"#,
            r#"assertEquals("dragonfly", user.getPassword());"#,
            r#"("{}", "password")"#,
            "password)",
            "\"password\")",
            "==password)",
        ] {
            let text = text.replace("{}", SECRET);
            assert_eq!(found(&text), [] as [&str; 0], "{text}");
        }
    }
}
