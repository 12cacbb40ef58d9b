//! Messages that may have been sent: the answer got lost, or the process ended before it was written down. Telegram has no
//! key that tells a repeated message from a new one, and a bot cannot read a chat; but it can ask to change a message into
//! what it already is, and Telegram then says that it is so (<https://core.telegram.org/bots/api#editmessagetext>: "message
//! is not modified"). Only in private, where nothing else of ours can stand between.
//!
//! Telegram counts the messages of a bot's private chats together, so a lost one has a number soon behind the newest that
//! was known when it was decided; a server of one's own may count each chat for itself.
//!
//! A number under which another message of ours stands is never tried: that one would be overwritten.

use std::collections::BTreeSet;

use serde_json::Value;
use teloxide::payloads::{EditMessageText, SendMessage};
use teloxide::types::{MessageId, ReplyMarkup};

use super::Telegram;
use super::progress::Done;
use super::reasons::Fault;
use super::sending::{MOST_REMEDIES, chat_of};
use crate::engine::{OutboxId, Unsure};

/// How many numbers behind the newest of the chat are tried.
const BEHIND_HERE: i64 = 6;
/// How many behind the newest of all private chats: what other conversations may have sent and received meanwhile.
const BEHIND_ANYWHERE: i64 = 24;
/// How many numbers are tried before the search makes a pause: a slow answer to each must not use up the time of one try.
const AT_A_TIME: usize = 20;

impl Telegram {
    /// The number of a message that may have been sent, if it was. How far the search got is remembered, and it goes on from
    /// there; when it is over and found nothing, nothing is remembered of it.
    pub(super) async fn find(
        &self,
        id: OutboxId,
        message: &SendMessage,
        behind: Unsure,
        done: &mut Done,
    ) -> Result<Option<i64>, Fault> {
        let chat = chat_of(&message.chat_id);
        let from = done.looked.max(done.last).max(behind.here).unwrap_or(0);
        let ours = |number: i64| self.progress.is_ours(chat, number);
        let left: Vec<i64> = candidates(behind).into_iter().filter(|number| *number > from && !ours(*number)).collect();
        // As it was sent: where Telegram does not take how it is set, it was sent without.
        let mut message = message.clone();
        for number in left.iter().take(AT_A_TIME) {
            let Ok(message_id) = i32::try_from(*number) else { continue };
            if self.is_at(&mut message, MessageId(message_id)).await? {
                return Ok(Some(*number));
            }
            done.looked = Some(*number);
            self.progress.note(id, *done);
        }
        if left.len() > AT_A_TIME {
            return Err(Fault::Unfinished);
        }
        done.looked = None;
        self.progress.note(id, *done);
        Ok(None)
    }

    /// Whether a message stands under a number. What Telegram does not like about it is taken out of it.
    async fn is_at(&self, message: &mut SendMessage, number: MessageId) -> Result<bool, Fault> {
        let mut remedies = 0;
        loop {
            return match self.client.call::<_, Value>(&same(message, number)).await {
                // It stood there in other words and is put right: nothing else of ours has such a number.
                Ok(_) => Ok(true),
                Err(fault) if fault.is_unchanged() => Ok(true),
                Err(fault) if remedies < MOST_REMEDIES && self.mend(message, &fault).await => {
                    remedies += 1;
                    continue;
                }
                // None of ours, not there, or nothing that could be changed into this.
                Err(fault) if fault.is_about_message() => Ok(false),
                Err(fault) => Err(fault),
            };
        }
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
        assert_eq!(found.last(), Some(&124));
        assert_eq!(found.len(), 30);
        assert!(candidates(Unsure::default()).is_empty());
    }
}
