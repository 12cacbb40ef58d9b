//! Discord: what happens comes over the gateway, what is said goes over the API.
//!
//! A message takes this path: serenity's shard -> `gateway` (in order, one by one) -> `inbound` (pure) -> the bot ->
//! `outbound` (pure) -> `send` -> `rest`.
//!
//! | file | idea |
//! |---|---|
//! | `directory` | servers, channels, threads, roles and authors, as the gateway tells them |
//! | `place` | where something happened: customers, the desk, elsewhere; who is an agent |
//! | `inbound` | Discord's events become ours |
//! | `via` | the token by which whoever used a command or a button is answered |
//! | `answer` | the first answer to an interaction, due within three seconds |
//! | `commands` | `/ask` and its like, with suggestions |
//! | `markup` | structured text as Discord's Markdown |
//! | `outbound` | deliveries become Discord's |
//! | `send` | a delivery on its way |
//! | `rest` | one call of the API, and its limits |
//! | `gateway` | the connection: what happens, what was missed, when to begin again |
//! | `check` | whether all is as it must be: token, intents, permissions |
//! | `offer` | the commands that people see |
//! | `settle` | what becomes of an answer that is open, when nothing is said |
//! | `tag` | tags of a forum |
//! | `wire` | shapes of the API's answers |

mod answer;
mod check;
mod commands;
mod directory;
mod gateway;
mod inbound;
mod markup;
mod offer;
mod outbound;
mod place;
mod rest;
mod send;
mod settle;
mod tag;
#[cfg(test)]
mod tests;
mod via;
mod wire;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use async_trait::async_trait;
use serenity::model::event::Event;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_util::sync::CancellationToken;

use super::{Adapter, Checked, Ended, Incoming, Intake, Limits, Live, SendError, Sent};
use crate::config::{DiscordConfig, Secret};
use crate::engine::{Delivery, Inbound, Step};
use crate::voice::{BrandId, Voice};
use answer::FirstAnswers;
use directory::Directory;
use gateway::Later;
pub use outbound::request::Request;
use place::View;
use rest::Rest;
use send::Progress;
use settle::Settled;

/// The platform's name.
pub const NAME: &str = "discord";

/// Ends of open answers that wait to be told to Discord.
const TO_SETTLE: usize = 4096;

/// Whose bot it is, and what it may do.
pub struct Setup {
    /// The brand.
    pub brand: BrandId,
    /// How it speaks: names of channels, what can be asked.
    pub voice: Arc<Voice>,
    /// Where it speaks.
    pub config: DiscordConfig,
    /// The bot's token.
    pub token: Secret,
}

/// Discord, for one brand.
pub struct Discord {
    setup: Setup,
    rest: Rest,
    /// The number of the bot's application, once it was looked at.
    application: OnceLock<u64>,
    directory: RwLock<Directory>,
    first_answers: FirstAnswers,
    progress: Progress,
    /// Where new numbers of threads are written down.
    intake: OnceLock<Arc<dyn Intake>>,
    /// The thread for what belongs to no case. Held while one is looked for or opened, so that there is one.
    standing: tokio::sync::Mutex<Option<String>>,
    /// What was heard and could not be written down when this process had to stop listening.
    later: Arc<Later>,
    /// Connections over which this process hears at the moment.
    connected: Mutex<BTreeSet<u32>>,
    /// Whether the API took the token the last time; the gateway does not ask for it again.
    accepted: AtomicBool,
    settled: Sender<Settled>,
    /// Taken by whoever attends.
    to_settle: Mutex<Option<Receiver<Settled>>>,
}

impl Discord {
    /// Discord for a brand.
    pub fn new(setup: Setup) -> Self {
        let rest = Rest::new(setup.brand.clone(), &setup.config.api_url, setup.token.clone());
        let later = Arc::new(Later::new(setup.brand.clone()));
        let (settled, to_settle) = channel(TO_SETTLE);
        Self {
            setup,
            rest,
            application: OnceLock::new(),
            directory: RwLock::default(),
            first_answers: FirstAnswers::default(),
            progress: Progress::default(),
            intake: OnceLock::new(),
            standing: tokio::sync::Mutex::default(),
            later,
            connected: Mutex::default(),
            accepted: AtomicBool::new(true),
            settled,
            to_settle: Mutex::new(Some(to_settle)),
        }
    }

    /// Takes in what an event tells about the surroundings, and who wrote what.
    fn learn(&self, event: &Event) {
        let wrote = View { setup: &self.setup, directory: &self.directory() }.wrote(event);
        let mut directory = self.directory.write().unwrap_or_else(PoisonError::into_inner);
        directory.learn(event);
        if let Some((message, wrote)) = wrote {
            directory.remember(message, wrote);
        }
    }

    fn learn_channel(&self, server: u64, channel: &serenity::model::channel::GuildChannel) {
        self.directory.write().unwrap_or_else(PoisonError::into_inner).learn_channel_of(server, channel);
    }

    fn directory(&self) -> RwLockReadGuard<'_, Directory> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_view<T>(&self, look: impl FnOnce(&View<'_>) -> T) -> T {
        look(&View { setup: &self.setup, directory: &self.directory() })
    }

    fn set_connected(&self, part: u32, connected: bool) {
        let mut parts = self.connected.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = if connected { parts.insert(part) } else { parts.remove(&part) };
        if changed {
            tracing::info!(brand = %self.setup.brand, platform = NAME, part, connected, "the connection changed");
        }
    }

    fn is_heard(&self, part: u32) -> bool {
        self.connected.lock().unwrap_or_else(PoisonError::into_inner).contains(&part)
    }
}

#[async_trait]
impl Adapter for Discord {
    type Event = Event;
    type Request = Request;

    fn inbound(&self, event: &Event) -> Vec<Incoming> {
        self.with_view(|view| view.inbound(event))
    }

    fn outbound(&self, delivery: &Delivery) -> Request {
        self.with_view(|view| view.outbound(delivery))
    }

    fn limits(&self) -> Limits {
        rest::LIMITS
    }

    async fn send(&self, request: Request) -> Result<Sent, SendError> {
        self.go(&request).await
    }

    fn stepped(&self, _inbound: &Inbound, via: Option<&str>, step: &Step) {
        if let Some(settled) = Settled::of(via, step) {
            // Nobody attends while the process stops; and where there is no room, the answer stays open until Discord gives
            // it up.
            let _ = self.settled.try_send(settled);
        }
    }
}

#[async_trait]
impl Live for Discord {
    async fn check(&self, _intake: &dyn Intake) -> Checked {
        self.look_over().await
    }

    fn parts(&self) -> u32 {
        self.setup.config.shards
    }

    async fn listen(self: Arc<Self>, part: u32, intake: Arc<dyn Intake>, stop: CancellationToken) -> Result<(), Ended> {
        let intake = Arc::clone(self.intake.get_or_init(|| intake));
        if part == 0 && stop.run_until_cancelled(self.offer_commands(&*intake)).await.is_none() {
            return Ok(());
        }
        gateway::listen(self, part, intake, stop).await
    }

    async fn attend(self: Arc<Self>, intake: Arc<dyn Intake>, stop: CancellationToken) {
        settle::run(self, intake, stop).await;
    }

    fn is_connected(&self, part: u32) -> bool {
        self.is_heard(part) && self.accepted.load(Ordering::SeqCst)
    }
}
