//! Bots, people and chats are made.

use super::BotApi;
use super::chats::{Chat, ChatState, Kind};
use super::membership::Role;
use super::users::{Bot, BotState, Person, User};
use super::world::World;

impl World {
    fn add_person(&mut self, mut person: Person) -> User {
        if person.id == 0 {
            person.id = 1_000 + self.next();
        }
        let id = person.id;
        assert!(self.people.insert(id, person).is_none(), "there are two with the number {id}");
        User { id }
    }

    pub fn add_chat(&mut self, kind: Kind, title: &str) -> Chat {
        let number = self.next();
        // Groups count down from zero; supergroups and channels stand below -1000000000000.
        let id = match kind {
            Kind::Supergroup | Kind::Channel => -1_002_000_000_000 - number,
            Kind::Group | Kind::Private => -4_000_000_000 - number,
        };
        let chat = Chat { id, of: 0 };
        self.chats.insert(chat, ChatState::new(kind, title));
        chat
    }
}

impl BotApi {
    /// A bot with a user name. Its privacy mode is on, as it is for every new bot.
    pub fn bot(&self, username: &str) -> Bot {
        self.shared.change(|world| {
            let id = 7_000_000_000 + world.next();
            let person = Person::named(username).id(id).username(username).bot();
            world.add_person(person);
            // Like "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11" (Bot API, Authorizing your bot).
            let token = format!("{id}:AA{id:0>33}");
            world.bots.insert(id, BotState::new(token.clone(), 100_000_000 + world.bots.len() as i64 * 1_000_000));
            Bot { id, token, username: username.to_owned() }
        })
    }

    /// Turns the privacy mode of a bot on or off. "It can be disabled so that the bot receives all messages like an ordinary
    /// user (the bot will need to be re-added to the group for this change to take effect)" (Telegram Bot Features, Privacy
    /// mode).
    pub fn privacy_mode(&self, bot: &Bot, on: bool) {
        self.shared.change(|world| world.bot_mut(bot.id).privacy = on);
    }

    /// A person with a first name.
    pub fn user(&self, first_name: &str) -> User {
        self.person(Person::named(first_name))
    }

    /// A person with all their particulars; somebody else's bot with [`Person::bot`].
    pub fn person(&self, person: Person) -> User {
        self.shared.change(|world| world.add_person(person))
    }

    /// The private chat of a person and a bot. Having it is not the same as having started the bot.
    pub fn private(&self, user: User, bot: &Bot) -> Chat {
        self.shared.change(|world| world.private(bot.id, user.id))
    }

    /// A basic group.
    pub fn group(&self, title: &str) -> Chat {
        self.shared.change(|world| world.add_chat(Kind::Group, title))
    }

    /// A supergroup without topics.
    pub fn supergroup(&self, title: &str) -> Chat {
        self.shared.change(|world| world.add_chat(Kind::Supergroup, title))
    }

    /// A supergroup with topics.
    pub fn forum(&self, title: &str) -> Chat {
        self.shared.change(|world| {
            let chat = world.add_chat(Kind::Supergroup, title);
            world.chat_mut(chat).forum = true;
            chat
        })
    }

    /// A channel.
    pub fn channel(&self, title: &str) -> Chat {
        self.shared.change(|world| world.add_chat(Kind::Channel, title))
    }

    /// Gives a chat a public name, without the `@`.
    pub fn publish(&self, chat: Chat, username: &str) {
        self.shared.change(|world| world.chat_mut(chat).username = Some(username.to_owned()));
    }

    /// Links a channel with its discussion group.
    pub fn link(&self, channel: Chat, group: Chat) {
        self.shared.change(|world| {
            world.chat_mut(channel).linked = Some(group);
            world.chat_mut(group).linked = Some(channel);
        });
    }

    /// Makes a person something in a chat (owner, administrator, member, ...). Bots that are administrators and ask for
    /// `chat_member` are told.
    pub fn set_member(&self, user: User, chat: Chat, role: Role) {
        self.shared.change(|world| world.set_role(user.id, chat, user.id, role));
    }
}
