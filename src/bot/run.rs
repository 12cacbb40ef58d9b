//! The loops that work until they are told to stop: what came in, what goes out, what must go. Each is woken when there is
//! something to do; one looks for all of them now and then, for what is due and for what another process wrote down.
//! Stopping takes up nothing new and finishes what was begun; what waits, waits in the store.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

use super::{Bot, duty, exit, look};
use crate::engine::ConversationId;
use crate::store::{StoreError, Waiting, patiently};
use crate::voice::BrandId;

/// How often what is too old is removed.
const RETENTION_EVERY: Duration = Duration::from_secs(60 * 60);
/// How long a loop leaves a store alone that is in trouble.
pub(super) const STORE_WAIT: Duration = Duration::from_secs(1);
/// Conversations worked on at the same time.
const WORKERS: usize = 16;
/// Events taken up with one look.
const BATCH: u32 = 64;

/// Why the loops ended without being told to.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A loop ended by itself: a defect.
    #[error("a loop of the bot ended by itself")]
    LoopEnded,
}

impl Bot {
    /// Works until `shutdown` says true or its sender is gone; then finishes what was begun.
    ///
    /// # Errors
    /// When another process serves the same store, or the store cannot be used to begin with. Later trouble with the store is
    /// waited out.
    pub async fn run(self: Arc<Self>, shutdown: watch::Receiver<bool>) -> Result<(), RunError> {
        self.store.begin_serving().await?;
        let (stop_all, stop) = watch::channel(false);
        let mut loops = JoinSet::new();
        loops.spawn(inbox_loop(Arc::clone(&self), Stop(stop.clone())));
        loops.spawn(look::run(Arc::clone(&self), Stop(stop.clone())));
        loops.spawn(retention_loop(Arc::clone(&self), Stop(stop.clone())));
        for ((brand, platform), exit) in &self.exits {
            let way = exit::Way { brand: brand.clone(), platform: platform.clone(), exit: exit.clone() };
            loops.spawn(exit::run(Arc::clone(&self), way, Stop(stop.clone())));
        }
        // It goes on saying that it works until what was begun is done.
        let (stop_duties, duties_stop) = watch::channel(false);
        let duties = tokio::spawn(duty::run(Arc::clone(&self), Stop(duties_stop)));
        let mut told = Stop(shutdown);
        let ended_early = tokio::select! {
            () = told.wait() => false,
            _ = loops.join_next() => true,
        };
        stop_all.send_replace(true);
        while loops.join_next().await.is_some() {}
        stop_duties.send_replace(true);
        let _ = duties.await;
        if let Err(error) = self.store.leave().await {
            tracing::warn!(%error, "other processes were not told that this one ends; they find out soon");
        }
        if ended_early { Err(RunError::LoopEnded) } else { Ok(()) }
    }
}

/// Tells when to stop.
#[derive(Clone)]
pub(super) struct Stop(pub(super) watch::Receiver<bool>);

