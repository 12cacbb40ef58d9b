//! What one process at a time does: send for a bot, listen to it. Duties are shared out evenly among the processes that
//! work; whoever has too many leaves some to the others, and what a dead one had is taken on by those that are left.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedRwLockReadGuard, RwLock, watch};

use super::Bot;
use super::run::{Stop, pause};
use crate::store::{Duty, StoreError, patiently};

/// How often this process says that it works and looks after its duties, at the least.
const EVERY: Duration = Duration::from_secs(1);

/// Duties that there are, and which of them this process has.
#[derive(Debug, Default)]
pub struct Duties {
    posts: Mutex<BTreeMap<Duty, Post>>,
    is_settled: AtomicBool,
}

/// One duty.
#[derive(Clone, Debug)]
struct Post {
    is_ours: watch::Sender<bool>,
    /// Whether the store has it as this process's: until everybody has ended who does something for it.
    is_held: Arc<AtomicBool>,
    /// Held for reading by whoever does something for it, so that it is given up only when all of them have ended.
    at_work: Arc<RwLock<()>>,
}

impl Default for Post {
    fn default() -> Self {
        Self { is_ours: watch::Sender::new(false), is_held: Arc::default(), at_work: Arc::default() }
    }
}

/// Something is done for a duty. Dropped, it is done no more.
#[derive(Debug)]
pub struct OnDuty {
    is_ours: watch::Receiver<bool>,
    _at_work: OwnedRwLockReadGuard<()>,
}

impl OnDuty {
    /// Whether the duty is this process's still.
    pub fn holds(&self) -> bool {
        *self.is_ours.borrow()
    }

    /// Until it is not.
    pub async fn over(&self) {
        let _ = self.is_ours.clone().wait_for(|is_ours| !is_ours).await;
    }
}

impl Duties {
    /// Waits until a duty is this process's, and begins to do something for it.
    pub async fn begin(&self, duty: &Duty) -> OnDuty {
        let post = self.posts().entry(duty.clone()).or_default().clone();
        let mut is_ours = post.is_ours.subscribe();
        loop {
            // The sender lives as long as the duties do.
            let _ = is_ours.wait_for(|is_ours| *is_ours).await;
            let at_work = Arc::clone(&post.at_work).read_owned().await;
            if *is_ours.borrow() {
                return OnDuty { is_ours, _at_work: at_work };
            }
        }
    }

    /// Whether it is known by now which duties are this process's.
    pub fn is_settled(&self) -> bool {
        self.is_settled.load(Ordering::SeqCst)
    }

    /// Whether this process has a duty.
    pub fn is_ours(&self, duty: &Duty) -> bool {
        self.posts().get(duty).is_some_and(|post| *post.is_ours.borrow())
    }

    /// Makes a duty known.
    pub fn know(&self, duty: Duty) {
        self.posts().entry(duty).or_default();
    }

    fn all(&self) -> Vec<(Duty, Post)> {
        self.posts().iter().map(|(duty, post)| (duty.clone(), post.clone())).collect()
    }

    fn posts(&self) -> MutexGuard<'_, BTreeMap<Duty, Post>> {
        self.posts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that this process works, and looks after its duties, until it is time to stop.
pub(super) async fn run(bot: Arc<Bot>, mut stop: Stop) {
    while !stop.now() {
        let standing = bot.store.standing();
        // No longer than its word holds: on a line that went dead without a word, an answer may be waited for a quarter of an hour.
        if let Some(Err(error)) = standing.within(look_after(&bot)).await {
            tracing::warn!(%error, "this process cannot say that it works");
        }
        if !standing.holds() {
            begin_anew(&bot, &mut stop).await;
            continue;
        }
        tokio::select! {
            () = tokio::time::sleep(standing.pulse().min(EVERY)) => {}
            () = standing.lost() => {}
            () = stop.wait() => {}
        }
    }
    for (_, post) in bot.duties.all() {
        post.is_ours.send_replace(false);
    }
}

/// The others have taken this process for dead, and do what it did: it lets go of everything and joins again.
async fn begin_anew(bot: &Bot, stop: &mut Stop) {
    tracing::error!("this process could not say in time that it works; it stops, and joins again when it can");
    super::figures::lost_standing();
    for (_, post) in bot.duties.all() {
        post.is_ours.send_replace(false);
        post.is_held.store(false, Ordering::SeqCst);
        // Until nothing is done for it any more.
        drop(post.at_work.write().await);
    }
    while !stop.now()
        && let Err(error) = patiently(bot.store.begin_serving()).await
    {
        tracing::warn!(%error, "this process cannot join again yet");
        pause(EVERY, stop).await;
    }
}

async fn look_after(bot: &Bot) -> Result<(), StoreError> {
    if !bot.store.stay().await? {
        return Ok(());
    }
    let all = bot.duties.all();
    let taken = bot.store.duties_taken().await?;
    let share = all.len().div_ceil(usize::try_from(bot.store.at_work().await?).unwrap_or(usize::MAX).max(1));
    let began = Instant::now();
    let mut ours = all.iter().filter(|(_, post)| post.is_held.load(Ordering::SeqCst)).count();
    for (duty, post) in all {
        // The rest comes the next time: first it is said again that this process works.
        if began.elapsed() > EVERY {
            return Ok(());
        }
        if !post.is_held.load(Ordering::SeqCst) {
            if ours < share && !taken.contains(&duty.to_string()) && bot.store.take_duty(&duty).await? {
                tracing::info!(%duty, "taken on");
                super::figures::duty_moved(&duty, "taken");
                post.is_held.store(true, Ordering::SeqCst);
                post.is_ours.send_replace(true);
                ours += 1;
            }
            continue;
        }
        if ours > share {
            post.is_ours.send_replace(false);
            ours -= 1;
        }
        // Once nothing is done for it any more; nobody waits for that here, because this process must go on saying that it
        // works.
        if !*post.is_ours.borrow() && post.at_work.try_write().is_ok() {
            bot.store.give_up_duty(&duty).await?;
            post.is_held.store(false, Ordering::SeqCst);
            tracing::info!(%duty, "left to another process");
            super::figures::duty_moved(&duty, "left");
        }
    }
    bot.duties.is_settled.store(true, Ordering::SeqCst);
    Ok(())
}
