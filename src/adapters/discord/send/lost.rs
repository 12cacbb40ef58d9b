//! Messages that may have been sent: the answer got lost, or the process ended before it was written down. Discord takes none
//! twice that bears the nonce of one "in the past few minutes"
//! (<https://discord.com/developers/docs/resources/message#create-message>), and says no number; a process can be away for
//! longer. So the place is read before anything is sent there again, however young it is: that is one call, in a rare case,
//! and rests on no clock of anybody. The nonce goes along all the same: it stops what is still on its way while we read.
//!
//! Discord does not keep the nonce with the message: only whoever sends it or hears it live is told. So a message is told by
//! what nobody else's has (its buttons, what it replies to), and else by its words alone. By words alone nothing is taken for
//! it that was known in the place before: the same may have been said to the same question a moment ago.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::refusal::{is_no_answer, still_unsure};
use crate::adapters::SendError;
use crate::adapters::discord::Discord;
use crate::adapters::discord::outbound::request::{Part, Request, Way};
use crate::adapters::discord::place::first_of;
use crate::adapters::discord::rest::Call;
use crate::adapters::discord::wire::MessageShape;

/// Messages a page, and pages that are read: what was said by others since it was decided may come before it.
const PAGE: usize = 100;
const PAGES: usize = 5;
/// How far the clocks of our processes, and the seconds that Discord tells, may be apart.
const BLUR: SignedDuration = SignedDuration::from_secs(5);
/// The same with Discord's clock, before it has told its time.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(5);

impl Discord {
    /// Takes for sent, part by part, what stands in a place already.
    pub(super) async fn look_for(
        &self,
        channel: &str,
        request: &Request,
        shape: fn(&Value) -> Value,
    ) -> Result<(), SendError> {
        let Some(unsure) = request.unsure else { return Ok(()) };
        let Some(me) = self.directory().me else {
            let reason = "it may have been sent, and Discord has not told yet who the bot is".to_owned();
            return Err(SendError::Unsure { reason, retry_after: None });
        };
        // What was known there says nothing of the team's threads.
        let known = if matches!(request.way, Way::Desk { .. }) { None } else { unsure.here };
        let known = known.and_then(|known| u64::try_from(known).ok()).unwrap_or_default();
        let mut after = first_of(self.on_their_clock(request.decided_at));
        for _ in 0..PAGES {
            let call = Call::get(format!("channels/{channel}/messages?after={after}&limit={PAGE}"));
            let mut page: Vec<MessageShape> = match self.ask(&call).await {
                Ok(page) => page,
                Err(error) if is_no_answer(&error) => return Err(still_unsure(&error)),
                // Whether anything can be sent where nothing can be read, sending tells.
                Err(_) => return Ok(()),
            };
            page.sort_by_key(|message| message.id);
            for message in &page {
                let Some(part) = request.parts.get(self.progress.parts(request.id)) else { return Ok(()) };
                let is_ours = message.author.as_ref().is_some_and(|author| author.id.get() == me);
                if is_ours && is_it(message, part, shape, known) {
                    self.progress.sent(request.id, &message.id.to_string());
                }
                after = after.max(message.id.get());
            }
            if page.len() < PAGE {
                break;
            }
        }
        Ok(())
    }

    /// A moment that Discord's clock had not reached yet when ours showed this one. That ours is behind may be so only since:
    /// then it is earlier than it need be.
    fn on_their_clock(&self, at: Timestamp) -> Timestamp {
        let ahead = self.rest.ahead().map(|ahead| ahead.max(SignedDuration::ZERO).saturating_add(BLUR));
        at.saturating_sub(ahead.unwrap_or(CLOCKS_APART)).unwrap_or(at)
    }
}

/// Whether a message of ours is a part that was sent before; `known`: the newest message that was known there.
fn is_it(message: &MessageShape, part: &Part, shape: fn(&Value) -> Value, known: u64) -> bool {
    let body = shape(&part.body);
    if let Some(nonce) = &message.nonce {
        return *nonce == body["nonce"];
    }
    let (theirs, ours) =
        (tokens(message.components.iter()), tokens(body["components"].as_array().into_iter().flatten()));
    // One that was pressed is left, and bears its token still.
    if !theirs.is_empty() {
        return !theirs.is_disjoint(&ours);
    }
    if !says(message, &body) && !says(message, &part.plain) {
        return false;
    }
    let behind = message.id.get() > known;
    // What was said by the token of an interaction replies to nothing of ours.
    if message.webhook_id.is_some() {
        return behind;
    }
    let theirs = message.message_reference.as_ref().and_then(|other| other.message_id).map(|id| id.to_string());
    match (theirs.as_deref(), body["message_reference"]["message_id"].as_str()) {
        (Some(theirs), Some(ours)) => theirs == ours,
        (None, None) => behind,
        // What it replies to is gone, or it is another one: rather twice than not at all.
        (Some(_), None) | (None, Some(_)) => false,
    }
}

