//! What is remembered of one person in one place, and who owns the conversation.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Choice, Place, Reason};
use crate::understanding::SlotValue;
use crate::voice::{AnswerId, BrandId, Locale, MoodId, Platform, Priority, RuleId, SlotId, TeamId};

/// The store's number of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConversationId(pub i64);

/// The store's number of a person, whatever the platforms call them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub i64);

/// A case: the conversation's number and the how-manieth case of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CaseId {
    /// Whose case it is.
    pub conversation: ConversationId,
    /// Counted from 1.
    pub number: u32,
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.conversation.0, self.number)
    }
}

/// One person in one place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// The store's number.
    pub id: ConversationId,
    /// Whose.
    pub brand: BrandId,
    /// Where.
    pub platform: Platform,
    /// Where exactly.
    pub place: Place,
    /// With whom.
    pub person: Person,
    /// Who owns it, and what belongs to that.
    pub phase: Phase,
    /// Grows by one whenever the owner changes: an automatic message prepared under an older one is not sent.
    pub epoch: u64,
    /// Cases so far.
    pub cases: u32,
    /// The language in use here.
    pub locale: Option<Locale>,
    /// Misses in a row.
    pub misses: u8,
    /// Misses since the bot last helped, with a person offered or not.
    pub turns_without_answer: u16,
    /// What the bot is waiting to be told.
    pub asking: Option<Asking>,
    /// Choices on offer; they can be pressed, typed by number or by label.
    pub choices: Option<OpenChoices>,
    /// Words not answered yet: a message that may go on, or a public question that people may answer first.
    pub held: Option<Held>,
    /// Slot values told in this conversation.
    pub slots: BTreeMap<SlotId, SlotValue>,
    /// What was answered in this session, and how often; at most [`MAX_GIVEN`] things.
    pub given: BTreeMap<String, u16>,
    /// The last answer given, for "no, I meant the other one" and "and to Germany?".
    pub last_answer: Option<LastAnswer>,
    /// Highest irritation of this session, 0 to 3, and what showed it.
    pub irritation: u8,
    /// The last turns, oldest first, at most [`MAX_TURNS`].
    pub turns: Vec<Turn>,
    /// The mood that was last answered in.
    pub mood: Option<MoodId>,
    /// When the session ends if nothing more happens.
    pub session_ends: Option<Timestamp>,
    /// The set of pictures that was seen last.
    pub album: Option<String>,
    /// The platform's numbers of the last messages that the customer deleted, at most [`MAX_GONE`]: what comes of one
    /// afterwards is not read.
    #[serde(default)]
    pub gone: Vec<String>,
    /// When the team was last shown that an answer came too late to be posted.
    #[serde(default)]
    pub late_shown_at: Option<Timestamp>,
}

/// How many deleted messages are remembered.
pub const MAX_GONE: usize = 16;

/// How many different answers are counted in one session.
pub const MAX_GIVEN: usize = 64;

/// How many turns are kept at hand; the transcript keeps all.
pub const MAX_TURNS: usize = 16;

/// A person, as the brand knows them, over all places and platforms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// The store's number.
    pub id: PersonId,
    /// The name they show; may hold anything.
    pub name: String,
    /// The language they prefer.
    pub locale: Option<Locale>,
    /// When they were last told that this is a bot.
    pub disclosed_at: Option<Timestamp>,
    /// They asked the bot to stop.
    pub opted_out: bool,
    /// Slot values they told and that are remembered, with the end.
    pub slots: BTreeMap<SlotId, Remembered>,
    /// Which wording of each thing they saw last, and how often they saw the thing.
    pub shown: BTreeMap<String, Shown>,
}

/// A slot value with the time until which it is remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// The value.
    pub value: SlotValue,
    /// Until when.
    pub until: Timestamp,
}

/// Which wording somebody saw last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Fingerprint of the wording.
    pub last: u64,
    /// How often the thing was said to them.
    pub times: u32,
}

