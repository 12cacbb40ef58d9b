//! How often a session was begun. Discord allows 1,000 in 24 hours, and takes the token away from whoever begins more
//! (<https://discord.com/developers/docs/events/gateway#session-start-limit-object>): pauses grow, and whoever needs very
//! many waits until an hour has room again.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Sessions within an hour after which the hour is waited out.
pub(super) const IN_AN_HOUR: usize = 20;
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Sessions that cost nothing, the first pause, and the longest one.
const FREE: usize = 2;
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// Sessions of the last hour.
#[derive(Debug, Default)]
pub(super) struct Budget {
    begun: VecDeque<Instant>,
    /// Tries of which nobody knows whether Discord counts them.
    guessed: VecDeque<Instant>,
}

impl Budget {
    /// A session was begun.
    pub(super) fn spend(&mut self, now: Instant) {
        self.forget(now);
        self.begun.push_back(now);
    }

    /// A session may have been begun, as far as Discord is concerned. Such tries make the pauses grow, and no more: at the
    /// longest pause, a day has room for them.
    pub(super) fn guess(&mut self, now: Instant) {
        self.forget(now);
        self.guessed.push_back(now);
    }

    /// How long to wait before the next one.
    pub(super) fn pause(&mut self, now: Instant) -> Duration {
        self.forget(now);
        if self.is_spent() {
            let oldest = self.begun.front().map(|at| now.saturating_duration_since(*at)).unwrap_or_default();
            return HOUR.saturating_sub(oldest);
        }
        let paid = self.begun.len().saturating_add(self.guessed.len()).saturating_sub(FREE);
        let doubled = u32::try_from(paid).ok().and_then(|times| 1_u32.checked_shl(times)).unwrap_or(u32::MAX);
        if paid == 0 { Duration::ZERO } else { FIRST_PAUSE.saturating_mul(doubled / 2).min(LONGEST_PAUSE) }
    }

    /// Whether the hour has no room for another.
    pub(super) fn is_spent(&self) -> bool {
        self.begun.len() >= IN_AN_HOUR
    }

    fn forget(&mut self, now: Instant) {
        let lately = |at: &Instant| now.saturating_duration_since(*at) < HOUR;
        self.begun.retain(lately);
        self.guessed.retain(lately);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_until_the_hour_is_waited_out() {
        let mut budget = Budget::default();
        let begin = Instant::now();
        let mut pauses = Vec::new();
        while !budget.is_spent() {
            pauses.push(budget.pause(begin).as_secs());
            budget.spend(begin);
        }
        assert_eq!(pauses.len(), IN_AN_HOUR);
        assert_eq!(pauses[..7], [0, 0, 0, 2, 4, 8, 16]);
        assert_eq!(pauses.last(), Some(&300));
        assert_eq!(budget.pause(begin + HOUR / 4), HOUR * 3 / 4);
        assert_eq!(budget.pause(begin + HOUR), Duration::ZERO);
    }

    #[test]
    fn a_gateway_that_is_down_for_hours_is_tried_every_few_minutes() {
        let mut budget = Budget::default();
        let mut now = Instant::now();
        let begin = now;
        let mut tries = 0;
        while now.duration_since(begin) < 24 * HOUR {
            let pause = budget.pause(now);
            assert!(pause <= LONGEST_PAUSE);
            // A try lasts for half a minute, and may have been two.
            now += pause + Duration::from_secs(30);
            (0..2).for_each(|_| budget.guess(now));
            tries += 2;
        }
        assert!((200..1000).contains(&tries), "{tries}");
    }
}
