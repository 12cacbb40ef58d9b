//! One row of the outbox: send it, record what became of it; try again later and later; give up at last.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use super::rooms::Outcome;
use super::{Bot, figures};
use crate::adapters::{Deliver, SendError, Sent};
use crate::crash;
use crate::engine::{Body, Delivery, Lane, Place, SaidBy};
use crate::store::{Failed, Retry, Standing, StoreError, patiently};

/// The first wait before sending again; it doubles with every try.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(1);
/// The shortest wait that a platform can ask for.
const SHORTEST_WAIT: SignedDuration = SignedDuration::from_millis(100);
/// The longest wait before sending again.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// When something is given up that could not be sent.
const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// When a post for the team is given up: a case that nobody could be shown is worse than a late one.
const GIVE_UP_STAFF_AFTER: SignedDuration = SignedDuration::from_hours(14 * 24);
/// How long to wait before a desk that refuses is tried again.
const DESK_WAIT: SignedDuration = SignedDuration::from_secs(20);
/// How long a platform may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long to wait when the store cannot take down what was sent.
const STORE_WAIT: Duration = Duration::from_secs(1);

impl Bot {
    /// Sends a row that was claimed, and records what became of it.
    pub(super) async fn deliver(&self, adapter: &Arc<dyn Deliver>, delivery: &Delivery) -> Result<(), StoreError> {
        let sent = self.send(adapter, delivery, &self.store.standing()).await;
        self.record(delivery, &sent).await
    }

    /// Records what came of a row, and does not let go while the store is in trouble: what was sent and not recorded would be
    /// sent twice. Says whether it is recorded.
    pub(super) async fn record_surely(&self, delivery: &Delivery, tried: &Tried, stopping: impl Fn() -> bool) -> bool {
        loop {
            match patiently(self.record(delivery, tried)).await {
                Ok(()) => {
                    crash::point("recorded");
                    return true;
                }
                Err(error) if error.passes() && !stopping() => {
                    tracing::warn!(brand = %delivery.brand, outbox = delivery.id.0, %error, "what was sent is not recorded yet");
                    tokio::time::sleep(STORE_WAIT).await;
                }
                Err(error) => {
                    tracing::error!(brand = %delivery.brand, outbox = delivery.id.0, %error, "what was sent is not recorded");
                    return false;
                }
            }
        }
    }

    /// Sends a row that was claimed.
    pub(super) async fn send(&self, adapter: &Arc<dyn Deliver>, delivery: &Delivery, standing: &Standing) -> Tried {
        let tried =
            if self.comes_too_late(delivery) { Tried::TooLate } else { send(adapter, delivery, standing).await };
        figures::tried(delivery, tried.name());
        if let Some(reason) = tried.why_not_yet(&delivery.body) {
            figures::not_yet(delivery, reason);
        }
        if matches!(tried, Tried::Sent(Ok(_))) {
            let after = self.clock.now().duration_since(delivery.decided_at);
            if matches!(delivery.body, Body::Send(_)) {
                self.guard.answered(delivery, self.clock.now());
            }
            figures::sent_after(delivery, Duration::try_from(after).unwrap_or_default());
        }
        tried
    }

    /// After an outage, a public place is not flooded with answers to what nobody asks any more.
    fn comes_too_late(&self, delivery: &Delivery) -> bool {
        let answers = match &delivery.body {
            Body::Send(outgoing) => outgoing.by == SaidBy::Bot && outgoing.lane == Lane::Answer,
            Body::React { .. } => true,
            Body::Staff(_) => false,
        };
        let old = self.clock.now().duration_since(delivery.decided_at);
        answers
            && delivery.place.kind.is_public()
            && self.served(&delivery.brand).is_some_and(|served| old > served.too_old_in_public())
    }

    /// The conversation goes on elsewhere. That it cannot, because it has begun there meanwhile, is no reason not to record
    /// what was sent.
    async fn moved(&self, delivery: &Delivery, place: &Place) -> Result<(), StoreError> {
        for _ in 0..2 {
            match self.store.moved(&delivery.brand, delivery.conversation, place).await {
                Ok(()) => return Ok(()),
                Err(error) if error.passes() => return Err(error),
                Err(error) => {
                    tracing::warn!(brand = %delivery.brand, outbox = delivery.id.0, %error, "a conversation could not be moved");
                }
            }
        }
        Ok(())
    }

