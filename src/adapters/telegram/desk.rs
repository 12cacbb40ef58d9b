//! What is written where the team works: each case is a topic, and what an agent types there is for the customer, a note or a
//! command.

use super::NAME;
use super::attachments;
use super::reader::{Read, Reader, moment};
use super::spot::Spot;
use super::wire::Message;
use super::words;
use crate::adapters::Incoming;
use crate::adapters::staff::{self, NotDone, Typed};
use crate::engine::{AgentAction, Event, Inbound, To};
use crate::voice::Platform;

/// Reads a message in the team's group. What stands outside of topics, and what other bots write, concerns no case.
pub fn read(reader: &Reader<'_>, id: &str, message: &Message, is_admin: bool, edited: bool) -> Read {
    let spot = Spot::of(message);
    let by_bot = message.sender_chat.is_none() && message.from.as_ref().is_some_and(|user| user.is_bot);
    if spot.thread.is_none() || by_bot || is_for_another_bot(reader, message) {
        return Read::nothing();
    }
    let not_done = |why| Read { not_done: Some((spot, why)), ..Read::nothing() };
    if edited {
        return if is_changed_reply(reader, message, is_admin) { not_done(NotDone::Changed) } else { Read::nothing() };
    }
    // An administrator who hides behind the group is nobody in particular.
    let author = message.from.as_ref().filter(|_| message.sender_chat.is_none());
    let Some(agent) = author.and_then(|user| reader.agent(user, is_admin)) else {
        let as_group = message.sender_chat.as_ref().is_some_and(|chat| chat.id == message.chat.id);
        return not_done(if as_group { NotDone::Anonymous } else { NotDone::NotAnAgent });
    };
    if message.is_forwarded() || message.via_bot.is_some() {
        return not_done(NotDone::NotTheirWords);
    }
    let action = match staff::read(&words::clean(message.words().0), attachments::of(message)) {
        Typed::NoSuchCommand => return not_done(NotDone::NoSuchCommand),
        Typed::Act(action) => action,
    };
    let has_files = matches!(&action, AgentAction::Reply { attachments, .. } if !attachments.is_empty());
    let read = Read::of(Incoming::Event(Inbound {
        brand: reader.brand.clone(),
        platform: Platform::from(NAME),
        event_id: id.to_owned(),
        at: moment(message.date),
        to: To::Post(spot.to_string()),
        event: Event::Agent { agent, action },
    }));
    Read { not_done: has_files.then_some((spot, NotDone::OnlyNamed)), ..read }
}

/// Whether it is what the customer was sent that was changed, and not a note or a command.
fn is_changed_reply(reader: &Reader<'_>, message: &Message, is_admin: bool) -> bool {
    let author = message.from.as_ref().filter(|_| message.sender_chat.is_none());
    let is_agent = author.is_some_and(|user| reader.agent(user, is_admin).is_some());
    let words = words::clean(message.words().0);
    let is_reply = matches!(staff::read(&words, Vec::new()), Typed::Act(AgentAction::Reply { .. }));
    is_agent && is_reply && !words.trim().is_empty() && !message.is_forwarded() && message.via_bot.is_none()
}

fn is_for_another_bot(reader: &Reader<'_>, message: &Message) -> bool {
    let (text, entities) = message.words();
    let command = words::read(text, entities, reader.me).command;
    command.and_then(|typed| typed.bot).is_some_and(|bot| !reader.me.is_called(&bot))
}
