//! Everything that can be done now, one thing after the other and always in the same order: for the plain terminal, for
//! dialogues as tests.

use jiff::SignedDuration;

use super::{Bot, Handled};
use crate::store::{StoreError, Waiting};
use crate::voice::BrandId;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Events that were stepped.
    pub handled: u64,
    /// Events that were set aside.
    pub parked: u64,
    /// Rows of the outbox that were tried.
    pub tried: u64,
}

/// Events after which draining stops, in case each makes another.
const AT_MOST: u64 = 100_000;

impl Bot {
    /// Handles what waits, oldest first, with what is due, and delivers what comes of each before the next, until nothing
    /// can be done at this moment. Not to be called while [`Bot::run`] is at work.
    ///
    /// # Errors
    /// When the store cannot be used.
    pub async fn drain_until_idle(&self) -> Result<Drained, StoreError> {
        self.store.begin_serving().await?;
        let mut done = Drained::default();
        self.deliver_all(&mut done).await?;
        while done.handled + done.parked < AT_MOST {
            let now = self.clock.now();
            for brand in self.brand_ids() {
                while self.store.fire_due(&brand, now).await? > 0 {}
            }
            let Some((brand, waiting)) = self.oldest_waiting().await? else { return Ok(done) };
            match self.handle_again_after(&brand, waiting.inbox, SignedDuration::ZERO).await? {
                Handled::Done => done.handled += 1,
                Handled::Parked => done.parked += 1,
                Handled::Stale | Handled::Gone | Handled::Again => {}
            }
            self.deliver_all(&mut done).await?;
        }
        tracing::error!(events = AT_MOST, "draining stopped: there was always one more event");
        Ok(done)
    }

    async fn oldest_waiting(&self) -> Result<Option<(BrandId, Waiting)>, StoreError> {
        let mut oldest: Option<(BrandId, Waiting)> = None;
        for brand in self.brand_ids() {
            let first = self.store.waiting(&brand, self.clock.now(), 1).await?.into_iter().next();
            if let Some(first) = first
                && oldest.as_ref().is_none_or(|(_, waiting)| first.inbox < waiting.inbox)
            {
                oldest = Some((brand, first));
            }
        }
        Ok(oldest)
    }

    async fn deliver_all(&self, done: &mut Drained) -> Result<(), StoreError> {
        for ((brand, platform), exit) in &self.exits {
            while let Some(delivery) = self.store.claim(brand, platform, self.clock.now(), 1, &[]).await?.first() {
                done.tried += 1;
                self.deliver(&exit.adapter, delivery).await?;
            }
        }
        Ok(())
    }
}
