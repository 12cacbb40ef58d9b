//! Whether the bot's token is taken. Discord shuts out an address that goes on with a bad one: 10,000 refusals in ten minutes
//! (<https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often a token that was refused is tried again.
const TRY_EVERY: Duration = Duration::from_secs(10 * 60);

/// When the token was refused, or tried again after that; none: it is taken, as far as is known.
#[derive(Debug, Default)]
pub(super) struct Taken(Mutex<Option<Instant>>);

impl Taken {
    /// Whether something may be asked with the token: always, as long as it is taken, and once in a while otherwise.
    pub(super) fn may_ask(&self, now: Instant) -> bool {
        let mut refused = self.refused_at();
        let Some(at) = *refused else { return true };
        let due = now.saturating_duration_since(at) >= TRY_EVERY;
        if due {
            *refused = Some(now);
        }
        due
    }

    /// It was taken.
    pub(super) fn accepted(&self) {
        *self.refused_at() = None;
    }

    /// It was refused.
    pub(super) fn refused(&self, now: Instant) {
        *self.refused_at() = Some(now);
    }

    fn refused_at(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_was_refused_is_tried_once_in_ten_minutes_until_it_is_taken() {
        let taken = Taken::default();
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        assert!(taken.may_ask(start) && taken.may_ask(start));
        taken.refused(start);
        assert!(!taken.may_ask(after(1)) && !taken.may_ask(after(599)));
        assert!(taken.may_ask(after(600)));
        assert!(!taken.may_ask(after(601)), "one try is enough");
        taken.accepted();
        assert!(taken.may_ask(after(602)) && taken.may_ask(after(602)));
    }
}
