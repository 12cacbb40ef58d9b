//! setWebhook and the pushing of updates.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use serde_json::{Value, json};

use super::Shared;
use super::args::Args;
use super::failure::{Answer, bad};
use super::users::Webhook;
use super::world::World;

/// Sets, changes or (with an empty address) removes the webhook. Telegram wants https and the ports 443, 80, 88 or 8443;
/// on loopback any http address will do.
pub fn set(shared: &Arc<Shared>, bot: i64, args: &Args) -> Answer {
    let url = args.text("url").unwrap_or_default();
    if url.is_empty() {
        return shared.change(|world| Ok(delete(world, bot, args)));
    }
    if !reqwest::Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
        return Err(bad("bad webhook: invalid webhook URL specified"));
    }
    // "1-256 characters. Only characters A-Z, a-z, 0-9, _ and - are allowed" (Bot API, setWebhook, secret_token).
    let secret = args.text("secret_token").filter(|secret| !secret.is_empty());
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if secret.as_ref().is_some_and(|secret| secret.len() > 256 || !secret.chars().all(allowed)) {
        return Err(bad("secret token contains unallowed characters"));
    }
    // "1-100. Defaults to 40" (max_connections). Here updates are always pushed one by one.
    let max_connections = args.int("max_connections").unwrap_or(40);
    if !(1..=100).contains(&max_connections) {
        return Err(bad("invalid max_connections specified"));
    }
    let round = shared.change(|world| {
        let state = world.bot_mut(bot);
        state.webhook = Some(Webhook { url, secret, max_connections, last_error: None });
        state.webhook_round += 1;
        if let Some(allowed) = args.words("allowed_updates") {
            state.allowed = allowed;
        }
        if args.flag("drop_pending_updates") {
            state.pending.clear();
        }
        state.webhook_round
    });
    tokio::spawn(push(Arc::clone(shared), bot, round));
    Ok(json!(true))
}

/// Removes the webhook.
pub fn delete(world: &mut World, bot: i64, args: &Args) -> Value {
    let state = world.bot_mut(bot);
    state.webhook = None;
    state.webhook_round += 1;
    if args.flag("drop_pending_updates") {
        state.pending.clear();
    }
    json!(true)
}

/// getWebhookInfo: "If the bot is using getUpdates, will return an object with the url field empty."
pub fn info(world: &World, bot: i64) -> Value {
    let state = world.bot(bot);
    let mut info = json!({
        "url": state.webhook.as_ref().map(|webhook| webhook.url.as_str()).unwrap_or_default(),
        "has_custom_certificate": false,
        "pending_update_count": state.pending.len(),
    });
    if let Some(webhook) = &state.webhook {
        info["max_connections"] = json!(webhook.max_connections);
        if let Some((at, error)) = &webhook.last_error {
            info["last_error_date"] = json!(at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs());
            info["last_error_message"] = json!(error);
        }
    }
    if !state.allowed.is_empty() {
        info["allowed_updates"] = json!(state.allowed);
    }
    info
}

/// Pushes updates in order for as long as this webhook stands. "In case of an unsuccessful request (a request with response
/// HTTP status code different from 2XY), we will repeat the request and give up after a reasonable amount of attempts"
/// (Bot API, setWebhook). This server does not give up.
async fn push(shared: Arc<Shared>, bot: i64, round: u64) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut bell = shared.bell.listen();
    loop {
        bell.mark_unchanged();
        let next = shared.read(|world| {
            let state = world.bot(bot);
            let webhook = state.webhook.clone().filter(|_| state.webhook_round == round)?;
            let update = if state.held { None } else { state.pending.front().cloned() };
            Some((webhook, update, world.repeat_after))
        });
        let Some((webhook, update, repeat_after)) = next else { return };
        let Some(pending) = update else {
            if bell.changed().await.is_err() {
                return;
            }
            continue;
        };
        let mut request = client.post(&webhook.url).json(&pending.update);
        if let Some(secret) = &webhook.secret {
            // "the request will contain a header 'X-Telegram-Bot-Api-Secret-Token' with the secret token as content".
            request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        let error = match request.send().await {
            Ok(response) if response.status().is_success() => None,
            Ok(response) => Some(format!("Wrong response from the webhook: {}", response.status())),
            Err(_) => Some("Connection refused".to_owned()),
        };
        shared.change(|world| {
            let now = world.now();
            let state = world.bot_mut(bot);
            match &error {
                // What was put in front meanwhile stays.
                None => {
                    if let Some(at) = state.pending.iter().position(|other| other.update == pending.update) {
                        state.pending.remove(at);
                    }
                }
                Some(error) => {
                    if let Some(webhook) = &mut state.webhook {
                        webhook.last_error = Some((now, error.clone()));
                    }
                }
            }
        });
        if error.is_some() {
            tokio::time::sleep(repeat_after).await;
        }
    }
}
