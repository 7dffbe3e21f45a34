//! The regex of a rule that says `name` and `value`: what may stand between the two, in whatever syntax, is the same for
//! every provider, and written here once.

/// After the name, before the value. In order: a qualifier (`_v4`, `-prod`), what closes the name, what joins it to
/// the value (an operator, with a type before `=`, what opens the argument of a call, the end of an XML tag, or `return`;
/// blanks and perhaps an option, as on a command line; a `value` field beside a `name` field; the `default` of what is
/// declared; the next XML element), what opens the value, with the call that it is the argument of.
const JOINT: &str = r#"(?ix:
    (?: [_.-] [a-z0-9]{1,12} ){0,2}
    (?: \\? ["'`*] | [\[\])}] | \( (?: self )? \) ){0,3}
    (?: [\ \t]{0,12} (?: => | ::? | :[=-] | \?[=?] | -> | (?: : [\ \t]{0,2} &? (?: 'static\ )? [a-z]{1,10} [\ \t]{0,4}
                       | \*? string [\ \t]{1,4} )? == ?=? | , | > | \|\|? | %3D | is:? | -\  | [({]\\?["'`]
                       | [{:]? [\ \t\r\n]{0,12} return ) [\ \t\r\n]{0,12} (?: \*\* [\ \t]{1,4} )?
      | [\ \t]{1,12} (?: -- (?: body | value ) [\ \t=]{1,4} )?
      | ,? [\ \t\r\n]{0,32} \\? ["']? (?: parameter )? value \\? ["']? [\ \t]{0,4} [:=] [\ \t]{0,4}
      | [\ \t]{0,4} [,{:] [^}]{0,48} [\ \t\r\n,] \\? ["']? default (?: _? value )? \\? ["']? [\ \t]{0,8} [:=] [\ \t]{0,4}
      | :? < / [a-z:]{1,24} > [\ \t\r\n]{0,32} < [a-z:]{1,24} (?: [\ ] [^>]{1,20} )? > )
    (?: (?: (?: new\ )? [a-z_.]{1,12} \( )? @? \\? \$? ["'`]{1,3} | &quot; | %22 )? )"#;

/// The regex that matches a `name`, in any case, and the `value` that it is given.
pub(super) fn regex(name: &str, value: &str) -> String {
    format!("(?i:{name}){JOINT}(?<secret>{value})")
}

/// The `name` and the `value` that such a regex was made of; None of any other regex.
pub(super) fn parts(pattern: &str) -> Option<(&str, &str)> {
    let (name, value) = pattern.split_once(JOINT)?;
    Some((name.strip_prefix("(?i:")?.strip_suffix(')')?, value.strip_prefix("(?<secret>")?.strip_suffix(')')?))
}

#[cfg(test)]
mod tests {
    use regex_automata::meta::Regex;

    use super::*;

    fn secret_in(text: &str) -> Option<String> {
        let regex = Regex::new(&regex("acme[ _-]?key", "[0-9a-f]{8}")).expect("it compiles");
        let mut captures = regex.create_captures();
        regex.captures(text, &mut captures);
        captures.get_group_by_name("secret").map(|span| text[span.range()].to_owned())
    }

    #[test]
    fn joins_a_name_and_a_value_in_any_syntax() {
        for text in [
            "ACME_KEY=01234567",
            "acme-key: '01234567'",
            r#"{"acmeKey": "01234567"}"#,
            r#"{\"acmeKey\":\"01234567\"}"#,
            "acme_key_prod := `01234567`",
            "$config['acme_key'] = '01234567';",
            "'acme_key' => '01234567'",
            "const acmeKey: &'static str = \"01234567\";",
            "tool --acme-key 01234567",
            "- name: ACME_KEY\n  value: 01234567",
            r#"{"Name": "AcmeKey", "Value": "01234567"}"#,
            "<key>acme.key</key>\n<string>01234567</string>".replace("acme.key", "acme-key").as_str(),
            "?acme_key%3D01234567",
            "acme key | 01234567",
            "process.env.ACME_KEY || '01234567'",
            "acme.setAcmeKey(\"01234567\");",
            "The Acme key is 01234567",
            "<AcmeKey>01234567</AcmeKey>",
            "<add key=\"AcmeKey\" value=\"01234567\" />",
            "<td>$_ENV['ACME_KEY']</td><td class=\"v\">01234567</td>",
            "<b>Acme key:</b> <code>01234567</code>",
            "**Acme key:** 01234567",
            "**Acme key**: `01234567`",
            "Acme key - 01234567",
            "The Acme key is: 01234567",
            "acmeKey string = \"01234567\"",
            "${ACME_KEY:-01234567}",
            "export ACME_KEY=$'01234567'",
            "gh secret set ACME_KEY --body \"01234567\"",
            "variable \"acme_key\" {\n  type    = string\n  default = \"01234567\"\n}",
            "add_argument('--acme-key', type=str, default='01234567')",
            "@Property(name = \"acme-key\", defaultValue = \"01234567\")",
            "AcmeKey:\n  Type: String\n  Default: 01234567",
            r#"{"AcmeKey":{"Type":"String","Default":"01234567"}}"#,
            "def acme_key(self): return '01234567'",
            "String getAcmeKey() { return \"01234567\"; }",
            "case 'ACME_KEY': return '01234567'",
            "::set-output name=acme_key::01234567",
            "char acme_key[] = \"01234567\";",
            "std::string acmeKey{\"01234567\"};",
            "NSString *acmeKey = @\"01234567\";",
            "AcmeKey: aws.String(\"01234567\"),",
            "acme_key=SecretStr('01234567')",
            "ACME_KEY = \"\"\"01234567\"\"\"",
            "if acme_key == '01234567':",
        ] {
            assert_eq!(secret_in(text).as_deref(), Some("01234567"), "{text}");
        }
    }

    #[test]
    fn is_taken_apart_again() {
        assert_eq!(
            parts(&regex("acme[ _-]?(?:key)", "(?:[0-9a-f]{8})")),
            Some(("acme[ _-]?(?:key)", "(?:[0-9a-f]{8})"))
        );
        assert_eq!(parts("(?i:acme)=(?<secret>[0-9a-f]{8})"), None);
    }

    #[test]
    fn leaves_alone_what_it_does_not_join() {
        for text in [
            "acme_key: arn:01234567",
            "acme_key(01234567)",
            "acme_key 0123456",
            "acme_key = ABCDEF01",
            "acme_key = get(01234567)",
        ] {
            assert_eq!(secret_in(text), None, "{text}");
        }
    }
}
