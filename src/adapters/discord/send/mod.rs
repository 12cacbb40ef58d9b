//! A delivery on its way: part by part, along its way, and the other way where that one is closed.
//!
//! | file | idea |
//! |---|---|
//! | `progress` | how far a delivery came, so that trying again does not say it twice |
//! | `refusal` | Discord's reasons in plain words |
//! | `early` | tokens that Discord does not know yet |
//! | `follow_up` | answers by the token of an interaction |
//! | `desk` | posts for the team |
//! | `lost` | messages that may have been sent |

mod desk;
pub(super) mod early;
mod follow_up;
mod lost;
mod progress;
pub(super) mod refusal;

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::Discord;
use super::outbound::message::in_thread;
use super::outbound::request::{Home, Part, Request, Way};
use super::rest::{Call, CallError};
use super::wire::{ChannelMade, MessageMade};
use crate::adapters::{SendError, Sent};
use crate::crash;
use crate::engine::{Place, PlaceKind};
pub(super) use progress::Progress;
use refusal::{is_for_good, not_sure, refused};

/// A body with something in it that Discord does not take
/// (<https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>).
const INVALID_BODY: u64 = 50035;
/// A thread has begun at this message already.
const THREAD_EXISTS: u64 = 160_004;

impl Discord {
    pub(super) async fn go(&self, request: &Request) -> Result<Sent, SendError> {
        let sent = self.along(request).await;
        // What was unsure before stays so until it is known.
        let sent = if request.unsure.is_some() { sent.map_err(not_sure) } else { sent };
        let comes_again = match &sent {
            Err(
                SendError::Later { .. }
                | SendError::Quiet { .. }
                | SendError::ShutOut { .. }
                | SendError::Unsure { .. },
            ) => true,
            // What the team's channel lacks can be mended by people.
            Err(SendError::Never { .. }) => matches!(request.way, Way::Desk { .. }),
            Ok(_) | Err(SendError::Refused { .. }) => false,
        };
        if !comes_again {
            self.progress.forget(request.id);
        }
        sent
    }

    async fn along(&self, request: &Request) -> Result<Sent, SendError> {
        match &request.way {
            Way::Nowhere => Ok(Sent::default()),
            Way::React(call) => self.tell(call).await.map(|()| Sent::default()).map_err(|error| refused(&error)),
            Way::To(home) => self.say_at(home, request).await,
            Way::FollowUp { via, otherwise } => self.follow_up(via, otherwise, request).await,
            Way::Thread { channel, message, name, place, customer } => {
                let thread = self.thread_at(channel, message, name, customer).await;
                self.say_in_thread(thread, channel, place, request).await
            }
            Way::Desk { desk, forum, tag, thread, name, standing } => {
                let post = desk::Post { desk: *desk, forum: *forum, tag: *tag, thread: thread.as_deref(), name };
                if *standing { self.post_standing(&post, request).await } else { self.post(&post, request).await }
            }
        }
    }

    async fn say_at(&self, home: &Home, request: &Request) -> Result<Sent, SendError> {
        match home {
            Home::Channel(channel) => self.say(channel, request, Value::clone).await,
            Home::Private(user) => {
                let channel = self.private_chat(user).await.map_err(of_one)?;
                let said = self.say(&channel, request, in_thread).await;
                let mut sent = said.map_err(of_one)?;
                sent.moved_to = Some(Place { id: channel, kind: PlaceKind::Direct, name: String::new() });
                Ok(sent)
            }
        }
    }

    /// The private chat with a customer (<https://discord.com/developers/docs/resources/user#create-dm>).
    async fn private_chat(&self, user: &str) -> Result<String, SendError> {
        let call = Call::post("users/@me/channels", json!({ "recipient_id": user }));
        let made: ChannelMade = self.ask(&call).await.map_err(|error| refused(&error))?;
        Ok(made.id.to_string())
    }

    /// Sends the parts that were not sent before, and are not there; the number of the first is that of all.
    pub(super) async fn say(
        &self,
        channel: &str,
        request: &Request,
        shape: fn(&Value) -> Value,
    ) -> Result<Sent, SendError> {
        self.look_for(channel, request, shape).await?;
        for part in request.parts.iter().skip(self.progress.parts(request.id)) {
            let call = |body: &Value| Call::message(channel, shape(body));
            let made: MessageMade = self.with_plain(part, call).await.map_err(|error| refused(&error))?;
            self.progress.sent(request.id, &made.id.to_string());
        }
        Ok(Sent { message_id: self.progress.first(request.id), moved_to: None })
    }

