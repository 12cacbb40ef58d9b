//! What Telegram says when it does not do what it was asked, and what follows: again later, or never. The descriptions are
//! those of the open Bot API server and of Telegram itself; they have no list, and codes alone do not tell them apart
//! (<https://core.telegram.org/bots/api#making-requests>).

use std::time::Duration;

use jiff::SignedDuration;

use crate::adapters::SendError;

/// Why something came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There was no answer.
    #[error("Telegram cannot be reached: {0}")]
    Unreached(&'static str),
    /// The answer was no.
    #[error("Telegram says {} {}", .0.code, .0.description)]
    Refused(Refused),
    /// Something passing, while a message was looked for that may have been sent.
    #[error("{0}, while looking for a message")]
    Looking(Box<Fault>),
    /// A message that may have been sent is still being looked for.
    #[error("the search for a message goes on")]
    Unfinished,
    /// The store could not write down what has to be known first.
    #[error("where the case is talked about could not be written down")]
    NotWritten,
}

/// A no of Telegram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// The code, as in HTTP.
    pub code: u16,
    /// In words; holds no personal data.
    pub description: String,
    /// For how many seconds it wants to be left alone.
    pub retry_after: Option<i64>,
    /// The number that the group goes by now.
    pub migrate_to: Option<i64>,
    /// Whether it is the place that is not as it must be, whatever the words.
    pub of_place: bool,
}

/// The customer wants no messages.
pub const BLOCKED: &str = "the customer has blocked the bot";

/// A topic that posts can have another of.
const TOPIC_DELETED: &str = "the topic was deleted";

/// Nothing leads there.
pub const NO_WAY: &str = "bot.toml names no `desk` on Telegram, or the place is none of Telegram's";
/// It took too long.
pub const NO_ANSWER: &str = "no answer in time";
/// Nobody is there, or not for us.
pub const NO_CONNECTION: &str = "no connection";
/// Somebody was there.
pub const BROKEN_OFF: &str = "the connection broke off";
/// What is there is not Telegram, or not as it was.
pub const UNREADABLE: &str = "the answer cannot be read";

/// Words in a description that say that a person or a place is gone, or not open to the bot, and what they mean to the team.
const FOR_GOOD: &[(&str, &str)] = &[
    ("bot was blocked by the user", BLOCKED),
    ("user is deactivated", "the customer's account is gone"),
    ("bot can't initiate conversation", "the customer has never written to the bot in private"),
    ("bot was kicked", "the bot was removed from the group"),
    ("bot is not a member", "the bot is not in the group"),
    ("group chat was deactivated", "the group is gone"),
    ("group chat was deleted", "the group is gone"),
    ("chat not found", "there is no such chat, or the bot is not in it"),
    ("peer_id_invalid", "there is no such chat, or the bot is not in it"),
    ("not enough rights", "the bot may not write there"),
    ("have no rights", "the bot may not write there"),
    ("chat_write_forbidden", "the bot may not write there"),
    ("chat_restricted", "the bot may not write there"),
    ("chat_admin_required", "the bot may not write there"),
    ("need administrator rights", "the bot may not write there"),
    ("not a forum", "the group has no topics"),
    ("topic_closed", "the topic is closed"),
    ("message thread not found", TOPIC_DELETED),
    ("topic_deleted", TOPIC_DELETED),
    ("topic_id_invalid", TOPIC_DELETED),
];

impl Fault {
    /// The group's number of now on.
    pub fn migrate_to(&self) -> Option<i64> {
        self.refused()?.migrate_to
    }

    /// Whether the token is not that of a bot (any more). Without one that looks like a token, Telegram finds no such page.
    pub fn is_about_token(&self) -> bool {
        self.refused().is_some_and(|refused| matches!(refused.code, 401 | 404)) && !self.is_unknown_method()
    }

    /// Whether the server does not know what it is asked to do: one of an older version.
    fn is_unknown_method(&self) -> bool {
        self.refused().is_some_and(|refused| {
            refused.code == 404 && refused.description.to_lowercase().contains("method not found")
        })
    }

