//! Does what was asked for, call by call. Telegram has no key that tells a repeated message from a new one: what may have
//! been sent already is looked for first (`lost`).

use serde_json::Value;
use teloxide::payloads::{CreateForumTopic, SendMessage};
use teloxide::types::{ChatId, Recipient, ReplyMarkup};

use super::outbound::{self, Request, What};
use super::progress::Done;
use super::reasons::{self, Fault};
use super::spot::Spot;
use super::wire::{Posted, Topic};
use super::{NAME, Telegram, keyboard};
use crate::adapters::{SendError, Sent};
use crate::crash;
use crate::engine::{OutboxId, Unsure};

/// How many remedies one message may need: another number, no entities, no links under it.
pub(super) const MOST_REMEDIES: usize = 4;

impl Telegram {
    /// Does what was asked for.
    pub(super) async fn send_all(&self, request: Request) -> Result<Sent, SendError> {
        let id = request.id;
        let is_post = matches!(request.what, What::Post { .. });
        if let Some(progress) = &request.progress {
            self.progress.take_up(id, progress);
        }
        let sent = match request.what {
            What::Say(messages) => self.say(id, &messages, request.unsure).await,
            // A reaction that is not taken is missed by nobody.
            What::React(reaction) => match self.client.call::<_, Value>(&reaction).await {
                Err(fault) if !fault.is_for_good() && !fault.is_about_message() => Err(fault),
                Ok(_) | Err(_) => Ok(Sent::default()),
            },
            What::Post { topic, thread, posts } => {
                self.post(id, &topic, thread.as_deref().and_then(Spot::read), &posts).await
            }
            What::Nothing => Ok(Sent::default()),
            What::NoWay => return Err(SendError::Never { reason: reasons::NO_WAY.to_owned() }),
        };
        let sent = sent.map_err(|fault| {
            self.link.suffered(&fault);
            reasons::send_error(&fault)
        });
        let comes_again = match &sent {
            Err(
                SendError::Later { .. }
                | SendError::Quiet { .. }
                | SendError::ShutOut { .. }
                | SendError::Unsure { .. },
            ) => true,
            // What the team's group lacks can be mended by people.
            Err(SendError::Never { .. }) => is_post,
            Ok(_) | Err(SendError::Refused { .. }) => false,
        };
        if !comes_again {
            self.progress.forget(id);
        }
        sent
    }

    async fn say(&self, id: OutboxId, messages: &[SendMessage], unsure: Option<Unsure>) -> Result<Sent, Fault> {
        let mut done = self.progress.of(id);
        // Of what was sent in part, the next part stands behind the last one.
        let behind_last = |behind| done.last.map_or(behind, |last| Unsure { here: Some(last), anywhere: None });
        let mut unsure = unsure.map(behind_last);
        for message in messages.iter().skip(done.parts) {
            let found = match unsure {
                Some(behind) => self.find(id, message, behind, &mut done).await.map_err(Fault::still_unsure)?,
                None => None,
            };
            // What comes after one that was not sent was not sent either.
            unsure = found.map(|found| Unsure { here: Some(found), anywhere: None });
            let sent = match found {
                Some(found) => found,
                None => self.send_message(message.clone()).await?,
            };
            self.progress.is_sent(chat_of(&message.chat_id), sent);
            done = Done { parts: done.parts + 1, last: Some(sent), looked: None, ..done };
            self.progress.note(id, done);
            if done.parts < messages.len() {
                self.write_down(id, &done).await.map_err(Fault::still_unsure)?;
            }
        }
        Ok(Sent { message_id: done.last.map(|id| id.to_string()), moved_to: None })
    }

    /// Posts for the team. The first about a case opens a topic, and is known by it from then on; so does one whose topic is
    /// gone. When none can be opened, that is the fault of the team's group, and posts can wait for it to be mended.
    async fn post(
        &self,
        id: OutboxId,
        topic: &CreateForumTopic,
        thread: Option<Spot>,
        posts: &[SendMessage],
    ) -> Result<Sent, Fault> {
        let mut done = self.progress.of(id);
        let mut spot = match done.topic.or(thread) {
            Some(spot) => spot,
            None => self.open_topic(id, topic, &mut done).await.map_err(Fault::of_place)?,
        };
        // A topic that an earlier try opened in place of one that is gone.
        self.is_in(thread, spot).await?;
        while let Some(post) = posts.get(done.parts) {
            let sent = match self.send_message(outbound::moved(post, spot)).await {
                Err(fault) if fault.is_topic_gone() => {
                    spot = self.open_topic(id, topic, &mut done).await.map_err(Fault::of_place)?;
                    self.is_in(thread, spot).await?;
                    self.send_message(outbound::moved(post, spot)).await?
                }
                sent => sent?,
            };
            done = Done { parts: done.parts + 1, last: Some(sent), ..done };
            self.progress.note(id, done);
            if done.parts < posts.len() {
                self.write_down(id, &done).await?;
            }
        }
        Ok(match (thread, done.last) {
            (Some(_), Some(last)) => Sent::message(format_args!("{spot}/{last}")),
            _ => Sent::message(spot),
        })
    }