    /// Asks with the body of a part; without its markup, when Discord does not take that.
    pub(super) async fn with_plain<T: serde::de::DeserializeOwned>(
        &self,
        part: &Part,
        call: impl Fn(&Value) -> Call + Send + Sync,
    ) -> Result<T, CallError> {
        match self.ask(&call(&part.body)).await {
            Err(error) if error.code() == Some(INVALID_BODY) => {
                tracing::error!(brand = %self.setup.brand, %error, "Discord refuses the markup of a message; sent without it");
                let brand = self.setup.brand.to_string();
                metrics::counter!("housevoice_markup_refused_total", "brand" => brand, "platform" => super::NAME)
                    .increment(1);
                self.ask(&call(&part.plain)).await
            }
            answered => answered,
        }
    }

    /// The thread that begins at a message (<https://discord.com/developers/docs/resources/channel#start-thread-from-message>):
    /// it has the message's number. The customer is added to it, so that they see it.
    async fn thread_at(&self, channel: &str, message: &str, name: &str, customer: &str) -> Result<String, CallError> {
        let call = Call::post(format!("channels/{channel}/messages/{message}/threads"), json!({ "name": name }));
        let thread = match self.ask::<ChannelMade>(&call).await {
            Ok(made) => made.id.to_string(),
            Err(error) if error.code() == Some(THREAD_EXISTS) => message.to_owned(),
            Err(error) => return Err(error),
        };
        self.add_member(&thread, customer).await;
        Ok(thread)
    }

    /// Adds somebody to a thread; that it does not work is no reason to say nothing.
    pub(super) async fn add_member(&self, thread: &str, user: &str) {
        let call = Call::put(format!("channels/{thread}/thread-members/{user}"), None);
        if let Err(error) = self.tell(&call).await {
            tracing::debug!(brand = %self.setup.brand, %error, "somebody was not added to a thread");
        }
    }

    /// Goes on in a thread; in the channel, when none can be opened.
    async fn say_in_thread(
        &self,
        thread: Result<String, CallError>,
        channel: &str,
        place: &Place,
        request: &Request,
    ) -> Result<Sent, SendError> {
        match thread {
            Ok(thread) => {
                let mut sent = self.say(&thread, request, in_thread).await?;
                sent.moved_to = Some(Place { id: thread, ..place.clone() });
                Ok(sent)
            }
            Err(error) if is_for_good(&error) => self.say(channel, request, Value::clone).await,
            Err(error) => Err(refused(&error)),
        }
    }

    /// Asks, and remembers whether the bot's token is accepted.
    pub(super) async fn ask<T: serde::de::DeserializeOwned>(&self, call: &Call) -> Result<T, CallError> {
        let is_asked_for = call.body.is_some() && (call.path.contains("messages") || call.path.contains("threads"));
        if is_asked_for {
            crash::point("asking");
        }
        let answer = self.rest.ask(call).await;
        if is_asked_for {
            crash::point("asked");
        }
        self.note(call, answer.as_ref().err());
        answer
    }

    pub(super) async fn tell(&self, call: &Call) -> Result<(), CallError> {
        let answer = self.rest.tell(call).await;
        self.note(call, answer.as_ref().err());
        answer
    }

    fn note(&self, call: &Call, error: Option<&CallError>) {
        if !call.is_by_bot() {
            return;
        }
        match error {
            Some(CallError::Unauthorized) => self.accepted.store(false, Ordering::SeqCst),
            None => self.accepted.store(true, Ordering::SeqCst),
            Some(CallError::Later { .. } | CallError::Refused { .. } | CallError::Unreadable) => {}
        }
    }
}

/// The same, of one customer alone: they are answered elsewhere than in the room that they asked in, which need not rest.
fn of_one(error: SendError) -> SendError {
    match error {
        SendError::Later { reason, .. } => SendError::Later { reason, retry_after: None },
        SendError::Unsure { reason, .. } => SendError::Unsure { reason, retry_after: None },
        other @ (SendError::Quiet { .. }
        | SendError::ShutOut { .. }
        | SendError::Never { .. }
        | SendError::Refused { .. }) => other,
    }
}
