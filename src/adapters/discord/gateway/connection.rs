//! Begins a session, watches it, and begins again with growing pauses.
//!
//! serenity resumes by itself where it can. It also begins anew by itself, without a pause and without an end; so every
//! session is counted, and serenity is stopped and started again, after a pause, when it begins too many or none stays.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serenity::client::ClientBuilder;
use serenity::gateway::{ConnectionStage, GatewayError, ShardManager};
use serenity::http::HttpBuilder;
use serenity::model::gateway::GatewayIntents;
use tokio::sync::mpsc::channel;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::Listener;
use super::budget::{Budget, IN_AN_HOUR};
use super::ear::Ear;
use super::feed::Feed;
use crate::adapters::Ended;
use crate::adapters::discord::Discord;
use crate::adapters::discord::rest::{self, Call, CallError};
use crate::adapters::discord::wire::GatewayShape;

/// How often the connection is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long a connection may be down before it is begun anew.
const DOWN_FOR: Duration = Duration::from_secs(30);
/// The waits while Discord does not say where its gateway is.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Sessions of the day that are left alone, but for the first connection of the process: for an operator who restarts it.
const SPARE: u64 = 50;
/// The longest wait for Discord to allow sessions again before it is asked anew.
const ASK_AGAIN: Duration = Duration::from_secs(60 * 60);
/// When it is time to stop: how long nothing must be heard until all that was on its way is here, how long that may take,
/// and how long the connection may take to close.
const QUIET: Duration = Duration::from_millis(200);
const QUIET_WITHIN: Duration = Duration::from_secs(2);
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// Beginnings of sessions that were not looked at yet.
const BEGINNINGS: usize = 16;

/// What became of a session.
enum Session {
    Stopped,
    Down,
}

/// Keeps a connection until it is time to stop.
pub(super) async fn keep(listener: &Listener, feed: &Feed) -> Result<(), Ended> {
    let mut budget = Budget::default();
    let mut spare = 0;
    loop {
        let pause = budget.pause(Instant::now());
        if budget.is_spent() {
            tracing::error!(
                brand = %listener.discord.setup.brand,
                wait_s = pause.as_secs(),
                "the connection to Discord had to be begun {IN_AN_HOUR} times within an hour; the next try comes after a \
                 wait. Is another process running with the same token?"
            );
        }
        if !rested(listener, pause).await {
            return Ok(());
        }
        let Some(url) = gateway(listener, spare).await? else { return Ok(()) };
        spare = SPARE;
        match session(listener, feed, &url, &mut budget).await? {
            Session::Stopped => return Ok(()),
            Session::Down => listener.discord.set_connected(false),
        }
    }
}

/// What the bot wants to hear (<https://discord.com/developers/docs/events/gateway#gateway-intents>).
pub(super) fn intents(discord: &Discord) -> GatewayIntents {
    let always = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    if discord.setup.config.message_content { always | GatewayIntents::MESSAGE_CONTENT } else { always }
}

/// Waits; says whether it is to go on.
async fn rested(listener: &Listener, pause: Duration) -> bool {
    tokio::select! {
        () = listener.stop.cancelled() => false,
        () = tokio::time::sleep(pause) => !listener.stop.is_cancelled(),
    }
}

/// Where the gateway is, once a session may be begun and more than `spare` are left; `None`: it is time to stop.
async fn gateway(listener: &Listener, spare: u64) -> Result<Option<String>, Ended> {
    let discord = &listener.discord;
    let mut wait = FIRST_WAIT;
    loop {
        let pause = match discord.ask::<GatewayShape>(&Call::get("gateway/bot")).await {
            Ok(shape) => {
                match shape.session_start_limit.filter(|limit| limit.remaining == 0 || limit.remaining < spare) {
                    None => return Ok(Some(shape.url)),
                    Some(limit) => {
                        let wait = Duration::from_millis(limit.reset_after).min(ASK_AGAIN);
                        tracing::warn!(brand = %discord.setup.brand, wait_s = wait.as_secs(), remaining = limit.remaining, "Discord allows hardly any further session today; waiting");
                        wait
                    }
                }
            }
            Err(CallError::Unauthorized) => return Err(bad_token(discord)),
            Err(error) => {
                tracing::warn!(brand = %discord.setup.brand, %error, "Discord does not say where its gateway is; trying again");
                wait = wait.saturating_mul(2).min(LONGEST_WAIT);
                wait
            }
        };
        if !rested(listener, pause).await {
            return Ok(None);
        }
    }
}

