//! INTERACTION_CREATE. Discord docs, interactions/receiving-and-responding, Interaction Object.

use std::time::Instant;

use serde_json::{Map, Value, json};

use super::ids::{Id, id_of};
use super::objects;
use super::permissions::in_channel;
use super::state::{Interaction, State};

/// Whose installation lets the interaction happen; 0 is the guild, and "0" stands for a direct message with the bot.
pub fn owners(state: &State, channel: Id) -> Value {
    let guild = state.channels.get(&channel).and_then(|channel| channel.guild).unwrap_or(0);
    json!({"0": guild.to_string()})
}

impl State {
    /// A person does something; the bot is told. Gives the id of the interaction.
    pub fn interact(&mut self, kind: u8, user: Id, channel: Id, message: Option<Id>, data: Value) -> Id {
        let id = self.ids.next();
        let interaction = Interaction {
            id,
            token: format!("loopback-interaction-{id}"),
            kind,
            user,
            channel,
            message,
            data,
            created: Instant::now(),
            acknowledged: None,
            thinking: false,
            original: None,
            answers: Vec::new(),
            choices: None,
            modal: None,
        };
        let event = self.interaction_event(&interaction);
        self.interactions.insert(id, interaction);
        // Docs, events/gateway, List of Intents: interactions come whatever the intents are.
        self.emit("INTERACTION_CREATE", 0, event, None);
        id
    }

    fn interaction_event(&self, one: &Interaction) -> Value {
        let place = self.channels.get(&one.channel);
        let guild = place.and_then(|place| place.guild).and_then(|id| self.guilds.get(&id));
        let permissions = |user: Id| place.map_or(0, |place| in_channel(self, user, place)).to_string();
        let mut channel = place.map_or(Value::Null, |place| objects::channel(self, place));
        channel["permissions"] = json!(permissions(one.user));
        let mut event = json!({
            "id": one.id.to_string(),
            "application_id": self.bot.to_string(),
            "type": one.kind,
            "data": one.data,
            "channel": channel,
            "channel_id": one.channel.to_string(),
            "token": one.token,
            "version": 1,
            "app_permissions": permissions(self.bot),
            "locale": self.users.get(&one.user).map_or("en-US", |user| user.locale.as_str()),
            "entitlements": [],
            "authorizing_integration_owners": owners(self, one.channel),
            "context": u8::from(guild.is_none()),
            "attachment_size_limit": 10 * 1024 * 1024,
        });
        if let Some(message) = one.message.and_then(|id| self.messages.get(&id)) {
            event["message"] = objects::message(self, message, true);
        }
        let Some(guild) = guild else {
            event["user"] = objects::user(self, one.user);
            return event;
        };
        event["guild_id"] = json!(guild.id.to_string());
        event["guild_locale"] = json!(guild.locale);
        event["guild"] = json!({"id": guild.id.to_string(), "locale": guild.locale, "features": ["COMMUNITY"]});
        event["member"] = json!(objects::member(self, guild, one.user));
        event["member"]["permissions"] = json!(permissions(one.user));
        event
    }

    /// `data` of a command: `line` is its name and those of subcommands, `focused` the option that is being typed.
    pub fn command_data(
        &self,
        channel: Id,
        line: &str,
        options: &[(&str, Value)],
        focused: Option<&str>,
    ) -> Result<Value, String> {
        let guild = self.channels.get(&channel).and_then(|channel| channel.guild);
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        let mut places = vec![None];
        places.extend(guild.map(Some));
        let found = places.iter().rev().find_map(|place| {
            self.commands.get(place).and_then(|commands| commands.iter().find(|command| command["name"] == name))
        });
        let command = found.ok_or_else(|| format!("there is no command /{name} to choose"))?;
        let mut definition = command;
        let mut path = Vec::new();
        for word in words {
            let inner = definition["options"].as_array().into_iter().flatten();
            definition =
                inner.clone().find(|one| one["name"] == word).ok_or_else(|| format!("no subcommand {word}"))?;
            path.push(definition);
        }
        let mut resolved = json!({});
        let mut given = Vec::new();
        for (name, value) in options {
            let mut known = definition["options"].as_array().into_iter().flatten();
            let option =
                known.find(|one| one["name"] == *name).ok_or_else(|| format!("/{line} has no option {name}"))?;
            let mut object = json!({"name": name, "type": option["type"], "value": value});
            if focused == Some(*name) {
                object["focused"] = json!(true);
            }
            self.resolve(&mut resolved, guild, option["type"].as_u64().unwrap_or(0), value);
            given.push(object);
        }
        let asked = definition["options"].as_array().into_iter().flatten().filter(|one| one["required"] == true);
        for required in asked {
            if focused.is_none() && !options.iter().any(|(name, _)| required["name"] == *name) {
                return Err(format!("/{line} wants the option {}", required["name"]));
            }
        }
        for step in path.iter().rev() {
            given = vec![json!({"name": step["name"], "type": step["type"], "options": given})];
        }
        let mut data = json!({"id": command["id"], "name": command["name"], "type": 1, "options": given});
        if command.get("guild_id").is_some() {
            data["guild_id"] = command["guild_id"].clone();
        }
        if resolved != json!({}) {
            data["resolved"] = resolved;
        }
        Ok(data)
    }

    /// Docs, Resolved Data Structure: the users, members, roles and channels that options name.
    fn resolve(&self, resolved: &mut Value, guild: Option<Id>, kind: u64, value: &Value) {
        let Some(id) = id_of(value) else { return };
        let place = guild.and_then(|guild| self.guilds.get(&guild));
        let mut put = |field: &str, object: Value| {
            if resolved[field].is_null() {
                resolved[field] = Value::Object(Map::new());
            }
            resolved[field][id.to_string()] = object;
        };
        if matches!(kind, 6 | 9) && self.users.contains_key(&id) {
            put("users", objects::user(self, id));
            if let Some(member) = place.and_then(|place| place.members.get(&id)) {
                put("members", objects::partial_member(member));
            }
        }
        if let Some((place, number)) = place.and_then(|place| {
            let number = place.roles.iter().position(|role| role.id == id);
            number.filter(|_| matches!(kind, 8 | 9)).map(|number| (place, number))
        }) {
            put("roles", objects::role(&place.roles[number], number));
        }
        if let Some(channel) = self.channel(id).filter(|_| kind == 7) {
            let mut object = objects::channel(self, channel);
            object["permissions"] = json!(in_channel(self, self.bot, channel).to_string());
            put("channels", object);
        }
    }
}
