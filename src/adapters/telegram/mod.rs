//! Telegram's Bot API (<https://core.telegram.org/bots/api>). teloxide gives the types of what is asked for; how it is asked,
//! how updates come in and when they are confirmed is ours, so that nothing is confirmed before it is written down.
//!
//! | file | idea |
//! |---|---|
//! | `wire` | what Telegram sends, as far as it is read |
//! | `heard`, `reader` | an update as it came; what it becomes: a pure function |
//! | `message`, `desk` | what is written where customers are, and where the team works |
//! | `words`, `attachments` | the words of a message; what hangs on it |
//! | `spot`, `numbers` | chats and topics; groups whose number changed |
//! | `outbound` | what is ours becomes Telegram's: a pure function |
//! | `render`, `told`, `keyboard`, `reactions` | texts, words that must not become anything, buttons, emoji |
//! | `limits` | how often Telegram lets a bot send |
//! | `client`, `reasons` | asking Telegram; what its refusals mean |
//! | `sending`, `progress`, `lost` | doing what was asked for, how far it got, and what may have been sent |
//! | `checking`, `admins` | what must be so before listening; who runs the desk |
//! | `beginning`, `commands` | what is set when listening begins; the list of commands |
//! | `taking`, `polling`, `webhook`, `link` | updates come in; whether they do |
//! | `notices` | the team is told when nothing was done with what they typed |
//!
//! A place is `chat` or `chat/topic`; a message is its number; an event is `update:` and the number of the update. A case is
//! a topic of the team's group.

mod admins;
mod attachments;
mod beginning;
mod checking;
mod client;
mod commands;
mod desk;
mod heard;
mod keyboard;
mod limits;
mod link;
mod lost;
mod message;
mod notices;
mod numbers;
mod outbound;
mod polling;
mod progress;
mod reactions;
mod reader;
mod reasons;
mod render;
mod sending;
mod spot;
mod taking;
#[cfg(test)]
mod tests;
mod told;
mod webhook;
mod wire;
mod words;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use async_trait::async_trait;
use serde_json::Value;
use teloxide::payloads::SendChatAction;
use teloxide::types::{AllowedUpdate, ChatAction};
use tokio_util::sync::CancellationToken;

pub use heard::Heard;
pub use outbound::Request;

use admins::Admins;
use client::Client;
use link::Link;
use notices::Told;
use numbers::Numbers;
use outbound::Writer;
use progress::Progress;
use reader::Reader;
use spot::Spot;
use wire::Me;

use super::{Adapter, Checked, Ended, Incoming, Intake, Limits, Live, SendError, Sent};
use crate::config::{Secret, TelegramConfig};
use crate::engine::{Delivery, Effect, Inbound, PlaceKind, Silence, Step, To};
use crate::voice::{BrandId, Voice};

/// The platform's name.
pub const NAME: &str = "telegram";

/// What Telegram is to tell (<https://core.telegram.org/bots/api#update>).
const ALLOWED_UPDATES: &[AllowedUpdate] =
    &[AllowedUpdate::Message, AllowedUpdate::EditedMessage, AllowedUpdate::CallbackQuery, AllowedUpdate::MyChatMember];

/// How many groups without business are remembered, so that each is logged once.
const MOST_STRANGERS: usize = 1024;

/// What a bot needs.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Whose it is.
    pub brand: BrandId,
    /// What the brand says: in which languages the commands are listed.
    pub voice: Arc<Voice>,
    /// Its part of bot.toml.
    pub config: TelegramConfig,
    /// The token.
    pub token: Secret,
    /// The secret that Telegram shows when it calls, and the https address that it reaches us under. None: the bot asks.
    pub webhook: Option<(Secret, String)>,
}

/// The Telegram bot of a brand.
pub struct Telegram {
    brand: BrandId,
    voice: Arc<Voice>,
    config: TelegramConfig,
    webhook: Option<(Secret, String)>,
    client: Client,
    /// The bot itself, once it was met.
    me: OnceLock<Me>,
    numbers: RwLock<Numbers>,
    /// Where new numbers of places are written down.
    intake: OnceLock<Arc<dyn Intake>>,
    progress: Progress,
    admins: Admins,
    told: Told,
    strangers: Mutex<HashSet<i64>>,
    link: Arc<Link>,
}

