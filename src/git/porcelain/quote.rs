//! Paths as git shows them: between double quotes and with escapes, if there is anything in them that needs it.

/// `path` as `git grep` prints it. Bytes beyond ASCII are spelled out if `beyond_ascii` (`core.quotePath`).
pub fn c_quoted(path: &[u8], beyond_ascii: bool) -> Vec<u8> {
    let is_plain = |byte: &u8| match byte {
        b'"' | b'\\' | 0x7f => false,
        0x80.. => !beyond_ascii,
        _ => *byte >= b' ',
    };
    if path.iter().all(is_plain) {
        return path.to_vec();
    }
    let mut quoted = vec![b'"'];
    for byte in path {
        match byte {
            _ if is_plain(byte) => quoted.push(*byte),
            b'"' | b'\\' => quoted.extend([b'\\', *byte]),
            0x07 => quoted.extend(b"\\a"),
            0x08 => quoted.extend(b"\\b"),
            b'\t' => quoted.extend(b"\\t"),
            b'\n' => quoted.extend(b"\\n"),
            0x0b => quoted.extend(b"\\v"),
            0x0c => quoted.extend(b"\\f"),
            b'\r' => quoted.extend(b"\\r"),
            _ => quoted.extend(format!("\\{byte:03o}").bytes()),
        }
    }
    quoted.push(b'"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_only_if_it_must_be() {
        for (path, quoted) in [
            (&b"a b/c"[..], "a b/c"),
            (b"caf\xc3\xa9", "\"caf\\303\\251\""),
            (b"a\tb\nc", "\"a\\tb\\nc\""),
            (b"say \"hi\"", "\"say \\\"hi\\\"\""),
            (b"\x01\x7f\\", "\"\\001\\177\\\\\""),
            (b":x", ":x"),
        ] {
            assert_eq!(String::from_utf8_lossy(&c_quoted(path, true)), quoted);
        }
        assert_eq!(c_quoted(b"caf\xc3\xa9", false), b"caf\xc3\xa9");
    }
}
