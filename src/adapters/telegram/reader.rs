//! What happened on Telegram becomes ours: a pure function of the update, the settings and what is known of the bot.

use jiff::Timestamp;

use super::heard::Heard;
use super::spot::{self, Spot};
use super::wire::{Callback, Me, MemberChange, Message, User};
use super::{NAME, Numbers, attachments, desk, message};
use crate::adapters::Incoming;
use crate::adapters::staff::NotDone;
use crate::config::{GroupConfig, TelegramConfig};
use crate::engine::{Agent, Event, Inbound, Place, PlaceKind, Press, Sender, To};
use crate::voice::{BrandId, Locale, Platform};

/// What updates are read with.
pub struct Reader<'a> {
    pub brand: &'a BrandId,
    pub config: &'a TelegramConfig,
    pub me: &'a Me,
    pub numbers: Numbers,
}

/// What an update becomes.
#[derive(Debug, Default, PartialEq)]
pub struct Read {
    /// What the bot takes in.
    pub incoming: Vec<Incoming>,
    /// What one of the team, or somebody among them, must be told: nothing was done with what they typed.
    pub not_done: Option<(Spot, NotDone)>,
    /// A group that the bot was added to, and that it has no business in.
    pub stranger: Option<i64>,
}

impl Read {
    pub fn nothing() -> Self {
        Self::default()
    }

    pub fn of(incoming: Incoming) -> Self {
        Self { incoming: vec![incoming], ..Self::default() }
    }
}

