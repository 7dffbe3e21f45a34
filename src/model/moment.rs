//! A second of the civil calendar in UTC, for what a credential tells of its own end. Not for measuring time.

use std::fmt;
use std::time::{Duration, SystemTime};

/// Seconds since 1970, up to the end of the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u64);

impl Moment {
    /// The last second of the year 9999: what is later is no date that anybody meant.
    pub const LAST: Self = Self(253_402_300_799);
    const DAY: u64 = 86_400;

    /// So many seconds after the beginning of 1970; None after [`Moment::LAST`].
    pub fn from_seconds(seconds: u64) -> Option<Self> {
        Some(Self(seconds)).filter(|moment| *moment <= Self::LAST)
    }

    /// This moment and `seconds` more; at most [`Moment::LAST`].
    pub fn plus(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(seconds)).min(Self::LAST)
    }

    /// A moment as AWS's signatures write it, `20260131T235959Z`, or with `-` and `:` between the parts.
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !matches!(c, '-' | ':')).collect();
        let (date, time) = plain.strip_suffix('Z')?.split_once('T')?;
        let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u64>().ok())?;
        if date.len() != 8 || time.len() != 6 || !plain.is_ascii() {
            return None;
        }
        let (year, month, day) = (number(&date[..4])?, number(&date[4..6])?, number(&date[6..])?);
        let (hour, minute, second) = (number(&time[..2])?, number(&time[2..4])?, number(&time[4..])?);
        let is_real = year >= 1970 && (1..=12).contains(&month) && (1..=31).contains(&day);
        if !is_real || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        Self::from_seconds(days_from_civil(year, month, day) * Self::DAY + hour * 3600 + minute * 60 + second)
    }

    /// The last second of a day that is written `2026-01-31`; None if there is no such day.
    pub fn end_of_day(day: &str) -> Option<Self> {
        Self::parse(&format!("{day}T23:59:59Z")).filter(|moment| moment.day() == day)
    }

    /// The day alone: `2026-01-31`.
    pub fn day(self) -> String {
        let (year, month, day) = civil_from_days(self.0 / Self::DAY);
        format!("{year:04}-{month:02}-{day:02}")
    }
}

impl From<SystemTime> for Moment {
    /// A clock before 1970 is at its beginning.
    fn from(time: SystemTime) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self(since.as_secs()).min(Self::LAST)
    }
}

/// `2026-01-31T23:59:59Z` (RFC 3339).
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_day = self.0 % Self::DAY;
        write!(f, "{}T{:02}:{:02}:{:02}Z", self.day(), of_day / 3600, of_day / 60 % 60, of_day % 60)
    }
}

/// The civil date of a day since 1970, after Howard Hinnant's
/// <https://howardhinnant.github.io/date_algorithms.html#civil_from_days>; for days from 1970 on.
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Years start in March here, so that the leap day is their last.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

/// The day since 1970 of a civil date, the inverse of the above; for dates from 1970 on.
fn days_from_civil(year: u64, month: u64, day: u64) -> u64 {
    let year = year - u64::from(month <= 2);
    let (era, year_of_era) = (year / 400, year % 400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_moments() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (4_102_444_800, "2100-01-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            let moment = Moment::from_seconds(seconds).expect("it is not after the year 9999");
            assert_eq!(moment.to_string(), text);
            assert_eq!(Moment::parse(text), Some(moment));
            assert_eq!(Moment::parse(&text.replace(['-', ':'], "")), Some(moment));
        }
        assert_eq!(Moment::from_seconds(253_402_300_800), None);
    }

    #[test]
    fn a_day_ends_with_its_last_second() {
        let end = Moment::end_of_day("2024-02-29").expect("there is such a day");
        assert_eq!(end.to_string(), "2024-02-29T23:59:59Z");
        for text in ["", "2023-02-29", "2024-2-9", "20240229", "2024-02-29T", "0000-00-00", "2024-02-é"] {
            assert_eq!(Moment::end_of_day(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_moment() {
        for text in ["", "Z", "20260131", "20261331T000000Z", "20260131T240000Z", "2026013éT00000Z", "+2026131T000000Z"]
        {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn written_and_read_again(seconds in 0..=253_402_300_799_u64) {
            let moment = Moment::from_seconds(seconds);
            prop_assert_eq!(Moment::parse(&moment.expect("it is in range").to_string()), moment);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,24}") {
            Moment::parse(&text);
        }
    }
}
