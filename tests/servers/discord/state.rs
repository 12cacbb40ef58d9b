//! All that the server knows.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::buckets::Buckets;
use super::gateway::Gateway;
use super::ids::{Id, Ids};
use super::trouble::Troubles;

/// A person, or another bot.
#[derive(Clone, Debug)]
pub struct User {
    pub id: Id,
    pub name: String,
    pub bot: bool,
    pub takes_dms: bool,
    pub locale: String,
}

/// A role; the one with the id of its guild is @everyone.
#[derive(Clone, Debug)]
pub struct Role {
    pub id: Id,
    pub name: String,
    pub permissions: u64,
    pub mentionable: bool,
    /// Made for a bot when it joined.
    pub managed: bool,
}

/// A person in a guild.
#[derive(Clone, Debug)]
pub struct Member {
    pub roles: Vec<Id>,
    pub nick: Option<String>,
    pub joined: String,
}

/// A server, in Discord's words a guild.
#[derive(Clone, Debug)]
pub struct Guild {
    pub id: Id,
    pub name: String,
    pub owner: Id,
    pub roles: Vec<Role>,
    pub members: BTreeMap<Id, Member>,
    pub locale: String,
}

/// A change of permissions for one role or one member in one channel.
#[derive(Clone, Debug)]
pub struct Overwrite {
    pub id: Id,
    /// For a member; else for a role.
    pub member: bool,
    pub allow: u64,
    pub deny: u64,
}

/// What a channel is, with Discord's numbers (docs, resources/channel, Channel Types).
pub mod kind {
    pub const TEXT: u8 = 0;
    pub const DM: u8 = 1;
    pub const ANNOUNCEMENT: u8 = 5;
    pub const ANNOUNCEMENT_THREAD: u8 = 10;
    pub const PUBLIC_THREAD: u8 = 11;
    pub const PRIVATE_THREAD: u8 = 12;
    pub const FORUM: u8 = 15;
}

/// What only a thread has.
#[derive(Clone, Debug)]
pub struct Thread {
    pub owner: Id,
    pub archived: bool,
    pub locked: bool,
    pub auto_archive: u64,
    pub invitable: bool,
    pub members: Vec<Id>,
    pub tags: Vec<Id>,
    pub created: String,
    pub changed: String,
}

/// A channel, a thread, a forum or a direct message.
#[derive(Clone, Debug)]
pub struct Channel {
    pub id: Id,
    pub kind: u8,
    pub guild: Option<Id>,
    pub parent: Option<Id>,
    pub name: String,
    pub topic: Option<String>,
    pub overwrites: Vec<Overwrite>,
    /// The tags of a forum.
    pub tags: Vec<(Id, String)>,
    pub requires_tag: bool,
    pub thread: Option<Thread>,
    /// The other end of a direct message.
    pub recipient: Option<Id>,
    pub deleted: bool,
}

/// A message, as it stands now.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: Id,
    pub channel: Id,
    pub author: Id,
    /// The name of the webhook that wrote it.
    pub webhook: Option<String>,
    pub content: String,
    pub embeds: Vec<Value>,
    pub components: Vec<Value>,
    pub attachments: Vec<Value>,
    pub flags: u64,
    /// Discord docs, resources/message, Message Types: 0 default, 19 reply, 20 answer to a command.
    pub kind: u8,
    pub reply_to: Option<(Id, Id)>,
    /// Who is told, after allowed mentions.
    pub mentions: Vec<Id>,
    pub mention_roles: Vec<Id>,
    pub mention_everyone: bool,
    pub nonce: Option<Value>,
    pub created: String,
    pub written: Instant,
    pub edited: Option<String>,
    pub deleted: bool,
    pub reactions: Vec<(String, Vec<Id>)>,
    /// The only person who sees it, if it is ephemeral.
    pub visible_to: Option<Id>,
    pub interaction: Option<Id>,
    /// The bodies of the requests that made and changed it, in order.
    pub raw: Vec<Value>,
}

