//! What the bot may do in the channels of a server where it speaks, and in the desk.

use serenity::model::channel::GuildChannel;
use serenity::model::id::UserId;
use serenity::model::permissions::Permissions;

use super::missing;
use super::permissions::{FOR_CUSTOMERS, FOR_FORUM_DESK, FOR_TEXT_DESK, FOR_THREADS, in_channel, in_server};
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
        if base.administrator() {
            checked.warn(format!(
                "the bot is an administrator of {}, which is more than it needs; take Administrator from its role",
                self.shape.name
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

    fn check_desk(&self, view: &View<'_>, checked: &mut Checked, channel: &GuildChannel, may: Permissions) {
        let needed = match view.directory.channel(channel.id.get()).map(|channel| channel.class) {
            Some(Class::Forum) => FOR_FORUM_DESK,
            Some(Class::Text) => FOR_TEXT_DESK,
            Some(Class::Announcements | Class::Thread | Class::Other) | None => {
                checked.fatal(format!("the desk #{} is neither a forum nor a text channel", channel.name));
                return;
            }
        };
        if view.desk_is_open(channel.id.get()) {
            checked.fatal(format!(
                "everybody in {} can see the desk #{}, so customers could read cases; take View Channel from @everyone there",
                self.shape.name, channel.name
            ));
        }
        if let Some(missing) = missing(needed, may) {
            checked.fatal(format!("in the desk #{}, the bot lacks: {missing}", channel.name));
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