impl Telegram {
    /// A bot that has not asked anything yet.
    pub fn new(setup: Setup) -> Self {
        let Setup { brand, voice, config, token, webhook } = setup;
        let link = Arc::new(Link::default());
        let client = Client::new(&config.api_url, token, Arc::clone(&link));
        Self {
            brand,
            voice,
            config,
            webhook,
            client,
            me: OnceLock::new(),
            numbers: RwLock::default(),
            intake: OnceLock::new(),
            progress: Progress::default(),
            admins: Admins::default(),
            told: Told::default(),
            strangers: Mutex::default(),
            link,
        }
    }

    fn me(&self) -> &Me {
        static NOBODY: Me =
            Me { id: 0, first_name: String::new(), username: String::new(), can_read_all_group_messages: false };
        self.me.get().unwrap_or(&NOBODY)
    }

    fn reader(&self) -> Reader<'_> {
        Reader { brand: &self.brand, config: &self.config, me: self.me(), numbers: self.numbers() }
    }

    fn numbers(&self) -> Numbers {
        self.numbers.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The number that the team's group has now.
    fn desk(&self) -> Option<i64> {
        self.config.desk.map(|desk| self.numbers().now(desk.0))
    }

    /// A group goes by another number.
    fn learn(&self, from: i64, to: i64) {
        if self.numbers.write().unwrap_or_else(PoisonError::into_inner).learn(from, to) {
            tracing::warn!(brand = %self.brand, from, to, "a group goes by another number now: change it in bot.toml");
        }
    }

    /// Whether nothing has come from a group before that bot.toml does not name.
    fn is_first_from(&self, chat: i64) -> bool {
        let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
        strangers.len() < MOST_STRANGERS && strangers.insert(chat)
    }
}

#[async_trait]
impl Adapter for Telegram {
    type Event = Heard;
    type Request = Request;

    fn inbound(&self, heard: &Heard) -> Vec<Incoming> {
        self.reader().read(heard).incoming
    }

    fn outbound(&self, delivery: &Delivery) -> Request {
        Writer { bot: &self.me().username, desk: self.desk() }.request(delivery)
    }

    fn limits(&self) -> Limits {
        limits::LIMITS
    }

    fn weight(&self, request: &Request) -> u32 {
        request.messages()
    }

    async fn send(&self, request: Request) -> Result<Sent, SendError> {
        self.send_all(request).await
    }

    /// Shows that the bot is at work while it waits for the rest of a message sent in pieces. Telegram takes it away after
    /// five seconds at the latest (<https://core.telegram.org/bots/api#sendchataction>).
    fn stepped(&self, inbound: &Inbound, _via: Option<&str>, step: &Step) {
        let waits = step.effects.iter().any(|effect| matches!(effect, Effect::Silent(Silence::WaitingForMore)));
        let To::Customer { place, .. } = &inbound.to else { return };
        let spot = Spot::read(&place.id).filter(|_| waits && place.kind == PlaceKind::Direct);
        let (Some(spot), Ok(runtime)) = (spot, tokio::runtime::Handle::try_current()) else { return };
        let client = self.client.clone();
        runtime.spawn(async move {
            let mut typing = SendChatAction::new(spot.recipient(), ChatAction::Typing);
            typing.message_thread_id = spot.thread_id();
            if let Err(fault) = client.call::<_, Value>(&typing).await {
                tracing::debug!(%fault, "typing is not shown");
            }
        });
    }
}

#[async_trait]
impl Live for Telegram {
    async fn check(&self, intake: &dyn Intake) -> Checked {
        checking::check(self, intake).await
    }

    async fn listen(
        self: Arc<Self>,
        _part: u32,
        intake: Arc<dyn Intake>,
        stop: CancellationToken,
    ) -> Result<(), Ended> {
        let intake = self.intake.get_or_init(|| intake);
        self.remember_numbers(&**intake).await;
        match stop.run_until_cancelled(self.begin()).await {
            Some(begun) => begun?,
            None => return Ok(()),
        }
        let listening = async {
            if self.webhook.is_some() {
                stop.cancelled().await;
                return Ok(());
            }
            self.poll(intake, &stop).await
        };
        let (ended, _) = tokio::join!(listening, stop.run_until_cancelled(self.show_commands(&**intake)));
        ended.inspect_err(|_| self.link.ended())
    }

    fn routes(self: Arc<Self>, intake: Arc<dyn Intake>) -> Option<axum::Router> {
        let (secret, _) = self.webhook.clone()?;
        let intake = Arc::clone(self.intake.get_or_init(|| intake));
        Some(webhook::routes(self, intake, secret))
    }

    fn is_connected(&self, _part: u32) -> bool {
        self.link.is_up(self.webhook.is_some())
    }
}
