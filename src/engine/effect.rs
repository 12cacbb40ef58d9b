//! What should be done, as data. The shell does it; the engine calls nobody.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Agent, CaseChange, CaseId, Conversation, StaffPost, Why};
use crate::understanding::SlotValue;
use crate::voice::{AnswerId, Content, Locale, Priority, RuleId, SlotId};

/// What came of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The conversation afterwards.
    pub conversation: Conversation,
    /// What should be done, in order.
    pub effects: Vec<Effect>,
    /// How it was decided.
    pub why: Why,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Write to the customer.
    Send(Outgoing),
    /// React to a message of the customer.
    React {
        /// The platform's number of the message.
        message_id: String,
        /// The emoji.
        emoji: String,
    },
    /// Say nothing, and remember why.
    Silent(Silence),
    /// Show something to the team.
    Staff(StaffPost),
    /// Remember that something happened.
    Log(EventFact),
    /// Cover something in the stored text of the customer's message: a card number, a password.
    Redact {
        /// The platform's number of the message.
        message_id: String,
        /// The text to keep.
        text: String,
    },
    /// Drop the stored text of a message that the customer deleted.
    Forget {
        /// The platform's number of the message.
        message_id: String,
    },
}

/// A message to the customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    /// What it says.
    pub content: Content,
    /// Choices to press or type.
    pub choices: Vec<Choice>,
    /// Links as buttons.
    pub links: Vec<LinkButton>,
    /// The message it replies to, in a public place.
    pub replies_to: Option<String>,
    /// Whether it belongs into a thread of its own, where the platform has threads.
    #[serde(default)]
    pub in_thread: bool,
    /// A way into private, where the platform can link to one.
    #[serde(default)]
    pub private_way: Option<PrivateWay>,
    /// Who says it.
    pub by: SaidBy,
    /// Which lane it goes in.
    pub lane: Lane,
    /// What it is made of.
    pub said: Vec<Said>,
}

impl Outgoing {
    /// Words, with nothing beside them.
    pub fn new(content: Content, by: SaidBy, lane: Lane) -> Self {
        Self {
            content,
            choices: Vec::new(),
            links: Vec::new(),
            replies_to: None,
            in_thread: false,
            private_way: None,
            by,
            lane,
            said: Vec::new(),
        }
    }
}

/// A choice to press or type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What the customer sees.
    pub label: String,
    /// What it means.
    pub pick: Pick,
}

/// What a choice means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// This answer.
    Answer(AnswerId),
    /// This value of a slot.
    Slot(SlotId, SlotValue),
    /// A person, please.
    OfferYes,
    /// No person.
    OfferNo,
    /// None of the others.
    NoneOfThese,
}

/// A link as a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkButton {
    /// What the customer sees.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// A button that leads from a public place into a private chat with the bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateWay {
    /// What the customer sees.
    pub label: String,
    /// What is taken up again there.
    pub about: Option<AnswerId>,
}

/// Who says a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaidBy {
    /// The bot: not sent when the owner has changed since.
    Bot,
    /// A person of the team.
    Agent(Agent),
}

/// The order in which messages leave when there are many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// Safety words: first, whatever happens; never held back by limits or a change of owner.
    Safety,
    /// About an open case.
    Case,
    /// Everything else.
    Answer,
}

/// A thing that was said, and in which wording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What: `answer:delivery.time`, `line:offer`, …
    pub what: String,
    /// Which wording of it, counted from 0 in the order of the file.
    pub variant: usize,
    /// The language it is in.
    pub locale: Locale,
}

/// Why a person is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The customer asked for one.
    AskedForPerson,
    /// A rule of the voice.
    Rule(RuleId),
    /// Nothing fitted, repeatedly.
    Misses,
    /// The customer accepted the offer of one.
    OfferAccepted,
    /// The customer is furious.
    Upset,
    /// A slot could not be filled.
    SlotFailed(SlotId),
    /// The answer says that a person takes over.
    Answer(AnswerId),
    /// The answer does not hold where the customer is.
    Elsewhere(AnswerId),
    /// The bot cannot read what was sent.
    Unreadable,
    /// It has gone on for long without help.
    LongThread,
    /// A person of the team took over by themselves.
    TakenOver,
}

