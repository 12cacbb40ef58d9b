//! What happened while nobody listened: Discord tells a new session nothing of it, so the history of each place is read from
//! the last message on (<https://discord.com/developers/docs/resources/message#get-channel-messages>).
//!
//! Reading too much does no harm: what has come in before is known.

use std::collections::HashMap;
use std::time::Duration;

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};
use serenity::model::channel::GuildChannel;
use serenity::model::event::Event;
use tokio::time::sleep;

use super::Listener;
use crate::adapters::discord::NAME;
use crate::adapters::discord::rest::{Call, CallError};
use crate::voice::Platform;

/// Messages a page, and pages a place.
const PAGE: usize = 100;
const PAGES: usize = 10;
/// Places that are read: those with the newest messages.
const PLACES: usize = 500;
/// How often a page is asked for that Discord does not give at once, and how long is waited in between.
const TRIES: u32 = 3;
const WAIT: SignedDuration = SignedDuration::from_secs(2);
/// The longest such wait, and after how many places that could not be read the rest is left: what happens now waits behind
/// it.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_secs(20);
const UNREAD: u32 = 3;

/// The threads of a server that are open (<https://discord.com/developers/docs/resources/guild#list-active-guild-threads>).
#[derive(Deserialize)]
struct OpenThreads {
    #[serde(default)]
    threads: Vec<GuildChannel>,
}

/// A channel, or a private chat, which has no server.
#[derive(Deserialize)]
struct Somewhere {
    guild_id: Option<String>,
}

/// Members of servers by server and person, as they were asked for.
type Members = HashMap<(u64, String), Option<Value>>;

impl Listener {
    /// Reads what was missed in every place that something came from before.
    pub(super) async fn catch_up(&self) {
        let (brand, platform) = (&self.discord.setup.brand, Platform::from(NAME));
        let mut seen: Vec<(u64, u64)> = match self.intake.last_seen(brand, &platform).await {
            Ok(seen) => seen.iter().filter_map(|(place, at)| Some((place.parse().ok()?, at.parse().ok()?))).collect(),
            Err(error) => {
                tracing::warn!(%brand, %error, "what was missed cannot be read: it is not known how far each place was read");
                return;
            }
        };
        seen.sort_by_key(|(_, message)| std::cmp::Reverse(*message));
        let Some(newest) = seen.first().map(|(_, message)| *message) else { return };
        seen.truncate(PLACES);
        let begun = self.threads_since(newest).await;
        let (mut members, mut unread) = (Members::new(), 0);
        for (place, after) in seen.into_iter().chain(begun) {
            if self.stop.is_cancelled() {
                return;
            }
            if unread >= UNREAD {
                tracing::warn!(%brand, "Discord does not give the history; what was missed stays unread");
                return;
            }
            if let Err(error) = self.read_on(place, after, &mut members).await {
                tracing::info!(%brand, place, %error, "what was missed in a place cannot be read");
                unread += u32::from(matches!(error, CallError::Later { .. }));
            }
        }
    }

    /// Threads with something new in them that nobody may have heard of: of cases, and those that were begun since.
    async fn threads_since(&self, newest: u64) -> Vec<(u64, u64)> {
        let mut since = Vec::new();
        for server in self.discord.with_view(|view| view.servers()) {
            let call = Call::get(format!("guilds/{server}/threads/active"));
            let Ok(open) = self.patiently::<OpenThreads>(&call).await else { continue };
            for thread in &open.threads {
                self.discord.learn_channel(server, thread);
                if thread.id.get() > newest {
                    since.push((thread.id.get(), thread.id.get().saturating_sub(1)));
                }
            }
        }
        let desk = self.discord.with_view(|view| view.desk());
        let cases = desk.map(|desk| self.discord.directory().threads_of(desk)).unwrap_or_default();
        let talked = cases.into_iter().filter(|(id, last)| *id <= newest && last.is_some_and(|last| last > newest));
        since.extend(talked.map(|(id, _)| (id, newest)));
        since
    }

    async fn read_on(&self, place: u64, mut after: u64, members: &mut Members) -> Result<(), CallError> {
        let server = self.server_of(place).await?;
        for _ in 0..PAGES {
            let call = Call::get(format!("channels/{place}/messages?after={after}&limit={PAGE}"));
            let mut page: Vec<Value> = self.patiently(&call).await?;
            let full = page.len() >= PAGE;
            page.sort_by_key(number);
            for message in page {
                after = after.max(number(&message));
                if let Some(event) = self.as_event(message, server, members).await {
                    self.take_in(&event).await;
                }
            }
            if !full {
                return Ok(());
            }
        }
        tracing::warn!(brand = %self.discord.setup.brand, place, "more was missed in a place than is read");
        Ok(())
    }

    /// The server that a place is in; none: a private chat.
    async fn server_of(&self, place: u64) -> Result<Option<u64>, CallError> {
        if let Some(known) = self.discord.directory().channel(place) {
            return Ok(Some(known.server));
        }
        let shape: Value = self.patiently(&Call::get(format!("channels/{place}"))).await?;
        let somewhere: Somewhere = serde_json::from_value(shape.clone()).map_err(|_| CallError::Unreadable)?;
        let server = somewhere.guild_id.and_then(|id| id.parse().ok());
        if let (Some(server), Ok(channel)) = (server, serde_json::from_value(shape)) {
            self.discord.learn_channel(server, &channel);
        }
        Ok(server)
    }

    /// A message of the history as the event that it would have been: with its server, and its author's roles.
    async fn as_event(&self, mut message: Value, server: Option<u64>, members: &mut Members) -> Option<Event> {
        if let (Some(server), Some(author)) = (server, message.pointer("/author/id").and_then(Value::as_str)) {
            let by_webhook = message.get("webhook_id").is_some_and(Value::is_string);
            let member = if by_webhook { None } else { self.member(server, author.to_owned(), members).await };
            let fields = message.as_object_mut()?;
            fields.insert("guild_id".to_owned(), server.to_string().into());
            fields.extend(member.map(|member| ("member".to_owned(), member)));
        }
        serde_json::from_value(json!({ "t": "MESSAGE_CREATE", "d": message })).ok()
    }

    /// Only needed to tell who is of the team by a role.
    async fn member(&self, server: u64, user: String, members: &mut Members) -> Option<Value> {
        if self.discord.setup.config.agent_roles.is_empty() {
            return None;
        }
        let key = (server, user);
        if let Some(known) = members.get(&key) {
            return known.clone();
        }
        let member = self.patiently(&Call::get(format!("guilds/{server}/members/{}", key.1))).await.ok();
        members.insert(key, member.clone());
        member
    }

    /// Asks again, some times, when Discord wants to be left alone for a moment.
    async fn patiently<T: serde::de::DeserializeOwned>(&self, call: &Call) -> Result<T, CallError> {
        let mut tries = 1;
        loop {
            match self.discord.ask(call).await {
                Err(CallError::Later { retry_after, .. })
                    if tries < TRIES && retry_after <= Some(LONGEST_WAIT) && !self.stop.is_cancelled() =>
                {
                    let wait = Duration::try_from(retry_after.unwrap_or(WAIT)).unwrap_or_default();
                    tokio::select! {
                        () = self.stop.cancelled() => {}
                        () = sleep(wait) => {}
                    }
                    tries += 1;
                }
                answer => return answer,
            }
        }
    }
}

fn number(message: &Value) -> u64 {
    message.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()).unwrap_or_default()
}
