//! What is written in a place of customers: a message, a command, the first word of a private chat.

use super::attachments;
use super::reader::{Read, Reader, moment, sender};
use super::spot::Spot;
use super::wire::Message as Wire;
use super::words::{self, Typed, Words};
use crate::adapters::Incoming;
use crate::engine::{AgentAction, AuthorKind, Command, Event, Message, Place, PlaceKind, RepliesTo, Sender};

/// Reads a message in a place of customers.
pub fn read(reader: &Reader<'_>, id: &str, wire: &Wire, place: Place, is_admin: bool, edited: bool) -> Read {
    let Some(sender) = author(wire) else { return Read::nothing() };
    let kind = author_kind(reader, wire, &place, is_admin);
    let (text, entities) = wire.words();
    let words = words::read(text, entities, reader.me);
    let event = match &words.command {
        Some(command) if kind == AuthorKind::Person => by_command(reader, command, &place),
        _ => Meant::Message { by_command: false, for_person: false, text: None },
    };
    let at = moment(wire.edit_date.unwrap_or(wire.date));
    let event = match event {
        Meant::Nothing => return Read::nothing(),
        // A command that was changed afterwards is not given again.
        Meant::Event(_) if edited => return Read::nothing(),
        Meant::Event(event) => event,
        Meant::Message { by_command, for_person, text } => {
            let message = message(reader, wire, kind, words.clone());
            let text = text.unwrap_or_else(|| message.text.clone());
            match said(Message { by_command, for_person, text, ..message }, edited) {
                Some(event) => event,
                None => return Read::nothing(),
            }
        }
    };
    let mut incoming = vec![reader.event(id, at, (sender, place.clone()), event)];
    incoming.extend(spoke(reader, id, wire, &place, is_admin).filter(|_| !edited));
    Read { incoming, ..Read::nothing() }
}

/// What a message with a command is.
enum Meant {
    /// For another bot.
    Nothing,
    /// More than words.
    Event(Event),
    /// Words.
    Message { by_command: bool, for_person: bool, text: Option<String> },
}

/// In a private chat every command is for the bot; in a group, one with another bot's name is not, and one that nobody offers
/// may be anybody's (<https://core.telegram.org/bots/features#privacy-mode>).
fn by_command(reader: &Reader<'_>, command: &Typed, place: &Place) -> Meant {
    let private = place.kind == PlaceKind::Direct;
    let called = command.bot.as_deref().is_some_and(|bot| reader.me.is_called(bot));
    if command.bot.is_some() && !called {
        return Meant::Nothing;
    }
    match command.name.as_str() {
        "start" if private || called => Meant::Event(Event::Started { payload: payload(&command.rest) }),
        "ask" | "help" | "human" if !command.rest.is_empty() => {
            let for_person = command.name == "human";
            Meant::Message { by_command: true, for_person, text: Some(command.rest.clone()) }
        }
        "ask" | "help" => Meant::Event(Event::Command(Command::Help)),
        "human" => Meant::Event(Event::Command(Command::Human)),
        "privacy" => Meant::Event(Event::Command(Command::Privacy)),
        _ if private || called => Meant::Message { by_command: called, for_person: false, text: None },
        _ => Meant::Nothing,
    }
}

/// What a link into the chat carries: at most 64 of A-Z, a-z, 0-9, `_` and `-`
/// (<https://core.telegram.org/bots/features#deep-linking>). Anybody can make one, so anything else is none.
fn payload(rest: &str) -> Option<String> {
    let fine = (1..=64).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    fine.then(|| rest.to_owned())
}

/// Something written, or changed; none when there is nothing in it. Whoever only calls the bot by its name asks what it can
/// do.
fn said(message: Message, edited: bool) -> Option<Event> {
    let empty = message.text.trim().is_empty();
    // A place that moves is changed again and again.
    let moves = message.attachments.iter().any(|attachment| attachment.kind == "location");
    match edited {
        true if empty && (moves || message.attachments.is_empty()) => None,
        true => Some(Event::Edited(message)),
        false if empty && message.attachments.is_empty() && message.mentions_bot => Some(Event::Command(Command::Help)),
        false => Some(Event::Message(message)),
    }
}

