//! One platform of one brand: what goes out there leaves, as long as this process has the duty of sending it.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::duty::OnDuty;
use super::run::{STORE_WAIT, Stop, pause};
use super::{Bot, Exit};
use crate::crash;
use crate::store::Duty;
use crate::voice::{BrandId, Platform};

/// Rows on their way at the same time to one platform of one brand.
const SENDERS: usize = 8;

/// One platform of one brand.
pub(super) struct Way {
    pub(super) brand: BrandId,
    pub(super) platform: Platform,
    pub(super) exit: Exit,
}

/// Sends what is to be sent until it is time to stop.
pub(super) async fn run(bot: Arc<Bot>, way: Way, mut stop: Stop) {
    let duty = Duty { brand: way.brand.clone(), platform: way.platform.clone(), part: 0 };
    while !stop.now() {
        let on_duty = tokio::select! {
            on_duty = bot.duties.begin(&duty) => on_duty,
            () = stop.wait() => break,
        };
        send_while_on_duty(&bot, &way, &on_duty, &mut stop).await;
    }
}

async fn send_while_on_duty(bot: &Arc<Bot>, way: &Way, on_duty: &OnDuty, stop: &mut Stop) {
    let mut on_their_way = JoinSet::new();
    while !stop.now() && on_duty.holds() {
        let free = SENDERS.saturating_sub(on_their_way.len());
        if free > 0 {
            // Before anything is claimed: what is claimed is sent under this word and no other.
            let standing = bot.store.standing();
            match bot.store.claim(&way.brand, &way.platform, bot.clock.now(), free, &[]).await {
                Ok(claimed) => {
                    claimed.iter().for_each(|_| crash::point("claimed"));
                    for delivery in claimed {
                        let (bot, adapter) = (Arc::clone(bot), Arc::clone(&way.exit.adapter));
                        let (stop, standing) = (stop.clone(), standing.clone());
                        on_their_way.spawn(async move {
                            bot.deliver_surely(&adapter, &delivery, &standing, || stop.now()).await;
                        });
                    }
                }
                Err(error) => {
                    tracing::error!(brand = %way.brand, platform = %way.platform, %error, "what goes out cannot be claimed");
                    pause(STORE_WAIT, stop).await;
                }
            }
        }
        wait_for_more(&way.exit.wake, &mut on_their_way, on_duty, stop).await;
    }
    while on_their_way.join_next().await.is_some() {}
}

async fn wait_for_more(wake: &Notify, on_their_way: &mut JoinSet<()>, on_duty: &OnDuty, stop: &mut Stop) {
    tokio::select! {
        Some(_) = on_their_way.join_next() => {}
        () = wake.notified() => {}
        () = on_duty.over() => {}
        () = stop.wait() => {}
    }
}