/// A press, a pick, a command, and what became of it.
#[derive(Clone, Debug)]
pub struct Interaction {
    pub id: Id,
    pub token: String,
    /// 2 command, 3 component, 4 autocomplete, 5 modal.
    pub kind: u8,
    pub user: Id,
    pub channel: Id,
    /// The message of the pressed component.
    pub message: Option<Id>,
    /// `data` of the event.
    pub data: Value,
    pub created: Instant,
    /// The type of the callback, and how long it took.
    pub acknowledged: Option<(u64, Duration)>,
    /// A "thinking" message still waits for its text.
    pub thinking: bool,
    /// The message that `@original` means.
    pub original: Option<Id>,
    /// All messages that answered it, in order.
    pub answers: Vec<Id>,
    /// The choices of an autocomplete answer.
    pub choices: Option<Vec<Value>>,
    /// The modal it was answered with.
    pub modal: Option<Value>,
}

/// A request, as it came and as it ended.
#[derive(Clone, Debug)]
pub struct Request {
    /// Since the start of the server.
    pub at: Duration,
    pub method: String,
    /// Without the query, from `/api` on.
    pub path: String,
    pub query: BTreeMap<String, String>,
    /// JSON, or the `payload_json` of a form with files.
    pub body: Value,
    /// The names of the files that came with it.
    pub files: Vec<String>,
    /// 0 as long as there is no answer, and for ever if the connection was dropped.
    pub status: u16,
    pub answer: Value,
}

/// What tests turn.
pub struct Settings {
    pub gateway_open: bool,
    pub heartbeat: Duration,
    pub acknowledges_heartbeats: bool,
    /// The privileged intents that are switched on in the developer portal.
    pub privileged: u64,
    pub interaction_deadline: Duration,
    pub token_lifetime: Duration,
    pub nonce_window: Duration,
    pub active_threads: usize,
    /// How far the dates of answers are ahead of this machine's clock.
    pub later: Duration,
}

/// The whole server.
pub struct State {
    pub started: Instant,
    /// Grows with each change.
    pub version: u64,
    pub address: String,
    pub token: String,
    pub bot: Id,
    pub ids: Ids,
    pub settings: Settings,
    pub users: BTreeMap<Id, User>,
    pub guilds: BTreeMap<Id, Guild>,
    pub channels: BTreeMap<Id, Channel>,
    pub messages: BTreeMap<Id, Message>,
    pub interactions: BTreeMap<Id, Interaction>,
    /// By guild; `None` holds the global ones.
    pub commands: BTreeMap<Option<Id>, Vec<Value>>,
    pub requests: Vec<Request>,
    pub typing: Vec<(Id, Duration)>,
    pub gateway: Gateway,
    pub troubles: Troubles,
    pub buckets: Buckets,
}

impl State {
    /// A channel that is there.
    pub fn channel(&self, id: Id) -> Option<&Channel> {
        self.channels.get(&id).filter(|channel| !channel.deleted)
    }

    /// The bot is in the guild.
    pub fn bot_in(&self, guild: Id) -> bool {
        self.guilds.get(&guild).is_some_and(|guild| guild.members.contains_key(&self.bot))
    }

    /// What people call the author.
    pub fn name_of(&self, user: Id) -> String {
        if user == self.bot {
            return "bot".to_owned();
        }
        self.users.get(&user).map_or_else(|| format!("<{user}>"), |user| user.name.clone())
    }

    /// Where the direct messages between the bot and a person are, made when it is not there yet.
    pub fn dm_with(&mut self, user: Id) -> Id {
        let known = self.channels.values().find(|channel| channel.recipient == Some(user)).map(|channel| channel.id);
        known.unwrap_or_else(|| {
            let id = self.ids.next();
            let channel = Channel { recipient: Some(user), ..Channel::new(id, kind::DM, None, "") };
            self.channels.insert(id, channel);
            id
        })
    }
}

impl Channel {
    /// A channel with nothing set.
    pub fn new(id: Id, kind: u8, guild: Option<Id>, name: &str) -> Channel {
        Channel {
            id,
            kind,
            guild,
            parent: None,
            name: name.to_owned(),
            topic: None,
            overwrites: Vec::new(),
            tags: Vec::new(),
            requires_tag: false,
            thread: None,
            recipient: None,
            deleted: false,
        }
    }
}
