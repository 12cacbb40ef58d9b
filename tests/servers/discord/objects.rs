//! The objects of the API as JSON. Discord docs: resources/user, resources/guild, resources/channel, resources/message.

use serde_json::{Value, json};

use super::ids::{Id, strings};
use super::state::{Channel, Guild, Member, Message, Role, State, kind};

/// A user object.
pub fn user(state: &State, id: Id) -> Value {
    let Some(user) = state.users.get(&id) else {
        return json!({"id": id.to_string(), "username": "deleted_user", "discriminator": "0", "avatar": null});
    };
    json!({
        "id": id.to_string(),
        "username": user.name.to_lowercase().replace(' ', "_"),
        "discriminator": "0",
        "global_name": user.name,
        "avatar": null,
        "bot": user.bot,
        "public_flags": 0,
    })
}

/// A guild member object without its user.
pub fn partial_member(member: &Member) -> Value {
    json!({
        "nick": member.nick,
        "avatar": null,
        "banner": null,
        "roles": strings(&member.roles),
        "joined_at": member.joined,
        "premium_since": null,
        "deaf": false,
        "mute": false,
        "flags": 0,
        "pending": false,
        "communication_disabled_until": null,
    })
}

/// A guild member object.
pub fn member(state: &State, guild: &Guild, id: Id) -> Option<Value> {
    let mut object = partial_member(guild.members.get(&id)?);
    object["user"] = user(state, id);
    Some(object)
}

/// A role object.
pub fn role(role: &Role, position: usize) -> Value {
    json!({
        "id": role.id.to_string(),
        "name": role.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "hoist": false,
        "icon": null,
        "unicode_emoji": null,
        "position": position,
        "permissions": role.permissions.to_string(),
        "managed": role.managed,
        "mentionable": role.mentionable,
        "flags": 0,
    })
}

/// The roles of a guild.
pub fn roles(guild: &Guild) -> Vec<Value> {
    guild.roles.iter().enumerate().map(|(position, one)| role(one, position)).collect()
}

/// A channel object: of a guild, of a thread or of a direct message.
pub fn channel(state: &State, channel: &Channel) -> Value {
    let written = state.messages.values().filter(|message| message.channel == channel.id && !message.deleted);
    let last = written.clone().map(|message| message.id).max().map(|id| id.to_string());
    if let Some(recipient) = channel.recipient {
        let recipients = [user(state, recipient)];
        return json!({
            "id": channel.id.to_string(), "type": kind::DM, "last_message_id": last, "flags": 0, "recipients": recipients,
        });
    }
    let mut object = json!({
        "id": channel.id.to_string(),
        "type": channel.kind,
        "guild_id": channel.guild.map(|id| id.to_string()),
        "name": channel.name,
        "parent_id": channel.parent.map(|id| id.to_string()),
        "last_message_id": last,
        "flags": if channel.requires_tag { 1 << 4 } else { 0 },
        "rate_limit_per_user": 0,
    });
    if let Some(thread) = &channel.thread {
        object["owner_id"] = json!(thread.owner.to_string());
        object["message_count"] = json!(written.count());
        let ever = state.messages.values().filter(|message| message.channel == channel.id);
        object["total_message_sent"] = json!(ever.count());
        // Docs, resources/channel: `member_count` stops counting at 50.
        object["member_count"] = json!(thread.members.len().min(50));
        object["applied_tags"] = json!(strings(&thread.tags));
        object["thread_metadata"] = json!({
            "archived": thread.archived,
            "auto_archive_duration": thread.auto_archive,
            "archive_timestamp": thread.changed,
            "create_timestamp": thread.created,
            "locked": thread.locked,
            "invitable": thread.invitable,
        });
        if thread.members.contains(&state.bot) {
            object["member"] = thread_member(channel.id, state.bot, &thread.created);
        }
        return object;
    }
    object["position"] = json!(0);
    object["topic"] = json!(channel.topic);
    object["nsfw"] = json!(false);
    object["permission_overwrites"] = channel
        .overwrites
        .iter()
        .map(|one| {
            json!({
                "id": one.id.to_string(), "type": u8::from(one.member),
                "allow": one.allow.to_string(), "deny": one.deny.to_string(),
            })
        })
        .collect();
    if channel.kind == kind::FORUM {
        let tag = |(id, name): &(Id, String)| json!({"id": id.to_string(), "name": name, "moderated": false, "emoji_id": null, "emoji_name": null});
        object["available_tags"] = channel.tags.iter().map(tag).collect();
        object["default_forum_layout"] = json!(0);
    }
    object
}

/// A thread member object.
pub fn thread_member(thread: Id, user: Id, since: &str) -> Value {
    json!({"id": thread.to_string(), "user_id": user.to_string(), "join_timestamp": since, "flags": 0})
}

