//! What to do about an event: [`step`] takes a voice, a conversation, an event and the moment, and gives the conversation
//! afterwards with the effects as data. It does nothing itself, so the same past can be replayed against a new voice.

mod conversation;
mod delivery;
mod effect;
mod event;
mod scene;
mod why;

pub use conversation::*;
pub use delivery::*;
pub use effect::*;
pub use event::*;
pub use scene::*;
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

/// Decides what to do about an event.
pub fn step(_brand: &Brand, conversation: Conversation, _event: Event, _scene: &Scene) -> Step {
    Step { conversation, effects: vec![Effect::Silent(Silence::NothingToSay)], why: Why::default() }
}
