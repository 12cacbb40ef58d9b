//! What was probably meant by a value that is not right.

use super::nearest;
use crate::voice::value;

/// Yes and no as people write them.
pub(crate) fn flag(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "1" | "ja" | "an" | "wahr" => Some(true),
        "false" | "no" | "off" | "n" | "0" | "nein" | "aus" | "falsch" => Some(false),
        _ => None,
    }
}

/// A date as people write it, in the form that TOML wants: 2026-12-24. Day and month that could be swapped are not guessed.
pub(crate) fn date(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['.', '/', '-', ' ']).filter(|part| !part.is_empty()).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let (a, b, c): (i16, i16, i16) = (a.parse().ok()?, b.parse().ok()?, c.parse().ok()?);
    let (year, month, day) = match () {
        () if a > 31 => (a, b, c),
        () if text.contains('.') || a > 12 => (c, b, a),
        () if b > 12 => (c, a, b),
        () => return None,
    };
    let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (1900..3000).contains(&year).then(|| date.to_string())
}

/// "15 minutes" -> `15m`.
pub(super) fn duration(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = match text.get(digits.len()..)?.trim().trim_end_matches('.') {
        "ms" | "msec" | "millisecond" | "milliseconds" | "millisekunden" => "ms",
        "s" | "sec" | "secs" | "second" | "seconds" | "sekunden" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "stunden" => "h",
        "d" | "day" | "days" | "tage" => "d",
        "w" | "week" | "weeks" | "wochen" => return Some(format!("{}d", digits.parse::<u32>().ok()?.checked_mul(7)?)),
        _ => return None,
    };
    let meant = format!("{digits}{unit}");
    value::duration(&meant).map(|_| meant)
}

/// "9-17" or "9am to 5.30pm" -> `09:00-17:30`.
pub(super) fn range(text: &str) -> Option<String> {
    let text = text.to_lowercase().replace(" to ", "-").replace(" bis ", "-").replace(" uhr", "");
    let (from, until) = text.split_once(['-', '–', '—'])?;
    let meant = format!("{}-{}", time(from)?, time(until)?);
    value::range(&meant).map(|_| meant)
}

fn time(text: &str) -> Option<String> {
    let text = text.trim();
    let (text, afternoon) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(time), _) => (time.trim(), Some(false)),
        (_, Some(time)) => (time.trim(), Some(true)),
        _ => (text, None),
    };
    let (hour, minute) = text.split_once([':', '.', 'h']).unwrap_or((text, "00"));
    let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    (hour <= 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

/// One of some words, by spelling or by sense.
pub(super) fn word(text: &str, words: &'static [&'static str]) -> Option<&'static str> {
    const SENSE: &[(&str, &str)] = &[
        ("warn", "warning"),
        ("info", "hint"),
        ("suggestion", "hint"),
        ("fatal", "error"),
        ("dms", "dm"),
        ("direct", "dm"),
        ("private", "dm"),
        ("human", "handoff"),
        ("boolean", "yes_no"),
        ("bool", "yes_no"),
        ("yesno", "yes_no"),
        ("regex", "pattern"),
        ("list", "choice"),
        ("free", "text"),
        ("string", "text"),
        ("ask", "offer"),
        ("critical", "urgent"),
        ("medium", "normal"),
        ("low", "normal"),
    ];
    let text = text.trim().to_lowercase();
    let by_sense = SENSE.iter().find(|(theirs, ours)| *theirs == text && words.contains(ours)).map(|(_, ours)| *ours);
    by_sense.or_else(|| nearest(&text, words.iter().copied()))
}

/// The tag of a language that is written out.
pub(super) fn language(text: &str) -> Option<&'static str> {
    const LANGUAGES: &[(&str, &str)] = &[
        ("english", "en"),
        ("british", "en-GB"),
        ("british english", "en-GB"),
        ("american", "en-US"),
        ("american english", "en-US"),
        ("uk", "en-GB"),
        ("us", "en-US"),
        ("german", "de"),
        ("deutsch", "de"),
        ("french", "fr"),
        ("français", "fr"),
        ("spanish", "es"),
        ("español", "es"),
        ("italian", "it"),
        ("italiano", "it"),
        ("dutch", "nl"),
        ("nederlands", "nl"),
        ("portuguese", "pt"),
        ("português", "pt"),
        ("polish", "pl"),
        ("polski", "pl"),
    ];
    let text = text.trim().to_lowercase();
    LANGUAGES.iter().find(|(name, _)| *name == text).map(|(_, tag)| *tag)
}

/// A time zone by its city, or nearly spelt.
pub(super) fn timezone<'z>(text: &str, zones: &'z [String]) -> Option<&'z str> {
    let plain = text.trim().to_lowercase().replace(' ', "_");
    let city = plain.rsplit('/').next().filter(|city| city.len() > 2)?;
    let by_city = zones.iter().find(|zone| zone.contains('/') && zone.to_lowercase().rsplit('/').next() == Some(city));
    by_city.map(String::as_str).or_else(|| {
        let near = |zone: &&String| strsim::damerau_levenshtein(&zone.to_lowercase(), &plain) <= 3;
        zones
            .iter()
            .filter(|zone| zone.contains('/'))
            .filter(near)
            .min_by_key(|zone| strsim::damerau_levenshtein(&zone.to_lowercase(), &plain))
            .map(String::as_str)
    })
}

/// Turns a title into an id.
pub(crate) fn id(text: &str, between: char) -> String {
    let plain: String = text
        .to_lowercase()
        .chars()
        .flat_map(|c| match c {
            'ä' => vec!['a', 'e'],
            'ö' => vec!['o', 'e'],
            'ü' => vec!['u', 'e'],
            'ß' => vec!['s', 's'],
            c => vec![c],
        })
        .map(|c| if c.is_ascii_alphanumeric() { c } else { between })
        .collect();
    plain.split(between).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(&between.to_string())
}

/// The reason out of the regex crate's drawing.
pub(super) fn regex_reason(error: &str) -> String {
    let reason = error.lines().rev().find_map(|line| line.trim().strip_prefix("error: "));
    reason.unwrap_or("it is not a pattern").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_for_dates_and_times_is_understood() {
        for (text, meant) in [
            ("24.12.2026", Some("2026-12-24")),
            ("24/12/2026", Some("2026-12-24")),
            ("12/24/2026", Some("2026-12-24")),
            ("2026-12-24", Some("2026-12-24")),
            ("03/04/2026", None),
            ("31.02.2026", None),
            ("soon", None),
        ] {
            assert_eq!(date(text).as_deref(), meant, "{text}");
        }
        for (text, meant) in
            [("15 minutes", Some("15m")), ("2 weeks", Some("14d")), ("1 hr", Some("1h")), ("a while", None), ("", None)]
        {
            assert_eq!(duration(text).as_deref(), meant, "{text}");
        }
        for (text, meant) in [
            ("9-17", Some("09:00-17:00")),
            ("9am to 5.30pm", Some("09:00-17:30")),
            ("09.00-17.30 uhr", Some("09:00-17:30")),
            ("12am-12pm", Some("00:00-12:00")),
            ("9-9", None),
            ("morning", None),
        ] {
            assert_eq!(range(text).as_deref(), meant, "{text}");
        }
    }
}
