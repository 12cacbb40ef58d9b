//! How far the clock of this machine is from that of a platform: each answer bears the platform's time. What is due, what is
//! too old and how a webhook's caller is told from another rest on a clock that is right.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap};

/// The header tells whole seconds; half of one is the best guess of what it leaves out.
const LEFT_OUT: SignedDuration = SignedDuration::from_millis(500);

/// How far this machine's clock is ahead, as the last answer showed.
#[derive(Clone, Debug, Default)]
pub(super) struct Ahead(Arc<Mutex<Option<SignedDuration>>>);

impl Ahead {
    /// An answer came just now.
    pub(super) fn note(&self, headers: &HeaderMap, now: Timestamp) {
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        let Some(Ok(theirs)) = date.map(|date| rfc2822::DateTimeParser::new().parse_timestamp(date)) else { return };
        let ahead = now.duration_since(theirs).saturating_sub(LEFT_OUT);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ahead);
    }

    /// How far; nothing before the first answer.
    pub(super) fn get(&self) -> Option<SignedDuration> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_tells_how_far_the_clock_is_off() {
        let ahead = Ahead::default();
        let now: Timestamp = "2026-11-24T10:00:10Z".parse().unwrap();
        let answer = |date: &'static str| HeaderMap::from_iter([(DATE, date.parse().unwrap())]);
        ahead.note(&HeaderMap::new(), now);
        ahead.note(&answer("yesterday"), now);
        assert_eq!(ahead.get(), None, "what cannot be read says nothing");
        ahead.note(&answer("Tue, 24 Nov 2026 10:00:00 GMT"), now);
        assert_eq!(ahead.get(), Some(SignedDuration::from_millis(9_500)));
        ahead.note(&answer("Tue, 24 Nov 2026 10:01:10 GMT"), now);
        assert_eq!(ahead.get(), Some(SignedDuration::from_millis(-60_500)));
    }
}
