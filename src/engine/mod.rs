//! What to do about an event: [`step`] takes a voice, a conversation, an event and the moment, and gives the conversation
//! afterwards with the effects as data. It does nothing itself, so the same past can be replayed against a new voice.
//!
//! | file | idea |
//! |---|---|
//! | `event`, `conversation`, `scene` | what goes in |
//! | `effect`, `team`, `delivery`, `why` | what comes out: for customers, for the team, on its way |
//! | `customer` | a customer wrote: through the gates, then the first that fits |
//! | `gates/` | who owns it? may I speak? must a person take it? |
//! | `answer`, `choices`, `slots` | deciding: answer, ask back, ask for what is needed, say that it is not known |
//! | `edits`, `secrets` | messages changed afterwards; what is covered before it is kept |
//! | `handoff`, `agents`, `timers` | cases: the state machine, and what the team does |
//! | `say`, `values`, `reply` | wording: which variant, filled with what, put together into one message |
//! | `notice` | words of the voice outside of a conversation |
//! | `draft` | the step while it is drafted |

mod agents;
mod answer;
mod choices;
mod conversation;
mod customer;
mod delivery;
mod draft;
mod edits;
mod effect;
mod event;
mod gates;
mod handoff;
mod notice;
mod reply;
mod say;
mod scene;
mod secrets;
mod slots;
mod team;
mod timers;
mod values;
mod why;

pub use conversation::*;
pub use delivery::*;
pub use effect::*;
pub use event::*;
pub use gates::must_hear::{MustHear, must_hear};
pub use notice::notice;
pub use scene::*;
pub use team::*;
pub use why::*;

use crate::understanding::Understanding;
use crate::voice::Voice;

/// A voice and what was learned from it.
#[derive(Debug)]
pub struct Brand {
    /// What it says.
    pub voice: Voice,
    /// What it understands.
    pub understanding: Understanding,
}

impl Brand {
    /// Learns a voice.
    pub fn new(voice: Voice) -> Self {
        let understanding = Understanding::learn(&voice);
        Self { voice, understanding }
    }
}

/// Decides what to do about an event. The same input always gives the same step; no input makes it panic.
pub fn step(brand: &Brand, conversation: Conversation, event: Event, scene: &Scene) -> Step {
    let mut draft = draft::Draft::new(brand, conversation, scene);
    match event {
        Event::Started { payload } => draft.started(payload),
        Event::Message(message) => draft.message(message),
        Event::Edited(message) => draft.edited(message),
        Event::Deleted { message_id } => draft.deleted(message_id),
        Event::Picked(pick) => draft.pressed(pick),
        Event::Command(command) => draft.command(command),
        Event::Agent { agent, action } => draft.agent_acts(agent, action),
        Event::Timer(kind) => draft.timer(kind),
        Event::DeliveryFailed { reason, gone: true } => draft.unreachable(reason),
        Event::DeliveryFailed { reason, gone: false } => draft.not_delivered(reason),
        Event::CameTooLate { decided_at } => draft.came_too_late(decided_at),
    }
    draft.finish()
}
