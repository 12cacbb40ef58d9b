//! Messages come, change and go, whoever writes them.

use std::time::Instant;

use serde_json::json;

use super::draft::Draft;
use super::errors::{ApiError, form};
use super::gateway::intents;
use super::ids::{Id, now, strings};
use super::mentions::{Allowed, told};
use super::objects;
use super::permissions::{MANAGE_THREADS, READ_MESSAGE_HISTORY, in_channel};
use super::state::{Message, State};

/// What a message is besides its words.
#[derive(Default)]
pub struct Origin {
    /// Its id, if it is given: the first message of a forum post has that of the post.
    pub id: Option<Id>,
    pub webhook: Option<String>,
    pub interaction: Option<Id>,
    pub visible_to: Option<Id>,
    /// Discord docs, resources/message, Message Types.
    pub kind: u8,
    /// The message whose component it answers.
    pub component_of: Option<Id>,
}

impl Message {
    /// A message without words.
    pub fn new(id: Id, channel: Id, author: Id, kind: u8) -> Message {
        Message {
            id,
            channel,
            author,
            webhook: None,
            content: String::new(),
            embeds: Vec::new(),
            components: Vec::new(),
            attachments: Vec::new(),
            flags: 0,
            kind,
            reply_to: None,
            mentions: Vec::new(),
            mention_roles: Vec::new(),
            mention_everyone: false,
            nonce: None,
            created: now(),
            written: Instant::now(),
            edited: None,
            deleted: false,
            reactions: Vec::new(),
            visible_to: None,
            interaction: None,
            raw: Vec::new(),
        }
    }

    /// Somebody wrote it; the other kinds are notices of Discord itself.
    pub fn is_written(&self) -> bool {
        [0, 19, 20].contains(&self.kind)
    }
}

impl State {
    /// Writes a message and tells the bot. Whether the author may is for the caller to say.
    pub fn post(&mut self, author: Id, channel: Id, draft: &Draft, origin: Origin) -> Result<Id, ApiError> {
        let place = self.channel(channel).cloned().ok_or_else(|| super::errors::unknown(10003))?;
        let replied = self.replied(author, channel, draft)?;
        if origin.interaction.is_none() {
            self.reopen(author, channel)?;
        }
        let allowed = draft
            .allowed
            .clone()
            .unwrap_or_else(|| Allowed::unless_said(origin.interaction.is_none() && origin.webhook.is_none()));
        let replied_to = replied.and_then(|id| self.messages.get(&id)).map(|message| message.author);
        let told = told(self, &place, author, &draft.content, &allowed, replied_to);
        let id = origin.id.unwrap_or_else(|| self.ids.next());
        let kind = if replied.is_some() { 19 } else { origin.kind };
        let message = Message {
            webhook: origin.webhook,
            content: draft.content.clone(),
            embeds: draft.embeds.clone(),
            components: draft.components.clone(),
            attachments: draft.attachments.clone(),
            flags: draft.flags,
            reply_to: replied.or(origin.component_of).map(|id| (channel, id)),
            mentions: told.users,
            mention_roles: told.roles,
            mention_everyone: told.everyone,
            nonce: draft.nonce.clone(),
            visible_to: origin.visible_to,
            interaction: origin.interaction,
            raw: draft.raw.iter().cloned().collect(),
            ..Message::new(id, channel, author, kind)
        };
        self.messages.insert(id, message);
        self.emit_message("MESSAGE_CREATE", id);
        Ok(id)
    }

    /// Discord itself notes something in a channel, in the name of the one who did it.
    pub fn note(&mut self, channel: Id, author: Id, kind: u8, set: impl FnOnce(&mut Message)) -> Id {
        let id = self.ids.next();
        let mut message = Message::new(id, channel, author, kind);
        set(&mut message);
        self.messages.insert(id, message);
        self.emit_message("MESSAGE_CREATE", id);
        id
    }

    /// The message that a draft replies to.
    fn replied(&self, author: Id, channel: Id, draft: &Draft) -> Result<Option<Id>, ApiError> {
        let Some(id) = draft.reply_to else { return Ok(None) };
        let there = self.messages.get(&id).is_some_and(|message| message.channel == channel && !message.deleted);
        match (there, self.channel(channel)) {
            (true, Some(place)) if in_channel(self, author, place) & READ_MESSAGE_HISTORY == 0 => {
                Err(ApiError::new(403, 160_002, "Cannot reply without permission to read message history"))
            }
            (true, _) => Ok(Some(id)),
            (false, _) if draft.reply_may_fail => Ok(None),
            (false, _) => Err(form("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")),
        }
    }

    /// Docs, topics/threads: a message in an archived thread re-opens it, unless it is locked and the author is no
    /// moderator; and who writes in a thread is a member of it.
    fn reopen(&mut self, author: Id, channel: Id) -> Result<(), ApiError> {
        let Some(place) = self.channel(channel) else { return Ok(()) };
        let moderates = in_channel(self, author, place) & MANAGE_THREADS != 0;
        let Some(thread) = &place.thread else { return Ok(()) };
        if thread.locked && !moderates {
            return Err(ApiError::new(400, 160_005, "Thread is locked"));
        }
        let asleep = thread.archived;
        if let Some(thread) = self.channels.get_mut(&channel).and_then(|place| place.thread.as_mut()) {
            (thread.archived, thread.changed) = (false, if asleep { now() } else { thread.changed.clone() });
        }
        if asleep {
            self.emit_thread("THREAD_UPDATE", channel);
        }
        self.set_thread_member(channel, author, true, author);
        Ok(())
    }

