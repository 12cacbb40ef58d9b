//! What the team types in the thread of a case.

use super::Ignored;
use super::message::Written;
use crate::adapters::Incoming;
use crate::adapters::discord::place::{View, Whereabouts, born};
use crate::adapters::staff::{self, NotDone, Typed};
use crate::engine::{Event as Ours, To};

impl View<'_> {
    /// What one of the team does by what they typed; nothing, when it is no agent, no such command, or not theirs: whoever
    /// forwards something to the thread shows it to the team.
    pub(super) fn typed(&self, written: &Written<'_>, thread: u64) -> Option<Incoming> {
        let agent =
            self.agent_of(written.author, written.member).filter(|_| !written.is_machine() && !written.is_forward())?;
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
            Some(_) if written.is_forward() => NotDone::NotTheirWords,
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

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serenity::model::event::Event;

    use crate::adapters::Adapter;
    use crate::adapters::discord::tests::{discord, event};
    use crate::adapters::staff::NotDone;

    #[test]
    fn what_is_forwarded_to_a_case_reaches_no_customer_and_whoever_did_it_is_told() {
        let discord = discord();
        assert_eq!(discord.inbound(&event("desk_reply")).len(), 1);
        let Event::MessageCreate(reply) = event("desk_reply") else { panic!("a message") };
        let mut wire = serde_json::to_value(&reply.message).unwrap();
        wire["message_reference"] = json!({ "type": 1, "message_id": "7", "channel_id": "202", "guild_id": "100" });
        let shot = json!({ "content": "not for you", "timestamp": "2025-07-30T08:00:00+00:00", "mentions": [],
            "mention_roles": [], "attachments": [], "embeds": [], "type": 0, "flags": 0, "edited_timestamp": null });
        wire["message_snapshots"] = json!([{ "message": shot }]);
        let forward: Event = serde_json::from_value(json!({ "t": "MESSAGE_CREATE", "d": wire })).unwrap();
        assert!(discord.inbound(&forward).is_empty());
        let ignored = discord.with_view(|view| view.ignored(&forward)).unwrap();
        assert_eq!(ignored.why, NotDone::NotTheirWords);
    }
}
