//! Messages that may have been sent: the answer got lost, or the process ended before it was written down. Telegram has no
//! key that tells a repeated message from a new one, and a bot cannot read a chat; but it can ask to change a message into
//! what it already is, and Telegram then says that it is so (<https://core.telegram.org/bots/api#editmessagetext>: "message
//! is not modified"). Only in private, where nothing else of ours can stand between.
//!
//! Telegram counts the messages of a bot's private chats together, so a lost one has a number soon behind the newest that
//! was known when it was decided; a server of one's own may count each chat for itself.

use std::collections::BTreeSet;

use serde_json::Value;
use teloxide::payloads::{EditMessageText, SendMessage};
use teloxide::types::{MessageId, ReplyMarkup};

use super::Telegram;
use super::reasons::Fault;
use crate::engine::Unsure;

/// How many numbers behind the newest of the chat are tried.
const BEHIND_HERE: i64 = 8;
/// How many behind the newest of all private chats: what other conversations may have sent and received meanwhile.
const BEHIND_ANYWHERE: i64 = 48;

impl Telegram {
    /// The number of a message that may have been sent, if it was.
    pub(super) async fn find(&self, message: &SendMessage, behind: Unsure) -> Result<Option<i64>, Fault> {
        for number in candidates(behind) {
            let Ok(id) = i32::try_from(number) else { continue };
            match self.client.call::<_, Value>(&same(message, MessageId(id))).await {
                // It stood there in other words and is put right: it can only be the same message.
                Ok(_) => return Ok(Some(number)),
                Err(fault) if fault.is_unchanged() => return Ok(Some(number)),
                Err(fault) if fault.is_refused_edit() => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(None)
    }
}

fn candidates(behind: Unsure) -> BTreeSet<i64> {
    let span = |from: Option<i64>, many: i64| {
        from.into_iter().flat_map(move |from| from.saturating_add(1)..=from.saturating_add(many))
    };
    span(behind.here, BEHIND_HERE).chain(span(behind.anywhere, BEHIND_ANYWHERE)).filter(|number| *number > 0).collect()
}

/// Changes a message into what it should be already.
fn same(message: &SendMessage, id: MessageId) -> EditMessageText {
    let mut edit = EditMessageText::new(message.chat_id.clone(), id, message.text.clone());
    edit.entities = message.entities.clone();
    edit.link_preview_options = message.link_preview_options.clone();
    edit.reply_markup = match &message.reply_markup {
        Some(ReplyMarkup::InlineKeyboard(keyboard)) => Some(keyboard.clone()),
        Some(ReplyMarkup::Keyboard(_) | ReplyMarkup::KeyboardRemove(_) | ReplyMarkup::ForceReply(_)) | None => None,
    };
    edit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_message_is_looked_for_behind_what_was_known() {
        let found = candidates(Unsure { here: Some(10), anywhere: Some(100) });
        assert_eq!(found.first(), Some(&11));
        assert_eq!(found.last(), Some(&148));
        assert_eq!(found.len(), 56);
        assert!(candidates(Unsure::default()).is_empty());
    }
}
