//! Messages written and changed (<https://discord.com/developers/docs/resources/message#message-object>).

use jiff::Timestamp;
use serenity::model::channel::{
    Attachment, Message as Wire, MessageReference, MessageReferenceKind, MessageSnapshot, MessageType,
};
use serenity::model::event::MessageUpdateEvent;
use serenity::model::guild::PartialMember;
use serenity::model::sticker::StickerItem;
use serenity::model::user::User;

use super::attachments;
use crate::adapters::Incoming;
use crate::adapters::discord::place::{View, Whereabouts, born, sender};
use crate::engine::{Agent, AgentAction, AuthorKind, Event as Ours, Message, Place, PlaceKind, RepliesTo, To};

/// A message as it was written or as it is now, whichever event it comes from.
pub(super) struct Written<'a> {
    pub id: u64,
    pub channel: u64,
    pub server: Option<u64>,
    pub author: &'a User,
    pub member: Option<&'a PartialMember>,
    pub content: &'a str,
    pub mentions: &'a [User],
    attachments: &'a [Attachment],
    stickers: &'a [StickerItem],
    snapshots: &'a [MessageSnapshot],
    reference: Option<&'a MessageReference>,
    referenced: Option<&'a Wire>,
    kind: MessageType,
    by_webhook: bool,
    edited: Option<Timestamp>,
}

impl<'a> Written<'a> {
    pub(super) fn of(message: &'a Wire) -> Self {
        Self {
            id: message.id.get(),
            channel: message.channel_id.get(),
            server: message.guild_id.map(|server| server.get()),
            author: &message.author,
            member: message.member.as_deref(),
            content: &message.content,
            mentions: &message.mentions,
            attachments: &message.attachments,
            stickers: &message.sticker_items,
            snapshots: &message.message_snapshots,
            reference: message.message_reference.as_ref(),
            referenced: message.referenced_message.as_deref(),
            kind: message.kind,
            by_webhook: message.webhook_id.is_some(),
            edited: None,
        }
    }

    /// A message that its author changed. A preview that was added to a link comes as an update too, without a time of
    /// editing (<https://discord.com/developers/docs/events/gateway-events#message-update>).
    pub(super) fn of_update(update: &'a MessageUpdateEvent) -> Option<Self> {
        let edited = update.edited_timestamp?;
        Some(Self {
            id: update.id.get(),
            channel: update.channel_id.get(),
            server: update.guild_id.map(|server| server.get()),
            author: update.author.as_ref()?,
            member: update.member.as_ref().and_then(Option::as_deref),
            content: update.content.as_deref()?,
            mentions: update.mentions.as_deref().unwrap_or_default(),
            attachments: update.attachments.as_deref().unwrap_or_default(),
            stickers: update.sticker_items.as_deref().unwrap_or_default(),
            snapshots: &[],
            reference: update.message_reference.as_ref().and_then(Option::as_ref),
            referenced: update.referenced_message.as_ref().and_then(Option::as_deref),
            kind: update.kind.unwrap_or_default(),
            by_webhook: update.webhook_id.is_some_and(|webhook| webhook.is_some()),
            edited: Some(Timestamp::from_millisecond(edited.timestamp_millis()).unwrap_or_default()),
        })
    }

    pub(super) fn nick(&self) -> Option<&'a str> {
        self.member.and_then(|member| member.nick.as_deref())
    }

    /// Whether no person wrote it.
    pub(super) fn is_machine(&self) -> bool {
        self.author.bot || self.author.system || self.by_webhook
    }

    /// Whether it is words of somebody, and not a notice of Discord's: a pin, a thread that was begun, somebody who joined
    /// (<https://discord.com/developers/docs/resources/message#message-object-message-types>).
    pub(super) fn is_words(&self) -> bool {
        matches!(self.kind, MessageType::Regular | MessageType::InlineReply)
    }

    /// Whether somebody forwarded it: then its words are another's.
    pub(super) fn is_forward(&self) -> bool {
        !self.snapshots.is_empty()
            || self.reference.is_some_and(|reference| reference.kind == MessageReferenceKind::Forward)
    }

    pub(super) fn attachments(&self) -> Vec<crate::engine::Attachment> {
        let forwarded = self.snapshots.iter().flat_map(|snapshot| &snapshot.attachments);
        let files = self.attachments.iter().chain(forwarded).map(attachments::file);
        let forwarded = self.snapshots.iter().flat_map(|snapshot| &snapshot.sticker_items);
        files.chain(self.stickers.iter().chain(forwarded).map(attachments::sticker)).collect()
    }
}

