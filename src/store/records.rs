//! What goes into a store and comes out of it.

use jiff::{SignedDuration, Timestamp};

use crate::engine::{
    Agent, CaseId, Conversation, ConversationId, EventFact, Inbound, NoteText, Owner, PersonId, Place, PlaceKind, Said,
    Scene, Silence, Speaker, Why,
};
use crate::voice::{BrandId, Platform, Priority, TeamId};

/// The store's number of an event that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InboxId(pub i64);

/// What became of an event that came in. In every case it may be acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is written down and will be handled.
    Stored(InboxId, ConversationId),
    /// It had come before.
    Duplicate,
    /// It is from before its sender was erased, and is not kept.
    Erased,
    /// It names a conversation that this brand does not have.
    NoConversation,
}

/// What became of a button that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// What it stands for is written down and will be handled.
    Taken(InboxId, ConversationId),
    /// The same press had come before.
    Duplicate,
    /// It does nothing.
    Refused(PressRefused),
}

/// Why a button that was pressed does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressRefused {
    /// No such button here: forged, of another place or brand, or long gone.
    Unknown,
    /// It is there for somebody else.
    NotYours,
    /// It was pressed before.
    Used,
    /// It is too old.
    Expired,
}

/// An event of a platform that nothing is known of.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// Whose.
    pub brand: BrandId,
    /// Where from.
    pub platform: Platform,
    /// The platform's own number for it.
    pub event_id: String,
    /// What the platform calls the kind of it.
    pub kind: String,
    /// The platform's number of whoever caused it, where one can be found: to be erased with them.
    pub by: Option<String>,
    /// All of it, as it came.
    pub payload: String,
}

/// How far a place was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSeen {
    /// The platform's number of the place.
    pub place: String,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// The platform's number of the newest message that came in from there.
    pub message: String,
}

/// An event that waits to be handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub inbox: InboxId,
    /// Its conversation: one event at a time.
    pub conversation: ConversationId,
}

/// An event with all that the step needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The event's number.
    pub inbox: InboxId,
    /// The event; it belongs to the conversation by now.
    pub inbound: Inbound,
    /// How often handling it failed so far.
    pub attempts: u32,
    /// The conversation before the event.
    pub conversation: Conversation,
    /// How whoever caused the event can be answered at the moment, as [`crate::engine::To::Customer`] says.
    pub via: Option<String>,
    /// Under which post for the team it was done.
    pub post: Option<String>,
    /// What is remembered of the person, as stored.
    pub person_state: String,
    /// What the state was read as: a commit upon anything else is a conflict.
    pub versions: Versions,
    /// The moment and the place.
    pub scene: Scene,
}

impl Loaded {
    /// The same with nothing in the place but the moment: what was heard there is for the step alone, and it may be much.
    pub(super) fn without_what_was_heard(&self) -> Self {
        let Self { inbox, inbound, attempts, conversation, via, post, person_state, versions, scene } = self;
        Self {
            inbox: *inbox,
            inbound: inbound.clone(),
            attempts: *attempts,
            conversation: conversation.clone(),
            via: via.clone(),
            post: post.clone(),
            person_state: person_state.clone(),
            versions: *versions,
            scene: Scene::at(scene.now),
        }
    }
}

/// Versions of the two states that a step changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// Of the conversation.
    pub conversation: i64,
    /// Of the person.
    pub person: i64,
    /// How often the conversation has changed hands between processes.
    pub fence: i64,
}

/// When a step was taken, and by which voice.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// When.
    pub at: Timestamp,
    /// The version of the voice.
    pub voice: String,
    /// Where the brand's team works; none: on the platform of the conversation.
    pub desk: Option<Platform>,
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// All of it is written.
    Done,
    /// The state has changed since it was loaded: nothing is written, step again.
    Conflict,
    /// The event was handled, set aside or erased meanwhile: nothing is written.
    Gone,
}

/// That an event could not be handled.
#[derive(Clone, Debug)]
pub struct Stumble {
    /// Why, without any message text.
    pub error: String,
    /// When it happened.
    pub at: Timestamp,
    /// When it is tried again.
    pub again_at: Timestamp,
    /// After how many tries in all the event is set aside, so that the next one of its conversation can go on.
    pub tries: u32,
}

/// That something cannot be sent.
#[derive(Clone, Debug)]
pub struct Failed {
    /// Why, without any message text.
    pub reason: String,
    /// Whether nothing can be sent there any more; else it was this one message.
    pub gone: bool,
    /// Whether it may have reached the platform all the same.
    pub unsure: bool,
}

