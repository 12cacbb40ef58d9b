//! What should be done, as data. The shell does it; the engine calls nobody.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Agent, AgentAction, Attachment, By, Case, CaseId, Conversation, NoteText, Place, Turn, Why};
use crate::understanding::SlotValue;
use crate::voice::{AnswerId, Content, Locale, Platform, Priority, RuleId, SlotId, TeamId};

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

/// Something for the team's eyes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffPost {
    /// A new case, with all there is to know.
    Packet(Box<Packet>),
    /// The customer wrote while a case is open.
    CustomerWrote {
        /// The case.
        case: CaseId,
        /// What they wrote.
        text: String,
        /// What hangs on it.
        #[serde(default)]
        attachments: Vec<Attachment>,
    },
    /// The customer changed or deleted a message while a case is open.
    CustomerEdited {
        /// The case.
        case: CaseId,
        /// What it says now; none: deleted.
        text: Option<String>,
    },
    /// A note of an agent.
    Note {
        /// The case.
        case: CaseId,
        /// Who.
        agent: Agent,
        /// The words.
        text: NoteText,
    },
    /// The case changed hands or state.
    Changed {
        /// The case.
        case: CaseId,
        /// What happened.
        what: CaseChange,
    },
    /// What an agent asked for cannot be done now.
    Refused {
        /// Who asked.
        agent: Agent,
        /// Why.
        why: Refusal,
    },
}

impl StaffPost {
    /// The case it is about.
    pub fn case(&self) -> Option<CaseId> {
        match self {
            StaffPost::Packet(packet) => Some(packet.case.id),
            StaffPost::CustomerWrote { case, .. }
            | StaffPost::CustomerEdited { case, .. }
            | StaffPost::Note { case, .. }
            | StaffPost::Changed { case, .. } => Some(*case),
            StaffPost::Refused { .. } => None,
        }
    }
}

/// A button under a post for the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffButton {
    /// Takes the case, if it is still as it was when the button was shown.
    Claim,
    /// Gives the case back to the bot.
    HandBack,
    /// Ends the case.
    Close,
}

/// What a case that was ended by a button counts as.
const ENDED_BY_BUTTON: &str = "solved";

impl StaffButton {
    /// What an agent does with it, when it was shown under this epoch.
    pub fn action(self, epoch: u64) -> AgentAction {
        match self {
            StaffButton::Claim => AgentAction::Claim { epoch: Some(epoch) },
            StaffButton::HandBack => AgentAction::HandBack,
            StaffButton::Close => AgentAction::Close { outcome: ENDED_BY_BUTTON.to_owned() },
        }
    }
}

impl StaffPost {
    /// The buttons under it: what can be done with the case from here on.
    pub fn buttons(&self) -> &'static [StaffButton] {
        use StaffButton::{Claim, Close, HandBack};
        match self {
            StaffPost::Packet(_) => &[Claim, HandBack, Close],
            StaffPost::Changed { what, .. } => match what {
                CaseChange::Claimed(_) => &[HandBack, Close],
                CaseChange::Released | CaseChange::Transferred(_) | CaseChange::Reopened | CaseChange::Delayed => {
                    &[Claim, HandBack, Close]
                }
                CaseChange::HandedBack(_)
                | CaseChange::Resolved(_)
                | CaseChange::Cancelled
                | CaseChange::Closing
                | CaseChange::Closed
                | CaseChange::Unanswered
                | CaseChange::NotDelivered(_)
                | CaseChange::Unreachable(_) => &[],
            },
            StaffPost::CustomerWrote { .. }
            | StaffPost::CustomerEdited { .. }
            | StaffPost::Note { .. }
            | StaffPost::Refused { .. } => &[],
        }
    }
}

/// How a case changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseChange {
    /// Somebody took it.
    Claimed(Agent),
    /// It went back to the queue.
    Released,
    /// It went to another team.
    Transferred(TeamId),
    /// The bot has it again.
    HandedBack(Agent),
    /// It was ended.
    Resolved(String),
    /// The customer wrote again.
    Reopened,
    /// The customer called it off.
    Cancelled,
    /// It waits for longer than promised.
    Delayed,
    /// The customer has been quiet.
    Closing,
    /// It is closed.
    Closed,
    /// Nobody answered it in time; a failure.
    Unanswered,
    /// A message to the customer was refused by the platform; others can still be sent.
    NotDelivered(String),
    /// The customer cannot be reached.
    Unreachable(String),
}

/// Why an agent's wish is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There is no open case here.
    NoCase,
    /// Somebody else has it.
    Taken(Agent),
    /// The case changed since they looked.
    Changed,
    /// There are no words in the reply.
    Empty,
    /// The voice names no such team.
    NoSuchTeam,
}

/// All that a person needs to take over without asking again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Packet {
    /// The case.
    pub case: Case,
    /// The name the customer shows.
    pub customer: String,
    /// Where from.
    pub platform: Platform,
    /// Where exactly.
    pub place: Place,
    /// The language to answer in.
    pub locale: Locale,
    /// The last turns, oldest first, word for word.
    pub turns: Vec<Turn>,
    /// What was collected, by title of the slot.
    pub slots: Vec<(String, String)>,
    /// What hangs on the message at hand.
    pub attachments: Vec<Attachment>,
    /// Irritation, 0 to 3, and what shows it.
    pub irritation: u8,
    /// Words that show it.
    pub cues: Vec<String>,
    /// Answers that came close, for the agent to use.
    pub near: Vec<AnswerId>,
}

impl Packet {
    /// What the customer wrote, oldest first.
    pub fn asked(&self) -> impl Iterator<Item = &Turn> {
        self.turns.iter().filter(|turn| turn.by == By::Customer)
    }
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