impl Reader<'_> {
    /// Reads an update.
    pub fn read(&self, heard: &Heard) -> Read {
        let Some(update) = &heard.update else { return self.unknown(heard) };
        let id = format!("update:{}", update.id);
        let read = match (&update.message, &update.edited_message, &update.callback_query, &update.my_chat_member) {
            (Some(message), ..) => self.message(&id, message, heard, false),
            (_, Some(message), ..) => self.message(&id, message, heard, true),
            (_, _, Some(callback), _) => self.pressed(callback, heard),
            (.., Some(change)) => Some(self.member(&id, change)),
            (None, None, None, None) => None,
        };
        read.unwrap_or_else(|| self.unknown(heard))
    }

    /// None: of a kind that is not known.
    fn message(&self, id: &str, message: &Message, heard: &Heard, edited: bool) -> Option<Read> {
        if let Some(renumbered) = self.renumbered(message) {
            return Some(Read::of(renumbered));
        }
        let has_words = !message.words().0.is_empty();
        if !has_words && attachments::is_service(message) || self.is_me(message.from.as_ref()) {
            return Some(Read::nothing());
        }
        if !has_words && attachments::of(message).is_empty() && !edited {
            return None;
        }
        if self.numbers.is(self.config.desk.map(|id| id.0), message.chat.id) {
            return Some(desk::read(self, id, message, heard.is_admin, edited));
        }
        let Some(place) = self.place(message) else {
            return Some(Read { stranger: Some(message.chat.id), ..Read::nothing() });
        };
        Some(message::read(self, id, message, place, heard.is_admin, edited))
    }

    /// A group has become a supergroup and goes by another number, which both the old and the new one are told
    /// (`migrate_to_chat_id` and `migrate_from_chat_id` of <https://core.telegram.org/bots/api#message>).
    fn renumbered(&self, message: &Message) -> Option<Incoming> {
        let here = message.chat.id;
        let (from, to) = match (message.migrate_to_chat_id, message.migrate_from_chat_id) {
            (Some(to), _) => (here, to),
            (None, Some(from)) => (from, here),
            (None, None) => return None,
        };
        Some(self.renumber(&from.to_string(), &to.to_string()))
    }

    /// A place goes by another number from now on.
    pub fn renumber(&self, from: &str, to: &str) -> Incoming {
        let (from, to) = (from.to_owned(), to.to_owned());
        Incoming::Renumbered { brand: self.brand.clone(), platform: Platform::from(NAME), from, to }
    }

    /// A place of customers; none for groups that the brand does not speak in.
    pub fn place(&self, message: &Message) -> Option<Place> {
        let spot = Spot::of(message);
        if message.chat.is_private() {
            return Some(Place { id: spot.to_string(), kind: PlaceKind::Direct, name: String::new() });
        }
        let kind = spot::kind(self.group(message.chat.id)?, spot.thread);
        Some(Place { id: spot.to_string(), kind, name: message.chat.title.clone().unwrap_or_default() })
    }

    fn group(&self, chat: i64) -> Option<&GroupConfig> {
        self.config.groups.iter().find(|group| self.numbers.is(Some(group.id.0), chat))
    }

    /// The user as one of the team: by their number, never by a name (threat 6 of the domain notes).
    pub fn agent(&self, user: &User, is_admin: bool) -> Option<Agent> {
        let listed = self.config.agents.iter().find(|agent| agent.id.0 == user.id);
        let known = listed.is_some() || is_admin && self.config.admins_are_agents;
        let name = listed.and_then(|agent| agent.name.clone()).unwrap_or_else(|| user.first_name.clone());
        (known && !user.is_bot).then(|| Agent { id: format!("{NAME}:{}", user.id), name })
    }

    /// An event of a person in a place.
    pub fn event(&self, id: &str, at: Timestamp, (sender, place): (Sender, Place), event: Event) -> Incoming {
        let (brand, platform) = (self.brand.clone(), Platform::from(NAME));
        let to = To::Customer { sender, place, via: None };
        Incoming::Event(Inbound { brand, platform, event_id: id.to_owned(), at, to, event })
    }

    fn pressed(&self, callback: &Callback, heard: &Heard) -> Option<Read> {
        let token = callback.data.clone()?;
        let spot = callback.message.as_ref().map(|message| Spot::of(message));
        let in_desk = spot.is_some_and(|spot| self.numbers.is(self.config.desk.map(|id| id.0), spot.chat));
        Some(Read::of(Incoming::Press(Press {
            brand: self.brand.clone(),
            platform: Platform::from(NAME),
            event_id: format!("callback:{}", callback.id),
            at: heard.at,
            token,
            by: callback.from.id.to_string(),
            agent: if in_desk { self.agent(&callback.from, heard.is_admin) } else { None },
            place: spot.map(|spot| spot.to_string()).unwrap_or_default(),
            via: None,
        })))
    }

    /// In a private chat, this comes when the person blocks the bot or lets it in again
    /// (<https://core.telegram.org/bots/api#update>, `my_chat_member`).
    fn member(&self, id: &str, change: &MemberChange) -> Read {
        let status = change.new_chat_member.status.as_str();
        if !change.chat.is_private() || status != "kicked" {
            return Read::nothing();
        }
        let place = Place { id: change.chat.id.to_string(), kind: PlaceKind::Direct, name: String::new() };
        let reason = super::reasons::BLOCKED.to_owned();
        Read::of(self.event(
            id,
            moment(change.date),
            (sender(&change.from), place),
            Event::DeliveryFailed { reason, gone: true },
        ))
    }

    fn unknown(&self, heard: &Heard) -> Read {
        Read::of(Incoming::Unknown(heard.unknown(self.brand, &Platform::from(NAME))))
    }

    pub fn is_me(&self, user: Option<&User>) -> bool {
        user.is_some_and(|user| user.id == self.me.id)
    }
}

/// A person as Telegram shows them.
pub fn sender(user: &User) -> Sender {
    let names = [Some(user.first_name.as_str()), user.last_name.as_deref()];
    let name = names.into_iter().flatten().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
    let locale = user.language_code.as_deref().and_then(locale);
    Sender { id: user.id.to_string(), name, locale }
}

/// The language of a client: an IETF tag (<https://core.telegram.org/bots/api#user>), of which the language alone counts when
/// the rest says more than a region (`zh-hans`).
fn locale(tag: &str) -> Option<Locale> {
    Locale::parse(tag).or_else(|| Locale::parse(tag.split('-').next()?))
}

/// Unix time in seconds, as Telegram gives it.
pub fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
