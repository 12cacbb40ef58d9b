//! What is ours becomes Telegram's: a pure function from a delivery to what is asked for. Every call about a topic names the
//! topic, or it would land in another one.

use serde::Serialize;
use teloxide::payloads::{CreateForumTopic, SendMessage, SetMessageReaction};
use teloxide::types::{LinkPreviewOptions, MessageId, ReactionType, ReplyMarkup, ReplyParameters};

use super::render::{self, Rendered};
use super::spot::Spot;
use super::{NAME, keyboard, reactions};
use crate::adapters::staff;
use crate::engine::{Body, Delivery, OutboxId, Outgoing, StaffPost, Unsure};
use crate::voice::template::shown;

/// The longest name of a topic, in characters (<https://core.telegram.org/bots/api#createforumtopic>).
const MAX_TITLE: usize = 128;

/// What Telegram is asked to do about a delivery.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    /// Whose.
    pub(super) id: OutboxId,
    /// What.
    pub(super) what: What,
    /// Where to look first, because it may have been sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unsure: Option<Unsure>,
    /// How far an earlier try got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) progress: Option<String>,
}

/// What Telegram is asked to do.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// Send these, in order.
    Say(Vec<SendMessage>),
    /// React to a message.
    React(SetMessageReaction),
    /// Post these for the team, in the topic of the case.
    Post {
        /// Opens the topic, when there is none or it is gone.
        topic: CreateForumTopic,
        /// The topic, as `chat/topic`.
        thread: Option<String>,
        /// The posts; where they go is filled in when the topic is known.
        posts: Vec<SendMessage>,
    },
    /// Nothing that Telegram can do, and nobody misses it.
    Nothing,
    /// It has no way to go.
    NoWay,
}

impl Request {
    /// How many messages come of it. A topic that is opened says so with one of its own; a reaction is none.
    pub(super) fn messages(&self) -> u32 {
        let count = |messages: &[SendMessage]| u32::try_from(messages.len()).unwrap_or(u32::MAX);
        match &self.what {
            What::Say(messages) => count(messages),
            What::Post { thread, posts, .. } => count(posts).saturating_add(u32::from(thread.is_none())),
            What::React(_) | What::Nothing | What::NoWay => 0,
        }
    }
}

/// What outbound needs to know of the bot.
pub(super) struct Writer<'a> {
    /// The name of the bot, without `@`.
    pub bot: &'a str,
    /// The present number of the team's group.
    pub desk: Option<i64>,
}

impl Writer<'_> {
    /// What is asked for.
    pub fn request(&self, delivery: &Delivery) -> Request {
        let spot = Spot::read(&delivery.place.id);
        let what = match (&delivery.body, spot) {
            (Body::Staff(post), _) => self.post(delivery, post),
            (Body::Send(outgoing), Some(spot)) => What::Say(self.say(outgoing, spot, &delivery.buttons)),
            (Body::React { message_id, emoji }, Some(spot)) => react(spot, message_id, emoji),
            (Body::Send(_) | Body::React { .. }, None) => What::NoWay,
        };
        // Elsewhere than in private, what stands behind may be another answer of ours.
        let unsure = delivery.unsure.filter(|_| spot.is_some_and(Spot::is_private));
        Request { id: delivery.id, what, unsure, progress: delivery.progress.clone() }
    }

    fn say(&self, outgoing: &Outgoing, spot: Spot, tokens: &[String]) -> Vec<SendMessage> {
        let mut messages = messages(&render::pieces(&outgoing.content), spot);
        if let Some(first) = messages.first_mut() {
            first.reply_parameters = outgoing.replies_to.as_deref().and_then(reply);
        }
        if let Some(last) = messages.last_mut() {
            last.reply_markup = keyboard::of_message(outgoing, tokens, self.bot).map(ReplyMarkup::InlineKeyboard);
        }
        messages
    }

    fn post(&self, delivery: &Delivery, post: &StaffPost) -> What {
        let Some(desk) = self.desk.map(Spot::chat) else { return What::NoWay };
        let thread = delivery.thread.as_deref().and_then(Spot::read).filter(|spot| spot.thread.is_some());
        // What was not answered in time belongs to no case, and is read in the group itself.
        if matches!(post, StaffPost::CameTooLate(_)) && thread.is_none() {
            return What::Say(messages(&render::pieces(&staff::content(post)), desk));
        }
        let about_case = title(delivery, post);
        // To be told that something cannot be done is not worth a topic of its own.
        if thread.is_none() && about_case.is_none() || staff::is_there(post, NAME) {
            return What::Nothing;
        }
        let title = about_case.unwrap_or_else(|| delivery.recipient.name.clone());
        let mut posts = messages(&render::pieces(&staff::content(post)), thread.unwrap_or(desk));
        if let Some(last) = posts.last_mut() {
            last.reply_markup = keyboard::of_post(post, &delivery.buttons).map(ReplyMarkup::InlineKeyboard);
        }
        let topic = CreateForumTopic::new(desk.recipient(), name(&title));
        What::Post { topic, thread: thread.map(|spot| spot.to_string()), posts }
    }
}

/// Puts a message somewhere else.
pub(super) fn moved(message: &SendMessage, spot: Spot) -> SendMessage {
    SendMessage { chat_id: spot.recipient(), message_thread_id: spot.thread_id(), ..message.clone() }
}

/// A message with nothing but its words.
pub(super) fn message(piece: &Rendered, spot: Spot) -> SendMessage {
    let mut message = SendMessage::new(spot.recipient(), piece.text.clone());
    message.message_thread_id = spot.thread_id();
    message.entities = (!piece.entities.is_empty()).then(|| piece.entities.clone());
    message.link_preview_options = Some(no_preview());
    message
}

fn messages(pieces: &[Rendered], spot: Spot) -> Vec<SendMessage> {
    pieces.iter().map(|piece| message(piece, spot)).collect()
}

/// Telegram would fetch the page behind the first address and show it.
fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// The message may be gone by now; then the answer still comes.
fn reply(message_id: &str) -> Option<ReplyParameters> {
    message_id.parse().ok().map(|id| ReplyParameters::new(MessageId(id)).allow_sending_without_reply())
}

fn react(spot: Spot, message_id: &str, emoji: &str) -> What {
    let (Some(emoji), Ok(id)) = (reactions::allowed(emoji), message_id.parse()) else { return What::Nothing };
    let mut payload = SetMessageReaction::new(spot.recipient(), MessageId(id));
    payload.reaction = Some(vec![ReactionType::Emoji { emoji: emoji.to_owned() }]);
    What::React(payload)
}

/// What the topic of a case is called; none for what is about no case.
fn title(delivery: &Delivery, post: &StaffPost) -> Option<String> {
    let case = post.case()?;
    Some(if let StaffPost::Packet(packet) = post {
        staff::title(packet)
    } else {
        format!("{} · {case}", delivery.recipient.name)
    })
}

fn name(title: &str) -> String {
    let line = shown(title).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut left = MAX_TITLE;
    let fits = |c: char| {
        left = left.checked_sub(c.len_utf16())?;
        Some(c)
    };
    let name: String = line.chars().map_while(fits).collect();
    if name.is_empty() { "·".to_owned() } else { name }
}
