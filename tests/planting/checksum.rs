//! The checksums and encodings that vendors build into their tokens, computed anew and not by the engine's validators, which
//! they are to test.

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The token with the checksum that `kind` asks for in the place of what stands there.
///
/// # Panics
/// If there is no such kind.
pub(crate) fn complete(kind: &str, token: &str) -> String {
    match kind {
        "-" => token.to_owned(),
        // GitHub, npm, Vercel: CRC-32 of what follows the prefix, in six digits of base62.
        "crc62" => {
            let body = &token[token.find('_').expect("a prefix ends in `_`") + 1..token.len() - 6];
            format!("{}{}", &token[..token.len() - 6], base62(crc32(body.as_bytes()), BASE62))
        }
        // Salad: the same behind the last `_`.
        "crc62last" => {
            let body = &token[token.rfind('_').expect("a prefix ends in `_`") + 1..token.len() - 6];
            format!("{}{}", &token[..token.len() - 6], base62(crc32(body.as_bytes()), BASE62))
        }
        // Grafana: of prefix and secret without the last `_`, the bytes in reverse.
        "grafana" => {
            let body = &token[..token.len() - 9];
            format!("{body}_{:08x}", crc32(body.as_bytes()).swap_bytes())
        }
        // Atlassian: of everything before.
        "atlassian" => {
            let body = &token[..token.len() - 8];
            format!("{body}{:08X}", crc32(body.as_bytes()))
        }
        // Cloudflare: of the forty characters of the body.
        "cloudflare" => {
            let body = &token[..token.len() - 8];
            format!("{body}{:08x}", crc32(&body.as_bytes()[body.len() - 40..]))
        }
        // Apify: of everything before, small letters before capitals.
        "apify" => {
            let mut alphabet = *BASE62;
            alphabet[10..].rotate_left(26);
            let body = &token[..token.len() - 6];
            format!("{body}{}", base62(crc32(body.as_bytes()), &alphabet))
        }
        // AWS: what stands between `~` and another, or the end, is text in base64.
        "base64" => wrapped(token, &data_encoding::BASE64),
        "base64url" => wrapped(token, &data_encoding::BASE64URL_NOPAD),
        other => panic!("there is no checksum {other}"),
    }
}

fn wrapped(token: &str, encoding: &data_encoding::Encoding) -> String {
    let (before, rest) = token.split_once('~').expect("`~` stands before the text");
    let (text, after) = rest.split_once('~').unwrap_or((rest, ""));
    format!("{before}{}{after}", encoding.encode(text.as_bytes()))
}

/// CRC-32 of IEEE 802.3, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}

fn base62(mut number: u32, alphabet: &[u8; 62]) -> String {
    let mut digits = [alphabet[0]; 6];
    for digit in digits.iter_mut().rev() {
        *digit = alphabet[number as usize % 62];
        number /= 62;
    }
    digits.iter().copied().map(char::from).collect()
}
