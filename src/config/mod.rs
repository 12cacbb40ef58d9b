//! bot.toml: which brands speak where. Secrets stand in the environment, under names that stand here.
//!
//! | file | idea |
//! |---|---|
//! | `database` | where everything is kept |
//! | `read` | text -> [`Config`], with everything that is wrong in it |
//! | `secrets` | tokens out of the environment |
//!
//! `bot.example.toml` explains every key and parses in a test.

mod database;
mod read;
mod secrets;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde::Deserialize;

pub use database::{DatabaseConfig, StoreAt};
pub use read::{Misconfigured, read};
pub use secrets::{Secret, SecretName, Unset};

/// Where Telegram's own Bot API answers (<https://core.telegram.org/bots/api#making-requests>).
pub const TELEGRAM_API: &str = "https://api.telegram.org";
/// Where Discord's own API answers (<https://discord.com/developers/docs/reference#api-reference-base-url>).
pub const DISCORD_API: &str = "https://discord.com";

/// All of bot.toml.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where everything is kept.
    #[serde(default)]
    pub store: StoreAt,
    /// How PostgreSQL is worked with.
    #[serde(default)]
    pub database: DatabaseConfig,
    /// Health, metrics and webhooks.
    #[serde(default)]
    pub web: Web,
    /// What is logged, and how.
    #[serde(default)]
    pub log: Log,
    /// Who speaks, and where.
    #[serde(default)]
    pub brands: Vec<BrandConfig>,
}

/// The web server of the process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// Where `/healthz`, `/readyz`, `/metrics` and webhooks are served.
    pub listen: SocketAddr,
    /// The https address under which the platforms reach `listen`; needed for webhooks.
    pub public_url: Option<String>,
}

/// What is logged, and how. Never what people write, and never a token.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// How.
    pub format: LogFormat,
    /// How much: a level, or a filter as in `RUST_LOG`.
    pub level: String,
}

/// How lines of the log look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    #[default]
    Text,
}

/// A brand in service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrandConfig {
    /// A voice file, the folder of a voice, or the name of a bundled voice.
    pub voice: String,
    /// How long things are kept.
    #[serde(default)]
    pub keep: Keep,
    /// Its Discord bot.
    pub discord: Option<DiscordConfig>,
    /// Its Telegram bot.
    pub telegram: Option<TelegramConfig>,
}

/// How long things are kept, in days.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keep {
    /// What was written, how decisions came about, and what could not be sent.
    pub messages: u16,
    /// Closed cases, and notes about them.
    pub cases: u16,
    /// What happened, without words, for figures.
    pub facts: u16,
    /// People who do not come back, and conversations with them.
    pub people: u16,
}

/// What kind of place a channel, group or topic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChannelKind {
    /// Questions belong there.
    Help,
    /// Any other.
    General,
    /// Nothing is ever said there.
    Muted,
}

/// A platform's number of something: 64 bits at most, written as a number or between quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub i64);

/// Somebody of the team.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentConfig {
    /// The platform's number of them. A name proves nothing.
    pub id: Id,
    /// What customers see; the name that they show on the platform when left out.
    pub name: Option<String>,
}

/// The Discord bot of a brand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscordConfig {
    /// The environment variable with the token.
    pub token_env: SecretName,
    /// The servers that the brand speaks in; nothing is said in others.
    pub servers: Vec<Id>,
    /// The forum or text channel where the team works; cases become posts or private threads of it.
    pub desk: Option<Id>,
    /// Roles whose members are agents.
    #[serde(default)]
    pub agent_roles: Vec<Id>,
    /// Agents one by one.
    #[serde(default)]
    pub agents: Vec<AgentConfig>,
    /// Whether the bot may read messages that do not mention it: a privileged intent. Without it, it hears private messages,
    /// mentions and commands.
    #[serde(default)]
    pub message_content: bool,
    /// What kind of place single channels are, where their name does not say it to the voice.
    #[serde(default)]
    pub channels: BTreeMap<String, ChannelKind>,
    /// Over how many connections it is heard: Discord's shards.
    #[serde(default = "default_shards")]
    pub shards: u32,
    /// Where the API answers.
    #[serde(default = "default_discord_api")]
    pub api_url: String,
}

/// The Telegram bot of a brand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelegramConfig {
    /// The environment variable with the token.
    pub token_env: SecretName,
    /// The groups that the brand speaks in; nothing is said in others.
    #[serde(default)]
    pub groups: Vec<GroupConfig>,
    /// The supergroup with topics where the team works; each case becomes a topic.
    pub desk: Option<Id>,
    /// Agents one by one.
    #[serde(default)]
    pub agents: Vec<AgentConfig>,
    /// Whether the administrators of the desk are agents.
    #[serde(default)]
    pub admins_are_agents: bool,
    /// The environment variable with the secret that Telegram sends along with each webhook call. Without it, the bot asks
    /// for what is new itself.
    pub webhook_secret_env: Option<SecretName>,
    /// Where the Bot API answers: Telegram's own, or a server of yours.
    #[serde(default = "default_telegram_api")]
    pub api_url: String,
}

/// A Telegram group of a brand.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupConfig {
    /// Its number; negative.
    pub id: Id,
    /// What kind of place it is.
    #[serde(default = "default_group_kind")]
    pub kind: ChannelKind,
    /// What kind of place single topics are, by the number of the topic.
    #[serde(default)]
    pub topics: BTreeMap<String, ChannelKind>,
}

impl Default for Web {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8787)), public_url: None }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
    }
}

impl Default for Keep {
    fn default() -> Self {
        Self { messages: 90, cases: 365, facts: 730, people: 365 }
    }
}

fn default_discord_api() -> String {
    DISCORD_API.to_owned()
}

fn default_shards() -> u32 {
    1
}

fn default_telegram_api() -> String {
    TELEGRAM_API.to_owned()
}

fn default_group_kind() -> ChannelKind {
    ChannelKind::General
}
