//! What the team types in the thread of a case.

use super::Ignored;
use super::message::Written;
use crate::adapters::Incoming;
use crate::adapters::discord::place::{View, Whereabouts, born};
use crate::adapters::staff::{self, NotDone, Typed};
use crate::engine::{Event as Ours, To};

impl View<'_> {
    /// What one of the team does by what they typed; nothing, when it is no agent or no such command.
    pub(super) fn typed(&self, written: &Written<'_>, thread: u64) -> Option<Incoming> {
        let agent = self.agent_of(written.author, written.member).filter(|_| !written.is_machine())?;
        let attachments = written.attachments();
        let text = self.words(written).text;
        if text.is_empty() && attachments.is_empty() {
            return None;
        }
        match staff::read(&text, attachments) {
            Typed::NoSuchCommand => None,
            Typed::Act(action) => {
                let to = To::Post(thread.to_string());
                let event = Ours::Agent { agent, action };
                Some(self.event(format!("message:{}", written.id), born(written.id), to, event))
            }
        }
    }

    /// What somebody typed in the thread of a case with which nothing is done.
    pub(super) fn typed_in_vain(&self, written: &Written<'_>) -> Option<Ignored> {
        let Whereabouts::Case(thread) = self.whereabouts(written.server, written.channel) else { return None };
        if !written.is_words() || written.is_machine() || self.is_mine(written) {
            return None;
        }
        let why = match self.agent_of(written.author, written.member) {
            None => NotDone::NotAnAgent,
            Some(_) => {
                let text = self.words(written).text;
                match staff::read(&text, Vec::new()) {
                    // Without the intent for it, Discord keeps what is written from a bot that is not mentioned.
                    Typed::Act(_) if text.is_empty() && written.attachments().is_empty() => NotDone::Unreadable,
                    Typed::NoSuchCommand => NotDone::NoSuchCommand,
                    Typed::Act(_) => return None,
                }
            }
        };
        Some(Ignored { thread, by: written.author.id.get(), why })
    }
}
