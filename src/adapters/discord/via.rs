//! How somebody can be answered who used a command or pressed a button: the token of the interaction, which holds for
//! 15 minutes (<https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages>).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How long a token is used; half a minute less than it holds.
const USED_FOR: SignedDuration = SignedDuration::from_secs(14 * 60 + 30);

/// A way to answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Via {
    /// The application.
    pub app: u64,
    /// The token: as good as a password for as long as it holds.
    pub token: String,
    /// Until when it is used, in milliseconds.
    pub until: i64,
    /// Whether only they see the answer.
    pub ephemeral: bool,
    /// Whether an answer is open until something is said: Discord shows that the bot is thinking.
    #[serde(default)]
    pub open: bool,
}

impl Via {
    /// The way that an interaction of this moment opens.
    pub(super) fn of(app: u64, token: &str, at: Timestamp, ephemeral: bool) -> Self {
        let until = at.saturating_add(USED_FOR).unwrap_or(at).as_millisecond();
        Self { app, token: token.to_owned(), until, ephemeral, open: false }
    }

    /// The same, of an answer that is open.
    pub(super) fn opened(self) -> Self {
        Self { open: true, ..self }
    }

    /// Reads what [`Via::write`] wrote.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// As text, for the store.
    pub(super) fn write(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// How long ago it was opened; nothing, as long as this clock is behind Discord's.
    pub(super) fn age(&self, now: Timestamp) -> Duration {
        let opened = self.until.saturating_sub(i64::try_from(USED_FOR.as_millis()).unwrap_or(i64::MAX));
        Duration::from_millis(u64::try_from(now.as_millisecond().saturating_sub(opened)).unwrap_or_default())
    }

    /// Whether it still holds.
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        now.as_millisecond() < self.until
    }
}

impl std::fmt::Debug for Via {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Via").field("app", &self.app).field("until", &self.until).finish_non_exhaustive()
    }
}
