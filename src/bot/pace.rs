//! How fast things leave: no more than so many in any stretch of time. Pure; the moment is an argument.
//!
//! Not `governor`: a bucket of 20 that fills with 20 a minute lets out 40 within its first minute, and keeping its promise
//! for *any* minute would take a third of what the platform allows. It also takes when it is asked; here it has to be known
//! before anything is claimed which rooms are full, and until when. And what is on its way has to count until it has
//! arrived, however slow the platform is.

use std::collections::VecDeque;
use std::time::Instant;

use crate::adapters::Rate;

/// Whether something may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fits {
    /// At once.
    Now,
    /// At a moment.
    At(Instant),
    /// When something has come back that is on its way.
    AfterAnother,
}

/// All rates of one thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace(Vec<Window>);

#[derive(Clone, Debug)]
struct Window {
    rate: Rate,
    /// When each that counts has arrived, oldest first.
    arrived: VecDeque<Instant>,
    on_their_way: u32,
}

impl Pace {
    /// Nothing has left so far.
    pub(super) fn of(rates: &[Rate]) -> Self {
        let window = |rate: &Rate| Window { rate: *rate, arrived: VecDeque::new(), on_their_way: 0 };
        Self(rates.iter().map(window).collect())
    }

    /// When so many fit. More than ever fit are treated as that many.
    pub(super) fn fits(&mut self, many: u32, now: Instant) -> Fits {
        let each = self.0.iter_mut().map(|window| window.fits(many, now));
        each.fold(Fits::Now, |all, one| match (all, one) {
            (Fits::AfterAnother, _) | (_, Fits::AfterAnother) => Fits::AfterAnother,
            (Fits::At(first), Fits::At(second)) => Fits::At(first.max(second)),
            (Fits::At(at), Fits::Now) | (Fits::Now, Fits::At(at)) => Fits::At(at),
            (Fits::Now, Fits::Now) => Fits::Now,
        })
    }

    /// How many fit at once; nothing: as many as there are.
    pub(super) fn free(&mut self, now: Instant) -> Option<u32> {
        self.0.iter_mut().map(|window| window.rate.at_most.saturating_sub(window.count(now))).min()
    }

    /// So many leave.
    pub(super) fn leave(&mut self, many: u32) {
        for window in &mut self.0 {
            window.on_their_way = window.on_their_way.saturating_add(window.of(many));
        }
    }

    /// So many have arrived by now.
    pub(super) fn arrive(&mut self, many: u32, now: Instant) {
        self.come_to_nothing(many);
        for window in &mut self.0 {
            window.arrived.extend((0..window.of(many)).map(|_| now));
        }
    }

    /// So many were not sent after all.
    pub(super) fn come_to_nothing(&mut self, many: u32) {
        for window in &mut self.0 {
            window.on_their_way = window.on_their_way.saturating_sub(window.of(many));
        }
    }

    /// Whether nothing of the past counts any more.
    pub(super) fn is_idle(&mut self, now: Instant) -> bool {
        self.0.iter_mut().all(|window| window.count(now) == 0)
    }
}

impl Window {
    fn of(&self, many: u32) -> u32 {
        many.min(self.rate.at_most)
    }

    fn forget(&mut self, now: Instant) {
        while self.arrived.front().is_some_and(|at| now.saturating_duration_since(*at) >= self.rate.within) {
            self.arrived.pop_front();
        }
    }

    fn count(&mut self, now: Instant) -> u32 {
        self.forget(now);
        u32::try_from(self.arrived.len()).unwrap_or(u32::MAX).saturating_add(self.on_their_way)
    }

    fn fits(&mut self, many: u32, now: Instant) -> Fits {
        let surplus = self.count(now).saturating_add(self.of(many)).saturating_sub(self.rate.at_most);
        let Some(last_to_go) = surplus.checked_sub(1) else { return Fits::Now };
        let at = usize::try_from(last_to_go).ok().and_then(|number| self.arrived.get(number));
        at.and_then(|at| at.checked_add(self.rate.within)).map_or(Fits::AfterAnother, Fits::At)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const GROUP: &[Rate] =
        &[Rate { at_most: 3, within: Duration::from_secs(3) }, Rate { at_most: 20, within: Duration::from_secs(60) }];

    fn after(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    /// Sends as fast as it may for so long, each taking `takes` to arrive; when each arrived.
    fn rush(rates: &[Rate], takes: u64, for_ms: u64) -> Vec<u64> {
        let (mut pace, start) = (Pace::of(rates), Instant::now());
        let (mut on_their_way, mut arrived) = (VecDeque::new(), Vec::new());
        for ms in 0..for_ms {
            while on_their_way.front().is_some_and(|at| *at <= ms) {
                on_their_way.pop_front();
                pace.arrive(1, after(start, ms));
                arrived.push(ms);
            }
            while pace.fits(1, after(start, ms)) == Fits::Now {
                pace.leave(1);
                on_their_way.push_back(ms + takes);
            }
        }
        arrived
    }

    #[test]
    fn never_more_than_20_in_any_minute_and_all_of_them_are_used() {
        let arrived = rush(GROUP, 200, 180_000);
        for from in &arrived {
            let within = |ms: u64| arrived.iter().filter(|at| (*from..from + ms).contains(at)).count();
            assert!(within(60_000) <= 20 && within(3_000) <= 3, "{from}");
        }
        assert!(arrived.len() >= 58, "{} in three minutes", arrived.len());
        assert_eq!(arrived[2], arrived[0], "a short burst is allowed");
    }

    #[test]
    fn it_is_known_when_there_is_room_again() {
        let (mut pace, start) = (Pace::of(GROUP), Instant::now());
        pace.leave(2);
        pace.arrive(2, after(start, 100));
        assert_eq!(pace.fits(1, after(start, 100)), Fits::Now);
        assert_eq!(pace.fits(2, after(start, 100)), Fits::At(after(start, 3_100)));
        pace.leave(1);
        assert_eq!(pace.fits(3, after(start, 200)), Fits::AfterAnother);
        assert_eq!(pace.free(after(start, 200)), Some(0));
        pace.come_to_nothing(1);
        assert_eq!(pace.free(after(start, 200)), Some(1));
        assert!(!pace.is_idle(after(start, 200)) && pace.is_idle(after(start, 60_100)));
        assert_eq!(pace.fits(100, after(start, 60_100)), Fits::Now, "more than ever fit leave when nothing else does");
        assert_eq!(Pace::default().free(start), None);
    }
}
