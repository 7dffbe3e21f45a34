//! Values that vendors publish as examples and that look like secrets, compared whole. Rules of a vendor name its examples
//! themselves; here stand those that also come under names of no vendor. What says of itself that it is to be filled in
//! is in `placeholder.rs`.

/// Without a mark. In order: the S3 guides of 2006, IAM's and KMS's references, guides of IVS and Cognito; UUIDs of
/// specifications and encyclopaedias.
const EXAMPLES: &[&str] = &[
    concat!("44CF9590", "006BF252F707"),
    concat!("OtxrzxIsfpFj", "A7SwPzILwy8Bw21TLhquhboDYROV"),
    concat!("0PN5J17H", "BGZHT7JJ3X82"),
    concat!("uV3F3YluFJax", "1cknvbcGwgjvx4QpvB+leU8dUj2o"),
    concat!("k1zPZM6uVxMQ", "3oxqgoYlNuJPyRTZ1vREs76zTQE3eJk="),
    concat!("+oaFsNk7tLco", "+C/obP9GhhcOzGcKOayTmE3LnAmAmH4="),
    concat!("VdzKNHGzUAzJ", "eRBVY+uUmofUGGiDzyB3+i9fVkh3piw="),
    concat!("sk_us-west-2_", "abcdABCDefgh_567890abcdef"),
    "this1234is5678my91011example1213client1415secret",
    "123e4567-e89b-12d3-a456-426614174000",
    "123e4567-e89b-12d3-a456-426655440000",
    "550e8400-e29b-41d4-a716-446655440000",
    "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
];
/// How AWS marks the others. In a random value of usual length it comes about once in a million million.
const MARK: &[u8] = b"EXAMPLE";

/// Whether a vendor's documentation shows `value`.
pub(super) fn is_published(value: &[u8]) -> bool {
    EXAMPLES.iter().any(|example| example.as_bytes() == value)
        || memchr::memchr_iter(MARK[0], value).any(|at| value[at..].starts_with(MARK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_value_itself_counts() {
        assert!(EXAMPLES.iter().all(|example| is_published(example.as_bytes())));
        assert!(is_published(concat!("wJalrXUtnFEMI/", "K7MDENG/bPxRfiCYEXAMPLEKEY").as_bytes()));
        for value in [&EXAMPLES[1][1..], "x7Kq2mPz9VbT4wLr8s", ""] {
            assert!(!is_published(value.as_bytes()), "{value}");
        }
    }
}
