//! Times: milliseconds inside, RFC 3339 in records.

#![allow(
    clippy::indexing_slicing,
    reason = "each place is one of its own table, or within an array of a stated length"
)]

use std::fmt;
use std::str::FromStr;

use crate::fields::FieldError;

const DAY: i64 = 86_400_000;
/// 400 years have the same number of days wherever they begin.
const ERA_DAYS: i64 = 146_097;
/// From the first of March of the year 0 to 1970.
const BEFORE_1970: i64 = 719_468;
/// The first and the last moment that RFC 3339 can write.
const RANGE: (i64, i64) = (-62_167_219_200_000, 253_402_300_799_999);

/// A moment, to the millisecond.
///
/// The monitor has no clock: every time is handed in. In records it is
/// RFC 3339 in UTC, with milliseconds only where there are some.
///
/// ```
/// use cfblock_core::Time;
///
/// let time: Time = "2026-11-20T13:00:00.25+01:00".parse()?;
/// assert_eq!(time.to_string(), "2026-11-20T12:00:00.250Z");
/// assert_eq!(time.unix_millis(), 1_795_176_000_250);
/// assert!("2026-02-30T00:00:00Z".parse::<Time>().is_err());
/// # Ok::<(), cfblock_core::FieldError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time(i64);

impl Time {
    /// Milliseconds since 1970-01-01T00:00:00Z; what lies outside the years 0 to 9999 becomes their end.
    #[must_use]
    pub const fn from_unix_millis(milliseconds: i64) -> Self {
        if milliseconds < RANGE.0 {
            Self(RANGE.0)
        } else if milliseconds > RANGE.1 {
            Self(RANGE.1)
        } else {
            Self(milliseconds)
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0
    }

    /// Seconds since an earlier time; 0 where that one is not earlier.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> f64 {
        let milliseconds = (self.0 - earlier.0).max(0);
        #[allow(clippy::cast_precision_loss, reason = "10 000 years of milliseconds fit")]
        let milliseconds = milliseconds as f64;
        milliseconds / 1000.0
    }

    /// Hundredths of a second, cut to 32 bits: differences hold for eight months.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only differences are used")]
    pub(super) const fn tick(self) -> u32 {
        self.0.div_euclid(10) as u32
    }

    /// The moment of a tick that is not later than this time.
    pub(super) fn at_tick(self, tick: u32) -> Self {
        let back = self.tick().wrapping_sub(tick).cast_signed().max(0);
        Self::from_unix_millis(self.0 - i64::from(back) * 10)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date_of(self.0.div_euclid(DAY));
        let rest = self.0.rem_euclid(DAY);
        let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match rest % 1000 {
            0 => f.write_str("Z"),
            milliseconds => write!(f, ".{milliseconds:03}Z"),
        }
    }
}

impl FromStr for Time {
    type Err = FieldError;

    /// Reads a time with an offset; digits beyond the millisecond are dropped.
    fn from_str(text: &str) -> Result<Self, FieldError> {
        read(text.as_bytes())
            .filter(|time| (RANGE.0..=RANGE.1).contains(time))
            .map(Self)
            .ok_or(FieldError { field: "Time", expected: "an RFC 3339 time such as 2026-11-20T12:00:00Z" })
    }
}

impl serde::Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Time {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

fn read(text: &[u8]) -> Option<i64> {
    let (moment, rest) = text.split_at_checked(19)?;
    let fixed = [(4, b"-"), (7, b"-"), (13, b":"), (16, b":")];
    if fixed.iter().any(|(at, sign)| moment[*at] != sign[0]) || !matches!(moment[10], b'T' | b't' | b' ') {
        return None;
    }
    let (year, month, day) = (number(&moment[..4])?, number(&moment[5..7])?, number(&moment[8..10])?);
    let (hour, minute, second) = (number(&moment[11..13])?, number(&moment[14..16])?, number(&moment[17..])?);
    // A leap second is read as the first one of the next minute.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days_of(year, month, day)?;

    let (milliseconds, zone) = match rest.strip_prefix(b".") {
        Some(rest) => {
            let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (digits, zone) = rest.split_at(length);
            let mut first = *b"000";
            for (slot, digit) in first.iter_mut().zip(digits) {
                *slot = *digit;
            }
            (number(&first).filter(|_| length > 0)?, zone)
        }
        None => (0, rest),
    };
    let offset = match zone {
        b"Z" | b"z" => 0,
        [sign @ (b'+' | b'-'), hours @ .., b':', tens, ones] if hours.len() == 2 => {
            let (hours, minutes) = (number(hours)?, number(&[*tens, *ones])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    let seconds = hour * 3600 + (minute - offset) * 60 + second;
    Some(days * DAY + seconds * 1000 + milliseconds)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits
        .iter()
        .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
}

/// The days before the first of a month, in a year that begins in March.
fn days_before(month_from_march: i64) -> i64 {
    (153 * month_from_march + 2) / 5
}

/// Days since 1970-01-01, for a date that exists.
fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || day < 1 {
        return None;
    }
    let month_from_march = (month + 9) % 12;
    let year_from_march = year - i64::from(month < 3);
    let leap_days =
        year_from_march.div_euclid(4) - year_from_march.div_euclid(100) + year_from_march.div_euclid(400);
    let days = year_from_march * 365 + leap_days + days_before(month_from_march) + day - 1 - BEFORE_1970;
    (date_of(days) == (year, month, day)).then_some(days)
}

/// The year, month and day of a day since 1970-01-01.
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + BEFORE_1970;
    let (era, day_of_era) = (days.div_euclid(ERA_DAYS), days.rem_euclid(ERA_DAYS));
    // The last day of four years, of a century and of an era would begin a year of its own.
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / (ERA_DAYS - 1)) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - days_before(month_from_march) + 1;
    let month = (month_from_march + 2) % 12 + 1;
    (era * 400 + year_of_era + i64::from(month < 3), month, day)
}
