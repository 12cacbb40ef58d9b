//! Looking at something while Discord is in trouble: a few more tries, and no longer than the start may take.

use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use tokio::time::{sleep, timeout};

use crate::adapters::discord::Discord;
use crate::adapters::discord::rest::{Call, CallError};

/// How long all tries may take together.
const ALTOGETHER: Duration = Duration::from_secs(10);
/// How long one answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How long to wait before the second try; each time twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// How long it may still be tried again.
pub(in crate::adapters::discord) struct Patience(Instant);

impl Patience {
    pub(in crate::adapters::discord) fn from_now() -> Self {
        Self(Instant::now() + ALTOGETHER)
    }

    /// How long to wait before another try; `None` when there is none.
    fn wait(&self, error: &CallError, at_least: Duration, now: Instant) -> Option<Duration> {
        let asked = match error {
            CallError::Later { retry_after: Some(asked), .. } => Duration::try_from(*asked).unwrap_or_default(),
            CallError::Later { .. } | CallError::Refused { .. } | CallError::Unauthorized | CallError::Unreadable => {
                Duration::ZERO
            }
        };
        let wait = asked.max(at_least);
        (error.is_passing() && wait <= self.0.saturating_duration_since(now)).then_some(wait)
    }
}

impl Discord {
    /// Asks, again where that may help.
    pub(in crate::adapters::discord) async fn look<T: DeserializeOwned>(
        &self,
        patience: &Patience,
        call: &Call,
    ) -> Result<T, CallError> {
        let mut at_least = FIRST_WAIT;
        loop {
            let answer = timeout(ANSWER_WITHIN, self.ask(call)).await;
            let error = match answer.unwrap_or_else(|_| Err(CallError::no_answer())) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let Some(wait) = patience.wait(&error, at_least, Instant::now()) else { return Err(error) };
            sleep(wait).await;
            at_least = at_least.saturating_mul(2);
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn what_passes_is_waited_for_and_what_does_not_is_not() {
        let now = Instant::now();
        let patience = Patience(now + Duration::from_secs(10));
        let later = |seconds: Option<i64>| CallError::Later {
            reason: String::new(),
            retry_after: seconds.map(SignedDuration::from_secs),
            unsure: false,
            everything: false,
        };
        assert_eq!(patience.wait(&later(None), FIRST_WAIT, now), Some(FIRST_WAIT));
        assert_eq!(patience.wait(&later(Some(3)), FIRST_WAIT, now), Some(Duration::from_secs(3)));
        assert_eq!(patience.wait(&later(Some(60)), FIRST_WAIT, now), None, "too long for a start");
        assert_eq!(patience.wait(&later(None), FIRST_WAIT, now + Duration::from_secs(10)), None, "long enough");
        assert_eq!(patience.wait(&CallError::Unauthorized, FIRST_WAIT, now), None);
        assert_eq!(patience.wait(&CallError::Refused { status: 404, code: 10_004 }, FIRST_WAIT, now), None);
    }
}
