//! What happened while nobody listened: Discord tells a new session nothing of it, so the history of each place is read from
//! the last message on (<https://discord.com/developers/docs/resources/message#get-channel-messages>), again and again
//! until it was read: what comes in meanwhile would hide that something is missing.
//!
//! Each connection reads what would have come over it, so that nothing is left out and little is read twice.
//! Reading too much does no harm: what has come in before is known.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::Receiver;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::Listener;
use super::gaps::{Gap, Gaps, Known};
use super::history::{Members, number};
use crate::adapters::discord::rest::{Call, CallError};

/// Messages a page.
const PAGE: usize = 100;
/// Places that are read; those with the newest messages.
const PLACES: usize = 2_000;
/// Places that are read at the same time.
const AT_ONCE: usize = 4;
/// After how many places that could not be read the rest is left for later.
const UNREAD: u32 = 3;
/// The first wait until it is tried again, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);

/// A new session has begun, and knows nothing of what happened before.
pub(super) struct Behind {
    /// How far each place was read.
    pub seen: Vec<Known>,
    /// Told when everything was tried once.
    pub done: oneshot::Sender<()>,
}

/// Reads what was missed until it is time to stop.
pub(super) async fn run(listener: Arc<Listener>, mut asked: Receiver<Behind>) {
    let mut gaps = Gaps::default();
    let mut wait = FIRST_WAIT;
    loop {
        let behind = tokio::select! {
            () = listener.stop.cancelled() => return,
            behind = asked.recv() => match behind {
                Some(behind) => Some(behind),
                None => return,
            },
            () = sleep(wait), if !gaps.is_empty() => None,
        };
        if let Some(Behind { seen, .. }) = &behind {
            wait = FIRST_WAIT;
            listener.discord.with_view(|view| gaps.add(seen, view, listener.shard));
        }
        listener.compare(&mut gaps).await;
        listener.read_all(&mut gaps).await;
        if let Some(Behind { done, .. }) = behind {
            // Whoever waited may have gone on.
            let _ = done.send(());
        }
        if !gaps.is_empty() && !listener.stop.is_cancelled() {
            let brand = &listener.discord.setup.brand;
            tracing::warn!(%brand, places = gaps.places.len(), wait_s = wait.as_secs(), "not all that was missed could be read; trying again");
            wait = wait.saturating_mul(2).min(LONGEST_WAIT);
        }
    }
}

impl Listener {
    /// Reads the places with gaps, some at a time; those that were read are no gaps any more.
    async fn read_all(self: &Arc<Self>, gaps: &mut Gaps) {
        let mut left = VecDeque::from(gaps.in_order());
        if let Some((_, from)) = left.get(PLACES).cloned() {
            let brand = &self.discord.setup.brand;
            tracing::warn!(%brand, places = left.len() - PLACES, after = from.after, "too many places may have been missed; the oldest stay unread");
            for (place, _) in left.drain(PLACES..) {
                gaps.places.remove(&place);
            }
        }
        let members = Arc::new(Members::default());
        let (mut reading, mut failed) = (JoinSet::new(), 0);
        loop {
            while reading.len() < AT_ONCE && failed < UNREAD && !self.stop.is_cancelled() {
                let Some((place, mut gap)) = left.pop_front() else { break };
                let (listener, members) = (Arc::clone(self), Arc::clone(&members));
                reading.spawn(async move {
                    let read = listener.read_on(place, &mut gap, &members).await;
                    (place, gap, read)
                });
            }
            let Some(read) = reading.join_next().await else { return };
            // A defect while reading one leaves it unread.
            let Ok((place, gap, read)) = read else { continue };
            let Err(error) = read else {
                gaps.places.remove(&place);
                continue;
            };
            tracing::info!(brand = %self.discord.setup.brand, place, %error, "what was missed in a place cannot be read");
            match error {
                CallError::Later { .. } | CallError::Unauthorized => {
                    failed += 1;
                    gaps.places.insert(place, gap);
                }
                CallError::Refused { .. } | CallError::Unreadable => {
                    gaps.places.remove(&place);
                }
            }
        }
    }

    async fn read_on(&self, place: u64, gap: &mut Gap, members: &Members) -> Result<(), CallError> {
        let (server, last) = self.server_of(place).await?;
        // Where it is was not known before it was asked for.
        if !self.shard.hears(server) {
            return Ok(());
        }
        if last.is_some_and(|last| last <= gap.after) {
            return Ok(());
        }
        while gap.pages > 0 {
            let call = Call::get(format!("channels/{place}/messages?after={}&limit={PAGE}", gap.after));
            let mut page: Vec<Value> = self.patiently(&call).await?;
            let full = page.len() >= PAGE;
            page.sort_by_key(number);
            for message in page {
                let id = number(&message);
                if let Some(event) = self.as_event(message, server, members).await? {
                    if self.stop.is_cancelled() {
                        return Err(stopping());
                    }
                    self.take_in(&event).await;
                }
                gap.after = gap.after.max(id);
            }
            if !full {
                return Ok(());
            }
            gap.pages -= 1;
        }
        tracing::warn!(brand = %self.discord.setup.brand, place, "more was missed in a place than is read");
        Ok(())
    }
}

/// Why nothing more is read when it is time to stop.
pub(super) fn stopping() -> CallError {
    CallError::Later { reason: "stopping".to_owned(), retry_after: None, unsure: false, everything: false }
}
