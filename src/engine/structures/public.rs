//! Values of a type that is no secret: addresses, versions, dates, digests, public keys, and the browser keys that
//! vendors make to be published.

/// Whether `value` is of a public type.
pub(super) fn is_public(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    is_number_like(value)
        || is_uuid(value)
        || is_colour(text)
        || is_email(text)
        || is_domain(text)
        || is_ip6(text)
        || is_mime_type(text)
        || is_version(text)
        || is_locale(text)
        || is_public_key(text)
        || is_publishable(text)
}

/// Numbers, dates, times, IPv4 addresses, telephone numbers.
fn is_number_like(value: &[u8]) -> bool {
    let digits = |text: &[u8]| {
        text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b':' | b'/' | b','))
    };
    match value {
        // A number, or the address of an account or contract of Ethereum.
        [b'0', b'x', rest @ ..] => (rest.len() <= 16 || rest.len() == 40) && rest.iter().all(u8::is_ascii_hexdigit),
        [date @ .., b'Z'] => digits_around_t(date, &digits),
        _ => digits_around_t(value, &digits),
    }
}

fn digits_around_t(value: &[u8], digits: &impl Fn(&[u8]) -> bool) -> bool {
    value.splitn(2, |&byte| byte == b'T').all(digits)
}

/// A UUID, in braces or without.
pub(super) fn is_uuid(value: &[u8]) -> bool {
    let value = value.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}")).unwrap_or(value);
    let mut groups = value.split(|&byte| byte == b'-');
    let fits = |(length, group): (usize, &[u8])| group.len() == length && group.iter().all(u8::is_ascii_hexdigit);
    [8, 4, 4, 4, 12].into_iter().zip(groups.by_ref()).filter(|&group| fits(group)).count() == 5
        && groups.next().is_none()
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|rest| matches!(rest.len(), 3 | 4 | 6 | 8) && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && user.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte))
            && is_domain(&host.to_ascii_lowercase())
            && !host.split_once('.').is_some_and(|(label, _)| is_year(label))
    })
}

/// `2024`, of which no host has the name; `126` and `163` are those of providers.
fn is_year(label: &str) -> bool {
    label.len() == 4 && label.starts_with(['1', '2']) && label.bytes().all(|byte| byte.is_ascii_digit())
}

/// In lower case: tokens with dots in them have both cases. A last label of letters, and no label like a number alone.
fn is_domain(text: &str) -> bool {
    let text = text.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(text, |(host, _)| host);
    let Some((rest, last)) = text.rsplit_once('.') else { return text == "localhost" };
    (2..=24).contains(&last.len())
        && last.bytes().all(|byte| byte.is_ascii_lowercase())
        && rest.split('.').all(|label| {
            !label.is_empty()
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
        })
}

fn is_ip6(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair == b"::")
        && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
}

fn is_mime_type(text: &str) -> bool {
    text.split_once('/').is_some_and(|(kind, _)| {
        matches!(kind, "application" | "text" | "image" | "audio" | "video" | "multipart" | "font")
    })
}

/// `v1.22.3`, `1.0.0-rc.1+build`.
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix(['v', 'V', '^', '~']).unwrap_or(text);
    let core = text.split(['-', '+']).next().unwrap_or(text);
    core.contains('.') && core.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `en_GB`, `es-419`, `zh_Hant`.
fn is_locale(text: &str) -> bool {
    text.split_once(['_', '-']).is_some_and(|(language, region)| {
        (2..=3).contains(&language.len())
            && (2..=4).contains(&region.len())
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && (region.bytes().all(|byte| byte.is_ascii_uppercase())
                || region.bytes().all(|byte| byte.is_ascii_digit())
                || region == "Hans"
                || region == "Hant")
    })
}

