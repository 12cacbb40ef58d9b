//! Places in which something may have been written that nobody has heard. Discord says which message is the newest of each
//! channel (<https://discord.com/developers/docs/resources/channel#channel-object>, `last_message_id`), so that most
//! places need not be read.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Deserialize;
use serenity::model::channel::GuildChannel;

use super::{Listener, Shard};
use crate::adapters::ReadUpTo;
use crate::adapters::discord::directory::Class;
use crate::adapters::discord::place::{View, Whereabouts};
use crate::adapters::discord::rest::{Call, CallError};
use crate::engine::PlaceKind;

/// Pages that are read of a place that something came from before, and of another.
const PAGES: usize = 10;
const PAGES_OF_OTHERS: usize = 1;

/// How far a place was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// Which place.
    pub place: u64,
    /// Whether it is a private chat.
    pub private: bool,
    /// The newest message that was taken in.
    pub message: u64,
}

impl Known {
    /// Of a place that is a channel: what somebody typed behind a command has no place of its own.
    pub(super) fn of(read: &ReadUpTo) -> Option<Self> {
        let (place, message) = (read.place.parse().ok()?, read.message.parse().ok()?);
        Some(Self { place, private: read.kind == PlaceKind::Direct, message })
    }

    /// Whether it is heard over a connection; nothing where that is not known yet.
    fn is_heard_by(&self, shard: Shard, view: &View<'_>) -> Option<bool> {
        let server = view.directory.channel(self.place).map(|channel| Some(channel.server));
        server.or(self.private.then_some(None)).map(|server| shard.hears(server))
    }
}

/// What may have been missed.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// Places, and from where on each is unread.
    pub places: BTreeMap<u64, Gap>,
    /// Servers whose channels could not be listed yet, and the newest message that was known when they should have been.
    servers: BTreeMap<u64, u64>,
}

/// A place that is unread from a message on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    /// The newest message that is known.
    pub after: u64,
    /// How many pages are read at most.
    pub pages: usize,
}

/// The threads of a server that are open (<https://discord.com/developers/docs/resources/guild#list-active-guild-threads>).
#[derive(Deserialize)]
struct OpenThreads {
    #[serde(default)]
    threads: Vec<GuildChannel>,
}

impl Gaps {
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty() && self.servers.is_empty()
    }

    /// A new session on a connection: of what comes over it, everything after what was seen may have been missed. What is
    /// unread from earlier stays unread.
    pub(super) fn add(&mut self, seen: &[Known], view: &View<'_>, shard: Shard) {
        let heard = |known: &Known| known.is_heard_by(shard, view);
        let ours = || seen.iter().filter(|known| heard(known) == Some(true));
        let perhaps = || seen.iter().filter(|known| heard(known).is_none());
        // What came over other connections says nothing of how long this one was down.
        let newest = ours().map(|known| known.message).max();
        let Some(newest) = newest.or_else(|| perhaps().map(|known| known.message).min()) else { return };
        for Known { place, message, .. } in ours().chain(perhaps()) {
            self.places.entry(*place).or_insert(Gap { after: *message, pages: PAGES });
        }
        for server in view.servers().into_iter().filter(|server| shard.hears(Some(*server))) {
            self.servers.entry(server).or_insert(newest);
        }
    }

    /// What Discord says of a channel: whether it has anything new, and whether it is a place where somebody may have
    /// spoken to the bot for the first time since.
    fn compare(&mut self, view: &View<'_>, server: u64, channel: &GuildChannel, since: u64) {
        let (place, last) = (channel.id.get(), channel.last_message_id.map(|id| id.get()));
        if let Some(gap) = self.places.get(&place) {
            if last.is_some_and(|last| last <= gap.after) {
                self.places.remove(&place);
            }
            return;
        }
        let is_thread = is_thread(view, place);
        let is_new_thread = is_thread && place > since;
        if (is_new_thread || last.is_some_and(|last| last > since)) && is_heard(view, server, place) {
            let after = if is_new_thread { place.saturating_sub(1) } else { since };
            let pages = if is_thread { PAGES } else { PAGES_OF_OTHERS };
            self.places.insert(place, Gap { after, pages });
        }
    }

    /// The places, those with the newest messages first.
    pub(super) fn in_order(&self) -> Vec<(u64, Gap)> {
        let mut places: Vec<_> = self.places.iter().map(|(place, gap)| (*place, gap.clone())).collect();
        places.sort_by_key(|(_, gap)| Reverse(gap.after));
        places
    }
}

fn is_thread(view: &View<'_>, place: u64) -> bool {
    view.directory.channel(place).is_some_and(|channel| channel.class == Class::Thread)
}

