//! People write, edit and react.

use serde_json::{Value, json};

use super::BotApi;
use super::chats::{Chat, Kind};
use super::files::Attachment;
use super::formatting::found;
use super::membership::Role;
use super::messages::Draft;
use super::say::{Origin, Say};
use super::transcript;
use super::users::{Bot, GROUP_ANONYMOUS_BOT, TELEGRAM, User};
use super::world::World;

/// What became of something a person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Where it was done.
    pub chat: Chat,
    /// The number of the message; 0 when it was no message.
    pub message_id: i64,
    /// Which bots were told, each with the number of the update.
    pub(super) updates: Vec<(i64, i64)>,
}

impl Heard {
    /// The number of the update; when several bots were told, that of the first. Panics when none was.
    pub fn update_id(&self) -> i64 {
        self.updates.first().expect("no bot was told").1
    }

    /// The number of the update this bot got; none when the bot was not told.
    pub fn told(&self, bot: &Bot) -> Option<i64> {
        self.updates.iter().find(|(told, _)| *told == bot.id).map(|(_, update)| *update)
    }
}

impl World {
    /// Keeps a person's message and tells the bots.
    fn hear(&mut self, chat: Chat, draft: Draft) -> Heard {
        let state = self.chat_mut(chat);
        let kind = if state.kind == Kind::Channel { "channel_post" } else { "message" };
        let id = self.keep(chat, draft);
        let updates = self.tell_of_message(chat, id, kind);
        Heard { chat, message_id: id, updates }
    }

    /// Who writes is there: writing to a bot starts it, writing in a group needs being a member.
    fn enter(&mut self, user: User, chat: Chat) {
        let state = self.chat_mut(chat);
        if state.kind == Kind::Private {
            assert!(!state.blocked, "who blocked a bot cannot write to it");
            state.started = true;
        } else {
            assert!(state.migrated_to.is_none(), "the group has become a supergroup");
            state.members.entry(user.id).or_insert(Role::Member);
        }
    }
}

impl BotApi {
    /// A person writes a text, in a topic or not.
    pub fn says(&self, user: User, chat: Chat, thread: Option<i64>, text: &str) -> Heard {
        self.posts(user, chat, Say::text(text).thread(thread))
    }

    /// A person answers a message, in the topic in which it stands.
    pub fn replies(&self, user: User, chat: Chat, message_id: i64, text: &str) -> Heard {
        let thread = self.message(chat, message_id).thread;
        self.posts(user, chat, Say::text(text).thread(thread).reply_to(message_id))
    }

    /// A person sends whatever a [`Say`] can be.
    pub fn posts(&self, user: User, chat: Chat, say: Say) -> Heard {
        self.shared.change(|world| {
            world.enter(user, chat);
            let draft = say.draft(world, user.id);
            world.hear(chat, draft)
        })
    }

    /// A person sends so many photos as an album, the caption on the first. "media_group_id: The unique identifier of
    /// a media message group this message belongs to" (Bot API, Message).
    pub fn sends_album(&self, user: User, chat: Chat, photos: usize, caption: &str) -> Vec<Heard> {
        let album = self.shared.change(|world| format!("album-{}", world.next()));
        let photo = |number: usize| {
            let mut say = Say::attachment(Attachment::Photo).caption(if number == 0 { caption } else { "" });
            say.album = Some(album.clone());
            self.posts(user, chat, say)
        };
        (0..photos).map(photo).collect()
    }

    /// A person opens the private chat with a bot and presses "Start", perhaps by a link with a payload, which then
    /// stands behind the command (Telegram Bot Features, Deep linking). Unblocks nothing.
    pub fn starts(&self, user: User, bot: &Bot, payload: Option<&str>) -> Heard {
        let chat = self.private(user, bot);
        let text = payload.map_or_else(|| "/start".to_owned(), |payload| format!("/start {payload}"));
        self.says(user, chat, None, &text)
    }

