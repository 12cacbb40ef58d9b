//! Token buckets: so many at once, and one more each so often. The moment is an argument.
//!
//! A bucket that is full says nothing and is thrown out; there are never more than a fixed number. Whoever comes while all
//! of those are in use shares one bucket with everybody else who does, so that made-up names cost no memory and win nothing.
//!
//! Written here and not taken from the crate `governor`: its keyed limiter has no bound on the number of keys, waits for
//! somebody to sweep it, takes its time from a clock of its own, and knows no share that is left for something better.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

/// How much may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    /// So many at once.
    pub(super) at_once: i64,
    /// One more each so many microseconds.
    pub(super) every_us: i64,
}

impl Rate {
    /// So many at once, and so many a second after that.
    pub(super) const fn new(at_once: i64, a_second: i64) -> Self {
        Self { at_once, every_us: 1_000_000 / a_second }
    }

    /// One in such a time, and no more.
    pub(super) const fn one_in(time: SignedDuration) -> Self {
        Self { at_once: 1, every_us: time.as_secs() * 1_000_000 }
    }

    fn full(self) -> i64 {
        self.at_once.saturating_mul(self.every_us)
    }
}

/// What those share for whom there is no bucket.
const REST: Rate = Rate::new(200, 100);
/// How often full buckets are looked for, and how often when there is no room.
const SWEEP_EVERY: i64 = 60_000_000;
const SWEEP_WHEN_FULL_EVERY: i64 = 1_000_000;

/// Buckets by the hash of whose they are.
#[derive(Debug)]
pub(super) struct Buckets {
    of: HashMap<u64, Bucket>,
    at_most: usize,
    swept: i64,
    rest: Bucket,
}

/// What is left in a bucket, in microseconds that were waited for it.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: i64,
    as_of: i64,
    full_at: i64,
}

impl Bucket {
    const fn full(rate: Rate, at: i64) -> Self {
        Self { left: rate.at_once * rate.every_us, as_of: at, full_at: at }
    }

    /// What is left at a moment. An earlier moment than the last one adds nothing: what was written long ago may be heard late.
    fn left(&self, rate: Rate, at: i64) -> i64 {
        self.left.saturating_add(at.saturating_sub(self.as_of).max(0)).min(rate.full())
    }

    fn take(&mut self, rate: Rate, at: i64) {
        self.left = self.left(rate, at).saturating_sub(rate.every_us).max(0);
        self.as_of = self.as_of.max(at);
        self.full_at = self.as_of.saturating_add(rate.full() - self.left);
    }
}

impl Buckets {
    /// No more than so many.
    pub(super) fn new(at_most: usize) -> Self {
        Self { of: HashMap::new(), at_most, swept: i64::MIN, rest: Bucket::full(REST, i64::MIN) }
    }

    /// Whether one more may come, with so many left for something better.
    pub(super) fn has(&self, whose: u64, rate: Rate, spare: i64, at: Timestamp) -> bool {
        let at = at.as_microsecond();
        match self.of.get(&whose) {
            Some(bucket) => bucket.left(rate, at) >= spare.saturating_add(1).saturating_mul(rate.every_us),
            None if self.of.len() < self.at_most => rate.at_once > spare,
            None => self.rest.left(REST, at) >= REST.every_us,
        }
    }

