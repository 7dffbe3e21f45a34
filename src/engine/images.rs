//! What a text looks like inside base64. build.rs includes this file.

/// The three base64 images of `text`, one for each phase, without the characters that its neighbours decide; and where
/// in its group of four each image starts.
pub(crate) fn base64_images(text: &[u8]) -> Vec<(Box<[u8]>, usize)> {
    (0..3).map(|skipped| image(text, skipped)).collect()
}

fn image(text: &[u8], skipped: usize) -> (Box<[u8]>, usize) {
    let mut padded = vec![0; skipped];
    padded.extend_from_slice(text);
    let encoded = data_encoding::BASE64_NOPAD.encode(&padded).into_bytes();
    let first = (skipped * 8).div_ceil(6);
    let whole = padded.len() * 8 / 6;
    (encoded[first..whole].into(), first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_a_key_id_prefix() {
        let images: Vec<String> =
            base64_images(b"AKIA").iter().map(|(image, _)| String::from_utf8_lossy(image).into_owned()).collect();
        assert_eq!(images, ["QUtJQ", "FLSU", "BS0lB"]);
    }
}