impl View<'_> {
    /// A message was written.
    pub(super) fn created(&self, written: &Written<'_>) -> Vec<Incoming> {
        if !written.is_words() || self.is_mine(written) {
            return Vec::new();
        }
        match self.whereabouts(written.server, written.channel) {
            Whereabouts::Customers(place) => self.among_customers(written, place),
            Whereabouts::Case(thread) => self.typed(written, thread).into_iter().collect(),
            Whereabouts::Elsewhere => Vec::new(),
        }
    }

    /// A message was changed.
    pub(super) fn edited(&self, written: &Written<'_>) -> Vec<Incoming> {
        let Some(at) = written.edited.filter(|_| written.is_words() && !self.is_mine(written)) else {
            return Vec::new();
        };
        let Whereabouts::Customers(place) = self.whereabouts(written.server, written.channel) else {
            return Vec::new();
        };
        let author = self.author_kind(written, self.staff(written, &place).is_some());
        let to = To::Customer { sender: sender(written.author, written.nick(), None), place, via: None };
        let id = format!("edit:{}:{}", written.id, at.as_millisecond());
        let edited = self.message(written, author).map(|message| self.event(id, at, to, Ours::Edited(message)));
        edited.into_iter().collect()
    }

    fn among_customers(&self, written: &Written<'_>, place: Place) -> Vec<Incoming> {
        let agent = self.staff(written, &place);
        let author = self.author_kind(written, agent.is_some());
        let Some(message) = self.message(written, author) else { return Vec::new() };
        let spoke = agent.and_then(|agent| self.spoke(written, &place, agent, &message.text));
        let to = To::Customer { sender: sender(written.author, written.nick(), None), place, via: None };
        let event = self.event(format!("message:{}", written.id), message.at, to, Ours::Message(message));
        std::iter::once(event).chain(spoke).collect()
    }

    /// One of the team who replies to a customer where everybody can read it takes the customer's case with it.
    fn spoke(&self, written: &Written<'_>, place: &Place, agent: Agent, text: &str) -> Option<Incoming> {
        let referenced = written.referenced.filter(|_| !written.is_forward())?;
        let customer = &referenced.author;
        let staff = self.agent_of(customer, None).is_some()
            || self.directory.who_wrote(referenced.id.get()).is_some_and(|wrote| wrote.staff);
        if customer.bot || staff || referenced.webhook_id.is_some() {
            return None;
        }
        let nick = referenced.member.as_ref().and_then(|member| member.nick.as_deref());
        let to = To::Customer { sender: sender(customer, nick, None), place: place.clone(), via: None };
        let event = Ours::Agent { agent, action: AgentAction::Spoke { text: text.to_owned() } };
        Some(self.event(format!("spoke:{}", written.id), born(written.id), to, event))
    }

    fn message(&self, written: &Written<'_>, author: AuthorKind) -> Option<Message> {
        let words = self.words(written);
        let forwarded: Vec<&str> = written.snapshots.iter().map(|snapshot| snapshot.content.as_str()).collect();
        let text = if words.text.is_empty() { forwarded.join("\n") } else { words.text };
        let attachments = written.attachments();
        // Without the message content intent both are empty, unless the bot is spoken to
        // (<https://discord.com/developers/docs/events/gateway#message-content-intent>).
        if text.trim().is_empty() && attachments.is_empty() && !words.mentions_bot {
            return None;
        }
        let title = self.title_of_post(written);
        let at = born(written.id);
        Some(Message {
            id: written.id.to_string(),
            at,
            text: title
                .iter()
                .map(String::as_str)
                .chain([text.trim()])
                .collect::<Vec<_>>()
                .join("\n")
                .trim()
                .to_owned(),
            author,
            mentions_bot: words.mentions_bot,
            replies_to: self.replies_to(written),
            forwarded: written.is_forward(),
            by_command: false,
            for_person: false,
            opens_post: title.is_some(),
            album: None,
            attachments,
        })
    }

    /// The title of the post that a message opens: the first message of a thread in a forum has the thread's number
    /// (<https://discord.com/developers/docs/topics/threads#forums>). Often the title is the question.
    fn title_of_post(&self, written: &Written<'_>) -> Option<String> {
        use crate::adapters::discord::directory::Class;
        let thread = self.directory.channel(written.channel).filter(|_| written.id == written.channel)?;
        let parent = self.directory.channel(thread.parent?)?;
        (parent.class == Class::Forum).then(|| thread.name.clone())
    }

    fn replies_to(&self, written: &Written<'_>) -> Option<RepliesTo> {
        let reference = written.reference.filter(|_| !written.is_forward())?;
        reference.message_id?;
        Some(match written.referenced.map(|message| message.author.id.get()) {
            Some(author) if Some(author) == self.directory.me => RepliesTo::Bot,
            Some(author) if author == written.author.id.get() => RepliesTo::Themselves,
            Some(_) | None => RepliesTo::Person,
        })
    }

    pub(super) fn is_mine(&self, written: &Written<'_>) -> bool {
        self.directory.me == Some(written.author.id.get())
    }

    /// Whoever wrote as one of the team; in private, everybody is a customer.
    fn staff(&self, written: &Written<'_>, place: &Place) -> Option<Agent> {
        let public = place.kind != PlaceKind::Direct && !written.is_machine();
        public.then(|| self.agent_of(written.author, written.member)).flatten()
    }

    fn author_kind(&self, written: &Written<'_>, staff: bool) -> AuthorKind {
        if written.is_machine() {
            AuthorKind::Machine
        } else if staff {
            AuthorKind::Staff
        } else {
            AuthorKind::Person
        }
    }
}
