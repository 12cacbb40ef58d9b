//! Places, or a whole platform, that refuse everything: left alone, and tried now and then with one thing.

use std::time::{Duration, Instant};

use super::figures;
use super::pace::Fits;

/// When a place is tried again first; the wait doubles with each refusal.
const FIRST_TRY: Duration = Duration::from_secs(10 * 60);
/// The longest wait for a place.
const LAST_TRY: Duration = Duration::from_secs(6 * 60 * 60);
/// The same for where the team works: people mend it, and wait for their cases.
const FIRST_DESK_TRY: Duration = Duration::from_secs(20);
const LAST_DESK_TRY: Duration = Duration::from_secs(10 * 60);
/// The same for a platform where one place after the other refuses. Short: it may be people who block the bot on purpose.
const FIRST_GATE_TRY: Duration = Duration::from_secs(15);
const LAST_GATE_TRY: Duration = Duration::from_secs(10 * 60);
/// How often a token is shown again that was not accepted.
const TOKEN_TRY: Duration = Duration::from_secs(10 * 60);

/// Something that is left alone for a while.
#[derive(Debug)]
pub(super) struct Shut {
    reason: String,
    again_at: Instant,
    wait: Duration,
    longest: Duration,
    /// Whether something is on its way to find out.
    tried: bool,
}

impl Shut {
    fn new(reason: &str, wait: Duration, longest: Duration, now: Instant) -> Self {
        let again_at = now.checked_add(wait).unwrap_or(now);
        Self { reason: reason.to_owned(), again_at, wait, longest, tried: false }
    }

    /// A place of customers.
    pub(super) fn place(reason: &str, now: Instant) -> Self {
        figures::left_alone("place");
        Self::new(reason, FIRST_TRY, LAST_TRY, now)
    }

    /// Where the team works.
    pub(super) fn desk(reason: &str, now: Instant) -> Self {
        figures::left_alone("desk");
        Self::new(reason, FIRST_DESK_TRY, LAST_DESK_TRY, now)
    }

    /// What the platform said.
    pub(super) fn reason(&self) -> &str {
        &self.reason
    }

    /// When it is tried again.
    pub(super) fn again_at(&self) -> Instant {
        self.again_at
    }

    /// Whether it is too soon to try.
    pub(super) fn waits(&self, now: Instant) -> bool {
        now < self.again_at
    }

    /// Whether something is on its way to find out.
    pub(super) fn is_tried(&self) -> bool {
        self.tried
    }

    /// Whether something may leave for it.
    pub(super) fn fits(&self, now: Instant) -> Fits {
        match (self.tried, self.waits(now)) {
            (true, _) => Fits::AfterAnother,
            (false, true) => Fits::At(self.again_at),
            (false, false) => Fits::Now,
        }
    }

    /// Something leaves to find out.
    pub(super) fn try_it(&mut self) {
        self.tried = true;
    }

    /// It refuses still. What left before it was shut and comes back only now says nothing new.
    pub(super) fn refused_again(&mut self, now: Instant) {
        if std::mem::take(&mut self.tried) {
            self.wait = self.wait.saturating_mul(2).min(self.longest);
            self.again_at = now.checked_add(self.wait).unwrap_or(now);
        }
    }

    /// Whether it refuses is as unknown as before.
    pub(super) fn found_nothing_out(&mut self) {
        self.tried = false;
    }

    /// Somebody is heard from there: it may be tried at once. Where others talk as well, that is no proof, and much is said:
    /// only after a part of the wait.
    pub(super) fn hears(&mut self, in_public: bool, now: Instant) -> bool {
        let heard_from = if in_public { self.again_at.checked_sub(self.wait - self.wait / 20) } else { None };
        let opens = self.waits(now) && heard_from.is_none_or(|from| now >= from);
        if opens {
            self.again_at = now;
        }
        opens
    }
}

/// A platform that lets nothing of the bot through.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) shut: Shut,
    /// Whether the bot itself is not known any more.
    is_token: bool,
}

impl Gate {
    /// The token is not accepted. Said once.
    pub(super) fn shut_out(reason: &str, before: Option<Self>, now: Instant) -> Self {
        if !before.is_some_and(|gate| gate.is_token) {
            figures::left_alone("token");
            tracing::error!(
                reason,
                "nothing is sent any more until the token is accepted again; what is to be sent waits"
            );
        }
        Self { shut: Shut::new(reason, TOKEN_TRY, TOKEN_TRY, now), is_token: true }
    }

    /// One place after the other refuses.
    pub(super) fn refused(reason: &str, now: Instant) -> Self {
        figures::left_alone("platform");
        tracing::error!(reason, "one place after the other refuses; what is to be sent waits, and is tried one by one");
        Self { shut: Shut::new(reason, FIRST_GATE_TRY, LAST_GATE_TRY, now), is_token: false }
    }

    /// The same after another try; none, where it was the token: whoever refuses something knows who asks.
    pub(super) fn refused_again(mut self, now: Instant) -> Option<Self> {
        self.shut.refused_again(now);
        (!self.is_token).then_some(self)
    }
}
