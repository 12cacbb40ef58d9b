//! First answers to interactions. Discord docs, interactions/receiving-and-responding.

use serde_json::{Value, json};

use super::super::draft::{Draft, EPHEMERAL, LOADING, SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS};
use super::super::errors::{ApiError, bad_length, form, required, unknown};
use super::super::ids::Id;
use super::super::objects;
use super::super::posting::Origin;
use super::super::state::State;
use super::{Answer, Call, Reply, id};

/// Create Interaction Response: within three seconds, and once.
pub fn callback(state: &mut State, call: &Call<'_>, interaction: &str, token: &str) -> Answer {
    let id = id(interaction)?;
    let deadline = state.settings.interaction_deadline;
    let known = state.interactions.get(&id).filter(|one| one.token == token).ok_or_else(|| unknown(10062))?;
    if known.acknowledged.is_some() {
        return Err(ApiError::new(400, 40060, "Interaction has already been acknowledged."));
    }
    let took = known.created.elapsed();
    if took > deadline {
        return Err(unknown(10062));
    }
    let (kind, pressed) = (known.kind, known.message);
    let number = call.body["type"].as_u64().ok_or_else(|| required("type"))?;
    let data = &call.body["data"];
    let fits = match number {
        4 | 5 => [2, 3, 5].contains(&kind),
        6 | 7 => kind == 3 || kind == 5 && pressed.is_some(),
        8 => kind == 4,
        9 => [2, 3].contains(&kind),
        _ => return Err(form("type", "BASE_TYPE_CHOICES", "Value must be one of (1, 4, 5, 6, 7, 8, 9, 10, 12).")),
    };
    if !fits {
        return Err(form("type", "INTERACTION_CALLBACK_TYPE_INVALID", "Not a response to this type of interaction."));
    }
    let mut original = None;
    match (number, pressed) {
        (4, _) => {
            let draft = Draft::read(data, call.files, false).map_err(|error| error.under("data"))?;
            original = Some(state.answer(id, Draft { flags: draft.flags & !LOADING, ..draft })?);
        }
        (5, _) => {
            // EPHEMERAL is the only flag that counts here.
            let flags = data["flags"].as_u64().unwrap_or(0) & EPHEMERAL | LOADING;
            original = Some(state.answer(id, Draft { flags, ..Draft::default() })?);
        }
        (6, pressed) => original = pressed,
        (7, Some(pressed)) => {
            let draft = Draft::read(data, call.files, true).map_err(|error| error.under("data"))?;
            super::messages::still_something(state, pressed, &draft, data)?;
            state.edit(pressed, &draft);
            original = Some(pressed);
        }
        (8, _) => check_choices(&data["choices"])?,
        (9, _) => check_modal(data)?,
        _ => {}
    }
    let Some(one) = state.interactions.get_mut(&id) else { return Err(unknown(10062)) };
    one.acknowledged = Some((number, took));
    one.original = original;
    one.thinking = number == 5;
    one.choices = (number == 8).then(|| data["choices"].as_array().cloned().unwrap_or_default());
    one.modal = (number == 9).then(|| data.clone());
    if call.query.get("with_response").is_none_or(|value| value != "true") {
        return Reply::nothing();
    }
    let message = original.and_then(|id| state.messages.get(&id)).map(|message| objects::message(state, message, true));
    let ephemeral = message.as_ref().is_some_and(|one| one["flags"].as_u64().unwrap_or(0) & EPHEMERAL != 0);
    let mut resource = json!({"type": number});
    if matches!(number, 4 | 7) {
        resource["message"] = json!(message);
    }
    Reply::ok(json!({
        "interaction": {
            "id": id.to_string(), "type": kind, "response_message_id": original.map(|id| id.to_string()),
            "response_message_loading": number == 5, "response_message_ephemeral": ephemeral,
        },
        "resource": resource,
    }))
}

/// Up to 25 choices, each with a name of 1-100 characters.
fn check_choices(choices: &Value) -> Result<(), ApiError> {
    let choices = choices.as_array().ok_or_else(|| required("data.choices"))?;
    if choices.len() > 25 {
        return Err(form("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."));
    }
    for (number, choice) in choices.iter().enumerate() {
        for field in ["name", "value"] {
            let length = choice[field].as_str().map(|text| text.chars().count());
            if length.is_some_and(|length| !(1..=100).contains(&length)) || field == "name" && length.is_none() {
                return Err(bad_length(&format!("data.choices.{number}.{field}"), 1, 100));
            }
        }
    }
    Ok(())
}

/// Title up to 45 characters, custom_id 1-100, 1-5 components.
fn check_modal(modal: &Value) -> Result<(), ApiError> {
    let length = |field: &str| modal[field].as_str().unwrap_or_default().chars().count();
    if !(1..=45).contains(&length("title")) {
        return Err(bad_length("data.title", 1, 45));
    }
    if !(1..=100).contains(&length("custom_id")) {
        return Err(bad_length("data.custom_id", 1, 100));
    }
    let rows = modal["components"].as_array().map_or(0, Vec::len);
    if (1..=5).contains(&rows) { Ok(()) } else { Err(bad_length("data.components", 1, 5)) }
}

impl State {
    /// Writes a message that answers an interaction; an ephemeral one is for its user only. No permission is needed:
    /// the answer goes over a webhook.
    pub fn answer(&mut self, interaction: Id, mut draft: Draft) -> Result<Id, ApiError> {
        let one = self.interactions.get(&interaction).ok_or_else(|| unknown(10015))?;
        draft.flags &= EPHEMERAL | LOADING | SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS;
        let origin = Origin {
            interaction: Some(interaction),
            visible_to: (draft.flags & EPHEMERAL != 0).then_some(one.user),
            kind: if one.kind == 2 && one.acknowledged.is_none() { 20 } else { 0 },
            // Message Interaction Object: what answers a component refers to the message of the component.
            component_of: one.message.filter(|_| one.acknowledged.is_none()),
            ..Origin::default()
        };
        let message = self.post(self.bot, one.channel, &draft, origin)?;
        if let Some(one) = self.interactions.get_mut(&interaction) {
            one.answers.push(message);
        }
        Ok(message)
    }
}
