//! What the team types in the thread of a case.

use super::Ignored;
use super::message::Written;
use crate::adapters::discord::place::{View, Whereabouts, born};
use crate::adapters::staff::{self, NotDone, Typed};
use crate::adapters::{Incoming, Taken};
use crate::engine::{AgentAction, Event as Ours, To};

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

    /// What somebody typed in the thread of a case with which nothing is done; `taken`: what became of it.
    pub(super) fn typed_in_vain(&self, written: &Written<'_>, taken: Option<Taken>) -> Option<Ignored> {
        let thread = self.opened_thread(written)?;
        let why = match self.agent_of(written.author, written.member) {
            None => NotDone::NotAnAgent,
            Some(_) if written.is_forward() => NotDone::NotTheirWords,
            Some(_) => {
                let text = self.words(written).text;
                match staff::read(&text, Vec::new()) {
                    // Without the intent for it, Discord keeps what is written from a bot that is not mentioned.
                    Typed::Act(_) if text.is_empty() && written.attachments().is_empty() => NotDone::Unreadable,
                    Typed::NoSuchCommand => NotDone::NoSuchCommand,
                    Typed::Act(_) if taken == Some(Taken::NoCase) => NotDone::NoCase,
                    Typed::Act(_) => return None,
                }
            }
        };
        Some(Ignored { thread, by: written.author.id.get(), why })
    }

    /// What one of the team wrote to a customer, and changed afterwards.
    pub(super) fn changed_in_vain(&self, written: &Written<'_>) -> Option<Ignored> {
        let thread = self.opened_thread(written)?;
        self.agent_of(written.author, written.member)?;
        match staff::read(&self.words(written).text, written.attachments()) {
            Typed::Act(AgentAction::Reply { .. }) => {
                Some(Ignored { thread, by: written.author.id.get(), why: NotDone::Changed })
            }
            Typed::Act(_) | Typed::NoSuchCommand => None,
        }
    }

    /// The thread that was opened for a case in which a person wrote; the team has threads of its own beside them, which are
    /// nobody's business.
    fn opened_thread(&self, written: &Written<'_>) -> Option<u64> {
        let Whereabouts::Case(thread) = self.whereabouts(written.server, written.channel) else { return None };
        let opened_by = self.directory.channel(thread).and_then(|channel| channel.owner);
        let is_ours = opened_by.is_none() || opened_by == self.directory.me;
        (is_ours && written.is_words() && !written.is_machine() && !self.is_mine(written)).then_some(thread)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serenity::model::event::Event;

    use crate::adapters::discord::tests::{discord, event};
    use crate::adapters::staff::NotDone;
    use crate::adapters::{Adapter, Taken};

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
        let ignored = discord.with_view(|view| view.ignored(&forward, None)).unwrap();
        assert_eq!(ignored.why, NotDone::NotTheirWords);
    }

    #[test]
    fn whoever_answers_where_no_case_is_known_any_more_is_told() {
        let discord = discord();
        let why =
            |name: &str, taken| discord.with_view(|view| view.ignored(&event(name), taken)).map(|ignored| ignored.why);
        assert_eq!(why("desk_reply", Some(Taken::NoCase)), Some(NotDone::NoCase));
        assert_eq!(why("desk_close", Some(Taken::NoCase)), Some(NotDone::NoCase));
        assert_eq!(why("desk_reply", Some(Taken::Kept)), None);
    }

    #[test]
    fn whoever_changes_a_reply_is_told_and_whoever_changes_a_note_is_not() {
        let discord = discord();
        let changed = |name: &str| {
            let Event::MessageCreate(typed) = event(name) else { panic!("a message") };
            let mut wire = serde_json::to_value(&typed.message).unwrap();
            wire["edited_timestamp"] = json!("2025-07-30T08:01:00+00:00");
            let event: Event = serde_json::from_value(json!({ "t": "MESSAGE_UPDATE", "d": wire })).unwrap();
            assert!(discord.inbound(&event).is_empty());
            discord.with_view(|view| view.ignored(&event, None)).map(|ignored| ignored.why)
        };
        assert_eq!(changed("desk_reply"), Some(NotDone::Changed));
        for other in ["desk_note", "desk_close", "desk_not_an_agent"] {
            assert_eq!(changed(other), None, "{other}");
        }
    }
}
