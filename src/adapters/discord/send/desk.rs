//! Posts for the team: each case is a post of the forum, or a private thread of the text channel
//! (<https://discord.com/developers/docs/resources/channel#start-thread-without-message>).

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::adapters::discord::Discord;
use crate::adapters::discord::outbound::message::{in_forum, in_thread};
use crate::adapters::discord::outbound::request::{Part, Request};
use crate::adapters::discord::place::born;
use crate::adapters::discord::rest::{Call, CallError};
use crate::adapters::discord::wire::{ActiveThreads, ChannelMade, ThreadShape};
use crate::adapters::{SendError, Sent};

use super::refusal::{refused, still_unsure};

/// A private thread (<https://discord.com/developers/docs/resources/channel#channel-object-channel-types>).
const PRIVATE_THREAD: u8 = 12;
/// How far our clock may be from Discord's.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(5);
/// The channel is gone.
const GONE: u64 = 10_003;

/// Where a post for the team goes.
pub(super) struct Post<'a> {
    /// The team's channel.
    pub desk: u64,
    /// Whether it is a forum.
    pub forum: bool,
    /// The tag without which the forum takes no post.
    pub tag: Option<u64>,
    /// The thread of the case, when it has one.
    pub thread: Option<&'a str>,
    /// What a thread for it is called.
    pub name: &'a str,
}

impl Discord {
    pub(super) async fn post(&self, post: &Post<'_>, request: &Request) -> Result<Sent, SendError> {
        // Checked each time, because a channel can be opened to everybody at any time (threat 13 of the domain notes).
        let hidden = match self.directory().everybody_sees(post.desk) {
            Some(false) => Ok(()),
            Some(true) => Err("everybody in the server can see the desk, so customers could read cases"),
            None => Err("Discord has not told yet who can see the desk"),
        };
        hidden.map_err(|reason| SendError::Later { reason: reason.to_owned(), retry_after: None })?;
        let Some(thread) = post.thread.map(|thread| self.reopened(thread)) else {
            return self.begin(post, request).await;
        };
        let opened = self.progress.thread(request.id);
        match self.say(opened.as_deref().unwrap_or(&thread), request.id, &request.parts, in_thread).await {
            Err(SendError::Never { reason }) if opened.is_none() && self.is_gone(&thread).await => {
                tracing::warn!(brand = %self.setup.brand, reason, "the thread of a case is gone; another is opened");
                let sent = self.begin(post, request).await?;
                if let (Some(old), Some(new)) = (post.thread, &sent.message_id) {
                    self.reopen(old, new);
                }
                Ok(sent)
            }
            sent => sent,
        }
    }

    async fn is_gone(&self, thread: &str) -> bool {
        let answer = self.tell(&Call::get(format!("channels/{thread}"))).await;
        answer.is_err_and(|error| error.code() == Some(GONE))
    }

    /// Opens a thread for a case; the number of the thread is that of the post.
    async fn begin(&self, post: &Post<'_>, request: &Request) -> Result<Sent, SendError> {
        let begun = match self.progress.thread(request.id) {
            None if request.unsure => self.begun_before(post, request).await.map_err(|error| still_unsure(&error))?,
            begun => begun,
        };
        let thread = match (begun, post.forum) {
            (Some(thread), _) => thread,
            (None, true) => self.forum_post(post, request).await.map_err(|error| refused(&error))?,
            (None, false) => self.private_thread(post, request).await.map_err(|error| refused(&error))?,
        };
        self.say(&thread, request.id, &request.parts, in_thread).await
    }

    /// The thread that an earlier try opened, whose answer got lost: it bears the name, which is that of one case alone, and
    /// is not older than the post. Opening a thread knows no nonce.
    async fn begun_before(&self, post: &Post<'_>, request: &Request) -> Result<Option<String>, CallError> {
        let (server, me) = {
            let directory = self.directory();
            (directory.channel(post.desk).map(|desk| desk.server), directory.me)
        };
        let Some(server) = server else { return Ok(None) };
        let active: ActiveThreads = self.ask(&Call::get(format!("guilds/{server}/threads/active"))).await?;
        let since = request.decided_at.saturating_sub(CLOCKS_APART).unwrap_or(request.decided_at);
        let is_ours = |thread: &&ThreadShape| {
            thread.name == post.name
                && thread.parent_id.map(|id| id.get()) == Some(post.desk)
                && thread.owner_id.map(|id| id.get()) == me
                && born(thread.id.get()) >= since
        };
        let Some(thread) = active.threads.iter().find(is_ours).map(|thread| thread.id.to_string()) else {
            return Ok(None);
        };
        // A post of a forum has its first message from the beginning.
        self.progress.opened(request.id, &thread, usize::from(post.forum));
        if !post.forum {
            self.add_agents(&thread).await;
        }
        Ok(Some(thread))
    }

    async fn forum_post(&self, post: &Post<'_>, request: &Request) -> Result<String, CallError> {
        let nothing = Part { body: json!({}), plain: json!({}) };
        let first = request.parts.first().unwrap_or(&nothing);
        let path = format!("channels/{}/threads", post.desk);
        let tags: Vec<String> = post.tag.iter().map(u64::to_string).collect();
        let call = |body: &Value| {
            Call::post(&path, json!({ "name": post.name, "message": in_forum(body), "applied_tags": tags }))
        };
        let made: ChannelMade = self.with_plain(first, call).await?;
        self.progress.opened(request.id, &made.id.to_string(), 1);
        Ok(made.id.to_string())
    }

    async fn private_thread(&self, post: &Post<'_>, request: &Request) -> Result<String, CallError> {
        let body = json!({ "name": post.name, "type": PRIVATE_THREAD, "invitable": false });
        let made: ChannelMade = self.ask(&Call::post(format!("channels/{}/threads", post.desk), body)).await?;
        let thread = made.id.to_string();
        self.progress.opened(request.id, &thread, 0);
        self.add_agents(&thread).await;
        Ok(thread)
    }

    /// Whoever may manage threads sees a private one anyway
    /// (<https://discord.com/developers/docs/topics/threads#private-threads>); others have to be added.
    async fn add_agents(&self, thread: &str) {
        for agent in &self.setup.config.agents {
            self.add_member(thread, &agent.id.0.to_string()).await;
        }
    }
}
