//! Discord's events become ours.
//!
//! | file | idea |
//! |---|---|
//! | `message` | messages written, changed and deleted |
//! | `words` | mentions and emoji of a message in words |
//! | `attachments` | what hangs on a message |
//! | `desk` | what the team types about a case |
//! | `interaction` | commands and buttons |

mod attachments;
mod desk;
pub(super) mod interaction;
mod message;
mod words;

use serenity::model::application::Interaction;
use serenity::model::event::Event;

use super::NAME;
use super::directory::Wrote;
use super::place::{View, Whereabouts, sender};
use crate::adapters::{Incoming, Taken, UnknownEvent, staff::NotDone};
use crate::engine::{Event as Ours, Inbound, To};
use crate::voice::Platform;
use message::Written;

/// Events that are kept when they cannot be read: somebody waits behind them.
pub(super) const KEPT: &[&str] = &["INTERACTION_CREATE", "MESSAGE_CREATE"];

/// Something the team typed with which nothing is done: they are told, where they typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ignored {
    /// The thread.
    pub thread: u64,
    /// Who.
    pub by: u64,
    /// Why.
    pub why: NotDone,
}

impl View<'_> {
    /// Makes an event ours.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
    pub(super) fn inbound(&self, event: &Event) -> Vec<Incoming> {
        match event {
            Event::MessageCreate(event) => self.created(&Written::of(&event.message)),
            Event::MessageUpdate(event) => Written::of_update(event).map(|w| self.edited(&w)).unwrap_or_default(),
            Event::MessageDelete(event) => self.deleted(event.message_id.get()).into_iter().collect(),
            Event::MessageDeleteBulk(event) => event.ids.iter().filter_map(|id| self.deleted(id.get())).collect(),
            Event::InteractionCreate(event) => self.interaction(&event.interaction).into_iter().collect(),
            Event::Unknown(unknown) if KEPT.contains(&unknown.kind.as_str()) => {
                self.unknown(&unknown.kind, &unknown.value).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// What the team typed in vain, if an event is that; `taken`: what became of it.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
    pub(super) fn ignored(&self, event: &Event, taken: Option<Taken>) -> Option<Ignored> {
        match event {
            Event::MessageCreate(event) => self.typed_in_vain(&Written::of(&event.message), taken),
            Event::MessageUpdate(event) => self.changed_in_vain(&Written::of_update(event)?),
            _ => None,
        }
    }

    /// Who wrote a message, to be remembered.
    pub(super) fn wrote(&self, event: &Event) -> Option<(u64, Wrote)> {
        let Event::MessageCreate(event) = event else { return None };
        let written = Written::of(&event.message);
        if written.is_machine() {
            return None;
        }
        let staff = written.server.is_some() && self.agent_of(written.author, written.member).is_some();
        let wrote = Wrote {
            sender: sender(written.author, written.nick(), None),
            server: written.server,
            channel: written.channel,
            staff,
        };
        Some((written.id, wrote))
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
    fn interaction(&self, interaction: &Interaction) -> Option<Incoming> {
        match interaction {
            Interaction::Command(command) => self.command(command),
            Interaction::Component(component) => self.press(component),
            // Answered without being written down.
            Interaction::Autocomplete(_) => None,
            other => self.unknown("INTERACTION_CREATE", &serde_json::to_value(other).ok()?),
        }
    }

    fn unknown(&self, kind: &str, value: &serde_json::Value) -> Option<Incoming> {
        let id = value.get("id")?.as_str()?;
        let by = ["/member/user/id", "/user/id", "/author/id"].iter().find_map(|path| value.pointer(path)?.as_str());
        Some(Incoming::Unknown(UnknownEvent {
            brand: self.setup.brand.clone(),
            platform: Platform::from(NAME),
            event_id: format!("{}:{id}", kind.split('_').next().unwrap_or(kind).to_lowercase()),
            kind: kind.to_owned(),
            by: by.map(str::to_owned),
            payload: value.to_string(),
        }))
    }

    /// Puts an address to what happened.
    fn event(&self, event_id: String, at: jiff::Timestamp, to: To, event: Ours) -> Incoming {
        let (brand, platform) = (self.setup.brand.clone(), Platform::from(NAME));
        Incoming::Event(Inbound { brand, platform, event_id, at, to, event })
    }

    fn deleted(&self, message: u64) -> Option<Incoming> {
        let wrote = self.directory.who_wrote(message)?;
        let Whereabouts::Customers(place) = self.whereabouts(wrote.server, wrote.channel) else { return None };
        let to = To::Customer { sender: wrote.sender.clone(), place, via: None };
        let deleted = Ours::Deleted { message_id: message.to_string() };
        // When it was deleted, nobody says: the message's own time comes nearest.
        Some(self.event(format!("delete:{message}"), super::place::born(message), to, deleted))
    }
}
