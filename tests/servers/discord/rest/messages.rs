//! Messages in channels. Discord docs, resources/message.

use serde_json::{Value, json};

use super::super::draft::{Draft, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS};
use super::super::errors::{ApiError, archived, form, missing_permissions, unknown};
use super::super::gateway::intents;
use super::super::ids::Id;
use super::super::objects;
use super::super::permissions::{
    ADD_REACTIONS, ATTACH_FILES, MANAGE_MESSAGES, MANAGE_THREADS, READ_MESSAGE_HISTORY, in_channel, need, to_write,
};
use super::super::posting::Origin;
use super::super::state::{Channel, State, kind};
use super::{Answer, Call, Reply, id, nowhere, seen};

pub fn answer(state: &mut State, call: &Call<'_>, steps: &[&str]) -> Answer {
    let channel = seen(state, steps[1])?;
    match (call.method, &steps[2..]) {
        ("POST", ["typing"]) => {
            need(state, state.bot, &channel, to_write(&channel))?;
            state.typing.push((channel.id, state.started.elapsed()));
            Reply::nothing()
        }
        ("GET", ["messages"]) => list(state, call, &channel),
        ("POST", ["messages"]) => create(state, call, &channel),
        ("POST", ["messages", _, "threads"]) => super::threads::on_message(state, call, &channel, steps[3]),
        ("GET", ["messages", message]) => {
            need(state, state.bot, &channel, READ_MESSAGE_HISTORY)?;
            let message = known(state, &channel, message)?;
            Reply::ok(fetched(state, message))
        }
        ("PATCH", ["messages", message]) => edit(state, call, &channel, message),
        ("DELETE", ["messages", message]) => {
            let message = known(state, &channel, message)?;
            if state.messages[&message].author != state.bot {
                need(state, state.bot, &channel, MANAGE_MESSAGES)?;
            }
            // Docs, topics/threads: deleting is the one thing that works in an archived thread, unless it is locked.
            if is_archived(&channel) && is_locked(state, &channel) {
                return Err(archived());
            }
            state.delete(message);
            Reply::nothing()
        }
        (method @ ("PUT" | "DELETE"), ["messages", message, "reactions", emoji, "@me"]) => {
            let message = known(state, &channel, message)?;
            if method == "PUT" {
                let there = state.messages[&message].reactions.iter().any(|(one, _)| one == emoji);
                let needed = if there { READ_MESSAGE_HISTORY } else { READ_MESSAGE_HISTORY | ADD_REACTIONS };
                need(state, state.bot, &channel, needed)?;
            }
            if emoji.chars().all(|c| c.is_ascii_alphanumeric()) {
                return Err(unknown(10014));
            }
            if is_archived(&channel) {
                return Err(archived());
            }
            state.react(state.bot, message, emoji, method == "PUT");
            Reply::nothing()
        }
        _ => Err(nowhere()),
    }
}

/// A message of this channel that the API shows: neither deleted nor ephemeral.
pub fn known(state: &State, channel: &Channel, step: &str) -> Result<Id, ApiError> {
    let message = state.messages.get(&id(step)?);
    let message = message.filter(|one| one.channel == channel.id && !one.deleted && one.visible_to.is_none());
    message.map(|message| message.id).ok_or_else(|| unknown(10008))
}

/// A message as the bot reads it: docs, events/gateway, Message Content Intent, hold for HTTP too.
pub fn shown(state: &State, message: Id) -> Value {
    let reads = state.settings.privileged & intents::MESSAGE_CONTENT != 0;
    state.messages.get(&message).map_or(Value::Null, |message| objects::message(state, message, reads))
}

/// A message that was not just sent: its nonce is told to whoever sends it or hears it live, and is not kept with it.
fn fetched(state: &State, message: Id) -> Value {
    let mut message = shown(state, message);
    if let Some(fields) = message.as_object_mut() {
        fields.remove("nonce");
    }
    message
}

/// Docs, topics/threads, Locked Threads: it is locked for those without MANAGE_THREADS.
fn is_locked(state: &State, channel: &Channel) -> bool {
    let moderates = in_channel(state, state.bot, channel) & MANAGE_THREADS != 0;
    !moderates && channel.thread.as_ref().is_some_and(|thread| thread.locked)
}

fn is_archived(channel: &Channel) -> bool {
    channel.thread.as_ref().is_some_and(|thread| thread.archived)
}

