//! Platforms at the edge. What comes in is made ours by a pure function, what goes out is made theirs by another; only
//! [`Adapter::send`] and [`Live`] talk to anybody. Wire types never leave an adapter's file.
//!
//! | file | idea |
//! |---|---|
//! | `console` | the terminal |
//! | `telegram` | Telegram's Bot API |
//! | `discord` | Discord: REST and gateway |
//! | `staff` | posts for the team as structured text, and what the team types |
//! | `ahead` | how far the machine's clock is from a platform's |
//! | `limits` | how often a platform lets a bot send |
//! | `sessions` | connections that are begun anew, of which platforms allow few |
//! | `split` | a text that is too long for one message, in several |
//!
//! `docs/adapters.md` shows how to add one.

mod ahead;
pub mod console;
pub mod discord;
mod limits;
mod sessions;
pub mod split;
pub mod staff;
pub mod telegram;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use tokio_util::sync::CancellationToken;

pub use limits::{Limits, Rate};
pub use sessions::{MayBegin, Part, SessionBecame, SessionNumber, SessionTerms};

use crate::engine::{Delivery, Inbound, OutboxId, Place, PlaceKind, Press, Step};
use crate::voice::{BrandId, Content, Line, Locale, Platform};

/// A platform of one brand. What it reads and writes is pure, so both are tested on recorded payloads.
#[async_trait]
pub trait Adapter: Send + Sync {
    /// The platform's event, as its library gives it.
    type Event: Sync;
    /// What the platform is asked to do.
    type Request: Send;

    /// Makes an event ours: nothing for what concerns nobody here, several where one thing means two (one of the team
    /// answers a customer in public: a message in the place, and the customer's case is theirs).
    fn inbound(&self, event: &Self::Event) -> Vec<Incoming>;

    /// Makes a delivery theirs.
    fn outbound(&self, delivery: &Delivery) -> Self::Request;

    /// How often the platform lets the bot send.
    fn limits(&self) -> Limits {
        Limits::NONE
    }

    /// How many messages a request is, as the limit of a room counts them.
    fn weight(&self, _request: &Self::Request) -> u32 {
        1
    }

    /// Asks the platform.
    async fn send(&self, request: Self::Request) -> Result<Sent, SendError>;

    /// A step was taken upon an event that came from here, and written down: for what shows that the bot is at work. `via`:
    /// how its sender can be answered, where the event brought that along. What is said goes through [`Adapter::send`].
    /// Must not block.
    fn stepped(&self, _inbound: &Inbound, _via: Option<&str>, _step: &Step) {}
}

/// What comes in from a platform.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// Something happened to a conversation.
    Event(Inbound),
    /// A button was pressed.
    Press(Press),
    /// Something that nothing is known of; kept as it came.
    Unknown(UnknownEvent),
    /// A place goes by another number from now on, with all places inside it.
    Renumbered {
        /// Whose.
        brand: BrandId,
        /// Where.
        platform: Platform,
        /// The number so far.
        from: String,
        /// The number from now on.
        to: String,
    },
}

/// An event of which nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEvent {
    /// Whose.
    pub brand: BrandId,
    /// Where from.
    pub platform: Platform,
    /// The platform's own number for it.
    pub event_id: String,
    /// What the platform calls the kind of it.
    pub kind: String,
    /// The platform's number of whoever caused it, where one can be found.
    pub by: Option<String>,
    /// All of it, as it came.
    pub payload: String,
}