fn message(reader: &Reader<'_>, wire: &Wire, author: AuthorKind, words: Words) -> Message {
    Message {
        id: wire.message_id.to_string(),
        at: moment(wire.date),
        text: words.text,
        author,
        mentions_bot: words.mentions_bot,
        replies_to: replies_to(reader, wire),
        // What another bot composed for somebody is no more their own words than what they forward.
        forwarded: wire.is_forwarded() || wire.via_bot.as_ref().is_some_and(|bot| bot.id != reader.me.id),
        by_command: false,
        for_person: false,
        opens_post: false,
        album: wire.media_group_id.clone(),
        attachments: attachments::of(wire),
    }
}

/// Who wrote it. An administrator who hides behind the group, and a channel, come with a made-up person beside the chat that
/// speaks (`sender_chat` of <https://core.telegram.org/bots/api#message>).
fn author(wire: &Wire) -> Option<Sender> {
    match (&wire.sender_chat, &wire.from) {
        (Some(chat), _) => {
            let name = chat.title.clone().unwrap_or_default();
            Some(Sender { id: chat.id.to_string(), name, locale: None })
        }
        (None, Some(user)) => Some(sender(user)),
        (None, None) => None,
    }
}

fn author_kind(reader: &Reader<'_>, wire: &Wire, place: &Place, is_admin: bool) -> AuthorKind {
    let of_team = |user| place.kind.is_public() && reader.agent(user, is_admin).is_some();
    match (&wire.sender_chat, &wire.from) {
        _ if wire.is_automatic_forward => AuthorKind::Machine,
        (Some(chat), _) if chat.id == wire.chat.id => AuthorKind::Staff,
        (Some(_), _) => AuthorKind::Machine,
        (None, Some(user)) if user.is_bot => AuthorKind::Machine,
        (None, Some(user)) if of_team(user) => AuthorKind::Staff,
        (None, _) => AuthorKind::Person,
    }
}

/// What it replies to. In a topic, Telegram gives every message that replies to nothing the topic's own first message
/// (`reply_to_message` with the number of the thread); under what a channel announces, the announcement.
fn replies_to(reader: &Reader<'_>, wire: &Wire) -> Option<RepliesTo> {
    let to = answered(wire)?;
    let same_chat = || to.sender_chat.as_ref().map(|chat| chat.id) == wire.sender_chat.as_ref().map(|chat| chat.id);
    let same = || to.from.as_ref().map(|user| user.id) == wire.from.as_ref().map(|user| user.id) && same_chat();
    Some(match () {
        () if reader.is_me(to.from.as_ref()) => RepliesTo::Bot,
        () if same() => RepliesTo::Themselves,
        () => RepliesTo::Person,
    })
}

fn answered(wire: &Wire) -> Option<&Wire> {
    let to = wire.reply_to_message.as_deref()?;
    let root = wire.is_topic_message && wire.message_thread_id == Some(to.message_id);
    (!root && !to.is_automatic_forward && !to.rest.contains_key("forum_topic_created")).then_some(to)
}

/// One of the team has answered a customer where everybody reads it: the customer's case is theirs. An administrator who
/// hides behind the group is nobody in particular, so no case can be theirs.
fn spoke(reader: &Reader<'_>, id: &str, wire: &Wire, place: &Place, is_admin: bool) -> Option<Incoming> {
    let from = wire.from.as_ref().filter(|_| wire.sender_chat.is_none() && place.kind.is_public())?;
    let agent = reader.agent(from, is_admin)?;
    let to = answered(wire).filter(|to| to.sender_chat.is_none() && Spot::of(wire).chat == to.chat.id)?;
    let customer = to.from.as_ref().filter(|user| !user.is_bot && reader.agent(user, false).is_none())?;
    if customer.id == from.id {
        return None;
    }
    let text = words::clean(wire.words().0);
    let event = Event::Agent { agent, action: AgentAction::Spoke { text } };
    Some(reader.event(&format!("{id}:spoke"), moment(wire.date), (sender(customer), place.clone()), event))
}
