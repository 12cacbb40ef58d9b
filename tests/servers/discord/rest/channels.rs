//! Channels themselves. Discord docs, resources/channel, Get and Modify Channel.

use serde_json::Value;

use super::super::errors::{ApiError, archived, bad_length, form, missing_permissions};
use super::super::ids::{id_of, now};
use super::super::objects;
use super::super::permissions::{MANAGE_CHANNELS, MANAGE_THREADS, in_channel, need};
use super::super::state::{Channel, State, Thread};
use super::{Answer, Call, Reply, nowhere, seen};

pub fn answer(state: &mut State, call: &Call<'_>, steps: &[&str]) -> Answer {
    let [_, channel] = steps else { return Err(nowhere()) };
    let channel = seen(state, channel)?;
    match call.method {
        "GET" => {}
        "PATCH" => modify(state, &channel, call.body)?,
        "DELETE" => {
            let needed = if channel.thread.is_some() { MANAGE_THREADS } else { MANAGE_CHANNELS };
            need(state, state.bot, &channel, needed)?;
            state.remove_channel(channel.id);
            return Reply::ok(objects::channel(state, &channel));
        }
        _ => return Err(ApiError::new(405, 0, "405: Method Not Allowed")),
    }
    let channel = state.channel(channel.id).cloned().ok_or_else(nowhere)?;
    Reply::ok(objects::channel(state, &channel))
}

fn modify(state: &mut State, channel: &Channel, body: &Value) -> Result<(), ApiError> {
    if let Some(name) = body["name"].as_str() {
        check_name(name)?;
    }
    let Some(thread) = &channel.thread else {
        need(state, state.bot, channel, MANAGE_CHANNELS)?;
        let Some(place) = state.channels.get_mut(&channel.id) else { return Ok(()) };
        if let Some(name) = body["name"].as_str() {
            name.clone_into(&mut place.name);
        }
        if let Some(topic) = body["topic"].as_str() {
            place.topic = Some(topic.to_owned());
        }
        state.emit_channel("CHANNEL_UPDATE", channel.id);
        return Ok(());
    };
    may_modify(state, channel, thread, body)?;
    let tags = body["applied_tags"].as_array().map(|tags| tags.iter().filter_map(id_of).collect::<Vec<_>>());
    if let Some(tags) = &tags {
        check_tags(state, channel.parent.and_then(|id| state.channel(id)), tags)?;
    }
    let Some(place) = state.channels.get_mut(&channel.id) else { return Ok(()) };
    let new_name = body["name"].as_str().filter(|name| *name != place.name);
    if let Some(name) = new_name {
        name.clone_into(&mut place.name);
    }
    let Some(thread) = &mut place.thread else { return Ok(()) };
    if let Some(archived) = body["archived"].as_bool().filter(|archived| *archived != thread.archived) {
        (thread.archived, thread.changed) = (archived, now());
    }
    thread.locked = body["locked"].as_bool().unwrap_or(thread.locked);
    thread.invitable = body["invitable"].as_bool().unwrap_or(thread.invitable);
    thread.auto_archive = body["auto_archive_duration"].as_u64().unwrap_or(thread.auto_archive);
    thread.tags = tags.unwrap_or_else(|| thread.tags.clone());
    state.emit_thread("THREAD_UPDATE", channel.id);
    if let Some(name) = new_name {
        // Docs, topics/threads, New Message Types: CHANNEL_NAME_CHANGE.
        state.note(channel.id, state.bot, 4, |note| name.clone_into(&mut note.content));
    }
    Ok(())
}

/// Docs, resources/channel, Modify Channel (Thread): the owner may change most, MANAGE_THREADS all; an archived thread
/// has to be re-opened in the same request.
fn may_modify(state: &State, channel: &Channel, thread: &Thread, body: &Value) -> Result<(), ApiError> {
    let moderates = in_channel(state, state.bot, channel) & MANAGE_THREADS != 0;
    let reserved = !body["locked"].is_null() || !body["rate_limit_per_user"].is_null();
    let owns = thread.owner == state.bot && !reserved && !thread.locked;
    // "if the thread is archived and not locked, anyone who can write in it can set archived to false".
    let wakes = !thread.locked && body["archived"] == false && body.as_object().is_some_and(|body| body.len() == 1);
    if !moderates && !owns && !wakes {
        return Err(missing_permissions());
    }
    let stays_archived = thread.archived && body["archived"] != false;
    let other_fields = body.as_object().is_some_and(|body| body.keys().any(|key| key != "archived" && key != "locked"));
    if stays_archived && other_fields { Err(archived()) } else { Ok(()) }
}

/// Docs, resources/channel: 1-100 characters.
pub fn check_name(name: &str) -> Result<(), ApiError> {
    if (1..=100).contains(&name.chars().count()) { Ok(()) } else { Err(bad_length("name", 1, 100)) }
}

/// Docs, resources/channel: up to five tags of the forum; some forums want one.
pub fn check_tags(state: &State, forum: Option<&Channel>, tags: &[u64]) -> Result<(), ApiError> {
    let known = forum.map(|forum| forum.tags.as_slice()).unwrap_or_default();
    if tags.len() > 5 {
        return Err(form("applied_tags", "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length."));
    }
    if let Some(place) = tags.iter().position(|tag| !known.iter().any(|(id, _)| id == tag)) {
        return Err(form(&format!("applied_tags.{place}"), "INVALID_TAG", "Unknown tag"));
    }
    let moderator = forum.is_some_and(|forum| in_channel(state, state.bot, forum) & MANAGE_THREADS != 0);
    if tags.is_empty() && !moderator && forum.is_some_and(|forum| forum.requires_tag) {
        return Err(ApiError::new(400, 40067, "A tag is required to create a forum post in this channel"));
    }
    Ok(())
}
