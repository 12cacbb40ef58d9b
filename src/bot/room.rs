//! One room: its limits, its pause, and what is on its way into it. Pure; the moment is an argument.

use std::time::Instant;

use super::pace::{Fits, Pace};
use crate::adapters::Rate;

/// Into one room at the same time.
const IN_ONE_ROOM: usize = 4;

/// A chat with all its topics.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) pace: Pace,
    pub(super) on_their_way: usize,
    pub(super) rests_until: Option<Instant>,
}

impl Room {
    /// Nothing has been sent there so far.
    pub(super) fn of(rates: &[Rate]) -> Self {
        Self { pace: Pace::of(rates), on_their_way: 0, rests_until: None }
    }

    /// Whether it takes so many.
    pub(super) fn fits(&mut self, many: u32, now: Instant) -> Fits {
        if self.on_their_way >= IN_ONE_ROOM {
            return Fits::AfterAnother;
        }
        let rests = self.rests_until.filter(|until| *until > now);
        match (self.pace.fits(many, now), rests) {
            (Fits::At(at), Some(until)) => Fits::At(at.max(until)),
            (Fits::Now, Some(until)) => Fits::At(until),
            (Fits::AfterAnother, _) => Fits::AfterAnother,
            (fits @ (Fits::Now | Fits::At(_)), None) => fits,
        }
    }

    /// Whether nothing has to be known of it.
    pub(super) fn is_idle(&mut self, now: Instant) -> bool {
        self.on_their_way == 0 && self.rests_until.is_none_or(|until| until <= now) && self.pace.is_idle(now)
    }
}
