//! Begins a session, watches it, and begins again with growing pauses.
//!
//! serenity resumes by itself where it can; a session is begun only when it is its turn, and a new client is made for the
//! next one.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serenity::client::ClientBuilder;
use serenity::gateway::{ConnectionStage, GatewayError};
use serenity::http::HttpBuilder;
use serenity::model::gateway::GatewayIntents;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::Listener;
use super::ear::Ear;
use super::feed::Feed;
use super::gate::{Gate, Seen};
use super::turn::{self, SPARE, Turn, rested};
use crate::adapters::discord::Discord;
use crate::adapters::discord::rest;
use crate::adapters::{Ended, SessionBecame};

/// How often the connection is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long a connection may be down before it is begun anew.
const DOWN_FOR: Duration = Duration::from_secs(30);
/// How long a way to the gateway is looked for before another turn is asked for; shorter than others wait for a session that
/// is being begun. And how long to wait in between.
const NO_WAY: Duration = Duration::from_secs(10);
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
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
    /// The gateway could not be reached, so none was begun.
    NoWay,
}

/// Keeps a connection until it is time to stop.
pub(super) async fn keep(listener: &Listener, feed: &Feed) -> Result<(), Ended> {
    let mut spare = 0;
    while let Some(turn) = turn::wait(listener, spare).await? {
        spare = SPARE;
        match client(listener, feed, turn).await? {
            Session::Stopped => break,
            Session::Down | Session::NoWay => listener.discord.set_connected(listener.shard.number, false),
        }
    }
    Ok(())
}

/// What the bot wants to hear (<https://discord.com/developers/docs/events/gateway#gateway-intents>).
pub(super) fn intents(discord: &Discord) -> GatewayIntents {
    let always = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    if discord.setup.config.message_content { always | GatewayIntents::MESSAGE_CONTENT } else { always }
}

/// serenity's client, which is asked again as long as no way is found to the gateway: it cannot be ended before it was there.
async fn client(listener: &Listener, feed: &Feed, mut turn: Turn) -> Result<Session, Ended> {
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
    client.ws_url.lock().await.clear();
    let (shards, address) = (client.shard_manager.clone(), client.ws_url.clone());
    let mut running = pin!(client.start_shard(listener.shard.number, listener.shard.of));
    let mut wait = FIRST_WAIT;
    let ended = loop {
        let gate = Gate::open(Arc::clone(&shards), Arc::clone(&address), &turn.url).await;
        let (ended, begun) = session(listener, &gate, running.as_mut(), &mut begins, &turn).await;
        let seen = gate.shut(&shards, &address).await;
        let became = match seen {
            Seen::NoShard => SessionBecame::Nothing,
            Seen::At(_) | Seen::Gone => SessionBecame::Failed,
        };
        if !begun {
            listener.turn_became(&turn, became).await;
        }
        match ended? {
            Session::NoWay if became == SessionBecame::Nothing => {}
            Session::NoWay => break Session::Down,
            ended @ (Session::Stopped | Session::Down) => break ended,
        }
        tracing::info!(brand = %discord.setup.brand, wait_s = wait.as_secs(), "Discord's gateway cannot be reached; trying again");
        if !rested(listener, wait).await {
            break Session::Stopped;
        }
        wait = wait.saturating_mul(2).min(LONGEST_WAIT);
        match turn::wait(listener, SPARE).await? {
            Some(next) => turn = next,
            None => break Session::Stopped,
        }
    };
    if timeout(CLOSE_WITHIN, shards.shutdown_all()).await.is_err() {
        tracing::info!(brand = %discord.setup.brand, "the connection to Discord did not close in time");
    }
    Ok(ended)
}

/// One session from its turn to its end, and whether it was begun.
async fn session(
    listener: &Listener,
    gate: &Gate,
    mut running: Pin<&mut impl Future<Output = serenity::Result<()>>>,
    begins: &mut Receiver<()>,
    turn: &Turn,
) -> (Result<Session, Ended>, bool) {
    let (discord, part) = (&listener.discord, listener.shard.number);
    let mut watch = Watch { since: Instant::now(), down_since: None };
    let mut has_begun = false;
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let ended = loop {
        tokio::select! {
            ended = &mut running => break match ended {
                Err(serenity::Error::Gateway(error)) => Err(closed(discord, &error)),
                Ok(()) | Err(_) => Ok(Session::Down),
            },
            () = listener.stop.cancelled() => break Ok(Session::Stopped),
            () = gate.gone() => break Ok(Session::Down),
            Some(()) = begins.recv() => {
                has_begun = true;
                discord.set_connected(part, true);
                listener.turn_became(turn, SessionBecame::Begun).await;
            }
            _ = look.tick() => {
                if let Some(ended) = watch.look(listener, gate.seen()) {
                    break Ok(ended);
                }
            }
        }
    };
    if matches!(ended, Ok(Session::Stopped)) && discord.is_heard(part) {
        // What Discord has sent is not sent again once the session is closed.
        let _ = timeout(QUIET_WITHIN, quiet(listener)).await;
    }
    (ended, has_begun)
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
    since: Instant,
    down_since: Option<Instant>,
}

impl Watch {
    /// Whether it has come to an end.
    fn look(&mut self, listener: &Listener, seen: Seen) -> Option<Session> {
        let connected = seen == Seen::At(ConnectionStage::Connected);
        listener.discord.set_connected(listener.shard.number, connected);
        if connected {
            self.down_since = None;
            return None;
        }
        let down = self.down_since.get_or_insert_with(Instant::now).elapsed();
        match seen {
            Seen::NoShard => (self.since.elapsed() > NO_WAY).then_some(Session::NoWay),
            Seen::At(_) => (down > DOWN_FOR).then_some(Session::Down),
            Seen::Gone => Some(Session::Down),
        }
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

pub(super) fn bad_token(discord: &Discord) -> Ended {
    crate::adapters::discord::check::bad_token(&discord.setup.config.token_env)
}
