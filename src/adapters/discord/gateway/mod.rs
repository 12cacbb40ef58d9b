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
//! | `shard` | which servers a connection is for |
//! | `turn` | when a session may be begun |
//! | `budget` | pauses, by how often one was begun |
//! | `gate` | lets serenity begin one session, and no other by itself |
//! | `feed` | takes what the shard hears, and never waits |
//! | `ear` | hears serenity's events in the order in which they came |
//! | `concern` | what concerns the brand, and what is chatter |
//! | `front` | each event once |
//! | `first` | first answers to interactions |
//! | `queue` | what waits to be taken in |
//! | `intake` | each event written down, whatever the store's mood |
//! | `later` | what could not be written down in time to stop |
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
mod gate;
mod history;
mod intake;
mod later;
mod missed;
mod queue;
mod shard;
mod turn;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::sync::mpsc::channel;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::feed::Feed;
pub(super) use self::later::Later;
use self::queue::Queue;
use self::shard::Shard;
use super::Discord;
use crate::adapters::{Ended, Intake};
use crate::voice::{Line, Locale};

/// How long what is being written down may take when it is time to stop.
const FINISH_WITHIN: Duration = Duration::from_secs(4);

/// Times at which something was missed and is not read yet; whoever finds no room waits.
const BEHIND: usize = 8;
/// Suggestions on their way at the same time.
const SUGGESTING: usize = 64;

/// All that listens on one connection of a brand.
struct Listener {
    discord: Arc<Discord>,
    shard: Shard,
    intake: Arc<dyn Intake>,
    stop: CancellationToken,
    /// Room for suggestions on their way; they are made anew with each letter typed, so that one less is none lost.
    suggesting: Arc<Semaphore>,
    /// Events heard so far.
    heard: AtomicU64,
}

/// Takes in what happens on a connection until it is told to stop, or cannot go on.
pub(super) async fn listen(
    discord: Arc<Discord>,
    part: u32,
    intake: Arc<dyn Intake>,
    stop: CancellationToken,
) -> Result<(), Ended> {
    let stop = stop.child_token();
    let _silent = Silent { discord: Arc::clone(&discord), part };
    let shard = Shard { number: part, of: discord.setup.config.shards };
    let listener = Arc::new(Listener {
        discord,
        shard,
        intake,
        stop: stop.clone(),
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
    let ended = while_all_work(connection::keep(&listener, &feed), &mut tasks, &stop).await;
    listener.discord.set_connected(part, false);
    stop.cancel();
    // What was heard is taken in still: nobody else feeds it any more.
    drop(feed);
    let finished = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(FINISH_WITHIN, finished).await.is_err() {
        tracing::warn!(brand = %listener.discord.setup.brand, part, "stopped before everything was written down; the next start reads the places that it knows");
    }
    ended
}

/// Keeps a connection as long as everybody works on what it brings: it could be heard for ever, and nothing be taken in.
async fn while_all_work(
    keep: impl Future<Output = Result<(), Ended>>,
    tasks: &mut JoinSet<()>,
    stop: &CancellationToken,
) -> Result<(), Ended> {
    let mut keep = pin!(keep);
    tokio::select! {
        ended = &mut keep => ended,
        _ = tasks.join_next() => {
            if !stop.is_cancelled() {
                tracing::error!("what a connection brings is not taken in any more: a defect; it is closed");
                stop.cancel();
            }
            keep.await
        }
    }
}

/// However listening ends, nothing is heard then.
struct Silent {
    discord: Arc<Discord>,
    part: u32,
}

impl Drop for Silent {
    fn drop(&mut self) {
        self.discord.set_connected(self.part, false);
    }
}

impl Listener {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_is_closed_when_nobody_takes_in_what_it_brings() {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(std::future::pending());
        tasks.spawn(async { panic!("told to") });
        let keep = async {
            stop.cancelled().await;
            Ok(())
        };
        let closed = tokio::time::timeout(Duration::from_secs(10), while_all_work(keep, &mut tasks, &stop)).await;
        assert_eq!(closed, Ok(Ok(())));
    }
}
