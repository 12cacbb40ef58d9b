//! The first answer to an interaction, which is due within three seconds
//! (<https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object>): that it was
//! heard. What is said follows by the token.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use serenity::model::application::{CommandInteraction, ComponentInteraction, Interaction};
use tokio::sync::watch;

use super::inbound::interaction::{is_ephemeral, token, via_command};
use super::markup::render;
use super::place::{View, Whereabouts};
use super::rest::Call;
use super::via::Via;
use crate::voice::{Content, Locale};

/// How long the store gets before an interaction is answered without it.
pub(super) const PATIENCE: Duration = Duration::from_millis(1500);
/// How long what is said waits for the first answer.
pub(super) const FIRST_WITHIN: Duration = Duration::from_secs(5);
/// A message that only one person sees
/// (<https://discord.com/developers/docs/resources/message#message-object-message-flags>).
pub(super) const EPHEMERAL: u64 = 1 << 6;

/// Kinds of answers
/// (<https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type>).
mod kind {
    pub(super) const MESSAGE: u8 = 4;
    pub(super) const MESSAGE_LATER: u8 = 5;
    pub(super) const UPDATE_LATER: u8 = 6;
    pub(super) const UPDATE: u8 = 7;
}

/// An interaction that is waited upon.
pub(super) struct Asked {
    /// Its number.
    pub id: u64,
    /// How whoever caused it is answered.
    pub via: Via,
    /// Their language.
    pub locale: Option<Locale>,
    /// What was done.
    pub kind: AskedBy,
}

/// What was done.
pub(super) enum AskedBy {
    /// A command.
    Command,
    /// A button or an entry of a menu.
    Button {
        /// What remains of the components once the choice is made.
        left: Value,
        /// The server and channel that it is in.
        place: (Option<u64>, u64),
    },
}

impl Asked {
    /// What an interaction waits for; `None` for those that are answered otherwise.
    #[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
    pub(super) fn of(interaction: &Interaction) -> Option<Self> {
        match interaction {
            Interaction::Command(command) => Some(Self::command(command)),
            Interaction::Component(component) => Some(Self::button(component)),
            _ => None,
        }
    }

    fn command(command: &CommandInteraction) -> Self {
        let id = command.id.get();
        let locale = Locale::parse(&command.locale);
        Self { id, via: via_command(command), locale, kind: AskedBy::Command }
    }

    fn button(component: &ComponentInteraction) -> Self {
        let id = component.id.get();
        let at = super::place::born(id);
        let via = Via::of(component.application_id.get(), &component.token, at, is_ephemeral(component));
        let components = serde_json::to_value(&component.message.components).unwrap_or_default();
        let left = left(&components, token(component));
        let place = (component.guild_id.map(|id| id.get()), component.channel_id.get());
        let kind = AskedBy::Button { left, place };
        Self { id, via, locale: Locale::parse(&component.locale), kind }
    }

    /// The call that answers it.
    pub(super) fn callback(&self, answer: &Value) -> Call {
        Call::post(format!("interactions/{}/{}/callback", self.id, self.via.token), answer.clone())
    }

    /// The answer that says no more than that it was heard.
    pub(super) fn heard(&self) -> Value {
        match self.kind {
            AskedBy::Command if self.via.ephemeral => {
                json!({ "type": kind::MESSAGE_LATER, "data": { "flags": EPHEMERAL } })
            }
            AskedBy::Command => json!({ "type": kind::MESSAGE_LATER }),
            AskedBy::Button { .. } => json!({ "type": kind::UPDATE_LATER }),
        }
    }

    /// The answer to what was taken in: a choice that a customer made is not offered again. Buttons of the team, and of a
    /// place that nothing is known of, stay as they are.
    pub(super) fn kept(&self, view: &View<'_>) -> Value {
        match &self.kind {
            AskedBy::Button { left, place: (server, channel) }
                if matches!(view.whereabouts(*server, *channel), Whereabouts::Customers(_)) =>
            {
                json!({ "type": kind::UPDATE, "data": { "components": left } })
            }
            AskedBy::Button { .. } | AskedBy::Command => self.heard(),
        }
    }

    /// The answer to a button that does nothing, for whoever pressed it alone.
    pub(super) fn refused(&self, words: &Content) -> Value {
        if words.is_empty() { self.heard() } else { json!({ "type": kind::MESSAGE, "data": notice(words, true) }) }
    }
}

/// Words of the voice as the body of a message.
pub(super) fn notice(words: &Content, ephemeral: bool) -> Value {
    let flags = if ephemeral { EPHEMERAL } else { 0 };
    json!({ "content": render(words), "flags": flags, "allowed_mentions": { "parse": [] } })
}

/// What is left of components when one was pressed: that one, ticked and out of use, so that the chat still tells what was
/// chosen, and the rows of links.
fn left(components: &Value, pressed: &str) -> Value {
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let rows = components.as_array().cloned().unwrap_or_default();
    let inside: Vec<Value> = rows.iter().flat_map(|row| list(row, "components")).collect();
    let all = inside.iter().cloned().chain(inside.iter().flat_map(|one| list(one, "options")));
    let is_pressed = |one: &Value| [one.get("custom_id"), one.get("value")].contains(&Some(&json!(pressed)));
    let label = all.filter(is_pressed).find_map(|one| one.get("label").and_then(Value::as_str).map(str::to_owned));
    let ticked = label.map(|label| {
        let label: String = format!("✓ {label}").chars().take(LONGEST_LABEL).collect();
        row_of(vec![json!({ "type": 2, "style": 3, "label": label, "custom_id": pressed, "disabled": true })])
    });
    let is_link = |button: &Value| button.get("url").is_some_and(Value::is_string);
    let links = rows.iter().filter_map(|row| {
        let links: Vec<Value> = list(row, "components").into_iter().filter(is_link).collect();
        (!links.is_empty()).then(|| row_of(links))
    });
    ticked.into_iter().chain(links).collect()
}

/// The longest label of a button (<https://discord.com/developers/docs/components/reference#button>).
const LONGEST_LABEL: usize = 80;

fn row_of(components: Vec<Value>) -> Value {
    json!({ "type": 1, "components": components })
}

/// Fills the answer that is still open.
pub(super) fn fill(via: &Via, body: Value) -> Call {
    Call::post(format!("webhooks/{}/{}", via.app, via.token), body)
}

/// Takes the answer back that is still open.
pub(super) fn take_back(via: &Via) -> Call {
    Call::delete(format!("webhooks/{}/{}/messages/@original", via.app, via.token))
}

/// Interactions whose first answer is on its way: nothing can be said by their token before.
#[derive(Debug, Default)]
pub(super) struct FirstAnswers(Mutex<HashMap<String, watch::Receiver<bool>>>);

impl FirstAnswers {
    /// One is due; done when what is returned is dropped.
    pub(super) fn begin(&self, token: &str) -> Due {
        let (done, watched) = watch::channel(false);
        let mut due = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        due.retain(|_, watched| watched.has_changed().is_ok());
        due.insert(token.to_owned(), watched);
        Due { _done: done }
    }

    /// Waits until it was given.
    pub(super) async fn given(&self, token: &str) {
        let watched = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(token).cloned();
        if let Some(mut watched) = watched {
            // Its sender says nothing: it goes.
            let _ = tokio::time::timeout(FIRST_WITHIN, watched.changed()).await;
        }
    }
}

/// A first answer that is due, for as long as this lives.
pub(super) struct Due {
    _done: watch::Sender<bool>,
}
