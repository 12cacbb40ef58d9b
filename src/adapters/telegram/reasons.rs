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
    /// The answer was no, for now, while a message was looked for that may have been sent.
    #[error("Telegram says {} {}, while looking for a message", .0.code, .0.description)]
    Looking(Refused),
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
}

/// The customer wants no messages.
pub const BLOCKED: &str = "the customer has blocked the bot";

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

/// Words in a description after which no further try can help, and what they mean to the team.
const FOR_GOOD: &[(&str, &str)] = &[
    ("bot was blocked by the user", BLOCKED),
    ("user is deactivated", "the customer's account is gone"),
    ("bot can't initiate conversation", "the customer has never written to the bot in private"),
    ("bot was kicked", "the bot was removed from the group"),
    ("bot is not a member", "the bot is not in the group"),
    ("chat not found", "there is no such chat, or the bot is not in it"),
    ("peer_id_invalid", "there is no such chat, or the bot is not in it"),
    ("not enough rights", "the bot may not write there"),
    ("have no rights", "the bot may not write there"),
    ("chat_write_forbidden", "the bot may not write there"),
    ("topic_closed", "the topic is closed"),
    ("message thread not found", "the topic was deleted"),
    ("topic_deleted", "the topic was deleted"),
    ("topic_id_invalid", "the topic was deleted"),
];

impl Fault {
    /// The group's number of now on.
    pub fn migrate_to(&self) -> Option<i64> {
        self.refused()?.migrate_to
    }

    /// Whether the token is not that of a bot (any more). Without one that looks like a token, Telegram finds no such page.
    pub fn is_about_token(&self) -> bool {
        self.refused().is_some_and(|refused| matches!(refused.code, 401 | 404))
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
        match self {
            Fault::Refused(refused) if !Fault::Refused(refused.clone()).is_for_good() => Fault::Looking(refused),
            Fault::Refused(_) | Fault::Unreached(_) | Fault::Looking(_) => self,
        }
    }

    /// Whether a message is what it was to be changed into.
    pub fn is_unchanged(&self) -> bool {
        self.says(&["message is not modified"])
    }

    /// Whether a message is none of ours, or is not there.
    pub fn is_refused_edit(&self) -> bool {
        self.says(&["message to edit not found", "message can't be edited", "message_id_invalid", "message identifier"])
    }

    /// Whether the topic is gone.
    pub fn is_topic_gone(&self) -> bool {
        self.says(&["message thread not found", "topic_deleted", "topic_id_invalid"])
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
            Fault::Unreached(_) => None,
            Fault::Refused(refused) | Fault::Looking(refused) => Some(refused),
        }
    }
}

/// What follows for what was to be sent.
pub fn send_error(fault: &Fault) -> SendError {
    let never = |reason: String| SendError::Never { reason };
    match fault {
        Fault::Refused(refused) if fault.is_for_good() => {
            let known = FOR_GOOD.iter().find(|(words, _)| fault.says(&[words]));
            never(
                known.map_or_else(|| format!("Telegram refuses it: {}", refused.description), |(_, why)| (*why).into()),
            )
        }
        Fault::Refused(Refused { code: 413, description, .. }) => never(format!("Telegram refuses it: {description}")),
        // Of what Telegram stumbled over, it may have done its part.
        Fault::Looking(Refused { retry_after, .. }) | Fault::Refused(Refused { code: 500.., retry_after, .. }) => {
            SendError::Unsure { reason: fault.to_string(), retry_after: retry_after.map(SignedDuration::from_secs) }
        }
        Fault::Refused(Refused { retry_after, .. }) => {
            SendError::Later { reason: fault.to_string(), retry_after: retry_after.map(SignedDuration::from_secs) }
        }
        Fault::Unreached(NO_CONNECTION) => SendError::Later { reason: fault.to_string(), retry_after: None },
        Fault::Unreached(_) => SendError::Unsure { reason: fault.to_string(), retry_after: None },
    }
}
