//! How often a platform lets a bot send, as its documentation says. An adapter declares it; whoever hands it deliveries keeps
//! to it, so that the platform need not say no.

use std::time::Duration;

/// So many within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many, at most.
    pub at_most: u32,
    /// In any stretch of this length.
    pub within: Duration,
}

/// What a platform lets a bot send.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// In all, but for what goes along a way of its own ([`crate::engine::Delivery::via`]).
    pub bot: &'static [Rate],
    /// Into one room ([`crate::engine::Delivery::room`]), by the room's number.
    pub room: fn(room: &str) -> &'static [Rate],
    /// Whether the platform says when it is the bot as a whole that sends too much, and not to one room.
    pub tells_whose: bool,
}

impl Limits {
    /// A platform that takes whatever comes.
    pub const NONE: Self = Self { bot: &[], room: |_| &[], tells_whose: true };
}
