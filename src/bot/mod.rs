//! The shell around the step: load -> [`step`](crate::engine::step) -> commit, one event at a time per conversation; what is
//! due; delivery from the outbox. It knows a store and adapters by their traits alone, and decides nothing.
//!
//! | file | idea |
//! |---|---|
//! | `handle` | one event: load, step, commit; conflicts, stumbles, events set aside |
//! | `deliver` | one row of the outbox: send, record, try again, give up |
//! | `run` | the loops, until told to stop: what came in, what goes out, what must go |
//! | `look` | one look for everybody: what is due, who has something to do |
//! | `exit` | what goes out to one platform of one brand |
//! | `rooms`, `room`, `pace`, `shut` | what may leave at this moment: limits, pauses, places that refuse everything |
//! | `duty` | what one process at a time does, shared out among all |
//! | `drain` | everything that can be done now, in one order: for the terminal and for tests |
//! | `intake`, `patient` | what comes in from live platforms; nothing that they ask is waited for for ever |
//! | `posts` | what the team does under a post that is on its way |
//! | `guard` | what of it is too much and is shed |
//! | `figures`, `depths` | what is counted and timed; how much waits |
//! | `served` | a brand in service |
//! | `clock` | where the moment comes from |

mod clock;
mod deliver;
mod depths;
mod drain;
mod duty;
mod exit;
mod figures;
mod guard;
mod handle;
mod intake;
mod look;
mod pace;
mod patient;
mod posts;
mod room;
mod rooms;
mod run;
mod served;
mod shut;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use tokio::sync::Notify;

pub use clock::{Clock, ManualClock, SystemClock};
pub use depths::Gauges;
pub use drain::Drained;
pub use duty::{Duties, OnDuty};
pub use handle::Handled;
pub use run::RunError;
pub use served::Served;

use guard::Guard;
use patient::Patient;
use posts::InVain;
use rooms::Rooms;

use crate::adapters::{Deliver, Intake};
use crate::crash;
use crate::engine::{DESK, Inbound, Step, To};
use crate::store::{Duty, Limit, PATIENCE, Received, Store, StoreError};
use crate::voice::{BrandId, Platform};

/// Sees every step after it was committed. Nothing that it does, not even a panic, gets in the way of the work.
pub trait Observer: Send + Sync {
    /// A step was taken and written down.
    fn stepped(&self, inbound: &Inbound, step: &Step);
}

/// What runs brands on a store, with adapters.
pub struct Bot {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    brands: RwLock<BTreeMap<BrandId, Arc<Served>>>,
    exits: BTreeMap<(BrandId, Platform), Exit>,
    /// Where each brand's team works.
    desks: BTreeMap<BrandId, Platform>,
    limits: BTreeMap<BrandId, Vec<Limit>>,
    observers: Vec<Arc<dyn Observer>>,
    duties: Duties,
    guard: Guard,
    in_vain: InVain,
    came_in: Notify,
    /// Brands of which something came in.
    woken: Mutex<BTreeSet<BrandId>>,
}

/// A way out to a platform of a brand.
#[derive(Clone)]
struct Exit {
    adapter: Arc<dyn Deliver>,
    wake: Arc<Notify>,
    rooms: Arc<Mutex<Rooms>>,
}

impl Exit {
    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bot {
    /// A bot without brands and platforms.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            brands: RwLock::default(),
            exits: BTreeMap::new(),
            desks: BTreeMap::new(),
            limits: BTreeMap::new(),
            observers: Vec::new(),
            duties: Duties::default(),
            guard: Guard::default(),
            in_vain: InVain::default(),
            came_in: Notify::new(),
            woken: Mutex::default(),
        }
    }

    /// Adds a platform of a brand: what its conversations there have to say leaves through this adapter.
    #[must_use]
    pub fn on(mut self, brand: BrandId, platform: Platform, adapter: Arc<dyn Deliver>) -> Self {
        self.duties.know(Duty { brand: brand.clone(), platform: platform.clone(), part: 0 });
        let rooms = Arc::new(Mutex::new(Rooms::under(adapter.limits())));
        self.exits.insert((brand, platform), Exit { adapter, wake: Arc::default(), rooms });
        self
    }

    /// Says on which platform a brand's team works: cases from everywhere are shown there. Without it, each case is shown
    /// on the platform that it comes from.
    #[must_use]
    pub fn staffed_on(mut self, brand: BrandId, platform: Platform) -> Self {
        self.desks.insert(brand, platform);
        self
    }

    /// Says how long a brand keeps what it stores; while it runs, the bot removes what is older.
    #[must_use]
    pub fn keeping(mut self, brand: BrandId, limits: Vec<Limit>) -> Self {
        self.limits.insert(brand, limits);
        self
    }

    /// Adds somebody who sees every step.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observers.push(observer);
        self
    }

    /// Takes a brand into service, or replaces its voice: the next step is taken by the new one.
    pub fn serve(&self, brand: Served) {
        let mut brands = self.brands.write().unwrap_or_else(PoisonError::into_inner);
        brands.insert(brand.brand().clone(), Arc::new(brand));
    }

    /// Where everything is kept.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Where the moment comes from.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// What takes in for live platforms: as the bot does itself, and not for ever.
    pub fn intake(self: &Arc<Self>) -> Arc<dyn Intake> {
        Arc::new(Patient { intake: Arc::clone(self) as _, at_most: PATIENCE })
    }

    /// Takes in an event. Only when this has returned may the platform be told that it has arrived.
    ///
    /// # Errors
    /// When it cannot be written down: it must then not be acknowledged.
    pub async fn receive(&self, inbound: &Inbound) -> Result<Received, StoreError> {
        let received = self.store.receive(inbound, self.clock.now()).await?;
        if matches!(received, Received::Stored(..)) {
            crash::point("received");
            figures::received(&inbound.brand, &inbound.platform, inbound.event.name());
            self.heard_from(inbound);
            self.wake(&inbound.brand);
        }
        Ok(received)
    }

    /// Whoever writes can be written to, perhaps: a place that refused everything is tried again.
    fn heard_from(&self, inbound: &Inbound) {
        let (place, in_public) = match &inbound.to {
            To::Customer { place, .. } if inbound.event.is_of_customer() => (place.id.as_str(), place.kind.is_public()),
            To::Post(_) => (DESK, false),
            To::Customer { .. } | To::Conversation(_) => return,
        };
        if let Some(exit) = self.exits.get(&(inbound.brand.clone(), inbound.platform.clone()))
            && exit.rooms().heard_from(place, in_public, Instant::now())
        {
            exit.wake.notify_one();
        }
    }

    /// Duties of this process.
    pub fn duties(&self) -> &Duties {
        &self.duties
    }

    /// Something is to be done for a brand.
    fn wake(&self, brand: &BrandId) {
        self.woken.lock().unwrap_or_else(PoisonError::into_inner).insert(brand.clone());
        self.came_in.notify_one();
    }

    /// Brands for which something is to be done, once.
    fn woken(&self) -> BTreeSet<BrandId> {
        std::mem::take(&mut *self.woken.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn served(&self, brand: &BrandId) -> Option<Arc<Served>> {
        self.brands.read().unwrap_or_else(PoisonError::into_inner).get(brand).cloned()
    }

    fn brand_ids(&self) -> Vec<BrandId> {
        self.brands.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot").field("brands", &self.brand_ids()).finish_non_exhaustive()
    }
}
