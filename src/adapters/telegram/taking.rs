//! One update is taken in: read, written down, and only then answered.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use teloxide::payloads::{AnswerCallbackQuery, EditMessageReplyMarkup};
use teloxide::types::{CallbackQueryId, InlineKeyboardMarkup, MessageId};

use super::heard::Heard;
use super::reader::{self, Read};
use super::spot::Spot;
use super::wire::Callback;
use super::{Telegram, keyboard};
use crate::adapters::{Intake, NotTaken, Taken};
use crate::crash;

/// How much a notice above the chat may hold, in characters (<https://core.telegram.org/bots/api#answercallbackquery>).
const MAX_NOTICE: usize = 200;
impl Telegram {
    /// Takes in an update; says whether it was new. When it returns, all of it is written down.
    ///
    /// # Errors
    /// When it cannot be written down: it must come again.
    pub(super) async fn take(self: &Arc<Self>, raw: &str, intake: &Arc<dyn Intake>) -> Result<bool, NotTaken> {
        let heard = Heard::read(raw, Timestamp::now());
        let is_admin = self.is_admin(&heard).await;
        let heard = heard.by_admin(is_admin);
        let read = self.reader().read(&heard);
        let mut taken = Vec::new();
        for incoming in &read.incoming {
            crash::point("heard");
            taken.push(intake.take(incoming).await?);
        }
        self.afterwards(&heard, &read, &taken, intake);
        Ok(taken.is_empty() || taken.iter().any(|taken| *taken != Taken::Known))
    }

    /// What follows when an update is written down. None of it holds up the next one.
    fn afterwards(self: &Arc<Self>, heard: &Heard, read: &Read, taken: &[Taken], intake: &Arc<dyn Intake>) {
        self.notice_changes(heard, read);
        if let Some(callback) = heard.update.as_ref().and_then(|update| update.callback_query.clone()) {
            let taken = taken.first().copied().unwrap_or(Taken::Known);
            // What is too much costs nothing, no answer either.
            if taken != Taken::Shed {
                let (telegram, intake) = (Arc::clone(self), Arc::clone(intake));
                tokio::spawn(async move { telegram.answer_press(&callback, taken, &*intake).await });
            }
        }
        self.tell_desk(heard, read, taken, intake);
    }

    fn notice_changes(&self, heard: &Heard, read: &Read) {
        let Some(update) = &heard.update else { return };
        if let Some(message) = &update.message {
            let here = message.chat.id;
            message.migrate_to_chat_id.inspect(|to| self.learn(here, *to));
            message.migrate_from_chat_id.inspect(|from| self.learn(*from, here));
        }
        if let Some(change) = update.my_chat_member.as_ref().filter(|change| !change.chat.is_private()) {
            let status = change.new_chat_member.status.as_str();
            tracing::info!(brand = %self.brand, chat = change.chat.id, status, "the bot's standing in a group changed");
        }
        if let Some(chat) = read.stranger.filter(|chat| self.is_first_from(*chat)) {
            tracing::warn!(brand = %self.brand, chat, "not listening to a group that bot.toml does not name");
        }
    }

    /// Lets go of a button that was pressed, so that it does not look as if it were still at work: at once, because Telegram
    /// soon takes no answer any more (<https://core.telegram.org/bots/api#callbackquery>).
    async fn answer_press(&self, callback: &Callback, taken: Taken, intake: &dyn Intake) {
        let mut answer = AnswerCallbackQuery::new(CallbackQueryId(callback.id.clone()));
        if let Taken::Refused(line) = taken {
            let locale = reader::sender(&callback.from).locale;
            let notice = intake.notice(&self.brand, line, locale.as_ref()).to_plain();
            answer.text = Some(notice.chars().take(MAX_NOTICE).collect()).filter(|text: &String| !text.is_empty());
        }
        if let Err(fault) = self.client.call::<_, Value>(&answer).await {
            tracing::debug!(brand = %self.brand, %fault, "a press of a button is not answered");
        }
        if taken == Taken::Kept {
            self.show_choice(callback).await;
        }
    }

    /// Under a message to a customer, of the choices the one that was made is left. The buttons of a case stay.
    async fn show_choice(&self, callback: &Callback) {
        let Some(message) = callback.message.as_ref().filter(|message| self.desk() != Some(message.chat.id)) else {
            return;
        };
        let Some(markup) = message.rest.get("reply_markup").cloned() else { return };
        let Ok(buttons) = serde_json::from_value::<InlineKeyboardMarkup>(markup) else { return };
        let Ok(id) = i32::try_from(message.message_id) else { return };
        let mut edit = EditMessageReplyMarkup::new(Spot::of(message).recipient(), MessageId(id));
        edit.reply_markup = Some(keyboard::pressed_of(&buttons, callback.data.as_deref().unwrap_or_default()));
        if let Err(fault) = self.client.call::<_, Value>(&edit).await {
            tracing::debug!(brand = %self.brand, %fault, "choices stay under a message");
        }
    }
}
