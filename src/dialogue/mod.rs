//! Written conversations: the tests of a voice, played against the engine without any platform.
//!
//! Nothing here reads a file, a clock or chance: the texts of the files come in, what was seen goes out. The [`Stage`]
//! is also where property tests of the engine let people and time act.
//!
//! | file | idea |
//! |---|---|
//! | `read`, `checks` | text of `*.test.toml` -> dialogues and findings |
//! | `keys`, `agent` | tables of what may stand in a dialogue |
//! | `cursor` | typed values out of a table as written |
//! | `expect` | what a turn promises, and whether that is what was seen |
//! | `stage` | people, places and time around `engine::step`, all in memory |
//! | `run` | plays a dialogue on a stage |
//! | `show` | what came of it, in words |

mod agent;
mod checks;
mod cursor;
mod expect;
mod keys;
mod read;
mod run;
mod show;
mod stage;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use crate::engine::AgentAction;
use crate::voice::source::Place;
use crate::voice::{Locale, Platform};

pub use agent::{AGENT_WORDS, NotDone, agent_does};
pub use expect::{Check, Difference, Seen};
pub use keys::Names;
pub use read::{Read, read};
pub use run::{Counts, Failed, Played, play};
pub use show::{Entry, Who, entries};
pub use stage::{Happening, Spot, Stage};

/// A written conversation.
#[derive(Clone, Debug)]
pub struct Dialogue {
    /// The promise it keeps.
    pub name: String,
    /// Where it is written.
    pub written: Place,
    /// What the platform says about the customer's language.
    pub locale: Option<Locale>,
    /// When it begins, in the brand's time zone.
    pub at: DateTime,
    /// Where it happens.
    pub spot: Spot,
    /// On which platform.
    pub platform: Platform,
    /// The name the customer shows; may be empty.
    pub customer: String,
    /// What happens.
    pub turns: Vec<Turn>,
}

/// One turn: somebody acts or time passes.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Where it is written.
    pub written: Place,
    /// What happens.
    pub act: Act,
    /// How much time passes after it; timers fire.
    pub pace: SignedDuration,
    /// What is promised; empty when nothing is.
    pub checks: Vec<(Check, Place)>,
}

/// What happens in a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The customer writes.
    Customer(Words),
    /// Somebody else writes in the same place.
    Member {
        /// Their name.
        name: String,
        /// What they write.
        words: Words,
    },
    /// The customer presses a choice that was shown, by its label.
    Press(String),
    /// Somebody of the team does something.
    Agent {
        /// Their name.
        name: String,
        /// What they do.
        does: AgentDoes,
    },
    /// Nobody does anything.
    Wait,
}

/// What somebody of the team does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentDoes {
    /// Something about the customer's case.
    Action(AgentAction),
    /// Writes in the customer's place, as anybody could.
    Say(String),
}

/// What somebody writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Whether the bot is mentioned.
    pub mention: bool,
    /// What it replies to.
    pub reply_to: Option<crate::engine::RepliesTo>,
    /// What hangs on it, in the platform's word, such as `voice`.
    pub attachment: Option<String>,
}

/// How much time passes after each turn, unless it says otherwise: long enough for "is there more to come?".
pub const DEFAULT_PACE: SignedDuration = SignedDuration::from_secs(10);
