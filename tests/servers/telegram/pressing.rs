//! Buttons are pressed, and the presses answered.

use std::time::{Duration, SystemTime};

use serde_json::json;

use super::BotApi;
use super::chats::Chat;
use super::transcript;
use super::users::User;
use super::world::World;

/// A press of a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// `callback_query.id`
    pub query_id: String,
    /// The number of the update; 0 when the bot does not take callback queries.
    pub update_id: i64,
}

/// How a bot answered a press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What the person sees; often nothing.
    pub text: String,
    /// Whether as an alert instead of a toast.
    pub alert: bool,
    /// An address to open.
    pub url: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Query {
    pub bot: i64,
    pub user: i64,
    pub chat: Chat,
    pub message: i64,
    pub at: SystemTime,
    pub answers: Vec<Answered>,
}

impl World {
    fn query(&mut self, user: User, chat: Chat, message_id: i64, data: &str, label: &str) -> Pressed {
        let message = &self.chat(chat).messages[&message_id];
        let bot = message.by_bot.expect("buttons stand below messages of bots");
        let thread = message.thread;
        // What stands there no more comes without content, dated 0 (Bot API, InaccessibleMessage).
        let shown = match message.deleted {
            true => json!({ "chat": self.chat_json(chat), "message_id": message_id, "date": 0 }),
            false => self.message_json(message),
        };
        let query_id = format!("{}{:06}", user.id, self.next());
        let query = Query { bot, user: user.id, chat, message: message_id, at: self.now(), answers: Vec::new() };
        self.queries.insert(query_id.clone(), query);
        let update = json!({
            "id": query_id,
            "from": self.person(user.id).json(),
            "message": shown,
            "chat_instance": format!("{}", chat.id.unsigned_abs() ^ 0x5eed_0000),
            "data": data,
        });
        let line = format!("({} presses [{label}])", transcript::name(self, user.id));
        self.chat_mut(chat).act(thread, line);
        let update_id = self.tell(bot, "callback_query", update).unwrap_or_default();
        Pressed { query_id, update_id }
    }
}

impl BotApi {
    /// A person presses a button, named by what it says or by its data. Panics when the message has no such button, or
    /// when it opens a link, of which bots are not told.
    pub fn presses(&self, user: User, chat: Chat, message_id: i64, button: &str) -> Pressed {
        let message = self.message(chat, message_id);
        let buttons = message.buttons();
        let by_text = buttons.iter().find(|known| known.text == button);
        let found = by_text.or_else(|| buttons.iter().find(|known| known.data.as_deref() == Some(button)));
        let Some(found) = found.filter(|_| !message.deleted) else {
            panic!("no button [{button}] below message {message_id}\n{}", self.transcript(chat));
        };
        let Some(data) = &found.data else { panic!("the button [{button}] opens a link") };
        self.shared.change(|world| world.query(user, chat, message_id, data, &found.text))
    }

    /// A press with data of the person's own making: "be aware that the message that originated the query can contain no
    /// callback buttons with this data" (Bot API, CallbackQuery, data). Also for buttons that are gone.
    pub fn presses_forged(&self, user: User, chat: Chat, message_id: i64, data: &str) -> Pressed {
        self.shared.change(|world| world.query(user, chat, message_id, data, data))
    }

    /// How a press was answered; none while it was not.
    pub fn answered(&self, pressed: &Pressed) -> Option<Answered> {
        self.shared.read(|world| world.queries[&pressed.query_id].answers.first().cloned())
    }

    /// How long presses can be answered from now on; 15 seconds unless set.
    pub fn answer_within(&self, time: Duration) {
        self.shared.change(|world| world.answer_within = time);
    }
}
