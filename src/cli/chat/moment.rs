//! Moments as people type them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::voice::value;

/// A moment as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// The next time the clock shows this.
    Next(Time),
    /// A day and a time.
    On(DateTime),
    /// So much later.
    In(SignedDuration),
}

/// Reads `09:30`, `2026-12-25 10:00` or `+2h`.
pub(super) fn read(text: &str) -> Result<When, String> {
    let not_a_moment = || format!("{text} is not a moment; write 09:30, 2026-12-25 10:00 or +2h");
    if let Some(later) = text.strip_prefix('+') {
        return value::duration(later.trim()).map(When::In).ok_or_else(not_a_moment);
    }
    match text.split_once([' ', 'T']) {
        None => time(text).map(When::Next),
        Some((day, at)) => {
            let day = day.parse::<Date>().ok();
            day.zip(time(at.trim())).map(|(day, at)| When::On(DateTime::from_parts(day, at)))
        }
    }
    .ok_or_else(not_a_moment)
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i8>().ok())?;
    Time::new(number(hour)?, number(minute).filter(|_| minute.len() == 2)?, 0, 0).ok()
}

impl When {
    /// The moment that is meant now, in a time zone; none when there is no such moment.
    pub fn from(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let moment = |local: DateTime| Some(local.to_zoned(zone.clone()).ok()?.timestamp());
        match self {
            When::In(later) => now.checked_add(later).ok(),
            When::On(local) => moment(local),
            When::Next(time) => {
                let today = now.to_zoned(zone.clone()).date();
                let at = moment(today.to_datetime(time))?;
                if at > now { Some(at) } else { moment(today.checked_add(1.day()).ok()?.to_datetime(time)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn london(text: &str) -> Timestamp {
        let zone = TimeZone::get("Europe/London").unwrap();
        text.parse::<DateTime>().unwrap().to_zoned(zone).unwrap().timestamp()
    }

    fn meant(text: &str) -> Option<Timestamp> {
        let zone = TimeZone::get("Europe/London").unwrap();
        read(text).ok()?.from(london("2026-11-24T10:00"), &zone)
    }

    #[test]
    fn a_time_of_day_is_the_next_one() {
        assert_eq!(meant("17:30"), Some(london("2026-11-24T17:30")));
        assert_eq!(meant("09:30"), Some(london("2026-11-25T09:30")));
        assert_eq!(meant("10:00"), Some(london("2026-11-25T10:00")));
    }

    #[test]
    fn a_day_with_a_time_and_a_stretch_are_meant_as_they_stand() {
        assert_eq!(meant("2026-12-25 10:00"), Some(london("2026-12-25T10:00")));
        assert_eq!(meant("2026-12-25T10:00"), Some(london("2026-12-25T10:00")));
        assert_eq!(meant("+2h"), Some(london("2026-11-24T12:00")));
    }

    #[test]
    fn anything_else_is_not_a_moment() {
        for wrong in ["", "noon", "25:00", "9", "09:5", "2026-13-01 10:00", "2026-12-25", "+soon", "-5:00", "+"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