/// Whether something is written there, by customers or in a case, that the bot may have to act upon.
fn is_heard(view: &View<'_>, server: u64, channel: u64) -> bool {
    let written_in =
        view.directory.channel(channel).is_some_and(|known| matches!(known.class, Class::Text | Class::Thread));
    written_in
        && match view.whereabouts(Some(server), channel) {
            Whereabouts::Customers(place) => place.kind != PlaceKind::Muted,
            Whereabouts::Case(_) => true,
            Whereabouts::Elsewhere => false,
        }
}

impl Listener {
    /// Asks which places have anything new; those of a server that does not say it stay as they are.
    pub(super) async fn compare(&self, gaps: &mut Gaps) {
        for (server, since) in gaps.servers.clone() {
            match self.channels_of(server).await {
                Ok(channels) => {
                    channels.iter().for_each(|channel| self.discord.learn_channel(server, channel));
                    self.discord.with_view(|view| {
                        channels.iter().for_each(|channel| gaps.compare(view, server, channel, since));
                    });
                    gaps.servers.remove(&server);
                }
                Err(error) => {
                    let brand = &self.discord.setup.brand;
                    tracing::info!(%brand, server, %error, "the channels of a server cannot be listed");
                    if matches!(error, CallError::Refused { .. }) {
                        gaps.servers.remove(&server);
                    }
                }
            }
        }
    }

    async fn channels_of(&self, server: u64) -> Result<Vec<GuildChannel>, CallError> {
        let mut channels: Vec<GuildChannel> = self.patiently(&Call::get(format!("guilds/{server}/channels"))).await?;
        let open: OpenThreads = self.patiently(&Call::get(format!("guilds/{server}/threads/active"))).await?;
        channels.extend(open.threads);
        Ok(channels)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::adapters::discord::tests::{discord, discord_on};

    fn channel(id: u64, last: u64) -> GuildChannel {
        let channel = json!({ "id": id.to_string(), "type": 0, "guild_id": "100", "name": "x", "position": 0,
            "permission_overwrites": [], "last_message_id": last.to_string() });
        serde_json::from_value(channel).unwrap()
    }

    const ALONE: Shard = Shard { number: 0, of: 1 };

    fn known(place: u64, message: u64) -> Known {
        Known { place, private: place == 401, message }
    }

    fn places(gaps: &Gaps) -> Vec<u64> {
        gaps.places.keys().copied().collect()
    }

    #[test]
    fn a_place_is_read_only_when_it_has_something_new() {
        let discord = discord();
        let mut gaps = Gaps::default();
        discord.with_view(|view| gaps.add(&[known(201, 5_000), known(401, 9_000)], view, ALONE));
        let compare = |gaps: &mut Gaps, id, last| {
            discord.with_view(|view| gaps.compare(view, 100, &channel(id, last), 9_000));
        };
        compare(&mut gaps, 201, 5_000);
        assert_eq!(places(&gaps), [401], "nothing new, and a private chat");
        // Elsewhere, whatever is newer than all that is known may be for the bot; not in announcements or at the desk.
        for (id, last) in [(202, 9_001), (203, 9_001), (205, 9_001), (211, 9_000)] {
            compare(&mut gaps, id, last);
        }
        assert_eq!(places(&gaps), [202, 401]);
        // What is unread from earlier stays so, though later messages were taken in.
        discord.with_view(|view| gaps.add(&[known(202, 20_000)], view, ALONE));
        assert_eq!(gaps.places.get(&202), Some(&Gap { after: 9_000, pages: PAGES_OF_OTHERS }));
    }

    #[test]
    fn each_connection_reads_what_comes_over_it() {
        let discord = discord();
        let seen = [known(201, 5_000), known(401, 9_000), known(999, 7_000)];
        let read_by = |number| {
            let mut gaps = Gaps::default();
            discord.with_view(|view| gaps.add(&seen, view, Shard { number, of: 2 }));
            (places(&gaps), gaps.servers)
        };
        // The server 100 is heard over the first of two, and private chats are; where 999 is must be asked for.
        assert_eq!(read_by(0), (vec![201, 401, 999], BTreeMap::from([(100, 9_000)])));
        assert_eq!(read_by(1), (vec![999], BTreeMap::new()));
    }

    #[test]
    fn what_came_over_another_connection_hides_nothing() {
        let discord = discord_on(1_000 << 22 | 7);
        let mut gaps = Gaps::default();
        let seen = [known(201, 5_000), known(401, 9_000)];
        discord.with_view(|view| gaps.add(&seen, view, Shard { number: 1, of: 3 }));
        assert_eq!(gaps.servers, BTreeMap::from([(1_000 << 22 | 7, 5_000)]), "1000 % 3");
    }
}
