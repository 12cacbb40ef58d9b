//! Posts for the team: each case is a post of the forum, or a private thread of the text channel
//! (<https://discord.com/developers/docs/resources/channel#start-thread-without-message>).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::adapters::discord::outbound::message::{in_forum, in_thread};
use crate::adapters::discord::outbound::request::{Part, Request};
use crate::adapters::discord::place::born;
use crate::adapters::discord::rest::{Call, CallError};
use crate::adapters::discord::wire::{ChannelMade, ThreadShape, ThreadsShape};
use crate::adapters::discord::{Discord, NAME};
use crate::adapters::{Incoming, SendError, Sent};
use crate::voice::Platform;

use super::refusal::{is_no_answer, refused, still_unsure};

/// A private thread (<https://discord.com/developers/docs/resources/channel#channel-object-channel-types>).
const PRIVATE_THREAD: u8 = 12;
/// How far our clock may be from Discord's.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(5);
/// How many archived threads are looked at, which is how many Discord gives at once.
const MOST_ARCHIVED: usize = 100;
/// The store could not write it down.
const NOT_WRITTEN: &str = "where the case is talked about could not be written down";
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
    /// Posts about a case. The first opens a thread, and the case is known by it from then on; so does one whose thread is
    /// gone.
    pub(super) async fn post(&self, post: &Post<'_>, request: &Request) -> Result<Sent, SendError> {
        self.is_hidden(post)?;
        let thread = match self.progress.thread(request.id).or_else(|| post.thread.map(str::to_owned)) {
            Some(thread) => thread,
            None => self.open(post, request).await?,
        };
        match self.post_in(&thread, post, request).await {
            Err(SendError::Never { reason }) if self.is_gone(&thread).await => {
                tracing::warn!(brand = %self.setup.brand, reason, "the thread of a case is gone; another is opened");
                self.progress.forget(request.id);
                let thread = self.open(post, request).await?;
                self.post_in(&thread, post, request).await
            }
            sent => sent,
        }
    }

    async fn post_in(&self, thread: &str, post: &Post<'_>, request: &Request) -> Result<Sent, SendError> {
        if let Some(was) = post.thread.filter(|was| *was != thread) {
            self.goes_by(was, thread).await?;
        }
        self.say(thread, request, in_thread).await
    }

    /// Posts what belongs to no case, into the one thread that is kept for it. Nobody answers a customer from there, so the
    /// number of the thread stands for no conversation.
    pub(super) async fn post_standing(&self, post: &Post<'_>, request: &Request) -> Result<Sent, SendError> {
        self.is_hidden(post)?;
        let mut standing = self.standing.lock().await;
        let known = self.progress.thread(request.id).or_else(|| standing.clone());
        let thread = match known {
            Some(thread) => thread,
            None => match self.active(post, None).await.map_err(|error| refused(&error))? {
                Some(thread) => thread,
                None => self.open(post, request).await?,
            },
        };
        *standing = Some(thread.clone());
        match self.say(&thread, request, in_thread).await {
            Err(SendError::Never { .. }) if self.is_gone(&thread).await => {
                self.progress.forget(request.id);
                let thread = self.open(post, request).await?;
                *standing = Some(thread.clone());
                self.say(&thread, request, in_thread).await?;
            }
            sent => drop(sent?),
        }
        Ok(Sent::default())
    }

    /// Checked each time, because a channel can be opened to everybody at any time (threat 13 of the domain notes).
    fn is_hidden(&self, post: &Post<'_>) -> Result<(), SendError> {
        let hidden = match self.directory().everybody_sees(post.desk) {
            Some(false) => Ok(()),
            Some(true) => Err("everybody in the server can see the desk, so customers could read cases"),
            None => Err("Discord has not told yet who can see the desk"),
        };
        hidden.map_err(|reason| SendError::Later { reason: reason.to_owned(), retry_after: None })
    }

    /// Has it written down that a case is talked about in another thread now: what agents answer in one that nothing is known
    /// of reaches nobody.
    async fn goes_by(&self, from: &str, to: &str) -> Result<(), SendError> {
        let Some(intake) = self.intake.get() else {
            tracing::warn!(brand = %self.setup.brand, from, to, "nobody listens yet who writes down the new thread of a case");
            return Ok(());
        };
        let (brand, platform) = (self.setup.brand.clone(), Platform::from(NAME));
        let renumbered = Incoming::Renumbered { brand, platform, from: from.to_owned(), to: to.to_owned() };
        let taken = intake.take(&renumbered).await;
        taken.map(drop).map_err(|error| {
            tracing::warn!(brand = %self.setup.brand, from, to, %error, "the new thread of a case is not written down");
            SendError::Later { reason: NOT_WRITTEN.to_owned(), retry_after: None }
        })
    }

    async fn is_gone(&self, thread: &str) -> bool {
        let answer = self.tell(&Call::get(format!("channels/{thread}"))).await;
        answer.is_err_and(|error| error.code() == Some(GONE))
    }

    /// Opens a thread, unless an earlier try has: with the first part in it, in a forum.
    async fn open(&self, post: &Post<'_>, request: &Request) -> Result<String, SendError> {
        if request.unsure.is_some() {
            let since = request.decided_at.saturating_sub(CLOCKS_APART).unwrap_or(request.decided_at);
            let begun = match self.active(post, Some(since)).await.map_err(|error| still_unsure(&error))? {
                Some(thread) => Some(thread),
                None => self.archived(post, since).await?,
            };
            if let Some(thread) = begun {
                // A post of a forum has its first message from the beginning.
                self.progress.opened(request.id, &thread, usize::from(post.forum));
                if !post.forum {
                    self.add_agents(&thread).await;
                }
                return Ok(thread);
            }
        }
        let opened =
            if post.forum { self.forum_post(post, request).await } else { self.private_thread(post, request).await };
        opened.map_err(|error| refused(&error))
    }

    /// A thread of this name that the bot has opened since a moment
    /// (<https://discord.com/developers/docs/resources/guild#list-active-guild-threads>).
    async fn active(&self, post: &Post<'_>, since: Option<Timestamp>) -> Result<Option<String>, CallError> {
        let server = self.directory().channel(post.desk).map(|desk| desk.server);
        let Some(server) = server else { return Ok(None) };
        let active: ThreadsShape = self.ask(&Call::get(format!("guilds/{server}/threads/active"))).await?;
        Ok(self.ours(&active, post, since))
    }

    /// The same of those that were archived meanwhile: nobody has written there for an hour or longer
    /// (<https://discord.com/developers/docs/resources/channel#list-public-archived-threads>). The newest are enough: it was
    /// opened, or archived, since the bot was last here.
    async fn archived(&self, post: &Post<'_>, since: Timestamp) -> Result<Option<String>, SendError> {
        let list = if post.forum { "threads/archived/public" } else { "users/@me/threads/archived/private" };
        let call = Call::get(format!("channels/{}/{list}?limit={MOST_ARCHIVED}", post.desk));
        match self.ask::<ThreadsShape>(&call).await {
            Ok(archived) => Ok(self.ours(&archived, post, Some(since))),
            Err(error) if is_no_answer(&error) => Err(still_unsure(&error)),
            // They cannot be looked at; those that are open were.
            Err(_) => Ok(None),
        }
    }

    fn ours(&self, threads: &ThreadsShape, post: &Post<'_>, since: Option<Timestamp>) -> Option<String> {
        let me = self.directory().me;
        let is_ours = |thread: &&ThreadShape| {
            thread.name == post.name
                && thread.parent_id.map(|id| id.get()) == Some(post.desk)
                && thread.owner_id.map(|id| id.get()) == me
                && since.is_none_or(|since| born(thread.id.get()) >= since)
        };
        threads.threads.iter().find(is_ours).map(|thread| thread.id.to_string())
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