/// Who owns a conversation; what belongs to a phase lives in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The bot answers.
    Bot,
    /// The bot asked whether a person should come.
    Offered {
        /// Why.
        reason: Reason,
        /// Until when the offer stands.
        until: Timestamp,
    },
    /// A person was asked for; none has it yet.
    Queued {
        /// The case.
        case: Case,
        /// When the customer is told that it takes longer; none: already told.
        delayed_at: Option<Timestamp>,
        /// When it is closed as unanswered.
        give_up_at: Timestamp,
        /// When the customer was last told that they are still in the queue.
        told_at: Option<Timestamp>,
    },
    /// A person has it and the customer waits for them.
    Human {
        /// The case.
        case: Case,
        /// Who has it.
        agent: Agent,
        /// When it goes back to the queue if the agent says nothing.
        reassign_at: Timestamp,
    },
    /// A person has it and waits for the customer.
    WaitingCustomer {
        /// The case.
        case: Case,
        /// Who has it.
        agent: Agent,
        /// When the customer is told that it will be closed.
        quiet_at: Timestamp,
    },
    /// The customer was told that the case will be closed.
    Closing {
        /// The case.
        case: Case,
        /// Who has it.
        agent: Agent,
        /// When it is closed.
        close_at: Timestamp,
    },
    /// The person ended the case; writing again within a while reopens it.
    Resolved {
        /// The case.
        case: Case,
        /// How it ended, in the team's word.
        outcome: String,
        /// When it can no longer be reopened.
        close_at: Timestamp,
    },
    /// Nothing is open; the next message begins anew.
    Closed {
        /// How it came to be.
        how: Closed,
    },
}

/// How a conversation came to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// Nothing happened for a day.
    Idle,
    /// The person ended the case and nobody came back.
    Resolved,
    /// The customer was quiet.
    Quiet,
    /// Nobody answered the case: a failure.
    Unanswered,
    /// The customer cannot be reached any more.
    Unreachable,
}

/// Something for a person to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its number.
    pub id: CaseId,
    /// Why a person is needed.
    pub reason: Reason,
    /// Whose it is.
    pub team: TeamId,
    /// How soon.
    pub priority: Priority,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it last came into the queue.
    pub queued_at: Timestamp,
    /// Who had it last.
    pub last_agent: Option<Agent>,
    /// How often it was reopened.
    pub reopened: u16,
    /// Opened without a word to the customer, because they spoke to others in public: nothing automatic is said about it
    /// until they speak to the bot or a person answers.
    pub quiet: bool,
    /// The rule whose words the customer has been told.
    pub told_rule: Option<RuleId>,
}

/// A person of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The platform's number of them, with the platform: what counts.
    pub id: String,
    /// What customers see.
    pub name: String,
}

/// Who may speak to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The bot.
    Bot,
    /// A team's queue: the bot keeps silent but for the queue's own words.
    Queue(TeamId),
    /// A person.
    Agent(Agent),
}

/// What the bot is waiting to be told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    /// The slot.
    pub slot: SlotId,
    /// Answers that wait for it.
    pub answers: Vec<AnswerId>,
    /// Replies that may still miss.
    pub tries_left: u8,
    /// Until when.
    pub until: Timestamp,
}

/// Choices on offer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenChoices {
    /// In the order shown, counted from 1 when typed.
    pub choices: Vec<Choice>,
    /// Whether the bot needs one of them to go on; suggestions do not.
    pub needed: bool,
    /// Until when they count.
    pub until: Timestamp,
}

/// Words not answered yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// What was written, piece by piece.
    pub pieces: Vec<super::Message>,
    /// What for.
    pub why: HeldWhy,
    /// When they are answered.
    pub due: Timestamp,
}

/// Why words are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldWhy {
    /// More may come.
    MayGoOn,
    /// People may answer first.
    PeopleFirst,
}

/// The last answer given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastAnswer {
    /// What was answered.
    pub answers: Vec<AnswerId>,
    /// What else had been near, best first.
    pub others: Vec<AnswerId>,
    /// When.
    pub at: Timestamp,
}

/// One turn, for the packet that a person gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: By,
    /// What they wrote; empty when they deleted it.
    pub text: String,
    /// The platform's number of the message, where it has one by now.
    pub message_id: Option<String>,
}

/// Who wrote a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The customer.
    Customer,
    /// The bot.
    Bot,
    /// A person of the team.
    Agent,
}

