//! Topics of forums, opened and closed by bots and people.

use serde_json::{Value, json};

use super::chats::{Chat, Topic};
use super::messages::Draft;
use super::users::User;
use super::world::World;
use super::{BotApi, Heard};

/// The first of the six documented colours (Bot API, createForumTopic, icon_color).
pub const ICON_COLOR: i64 = 7_322_096;

impl World {
    /// Opens a topic; its number is that of the message that says so.
    pub fn open_topic(&mut self, chat: Chat, by: i64, name: &str) -> i64 {
        let created = json!({ "forum_topic_created": { "name": name, "icon_color": ICON_COLOR } });
        let thread = self.keep(chat, Draft::new(by, created));
        let topic = Topic { thread, name: name.to_owned(), closed: false, creator: by };
        self.chat_mut(chat).topics.insert(thread, topic);
        self.tell_of_message(chat, thread, "message");
        thread
    }

    pub fn rename_topic(&mut self, chat: Chat, by: i64, thread: i64, name: &str) -> Heard {
        self.chat_mut(chat).topics.get_mut(&thread).expect("no such topic").name = name.to_owned();
        self.topic_event(chat, by, thread, json!({ "forum_topic_edited": { "name": name } }))
    }

    pub fn set_topic_closed(&mut self, chat: Chat, by: i64, thread: i64, closed: bool) -> Heard {
        self.chat_mut(chat).topics.get_mut(&thread).expect("no such topic").closed = closed;
        let kind = if closed { "forum_topic_closed" } else { "forum_topic_reopened" };
        self.topic_event(chat, by, thread, json!({ kind: {} }))
    }

    fn topic_event(&mut self, chat: Chat, by: i64, thread: i64, fields: Value) -> Heard {
        let id = self.keep(chat, Draft { thread: Some(thread), ..Draft::new(by, fields) });
        let updates = self.tell_of_message(chat, id, "message");
        Heard { chat, message_id: id, updates }
    }
}

impl BotApi {
    /// A person opens a topic in a forum; gives its `message_thread_id`.
    pub fn opens_topic(&self, user: User, chat: Chat, name: &str) -> i64 {
        self.shared.change(|world| world.open_topic(chat, user.id, name))
    }

    /// A person renames a topic.
    pub fn renames_topic(&self, user: User, chat: Chat, thread: i64, name: &str) -> Heard {
        self.shared.change(|world| world.rename_topic(chat, user.id, thread, name))
    }

    /// A person closes a topic.
    pub fn closes_topic(&self, user: User, chat: Chat, thread: i64) -> Heard {
        self.shared.change(|world| world.set_topic_closed(chat, user.id, thread, true))
    }

    /// A person opens a closed topic again.
    pub fn reopens_topic(&self, user: User, chat: Chat, thread: i64) -> Heard {
        self.shared.change(|world| world.set_topic_closed(chat, user.id, thread, false))
    }

    /// A person removes a topic with all its messages. Bots are not told.
    pub fn removes_topic(&self, chat: Chat, thread: i64) {
        self.shared.change(|world| {
            let state = world.chat_mut(chat);
            state.topics.remove(&thread).expect("no such topic");
            let inside = state.messages.values_mut().filter(|message| message.thread == Some(thread));
            inside.for_each(|message| message.deleted = true);
        });
    }

    /// The topics of a forum, oldest first.
    pub fn topics(&self, chat: Chat) -> Vec<Topic> {
        self.shared.read(|world| world.chat(chat).topics.values().cloned().collect())
    }

    /// The topic with this name.
    pub fn topic(&self, chat: Chat, name: &str) -> Option<Topic> {
        self.topics(chat).into_iter().find(|topic| topic.name == name)
    }
}