    /// Whether it may be otherwise in a moment: no answer, too many calls, trouble at Telegram.
    pub fn is_passing(&self) -> bool {
        self.refused().is_none_or(|refused| refused.code == 429 || refused.code >= 500)
    }

    /// Whether it is the message that Telegram does not take; the person and the place are fine.
    pub fn is_about_message(&self) -> bool {
        let Some(refused) = self.refused() else { return false };
        match refused.code {
            400 => !refused.of_place && self.place_gone().is_none(),
            413 => true,
            _ => self.is_unknown_method(),
        }
    }

    /// The same, when it says that a place is not as it must be.
    pub fn of_place(self) -> Self {
        match self {
            Fault::Refused(refused) => Fault::Refused(Refused { of_place: true, ..refused }),
            Fault::Unreached(_) | Fault::Looking(_) | Fault::Unfinished | Fault::NotWritten => self,
        }
    }

    fn place_gone(&self) -> Option<&'static str> {
        FOR_GOOD.iter().find(|(words, _)| self.says(&[words])).map(|(_, why)| *why)
    }

    /// Whether somebody else asks for updates with the same token.
    pub fn is_conflict(&self) -> bool {
        self.refused().is_some_and(|refused| refused.code == 409)
    }

    /// Whether it is not worth asking again as it stands.
    pub fn is_for_good(&self) -> bool {
        self.refused().is_some_and(|refused| refused.code == 400 || refused.code == 403)
    }

    /// How long Telegram asks to be left alone.
    pub fn wait(&self) -> Duration {
        let seconds = self.refused().and_then(|refused| refused.retry_after).unwrap_or_default();
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    }

    /// The same, when it stopped the search for a message that may have been sent.
    pub fn still_unsure(self) -> Self {
        if matches!(self, Fault::Looking(_)) || self.is_for_good() { self } else { Fault::Looking(Box::new(self)) }
    }

    /// Whether a message is what it was to be changed into.
    pub fn is_unchanged(&self) -> bool {
        self.says(&["message is not modified"])
    }

    /// Whether the topic is gone.
    pub fn is_topic_gone(&self) -> bool {
        self.place_gone() == Some(TOPIC_DELETED)
    }

    /// Whether it is the entities that Telegram does not like.
    pub fn is_about_markup(&self) -> bool {
        self.says(&["entit"])
    }

    /// Whether it is a button that Telegram does not like.
    pub fn is_about_buttons(&self) -> bool {
        self.says(&["button", "keyboard", "wrong http url"])
    }

    fn says(&self, words: &[&str]) -> bool {
        let Some(refused) = self.refused().filter(|_| self.is_for_good()) else { return false };
        let description = refused.description.to_lowercase();
        words.iter().any(|word| description.contains(word))
    }

    fn refused(&self) -> Option<&Refused> {
        match self {
            Fault::Unreached(_) | Fault::Unfinished | Fault::NotWritten => None,
            Fault::Refused(refused) => Some(refused),
            Fault::Looking(fault) => fault.refused(),
        }
    }
}

/// What follows for what was to be sent.
pub fn send_error(fault: &Fault) -> SendError {
    let retry_after = fault.refused().and_then(|refused| refused.retry_after).map(SignedDuration::from_secs);
    let reason = fault.to_string();
    match fault {
        _ if fault.is_about_token() => SendError::ShutOut { reason },
        Fault::Looking(_) | Fault::Unfinished => SendError::Unsure { reason, retry_after },
        Fault::Refused(refused) if fault.is_about_message() => {
            SendError::Refused { reason: format!("Telegram refuses it: {}", refused.description) }
        }
        Fault::Refused(refused) if fault.is_for_good() => {
            let reason = format!("Telegram refuses it: {}", refused.description);
            SendError::Never { reason: fault.place_gone().map_or(reason, str::to_owned) }
        }
        // Of what Telegram stumbled over, it may have done its part.
        Fault::Refused(Refused { code: 500.., .. }) => SendError::Unsure { reason, retry_after },
        Fault::Refused(_) | Fault::Unreached(NO_CONNECTION) | Fault::NotWritten => {
            SendError::Later { reason, retry_after }
        }
        Fault::Unreached(_) => SendError::Unsure { reason, retry_after: None },
    }
}