/// Discord takes the space away around a message.
fn says(message: &MessageShape, body: &Value) -> bool {
    body["content"].as_str().map(str::trim) == Some(message.content.trim())
}

/// What buttons and entries of menus carry: given out once. What a menu itself is called says nothing.
fn tokens<'v>(rows: impl Iterator<Item = &'v Value>) -> BTreeSet<&'v str> {
    let list = |value: &'v Value, key: &str| value[key].as_array().into_iter().flatten();
    let token = |one: &'v Value| match one["options"].as_array() {
        Some(options) => options.iter().filter_map(|option| option["value"].as_str()).collect::<Vec<_>>(),
        None => one["custom_id"].as_str().into_iter().collect(),
    };
    rows.flat_map(|row| list(row, "components")).flat_map(token).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn button(token: &str) -> Value {
        json!([{ "type": 1, "components": [{ "type": 2, "label": "x", "custom_id": token }] }])
    }

    fn menu(token: &str) -> Value {
        let options = json!([{ "label": "x", "value": token }]);
        json!([{ "type": 1, "components": [{ "type": 3, "custom_id": "menu-0", "options": options }] }])
    }

    /// Whether a message with these fields is a part with these, where 50 was the newest that was known.
    fn is(message: Value, body: Value) -> bool {
        let mut whole = json!({ "id": "100", "content": "Yes." });
        whole.as_object_mut().unwrap().extend(message.as_object().unwrap().clone());
        let mut part = json!({ "content": "Yes. ", "nonce": "7-0" });
        part.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        let part = Part { body: part, plain: json!({ "content": "Plainly." }) };
        is_it(&serde_json::from_value(whole).unwrap(), &part, Value::clone, 50)
    }

    fn to(message: &str) -> Value {
        json!({ "message_reference": { "channel_id": "1", "message_id": message } })
    }

    #[test]
    fn a_message_is_told_by_its_words_behind_what_was_known() {
        assert!(is(json!({}), json!({})));
        assert!(is(json!({ "content": "Plainly." }), json!({})), "sent without its markup");
        assert!(!is(json!({ "content": "No." }), json!({})));
        assert!(!is(json!({ "id": "50" }), json!({})), "the same was said before");
        assert!(!is(json!({ "id": "40" }), json!({})));
        assert!(is(json!({ "webhook_id": "9", "message_reference": to("1")["message_reference"] }), to("30")));
        assert!(!is(json!({ "id": "40", "webhook_id": "9" }), json!({})));
    }

    #[test]
    fn a_message_is_told_by_what_it_replies_to() {
        assert!(is(to("30"), to("30")));
        assert!(is(json!({ "id": "40", "message_reference": to("30")["message_reference"] }), to("30")));
        assert!(!is(to("31"), to("30")), "the same was said to somebody else");
        assert!(!is(to("31"), json!({})));
        assert!(!is(json!({}), to("30")));
    }

    #[test]
    fn a_message_is_told_by_its_buttons() {
        let with = |components: Value| json!({ "components": components });
        assert!(is(json!({ "id": "40", "content": "Other words.", "components": button("a") }), with(button("a"))));
        assert!(is(json!({ "id": "40", "components": menu("a") }), with(menu("a"))));
        assert!(!is(with(menu("b")), with(menu("a"))), "every menu is called so");
        assert!(!is(with(button("b")), with(button("a"))), "the same was asked before");
        assert!(!is(with(button("b")), json!({})));
        assert!(is(json!({}), with(button("a"))), "they were taken away");
    }

    #[test]
    fn a_nonce_says_it_all_where_it_is_told() {
        assert!(is(json!({ "id": "40", "content": "Changed.", "nonce": "7-0" }), json!({})));
        assert!(!is(json!({ "nonce": "8-0" }), json!({})));
    }
}
