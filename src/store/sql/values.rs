//! Our values as columns and back: times as microseconds, words, JSON.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::StoreError;
use crate::store::error::json_problem;

/// Text that every database takes: PostgreSQL has no room for the character 0, which no platform shows anyway.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// Microseconds since 1970.
pub(in super::super) fn us(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// Microseconds since 1970, never earlier than the time: what is due must not come too soon.
pub(super) fn us_up(at: Timestamp) -> i64 {
    let us = at.as_microsecond();
    if Timestamp::from_microsecond(us).is_ok_and(|floor| floor < at) { us.saturating_add(1) } else { us }
}

/// The time of a column.
pub(in super::super) fn time(us: i64) -> Timestamp {
    let nearest = if us < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(us).unwrap_or(nearest)
}

/// Microseconds of a length of time.
pub(super) fn span_us(span: SignedDuration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// A value as JSON.
pub(super) fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Unwritable { what, problem: json_problem(&e) })
}

/// A value out of JSON.
pub(super) fn from_json<T: DeserializeOwned>(what: &'static str, id: i64, json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|e| StoreError::Unreadable { what, id, problem: json_problem(&e) })
}

/// The one word that a plain enum is written as.
pub(super) fn to_word<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(_) => Err(StoreError::Unwritable { what, problem: "it is not one word".to_owned() }),
        Err(e) => Err(StoreError::Unwritable { what, problem: json_problem(&e) }),
    }
}

/// A plain enum out of its word.
pub(super) fn from_word<T: DeserializeOwned>(what: &'static str, id: i64, word: &str) -> Result<T, StoreError> {
    let value = serde_json::Value::String(word.to_owned());
    serde_json::from_value(value).map_err(|e| StoreError::Unreadable { what, id, problem: json_problem(&e) })
}

/// The name of what an enum is about, whether or not more belongs to it: `"x"` and `{"x": …}` are both `x`.
pub(super) fn tag<T: Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    let json = serde_json::to_value(value).map_err(|e| StoreError::Unwritable { what, problem: json_problem(&e) })?;
    let name = json.as_object().map_or_else(|| json.as_str(), |fields| fields.keys().next().map(String::as_str));
    name.map(str::to_owned).ok_or_else(|| StoreError::Unwritable { what, problem: "it has no name".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_time_is_never_stored_as_an_earlier_one() {
        for nanosecond in [0_i64, 1, 999, 1_000, 1_001, 1_999_999_999] {
            let at = Timestamp::from_nanosecond(i128::from(nanosecond)).unwrap();
            assert!(time(us_up(at)) >= at, "{nanosecond}");
            assert!(time(us(at)) <= at, "{nanosecond}");
        }
    }

    #[test]
    fn any_number_in_a_column_is_some_time() {
        assert_eq!(time(i64::MAX), Timestamp::MAX);
        assert_eq!(time(i64::MIN), Timestamp::MIN);
    }
}
