//! What happens to a conversation: from customers, agents, time and delivery. Wire types stop at the adapters; these are ours.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Agent, ConversationId, Pick, TimerKind};
use crate::voice::{BrandId, Locale, Platform, TeamId};

/// An event with its address, as an adapter hands it over and the inbox keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inbound {
    /// Whose.
    pub brand: BrandId,
    /// Where from.
    pub platform: Platform,
    /// The platform's own number for it: the same event delivered twice has the same one.
    pub event_id: String,
    /// When it happened, by the platform's clock.
    pub at: Timestamp,
    /// Which conversation it belongs to.
    pub to: To,
    /// What happened.
    pub event: Event,
}

/// Which conversation an event belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// That of a person in a place.
    Customer {
        /// The person.
        sender: Sender,
        /// The place.
        place: Place,
        /// How they can be answered there at the moment, in the adapter's own words, where the place alone does not say
        /// it: the token of an interaction.
        via: Option<String>,
    },
    /// A known one: agents' actions and timers.
    Conversation(ConversationId),
    /// The one that a post for the team is about, by the platform's number of the post or of the thread that it began:
    /// what an agent does where the team talks about a case.
    Post(String),
}

/// Who wrote, as the platform says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// The platform's number of the person; never their name.
    pub id: String,
    /// The name they show; may hold anything.
    pub name: String,
    /// The language the platform reports for them, if any.
    pub locale: Option<Locale>,
}

/// A channel, thread, topic or private chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The platform's number of it.
    pub id: String,
    /// What kind it is.
    pub kind: PlaceKind,
    /// Its name; empty for a private chat.
    pub name: String,
}

/// What kind of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// A private chat with one person.
    Direct,
    /// A public place where questions belong.
    Help,
    /// Any other public place.
    General,
    /// A place where nothing is ever said: announcements, staff rooms.
    Muted,
}

impl PlaceKind {
    /// Whether others can read along.
    pub fn is_public(self) -> bool {
        self != PlaceKind::Direct
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The customer opened a private conversation without a question (`/start`).
    Started {
        /// What the link that they came by says (`t.me/Bot?start=returns`). Anybody can make such a link: at most it
        /// names an answer.
        payload: Option<String>,
    },
    /// The customer wrote.
    Message(Message),
    /// The customer changed a message.
    Edited(Message),
    /// The customer deleted a message.
    Deleted {
        /// The platform's number of the message.
        message_id: String,
    },
    /// The customer pressed a choice.
    Picked(Pick),
    /// The customer used a command.
    Command(Command),
    /// An agent acted.
    Agent {
        /// Who; verified by the adapter from a number or a live role, never from a name.
        agent: Agent,
        /// What they did.
        action: AgentAction,
    },
    /// A due time was reached.
    Timer(TimerKind),
    /// A message could not be delivered, for good.
    DeliveryFailed {
        /// What the platform said, without personal data.
        reason: String,
        /// Whether the customer cannot be reached at all; else it was this one message that the platform did not take.
        #[serde(default = "yes")]
        gone: bool,
    },
    /// An answer in public was not posted, because it would have come when nobody asks any more.
    CameTooLate {
        /// When it was decided.
        decided_at: Timestamp,
    },
}

fn yes() -> bool {
    true
}

impl Event {
    /// What kind of event it is, as stored and logged; never its words.
    pub fn name(&self) -> &'static str {
        match self {
            Event::Started { .. } => "started",
            Event::Message(_) => "message",
            Event::Edited(_) => "edited",
            Event::Deleted { .. } => "deleted",
            Event::Picked(_) => "picked",
            Event::Command(_) => "command",
            Event::Timer(_) => "timer",
            Event::DeliveryFailed { .. } => "delivery_failed",
            Event::CameTooLate { .. } => "came_too_late",
            Event::Agent { action, .. } => action.name(),
        }
    }

    /// Whether the customer did it.
    pub fn is_of_customer(&self) -> bool {
        match self {
            Event::Started { .. }
            | Event::Message(_)
            | Event::Edited(_)
            | Event::Deleted { .. }
            | Event::Picked(_)
            | Event::Command(_) => true,
            Event::Agent { .. } | Event::Timer(_) | Event::DeliveryFailed { .. } | Event::CameTooLate { .. } => false,
        }
    }

    /// The platform's number of the message that it is about.
    pub fn message_id(&self) -> Option<&str> {
        match self {
            Event::Message(message) | Event::Edited(message) => Some(&message.id),
            Event::Deleted { message_id } => Some(message_id),
            Event::Started { .. }
            | Event::Picked(_)
            | Event::Command(_)
            | Event::Agent { .. }
            | Event::Timer(_)
            | Event::DeliveryFailed { .. }
            | Event::CameTooLate { .. } => None,
        }
    }
}

