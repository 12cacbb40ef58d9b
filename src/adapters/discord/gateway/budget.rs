//! How often a session was begun. Discord allows 1,000 in 24 hours, and takes the token away from whoever begins more
//! (<https://discord.com/developers/docs/events/gateway#session-start-limit-object>): long before that, something is wrong
//! that no further try mends.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Sessions within an hour after which it is given up.
pub(super) const IN_AN_HOUR: usize = 20;
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Sessions that cost nothing, the first pause, and the longest one.
const FREE: usize = 2;
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// Sessions of the last hour.
#[derive(Debug, Default)]
pub(super) struct Budget(VecDeque<Instant>);

impl Budget {
    /// A session was begun.
    pub(super) fn spend(&mut self, now: Instant) {
        self.forget(now);
        self.0.push_back(now);
    }

    /// How long to wait before the next one; `None`: it is given up.
    pub(super) fn pause(&mut self, now: Instant) -> Option<Duration> {
        self.forget(now);
        let paid = self.0.len().saturating_sub(FREE);
        if self.0.len() >= IN_AN_HOUR {
            return None;
        }
        let doubled = u32::try_from(paid).ok().and_then(|times| 1_u32.checked_shl(times)).unwrap_or(u32::MAX);
        Some(if paid == 0 { Duration::ZERO } else { FIRST_PAUSE.saturating_mul(doubled / 2).min(LONGEST_PAUSE) })
    }

    fn forget(&mut self, now: Instant) {
        self.0.retain(|at| now.saturating_duration_since(*at) < HOUR);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_an_end_comes_unless_time_passes() {
        let mut budget = Budget::default();
        let begin = Instant::now();
        let mut pauses = Vec::new();
        while let Some(pause) = budget.pause(begin) {
            pauses.push(pause.as_secs());
            budget.spend(begin);
        }
        assert_eq!(pauses.len(), IN_AN_HOUR);
        assert_eq!(pauses[..7], [0, 0, 0, 2, 4, 8, 16]);
        assert_eq!(pauses.last(), Some(&300));
        assert_eq!(budget.pause(begin + HOUR), Some(Duration::ZERO));
    }
}
