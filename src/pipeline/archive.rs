//! Archives and compressed files, by their first bytes. They are searched as they are, and what is in them is not: the report
//! counts them, so that nobody takes them for read.
//!
//! The formats: <https://www.iana.org/assignments/media-types/application/zip>, <https://www.rfc-editor.org/rfc/rfc1952>,
//! <https://tukaani.org/xz/xz-file-format.txt>, <https://www.rfc-editor.org/rfc/rfc8878>,
//! <https://py7zr.readthedocs.io/en/latest/archive_format.html>.

/// So many bytes tell.
pub(super) const HEAD: usize = 8;

/// ZIP (and what is one: JAR, APK, wheels, office documents), gzip, bzip2, xz, Zstandard, 7z, RAR.
const MAGIC: [&[u8]; 6] =
    [b"PK\x03\x04", b"\x1f\x8b\x08", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"];

/// Whether a document that begins so has something packed in it.
pub(super) fn is_packed(head: &[u8]) -> bool {
    MAGIC.iter().any(|magic| head.starts_with(magic)) || matches!(head, [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        for head in [b"PK\x03\x04\x14\0\0\0".as_slice(), b"\x1f\x8b\x08\0\0\0\0\0", b"BZh91AY&", b"Rar!\x1a\x07\x01\0"]
        {
            assert!(is_packed(head), "{head:?}");
        }
        for head in [b"".as_slice(), b"PK", b"BZ", b"BZh is a prefix", b"\x1f\x8b", b"plain text"] {
            assert!(!is_packed(head), "{head:?}");
        }
    }
}
