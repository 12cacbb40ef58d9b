//! Text -> [`Config`], with everything that is wrong in it, each with its line and a way out.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use tracing_subscriber::EnvFilter;

use super::{BrandConfig, Config, DiscordConfig, Id, TelegramConfig};

/// Why bot.toml cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misconfigured {
    /// Bytes of the file that it is about; none: the file as a whole.
    pub at: Option<Range<usize>>,
    /// What is wrong, and what to do.
    pub sentence: String,
}

impl Misconfigured {
    /// The line that it is about, counted from 1.
    pub fn line(&self, text: &str) -> Option<usize> {
        let at = self.at.as_ref()?.start;
        Some(text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1)
    }
}

/// Reads bot.toml.
///
/// # Errors
/// Everything that is wrong in it, worst first.
pub fn read(text: &str) -> Result<Config, Vec<Misconfigured>> {
    let config: Config = toml::from_str(text)
        .map_err(|error| vec![Misconfigured { at: error.span(), sentence: plain(error.message()) }])?;
    let wrong = contradictions(&config);
    if wrong.is_empty() { Ok(config) } else { Err(wrong) }
}

/// What the parser says, without the values that it shows of the file: one may be a token.
fn plain(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let mut parts = message.split('"');
    let mut said = parts.next().unwrap_or_default().to_owned();
    // Between the first quote and the last there may be quotes of the value itself.
    if let Some(after) = parts.next_back() {
        said.push_str("\"…\"");
        said.push_str(after);
    }
    said
}

fn contradictions(config: &Config) -> Vec<Misconfigured> {
    let mut wrong = Vec::new();
    if config.brands.is_empty() {
        wrong.push("there is no brand; add [[brands]] with the voice that speaks".to_owned());
    }
    wrong.extend(wrong_level(&config.log.level));
    let database = &config.database;
    if !(2..=1000).contains(&database.connections) {
        wrong.push("`connections` in [database] must be from 2 to 1000".to_owned());
    }
    if !(2..=120).contains(&database.lease_seconds) {
        wrong.push("`lease_seconds` in [database] must be from 2 to 120".to_owned());
    }
    for brand in &config.brands {
        desks(brand, &mut wrong);
        brand.discord.iter().for_each(|discord| on_discord(&brand.voice, discord, &mut wrong));
        brand.telegram.iter().for_each(|telegram| on_telegram(&brand.voice, telegram, config, &mut wrong));
    }
    shared(config, &mut wrong);
    wrong.into_iter().map(|sentence| Misconfigured { at: None, sentence }).collect()
}

/// Levels of the log, the quietest first.
const LEVELS: &[&str] = &["off", "error", "warn", "info", "debug", "trace"];

fn wrong_level(level: &str) -> Option<String> {
    let is_filter = level.contains(['=', ',']);
    let fine = if is_filter { level.parse::<EnvFilter>().is_ok() } else { LEVELS.contains(&level) };
    (!fine).then(|| {
        let levels = LEVELS.join(", ");
        format!("`level = \"{level}\"` in [log] is none; take one of {levels}, or a filter such as \"housevoice=debug,warn\"")
    })
}

fn desks(brand: &BrandConfig, wrong: &mut Vec<String>) {
    let voice = &brand.voice;
    if brand.discord.is_none() && brand.telegram.is_none() {
        wrong.push(format!("{voice} speaks nowhere; add [brands.discord] or [brands.telegram] below its [[brands]]"));
        return;
    }
    let on_discord = brand.discord.as_ref().and_then(|discord| discord.desk);
    let on_telegram = brand.telegram.as_ref().and_then(|telegram| telegram.desk);
    match (on_discord, on_telegram) {
        (Some(_), None) | (None, Some(_)) => {}
        (None, None) => wrong.push(format!(
            "{voice} has no desk, so that cases would reach nobody; set `desk` in [brands.discord] or [brands.telegram]"
        )),
        (Some(_), Some(_)) => {
            wrong.push(format!("{voice} has two desks; keep `desk` on the platform where its team works"));
        }
    }
}

/// Connections of one bot at most: 2,500,000 servers.
const MOST_SHARDS: u32 = 1000;