    async fn record(&self, delivery: &Delivery, tried: &Tried) -> Result<(), StoreError> {
        let (brand, id, now) = (&delivery.brand, delivery.id, self.clock.now());
        match tried {
            Tried::Left => {
                tracing::warn!(%brand, outbox = id.0, "left to another process");
                Ok(())
            }
            Tried::TooLate => {
                self.store.out_of_date(brand, id, now).await?;
                // Its conversation is told.
                self.wake(brand);
                Ok(())
            }
            Tried::HasToWait(wait) => {
                let not_before = now.saturating_add(*wait).unwrap_or(now);
                let unsure = delivery.unsure.is_some();
                self.store.retry(brand, id, &Retry { error: "its room is full".to_owned(), not_before, unsure }).await
            }
            Tried::Sent(Ok(sent)) => {
                if let Some(place) = &sent.moved_to {
                    self.moved(delivery, place).await?;
                }
                self.store.delivered(brand, id, sent.message_id.as_deref(), now).await
            }
            Tried::Sent(Err(SendError::Later { reason, retry_after })) => {
                self.try_again(delivery, reason, wait_for(delivery, *retry_after), false).await
            }
            Tried::Sent(Err(SendError::Quiet { reason, retry_after })) => {
                self.try_again(delivery, reason, wait_for(delivery, Some(*retry_after)), false).await
            }
            // It waits for as long as it takes; whoever sends asks for nothing in the meantime.
            Tried::Sent(Err(SendError::ShutOut { reason })) => {
                let not_before = now.saturating_add(FIRST_WAIT).unwrap_or(now);
                let unsure = delivery.unsure.is_some();
                self.store.retry(brand, id, &Retry { error: reason.to_owned(), not_before, unsure }).await
            }
            Tried::Sent(Err(SendError::Unsure { reason, retry_after })) => {
                self.try_again(delivery, reason, wait_for(delivery, *retry_after), true).await
            }
            // The desk is mended by people: what they must see waits for that.
            Tried::Sent(Err(SendError::Never { reason })) if matches!(delivery.body, Body::Staff(_)) => {
                tracing::error!(%brand, outbox = id.0, reason, "the desk cannot be used; its posts wait");
                // What an earlier try may have opened there is looked for when the desk can be used again.
                let wait = wait_before_next(delivery.attempt).max(DESK_WAIT);
                self.try_again(delivery, reason, wait, delivery.unsure.is_some()).await
            }
            Tried::Sent(Err(SendError::Never { reason })) => self.give_up(delivery, reason, true, false).await,
            Tried::Sent(Err(SendError::Refused { reason })) => self.give_up(delivery, reason, false, false).await,
        }
    }

    async fn try_again(
        &self,
        delivery: &Delivery,
        reason: &str,
        wait: SignedDuration,
        unsure: bool,
    ) -> Result<(), StoreError> {
        let (brand, id, now) = (&delivery.brand, delivery.id, self.clock.now());
        let patience = if matches!(delivery.body, Body::Staff(_)) { GIVE_UP_STAFF_AFTER } else { GIVE_UP_AFTER };
        if now.duration_since(delivery.decided_at) >= patience {
            return self.give_up(delivery, reason, true, unsure).await;
        }
        tracing::warn!(%brand, outbox = id.0, attempt = delivery.attempt, unsure, reason, "not sent; trying again");
        let not_before = now.saturating_add(wait).unwrap_or(now);
        self.store.retry(brand, id, &Retry { error: reason.to_owned(), not_before, unsure }).await
    }

    async fn give_up(&self, delivery: &Delivery, reason: &str, gone: bool, unsure: bool) -> Result<(), StoreError> {
        tracing::error!(brand = %delivery.brand, outbox = delivery.id.0, gone, reason, "cannot be sent");
        let failed = Failed { reason: reason.to_owned(), gone, unsure };
        self.store.failed(&delivery.brand, delivery.id, &failed, self.clock.now()).await?;
        self.wake(&delivery.brand);
        Ok(())
    }
}

/// What came of a row that was claimed.
pub(super) enum Tried {
    /// The platform was asked.
    Sent(Result<Sent, SendError>),
    /// It would come too late; the platform was not asked.
    TooLate,
    /// It does not fit into its room for so long; the platform was not asked.
    HasToWait(SignedDuration),
    /// This process may not send any more; another one takes it up, and looks for what may have been sent.
    Left,
}

