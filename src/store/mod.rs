//! What is remembered on disk: [`Store`], one trait with one contract (`tests/store_contract.rs`) for every database.
//!
//! A store keeps the promises of a message's path: what was received is durable before it is acknowledged, what was decided
//! is written as a whole or not at all, what is due happens once, what is sent is checked once more. It never decides.
//! Time is an argument everywhere; every call names the brand, and nothing of another brand is ever seen or touched.
//!
//! | file | idea |
//! |---|---|
//! | `records` | what goes in and comes out |
//! | `queue` | what waits and what could not be sent |
//! | `duty`, `sessions` | what processes share out: duties, and connections of which there are few |
//! | `tables` | whether the tables are those of this program |
//! | `error` | what can go wrong |
//! | `patience` | the store is not waited for for ever |
//! | `standing` | whether this process may act |
//! | `sqlite` | the trait on one SQLite file |
//! | `postgres` | the trait on PostgreSQL, for one process or many |
//! | `sql` | what both say in the same words |

mod duty;
mod error;
mod patience;
pub mod postgres;
mod queue;
mod records;
mod sessions;
pub mod sqlite;
mod standing;
mod tables;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::Notify;

pub use duty::Duty;
pub use error::StoreError;
pub use patience::{PATIENCE, in_time, patiently};
pub use postgres::Postgres;
pub use queue::*;
pub use records::*;
pub use sessions::*;
pub use sqlite::Sqlite;
pub use standing::Standing;
pub use tables::Tables;

use crate::engine::{Conversation, ConversationId, Delivery, Inbound, OutboxId, PersonId, Place, Press, Step};
use crate::voice::{BrandId, Platform};

/// The platform of events that come from within: no adapter has it, so no platform's number can meet theirs.
pub const OURSELVES: &str = "housevoice";

/// All rooms at once, but for what goes along a way of its own ([`Delivery::via`]): that is not under the limit of the bot.
pub const EVERYWHERE: &str = "*";

/// Where everything is kept. Every call is one transaction: done as a whole, durable when it returns, or not at all.
#[async_trait]
pub trait Store: Send + Sync {
    // ── what comes in ──

    /// Writes an event down under its unique key (brand, platform, event id) and finds or makes the person and the
    /// conversation it belongs to. Only when this has returned may the platform be told that the event has arrived.
    async fn receive(&self, inbound: &Inbound, now: Timestamp) -> Result<Received, StoreError>;

    /// A button was pressed: it is looked up, checked (this place, this person or an agent, in time, not used yet) and what
    /// it stands for is written down like any event.
    async fn press(&self, press: &Press, now: Timestamp) -> Result<Pressed, StoreError>;

    /// Keeps an event of which nothing is known, once.
    async fn keep_unknown(&self, unknown: &Unknown, now: Timestamp) -> Result<(), StoreError>;

