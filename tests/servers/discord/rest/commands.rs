//! Slash commands. Discord docs, interactions/application-commands.

use serde_json::{Value, json};

use super::super::command_checks;
use super::super::errors::{ApiError, missing_access, unknown};
use super::super::ids::Id;
use super::super::state::State;
use super::{Answer, Call, Reply, id, nowhere};

pub fn answer(state: &mut State, call: &Call<'_>, steps: &[&str]) -> Answer {
    if id(steps[1])? != state.bot {
        let why = "You are not authorized to perform this action on this application";
        return Err(ApiError::new(403, 20012, why));
    }
    let (guild, one) = match &steps[2..] {
        ["commands"] => (None, None),
        ["commands", one] => (None, Some(id(one)?)),
        ["guilds", guild, "commands"] => (Some(id(guild)?), None),
        ["guilds", guild, "commands", one] => (Some(id(guild)?), Some(id(one)?)),
        _ => return Err(nowhere()),
    };
    if guild.is_some_and(|guild| !state.bot_in(guild)) {
        return Err(missing_access());
    }
    match (call.method, one) {
        ("GET", None) => Reply::ok(json!(state.commands.get(&guild).cloned().unwrap_or_default())),
        // Bulk Overwrite: the list replaces what was there; what keeps its name keeps its id.
        ("PUT", None) => {
            let commands = call.body.as_array().ok_or_else(|| ApiError::new(400, 50035, "Invalid Form Body"))?;
            command_checks::check(commands)?;
            let commands: Vec<Value> = commands.iter().map(|command| whole(state, guild, command)).collect();
            state.commands.insert(guild, commands.clone());
            Reply::ok(json!(commands))
        }
        ("DELETE", Some(one)) => {
            let one = one.to_string();
            let commands = state.commands.entry(guild).or_default();
            let before = commands.len();
            commands.retain(|command| command["id"] != one);
            if commands.len() == before { Err(unknown(10063)) } else { Reply::nothing() }
        }
        _ => Err(nowhere()),
    }
}

/// A command with all that Discord adds to it.
fn whole(state: &mut State, guild: Option<Id>, command: &Value) -> Value {
    let earlier = state.commands.get(&guild).into_iter().flatten().find(|one| one["name"] == command["name"]);
    let kept = earlier.map(|one| one["id"].clone());
    let mut whole = json!({
        "id": kept.unwrap_or_else(|| json!(state.ids.next().to_string())),
        "application_id": state.bot.to_string(),
        "version": state.ids.next().to_string(),
        "type": 1,
        "name_localizations": null,
        "description": "",
        "description_localizations": null,
        "options": [],
        "default_member_permissions": null,
        "nsfw": false,
        "integration_types": [0],
        "contexts": null,
    });
    if let Some(guild) = guild {
        whole["guild_id"] = json!(guild.to_string());
    }
    for (field, value) in command.as_object().into_iter().flatten() {
        if field != "id" {
            whole[field] = value.clone();
        }
    }
    whole
}