impl Tried {
    /// Its name, for figures.
    fn name(&self) -> &'static str {
        match self {
            Tried::Sent(Ok(_)) => "sent",
            Tried::Sent(Err(SendError::Later { .. } | SendError::Quiet { .. } | SendError::Unsure { .. })) => "later",
            Tried::Sent(Err(SendError::ShutOut { .. })) => "shut_out",
            Tried::HasToWait(_) => "has_to_wait",
            Tried::Sent(Err(SendError::Never { .. })) => "never",
            Tried::Sent(Err(SendError::Refused { .. })) => "refused",
            Tried::TooLate => "too_late",
            Tried::Left => "left",
        }
    }

    /// Why it is tried again, if it is, for figures.
    fn why_not_yet(&self, body: &Body) -> Option<&'static str> {
        match self {
            Tried::Sent(Err(SendError::Unsure { .. })) => Some("unsure"),
            Tried::Sent(Err(SendError::Later { retry_after: Some(_), .. } | SendError::Quiet { .. })) => {
                Some("asked_to_wait")
            }
            Tried::Sent(Err(SendError::Later { retry_after: None, .. })) => Some("trouble"),
            Tried::Sent(Err(SendError::ShutOut { .. })) => Some("token"),
            Tried::Sent(Err(SendError::Never { .. })) if matches!(body, Body::Staff(_)) => Some("desk"),
            Tried::Sent(Ok(_) | Err(SendError::Never { .. } | SendError::Refused { .. }))
            | Tried::TooLate
            | Tried::HasToWait(_)
            | Tried::Left => None,
        }
    }

    /// What it says of the room, the place and the bot.
    pub(super) fn outcome(&self) -> Outcome {
        let too_many = |wait: &SignedDuration, whole_bot| Outcome::TooMany {
            wait: Duration::try_from(*wait).unwrap_or_default(),
            whole_bot,
        };
        match self {
            Tried::Sent(Ok(_) | Err(SendError::Refused { .. })) => Outcome::Taken,
            Tried::Sent(Err(
                SendError::Later { retry_after: Some(wait), .. } | SendError::Unsure { retry_after: Some(wait), .. },
            )) => too_many(wait, false),
            Tried::Sent(Err(SendError::Quiet { retry_after, .. })) => too_many(retry_after, true),
            Tried::Sent(Err(SendError::Never { reason })) => Outcome::Refused(reason.clone()),
            Tried::Sent(Err(SendError::ShutOut { reason })) => Outcome::ShutOut(reason.clone()),
            Tried::Sent(Err(
                SendError::Later { retry_after: None, .. } | SendError::Unsure { retry_after: None, .. },
            ))
            | Tried::Left => Outcome::Trouble,
            Tried::TooLate | Tried::HasToWait(_) => Outcome::NotAsked,
        }
    }
}

/// Sends in a task of its own, so that an adapter that panics or hangs is one failed try.
async fn send(adapter: &Arc<dyn Deliver>, delivery: &Delivery, standing: &Standing) -> Tried {
    let (adapter, delivery) = (Arc::clone(adapter), delivery.clone());
    let standing = standing.clone();
    // Inside of the task, so that each step of it is asked whether it may be taken.
    let sending = async move { standing.within(tokio::time::timeout(PATIENCE, adapter.deliver(&delivery))).await };
    let sending = tokio::spawn(sending);
    // Whatever it had asked the platform before may have been done.
    let later = |reason: &str| Tried::Sent(Err(SendError::Unsure { reason: reason.to_owned(), retry_after: None }));
    match sending.await {
        Ok(Some(Ok(sent))) => Tried::Sent(sent),
        Ok(Some(Err(_))) => later("the platform did not answer in time"),
        Ok(None) => Tried::Left,
        Err(_) => later("the adapter panicked"),
    }
}

/// How long to wait: as long as the platform asks, no longer; longer and longer when it does not say.
fn wait_for(delivery: &Delivery, retry_after: Option<SignedDuration>) -> SignedDuration {
    retry_after.map_or_else(|| wait_before_next(delivery.attempt), |asked| asked.max(SHORTEST_WAIT))
}

/// How long to wait after the how-manieth try.
fn wait_before_next(attempt: u32) -> SignedDuration {
    let doubled = 1_i32.checked_shl(attempt.saturating_sub(1)).filter(|factor| *factor > 0);
    doubled.and_then(|factor| FIRST_WAIT.checked_mul(factor)).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_until_the_longest() {
        let waits: Vec<i64> = (1..=11).map(|attempt| wait_before_next(attempt).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(wait_before_next(0).as_secs(), 1);
        assert_eq!(wait_before_next(32), LONGEST_WAIT);
        assert_eq!(wait_before_next(u32::MAX), LONGEST_WAIT);
    }
}
