//! One look for everybody, now and then and when another process has news: which brands have something to do, what is due,
//! where something can leave; and every second how much waits. A thousand brands at rest cost a few questions.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Bot;
use super::run::{STORE_WAIT, Stop, pause};
use crate::store::{StoreError, patiently};

/// How often is looked.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How often what waits is counted.
const COUNT_EVERY: Duration = Duration::from_secs(1);

/// How long is not looked again whatever news there is: with many processes there is always some.
const AT_MOST_EVERY: Duration = Duration::from_millis(20);

/// Looks until it is time to stop.
pub(super) async fn run(bot: Arc<Bot>, mut stop: Stop) {
    let news = bot.store.news();
    let heard = async || match &news {
        Some(news) => news.notified().await,
        None => std::future::pending().await,
    };
    let mut counted: Option<Instant> = None;
    while !stop.now() {
        if counted.is_none_or(|at| at.elapsed() >= COUNT_EVERY) {
            counted = Some(Instant::now());
            count(&bot).await;
        }
        if let Err(error) = patiently(look(&bot)).await {
            tracing::error!(%error, "what there is to do cannot be looked up");
            pause(STORE_WAIT, &mut stop).await;
        }
        pause(AT_MOST_EVERY, &mut stop).await;
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = heard() => {}
            () = stop.wait() => {}
        }
    }
}

/// Counts what waits, for the guard at the border.
async fn count(bot: &Bot) {
    match patiently(bot.store.waiting_by_brand()).await {
        Ok(waiting) => bot.guard.counted(waiting),
        Err(error) => tracing::warn!(%error, "how much waits cannot be counted"),
    }
}

async fn look(bot: &Bot) -> Result<(), StoreError> {
    let now = bot.clock.now();
    for brand in bot.store.brands_with_timers(now).await? {
        if bot.served(&brand).is_some() && bot.store.fire_due(&brand, now).await? > 0 {
            bot.wake(&brand);
        }
    }
    for brand in bot.store.brands_with_work(now).await? {
        if bot.served(&brand).is_some() {
            bot.wake(&brand);
        }
    }
    for exit in bot.store.exits_with_work(now).await? {
        if let Some(exit) = bot.exits.get(&exit) {
            exit.wake.notify_one();
        }
    }
    Ok(())
}
