//! Answers by the token of an interaction
//! (<https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages>). They know no nonce.

use jiff::Timestamp;
use serde_json::Value;

use super::early::Early;
use super::refusal::{is_dead_token, refused, still_unsure};
use crate::adapters::discord::Discord;
use crate::adapters::discord::answer::{EPHEMERAL, fill};
use crate::adapters::discord::outbound::message::as_follow_up;
use crate::adapters::discord::outbound::request::{Home, Part, Request};
use crate::adapters::discord::rest::Call;
use crate::adapters::discord::via::Via;
use crate::adapters::discord::wire::{MessageMade, MessageShape};
use crate::adapters::{SendError, Sent};

impl Discord {
    /// Answers by the token of an interaction; in the customer's private chat, when the token has run out.
    pub(super) async fn follow_up(&self, via: &Via, otherwise: &Home, request: &Request) -> Result<Sent, SendError> {
        self.first_answers.given(&via.token).await;
        if !via.holds(Timestamp::now()) {
            return self.say_at(otherwise, request).await;
        }
        if let Some(first) =
            request.parts.first().filter(|_| request.unsure.is_some() && self.progress.parts(request.id) == 0)
        {
            self.look_for_answer(via, first, request).await?;
        }
        let flags = if via.ephemeral { EPHEMERAL } else { 0 };
        let mut early = Early::default();
        while let Some(part) = request.parts.get(self.progress.parts(request.id)) {
            let call = |body: &Value| fill(via, as_follow_up(body, flags));
            match self.with_plain::<MessageMade>(part, call).await {
                Ok(made) => self.progress.sent(request.id, &made.id.to_string()),
                Err(error) if early.again(via, &error).await => {}
                Err(error) if is_dead_token(&error) => return self.say_at(otherwise, request).await,
                Err(error) => return Err(refused(&error)),
            }
        }
        Ok(Sent { message_id: self.progress.first(request.id), moved_to: None })
    }

    /// Whether the first part was sent after all: it is then what stands in the answer that was open. Further messages by
    /// the same token cannot be looked for
    /// (<https://discord.com/developers/docs/interactions/receiving-and-responding#get-original-interaction-response>).
    async fn look_for_answer(&self, via: &Via, first: &Part, request: &Request) -> Result<(), SendError> {
        let original = Call::get(format!("webhooks/{}/{}/messages/@original", via.app, via.token));
        match self.ask::<MessageShape>(&original).await {
            Ok(message) if is_the_same(&message, first) => self.progress.sent(request.id, &message.id.to_string()),
            Err(error) if error.is_passing() && !is_dead_token(&error) => return Err(still_unsure(&error)),
            Ok(_) | Err(_) => {}
        }
        Ok(())
    }
}

/// Whether a message says what a part says. One whose button was pressed may say the same, but offers no longer what it did.
fn is_the_same(message: &MessageShape, part: &Part) -> bool {
    let says = |body: &Value| {
        let rows = body["components"].as_array().map_or(0, Vec::len);
        body["content"].as_str().map(str::trim) == Some(message.content.trim()) && rows == message.components.len()
    };
    says(&part.body) || says(&part.plain)
}
