//! Small values as people write them: times, hours, names.

use jiff::SignedDuration;
use jiff::civil::Time;

use super::hours::Range;

/// Longest duration that is accepted: a year.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);

/// Reads `1500ms`, `20s`, `15m`, `24h` or `30d`.
pub(crate) fn duration(text: &str) -> Option<SignedDuration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at_checked(digits)?;
    let number: i64 = number.parse().ok().filter(|n| *n <= 1_000_000_000)?;
    let duration = match unit {
        "ms" => SignedDuration::from_millis(number),
        "s" => SignedDuration::from_secs(number),
        "m" => SignedDuration::from_mins(number),
        "h" => SignedDuration::from_hours(number),
        "d" => SignedDuration::from_hours(number * 24),
        _ => return None,
    };
    (duration <= LONGEST).then_some(duration)
}

/// Reads `09:00-17:30`; `24:00` is the midnight at the end of the day. A range that ends where it begins is none, except the
/// whole day.
pub(crate) fn range(text: &str) -> Option<Range> {
    let (from, until) = text.split_once(['-', '–'])?;
    let (from, until) = (from.trim(), until.trim());
    let range = Range { from: time(from)?, until: if until == "24:00" { Time::midnight() } else { time(until)? } };
    (range.from != range.until || until == "24:00").then_some(range)
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |digits: &str| {
        (1..=2)
            .contains(&digits.len())
            .then_some(digits)
            .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?
            .parse()
            .ok()
    };
    if minute.len() != 2 {
        return None;
    }
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

/// Whether this can be a brand's id: 2 to 40 of a-z, 0-9 and `-`.
pub(crate) fn is_slug(text: &str) -> bool {
    (2..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether this can be the id of an answer: words of a-z and 0-9, parted by `.`, `_` or `-`.
pub(crate) fn is_id(text: &str) -> bool {
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= 80 && text.split(['.', '_', '-']).all(word)
}

/// Whether this can be named in `{{…}}`: a letter or `_`, then letters, digits, `_` and `-`.
pub(crate) fn is_variable(text: &str) -> bool {
    text.len() <= 60
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        && !matches!(text, "else" | "this" | "if" | "unless" | "link")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        for (text, seconds) in [("20s", 20.0), ("1500ms", 1.5), ("15m", 900.0), ("24h", 86_400.0), ("30d", 2_592_000.0)]
        {
            assert_eq!(duration(text).unwrap().as_secs_f64(), seconds, "{text}");
        }
        for wrong in ["", "15", "m", "15 m", "1.5h", "-3s", "15min", "400d", "9999999999999d", "५s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn ranges_may_go_over_midnight_but_not_nowhere() {
        for fine in ["09:00-17:30", "22:00-02:00", "18:00-24:00", "00:00-24:00", "9:00 - 17:00", "09:00–17:30"] {
            assert!(range(fine).is_some(), "{fine}");
        }
        for wrong in [
            "",
            "9-17",
            "09:00",
            "09:00-09:00",
            "25:00-26:00",
            "09:60-10:00",
            "24:00-02:00",
            "09:0-10:00",
            "٠٩:00-10:00",
        ] {
            assert!(range(wrong).is_none(), "{wrong}");
        }
    }
}