impl Stop {
    pub(super) fn now(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Until it is time to stop; a sender that is gone can never say so, and counts as yes.
    pub(super) async fn wait(&mut self) {
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

/// Conversations at work, by task.
#[derive(Default)]
struct AtWork {
    tasks: JoinSet<bool>,
    conversations: BTreeMap<Id, (BrandId, ConversationId)>,
}

/// What became of a conversation at work.
struct AtWorkEnded {
    brand: Option<BrandId>,
    /// Whether the store was well.
    well: bool,
}

impl AtWork {
    fn is_full(&self) -> bool {
        self.conversations.len() >= WORKERS
    }

    /// Begins with an event, unless its conversation is at work: it comes up again then.
    fn begin(&mut self, bot: &Arc<Bot>, brand: BrandId, waiting: Waiting) {
        if self.conversations.values().any(|(_, busy)| *busy == waiting.conversation) {
            return;
        }
        let (bot, of) = (Arc::clone(bot), brand.clone());
        let task = self.tasks.spawn(async move { handle(&bot, &of, waiting).await });
        self.conversations.insert(task.id(), (brand, waiting.conversation));
    }

    /// The next task that ends; never, when there is none.
    async fn ended(&mut self) -> AtWorkEnded {
        let (id, well) = match self.tasks.join_next_with_id().await {
            Some(Ok(ended)) => ended,
            Some(Err(died)) => (died.id(), false),
            None => std::future::pending().await,
        };
        let brand = self.conversations.remove(&id).map(|(brand, _)| brand);
        AtWorkEnded { brand, well }
    }
}

/// Handles an event; says whether the store was well.
async fn handle(bot: &Bot, brand: &BrandId, waiting: Waiting) -> bool {
    match patiently(bot.handle(brand, waiting.inbox)).await {
        Ok(_) => true,
        Err(error) => {
            tracing::error!(%brand, inbox = waiting.inbox.0, %error, "an event waits for the store");
            false
        }
    }
}

async fn inbox_loop(bot: Arc<Bot>, mut stop: Stop) {
    let mut at_work = AtWork::default();
    let mut ready: VecDeque<(BrandId, Waiting)> = VecDeque::new();
    while !stop.now() {
        let mut well = true;
        if ready.is_empty() {
            well = refill(&bot, &mut ready).await;
        }
        while !at_work.is_full()
            && let Some((brand, waiting)) = ready.pop_front()
        {
            at_work.begin(&bot, brand, waiting);
        }
        tokio::select! {
            ended = at_work.ended() => {
                well = well && ended.well;
                // The next event of its conversation may stand behind it.
                ended.brand.iter().for_each(|brand| bot.wake(brand));
            }
            () = bot.came_in.notified(), if !at_work.is_full() => {}
            () = stop.wait() => {}
        }
        if !well {
            pause(STORE_WAIT, &mut stop).await;
        }
    }
    let_go(&bot, &at_work).await;
    while !at_work.conversations.is_empty() {
        at_work.ended().await;
    }
}

/// What was taken and not begun is for other processes, which need not wait until this one has finished.
async fn let_go(bot: &Bot, at_work: &AtWork) {
    let begun: Vec<ConversationId> = at_work.conversations.values().map(|(_, conversation)| *conversation).collect();
    match patiently(bot.store.let_go(&begun)).await {
        Ok(0) => {}
        Ok(conversations) => {
            tracing::info!(conversations, "left to other processes");
            bot.store.tell_news();
        }
        Err(error) => tracing::warn!(%error, "other processes have to wait for what was not begun until this one ends"),
    }
}

/// Takes up what waits, of every brand in turn, so that a flood in one does not hold up another.
async fn refill(bot: &Bot, ready: &mut VecDeque<(BrandId, Waiting)>) -> bool {
    let mut well = true;
    let mut lists = Vec::new();
    for brand in bot.woken() {
        match patiently(bot.store.waiting(&brand, bot.clock.now(), BATCH)).await {
            Ok(list) => lists.push((brand, list.into_iter())),
            Err(error) => {
                tracing::error!(%brand, %error, "what came in cannot be looked up");
                bot.wake(&brand);
                well = false;
            }
        }
    }
    loop {
        let before = ready.len();
        ready.extend(lists.iter_mut().filter_map(|(brand, list)| Some((brand.clone(), list.next()?))));
        if ready.len() == before {
            return well;
        }
    }
}

async fn retention_loop(bot: Arc<Bot>, mut stop: Stop) {
    while !stop.now() {
        for (brand, limits) in &bot.limits {
            match bot.store.apply_retention(brand, limits, bot.clock.now()).await {
                Ok(dropped) => {
                    for dropped in dropped.iter().filter(|dropped| dropped.rows > 0) {
                        tracing::info!(%brand, what = ?dropped.what, rows = dropped.rows, "removed what was too old");
                    }
                }
                Err(error) => tracing::error!(%brand, %error, "what is too old could not be removed"),
            }
        }
        pause(RETENTION_EVERY, &mut stop).await;
    }
}

pub(super) async fn pause(how_long: Duration, stop: &mut Stop) {
    tokio::select! {
        () = tokio::time::sleep(how_long) => {}
        () = stop.wait() => {}
    }
}