/// A due time that a conversation waits for. There is at most one of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimerKind {
    /// Held words are answered now.
    AnswerHeld,
    /// The offer of a person no longer stands.
    OfferEnds,
    /// The customer is told that it takes longer.
    QueueDelayed,
    /// The case is given up as unanswered.
    QueueGivenUp,
    /// The agent has not replied: back to the queue.
    AgentSilent,
    /// The customer has been quiet: told that it will be closed.
    CustomerQuiet,
    /// The quiet case is closed.
    CaseCloses,
    /// The resolved case can no longer be reopened.
    ReopenEnds,
    /// The session ends.
    SessionEnds,
}

impl Conversation {
    /// A conversation that begins.
    pub fn new(id: ConversationId, brand: BrandId, platform: Platform, place: Place, person: Person) -> Self {
        Self {
            id,
            brand,
            platform,
            place,
            person,
            phase: Phase::Bot,
            epoch: 1,
            cases: 0,
            locale: None,
            misses: 0,
            turns_without_answer: 0,
            asking: None,
            choices: None,
            held: None,
            slots: BTreeMap::new(),
            given: BTreeMap::new(),
            last_answer: None,
            irritation: 0,
            turns: Vec::new(),
            mood: None,
            session_ends: None,
            album: None,
            gone: Vec::new(),
            late_shown_at: None,
        }
    }

    /// Who may speak to the customer.
    pub fn owner(&self) -> Owner {
        match &self.phase {
            Phase::Bot | Phase::Offered { .. } | Phase::Resolved { .. } | Phase::Closed { .. } => Owner::Bot,
            Phase::Queued { case, .. } => Owner::Queue(case.team.clone()),
            Phase::Human { agent, .. } | Phase::WaitingCustomer { agent, .. } | Phase::Closing { agent, .. } => {
                Owner::Agent(agent.clone())
            }
        }
    }

    /// The case that is open or can be reopened.
    pub fn case(&self) -> Option<&Case> {
        match &self.phase {
            Phase::Bot | Phase::Offered { .. } | Phase::Closed { .. } => None,
            Phase::Queued { case, .. }
            | Phase::Human { case, .. }
            | Phase::WaitingCustomer { case, .. }
            | Phase::Closing { case, .. }
            | Phase::Resolved { case, .. } => Some(case),
        }
    }

    /// Every due time of the state, at most one of a kind. Stored as they are with each step, so that no timer can be
    /// forgotten, doubled or left behind.
    pub fn deadlines(&self) -> Vec<(TimerKind, Timestamp)> {
        let mut due: Vec<(TimerKind, Timestamp)> = match &self.phase {
            Phase::Bot => self.session_ends.map(|at| (TimerKind::SessionEnds, at)).into_iter().collect(),
            Phase::Offered { until, .. } => vec![(TimerKind::OfferEnds, *until)],
            Phase::Queued { delayed_at, give_up_at, .. } => {
                let delayed = delayed_at.map(|at| (TimerKind::QueueDelayed, at));
                delayed.into_iter().chain([(TimerKind::QueueGivenUp, *give_up_at)]).collect()
            }
            Phase::Human { reassign_at, .. } => vec![(TimerKind::AgentSilent, *reassign_at)],
            Phase::WaitingCustomer { quiet_at, .. } => vec![(TimerKind::CustomerQuiet, *quiet_at)],
            Phase::Closing { close_at, .. } => vec![(TimerKind::CaseCloses, *close_at)],
            Phase::Resolved { close_at, .. } => vec![(TimerKind::ReopenEnds, *close_at)],
            Phase::Closed { .. } => Vec::new(),
        };
        due.extend(self.held.as_ref().map(|held| (TimerKind::AnswerHeld, held.due)));
        due
    }
}

impl Phase {
    /// Its name, as stored and shown.
    pub fn name(&self) -> &'static str {
        match self {
            Phase::Bot => "bot",
            Phase::Offered { .. } => "offered",
            Phase::Queued { .. } => "queued",
            Phase::Human { .. } => "human",
            Phase::WaitingCustomer { .. } => "waiting_customer",
            Phase::Closing { .. } => "closing",
            Phase::Resolved { .. } => "resolved",
            Phase::Closed { .. } => "closed",
        }
    }
}
