//! Guilds. Discord docs, resources/guild.

use serde_json::{Value, json};

use super::super::errors::{missing_access, unknown};
use super::super::objects;
use super::super::state::State;
use super::{Answer, Call, Reply, id, nowhere};

pub fn answer(state: &State, call: &Call<'_>, steps: &[&str]) -> Answer {
    let guild = id(steps.get(1).ok_or_else(nowhere)?)?;
    let place = state.guilds.get(&guild).ok_or_else(|| unknown(10004))?;
    if !state.bot_in(guild) {
        return Err(missing_access());
    }
    let channels = || state.channels.values().filter(|channel| channel.guild == Some(guild) && !channel.deleted);
    match (call.method, &steps[2..]) {
        ("GET", []) => Reply::ok(objects::guild(place)),
        ("GET", ["roles"]) => Reply::ok(json!(objects::roles(place))),
        ("GET", ["channels"]) => {
            let plain = channels().filter(|channel| channel.thread.is_none());
            Reply::ok(plain.map(|channel| objects::channel(state, channel)).collect())
        }
        ("GET", ["members", user]) => {
            let member = objects::member(state, place, id(user)?);
            Reply::ok(member.ok_or_else(|| unknown(10007))?)
        }
        ("GET", ["threads", "active"]) => {
            let active = |channel: &&_| {
                let channel: &super::super::state::Channel = channel;
                channel.thread.as_ref().is_some_and(|thread| !thread.archived) && state.bot_sees(channel.id)
            };
            let threads: Vec<_> = channels().filter(active).collect();
            let joined = threads.iter().filter_map(|channel| {
                let thread = channel.thread.as_ref().filter(|thread| thread.members.contains(&state.bot))?;
                Some(objects::thread_member(channel.id, state.bot, &thread.created))
            });
            let members: Vec<Value> = joined.collect();
            let threads: Vec<Value> = threads.iter().map(|channel| objects::channel(state, channel)).collect();
            Reply::ok(json!({"threads": threads, "members": members}))
        }
        _ => Err(nowhere()),
    }
}
