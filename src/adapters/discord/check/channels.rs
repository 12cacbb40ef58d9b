//! What the bot may do in a server, and in the channels of it where it speaks.

use serenity::model::channel::GuildChannel;
use serenity::model::id::UserId;
use serenity::model::permissions::Permissions;

use super::missing;
use super::permissions::{FOR_CUSTOMERS, FOR_THREADS, NOT_NEEDED, in_channel, in_server, names};
use crate::adapters::Checked;
use crate::adapters::discord::directory::Class;
use crate::adapters::discord::place::{View, Whereabouts};
use crate::adapters::discord::wire::{MemberShape, ServerShape};
use crate::engine::PlaceKind;

/// A server of the brand, as the bot is a member of it.
pub(super) struct Server<'a> {
    pub number: u64,
    pub shape: &'a ServerShape,
    pub member: &'a MemberShape,
    pub me: UserId,
    pub channels: Vec<GuildChannel>,
}

impl Server<'_> {
    pub(super) fn check(&self, view: &View<'_>, checked: &mut Checked) {
        let base = in_server(self.number, self.shape, self.member, self.me);
        let excess = base.intersection(NOT_NEEDED);
        if !excess.is_empty() {
            checked.warn(format!(
                "in {}, the bot may do more than it needs: {}; take that from its role, or from @everyone",
                self.shape.name,
                names(excess)
            ));
        }
        for channel in &self.channels {
            let may = in_channel(base, self.number, self.member, self.me, &channel.permission_overwrites);
            if view.desk() == Some(channel.id.get()) {
                self.check_desk(view, checked, channel, may);
            } else if let Some(missing) = missing_for_customers(view, self.number, channel, may) {
                checked.warn(format!("in #{} of {}, the bot lacks: {missing}", channel.name, self.shape.name));
            }
        }
    }
}

/// What is missing where the bot would speak. Channels that it cannot see, and that nobody named as a place for questions,
/// are none of its business.
fn missing_for_customers(view: &View<'_>, server: u64, channel: &GuildChannel, may: Permissions) -> Option<String> {
    let class = view.directory.channel(channel.id.get())?.class;
    if !matches!(class, Class::Text | Class::Forum) {
        return None;
    }
    let Whereabouts::Customers(place) = view.whereabouts(Some(server), channel.id.get()) else { return None };
    match place.kind {
        PlaceKind::Muted => return None,
        PlaceKind::General | PlaceKind::Direct if !may.view_channel() => return None,
        PlaceKind::Help | PlaceKind::General | PlaceKind::Direct => {}
    }
    let threads = view.setup.voice.silence.answer_in_threads.contains(&place.name);
    missing(if threads { FOR_CUSTOMERS.union(FOR_THREADS) } else { FOR_CUSTOMERS }, may)
}
