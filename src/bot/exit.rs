//! One platform of one brand: what goes out there leaves, as long as this process has the duty of sending it.
//!
//! What cannot leave now is not claimed, so that nothing that waits stands in the way of anything else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::{Id, JoinSet};

use super::deliver::Tried;
use super::duty::OnDuty;
use super::rooms::{Leave, Look};
use super::run::{STORE_WAIT, Stop, pause};
use super::{Bot, Exit};
use crate::adapters::SendError;
use crate::crash;
use crate::engine::{Delivery, OutboxId};
use crate::store::{Duty, Standing, patiently};
use crate::voice::{BrandId, Platform};

/// Rows in hand at the same time, on their way or being written down.
const IN_HAND: usize = 96;

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
    let mut hands = Hands::default();
    // Whether the store may have given rows that were not heard of; to begin with, some may be left of an earlier duty.
    let mut lost = true;
    while !stop.now() && on_duty.holds() {
        let mut look = way.exit.rooms().look(Instant::now());
        look.at_most = look.at_most.min(IN_HAND.saturating_sub(hands.full.len()));
        // Before anything is claimed: what is claimed is sent under this word and no other.
        let standing = bot.store.standing();
        let claimed = match claim(bot, way, &look, lost.then(|| hands.known())).await {
            Some(claimed) => claimed,
            None => {
                lost = true;
                pause(STORE_WAIT, stop).await;
                continue;
            }
        };
        lost = false;
        let nothing = claimed.is_empty();
        for delivery in claimed {
            crash::point("claimed");
            hands.take(bot, way, delivery, &standing, stop);
        }
        if nothing {
            wait_for_more(way, &mut hands, look.until, on_duty, stop).await;
        } else {
            hands.empty();
        }
    }
    while hands.one_is_free().await {}
    if lost {
        let nothing = Look { at_most: 0, resting: Vec::new(), until: None };
        claim(bot, way, &nothing, Some(hands.known())).await;
    }
}

/// Claims what may leave; `lost`: puts back first what was claimed before without being heard of, but for these. None when
/// the store cannot be used.
async fn claim(bot: &Bot, way: &Way, look: &Look, lost: Option<Vec<OutboxId>>) -> Option<Vec<Delivery>> {
    let Way { brand, platform, .. } = way;
    let claimed = async {
        if let Some(known) = lost {
            let back = bot.store.put_back_unheard(brand, platform, &known).await?;
            if back > 0 {
                tracing::warn!(%brand, %platform, rows = back, "put back what was claimed without being heard of");
            }
        }
        if look.at_most == 0 {
            return Ok(Vec::new());
        }
        bot.store.claim(brand, platform, bot.clock.now(), look.at_most, &look.resting).await
    };
    patiently(claimed)
        .await
        .inspect_err(|error| tracing::error!(%brand, %platform, %error, "what goes out cannot be claimed"))
        .ok()
}

/// Rows in hand.
#[derive(Default)]
struct Hands {
    tasks: JoinSet<bool>,
    full: BTreeMap<Id, OutboxId>,
    /// What was sent, or may have been, and could not be written down.
    unrecorded: Vec<OutboxId>,
}

impl Hands {
    /// Takes a row and sends it, if it may leave.
    fn take(&mut self, bot: &Arc<Bot>, way: &Way, delivery: Delivery, standing: &Standing, stop: &Stop) {
        let many = way.exit.adapter.weight(&delivery);
        let may = way.exit.rooms().leave(&delivery, many, Instant::now());
        let (bot, exit, standing, stop) = (Arc::clone(bot), way.exit.clone(), standing.clone(), stop.clone());
        let id = delivery.id;
        let task = self.tasks.spawn(async move {
            let tried = match may {
                Leave::Now => {
                    let tried = bot.send(&exit.adapter, &delivery, &standing).await;
                    exit.rooms().is_back(&delivery, many, &tried.outcome(), Instant::now());
                    tried
                }
                Leave::Refused(reason) => Tried::Sent(Err(SendError::Never { reason })),
                Leave::After(wait) => Tried::HasToWait(wait.try_into().unwrap_or_default()),
            };
            bot.record_surely(&delivery, &tried, || stop.now()).await
        });
        self.full.insert(task.id(), id);
    }

    /// Whatever is done by now.
    fn empty(&mut self) {
        while let Some(done) = self.tasks.try_join_next_with_id() {
            self.is_done(done);
        }
    }

    /// Waits until something is done; false when nothing is in hand.
    async fn one_is_free(&mut self) -> bool {
        match self.tasks.join_next_with_id().await {
            Some(done) => self.is_done(done),
            None => return false,
        }
        true
    }

    fn is_done(&mut self, done: Result<(Id, bool), tokio::task::JoinError>) {
        let (task, recorded) = done.unwrap_or_else(|died| (died.id(), false));
        let id = self.full.remove(&task);
        self.unrecorded.extend(id.filter(|_| !recorded));
    }

    /// Every row that this process knows to have claimed.
    fn known(&self) -> Vec<OutboxId> {
        self.full.values().chain(&self.unrecorded).copied().collect()
    }
}

async fn wait_for_more(way: &Way, hands: &mut Hands, until: Option<Instant>, on_duty: &OnDuty, stop: &mut Stop) {
    let free = async {
        match until {
            Some(until) => tokio::time::sleep_until(until.into()).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        true = hands.one_is_free() => {}
        () = free => {}
        () = way.exit.wake.notified() => {}
        () = on_duty.over() => {}
        () = stop.wait() => {}
    }
}