    /// A person changes the text (or caption) of a message.
    pub fn edits(&self, user: User, chat: Chat, message_id: i64, text: &str) -> Heard {
        self.shared.change(|world| {
            let now = world.unix_time();
            let message = world.message_mut(chat, message_id);
            assert_eq!(message.from, Some(user.id), "only who wrote a message can edit it");
            let key = if message.fields.contains_key("text") { "text" } else { "caption" };
            let beside = if key == "text" { "entities" } else { "caption_entities" };
            message.edits.push(message.text().to_owned());
            message.edit_date = Some(now);
            message.fields.insert(key.into(), json!(text));
            match found(text) {
                entities if entities.is_empty() => message.fields.remove(beside),
                entities => message.fields.insert(beside.into(), json!(entities)),
            };
            let updates = world.tell_of_message(chat, message_id, "edited_message");
            Heard { chat, message_id, updates }
        })
    }

    /// A person deletes a message. Bots are not told.
    pub fn deletes(&self, chat: Chat, message_id: i64) {
        self.shared.change(|world| world.message_mut(chat, message_id).deleted = true);
    }

    /// A person puts a reaction on a message, or takes theirs away (an empty list). "The bot must be an administrator in the
    /// chat and must explicitly specify "message_reaction" in the list of allowed_updates to receive these updates" (Bot
    /// API, Update, message_reaction).
    pub fn reacts(&self, user: User, chat: Chat, message_id: i64, emoji: &[&str]) -> Heard {
        self.shared.change(|world| {
            let json = |list: &[String]| -> Value {
                list.iter().map(|emoji| json!({ "type": "emoji", "emoji": emoji })).collect()
            };
            let new: Vec<String> = emoji.iter().map(|emoji| (*emoji).to_owned()).collect();
            let message = world.message_mut(chat, message_id);
            let old = message.reactions.insert(user.id, new.clone()).unwrap_or_default();
            let (thread, text) = (message.thread, message.text().to_owned());
            let line = format!("{} reacts {} to \"{text}\"", transcript::name(world, user.id), emoji.join(" "));
            world.chat_mut(chat).act(thread, line);
            let update = json!({
                "chat": world.chat_json(chat), "message_id": message_id, "date": world.unix_time(),
                "user": world.person(user.id).json(), "old_reaction": json(&old), "new_reaction": json(&new),
            });
            let state = world.chat(chat);
            let bots: Vec<i64> = match state.kind {
                Kind::Private => vec![chat.of],
                Kind::Group | Kind::Supergroup | Kind::Channel => {
                    world.bots.keys().copied().filter(|bot| state.role(*bot).is_admin()).collect()
                }
            };
            let told = |bot| Some((bot, world.tell(bot, "message_reaction", update.clone())?));
            Heard { chat, message_id, updates: bots.into_iter().filter_map(told).collect() }
        })
    }

    /// An administrator who hides behind the group writes. "sender_chat: Sender of the message when sent on behalf of a
    /// chat. For example, the supergroup itself for messages sent by its anonymous administrators" (Bot API, Message).
    pub fn anonymous_admin_says(&self, chat: Chat, thread: Option<i64>, text: &str) -> Heard {
        let say = Say::text(text).thread(thread);
        self.shared.change(|world| {
            let mut draft = say.draft(world, GROUP_ANONYMOUS_BOT);
            draft.sender_chat = Some(chat);
            world.hear(chat, draft)
        })
    }

    /// A channel posts. Gives what became of the post and, when a group is linked, of its copy there, which Telegram
    /// forwards by itself: "is_automatic_forward: True, if the message is a channel post that was automatically forwarded to
    /// the connected discussion group" (Bot API, Message).
    pub fn channel_posts(&self, channel: Chat, text: &str) -> (Heard, Option<Heard>) {
        self.shared.change(|world| {
            let mut draft = Say::text(text).draft(world, TELEGRAM);
            draft.from = None;
            draft.sender_chat = Some(channel);
            let post = world.hear(channel, draft);
            let group = world.chat(channel).linked;
            let forward = group.map(|group| {
                let say = Say::text(text).forwarded(Origin::Channel(channel, post.message_id));
                let mut draft = say.draft(world, TELEGRAM);
                draft.sender_chat = Some(channel);
                draft.fields.insert("is_automatic_forward".into(), json!(true));
                world.hear(group, draft)
            });
            (post, forward)
        })
    }
}