    /// How far each place of a platform was read, where the platform counts its messages.
    async fn last_seen(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<LastSeen>, StoreError>;

    /// A place goes by another number from now on, with all places inside it (`number/…`).
    async fn renumber_place(
        &self,
        brand: &BrandId,
        platform: &Platform,
        from: &str,
        to: &str,
    ) -> Result<(), StoreError>;

    /// Every place that goes by another number by now, and that number.
    async fn renumbered(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>, StoreError>;

    /// Whether a post for the team, or the thread that it began, is about a case.
    async fn is_about_case(&self, brand: &BrandId, platform: &Platform, post: &str) -> Result<bool, StoreError>;

    /// Posts for the team that are on their way to a platform, whichever process sends them: the team may see them already,
    /// and the numbers that the platform gave them are not known yet.
    async fn posts_on_their_way(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<OutboxId>, StoreError>;

    /// Whether the conversation with somebody in a place waits for a person or has one, by the platform's numbers of both.
    async fn is_attended(
        &self,
        brand: &BrandId,
        platform: &Platform,
        user: &str,
        place: &str,
    ) -> Result<bool, StoreError>;

    /// How many events of each brand wait to be handled; brands without any are left out.
    async fn waiting_by_brand(&self) -> Result<Vec<(BrandId, u64)>, StoreError>;

    /// The oldest event of each conversation that waits to be handled and that no other process works on, oldest first, at
    /// most `limit`. The conversations are this process's until it has said what became of the events.
    async fn waiting(&self, brand: &BrandId, now: Timestamp, limit: u32) -> Result<Vec<Waiting>, StoreError>;

    /// Lets go of conversations that were taken and that nothing is done about, so that other processes have them at once.
    /// `except`: those that are worked on. Says how many.
    async fn let_go(&self, except: &[ConversationId]) -> Result<u64, StoreError>;

    /// An event with all that the step needs; `None` when it was dealt with or erased meanwhile.
    async fn load(&self, brand: &BrandId, inbox: InboxId, now: Timestamp) -> Result<Option<Loaded>, StoreError>;

    /// Writes down what came of an event: state, transcript, outbox, case, timers, notes, decision, facts, "handled".
    async fn commit(&self, loaded: &Loaded, step: &Step, stamp: &Stamp) -> Result<Committed, StoreError>;

    /// Marks an event as handled without a step: it no longer applies.
    async fn skip(&self, brand: &BrandId, inbox: InboxId, why: &str, now: Timestamp) -> Result<(), StoreError>;

    /// Remembers that an event could not be handled: it is tried again later, or set aside. `None` when it
    /// was dealt with meanwhile.
    async fn stumbled(
        &self,
        brand: &BrandId,
        inbox: InboxId,
        stumble: &Stumble,
    ) -> Result<Option<Stumbled>, StoreError>;

    // ── who works ──

    /// Says that this process works from now on. Rows that a crash left half sent are taken up again: they may have reached
    /// the platform, so they come with [`Delivery::unsure`], and the adapter looks for them before it sends them again. A
    /// database for one process refuses a second one; in one for many, this process gets a new name, unless it works already.
    async fn begin_serving(&self) -> Result<(), StoreError>;

    /// Says again that this process works, well before [`Store::standing`] ends, and takes up what others have left that
    /// are dead. False: the others have taken this one for dead; it must let go of everything and begin anew.
    async fn stay(&self) -> Result<bool, StoreError>;

    /// Says that this process works no longer: the others take over at once.
    async fn leave(&self) -> Result<(), StoreError>;

    /// Until when this process may act. To be taken before rows are claimed, and asked again at each step of sending them.
    fn standing(&self) -> Standing;

    /// Takes on what one process at a time does, or keeps it; false: another one that works has it.
    async fn take_duty(&self, duty: &Duty) -> Result<bool, StoreError>;

    /// Duties that a process has which works, by what they are written as; none where there is one process.
    async fn duties_taken(&self) -> Result<BTreeSet<String>, StoreError>;

    /// Leaves a duty to others.
    async fn give_up_duty(&self, duty: &Duty) -> Result<(), StoreError>;

    /// Asks to begin a session with a platform, a connection of which it allows few: it is written down and may be begun, or
    /// it may not yet. Decided for one after the other, whichever process asks.
    async fn begin_session(
        &self,
        duty: &Duty,
        terms: &SessionTerms,
        now: Timestamp,
    ) -> Result<BeginSession, StoreError>;

    /// What became of a session that was to be begun.
    async fn session_became(
        &self,
        duty: &Duty,
        id: SessionId,
        became: SessionBecame,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// When sessions of this part were begun since a moment, the oldest first; a day is remembered.
    async fn sessions_since(&self, duty: &Duty, since: Timestamp) -> Result<Vec<Timestamp>, StoreError>;

    /// Lets go of every connection; nothing can be asked any more.
    async fn close(&self);

    /// Whether any process works at the moment, this one or another.
    async fn is_served(&self) -> Result<bool, StoreError>;

    /// How many processes work, this one included.
    async fn at_work(&self) -> Result<u32, StoreError>;

    /// Woken when another process has written something down; none: there is no other. News can get lost.
    fn news(&self) -> Option<Arc<Notify>>;

    /// Tells other processes that something was written down.
    fn tell_news(&self);

    /// Brands of which an event waits to be handled.
    async fn brands_with_work(&self, now: Timestamp) -> Result<Vec<BrandId>, StoreError>;

    /// Brands of which a timer is due.
    async fn brands_with_timers(&self, now: Timestamp) -> Result<Vec<BrandId>, StoreError>;

    /// Ways out where something waits to leave.
    async fn exits_with_work(&self, now: Timestamp) -> Result<Vec<(BrandId, Platform)>, StoreError>;

    // ── what is due ──

    /// Turns every timer that is due into an event of its conversation, each exactly once; says how many.
    async fn fire_due(&self, brand: &BrandId, now: Timestamp) -> Result<u64, StoreError>;

    /// When the next timer is due.
    async fn next_due(&self, brand: &BrandId) -> Result<Option<Timestamp>, StoreError>;

    // ── what goes out ──

    /// Takes the next rows to send to a platform: by lane, then by age; of each conversation and audience the oldest only, and
    /// of each room one. In the same transaction, automatic messages that another owner or a later epoch has overtaken are
    /// set aside as superseded; safety words never are. `resting`: rooms ([`Delivery::room`]) that nothing may be sent to for
    /// the moment; [`EVERYWHERE`] for all of them.
    async fn claim(
        &self,
        brand: &BrandId,
        platform: &Platform,
        now: Timestamp,
        at_most: usize,
        resting: &[String],
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Puts rows back that this process holds without knowing it: the answer of the store got lost when they were claimed, or
    /// they are left of an earlier duty. `except`: what it knows of. Whether they were sent is not known. Says how many.
    async fn put_back_unheard(
        &self,
        brand: &BrandId,
        platform: &Platform,
        except: &[OutboxId],
    ) -> Result<u64, StoreError>;

    /// A row was sent; with the platform's number of the message, where there is one.
    async fn delivered(
        &self,
        brand: &BrandId,
        id: OutboxId,
        message_id: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// What was sent went to another place, where the conversation goes on: a thread that was opened for it.
    async fn moved(&self, brand: &BrandId, conversation: ConversationId, to: &Place) -> Result<(), StoreError>;

    /// A row that was claimed is not sent, because it would come too late; it counts as superseded. When it was a message to
    /// the customer, its conversation gets the event in the same transaction.
    async fn out_of_date(&self, brand: &BrandId, id: OutboxId, now: Timestamp) -> Result<(), StoreError>;

    /// How far a row on its way got, where that takes several calls of the platform; it comes with the row when that is
    /// tried again, by this process or another.
    async fn note_progress(&self, brand: &BrandId, id: OutboxId, progress: &str) -> Result<(), StoreError>;

    /// A row could not be sent this time.
    async fn retry(&self, brand: &BrandId, id: OutboxId, retry: &Retry) -> Result<(), StoreError>;

    /// A row cannot be sent. When it was a message to the customer, its conversation gets the event in the same transaction.
    async fn failed(&self, brand: &BrandId, id: OutboxId, failed: &Failed, now: Timestamp) -> Result<(), StoreError>;

    // ── what waits, and what could not be sent ──

    /// What was given up, waits to be tried again, or came too late, the oldest first.
    async fn unsent(&self, brand: &BrandId) -> Result<Vec<Unsent>, StoreError>;

    /// Lets something leave once more that was given up, with what is known of its tries. Another process may serve: the
    /// row is claimed by it, and checked like any other when it is.
    async fn put_back(&self, brand: &BrandId, id: OutboxId, now: Timestamp) -> Result<PutBack, StoreError>;

    /// How much waits, of every brand at once, for figures.
    async fn depths(&self) -> Result<Depths, StoreError>;

    // ── what people ask for ──

    /// Every conversation with a person, the oldest first: with [`Store::transcript`], what is known of them.
    async fn conversations(&self, brand: &BrandId, person: PersonId) -> Result<Vec<ConversationId>, StoreError>;

    /// A conversation as it stands.
    async fn conversation(&self, brand: &BrandId, id: ConversationId) -> Result<Option<Conversation>, StoreError>;

    /// How the last step of a conversation was decided.
    async fn last_why(&self, brand: &BrandId, id: ConversationId) -> Result<Option<Decided>, StoreError>;

    /// Every line of a conversation, oldest first.
    async fn transcript(&self, brand: &BrandId, id: ConversationId) -> Result<Vec<Line>, StoreError>;

    /// What the team wrote about a conversation for itself, oldest first.
    async fn notes(&self, brand: &BrandId, id: ConversationId) -> Result<Vec<Note>, StoreError>;

    /// Cases that wait for a person or have one, the most urgent first, then the oldest.
    async fn open_cases(&self, brand: &BrandId) -> Result<Vec<OpenCase>, StoreError>;

    /// What happened from one moment (included) to another (excluded), oldest first.
    async fn facts(&self, brand: &BrandId, from: Timestamp, to: Timestamp) -> Result<Vec<LoggedFact>, StoreError>;

    /// Events that were set aside because they could not be handled, oldest first.
    async fn parked(&self, brand: &BrandId) -> Result<Vec<Parked>, StoreError>;

    /// The person behind a platform's number.
    async fn person(&self, brand: &BrandId, platform: &Platform, user: &str) -> Result<Option<PersonId>, StoreError>;

    // ── what must go ──

    /// Removes all that is known of a person; counts stay. What the platforms may deliver again from before is not stored
    /// again. `None` when there is no such person.
    async fn erase_person(
        &self,
        brand: &BrandId,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Option<Erased>, StoreError>;

    /// Removes what is older than it may be; what is still open or on its way stays.
    async fn apply_retention(
        &self,
        brand: &BrandId,
        limits: &[Limit],
        now: Timestamp,
    ) -> Result<Vec<Dropped>, StoreError>;
}
