//! Bots and people come and go.

use std::time::Duration;

use serde_json::json;

use super::chats::{Chat, Kind};
use super::membership::Role;
use super::messages::Draft;
use super::users::{Bot, User};
use super::world::World;
use super::{BotApi, Heard};

impl World {
    /// Changes what somebody is in a chat and tells those bots that are to know: "my_chat_member: The bot's chat member
    /// status was updated in a chat. [...] chat_member: A chat member's status was updated in a chat. The bot must be an
    /// administrator in the chat and must explicitly specify "chat_member" in the list of allowed_updates" (Bot API, Update).
    pub fn set_role(&mut self, by: i64, chat: Chat, whom: i64, role: Role) -> Vec<(i64, i64)> {
        let private = self.chat(chat).kind == Kind::Private;
        let old = if private {
            if self.chat(chat).blocked { Role::Kicked } else { Role::Member }
        } else {
            self.chat(chat).role(whom)
        };
        let was_present = old.is_present();
        let is_present = role.is_present();
        let change = json!({
            "chat": self.chat_json(chat),
            "from": self.person(by).json(),
            "date": self.unix_time(),
            "old_chat_member": old.json(self.person(whom)),
            "new_chat_member": role.json(self.person(whom)),
        });
        let reads_all = self.bots.get(&whom).is_some_and(|bot| !bot.privacy);
        let state = self.chat_mut(chat);
        if private {
            state.blocked = role == Role::Kicked;
        } else {
            if is_present && !was_present && reads_all {
                state.read_all.insert(whom);
            } else if !is_present {
                state.read_all.remove(&whom);
            }
            state.members.insert(whom, role);
        }
        let state = self.chat(chat);
        let bots = self.bots.keys().copied();
        let kinds: Vec<(i64, &str)> = bots
            .filter_map(|bot| match bot == whom {
                true => Some((bot, "my_chat_member")),
                false => (!private && state.role(bot).is_admin()).then_some((bot, "chat_member")),
            })
            .collect();
        let told = |(bot, kind): (i64, &str)| Some((bot, self.tell(bot, kind, change.clone())?));
        kinds.into_iter().filter_map(told).collect()
    }

    fn service(&mut self, chat: Chat, by: i64, fields: serde_json::Value) -> Heard {
        let id = self.keep(chat, Draft::new(by, fields));
        let updates = self.tell_of_message(chat, id, "message");
        Heard { chat, message_id: id, updates }
    }
}

impl BotApi {
    /// A person adds a bot to a group or channel, or gives it another role there. The bot gets `my_chat_member`; when it is
    /// new in a group, there is a message about it as well.
    pub fn adds_bot(&self, by: User, bot: &Bot, chat: Chat, role: Role) -> Heard {
        self.shared.change(|world| {
            let state = world.chat_mut(chat);
            let new = !state.role(bot.id).is_present() && state.kind != Kind::Channel;
            state.members.entry(by.id).or_insert(Role::Owner);
            let updates = world.set_role(by.id, chat, bot.id, role);
            if !new {
                return Heard { chat, message_id: 0, updates };
            }
            let member = world.person(bot.id).json();
            let message = world.service(chat, by.id, json!({ "new_chat_members": [member] }));
            Heard { chat, message_id: message.message_id, updates }
        })
    }

    /// A person throws a bot out of a group or channel; it gets `my_chat_member`.
    pub fn kicks_bot(&self, by: User, bot: &Bot, chat: Chat) -> Heard {
        self.shared.change(|world| {
            let updates = world.set_role(by.id, chat, bot.id, Role::Kicked);
            world.chat_mut(chat).act(None, format!("({} was removed)", bot.username));
            Heard { chat, message_id: 0, updates }
        })
    }

    /// A person blocks a bot. "For private chats, this update is received only when the bot is blocked or unblocked by the
    /// user" (Bot API, Update, my_chat_member).
    pub fn blocks(&self, user: User, bot: &Bot) -> Heard {
        self.set_blocked(user, bot, Role::Kicked)
    }

    /// A person unblocks a bot.
    pub fn unblocks(&self, user: User, bot: &Bot) -> Heard {
        self.set_blocked(user, bot, Role::Member)
    }

    fn set_blocked(&self, user: User, bot: &Bot, role: Role) -> Heard {
        let chat = self.private(user, bot);
        self.shared.change(|world| {
            let updates = world.set_role(user.id, chat, bot.id, role);
            Heard { chat, message_id: 0, updates }
        })
    }

    /// The account of a person is deleted.
    pub fn deactivates(&self, user: User) {
        self.shared.change(|world| world.people.get_mut(&user.id).unwrap().deactivated = true);
    }

    /// A group becomes a supergroup: everybody moves, and both chats get a message: "migrate_to_chat_id: The group has been
    /// migrated to a supergroup with the specified identifier. migrate_from_chat_id: The supergroup has been migrated from a
    /// group with the specified identifier" (Bot API, Message). Gives the supergroup and the updates of both messages.
    pub fn migrates(&self, by: User, group: Chat) -> (Chat, Heard, Heard) {
        self.shared.change(|world| {
            let state = world.chat(group);
            assert_eq!(state.kind, Kind::Group, "only basic groups become supergroups");
            let (title, members, read_all) = (state.title.clone(), state.members.clone(), state.read_all.clone());
            let to = world.add_chat(Kind::Supergroup, &title);
            let state = world.chat_mut(to);
            state.members = members;
            state.read_all = read_all;
            let left = world.service(group, by.id, json!({ "migrate_to_chat_id": to.id }));
            let come = world.service(to, by.id, json!({ "migrate_from_chat_id": group.id }));
            world.chat_mut(group).migrated_to = Some(to.id);
            (to, left, come)
        })
    }

    /// From now on, bots can look at a group under its old number, and are not told that it has another one: the documents
    /// promise `migrate_to_chat_id` for errors alone (Bot API, ResponseParameters).
    pub fn keeps_old_groups_readable(&self) {
        self.shared.change(|world| world.old_groups_readable = true);
    }

    /// Moves the server's clock forward: dates of messages, and how old a press or a message is.
    pub fn advance(&self, time: Duration) {
        self.shared.change(|world| world.later += time);
    }
}