async fn session(listener: &Listener, feed: &Feed, url: &str, budget: &mut Budget) -> Result<Session, Ended> {
    let discord = &listener.discord;
    let (begun, mut begins) = channel(BEGINNINGS);
    let api = discord.setup.config.api_url.trim_end_matches('/');
    let http = HttpBuilder::new(discord.setup.token.expose())
        .client(rest::client())
        .proxy(api)
        .ratelimiter_disabled(true)
        .build();
    let ear = Ear::new(Arc::clone(discord), feed.clone(), begun);
    let client = ClientBuilder::new_with_http(http, intents(discord)).raw_event_handler(ear).await;
    let mut client = client.map_err(|_| Ended("the connection to Discord could not be set up".to_owned()))?;
    url.clone_into(&mut *client.ws_url.lock().await);
    let (shards, address) = (client.shard_manager.clone(), client.ws_url.clone());
    let mut running = pin!(client.start());
    let mut watch = Watch { down_since: Some(Instant::now()), sessions: 0 };
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let ended = loop {
        tokio::select! {
            ended = &mut running => match ended {
                Err(serenity::Error::Gateway(error)) => return Err(closed(discord, &error)),
                Ok(()) | Err(_) => break Session::Down,
            },
            () = listener.stop.cancelled() => break Session::Stopped,
            Some(()) = begins.recv() => {
                budget.spend(Instant::now());
                watch.sessions += 1;
                discord.set_connected(true);
                // Anew, and not for the first time: after a pause, if it comes to that.
                if watch.sessions > 1 && !budget.pause(Instant::now()).is_zero() {
                    break Session::Down;
                }
            }
            _ = look.tick() => {
                if watch.is_down_for_long(discord, &shards).await {
                    // Tries that came to nothing were not heard of; there were two at most.
                    (0..2).for_each(|_| budget.guess(Instant::now()));
                    break Session::Down;
                }
            }
        }
    };
    if matches!(ended, Session::Stopped) && discord.connected.load(Ordering::SeqCst) {
        // What Discord has sent is not sent again once the session is closed.
        let _ = timeout(QUIET_WITHIN, quiet(listener)).await;
    }
    // A shard that is not there yet cannot be stopped; it finds no way any more.
    address.lock().await.clear();
    if timeout(CLOSE_WITHIN, shards.shutdown_all()).await.is_err() {
        tracing::info!(brand = %discord.setup.brand, "the connection to Discord did not close in time");
    }
    Ok(ended)
}

/// Until nothing more is heard.
async fn quiet(listener: &Listener) {
    let mut heard = None;
    loop {
        let now = listener.heard.load(Ordering::SeqCst);
        if heard.replace(now) == Some(now) {
            return;
        }
        tokio::time::sleep(QUIET).await;
    }
}

/// A session under watch.
struct Watch {
    down_since: Option<Instant>,
    sessions: u32,
}

impl Watch {
    async fn is_down_for_long(&mut self, discord: &Discord, shards: &ShardManager) -> bool {
        let stage = shards.runners.lock().await.values().next().map(|runner| runner.stage);
        if stage == Some(ConnectionStage::Connected) {
            self.down_since = None;
            discord.set_connected(true);
            return false;
        }
        discord.set_connected(false);
        let down = self.down_since.get_or_insert_with(Instant::now).elapsed();
        // Without a shard, there is no network: serenity goes on trying, and begins no session by it.
        stage.is_some() && down > DOWN_FOR
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
fn closed(discord: &Discord, error: &GatewayError) -> Ended {
    match error {
        GatewayError::InvalidAuthentication => bad_token(discord),
        GatewayError::DisallowedGatewayIntents => Ended(
            "Discord refuses the connection because Message Content Intent is off; switch it on in the Developer Portal \
             (https://discord.com/developers/applications, Bot), or set message_content = false"
                .to_owned(),
        ),
        GatewayError::InvalidGatewayIntents => {
            Ended("Discord refuses the connection because of its intents; a newer housevoice is needed".to_owned())
        }
        _ => Ended("Discord closed the connection for good".to_owned()),
    }
}

fn bad_token(discord: &Discord) -> Ended {
    crate::adapters::discord::check::bad_token(&discord.setup.config.token_env)
}
