//! The connection by which Discord tells what happens (<https://discord.com/developers/docs/events/gateway>).
//!
//! ```text
//! serenity's shard -> ear -> front (in order, once each) -> queue -> intake (one by one) -> the bot
//!                            first (first answers)                  missed (history) -> the bot
//! ```
//!
//! | file | idea |
//! |---|---|
//! | `connection` | begins a session, watches it, begins again with growing pauses |
//! | `budget` | how often a session was begun |
//! | `feed` | takes what the shard hears, and never waits |
//! | `ear` | hears serenity's events in the order in which they came |
//! | `concern` | what concerns the brand, and what is chatter |
//! | `front` | each event once |
//! | `first` | first answers to interactions |
//! | `queue` | what waits to be taken in |
//! | `intake` | each event written down, whatever the store's mood |
//! | `missed` | what happened while nobody listened, until it is read |
//! | `gaps` | places in which something may have been missed |
//! | `history` | a message of the history as the event that it would have been |

mod budget;
mod concern;
mod connection;
mod ear;
mod feed;
mod first;
mod front;
mod gaps;
mod history;
mod intake;
mod missed;
mod queue;

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::feed::Feed;
use self::queue::Queue;
use super::answer::{fill, notice, take_back};
use super::via::Via;
use super::{Becomes, Discord, Settled};
use crate::adapters::{Ended, Intake};
use crate::voice::{Line, Locale};

/// How long what is being written down may take when it is time to stop.
const FINISH_WITHIN: Duration = Duration::from_secs(4);

/// Times at which something was missed and is not read yet; whoever finds no room waits.
const BEHIND: usize = 8;
/// Answers to commands that are open at the same time.
const OPEN: usize = 10_000;
/// Suggestions and ends of open answers on their way at the same time.
const SUGGESTING: usize = 64;
const SETTLING: usize = 256;

/// All that listens for one brand.
struct Listener {
    discord: Arc<Discord>,
    intake: Arc<dyn Intake>,
    stop: CancellationToken,
    open: Mutex<HashMap<String, Open>>,
    /// Room for suggestions on their way; they are made anew with each letter typed, so that one less is none lost.
    suggesting: Arc<Semaphore>,
    /// Events heard so far.
    heard: AtomicU64,
}

/// An answer to a command that is still open: Discord shows that the bot is thinking.
struct Open {
    via: Via,
    locale: Option<Locale>,
}

/// Takes in what happens until it is told to stop, or cannot go on.
pub(super) async fn listen(
    discord: Arc<Discord>,
    intake: Arc<dyn Intake>,
    stop: CancellationToken,
) -> Result<(), Ended> {
    let to_settle = discord.to_settle.lock().unwrap_or_else(PoisonError::into_inner).take();
    let stop = stop.child_token();
    let listener = Arc::new(Listener {
        discord,
        intake,
        stop: stop.clone(),
        open: Mutex::default(),
        suggesting: Arc::new(Semaphore::new(SUGGESTING)),
        heard: AtomicU64::default(),
    });
    let queue = Arc::new(Queue::new());
    let (feed, fed) = Feed::new(Arc::clone(&queue));
    let (behind, asked) = channel(BEHIND);
    let mut tasks = JoinSet::new();
    tasks.spawn(front::run(Arc::clone(&listener), fed, Arc::clone(&queue)));
    tasks.spawn(intake::run(Arc::clone(&listener), queue, behind));
    tasks.spawn(missed::run(Arc::clone(&listener), asked));
    if let Some(to_settle) = to_settle {
        tasks.spawn(settle_all(Arc::clone(&listener), to_settle));
    }
    let ended = connection::keep(&listener, &feed).await;
    listener.discord.set_connected(false);
    stop.cancel();
    // What was heard is taken in still: nobody else feeds it any more.
    drop(feed);
    let finished = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(FINISH_WITHIN, finished).await.is_err() {
        tracing::warn!(brand = %listener.discord.setup.brand, "stopped before everything was written down; the next start reads the places that it knows");
    }
    ended
}

impl Listener {
    fn open(&self) -> MutexGuard<'_, HashMap<String, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers an answer that is open.
    fn opens(&self, event_id: &str, via: &Via, locale: Option<&Locale>) {
        let now = Timestamp::now();
        let mut open = self.open();
        open.retain(|_, other| other.via.holds(now));
        if open.len() >= OPEN {
            // It stays as it is until it is answered, or Discord gives it up.
            return;
        }
        open.insert(event_id.to_owned(), Open { via: via.clone(), locale: locale.cloned() });
    }

    /// Gives an open answer its end.
    async fn settle(&self, settled: &Settled) {
        let Some(open) = self.open().remove(&settled.event_id) else { return };
        let words = match settled.becomes {
            Becomes::Said => return,
            Becomes::PassedOn => self.words(Line::PassedOn, open.locale.as_ref()),
            Becomes::Nothing => crate::voice::Content::default(),
        };
        self.discord.first_answers.given(&open.via.token).await;
        let call = match words.is_empty() {
            true => take_back(&open.via),
            false => fill(&open.via, notice(&words, open.via.ephemeral)),
        };
        self.try_to(&call).await;
    }

    fn words(&self, line: Line, locale: Option<&Locale>) -> crate::voice::Content {
        self.intake.notice(&self.discord.setup.brand, line, locale)
    }

    /// Asks for something that is not worth trying again.
    async fn try_to(&self, call: &super::rest::Call) {
        if let Err(error) = self.discord.tell(call).await {
            tracing::warn!(brand = %self.discord.setup.brand, %error, "an interaction could not be answered");
        }
    }
}

async fn settle_all(listener: Arc<Listener>, mut settled: Receiver<Settled>) {
    let mut settling = JoinSet::new();
    loop {
        let next = tokio::select! {
            () = listener.stop.cancelled() => break,
            Some(_) = settling.join_next() => continue,
            next = settled.recv(), if settling.len() < SETTLING => next,
        };
        let Some(settled) = next else { break };
        let listener = Arc::clone(&listener);
        settling.spawn(async move { listener.settle(&settled).await });
    }
    settling.detach_all();
    // For whoever listens the next time.
    *listener.discord.to_settle.lock().unwrap_or_else(PoisonError::into_inner) = Some(settled);
}