fn on_discord(voice: &str, discord: &DiscordConfig, wrong: &mut Vec<String>) {
    if discord.desk.is_some() && discord.agents.is_empty() && discord.agent_roles.is_empty() {
        wrong.push(format!(
            "{voice} has a desk on Discord and no agents; set `agent_roles` or `agents` in [brands.discord]"
        ));
    }
    for channel in discord.channels.keys().filter(|channel| channel.parse::<u64>().is_err()) {
        wrong.push(format!("`{channel}` in `channels` of {voice} is no number of a Discord channel"));
    }
    if !(1..=MOST_SHARDS).contains(&discord.shards) {
        wrong.push(format!("`shards` in [brands.discord] of {voice} must be from 1 to {MOST_SHARDS}"));
    }
    wrong.extend(wrong_address(voice, "discord", &discord.api_url));
}

fn on_telegram(voice: &str, telegram: &TelegramConfig, config: &Config, wrong: &mut Vec<String>) {
    if telegram.desk.is_some() && telegram.agents.is_empty() && !telegram.admins_are_agents {
        wrong.push(format!(
            "{voice} has a desk on Telegram and no agents; set `agents` or `admins_are_agents` in [brands.telegram]"
        ));
    }
    if telegram.webhook_secret_env.is_some() && config.web.public_url.is_none() {
        wrong.push(format!("{voice} takes webhooks, so Telegram must know where: set `public_url` in [web]"));
    }
    let mut seen = BTreeSet::new();
    for group in &telegram.groups {
        let id = group.id.0;
        if id >= 0 {
            wrong.push(format!("{id} in `groups` of {voice} is no group: the numbers of groups are negative"));
        }
        if !seen.insert(id) {
            wrong.push(format!("the group {id} stands twice in `groups` of {voice}"));
        }
        if telegram.desk == Some(group.id) {
            wrong.push(format!(
                "the group {id} is the desk of {voice}; customers must not be in it, so take it out of `groups`"
            ));
        }
        for topic in group.topics.keys().filter(|topic| topic.parse::<i32>().is_err()) {
            wrong.push(format!("`{topic}` in `topics` of {voice} is no number of a Telegram topic"));
        }
    }
    wrong.extend(wrong_address(voice, "telegram", &telegram.api_url));
}

fn wrong_address(voice: &str, section: &str, url: &str) -> Option<String> {
    let fine = url.starts_with("https://") || url.starts_with("http://");
    (!fine).then(|| format!("`api_url` in [brands.{section}] of {voice} must begin with https:// (or http://)"))
}

/// What two brands must not share.
fn shared(config: &Config, wrong: &mut Vec<String>) {
    let (mut names, mut desks) = (BTreeSet::new(), BTreeSet::new());
    for brand in &config.brands {
        let (discord, telegram) = (brand.discord.as_ref(), brand.telegram.as_ref());
        let tokens = discord.map(|d| &d.token_env).into_iter().chain(telegram.map(|t| &t.token_env));
        let secrets = telegram.and_then(|telegram| telegram.webhook_secret_env.as_ref());
        for name in tokens.chain(secrets) {
            if !names.insert(name) {
                wrong
                    .push(format!("{name} is used twice; each bot has a token, and each webhook a secret, of its own"));
            }
        }
        let on_discord = discord.and_then(|d| d.desk).map(|desk| ("discord", desk));
        let on_telegram = telegram.and_then(|t| t.desk).map(|desk| ("telegram", desk));
        for (platform, desk) in on_discord.into_iter().chain(on_telegram) {
            if !desks.insert((platform, desk)) {
                let voice = &brand.voice;
                wrong
                    .push(format!("the desk {} of {voice} is another brand's; their cases would get mixed up", desk.0));
            }
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, such as 1100000000000000001")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Id, E> {
        Ok(Id(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Id, E> {
        i64::try_from(number).map(Id).map_err(|_| E::custom("this number is too large to be one of a platform"))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
        text.trim().parse().map(Id).map_err(|_| {
            E::custom("this is no number; switch on developer mode in Discord, then right-click and copy the id")
        })
    }
}

#[cfg(test)]
mod tests;
