//! What the team sees of a case, and what it can do with it. No way leads from here to a customer.

use serde::{Deserialize, Serialize};

use super::{Agent, AgentAction, Attachment, Case, CaseId, NoteText, OtherWay, Place, Turn};
use crate::voice::{AnswerId, Locale, Platform, TeamId};

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
    /// Where else a customer has written who cannot be reached any more. Nothing is sent there by itself.
    OtherWays {
        /// The case.
        case: CaseId,
        /// The places, the latest first.
        ways: Vec<OtherWay>,
    },
    /// An answer in public came too late to be posted, and nobody has the case.
    CameTooLate(Box<CameTooLate>),
}

impl StaffPost {
    /// The case it is about.
    pub fn case(&self) -> Option<CaseId> {
        match self {
            StaffPost::Packet(packet) => Some(packet.case.id),
            StaffPost::CustomerWrote { case, .. }
            | StaffPost::CustomerEdited { case, .. }
            | StaffPost::Note { case, .. }
            | StaffPost::Changed { case, .. }
            | StaffPost::OtherWays { case, .. } => Some(*case),
            StaffPost::Refused { .. } | StaffPost::CameTooLate(_) => None,
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
            | StaffPost::Refused { .. }
            | StaffPost::OtherWays { .. }
            | StaffPost::CameTooLate(_) => &[],
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

/// What was asked in public and not answered in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CameTooLate {
    /// The name the customer shows.
    pub customer: String,
    /// Where from.
    pub platform: Platform,
    /// Where exactly.
    pub place: Place,
    /// What they asked, oldest first, word for word.
    pub asked: Vec<Turn>,
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