/// A guild object, as GET and GUILD_CREATE have it in common.
pub fn guild(guild: &Guild) -> Value {
    json!({
        "id": guild.id.to_string(),
        "name": guild.name,
        "icon": null,
        "splash": null,
        "discovery_splash": null,
        "owner_id": guild.owner.to_string(),
        "afk_channel_id": null,
        "afk_timeout": 300,
        "verification_level": 1,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "roles": roles(guild),
        "emojis": [],
        "features": ["COMMUNITY"],
        "mfa_level": 0,
        "application_id": null,
        "system_channel_id": null,
        "system_channel_flags": 0,
        "rules_channel_id": null,
        "vanity_url_code": null,
        "description": null,
        "banner": null,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "public_updates_channel_id": null,
        "nsfw_level": 0,
        "stickers": [],
        "premium_progress_bar_enabled": false,
        "safety_alerts_channel_id": null,
    })
}

/// A message object. `reads_all`: the message content intent is there (docs, events/gateway, Message Content Intent).
pub fn message(state: &State, message: &Message, reads_all: bool) -> Value {
    let mut object = flat_message(state, message, reads_all);
    if let Some((channel, id)) = message.reply_to {
        object["message_reference"] = json!({
            "type": 0,
            "message_id": id.to_string(),
            "channel_id": channel.to_string(),
            "guild_id": state.channel(channel).and_then(|channel| channel.guild).map(|id| id.to_string()),
        });
        // Docs, resources/message: null if the message was deleted.
        let referenced = state.messages.get(&id).filter(|message| !message.deleted);
        object["referenced_message"] = json!(referenced.map(|message| flat_message(state, message, reads_all)));
    }
    if let Some(thread) = state.channel(message.id).filter(|thread| thread.parent == Some(message.channel)) {
        object["thread"] = channel(state, thread);
    }
    object
}

fn flat_message(state: &State, message: &Message, reads_all: bool) -> Value {
    let author = match &message.webhook {
        Some(name) => {
            json!({"id": message.author.to_string(), "username": name, "discriminator": "0000", "avatar": null, "bot": true})
        }
        None => user(state, message.author),
    };
    let mut object = json!({
        "id": message.id.to_string(),
        "channel_id": message.channel.to_string(),
        "type": message.kind,
        "author": author,
        "content": message.content,
        "timestamp": message.created,
        "edited_timestamp": message.edited,
        "tts": false,
        "mention_everyone": message.mention_everyone,
        "mentions": message.mentions.iter().map(|id| user(state, *id)).collect::<Vec<_>>(),
        "mention_roles": strings(&message.mention_roles),
        "attachments": message.attachments,
        "embeds": message.embeds,
        "components": message.components,
        "pinned": false,
        "flags": message.flags,
    });
    if !message.reactions.is_empty() {
        object["reactions"] = message.reactions.iter().map(|(emoji, users)| reaction(state, emoji, users)).collect();
    }
    if let Some(nonce) = &message.nonce {
        object["nonce"] = nonce.clone();
    }
    if message.webhook.is_some() {
        object["webhook_id"] = json!(message.author.to_string());
    }
    if let Some(interaction) = message.interaction.and_then(|id| state.interactions.get(&id)) {
        object["application_id"] = json!(state.bot.to_string());
        object["webhook_id"] = json!(state.bot.to_string());
        let mut about = json!({
            "id": interaction.id.to_string(),
            "type": interaction.kind,
            "user": user(state, interaction.user),
            "authorizing_integration_owners": super::interactions::owners(state, interaction.channel),
        });
        if let Some(pressed) = interaction.message {
            about["interacted_message_id"] = json!(pressed.to_string());
        }
        // Serenity wants the type that made a modal inside its metadata; nobody here answers one with a message.
        if interaction.kind != 5 {
            object["interaction_metadata"] = about;
        }
    }
    if !reads_all && !readable(state, message) {
        for field in ["embeds", "attachments", "components"] {
            object[field] = json!([]);
        }
        object["content"] = json!("");
    }
    object
}

/// Docs, events/gateway, Message Content Intent: own messages, direct messages and messages that mention the bot are
/// readable without it.
fn readable(state: &State, message: &Message) -> bool {
    let direct = state.channels.get(&message.channel).is_some_and(|channel| channel.recipient.is_some());
    message.author == state.bot || message.interaction.is_some() || direct || message.mentions.contains(&state.bot)
}

fn reaction(state: &State, emoji: &str, users: &[Id]) -> Value {
    json!({
        "count": users.len(),
        "count_details": {"burst": 0, "normal": users.len()},
        "me": users.contains(&state.bot),
        "me_burst": false,
        "emoji": emoji_object(emoji),
        "burst_colors": [],
    })
}

/// An emoji: a character, or `name:id` for a custom one.
pub fn emoji_object(emoji: &str) -> Value {
    match emoji.split_once(':') {
        Some((name, id)) => json!({"id": id, "name": name}),
        None => json!({"id": null, "name": emoji}),
    }
}