/// Takes in what comes from platforms. The bot is one.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Writes down what came in. Only when this has returned may the platform be told that it has arrived.
    ///
    /// # Errors
    /// When it cannot be written down: it must then not be acknowledged.
    async fn take(&self, incoming: &Incoming) -> Result<Taken, NotTaken>;

    /// How far each place was read.
    ///
    /// # Errors
    /// When the store cannot be used.
    async fn last_seen(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<ReadUpTo>, NotTaken>;

    /// Whether the team talks about a case there: under this post, or in this thread.
    ///
    /// # Errors
    /// When the store cannot be used.
    async fn is_about_case(&self, brand: &BrandId, platform: &Platform, post: &str) -> Result<bool, NotTaken>;

    /// Has it written down how far a delivery got that takes several calls: it comes with the delivery when that is tried
    /// again, whichever process does it.
    ///
    /// # Errors
    /// When it cannot be written down.
    async fn note_progress(&self, brand: &BrandId, id: OutboxId, progress: &str) -> Result<(), NotTaken>;

    /// Every place that goes by another number by now: the number so far, and the one from then on.
    ///
    /// # Errors
    /// When the store cannot be used.
    async fn renumbered(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>, NotTaken>;

    /// How long ago each session of a part was begun, of those within a time, the oldest first.
    ///
    /// # Errors
    /// When the store cannot be used.
    async fn sessions(&self, part: &Part, within: SignedDuration) -> Result<Vec<SignedDuration>, NotTaken>;

    /// Asks to begin a session. It may be begun only when this says so: all processes are asked one after the other.
    ///
    /// # Errors
    /// When the store cannot be used: none may be begun then.
    async fn begin_session(&self, part: &Part, terms: &SessionTerms) -> Result<MayBegin, NotTaken>;

    /// Says what became of a session that could be begun.
    ///
    /// # Errors
    /// When the store cannot be used.
    async fn session_became(&self, part: &Part, number: SessionNumber, became: SessionBecame) -> Result<(), NotTaken>;

    /// Words of the brand's voice outside of a conversation; empty when the brand is not in service.
    fn notice(&self, brand: &BrandId, line: Line, locale: Option<&Locale>) -> Content;
}

/// How far a place was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadUpTo {
    /// The platform's number of the place.
    pub place: String,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// The platform's number of its newest message that was taken in.
    pub message: String,
}

/// What became of something that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is written down and will be handled.
    Kept,
    /// It had come before, or concerns nobody any more.
    Known,
    /// There is too much of it: it is acknowledged, and neither kept nor answered.
    Shed,
    /// It was done where the team works, and belongs to no case: nobody gets it.
    NoCase,
    /// A button that does nothing: whoever pressed it is told so, and nobody else.
    Refused(Line),
}

/// Why something could not be taken in. For operators; holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotTaken(pub String);

/// What came of sending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The platform's number of the message, where it gives one. Of the first post about a case: that of the thread in
    /// which the team talks about it.
    pub message_id: Option<String>,
    /// Where the conversation goes on, when it was sent somewhere else: a thread that was opened for it.
    pub moved_to: Option<Place>,
}

impl Sent {
    /// A message with a number.
    pub fn message(id: impl fmt::Display) -> Self {
        Self { message_id: Some(id.to_string()), moved_to: None }
    }
}

/// Why something could not be sent. The reasons are for operators and hold no personal data and no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Not now: the network, the platform's own trouble, a rate limit.
    #[error("not sent this time: {reason}")]
    Later {
        /// What the platform said.
        reason: String,
        /// How long it asks for nothing to be sent into this room.
        retry_after: Option<SignedDuration>,
    },
    /// Not now, and nothing else of this bot either: the platform asks it to be quiet.
    #[error("nothing is sent for the moment: {reason}")]
    Quiet {
        /// What the platform said.
        reason: String,
        /// For how long.
        retry_after: SignedDuration,
    },
    /// Nothing of this bot, until somebody mends it: its token is not accepted.
    #[error("the bot is shut out: {reason}")]
    ShutOut {
        /// What the platform said.
        reason: String,
    },
    /// Not now, but it may have reached the platform all the same: the answer got lost. It comes again with
    /// [`Delivery::unsure`].
    #[error("perhaps sent: {reason}")]
    Unsure {
        /// What happened.
        reason: String,
        /// How long the platform asks to be left alone.
        retry_after: Option<SignedDuration>,
    },
    /// Never: blocked, removed, gone. Nothing can be sent there.
    #[error("cannot be sent: {reason}")]
    Never {
        /// What the platform said.
        reason: String,
    },
    /// Not this message, as it is: it is the message that the platform does not take. Others can be sent.
    #[error("is refused: {reason}")]
    Refused {
        /// What the platform said.
        reason: String,
    },
}

