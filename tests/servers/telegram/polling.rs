//! getUpdates.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Shared;
use super::args::Args;
use super::failure::{Answer, Failure, conflict};
use super::users::BotState;

/// Gives updates, waiting for them up to `timeout` seconds. "Timeout in seconds for long polling. Defaults to 0, i.e. usual
/// short polling" (Bot API, getUpdates).
pub async fn get_updates(shared: &Arc<Shared>, bot: i64, args: &Args) -> Answer {
    // "Values between 1-100 are accepted. Defaults to 100."
    let limit = args.int("limit").filter(|limit| (1..=100).contains(limit)).unwrap_or(100) as usize;
    let until = Instant::now() + Duration::from_secs(args.int("timeout").unwrap_or(0).clamp(0, 50) as u64);
    let mut bell = shared.bell.listen();
    let poll = shared.change(|world| {
        let state = world.bot_mut(bot);
        no_webhook(state)?;
        // "If not specified, the previous setting will be used."
        if let Some(allowed) = args.words("allowed_updates") {
            state.allowed = allowed;
        }
        state.poll += 1;
        forget(state, args.int("offset").unwrap_or(0));
        Ok::<u64, Failure>(state.poll)
    })?;
    loop {
        bell.mark_unchanged();
        let found = shared.read(|world| {
            let state = world.bot(bot);
            no_webhook(state)?;
            if state.poll != poll {
                return Err(conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running",
                ));
            }
            let count = if state.held { 0 } else { limit };
            Ok(state.pending.iter().take(count).map(|pending| pending.update.clone()).collect::<Vec<Value>>())
        })?;
        if !found.is_empty() || Instant::now() >= until {
            shared.lock().bot_mut(bot).pending.iter_mut().take(found.len()).for_each(|given| given.given = true);
            return Ok(json!(found));
        }
        let _ = tokio::time::timeout_at(until, bell.changed()).await;
    }
}

/// "This method will not work if an outgoing webhook is set up."
fn no_webhook(state: &BotState) -> Result<(), Failure> {
    match state.webhook {
        Some(_) => Err(conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        )),
        None => Ok(()),
    }
}

/// "An update is considered confirmed as soon as getUpdates is called with an offset higher than its update_id. The negative
/// offset can be specified to retrieve updates starting from -offset update from the end of the updates queue. All previous
/// updates will be forgotten."
fn forget(state: &mut BotState, offset: i64) {
    if offset < 0 {
        let keep = offset.unsigned_abs() as usize;
        while state.pending.len() > keep {
            state.pending.pop_front();
        }
        return;
    }
    // A number from before the count began anew confirms nothing.
    if state.counts_anew && offset > state.next_update {
        return;
    }
    let number = |update: &Value| update["update_id"].as_i64().unwrap_or_default();
    state.pending.retain(|pending| (pending.again && !pending.given) || number(&pending.update) >= offset);
}