/// A message of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// The platform's number of it.
    pub id: String,
    /// When it was written, by the platform's clock.
    pub at: Timestamp,
    /// Its text; empty for a picture without words.
    pub text: String,
    /// Who wrote it, in kind.
    pub author: AuthorKind,
    /// Whether the bot is mentioned in it.
    pub mentions_bot: bool,
    /// What it replies to.
    pub replies_to: Option<RepliesTo>,
    /// Whether it was forwarded from elsewhere.
    pub forwarded: bool,
    /// Whether it came by a command: it is whole, and meant for the bot.
    pub by_command: bool,
    /// Whether the command asks for a person.
    pub for_person: bool,
    /// Whether it opens a thread of its own in a forum.
    pub opens_post: bool,
    /// What the platform calls the set of pictures that it is part of.
    pub album: Option<String>,
    /// What hangs on it.
    pub attachments: Vec<Attachment>,
}

/// Who wrote a message, in kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// A person.
    #[default]
    Person,
    /// Another bot, a webhook, a linked channel.
    Machine,
    /// A person of the team, in a place of customers.
    Staff,
}

/// What a message replies to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepliesTo {
    /// A message of the bot.
    Bot,
    /// A message of somebody else.
    Person,
    /// A message of their own.
    Themselves,
}

/// What hangs on a message. It is named, never fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attachment {
    /// In the platform's word: photo, voice, sticker, file.
    pub kind: String,
    /// Its name, if it has one.
    pub name: String,
    /// Where the platform shows it to whoever has the address; none where the address would give away a secret.
    pub url: Option<String>,
}

impl Attachment {
    /// Its kind and name, as people read them: `photo`, `file: bill.pdf`.
    pub fn label(&self) -> String {
        if self.name.is_empty() { self.kind.clone() } else { format!("{}: {}", self.kind, self.name) }
    }
}

/// A command that every platform offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Asks for a person.
    Human,
    /// Asks what is kept.
    Privacy,
    /// Asks what the bot can do.
    Help,
}

impl Command {
    /// Its name, as it is typed behind `/`.
    pub fn name(self) -> &'static str {
        match self {
            Command::Human => "human",
            Command::Privacy => "privacy",
            Command::Help => "help",
        }
    }
}

/// What an agent did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentAction {
    /// Takes the case; only if the epoch is still the one they saw, when they name one.
    Claim {
        /// The epoch that the agent saw.
        epoch: Option<u64>,
    },
    /// Writes to the customer; claims the case if nobody has it.
    Reply {
        /// The words.
        text: String,
        /// What hangs on them.
        #[serde(default)]
        attachments: Vec<Attachment>,
    },
    /// Wrote to the customer where everybody can read it already: nothing is to be sent, but the case is theirs.
    Spoke {
        /// The words.
        text: String,
    },
    /// Writes to the team only.
    Note(NoteText),
    /// Gives the case back to the bot.
    HandBack,
    /// Gives the case back to the queue.
    Release,
    /// Gives the case to a team.
    Transfer {
        /// The team.
        team: TeamId,
    },
    /// Ends the case.
    Close {
        /// How it ended, in the team's word: solved, duplicate, …
        outcome: String,
    },
}

impl AgentAction {
    /// What kind of action it is, as stored and logged; never its words.
    pub fn name(&self) -> &'static str {
        match self {
            AgentAction::Claim { .. } => "claim",
            AgentAction::Reply { .. } => "reply",
            AgentAction::Spoke { .. } => "spoke",
            AgentAction::Note(_) => "note",
            AgentAction::HandBack => "hand_back",
            AgentAction::Release => "release",
            AgentAction::Transfer { .. } => "transfer",
            AgentAction::Close { .. } => "close",
        }
    }
}

/// Words for the team only. There is no way from it to anything that a customer receives (threat 13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoteText(String);

impl NoteText {
    /// Takes the words of a note.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The words, for the team's eyes.
    pub fn for_staff(&self) -> &str {
        &self.0
    }
}

/// A button was pressed. What it stands for is known to the store alone: the button carries a number that nobody can
/// guess and that says nothing (threat 9 of the domain notes).
#[derive(Clone, Debug, PartialEq)]
pub struct Press {
    /// Whose.
    pub brand: BrandId,
    /// Where it was pressed.
    pub platform: Platform,
    /// The platform's own number for the event.
    pub event_id: String,
    /// When it happened, by the platform's clock.
    pub at: Timestamp,
    /// What the button carries; may hold anything.
    pub token: String,
    /// The platform's number of whoever pressed it.
    pub by: String,
    /// The same as one of the team, if they are: verified by the adapter as in [`Event::Agent`].
    pub agent: Option<Agent>,
    /// The platform's number of the place where the button is.
    pub place: String,
    /// How whoever pressed it can be answered at the moment, as in [`To::Customer`].
    pub via: Option<String>,
}