    /// Changes a message: what the body does not name stays. `None` for `body` fills in an empty one.
    pub fn edit(&mut self, id: Id, draft: &Draft) {
        let Some(message) = self.messages.get(&id).cloned() else { return };
        let body = draft.raw.clone().unwrap_or_else(|| json!({"content": draft.content}));
        let names = |field: &str| body.get(field).is_some();
        let content = if names("content") { draft.content.clone() } else { message.content };
        let ordinary = message.interaction.is_none() && message.webhook.is_none();
        let allowed = draft.allowed.clone().unwrap_or_else(|| Allowed::unless_said(ordinary));
        let replied_to = message.reply_to.and_then(|(_, id)| self.messages.get(&id)).map(|message| message.author);
        let place = self.channels.get(&message.channel).cloned();
        let told = place.map(|place| told(self, &place, message.author, &content, &allowed, replied_to));
        let Some(message) = self.messages.get_mut(&id) else { return };
        message.content = content;
        if let Some(told) = told {
            (message.mentions, message.mention_roles, message.mention_everyone) =
                (told.users, told.roles, told.everyone);
        }
        if names("embeds") {
            message.embeds.clone_from(&draft.embeds);
        }
        if names("components") {
            message.components.clone_from(&draft.components);
        }
        if names("flags") {
            // Docs, resources/message, Edit Message: only SUPPRESS_EMBEDS can be changed.
            message.flags =
                message.flags & !super::draft::SUPPRESS_EMBEDS | draft.flags & super::draft::SUPPRESS_EMBEDS;
        }
        message.attachments.extend(draft.attachments.iter().cloned());
        message.edited = Some(now());
        message.raw.extend(draft.raw.iter().cloned());
        self.emit_message("MESSAGE_UPDATE", id);
    }

    /// Takes a message away.
    pub fn delete(&mut self, id: Id) {
        let Some(message) = self.messages.get_mut(&id) else { return };
        message.deleted = true;
        let (channel, hidden) = (message.channel, message.visible_to.is_some());
        let guild = self.channels.get(&channel).and_then(|channel| channel.guild).filter(|_| !hidden);
        let mut data = json!({"id": id.to_string(), "channel_id": channel.to_string()});
        if let Some(guild) = guild {
            data["guild_id"] = json!(guild.to_string());
        }
        let needed = if guild.is_some() { intents::GUILD_MESSAGES } else { intents::DIRECT_MESSAGES };
        self.emit_in(channel, "MESSAGE_DELETE", needed, data);
    }

    /// Puts a reaction on a message, or takes it off. False if that changed nothing.
    pub fn react(&mut self, user: Id, id: Id, emoji: &str, on: bool) -> bool {
        let Some(message) = self.messages.get_mut(&id) else { return false };
        let author = message.author;
        let channel = message.channel;
        let place = message.reactions.iter().position(|(one, _)| one == emoji);
        let here = place.is_some_and(|place| message.reactions[place].1.contains(&user));
        if on == here {
            return false;
        }
        match place {
            Some(place) if on => message.reactions[place].1.push(user),
            Some(place) => message.reactions[place].1.retain(|one| *one != user),
            None => message.reactions.push((emoji.to_owned(), vec![user])),
        }
        message.reactions.retain(|(_, users)| !users.is_empty());
        let guild = self.channels.get(&channel).and_then(|channel| channel.guild);
        let mut data = json!({
            "user_id": user.to_string(), "channel_id": channel.to_string(), "message_id": id.to_string(),
            "emoji": objects::emoji_object(emoji), "burst": false, "type": 0,
        });
        if let Some(guild) = guild.and_then(|id| self.guilds.get(&id)) {
            data["guild_id"] = json!(guild.id.to_string());
            if on {
                data["member"] = json!(objects::member(self, guild, user));
            }
        }
        if on {
            data["message_author_id"] = json!(author.to_string());
        }
        let needed = if guild.is_some() { intents::GUILD_MESSAGE_REACTIONS } else { intents::DIRECT_MESSAGE_REACTIONS };
        let name = if on { "MESSAGE_REACTION_ADD" } else { "MESSAGE_REACTION_REMOVE" };
        self.emit_in(channel, name, needed, data);
        true
    }

    /// Tells that people came to a thread or left it.
    pub fn emit_thread_members(&mut self, thread: Id, added: &[Id], removed: &[Id]) {
        let Some(channel) = self.channel(thread) else { return };
        let Some((inside, guild)) = channel.thread.as_ref().zip(channel.guild) else { return };
        let since = now();
        let added_members: Vec<_> = added
            .iter()
            .map(|user| {
                let mut object = objects::thread_member(thread, *user, &since);
                let guild = self.guilds.get(&guild);
                object["member"] = json!(guild.and_then(|guild| objects::member(self, guild, *user)));
                object
            })
            .collect();
        let data = json!({
            "id": thread.to_string(), "guild_id": guild.to_string(), "member_count": inside.members.len().min(50),
            "added_members": added_members, "removed_member_ids": strings(removed),
        });
        let about_bot = added.contains(&self.bot) || removed.contains(&self.bot);
        // Docs, events/gateway-events, Thread Members Update: without GUILD_MEMBERS only about the bot itself.
        let needed = if about_bot { intents::GUILDS } else { intents::GUILD_MEMBERS };
        self.emit("THREAD_MEMBERS_UPDATE", needed, data, None);
    }
}