/// The face of an [`Adapter`] that the bot sees: whatever its wire types are.
#[async_trait]
pub trait Deliver: Send + Sync {
    /// How often the platform lets the bot send.
    fn limits(&self) -> Limits {
        Limits::NONE
    }

    /// How many messages a delivery is, as the limit of a room counts them.
    fn weight(&self, _delivery: &Delivery) -> u32 {
        1
    }

    /// Sends a delivery.
    async fn deliver(&self, delivery: &Delivery) -> Result<Sent, SendError>;

    /// As [`Adapter::stepped`].
    fn stepped(&self, _inbound: &Inbound, _via: Option<&str>, _step: &Step) {}
}

#[async_trait]
impl<A: Adapter> Deliver for A {
    fn limits(&self) -> Limits {
        Adapter::limits(self)
    }

    fn weight(&self, delivery: &Delivery) -> u32 {
        Adapter::weight(self, &self.outbound(delivery))
    }

    async fn deliver(&self, delivery: &Delivery) -> Result<Sent, SendError> {
        let request = self.outbound(delivery);
        self.send(request).await
    }

    fn stepped(&self, inbound: &Inbound, via: Option<&str>, step: &Step) {
        Adapter::stepped(self, inbound, via, step);
    }
}

/// A platform that is out there: the part of an adapter that holds sockets.
#[async_trait]
pub trait Live: Deliver {
    /// Finds out whether all is as it must be: the token, what the bot may see and do, the places that it is told of.
    /// Needed once before [`Live::listen`]. Changes nothing there: another process may be the one that serves.
    async fn check(&self, intake: &dyn Intake) -> Checked;

    /// Over how many connections the bot is heard, at least one. Each is kept by one process at a time; a process may keep
    /// several.
    fn parts(&self) -> u32 {
        1
    }

    /// Takes in what happens on one connection, counted from 0, until it is told to stop.
    ///
    /// # Errors
    /// When the platform refuses it, to this process and any other: the token was withdrawn, another program took the
    /// connection. It is asked again after a while, because people mend such things.
    async fn listen(self: Arc<Self>, part: u32, intake: Arc<dyn Intake>, stop: CancellationToken) -> Result<(), Ended>;

    /// Sees to what every process has to do, whether it listens or not, until it is told to stop.
    async fn attend(self: Arc<Self>, _intake: Arc<dyn Intake>, _stop: CancellationToken) {}

    /// What the platform calls by itself, as routes for the web server; none where the bot does the asking.
    fn routes(self: Arc<Self>, _intake: Arc<dyn Intake>) -> Option<axum::Router> {
        None
    }

    /// Whether what happens on a connection is heard at the moment.
    fn is_connected(&self, part: u32) -> bool;
}

/// What was found out about a platform of a brand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Whose bot it is and where it is found, in one line each: its name, an address to invite it by.
    pub facts: Vec<String>,
    /// What is not as it must be, worst first.
    pub problems: Vec<Problem>,
    /// How far the clock of this machine is ahead of the platform's, where an answer told its time.
    pub ahead: Option<SignedDuration>,
}

/// Something that is not as it must be: one sentence, with what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether the bot cannot work at all like this.
    pub fatal: bool,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl Checked {
    /// Adds something without which the bot cannot work.
    pub fn fatal(&mut self, sentence: impl Into<String>) {
        let at = self.problems.iter().take_while(|problem| problem.fatal).count();
        self.problems.insert(at, Problem { fatal: true, sentence: sentence.into() });
    }

    /// Adds something that the operator should mend.
    pub fn warn(&mut self, sentence: impl Into<String>) {
        self.problems.push(Problem { fatal: false, sentence: sentence.into() });
    }
}

/// Why a platform cannot be listened to, until somebody mends it: one sentence, with what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Ended(pub String);
