//! Who sees what happens: an observer of the steps, and the platform, which does as it is told.

use std::sync::Arc;

use async_trait::async_trait;
use housevoice::adapters::{Adapter, Incoming, SendError, Sent};
use housevoice::bot::{Clock, ManualClock, Observer};
use housevoice::engine::*;
use jiff::SignedDuration;

use super::ledger::Shared;
use super::ops::Answer;

/// Sees every step.
pub struct Watch {
    pub ledger: Shared,
    pub clock: Arc<ManualClock>,
}

impl Observer for Watch {
    fn stepped(&self, inbound: &Inbound, step: &Step) {
        let mut ledger = self.ledger.lock().unwrap();
        let at = self.clock.now();
        match &mut ledger.race {
            Some(race) => race.push((inbound.clone(), step.clone(), at)),
            None => ledger.stepped(inbound, step, at),
        }
    }
}

/// The platform as one brand's adapter reaches it.
pub struct Platform {
    pub brand: usize,
    pub ledger: Shared,
    pub clock: Arc<ManualClock>,
}

/// The platform's number of what was sent as this row.
pub fn number_of(id: OutboxId) -> String {
    (1_000_000 + id.0).to_string()
}

#[async_trait]
impl Adapter for Platform {
    type Event = Inbound;
    type Request = Delivery;

    fn inbound(&self, event: &Inbound) -> Vec<Incoming> {
        vec![Incoming::Event(event.clone())]
    }

    fn outbound(&self, delivery: &Delivery) -> Delivery {
        delivery.clone()
    }

    async fn send(&self, request: Delivery) -> Result<Sent, SendError> {
        let answer = self.ledger.lock().unwrap().ask(self.brand, &request, self.clock.now());
        let (reason, retry_after) = ("told to".to_owned(), Some(SignedDuration::from_secs(20)));
        match answer {
            Answer::Sent => Ok(Sent::message(number_of(request.id))),
            Answer::Later => Err(SendError::Later { reason, retry_after }),
            Answer::Unsure => Err(SendError::Unsure { reason, retry_after }),
            Answer::Never => Err(SendError::Never { reason }),
            Answer::Refused => Err(SendError::Refused { reason }),
        }
    }
}
