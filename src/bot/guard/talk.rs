//! What comes in, as the guard sees it: whose it is, and how soon it is shed. What the team does, what is due and what could
//! not be delivered is no talk, and never shed.

use jiff::Timestamp;

use super::buckets::Rate;
use crate::adapters::UnknownEvent;
use crate::engine::{AuthorKind, Command, Event, Inbound, Message, PlaceKind, Press, To};
use crate::voice::{BrandId, Platform};

/// How soon something is shed, the first first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// In public and not for the bot; changes and deletions; what machines say.
    Chatter,
    /// In public, and for the bot, or a question that it may answer.
    Public,
    /// In private, and commands.
    Private,
}

/// What somebody did. Each kind has a bucket of its own, so that one never uses up another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// They said something.
    Words,
    /// They changed or deleted something.
    Change,
    /// They pressed a button.
    Press,
    /// Nobody knows what.
    Unknown,
}

impl Kind {
    /// How much of it one person may do.
    pub(super) const fn rate(self) -> Rate {
        match self {
            Kind::Words => Rate::new(30, 1),
            Kind::Change => Rate::new(50, 2),
            Kind::Press | Kind::Unknown => Rate::new(20, 1),
        }
    }
}

impl Class {
    /// How much of a person's bucket for words is left for what is shed later.
    pub(super) const fn spares_person(self) -> i64 {
        match self {
            Class::Chatter => 10,
            Class::Public => 5,
            Class::Private => 0,
        }
    }

    /// The same of a public place's.
    pub(super) const fn spares_place(self) -> i64 {
        match self {
            Class::Chatter => 50,
            Class::Public | Class::Private => 0,
        }
    }

    /// Its name, for figures.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Class::Chatter => "chatter",
            Class::Public => "public",
            Class::Private => "private",
        }
    }
}

/// Something that may be shed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Talk<'t> {
    pub(super) brand: &'t BrandId,
    pub(super) platform: &'t Platform,
    pub(super) class: Class,
    pub(super) kind: Kind,
    /// When it happened, by the platform's clock: what was written while nobody listened did not come all at once.
    pub(super) at: Timestamp,
    /// The platform's number of whoever did it.
    pub(super) person: &'t str,
    /// The platform's number of where.
    pub(super) place: &'t str,
    pub(super) is_public: bool,
    /// What was said by a person; none where nothing was.
    pub(super) words: Option<&'t str>,
    /// Whether it asks for a person, whatever the words.
    pub(super) asks_for_person: bool,
    /// Whether the words are told apart from a machine's: commands are a person's.
    pub(super) may_be_loop: bool,
}

impl<'t> Talk<'t> {
    /// An event; none: it is never shed.
    pub(super) fn of(inbound: &'t Inbound) -> Option<Self> {
        let To::Customer { sender, place, .. } = &inbound.to else { return None };
        let is_public = place.kind.is_public();
        let talk = Self {
            brand: &inbound.brand,
            platform: &inbound.platform,
            class: Class::Private,
            kind: Kind::Words,
            at: inbound.at,
            person: &sender.id,
            place: &place.id,
            is_public,
            words: None,
            asks_for_person: false,
            may_be_loop: false,
        };
        match &inbound.event {
            Event::Message(message) => talk.message(message, place.kind),
            Event::Edited(message) => {
                talk.message(message, place.kind).map(|talk| Self { class: Class::Chatter, kind: Kind::Change, ..talk })
            }
            Event::Deleted { .. } => Some(Self { class: Class::Chatter, kind: Kind::Change, ..talk }),
            Event::Started { .. } => Some(talk),
            Event::Picked(_) => Some(Self { kind: Kind::Press, ..talk }),
            Event::Command(command) => Some(Self { asks_for_person: *command == Command::Human, ..talk }),
            Event::Agent { .. } | Event::Timer(_) | Event::DeliveryFailed { .. } | Event::CameTooLate { .. } => None,
        }
    }

    fn message(self, message: &'t Message, place: PlaceKind) -> Option<Self> {
        let for_bot = message.mentions_bot || message.replies_to.is_some_and(|to| to == crate::engine::RepliesTo::Bot);
        let class = match (message.author, place) {
            (AuthorKind::Staff, _) => return None,
            (AuthorKind::Machine, _) => Class::Chatter,
            (AuthorKind::Person, PlaceKind::Direct) => Class::Private,
            (AuthorKind::Person, _) if message.by_command => Class::Private,
            (AuthorKind::Person, PlaceKind::Help) => Class::Public,
            (AuthorKind::Person, PlaceKind::General | PlaceKind::Muted) if for_bot || message.opens_post => {
                Class::Public
            }
            (AuthorKind::Person, PlaceKind::General | PlaceKind::Muted) => Class::Chatter,
        };
        let words = (message.author == AuthorKind::Person && !message.text.is_empty()).then_some(message.text.as_str());
        let may_be_loop = !message.by_command;
        Some(Self { class, words, asks_for_person: message.for_person, may_be_loop, ..self })
    }

    /// A button that was pressed; none: by one of the team.
    pub(super) fn press(press: &'t Press) -> Option<Self> {
        press.agent.is_none().then(|| Self {
            brand: &press.brand,
            platform: &press.platform,
            class: Class::Private,
            kind: Kind::Press,
            at: press.at,
            person: &press.by,
            place: &press.place,
            is_public: false,
            words: None,
            asks_for_person: false,
            may_be_loop: false,
        })
    }

    /// Something that nothing is known of, so not its moment either.
    pub(super) fn unknown(event: &'t UnknownEvent, now: Timestamp) -> Self {
        Self {
            brand: &event.brand,
            platform: &event.platform,
            class: Class::Chatter,
            kind: Kind::Unknown,
            at: now,
            person: event.by.as_deref().unwrap_or_default(),
            place: "",
            is_public: false,
            words: None,
            asks_for_person: false,
            may_be_loop: false,
        }
    }

    /// Its name, for figures.
    pub(super) const fn name(&self) -> &'static str {
        match self.kind {
            Kind::Words | Kind::Change => self.class.name(),
            Kind::Press => "press",
            Kind::Unknown => "unknown",
        }
    }
}
