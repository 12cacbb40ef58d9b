//! What of all that Discord tells concerns the brand, and what of it is people talking among themselves.

use serenity::model::channel::Message;
use serenity::model::event::Event;

use crate::adapters::discord::directory::Class;
use crate::adapters::discord::inbound::KEPT;
use crate::adapters::discord::place::{View, Whereabouts};
use crate::engine::PlaceKind;

impl View<'_> {
    /// Whether anything can follow from an event: who types or is online, and what other servers do, is not even kept.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
    pub(super) fn concerns(&self, event: &Event) -> bool {
        match event {
            Event::GuildCreate(event) => self.may_be_ours(Some(event.guild.id.get())),
            Event::MessageCreate(event) => self.may_be_ours(event.message.guild_id.map(|id| id.get())),
            Event::MessageUpdate(event) => self.may_be_ours(event.guild_id.map(|id| id.get())),
            Event::MessageDelete(event) => self.may_be_ours(event.guild_id.map(|id| id.get())),
            Event::MessageDeleteBulk(event) => self.may_be_ours(event.guild_id.map(|id| id.get())),
            Event::Unknown(event) => KEPT.contains(&event.kind.as_str()),
            Event::Ready(_)
            | Event::InteractionCreate(_)
            | Event::GuildUpdate(_)
            | Event::GuildRoleCreate(_)
            | Event::GuildRoleUpdate(_)
            | Event::GuildRoleDelete(_)
            | Event::ChannelCreate(_)
            | Event::ChannelUpdate(_)
            | Event::ChannelDelete(_)
            | Event::ThreadCreate(_)
            | Event::ThreadUpdate(_)
            | Event::ThreadDelete(_)
            | Event::ThreadListSync(_) => true,
            _ => false,
        }
    }

    /// Any server may hold the desk until it is known which does.
    fn may_be_ours(&self, server: Option<u64>) -> bool {
        let desk_is_known = self.desk().is_none_or(|desk| self.directory.channel(desk).is_some());
        server.is_none_or(|server| !desk_is_known || self.servers().contains(&server))
    }

    /// Whether an event is a message in a channel where the bot speaks only when it is spoken to, and is not spoken to.
    pub(super) fn is_ordinary(&self, event: &Event) -> bool {
        let Event::MessageCreate(event) = event else { return false };
        let message = &event.message;
        let channel = message.channel_id.get();
        let is_thread = self.directory.channel(channel).is_none_or(|known| known.class == Class::Thread);
        let server = message.guild_id.map(|id| id.get());
        let Whereabouts::Customers(place) = self.whereabouts(server, channel) else { return false };
        let quiet = matches!(place.kind, PlaceKind::General | PlaceKind::Muted);
        quiet && !is_thread && !self.is_spoken_to(message)
    }

    fn is_spoken_to(&self, message: &Message) -> bool {
        let Some(me) = self.directory.me else { return true };
        let answered = message.referenced_message.as_ref().is_some_and(|other| other.author.id.get() == me);
        let named = [format!("<@{me}>"), format!("<@!{me}>")].iter().any(|name| message.content.contains(name));
        answered || named || message.mentions.iter().any(|user| user.id.get() == me)
    }
}

#[cfg(test)]
mod tests {
    use crate::adapters::discord::tests::{discord, event};

    #[test]
    fn only_chatter_is_ordinary_and_only_what_is_ours_is_kept() {
        let ordinary = ["message_webhook", "message_announcement"];
        let others = ["message_dm", "message_help", "message_reply_to_bot", "message_thread", "desk_reply", "ready"];
        let discord = discord();
        let is_ordinary = |name: &&str| discord.with_view(|view| view.is_ordinary(&event(name)));
        assert!(ordinary.iter().all(is_ordinary));
        let wrong: Vec<_> = others.iter().filter(|name| is_ordinary(name)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let concerns = |name: &str| discord.with_view(|view| view.concerns(&event(name)));
        assert!(others.iter().all(|name| concerns(name)));
        assert!(!concerns("typing") && !concerns("message_elsewhere"));
    }
}
