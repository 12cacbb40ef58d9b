//! The API: which request means what.

mod channels;
mod commands;
mod guilds;
mod interactions;
mod messages;
mod threads;
mod webhooks;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::draft::Upload;
use super::errors::{ApiError, form, unknown};
use super::ids::{Id, id_of};
use super::objects;
use super::permissions::need;
use super::state::{Channel, State};

/// A request, read.
pub struct Call<'a> {
    pub method: &'a str,
    pub path: Vec<String>,
    pub query: &'a BTreeMap<String, String>,
    pub body: &'a Value,
    pub files: &'a [Upload],
}

/// A good answer.
pub struct Reply {
    pub status: u16,
    pub body: Value,
}

/// What an endpoint gives.
pub type Answer = Result<Reply, ApiError>;

impl Reply {
    /// 200 with an object.
    pub fn ok(body: Value) -> Answer {
        Ok(Reply { status: 200, body })
    }

    /// 201 with an object.
    pub fn created(body: Value) -> Answer {
        Ok(Reply { status: 201, body })
    }

    /// 204.
    pub fn nothing() -> Answer {
        Ok(Reply { status: 204, body: Value::Null })
    }
}

impl Call<'_> {
    /// The path after `/api/v10`.
    pub fn steps(&self) -> Vec<&str> {
        self.path.iter().skip(2).map(String::as_str).collect()
    }
}

/// An id out of a path.
pub fn id(step: &str) -> Result<Id, ApiError> {
    step.parse().map_err(|_| form("id", "NUMBER_TYPE_COERCE", &format!("Value \"{step}\" is not snowflake.")))
}

/// A channel that the bot sees.
pub fn seen(state: &State, step: &str) -> Result<Channel, ApiError> {
    let channel = state.channel(id(step)?).cloned().ok_or_else(|| unknown(10003))?;
    need(state, state.bot, &channel, 0)?;
    Ok(channel)
}

/// Finds the endpoint of a request and asks it.
pub fn answer(state: &mut State, call: &Call<'_>, authorization: &str) -> Answer {
    let steps = call.steps();
    let known_base =
        call.path.first().is_some_and(|step| step == "api") && call.path.get(1).is_some_and(|v| v == "v10");
    if !known_base {
        return Err(ApiError::new(404, 0, "404: Not Found"));
    }
    // Docs, interactions/receiving-and-responding: the token in the path is all that these need.
    let open = matches!(*steps, ["interactions" | "webhooks", ..] | ["gateway"]);
    if !open && authorization.strip_prefix("Bot ") != Some(&state.token) {
        return Err(ApiError::new(401, 0, "401: Unauthorized"));
    }
    match (call.method, &*steps) {
        ("GET", ["gateway"]) => Reply::ok(json!({"url": format!("ws://{}/gateway", state.address)})),
        ("GET", ["gateway", "bot"]) => Reply::ok(json!({
            "url": format!("ws://{}/gateway", state.address),
            "shards": state.gateway.recommended,
            "session_start_limit": {
                "total": state.gateway.total, "remaining": state.gateway.remaining, "reset_after": 14_400_000,
                "max_concurrency": state.gateway.max_concurrency,
            },
        })),
        ("GET", ["users", "@me"]) => Reply::ok(objects::user(state, state.bot)),
        ("POST", ["users", "@me", "channels"]) => open_dm(state, call),
        ("GET", ["users", user]) => {
            let user = id(user)?;
            if state.users.contains_key(&user) { Reply::ok(objects::user(state, user)) } else { Err(unknown(10013)) }
        }
        ("GET", ["applications", "@me"] | ["oauth2", "applications", "@me"]) => Reply::ok(application(state)),
        (_, ["guilds", ..]) => guilds::answer(state, call, &steps),
        (_, ["channels", _, "messages", ..] | ["channels", _, "typing"]) => messages::answer(state, call, &steps),
        (_, ["channels", _, "threads" | "thread-members", ..] | ["channels", _, "users", "@me", ..]) => {
            threads::answer(state, call, &steps)
        }
        (_, ["channels", ..]) => channels::answer(state, call, &steps),
        ("POST", ["interactions", interaction, token, "callback"]) => {
            interactions::callback(state, call, interaction, token)
        }
        (_, ["webhooks", ..]) => webhooks::answer(state, call, &steps),
        (_, ["applications", _, ..]) => commands::answer(state, call, &steps),
        _ => Err(nowhere()),
    }
}

/// There is no such endpoint here.
pub fn nowhere() -> ApiError {
    ApiError::new(404, 0, "404: Not Found")
}

/// Docs, resources/user, Create DM.
fn open_dm(state: &mut State, call: &Call<'_>) -> Answer {
    let user = id_of(&call.body["recipient_id"]).ok_or_else(|| super::errors::required("recipient_id"))?;
    if !state.users.contains_key(&user) {
        return Err(form("recipient_id", "BASE_TYPE_INVALID", "Invalid Recipient(s)"));
    }
    if user == state.bot {
        return Err(ApiError::new(400, 50007, "Cannot send messages to this user"));
    }
    let channel = state.dm_with(user);
    let channel = state.channel(channel).cloned().ok_or_else(|| unknown(10003))?;
    Reply::ok(objects::channel(state, &channel))
}

/// Docs, resources/application, Application Object.
fn application(state: &State) -> Value {
    json!({
        "id": state.bot.to_string(),
        "name": state.name_of(state.bot),
        "icon": null,
        "description": "",
        "rpc_origins": [],
        "bot_public": false,
        "bot_require_code_grant": false,
        "bot": objects::user(state, state.bot),
        "owner": objects::user(state, state.bot),
        "summary": "",
        "verify_key": "0".repeat(64),
        "team": null,
        "flags": state.application_flags(),
        "approximate_guild_count": state.guilds.len(),
    })
}
