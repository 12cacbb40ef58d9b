//! What the team does under a post that is on its way: it stands before their eyes a moment before it is written down where
//! it went, and what they do in that moment must not count as done under no case.
//!
//! How far the adapter got with a post (`Store::note_progress`) would tell less: that is the adapter's own writing, not every
//! adapter has it written down, and where it is, the team sees the topic before that as well.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Bot;
use crate::engine::OutboxId;
use crate::store::StoreError;
use crate::voice::{BrandId, Platform};

/// How long posts on their way are waited for. What comes in behind waits as well: a desk that hangs must not hold it up.
const AT_MOST: Duration = Duration::from_secs(5);
/// The first and the longest pause between two looks.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(160));

/// Posts that were waited for in vain, by where they go: they hang, and what else is done at that desk does not wait for
/// them again.
#[derive(Debug, Default)]
pub(super) struct InVain(Mutex<BTreeMap<(BrandId, Platform), BTreeSet<OutboxId>>>);

impl InVain {
    /// Leaves out what was waited for in vain.
    fn without(&self, brand: &BrandId, platform: &Platform, mut posts: BTreeSet<OutboxId>) -> BTreeSet<OutboxId> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hang) = all.get(&(brand.clone(), platform.clone())) {
            posts.retain(|post| !hang.contains(post));
        }
        posts
    }

    /// These were waited for in vain; of those before, only what is still on its way matters.
    fn note(
        &self,
        brand: &BrandId,
        platform: &Platform,
        posts: &BTreeSet<OutboxId>,
        on_their_way: &BTreeSet<OutboxId>,
    ) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hang = all.entry((brand.clone(), platform.clone())).or_default();
        hang.retain(|post| on_their_way.contains(post));
        hang.extend(posts.iter().copied());
    }
}

/// Somebody who looks for what was done at a desk, and what they wait for.
pub(super) struct AtDesk<'a> {
    bot: &'a Bot,
    brand: &'a BrandId,
    platform: &'a Platform,
    waits: Option<Waits>,
}

struct Waits {
    /// The posts that were on their way at the first look, as far as they are still.
    awaited: BTreeSet<OutboxId>,
    on_their_way: BTreeSet<OutboxId>,
    until: Instant,
    pause: Duration,
}

impl Bot {
    /// Somebody looks for what was done at a desk.
    pub(super) fn at_desk<'a>(&'a self, brand: &'a BrandId, platform: &'a Platform) -> AtDesk<'a> {
        AtDesk { bot: self, brand, platform, waits: None }
    }

    async fn on_their_way(&self, brand: &BrandId, platform: &Platform) -> Result<BTreeSet<OutboxId>, StoreError> {
        Ok(self.store.posts_on_their_way(brand, platform).await?.into_iter().collect())
    }
}

impl AtDesk<'_> {
    /// Nothing was found: whether to look again. That is so as long as posts are on their way that were so when this was asked
    /// first, whichever process sends them; whoever writes has seen none that is claimed later.
    pub(super) async fn looks_again(&mut self) -> Result<bool, StoreError> {
        let (bot, brand, platform) = (self.bot, self.brand, self.platform);
        let Some(waits) = &mut self.waits else {
            let on_their_way = bot.on_their_way(brand, platform).await?;
            let awaited = bot.in_vain.without(brand, platform, on_their_way.clone());
            self.waits = Some(Waits { awaited, on_their_way, until: Instant::now() + AT_MOST, pause: PAUSES.0 });
            // Even when there is none: one may have arrived between the first look and this question.
            return Ok(true);
        };
        if waits.awaited.is_empty() {
            return Ok(false);
        }
        if Instant::now() >= waits.until {
            tracing::warn!(%brand, %platform, posts = waits.awaited.len(), "a post for the team hangs; what is done at the desk does not wait for it");
            bot.in_vain.note(brand, platform, &waits.awaited, &waits.on_their_way);
            return Ok(false);
        }
        tokio::time::sleep(waits.pause).await;
        waits.pause = (waits.pause * 2).min(PAUSES.1);
        waits.on_their_way = bot.on_their_way(brand, platform).await?;
        waits.awaited.retain(|post| waits.on_their_way.contains(post));
        Ok(true)
    }
}
