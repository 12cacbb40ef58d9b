//! Text -> [`Config`], with everything that is wrong in it, each with its line and a way out.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use super::{Config, Id};

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

/// What the parser says, without what it shows of the file: it may be a token.
fn plain(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

fn contradictions(config: &Config) -> Vec<Misconfigured> {
    let mut wrong = Vec::new();
    let mut say = |sentence: String| wrong.push(Misconfigured { at: None, sentence });
    if config.brands.is_empty() {
        say("there is no brand; add [[brands]] with the voice that speaks".to_owned());
    }
    for brand in &config.brands {
        let voice = &brand.voice;
        if brand.discord.is_none() && brand.telegram.is_none() {
            say(format!("{voice} speaks nowhere; add [brands.discord] or [brands.telegram] below its [[brands]]"));
            continue;
        }
        let desks = [
            brand.discord.as_ref().and_then(|discord| discord.desk),
            brand.telegram.as_ref().and_then(|telegram| telegram.desk),
        ];
        match desks.iter().flatten().count() {
            1 => {}
            0 => say(format!(
                "{voice} has no desk, so that cases would reach nobody; set `desk` in [brands.discord] or [brands.telegram]"
            )),
            _ => say(format!("{voice} has two desks; keep `desk` on the platform where its team works")),
        }
        if let Some(discord) = brand.discord.as_ref().filter(|discord| discord.desk.is_some())
            && discord.agents.is_empty()
            && discord.agent_roles.is_empty()
        {
            say(format!(
                "{voice} has a desk on Discord and no agents; set `agent_roles` or `agents` in [brands.discord]"
            ));
        }
        if let Some(telegram) = &brand.telegram {
            if telegram.desk.is_some() && telegram.agents.is_empty() && !telegram.admins_are_agents {
                say(format!(
                    "{voice} has a desk on Telegram and no agents; set `agents` or `admins_are_agents` in [brands.telegram]"
                ));
            }
            if telegram.webhook_secret_env.is_some() && config.web.public_url.is_none() {
                say(format!("{voice} takes webhooks, so Telegram must know where: set `public_url` in [web]"));
            }
        }
        for channel in brand.discord.iter().flat_map(|discord| discord.channels.keys()) {
            if channel.parse::<u64>().is_err() {
                say(format!("`{channel}` in `channels` of {voice} is no number of a Discord channel"));
            }
        }
        for topic in brand.telegram.iter().flat_map(|telegram| &telegram.groups).flat_map(|group| group.topics.keys()) {
            if topic.parse::<i32>().is_err() {
                say(format!("`{topic}` in `topics` of {voice} is no number of a Telegram topic"));
            }
        }
    }
    let tokens = config.brands.iter().flat_map(|brand| {
        let discord = brand.discord.iter().map(|discord| &discord.token_env);
        discord.chain(brand.telegram.iter().map(|telegram| &telegram.token_env))
    });
    let mut seen = std::collections::BTreeSet::new();
    for token in tokens {
        if !seen.insert(token) {
            say(format!("two bots have the token of {token}; each brand needs a bot of its own on each platform"));
        }
    }
    wrong
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