    /// One came. What is not there cannot be taken.
    pub(super) fn take(&mut self, whose: u64, rate: Rate, at: Timestamp) {
        let at = at.as_microsecond();
        let is_new = !self.of.contains_key(&whose);
        let pause = if is_new && self.of.len() >= self.at_most { SWEEP_WHEN_FULL_EVERY } else { SWEEP_EVERY };
        if at >= self.swept.saturating_add(pause) {
            self.swept = at;
            self.of.retain(|_, bucket| bucket.full_at > at);
        }
        if self.of.contains_key(&whose) || self.of.len() < self.at_most {
            self.of.entry(whose).or_insert(Bucket::full(rate, at)).take(rate, at);
        } else {
            self.rest.take(REST, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn at(us: i64) -> Timestamp {
        Timestamp::from_microsecond(us).unwrap()
    }

    /// Lets in what there is room for.
    fn let_in(buckets: &mut Buckets, whose: u64, rate: Rate, when: i64) -> bool {
        let has = buckets.has(whose, rate, 0, at(when));
        if has {
            buckets.take(whose, rate, at(when));
        }
        has
    }

    #[test]
    fn so_many_at_once_and_then_one_at_a_time() {
        let (mut buckets, rate) = (Buckets::new(10), Rate::new(3, 2));
        let taken: Vec<bool> = [0, 0, 0, 0, 400_000, 500_000, 500_000, 60_000_000]
            .map(|when| let_in(&mut buckets, 1, rate, when))
            .into_iter()
            .collect();
        assert_eq!(taken, [true, true, true, false, false, true, false, true]);
        assert!(let_in(&mut buckets, 2, rate, 0), "everybody has their own");
    }

    #[test]
    fn what_is_spared_is_left_for_something_better() {
        let (mut buckets, rate) = (Buckets::new(10), Rate::new(4, 1));
        (0..2).for_each(|_| buckets.take(1, rate, at(0)));
        assert!(!buckets.has(1, rate, 2, at(0)) && buckets.has(1, rate, 1, at(0)) && buckets.has(1, rate, 0, at(0)));
    }

    #[test]
    fn made_up_names_cost_no_memory_and_win_nothing() {
        let (mut buckets, rate) = (Buckets::new(100), Rate::new(5, 1));
        let let_in = (0..50_000).filter(|whose| let_in(&mut buckets, *whose, rate, 0)).count();
        assert_eq!(buckets.of.len(), 100);
        assert_eq!(let_in, 100 + usize::try_from(REST.at_once).unwrap());
        // Whoever was there before is not pushed out by them.
        assert!(buckets.has(3, rate, 0, at(0)));
        // Once theirs are full again, they are thrown out.
        buckets.take(7_777_777, rate, at(10_000_000));
        assert_eq!(buckets.of.len(), 1);
    }

    proptest! {
        #[test]
        fn never_more_than_at_once_and_what_time_adds(
            at_once in 1_i64..50, a_second in 1_i64..50, steps in vec((0_i64..300_000, 0_u64..4), 1..400),
        ) {
            let (mut buckets, rate) = (Buckets::new(100), Rate::new(at_once, a_second));
            let (mut now, mut came) = (0, Vec::new());
            for (step, whose) in steps {
                now += step;
                if let_in(&mut buckets, whose, rate, now) {
                    came.push((now, whose));
                }
            }
            for whose in 0..4 {
                let theirs: Vec<i64> = came.iter().filter(|(_, who)| *who == whose).map(|(when, _)| *when).collect();
                for (first, from) in theirs.iter().enumerate() {
                    for (last, to) in theirs.iter().enumerate().skip(first) {
                        let most = at_once + (to - from) / rate.every_us + 1;
                        prop_assert!(i64::try_from(last - first + 1).unwrap() <= most);
                    }
                }
            }
        }

        #[test]
        fn whoever_keeps_to_the_rate_is_always_let_in(at_once in 1_i64..50, a_second in 1_i64..50, many in 1_i64..500) {
            let (mut buckets, rate) = (Buckets::new(3), Rate::new(at_once, a_second));
            for number in 0..many {
                prop_assert!(let_in(&mut buckets, 1, rate, number * rate.every_us));
            }
        }

        #[test]
        fn time_that_goes_back_wins_nothing(at_once in 1_i64..20, moments in vec(0_i64..5_000_000, 1..300)) {
            let (mut buckets, rate) = (Buckets::new(3), Rate::new(at_once, 1));
            let let_in = moments.iter().filter(|when| let_in(&mut buckets, 1, rate, **when)).count();
            let span = moments.iter().max().unwrap() - moments.iter().min().unwrap();
            prop_assert!(i64::try_from(let_in).unwrap() <= at_once + span / rate.every_us + 1);
        }

        #[test]
        fn there_are_never_more_than_fit(comes in vec((0_i64..20_000, any::<u64>()), 1..500)) {
            let (mut buckets, mut now) = (Buckets::new(20), 0);
            for (step, whose) in comes {
                now += step;
                buckets.take(whose, Rate::new(5, 1), at(now));
                prop_assert!(buckets.of.len() <= 20);
            }
        }
    }
}
