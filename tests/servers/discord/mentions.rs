//! Who a message tells. Discord docs, resources/message, Allowed Mentions Object; reference, Message Formatting.

use serde_json::Value;

use super::errors::{ApiError, form};
use super::ids::{Id, id_of};
use super::permissions::{MENTION_EVERYONE, in_channel};
use super::state::{Channel, State};

/// What stands in a text, before anything is allowed.
#[derive(Default, Debug)]
pub struct Found {
    pub users: Vec<Id>,
    pub roles: Vec<Id>,
    pub everyone: bool,
}

/// Finds `<@1>`, `<@!1>`, `<@&1>`, `@everyone` and `@here` outside of code.
pub fn found(text: &str) -> Found {
    let mut found = Found::default();
    // Text between back quotes is code: nothing in it is a mention.
    for plain in text.split("```").step_by(2).flat_map(|outside| outside.split('`').step_by(2)) {
        found.everyone |= plain.contains("@everyone") || plain.contains("@here");
        for piece in plain.split("<@").skip(1) {
            let Some((inside, _)) = piece.split_once('>') else { continue };
            let role = inside.strip_prefix('&');
            let digits = role.unwrap_or_else(|| inside.trim_start_matches('!'));
            if let Ok(id) = digits.parse::<Id>() {
                let list = if role.is_some() { &mut found.roles } else { &mut found.users };
                if !list.contains(&id) {
                    list.push(id);
                }
            }
        }
    }
    found
}

/// What a sender allows.
#[derive(Clone, Debug)]
pub struct Allowed {
    parse: Vec<String>,
    users: Vec<Id>,
    roles: Vec<Id>,
    replied_user: bool,
}

impl Allowed {
    /// Without `allowed_mentions`: ordinary messages tell everybody named, answers to interactions and webhooks only users.
    pub fn unless_said(ordinary: bool) -> Allowed {
        let kinds: &[&str] = if ordinary { &["users", "roles", "everyone"] } else { &["users"] };
        let parse = kinds.iter().map(ToString::to_string).collect();
        Allowed { parse, users: Vec::new(), roles: Vec::new(), replied_user: true }
    }

    /// Reads and checks `allowed_mentions`.
    pub fn read(value: &Value) -> Result<Allowed, ApiError> {
        let parse: Vec<String> = words(&value["parse"]);
        for (number, word) in parse.iter().enumerate() {
            if !["users", "roles", "everyone"].contains(&word.as_str()) {
                let path = format!("allowed_mentions.parse.{number}");
                return Err(form(&path, "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone')."));
            }
        }
        let ids = |field: &str| -> Result<Vec<Id>, ApiError> {
            let ids: Vec<Id> = value[field].as_array().into_iter().flatten().filter_map(id_of).collect();
            if ids.len() > 100 {
                let path = format!("allowed_mentions.{field}");
                return Err(form(&path, "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length."));
            }
            if !ids.is_empty() && parse.iter().any(|word| word == field) {
                let why = format!("parse:[\"{field}\"] and {field}: [ids...] are mutually exclusive.");
                return Err(form("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", &why));
            }
            Ok(ids)
        };
        let (users, roles) = (ids("users")?, ids("roles")?);
        Ok(Allowed { parse, users, roles, replied_user: value["replied_user"].as_bool().unwrap_or(false) })
    }

    fn any(&self, kind: &str) -> bool {
        self.parse.iter().any(|word| word == kind)
    }
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// `mentions`, `mention_roles` and `mention_everyone` of a message.
pub fn told(
    state: &State,
    channel: &Channel,
    author: Id,
    text: &str,
    allowed: &Allowed,
    replied_to: Option<Id>,
) -> Found {
    let found = found(text);
    let guild = channel.guild.and_then(|id| state.guilds.get(&id));
    let may_tell_all = in_channel(state, author, channel) & MENTION_EVERYONE != 0;
    let mut users: Vec<Id> = found.users.into_iter().filter(|id| state.users.contains_key(id)).collect();
    users.retain(|id| allowed.any("users") || allowed.users.contains(id));
    if let Some(author) = replied_to.filter(|id| allowed.replied_user && !users.contains(id)) {
        users.push(author);
    }
    let roles = found.roles.into_iter().filter(|id| {
        let role = guild.and_then(|guild| guild.roles.iter().find(|role| role.id == *id && role.id != guild.id));
        // Docs, topics/permissions: MENTION_EVERYONE also allows to mention roles that are not mentionable.
        role.is_some_and(|role| role.mentionable || may_tell_all)
            && (allowed.any("roles") || allowed.roles.contains(id))
    });
    let everyone = found.everyone && guild.is_some() && may_tell_all && allowed.any("everyone");
    Found { users, roles: roles.collect(), everyone }
}
