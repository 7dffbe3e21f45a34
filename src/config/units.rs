//! Sizes and durations as people write them, in files and on the command line alike.

use std::time::Duration;

/// Reads a number of bytes: `4096`, `64K`, `10M`, `2G`; the suffixes are powers of 1024.
///
/// # Errors
/// If it is none, in words for whoever wrote it.
pub fn bytes(given: &str) -> Result<u64, String> {
    let (digits, shift) = match given.as_bytes().last() {
        Some(b'K' | b'k') => (&given[..given.len() - 1], 10),
        Some(b'M' | b'm') => (&given[..given.len() - 1], 20),
        Some(b'G' | b'g') => (&given[..given.len() - 1], 30),
        _ => (given, 0),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "expected a whole number of bytes, with K, M or G after it if you like".to_owned())?;
    number.checked_mul(1 << shift).ok_or_else(|| "more bytes than there are".to_owned())
}

/// Reads a duration in seconds, whole or decimal.
///
/// # Errors
/// If it is none, or no time at all.
pub fn seconds(given: &str) -> Result<Duration, String> {
    let number: f64 = given.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    let duration = Duration::try_from_secs_f64(number).map_err(|error| error.to_string())?;
    if duration.is_zero() { Err("no time at all; leave it out for no limit".to_owned()) } else { Ok(duration) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_take_a_suffix() {
        assert_eq!(bytes("0"), Ok(0));
        assert_eq!(bytes("4096"), Ok(4096));
        assert_eq!(bytes("64K"), Ok(65_536));
        assert_eq!(bytes("1g"), Ok(1 << 30));
        for given in ["", "K", "-1", "1.5M", "1T", "10 M", "99999999999G", "1é"] {
            assert!(bytes(given).is_err(), "{given}");
        }
    }

    #[test]
    fn seconds_are_positive() {
        assert_eq!(seconds("1.5"), Ok(Duration::from_millis(1500)));
        for given in ["", "0", "-1", "NaN", "inf", "1e300", "soon"] {
            assert!(seconds(given).is_err(), "{given}");
        }
    }
}
