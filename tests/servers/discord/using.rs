//! What people do with commands, buttons and selects. Each gives the interaction.

use serde_json::{Value, json};

use super::Discord;
use super::components;
use super::ids::Id;
use super::state::{Message, State};

/// A message that a person can press on: there, and shown to them.
fn pressable(state: &State, user: Id, message: Id) -> Result<&Message, String> {
    let message = state.messages.get(&message).ok_or("there is no such message")?;
    if message.deleted {
        return Err("the message is deleted".to_owned());
    }
    match message.visible_to {
        Some(other) if other != user => Err(format!("only {} sees the message", state.name_of(other))),
        Some(_) | None => Ok(message),
    }
}

impl Discord {
    /// Somebody uses a registered command. `line` is its name, with those of subcommands: `"case claim"`.
    #[track_caller]
    pub fn slash(&self, user: Id, channel: Id, line: &str, options: &[(&str, Value)]) -> Id {
        let done = self.shared.change(|state| {
            super::people::may(state, user, channel)
                .or_else(|why| if why.contains("write") { Ok(()) } else { Err(why) })?;
            if state.channel(channel).and_then(|place| place.thread.as_ref()).is_some_and(|thread| thread.archived) {
                return Err("no commands work in an archived thread".to_owned());
            }
            let data = state.command_data(channel, line, options, None)?;
            Ok(state.interact(2, user, channel, None, data))
        });
        done.unwrap_or_else(|why: String| panic!("{}", self.cannot(user, "use a command", channel, &why)))
    }

    /// Somebody has typed `typed` in the option `option` of a command, with other options given before.
    #[track_caller]
    pub fn autocomplete(
        &self,
        user: Id,
        channel: Id,
        line: &str,
        given: &[(&str, Value)],
        option: &str,
        typed: &str,
    ) -> Id {
        let mut options = given.to_vec();
        options.push((option, json!(typed)));
        let done = self.shared.change(|state| {
            let data = state.command_data(channel, line, &options, Some(option))?;
            Ok(state.interact(4, user, channel, None, data))
        });
        done.unwrap_or_else(|why: String| panic!("{}", self.cannot(user, "type a command", channel, &why)))
    }

    /// Somebody presses a button, found by its label or its custom_id.
    #[track_caller]
    pub fn press(&self, user: Id, message: Id, button: &str) -> Id {
        let done = self.shared.change(|state| {
            let place = pressable(state, user, message)?;
            let named = |one: &&Value| one["type"] == 2 && (one["label"] == button || one["custom_id"] == button);
            let found = components::all(&place.components).find(named);
            let found = found.ok_or_else(|| format!("there is no button {button:?}"))?;
            if found["disabled"] == true {
                return Err(format!("the button {button:?} is disabled"));
            }
            let id = found["custom_id"].as_str().ok_or_else(|| format!("the button {button:?} is a link"))?.to_owned();
            let channel = place.channel;
            let data = json!({"custom_id": id, "component_type": 2});
            Ok(state.interact(3, user, channel, Some(message), data))
        });
        done.unwrap_or_else(|why: String| panic!("{}", self.cannot_press(user, message, &why)))
    }

    /// Somebody sends a press that no button stands behind: any custom_id, any message, even a deleted one.
    pub fn press_forged(&self, user: Id, message: Id, custom_id: &str) -> Id {
        let channel = self.message(message).channel;
        let data = json!({"custom_id": custom_id, "component_type": 2});
        self.shared.change(|state| state.interact(3, user, channel, Some(message), data))
    }

    /// Somebody picks options of the only select of a message, by their values or labels.
    #[track_caller]
    pub fn select(&self, user: Id, message: Id, picked: &[&str]) -> Id {
        let done = self.shared.change(|state| {
            let place = pressable(state, user, message)?;
            let select = |one: &&Value| one["type"].as_u64().is_some_and(|kind| kind != 2);
            let found = components::all(&place.components).find(select).ok_or("there is no select")?;
            let options = found["options"].as_array().map(Vec::as_slice).unwrap_or_default();
            let value = |wanted: &&str| {
                let option = options.iter().find(|one| one["value"] == *wanted || one["label"] == *wanted);
                match option {
                    Some(option) => Ok(option["value"].clone()),
                    None if options.is_empty() => Ok(json!(wanted)),
                    None => Err(format!("there is no option {wanted:?}")),
                }
            };
            let values = picked.iter().map(value).collect::<Result<Vec<Value>, String>>()?;
            let most = found["max_values"].as_u64().unwrap_or(1) as usize;
            if values.len() > most || values.len() < found["min_values"].as_u64().unwrap_or(1) as usize {
                return Err(format!("the select does not take {} options", values.len()));
            }
            let data = json!({"custom_id": found["custom_id"], "component_type": found["type"], "values": values});
            let channel = place.channel;
            Ok(state.interact(3, user, channel, Some(message), data))
        });
        done.unwrap_or_else(|why: String| panic!("{}", self.cannot_press(user, message, &why)))
    }

    /// Somebody fills in the modal that an interaction was answered with: custom_id and text of each field.
    #[track_caller]
    pub fn submit(&self, interaction: Id, fields: &[(&str, &str)]) -> Id {
        let one = self.interaction(interaction);
        let modal = one.modal.expect("the interaction was not answered with a modal");
        let row =
            |(id, text): &(&str, &str)| json!({"type": 1, "components": [{"type": 4, "custom_id": id, "value": text}]});
        let rows: Vec<Value> = fields.iter().map(row).collect();
        let data = json!({"custom_id": modal["custom_id"], "components": rows});
        self.shared.change(|state| state.interact(5, one.user, one.channel, one.message, data))
    }

    fn cannot_press(&self, user: Id, message: Id, why: &str) -> String {
        let channel = self.shared.read(|state| state.messages.get(&message).map_or(0, |message| message.channel));
        self.cannot(user, "press", channel, why)
    }
}
