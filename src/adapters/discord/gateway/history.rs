//! A message of the history as the event that it would have been: with its server, and its author's roles.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use serenity::model::event::Event;
use tokio::time::sleep;

use super::Listener;
use super::missed::stopping;
use crate::adapters::discord::rest::{Call, CallError};

/// How often something is asked for that Discord does not give at once, how long is waited in between, and the longest such
/// wait.
const TRIES: u32 = 3;
const WAIT: SignedDuration = SignedDuration::from_secs(1);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(20);
/// Members that are remembered while what was missed is read.
const MEMBERS: usize = 10_000;
/// Members of servers by server and person, as they were asked for.
pub(super) type Members = Mutex<HashMap<(u64, String), Option<Value>>>;

/// A channel, or a private chat, which has no server.
#[derive(Deserialize)]
struct Somewhere {
    guild_id: Option<String>,
    last_message_id: Option<String>,
}

impl Listener {
    /// The server that a place is in, none for a private chat; and the newest message there, where it had to be asked for.
    pub(super) async fn server_of(&self, place: u64) -> Result<(Option<u64>, Option<u64>), CallError> {
        if let Some(known) = self.discord.directory().channel(place) {
            return Ok((Some(known.server), None));
        }
        let shape: Value = self.patiently(&Call::get(format!("channels/{place}"))).await?;
        let somewhere: Somewhere = serde_json::from_value(shape.clone()).map_err(|_| CallError::Unreadable)?;
        let number = |id: Option<String>| id.and_then(|id| id.parse().ok());
        let (server, last) = (number(somewhere.guild_id), number(somewhere.last_message_id));
        if let (Some(server), Ok(channel)) = (server, serde_json::from_value(shape)) {
            self.discord.learn_channel(server, &channel);
        }
        Ok((server, last))
    }

    /// A message as an event; nothing when it cannot be read.
    pub(super) async fn as_event(
        &self,
        mut message: Value,
        server: Option<u64>,
        members: &Members,
    ) -> Result<Option<Event>, CallError> {
        if let (Some(server), Some(author)) = (server, message.pointer("/author/id").and_then(Value::as_str)) {
            let by_webhook = message.get("webhook_id").is_some_and(Value::is_string);
            let member = if by_webhook { None } else { self.member(server, author.to_owned(), members).await? };
            let Some(fields) = message.as_object_mut() else { return Ok(None) };
            fields.insert("guild_id".to_owned(), server.to_string().into());
            fields.extend(member.map(|member| ("member".to_owned(), member)));
        }
        Ok(serde_json::from_value(json!({ "t": "MESSAGE_CREATE", "d": message })).ok())
    }

    /// Only needed to tell who is of the team by a role. As long as that cannot be told, the message is unread: an agent's
    /// reply would be lost.
    async fn member(&self, server: u64, user: String, members: &Members) -> Result<Option<Value>, CallError> {
        if self.discord.setup.config.agent_roles.is_empty() {
            return Ok(None);
        }
        let key = (server, user);
        let known = members.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let member = match self.patiently(&Call::get(format!("guilds/{server}/members/{}", key.1))).await {
            Ok(member) => Some(member),
            // They are no member any more, or nobody may ask.
            Err(CallError::Refused { .. }) => None,
            Err(error) => return Err(error),
        };
        let mut known = members.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MEMBERS {
            known.clear();
        }
        known.insert(key, member.clone());
        drop(known);
        Ok(member)
    }

    /// Asks again, some times, when Discord wants to be left alone for a moment; not when it is time to stop.
    pub(super) async fn patiently<T: DeserializeOwned>(&self, call: &Call) -> Result<T, CallError> {
        let mut tries = 1;
        loop {
            let answer = tokio::select! {
                () = self.stop.cancelled() => return Err(stopping()),
                answer = self.discord.ask(call) => answer,
            };
            match answer {
                Err(CallError::Later { retry_after, .. }) if tries < TRIES && retry_after <= Some(LONGEST_WAIT) => {
                    let wait = Duration::try_from(retry_after.unwrap_or(WAIT)).unwrap_or_default();
                    tokio::select! {
                        () = self.stop.cancelled() => return Err(stopping()),
                        () = sleep(wait) => {}
                    }
                    tries += 1;
                }
                answer => return answer,
            }
        }
    }
}

/// The number of a message.
pub(super) fn number(message: &Value) -> u64 {
    message.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()).unwrap_or_default()
}
