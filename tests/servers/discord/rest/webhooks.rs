//! Later answers to interactions. Discord docs, interactions/receiving-and-responding, Followup Messages.

use serde_json::json;

use super::super::draft::{Draft, LOADING};
use super::super::errors::{ApiError, unknown};
use super::super::ids::Id;
use super::super::objects;
use super::super::state::State;
use super::{Answer, Call, Reply, id, nowhere};

pub fn answer(state: &mut State, call: &Call<'_>, steps: &[&str]) -> Answer {
    let [_, application, token, rest @ ..] = steps else { return Err(nowhere()) };
    if id(application)? != state.bot {
        return Err(unknown(10015));
    }
    let lifetime = state.settings.token_lifetime;
    let one = state.interactions.values().find(|one| one.token == *token && one.created.elapsed() <= lifetime);
    let one = one.ok_or_else(invalid_token)?;
    if one.acknowledged.is_none() {
        // "If the 3 second deadline is exceeded, the token will be invalidated."
        let late = one.created.elapsed() > state.settings.interaction_deadline;
        return Err(if late { invalid_token() } else { unknown(10015) });
    }
    let (interaction, thinking, original) = (one.id, one.thinking, one.original);
    match (call.method, rest) {
        ("POST", []) => {
            let draft = Draft::read(call.body, call.files, false)?;
            // Create Followup Message: directly after a deferred answer it edits that instead, ephemeral as it was.
            let message = match original.filter(|_| thinking) {
                Some(original) => {
                    fill(state, interaction, original, &draft);
                    original
                }
                None => state.answer(interaction, Draft { flags: draft.flags & !LOADING, ..draft })?,
            };
            shown(state, message)
        }
        (method, ["messages", which]) => {
            let message = if *which == "@original" { original } else { Some(id(which)?) };
            let message = message.filter(|id| belongs(state, interaction, *id)).ok_or_else(|| unknown(10008))?;
            match method {
                "GET" => shown(state, message),
                "DELETE" => {
                    state.delete(message);
                    Reply::nothing()
                }
                "PATCH" => {
                    let draft = Draft::read(call.body, call.files, true)?;
                    super::messages::still_something(state, message, &draft, call.body)?;
                    if thinking && original == Some(message) {
                        fill(state, interaction, message, &draft);
                    } else {
                        state.edit(message, &draft);
                    }
                    shown(state, message)
                }
                _ => Err(nowhere()),
            }
        }
        _ => Err(nowhere()),
    }
}

fn invalid_token() -> ApiError {
    ApiError::new(401, 50027, "Invalid Webhook Token")
}

/// The message answers the interaction, or is the one whose component was pressed.
fn belongs(state: &State, interaction: Id, message: Id) -> bool {
    let there = state.messages.get(&message).is_some_and(|message| !message.deleted);
    let one = state.interactions.get(&interaction);
    there && one.is_some_and(|one| one.answers.contains(&message) || one.original == Some(message))
}

/// Thinking is over.
fn fill(state: &mut State, interaction: Id, message: Id, draft: &Draft) {
    if let Some(one) = state.interactions.get_mut(&interaction) {
        one.thinking = false;
    }
    if let Some(one) = state.messages.get_mut(&message) {
        one.flags &= !LOADING;
    }
    state.edit(message, draft);
}

fn shown(state: &State, message: Id) -> Answer {
    Reply::ok(json!(state.messages.get(&message).map(|message| objects::message(state, message, true))))
}
