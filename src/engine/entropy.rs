//! Shannon entropy. It tells masks and paddings from random text and nothing finer: ordinary identifiers of usual
//! length have as much of it as keys have, so no decision rests on it alone.

/// Bits per byte of `text`, from the frequencies of its bytes; 0 for empty text.
pub(crate) fn bits_per_byte(text: &[u8]) -> f32 {
    let mut counts = [0_u32; 256];
    for &byte in text {
        counts[usize::from(byte)] += 1;
    }
    let total = text.len() as f32;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| {
            let share = count as f32 / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        assert_eq!(bits_per_byte(b""), 0.0);
        assert_eq!(bits_per_byte(b"aaaaaaaa"), 0.0);
        assert_eq!(bits_per_byte(b"abababab"), 1.0);
        assert_eq!(bits_per_byte(b"0123456789abcdef"), 4.0);
    }
}
