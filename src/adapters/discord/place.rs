//! Where something happened: a place of customers, the team's desk, or nowhere that concerns this brand.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serenity::model::guild::PartialMember;
use serenity::model::id::RoleId;
use serenity::model::user::User;

use super::directory::{Class, Directory};
use super::{NAME, Setup};
use crate::config::ChannelKind;
use crate::engine::{Agent, Place, PlaceKind, Sender};
use crate::voice::Locale;

/// The beginning of Discord's time, in milliseconds (<https://discord.com/developers/docs/reference#snowflakes>).
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;

/// When something came to be, as its number says.
pub(super) fn born(snowflake: u64) -> Timestamp {
    let ms = (snowflake >> 22).saturating_add(DISCORD_EPOCH_MS);
    i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or_default()
}

/// The first number that something could have had at a moment.
pub(super) fn first_of(at: Timestamp) -> u64 {
    let ms = u64::try_from(at.as_millisecond()).unwrap_or_default();
    ms.saturating_sub(DISCORD_EPOCH_MS) << 22
}

/// Where something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    /// Where customers are.
    Customers(Place),
    /// In a thread where the team talks about a case, by its number.
    Case(u64),
    /// Nowhere that concerns this brand.
    Elsewhere,
}

/// What is known when an event is read: the brand's setup, and what was learned from earlier events.
pub(super) struct View<'a> {
    pub setup: &'a Setup,
    pub directory: &'a Directory,
}

impl View<'_> {
    /// Where a channel or thread belongs. A channel that was never told of may be anything, the desk too: nowhere.
    pub(super) fn whereabouts(&self, server: Option<u64>, channel: u64) -> Whereabouts {
        let Some(server) = server else {
            let place = Place { id: channel.to_string(), kind: PlaceKind::Direct, name: String::new() };
            return Whereabouts::Customers(place);
        };
        let desk = self.desk();
        let known = self.directory.channel(channel);
        let parent = known.filter(|channel| channel.class == Class::Thread).and_then(|thread| thread.parent);
        if desk.is_some() && desk == parent {
            return Whereabouts::Case(channel);
        }
        if desk == Some(channel) || known.is_none() || !self.is_served(server) {
            return Whereabouts::Elsewhere;
        }
        let (id, home) = match parent {
            Some(parent) => (parent, self.directory.channel(parent)),
            None => (channel, known),
        };
        let Some(home) = home else { return Whereabouts::Elsewhere };
        let kind = self.kind_of(id, home.class, &home.name);
        Whereabouts::Customers(Place { id: channel.to_string(), kind, name: home.name.clone() })
    }

    /// Where a command or a button under an answer to one belongs: between one person and the bot, inside a channel.
    pub(super) fn beside(&self, server: Option<u64>, channel: u64, user: u64) -> Option<Place> {
        match self.whereabouts(server, channel) {
            Whereabouts::Customers(place) if server.is_none() => Some(place),
            Whereabouts::Customers(place) => {
                Some(Place { id: format!("{channel}/{user}"), kind: PlaceKind::Direct, name: place.name })
            }
            Whereabouts::Case(_) | Whereabouts::Elsewhere => None,
        }
    }

    fn kind_of(&self, channel: u64, class: Class, name: &str) -> PlaceKind {
        if let Some(kind) = self.setup.config.channels.get(&channel.to_string()) {
            return match kind {
                ChannelKind::Help => PlaceKind::Help,
                ChannelKind::General => PlaceKind::General,
                ChannelKind::Muted => PlaceKind::Muted,
            };
        }
        let silence = &self.setup.voice.silence;
        let named = |names: &[String]| names.iter().any(|other| other == name);
        if class == Class::Announcements || named(&silence.never_in) {
            PlaceKind::Muted
        } else if named(&silence.help_channels) {
            PlaceKind::Help
        } else {
            PlaceKind::General
        }
    }

    /// The team's channel.
    pub(super) fn desk(&self) -> Option<u64> {
        self.setup.config.desk.and_then(|desk| u64::try_from(desk.0).ok())
    }

    fn is_served(&self, server: u64) -> bool {
        self.setup.config.servers.iter().any(|served| u64::try_from(served.0).ok() == Some(server))
    }

    /// The servers that anything is heard from: those of the brand, and that of the desk, which may be another.
    pub(super) fn servers(&self) -> BTreeSet<u64> {
        let served = self.setup.config.servers.iter().filter_map(|server| u64::try_from(server.0).ok());
        let desk = self.desk().and_then(|desk| self.directory.channel(desk)).map(|desk| desk.server);
        served.chain(desk).collect()
    }

    /// Somebody as one of the team: by their number, or by a role that Discord says they have now. A name proves nothing
    /// (threat 6 of the domain notes).
    pub(super) fn agent(&self, user: &User, roles: &[RoleId], nick: Option<&str>) -> Option<Agent> {
        let number = |id: i64| u64::try_from(id).ok();
        let named = self.setup.config.agents.iter().find(|agent| number(agent.id.0) == Some(user.id.get()));
        let has_role = |role: &RoleId| self.setup.config.agent_roles.iter().any(|id| number(id.0) == Some(role.get()));
        if named.is_none() && !roles.iter().any(has_role) {
            return None;
        }
        let name = named.and_then(|agent| agent.name.clone());
        let name = name.unwrap_or_else(|| shown_name(user, nick));
        Some(Agent { id: format!("{NAME}:{}", user.id), name })
    }

    /// As [`View::agent`], of whoever wrote a message in a server.
    pub(super) fn agent_of(&self, user: &User, member: Option<&PartialMember>) -> Option<Agent> {
        let roles = member.map(|member| member.roles.as_slice()).unwrap_or_default();
        self.agent(user, roles, member.and_then(|member| member.nick.as_deref()))
    }
}

/// The name that somebody shows in a server, or else everywhere.
pub(super) fn shown_name(user: &User, nick: Option<&str>) -> String {
    nick.or(user.global_name.as_deref()).unwrap_or(&user.name).to_owned()
}

/// Somebody as the sender of something.
pub(super) fn sender(user: &User, nick: Option<&str>, locale: Option<&str>) -> Sender {
    Sender { id: user.id.to_string(), name: shown_name(user, nick), locale: locale.and_then(Locale::parse) }
}