/// That something could not be sent this time.
#[derive(Clone, Debug)]
pub struct Retry {
    /// Why, without any message text.
    pub error: String,
    /// When it is tried again at the earliest.
    pub not_before: Timestamp,
    /// Whether it may have reached the platform all the same.
    pub unsure: bool,
}

/// What becomes of an event that could not be handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stumbled {
    /// It is tried again.
    Again,
    /// It is set aside.
    Parked,
}

/// An event that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// Its number.
    pub inbox: InboxId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// What kind of event.
    pub kind: String,
    /// When it was set aside.
    pub at: Timestamp,
    /// Why.
    pub error: String,
}

/// How a step was decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// How.
    pub why: Why,
    /// Why nothing was said, if so.
    pub silence: Option<Silence>,
    /// The version of the voice.
    pub voice: String,
}

/// One line of a transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Speaker,
    /// Which agent, when it was one.
    pub agent: Option<Agent>,
    /// The platform's number of the message, once there is one.
    pub message_id: Option<String>,
    /// The words.
    pub text: String,
    /// What it was made of, when the bot said it.
    pub said: Vec<Said>,
    /// What became of it.
    pub state: LineState,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    /// The customer wrote it so.
    Kept,
    /// The customer changed it to this.
    Edited,
    /// A secret in it was covered.
    Redacted,
    /// The customer deleted it; the words are gone.
    Deleted,
    /// It is on its way to the customer.
    Waiting,
    /// The platform has it.
    Sent,
    /// It was overtaken by a change of owner and never sent.
    Superseded,
    /// It could not be delivered.
    Failed,
}

/// A note of the team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// About which case.
    pub case: CaseId,
    /// Who wrote it.
    pub agent: Agent,
    /// The words.
    pub text: NoteText,
    /// When.
    pub at: Timestamp,
}

/// A case that waits for a person or has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCase {
    /// Which.
    pub case: CaseId,
    /// Where from.
    pub platform: Platform,
    /// Where exactly.
    pub place: Place,
    /// The name the customer shows.
    pub customer: String,
    /// The phase of the conversation, by name.
    pub state: String,
    /// Who has it.
    pub owner: Owner,
    /// The epoch, for a claim.
    pub epoch: u64,
    /// Why a person is needed, by name.
    pub reason: String,
    /// How soon.
    pub priority: Priority,
    /// Whose it is.
    pub team: TeamId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last came into the queue.
    pub queued_at: Timestamp,
    /// When it was last claimed.
    pub claimed_at: Option<Timestamp>,
    /// When a person first replied.
    pub first_reply_at: Option<Timestamp>,
}

/// Something that happened, with its address.
#[derive(Clone, Debug, PartialEq)]
pub struct LoggedFact {
    /// When.
    pub at: Timestamp,
    /// In which conversation.
    pub conversation: ConversationId,
    /// On which platform.
    pub platform: Platform,
    /// The version of the voice.
    pub voice: String,
    /// What.
    pub fact: EventFact,
}

/// What was removed with a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The person.
    pub person: PersonId,
    /// Numbers on platforms.
    pub identities: u64,
    /// Conversations.
    pub conversations: u64,
    /// Lines of transcripts.
    pub lines: u64,
    /// Posts about them where the team talks, by platform and the platform's number: their copies there are not ours to
    /// remove, so somebody must.
    pub posts: Vec<(Platform, String)>,
}

/// What a limit of retention is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeps {
    /// Words in transcripts, and the last turns kept with idle conversations.
    Transcript,
    /// Buttons that can be pressed no more.
    Buttons,
    /// Events of which nothing is known.
    Unknown,
    /// What came in, once handled; its key stays, so that it is still known when it comes again.
    Inbox,
    /// The keys of what came in.
    InboxKeys,
    /// The record of what was sent.
    Outbox,
    /// Notes about closed cases.
    Notes,
    /// How steps were decided.
    Decisions,
    /// Closed cases.
    Cases,
    /// What happened, without words.
    Facts,
    /// Conversations in which nothing has happened, without an open case, with all that hangs on them.
    Conversations,
    /// People who were not seen and have no conversation any more.
    People,
}

/// How long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What.
    pub what: Keeps,
    /// For how long.
    pub keep: SignedDuration,
}

/// What retention removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// What.
    pub what: Keeps,
    /// How many rows.
    pub rows: u64,
}
