//! What a text may mean: the types that the engine reads.

use crate::voice::{AnswerId, ChoiceId, Locale, RuleId, SlotId, SmallTalkId};
use serde::{Deserialize, Serialize};

/// What a text may mean.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The text as it was matched: normalised, lower case, hidden characters removed.
    pub normalized: String,
    /// The voice's locale it is written in; none when the text does not show it.
    pub locale: Option<Locale>,
    /// What it asks: one entry for each question found in it, in order; one entry when it cannot be parted.
    /// Empty only when there are no words in it.
    pub questions: Vec<Question>,
    /// Slot values found in it.
    pub found: Vec<Found>,
    /// Irritation, 0 to 3, with the words that show it.
    pub irritation: Irritation,
    /// Words of joy.
    pub joy: Vec<String>,
    /// What else it shows.
    pub signals: Signals,
}

/// One question of a message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Its words, as written.
    pub text: String,
    /// Answers it may be asking for, the best first, at most five.
    pub candidates: Vec<Candidate>,
}

/// An answer that a question may be asking for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The answer.
    pub answer: AnswerId,
    /// The probability, 0 to 1, that this answer is right, as calibrated on the voice's own examples.
    pub confidence: f32,
    /// The example that matched best.
    pub example: String,
}

/// A slot value found in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// The slot.
    pub slot: SlotId,
    /// Its value.
    pub value: SlotValue,
}

/// A value of a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotValue {
    /// One of the slot's choices.
    Choice(ChoiceId),
    /// Words of the customer.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

/// How irritated a text sounds: explained by words, never a hidden score.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Irritation {
    /// 0 calm, 1 mild, 2 upset, 3 furious.
    pub level: u8,
    /// What shows it: words, "capitals", "repeated marks".
    pub cues: Vec<String>,
}

/// What else a text shows. Each carries the words that caused it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signals {
    /// It asks for a person.
    pub asks_for_person: Option<String>,
    /// It sets off handoff rules, in the voice's order.
    pub rules: Vec<RuleHit>,
    /// It is small talk and nothing more.
    pub small_talk: Option<SmallTalkId>,
    /// It is thanks, or thanks and an emoji, and nothing more.
    pub only_thanks: bool,
    /// It says yes (true) or no (false) and little more.
    pub yes_no: Option<bool>,
    /// It says that the last answer was not what was meant ("no, I meant the other one"); the rest of the message,
    /// if any, has been read as the questions.
    pub correction: bool,
    /// It calls off what is being asked ("never mind").
    pub never_mind: bool,
    /// It asks the bot to stop writing.
    pub opt_out: bool,
    /// It asks the bot to start again.
    pub opt_in: bool,
    /// It asks whether this is a bot or a person.
    pub asks_if_bot: bool,
    /// It has the form of a question: a question mark, a question word, a request.
    pub question_form: bool,
    /// It has the form of a question and expects no answer ("who even needs lamps?").
    pub rhetorical: bool,
    /// It is laughter or banter.
    pub banter: bool,
    /// It holds only a link, only emoji, only a quote or only code.
    pub only: Option<Only>,
    /// Number of words.
    pub words: u16,
    /// It looks unfinished: short, without an end mark and without a question, as in a message sent in pieces.
    pub fragment: bool,
    /// A payment card number or a password was posted, and where (bytes of the text as written).
    pub secret: Vec<Secret>,
}

/// What a text calls for, whatever it asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// The handoff rules that it sets off, in the voice's order.
    pub rules: Vec<RuleHit>,
    /// Whether it asks for a person.
    pub for_person: bool,
    /// Whether it asks the bot to be silent, or to speak again.
    pub opts: bool,
}

/// A handoff rule that a text sets off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleHit {
    /// The rule.
    pub rule: RuleId,
    /// The words.
    pub cue: String,
}

/// What a message consists of, when that is all there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Only {
    /// A link.
    Link,
    /// Emoji.
    Emoji,
    /// A quote (lines that begin with `>`).
    Quote,
    /// Code between backticks.
    Code,
}

/// A secret that a customer posted by mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}