fn is_public_key(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "ssh-rsa",
        "ssh-ed25519",
        "ecdsa-sha2-",
        "AAAAB3NzaC1",
        "AAAAC3NzaC1",
        "AAAAE2VjZHNh",
        "-----BEGIN",
        "sha1-",
        "sha256-",
        "sha384-",
        "sha512-",
        "sha1:",
        "sha256:",
        "sha512:",
        "SHA256:",
        "md5:",
        "MD5:",
    ];
    /// How a `SubjectPublicKeyInfo` begins in base64 (RFC 5280): of a curve, and of RSA behind its length.
    const CURVE: &str = "MFkwEwYHKoZIzj0CAQ";
    const RSA: [&str; 3] = ["MA0GCSqGSIb3DQEBAQUAA4", "DQYJKoZIhvcNAQEBBQAD", "ANBgkqhkiG9w0BAQEFAAO"];
    const LONGEST_LENGTH: usize = 7;
    STARTS.iter().any(|start| text.starts_with(start))
        || text.starts_with(CURVE)
        || text.starts_with('M') && RSA.iter().any(|rsa| text.find(rsa).is_some_and(|at| at <= LONGEST_LENGTH))
}

/// Keys of which the vendor says that they belong into web pages and apps. Where the secret of the same service begins
/// like its public key, their lengths differ; reCAPTCHA's do not, and only the name tells them apart.
fn is_publishable(text: &str) -> bool {
    const STARTS: &[&str] = &[
        "pk_live_",
        "pk_test_",
        "sb_publishable_",
        "phc_",
        "pub-c-",
        "sub-c-",
        "mob-",
        "NRJS-",
        "pk.eyJ",
        "GTM-",
        "link-sandbox-",
        "link-production-",
        "public-sandbox-",
        "public-production-",
    ];
    /// Google Analytics, Cloudflare Turnstile: what it begins with, and its greatest length.
    const SHORT: [(&str, usize); 3] = [("UA-", 16), ("G-", 12), ("0x4AAAAAA", 24)];
    STARTS.iter().any(|start| text.starts_with(start))
        || SHORT.iter().any(|(start, longest)| text.len() <= *longest && text.starts_with(start))
        // Datadog's client token.
        || text.strip_prefix("pub").is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn public_values() {
        for value in [
            "6f1c1b1e-8a53-4d0e-9d4b-2f6a7c9e0b11",
            "{6f1c1b1e-8a53-4d0e-9d4b-2f6a7c9e0b11}",
            "me@company.org",
            "joe@163.com",
            "10.20.30.40",
            "fe80::1ff:fe23:4567",
            "db.internal.company.com",
            "registry.local:5000",
            "application/json",
            "2024-05-02T10:11:12Z",
            "2024-05-02",
            "v1.22.3",
            "^1.2.2",
            "1.0.0-rc.1",
            "#ffcc00",
            "123456789",
            "0x1F",
            "0x8ba1f109551bD432803012645Ac136ddd64DBA72",
            "-3.5",
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "ssh-rsa",
            "MIGeMA0GCSqGSIb3DQEBAQUAA4GMADCBiAKBgHH",
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE",
            "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALk4vWm9",
            "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKC",
            "pk_live_abcdefgh",
            "G-ABCDEFGHIJ",
            "localhost",
            "en_GB",
            "es-419",
        ] {
            assert!(is_public(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn other_values() {
        for value in [
            "Tr0ub4dor&3",
            "9f86d081884c7d659a2feaa0c55ad015",
            "p@ssw0rd",
            "abc.DEF123.xyZ",
            "a1.2b",
            "1.0x",
            "Gx-1",
            "6f1c1b1e-8a53-4d0e-9d4b-2f6a7c9e0b11-7",
            "0x1f86d081884c7d659a2feaa0c55ad015",
            "1234-abcd",
            "en_Gb7",
            "Xavi@2031.io",
            "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSi",
            "\u{e9}#1aZ9",
        ] {
            assert!(!is_public(value.as_bytes()), "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_value_panics(value in proptest::collection::vec(any::<u8>(), 0..100)) {
            is_public(&value);
        }
    }
}
