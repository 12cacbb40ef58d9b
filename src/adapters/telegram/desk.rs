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
use crate::engine::{Agent, AgentAction, Event, Inbound, To};
use crate::voice::Platform;

/// Reads a message in the team's group. What stands outside of topics, and what other bots write, concerns no case.
pub fn read(reader: &Reader<'_>, id: &str, message: &Message, is_admin: bool, edited: bool) -> Read {
    let spot = Spot::of(message);
    let by_bot = message.sender_chat.is_none() && message.from.as_ref().is_some_and(|user| user.is_bot);
    if spot.thread.is_none() || by_bot || is_for_another_bot(reader, message) {
        return Read::nothing();
    }
    let not_done = |why| Read { not_done: Some((spot, why)), ..Read::nothing() };
    let typed = typed(reader, message, is_admin);
    if edited {
        // Only what the customer was sent: not a note, nor a command.
        let is_reply = matches!(&typed, Ok((_, AgentAction::Reply { text, .. })) if !text.is_empty());
        return if is_reply { not_done(NotDone::Changed) } else { Read::nothing() };
    }
    let (agent, action) = match typed {
        Ok(typed) => typed,
        Err(why) => return not_done(why),
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

/// Which agent typed what, or why nothing is done with it.
fn typed(reader: &Reader<'_>, message: &Message, is_admin: bool) -> Result<(Agent, AgentAction), NotDone> {
    // An administrator who hides behind the group is nobody in particular.
    let author = message.from.as_ref().filter(|_| message.sender_chat.is_none());
    let Some(agent) = author.and_then(|user| reader.agent(user, is_admin)) else {
        let as_group = message.sender_chat.as_ref().is_some_and(|chat| chat.id == message.chat.id);
        return Err(if as_group { NotDone::Anonymous } else { NotDone::NotAnAgent });
    };
    if message.is_forwarded() || message.via_bot.is_some() {
        return Err(NotDone::NotTheirWords);
    }
    match staff::read(&words::clean(message.words().0), attachments::of(message)) {
        Typed::NoSuchCommand => Err(NotDone::NoSuchCommand),
        Typed::Act(action) => Ok((agent, action)),
    }
}

fn is_for_another_bot(reader: &Reader<'_>, message: &Message) -> bool {
    let (text, entities) = message.words();
    let command = words::read(text, entities, reader.me).command;
    command.and_then(|typed| typed.bot).is_some_and(|bot| !reader.me.is_called(&bot))
}
