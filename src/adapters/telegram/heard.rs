//! An update as it came, with what was found out about it: all that the reading of it needs.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::wire::{Chat, Update, User};
use crate::adapters::UnknownEvent;
use crate::voice::{BrandId, Platform};

/// An update as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// As it came.
    pub(super) raw: String,
    /// As it was read; none when it cannot be.
    pub(super) update: Option<Update>,
    /// When it came.
    pub(super) at: Timestamp,
    /// Whether whoever caused it runs the team's group, which was asked of Telegram a moment ago.
    pub(super) is_admin: bool,
}

impl Heard {
    /// Reads an update that came at a moment.
    pub fn read(raw: &str, at: Timestamp) -> Self {
        Self { raw: raw.to_owned(), update: serde_json::from_str(raw).ok(), at, is_admin: false }
    }

    /// The same, caused by somebody who runs the team's group.
    #[must_use]
    pub fn by_admin(self, is_admin: bool) -> Self {
        Self { is_admin, ..self }
    }

    /// The number of the update.
    pub(super) fn update_id(&self) -> Option<i64> {
        self.update.as_ref().map(|update| update.id).or_else(|| self.fields().get("update_id").and_then(Value::as_i64))
    }

    /// Where it happened, and who caused it: a person, not a chat that speaks as one.
    pub(super) fn whereabouts(&self) -> Option<(&Chat, &User)> {
        let update = self.update.as_ref()?;
        if let Some(callback) = &update.callback_query {
            return callback.message.as_ref().map(|message| (&message.chat, &callback.from));
        }
        let message = update.message.as_ref().or(update.edited_message.as_ref())?;
        let from = message.from.as_ref().filter(|_| message.sender_chat.is_none())?;
        Some((&message.chat, from))
    }

    /// The same as something of which nothing is known: kept as it came.
    pub(super) fn unknown(&self, brand: &BrandId, platform: &Platform) -> UnknownEvent {
        let fields = self.fields();
        let kind = fields.keys().find(|key| *key != "update_id").cloned().unwrap_or_else(|| "unreadable".to_owned());
        let event_id = match self.update_id() {
            Some(id) => format!("update:{id}"),
            None => format!("unreadable:{}", fingerprint(&self.raw)),
        };
        UnknownEvent {
            brand: brand.clone(),
            platform: platform.clone(),
            event_id,
            kind,
            by: fields.values().find_map(somebody),
            payload: self.raw.clone(),
        }
    }

    fn fields(&self) -> Map<String, Value> {
        serde_json::from_str(&self.raw).unwrap_or_default()
    }
}

/// The number of whoever is named first as the cause of something.
fn somebody(value: &Value) -> Option<String> {
    let fields = value.as_object()?;
    let named = ["from", "user"].iter().find_map(|key| fields.get(*key)?.get("id")?.as_i64());
    named.map(|id| id.to_string()).or_else(|| fields.values().find_map(somebody))
}

/// What tells one text from another.
fn fingerprint(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
