//! A Discord server of the project's own on loopback: REST v10 and gateway v10, from the documented shapes, for tests.
//!
//! [`Discord::start`] gives a handle. The bot under test is pointed at [`Discord::url`] and [`Discord::gateway`]; the
//! test plays the people through the handle (`people`, `threads`, `using`), arranges the world (`world`), makes trouble
//! (`control`) and looks at what happened (`looking`). All methods are sync; waiting is there for both kinds of tests.
//! The facts come from Discord's developer documentation; comments name the page.
#![allow(dead_code, unused_imports, missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod buckets;
mod command_checks;
mod components;
mod control;
mod door;
mod draft;
mod errors;
mod events;
mod front;
mod gateway;
mod ids;
mod interactions;
mod looking;
mod mentions;
mod objects;
mod people;
mod permissions;
mod posting;
mod rest;
mod socket;
mod state;
mod threads;
mod transcript;
mod trouble;
mod using;
mod waiting;
mod world;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use tokio::sync::{Notify, oneshot};

pub use errors::ApiError;
pub use gateway::{Identify, Sent, intents};
pub use ids::Id;
pub use people::Saying;
pub use permissions::*;
pub use state::{Channel, Interaction, Message, Request, Thread, User, kind};
pub use trouble::Trouble;

use state::{Settings, State};

/// What the handle and the server share.
pub struct Shared {
    state: Mutex<State>,
    changed: Notify,
    changed_too: Condvar,
}

impl Shared {
    /// Looks at the state.
    fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state and wakes those who wait.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut state);
        state.version += 1;
        drop(state);
        self.changed.notify_waiters();
        self.changed_too.notify_all();
        result
    }
}

/// The handle of a running server. The server stops with the last clone.
#[derive(Clone)]
pub struct Discord {
    shared: Arc<Shared>,
    address: SocketAddr,
    _stop: Arc<oneshot::Sender<()>>,
}

impl Discord {
    /// Starts a server on a free port of 127.0.0.1, in a thread of its own. It knows one bot and nobody else.
    pub fn start() -> Discord {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            state: Mutex::new(State::new(address)),
            changed: Notify::new(),
            changed_too: Condvar::new(),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let served = Arc::clone(&shared);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let door = door::Door(tokio::net::TcpListener::from_std(listener).unwrap());
                let app = front::app(served).into_make_service_with_connect_info::<door::Cut>();
                tokio::select! {
                    _ = async { axum::serve(door, app).await } => {}
                    _ = stopped => {}
                }
            });
            runtime.shutdown_background();
        });
        Discord { shared, address, _stop: Arc::new(stop) }
    }

    /// Where REST is: `http://127.0.0.1:PORT`; paths begin with `/api/v10`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the gateway is: `ws://127.0.0.1:PORT/gateway`.
    pub fn gateway(&self) -> String {
        format!("ws://{}/gateway", self.address)
    }

    /// The token of the bot, without `Bot `.
    pub fn token(&self) -> String {
        self.shared.read(|state| state.token.clone())
    }

    /// The id of the bot, which is that of its application too.
    pub fn bot(&self) -> Id {
        self.shared.read(|state| state.bot)
    }
}

impl State {
    fn new(address: SocketAddr) -> State {
        let mut ids = ids::Ids::default();
        let bot = ids.next();
        // Docs, reference/authentication: the first part of a token is the id in base64.
        let first = base64::engine::general_purpose::STANDARD_NO_PAD.encode(bot.to_string());
        let user = User { id: bot, name: "House".into(), bot: true, takes_dms: true, locale: "en-US".into() };
        State {
            started: Instant::now(),
            version: 0,
            address: address.to_string(),
            token: format!("{first}.loopb.canary-token-that-must-not-be-seen-{}", bot % 1000),
            bot,
            ids,
            settings: Settings {
                gateway_open: true,
                heartbeat: Duration::from_secs(30),
                acknowledges_heartbeats: true,
                privileged: intents::MESSAGE_CONTENT | intents::GUILD_MEMBERS,
                interaction_deadline: Duration::from_secs(3),
                token_lifetime: Duration::from_secs(15 * 60),
                nonce_window: Duration::from_secs(5 * 60),
                active_threads: 1000,
                later: Duration::ZERO,
            },
            users: BTreeMap::from([(bot, user)]),
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            interactions: BTreeMap::new(),
            commands: BTreeMap::new(),
            requests: Vec::new(),
            typing: Vec::new(),
            gateway: gateway::Gateway::new(),
            troubles: trouble::Troubles::default(),
            buckets: buckets::Buckets::default(),
        }
    }
}
