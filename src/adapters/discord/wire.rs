//! Shapes of the API's answers, with the fields that are read and no others, so that a field that Discord adds or drops
//! elsewhere breaks nothing.

use serde::Deserialize;
use serenity::model::id::{ApplicationId, ChannelId, MessageId, RoleId, UserId};
use serenity::model::permissions::Permissions;

/// The bot's own account (<https://discord.com/developers/docs/resources/user#user-object>).
#[derive(Debug, Deserialize)]
pub(super) struct MeShape {
    pub id: UserId,
    pub username: String,
}

/// The application of the bot (<https://discord.com/developers/docs/resources/application#application-object>).
#[derive(Debug, Deserialize)]
pub(super) struct ApplicationShape {
    pub id: ApplicationId,
    #[serde(default)]
    pub flags: u64,
}

/// A server (<https://discord.com/developers/docs/resources/guild#guild-object>).
#[derive(Debug, Deserialize)]
pub(super) struct ServerShape {
    pub name: String,
    pub owner_id: Option<UserId>,
    #[serde(default)]
    pub roles: Vec<RoleShape>,
}

/// A role (<https://discord.com/developers/docs/topics/permissions#role-object>).
#[derive(Debug, Deserialize)]
pub(super) struct RoleShape {
    pub id: RoleId,
    pub name: String,
    pub permissions: Permissions,
}

/// A member of a server (<https://discord.com/developers/docs/resources/guild#guild-member-object>).
#[derive(Debug, Deserialize)]
pub(super) struct MemberShape {
    #[serde(default)]
    pub roles: Vec<RoleId>,
}

/// A channel or thread that was made, and a message that was sent: all that is needed is the number.
#[derive(Debug, Deserialize)]
pub(super) struct ChannelMade {
    pub id: ChannelId,
}

/// A message that was sent.
#[derive(Debug, Deserialize)]
pub(super) struct MessageMade {
    pub id: MessageId,
}

/// A message as it stands there (<https://discord.com/developers/docs/resources/message#message-object>).
#[derive(Debug, Deserialize)]
pub(super) struct MessageShape {
    pub id: MessageId,
    pub author: Option<AuthorShape>,
    #[serde(default)]
    pub content: String,
    #[serde(default)]
    pub components: Vec<serde_json::Value>,
    /// A string or a number.
    pub nonce: Option<serde_json::Value>,
    /// What it replies to.
    pub message_reference: Option<ReferenceShape>,
    /// Set when it was sent by the token of an interaction.
    pub webhook_id: Option<String>,
}

/// Whoever wrote a message.
#[derive(Debug, Deserialize)]
pub(super) struct AuthorShape {
    pub id: UserId,
}

/// A message that another one replies to.
#[derive(Debug, Deserialize)]
pub(super) struct ReferenceShape {
    pub message_id: Option<MessageId>,
}

/// Threads that are not archived (<https://discord.com/developers/docs/resources/guild#list-active-guild-threads>), or those
/// that are (<https://discord.com/developers/docs/resources/channel#list-public-archived-threads>).
#[derive(Debug, Deserialize)]
pub(super) struct ThreadsShape {
    pub threads: Vec<ThreadShape>,
}

/// A thread, and who opened it.
#[derive(Debug, Deserialize)]
pub(super) struct ThreadShape {
    pub id: ChannelId,
    pub name: String,
    pub parent_id: Option<ChannelId>,
    pub owner_id: Option<UserId>,
}

/// Where the gateway is (<https://discord.com/developers/docs/events/gateway#get-gateway-bot>).
#[derive(Debug, Deserialize)]
pub(super) struct GatewayShape {
    pub url: String,
    /// Over how many connections Discord would hear the bot.
    pub shards: Option<u32>,
    pub session_start_limit: Option<StartLimitShape>,
}

/// How often a session may be begun (<https://discord.com/developers/docs/events/gateway#session-start-limit-object>).
#[derive(Debug, Deserialize)]
pub(super) struct StartLimitShape {
    /// In 24 hours.
    #[serde(default = "usual_total")]
    pub total: u32,
    pub remaining: u32,
    /// Milliseconds.
    pub reset_after: u64,
    /// How many at a time, each in a lane of its own.
    #[serde(default = "one")]
    pub max_concurrency: u32,
}

impl StartLimitShape {
    /// What a bot of the usual size may begin in 24 hours.
    pub(super) const USUAL_TOTAL: u32 = 1000;
}

fn usual_total() -> u32 {
    StartLimitShape::USUAL_TOTAL
}

fn one() -> u32 {
    1
}