    async fn open_topic(&self, id: OutboxId, topic: &CreateForumTopic, done: &mut Done) -> Result<Spot, Fault> {
        let mut topic = topic.clone();
        crash::point("asking");
        let opened = self.client.call::<_, Topic>(&topic).await;
        crash::point("asked");
        let opened = match opened {
            Err(fault) if fault.migrate_to().is_some() => {
                self.follow(&mut topic.chat_id, &fault).await;
                self.client.call::<_, Topic>(&topic).await?
            }
            opened => opened?,
        };
        let chat = chat_of(&topic.chat_id);
        let spot = Spot { chat, thread: Some(opened.message_thread_id) };
        *done = Done { topic: Some(spot), ..*done };
        self.progress.note(id, *done);
        self.write_down(id, done).await?;
        Ok(spot)
    }

    /// Has it written down how far a delivery got, before it goes on: should this process die, the next one goes on from there
    /// instead of saying it all again.
    async fn write_down(&self, id: OutboxId, done: &Done) -> Result<(), Fault> {
        let Some(intake) = self.intake.get() else { return Ok(()) };
        intake.note_progress(&self.brand, id, &done.written()).await.map_err(|error| {
            tracing::warn!(brand = %self.brand, outbox = id.0, %error, "how far a delivery got is not written down");
            Fault::NotWritten
        })
    }

    /// Sends one message, whatever it takes: its words are worth more than how they are set.
    pub(super) async fn send_message(&self, mut message: SendMessage) -> Result<i64, Fault> {
        let mut remedies = 0;
        loop {
            crash::point("asking");
            let posted = self.client.call::<_, Posted>(&message).await;
            crash::point("asked");
            match posted {
                Ok(posted) => return Ok(posted.message_id),
                Err(fault) if remedies < MOST_REMEDIES && self.mend(&mut message, &fault).await => remedies += 1,
                Err(fault) => return Err(fault),
            }
        }
    }

    /// Changes a message so that what Telegram did not like about it is gone; false when nothing can be changed.
    pub(super) async fn mend(&self, message: &mut SendMessage, fault: &Fault) -> bool {
        if fault.migrate_to().is_some() {
            return self.follow(&mut message.chat_id, fault).await;
        }
        if fault.is_about_markup() && message.entities.is_some() {
            tracing::error!(brand = %self.brand, %fault, "Telegram refuses how a text is set; sent without");
            let brand = self.brand.to_string();
            metrics::counter!("housevoice_markup_refused_total", "brand" => brand, "platform" => NAME).increment(1);
            message.entities = None;
            return true;
        }
        if let Some(ReplyMarkup::InlineKeyboard(buttons)) = &message.reply_markup
            && fault.is_about_buttons()
        {
            let left = keyboard::presses_of(buttons);
            tracing::error!(brand = %self.brand, %fault, "Telegram refuses a button; sent without links under it");
            let changed = left != *buttons;
            message.reply_markup =
                (changed && !left.inline_keyboard.is_empty()).then_some(ReplyMarkup::InlineKeyboard(left));
            return true;
        }
        false
    }

    /// Goes after a group that goes by another number now.
    async fn follow(&self, chat: &mut Recipient, fault: &Fault) -> bool {
        let Some(to) = fault.migrate_to() else { return false };
        let from = chat_of(chat);
        *chat = Recipient::Id(ChatId(to));
        self.learn(from, to);
        // What is not written down is told by the group itself, too.
        let _ = self.goes_by(&from.to_string(), &to.to_string()).await;
        from != to
    }

    /// Has it written down in which topic a case is, where that is not the one in which it was: before anything is posted
    /// there, because what agents answer in a topic that nothing is known of reaches nobody.
    async fn is_in(&self, thread: Option<Spot>, spot: Spot) -> Result<(), Fault> {
        match thread.filter(|was| *was != spot) {
            Some(was) => self.goes_by(&was.to_string(), &spot.to_string()).await,
            None => Ok(()),
        }
    }

    /// Has it written down that a place goes by another number.
    async fn goes_by(&self, from: &str, to: &str) -> Result<(), Fault> {
        let renumbered = self.reader().renumber(from, to);
        let Some(intake) = self.intake.get() else {
            tracing::warn!(brand = %self.brand, from, to, "nobody listens yet who writes down the new number of a place");
            return Ok(());
        };
        let taken = intake.take(&renumbered).await;
        taken.map(|_| ()).map_err(|error| {
            tracing::warn!(brand = %self.brand, from, to, %error, "the new number of a place is not written down");
            Fault::NotWritten
        })
    }
}

/// The number of a chat.
pub(super) fn chat_of(recipient: &Recipient) -> i64 {
    match recipient {
        Recipient::Id(id) => id.0,
        Recipient::ChannelUsername(_) => 0,
    }
}
