//! A Telegram Bot API server on loopback, for tests.
//!
//! It is written from the public documents of the Bot API (10.1) and knows nothing of the program under test, which talks
//! to it over HTTP as it would to Telegram. The test plays the people: [`BotApi`] makes users and chats, lets them write,
//! press and block, makes trouble on demand, and shows what the bots did.
//!
//! ```ignore
//! let api = BotApi::start();
//! let bot = api.bot("tea_bot");
//! let alice = api.user("Alice");
//! let chat = api.starts(alice, &bot, None).chat;
//! // ... start the program with api.url() and bot.token ...
//! api.says(alice, chat, None, "Where is my order?");
//! api.wait_for("an answer", SECONDS, |api| !api.bot_messages(chat).is_empty());
//! println!("{}", api.transcript(chat));
//! ```
//!
//! Private chats belong to one bot each, as on Telegram; numbers of messages are counted per chat. The server runs in a
//! thread of its own, so every method can be called from tests with and without a runtime. It stops when the last handle
//! is dropped.
#![allow(dead_code, unused_imports, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod args;
mod asking;
mod bell;
mod chats;
mod cutting;
mod failure;
mod files;
mod formatting;
mod html;
mod http;
mod inspecting;
mod keyboard;
mod making;
mod membership;
mod messages;
mod methods;
mod moving;
mod polling;
mod pressing;
mod raw;
mod say;
mod speaking;
mod topics;
mod transcript;
mod trouble;
mod updates;
mod users;
mod webhook;
mod world;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

pub use asking::{Call, CommandSet, Outcome};
pub use chats::{Chat, Topic};
pub use files::Attachment;
pub use membership::{Role, rights};
pub use messages::{Button, Message};
pub use pressing::{Answered, Pressed};
pub use say::{Origin, Say};
pub use speaking::Heard;
pub use trouble::Fault;
pub use users::{Bot, Person, User};

use bell::Bell;
use world::World;

/// What the server's tasks and the handles share.
struct Shared {
    world: Mutex<World>,
    bell: Bell,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks without changing anything.
    fn read<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        look(&self.lock())
    }

    /// Changes something and tells those who wait.
    fn change<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        let result = change(&mut self.lock());
        self.bell.ring();
        result
    }
}

/// The server, as the test holds it. Clones are handles of the same server.
#[derive(Clone)]
pub struct BotApi {
    shared: Arc<Shared>,
    address: SocketAddr,
    _running: Arc<Running>,
}

/// Stops the server when dropped.
struct Running {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl BotApi {
    /// Starts a server on a free port of 127.0.0.1.
    pub fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared { world: Mutex::new(World::new()), bell: Bell::new() });
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
            runtime.block_on(http::serve(listener, served, stopped));
            runtime.shutdown_background();
        });
        let running = Running { stop: Some(stop), thread: Some(thread) };
        Self { shared, address, _running: Arc::new(running) }
    }

    /// Where it listens, such as `http://127.0.0.1:41234`; what stands in for `https://api.telegram.org`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until the condition holds. Blocks this thread (in an async test, use the multi-thread runtime). When the time
    /// is over, panics with what was waited for, what every chat looks like and the last calls.
    pub fn wait_for(&self, what: &str, timeout: Duration, condition: impl Fn(&Self) -> bool) {
        let until = Instant::now() + timeout;
        loop {
            let count = self.shared.bell.count();
            if condition(self) {
                return;
            }
            if !self.shared.bell.wait_beyond(count, until) {
                panic!("waited {timeout:?} for {what}\n{}", self.everything());
            }
        }
    }
}