impl Reason {
    /// Its name, as stored, tested and shown; a rule goes by its own.
    pub fn name(&self) -> &str {
        match self {
            Reason::AskedForPerson => "asked_for_person",
            Reason::Rule(rule) => rule.as_str(),
            Reason::Misses => "misses",
            Reason::OfferAccepted => "offer_accepted",
            Reason::Upset => "upset",
            Reason::SlotFailed(_) => "slot_failed",
            Reason::Answer(_) => "answer",
            Reason::Elsewhere(_) => "elsewhere",
            Reason::Unreadable => "unreadable",
            Reason::LongThread => "long_thread",
            Reason::TakenOver => "taken_over",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

macro_rules! silences {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        /// Why nothing is said. Every silence is stored with its reason.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Silence {
            $($(#[$doc])* $name,)*
        }

        impl Silence {
            /// Every reason.
            pub const ALL: &'static [Silence] = &[$(Silence::$name,)*];

            /// Its name, as stored, tested and shown.
            pub fn name(self) -> &'static str {
                match self {
                    $(Silence::$name => $key,)*
                }
            }
        }
    };
}

silences! {
    /// A bot, a webhook or a linked channel wrote.
    NotAPerson = "not_a_person";
    /// A person of the team owns the case.
    PersonOwnsCase = "person_owns_case";
    /// The case waits for a person, and the customer was told so not long ago.
    WaitingForAgent = "waiting_for_agent";
    /// Somebody of the team wrote here not long ago.
    StaffSpokeHere = "staff_spoke_here";
    /// This person asked the bot to stop.
    OptedOut = "opted_out";
    /// The bot never speaks in this place.
    ChannelNotAllowed = "channel_not_allowed";
    /// Nobody spoke to the bot.
    NotAddressed = "not_addressed";
    /// It is not a question: banter, a link, a quote, a rhetorical question.
    NotAQuestion = "not_a_question";
    /// People are talking to each other.
    BetweenOthers = "between_others";
    /// A person has answered.
    PersonAnswered = "person_answered";
    /// The same answer was given here not long ago.
    SameAnswerRecently = "same_answer_recently";
    /// The bot is not sure enough to speak in public.
    NotSureEnough = "not_sure_enough";
    /// The bot has said enough here for now.
    BudgetUsedUp = "budget_used_up";
    /// An edit of a message that was dealt with.
    EditedLate = "edited_late";
    /// The message is too old to be answered in public.
    TooOld = "too_old";
    /// People get to answer first; the bot looks again later.
    WaitingForPeople = "waiting_for_people";
    /// The message may go on; the bot looks again in a moment.
    WaitingForMore = "waiting_for_more";
    /// Thanks, and nothing more.
    OnlyThanks = "only_thanks";
    /// Nothing needs to be said.
    NothingToSay = "nothing_to_say";
}

/// Something that happened, for the fact log: append-only, without message text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventFact {
    /// An approved answer was given.
    Answered {
        /// Which.
        answer: AnswerId,
        /// How sure the bot was.
        confidence: f32,
    },
    /// The bot asked which of these was meant.
    Clarified {
        /// The answers.
        between: Vec<AnswerId>,
    },
    /// The bot asked for a slot.
    AskedSlot {
        /// Which.
        slot: SlotId,
    },
    /// Nothing fitted.
    Missed {
        /// The how-manieth in a row.
        in_a_row: u8,
    },
    /// Small talk was answered.
    SmallTalk,
    /// A person was offered.
    Offered {
        /// Why.
        reason: Reason,
    },
    /// A case was opened.
    CaseOpened {
        /// The case.
        case: CaseId,
        /// Why.
        reason: Reason,
        /// How soon.
        priority: Priority,
    },
    /// A case changed.
    Case {
        /// The case.
        case: CaseId,
        /// How.
        change: CaseChange,
    },
    /// An agent wrote to the customer.
    AgentReplied {
        /// The case.
        case: CaseId,
        /// When the case was opened, so that times can be told.
        opened_at: Timestamp,
    },
    /// Nothing was said.
    Silent {
        /// Why.
        reason: Silence,
    },
    /// A person asked the bot to stop, or to start again.
    OptedOut {
        /// Whether it stopped.
        out: bool,
    },
}
