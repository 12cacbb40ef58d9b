//! What Telegram sends becomes ours.

use std::fmt::Write;

use jiff::Timestamp;

use super::ground::{recorded, telegram};
use crate::adapters::telegram::Heard;
use crate::adapters::telegram::reader::Read;
use crate::adapters::{Adapter, Incoming};
use crate::engine::{AgentAction, Event, Inbound, Message, To};

/// Those whose author runs the team's group.
const BY_ADMINS: &[&str] = &["desk_admin"];

fn read(name: &str, raw: &str) -> Read {
    let heard = Heard::read(raw, Timestamp::UNIX_EPOCH).by_admin(BY_ADMINS.contains(&name));
    telegram("http://127.0.0.1:9").reader().read(&heard)
}

fn lines(read: &Read) -> Vec<String> {
    let mut lines: Vec<String> = read.incoming.iter().map(line).collect();
    lines.extend(read.not_done.map(|(spot, why)| format!("told at {spot}: {why:?}")));
    lines.extend(read.stranger.map(|chat| format!("stranger {chat}")));
    lines
}

fn line(incoming: &Incoming) -> String {
    match incoming {
        Incoming::Event(inbound) => event(inbound),
        Incoming::Press(press) => format!(
            "{} press {:?} by {} at {:?}{}",
            press.event_id,
            press.token,
            press.by,
            press.place,
            press.agent.as_ref().map(|agent| format!(" as {} {}", agent.id, agent.name)).unwrap_or_default()
        ),
        Incoming::Unknown(unknown) => format!("{} unknown {} by {:?}", unknown.event_id, unknown.kind, unknown.by),
        Incoming::Renumbered { from, to, .. } => format!("renumbered {from} to {to}"),
    }
}

fn event(inbound: &Inbound) -> String {
    let to = match &inbound.to {
        To::Customer { sender, place, via: None } => {
            let locale = sender.locale.as_ref().map(|locale| format!(" {locale}")).unwrap_or_default();
            format!("{} {:?}{locale} in {} {:?} {:?}", sender.id, sender.name, place.id, place.kind, place.name)
        }
        To::Post(post) => format!("post {post}"),
        other @ (To::Customer { .. } | To::Conversation(_)) => format!("{other:?}"),
    };
    let what = match &inbound.event {
        Event::Message(message) => format!("message {}", words(message)),
        Event::Edited(message) => format!("edited {}", words(message)),
        Event::Started { payload } => format!("started {payload:?}"),
        Event::Agent { agent, action } => format!("{} {:?} {}", agent.id, agent.name, act(action)),
        other @ (Event::Deleted { .. }
        | Event::Picked(_)
        | Event::Command(_)
        | Event::Timer(_)
        | Event::DeliveryFailed { .. }
        | Event::CameTooLate { .. }) => format!("{other:?}"),
    };
    format!("{} {to}: {what}", inbound.event_id)
}

fn act(action: &AgentAction) -> String {
    let AgentAction::Reply { text, attachments } = action else { return format!("{action:?}") };
    let files: String = attachments.iter().map(|attachment| format!(" +{}", attachment.label())).collect();
    format!("replies {text:?}{files}")
}

fn words(message: &Message) -> String {
    let mut line = format!("{} {:?} {:?}", message.id, message.text, message.author);
    let marks = [
        (message.mentions_bot, "mention"),
        (message.forwarded, "forwarded"),
        (message.by_command, "command"),
        (message.for_person, "person"),
    ];
    marks.iter().filter(|(is, _)| *is).for_each(|(_, mark)| write!(line, " {mark}").unwrap());
    if let Some(to) = message.replies_to {
        write!(line, " to {to:?}").unwrap();
    }
    if let Some(album) = &message.album {
        write!(line, " album {album}").unwrap();
    }
    for attachment in &message.attachments {
        assert_eq!(attachment.url, None, "addresses of files hold the token");
        write!(line, " +{}", attachment.label()).unwrap();
    }
    line
}

#[test]
fn every_recorded_update_becomes_what_it_means() {
    let recorded = recorded();
    assert!(recorded.len() > 80);
    for (name, recorded) in recorded {
        assert!(recorded.source.starts_with("https://core.telegram.org/bots/"), "{name}: {}", recorded.source);
        assert_eq!(lines(&read(&name, recorded.update.get())), recorded.becomes, "{name}");
    }
}

#[test]
fn the_pure_face_is_the_same() {
    for (name, recorded) in recorded() {
        let heard =
            Heard::read(recorded.update.get(), Timestamp::UNIX_EPOCH).by_admin(BY_ADMINS.contains(&name.as_str()));
        assert_eq!(
            telegram("http://127.0.0.1:9").inbound(&heard),
            read(&name, recorded.update.get()).incoming,
            "{name}"
        );
    }
}
