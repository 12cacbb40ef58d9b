//! Opening hours: weekly ranges in a time zone, with holidays.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// When a team is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Ranges of each weekday, Monday first, in order and without overlap. A range that ends at or before its start
    /// goes over midnight into the next day.
    pub week: [Vec<Range>; 7],
    /// Days on which nobody is there, whatever the weekday; a range that began the evening before still ends.
    pub holidays: Vec<Date>,
    /// The zone in which the hours are meant.
    pub timezone: TimeZone,
}

/// From a time of day up to, not including, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First minute.
    pub from: Time,
    /// First minute after; at or before `from` means on the next day; midnight is 00:00.
    pub until: Time,
}

/// How many days ahead an opening is looked for: longer than any shop is closed at a stretch.
const HORIZON_DAYS: i32 = 60;

impl Hours {
    /// Whether somebody is there.
    pub fn open_at(&self, now: Timestamp) -> bool {
        let today = now.to_zoned(self.timezone.clone()).date();
        let days = [today.yesterday().ok(), Some(today)];
        days.into_iter().flatten().flat_map(|day| self.stretches(day)).any(|(from, until)| from <= now && now < until)
    }

    /// The next moment at which somebody is there: `now` itself when open; `None` when not within 60 days.
    pub fn next_open(&self, now: Timestamp) -> Option<Zoned> {
        let zoned = now.to_zoned(self.timezone.clone());
        if self.open_at(now) {
            return Some(zoned);
        }
        let mut day = zoned.date();
        for _ in 0..HORIZON_DAYS {
            let first = self.stretches(day).into_iter().map(|(from, _)| from).filter(|from| *from > now).min();
            if let Some(from) = first {
                return Some(from.to_zoned(self.timezone.clone()));
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    /// The moment by which `work` of open time has passed since `now`: business time, so that a promise of fifteen
    /// minutes made at closing falls due next morning. Without any hours within 60 days it is plain time.
    pub fn after_open(&self, now: Timestamp, work: jiff::SignedDuration) -> Timestamp {
        let mut left = work;
        let mut day = now.to_zoned(self.timezone.clone()).date().yesterday().unwrap_or(Date::MIN);
        for _ in 0..HORIZON_DAYS {
            for (from, until) in self.stretches(day) {
                let from = from.max(now);
                if from >= until {
                    continue;
                }
                let stretch = until.duration_since(from);
                if left <= stretch {
                    return from.saturating_add(left).unwrap_or(until);
                }
                left -= stretch;
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        now.saturating_add(work).unwrap_or(now)
    }

    /// The open stretches that begin on a day, as moments.
    fn stretches(&self, day: Date) -> Vec<(Timestamp, Timestamp)> {
        if self.holidays.contains(&day) {
            return Vec::new();
        }
        let ranges = &self.week[weekday_index(day.weekday())];
        let moment =
            |day: Date, time: Time| day.to_datetime(time).to_zoned(self.timezone.clone()).ok().map(|z| z.timestamp());
        ranges
            .iter()
            .filter_map(|range| {
                let last_day = if range.until <= range.from { day.checked_add(1.day()).ok()? } else { day };
                Some((moment(day, range.from)?, moment(last_day, range.until)?))
            })
            .collect()
    }
}

/// Place of a weekday in [`Hours::week`]: Monday is 0.
pub fn weekday_index(day: Weekday) -> usize {
    usize::from(day.to_monday_zero_offset().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    fn london() -> Hours {
        let day = vec![Range { from: jiff::civil::time(9, 0, 0, 0), until: jiff::civil::time(17, 30, 0, 0) }];
        let late = vec![Range { from: jiff::civil::time(22, 0, 0, 0), until: jiff::civil::time(2, 0, 0, 0) }];
        Hours {
            week: [day.clone(), day.clone(), day.clone(), day.clone(), late, vec![], vec![]],
            holidays: vec![jiff::civil::date(2026, 12, 25), jiff::civil::date(2026, 11, 23)],
            timezone: TimeZone::get("Europe/London").unwrap(),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse::<jiff::civil::DateTime>()
            .unwrap()
            .to_zoned(TimeZone::get("Europe/London").unwrap())
            .unwrap()
            .timestamp()
    }

    #[test]
    fn open_by_weekday_holiday_and_over_midnight() {
        let hours = london();
        for (when, open) in [
            ("2026-11-24T09:00", true),
            ("2026-11-24T08:59", false),
            ("2026-11-24T17:30", false),
            ("2026-11-23T10:00", false),
            ("2026-11-27T23:00", true),
            ("2026-11-28T01:59", true),
            ("2026-11-28T02:00", false),
        ] {
            assert_eq!(hours.open_at(at(when)), open, "{when}");
        }
    }

    #[test]
    fn the_next_opening_skips_weekends_and_holidays() {
        let next = london().next_open(at("2026-11-21T12:00")).unwrap();
        assert_eq!(next.datetime().to_string(), "2026-11-24T09:00:00");
    }

    #[test]
    fn business_time_runs_only_while_open_also_over_a_clock_change() {
        let hours = london();
        let due = hours.after_open(at("2026-11-24T17:20"), SignedDuration::from_mins(15));
        assert_eq!(due, at("2026-11-25T09:05"));
        // British clocks go back on Sunday 25 October 2026.
        let due = hours.after_open(at("2026-10-22T17:00"), SignedDuration::from_hours(5));
        assert_eq!(due, at("2026-10-26T09:30"));
    }
}
