//! The team's channel: whether the bot may work in it, whether the team sees what is in it, and who else does.

use serenity::model::channel::GuildChannel;
use serenity::model::permissions::Permissions;

use super::channels::Server;
use super::missing;
use super::permissions::{FOR_FORUM_DESK, FOR_TEXT_DESK, of_role};
use crate::adapters::Checked;
use crate::adapters::discord::directory::Class;
use crate::adapters::discord::place::View;
use crate::adapters::discord::tag::Tag;
use crate::adapters::discord::wire::RoleShape;

/// Whose members run the server, and are supposed to see everything.
const RUNS_THE_SERVER: Permissions = Permissions::ADMINISTRATOR.union(Permissions::MANAGE_GUILD);
/// What it takes to see private threads without being added to them
/// (<https://discord.com/developers/docs/topics/threads#private-threads>).
const SEES_PRIVATE_THREADS: Permissions = Permissions::VIEW_CHANNEL.union(Permissions::MANAGE_THREADS);

impl Server<'_> {
    pub(super) fn check_desk(&self, view: &View<'_>, checked: &mut Checked, channel: &GuildChannel, may: Permissions) {
        let known = view.directory.channel(channel.id.get());
        let needed = match known.map(|channel| channel.class) {
            Some(Class::Forum) => FOR_FORUM_DESK,
            Some(Class::Text) => FOR_TEXT_DESK,
            Some(Class::Announcements | Class::Thread | Class::Other) | None => {
                checked.fatal(format!("the desk #{} is neither a forum nor a text channel", channel.name));
                return;
            }
        };
        if let Some(missing) = missing(needed, may) {
            checked.fatal(format!("in the desk #{}, the bot lacks: {missing}", channel.name));
        }
        if known.is_some_and(|channel| channel.tag == Tag::OutOfReach) {
            checked.fatal(format!(
                "the desk #{} takes no post without a tag, and has none that the bot may apply; add a tag that is not for \
                 moderators only, or switch off that posts need one",
                channel.name
            ));
        }
        if known.is_some_and(|channel| channel.class == Class::Text) {
            self.check_private_threads(view, checked, channel);
        }
        if view.directory.everybody_sees(channel.id.get()) == Some(true) {
            checked.fatal(format!(
                "everybody in {} can see the desk #{}, so customers could read cases; take View Channel from @everyone there",
                self.shape.name, channel.name
            ));
        } else {
            self.check_onlookers(view, checked, channel);
        }
    }

    /// Cases in a text channel are private threads, which nobody sees just by seeing the channel.
    fn check_private_threads(&self, view: &View<'_>, checked: &mut Checked, channel: &GuildChannel) {
        let agents = |role: &&RoleShape| view.is_agent_role(role.id.get());
        let (see, blind): (Vec<&RoleShape>, Vec<&RoleShape>) =
            self.shape.roles.iter().filter(agents).partition(|role| {
                of_role(self.number, self.shape, role, &channel.permission_overwrites).contains(SEES_PRIVATE_THREADS)
            });
        if blind.is_empty() {
            return;
        }
        let sentence = format!(
            "cases in the desk #{} are private threads, which the agents of {} do not see; give that role Manage Threads \
             there, name each agent in `agents`, or make the desk a forum",
            channel.name,
            named(&blind)
        );
        if see.is_empty() && view.setup.config.agents.is_empty() {
            checked.fatal(sentence);
        } else {
            checked.warn(sentence);
        }
    }

    /// Roles besides those of the team that see the desk: customers may have them.
    fn check_onlookers(&self, view: &View<'_>, checked: &mut Checked, channel: &GuildChannel) {
        let is_other = |role: &&RoleShape| {
            let id = role.id.get();
            let is_the_bots = id == self.number || self.member.roles.contains(&role.id);
            !is_the_bots && !view.is_agent_role(id) && !role.permissions.intersects(RUNS_THE_SERVER)
        };
        let sees =
            |role: &&RoleShape| of_role(self.number, self.shape, role, &channel.permission_overwrites).view_channel();
        let onlookers: Vec<&RoleShape> = self.shape.roles.iter().filter(is_other).filter(sees).collect();
        if !onlookers.is_empty() {
            checked.warn(format!(
                "the desk #{} is seen by whoever has one of these roles, which are no agents: {}; if customers have them, \
                 they read cases: take View Channel from them there",
                channel.name,
                named(&onlookers)
            ));
        }
    }
}

fn named(roles: &[&RoleShape]) -> String {
    roles.iter().map(|role| format!("@{}", role.name)).collect::<Vec<_>>().join(", ")
}
