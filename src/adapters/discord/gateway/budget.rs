//! How long to wait before a session is begun, by how often that was done lately, by any process. Discord allows 1,000 in 24
//! hours, and takes the token away from whoever begins more
//! (<https://discord.com/developers/docs/events/gateway#session-start-limit-object>): pauses grow, and whoever needs very
//! many waits until an hour has room again.

use std::time::Duration;

/// Sessions of one connection within an hour after which the hour is waited out.
pub(super) const IN_AN_HOUR: usize = 20;
/// Sessions that were begun longer ago do not count.
pub(super) const HOUR: Duration = Duration::from_secs(60 * 60);
/// Sessions that cost nothing, the first pause, and the longest one.
const FREE: usize = 2;
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);

/// How long to wait before the next session, when so long ago others were begun, the oldest first.
pub(super) fn pause(begun: &[Duration]) -> Duration {
    let begun: Vec<Duration> = begun.iter().copied().filter(|ago| *ago < HOUR).collect();
    if let Some(in_the_way) = begun.len().checked_sub(IN_AN_HOUR).and_then(|index| begun.get(index)) {
        return HOUR.saturating_sub(*in_the_way);
    }
    let paid = begun.len().saturating_sub(FREE);
    let doubled = u32::try_from(paid).ok().and_then(|times| 1_u32.checked_shl(times)).unwrap_or(u32::MAX);
    let pause = if paid == 0 { Duration::ZERO } else { FIRST_PAUSE.saturating_mul(doubled / 2).min(LONGEST_PAUSE) };
    pause.saturating_sub(begun.last().copied().unwrap_or_default())
}

/// Whether the hour has no room for another.
pub(super) fn is_spent(begun: &[Duration]) -> bool {
    begun.iter().filter(|ago| **ago < HOUR).count() >= IN_AN_HOUR
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ago(moments: &[Duration], now: Duration) -> Vec<Duration> {
        moments.iter().map(|at| now - *at).collect()
    }

    #[test]
    fn pauses_grow_until_the_hour_is_waited_out() {
        let mut begun = Vec::new();
        let mut pauses = Vec::new();
        while !is_spent(&begun) {
            pauses.push(pause(&begun).as_secs());
            begun.push(Duration::ZERO);
        }
        assert_eq!(pauses.len(), IN_AN_HOUR);
        assert_eq!(pauses[..7], [0, 0, 0, 2, 4, 8, 16].map(|seconds: u64| seconds));
        assert_eq!(pauses.last(), Some(&300));
        assert_eq!(pause(&[HOUR / 4; IN_AN_HOUR]), HOUR * 3 / 4);
        assert_eq!(pause(&[HOUR; IN_AN_HOUR]), Duration::ZERO);
    }

    #[test]
    fn what_was_waited_since_the_last_one_counts() {
        let begun = [100, 90, 80, 3].map(Duration::from_secs);
        assert_eq!(pause(&begun), Duration::from_secs(1), "of four");
        assert_eq!(pause(&begun[..3]), Duration::ZERO);
    }

    #[test]
    fn thirty_starts_within_a_minute_begin_few_sessions() {
        let (mut begun, mut waits_until) = (Vec::new(), Duration::ZERO);
        for start in (0..30).map(|number| Duration::from_secs(number * 2)) {
            waits_until = waits_until.max(start + pause(&ago(&begun, start)));
            // Each start ends before the next; a session begins only if the wait was over by then.
            if waits_until < start + Duration::from_secs(2) {
                begun.push(waits_until.max(start));
            }
            waits_until = Duration::ZERO;
        }
        assert!((3..=8).contains(&begun.len()), "{begun:?}");
    }

    #[test]
    fn a_gateway_that_is_down_for_hours_is_tried_every_few_minutes() {
        let (mut begun, mut now) = (Vec::new(), Duration::ZERO);
        while now < 24 * HOUR {
            now += pause(&ago(&begun, now));
            begun.push(now);
            // A try lasts for half a minute.
            now += Duration::from_secs(30);
        }
        assert!((200..500).contains(&begun.len()), "{}", begun.len());
        let longest = begun.windows(2).map(|two| two[1] - two[0]).max().unwrap();
        assert!(longest < Duration::from_secs(30 * 60), "{longest:?}");
    }
}
