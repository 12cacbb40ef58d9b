//! Platforms at the edge. What comes in is made ours by a pure function, what goes out is made theirs by another; only
//! [`Adapter::send`] talks to anybody. Wire types never leave an adapter's file.

pub mod console;

use async_trait::async_trait;
use jiff::SignedDuration;

use crate::engine::{Delivery, Inbound};

/// A platform of one brand. What it reads and writes is pure, so both are tested on recorded payloads.
#[async_trait]
pub trait Adapter: Send + Sync {
    /// The platform's event, as its library gives it.
    type Event: Sync;
    /// What the platform is asked to do.
    type Request: Send;

    /// Makes an event ours; `None` for what concerns nobody here.
    fn inbound(&self, event: &Self::Event) -> Option<Inbound>;

    /// Makes a delivery theirs.
    fn outbound(&self, delivery: &Delivery) -> Self::Request;

    /// Asks the platform.
    async fn send(&self, request: Self::Request) -> Result<Sent, SendError>;
}

/// What came of sending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The platform's number of the message, where it gives one.
    pub message_id: Option<String>,
}

/// Why something could not be sent. The reasons are for operators and hold no personal data and no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Not now: the network, the platform's own trouble, a rate limit.
    #[error("not sent this time: {reason}")]
    Later {
        /// What the platform said.
        reason: String,
        /// How long it asks to be left alone.
        retry_after: Option<SignedDuration>,
    },
    /// Never: blocked, removed, gone.
    #[error("cannot be sent: {reason}")]
    Never {
        /// What the platform said.
        reason: String,
    },
}

/// The face of an [`Adapter`] that the bot sees: whatever its wire types are.
#[async_trait]
pub trait Deliver: Send + Sync {
    /// Sends a delivery.
    async fn deliver(&self, delivery: &Delivery) -> Result<Sent, SendError>;
}

#[async_trait]
impl<A: Adapter> Deliver for A {
    async fn deliver(&self, delivery: &Delivery) -> Result<Sent, SendError> {
        let request = self.outbound(delivery);
        self.send(request).await
    }
}