/// Docs, resources/message, Get Channel Messages: newest first, 1-100, 50 unless said otherwise, and nothing at all
/// without READ_MESSAGE_HISTORY.
fn list(state: &State, call: &Call<'_>, channel: &Channel) -> Answer {
    let limit = match call.query.get("limit").map(|limit| limit.parse::<usize>()) {
        None => 50,
        Some(Ok(limit @ 1..=100)) => limit,
        Some(_) => return Err(form("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")),
    };
    if in_channel(state, state.bot, channel) & READ_MESSAGE_HISTORY == 0 {
        return Reply::ok(json!([]));
    }
    let here =
        |one: &&super::super::state::Message| one.channel == channel.id && !one.deleted && one.visible_to.is_none();
    let all: Vec<Id> = state.messages.values().filter(here).map(|message| message.id).collect();
    let number = |name: &str| call.query.get(name).map(|text| id(text)).transpose();
    let (after, before, around) = (number("after")?, number("before")?, number("around")?);
    let cut = |at: Id| all.partition_point(|one| *one < at);
    let mut page: Vec<Id> = if let Some(after) = after {
        all[all.partition_point(|one| *one <= after)..].iter().copied().take(limit).collect()
    } else if let Some(around) = around {
        let from = cut(around).saturating_sub(limit / 2);
        all[from..].iter().copied().take(limit).collect()
    } else {
        let end = before.map_or(all.len(), cut);
        all[end.saturating_sub(limit)..end].to_vec()
    };
    page.reverse();
    Reply::ok(page.into_iter().map(|message| fetched(state, message)).collect())
}

fn create(state: &mut State, call: &Call<'_>, channel: &Channel) -> Answer {
    if channel.kind == kind::FORUM {
        return Err(ApiError::new(400, 50008, "Cannot send messages in a non-text channel"));
    }
    need(state, state.bot, channel, to_write(channel))?;
    if !call.files.is_empty() {
        need(state, state.bot, channel, ATTACH_FILES)?;
    }
    if channel.recipient.and_then(|user| state.users.get(&user)).is_some_and(|user| !user.takes_dms) {
        return Err(ApiError::new(403, 50007, "Cannot send messages to this user"));
    }
    let mut draft = Draft::read(call.body, call.files, false)?;
    draft.flags &= SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS;
    if let Some(earlier) = repeated(state, &draft) {
        return Reply::ok(shown(state, earlier));
    }
    let message = state.post(state.bot, channel.id, &draft, Origin::default())?;
    Reply::ok(shown(state, message))
}

/// Docs, resources/message, Create Message: with `enforce_nonce`, a nonce that the same author used in the past few
/// minutes gives the earlier message, and no new one is made.
fn repeated(state: &State, draft: &Draft) -> Option<Id> {
    let nonce = draft.nonce.as_ref().filter(|_| draft.enforce_nonce)?;
    let same = |one: &&super::super::state::Message| {
        one.author == state.bot
            && one.nonce.as_ref() == Some(nonce)
            && one.written.elapsed() < state.settings.nonce_window
    };
    state.messages.values().find(same).map(|message| message.id)
}

fn edit(state: &mut State, call: &Call<'_>, channel: &Channel, message: &str) -> Answer {
    let message = known(state, channel, message)?;
    let draft = Draft::read(call.body, call.files, true)?;
    if state.messages[&message].author != state.bot {
        return Err(ApiError::new(403, 50005, "Cannot edit a message authored by another user"));
    }
    if is_archived(channel) {
        return Err(archived());
    }
    if is_locked(state, channel) {
        return Err(ApiError::new(400, 160_005, "Thread is locked"));
    }
    still_something(state, message, &draft, call.body)?;
    state.edit(message, &draft);
    Reply::ok(shown(state, message))
}

/// An edit may not leave a message empty.
pub fn still_something(state: &State, message: Id, draft: &Draft, body: &Value) -> Result<(), ApiError> {
    let Some(message) = state.messages.get(&message) else { return Err(missing_permissions()) };
    let gone = |field: &str, new_is_empty: bool, old_is_empty: bool| {
        if body.get(field).is_some() { new_is_empty } else { old_is_empty }
    };
    let empty = gone("content", draft.content.trim().is_empty(), message.content.trim().is_empty())
        && gone("embeds", draft.embeds.is_empty(), message.embeds.is_empty())
        && gone("components", draft.components.is_empty(), message.components.is_empty())
        && draft.attachments.is_empty()
        && message.attachments.is_empty();
    if empty { Err(ApiError::new(400, 50006, "Cannot send an empty message")) } else { Ok(()) }
}
